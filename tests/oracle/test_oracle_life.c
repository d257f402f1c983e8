/* Tests of whole lives of the oracle: the median person by hand, and what many people must show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oracle/test_world.h"
#include "support/starting.h"

#define assert_near(actual, expected, tolerance)                                                   \
    do {                                                                                           \
        double actual_ = (actual), expected_ = (expected);                                         \
        if (!(fabs(actual_ - expected_) <= (tolerance)))                                           \
            fail_msg("%s is %.12g, not %.12g", #actual, actual_, expected_);                       \
    } while (0)

enum { N_PEOPLE = 4000 };

struct world {
    struct snw_params params;
    struct snw_oracle_reference reference;
    struct snw_oracle_life life;
};

static struct world *new_world(void)
{
    static struct world w;
    snw_params_start(&w.params);
    world_reference(&w.params, &w.reference);
    return &w;
}

static const struct snw_oracle_year *live(struct world *w, enum snw_sex sex, uint32_t id,
                                          bool immortal)
{
    struct snw_oracle_person person = {
        .sex = sex, .id = id, .key = {2012, 0}, .immortal = immortal};
    snw_oracle_live(&w->params, &w->reference, &person, &w->life);
    return w->life.year;
}

static void the_median_woman_is_where_the_curves_are(void **state)
{
    (void)state;
    struct world *w = new_world();
    median_people(&w->params);
    SET(w->params.size_height_per_vertebral, 0);
    const struct snw_oracle_year *year = live(w, SNW_FEMALE, 1, true);
    assert_near(w->life.birth.fmp, 52.7, 1e-12);

    const struct snw_oracle_measures *at = &year[60 - 20].measures;
    assert_near(at->grip_kg, 31 * exp(-0.08), 1e-9);
    assert_near(at->knee_extensor_nm, 135 * exp(-0.164), 1e-9);
    assert_near(at->gait_m_s, (1.313 + 1.241) / 2, 1e-9);
    assert_near(at->bmi_kg_m2, 29, 1e-6);
    /* .4 - .375 - 2.25 % by 60, and .2 % in each of the 4 years round menopause */
    assert_near(at->asm_kg, 6.80 * exp(-0.02225 - 0.008) * 1.643 * 1.643, 1e-9);
    double loss_cm = 5 * pow(0.75, 2.11);
    assert_near(at->height_m, 1.643 - loss_cm / 100, 1e-9);
    assert_near(at->igfbp2_ng_ml, 200 * exp(0.0107 * 35 - 0.05), 1e-4);
    assert_near(at->igf1_ng_ml, 386 - 3.49 * 60, 1e-9);
    assert_near(at->bio_e2_rel, exp(-0.105 - 1.59), 1e-9);
    assert_near(year[90 - 20].measures.igf1_ng_ml, 386 - 3.49 * 85, 1e-9);
    assert_near(year[52 - 20].measures.bio_e2_rel, exp(-0.081 - 0.1 * 1.59), 1e-9);

    /* trabeculae of the neck: age to 60, 3 years of -2.4 %, and of the late kernel
       (y from 2 to 7.3) 5.3 - 5.3^2/16 = 3.544375 years of -.3 % */
    double age_loss = (24 * (0.55 + 5.0 / 29 * 0.25 + 0.80) / 2 + 0.925 +
                       10 * (1.05 + (1.05 + 0.05 * 10 / 25)) / 2) /
                      100;
    double expected = -age_loss - 0.072 - 0.003 * 3.544375;
    assert_near(at->ln_trait[SNW_TRAB_NECK], expected, 1e-9);
    assert_near(at->trait[SNW_TRAB_NECK], 160 * exp(expected), 1e-6);
}

static void the_median_man_has_no_menopause(void **state)
{
    (void)state;
    struct world *w = new_world();
    median_people(&w->params);
    const struct snw_oracle_year *year = live(w, SNW_MALE, 1, true);
    const struct snw_oracle_measures *at = &year[75 - 20].measures;
    /* cortex of the neck: .05 at 20 to .10 at 50 to .28 at 75; from 25 on */
    double expected = -(25 * (0.05 + 0.05 / 6 + 0.10) / 2 + 25 * 0.19) / 100;
    assert_near(at->ln_trait[SNW_CTTH_NECK], expected, 1e-9);
    assert_near(year[75 - 20].state.menopause_early, 0, 0);
    assert_near(at->bio_e2_rel, exp(-0.0106 * 50), 1e-9);
    assert_true(isnan(at->years_since_fmp));
    assert_near(at->grip_kg, 51 * exp(-2e-4 * 35 * 35), 1e-9);
    assert_near(at->tb_vbmd_radius_mg_cm3, 1200 * at->trait[SNW_TRAB_RADIUS], 1e-9);
    assert_near(at->tbsp_radius_mm + at->tbth_radius_mm, 1 / at->trait[SNW_TBN_RADIUS], 1e-12);
    assert_near(at->t_score_neck, (0.934 * exp(at->ln_neck_rel) - 0.858) / 0.120, 1e-9);
    assert_near(at->t_score_spine, (1.057 * exp(at->ln_spine_rel + 0.175) - 1.064) / 0.106, 1e-9);
}

