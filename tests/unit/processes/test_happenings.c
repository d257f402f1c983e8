/* What happens to the few: hand-made lanes, survival in closed form, who is counted and who is not.
 */
#include "support/near.h"

#include <string.h>

#include "core/memory.h"
#include "core/vmath.h"
#include "processes/schedule.h"
#include "support/starting.h"

enum { N = 1024, AGE = 70 };

/* Room for one block; the coefficients are those of a made-up world, set by each test. */
static struct snw_block *b;
static struct snw_luck *luck;
static struct snw_happenings *out;
static struct snw_year_coef coef;
static const struct snw_key key = {31, 7};

static int make_room(void **state)
{
    (void)state;
    b = snw_alloc(sizeof *b);
    luck = snw_alloc(sizeof *luck);
    out = snw_alloc(sizeof *out);
    return b && luck && out ? 0 : -1;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(b);
    snw_free(luck);
    snw_free(out);
    return 0;
}

static void fill(snw_real *lanes, double value)
{
    for (size_t i = 0; i < N; i++)
        lanes[i] = SNW_R(value);
}

/* N women of 70 to whom nothing happens, as the RISK phase leaves them. */
static void begin(uint32_t first)
{
    memset(b, 0, sizeof *b);
    memset(luck, 0, sizeof *luck);
    memset(&coef, 0, sizeof coef);
    b->n = N;
    b->age = AGE;
    coef.age = AGE;
    coef.fall_variance = SNW_R(1.15);
    coef.hip_early = SNW_R(6.28);
    coef.hip_late = SNW_R(1.04);
    coef.vertebral_rr = SNW_R(1.205);
    coef.p_report_injury = 1;
    coef.p_report_harmless = SNW_R((0.7 - 0.168) / (1 - 0.168));
    coef.injury_logit = -50;
    for (uint32_t i = 0; i < N; i++)
        b->person[i] = first + i;
    fill(b->hip_age_yr, -1000);
    fill(b->vertebral_age_yr, -1000);
    fill(b->death_risk, 1);
    fill(b->lived_yr, 1);
    fill(b->fracture_yr, -1);
    fill(b->break_hip, 1);
    fill(b->break_spine, 1);
    fill(b->break_other, 1);
    fill(b->trauma_hip, 1);
    fill(b->trauma_spine, 1);
    fill(b->trauma_other, 1);
}

static void happen(int immortal)
{
    const struct snw_kernels *kernels = snw_kernels_best();
    snw_run_process(kernels, "fractures_any", b, &coef, luck);
    kernels->happen(b, &coef, luck, key, immortal, out);
}

/* Everybody falls n times: u in the middle of that step of a negative binomial of mean 1. */
static void let_fall(unsigned n)
{
    double r = 1 / 1.15, q = 1.15 / 2.15, p = pow(1 / 2.15, r), below = 0;
    for (unsigned k = 0; k < n; k++) {
        below += p;
        p *= q * (k + r) / (k + 1);
    }
    fill(SNW_YEAR_LUCK(luck, falls), below + p / 2);
    fill(b->fall_rate, 1);
    fill(b->n_falls, -1);
}

/* Everybody has one non-fall fracture of one site: Poisson of mean .5, u between .607 and .910. */
static void let_break(enum snw_site site)
{
    fill(SNW_YEAR_LUCK(luck, non_fall), 0.7);
    coef.per_year[site] = SNW_R(0.5);
    fill(b->fracture_yr, -2);
}

static double word(size_t lane, uint32_t slot, uint32_t index, unsigned word_id)
{
    uint32_t words[4];
    snw_draw(key, b->person[lane], 0, AGE, slot, index, words);
    return (double)snw_uniform(words[word_id % 4]);
}

static void who_neither_falls_nor_breaks_lives_through_the_year_untouched(void **state)
{
    (void)state;
    begin(1);
    happen(0);
    assert_int_equal(out->n, 0);
    for (size_t i = 0; i < N; i++) {
        assert_true(b->lived_yr[i] == 1 && b->n_falls[i] == 0 && b->fracture_yr[i] == -1);
        assert_true(b->hip_age_yr[i] == -1000);
    }
}

