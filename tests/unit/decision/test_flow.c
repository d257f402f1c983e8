/* Totals a person of flows by year of age, from round numbers. */
#include "support/near.h"

#include "decision/flow.h"

/* Women: 10, 5 and 0 live at the three ages and have 100 and 200 a year; men: 30, 20 and 10 live
   and have 10, 20 and 40. The last year is worth a quarter, the one before a half. */
static const double people[6] = {10, 5, 0, 30, 20, 10};
static const double each[6] = {100, 200, NAN, 10, 20, 40};
static const double whole[3] = {1, 1, 1}, halved[3] = {1, 0.5, 0.25};

static struct snw_flow flow_from(size_t from, const double *weight)
{
    return (struct snw_flow){
        .n_ages = 3, .from = from, .weight = weight, .people = people, .flow = each, .step = 1};
}

static void a_total_is_that_of_who_lives_at_the_first_age(void **state)
{
    (void)state;
    struct snw_flow f = flow_from(0, whole);
    assert_near(snw_flow_total(&f, SNW_WOMEN), 200, 1e-12);       /* (1000 + 1000)/10 */
    assert_near(snw_flow_total(&f, SNW_MEN), 1100.0 / 30, 1e-12); /* 300 + 400 + 400 */
    assert_near(snw_flow_total(&f, SNW_BOTH), 3100.0 / 40, 1e-12);
    assert_near(snw_flow_people(&f, SNW_BOTH), 40, 0);
    f = flow_from(1, whole);
    assert_near(snw_flow_total(&f, SNW_WOMEN), 200, 1e-12); /* 1000/5 */
    assert_near(snw_flow_total(&f, SNW_MEN), 40, 1e-12);    /* 800/20 */
    assert_near(snw_flow_total(&f, SNW_BOTH), 72, 1e-12);   /* 1800/25 */
    assert_near(snw_flow_people(&f, SNW_BOTH), 25, 0);
}

static void years_weigh_from_the_first_age_on(void **state)
{
    (void)state;
    struct snw_flow f = flow_from(0, halved);
    assert_near(snw_flow_total(&f, SNW_WOMEN), 150, 1e-12); /* (1000 + 500)/10 */
    assert_near(snw_flow_total(&f, SNW_MEN), 20, 1e-12);    /* (300 + 200 + 100)/30 */
    f = flow_from(1, halved);
    assert_near(snw_flow_total(&f, SNW_WOMEN), 200, 1e-12);
    assert_near(snw_flow_total(&f, SNW_MEN), 30, 1e-12); /* (400 + 200)/20 */
}

static void what_is_of_all_people_is_not_multiplied_by_them(void **state)
{
    (void)state;
    struct snw_flow f = flow_from(0, whole);
    f.of_all = true;
    assert_near(snw_flow_total(&f, SNW_WOMEN), 30, 1e-12);      /* 300/10 */
    assert_near(snw_flow_total(&f, SNW_MEN), 70.0 / 30, 1e-12); /* 10 + 20 + 40 */
}

static void of_several_values_a_year_every_other_is_taken(void **state)
{
    (void)state;
    const double pairs[12] = {100, 1, 200, 2, NAN, NAN, 10, 3, 20, 4, 40, 5};
    struct snw_flow f = flow_from(0, whole);
    f.step = 2;
    f.flow = pairs;
    assert_near(snw_flow_total(&f, SNW_WOMEN), 200, 1e-12);
    f.flow = pairs + 1;
    assert_near(snw_flow_total(&f, SNW_MEN), (90 + 80 + 50) / 30.0, 1e-12);
}

static void where_nobody_lives_there_is_no_total(void **state)
{
    (void)state;
    struct snw_flow f = flow_from(2, whole);
    assert_true(isnan(snw_flow_total(&f, SNW_WOMEN)));
    assert_near(snw_flow_total(&f, SNW_BOTH), 40, 1e-12);
}

static void weights_are_present_values_of_a_year(void **state)
{
    (void)state;
    double weight[3];
    snw_flow_weights(0, 3, weight);
    assert_near(weight[2], 1, 0);
    snw_flow_weights(0.03, 3, weight);
    assert_near(weight[0], 0.985365151, 1e-8); /* (1 - 1/1.03)/ln 1.03 */
    assert_near(weight[2], weight[0] / (1.03 * 1.03), 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_total_is_that_of_who_lives_at_the_first_age),
        cmocka_unit_test(years_weigh_from_the_first_age_on),
        cmocka_unit_test(what_is_of_all_people_is_not_multiplied_by_them),
        cmocka_unit_test(of_several_values_a_year_every_other_is_taken),
        cmocka_unit_test(where_nobody_lives_there_is_no_total),
        cmocka_unit_test(weights_are_present_values_of_a_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
