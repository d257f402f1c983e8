/* The prior of fitted parameters in the space of normal scores.

   Each parameter of a table of stages has one score z; its elements are the quantiles at Phi(z) of
   their priors (params/priors.h), about the values of the config. Scores of different parameters
   correlate as those of their first elements do (params/draws.h). */
#ifndef SNW_CALIBRATION_SPACE_H
#define SNW_CALIBRATION_SPACE_H

#include "calibration/stages.h"

struct snw_space {
    const struct snw_stages *stages;
    const struct snw_params *base; /* about which priors lie */
    size_t n;                      /* parameters */
    double *correlation;           /* (n, n) of scores, positive definite */
};

/* @param[in] base  outlives the space, as stages do. Released with snw_space_free.
   @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_space_init(struct snw_ctx *ctx, const struct snw_stages *stages,
                          const struct snw_params *base, struct snw_space *space) SNW_MUST_CHECK;
void snw_space_free(struct snw_space *space);

/* Value of element `index` of parameter p at score z. */
double snw_space_value(const struct snw_space *space, size_t p, size_t index, double z);

/* The base with the first n parameters at scores z (n,). */
void snw_space_params(const struct snw_space *space, size_t n, const double *z,
                      struct snw_params *params);

/* The prior of the scores of a stage given those of all parameters before it:
   normal, mean = slope known, covariance = root root'. */
struct snw_stage_prior {
    size_t n, known;
    double *slope; /* (n, known) */
    double *root;  /* (n, n), lower triangle */
};

/* Released with snw_stage_prior_free. @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_stage_prior_init(struct snw_ctx *ctx, const struct snw_space *space,
                                const struct snw_stage *stage,
                                struct snw_stage_prior *prior) SNW_MUST_CHECK;
void snw_stage_prior_free(struct snw_stage_prior *prior);

/* mean (n,) given the scores before, (known,). */
void snw_stage_prior_mean(const struct snw_stage_prior *prior, const double *known, double *mean);

/* out (n,) = root times e (n,). */
void snw_root_times(size_t n, const double *root, const double *e, double *out);
/* e (n,) = root^-1 times x (n,); x may be e. */
void snw_root_solve(size_t n, const double *root, const double *x, double *e);
/* Cholesky root of a (n, n), in place, lower triangle; a need only be positive semidefinite: a
   vanishing direction gets a vanishing root. */
void snw_root_of(size_t n, double *a);

#endif
