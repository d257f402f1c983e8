/* Importance sampling against posteriors that are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "calibration/imis.h"

static struct snw_ctx ctx;

/* One datum of the first score: 2 with SD 1/3. Prior N(0, 1): posterior N(1.8, .1). */
static double one_datum(const double *e, double *residual, void *of)
{
    (void)of;
    double r = 3 * (e[0] - 2);
    if (residual)
        residual[0] = r;
    return -0.5 * r * r;
}

/* The square of the score is 4 with SD 1/10: one mode close to 2, the other to -2. */
static double two_modes(const double *e, double *residual, void *of)
{
    (void)of;
    double r = 10 * (e[0] * e[0] - 4);
    if (residual)
        residual[0] = r;
    return -0.5 * r * r;
}

static struct snw_imis_plan plan_of(snw_likelihood *likelihood, size_t n)
{
    return (struct snw_imis_plan){.n = n,
                                  .n_residuals = 1,
                                  .likelihood = likelihood,
                                  .seed = 5,
                                  .from_prior = 2000,
                                  .each = 500,
                                  .modes = 3,
                                  .steps = 20,
                                  .enough = 1500};
}

static void moments(const struct snw_population_of_points *p, size_t k, double *mean,
                    double *variance)
{
    *mean = *variance = 0;
    for (size_t i = 0; i < p->n_points; i++)
        *mean += p->weight[i] * p->e[i * p->n + k];
    for (size_t i = 0; i < p->n_points; i++)
        *variance += p->weight[i] * pow(p->e[i * p->n + k] - *mean, 2);
}

static void a_normal_posterior_is_met(void **state)
{
    (void)state;
    struct snw_population_of_points p;
    const struct snw_imis_plan plan = plan_of(one_datum, 6);
    double mean, variance;
    assert_int_equal(snw_imis(&ctx, &plan, &p), SNW_OK);
    assert_true(p.effective >= 1500);
    moments(&p, 0, &mean, &variance);
    /* standard errors with 1,500: .32/sqrt(1500) = .008 and .1 sqrt(2/1500) = .0037; four of each
     */
    assert_true(fabs(mean - 1.8) < 0.033);
    assert_true(fabs(variance - 0.1) < 0.015);
    moments(&p, 3, &mean, &variance); /* a score without data keeps its prior */
    assert_true(fabs(mean) < 0.11 && fabs(variance - 1) < 0.15);
    assert_true(fabs(p.e[p.best * 6] - 1.8) < 0.3);
    snw_points_free(&p);
}

static void two_modes_are_both_found(void **state)
{
    (void)state;
    struct snw_population_of_points p;
    const struct snw_imis_plan plan = plan_of(two_modes, 2);
    double below = 0;
    assert_int_equal(snw_imis(&ctx, &plan, &p), SNW_OK);
    for (size_t i = 0; i < p.n_points; i++)
        below += p.e[i * 2] < 0 ? p.weight[i] : 0;
    /* a half each; SD of a share of 1,500: .013, four of them */
    assert_true(fabs(below - 0.5) < 0.052);
    snw_points_free(&p);
}

static void the_same_seed_gives_the_same_points(void **state)
{
    (void)state;
    struct snw_population_of_points p, q;
    const struct snw_imis_plan plan = plan_of(one_datum, 3);
    assert_int_equal(snw_imis(&ctx, &plan, &p), SNW_OK);
    assert_int_equal(snw_imis(&ctx, &plan, &q), SNW_OK);
    assert_int_equal(p.n_points, q.n_points);
    assert_memory_equal(p.e, q.e, p.n_points * 3 * sizeof *p.e);
    assert_memory_equal(p.weight, q.weight, p.n_points * sizeof *p.weight);
    snw_points_free(&p);
    snw_points_free(&q);
}

/* Of 64 points of a Sobol sequence half lie in each half of every axis, moved or not, but for one:
   the first of all, at the origin, is left out. */
static void a_design_fills_every_axis(void **state)
{
    (void)state;
    double u[64 * 5], later[32 * 5];
    assert_int_equal(snw_sobol(&ctx, 5, 3, 0, 64, u), SNW_OK);
    for (int k = 0; k < 5; k++) {
        int in_half[2] = {0, 0};
        for (int i = 0; i < 64; i++) {
            assert_true(u[i * 5 + k] > 0 && u[i * 5 + k] < 1);
            in_half[u[i * 5 + k] >= 0.5]++;
        }
        assert_in_range(in_half[0], 31, 33);
    }
    assert_int_equal(snw_sobol(&ctx, 5, 3, 32, 32, later), SNW_OK);
    assert_memory_equal(later, u + 32 * 5, sizeof later);
}

static void equal_steps_through_weights(void **state)
{
    (void)state;
    const double weight[] = {0.5, 0, 0.25, 0.25};
    size_t place[4];
    snw_systematic(weight, 4, 0.5, 4, place); /* at .125, .375, .625, .875 */
    assert_int_equal(place[0], 0);
    assert_int_equal(place[1], 0);
    assert_int_equal(place[2], 2);
    assert_int_equal(place[3], 3);
}

static int begin(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_normal_posterior_is_met),
        cmocka_unit_test(two_modes_are_both_found),
        cmocka_unit_test(the_same_seed_gives_the_same_points),
        cmocka_unit_test(a_design_fills_every_axis),
        cmocka_unit_test(equal_steps_through_weights),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
