/* Costs and effects of strategies in every draw of the uncertain parameters. */
#ifndef SNW_DECISION_PSA_H
#define SNW_DECISION_PSA_H

#include <stddef.h>

/* With fewer nothing is said of how sure a decision is. */
enum { SNW_LEAST_DRAWS = 20 };

/* What all decisions start from. A row a strategy; the first is the reference. */
struct snw_psa {
    size_t n_strategies, n_draws;
    double *cost;   /* (n_strategies, n_draws) money a person */
    double *effect; /* (n_strategies, n_draws) QALYs a person */
};

/* Mean, SD (n - 1) and quantiles, straight between neighbours; NaN where n is too small. */
struct snw_spread_of_draws {
    double mean, sd, p025, p975;
};

double snw_mean_of(const double *values, size_t n);

/* @param[out] sorted  (n,) room, afterwards the values in ascending order */
struct snw_spread_of_draws snw_spread_over(const double *values, size_t n, double *sorted);

#endif
