/* Totals of lives from round sums, and where a result tells them. */
#include "support/near.h"

#include <stdlib.h>
#include <string.h>

#include "experiment/economics.h"
#include "experiment/paired.h"

static struct snw_ctx ctx;
static struct snw_settings settings;
static struct snw_totals totals[2];
static struct snw_world world;

static struct snw_cell *cell(size_t scenario, int sex, int age, enum snw_measure m)
{
    size_t at = (size_t)(sex * SNW_N_AGES + age - SNW_AGE_FIRST);
    return &totals[scenario].cells[at * SNW_N_MEASURES + m];
}

/* People alive, the whole year's cost of all in cents, and time lived in 2e-5 of a year. */
static void put(size_t scenario, int sex, int age, uint64_t alive, uint64_t cents, uint64_t time)
{
    *cell(scenario, sex, age, SNW_M_alive) = (struct snw_cell){.n = alive, .sum = alive};
    *cell(scenario, sex, age, SNW_M_cost) = (struct snw_cell){.n = alive, .sum = cents};
    *cell(scenario, sex, age, SNW_M_person_years) = (struct snw_cell){.n = alive, .sum = time};
    size_t at = (size_t)(sex * SNW_N_AGES + age - SNW_AGE_FIRST) * SNW_N_COST_PARTS;
    totals[scenario].costs[at + SNW_COST_HIP] = cents / 4;
    totals[scenario].costs[at + SNW_COST_FRAILTY] = cents;
}

/* Of 10 women 10 live at 20 and 5 at 21, those who die lived half a year; they cost 1,000 and 1,000
   in all. Nobody is a man. In the other scenario 6 live at 21, for 1,200. Costs are worth half
   after a year: 1 year at the rate of 1 is worth (1 - 1/2)/ln 2. */
static int make_world(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    settings = (struct snw_settings){.mode = SNW_MODE_BIRTH_COHORT,
                                     .measures = {.all = true},
                                     .cost_parts = true,
                                     .discount_from = 20,
                                     .discount_costs = 1};
    world = (struct snw_world){.settings = &settings, .n_scenarios = 2};
    if (snw_totals_init(&totals[0], 0, 0) != SNW_OK ||
        snw_totals_init(&totals[1], 0, 0) != SNW_OK ||
        snw_outcomes_new(&ctx, &settings, &world.outcomes) != SNW_OK)
        return -1;
    for (size_t s = 0; s < 2; s++)
        put(s, SNW_FEMALE, 20, 10, 100000, (10 * 50000) - (5 - s) * 25000);
    put(0, SNW_FEMALE, 21, 5, 100000, 5 * 25000);
    put(1, SNW_FEMALE, 21, 6, 120000, 6 * 25000);
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    snw_totals_free(&totals[0]);
    snw_totals_free(&totals[1]);
    free(world.outcomes);
    return 0;
}

enum { N = SNW_SEX_LABELS };

/* @return the scenario that others live in at the first age, 0 where none is */
static size_t total(const char *name, double *whole, double *discounted)
{
    struct snw_lives lives = {&world, totals, NULL, 1, 0};
    double *const values[2] = {whole, discounted};
    for (size_t i = 0; i < SNW_LIVES_SUMS; i++)
        if (strcmp(snw_lives_sums[i].name, name) == 0)
            assert_int_equal(snw_lives_total(&ctx, &lives, &snw_lives_sums[i], values), SNW_OK);
    return lives.unlike;
}

static void costs_of_all_years_are_those_of_who_begins(void **state)
{
    (void)state;
    double whole[2 * N], discounted[2 * N], year = 0.5 / log(2);
    assert_int_equal(total("cost", whole, discounted), 0);
    assert_near(whole[0], 200, 1e-9); /* (1000 + 1000)/10 */
    assert_near(whole[N], 220, 1e-9);
    assert_near(discounted[0], 150 * year, 1e-9); /* (1000 + 500)/10 */
    assert_near(discounted[N], 160 * year, 1e-9);
}

static void a_sex_that_nobody_is_of_has_no_total_and_adds_none(void **state)
{
    (void)state;
    double whole[2 * N], discounted[2 * N];
    total("cost", whole, discounted);
    assert_true(isnan(whole[SNW_MALE]) && isnan(discounted[SNW_MALE]));
    assert_near(whole[SNW_N_SEXES], whole[SNW_FEMALE], 0);
}