/* Hip broken at the birthday, hazard .1: to the half year .1 x 6.28, then .1 x 1.04.
   u = .2: -ln .8 = .223144 = .628 t. u = .29: .342490 - .314 = .028490 = .104 (t - .5). */
static void death_comes_where_the_hazard_reaches_the_threshold(void **state)
{
    (void)state;
    begin(1);
    coef.death_hazard = SNW_R(0.1);
    fill(b->hip_age_yr, AGE);
    fill(b->lived_yr, -1);
    SNW_YEAR_LUCK(luck, death)[0] = SNW_R(0.2);
    SNW_YEAR_LUCK(luck, death)[1] = SNW_R(0.29);
    SNW_YEAR_LUCK(luck, death)[2] = SNW_R(0.5); /* .693 is above .366, the whole year's */
    happen(0);
    assert_near(b->lived_yr[0], 0.223144 / 0.628, 2e-6);
    assert_near(b->lived_yr[1], 0.5 + 0.028490 / 0.104, 2e-5);
    assert_true(b->lived_yr[2] == 1);
    assert_near(b->death_exposure_yr[2], 0.5 * 6.28 + 0.5 * 1.04, 1e-5);
}

/* Time of death of a lane whose hip breaks at t, from its u, in double precision. */
static double death_after(double t, double u, double h)
{
    double left = -log1p(-u), until = fmin(t + 0.5, 1);
    if (left < h * t)
        return left / h;
    left -= h * t;
    if (left < h * 6.28 * (until - t))
        return t + left / (h * 6.28);
    left -= h * 6.28 * (until - t);
    return left < h * 1.04 * (1 - until) ? until + left / (h * 1.04) : 1;
}

static void a_hip_fracture_makes_the_hazard_six_times_as_high_for_half_a_year(void **state)
{
    (void)state;
    begin(1);
    let_break(SNW_HIP);
    coef.death_hazard = SNW_R(0.2);
    for (size_t i = 0; i < N; i++)
        SNW_YEAR_LUCK(luck, death)[i] = SNW_R((double)i / N);
    happen(0);
    for (size_t i = 0; i < N; i++) {
        double t = word(i, SNW_SLOT_NON_FALL, 0, SNW_WORD_non_fall_time);
        double lived = death_after(t, (double)i / N, 0.2);
        assert_near(b->lived_yr[i], lived, 2e-6);
        int dropped = lived <= t;
        assert_int_equal((int)b->n_fractures[SNW_HIP][i], dropped ? 0 : 1);
        assert_near(b->hip_age_yr[i], dropped ? -1000 : AGE + t, 1e-5);
        assert_near(b->fracture_yr[i], dropped ? -1 : t, 1e-7);
    }
}

/* Over many persons, fracture time U(0,1) and hazard h = .2: P(alive at 1) = E exp(-h m(t)), with
   m = t + 6.28 (1 - t) for t > .5, t + 3.14 + 1.04 (.5 - t) before. Each half is an integral of an
   exponential of a line. */
static void survivors_of_a_year_with_a_hip_fracture_have_a_closed_form(void **state)
{
    (void)state;
    const double h = 0.2, first = 1 - 1.04, second = 1 - 6.28;
    double at_0 = exp(-h * (3.14 + 0.52)), at_half = exp(-h * (0.5 + 3.14)), at_1 = exp(-h);
    double expected = (at_half - at_0) / (-h * first) + (at_1 - at_half) / (-h * second);
    size_t alive = 0, people = 40 * N;
    for (uint32_t part = 0; part < 40; part++) {
        begin(1 + part * N);
        let_break(SNW_HIP);
        coef.death_hazard = SNW_R(h);
        for (size_t i = 0; i < N; i++)
            SNW_YEAR_LUCK(luck, death)[i] = SNW_R(word(i, SNW_SLOT_YEAR_0, 0, SNW_WORD_death));
        happen(0);
        for (size_t i = 0; i < N; i++)
            alive += b->lived_yr[i] == 1;
    }
    double share = (double)alive / (double)people;
    assert_near(share, expected, 5 * sqrt(expected * (1 - expected) / (double)people));
}

