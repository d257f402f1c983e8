/* Parameters to costs and utilities of a year of age, and the balance against personal health care.
 */
#include "support/near.h"

#include <string.h>

#include "economics/economics.h"

static struct snw_economy economy;
static struct snw_params params;
static struct snw_prices prices;

/* Prices of all years alike, so that a cost is what its row says. */
static void build(int condition_free)
{
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        prices.factor[id] = 1;
    prices.year = 2019;
    snw_economy_build(&economy, &params, &prices, SNW_LEDGER_EVENT, condition_free);
}

static const struct snw_economy_year *at(enum snw_sex sex, int age)
{
    return &economy.year[sex][age - SNW_AGE_FIRST];
}

/* 14,193 at 60 and 16,698 at 70: 15,320.25 at 64.5, 15,570.75 at 65.5. */
static void
personal_health_care_is_that_of_mid_year_and_its_class_that_of_the_birthday(void **state)
{
    (void)state;
    snw_params_default(&params);
    build(0);
    assert_near(at(SNW_FEMALE, 64)->health_care, 1.11 * 15320.25, 1e-6);
    assert_near(at(SNW_MALE, 64)->health_care, 0.89 * 15320.25, 1e-6);
    assert_near(at(SNW_FEMALE, 65)->health_care, 1.03 * 15570.75, 1e-6);
    assert_near(at(SNW_MALE, 65)->health_care, 0.97 * 15570.75, 1e-6);
    assert_near(at(SNW_MALE, 65)->least_background, 0.5 * 0.97 * 15570.75, 1e-6);
    assert_near(at(SNW_MALE, 97)->health_care, 0.97 * 46000, 1e-6); /* constant beyond 97 */
}

static void utility_norms_are_those_of_mid_year(void **state)
{
    (void)state;
    snw_params_default(&params);
    build(0);
    assert_near(at(SNW_FEMALE, 75)->norm, 0.84 - 0.02 * 5.5 / 12, 1e-12);
    assert_near(at(SNW_MALE, 45)->norm, 0.89 - 0.01 * 0.55, 1e-12);
}

static void rows_stand_where_they_belong(void **state)
{
    (void)state;
    snw_params_default(&params);
    params.economics_later_years_factor[0] = 2;
    build(0);
    const struct snw_economy_year *e = at(SNW_MALE, 70);
    static const double first_year[3][2] = {{26545, 50508}, {14977, 6701}, {9183, 6106}};
    static const double second[3] = {0.6, 0.3, 0.1};
    static const double multiplier[3][2] = {{0.55, 0.86}, {0.68, 0.85}, {0.83, 0.99}};
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        for (int k = 0; k < 2; k++) {
            assert_near(e->first_year[g][k], first_year[g][k], 0);
            assert_near(e->multiplier[g][k], multiplier[g][k], 0);
        }
        assert_near(e->share[g][0], 1, 0);
        for (int k = 1; k < SNW_COST_YEARS; k++)
            assert_near(e->share[g][k], second[g] / (1 << (k - 1)), 1e-15);
    }
    assert_near(e->frail, 6172, 0);
    assert_near(at(SNW_FEMALE, 70)->frail, 8532, 0);
    assert_near(e->disabled, 7241, 0);
    assert_near(at(SNW_FEMALE, 70)->disabled, 12393, 0);
    assert_near(e->injury, 2450, 0);
    assert_near(e->nursing_home, 94900, 0);
}

/* Personal health care 10,000, floor half of it. */
static void background_is_what_models_leave_but_at_least_half(void **state)
{
    (void)state;
    struct snw_economy_year e = {.health_care = 10000, .least_background = 5000, .norm = 0.8};
    struct snw_economy_reference_year r = {.modelled = {4000, 999, 7000}};
    snw_economy_balance(&e, 0.64, &r);
    assert_near(r.background[SNW_LEDGER_EVENT], 6000, 0);
    assert_near(r.excess[SNW_LEDGER_EVENT], 0, 0);
    assert_near(r.background[SNW_LEDGER_FRAILTY], 5000, 0);
    assert_near(r.excess[SNW_LEDGER_FRAILTY], 2000, 0);
    assert_near(r.background[SNW_LEDGER_DISABILITY], 0, 0);
    assert_near(r.excess[SNW_LEDGER_DISABILITY], 0, 0);
    assert_near(r.utility_factor, 1.25, 1e-15);
}

