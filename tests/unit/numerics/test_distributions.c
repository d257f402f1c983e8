/* Distribution functions held against GSL, Chebyshev series against known coefficients. */
#include "support/near.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

#include "numerics/distributions.h"

static void ln_gamma_is_that_of_gsl(void **state)
{
    (void)state;
    for (double x = 0.01; x < 200; x *= 1.013) {
        double right = gsl_sf_lngamma(x);
        assert_near(snw_ln_gamma(x), right, 1e-13 * fmax(1, fabs(right)));
    }
    assert_near(snw_ln_gamma(5), log(24), 1e-13);
    assert_near(snw_ln_gamma(0.5), 0.5 * log(acos(-1)), 1e-13);
}

/* P(a, x) by its power series in long double: sums of positive terms. */
static double series_p(double a, double x)
{
    long double term = 1 / (long double)a, sum = term;
    for (int n = 1; n < 4000; n++) {
        term *= (long double)x / ((long double)a + n);
        sum += term;
    }
    return (double)(expl((long double)a * logl((long double)x) - (long double)x -
                         lgammal((long double)a)) *
                    sum);
}

static void incomplete_gamma_functions_are_their_series(void **state)
{
    (void)state;
    for (double a = 0.05; a < 60; a *= 1.31)
        for (double x = 1e-3; x < 150; x *= 1.17) {
            double p = series_p(a, x);
            assert_near(snw_incomplete_gamma(a, x, 0), p, 1e-12 * p + 1e-16);
            assert_near(snw_incomplete_gamma(a, x, 1), 1 - p, 1e-12);
        }
}

/* GSL itself is off by 7e-11 of Q near a = x = .2. */
static void incomplete_gamma_functions_are_those_of_gsl(void **state)
{
    (void)state;
    for (double a = 0.05; a < 60; a *= 1.31)
        for (double x = 1e-3; x < 150; x *= 1.17) {
            double p = gsl_sf_gamma_inc_P(a, x), q = gsl_sf_gamma_inc_Q(a, x);
            assert_near(snw_incomplete_gamma(a, x, 0), p, 1e-10 * p + 1e-15);
            assert_near(snw_incomplete_gamma(a, x, 1), q, 1e-10 * q + 1e-15);
        }
    assert_near(snw_incomplete_gamma(2, 0, 0), 0, 0);
    assert_near(snw_incomplete_gamma(2, 0, 1), 1, 0);
    assert_near(snw_incomplete_gamma(1, 3, 1), exp(-3), 1e-15); /* the exponential distribution */
}

static void the_normal_distribution_is_exact_in_both_tails(void **state)
{
    (void)state;
    for (double z = -8; z <= 8; z += 0.01) {
        double right = gsl_cdf_ugaussian_P(z);
        assert_near(snw_normal_cdf(z), right, 1e-12 * right);
    }
    assert_near(snw_normal_cdf(0), 0.5, 0);
    assert_near(snw_normal_cdf(1.959963984540054), 0.975, 1e-14);
}

static void the_probit_is_that_of_gsl(void **state)
{
    (void)state;
    for (double p = 1e-300; p < 1e-3; p *= 1.7) {
        double right = gsl_cdf_ugaussian_Pinv(p);
        assert_near(snw_probit(p), right, 1e-14 * fabs(right));
        assert_near(gsl_cdf_ugaussian_P(snw_probit(p)), p, 1e-11 * p);
    }
    for (double p = 0.0007; p < 1; p += 0.0007) {
        assert_near(snw_probit(p), gsl_cdf_ugaussian_Pinv(p), 1e-14);
        assert_near(snw_normal_cdf(snw_probit(p)), p, 1e-14);
    }
    assert_near(snw_probit(0.5), 0, 0);
    assert_near(snw_probit(0.025), -1.959963984540054, 1e-14);
}

static void the_probit_rises(void **state)
{
    (void)state;
    double before = -INFINITY;
    for (double p = 1e-4; p < 1; p += 1e-4) {
        assert_true(snw_probit(p) > before);
        before = snw_probit(p);
    }
}

/* Shapes of the costs' priors, and small ones. */
static void the_gamma_quantile_is_that_of_gsl(void **state)
{
    (void)state;
    const double shapes[] = {0.3, 1, 2.78, 4, 11.1, 25, 44.4, 55.5};
    for (size_t k = 0; k < 8; k++)
        for (double p = 1e-9; p < 1; p = p < 0.01 ? 7 * p : p + 0.0307) {
            double low = gsl_cdf_gamma_Pinv(p, shapes[k], 1);
            double high = gsl_cdf_gamma_Qinv(p, shapes[k], 1);
            assert_near(snw_gamma_quantile(p, shapes[k], 0), low, 1e-10 * low);
            assert_near(snw_gamma_quantile(p, shapes[k], 1), high, 1e-10 * high);
        }
    assert_near(snw_gamma_quantile(0.5, 1, 0), log(2), 1e-12); /* the exponential distribution */
    assert_true(isnan(snw_gamma_quantile(0, 1, 0)));
    assert_true(isnan(snw_gamma_quantile(1, 1, 0)));
    assert_true(isnan(snw_gamma_quantile(0.5, 0, 0)));
}

static void incomplete_beta_functions_are_those_of_gsl(void **state)
{
    (void)state;
    const double shapes[][2] = {{3, 3}, {2, 6}, {54.4, 4.7}, {1308, 1070}, {376, 3.8}, {0.5, 0.5}};
    for (size_t k = 0; k < 6; k++)
        for (double x = 0.003; x < 1; x += 0.0071) {
            double a = shapes[k][0], b = shapes[k][1];
            double p = gsl_cdf_beta_P(x, a, b), q = gsl_cdf_beta_Q(x, a, b);
            assert_near(snw_incomplete_beta(x, a, b, 0), p, 1e-10 * p + 1e-15);
            assert_near(snw_incomplete_beta(x, a, b, 1), q, 1e-10 * q + 1e-15);
        }
    assert_near(snw_incomplete_beta(0, 2, 2, 0), 0, 0);
    assert_near(snw_incomplete_beta(1, 2, 2, 0), 1, 0);
    assert_near(snw_incomplete_beta(0.25, 1, 1, 1), 0.75, 1e-15);
}

