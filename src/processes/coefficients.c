/* Parameters to numbers for kernels: muscle, size, strength, bone, markers. */
#include "processes/coefficients.h"

#include <string.h>

#include "core/vmath.h"
#include "numerics/curves.h"
#include "processes/coefficients_events.h"

static const double age_bmi[] = {20, 30, 40, 50, 60, 70, 80, 97};
static const double age_gait[] = {25, 35, 45, 55, 65, 75, 85, 97};
static const double age_muscle[2][7] = {{20, 45, 50, 60, 70, 80, 97}, {20, 40, 50, 60, 70, 80, 97}};
static const double age_bone_women[] = {20, 49, 50, 75, 90};
static const double age_bone_men[] = {20, 50, 75, 90};

/* The row of the LOSS axis that a trait takes its age loss from. */
static const int loss_row[SNW_N_TRAIT] = {0, 1, 2, 3, 4, 5, 6, 6, 7, 8};

static double innovation(double sd, double phi)
{
    return sd * snw_sqrt_f64(1 - phi * phi);
}

/* Correlation of two stationary AR(1) whose innovations correlate by r. */
static double stationary_r(double r, double phi_a, double phi_b)
{
    return r * snw_sqrt_f64((1 - phi_a * phi_a) * (1 - phi_b * phi_b)) / (1 - phi_a * phi_b);
}

static void build_birth(struct snw_birth_coef *b, const struct snw_params *p, int s)
{
    b->fmp_mean = SNW_R(p->menopause_fmp_mean[0]);
    b->fmp_sd = SNW_R(p->menopause_fmp_sd[0]);
    b->early_share = SNW_R(p->menopause_early_share[0]);
    b->smoker_shift = SNW_R(p->menopause_smoker_shift[0]);
    b->smoker_share = SNW_R(p->menopause_smoker_share[0]);
    b->height_mean = SNW_R(p->size_height_peak[s]);
    b->height_sd = SNW_R(p->size_sd_height_peak[s]);
    b->height_loss_log_sd = SNW_R(p->size_sd_ln_height_loss[0]);
    b->sd_bmi_base = SNW_R(p->size_sd_ln_bmi[s] * snw_sqrt_f64(p->size_bmi_base_share[0]));
    b->r_bmi_muscle = SNW_R(p->size_r_bmi_muscle_base[0]);
    b->sd_muscle_base = SNW_R(p->muscle_sd_base[s]);
    b->sd_muscle_slope = SNW_R(p->muscle_sd_slope[s]);
    b->r_slopes = SNW_R(p->bone_r_slopes[0]);
    double psi = p->bone_causal_share[0];
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        b->sd_trait[k] = SNW_R(p->bone_sd_base[k]);
        b->shared_trait[k] = SNW_R(p->bone_shared_base[k]);
        b->muscle_trait[k] = SNW_R((1 - psi) * p->bone_per_muscle[s * SNW_N_TRAIT + k]);
        b->start_trait[k] = SNW_R(p->bone_sd_change[k]);
    }
    b->r_radius = SNW_R(p->bone_r_radius_trabecular[0]);
    b->sd_strength = SNW_R(p->strength_sd_base[0]);
    b->sd_igfbp2 = SNW_R(p->igfbp2_sd_base[0]);
    b->sd_igf1 = SNW_R(0.7 * p->comparators_igf1_sd[0]);
    b->sd_bio_t = SNW_R(0.7 * p->comparators_bio_t_sd[0]);
    b->sd_bio_e2 = SNW_R(0.7 * p->comparators_bio_e2_sd[0]);
    double phi_m = p->muscle_phi[s], phi_w = p->size_bmi_phi[0], phi_b = p->bone_phi[0];
    double sigma = p->muscle_innovation_at_50[s] *
                   snw_exp_f64(p->muscle_innovation_growth[s] * (SNW_AGE_FIRST - 50));
    b->start_muscle = SNW_R(sigma / snw_sqrt_f64(1 - phi_m * phi_m));
    b->start_bmi = SNW_R(p->size_sd_ln_bmi[s] * snw_sqrt_f64(1 - p->size_bmi_base_share[0]));
    b->start_r_bmi = SNW_R(stationary_r(p->size_r_bmi_muscle_change[0], phi_w, phi_m));
    b->start_r_bone = SNW_R(stationary_r(p->bone_r_muscle_change[0], phi_b, phi_m));
    b->start_strength = SNW_R(p->strength_sd_change[0]);
    b->start_gait = SNW_R(p->strength_sd_gait[0]);
    b->start_igfbp2 = SNW_R(p->igfbp2_sd_change[0]);
    b->start_igf1 = SNW_R(0.714 * p->comparators_igf1_sd[0]);
    b->start_bio_t = SNW_R(0.714 * p->comparators_bio_t_sd[0]);
    b->start_bio_e2 = SNW_R(0.714 * p->comparators_bio_e2_sd[0]);
}

