/* Measures of a sweep from round sums. */
#include "support/near.h"

#include <stdlib.h>

#include "experiment/sweeping.h"

static struct snw_ctx ctx;
static struct snw_totals totals;

static struct snw_cell *cell(int sex, int age, enum snw_measure m)
{
    return &totals.cells[(sex * SNW_N_AGES + age - SNW_AGE_FIRST) * SNW_N_MEASURES + (int)m];
}

static void put(int sex, int age, uint64_t alive, uint64_t falls, uint64_t squares)
{
    *cell(sex, age, SNW_M_alive) =
        (struct snw_cell){.n = alive, .sum = alive, .sum_squares = alive};
    *cell(sex, age, SNW_M_falls) =
        (struct snw_cell){.n = alive, .sum = falls, .sum_squares = squares};
}

/* Of 10 women 10, 5 and 4 live at 20, 21, 22 and fall 5, 5 and 2 times, squares 9, 9, 2; of 30 men
   all at 20 alone, who fall 15 times, squares 15. */
static int make_totals(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    if (snw_totals_init(&totals, 0, 0) != SNW_OK)
        return -1;
    put(SNW_FEMALE, 20, 10, 5, 9);
    put(SNW_FEMALE, 21, 5, 5, 9);
    put(SNW_FEMALE, 22, 4, 2, 2);
    put(SNW_MALE, 20, 30, 15, 15);
    return 0;
}

static int drop_totals(void **state)
{
    (void)state;
    snw_totals_free(&totals);
    return 0;
}

static double falls_of_a_life(int sex, int from, const double *weight, double *variance)
{
    const struct snw_gauge g = {.kind = SNW_GAUGE_LIFETIME,
                                .measure = SNW_M_falls,
                                .age_from = from,
                                .age_to = SNW_AGE_LAST,
                                .whole_lives = true};
    return snw_gauge_lifetime(&totals, &g, sex, weight, variance);
}

static void all_weigh(double *weight, double x)
{
    for (int i = 0; i < SNW_N_AGES; i++)
        weight[i] = x;
}

/* Women: (5 + 5 + 2)/10. Variance of a woman's years: .9 - .25, .9 - .25, .2 - .04; the second and
   third go together, as who lives at 22 lived at 21: E = (.5/.5) .2, less .5 x .2 makes .1, twice.
   In all 1.66, over 10 women. */
static void a_life_adds_up_over_those_who_begin_it(void **state)
{
    (void)state;
    double weight[SNW_N_AGES], variance;
    all_weigh(weight, 1);
    assert_near(falls_of_a_life(SNW_FEMALE, 20, weight, &variance), 1.2, 1e-12);
    assert_near(variance, 0.166, 1e-12);
    /* both: 27 falls of 40 people; of 30 men .5 - .25 each: (16.6 + 7.5)/1600 */
    assert_near(falls_of_a_life(SNW_N_SEXES, 20, weight, &variance), 27.0 / 40, 1e-12);
    assert_near(variance, 24.1 / 1600, 1e-12);
}

static void a_weight_counts_in_the_mean_and_twice_in_the_variance(void **state)
{
    (void)state;
    double weight[SNW_N_AGES], variance;
    all_weigh(weight, 0.5);
    assert_near(falls_of_a_life(SNW_FEMALE, 20, weight, &variance), 0.6, 1e-12);
    assert_near(variance, 0.166 / 4, 1e-12);
}

/* From 21 on: (5 + 2)/5. Of a woman 9/5 - 1, 2/5 - .16, and as all live at 21 nothing beside: 1.04,
   over 5. */
static void from_a_later_age_on_those_alive_at_it_count(void **state)
{
    (void)state;
    double weight[SNW_N_AGES], variance;
    all_weigh(weight, 1);
    assert_near(falls_of_a_life(SNW_FEMALE, 21, weight, &variance), 1.4, 1e-12);
    assert_near(variance, 0.208, 1e-12);
}

/* Women of 20 to 22: a mean of 12 in 19 birthdays, R = 12/19. z = x - R y adds up to -25/19, 35/19,
   -10/19; its squares, x^2 - 2 R x y + R^2 y^2, to 2409, 1689, 386, over 361. Were they others at
   each age, less z^2/n of each: 6.5, 4 and 1, together 11.5. Of the same women less z^2/10: 4484 -
   195, and what the later two share as one must live for them, 2 x 10 x 3.5/19 x (-1/19) x (1 -
   .5)/.5 = -70: 4219 over 361. And as what is a state lasts, twice the SDs of each two ages of
   those who live to the later: of variances .65, .8 and .25 in 10, 5 and 4. All over 19^2. */
static void a_mean_over_ages_counts_who_dies_and_that_states_last(void **state)
{
    (void)state;
    struct snw_gauge g = {.kind = SNW_GAUGE_OUTCOME,
                          .outcome = {.kind = SNW_OUTCOME_MEAN, .measure = SNW_M_falls, .n = 1},
                          .age_from = 20,
                          .age_to = 22};
    const double a = sqrt(0.65), b = sqrt(0.8), c = 0.5;
    double variance;
    assert_near(snw_gauge_outcome(&totals, &g, SNW_FEMALE, &variance), 12.0 / 19, 1e-12);
    assert_near(variance, 11.5 / 361, 1e-12);
    g.whole_lives = true;
    snw_gauge_outcome(&totals, &g, SNW_FEMALE, &variance);
    assert_near(variance * 361, 4219.0 / 361 + 2 * (5 * a * b + 4 * a * c + 4 * b * c), 1e-9);
}

static void of_nobody_nothing_is_known(void **state)
{
    (void)state;
    double weight[SNW_N_AGES], variance;
    all_weigh(weight, 1);
    assert_true(isnan(falls_of_a_life(SNW_MALE, 21, weight, &variance)));
    assert_true(isnan(variance));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_life_adds_up_over_those_who_begin_it),
        cmocka_unit_test(a_weight_counts_in_the_mean_and_twice_in_the_variance),
        cmocka_unit_test(from_a_later_age_on_those_alive_at_it_count),
        cmocka_unit_test(a_mean_over_ages_counts_who_dies_and_that_states_last),
        cmocka_unit_test(of_nobody_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, make_totals, drop_totals);
}
