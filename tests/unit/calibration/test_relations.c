/* Operators that relate two things, on people whose values can be worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "people.h"

/* Values are held in float: about seven digits, fewer after differences. */
static int near(double x, double y)
{
    return fabs(x - y) <= 2e-5 * (1 + fabs(y));
}

#define assert_near(x, y) assert_true(near(x, y))

static int drop(void **state)
{
    (void)state;
    forget_people();
    return 0;
}

static void a_correlation_is_pearsons(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3}, y[] = {1, 3, 2};
    people(3);
    for (size_t i = 0; i < 3; i++) {
        put(SNW_M_grip_kg, i, 30, x[i]);
        put(SNW_M_asm_kg, i, 30, y[i]);
    }
    assert_near(value_of("correlation;grip_kg;asm_kg;;both;30-30"), 0.5);
    assert_near(value_of("correlation;grip_kg;ln.grip_kg;;both;30-30;grip_kg<3"), 1);
}

static void a_correlation_with_age_runs_over_the_ages(void **state)
{
    (void)state;
    people(1);
    put(SNW_M_grip_kg, 0, 30, 1);
    put(SNW_M_grip_kg, 0, 31, 3);
    put(SNW_M_grip_kg, 0, 32, 2);
    assert_near(value_of("correlation;grip_kg;age;;both;30-32"), 0.5);
}

/* x = z + u, y = z + v with z, u, v uncorrelated. */
static void shared_part(enum snw_measure z)
{
    static const double zs[] = {-1, -1, 1, 1}, u[] = {1, -1, 1, -1}, v[] = {1, -1, -1, 1};
    people(4);
    for (size_t i = 0; i < 4; i++) {
        put(z, i, 30, zs[i]);
        put(SNW_M_grip_kg, i, 30, zs[i] + u[i]);
        put(SNW_M_asm_kg, i, 30, zs[i] + v[i]);
    }
}

static void what_is_adjusted_for_no_longer_correlates(void **state)
{
    (void)state;
    shared_part(SNW_M_activity_z);
    assert_near(value_of("correlation;grip_kg;asm_kg;;both;30-30"), 0.5);
    assert_near(value_of("partial_correlation;grip_kg;asm_kg;adjust=activity;both;30-30"), 0);
}

static void age_and_its_square_are_adjusted_for(void **state)
{
    (void)state;
    /* y is x^2 of age plus u, x plus v: what is left are u and v, that agree in three of five */
    static const double u[] = {1, -2, 1}, v[] = {1, -2, 1};
    people(2);
    for (int k = 0; k < 3; k++) {
        double t = k - 1;
        put(SNW_M_grip_kg, 0, 60 + k, 7 * t * t + 3 * t + u[k]);
        put(SNW_M_asm_kg, 0, 60 + k, -5 * t * t + 2 * t + v[k]);
        put(SNW_M_grip_kg, 1, 60 + k, 7 * t * t + 3 * t - u[k]);
        put(SNW_M_asm_kg, 1, 60 + k, -5 * t * t + 2 * t - v[k]);
    }
    assert_near(value_of("partial_correlation;grip_kg;asm_kg;adjust=age+age2;both;60-62"), 1);
    assert_true(value_of("partial_correlation;grip_kg;asm_kg;adjust=age;both;60-62") < 0.5);
}

static void tracking_is_the_correlation_with_oneself(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3}, y[] = {1, 3, 2};
    people(4);
    for (size_t i = 0; i < 3; i++) {
        put(SNW_M_gait_m_s, i, 70, x[i]);
        put(SNW_M_gait_m_s, i, 79, y[i]);
    }
    put(SNW_M_gait_m_s, 3, 70, 100);
    dies(3, 75.5);
    put(SNW_M_gait_m_s, 3, 79, 100); /* the dead keep their last value in a result */
    assert_near(value_of("tracking;gait_m_s;;years=9;both;70-70"), 0.5);
    assert_near(value_of("tracking;gait_m_s;;years=9 statistic=r;both;70-70"), 0.5);
    assert_near(value_of("tracking;gait_m_s;;years=9 statistic=r2;both;70-70"), 0.25);
}

