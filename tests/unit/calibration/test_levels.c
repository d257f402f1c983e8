/* Operators that average, on people whose values can be worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "people.h"

/* Values are held in float: seven digits, of which a difference of a few per cent leaves five. */
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

/* Two women at 30. */
static void two(double a, double b)
{
    people(2);
    put(SNW_M_grip_kg, 0, 30, a);
    put(SNW_M_grip_kg, 1, 30, b);
}

static void a_mean_and_its_error_are_those_of_a_textbook(void **state)
{
    (void)state;
    two(30, 34);
    struct snw_estimate e = take("mean;grip_kg;;;both;30-30");
    assert_near(e.value, 32);
    assert_near(e.error, 2); /* SD 2.83 / sqrt 2 */
    assert_false(e.exact);
    assert_near(take("mean;grip_kg;;scale=-10;both;30-30").error, 20);
}

static void an_sd_divides_by_one_less(void **state)
{
    (void)state;
    two(30, 34);
    assert_near(value_of("sd;grip_kg;;;both;30-30"), sqrt(8));
}

static void a_median_of_an_even_number_lies_in_the_middle(void **state)
{
    (void)state;
    two(30, 34);
    assert_near(value_of("median;grip_kg;;;both;30-30"), 32);
    people(3);
    put(SNW_M_grip_kg, 0, 30, 50);
    put(SNW_M_grip_kg, 1, 30, 20);
    put(SNW_M_grip_kg, 2, 30, 21);
    struct snw_estimate e = take("median;grip_kg;;;both;30-30");
    assert_near(e.value, 21);
    /* without one each: 35.5, 35, 20.5; squares about their mean 145.1667, of which two thirds */
    assert_near(e.error, sqrt(145.0 + 1.0 / 6 - 145.1666666667 / 3));
}

static void a_share_counts_those_who_meet_all_conditions(void **state)
{
    (void)state;
    two(30, 34);
    assert_near(value_of("share;grip_kg<34;;;both;30-30"), 0.5);
    assert_near(value_of("share;grip_kg<=34;;;both;30-30"), 1);
    assert_near(value_of("share;grip_kg>29&grip_kg!=30;;;both;30-30"), 0.5);
}

static void a_rate_is_events_over_time_lived(void **state)
{
    (void)state;
    people(2);
    for (int age = 70; age <= 71; age++) {
        put(SNW_M_fracture_hip, 0, age, age == 71);
        put(SNW_M_person_years, 0, age, 1);
        put(SNW_M_falls, 0, age, 2);
    }
    put(SNW_M_fracture_hip, 1, 70, 0);
    put(SNW_M_person_years, 1, 70, 0.5);
    put(SNW_M_falls, 1, 70, 1);
    dies(1, 70.5);
    assert_near(value_of("rate;fracture_hip;;scale=1000;both;70-71"), 400); /* 1 in 2.5 years */
    assert_near(value_of("rate;fracture_hip;falls;;both;70-71"), 0.2);
}

static void a_sum_of_sites_is_a_quantity(void **state)
{
    (void)state;
    people(1);
    put(SNW_M_fracture_hip, 0, 70, 1);
    put(SNW_M_fracture_leg, 0, 70, 2);
    put(SNW_M_person_years, 0, 70, 1);
    assert_near(value_of("rate;fracture_hip+fracture_leg;;;both;70-70"), 3);
}

static void changes_between_two_ages_take_all_who_are_there(void **state)
{
    (void)state;
    people(3);
    put(SNW_M_asm_kg, 0, 50, 20);
    put(SNW_M_asm_kg, 1, 50, 24);
    put(SNW_M_asm_kg, 2, 50, 31);
    put(SNW_M_asm_kg, 0, 70, 18);
    put(SNW_M_asm_kg, 1, 70, 22);
    dies(2, 60.5);
    assert_near(value_of("change;asm_kg;;;both;50-70"), -5); /* 20 less 25 */
    assert_near(value_of("percent_change;asm_kg;;;both;50-70"), -20);
    assert_near(value_of("change;asm_kg;;statistic=median;both;50-70"), -4); /* 20 less 24 */
    assert_near(value_of("change;asm_kg;;scale=1000;both;50-70"), -5000);
}

