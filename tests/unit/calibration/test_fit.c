/* A stage's posterior where it is known in closed form, and simulation-based calibration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "calibration/fit.h"
#include "numerics/distributions.h"

/* One own score x, one known score k; y = x + k, told without error; a second target says nothing.
 */
enum { FEATURES = 4, DRAWS = 2000, RUNS = 200 };
static double coefficient[2 * FEATURES] = {0, 1, 0, 1, 5, 0, 0, 0};
static double noise[2] = {0.3, 0.3}, left_out[2];
static double root[FEATURES * FEATURES];
static const struct snw_emulator emulator = {.n_own = 1,
                                             .n_known = 1,
                                             .n_features = FEATURES,
                                             .n_targets = 2,
                                             .coefficient = coefficient,
                                             .noise = noise,
                                             .left_out = left_out,
                                             .root = root};
static double slope[1] = {0}, prior_root[1] = {1};
static const struct snw_stage_prior prior = {
    .n = 1, .known = 1, .slope = slope, .root = prior_root};
static double known[DRAWS];
static struct snw_ctx ctx;

static int begin(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    for (int k = 0; k < FEATURES; k++)
        root[k * FEATURES + k] = 1e6; /* as after runs without number */
    for (int i = 0; i < DRAWS; i++)
        known[i] = i % 2 ? 1 : -1;
    return 0;
}

static struct snw_fit fit_to(const struct snw_datum *data)
{
    return (struct snw_fit){.emulator = &emulator,
                            .prior = &prior,
                            .data = data,
                            .n_draws = DRAWS,
                            .known = known,
                            .seed = 3};
}

static void mean_of(const double *own, int from, double *mean, double *variance)
{
    *mean = *variance = 0;
    for (int i = from; i < DRAWS; i += 2)
        *mean += own[i] / (DRAWS / 2);
    for (int i = from; i < DRAWS; i += 2)
        *variance += (own[i] - *mean) * (own[i] - *mean) / (DRAWS / 2);
}

/* y = 1 with variance .25, prior N(0, 1): given k the posterior is N(.8 (1 - k), .2). */
static void every_draw_before_gets_its_own_posterior(void **state)
{
    (void)state;
    const struct snw_datum data[2] = {{1, 0.25, SNW_SIDE_EQUAL, true},
                                      {9, 0.01, SNW_SIDE_EQUAL, false}};
    const struct snw_fit fit = fit_to(data);
    struct snw_fit_result result = {0};
    double own[DRAWS], mean, variance;
    assert_int_equal(snw_fit_draw(&ctx, &fit, own, &result), SNW_OK);
    /* 1,000 draws of SD .45: standard errors .014 and .009; four of each */
    mean_of(own, 0, &mean, &variance);
    assert_true(fabs(mean - 1.6) < 0.057 && fabs(variance - 0.2) < 0.036);
    mean_of(own, 1, &mean, &variance);
    assert_true(fabs(mean) < 0.057 && fabs(variance - 0.2) < 0.036);
    assert_true(result.effective > 500);
}

/* y at least 1, variance .01, and y = x + 1 where k = 1: x below 0 is all but ruled out; the right
   side weighs nothing, so that the posterior is the prior's right half, mean sqrt(2 / pi). */
static void a_bound_counts_on_its_wrong_side_only(void **state)
{
    (void)state;
    const struct snw_datum data[2] = {{1, 1e-4, SNW_AT_LEAST, true},
                                      {9, 0.01, SNW_SIDE_EQUAL, false}};
    const struct snw_fit fit = fit_to(data);
    struct snw_fit_result result = {0};
    double own[DRAWS], mean, variance;
    assert_int_equal(snw_fit_draw(&ctx, &fit, own, &result), SNW_OK);
    mean_of(own, 1, &mean, &variance);
    /* SD .60 over 1,000: .019, four of them, and .01 for the soft edge */
    assert_true(fabs(mean - sqrt(2 / 3.14159265358979)) < 0.086);
}

/* Runs with truths from the prior; `told` is what the fit takes for the noise of a run. */
static double p_of_ranks(double told)
{
    const struct snw_datum data[2] = {{0, 0.01, SNW_SIDE_EQUAL, true},
                                      {9, 0.01, SNW_SIDE_EQUAL, false}};
    const struct snw_fit fit = fit_to(data);
    static double own[RUNS], before[RUNS], value[2 * RUNS], rank[RUNS], u[2 * RUNS];
    assert_int_equal(snw_sobol(&ctx, 2, 11, 0, RUNS, u), SNW_OK);
    for (int i = 0; i < RUNS; i++) {
        own[i] = snw_probit(u[2 * i]);
        before[i] = known[i];
        value[2 * i] = own[i] + known[i] + 0.3 * snw_probit(u[2 * i + 1]);
        value[2 * i + 1] = 5;
    }
    const struct snw_runs runs = {RUNS, own, before, value};
    noise[0] = told;
    assert_int_equal(snw_fit_ranks(&ctx, &fit, &runs, rank), SNW_OK);
    noise[0] = 0.3;
    return snw_uniform_p(rank, RUNS, 1);
}

/* known is -1 or 1, which the fit does not know of a run: it takes their spread for part of the
   error. To be exact the test has one value of it. */
static void truths_rank_uniformly_among_draws(void **state)
{
    (void)state;
    for (int i = 0; i < DRAWS; i++)
        known[i] = 1;
    assert_true(p_of_ranks(0.3) > 0.001);
    /* a fit that believes in runs without noise is found out */
    assert_true(p_of_ranks(0.001) < 0.001);
}

static void shares_of_one_bin_are_not_uniform(void **state)
{
    (void)state;
    double share[50];
    for (int i = 0; i < 50; i++)
        share[i] = (i + 0.5) / 50;
    assert_true(snw_uniform_p(share, 50, 1) == 1); /* ten in each bin */
    for (int i = 0; i < 50; i++)
        share[i] /= 5;
    assert_true(snw_uniform_p(share, 50, 1) < 1e-9); /* chi-square 200 with 4 degrees */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_draw_before_gets_its_own_posterior),
        cmocka_unit_test(a_bound_counts_on_its_wrong_side_only),
        cmocka_unit_test(truths_rank_uniformly_among_draws),
        cmocka_unit_test(shares_of_one_bin_are_not_uniform),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
