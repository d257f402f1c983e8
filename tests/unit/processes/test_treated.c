/* What interventions write works where it should, by as much as it says, and nowhere else. */
#include "support/near.h"

#include <string.h>

#include "core/memory.h"
#include "processes/schedule.h"
#include "support/starting.h"

enum { N = 16, AGE = 54 };

static struct snw_model *model;
static struct snw_block *plain, *treated;
static struct snw_luck *luck;

static int make_room(void **state)
{
    (void)state;
    struct snw_params params;
    model = snw_alloc(sizeof *model);
    plain = snw_alloc(sizeof *plain);
    treated = snw_alloc(sizeof *treated);
    luck = snw_alloc(sizeof *luck);
    if (!model || !plain || !treated || !luck)
        return -1;
    snw_params_start(&params);
    params.strength_gait_per_strength[0] = 0.25;
    params.menopause_hormone_therapy_shield[0] = 0.8;
    snw_model_build(model, &params);
    return 0;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(model);
    snw_free(plain);
    snw_free(treated);
    snw_free(luck);
    return 0;
}

static struct snw_year_coef *coef(void)
{
    return &model->year[SNW_FEMALE][AGE - SNW_AGE_FIRST];
}

/* Women of 54, median in all but their age at menopause: 51, 51.25, .. */
static void begin(void)
{
    memset(plain, 0, sizeof *plain);
    plain->n = N;
    plain->sex = SNW_FEMALE;
    plain->age = AGE;
    plain->treated = 1;
    for (size_t i = 0; i < N; i++) {
        plain->fmp_age_yr[i] = SNW_R(51 + 0.25 * (double)i);
        plain->height_peak_cm[i] = 165;
        plain->height_loss_factor[i] = 1;
        plain->hip_age_yr[i] = plain->vertebral_age_yr[i] = -1000;
    }
    memcpy(treated, plain, sizeof *plain);
}

static void fill(snw_real *lanes, double value)
{
    for (size_t i = 0; i < N; i++)
        lanes[i] = SNW_R(value);
}

static void see(void)
{
    struct snw_block *each[] = {plain, treated};
    for (size_t k = 0; k < 2; k++) {
        snw_run_phase(snw_kernels_best(), SNW_LOOK, each[k], coef(), luck);
        snw_run_phase(snw_kernels_best(), SNW_SCORE, each[k], coef(), luck);
        snw_run_phase(snw_kernels_best(), SNW_RISK, each[k], coef(), luck);
    }
}

/* Everything that is seen but the named fields is the same in both. */
static void assert_same_but(const char *names)
{
    size_t count;
    const struct snw_field_info *fields = snw_field_table(&count);
    for (size_t f = 0; f < count; f++)
        for (size_t j = 0; j < fields[f].count; j++)
            if (fields[f].kind != SNW_TREATED && !strstr(names, fields[f].name))
                for (size_t i = 0; i < N; i++)
                    assert_near(snw_field_at(treated, &fields[f], j)[i],
                                snw_field_at(plain, &fields[f], j)[i], 0);
}

/* 5 % of muscle: m and the index by ln 1.05; what follows from m are strength, gait and the
 * markers. */
static void treated_muscle_is_muscle(void **state)
{
    (void)state;
    begin();
    fill(treated->muscle_treated, log(1.05));
    see();
    for (size_t i = 0; i < N; i++) {
        assert_near(treated->muscle_ln[i] - plain->muscle_ln[i], log(1.05), 1e-7);
        assert_near(treated->index_ln[i] - plain->index_ln[i], log(1.05), 5e-7);
        assert_near(treated->strength_ln[i] - plain->strength_ln[i], 0.6 * log(1.05), 1e-7);
    }
    assert_same_but("muscle_ln index_ln strength_ln grip_ln gait_m_s igfbp2_ln igf1_ln bio_t_ln "
                    "bio_e2_ln");
}

/* 28 % of strength: grip by ln 1.28, gait by a quarter of it. */
static void treated_strength_is_strength_and_a_quarter_of_gait(void **state)
{
    (void)state;
    begin();
    fill(treated->strength_treated, log(1.28));
    see();
    for (size_t i = 0; i < N; i++) {
        assert_near(treated->grip_ln[i] - plain->grip_ln[i], log(1.28), 1e-6);
        assert_near(treated->gait_m_s[i] / plain->gait_m_s[i], pow(1.28, 0.25), 1e-6);
    }
    assert_same_but("strength_ln grip_ln gait_m_s");
}

/* Each trait by itself, and areal density by its weights: .60 and .20 of neck cortex and
   trabeculae, .30 of cortical density; .35, .35 and .15 at the spine. */
static void treated_traits_are_traits_and_their_share_of_density(void **state)
{
    (void)state;
    static const double neck[] = {.60, 0, 0, 0, .20, 0, 0, 0, 0, .30};
    static const double spine[] = {0, .35, 0, 0, 0, .35, 0, 0, 0, .15};
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        begin();
        fill(treated->trait_treated[k], 0.06);
        see();
        for (size_t i = 0; i < N; i++) {
            for (int j = 0; j < SNW_N_TRAIT; j++)
                assert_near(treated->trait_ln[j][i] - plain->trait_ln[j][i], j == k ? 0.06 : 0,
                            1e-7);
            assert_near(treated->abmd_neck_ln[i] - plain->abmd_neck_ln[i], 0.06 * neck[k], 1e-7);
            assert_near(treated->abmd_spine_ln[i] - plain->abmd_spine_ln[i], 0.06 * spine[k], 1e-7);
        }
        assert_same_but("trait_ln abmd_neck_ln abmd_spine_ln");
    }
}

