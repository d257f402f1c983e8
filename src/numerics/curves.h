/* Curves over age: straight lines between knots, their exact integrals, natural cubic splines. */
#ifndef SNW_NUMERICS_CURVES_H
#define SNW_NUMERICS_CURVES_H

#include <stddef.h>

/* @param[in] x (n,) knots, rising; @param[in] y (n,) values; n >= 1.
   @return the value at `at`: straight between knots, constant beyond the ends. */
double snw_knots(const double *x, const double *y, size_t n, double at);

/* The same for positive values whose logarithms are joined by straight lines. */
double snw_knots_log(const double *x, const double *y, size_t n, double at);

/* @return the exact integral of that curve from `from` to `to` (negative where to < from). */
double snw_knots_integral(const double *x, const double *y, size_t n, double from, double to);

/* @return the natural cubic spline through n <= 32 knots at `at`; constant beyond the ends.
 */
double snw_spline(const double *x, const double *y, size_t n, double at);

#endif
