/* Who starts, stays, begins anew and goes on, and what harms cost, in numbers worked by hand. */
#include "rig.h"

#include <string.h>

#include "params/draws.h"

/* Half still on it at 1 year and a quarter at 2: the hazard is ln 2 a year, which goes on. Then
   half at 1 and half at 2: nobody stops any more. */
static void persistence_goes_from_knot_to_knot(void **state)
{
    (void)state;
    struct snw_intervention t;
    snw_intervention_init(&t);
    t.persistence.n_knots = 2;
    t.persistence.at_yr[0] = 1;
    t.persistence.at_yr[1] = 2;
    t.persistence.still_on[0] = 0.5;
    t.persistence.still_on[1] = 0.25;
    assert_near(snw_intervention_time(&t, 0.5), 1, 1e-12);
    assert_near(snw_intervention_time(&t, 0.25), 2, 1e-12);
    assert_near(snw_intervention_time(&t, 0.125), 3, 1e-12);
    assert_near(snw_intervention_time(&t, 0.3535534), 1.5, 1e-6);
    t.duration_yr = 2.5;
    assert_near(snw_intervention_time(&t, 0.125), 2.5, 0);
    t.duration_yr = SNW_EVER_YR;
    t.persistence.still_on[0] = 0.25;
    assert_near(snw_intervention_time(&t, 0.5), 0.5, 1e-12);
    assert_near(snw_intervention_time(&t, 0.1), SNW_EVER_YR, 0);
}

/* Odds of 1 at an uptake of a half: times 3 for women, 2 after a fracture, 1/2 at 80. */
static void odds_change_uptake(void **state)
{
    (void)state;
    struct snw_intervention t;
    snw_intervention_init(&t);
    assert_near(snw_intervention_uptake(&t, 0.3, 1, 85, 1), 0.3, 1e-15);
    t.odds = (struct snw_uptake_odds){.women = 3, .per_decade = 0.5, .after_fracture = 2};
    assert_near(snw_intervention_uptake(&t, 0.5, 1, 70, 0), 0.75, 1e-12);
    assert_near(snw_intervention_uptake(&t, 0.5, 0, 80, 0), 1.0 / 3, 1e-12);
    assert_near(snw_intervention_uptake(&t, 0.5, 1, 80, 1), 0.75, 1e-12);
    assert_near(snw_intervention_uptake(&t, 1, 1, 80, 1), 1, 0);
    assert_near(snw_intervention_uptake(&t, 0, 1, 80, 1), 0, 0);
}

/* Stopped at 71.5, of ten years: again on the birthday a year later, at 73; not where the course
   was over, and not where the chance is none. */
static void who_stopped_early_may_begin_anew(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        begin(72);
        treat_from_to(70, 71.5);
        declared.duration_yr = way == 1 ? 1.5 : 10;
        declared.restart =
            (struct snw_sequel){.chance.value = way == 2 ? 0 : 1, .after_yr = 1, .given = 1};
        (void)birthday(numbers());
        assert_near(row(SNW_COURSE_START)[3], 70, 0);
        block->age = 73;
        (void)birthday(numbers());
        assert_near(row(SNW_COURSE_START)[3], way == 0 ? 73 : 70, 0);
        assert_near(block->on_treatment[3], way == 0 ? 1 : 0, 0);
    }
}

/* x from 70 for a year and a half, then y from 72 for two: nobody is offered y before. Density is
   kept while y is taken, ln 1.1, and gone a year after it. */
static void a_sequence_goes_on_and_keeps_what_was_gained(void **state)
{
    (void)state;
    begin_two(START);
    declared.duration_yr = 1.5;
    second.duration_yr = 2;
    act_on(SNW_CHANNEL_tb_vbmd_lumbar_spine_ratio, 1.1);
    struct snw_effect *kept = &declared.effect[SNW_CHANNEL_tb_vbmd_lumbar_spine_ratio];
    kept->offset = SNW_OFFSET_LINEAR;
    kept->offset_yr = 1;
    kept->kept = 1;
    const snw_real *y = snw_course_row(&courses, 1, SNW_COURSE_START);
    static const double gained[] = {1, 0.5, 1, 1, 0};
    for (int year = 0; year < 5; year++) {
        live_a_year();
        assert_near(y[5], year < 2 ? SNW_EVER_YR : 72, 0);
        assert_near(block->trait_treated[SNW_TRAB_SPINE][5], gained[year] * log(1.1), 1e-6);
    }
    assert_near(row(SNW_COURSE_KEPT)[5], 74, 0);
}

