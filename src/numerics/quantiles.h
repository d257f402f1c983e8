/* Quantiles of samples in double precision. */
#ifndef SNW_NUMERICS_QUANTILES_H
#define SNW_NUMERICS_QUANTILES_H

#include <stddef.h>

/* Sorts n values in place, the lowest first; none may be NaN. */
void snw_sort(double *values, size_t n);

/* @return quantile p, 0..1, of n sorted values, NaN for n = 0: sorted[k] is that of p = k / (n -
   1), straight lines between (definition 7 of Hyndman and Fan, American Statistician 1996). */
double snw_sorted_quantile(const double *sorted, size_t n, double p);

#endif