/* Log changes u of muscle and v of bone, from starts that have nothing to do with them. */
static void changes(const double *u, const double *v)
{
    static const double start[] = {1, 1, 2, 2};
    people(4);
    for (size_t i = 0; i < 4; i++) {
        put(SNW_M_asm_kg, i, 70, start[i]);
        put(SNW_M_asm_kg, i, 79, start[i] * exp(u[i]));
        put(SNW_M_abmd_femoral_neck_g_cm2, i, 70, start[i]);
        put(SNW_M_abmd_femoral_neck_g_cm2, i, 79, start[i] * exp(v[i]));
    }
}

static void changes_that_go_together_correlate(void **state)
{
    (void)state;
    static const double u[] = {0.1, -0.1, 0.1, -0.1}, same[] = {0.2, -0.2, 0.2, -0.2},
                        other[] = {0.1, -0.1, -0.1, 0.1};
    static const char plain[] =
        "change_correlation;asm_kg;abmd_femoral_neck_g_cm2;years=9;both;70-70",
                      conditional[] = "change_correlation;asm_kg;abmd_femoral_neck_g_cm2;years=9 "
                                      "conditional=yes;both;70-70";
    changes(u, same);
    assert_near(value_of(plain), 1);
    assert_near(value_of(conditional), 1);
    changes(u, other);
    assert_near(value_of(plain), 0);
    assert_near(value_of(conditional), 0);
}

static void conditional_changes_leave_out_what_the_start_foretells(void **state)
{
    (void)state;
    /* both shrink towards the middle by 0.3 for who starts high, nothing else in common */
    static const double u[] = {0.4, 0.2, -0.2, -0.4}, v[] = {0.4, 0.2, -0.4, -0.2};
    changes(u, v);
    assert_true(value_of("change_correlation;asm_kg;abmd_femoral_neck_g_cm2;years=9;both;70-70") >
                0.7);
    assert_near(value_of("change_correlation;asm_kg;abmd_femoral_neck_g_cm2;years=9 "
                         "conditional=yes;both;70-70"),
                0);
    /* muscle shrinks towards the middle, bone does not; what is left is the same in both */
    static const double shrinks[] = {0.4, 0, 0, -0.4}, stays[] = {0.2, -0.2, 0.2, -0.2};
    changes(shrinks, stays);
    assert_near(value_of("change_correlation;asm_kg;abmd_femoral_neck_g_cm2;years=9 "
                         "conditional=yes;both;70-70"),
                1);
}

/* Eight women: of four weak ones three fall, of four strong ones one. */
static void fallers(void)
{
    people(8);
    for (size_t i = 0; i < 8; i++) {
        put(SNW_M_grip_kg, i, 70, i < 4 ? 15 : 25);
        put(SNW_M_falls_reported, i, 70, i < 3 || i == 4);
    }
}

static void odds_are_compared(void **state)
{
    (void)state;
    fallers();
    assert_near(value_of("odds_ratio;falls_reported>=1;;among=grip_kg<16 strata=none;both;70-70"),
                9); /* 3 to 1 over 1 to 3 */
    assert_near(value_of("odds_ratio;falls_reported=0;;among=grip_kg<16 strata=none;both;70-70"),
                1.0 / 9);
}

static void odds_within_strata_are_mantel_haenszels(void **state)
{
    (void)state;
    fallers();
    for (size_t i = 0; i < 8; i++) { /* at 71 nobody weak falls but one, and two of the strong */
        put(SNW_M_grip_kg, i, 71, i < 4 ? 15 : 25);
        put(SNW_M_falls_reported, i, 71, i == 0 || i == 4 || i == 5);
    }
    /* (3 x 3 + 1 x 2) / (1 x 1 + 2 x 3) */
    assert_near(value_of("odds_ratio;falls_reported>=1;;among=grip_kg<16 strata=age;both;70-71"),
                11.0 / 7);
}

