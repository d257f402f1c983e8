/* The course of a treatment, lane by lane, in numbers worked by hand. */
#include "rig.h"

#include <string.h>

#include "params/draws.h"

static double level(const struct snw_effect *effect, double at)
{
    kernels->level(room, effect, row(SNW_COURSE_START), row(SNW_COURSE_STOP), at, N);
    assert_true(room->level[0] == room->level[N - 1]);
    return (double)room->level[0];
}

/* Half of it after a half-life, three quarters after two; nothing before the start. */
static void an_effect_grows_by_its_half_life(void **state)
{
    (void)state;
    const struct snw_effect slow = {.half_life_yr = 2}, quick = {.half_life_yr = 0};
    begin(START);
    treat_from_to(70, 80);
    assert_near(level(&slow, 69), 0, 0);
    assert_near(level(&slow, 70), 0, 0);
    assert_near(level(&slow, 72), 0.5, 1e-6);
    assert_near(level(&slow, 74), 0.75, 1e-6);
    assert_near(level(&quick, 70), 0, 0);
    assert_near(level(&quick, 70.5), 1, 0);
    assert_near(level(&quick, 80), 1, 0);
    treat_from_to(SNW_EVER_YR, SNW_EVER_YR);
    assert_near(level(&quick, 98), 0, 0);
}

/* Four years on it, stopped at 74. */
static void an_effect_goes_as_its_offset_says(void **state)
{
    (void)state;
    static const struct {
        struct snw_effect effect;
        double at, left;
    } cases[] = {
        {{.offset = SNW_OFFSET_AT_ONCE}, 74.5, 0},
        {{.offset = SNW_OFFSET_NEVER}, 90, 1},
        {{.offset = SNW_OFFSET_LINEAR, .offset_yr = 2}, 74, 1},
        {{.offset = SNW_OFFSET_LINEAR, .offset_yr = 2}, 74.5, 0.75},
        {{.offset = SNW_OFFSET_LINEAR, .offset_yr = 2}, 77, 0},
        {{.offset = SNW_OFFSET_HALF_LIFE, .offset_yr = 1}, 76, 0.25},
        {{.offset = SNW_OFFSET_TREATED_TIME, .offset_yr = 1}, 75, 0.75},
        {{.offset = SNW_OFFSET_TREATED_TIME, .offset_yr = 8}, 76, 0.75},
        /* three quarters of it by 74, of which half is left */
        {{.half_life_yr = 2, .offset = SNW_OFFSET_LINEAR, .offset_yr = 2}, 75, 0.375},
    };
    begin(START);
    treat_from_to(70, 74);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        assert_near(level(&cases[k].effect, cases[k].at), cases[k].left, 1e-6);
}

static void a_rebound_lasts_as_long_as_it_says(void **state)
{
    (void)state;
    const struct snw_effect effect = {.rebound = 1.5, .rebound_yr = 2};
    begin(START);
    treat_from_to(70, 74);
    (void)level(&effect, 74);
    assert_true(room->after[0] == SNW_R(0));
    (void)level(&effect, 75.5);
    assert_true(room->after[0] == SNW_R(1));
    (void)level(&effect, 76.5);
    assert_true(room->after[0] == SNW_R(0));
}

/* RaR .8, of whose logarithm strength brings about half: .8^.5; it halves a year after stopping. */
static void ratios_are_those_of_the_middle_of_the_year(void **state)
{
    (void)state;
    begin(START);
    struct snw_effect *falls = &declared.effect[SNW_CHANNEL_fall_rate_ratio];
    *falls = (struct snw_effect){.given = 1, .figure.value = 0.8, .rebound = 1};
    falls->share_elsewhere = 0.5;
    falls->offset = SNW_OFFSET_HALF_LIFE;
    falls->offset_yr = 1;
    declared.duration_yr = 0.5;
    assert_int_equal(birthday(&model->year[0][50]), 0);
    for (size_t i = 0; i < N; i++) {
        assert_near(block->fall_rate_treated[i], 0.5 * log(0.8), 1e-6);
        assert_true(block->on_treatment[i] == SNW_R(1));
    }
    block->age = START + 1;
    (void)birthday(&model->year[0][51]);
    for (size_t i = 0; i < N; i++) {
        assert_near(block->fall_rate_treated[i], 0.25 * log(0.8), 1e-6);
        assert_true(block->on_treatment[i] == SNW_R(0));
    }
}

/* Half-life half a year, over a trial of three: .5, .875 and .96875 of the effect in the middle of
   its years, whose ratios have the mean .61. */