static void build_size(struct snw_year_coef *c, const struct snw_params *p, int s, double a)
{
    double loss = 0;
    if (a > 30)
        loss = p->size_height_loss[s] *
               snw_exp_f64(p->size_height_loss_power[s] * snw_log_f64((a - 30) / 40));
    c->height_loss_cm = SNW_R(loss);
    c->height_per_vertebral = SNW_R(p->size_height_per_vertebral[0]);
    const double *median = s == SNW_FEMALE ? p->size_bmi_median_women : p->size_bmi_median_men;
    c->bmi_median_ln = SNW_R(snw_log_f64(snw_knots(age_bmi, median, 8, a)));
    double sd = p->size_sd_ln_bmi[s], phi = p->size_bmi_phi[0];
    c->bmi_phi = SNW_R(phi);
    c->bmi_sd = SNW_R(innovation(sd * snw_sqrt_f64(1 - p->size_bmi_base_share[0]), phi));
    c->bmi_r = SNW_R(p->size_r_bmi_muscle_change[0]);
    c->bmi_z_scale = SNW_R(1 / sd);
    c->activity_phi = SNW_R(p->size_activity_phi[0]);
    c->activity_sd = SNW_R(innovation(1, p->size_activity_phi[0]));
}

static void build_muscle(struct snw_year_coef *c, const struct snw_params *p, int s, double a)
{
    const double *rate = s == SNW_FEMALE ? p->muscle_rate_women : p->muscle_rate_men;
    double change = snw_knots_integral(age_muscle[s], rate, 7, 25, a);
    c->index_median_ln = SNW_R(snw_log_f64(p->muscle_index_young[s]) + change / 100);
    c->menopause_muscle = SNW_R(s == SNW_FEMALE ? p->muscle_menopause_loss[0] / 100 : 0);
    c->muscle_phi = SNW_R(p->muscle_phi[s]);
    c->muscle_sd = SNW_R(p->muscle_innovation_at_50[s] *
                         snw_exp_f64(p->muscle_innovation_growth[s] * (a + 0.5 - 50)));
    c->muscle_per_activity = SNW_R(p->muscle_activity_gain[s] / 100);
    c->felt_lag = SNW_R(p->muscle_felt_lag[0]);
}

static void build_strength(struct snw_year_coef *c, const struct snw_params *p, int s, double a)
{
    double after = a > 40 ? a - 40 : 0, decline = p->strength_decline[s] / 2 * after * after;
    c->grip_median_ln = SNW_R(snw_log_f64(p->strength_grip_young[s]) - decline);
    c->knee_median_ln =
        SNW_R(snw_log_f64(p->strength_knee_young[s]) - p->strength_knee_decline_ratio[s] * decline);
    const double *gait =
        s == SNW_FEMALE ? p->strength_gait_median_women : p->strength_gait_median_men;
    c->gait_median_ln = SNW_R(snw_log_f64(snw_knots(age_gait, gait, 8, a)));
    c->strength_per_muscle = SNW_R(p->strength_per_muscle[0]);
    c->strength_per_activity = SNW_R(p->strength_per_activity[0]);
    c->strength_phi = SNW_R(p->strength_phi[0]);
    c->strength_sd = SNW_R(innovation(p->strength_sd_change[0], p->strength_phi[0]));
    c->gait_per_strength = SNW_R(p->strength_gait_per_strength[0]);
    c->gait_phi = SNW_R(p->strength_gait_phi[0]);
    c->gait_sd = SNW_R(innovation(p->strength_sd_gait[0], p->strength_gait_phi[0]));
}

