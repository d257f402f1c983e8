/* Standard errors of published values, z, and inside or outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "calibration/agreement.h"

static int near(double x, double y)
{
    return fabs(x - y) <= 1e-9 * (1 + fabs(y));
}

#define assert_near(x, y) assert_true(near(x, y))

static struct snw_target row(enum snw_operator op, enum snw_target_spread spread, double value)
{
    return (struct snw_target){.op = op,
                               .spread = spread,
                               .value = value,
                               .low = (double)NAN,
                               .high = (double)NAN,
                               .sd = (double)NAN,
                               .n = (double)NAN,
                               .standard_error = (double)NAN};
}

static struct snw_agreement against(const struct snw_target *t, double model, double error)
{
    struct snw_estimate e = {.value = model, .error = error};
    return snw_agreement_of(t, &e);
}

static void the_error_comes_from_what_is_known(void **state)
{
    (void)state;
    struct snw_target t = row(SNW_OP_mean, SNW_TARGET_SPREAD_CI, 10);
    t.low = 8;
    t.high = 8 + 4 * 1.959963984540054;
    assert_near(snw_published_error(&t), 2);
    t = row(SNW_OP_mean, SNW_TARGET_SPREAD_SE, 10);
    t.standard_error = 3;
    assert_near(snw_published_error(&t), 3);
    t = row(SNW_OP_mean, SNW_TARGET_SPREAD_NONE, -10);
    assert_near(snw_published_error(&t), 1);
    t = row(SNW_OP_mean, SNW_TARGET_SPREAD_RANGE, 10);
    t.low = 8;
    t.high = 8 + sqrt(12);
    assert_near(snw_published_error(&t), 1);
}

static void an_sd_between_people_is_divided_by_the_root_of_their_number(void **state)
{
    (void)state;
    struct snw_target t = row(SNW_OP_mean, SNW_TARGET_SPREAD_SD, 10);
    t.sd = 4;
    t.n = 16;
    assert_near(snw_published_error(&t), 1);
    t.op = SNW_OP_median;
    assert_near(snw_published_error(&t), sqrt(3.14159265358979 / 2));
    t.op = SNW_OP_sd;
    t.value = 4;
    assert_near(snw_published_error(&t), 4 / sqrt(32));
}

static void correlations_and_shares_need_their_number_only(void **state)
{
    (void)state;
    struct snw_target t = row(SNW_OP_correlation, SNW_TARGET_SPREAD_N, 0.6);
    t.n = 67;
    assert_near(snw_published_error(&t), 0.08); /* 0.64 / 8 */
    t.op = SNW_OP_share;
    t.value = 0.5;
    t.n = 25;
    assert_near(snw_published_error(&t), 0.1);
    t.op = SNW_OP_tracking;
    t.argument[SNW_A_statistic] = SNW_R2_OF;
    t.value = 0.36;
    t.n = 67;
    assert_near(snw_published_error(&t), 2 * 0.6 * 0.08);
}

static void what_is_recalled_has_twice_the_error(void **state)
{
    (void)state;
    struct snw_target t = row(SNW_OP_mean, SNW_TARGET_SPREAD_NONE, 10);
    t.status = SNW_RECALLED;
    assert_near(snw_published_error(&t), 2);
    t.spread = SNW_TARGET_SPREAD_ASSUMED; /* widened by whoever wrote it down */
    t.low = 10 - 1.959963984540054;
    t.high = 10 + 1.959963984540054;
    assert_near(snw_published_error(&t), 1);
}

static void z_holds_three_errors(void **state)
{
    (void)state;
    struct snw_target t = row(SNW_OP_mean, SNW_TARGET_SPREAD_SE, 100);
    t.standard_error = 10;
    /* sqrt(10^2 + 10^2 + 5^2) = 15 */
    struct snw_agreement a = against(&t, 130, 10);
    assert_near(a.z, 2);
    assert_false(a.inside);
    assert_true(against(&t, 129, 10).inside);
    assert_near(against(&t, 70, (double)NAN).z, -30 / sqrt(125)); /* unknown error: none */
}

static void correlations_and_shares_have_an_absolute_discrepancy(void **state)
{
    (void)state;
    struct snw_target t = row(SNW_OP_share, SNW_TARGET_SPREAD_SE, 0.5);
    t.standard_error = 0.015;
    assert_near(against(&t, 0.55, 0).z, 2); /* sqrt(0.015^2 + 0.02^2) = 0.025 */
    t.given = 1u << SNW_A_scale;            /* no longer a share */
    assert_near(against(&t, 0.55, 0).z, 0.05 / sqrt(0.015 * 0.015 + 0.025 * 0.025));
}

static void without_an_interval_fifteen_per_cent_is_allowed(void **state)
{
    (void)state;
    struct snw_target t = row(SNW_OP_percent_change, SNW_TARGET_SPREAD_NONE, -20);
    assert_false(against(&t, -20, 0).interval);
    assert_true(against(&t, -17.01, 0).within);
    assert_false(against(&t, -16.99, 0).within);
    assert_true(against(&t, -22.99, 0).within);
    assert_false(against(&t, -23.01, 0).within);
    t.spread = SNW_TARGET_SPREAD_RANGE; /* a range of estimates is none of the estimate */
    t.low = -21;
    t.high = -19;
    assert_true(against(&t, -22.99, 0).within);
    t.spread = SNW_TARGET_SPREAD_SD; /* nor is a spread between people */
    t.sd = 1;
    t.n = 100;
    assert_true(against(&t, -22.99, 0).within);
}

static void a_printed_interval_is_taken_as_it_is(void **state)
{
    (void)state;
    struct snw_target t = row(SNW_OP_hazard_ratio, SNW_TARGET_SPREAD_CI, 2.88);
    t.low = 2.31;
    t.high = 3.59;
    struct snw_agreement a = against(&t, 3.5, 0);
    assert_true(a.interval && a.within);
    assert_true(a.low == 2.31 && a.high == 3.59);
    assert_false(against(&t, 2.3, 0).within);
}

static void a_bound_is_met_on_its_right_side(void **state)
{
    (void)state;
    struct snw_target t = row(SNW_OP_correlation, SNW_TARGET_SPREAD_N, 0.119);
    t.n = 272;
    t.side = SNW_AT_LEAST;
    struct snw_agreement a = against(&t, 0.9, 0);
    assert_true(a.z == 0 && a.inside && a.within);
    assert_true(isinf(a.high));
    assert_true(against(&t, 0.05, 0).within); /* the study may have met it by luck */
    assert_false(against(&t, -0.05, 0).within);
    assert_true(against(&t, -0.05, 0).z < -1.96);
    t.side = SNW_AT_MOST;
    t.value = -0.119;
    assert_true(against(&t, -0.9, 0).z == 0);
    assert_false(against(&t, 0.05, 0).within);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_error_comes_from_what_is_known),
        cmocka_unit_test(an_sd_between_people_is_divided_by_the_root_of_their_number),
        cmocka_unit_test(correlations_and_shares_need_their_number_only),
        cmocka_unit_test(what_is_recalled_has_twice_the_error),
        cmocka_unit_test(z_holds_three_errors),
        cmocka_unit_test(correlations_and_shares_have_an_absolute_discrepancy),
        cmocka_unit_test(without_an_interval_fifteen_per_cent_is_allowed),
        cmocka_unit_test(a_printed_interval_is_taken_as_it_is),
        cmocka_unit_test(a_bound_is_met_on_its_right_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
