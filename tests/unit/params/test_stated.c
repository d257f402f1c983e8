/* Each prior of the table against the same number written down a second time, from the sources'
   side: a change of one must be a change of both. Those from published intervals stand in
   test_priors.c as well. */
#include "support/near.h"

#include <stdbool.h>
#include <string.h>

#include "params/params.h"

enum {
    N = SNW_PRIOR_NORMAL,
    LN = SNW_PRIOR_LOGNORMAL,
    SHIFT = SNW_PRIOR_SHIFT,
    SCALE = SNW_PRIOR_SCALE,
    BOTH = SNW_PRIOR_SCALE_EACH,
    B = SNW_PRIOR_BETA,
    B_MEAN = SNW_PRIOR_BETA_MEAN,
    G = SNW_PRIOR_GAMMA,
    U = SNW_PRIOR_UNIFORM
};

/* A key, or the beginning of one up to a dot, and the prior of all elements that it names. */
static const struct {
    const char *key;
    int kind;
    double a, b;
} stated[] = {
    /* muscle, size, function */
    {"muscle.index_young", N, 0.25, 0},
    {"muscle.sd_base", LN, 0.10, 0},
    {"muscle.sd_slope", LN, 0.35, 0},
    {"muscle.phi", B_MEAN, 0.02, 0},
    {"muscle.innovation_at_50", LN, 0.25, 0},
    {"muscle.innovation_growth", LN, 0.25, 0},
    {"muscle.menopause_loss", N, 0.10, 0},
    {"muscle.rate_women", BOTH, 0.20, 0.20},
    {"muscle.rate_men", BOTH, 0.20, 0.20},
    {"muscle.activity_gain", N, 0.05, 0},
    {"muscle.felt_lag", LN, 0.5, 0},
    {"bone.causal_share", B, 3, 3},
    {"bone.r_muscle_change", B, 2, 6},
    {"bone.r_slopes", N, 0.15, 0},
    {"size.height_peak", N, 0.5, 0},
    {"size.height_loss", LN, 0.10, 0},
    {"size.height_per_vertebral", LN, 0.3, 0},
    {"size.bmi_median_women", SCALE, 0.02, 0},
    {"size.bmi_median_men", SCALE, 0.02, 0},
    {"size.sd_ln_bmi", LN, 0.10, 0},
    {"strength.grip_young", N, 1, 0},
    {"strength.knee_young", LN, 0.10, 0},
    {"strength.decline", LN, 0.20, 0},
    {"strength.knee_decline_ratio", LN, 0.10, 0},
    {"strength.per_muscle", N, 0.15, 0},
    {"strength.per_activity", N, 0.015, 0},
    {"strength.sd_base", LN, 0.10, 0},
    {"strength.phi", B_MEAN, 0.02, 0},
    {"strength.gait_phi", B_MEAN, 0.01, 0},
    {"strength.sd_change", LN, 0.15, 0},
    {"strength.sd_gait", LN, 0.15, 0},
    {"strength.gait_median_women", SCALE, 0.03, 0},
    {"strength.gait_median_men", SCALE, 0.03, 0},
    {"strength.gait_per_strength", N, 0.08, 0},
    /* bone traits */
    {"bone.per_muscle", N, 0.08, 0},
    {"bone.per_muscle.female.trabecular_radius", N, 0.10, 0},
    {"bone.per_muscle.male.trabecular_radius", N, 0.10, 0},
    {"bone.per_muscle.female.tbn_radius", N, 0.05, 0},
    {"bone.per_muscle.male.tbn_radius", N, 0.05, 0},
    {"bone.per_muscle.female.ct_vbmd", N, 0.03, 0},
    {"bone.per_muscle.male.ct_vbmd", N, 0.03, 0},
    {"bone.sd_base", LN, 0.15, 0},
    {"bone.shared_base", LN, 0.20, 0},
    {"bone.sd_change", LN, 0.20, 0},
    {"bone.shared_change", LN, 0.20, 0},
    {"bone.shared_slope", LN, 0.35, 0},
    {"bone.phi", B_MEAN, 0.02, 0},
    {"bone.menopause_early", BOTH, 0.25, 0.15},
    {"bone.menopause_late", SCALE, 0.35, 0},
    {"bone.reference_women", LN, 0.05, 0},
    {"bone.reference_men", LN, 0.05, 0},
    {"bone.loss_women", SCALE, 0.4, 0},
    {"bone.loss_women.ctth_femoral_neck", SCALE, 0.35, 0},
    {"bone.loss_women.trabecular_femoral_neck", SCALE, 0.10, 0},
    {"bone.loss_women.trabecular_lumbar_spine", SCALE, 0.10, 0},
    {"bone.loss_women.trabecular_peripheral", SCALE, 0.12, 0},
    {"bone.loss_women.tbn_radius", SHIFT, -0.03, 0},
    {"bone.loss_women.ct_vbmd", SCALE, 0.15, 0},
    {"bone.loss_men", SCALE, 0.4, 0},
    {"bone.loss_men.ctth_femoral_neck", SCALE, 0.35, 0},
    {"bone.loss_men.trabecular_femoral_neck", SCALE, 0.10, 0},
    {"bone.loss_men.trabecular_lumbar_spine", SCALE, 0.10, 0},
    {"bone.loss_men.trabecular_peripheral", SCALE, 0.12, 0},
    {"bone.loss_men.tbn_radius", SHIFT, -0.03, 0},
    {"bone.loss_men.ct_vbmd", SCALE, 0.15, 0},
    /* menopause, bone strength, IGFBP-2 */
    {"menopause.fmp_mean", N, 0.4, 0},
    {"menopause.fmp_sd", N, 0.3, 0},
    {"menopause.early_share", B, 3, 97},
    {"menopause.smoker_shift", N, 0.4, 0},
    {"menopause.weight_shield", N, 0.06, 0},
    {"menopause.hormone_therapy_shield", B, 8, 2},
    {"bone.spine_artefact", LN, 0.4, 0},
    {"bone.strength_exponent", N, 0.25, 0},
    {"bone.stiffness_exponent", N, 0.25, 0},
    {"bone.strength_young", LN, 0.12, 0},
    {"bone.soft_tissue_base", LN, 0.25, 0},
    {"bone.soft_tissue_slope", LN, 0.25, 0},
    {"igfbp2.young", LN, 0.3, 0},
    {"igfbp2.per_age", LN, 0.3, 0},
    {"igfbp2.per_muscle", N, 0.35, 0},
    {"igfbp2.per_bmi", N, 0.008, 0},
    {"igfbp2.female", N, 0.10, 0},
    {"igfbp2.sd_base", LN, 0.15, 0},
    {"igfbp2.sd_change", LN, 0.15, 0},
    {"comparators.igf1_per_muscle", N, 0.30, 0},
    {"comparators.bio_t_per_muscle", N, 0.20, 0},
    {"comparators.bio_e2_per_muscle", N, 0.10, 0},
    /* falls */
    {"falls.rate_women", BOTH, 0.10, 0.10},
    {"falls.rate_men", BOTH, 0.10, 0.10},
    {"falls.per_weakness", N, 0.07, 0},
    {"falls.frail", N, 0.15, 0},
    {"falls.nursing_home", N, 0.2, 0},
    {"falls.per_igfbp2", N, 0.10, 0},
    {"falls.variance_lasting", LN, 0.15, 0},
    {"falls.variance_yearly", LN, 0.15, 0},
    {"falls.phi", B_MEAN, 0.01, 0},
    {"falls.ascertainment", B, 14, 6},
    {"falls.injury_intercept", N, 0.3, 0},
    {"falls.injury_female", N, 0.15, 0},
    {"falls.injury_per_decade", N, 0.1, 0},
    /* fractures */
    {"fractures.rate_women", LN, 0, 0}, /* by age, below */
    {"fractures.rate_men", LN, 0, 0},
    {"fractures.hip_definition", B, 34, 6},
    {"fractures.hip_trend", N, 0.005, 0},
    {"fractures.fall_share_hip.20", B, 9, 11},
    {"fractures.fall_share_hip.45", B, 9, 11},
    {"fractures.fall_share_hip.52", B, 17, 3},
    {"fractures.fall_share_hip.65", B, 54.4, 4.7},
    {"fractures.fall_share_vertebral.20", B, 6, 14},
    {"fractures.fall_share_vertebral.45", B, 6, 14},
    {"fractures.fall_share_vertebral.52", B, 44.1, 53.9},
    {"fractures.fall_share_vertebral.65", B, 44.1, 53.9},
    {"fractures.fall_share_vertebral_85", B, 11.9, 37.8},
    {"fractures.fall_share_other.20", B, 9, 11},
    {"fractures.fall_share_other.45", B, 10, 10},
    {"fractures.fall_share_other.52", B, 15, 5},
    {"fractures.fall_share_other.65", B, 60, 15},
    {"fractures.rr_hip.female", SCALE, 0.1125, 0},
    {"fractures.rr_hip.male", SCALE, 0.1909, 0},
    {"fractures.rr_vertebral", LN, 0.0989, 0},
    {"fractures.rr_other", LN, 0.037, 0},
    {"fractures.rr_trauma", LN, 0.05, 0},
    {"fractures.mild_falls", N, 0.15, 0},
    {"fractures.prior_rr", LN, 0.15, 0},
    {"fractures.prior_decay", LN, 0.3, 0},
    {"fractures.per_load_ratio", N, 0.5, 0},
    {"fractures.per_weakness", N, 0.2, 0},
    /* frailty, disability, residence */
    {"frailty.intercept_robust_prefrail", N, 0.3, 0},
    {"frailty.intercept_prefrail_frail", N, 0.3, 0},
    {"frailty.intercept_prefrail_robust", N, 0.3, 0},
    {"frailty.intercept_frail_prefrail", N, 0.3, 0},
    {"frailty.worse_per_year", N, 0.010, 0},
    {"frailty.better_per_year", N, 0.010, 0},
    {"frailty.per_weakness", N, 0.08, 0},
    {"frailty.female", N, 0.10, 0},
    {"frailty.hip_fracture", N, 0.3, 0},
    {"disability.per_year", N, 0.015, 0},
    {"disability.ln_or.female.moderate", N, 0.1896, 0},
    {"disability.ln_or.female.high", N, 0.2803, 0},
    {"disability.ln_or.male.moderate", N, 0.3278, 0},
    {"disability.ln_or.male.high", N, 0.3704, 0},
    {"disability.hip_fracture", N, 0.3, 0},
    {"disability.frail", N, 0.3, 0},
    {"residence.resident_share", SCALE, 0.2, 0},
    {"residence.prefrail", N, 0.124, 0},
    {"residence.frail", N, 0.325, 0},
    {"residence.injury", N, 0.3, 0},
    {"residence.after_hip.20", B, 1, 99},
    {"residence.after_hip.50", B, 1.5, 48.5},
    {"residence.after_hip.65", B, 4, 62.7},
    {"residence.after_hip.75", B, 5, 36.7},
    {"residence.after_hip.85", B, 6, 24},
    /* mortality */
    {"mortality.per_weakness", N, 0.06, 0},
    {"mortality.frail", N, 0.15, 0},
    {"mortality.per_igfbp2", N, 0.07, 0},
    {"mortality.hip_early_rr", LN, 0.1352, 0},
    {"mortality.hip_late_rr", LN, 0.0854, 0},
    {"mortality.vertebral_smr.female", LN, 0.0908, 0},
    {"mortality.vertebral_smr.male", LN, 0.126, 0},
    {"mortality.vertebral_causal", B, 18.5, 55.5},
    /* costs and utilities */
    {"economics.hip_first_year_65", G, 44.4, 1136},
    {"economics.hip_first_year_under_65", G, 25, 1062},
    {"economics.vertebral_first_year_65", G, 25, 268},
    {"economics.vertebral_first_year_under_65", G, 25, 599},
    {"economics.nhnv_first_year_65", G, 25, 244},
    {"economics.nhnv_first_year_under_65", G, 25, 367},
    {"economics.later_years_factor", U, 0, 2},
    {"economics.injury", G, 4, 612.5},
    {"economics.nursing_home", G, 44.4, 2135},
    {"economics.frail_women", G, 55.5, 154},
    {"economics.frail_men", G, 11.1, 556},
    {"economics.disabled", LN, 0.15, 0},
    {"economics.health_care", SCALE, 0.10, 0},
    {"perspective.medicare_fracture", B_MEAN, 0.05, 0},
    {"perspective.medicare_injury", B_MEAN, 0.05, 0},
    {"perspective.medicare_state", B_MEAN, 0.08, 0},
    {"perspective.medicare_background", B_MEAN, 0.04, 0},
    {"perspective.medicare_intervention", B_MEAN, 0.08, 0},
    {"perspective.informal_care", LN, 0.3, 0},
    {"perspective.production_lost", LN, 0.5, 0},
    {"perspective.net_consumption", LN, 0.2, 0},
    {"utility.norm_women", N, 0.01, 0},
    {"utility.norm_men", N, 0.01, 0},
    {"utility.hip_first_year", B, 326.6, 267.2},
    {"utility.hip_later", B, 157.1, 25.6},
    {"utility.vertebral_first_year", B, 225.0, 106.0},
    {"utility.vertebral_later", B, 164.6, 29.1},
    {"utility.nhnv_first_year", B, 1124.9, 230.4},
    {"utility.nhnv_later", B, 93.3, 0.943},
    {"utility.nursing_home", B, 55.5, 18.5},
    {"utility.frail", N, 0.04, 0},
    {"utility.sarcopenic", N, 0.03, 0},
    {"utility.injury", N, 0.02, 0},
};