static void a_trial_gives_the_mean_over_its_years(void **state)
{
    (void)state;
    static const double part[] = {0.5, 0.875, 0.96875};
    const double full = -0.643837240; /* (e^.5L + e^.875L + e^.96875L) / 3 = .61 */
    double mean = 0;
    begin(START);
    declared.effect[SNW_CHANNEL_hip_fracture_ratio] = (struct snw_effect){
        .given = 1, .figure.value = 0.61, .half_life_yr = 0.5, .trial_yr = 3, .rebound = 1};
    for (int year = 0; year < 3; year++, block->age++) {
        (void)birthday(&model->year[0][50 + year]);
        assert_near(block->hip_treated[3], part[year] * full, 1e-6);
        mean += exp((double)block->hip_treated[3]) / 3;
    }
    assert_near(mean, 0.61, 1e-6);
}

/* A trial of a year and a half, that finds more: .5 of the effect and .875 of it, the second half
   as long. */
static void part_of_a_year_counts_as_a_part(void **state)
{
    (void)state;
    begin(START);
    declared.effect[SNW_CHANNEL_fall_rate_ratio] = (struct snw_effect){
        .given = 1, .figure.value = 1.2, .half_life_yr = 0.5, .trial_yr = 1.5, .rebound = 1};
    (void)birthday(numbers());
    const double full = 2 * (double)block->fall_rate_treated[3];
    assert_near((exp(0.5 * full) + exp(0.875 * full) / 2) / 1.5, 1.2, 1e-6);
}

/* Strength with a half-life of half a year brings about half of ln .8: on the first birthday none
   of it shows, and half does in the middle of the year; then .75 and .875. */
static void what_states_bring_about_is_that_of_the_middle_of_the_year(void **state)
{
    (void)state;
    begin(START);
    declared.effect[SNW_CHANNEL_strength_ratio] =
        (struct snw_effect){.given = 1, .figure.value = 1.1, .half_life_yr = 0.5, .rebound = 1};
    declared.effect[SNW_CHANNEL_fall_rate_ratio] =
        (struct snw_effect){.given = 1, .figure.value = 0.8, .rebound = 1, .share_elsewhere = 0.5};
    (void)birthday(&model->year[0][50]);
    assert_near(block->fall_rate_treated[3], (0.5 + 0.5 * 0.5) * log(0.8), 1e-6);
    block->age++;
    (void)birthday(&model->year[0][51]);
    assert_near(block->fall_rate_treated[3], (0.5 + 0.5 * (0.875 - 0.75)) * log(0.8), 1e-6);
}

/* +4 % of areal density at the neck: ln 1.04 / .80 on cortex and on trabeculae; with a ratio of hip
   fractures the risk does not see it. */
static void density_is_put_on_both_compartments(void **state)
{
    (void)state;
    for (int ratio = 0; ratio < 2; ratio++) {
        begin(START);
        declared.effect[SNW_CHANNEL_abmd_femoral_neck_ratio] =
            (struct snw_effect){.given = 1, .figure.value = 1.04, .rebound = 1};
        declared.effect[SNW_CHANNEL_hip_fracture_ratio] =
            (struct snw_effect){.given = ratio, .figure.value = 0.6, .rebound = 1};
        assert_int_equal(birthday(&model->year[0][50]), 1);
        snw_treat_advance(&treating, block, &model->year[0][50], &model->year[0][51]);
        assert_near(block->trait_treated[SNW_CTTH_NECK][3], log(1.04) / 0.8, 1e-6);
        assert_near(block->trait_treated[SNW_TRAB_NECK][3], log(1.04) / 0.8, 1e-6);
        assert_near(block->trait_treated[SNW_CTTH_SPINE][3], 0, 0);
        assert_near(block->neck_unseen_ln[3], ratio ? log(1.04) : 0, 1e-6);
    }
}

/* A fifth of what the median loses in a year, and half of that for half a year; it stays. */
static void what_is_spared_adds_up_and_stays(void **state)
{
    (void)state;
    begin(START);
    struct snw_year_coef *c = &model->year[SNW_FEMALE][START - SNW_AGE_FIRST];
    c[0].index_median_ln = 2;
    c[1].index_median_ln = SNW_R(1.9);
    c[2].index_median_ln = SNW_R(1.7);
    c[3].index_median_ln = SNW_R(1.8); /* a gain is nothing to be spared */
    c[4].index_median_ln = SNW_R(1.5);
    declared.effect[SNW_CHANNEL_muscle_loss_spared] =
        (struct snw_effect){.given = 1, .figure.value = 0.2, .rebound = 1};
    declared.duration_yr = 1.5;
    static const double spared[] = {0.02, 0.04, 0.04, 0.04};
    for (int k = 0; k < 4; k++, block->age++) {
        (void)birthday(&c[k]);
        snw_treat_advance(&treating, block, &c[k], &c[k + 1]);
        assert_near(block->muscle_treated[5], spared[k], 1e-6);
    }
}