static void the_clock_of_an_earlier_hip_fracture_runs_out_within_the_year(void **state)
{
    (void)state;
    begin(1);
    fill(b->hip_age_yr, AGE - 0.25);
    fill(b->lived_yr, -1);
    happen(0);
    assert_near(b->death_exposure_yr[0], 0.25 * 6.28 + 0.75 * 1.04, 2e-5);
    begin(1);
    fill(b->hip_age_yr, AGE - 20);
    fill(b->lived_yr, -1);
    happen(0);
    assert_near(b->death_exposure_yr[0], 1.04, 1e-6);
}

static void a_vertebral_fracture_counts_for_five_years_and_multiplies(void **state)
{
    (void)state;
    begin(1);
    fill(b->vertebral_age_yr, AGE - 4.75);
    fill(b->lived_yr, -1);
    happen(0);
    assert_near(b->death_exposure_yr[0], 0.25 * 1.205 + 0.75, 2e-5);
    begin(1);
    fill(b->vertebral_age_yr, AGE - 5.5);
    fill(b->lived_yr, -1);
    happen(0);
    assert_near(b->death_exposure_yr[0], 1, 1e-6);
    begin(1);
    fill(b->vertebral_age_yr, AGE - 1);
    fill(b->hip_age_yr, AGE - 0.1);
    fill(b->lived_yr, -1);
    happen(0);
    assert_near(b->death_exposure_yr[0], 1.205 * (0.4 * 6.28 + 0.6 * 1.04), 3e-5);
}

static void a_new_hip_fracture_restarts_the_clock(void **state)
{
    (void)state;
    begin(1);
    let_break(SNW_HIP);
    fill(b->hip_age_yr, AGE - 0.3); /* early until .2 */
    happen(0);
    for (size_t i = 0; i < N; i++) {
        double t = word(i, SNW_SLOT_NON_FALL, 0, SNW_WORD_non_fall_time);
        double early = fmin(t, 0.2) + fmin(0.5, 1 - t);
        assert_near(b->death_exposure_yr[i], early * 6.28 + (1 - early) * 1.04, 3e-5);
    }
}

static void nothing_is_recorded_after_death(void **state)
{
    (void)state;
    begin(1);
    let_fall(3);
    coef.injury_logit = 50; /* every fall that breaks nothing injures */
    coef.per_fall[SNW_FOREARM] = SNW_R(0.5);
    coef.death_hazard = 1;
    fill(SNW_YEAR_LUCK(luck, death), 1 - exp(-0.4)); /* dies at .4 */
    fill(b->lived_yr, -1);                           /* as the risk phase marks who may die */
    happen(0);
    size_t before = 0;
    for (size_t i = 0; i < N; i++) {
        unsigned falls = 0;
        for (uint32_t j = 0; j < 3; j++)
            falls += word(i, SNW_SLOT_FALL, j, SNW_WORD_fall_time) < (double)b->lived_yr[i];
        assert_near(b->lived_yr[i], 0.4, 1e-6);
        assert_int_equal((unsigned)b->n_falls[i], falls);
        assert_int_equal((unsigned)(b->n_injuries[i] + b->n_fractures[SNW_FOREARM][i]), falls);
        before += falls;
    }
    assert_int_equal(out->n, before);
    for (size_t k = 0; k < out->n; k++)
        assert_true(out->event[k].time_yr < b->lived_yr[out->event[k].lane]);
}

static void the_immortal_meet_all_events_and_carry_the_hazard_of_the_whole_year(void **state)
{
    (void)state;
    begin(1);
    let_break(SNW_HIP);
    coef.death_hazard = 5;
    fill(SNW_YEAR_LUCK(luck, death), 0.5);
    happen(1);
    for (size_t i = 0; i < N; i++) {
        double t = word(i, SNW_SLOT_NON_FALL, 0, SNW_WORD_non_fall_time), early = fmin(0.5, 1 - t);
        assert_true(b->lived_yr[i] == 1 && b->n_fractures[SNW_HIP][i] == 1);
        assert_near(b->death_exposure_yr[i], t + early * 6.28 + (1 - t - early) * 1.04, 2e-5);
    }
    assert_int_equal(out->n, N);
}

