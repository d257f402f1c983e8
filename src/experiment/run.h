/* A whole run: reference pass, units over ranks, merge, commit, finish. */
#ifndef SNW_EXPERIMENT_RUN_H
#define SNW_EXPERIMENT_RUN_H

#include "experiment/result.h"
#include "parallel/ranks.h"

struct snw_run_options {
    const char *directory;    /* where results.h5 or a part goes; made where it is missing */
    const char *command_line; /* for provenance */
    const char *isa;          /* kernels to use, NULL for the best of this CPU */
    bool force, resume, quiet;
    double max_seconds;   /* stop, safely, after this wall time; 0 for none */
    uint32_t part, parts; /* which part of the run, of how many; 0 of 0 for all of it */
};

/* What a run makes: DIRECTORY/results.h5, or DIRECTORY/part-K-of-N. */
void snw_run_path(const struct snw_run_options *options, char *text, size_t size);

/* Gives the input files that rank 0 has read, ctx->files, to all ranks, which then need not read
   them. All ranks call it. */
snw_status snw_files_share(struct snw_ctx *ctx, const struct snw_ranks *ranks) SNW_MUST_CHECK;

/* Fills the world: tables, population, reference pass (sexes shared over ranks), frozen models.
   @param[in] keep  a pass that an earlier run has kept will do, and this one is kept
   Released with snw_world_free. All ranks call it and get the same status. */
snw_status snw_world_build(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                           const struct snw_settings *settings, const char *isa, bool keep,
                           struct snw_world *world) SNW_MUST_CHECK;
void snw_world_free(struct snw_world *world);

/* The same but for the reference pass and what follows from it: a world to be believed in, see
   snw_world_believe. No communication. Released with snw_world_free, also after a failure. */
snw_status snw_world_begin(struct snw_ctx *ctx, const struct snw_settings *settings,
                           const char *isa, struct snw_world *world) SNW_MUST_CHECK;

/* The tables and the layout of the population alone: what `sinew check` needs. */
snw_status snw_world_plan(struct snw_ctx *ctx, const struct snw_settings *settings,
                          struct snw_world *world) SNW_MUST_CHECK;

/* Runs and leaves DIRECTORY/results.h5, or DIRECTORY/part-K-of-N. All ranks call it.
   @return SNW_OK; SNW_STOPPED after a signal or the time limit, all committed work safe. */
snw_status snw_run(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                   const struct snw_settings *settings,
                   const struct snw_run_options *options) SNW_MUST_CHECK;

#endif