static void changes_over_years_take_the_same_people(void **state)
{
    (void)state;
    people(3);
    put(SNW_M_asm_kg, 0, 50, 20);
    put(SNW_M_asm_kg, 1, 50, 24);
    put(SNW_M_asm_kg, 2, 50, 31);
    put(SNW_M_asm_kg, 0, 70, 18);
    put(SNW_M_asm_kg, 1, 70, 22);
    dies(2, 60.5);
    put(SNW_M_asm_kg, 2, 70, 31); /* the dead keep their last value in a result */
    assert_near(value_of("change;asm_kg;;years=20;both;50-50"), -2);
    assert_near(value_of("percent_change;asm_kg;;years=20;both;50-50"), 100 * (20.0 / 22 - 1));
}

static void a_share_of_a_loss_needs_three_ages(void **state)
{
    (void)state;
    people(1);
    put(SNW_M_ct_vbmd_mg_cm3, 0, 20, 100);
    put(SNW_M_ct_vbmd_mg_cm3, 0, 50, 90);
    put(SNW_M_ct_vbmd_mg_cm3, 0, 90, 50);
    assert_near(value_of("loss_share;ct_vbmd_mg_cm3;;at=50;both;20-90"), 20);
}

/* Four women who change by 0, 1, 2 and 5 % a year on the log scale, muscle twice as fast. */
static void four_slopes(void)
{
    static const double slope[] = {0, -1, -2, -5};
    people(4);
    for (size_t i = 0; i < 4; i++) {
        put(SNW_M_grip_kg, i, 70, 30);
        put(SNW_M_grip_kg, i, 80, 30 * exp(0.1 * slope[i]));
        put(SNW_M_asm_kg, i, 70, 20);
        put(SNW_M_asm_kg, i, 80, 20 * exp(0.2 * slope[i]));
    }
}

static void slopes_have_a_mean_a_median_and_a_spread(void **state)
{
    (void)state;
    four_slopes();
    assert_near(value_of("slope;grip_kg;;years=10 statistic=mean;both;70-70"), -2);
    assert_near(value_of("slope;grip_kg;;years=10 statistic=median;both;70-70"), -1.5);
    assert_near(value_of("slope;grip_kg;;years=10 statistic=sd;both;70-70"), sqrt(14.0 / 3));
    /* quartiles -3.5 and -0.5 */
    assert_near(value_of("slope;grip_kg;;years=10 statistic=iqr;both;70-70"), 3);
    assert_near(value_of("slope;grip_kg;asm_kg;years=10 statistic=mean;both;70-70"), 0.5);
}

/* Log density falls by 2 % a year from a year before the FMP to two years after, then by 0.5 %. */
static double log_density(double from_fmp)
{
    return from_fmp < -1  ? 0
           : from_fmp < 2 ? -0.02 * (from_fmp + 1)
                          : -0.06 - 0.005 * (from_fmp - 2);
}

static void a_woman_at_menopause(size_t i, double fmp)
{
    panel.fmp_age_yr[i] = fmp;
    for (int age = 40; age <= 65; age++)
        put(SNW_M_abmd_lumbar_spine_g_cm2, i, age, exp(log_density(age - fmp)));
}

static void the_loss_at_menopause_is_not_hidden_by_birthdays(void **state)
{
    (void)state;
    people(2);
    a_woman_at_menopause(0, 50.3);
    a_woman_at_menopause(1, 51.85);
    /* between the birthdays about the bends a straight line would give 0.3 % less */
    assert_near(value_of("around_fmp;abmd_lumbar_spine_g_cm2;;from_fmp=-1 to_fmp=2;female;42-60"),
                100 * (exp(-0.06) - 1));
    assert_near(value_of("around_fmp;abmd_lumbar_spine_g_cm2;;from_fmp=-5 to_fmp=5;female;42-60"),
                100 * (exp(-0.075) - 1));
}

static void the_loss_at_menopause_can_be_absolute(void **state)
{
    (void)state;
    people(1);
    panel.fmp_age_yr[0] = 50.4;
    for (int age = 40; age <= 65; age++) /* 0.01 a year, straight */
        put(SNW_M_abmd_lumbar_spine_g_cm2, 0, age, 1 - 0.01 * (age - 40));
    assert_near(value_of("around_fmp;abmd_lumbar_spine_g_cm2;;from_fmp=-1 to_fmp=2 as=absolute;"
                         "female;42-60"),
                -0.03);
}