/* Two falls, each breaks the forearm with p = .3 whatever the other did: 0, 1, 2 fractures in
   .49, .42, .09 of people. */
static void a_second_fracture_of_the_year_does_not_see_the_first(void **state)
{
    (void)state;
    const double expected[] = {0.49, 0.42, 0.09};
    size_t count[3] = {0}, people = 20 * N;
    for (uint32_t part = 0; part < 20; part++) {
        begin(1 + part * N);
        let_fall(2);
        coef.per_fall[SNW_FOREARM] = SNW_R(0.3);
        coef.prior_ln = 5; /* would be seen at once */
        happen(0);
        for (size_t i = 0; i < N; i++) {
            count[(size_t)b->n_fractures[SNW_FOREARM][i]]++;
            assert_true(b->log_prior_risk[i] == 0);
        }
    }
    for (int k = 0; k < 3; k++)
        assert_near((double)count[k] / (double)people, expected[k],
                    5 * sqrt(expected[k] * (1 - expected[k]) / (double)people));
}

/* Chances .1 .2 .15 .05 .25 .1 of the six sites, in that order, rest .15 without fracture. */
static void a_fall_breaks_each_site_with_its_chance(void **state)
{
    (void)state;
    const double chance[] = {0.1, 0.2, 0.15, 0.05, 0.25, 0.1};
    double count[SNW_N_SITE] = {0}, people = 20 * N;
    for (uint32_t part = 0; part < 20; part++) {
        begin(1 + part * N);
        let_fall(1);
        for (int s = 0; s < SNW_N_SITE; s++)
            coef.per_fall[s] = SNW_R(chance[s] / (s == 0 ? 2 : s == 1 ? 4 : 5));
        fill(b->break_hip, 2);
        fill(b->break_spine, 4);
        fill(b->break_other, 5);
        happen(0);
        for (size_t i = 0; i < N; i++)
            for (int s = 0; s < SNW_N_SITE; s++)
                count[s] += (double)b->n_fractures[s][i];
    }
    for (int s = 0; s < SNW_N_SITE; s++)
        assert_near(count[s] / people, chance[s], 5 * sqrt(chance[s] * (1 - chance[s]) / people));
}

static void at_most_95_of_100_falls_break_a_bone(void **state)
{
    (void)state;
    begin(1);
    let_fall(1);
    coef.per_fall[SNW_HIP] = 3;
    coef.per_fall[SNW_OTHER] = 9;
    happen(0);
    double hip = 0, other = 0;
    for (size_t i = 0; i < N; i++) {
        hip += (double)b->n_fractures[SNW_HIP][i] / N;
        other += (double)b->n_fractures[SNW_OTHER][i] / N;
    }
    assert_near(hip, 0.2375, 5 * sqrt(0.2375 * 0.7625 / N));
    assert_near(other, 0.7125, 5 * sqrt(0.7125 * 0.2875 / N));
}

/* Non-fall hazards .1 and .3: a fracture is vertebral in 3 of 4. */
static void non_fall_fractures_take_sites_in_proportion(void **state)
{
    (void)state;
    begin(1);
    let_break(SNW_VERTEBRAL);
    coef.per_year[SNW_VERTEBRAL] = SNW_R(0.375);
    coef.per_year[SNW_LEG] = SNW_R(0.125);
    happen(0);
    double spine = 0, leg = 0;
    for (size_t i = 0; i < N; i++) {
        spine += (double)b->n_fractures[SNW_VERTEBRAL][i] / N;
        leg += (double)b->n_fractures[SNW_LEG][i] / N;
        assert_true(b->n_vertebral[i] == b->n_fractures[SNW_VERTEBRAL][i]);
        assert_true(b->n_falls[i] == 0 && b->n_hurt_not_hip[i] == 0);
    }
    assert_near(spine + leg, 1, 1e-6);
    assert_near(spine, 0.75, 5 * sqrt(0.75 * 0.25 / N));
}

struct reports {
    double harmless, harmless_reported, hurt, hurt_reported;
};