static double trait_median_ln(const struct snw_params *p, int s, int k, double a)
{
    const double *rate = s == SNW_FEMALE ? p->bone_loss_women + loss_row[k] * SNW_N_AGE_BONE_WOMEN
                                         : p->bone_loss_men + loss_row[k] * SNW_N_AGE_BONE_MEN;
    const double *knots = s == SNW_FEMALE ? age_bone_women : age_bone_men;
    size_t n = s == SNW_FEMALE ? SNW_N_AGE_BONE_WOMEN : SNW_N_AGE_BONE_MEN;
    return snw_knots_integral(knots, rate, n, 25, a) / 100;
}

static void build_bone(struct snw_year_coef *c, const struct snw_params *p, int s, double a)
{
    double phi = p->bone_phi[0];
    c->weight_shield = SNW_R(p->menopause_weight_shield[0]);
    c->therapy_shield = SNW_R(p->menopause_hormone_therapy_shield[0]);
    c->bone_phi = SNW_R(phi);
    c->bone_sd = SNW_R(innovation(1, phi));
    c->bone_r = SNW_R(p->bone_r_muscle_change[0]);
    c->igfbp2_feedback = SNW_R(p->igfbp2_muscle_feedback[0]);
    const double *reference = s == SNW_FEMALE ? p->bone_reference_women : p->bone_reference_men;
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        c->trait_median_ln[k] = SNW_R(trait_median_ln(p, s, k, a));
        c->trait_early[k] = SNW_R(s == SNW_FEMALE ? p->bone_menopause_early[k] / 100 : 0);
        c->trait_late[k] = SNW_R(s == SNW_FEMALE ? p->bone_menopause_late[k] / 100 : 0);
        c->trait_shared[k] = SNW_R(p->bone_shared_change[k]);
        c->trait_slope[k] = SNW_R(p->bone_shared_slope[k]);
        c->trait_muscle[k] =
            SNW_R(p->bone_causal_share[0] * p->bone_per_muscle[s * SNW_N_TRAIT + k]);
        c->trait_feedback[k] =
            SNW_R(p->igfbp2_muscle_feedback[0] *
                  (trait_median_ln(p, s, k, a + 1) - trait_median_ln(p, s, k, a)));
        c->trait_sd[k] = SNW_R(innovation(p->bone_sd_change[k], phi));
        c->trait_reference[k] = SNW_R(reference[k]);
    }
    c->abmd_neck = SNW_R(p->bone_abmd_young_neck[s]);
    c->abmd_spine = SNW_R(p->bone_abmd_young_spine[s]);
    c->t_mean_neck = SNW_R(p->bone_t_reference_neck[s]);
    c->t_scale_neck = SNW_R(1 / p->bone_t_sd_neck[s]);
    c->t_mean_spine = SNW_R(p->bone_t_reference_spine[s]);
    c->t_scale_spine = SNW_R(1 / p->bone_t_sd_spine[s]);
    c->spine_artefact = SNW_R(a > 50 ? p->bone_spine_artefact[s] * (a - 50) : 0);
    c->femur_exponent = SNW_R(p->bone_strength_exponent[s]);
    c->stiffness_exponent = SNW_R(p->bone_stiffness_exponent[s]);
    c->femur_n = SNW_R(p->bone_strength_young[s]);
    c->tissue_base = SNW_R(p->bone_soft_tissue_base[s]);
    c->tissue_slope = SNW_R(p->bone_soft_tissue_slope[s]);
    c->radius_base_ln =
        SNW_R(0.0010 * (a - 20) + (s == SNW_MALE ? 0.69314718055994531 : 0)); /* ln 2 in men */
}

