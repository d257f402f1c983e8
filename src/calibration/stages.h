/* What is fitted to what, in which order: a table of stages.

   CSV as in config/csv.h with the columns stage, kind, name, value, reason; stages are fitted in
   the order in which they first appear. A row's kind is one of

   parameter  name: keys of elements with blanks between, `muscle.phi` or `bone.loss_men.ct_vbmd`;
              a key stands for all elements below it. They move as one, by one normal score.
   targets    name: a stage of the table of targets, or the id of one; an id goes before a stage
   weight     name: the id of a target; value: its weight in the fit, in place of the table's.
              0 scores it and fits nothing to it.
   run        name and value: how much is simulated, below. The stage `all` gives what holds for
              all stages that do not say otherwise. */
#ifndef SNW_CALIBRATION_STAGES_H
#define SNW_CALIBRATION_STAGES_H

#include "calibration/targets.h"
#include "params/draws.h"

enum { SNW_STAGES_MAX = 32, SNW_STAGE_PARAMETERS_MAX = 24, SNW_FIT_NAME = 240 };

/* SNW_RUN(name, default, low, high): how much is simulated. */
#define SNW_RUNS(SNW_RUN)                                                                          \
    SNW_RUN(persons, 10000, 64, 1e7)       /* in an evaluation */                                  \
    SNW_RUN(reference, 4000, 1000, 5e6)    /* of each sex in its reference pass */                 \
    SNW_RUN(design, 400, 2, 1e6)           /* evaluations of the space-filling design */           \
    SNW_RUN(held_out, 100, 0, 1e6)         /* evaluations from the prior that test the emulator */ \
    SNW_RUN(second, 200, 0, 1e6)           /* evaluations about the first posterior */             \
    SNW_RUN(draws, 600, 2, 1e5)            /* of the joint posterior; of `all` */                  \
    SNW_RUN(check, 100, 0, 1e5)            /* draws simulated again at the end; of `all` */        \
    SNW_RUN(check_persons, 10000, 64, 1e7) /* in each of them; of `all` */                         \
    SNW_RUN(check_reference, 20000, 1000, 5e6) /* in the reference pass of each; of `all` */       \
    SNW_RUN(median_runs, 10, 1, 1e5)           /* runs at the posterior median; of `all` */

enum snw_run_number {
#define SNW_RUN(name, preset, low, high) SNW_RUN_##name,
    SNW_RUNS(SNW_RUN)
#undef SNW_RUN
        SNW_N_RUNS
};

/* Elements that move as one. */
struct snw_fit_parameter {
    char name[SNW_FIT_NAME];
    size_t n;
    struct snw_param_element *element; /* (n,) */
};

struct snw_stage {
    char name[32];
    size_t first, n; /* its parameters: first .. first + n - 1 of all */
    size_t n_targets;
    size_t *target;         /* (n_targets,) places in the table of targets */
    double run[SNW_N_RUNS]; /* whole numbers */
};

struct snw_stages {
    size_t n, n_parameters, n_targets;
    struct snw_stage list[SNW_STAGES_MAX];
    struct snw_fit_parameter *parameter; /* (n_parameters,) */
    double *weight;                      /* (n_targets,) of each row of the table, in the fit */
    bool *held_out; /* (n_targets,) left out of every fit: a fifth, by a hash of the id */
    double run[SNW_N_RUNS];
};

/* Reads a table of stages for a table of targets; everything wrong is reported with file and line.
   Released with snw_stages_free, whatever is returned.
   @return SNW_OK, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_stages_read(struct snw_ctx *ctx, const char *path, const struct snw_targets *targets,
                           struct snw_stages *stages) SNW_MUST_CHECK;
void snw_stages_free(struct snw_stages *stages);

/* @return whether a target of that id is left out of the fit: FNV-1a of the id is a multiple of 5.
 */
bool snw_target_held_out(const char *id);

#endif