/* One fall each; a fifth injures. */
static struct reports count_reports(double p_injury, double p_harmless)
{
    struct reports r = {0};
    for (uint32_t part = 0; part < 20; part++) {
        begin(1 + part * N);
        let_fall(1);
        coef.injury_logit = SNW_R(log(0.2 / 0.8));
        coef.p_report_injury = SNW_R(p_injury);
        coef.p_report_harmless = SNW_R(p_harmless);
        happen(0);
        for (size_t i = 0; i < N; i++) {
            double hurt = (double)b->n_injuries[i], reported = (double)b->n_reported[i];
            r.hurt += hurt;
            r.hurt_reported += hurt * reported;
            r.harmless += 1 - hurt;
            r.harmless_reported += (1 - hurt) * reported;
        }
    }
    return r;
}

static void injurious_falls_are_remembered_and_others_thinned(void **state)
{
    (void)state;
    struct reports r = count_reports(1, 0.532 / 0.832);
    double all = r.hurt + r.harmless, p = 0.532 / 0.832;
    assert_near(r.hurt / all, 0.2, 5 * sqrt(0.16 / all));
    assert_true(r.hurt_reported == r.hurt);
    assert_near(r.harmless_reported / r.harmless, p, 5 * sqrt(p * (1 - p) / r.harmless));
}

static void by_the_other_rule_all_falls_are_thinned_alike(void **state)
{
    (void)state;
    struct reports r = count_reports(0.7, 0.7);
    assert_near(r.hurt_reported / r.hurt, 0.7, 5 * sqrt(0.21 / r.hurt));
    assert_near(r.harmless_reported / r.harmless, 0.7, 5 * sqrt(0.21 / r.harmless));
}

/* The shares that the two rules give follow from ascertainment .7 and injury share .24. */
static void the_report_rule_follows_the_ascertainment(void **state)
{
    (void)state;
    static struct snw_model model;
    struct snw_params params;
    snw_params_start(&params);
    snw_model_build(&model, &params);
    assert_near(model.year[0][50].p_report_injury, 1, 0);
    assert_near(model.year[0][50].p_report_harmless, (0.7 - 0.168) / (1 - 0.168), 1e-7);
    params.falls_injury_rule[0] = 1;
    snw_model_build(&model, &params);
    assert_near(model.year[0][50].p_report_injury, 0.7, 1e-7);
    assert_near(model.year[0][50].p_report_harmless, 0.7, 1e-7);
}

/* a0 -2, a1 .5 in women, a2 .4 a decade from 75, taken at the middle of the year: at 79 4.5 years
 * on. */
static void the_chance_of_injury_moves_with_the_decade(void **state)
{
    (void)state;
    static struct snw_model model;
    struct snw_params params;
    snw_params_start(&params);
    params.falls_injury_intercept[0] = -2;
    params.falls_injury_female[0] = 0.5;
    params.falls_injury_per_decade[0] = 0.4;
    snw_model_build(&model, &params);
    assert_near(model.year[SNW_FEMALE][79 - SNW_AGE_FIRST].injury_logit, -1.5 + 0.18, 1e-6);
    assert_near(model.year[SNW_MALE][70 - SNW_AGE_FIRST].injury_logit, -2 - 0.18, 1e-6);
}

static void a_broken_hip_is_no_hurt_other_than_a_hip(void **state)
{
    (void)state;
    begin(1);
    let_fall(2);
    coef.injury_logit = 50;
    coef.per_fall[SNW_HIP] = SNW_R(0.4);
    coef.per_fall[SNW_LEG] = SNW_R(0.3);
    happen(0);
    for (size_t i = 0; i < N; i++)
        assert_true(b->n_hurt_not_hip[i] == 2 - b->n_fractures[SNW_HIP][i]);
}

static void the_latest_fracture_of_the_year_is_remembered(void **state)
{
    (void)state;
    begin(1);
    let_fall(3);
    coef.per_fall[SNW_VERTEBRAL] = 1;
    happen(0);
    for (size_t i = 0; i < N; i++) {
        double last = -1;
        for (uint32_t j = 0; j < 3; j++)
            if (word(i, SNW_SLOT_FALL, j, SNW_WORD_fall_site) < 0.95)
                last = fmax(last, word(i, SNW_SLOT_FALL, j, SNW_WORD_fall_time));
        assert_near(b->fracture_yr[i], last, 1e-7);
        assert_near(b->vertebral_age_yr[i], last < 0 ? -1000 : AGE + last, 1e-5);
    }
}