/* What follows on one of eight is a ninth. */
static void more_than_a_programme_holds_are_refused(void **state)
{
    (void)state;
    static struct snw_intervention others[SNW_PROGRAMME_MAX];
    static char names[SNW_PROGRAMME_MAX][4];
    begin_two(START);
    for (size_t k = 1; k < SNW_PROGRAMME_MAX; k++) {
        names[k][0] = (char)('a' + k);
        others[k].name = names[k];
        programme.list[k] = &others[k];
    }
    programme.n = SNW_PROGRAMME_MAX - 1;
    assert_true(snw_programme_follow(&programme, &second, 1));
    assert_int_equal(programme.n, SNW_PROGRAMME_MAX);
    assert_true(programme.only_after[SNW_PROGRAMME_MAX - 1]);
    programme.list[SNW_PROGRAMME_MAX - 1] = &others[SNW_PROGRAMME_MAX - 1];
    assert_false(snw_programme_follow(&programme, &second, 1));
}

/* Each chance by its own normal score. */
static void chances_after_a_stop_are_drawn(void **state)
{
    (void)state;
    begin_two(START);
    declared.restart.chance = (struct snw_declared){.value = 0.46, .low = 0.3, .high = 0.6};
    declared.next.chance = (struct snw_declared){.value = 0.8, .low = 0.5, .high = 1};
    snw_programme_draw(&programme, 9, 4);
    assert_near(
        programme.restart[0],
        snw_declared_at(&declared.restart.chance, snw_figure_score("x", "restart", 9, 4), 0, 0, 1),
        0);
    assert_near(
        programme.goes_on[0],
        snw_declared_at(&declared.next.chance, snw_figure_score("x", "followed_by", 9, 4), 0, 0, 1),
        0);
    assert_true(programme.restart[0] != 0.46 && programme.goes_on[0] != 0.8);
}

/* 2 falls ill in 10 a year, 3 in 10 at the start, each a tenth of a year of full health, 1,000 USD
   and one death in 100. Half a year on it; prices of the record. */
static void harms_are_paid_as_expected(void **state)
{
    (void)state;
    static struct snw_accounts accounts;
    begin(START);
    declared.duration_yr = 0.5;
    declared.n_adverse = 1;
    declared.adverse[0] = (struct snw_adverse){.per_yr = 0.2,
                                               .at_start = 0.3,
                                               .qaly_lost = 0.1,
                                               .usd = 1000,
                                               .p_death = 0.01,
                                               .price_year = 2019};
    struct snw_year_coef *c = numbers();
    c->death_hazard = SNW_R(0.02);
    (void)birthday(c);
    for (size_t i = 0; i < N; i++)
        accounts.qaly_millionths[i] = 900000;
    snw_treat_account(&treating, block, N, &accounts);
    assert_int_equal(accounts.cost_cents[3], 100 * (100 + 300));
    assert_int_equal(accounts.qaly_millionths[3], 900000 - 10000 - 30000);
    /* .001 by time and .003 by the start, beside .02 */
    assert_near(block->death_treated[3], log(1.2), 1e-6);
}

/* Monitoring is a bill of its own, by time and at the start. */
static void monitoring_is_paid_beside_treatment(void **state)
{
    (void)state;
    static struct snw_accounts accounts;
    begin(START);
    declared.cost = (struct snw_bill){.usd_per_yr = 100, .price_year = 2018};
    declared.monitoring =
        (struct snw_bill){.usd_per_yr = 20, .usd_at_start = 50, .price_year = 2019};
    (void)birthday(numbers());
    snw_treat_account(&treating, block, N, &accounts);
    assert_int_equal(accounts.cost_cents[3], 17000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(persistence_goes_from_knot_to_knot),
        cmocka_unit_test(odds_change_uptake),
        cmocka_unit_test(who_stopped_early_may_begin_anew),
        cmocka_unit_test(a_sequence_goes_on_and_keeps_what_was_gained),
        cmocka_unit_test(more_than_a_programme_holds_are_refused),
        cmocka_unit_test(chances_after_a_stop_are_drawn),
        cmocka_unit_test(harms_are_paid_as_expected),
        cmocka_unit_test(monitoring_is_paid_beside_treatment),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