/* RaR .77: the rate of falls, and nothing that breaks. */
static void a_treated_fall_rate_is_that_rate(void **state)
{
    (void)state;
    begin();
    fill(treated->fall_rate_treated, log(0.77));
    see();
    for (size_t i = 0; i < N; i++)
        assert_near(treated->fall_rate[i] / plain->fall_rate[i], 0.77, 1e-6);
    assert_same_but("log_fall_risk fall_rate");
}

/* A drug's ratio of .6 at the hip: that of hip fractures, by a fall and without. */
static void a_fracture_ratio_is_that_of_its_site(void **state)
{
    (void)state;
    static const char *const own[] = {"break_hip trauma_hip", "break_spine trauma_spine",
                                      "break_other trauma_other"};
    for (int k = 0; k < 3; k++) {
        char names[100];
        begin();
        snw_real *const ratios[] = {treated->hip_treated, treated->spine_treated,
                                    treated->other_treated};
        fill(ratios[k], log(0.6));
        see();
        for (size_t i = 0; i < N; i++) {
            assert_near(treated->break_hip[i] / plain->break_hip[i], k == 0 ? 0.6 : 1, 1e-6);
            assert_near(treated->trauma_hip[i] / plain->trauma_hip[i], k == 0 ? 0.6 : 1, 1e-6);
            assert_near(treated->break_spine[i] / plain->break_spine[i], k == 1 ? 0.6 : 1, 1e-6);
            assert_near(treated->trauma_spine[i] / plain->trauma_spine[i], k == 1 ? 0.6 : 1, 1e-6);
            assert_near(treated->break_other[i] / plain->break_other[i], k == 2 ? 0.6 : 1, 1e-6);
            assert_near(treated->trauma_other[i] / plain->trauma_other[i], k == 2 ? 0.6 : 1, 1e-6);
        }
        snprintf(names, sizeof names, "%s break_any", own[k]);
        assert_same_but(names);
    }
}

/* 5 % of density that the ratio holds already: the scores see it, the risk of fracture does not. */
static void density_that_fractures_do_not_see_leaves_their_risk(void **state)
{
    (void)state;
    coef()->z_scale[SNW_Z_NECK] = coef()->z_scale[SNW_Z_SPINE] = 8;
    begin();
    fill(treated->trait_treated[SNW_CTTH_NECK], 0.05 / 0.60);
    fill(treated->trait_treated[SNW_CTTH_SPINE], 0.05 / 0.35);
    fill(treated->neck_unseen_ln, 0.05);
    fill(treated->spine_unseen_ln, 0.05);
    see();
    for (size_t i = 0; i < N; i++) {
        assert_near(treated->abmd_neck_z[i] - plain->abmd_neck_z[i], 0.4, 1e-5);
        assert_near(treated->abmd_spine_z[i] - plain->abmd_spine_z[i], 0.4, 1e-5);
        assert_near(treated->break_hip[i] / plain->break_hip[i], 1, 2e-6);
        assert_near(treated->break_spine[i] / plain->break_spine[i], 1, 2e-6);
        assert_near(treated->trauma_spine[i] / plain->trauma_spine[i], 1, 2e-6);
        assert_near(treated->trauma_other[i] / plain->trauma_other[i], 1, 2e-6);
    }
    coef()->z_scale[SNW_Z_NECK] = coef()->z_scale[SNW_Z_SPINE] = 0;
}

/* A hazard ratio of .9 is that of death. */
static void a_treated_hazard_of_death_is_that_hazard(void **state)
{
    (void)state;
    begin();
    fill(treated->death_treated, log(0.9));
    see();
    for (size_t i = 0; i < N; i++)
        assert_near(treated->death_risk[i] / plain->death_risk[i], 0.9, 1e-6);
    assert_same_but("death_risk death_exposure_yr");
}

/* Therapy that spares .8 leaves a fifth of the years of early and late loss. */
static void hormone_therapy_spares_four_fifths_of_the_menopausal_years(void **state)
{
    (void)state;
    begin();
    fill(treated->hormone_therapy, 1);
    snw_run_process(snw_kernels_best(), "menopause_advance", plain, coef(), luck);
    snw_run_process(snw_kernels_best(), "menopause_advance", treated, coef(), luck);
    for (size_t i = 0; i < N; i++) {
        double y = AGE - (51 + 0.25 * (double)i);
        double early = fmin(fmax(y + 1, -1), 2) - fmin(fmax(y, -1), 2);
        assert_near(plain->menopause_early_yr[i], early, 1e-6);
        assert_near(treated->menopause_early_yr[i], 0.2 * early, 1e-6);
        assert_near(treated->menopause_late_yr[i], 0.2 * (double)plain->menopause_late_yr[i], 1e-6);
    }
    assert_true(plain->menopause_late_yr[0] > SNW_R(0.5));
    assert_same_but("menopause_early_yr menopause_late_yr");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(treated_muscle_is_muscle),
        cmocka_unit_test(treated_strength_is_strength_and_a_quarter_of_gait),
        cmocka_unit_test(treated_traits_are_traits_and_their_share_of_density),
        cmocka_unit_test(a_treated_fall_rate_is_that_rate),
        cmocka_unit_test(a_fracture_ratio_is_that_of_its_site),
        cmocka_unit_test(density_that_fractures_do_not_see_leaves_their_risk),
        cmocka_unit_test(a_treated_hazard_of_death_is_that_hazard),
        cmocka_unit_test(hormone_therapy_spares_four_fifths_of_the_menopausal_years),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