/* 300 a year and 40 at the start, prices doubled; a quarter of a year on it, or death before. */
static void costs_are_those_of_the_time_on_treatment(void **state)
{
    (void)state;
    static struct snw_accounts accounts;
    static int32_t parts[SNW_N_COST_PARTS][SNW_STRIDE];
    begin(START);
    declared.cost = (struct snw_bill){.usd_per_yr = 300, .usd_at_start = 40, .price_year = 2010};
    declared.duration_yr = 1.25;
    declared.effect[SNW_CHANNEL_utility_change] =
        (struct snw_effect){.given = 1, .figure.value = -0.1, .rebound = 1};
    price = 2;
    (void)birthday(&model->year[0][50]);
    block->lived_yr[1] = SNW_R(0.5);
    for (size_t i = 0; i < N; i++) {
        accounts.cost_cents[i] = 1000;
        accounts.qaly_millionths[i] = 800000;
    }
    accounts.part_cents = parts;
    snw_treat_account(&treating, block, N, &accounts);
    assert_int_equal(parts[SNW_COST_INTERVENTIONS][0], 60000 + 8000);
    assert_int_equal(parts[SNW_COST_INTERVENTIONS][1], 30000 + 8000);
    assert_int_equal(accounts.cost_cents[0], 1000 + 60000 + 8000);
    assert_int_equal(accounts.qaly_millionths[0], 700000);
    assert_int_equal(accounts.cost_cents[1], 1000 + 30000 + 8000);
    assert_int_equal(accounts.qaly_millionths[1], 500000); /* half a year lived holds no more */
    block->age++;
    block->lived_yr[1] = 1;
    snw_treat_account(&treating, block, N, &accounts);
    assert_int_equal(accounts.cost_cents[0], 69000 + 15000);
    block->age++;
    snw_treat_account(&treating, block, N, &accounts);
    assert_int_equal(accounts.cost_cents[0], 84000);
    price = 1;
}

/* Twenty million USD, and a million at the start and another for the year: 2.2e9 cents. What a year
   can cost is held at the largest number of cents that is kept, 2^31 - 1. */
static void a_cost_beyond_all_bounds_is_held(void **state)
{
    (void)state;
    static struct snw_accounts accounts;
    begin(START);
    declared.cost = (struct snw_bill){.usd_per_yr = 1e6, .usd_at_start = 1e6, .price_year = 2019};
    (void)birthday(&model->year[0][50]);
    accounts.cost_cents[0] = 2000000000;
    snw_treat_account(&treating, block, 1, &accounts);
    assert_int_equal(accounts.cost_cents[0], INT32_MAX);
}

static size_t on_it(void)
{
    size_t n = 0;
    for (size_t i = 0; i < N; i++)
        n += block->on_treatment[i] > SNW_R(0.5);
    return n;
}

/* Once, every third year, and after stopping. */
static void offers_come_as_often_as_they_say(void **state)
{
    (void)state;
    const struct snw_year_coef *c = &model->year[SNW_FEMALE][50];
    begin(START);
    declared.duration_yr = 2;
    (void)birthday(c);
    assert_int_equal(on_it(), N);
    block->age += 2;
    (void)birthday(c);
    assert_int_equal(on_it(), 0);
    declared.offered_again = 1;
    (void)birthday(c);
    assert_int_equal(on_it(), 0); /* they were asked for the last time */
    begin(START);
    declared.offer_every_yr = 3;
    declared.uptake.value = 0;
    (void)birthday(c);
    declared.uptake.value = 1;
    for (int years = 1; years <= 3; years++) {
        block->age++;
        (void)birthday(c);
        assert_int_equal(on_it(), years < 3 ? 0 : N);
    }
}

/* A person's luck with an intervention is its own: the same beside another one. */
static void luck_goes_by_the_name(void **state)
{
    (void)state;
    assert_true(snw_intervention_luck("alendronate") != snw_intervention_luck("zoledronate"));
    assert_true(snw_intervention_luck("a") <= 65535);
    begin(START);
    declared.uptake.value = 0.5;
    (void)birthday(&model->year[0][50]);
    for (uint32_t i = 0; i < N; i++) {
        uint32_t words[4];
        snw_draw(treating.key, i, 0, START, SNW_SLOT_TREATMENT, snw_intervention_luck("x"), words);
        assert_int_equal(block->on_treatment[i] > SNW_R(0.5), snw_uniform(words[0]) < SNW_R(0.5));
    }
}

/* Who has no fracture fails every comparison with the time since one. */
static void eligibility_is_judged_lane_by_lane(void **state)
{
    (void)state;
    struct snw_expression_fault fault;
    begin(START);
    block->fracture_age_yr[2][3] = 68;
    block->fracture_age_yr[0][4] = 60;
    courses.row[SNW_ROW_FALLS][5] = 2;
    block->frailty[6] = 2;
    assert_true(snw_expression_parse("history.years_since_fracture < 5 or history.hip_fracture or "
                                     "history.falls >= 2 or measured.frailty = 2 and age = 70",
                                     &declared.eligible, &fault));
    (void)birthday(&model->year[0][50]);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(block->on_treatment[i] > SNW_R(0.5), i >= 3 && i <= 6);
}

