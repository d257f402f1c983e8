/* Taking known noise out of the spread of a sample. */
#ifndef SNW_DECISION_SHRINK_H
#define SNW_DECISION_SHRINK_H

#include "core/context.h"

/* Moves n points of d dimensions linearly towards their mean, so that their covariance S becomes
   S - N, N being the covariance of noise that was added to each: along each direction v with
   N v = l S v by the factor sqrt(1 - l), to the mean where l > 1. The result depends neither on
   units nor on the order of dimensions. Exact where truth and noise are normal; else the first two
   moments are right. Directions without spread stay.
   @param[in]     noise   (d, d) covariance
   @param[in,out] values  (d, n)
   @return SNW_OK; SNW_ERR_MEMORY. */
snw_status snw_shrink(struct snw_ctx *ctx, size_t d, size_t n, const double *noise,
                      double *values) SNW_MUST_CHECK;

/* Covariance (n - 1) of d rows of n values. @param[out] covariance  (d, d) */
void snw_covariance(size_t d, size_t n, const double *values, double *covariance);

#endif