static void build_markers(struct snw_year_coef *c, const struct snw_params *p, int s, double a)
{
    c->igfbp2_median_ln = SNW_R(snw_log_f64(p->igfbp2_young[0]) + p->igfbp2_per_age[s] * (a - 25) +
                                (s == SNW_FEMALE ? p->igfbp2_female[0] : 0));
    c->igfbp2_per_muscle = SNW_R(p->igfbp2_per_muscle[s]);
    c->igfbp2_per_bmi = SNW_R(p->igfbp2_per_bmi[s]);
    c->igfbp2_phi = SNW_R(p->igfbp2_phi[0]);
    c->igfbp2_sd = SNW_R(innovation(p->igfbp2_sd_change[0], p->igfbp2_phi[0]));
    double igf1_age = a < 85 ? a : 85;
    c->igf1_median_ln = SNW_R(
        snw_log_f64(p->comparators_igf1_intercept[s] + p->comparators_igf1_slope[s] * igf1_age));
    c->igf1_per_muscle = SNW_R(p->comparators_igf1_per_muscle[0]);
    c->bio_t_median_ln = SNW_R(p->comparators_bio_t_slope[s] * (a - 25));
    c->bio_t_per_muscle = SNW_R(p->comparators_bio_t_per_muscle[0]);
    c->bio_e2_median_ln = SNW_R(p->comparators_bio_e2_slope[s] * (a - 25));
    c->bio_e2_per_muscle = SNW_R(p->comparators_bio_e2_per_muscle[0]);
    c->bio_e2_menopause = SNW_R(s == SNW_FEMALE ? p->comparators_bio_e2_menopause[0] : 0);
    c->marker_phi = SNW_R(0.9);
    c->igf1_sd = SNW_R(innovation(0.714 * p->comparators_igf1_sd[0], 0.9));
    c->bio_t_sd = SNW_R(innovation(0.714 * p->comparators_bio_t_sd[0], 0.9));
    c->bio_e2_sd = SNW_R(innovation(0.714 * p->comparators_bio_e2_sd[0], 0.9));
}

void snw_model_build(struct snw_model *model, const struct snw_params *params)
{
    double series[SNW_CHEBYSHEV_TERMS];
    memset(model, 0, sizeof *model);
    snw_chebyshev(snw_ln_gamma_quantile, params->falls_variance_lasting[0], 6.6, series);
    for (int j = 0; j < SNW_CHEBYSHEV_TERMS; j++)
        model->shapes.ln_gamma_quantile[j] = SNW_R(series[j]);
    for (int s = 0; s < SNW_N_SEXES; s++) {
        build_birth(&model->birth[s], params, s);
        for (int i = 0; i < SNW_N_AGES; i++) {
            struct snw_year_coef *c = &model->year[s][i];
            double a = SNW_AGE_FIRST + i;
            c->shapes = &model->shapes;
            c->age = SNW_R(a);
            c->years_after_40 = SNW_R(a > 40 ? a - 40 : 0);
            build_size(c, params, s, a);
            build_muscle(c, params, s, a);
            build_strength(c, params, s, a);
            build_bone(c, params, s, a);
            build_markers(c, params, s, a);
            snw_build_events(c, params, s, SNW_AGE_FIRST + i);
        }
    }
    static const int from[SNW_N_AGE_IMPROVEMENT] = {20, 50, 65, 85};
    for (int k = 0; k < SNW_N_AGE_IMPROVEMENT; k++)
        for (int age = from[k]; age <= SNW_AGE_LAST; age++)
            model->improvement[age - SNW_AGE_FIRST] = params->mortality_improvement[k] / 100;
}

double snw_mortality_improved(const struct snw_model *first, int before,
                              const struct snw_model *then, int after, int age)
{
    double factor = 1;
    for (int k = 0; k < before; k++)
        factor *= 1 - first->improvement[age - SNW_AGE_FIRST];
    for (int k = 0; k < after; k++)
        factor *= 1 - then->improvement[age - SNW_AGE_FIRST];
    return factor;
}

void snw_model_freeze(struct snw_model *model, const struct snw_params *params,
                      const struct snw_reference *reference, const struct snw_life_table *life)
{
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++)
            snw_model_freeze_year(model, params, reference, life, s, age);
}
