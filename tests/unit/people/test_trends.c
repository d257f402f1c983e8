/* Cohort trends: what a year of birth shifts. */
#include "support/near.h"

#include "people/trends.h"

static struct snw_trend list[] = {
    {SNW_TREND_HEIGHT, SNW_FEMALE, 2, 1950, 1980, NULL},
    {SNW_TREND_HEIGHT, SNW_N_SEXES, 1, 1970, 2000, NULL},
    {SNW_TREND_BMI, SNW_MALE, 5, 1960, 2060, NULL},
    {SNW_TREND_ACTIVITY, SNW_N_SEXES, -0.1, 1960, 1960, NULL},
    {SNW_TREND_MENOPAUSE, SNW_N_SEXES, 0.5, 1960, 2060, NULL},
};
static const struct snw_trends trends = {sizeof list / sizeof list[0], list};

static void a_shift_begins_at_a_year_of_birth_and_ends_at_another(void **state)
{
    (void)state;
    /* women: 2 cm a decade from 1950 to 1980, and 1 cm from 1970 to 2000 */
    static const struct {
        int born;
        double cm;
    } expected[] = {{1930, 0}, {1950, 0}, {1965, 3}, {1975, 5.5}, {1985, 7.5}, {2010, 9}};
    for (size_t k = 0; k < sizeof expected / sizeof expected[0]; k++)
        assert_near(snw_trend_shift_of(&trends, SNW_FEMALE, expected[k].born).height_cm,
                    expected[k].cm, 1e-6);
}

static void a_sex_has_its_own_and_those_of_both(void **state)
{
    (void)state;
    struct snw_trend_shift men = snw_trend_shift_of(&trends, SNW_MALE, 1985);
    assert_near(men.height_cm, 1.5, 1e-6);
    assert_near(men.bmi_ln, 0.125, 1e-7); /* 5 % a decade, two and a half of them */
    assert_near(snw_trend_shift_of(&trends, SNW_FEMALE, 1985).bmi_ln, 0, 0);
}

static void men_have_no_menopause_to_shift(void **state)
{
    (void)state;
    assert_near(snw_trend_shift_of(&trends, SNW_FEMALE, 1990).fmp_yr, 1.5, 1e-6);
    assert_near(snw_trend_shift_of(&trends, SNW_MALE, 1990).fmp_yr, 0, 0);
}

static void nothing_is_shifted_between_equal_years_or_without_trends(void **state)
{
    (void)state;
    assert_near(snw_trend_shift_of(&trends, SNW_FEMALE, 2010).activity_z, 0, 0);
    struct snw_trend_shift none = snw_trend_shift_of(NULL, SNW_FEMALE, 2010);
    assert_near(none.height_cm, 0, 0);
    assert_near(none.fmp_yr, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_begins_at_a_year_of_birth_and_ends_at_another),
        cmocka_unit_test(a_sex_has_its_own_and_those_of_both),
        cmocka_unit_test(men_have_no_menopause_to_shift),
        cmocka_unit_test(nothing_is_shifted_between_equal_years_or_without_trends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