/* T = (m - mean) scale with m = young e^(ln + cv z): grip by e^(ln + cv z). */
static void instruments_err_and_the_truth_does_not(void **state)
{
    (void)state;
    struct snw_expression_fault fault;
    const unsigned slot = 4 * SNW_SLOT_MEASURE_0;
    begin(START);
    for (size_t i = 0; i < N; i++) {
        block->grip_ln[i] = SNW_R(log(20));
        room->luck.value[SNW_WORD_error_grip - slot][i] = SNW_R(i) - SNW_R(8);
    }
    params.measurement_grip_cv[0] = 0.1;
    for (int truth = 0; truth < 2; truth++) {
        for (size_t i = 0; i < N; i++)
            row(SNW_COURSE_START)[i] = row(SNW_COURSE_STOP)[i] = SNW_EVER_YR;
        memset(row(SNW_COURSE_OFFER), 0, N * sizeof(snw_real));
        assert_true(snw_expression_parse(truth ? "true.grip_kg < 19" : "measured.grip_kg < 19",
                                         &declared.eligible, &fault));
        (void)birthday(&model->year[0][50]);
        for (size_t i = 0; i < N; i++) /* 20 e^-.1 = 18.1 */
            assert_int_equal(block->on_treatment[i] > SNW_R(0.5), !truth && i <= 7);
    }
}

/* 0.8 (0.5 to 0.9): ends at +-1.96, the geometric mean of 0.8 and 0.9 half way. */
static void a_figure_is_drawn_from_its_interval(void **state)
{
    (void)state;
    const struct snw_declared f = {.value = 0.8, .low = 0.5, .high = 0.9};
    assert_near(snw_declared_at(&f, 0, 1, 0.1, 5), 0.8, 0);
    assert_near(snw_declared_at(&f, 1.96, 1, 0.1, 5), 0.9, 1e-12);
    assert_near(snw_declared_at(&f, -1.96, 1, 0.1, 5), 0.5, 1e-12);
    assert_near(snw_declared_at(&f, 0.98, 1, 0.1, 5), sqrt(0.72), 1e-12);
    assert_near(snw_declared_at(&f, 0.98, 0, 0, 1), 0.85, 1e-12);
    assert_near(snw_declared_at(&f, 5, 0, 0, 1), 1, 0);
    assert_near(snw_declared_at(&f, -6, 1, 0.2, 5), 0.2, 0);
    begin(START);
    declared.uptake = (struct snw_declared){.value = 0.5, .low = 0.3, .high = 0.7};
    declared.effect[SNW_CHANNEL_fall_rate_ratio] =
        (struct snw_effect){.given = 1, .figure = f, .rebound = 1};
    double z_uptake = snw_figure_score("x", "uptake", 9, 4);
    double z = snw_figure_score("x", "fall_rate_ratio", 9, 4);
    snw_programme_draw(&programme, 9, 4);
    assert_true(z != z_uptake && z != snw_figure_score("x", "fall_rate_ratio", 9, 5));
    assert_near(programme.uptake[0], snw_declared_at(&declared.uptake, z_uptake, 0, 0, 1), 0);
    assert_near(programme.value[0][SNW_CHANNEL_fall_rate_ratio], snw_declared_at(&f, z, 1, 0.1, 5),
                0);
    assert_near(programme.value[0][SNW_CHANNEL_death_ratio], 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_effect_grows_by_its_half_life),
        cmocka_unit_test(an_effect_goes_as_its_offset_says),
        cmocka_unit_test(a_rebound_lasts_as_long_as_it_says),
        cmocka_unit_test(ratios_are_those_of_the_middle_of_the_year),
        cmocka_unit_test(a_trial_gives_the_mean_over_its_years),
        cmocka_unit_test(part_of_a_year_counts_as_a_part),
        cmocka_unit_test(what_states_bring_about_is_that_of_the_middle_of_the_year),
        cmocka_unit_test(density_is_put_on_both_compartments),
        cmocka_unit_test(what_is_spared_adds_up_and_stays),
        cmocka_unit_test(costs_are_those_of_the_time_on_treatment),
        cmocka_unit_test(a_cost_beyond_all_bounds_is_held),
        cmocka_unit_test(offers_come_as_often_as_they_say),
        cmocka_unit_test(luck_goes_by_the_name),
        cmocka_unit_test(eligibility_is_judged_lane_by_lane),
        cmocka_unit_test(a_figure_is_drawn_from_its_interval),
        cmocka_unit_test(instruments_err_and_the_truth_does_not),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