static void losses_at_menopause_of_two_groups_are_compared(void **state)
{
    (void)state;
    people(2);
    a_woman_at_menopause(0, 50.3);
    panel.fmp_age_yr[1] = 50.9;
    put(SNW_M_activity_z, 0, 50, 1); /* at the birthday before the FMP */
    put(SNW_M_activity_z, 1, 50, 0);
    for (int age = 40; age <= 65; age++)
        put(SNW_M_abmd_lumbar_spine_g_cm2, 1, age, exp(-0.01 * age));
    assert_near(value_of("around_fmp;abmd_lumbar_spine_g_cm2;;from_fmp=-1 to_fmp=2 "
                         "among=activity_z=1 against=activity_z=0 compare=ratio;female;42-60"),
                (exp(-0.06) - 1) / (exp(-0.03) - 1));
}

static void women_without_two_birthdays_beyond_the_window_are_left_out(void **state)
{
    (void)state;
    people(2);
    a_woman_at_menopause(0, 50.3);
    a_woman_at_menopause(1, 50.3);
    dies(1, 53.9);
    struct snw_estimate e =
        take("around_fmp;abmd_lumbar_spine_g_cm2;;from_fmp=-1 to_fmp=2;female;42-60");
    assert_near(e.value, 100 * (exp(-0.06) - 1));
    assert_true(isnan(e.error)); /* one woman is no sample */
}

static void life_ends_at_the_98th_birthday(void **state)
{
    (void)state;
    people(2);
    dies(0, 40.5);
    assert_near(value_of("life_expectancy;;;;both;20-97"), (20.5 + 78) / 2);
    assert_near(value_of("life_expectancy;;;;both;50-97"), 48); /* of the one who is there */
}

/* Everybody's hazard of death is 0.1 a year. */
static void two_hips(void)
{
    people(2);
    cell(SNW_M_death, 0.1, 0.3, 1000);
    cell(SNW_M_alive, 1, 0, 1000);
    panel.cells.person_years = panel.cells.n[SNW_M_alive];
    event(0, 70.0, SNW_HIP);
    event(1, 75.0, SNW_FOREARM);
    event(1, 80.25, SNW_HIP);
    event(1, 85.0, SNW_HIP);
    dies(0, 70.5);
}

static void deaths_after_a_fracture_are_set_against_those_expected(void **state)
{
    (void)state;
    two_hips();
    /* expected in half a year and in a whole one: 0.05 + 0.1 */
    assert_near(value_of("deaths_ratio;;;site=hip after_from=0 after_to=1;both;50-97"), 1 / 0.15);
    assert_near(value_of("deaths_ratio;;;site=hip after_from=1 after_to=2;both;50-97"), 0);
    double expected = 100 * (1 - exp(-0.1));
    assert_near(value_of("excess_deaths;;;site=hip after_to=1;both;50-97"), 50 - expected);
    assert_near(value_of("excess_deaths;;;site=hip after_to=1;both;79-81"), -expected);
    panel.cells.person_years = NULL; /* lent */
}

static void without_cells_the_hazard_is_that_of_the_people(void **state)
{
    (void)state;
    people(4);
    event(0, 70.0, SNW_HIP);
    dies(0, 70.5);
    /* one death in 3.5 years lived at 70, and half of one of these after the fracture */
    assert_near(value_of("deaths_ratio;;;site=hip after_from=0 after_to=1;both;50-97"), 7);
}

static void a_horizon_that_cuts_the_window_leaves_the_person_out(void **state)
{
    (void)state;
    two_hips();
    struct snw_estimate e = take("excess_deaths;;;site=hip after_to=20;both;79-81");
    assert_true(isnan(e.value));
    assert_string_equal(e.reason, "too few people or events in the result");
    panel.cells.person_years = NULL;
}

static void groups_are_compared_three_ways(void **state)
{
    (void)state;
    people(3);
    panel.sex[1] = panel.sex[2] = SNW_MALE;
    put(SNW_M_grip_kg, 0, 30, 30);
    put(SNW_M_grip_kg, 1, 30, 44);
    put(SNW_M_grip_kg, 2, 30, 46);
    assert_near(value_of("mean;grip_kg;;among=sex=1 compare=ratio;both;30-30"), 1.5);
    assert_near(value_of("mean;grip_kg;;among=sex=1 against=sex=0 compare=percent;both;30-30"), 50);
    assert_near(value_of("mean;grip_kg;;among=sex=1 compare=difference;both;30-30"), 15);
    assert_near(value_of("mean;grip_kg;;;male;30-30"), 45);
    assert_near(value_of("mean;grip_kg;;;both;30-30;grip_kg<45"), 37);
}

