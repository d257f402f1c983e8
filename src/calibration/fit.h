/* One stage's posterior: from simulator runs to draws.

   log likelihood = sum over fitted targets j of -1/2 (off_j^2 / s_j^2 + ln s_j^2)
   off_j  emulated value less the published one, 0 on the right side of a bound
   s_j^2  (standard error^2 + discrepancy^2) / weight + the emulator's own variance

   Draw i of the joint posterior of the stages before gets its own draw of this stage, from the
   posterior given draw i. Nothing flows back: what a stage cannot meet does not bend those before
   it (a cut, or modular, posterior). */
#ifndef SNW_CALIBRATION_FIT_H
#define SNW_CALIBRATION_FIT_H

#include "calibration/agreement.h"
#include "calibration/emulator.h"
#include "calibration/imis.h"
#include "calibration/space.h"

/* What is published of a target, as a fit sees it. */
struct snw_datum {
    double value, variance; /* of the published value and the discrepancy, over the weight */
    enum snw_side side;
    bool fitted;
};

/* Data of targets (n,): those of weight 0, and those held out, are not fitted. */
void snw_data_of(const struct snw_target *const *targets, size_t n, const double *weight,
                 const bool *held_out, struct snw_datum *data);

struct snw_fit {
    const struct snw_emulator *emulator;
    const struct snw_stage_prior *prior;
    const struct snw_datum *data; /* (n_targets,) */
    size_t n_draws;
    const double *known; /* (n_draws, known) scores of the stages before */
    uint32_t seed;
};

struct snw_fit_result {
    double effective; /* sample size of the points that draws are taken from, mean over draws */
    double log_likelihood; /* at the mode */
    size_t n_points;
};

/* Draws own scores, (n_draws, n), one for each draw of the stages before.
   @return SNW_OK, SNW_ERR_MEMORY, SNW_ERR_RUN. */
snw_status snw_fit_draw(struct snw_ctx *ctx, const struct snw_fit *fit, double *own,
                        struct snw_fit_result *result) SNW_MUST_CHECK;

/* Simulation-based calibration: for each run, made at scores from the prior, its values stand for
   the published ones, with errors added as large as theirs; where does the truth lie among draws of
   the posterior, given the run's scores of the stages before, as draws are taken? Errors of the
   emulator are those of all runs. @param[in] runs  own, known and value of runs that the emulator
   has not seen
   @param[out] rank  (n_runs, n) share of draws below the truth; uniform where all is right. Bounds
   are left out, as they have no distribution. */
snw_status snw_fit_ranks(struct snw_ctx *ctx, const struct snw_fit *fit,
                         const struct snw_runs *runs, double *rank) SNW_MUST_CHECK;

/* p-value of a chi-square test that shares (n,), `stride` apart, are uniform, in five bins. */
double snw_uniform_p(const double *share, size_t n, size_t stride);

#endif