static void years(size_t person, int age, double events, double time)
{
    put(SNW_M_fracture_hip, person, age, events);
    put(SNW_M_person_years, person, age, time);
}

static void a_rate_ratio_of_one_stratum_is_that_of_the_rates(void **state)
{
    (void)state;
    people(4);
    panel.sex[2] = panel.sex[3] = SNW_MALE;
    years(0, 70, 1, 1);
    years(1, 70, 2, 0.5);
    years(2, 70, 1, 1);
    years(3, 70, 0, 1);
    dies(1, 70.5);
    /* men 1 in 2 years, women 3 in 1.5 */
    assert_near(value_of("rate_ratio;fracture_hip;;among=sex=1 strata=none;both;70-70"), 0.25);
    assert_near(value_of("rate_ratio;fracture_hip;;among=sex=1 strata=age;both;70-70"), 0.25);
    assert_near(value_of("rate_ratio;fracture_hip;sex;strata=none per=-1;both;70-70"), 4);
}

static void a_rate_ratio_is_taken_within_strata(void **state)
{
    (void)state;
    /* Men have twice the rate of women at both ages, but most of them are met at the safe one. */
    people(4);
    panel.sex[2] = panel.sex[3] = SNW_MALE;
    years(0, 70, 1, 1);
    years(1, 70, 1, 1);
    years(2, 70, 2, 1);
    panel.to[3] = 70;
    panel.from[3] = 70;
    years(3, 70, 2, 1);
    years(0, 80, 10, 1);
    years(1, 80, 10, 1);
    years(2, 80, 20, 1);
    assert_near(value_of("rate_ratio;fracture_hip;;among=sex=1 strata=age;both;70-80"), 2);
    assert_near(value_of("rate_ratio;fracture_hip;;among=sex=1 strata=none;both;70-80"),
                (24.0 / 3) / (22.0 / 4));
}

static void a_person_may_stand_in_both_groups(void **state)
{
    (void)state;
    people(2);
    years(0, 70, 3, 1);
    years(1, 70, 1, 1);
    put(SNW_M_grip_kg, 0, 70, 15);
    put(SNW_M_grip_kg, 1, 70, 25);
    /* against all: 3 a year over 4 in two */
    assert_near(value_of("rate_ratio;fracture_hip;;among=grip_kg<16 against=age>=20 strata=none;"
                         "both;70-70"),
                1.5);
}

static void a_hazard_ratio_counts_the_first_event_and_keeps_the_group(void **state)
{
    (void)state;
    people(2);
    for (int age = 70; age <= 72; age++)
        for (size_t i = 0; i < 2; i++)
            years(i, age, i == 0 ? age < 72 : age == 72, 1);
    put(SNW_M_grip_kg, 0, 70, 15);
    put(SNW_M_grip_kg, 1, 70, 25);
    /* the weak one breaks a hip in the first year and is not followed on; the other in the third */
    assert_near(value_of("hazard_ratio;fracture_hip;;years=3 among=grip_kg<16 strata=none;both;"
                         "70-70"),
                3);
    /* the other is not at risk at all in the second and third, where nobody is compared */
    struct snw_estimate e =
        take("hazard_ratio;fracture_hip;;years=2 among=grip_kg<16 strata=none;both;70-70");
    assert_true(isnan(e.value)); /* no event in one group: the ratio has no end */
}

static void ratios_per_unit_are_found_by_newton(void **state)
{
    (void)state;
    /* events 1, 2, 4 at x = 0, 1, 2 in equal times: the rate doubles with each unit */
    people(3);
    for (size_t i = 0; i < 3; i++) {
        years(i, 70, 1u << i, 1);
        put(SNW_M_activity_z, i, 70, (double)i);
    }
    assert_near(value_of("rate_ratio;fracture_hip;activity_z;strata=none;both;70-70"), 2);
    assert_near(value_of("rate_ratio;fracture_hip;activity_z;strata=age_sex per=2;both;70-70"), 4);
}