static void norms_of_people_without_conditions_need_no_factor(void **state)
{
    (void)state;
    static struct snw_economy_reference reference;
    snw_params_default(&params);
    struct snw_economy_reference_year *r = &reference.year[SNW_MALE][50];
    r->utility_factor = 1.1;
    r->background[SNW_LEDGER_EVENT] = 4321;
    for (int condition_free = 0; condition_free < 2; condition_free++) {
        build(condition_free);
        snw_economy_freeze(&economy, &reference);
        const struct snw_economy_year *e = &economy.year[SNW_MALE][50];
        assert_near(e->utility_factor, condition_free ? 1 : 1.1, 0);
        assert_near(e->steady_qaly[0][0], 1e6 * e->norm * (condition_free ? 1 : 1.1), 0.51);
        assert_near(e->background[SNW_LEDGER_EVENT], 4321, 0);
    }
}

/* Shares of .9 (hip), .8, .7 and .5 of what another test asks for; background of 9,000. */
static void view(enum snw_perspective perspective, int parts)
{
    snw_params_default(&params);
    params.perspective_medicare_fracture[0] = 0.9;
    params.perspective_medicare_injury[0] = 0.8;
    params.perspective_medicare_nursing_home[0] = 0;
    params.perspective_medicare_state[0] = 0.7;
    params.perspective_medicare_background[0] = 0.5;
    params.perspective_medicare_intervention[0] = 0.75;
    params.perspective_informal_care[0] = 30000;
    params.perspective_production_lost[0] = 11000;
    params.perspective_net_consumption[0] = 17000;
    build(0);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++)
            for (int l = 0; l < SNW_N_LEDGERS; l++)
                economy.year[sex][i].background[l] = 9000;
    snw_economy_view(&economy, &params, &prices, perspective, parts);
}

static void medicare_pays_its_share_from_65_on(void **state)
{
    (void)state;
    view(SNW_MEDICARE, 0);
    const struct snw_economy_year *young = at(SNW_FEMALE, 64), *old = at(SNW_FEMALE, 65);
    assert_near(old->first_year[SNW_GROUP_HIP][1], 0.9 * 50508, 1e-9);
    assert_near(old->first_year[SNW_GROUP_HIP][0], 0.9 * 26545, 1e-9); /* broken before 65 */
    assert_near(old->injury, 0.8 * 2450, 1e-9);
    assert_near(old->nursing_home, 0, 0);
    assert_near(old->frail, 0.7 * 8532, 1e-9);
    assert_near(old->background[SNW_LEDGER_EVENT], 4500, 1e-9);
    assert_near(old->other_payers, 0.25, 1e-12);
    assert_near(young->first_year[SNW_GROUP_HIP][0], 0, 0);
    assert_near(young->injury + young->frail + young->nursing_home, 0, 0);
    assert_near(young->background[SNW_LEDGER_FRAILTY], 0, 0);
    assert_near(young->other_payers, 1, 0);
}

static void society_adds_the_parts_asked_for(void **state)
{
    (void)state;
    view(SNW_SOCIETAL, SNW_INFORMAL_CARE | SNW_PRODUCTION);
    assert_near(at(SNW_MALE, 40)->informal_care, 30000, 0);
    assert_near(at(SNW_MALE, 40)->first_year[SNW_GROUP_HIP][0], 26545 + 11000, 1e-9);
    assert_near(at(SNW_MALE, 40)->first_year[SNW_GROUP_HIP][1], 50508, 0);
    assert_near(at(SNW_MALE, 80)->background[SNW_LEDGER_EVENT], 9000, 0);
    view(SNW_SOCIETAL, SNW_CONSUMPTION);
    assert_near(at(SNW_MALE, 64)->background[SNW_LEDGER_EVENT], 9000, 0);
    assert_near(at(SNW_MALE, 65)->background[SNW_LEDGER_EVENT], 26000, 0);
    assert_near(at(SNW_MALE, 80)->informal_care, 0, 0);
}

static void the_health_care_sector_is_as_it_was(void **state)
{
    (void)state;
    view(SNW_SOCIETAL, 0);
    const struct snw_economy_year society = *at(SNW_FEMALE, 70);
    view(SNW_HEALTH_CARE, SNW_INFORMAL_CARE | SNW_PRODUCTION | SNW_CONSUMPTION);
    assert_memory_equal(at(SNW_FEMALE, 70), &society, sizeof society);
    assert_near(society.other_payers, 0, 0);
    assert_near(society.first_year[SNW_GROUP_HIP][1], 50508, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medicare_pays_its_share_from_65_on),
        cmocka_unit_test(society_adds_the_parts_asked_for),
        cmocka_unit_test(the_health_care_sector_is_as_it_was),
        cmocka_unit_test(
            personal_health_care_is_that_of_mid_year_and_its_class_that_of_the_birthday),
        cmocka_unit_test(utility_norms_are_those_of_mid_year),
        cmocka_unit_test(rows_stand_where_they_belong),
        cmocka_unit_test(background_is_what_models_leave_but_at_least_half),
        cmocka_unit_test(norms_of_people_without_conditions_need_no_factor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
