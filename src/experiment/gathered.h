/* What the writer has gathered of a run: made safe at each commit, taken up again by --resume. */
#ifndef SNW_EXPERIMENT_GATHERED_H
#define SNW_EXPERIMENT_GATHERED_H

#include "experiment/part.h"
#include "experiment/result.h"
#include "experiment/share.h"

struct snw_gathered {
    char path[SNW_PATH_MAX];
    char *identity; /* of the run */
    struct snw_share share;
    struct snw_result result;  /* of a whole run */
    struct snw_part part;      /* of a part of one */
    struct snw_totals *totals; /* (n_scenarios,), of all units below next_unit */
    uint64_t next_unit;        /* within the share */
    uint64_t person_years, n_capped, n_commits;
    bool begun; /* the partial file is this run's */
    bool whole; /* and complete but for its name */
};

/* Makes the file at gathered->path, a result's or a part's. */
snw_status snw_gathered_create(struct snw_ctx *ctx, const struct snw_world *world, bool force,
                               struct snw_gathered *gathered) SNW_MUST_CHECK;

/* Takes the records of one unit, the units in their order; draws after a gap are let go. */
snw_status snw_gathered_take(struct snw_ctx *ctx, const struct snw_world *world,
                             struct snw_gathered *gathered,
                             const struct snw_parcel *records) SNW_MUST_CHECK;

/* @return draws taken so far. */
uint64_t snw_gathered_draws(const struct snw_gathered *gathered);

/* Completes the file and gives it its name; or closes it, to be gone on with. */
snw_status snw_gathered_finish(struct snw_ctx *ctx, const struct snw_world *world,
                               const struct snw_run_facts *facts,
                               struct snw_gathered *gathered) SNW_MUST_CHECK;
snw_status snw_gathered_close(struct snw_ctx *ctx, struct snw_gathered *gathered) SNW_MUST_CHECK;

/* Releases all but the totals. */
void snw_gathered_free(struct snw_gathered *gathered);

/* Makes all that is there safe: the file first, then what goes with it. */
snw_status snw_gathered_commit(struct snw_ctx *ctx, const struct snw_world *world,
                               struct snw_gathered *gathered) SNW_MUST_CHECK;

/* Takes up what the last commit left at gathered->path. Totals are to be there, empty; identity is
   that of the run that wants to go on.
   @return SNW_OK; SNW_ERR_CONFIG (another run's, with what differs); SNW_ERR_FORMAT (damaged);
   SNW_ERR_IO; SNW_ERR_MEMORY. */
snw_status snw_gathered_resume(struct snw_ctx *ctx, const struct snw_world *world,
                               struct snw_gathered *gathered) SNW_MUST_CHECK;

#endif
