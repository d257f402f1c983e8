/* Priors as normal scores: values, correlations, and a stage's prior given the ones before. */
#include "support/near.h"

#include "calibration/space.h"

/* Four parameters: grip of women and of men (scores correlate by .8), both SDs of muscle as one,
   and the autocorrelations of bone. The last two make a stage. */
static struct snw_param_element grip_f = {SNW_PARAM_strength_grip_young, 0};
static struct snw_param_element grip_m = {SNW_PARAM_strength_grip_young, 1};
static struct snw_param_element sd[2] = {{SNW_PARAM_muscle_sd_base, 0},
                                         {SNW_PARAM_muscle_sd_base, 1}};
static struct snw_param_element phi = {SNW_PARAM_bone_phi, 0};
static struct snw_fit_parameter parameter[] = {
    {"f", 1, &grip_f}, {"m", 1, &grip_m}, {"sd", 2, sd}, {"phi", 1, &phi}};
static struct snw_stages stages = {
    .n = 2,
    .n_parameters = 4,
    .list = {{.name = "one", .first = 0, .n = 1}, {.name = "two", .first = 1, .n = 3}},
    .parameter = parameter};
static struct snw_params base;
static struct snw_space space;
static struct snw_ctx ctx;

static int load(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    snw_params_default(&base);
    base.strength_grip_young[0] = 30; /* prior normal, SD 1, about the config's value */
    base.muscle_sd_base[0] = 0.1;     /* prior lognormal, log SD .1 */
    return snw_space_init(&ctx, &stages, &base, &space) != SNW_OK;
}

static int unload(void **state)
{
    (void)state;
    snw_space_free(&space);
    return 0;
}

static void score_0_is_the_config_and_score_1_one_sd_above(void **state)
{
    (void)state;
    const double none[4] = {0, 0, 0, 0}, one[4] = {1, 0, 1, 0};
    struct snw_params p;
    snw_space_params(&space, 3, none, &p); /* a beta's median, the fourth, is not its mean */
    assert_memory_equal(&p, &base, sizeof p);
    snw_space_params(&space, 4, one, &p);
    assert_near(p.strength_grip_young[0], 31, 1e-9);
    assert_true(p.strength_grip_young[1] == base.strength_grip_young[1]);
    assert_near(p.muscle_sd_base[0], 0.1 * exp(0.1), 1e-9);
    assert_near(p.muscle_sd_base[1], base.muscle_sd_base[1] * exp(0.1), 1e-9);
    snw_space_params(&space, 1, one, &p); /* those after the first keep the config's */
    assert_near(p.strength_grip_young[0], 31, 1e-9);
    assert_true(p.muscle_sd_base[0] == 0.1);
}

static void sexes_correlate_as_the_table_of_axes_says(void **state)
{
    (void)state;
    assert_near(space.correlation[0 * 4 + 1], 0.98 * 0.8, 1e-9);
    assert_near(space.correlation[0 * 4 + 2], 0, 1e-9);
    assert_true(space.correlation[2 * 4 + 2] == 1);
}

/* With r = .784 between the first score and the second: mean r z, variance 1 - r^2. */
static void a_stage_knows_what_the_one_before_found(void **state)
{
    (void)state;
    struct snw_stage_prior prior;
    const double known = 2;
    double mean[3], r = 0.98 * 0.8;
    assert_int_equal(snw_stage_prior_init(&ctx, &space, &stages.list[1], &prior), SNW_OK);
    snw_stage_prior_mean(&prior, &known, mean);
    assert_near(mean[0], 2 * r, 1e-9);
    assert_near(mean[1], 0, 1e-9);
    assert_near(mean[2], 0, 1e-9);
    assert_near(prior.root[0] * prior.root[0], 1 - r * r, 1e-9);
    assert_near(prior.root[4], 1, 1e-9);
    snw_stage_prior_free(&prior);
}

/* [[4, 2], [2, 10]] = [[2, 0], [1, 3]] times its transpose. */
static void roots_multiply_and_solve(void **state)
{
    (void)state;
    double a[] = {4, 2, 2, 10}, x[] = {1, 1}, out[2];
    snw_root_of(2, a);
    assert_true(a[0] == 2 && a[1] == 0 && a[2] == 1 && a[3] == 3);
    snw_root_times(2, a, x, out);
    assert_true(out[0] == 2 && out[1] == 4);
    snw_root_solve(2, a, out, out);
    assert_true(out[0] == 1 && out[1] == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_0_is_the_config_and_score_1_one_sd_above),
        cmocka_unit_test(sexes_correlate_as_the_table_of_axes_says),
        cmocka_unit_test(a_stage_knows_what_the_one_before_found),
        cmocka_unit_test(roots_multiply_and_solve),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
