/* Gamma, normal and beta distributions by series, continued fractions and bisection. */
#include "numerics/distributions.h"

#include <stdbool.h>

#include "core/vmath.h"

double snw_ln_gamma(double x)
{
    static const double g[] = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                               771.32342877765313,   -176.61502916214059,   12.507343278686905,
                               -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
    if (x < 0.5) /* Gamma(x) = Gamma(x + 1) / x */
        return snw_ln_gamma(x + 1) - snw_log_f64(x);
    x -= 1;
    double sum = g[0];
    for (int i = 1; i < 9; i++)
        sum += g[i] / (x + i);
    double t = x + 7.5;
    return 0.91893853320467274178 + (x + 0.5) * snw_log_f64(t) - t + snw_log_f64(sum);
}

double snw_incomplete_gamma(double a, double x, int upper)
{
    if (x <= 0)
        return upper ? 1 : 0;
    double front = snw_exp_f64(a * snw_log_f64(x) - x - snw_ln_gamma(a));
    if (x < a + 1) { /* series for P */
        double term = 1 / a, sum = term;
        for (int n = 1; n < 500 && term > sum * 1e-17; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return upper ? 1 - front * sum : front * sum;
    }
    /* Lentz's continued fraction for Q */
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
    for (int n = 1; n < 500; n++) {
        double an = -n * (n - a);
        b += 2;
        d = 1 / (an * d + b);
        c = b + an / c;
        h *= d * c;
        if (d * c - 1 < 1e-16 && d * c - 1 > -1e-16)
            break;
    }
    return upper ? front * h : 1 - front * h;
}

/* Phi(-|z|), the smaller tail. */
static double small_tail(double z)
{
    return z == 0 ? 0.5 : 0.5 * snw_incomplete_gamma(0.5, 0.5 * z * z, 1);
}

double snw_normal_cdf(double z)
{
    return z < 0 ? small_tail(z) : 1 - small_tail(z);
}

/* A polynomial of degree 7. */
static double eighth(const double c[8], double x)
{
    double y = c[7];
    for (int k = 6; k >= 0; k--)
        y = y * x + c[k];
    return y;
}

double snw_probit(double p)
{
    static const double a[8] = {3.3871328727963666080,    1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    static const double c[8] = {1.42343711074968357734,    4.63033784615654529590,
                                5.76949722146069140550,    3.64784832476320460504,
                                1.27045825245236838258,    2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1,
                                2.05319162663775882187,
                                1.67638483018380384940,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720,    5.46378491116411436990,
                                1.78482653991729133580,    2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    double q = p - 0.5;
    if (q > -0.425 && q < 0.425) {
        double r = 0.180625 - q * q;
        return q * eighth(a, r) / eighth(b, r);
    }
    double r = snw_sqrt_f64(-snw_log_f64(q < 0 ? p : 1 - p));
    double z =
        r <= 5 ? eighth(c, r - 1.6) / eighth(d, r - 1.6) : eighth(e, r - 5) / eighth(f, r - 5);
    return q < 0 ? -z : z;
}

/* ln(x / shape) at which the named tail of a gamma distribution is `tail`. */
static double ln_gamma_ratio(double shape, double tail, bool upper)
{
    double low = -400, high = 12;
    for (int i = 0; i < 200 && high - low > 1e-13; i++) {
        double middle = 0.5 * (low + high);
        double p = snw_incomplete_gamma(shape, snw_exp_f64(middle) * shape, upper);
        bool too_far = upper ? p < tail : p > tail;
        if (too_far)
            high = middle;
        else
            low = middle;
    }
    return 0.5 * (low + high);
}

double snw_ln_gamma_quantile(double z, double variance)
{
    return ln_gamma_ratio(1 / variance, small_tail(z), z > 0);
}

double snw_gamma_quantile(double p, double shape, int upper)
{
    if (!(p > 0 && p < 1 && shape > 0))
        return __builtin_nan("");
    return shape * snw_exp_f64(ln_gamma_ratio(shape, p, upper));
}

/* The regularised incomplete beta function by its continued fraction, for x < (a + 1) / (a + b +
 * 2). */
static double incomplete_beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1), h;
    d = 1 / d;
    h = d;
    for (int m = 1; m < 1000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        h *= d * c;
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        h *= d * c;
        if (d * c - 1 < 1e-16 && d * c - 1 > -1e-16)
            break;
    }
    double ln_front = snw_ln_gamma(a + b) - snw_ln_gamma(a) - snw_ln_gamma(b) + a * snw_log_f64(x) +
                      b * snw_log_f64(1 - x);
    return snw_exp_f64(ln_front) * h / a;
}

double snw_incomplete_beta(double x, double a, double b, int upper)
{
    if (x <= 0)
        return upper ? 1 : 0;
    if (x >= 1)
        return upper ? 0 : 1;
    if (x < (a + 1) / (a + b + 2)) {
        double p = incomplete_beta_fraction(x, a, b);
        return upper ? 1 - p : p;
    }
    double q = incomplete_beta_fraction(1 - x, b, a);
    return upper ? q : 1 - q;
}

double snw_beta_quantile(double p, double a, double b)
{
    if (!(p > 0 && p < 1 && a > 0 && b > 0))
        return __builtin_nan("");
    double ln_beta = snw_ln_gamma(a) + snw_ln_gamma(b) - snw_ln_gamma(a + b);
    double low = 0, high = 1, x = a / (a + b), before = 0;
    /* Newton's steps, halving where one would leave the bracket */
    for (int i = 0; i < 200 && high - low > 1e-16 && x != before; i++) {
        double error = snw_incomplete_beta(x, a, b, 0) - p;
        double ln_density = (a - 1) * snw_log_f64(x) + (b - 1) * snw_log_f64(1 - x) - ln_beta;
        before = x;
        if (error < 0)
            low = x;
        else
            high = x;
        x -= error / snw_exp_f64(ln_density);
        if (!(x > low && x < high) && error != 0)
            x = 0.5 * (low + high);
    }
    return x;
}

/* cos(pi k / n) by reduction to the first quadrant and a Taylor series. */
static double cos_pi_ratio(int k, int n)
{
    double sign = 1, t = (double)(k % (2 * n)) / n; /* angle / pi in [0, 2) */
    if (t > 1)
        t = 2 - t;
    if (t > 0.5) {
        t = 1 - t;
        sign = -1;
    }
    double x = t * 3.14159265358979323846, xx = x * x, term = 1, sum = 1;
    for (int i = 1; i < 16; i++) {
        term *= -xx / ((2 * i - 1) * (2 * i));
        sum += term;
    }
    return sign * sum;
}

void snw_chebyshev(double (*f)(double x, double parameter), double parameter, double half,
                   double *coefficients)
{
    enum { N = 2 * SNW_CHEBYSHEV_TERMS };
    double value[N];
    for (int k = 0; k < N; k++)
        value[k] = f(half * cos_pi_ratio(2 * k + 1, 2 * N), parameter);
    for (int j = 0; j < SNW_CHEBYSHEV_TERMS; j++) {
        double sum = 0;
        for (int k = 0; k < N; k++)
            sum += value[k] * cos_pi_ratio(j * (2 * k + 1), 2 * N);
        coefficients[j] = sum * (j == 0 ? 1.0 : 2.0) / N;
    }
}