static void ages_weigh_as_lived_evenly_or_as_in_a_census(void **state)
{
    (void)state;
    people(3);
    for (size_t i = 0; i < 3; i++) {
        put(SNW_M_grip_kg, i, 60, 30);
        put(SNW_M_grip_kg, i, 61, 24);
    }
    dies(1, 60.5);
    dies(2, 60.5);
    census.n = 1;
    census.year[0] = 2015;
    census.count[0][SNW_FEMALE][40] = 100;
    census.count[0][SNW_FEMALE][41] = 300;
    assert_near(value_of("mean;grip_kg;;;both;60-61;;lived"), 28.5); /* three and one */
    assert_near(value_of("mean;grip_kg;;;both;60-61;;even"), 27);
    assert_near(value_of("mean;grip_kg;;;both;60-61;;2015"), 25.5);
    assert_string_equal(take("mean;grip_kg;;;both;60-61;;2010").reason,
                        "needs the people of 2010 in a table of population");
}

static void cells_alone_give_levels_and_an_upper_bound_of_the_error(void **state)
{
    (void)state;
    people(0);
    cell(SNW_M_alive, 1, 0, 400);
    cell(SNW_M_grip_kg, 30, 8, 400);
    cell(SNW_M_fracture_hip, 0.01, 0.1, 400);
    panel.cells.person_years = panel.cells.n[SNW_M_alive];
    struct snw_estimate e = take("mean;grip_kg;;;both;60-79");
    assert_true(e.exact);
    assert_near(e.value, 30);
    assert_near(e.error, 0.4); /* 8 / sqrt 400 at every age, as if they moved together */
    assert_near(value_of("percent_change;grip_kg;;;both;60-79"), 0);
    assert_near(value_of("rate;fracture_hip;;scale=1000;both;60-79"), 10);
    e = take("sd;grip_kg;;;female;60-60");
    assert_near(e.value, 8);
    assert_near(e.error, 8 / sqrt(800));
    assert_near(value_of("life_expectancy;;;;female;60-97"), 38);
    assert_string_equal(take("median;grip_kg;;;both;60-79").reason,
                        "needs trajectories, with alive among their fields");
    panel.cells.person_years = NULL;
}

static void shares_of_a_code_come_from_its_levels(void **state)
{
    (void)state;
    people(0);
    cell(SNW_M_alive, 1, 0, 400);
    cell(SNW_M_frailty, 0.6, 0.7, 400);
    double share[SNW_N_SEXES * SNW_N_AGES * SNW_LEVELS];
    for (int i = 0; i < SNW_N_SEXES * SNW_N_AGES; i++) {
        share[4 * i] = 0.55;
        share[4 * i + 1] = 0.3;
        share[4 * i + 2] = 0.15;
        share[4 * i + 3] = 0;
    }
    panel.cells.share[SNW_M_frailty] = share;
    assert_near(value_of("share;frailty=2;;;both;60-79"), 0.15);
    assert_near(value_of("share;frailty>=1;;;both;60-79"), 0.45);
    panel.cells.share[SNW_M_frailty] = NULL; /* ours */
}

static void the_error_of_an_exact_value_is_that_of_people_scaled_by_numbers(void **state)
{
    (void)state;
    two(30, 34);
    cell(SNW_M_alive, 1, 0, 200);
    cell(SNW_M_grip_kg, 31, 3, 200);
    struct snw_estimate e = take("mean;grip_kg;;;female;30-30");
    assert_true(e.exact);
    assert_near(e.value, 31);
    assert_near(e.error, 0.2); /* 2 with two people, a tenth of it with two hundred */
    assert_false(take("mean;grip_kg;;;female;30-30;grip_kg<40").exact); /* a condition on persons */
}

static void an_instrument_adds_its_error_and_the_same_every_time(void **state)
{
    (void)state;
    enum { N = 4000 };
    people(N);
    for (size_t i = 0; i < N; i++)
        put(SNW_M_grip_kg, i, 30, 30);
    assert_near(value_of("sd;ln.grip_kg;;;both;30-30"), 0);
    double sd = value_of("sd;ln.grip_kg;;;both;30-30;;;0.1");
    /* standard error of an SD 0.1 / sqrt(2 x 4000) = 0.0011; four of them */
    assert_true(fabs(sd - 0.1) < 0.0045);
    assert_true(sd == value_of("sd;ln.grip_kg;;;both;30-30;;;0.1"));
    /* those of two instruments too: r within four times 1 / sqrt 4000 */
    for (size_t i = 0; i < N; i++)
        put(SNW_M_gait_m_s, i, 30, 1);
    assert_true(fabs(value_of("correlation;ln.grip_kg;ln.gait_m_s;;both;30-30;;;0.1 0.1")) < 0.064);
    /* the errors of two birthdays are strangers: the SD of a change is sqrt 2 times as large */
    for (size_t i = 0; i < N; i++)
        put(SNW_M_grip_kg, i, 40, 30);
    double change = value_of("slope;grip_kg;;years=10 statistic=sd;both;30-30;;;0.1");
    assert_true(fabs(change - 10 * 0.1 * sqrt(2)) < 0.064);
}

