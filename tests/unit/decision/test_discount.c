/* Discounting in continuous time. */
#include "support/near.h"

#include "decision/benefit.h"
#include "numerics/discount.h"

static void a_flow_of_one_year_has_the_closed_form(void **state)
{
    (void)state;
    /* (1 - 1/1.03)/ln 1.03 = .0291262136/.0295588022 */
    assert_near(snw_present_value(0.03, 0, 1), 0.985365151, 1e-8);
    assert_near(snw_present_value(0.03, 0, 1), (1 - 1 / 1.03) / log(1.03), 1e-14);
    assert_near(snw_present_value(0.05, 10, 11), pow(1.05, -10) * (1 - 1 / 1.05) / log(1.05),
                1e-14);
}

static void the_rate_is_the_annual_effective_one(void **state)
{
    (void)state;
    double year = snw_present_value(0.03, 0, 1);
    assert_near(snw_present_value(0.03, 1, 2), year / 1.03, 1e-14);
    assert_near(snw_present_value(0.03, 20, 21), year / pow(1.03, 20), 1e-14);
    assert_true(fabs(snw_present_value(0.03, 20, 21) - year * pow(0.97, 20)) > 0.005);
}

static void years_add_up(void **state)
{
    (void)state;
    double sum = 0;
    for (int a = 0; a < 78; a++)
        sum += snw_present_value(0.015, a, a + 1);
    assert_near(sum, snw_present_value(0.015, 0, 78), 1e-11);
    /* for ever: 1/ln 1.03 */
    assert_near(snw_present_value(0.03, 0, 2000), 1 / log(1.03), 1e-12);
}

static void without_a_rate_a_year_is_a_year(void **state)
{
    (void)state;
    assert_near(snw_present_value(0, 7, 9.5), 2.5, 0);
    assert_near(snw_present_value(1e-9, 7, 9.5), 2.5, 1e-6);
}

static void the_population_is_everyone_who_faces_the_decision(void **state)
{
    (void)state;
    assert_near(snw_population_value(20, 1000, 5, 0), 100000, 0);
    assert_near(snw_population_value(20, 1000, 1, 0.03), 19707.303, 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_of_one_year_has_the_closed_form),
        cmocka_unit_test(the_rate_is_the_annual_effective_one),
        cmocka_unit_test(years_add_up),
        cmocka_unit_test(without_a_rate_a_year_is_a_year),
        cmocka_unit_test(the_population_is_everyone_who_faces_the_decision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