static void the_load_of_a_sideways_fall_is_padded(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    /* H 1.6 m, 64 kg: U = sqrt(2 x 9.81 x .816 x 71000 x 32) = 6031.3 N; 40 mm take 2840 N */
    assert_near(snw_oracle_hip_load(&params, SNW_FEMALE, 1.6, 25, 64), 6031.3 - 2840, 0.5);
    /* never less than a fifth */
    assert_near(snw_oracle_hip_load(&params, SNW_FEMALE, 1.6, 60, 64), 0.2 * 6031.3, 0.1);
}

static void the_same_person_lives_the_same_life(void **state)
{
    (void)state;
    struct world *w = new_world();
    static struct snw_oracle_life first;
    live(w, SNW_FEMALE, 33, false);
    first = w->life;
    live(w, SNW_FEMALE, 34, false);
    assert_true(first.year[0].measures.grip_kg != w->life.year[0].measures.grip_kg);
    live(w, SNW_FEMALE, 33, false);
    for (int i = 0; i < SNW_ORACLE_N_AGES; i++)
        assert_near(first.year[i].measures.grip_kg, w->life.year[i].measures.grip_kg, 0);
    assert_true(first.death_age == w->life.death_age || isnan(first.death_age));
}

static void the_dead_keep_their_last_value(void **state)
{
    (void)state;
    struct world *w = new_world();
    for (uint32_t id = 0; id < 20; id++) {
        const struct snw_oracle_year *year = live(w, SNW_MALE, id, false);
        if (isnan(w->life.death_age))
            continue;
        int last = (int)floor(w->life.death_age) - 20;
        assert_true(year[last].alive && year[last].outcomes.died);
        assert_near(year[last].outcomes.person_years, w->life.death_age - 20 - last, 1e-12);
        assert_int_equal(year[last].outcomes.cause, w->life.cause);
        for (int i = last + 1; i < SNW_ORACLE_N_AGES; i++) {
            assert_false(year[i].alive);
            assert_near(year[i].measures.grip_kg, year[last].measures.grip_kg, 0);
            assert_int_equal(year[i].outcomes.falls, 0);
            assert_near(year[i].outcomes.person_years, 0, 0);
        }
        for (int i = 0; i < w->life.n_fractures; i++)
            assert_true(w->life.fracture[i].age <= w->life.death_age);
    }
}

static void a_shift_of_strength_moves_every_z_by_itself(void **state)
{
    (void)state;
    struct world *w = new_world();
    static struct snw_oracle_life first;
    live(w, SNW_FEMALE, 5, true);
    first = w->life;
    w->params.strength_shift_sd[0] = 0.5;
    live(w, SNW_FEMALE, 5, true);
    for (int i = 0; i < SNW_ORACLE_N_AGES; i++)
        assert_near(w->life.year[i].measures.z_grip - first.year[i].measures.z_grip, 0.5, 1e-9);
    /* young, before frailty parts the lives, the fall rate falls by exp(-bS/2) */
    assert_near(w->life.year[0].outcomes.fall_rate / first.year[0].outcomes.fall_rate, exp(-0.13),
                1e-9);
}

struct sums {
    double n, x, y, xx, yy, xy;
};

static void add(struct sums *s, double x, double y)
{
    s->n++;
    s->x += x;
    s->y += y;
    s->xx += x * x;
    s->yy += y * y;
    s->xy += x * y;
}

static double sd_x(const struct sums *s)
{
    return sqrt(s->xx / s->n - s->x / s->n * s->x / s->n);
}

static double r_xy(const struct sums *s)
{
    double vx = s->xx - s->x * s->x / s->n, vy = s->yy - s->y * s->y / s->n;
    return (s->xy - s->x * s->y / s->n) / sqrt(vx * vy);
}

