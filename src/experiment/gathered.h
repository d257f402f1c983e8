/* What the writer has gathered of a run: made safe at each commit, taken up again by --resume. */
#ifndef SNW_EXPERIMENT_GATHERED_H
#define SNW_EXPERIMENT_GATHERED_H

#include "experiment/result.h"

struct snw_gathered {
    char path[SNW_PATH_MAX];
    char *identity; /* of the run */
    struct snw_result result;
    struct snw_totals *totals; /* (n_scenarios,), of all units below next_unit */
    uint64_t next_unit, person_years, n_capped, n_commits;
    bool begun; /* the partial file is this run's */
    bool whole; /* and complete but for its name */
};

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
