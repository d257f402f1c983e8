/* Net benefit, acceptability and the value of perfect information at a willingness to pay. */
#ifndef SNW_DECISION_BENEFIT_H
#define SNW_DECISION_BENEFIT_H

#include "decision/psa.h"

struct snw_benefit {
    size_t best;          /* strategy of the highest mean net monetary benefit: the frontier's */
    double evpi, evpi_se; /* expected value of perfect information a person; standard error */
};

/* Of one strategy at the same threshold. */
struct snw_strategy_benefit {
    double nmb, nhb;    /* mean net benefit: threshold x effect - cost; effect - cost/threshold, NaN
                           at 0 */
    double probability; /* share of draws in which its net benefit is highest: CEAC */
    double loss;        /* mean of the highest net benefit less its own: expected loss */
    double headroom;    /* mean net benefit less that of the best other one: what it may cost more,
                           a person, and still be chosen */
};

/* Draws in which several are equal count for the first of them. EVPI is the smallest expected loss;
   its standard error takes the best strategy as known.
   @param[out] of  (n_strategies,) */
struct snw_benefit snw_benefit_at(const struct snw_psa *sample, double threshold,
                                  struct snw_strategy_benefit *of);

/* What is at stake for all who face the decision: `persons` a year, for `years`, discounted. */
double snw_population_value(double per_person, double persons, double years, double rate);

#endif
