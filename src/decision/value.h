/* Expected value of perfect information on some of the parameters, and of a trial. */
#ifndef SNW_DECISION_VALUE_H
#define SNW_DECISION_VALUE_H

#include "decision/psa.h"
#include "decision/regression.h"

struct snw_evppi {
    double value, se; /* money a person; NaN where there are too few draws to tell */
};

/* Regresses incremental costs and effects on the parameters, takes
   out of the fitted values what noise the fit leaves in them (shrink.h), and means the highest
   fitted net benefit; never more than the EVPI of the draws, which a fit by lines of what is curved
   can be. Standard error by jackknife over SNW_FOLDS parts of the draws.
   Source: Strong, Oakley & Brennan 2014, Med Decis Making 34:311; noise and error are ours.
   @param[in]  threshold (n,)
   @param[out] evppi     (n,) */
snw_status snw_evppi_of(struct snw_ctx *ctx, const struct snw_psa *sample,
                        const struct snw_regressors *on, size_t n, const double *threshold,
                        struct snw_evppi *evppi) SNW_MUST_CHECK;

/* What a trial will say of a parameter: an estimate, normal about it. */
struct snw_estimate {
    const double *parameter; /* (n_draws,) on the scale on which the estimate is normal */
    double error;            /* its standard error, above 0 */
};

/* The same before a trial: of what the regression says at each parameter the mean is taken over the
   draws, weighted by the density of an estimate at theirs, for every estimate that could come out.
   Source: Menzies 2016, Med Decis Making 36:308, with the fit of Strong, Oakley & Brennan 2014. */
snw_status snw_evsi_of(struct snw_ctx *ctx, const struct snw_psa *sample,
                       const struct snw_estimate *estimate, size_t n, const double *threshold,
                       struct snw_evppi *evsi) SNW_MUST_CHECK;

/* Incremental costs, then effects, of all strategies against the first. Released with free.
   @return (2 (n_strategies - 1), n_draws), NULL without memory. */
double *snw_increments(const struct snw_psa *sample);

/* Incremental net benefit of each strategy where one parameter is at its 2.5th and at its 97.5th
   percentile, others as they vary with it: by the same regression.
   @param[out] low, high  (n_strategies,) 0 for the first */
snw_status snw_one_way(struct snw_ctx *ctx, const struct snw_psa *sample, const double *parameter,
                       double threshold, double *low, double *high) SNW_MUST_CHECK;

#endif