/* Mean 1: P(0) = P(1) = e^-1, P(k) = e^-1/k!; cumulated .3679, .7358, .9197, .9810, .9963. */
static void fractures_without_a_fall_invert_the_poisson(void **state)
{
    (void)state;
    static const double cumulated[] = {0.36788, 0.73576, 0.91970, 0.98101, 0.99634};
    for (int k = 0; k < 5; k++)
        for (int side = 0; side < 2; side++) {
            begin(1);
            fill(SNW_YEAR_LUCK(luck, non_fall), cumulated[k] + (side ? 2e-5 : -2e-5));
            fill(b->fracture_yr, -2);
            coef.per_year[SNW_LEG] = 1;
            happen(0);
            assert_true(b->n_fractures[SNW_LEG][0] == SNW_R(k + side));
        }
}

/* Mean 2, v 1/2, so r = 2 and q = 1/2: P(k) = (k + 1)/2^(k + 2); cumulated 1/4, 1/2, 11/16, 13/16,
 * 57/64. */
static void falls_invert_the_negative_binomial(void **state)
{
    (void)state;
    static const double cumulated[] = {1 / 4.0, 1 / 2.0, 11 / 16.0, 13 / 16.0, 57 / 64.0};
    for (int k = 0; k < 5; k++)
        for (int side = 0; side < 2; side++) {
            begin(1);
            coef.fall_variance = SNW_R(0.5);
            fill(SNW_YEAR_LUCK(luck, falls), cumulated[k] + (side ? 1e-6 : -1e-6));
            fill(b->fall_rate, 2);
            fill(b->n_falls, -1);
            happen(0);
            assert_true(b->n_falls[0] == SNW_R(k + side));
        }
}

/* Thresholds a few digits below the hazard of the whole year, of which the second half begins at
   .5: the time of death rounds to 1 in some, but who dies has lived less than a year. */
static void who_dies_at_the_very_end_of_the_year_is_dead(void **state)
{
    (void)state;
    unsigned deaths = 0;
    for (int k = 0; k < 400; k++) {
        begin(1);
        coef.death_hazard = SNW_R(0.3 + 0.001 * k);
        fill(b->hip_age_yr, AGE); /* early until .5 */
        fill(b->lived_yr, -1);
        snw_real all = coef.death_hazard * SNW_R(0.5 * 6.28 + 0.5 * 1.04);
        snw_real *u = SNW_YEAR_LUCK(luck, death);
        u[0] = SNW_R(1) - snw_exp(-all);
        for (size_t i = 1; i < N; i++)
            u[i] = u[i - 1] - SNW_R(0x1p-24);
        happen(0);
        for (size_t i = 0; i < N; i++) {
            int dies = coef.death_hazard * b->death_exposure_yr[i] > -snw_log(SNW_R(1) - u[i]);
            assert_int_equal(b->lived_yr[i] < SNW_R(1), dies);
            deaths += (unsigned)dies;
        }
    }
    assert_true(deaths > 200 * N);
}

/* At rate .5 and v = 1.15 the ratio of neighbouring chances tends to .365: at the largest u, 6e-8
   from 1, some 15 falls; a sum that stalls below u would run on to the cap. */
static void the_unluckiest_fall_about_fifteen_times_not_up_to_the_cap(void **state)
{
    (void)state;
    const double rates[] = {0.05, 0.15, 0.5, 1, 3};
    for (size_t k = 0; k < 5; k++) {
        double r = 1 / 1.15, odds = 1.15 * rates[k], q = odds / (1 + odds);
        double p = exp(-r * log1p(odds)), above = 1 - p;
        int n = 0;
        while (above > 0x1p-24) { /* the chance of more than n falls */
            p *= q * (n + r) / (n + 1);
            above -= p;
            n++;
        }
        begin(1);
        fill(SNW_YEAR_LUCK(luck, falls), 1 - 0x1p-24);
        fill(b->fall_rate, rates[k]);
        fill(b->n_falls, -1);
        happen(0);
        assert_near(b->n_falls[0], n, 1 + 0.1 * n);
        assert_int_equal(out->n_capped, 0);
    }
}

