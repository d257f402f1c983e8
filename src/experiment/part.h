/* A part of a run on its way to `sinew merge`: its records as they come, then its exact sums.

   A part is a file of frames (store/frames.h): a head that says which part of which run it is;
   records of its units in their order, packed by the ranks as for a result; sums, which end it. It
   holds all that the units of its share add to the result, so that parts made in any order on any
   machines merge to the very result of one run. */
#ifndef SNW_EXPERIMENT_PART_H
#define SNW_EXPERIMENT_PART_H

#include "experiment/result.h"
#include "experiment/share.h"
#include "store/checkpoint.h"
#include "store/frames.h"

/* What a part says of itself. */
struct snw_part_head {
    uint32_t number, of;
    char *settings; /* resolved, as YAML */
    char *identity; /* see identity.h */
    char *tables;   /* where its tables were: a path a line, in the order of settings.def */
    void *memory;   /* of the three */
};

/* Plain numbers of a part that is done. */
struct snw_part_facts {
    uint64_t person_years, n_capped, ranks;
    double seconds, memory_bytes; /* memory: the most that a rank has held */
    struct snw_pipeline pipeline; /* its seconds; bytes are counted by the merge */
};

/* A part while it is made. */
struct snw_part {
    struct snw_frames frames;
    uint64_t n_draws; /* taken */
};

/* The path of a part, DIRECTORY/part-NUMBER-of-OF. */
void snw_part_path(const char *directory, const struct snw_share *share, char *text, size_t size);

snw_status snw_part_create(struct snw_ctx *ctx, const struct snw_world *world,
                           const struct snw_share *share, const char *identity, const char *path,
                           bool force, struct snw_part *part) SNW_MUST_CHECK;

/* Takes the records of the next unit; a draw only in its turn. */
snw_status snw_part_take(struct snw_ctx *ctx, const struct snw_share *share, struct snw_part *part,
                         const struct snw_parcel *records) SNW_MUST_CHECK;

/* Brings to disk what was taken, and adds what a checkpoint is to know of it, kept in state. */
snw_status snw_part_commit(struct snw_ctx *ctx, struct snw_part *part, uint64_t state[2],
                           struct snw_checkpoint *checkpoint) SNW_MUST_CHECK;
snw_status snw_part_resume(struct snw_ctx *ctx, const char *path,
                           const struct snw_checkpoint *checkpoint,
                           struct snw_part *part) SNW_MUST_CHECK;

/* Adds the sums, (n_scenarios,) settled totals, and names the file. */
snw_status snw_part_finish(struct snw_ctx *ctx, const struct snw_world *world,
                           struct snw_totals *totals, const struct snw_part_facts *facts,
                           struct snw_part *part) SNW_MUST_CHECK;
void snw_part_free(struct snw_part *part);

/* Reads what a part says of itself, and sees that it is whole, without reading its records.
   @param[out] head  released with snw_part_head_free
   @return SNW_OK; SNW_ERR_FORMAT (damaged, unfinished, something else); SNW_ERR_IO;
   SNW_ERR_MEMORY. */
snw_status snw_part_look(struct snw_ctx *ctx, const char *path,
                         struct snw_part_head *head) SNW_MUST_CHECK;
void snw_part_head_free(struct snw_part_head *head);

/* Adds a part to a result: its records to the file, its sums to totals, (n_scenarios + 1,), the
   last of which is room to work in. Parts come in the order of their numbers. */
snw_status snw_part_replay(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                           struct snw_result *result, struct snw_totals *totals,
                           struct snw_part_facts *facts) SNW_MUST_CHECK;

#endif
