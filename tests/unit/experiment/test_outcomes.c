/* Estimates from round sums: values, Monte Carlo variances, and which of them are asked for. */
#include "support/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/outcomes.h"

enum { WOMEN_70 = 50, WOMEN_20 = 0 };

static struct snw_ctx ctx;
static struct snw_settings settings;
static struct snw_outcomes *all;
static struct snw_totals totals;

static struct snw_cell *cell(size_t at, enum snw_measure m)
{
    return &totals.cells[at * SNW_N_MEASURES + m];
}

/* Of 10 women who began, 4 are alive at 70; one dies after a half year, the time lived is 3.5
   years. Two fall, once and three times. Levels of frailty: 1, 2, 1 and 0 women. Their grip is 10,
   10, 20 and 20 kg, in units of .002 kg. */
static int make_totals(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    settings = (struct snw_settings){.measures = {.all = true}};
    if (snw_totals_init(&totals, 0, 0) != SNW_OK ||
        snw_outcomes_new(&ctx, &settings, &all) != SNW_OK)
        return -1;
    *cell(WOMEN_20, SNW_M_alive) = (struct snw_cell){.n = 10, .sum = 10, .sum_squares = 10};
    *cell(WOMEN_70, SNW_M_alive) = (struct snw_cell){.n = 4, .sum = 4, .sum_squares = 4};
    *cell(WOMEN_70, SNW_M_person_years) =
        (struct snw_cell){.n = 4, .sum = 175000, .sum_squares = 3 * 2500000000 + 625000000};
    *cell(WOMEN_70, SNW_M_death) = (struct snw_cell){.n = 4, .sum = 1, .sum_squares = 1};
    *cell(WOMEN_70, SNW_M_falls) = (struct snw_cell){.n = 4, .sum = 4, .sum_squares = 10};
    *cell(WOMEN_70, SNW_M_fracture_vertebral) =
        (struct snw_cell){.n = 4, .sum = 2, .sum_squares = 2};
    *cell(WOMEN_70, SNW_M_frailty) = (struct snw_cell){.n = 4, .sum = 4, .sum_squares = 6};
    *cell(WOMEN_70, SNW_M_grip_kg) =
        (struct snw_cell){.n = 4, .sum = 30000, .sum_squares = 250000000};
    uint32_t *levels =
        totals.levels + (WOMEN_70 * SNW_N_CODES + SNW_M_frailty - SNW_N_STATES) * SNW_LEVELS;
    levels[0] = 1;
    levels[1] = 2;
    levels[2] = 1;
    return 0;
}

static int drop_totals(void **state)
{
    (void)state;
    snw_totals_free(&totals);
    free(all);
    return 0;
}

static const struct snw_outcome *named(const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->list[i].name, name) == 0)
            return &all->list[i];
    fail_msg("no outcome %s", name);
    return NULL;
}

static double value(const char *name, size_t k)
{
    return snw_outcome_value(named(name), &totals, WOMEN_70, k);
}

static double variance(const char *name, size_t k)
{
    return snw_outcome_variance(named(name), &totals, WOMEN_70, k, true);
}

static void means_vary_as_their_people_do(void **state)
{
    (void)state;
    assert_near(value("grip_kg", 0), 15, 1e-12);
    assert_near(variance("grip_kg", 0), (4 * 25.0 / 3) / 4, 1e-12);
    assert_near(value("falls", 0), 1, 1e-12);
    assert_near(variance("falls", 0), ((10 - 4) / 3.0) / 4, 1e-12);
}

static void shares_vary_as_a_mean_of_noughts_and_ones(void **state)
{
    (void)state;
    assert_near(value("frailty_share", 0), 0.25, 0);
    assert_near(value("frailty_share", 1), 0.5, 0);
    assert_near(value("frailty_share", 3), 0, 0);
    assert_near(variance("frailty_share", 0), 0.25 * 0.75 / 3, 1e-15);
    assert_near(variance("frailty_share", 3), 0, 0);
}

static void rates_vary_as_their_events_do(void **state)
{
    (void)state;
    assert_near(value("person_years", 0), 3.5, 1e-12);
    assert_near(value("falls_per_1000_py", 0), 4000 / 3.5, 1e-9);
    assert_near(variance("falls_per_1000_py", 0), 1e6 * (4 * 2.0) / (3.5 * 3.5), 1e-6);
    assert_near(value("fracture_per_1000_py", SNW_VERTEBRAL), 2000 / 3.5, 1e-9);
    assert_near(value("fracture_per_1000_py", SNW_HIP), 0, 0);
    /* 4 x the variance of 0 0 1 1: 4 x 1/3 */
    assert_near(variance("fracture_per_1000_py", SNW_VERTEBRAL), 1e6 * (4 / 3.0) / (3.5 * 3.5),
                1e-6);
    assert_near(value("death_per_1000_py", 0), 1000 / 3.5, 1e-9);
    assert_near(variance("death_per_1000_py", 0), 1e6 / (3.5 * 3.5), 1e-6);
}