static void the_gamma_quantile_of_a_normal_is_that_of_gsl(void **state)
{
    (void)state;
    const double variances[] = {0.1, 0.5, 1, 1.5, 4};
    for (size_t k = 0; k < 5; k++)
        for (double z = -6.6; z <= 6.6; z += 0.1) {
            double v = variances[k], shape = 1 / v;
            double g = z < 0 ? gsl_cdf_gamma_Pinv(gsl_cdf_ugaussian_P(z), shape, v)
                             : gsl_cdf_gamma_Qinv(gsl_cdf_ugaussian_Q(z), shape, v);
            assert_near(snw_ln_gamma_quantile(z, v), log(g), 1e-9);
        }
}

static void the_median_of_an_exponential_is_ln_2(void **state)
{
    (void)state;
    assert_near(snw_ln_gamma_quantile(0, 1), log(log(2)), 1e-12);
}

static void the_beta_quantile_is_that_of_gsl(void **state)
{
    (void)state;
    const double shapes[][2] = {{3, 3}, {14, 6}, {54.4, 4.7}, {18.5, 55.5}, {0.5, 0.5}, {1, 1}};
    for (size_t k = 0; k < 6; k++)
        for (double p = 0.001; p < 1; p += 0.0307) {
            double a = shapes[k][0], b = shapes[k][1];
            assert_near(snw_beta_quantile(p, a, b), gsl_cdf_beta_Pinv(p, a, b), 1e-10);
        }
    assert_near(snw_beta_quantile(0.5, 7, 7), 0.5, 1e-14);
    assert_near(snw_beta_quantile(0.2, 1, 1), 0.2, 1e-14);
}

/* GSL's inverse does not converge at some of these; its distribution function does. An error of x
   by 1e-10 is one of p by 1e-10 times the density. */
static void the_quantile_of_a_narrow_beta_is_right_to_1e_10(void **state)
{
    (void)state;
    const double shapes[][2] = {{3, 97},     {44.1, 53.9}, {376, 3.8}, {1308, 1070},
                                {4502, 922}, {281, 8.7},   {1, 99}};
    for (size_t k = 0; k < 7; k++)
        for (double p = 0.001; p < 1; p += 0.0307) {
            double a = shapes[k][0], b = shapes[k][1], x = snw_beta_quantile(p, a, b);
            assert_near(gsl_cdf_beta_P(x, a, b), p, 1e-10 * gsl_ran_beta_pdf(x, a, b));
        }
}

static void a_beta_quantile_without_a_distribution_is_no_number(void **state)
{
    (void)state;
    assert_true(isnan(snw_beta_quantile(0, 2, 2)));
    assert_true(isnan(snw_beta_quantile(1, 2, 2)));
    assert_true(isnan(snw_beta_quantile(0.5, 0, 2)));
    assert_true(isnan(snw_beta_quantile(0.5, 2, -1)));
    assert_true(isnan(snw_beta_quantile((double)NAN, 2, 2)));
}

static double third(double x, double half)
{
    double t = x / half;
    return 4 * t * t * t - 3 * t;
}

static double exponential(double x, double unused)
{
    (void)unused;
    return exp(x);
}

static void a_chebyshev_polynomial_is_its_own_series(void **state)
{
    (void)state;
    double c[SNW_CHEBYSHEV_TERMS];
    snw_chebyshev(third, 6.6, 6.6, c);
    for (int j = 0; j < SNW_CHEBYSHEV_TERMS; j++)
        assert_near(c[j], j == 3, 1e-14);
}

/* e^x on [-1, 1]: I_0(1), then 2 I_j(1). */
static void the_series_of_the_exponential_are_bessel_functions(void **state)
{
    (void)state;
    double c[SNW_CHEBYSHEV_TERMS];
    snw_chebyshev(exponential, 0, 1, c);
    assert_near(c[0], 1.2660658777520084, 1e-14);
    assert_near(c[1], 2 * 0.5651591039924850, 1e-14);
    assert_near(c[2], 2 * 0.1357476697670383, 1e-14);
    assert_near(c[20], 0, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ln_gamma_is_that_of_gsl),
        cmocka_unit_test(incomplete_gamma_functions_are_their_series),
        cmocka_unit_test(incomplete_gamma_functions_are_those_of_gsl),
        cmocka_unit_test(the_normal_distribution_is_exact_in_both_tails),
        cmocka_unit_test(the_probit_is_that_of_gsl),
        cmocka_unit_test(the_probit_rises),
        cmocka_unit_test(the_gamma_quantile_is_that_of_gsl),
        cmocka_unit_test(incomplete_beta_functions_are_those_of_gsl),
        cmocka_unit_test(the_gamma_quantile_of_a_normal_is_that_of_gsl),
        cmocka_unit_test(the_median_of_an_exponential_is_ln_2),
        cmocka_unit_test(the_beta_quantile_is_that_of_gsl),
        cmocka_unit_test(the_quantile_of_a_narrow_beta_is_right_to_1e_10),
        cmocka_unit_test(a_beta_quantile_without_a_distribution_is_no_number),
        cmocka_unit_test(a_chebyshev_polynomial_is_its_own_series),
        cmocka_unit_test(the_series_of_the_exponential_are_bessel_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