static void years_of_one_person_are_not_taken_for_independent(void **state)
{
    (void)state;
    people(2);
    put_all(SNW_M_grip_kg, 0, 30);
    put_all(SNW_M_grip_kg, 1, 34);
    assert_near(take("mean;grip_kg;;;both;20-97").error, 2); /* as from one birthday */
}

static void rows_of_one_person_are_left_out_together(void **state)
{
    (void)state;
    people(4);
    for (size_t i = 0; i < 4; i++)
        panel.person[i] = (uint32_t)(i / 2);
    put(SNW_M_grip_kg, 0, 30, 30);
    put(SNW_M_grip_kg, 1, 30, 30);
    put(SNW_M_grip_kg, 2, 30, 34);
    put(SNW_M_grip_kg, 3, 30, 34);
    assert_near(take("mean;grip_kg;;;both;30-30").error, 2);
}

static void what_a_panel_lacks_is_named(void **state)
{
    (void)state;
    two(30, 34);
    assert_string_equal(take("median;gait_m_s;;;both;30-30").reason,
                        "needs trajectories of gait_m_s");
    assert_string_equal(take("rate;fracture_hip;;;both;30-30").reason,
                        "needs trajectories of fracture_hip");
    assert_string_equal(take("excess_deaths;;;site=hip after_to=1;both;79-81").reason,
                        "needs events, for exact times of fractures and deaths");
    assert_string_equal(take("mean;grip_kg;;;both;40-40").reason,
                        "too few people or events in the result");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_mean_and_its_error_are_those_of_a_textbook, drop),
        cmocka_unit_test_teardown(an_sd_divides_by_one_less, drop),
        cmocka_unit_test_teardown(a_median_of_an_even_number_lies_in_the_middle, drop),
        cmocka_unit_test_teardown(a_share_counts_those_who_meet_all_conditions, drop),
        cmocka_unit_test_teardown(a_rate_is_events_over_time_lived, drop),
        cmocka_unit_test_teardown(a_sum_of_sites_is_a_quantity, drop),
        cmocka_unit_test_teardown(changes_between_two_ages_take_all_who_are_there, drop),
        cmocka_unit_test_teardown(changes_over_years_take_the_same_people, drop),
        cmocka_unit_test_teardown(a_share_of_a_loss_needs_three_ages, drop),
        cmocka_unit_test_teardown(slopes_have_a_mean_a_median_and_a_spread, drop),
        cmocka_unit_test_teardown(the_loss_at_menopause_is_not_hidden_by_birthdays, drop),
        cmocka_unit_test_teardown(the_loss_at_menopause_can_be_absolute, drop),
        cmocka_unit_test_teardown(losses_at_menopause_of_two_groups_are_compared, drop),
        cmocka_unit_test_teardown(women_without_two_birthdays_beyond_the_window_are_left_out, drop),
        cmocka_unit_test_teardown(life_ends_at_the_98th_birthday, drop),
        cmocka_unit_test_teardown(deaths_after_a_fracture_are_set_against_those_expected, drop),
        cmocka_unit_test_teardown(without_cells_the_hazard_is_that_of_the_people, drop),
        cmocka_unit_test_teardown(a_horizon_that_cuts_the_window_leaves_the_person_out, drop),
        cmocka_unit_test_teardown(groups_are_compared_three_ways, drop),
        cmocka_unit_test_teardown(ages_weigh_as_lived_evenly_or_as_in_a_census, drop),
        cmocka_unit_test_teardown(cells_alone_give_levels_and_an_upper_bound_of_the_error, drop),
        cmocka_unit_test_teardown(shares_of_a_code_come_from_its_levels, drop),
        cmocka_unit_test_teardown(the_error_of_an_exact_value_is_that_of_people_scaled_by_numbers,
                                  drop),
        cmocka_unit_test_teardown(an_instrument_adds_its_error_and_the_same_every_time, drop),
        cmocka_unit_test_teardown(years_of_one_person_are_not_taken_for_independent, drop),
        cmocka_unit_test_teardown(rows_of_one_person_are_left_out_together, drop),
        cmocka_unit_test_teardown(what_a_panel_lacks_is_named, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