/* Standard errors: sd/sqrt(2n) = 1.1 % of an SD, 1/sqrt(n) = .016 of a correlation; 4 of them. */
static void spreads_and_correlations_are_those_asked_for(void **state)
{
    (void)state;
    struct world *w = new_world();
    struct sums base = {0}, tbn = {0}, start = {0}, bmi = {0}, late = {0}, falls = {0},
                latent = {0};
    for (uint32_t id = 0; id < N_PEOPLE; id++) {
        const struct snw_oracle_year *year = live(w, SNW_FEMALE, id, true);
        const struct snw_oracle_birth *birth = &w->life.birth;
        add(&base, birth->bmi_base, birth->muscle_base);
        add(&tbn, birth->trait_base[SNW_TBN_RADIUS], birth->trait_base[SNW_TRAB_RADIUS]);
        add(&start, year[0].state.muscle_change, year[0].state.bone_shared);
        add(&bmi, birth->bmi_base + year[60].state.bmi_change, year[60].state.bmi_change);
        add(&late, year[60].state.strength_change, year[60].state.gait_change);
        add(&latent, year[60].state.fall_prone, year[60].state.disability_latent);
        add(&falls, year[50].outcomes.falls, year[50].outcomes.fall_rate);
    }
    assert_near(sd_x(&base), 0.21 * sqrt(0.6), 0.044 * 0.163);
    assert_near(r_xy(&base), 0.6, 0.045);
    assert_near(sd_x(&tbn), 0.09, 0.044 * 0.09);
    assert_near(r_xy(&tbn), 0.6, 0.045);
    assert_near(sd_x(&start), 0.012 * exp(-1.05) / sqrt(1 - 0.93 * 0.93), 0.044 * 0.0114);
    assert_near(r_xy(&start), 0.3, 0.06); /* equal phi: that of the innovations */
    assert_near(sd_x(&bmi), 0.21, 0.044 * 0.21);
    assert_near(sd_x(&late), 0.12, 0.044 * 0.12);
    assert_near(r_xy(&late), 0, 0.064);
    assert_near(sd_x(&latent), 1, 0.044);
    /* counts have the mean of their rates: SD of a count about 1.9 */
    assert_near(falls.x / falls.n, falls.y / falls.n, 4 * 1.9 / sqrt(N_PEOPLE));
}

static void menopause_comes_when_the_evidence_says(void **state)
{
    (void)state;
    struct world *w = new_world();
    struct sums fmp = {0};
    double before_40 = 0, smokers = 0;
    for (uint32_t id = 0; id < N_PEOPLE; id++) {
        struct snw_oracle_person person = {.sex = SNW_FEMALE, .id = id, .key = {3, 0}};
        struct snw_oracle_birth birth;
        snw_oracle_be_born(&w->params, &person, &birth);
        add(&fmp, birth.fmp, birth.smoker);
        before_40 += birth.fmp < 40;
        smokers += birth.smoker;
    }
    /* .966 x 52.7 + .034 x 40; SD about 4.2 */
    assert_near(fmp.x / fmp.n, 52.268, 4 * 4.2 / sqrt(N_PEOPLE));
    assert_near(before_40 / N_PEOPLE, 0.017, 4 * 0.0021);
    assert_near(smokers / N_PEOPLE, 0.17, 4 * 0.006);
}

static void bone_and_muscle_losses_are_those_of_the_trial(void **state)
{
    (void)state;
    struct world *w = new_world();
    double young = 0, old = 0, low = 0, high = 0;
    struct sums cortex = {0}, neck = {0};
    for (uint32_t id = 0; id < N_PEOPLE; id++) {
        const struct snw_oracle_year *year = live(w, SNW_FEMALE, id, true);
        young += year[0].measures.trait[SNW_TRAB_NECK];
        old += year[77].measures.trait[SNW_TRAB_NECK];
        low += year[1].measures.abmd_neck_g_cm2;
        high += year[69].measures.abmd_neck_g_cm2;
        add(&neck, year[5].measures.ln_neck_rel, 0);
        add(&cortex, year[5].measures.relative_asm_kg_m2, year[5].measures.trait[SNW_CTTH_NECK]);
    }
    /* trial rows: T_FN 20-97 -55.0 %, aBMD 21-89 -27 %, SD of ln aBMD at 25 .142; SE about 1 % */
    assert_near(old / young - 1, -0.550, 0.015);
    assert_near(high / low - 1, -0.27, 0.02);
    assert_near(sd_x(&neck), 0.142, 4 * 0.142 / sqrt(2 * N_PEOPLE));
    assert_true(r_xy(&cortex) > 0.15 && r_xy(&cortex) < 0.40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_median_woman_is_where_the_curves_are),
        cmocka_unit_test(the_median_man_has_no_menopause),
        cmocka_unit_test(the_load_of_a_sideways_fall_is_padded),
        cmocka_unit_test(the_same_person_lives_the_same_life),
        cmocka_unit_test(the_dead_keep_their_last_value),
        cmocka_unit_test(a_shift_of_strength_moves_every_z_by_itself),
        cmocka_unit_test(spreads_and_correlations_are_those_asked_for),
        cmocka_unit_test(menopause_comes_when_the_evidence_says),
        cmocka_unit_test(bone_and_muscle_losses_are_those_of_the_trial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
