/* Priors: from a normal score to a value, and in words. */
#ifndef SNW_PARAMS_PRIORS_H
#define SNW_PARAMS_PRIORS_H

#include "params/params.h"

/* The value of one element at normal score z: the quantile at Phi(z) of its prior, cut to the
   bounds. It rises with z (falls where a lognormal multiplies a negative number or the sd of a
   normal is negative), and has the same bits on every CPU. Where `base` differs from the default,
   as when a config puts another value in its place, the prior moves with it: normal by the
   difference, lognormal, gamma and uniform by the ratio, beta by the ratio of odds.
   @param[in] preset     the default, by which the prior is stated; within (0, 1) for a beta, above
   0 for a gamma or uniform prior
   @param[in] low, high  bounds of the row, base between them
   @param[in] z          |z| <= 30 */
double snw_prior_value(const struct snw_prior *prior, double preset, double low, double high,
                       double base, double z);

/* Writes the prior in words into text, (size,): `normal, sd 0.25`. */
void snw_prior_words(const struct snw_prior *prior, char *text, size_t size);

/* Writes the priors of a row: one for all, or the label and words of each. */
void snw_param_prior_words(enum snw_param_id id, char *text, size_t size);

#endif