/* Over 10 women: 4 lived 1 and .5 years, 6 none. */
static void totals_vary_over_all_who_began(void **state)
{
    (void)state;
    assert_near(value("alive_n", 0), 4, 0);
    assert_near(variance("alive_n", 0), 10 * 0.4 * 0.6, 1e-12);
    assert_near(variance("person_years", 0), 3.25 - 3.5 * 3.5 / 10, 1e-12);
    /* where people are met at that age all are there */
    assert_near(snw_outcome_variance(named("alive_n"), &totals, WOMEN_70, 0, false), 0, 0);
    assert_near(snw_outcome_variance(named("person_years"), &totals, WOMEN_70, 0, false),
                3.25 - 3.5 * 3.5 / 4, 1e-12);
}

static void nobody_tells_nothing(void **state)
{
    (void)state;
    const size_t men_70 = SNW_N_AGES + 50;
    assert_true(isnan(snw_outcome_value(named("grip_kg"), &totals, men_70, 0)));
    assert_true(isnan(snw_outcome_value(named("falls_per_1000_py"), &totals, men_70, 0)));
    assert_true(isnan(snw_outcome_value(named("frailty_share"), &totals, men_70, 1)));
    assert_true(isnan(snw_outcome_variance(named("grip_kg"), &totals, men_70, 0, true)));
    assert_true(isnan(snw_outcome_variance(named("frailty_share"), &totals, men_70, 1, true)));
    assert_near(snw_outcome_value(named("alive_n"), &totals, men_70, 0), 0, 0);
    assert_near(snw_outcome_variance(named("alive_n"), &totals, men_70, 0, true), 0, 0);
}

static void values_have_places_of_their_own(void **state)
{
    (void)state;
    size_t at = 0;
    for (size_t i = 0; i < all->n; i++) {
        assert_int_equal(all->list[i].first, at);
        assert_int_equal(all->list[i].n,
                         all->list[i].along ? (all->list[i].along[0] == 's' ? 6 : 4) : 1);
        at += all->list[i].n;
    }
    assert_int_equal(all->n_values, at);
}

static void only_what_is_asked_for_is_there(void **state)
{
    (void)state;
    char grip[] = "grip_kg", frailty[] = "frailty", share[] = "frailty_share", cost[] = "cost";
    char *measures[] = {grip, frailty}, *kept[] = {share, cost};
    struct snw_outcomes *few;
    const struct snw_settings some = {.measures = {.n = 2, .name = measures},
                                      .per_draw = {.n = 2, .name = kept}};
    assert_int_equal(snw_outcomes_new(&ctx, &some, &few), SNW_OK);
    size_t n_kept = 0, n_means = 0;
    for (size_t i = 0; i < few->n; i++) {
        n_kept += few->list[i].per_draw;
        n_means += few->list[i].kind == SNW_OUTCOME_MEAN;
        if (few->list[i].per_draw)
            assert_string_equal(few->list[i].name, "frailty_share");
    }
    assert_int_equal(n_kept, 1); /* cost may be kept but was not asked for */
    assert_int_equal(n_means, 2);
    assert_int_equal(few->n, 2 + 7 + 2 + 1); /* counts, rates, means, a share */
    free(few);
}

/* Four women cost 4 USD by hip fractures, 8 by frailty and 12 by the rest of their care beside
 * events. */
static void costs_by_part_and_ledger_are_those_of_a_person(void **state)
{
    (void)state;
    const struct snw_settings some = {.measures = {.all = true}, .cost_parts = true};
    struct snw_outcomes *with;
    uint64_t *cents = totals.costs + WOMEN_70 * SNW_N_COST_PARTS;
    cents[SNW_COST_HIP] = 400;
    cents[SNW_COST_FRAILTY] = 800;
    cents[SNW_COST_BACKGROUND_EVENT] = 1200;
    assert_int_equal(snw_outcomes_new(&ctx, &some, &with), SNW_OK);
    assert_int_equal(with->n, all->n + 2);
    const struct snw_outcome *part = &with->list[all->n], *ledger = &with->list[all->n + 1];
    assert_string_equal(part->name, "cost_by_part");
    assert_string_equal(ledger->name, "cost_by_ledger");
    assert_near(snw_outcome_value(part, &totals, WOMEN_70, SNW_COST_HIP), 1, 0);
    assert_near(snw_outcome_value(part, &totals, WOMEN_70, SNW_COST_FRAILTY), 2, 0);
    assert_near(snw_outcome_value(part, &totals, WOMEN_70, SNW_COST_DISABILITY), 0, 0);
    assert_near(snw_outcome_value(ledger, &totals, WOMEN_70, SNW_LEDGER_EVENT), 4, 0);
    assert_near(snw_outcome_value(ledger, &totals, WOMEN_70, SNW_LEDGER_FRAILTY), 2, 0);
    assert_near(snw_outcome_value(ledger, &totals, WOMEN_70, SNW_LEDGER_DISABILITY), 0, 0);
    assert_true(isnan(snw_outcome_value(part, &totals, WOMEN_20 + 1, SNW_COST_HIP)));
    free(with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_vary_as_their_people_do),
        cmocka_unit_test(shares_vary_as_a_mean_of_noughts_and_ones),
        cmocka_unit_test(rates_vary_as_their_events_do),
        cmocka_unit_test(totals_vary_over_all_who_began),
        cmocka_unit_test(nobody_tells_nothing),
        cmocka_unit_test(values_have_places_of_their_own),
        cmocka_unit_test(only_what_is_asked_for_is_there),
        cmocka_unit_test(costs_by_part_and_ledger_are_those_of_a_person),
    };
    return cmocka_run_group_tests(tests, make_totals, drop_totals);
}
