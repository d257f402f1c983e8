/* Calibration: stages one after the other, a joint posterior, and what it is worth.

   For each stage: simulator runs on a space-filling design over the prior; an emulator; a first
   posterior; runs about it; the emulator anew; the posterior. At the end draws of the joint
   posterior are simulated for all targets. See calibration.md. */
#ifndef SNW_CALIBRATION_CALIBRATE_H
#define SNW_CALIBRATION_CALIBRATE_H

#include "calibration/fit.h"
#include "calibration/wave.h"

struct snw_calibrate_options {
    const char *directory; /* where everything goes; made where it is missing */
    const char *targets, *stages;
    bool force, quiet; /* force: evaluations that are there are thrown away */
    double max_seconds;
};

/* How the emulator of a stage fared: root mean squares over targets and runs of its errors, in
   units of the noise of one run; 1 is perfect. */
struct snw_stage_report {
    double unseen;    /* runs from the prior that no fit has seen; NaN without any */
    double ahead;     /* runs about the first posterior, foretold before they were seen */
    double effective; /* points that a draw is taken from, mean over draws */
    double draws; /* effective number of the draws: they are equal where they took the same point */
    double lowest_p; /* of the tests of ranks, the lowest of all parameters; NaN without */
};

struct snw_calibration {
    struct snw_ctx *ctx;
    const struct snw_ranks *ranks;
    const struct snw_settings *settings;
    const struct snw_calibrate_options *options;
    struct snw_targets targets;
    struct snw_stages stages;
    struct snw_space space;
    size_t n_draws;
    double until, person_years, began;
    uint64_t n_evaluations;
    /* of rank 0 */
    double
        *draw; /* (n_draws, parameters) scores; columns of stages that are fitted hold something */
    struct snw_stage_report *report;          /* (stages,) */
    double *emulated_noise, *emulated_missed; /* (targets,) noise of a run, error left out */
    double *rank_p;                           /* (parameters,) NaN where not tested */
    double *effect; /* (parameters, targets) of the last emulator, linear */
};

/* All ranks call it. Goes on where it was stopped.
   @return SNW_OK; SNW_STOPPED after a signal or at the time limit; what failed. */
snw_status snw_calibrate(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                         const struct snw_settings *settings,
                         const struct snw_calibrate_options *options) SNW_MUST_CHECK;

/* Fits stage k. */
snw_status snw_calibrate_stage(struct snw_calibration *c, size_t k) SNW_MUST_CHECK;

/* Simulates draws of the joint posterior and the posterior median for all targets, and writes what
   was found. */
snw_status snw_calibrate_finish(struct snw_calibration *c) SNW_MUST_CHECK;

/* Opens the record of evaluations of a stage, or of the check (stage NULL), on rank 0. */
snw_status snw_calibrate_record(struct snw_calibration *c, const struct snw_stage *stage,
                                const struct snw_target *const *targets, size_t n_targets, size_t n,
                                struct snw_evaluations *record) SNW_MUST_CHECK;

#endif
