/* Sensitivity indices of functions whose indices are known, by the designs and code of every sweep.
 */
#define _XOPEN_SOURCE 600
#include "support/near.h"

#include <stdlib.h>

#include "sweep/indices.h"
#include "sweep/sweep.h"

enum { MOST = 4 };

/* What a test function makes of a point of k factors. */
typedef double function(const double *x, size_t k);

/* Sensitive through three factors: sin x1 + 7 sin^2 x2 + x3^4 sin x1 / 10 on [-pi, pi]^3. */
static double ishigami(const double *x, size_t k)
{
    (void)k;
    double s = sin(x[1]);
    return sin(x[0]) + 7 * s * s + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0]);
}

static const double g_weight[MOST] = {0, 1, 4.5, 9};

/* Sobol's g on [0, 1]^4: the product of (|4 x - 2| + a)/(1 + a). */
static double sobol_g(const double *x, size_t k)
{
    double y = 1;
    for (size_t i = 0; i < k; i++)
        y *= (fabs(4 * x[i] - 2) + g_weight[i]) / (1 + g_weight[i]);
    return y;
}

static struct snw_sweep sweep_of(struct snw_factor *factors, size_t k, double low, double high)
{
    for (size_t i = 0; i < k; i++)
        factors[i] =
            (struct snw_factor){.range = SNW_FACTOR_BETWEEN, .low = low, .high = high, .n = 1};
    return (struct snw_sweep){.design = SNW_DESIGN_SALTELLI, .n_factors = k, .factors = factors};
}

/* The function at all points of a design. */
static double *outcomes(const struct snw_sweep *s, const double *u, function *f)
{
    struct snw_params base;
    double x[MOST];
    size_t n = snw_sweep_points(s), k = s->n_factors;
    double *y = malloc(n * sizeof *y);
    assert_non_null(y);
    snw_params_default(&base);
    for (size_t p = 0; p < n; p++) {
        for (size_t i = 0; i < k; i++)
            x[i] = snw_factor_value(&s->factors[i], u[p * k + i], &base, NULL);
        y[p] = f(x, k);
    }
    return y;
}

static void find_indices(const struct snw_sweep *s, function *f, struct snw_estimate *first,
                         struct snw_estimate *total)
{
    struct snw_ctx *ctx = NULL;
    double *u;
    assert_int_equal(snw_design_new(ctx, s, 1, &u), SNW_OK);
    double *y = outcomes(s, u, f);
    snw_sobol_indices(y, (size_t)s->points, s->n_factors, first, total);
    free(u);
    free(y);
}

static void assert_within(const struct snw_estimate *e, double theory, double widest)
{
    if (!(e->low <= theory && theory <= e->high))
        fail_msg("%g is not within %g to %g", theory, e->low, e->high);
    assert_true(e->high - e->low <= widest);
    assert_near(e->value, (e->low + e->high) / 2, 1e-12);
}

/* a = 7, b = 1/10: V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2 = 13.84459; V1 = (1 + b pi^4/5)^2/2 =
   4.34589, V2 = a^2/8 = 6.125, V13 = 8 b^2 pi^8/225 = 3.37370. */
static void the_indices_of_ishigami_are_those_of_theory(void **state)
{
    (void)state;
    struct snw_factor factors[MOST];
    struct snw_sweep s = sweep_of(factors, 3, -M_PI, M_PI);
    struct snw_estimate first[3], total[3];
    const double v1 = 4.345888, v2 = 6.125, v13 = 3.373702, v = 13.844588;
    s.points = 2048;
    find_indices(&s, ishigami, first, total);
    assert_within(&first[0], v1 / v, 0.13);
    assert_within(&first[1], v2 / v, 0.13);
    assert_within(&first[2], 0, 0.13);
    assert_within(&total[0], (v1 + v13) / v, 0.13);
    assert_within(&total[1], v2 / v, 0.13);
    assert_within(&total[2], v13 / v, 0.13);
    /* the points fill the cube evenly: far closer than the interval, which takes them for random */
    assert_near(first[0].value, 0.3139, 0.01);
    assert_near(total[2].value, 0.2437, 0.01);
}

/* Vi = 1/3/(1 + ai)^2, V = product of (1 + Vi) - 1, total Ti = Vi x product of the others' (1 +
   Vj). With a = 0, 1, 4.5, 9: Vi = .333333, .083333, .011019, .003333; V = .465229. */
static void the_indices_of_sobol_g_are_those_of_theory(void **state)
{
    (void)state;
    struct snw_factor factors[MOST];
    struct snw_sweep s = sweep_of(factors, 4, 0, 1);
    struct snw_estimate first[4], total[4];
    double part[4], all = 1;
    s.points = 2048;
    find_indices(&s, sobol_g, first, total);
    for (int i = 0; i < 4; i++) {
        part[i] = 1.0 / 3 / ((1 + g_weight[i]) * (1 + g_weight[i]));
        all *= 1 + part[i];
    }
    assert_near(all - 1, 0.465229, 1e-6);
    for (int i = 0; i < 4; i++) {
        assert_within(&first[i], part[i] / (all - 1), 0.2);
        assert_within(&total[i], part[i] * all / (1 + part[i]) / (all - 1), 0.2);
    }
}

/* Base points drawn at random, as the interval takes them to be: 95 % of intervals hold the truth.
   Of 400 tries, seeded, the share has a standard error of .011; held to four of them. */
