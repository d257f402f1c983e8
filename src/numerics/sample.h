/* Quantiles of samples. */
#ifndef SNW_NUMERICS_SAMPLE_H
#define SNW_NUMERICS_SAMPLE_H

#include <stddef.h>

/* Puts n values, none of them NaN, in ascending order. */
void snw_sort(double *values, size_t n);

/* Quantile p of n sorted values, straight between neighbours (type 7 of Hyndman and Fan 1996).
   @return NaN of none. */
double snw_sorted_quantile(const double *sorted, size_t n, double p);

#endif