/* 10 - 5/2 + 5/2 years, and with a survivor more 10 - 4/2 + 6/2; at the rate of QALYs, which is 0.
 */
static void years_lived_are_added_up_as_they_are(void **state)
{
    (void)state;
    double whole[2 * N], discounted[2 * N];
    total("life_years", whole, discounted);
    assert_near(whole[0], 1.0, 1e-12);
    assert_near(whole[N], 1.1, 1e-12);
    assert_near(discounted[N], 1.1, 1e-12);
}

static void parts_and_ledgers_are_told_apart(void **state)
{
    (void)state;
    double whole[2 * N * SNW_N_COST_PARTS], discounted[2 * N * SNW_N_COST_PARTS];
    total("cost_by_part", whole, discounted);
    assert_near(whole[SNW_COST_HIP], 50, 1e-9);
    assert_near(whole[SNW_COST_FRAILTY], 200, 1e-9);
    assert_near(whole[SNW_COST_TESTS], 0, 0);
    total("cost_by_ledger", whole, discounted);
    assert_near(whole[SNW_LEDGER_EVENT], 50, 1e-9);
    assert_near(whole[SNW_LEDGER_FRAILTY], 200, 1e-9);
    assert_near(whole[N * SNW_N_LEDGERS + SNW_LEDGER_FRAILTY], 220, 1e-9);
}

/* From 21 on 5 live in one and 6 in the other: 1000/5, 1200/6. */
static void people_who_differ_from_earlier_on_are_noticed(void **state)
{
    (void)state;
    double whole[2 * N], discounted[2 * N];
    settings.discount_from = 21;
    assert_int_equal(total("cost", whole, discounted), 1);
    settings.discount_from = 20;
    assert_near(whole[0], 200, 1e-9);
    assert_near(whole[N], 200, 1e-9);
}

static void only_lives_that_are_followed_have_totals(void **state)
{
    (void)state;
    struct snw_world one = world;
    struct snw_settings of = settings;
    one.settings = &of;
    one.n_scenarios = 1;
    assert_true(snw_economics_applies(&one));
    one.sweep = (struct snw_sweeping *)&of; /* it is not looked into */
    assert_false(snw_economics_applies(&one));
    one.sweep = NULL;
    of.mode = SNW_MODE_STUDY;
    assert_false(snw_economics_applies(&one));
    of.mode = SNW_MODE_OPEN;
    assert_false(snw_economics_applies(&one));
    of.mode = SNW_MODE_CROSS_SECTION;
    one.n_scenarios = 2;
    one.population.years = 1; /* that in which people are met */
    assert_false(snw_economics_applies(&one));
    one.population.years = 6;
    assert_true(snw_economics_applies(&one));
    one.n_scenarios = 1;
    assert_false(snw_economics_applies(&one));
}

/* Rows hold a measure's statistics one after the other: of fractures, which are events, 6. */
static void places_of_paired_statistics_follow_each_other(void **state)
{
    (void)state;
    const size_t step = 2 * N;
    assert_int_equal(snw_paired_place(&world, SNW_P_fractures, SNW_PAIRED_DIFFERENCE), 0);
    assert_int_equal(snw_paired_place(&world, SNW_P_fractures, SNW_PAIRED_TOTAL), step);
    assert_int_equal(snw_paired_place(&world, SNW_P_fracture_hip, SNW_PAIRED_DIFFERENCE), 6 * step);
    assert_int_equal(snw_paired_place(&world, SNW_P_cost_interventions_discounted, SNW_PAIRED_MORE),
                     snw_paired_row_values(&world) - step);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_of_all_years_are_those_of_who_begins),
        cmocka_unit_test(a_sex_that_nobody_is_of_has_no_total_and_adds_none),
        cmocka_unit_test(years_lived_are_added_up_as_they_are),
        cmocka_unit_test(parts_and_ledgers_are_told_apart),
        cmocka_unit_test(people_who_differ_from_earlier_on_are_noticed),
        cmocka_unit_test(only_lives_that_are_followed_have_totals),
        cmocka_unit_test(places_of_paired_statistics_follow_each_other),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