static void ninety_five_of_a_hundred_intervals_hold_the_truth(void **state)
{
    (void)state;
    enum { TRIES = 400, N = 512, K = 3 };
    const double theory[2][K] = {{0.313905, 0.442411, 0}, {0.557588, 0.442411, 0.243684}};
    struct snw_estimate found[2][K];
    int held[2][K] = {{0}};
    static double y[N * (K + 2)];
    srand48(4);
    for (int try = 0; try < TRIES; try++) {
        for (int j = 0; j < N; j++) {
            double both[2][K], x[K];
            for (int i = 0; i < 2 * K; i++)
                both[i / K][i % K] = M_PI * (2 * drand48() - 1);
            for (int row = 0; row < K + 2; row++) {
                for (int i = 0; i < K; i++)
                    x[i] = both[row == 1 || row == i + 2][i];
                y[j * (K + 2) + row] = ishigami(x, K);
            }
        }
        snw_sobol_indices(y, N, K, found[0], found[1]);
        for (int i = 0; i < 2 * K; i++) {
            const struct snw_estimate *e = &found[i / K][i % K];
            double truth = theory[i / K][i % K];
            held[i / K][i % K] += e->low <= truth && truth <= e->high;
        }
    }
    for (int i = 0; i < 2 * K; i++)
        assert_near(held[i / K][i % K] / (double)TRIES, 0.95, 4 * 0.011);
}

/* Two base points, one factor: f = 1, 3 and AB = 2; f = 2, 6 and AB = 5. Mean 3; about it a, b, ab
   = -2, 0, -1 and -1, 3, 2: V = (4/2 + 10/2)/2 = 3.5, first (0 + 3 x 3)/2/3.5 = 9/7, total (1/2 +
   9/2)/2/3.5 = 5/7. The error of the first: of 0 - 9/7 2 = -18/7 and 9 - 9/7 5 = 18/7 the squares,
   2 x 2/1 x (18/7)^2 = 26.449, root 5.1429, over 7 = .734694. */
static void the_estimators_are_those_of_the_formulas(void **state)
{
    (void)state;
    const double y[] = {1, 3, 2, 2, 6, 5};
    struct snw_estimate first, total;
    snw_sobol_indices(y, 2, 1, &first, &total);
    assert_near(first.value, 9.0 / 7, 1e-12);
    assert_near(total.value, 5.0 / 7, 1e-12);
    assert_near(first.high - first.value, 1.959964 * 0.734694, 1e-5);
}

static void a_base_point_without_an_outcome_is_left_out(void **state)
{
    (void)state;
    const double y[] = {1, 3, 2, 8, NAN, 7, 2, 6, 5};
    struct snw_estimate first, total;
    snw_sobol_indices(y, 3, 1, &first, &total);
    assert_near(first.value, 9.0 / 7, 1e-12);
    assert_near(total.value, 5.0 / 7, 1e-12);
}

static void an_outcome_that_stands_still_has_no_indices(void **state)
{
    (void)state;
    const double y[] = {4, 4, 4, 4, 4, 4};
    struct snw_estimate first, total;
    snw_sobol_indices(y, 2, 1, &first, &total);
    assert_true(isnan(first.value) && isnan(total.low) && isnan(total.high));
}

/* 3 x1 - 2 x2 + x1 x3: the first's effect is 3 + x3, from 3 to 4; the second's -2 everywhere. */
static double bent(const double *x, size_t k)
{
    (void)k;
    return 3 * x[0] - 2 * x[1] + x[0] * x[2];
}

static void elementary_effects_are_what_an_outcome_gains_from_end_to_end(void **state)
{
    (void)state;
    struct snw_factor factors[MOST];
    struct snw_sweep s = sweep_of(factors, 4, 0, 1);
    struct snw_effects e[4];
    struct snw_ctx *ctx = NULL;
    double *u;
    s.design = SNW_DESIGN_MORRIS;
    s.points = 200;
    s.levels = 4;
    assert_int_equal(snw_design_new(ctx, &s, 1, &u), SNW_OK);
    double *y = outcomes(&s, u, bent);
    snw_morris_effects(u, y, 200, 4, 4, e);
    assert_near(e[1].mu, -2, 1e-12);
    assert_near(e[1].mu_star.value, 2, 1e-12);
    assert_near(e[1].sigma, 0, 1e-12);
    assert_near(e[3].mu_star.value, 0, 1e-12);
    /* x3 is on each of 0, 1/3, 2/3, 1 in a quarter of trajectories: SD sqrt(5)/6 = .3727; the mean
       of 200 has an error of .0264, and the SD one of about .012: four of each */
    assert_near(e[0].mu, 3.5, 0.106);
    assert_near(e[0].sigma, 0.3727, 0.05);
    assert_near(e[0].mu_star.high - e[0].mu_star.value, 1.96 * e[0].sigma / sqrt(200), 1e-3);
    free(u);
    free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_indices_of_ishigami_are_those_of_theory),
        cmocka_unit_test(the_indices_of_sobol_g_are_those_of_theory),
        cmocka_unit_test(ninety_five_of_a_hundred_intervals_hold_the_truth),
        cmocka_unit_test(the_estimators_are_those_of_the_formulas),
        cmocka_unit_test(a_base_point_without_an_outcome_is_left_out),
        cmocka_unit_test(an_outcome_that_stands_still_has_no_indices),
        cmocka_unit_test(elementary_effects_are_what_an_outcome_gains_from_end_to_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