/* Mean m: more than n fractures with a chance of about m^(n+1)/(n+1)!; at 6e-8 one for m = 2e-4. */
static void the_unluckiest_break_few_bones_without_a_fall(void **state)
{
    (void)state;
    for (double mean = 1e-5; mean < 0.02; mean *= 1.07) {
        begin(1);
        fill(SNW_YEAR_LUCK(luck, non_fall), 1 - 0x1p-24);
        fill(b->fracture_yr, -2);
        coef.per_year[SNW_LEG] = SNW_R(mean);
        happen(0);
        assert_true(b->n_fractures[SNW_LEG][0] >= 1 && b->n_fractures[SNW_LEG][0] <= 4);
    }
}

static void counts_of_falls_are_held_and_counted(void **state)
{
    (void)state;
    begin(1);
    b->n = 8;
    fill(SNW_YEAR_LUCK(luck, falls), 0.999);
    fill(b->fall_rate, 500);
    fill(b->n_falls, -1);
    happen(0);
    assert_int_equal(out->n_capped, 8);
    assert_true(b->n_falls[3] == SNW_FALLS_MAX);
}

static void an_event_without_room_is_reported(void **state)
{
    (void)state;
    begin(1);
    fill(SNW_YEAR_LUCK(luck, falls), 0.999);
    fill(b->fall_rate, 500);
    fill(b->n_falls, -1);
    coef.injury_logit = 50;
    happen(0);
    assert_int_equal(out->n, SNW_HAPPENINGS_MAX);
    assert_int_equal(out->overflow, 1);
    begin(1);
    happen(0);
    assert_int_equal(out->overflow, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_neither_falls_nor_breaks_lives_through_the_year_untouched),
        cmocka_unit_test(death_comes_where_the_hazard_reaches_the_threshold),
        cmocka_unit_test(a_hip_fracture_makes_the_hazard_six_times_as_high_for_half_a_year),
        cmocka_unit_test(survivors_of_a_year_with_a_hip_fracture_have_a_closed_form),
        cmocka_unit_test(the_clock_of_an_earlier_hip_fracture_runs_out_within_the_year),
        cmocka_unit_test(a_vertebral_fracture_counts_for_five_years_and_multiplies),
        cmocka_unit_test(a_new_hip_fracture_restarts_the_clock),
        cmocka_unit_test(nothing_is_recorded_after_death),
        cmocka_unit_test(the_immortal_meet_all_events_and_carry_the_hazard_of_the_whole_year),
        cmocka_unit_test(a_second_fracture_of_the_year_does_not_see_the_first),
        cmocka_unit_test(a_fall_breaks_each_site_with_its_chance),
        cmocka_unit_test(at_most_95_of_100_falls_break_a_bone),
        cmocka_unit_test(non_fall_fractures_take_sites_in_proportion),
        cmocka_unit_test(injurious_falls_are_remembered_and_others_thinned),
        cmocka_unit_test(by_the_other_rule_all_falls_are_thinned_alike),
        cmocka_unit_test(the_report_rule_follows_the_ascertainment),
        cmocka_unit_test(the_chance_of_injury_moves_with_the_decade),
        cmocka_unit_test(a_broken_hip_is_no_hurt_other_than_a_hip),
        cmocka_unit_test(the_latest_fracture_of_the_year_is_remembered),
        cmocka_unit_test(fractures_without_a_fall_invert_the_poisson),
        cmocka_unit_test(falls_invert_the_negative_binomial),
        cmocka_unit_test(who_dies_at_the_very_end_of_the_year_is_dead),
        cmocka_unit_test(the_unluckiest_fall_about_fifteen_times_not_up_to_the_cap),
        cmocka_unit_test(the_unluckiest_break_few_bones_without_a_fall),
        cmocka_unit_test(counts_of_falls_are_held_and_counted),
        cmocka_unit_test(an_event_without_room_is_reported),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
