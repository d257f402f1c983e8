/* Incremental mixture importance sampling, begun at the modes (Raftery and Bao 2010, Biometrics
   66:1162).

   Prior: n independent standard normals. Points come first from a Sobol sequence over the prior,
   then from a t distribution at each mode that Levenberg-Marquardt finds from the best of them
   (GSL), then, as long as points are too unequal, from one about the point of largest weight and,
   once enough is known, in turn from one with the mean and covariance of all points as weighted.
   Every point keeps the weight posterior/mixture under the mixture of all that were drawn from. */
#ifndef SNW_CALIBRATION_IMIS_H
#define SNW_CALIBRATION_IMIS_H

#include <stddef.h>
#include <stdint.h>

#include "core/context.h"

/* Likelihood at e (n,). residual (n_residuals,) may be NULL; else it is filled so that the log
   likelihood is about -1/2 of their sum of squares. @return the log likelihood. */
typedef double snw_likelihood(const double *e, double *residual, void *of);

struct snw_imis_plan {
    size_t n, n_residuals; /* n: SNW_STAGE_PARAMETERS_MAX at most */
    snw_likelihood *likelihood;
    void *of;
    uint32_t seed;
    size_t from_prior, each; /* points from the prior, and from each part of the mixture after it */
    size_t modes, steps;     /* searches for a mode; parts added at most after those */
    double enough;           /* effective sample size at which to stop */
};

struct snw_population_of_points {
    size_t n, n_points;
    double *e;              /* (n_points, n) */
    double *log_likelihood; /* (n_points,) */
    double *log_mixture;    /* (n_points,) log density of what points were drawn from */
    double *weight;         /* (n_points,) sum 1 */
    double effective;       /* 1 / sum of weight^2 */
    size_t best;            /* the point of largest posterior density */
};

/* Released with snw_points_free, also after a failure. @return SNW_OK, SNW_ERR_MEMORY, SNW_ERR_RUN
   where no point has a likelihood. */
snw_status snw_imis(struct snw_ctx *ctx, const struct snw_imis_plan *plan,
                    struct snw_population_of_points *points) SNW_MUST_CHECK;
void snw_points_free(struct snw_population_of_points *points);

/* Fills u (n_points, n) with the points first .. of a Sobol sequence, moved by the seed, inside
   (0, 1). n up to SNW_STAGE_PARAMETERS_MAX. @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_sobol(struct snw_ctx *ctx, size_t n, uint32_t seed, size_t first, size_t n_points,
                     double *u) SNW_MUST_CHECK;

/* Places of `n_wanted` points drawn in proportion to weights (n,) that add up to 1, by one uniform
   u and equal steps. */
void snw_systematic(const double *weight, size_t n, double u, size_t n_wanted, size_t *place);

#endif
