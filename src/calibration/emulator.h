/* A quadratic in the scores of a stage's parameters, linear in those of the stages before, for each
   target: what the simulator would give on average over luck.

   y = b0 + sum b_a z_a + sum b_ab z_a z_b + sum c_k known_k + noise

   Fitted by least squares to simulator runs. Each run has luck of its own, so that Monte Carlo
   noise is part of the residuals and averages out. Squares and products, and the parameters known
   before, are shrunk (ridge), each as much as foretells best, for each target, runs that are left
   out one at a time: most of what comes before does not matter. */
#ifndef SNW_CALIBRATION_EMULATOR_H
#define SNW_CALIBRATION_EMULATOR_H

#include <stddef.h>

#include "core/context.h"

struct snw_emulator {
    size_t n_own, n_known, n_features, n_targets;
    double *coefficient; /* (n_targets, n_features) */
    double *noise;       /* (n_targets,) SD of a run about the quadratic */
    double *left_out;    /* (n_targets,) root mean square error of runs left out one at a time */
    double *root;        /* (n_features, n_features) of the information in the runs */
};

/* Runs of the simulator. */
struct snw_runs {
    size_t n;
    const double *own;   /* (n, n_own) */
    const double *known; /* (n, n_known) */
    const double *value; /* (n, n_targets) NaN where a target had no value */
};

/* @param[in] n_own  SNW_STAGE_PARAMETERS_MAX at most
   Released with snw_emulator_free, also after a failure.
   @return SNW_OK; SNW_ERR_RUN with fewer runs than it takes to fit anything; SNW_ERR_MEMORY. */
snw_status snw_emulator_fit(struct snw_ctx *ctx, size_t n_own, size_t n_known, size_t n_targets,
                            const struct snw_runs *runs,
                            struct snw_emulator *emulator) SNW_MUST_CHECK;
void snw_emulator_free(struct snw_emulator *emulator);

/* Part of a stage's own parameters, own (n_own,): mean (n_targets,) without that of the known ones.
   @return the leverage h: the mean's variance is h noise^2 */
double snw_emulator_own(const struct snw_emulator *emulator, const double *own, double *mean);

/* Part of the parameters known before, known (n_known,): added (n_targets,). */
void snw_emulator_known(const struct snw_emulator *emulator, const double *known, double *added);

#endif