static void sd_scores_are_taken_within_sex_and_age(void **state)
{
    (void)state;
    people(4);
    panel.sex[2] = panel.sex[3] = SNW_MALE;
    static const double grip[] = {20, 30, 40, 60};
    for (size_t i = 0; i < 4; i++) {
        put(SNW_M_grip_kg, i, 70, grip[i]);
        years(i, 70, i % 2 ? 1 : 4, 1);
    }
    /* scores -1 and 1 in both sexes: two SD are a factor of four */
    assert_near(value_of("rate_ratio;fracture_hip;z.grip_kg;strata=age_sex per=-1;both;70-70"), 2);
}

/* An even spread of whole numbers. Source: the finaliser of MurmurHash3. */
static uint32_t scramble(uint32_t x)
{
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return x ^ x >> 16;
}

static void the_error_of_a_ratio_agrees_with_theory(void **state)
{
    (void)state;
    /* Everybody has an event or none: the log ratio of two shares has the variance
       (1 - p) / n p of the one and of the other. */
    enum { EACH = 6400 };
    double events[2] = {0, 0};
    people(2 * EACH);
    for (uint32_t i = 0; i < 2 * EACH; i++) {
        panel.sex[i] = i % 2 ? SNW_MALE : SNW_FEMALE;
        bool event = scramble(i) < (i % 2 ? 0x60000000u : 0x30000000u); /* 3 in 8 and 3 in 16 */
        years(i, 70, event, 1);
        events[i % 2] += event;
    }
    struct snw_estimate e = take("rate_ratio;fracture_hip;;among=sex=1 strata=none;both;70-70");
    double women = events[0] / EACH, men = events[1] / EACH;
    assert_near(e.value, men / women);
    double expected = men / women * sqrt((1 - women) / (EACH * women) + (1 - men) / (EACH * men));
    /* the jackknife of 32 groups knows it to an eighth: three of these either way */
    assert_true(fabs(e.error / expected - 1) < 0.375);
    /* and so it does for the odds and for the share */
    e = take("odds_ratio;fracture_hip>=1;;among=sex=1 strata=none;both;70-70");
    double odds = men / (1 - men) / (women / (1 - women));
    assert_near(e.value, odds);
    expected = odds * sqrt(1 / (EACH * women * (1 - women)) + 1 / (EACH * men * (1 - men)));
    assert_true(fabs(e.error / expected - 1) < 0.375);
    e = take("share;fracture_hip>=1;;;male;70-70");
    assert_near(e.value, men);
    assert_true(fabs(e.error / sqrt(men * (1 - men) / EACH) - 1) < 0.375);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_correlation_is_pearsons, drop),
        cmocka_unit_test_teardown(a_correlation_with_age_runs_over_the_ages, drop),
        cmocka_unit_test_teardown(what_is_adjusted_for_no_longer_correlates, drop),
        cmocka_unit_test_teardown(age_and_its_square_are_adjusted_for, drop),
        cmocka_unit_test_teardown(tracking_is_the_correlation_with_oneself, drop),
        cmocka_unit_test_teardown(changes_that_go_together_correlate, drop),
        cmocka_unit_test_teardown(conditional_changes_leave_out_what_the_start_foretells, drop),
        cmocka_unit_test_teardown(odds_are_compared, drop),
        cmocka_unit_test_teardown(odds_within_strata_are_mantel_haenszels, drop),
        cmocka_unit_test_teardown(a_rate_ratio_of_one_stratum_is_that_of_the_rates, drop),
        cmocka_unit_test_teardown(a_rate_ratio_is_taken_within_strata, drop),
        cmocka_unit_test_teardown(a_person_may_stand_in_both_groups, drop),
        cmocka_unit_test_teardown(a_hazard_ratio_counts_the_first_event_and_keeps_the_group, drop),
        cmocka_unit_test_teardown(ratios_per_unit_are_found_by_newton, drop),
        cmocka_unit_test_teardown(sd_scores_are_taken_within_sex_and_age, drop),
        cmocka_unit_test_teardown(the_error_of_a_ratio_agrees_with_theory, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
