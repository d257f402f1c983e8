/* Books of people and years: balanced ones pass, and each error in them is named. */
#include "support/near.h"

#include <string.h>

#include "experiment/accounting.h"

enum { PEOPLE = 10, A_YEAR = 50000 };

/* Measures that are known of everybody alive. */
static const enum snw_measure each[] = {SNW_M_alive,
                                        SNW_M_falls,
                                        SNW_M_death,
                                        SNW_M_person_years,
                                        SNW_M_cost,
                                        SNW_M_qaly,
                                        SNW_M_cost_interventions};

static struct snw_ctx ctx;
static struct snw_settings settings;
static struct snw_scenario scenarios[2];
static struct snw_world world;
static struct snw_totals totals[2];

static struct snw_cell *cell(int s, int age, enum snw_measure m)
{
    return &totals[s].cells[(size_t)(age - SNW_AGE_FIRST) * SNW_N_MEASURES + m];
}

static struct snw_paired_sum *life(int s, enum snw_paired m)
{
    return &totals[s].paired[m];
}

/* Ten women; at 21 four of them die after half a year, at 22 the others. Each costs a dollar a year
   begun, and falls once at 20. In the second scenario one falls less. */
static void lay_books(int s)
{
    static const uint64_t alive[] = {10, 10, 6}, dead[] = {0, 4, 6};
    static const uint64_t years[] = {10 * A_YEAR, 8 * A_YEAR, 3 * A_YEAR};
    snw_totals_clear(&totals[s]);
    for (int k = 0; k < 3; k++) {
        int age = SNW_AGE_FIRST + k;
        for (size_t m = 0; m < sizeof each / sizeof *each; m++)
            cell(s, age, each[m])->n = alive[k];
        cell(s, age, SNW_M_death)->sum = dead[k];
        cell(s, age, SNW_M_person_years)->sum = years[k];
        cell(s, age, SNW_M_cost)->sum = 100 * alive[k];
        cell(s, age, SNW_M_qaly)->sum = (uint64_t)-SNW_QALY_LOW * alive[k];
        totals[s].causes[(size_t)k * SNW_N_CAUSES + SNW_CAUSE_FRAILTY] = dead[k];
    }
    cell(s, 20, SNW_M_falls)->sum = s ? 9 : 10;
    if (s) {
        life(s, SNW_P_falls)->d = UINT64_MAX;
        return;
    }
    life(s, SNW_P_falls)->x = 10;
    life(s, SNW_P_deaths)->x = 10;
    life(s, SNW_P_life_years)->x = 21 * A_YEAR;
    life(s, SNW_P_cost)->x = 2600;
}

static int lay(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    lay_books(0);
    lay_books(1);
    return 0;
}

static int make_room(void **state)
{
    (void)state;
    static char reference[] = "reference", other[] = "other";
    scenarios[0].name = reference;
    scenarios[1].name = other;
    settings.mode = SNW_MODE_BIRTH_COHORT;
    settings.scenarios.n = 2;
    settings.scenarios.list = scenarios;
    world.settings = &settings;
    world.n_scenarios = 2;
    return snw_totals_init(&totals[0], 0, 0) == SNW_OK &&
                   snw_totals_init(&totals[1], 0, 0) == SNW_OK
               ? 0
               : -1;
}

static int drop_room(void **state)
{
    (void)state;
    snw_totals_free(&totals[0]);
    snw_totals_free(&totals[1]);
    return 0;
}

static void assert_wrong(const char *said)
{
    assert_int_equal(snw_accounting_balance(&ctx, &world, totals), SNW_ERR_INTERNAL);
    if (!strstr(ctx.messages[0], said))
        fail_msg("%s", ctx.messages[0]);
}

static void books_that_balance_pass(void **state)
{
    (void)state;
    assert_int_equal(snw_accounting_balance(&ctx, &world, totals), SNW_OK);
}

static void a_year_lived_twice_is_found(void **state)
{
    (void)state;
    cell(0, 21, SNW_M_person_years)->sum = 10 * A_YEAR + 1;
    assert_wrong("scenario reference, female, age 21: time lived");
}

static void a_year_lost_by_a_survivor_is_found(void **state)
{
    (void)state;
    cell(1, 20, SNW_M_person_years)->sum--;
    assert_wrong("scenario other, female, age 20: time lived");
}

static void who_comes_from_nowhere_is_found(void **state)
{
    (void)state;
    for (size_t m = 0; m < sizeof each / sizeof *each; m++)
        cell(0, 22, each[m])->n++;
    cell(0, 22, SNW_M_person_years)->sum += A_YEAR;
    assert_wrong("age 22: people alive 7, not 6");
}

static void who_is_paid_for_and_does_not_live_is_found(void **state)
{
    (void)state;
    cell(0, 22, SNW_M_cost)->n++;
    assert_wrong("age 22: cost 7, not 6");
}

static void a_death_without_a_cause_is_found(void **state)
{
    (void)state;
    totals[0].causes[SNW_N_CAUSES + SNW_CAUSE_FRAILTY]--;
    assert_wrong("age 21: deaths by cause 3, not 4");
}

static void a_cent_paid_to_nobody_is_found(void **state)
{
    (void)state;
    cell(1, 21, SNW_M_cost)->sum++;
    assert_wrong("scenario other, female, age 20: cost 2600, not 2601");
}

static void interventions_that_cost_more_than_everything_are_found(void **state)
{
    (void)state;
    cell(1, 21, SNW_M_cost_interventions)->sum = 1001;
    assert_wrong("scenario other, female, age 21: cost of interventions, in cents, 1001, not 1000");
}

static void what_interventions_cost_nobody_is_found(void **state)
{
    (void)state;
    cell(1, 21, SNW_M_cost_interventions)->sum = 700;
    assert_wrong("scenario other, female, age 20: cost_interventions 0, not 700");
}

static void a_fall_of_nobody_is_found(void **state)
{
    (void)state;
    life(0, SNW_P_falls)->x++;
    assert_wrong("scenario reference, female, age 20: falls 11, not 10");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(books_that_balance_pass, lay),
        cmocka_unit_test_setup(a_year_lived_twice_is_found, lay),
        cmocka_unit_test_setup(a_year_lost_by_a_survivor_is_found, lay),
        cmocka_unit_test_setup(who_comes_from_nowhere_is_found, lay),
        cmocka_unit_test_setup(who_is_paid_for_and_does_not_live_is_found, lay),
        cmocka_unit_test_setup(a_death_without_a_cause_is_found, lay),
        cmocka_unit_test_setup(a_cent_paid_to_nobody_is_found, lay),
        cmocka_unit_test_setup(interventions_that_cost_more_than_everything_are_found, lay),
        cmocka_unit_test_setup(what_interventions_cost_nobody_is_found, lay),
        cmocka_unit_test_setup(a_fall_of_nobody_is_found, lay),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