/* The longest key of the list that a key is or begins with; -1 where there is none. */
static int line_of(const char *key)
{
    int best = -1;
    size_t longest = 0;
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
        size_t n = strlen(stated[i].key);
        if (n > longest && strncmp(stated[i].key, key, n) == 0 && (key[n] == '.' || !key[n])) {
            best = (int)i;
            longest = n;
        }
    }
    return best;
}

static bool by_age(enum snw_param_id id)
{
    return id == SNW_PARAM_fractures_rate_women || id == SNW_PARAM_fractures_rate_men;
}

static void every_prior_is_the_one_stated(void **state)
{
    (void)state;
    bool used[sizeof stated / sizeof *stated] = {false};
    for (int i = 0; i < SNW_PARAM_COUNT; i++)
        for (size_t e = 0; e < snw_param_table[i].length; e++) {
            enum snw_param_id id = (enum snw_param_id)i;
            const struct snw_prior *p = snw_param_prior(id, e);
            char key[128];
            snw_param_key(id, e, key, sizeof key);
            int line = line_of(key);
            if (p->kind == SNW_PRIOR_FIXED) {
                assert_int_equal(line, -1);
                continue;
            }
            if (line < 0)
                fail_msg("%s: its prior is stated in the table alone", key);
            double a = by_age(id) ? (e % SNW_N_AGE_FRACTURE < 6 ? 0.35 : 0.10) : stated[line].a;
            if ((int)p->kind != stated[line].kind || p->a != a || p->b != stated[line].b)
                fail_msg("%s: the prior is (%d) %g %g, stated is (%d) %g %g", key, (int)p->kind,
                         p->a, p->b, stated[line].kind, a, stated[line].b);
            used[line] = true;
        }
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++)
        if (!used[i])
            fail_msg("%s: no such parameter", stated[i].key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prior_is_the_one_stated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
