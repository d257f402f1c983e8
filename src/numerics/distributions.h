/* Distribution functions in double precision, the same bits on every CPU; for tables, not for
 * kernels. */
#ifndef SNW_NUMERICS_DISTRIBUTIONS_H
#define SNW_NUMERICS_DISTRIBUTIONS_H

#include <stddef.h>

enum { SNW_CHEBYSHEV_TERMS = 28 };

/* ln Gamma(x), x > 0; relative error below 1e-13. Lanczos, g = 7, 9 terms. */
double snw_ln_gamma(double x);

/* Regularised incomplete gamma functions P(a, x) (upper = 0) and Q(a, x) (upper = 1). */
double snw_incomplete_gamma(double a, double x, int upper);

/* The standard normal distribution function, accurate in both tails. */
double snw_normal_cdf(double z);

/* The standard normal quantile of p, 0 < p < 1; relative error below 1e-15. Algorithm AS 241
   (Wichura 1988). */
double snw_probit(double p);

/* ln of the quantile at Phi(z) of a gamma distribution with mean 1 and the given variance. */
double snw_ln_gamma_quantile(double z, double variance);

/* x at which P(shape, x), or Q(shape, x) with upper = 1, is p. @return NaN unless 0 < p < 1 and
   shape > 0. */
double snw_gamma_quantile(double p, double shape, int upper);

/* The regularised incomplete beta function I_x(a, b) (upper = 0) and 1 - I_x(a, b) (upper = 1). */
double snw_incomplete_beta(double x, double a, double b, int upper);

/* The quantile of a beta distribution. @return NaN unless 0 < p < 1, a > 0, b > 0. */
double snw_beta_quantile(double p, double a, double b);

/* Chebyshev coefficients of f on [-half, half], (SNW_CHEBYSHEV_TERMS,); the first already halved.
 */
void snw_chebyshev(double (*f)(double x, double parameter), double parameter, double half,
                   double *coefficients);

#endif
