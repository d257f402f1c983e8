/* What the oracle measures at a birthday: size, muscle, strength, blood, bone, and the rules on
 * them. */
#include "oracle/oracle_parts.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double snw_oracle_height_cm(const struct snw_params *params, enum snw_sex sex,
                            const struct snw_oracle_birth *birth, int n_vertebral, double age)
{
    double loss = 0;
    if (age > 30)
        loss = birth->height_loss * params->size_height_loss[sex] *
               pow((age - 30) / 40, params->size_height_loss_power[sex]);
    return birth->height_peak_cm - loss - params->size_height_per_vertebral[0] * n_vertebral;
}

double snw_oracle_hip_load(const struct snw_params *params, enum snw_sex sex, double height_m,
                           double bmi_kg_m2, double body_mass_kg)
{
    double tissue_mm =
        params->bone_soft_tissue_base[sex] + params->bone_soft_tissue_slope[sex] * (bmi_kg_m2 - 25);
    tissue_mm = fmin(fmax(tissue_mm, 5), 100);
    double impact = sqrt(2 * 9.81 * 0.51 * height_m * 71000 * 0.5 * body_mass_kg);
    return fmax(impact - 71 * tissue_mm, 0.2 * impact);
}

static void measure_size(const struct snw_params *params, enum snw_sex sex,
                         const struct snw_oracle_birth *birth, const struct snw_oracle_state *state,
                         int age, struct snw_oracle_measures *out)
{
    out->muscle =
        birth->muscle_base + birth->muscle_slope * fmax(age - 40, 0) + state->muscle_change;
    out->height_m = snw_oracle_height_cm(params, sex, birth, state->n_vertebral, age) / 100;

    struct snw_oracle_curve bmi =
        snw_oracle_curve_make(SNW_AXIS_AGE_BMI, sex == SNW_FEMALE ? params->size_bmi_median_women
                                                                  : params->size_bmi_median_men);
    double deviation = birth->bmi_base + state->bmi_change;
    out->bmi_kg_m2 = snw_oracle_curve_at(&bmi, age) * exp(deviation);
    out->bmi_z = deviation / params->size_sd_ln_bmi[sex];
    out->body_mass_kg = out->bmi_kg_m2 * out->height_m * out->height_m;

    double ln_index =
        log(params->muscle_index_young[sex]) + snw_oracle_muscle_curve(params, sex, age) +
        params->muscle_menopause_loss[0] / 100 * snw_oracle_transition_years(birth->fmp, age) +
        out->muscle;
    double peak_m = birth->height_peak_cm / 100;
    out->asm_kg = exp(ln_index) * peak_m * peak_m;
    out->relative_asm_kg_m2 = out->asm_kg / (out->height_m * out->height_m);
}

static void measure_strength(const struct snw_params *params,
                             const struct snw_oracle_reference_age *at, enum snw_sex sex,
                             const struct snw_oracle_birth *birth,
                             const struct snw_oracle_state *state, int age,
                             struct snw_oracle_measures *out)
{
    double after_40 = fmax(age - 40, 0);
    double decline = params->strength_decline[sex] / 2 * after_40 * after_40;
    /* the shift stands where a treatment's term would: in grip, in knee, and through grip in gait
     */
    double person = params->strength_per_muscle[0] * out->muscle +
                    params->strength_per_activity[0] * state->activity + birth->strength_base +
                    state->strength_change + params->strength_shift_sd[0] * at->ln_grip.sd;
    out->ln_grip = log(params->strength_grip_young[sex]) - decline + person;
    out->grip_kg = exp(out->ln_grip);
    out->knee_extensor_nm = params->strength_knee_young[sex] *
                            exp(-params->strength_knee_decline_ratio[sex] * decline + person);

    struct snw_oracle_curve gait = snw_oracle_curve_make(
        SNW_AXIS_AGE_GAIT,
        sex == SNW_FEMALE ? params->strength_gait_median_women : params->strength_gait_median_men);
    out->gait_m_s = snw_oracle_curve_at(&gait, age) *
                    exp(params->strength_gait_per_strength[0] *
                            (out->ln_grip - log(params->strength_grip_young[sex]) + decline) +
                        state->gait_change);
}

static void measure_blood(const struct snw_params *params, enum snw_sex sex,
                          const struct snw_oracle_birth *birth,
                          const struct snw_oracle_state *state, int age,
                          struct snw_oracle_measures *out)
{
    out->ln_igfbp2 = log(params->igfbp2_young[0]) + params->igfbp2_per_age[sex] * (age - 25) +
                     params->igfbp2_per_muscle[sex] * out->muscle +
                     params->igfbp2_per_bmi[sex] * (out->bmi_kg_m2 - 27) +
                     (sex == SNW_FEMALE ? params->igfbp2_female[0] : 0) + birth->igfbp2_base +
                     state->igfbp2_change;
    out->igfbp2_ng_ml = exp(out->ln_igfbp2);

    double igf1 = params->comparators_igf1_intercept[sex] +
                  params->comparators_igf1_slope[sex] * fmin(age, 85);
    out->igf1_ng_ml = igf1 * exp(params->comparators_igf1_per_muscle[0] * out->muscle +
                                 birth->igf1_base + state->igf1_change);
    out->bio_t_rel = exp(params->comparators_bio_t_slope[sex] * (age - 25) +
                         params->comparators_bio_t_per_muscle[0] * out->muscle + birth->bio_t_base +
                         state->bio_t_change);
    double ramp = fmin(fmax((age - (birth->fmp - 1)) / 3, 0), 1);
    out->bio_e2_rel = exp(params->comparators_bio_e2_slope[sex] * (age - 25) +
                          params->comparators_bio_e2_menopause[0] * ramp +
                          params->comparators_bio_e2_per_muscle[0] * out->muscle +
                          birth->bio_e2_base + state->bio_e2_change);
    out->years_since_fmp = sex == SNW_FEMALE ? age - birth->fmp : (double)NAN;
}

static void measure_traits(const struct snw_params *params, enum snw_sex sex,
                           const struct snw_oracle_birth *birth,
                           const struct snw_oracle_state *state, int age,
                           struct snw_oracle_measures *out)
{
    const double *reference =
        sex == SNW_FEMALE ? params->bone_reference_women : params->bone_reference_men;
    double causal = params->bone_causal_share[0];
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        double kappa = params->bone_per_muscle[(int)sex * SNW_N_TRAIT + k];
        double mu = snw_oracle_age_loss(params, sex, (enum snw_trait)k, 25, age) +
                    state->trait_feedback[k] +
                    (params->bone_menopause_early[k] * state->menopause_early +
                     params->bone_menopause_late[k] * state->menopause_late) /
                        100;
        out->ln_trait[k] =
            mu + birth->trait_base[k] + params->bone_shared_base[k] * birth->bone_base +
            state->trait_change[k] + params->bone_shared_change[k] * state->bone_shared +
            params->bone_shared_slope[k] * birth->bone_slope * fmax(age - 40, 0) +
            causal * kappa * state->felt_muscle + (1 - causal) * kappa * birth->muscle_base;
        out->trait[k] = reference[k] * exp(out->ln_trait[k]);
    }
    double bvtv = out->trait[SNW_TRAB_RADIUS], tbn = out->trait[SNW_TBN_RADIUS];
    out->tbth_radius_mm = bvtv / tbn;
    out->tbsp_radius_mm = (1 - bvtv) / tbn;
    out->tb_vbmd_radius_mg_cm3 = 1200 * bvtv;
    out->tb_vbmd_tibia_mg_cm3 = 1200 * out->trait[SNW_TRAB_TIBIA];
}

static void measure_density(const struct snw_params *params, enum snw_sex sex, int age,
                            struct snw_oracle_measures *out)
{
    const double *x = out->ln_trait;
    out->ln_neck_rel = 0.60 * x[SNW_CTTH_NECK] + 0.30 * x[SNW_CT_VBMD] + 0.20 * x[SNW_TRAB_NECK];
    out->ln_spine_rel = 0.35 * x[SNW_CTTH_SPINE] + 0.35 * x[SNW_TRAB_SPINE] + 0.15 * x[SNW_CT_VBMD];
    out->abmd_neck_g_cm2 = params->bone_abmd_young_neck[sex] * exp(out->ln_neck_rel);
    out->abmd_spine_g_cm2 = params->bone_abmd_young_spine[sex] * exp(out->ln_spine_rel);
    out->dxa_spine_g_cm2 =
        out->abmd_spine_g_cm2 * exp(params->bone_spine_artefact[sex] * fmax(age - 50, 0));
    out->t_score_neck =
        (out->abmd_neck_g_cm2 - params->bone_t_reference_neck[sex]) / params->bone_t_sd_neck[sex];
    out->t_score_spine =
        (out->dxa_spine_g_cm2 - params->bone_t_reference_spine[sex]) / params->bone_t_sd_spine[sex];

    double young = params->bone_strength_young[sex];
    out->strength_femur_n = young * exp(params->bone_strength_exponent[sex] * out->ln_neck_rel);
    out->load_n =
        snw_oracle_hip_load(params, sex, out->height_m, out->bmi_kg_m2, out->body_mass_kg);
    out->load_to_strength = out->load_n / out->strength_femur_n;
    out->load_to_stiffness =
        out->load_n / (young * exp(params->bone_stiffness_exponent[sex] * out->ln_neck_rel));
    double ln_radius = 0.5 * x[SNW_CTTH_RADIUS] + 0.3 * x[SNW_TRAB_RADIUS] + 0.6 * x[SNW_CT_VBMD] +
                       0.0010 * (age - 20) + (sex == SNW_MALE ? log(2.0) : 0);
    out->radius_ratio = sqrt(out->height_m * out->body_mass_kg) / exp(ln_radius);
}

static int who_class(double t_score)
{
    return t_score <= -2.5 ? 2 : t_score <= -1 ? 1 : 0;
}

static void classify(enum snw_sex sex, const struct snw_oracle_birth *birth, int age,
                     struct snw_oracle_measures *out)
{
    static const double grip_ewgsop2[] = {16, 27}, rasm_ewgsop2[] = {5.5, 7.0};
    static const double grip_fnih[] = {16, 26}, asm_bmi_fnih[] = {0.512, 0.789};
    static const double grip_sdoc[] = {20, 35.5}, rasm_baumgartner[] = {5.45, 7.26};
    out->sarcopenia_ewgsop2 = 0;
    if (out->grip_kg < grip_ewgsop2[sex]) {
        out->sarcopenia_ewgsop2 = 1;
        if (out->relative_asm_kg_m2 < rasm_ewgsop2[sex])
            out->sarcopenia_ewgsop2 = out->gait_m_s <= 0.8 ? 3 : 2;
    }
    out->sarcopenia_fnih =
        out->grip_kg < grip_fnih[sex] && out->asm_kg / out->bmi_kg_m2 < asm_bmi_fnih[sex];
    out->sarcopenia_sdoc = out->grip_kg < grip_sdoc[sex] && out->gait_m_s < 0.8;
    out->sarcopenia_baumgartner = out->relative_asm_kg_m2 < rasm_baumgartner[sex];

    bool reported = sex == SNW_FEMALE ? age >= birth->fmp : age >= 50;
    out->who = reported ? who_class(fmin(out->t_score_neck, out->t_score_spine)) : -1;
    out->who_neck = reported ? who_class(out->t_score_neck) : -1;
}

static void measure_disability(const struct snw_params *params,
                               const struct snw_oracle_reference *reference, enum snw_sex sex,
                               const struct snw_oracle_state *state, int age,
                               struct snw_oracle_measures *out)
{
    out->smi_bia_kg_m2 =
        params->disability_smi_map[0] < 0.5
            ? reference->smi_factor[sex] * out->relative_asm_kg_m2
            : params->disability_smi_affine_intercept[sex] +
                  params->disability_smi_affine_slope[sex] * out->relative_asm_kg_m2;
    out->smi_class = out->smi_bia_kg_m2 <= params->disability_smi_cut_high[sex]       ? 2
                     : out->smi_bia_kg_m2 <= params->disability_smi_cut_moderate[sex] ? 1
                                                                                      : 0;
    double logit =
        reference->disability_intercept[sex] + params->disability_per_year[0] * (age - 75);
    if (out->smi_class > 0)
        logit += params->disability_ln_or[(int)sex * SNW_N_SMI_CLASS + out->smi_class - 1];
    if (!isnan(state->last_hip_age))
        logit += params->disability_hip_fracture[0];
    if (state->frailty == SNW_ORACLE_FRAIL)
        logit += params->disability_frail[0];
    out->p_disabled = 1 / (1 + exp(-logit));
    out->disabled = gsl_cdf_ugaussian_P(state->disability_latent) < out->p_disabled;
}

static double score(double value, struct snw_oracle_moments moments)
{
    return (value - moments.mean) / moments.sd;
}

void snw_oracle_measure(const struct snw_params *params,
                        const struct snw_oracle_reference *reference, enum snw_sex sex,
                        const struct snw_oracle_birth *birth, const struct snw_oracle_state *state,
                        int age, struct snw_oracle_measures *measures)
{
    const struct snw_oracle_reference_age *at = &reference->age[sex][age - SNW_ORACLE_FIRST_AGE];
    *measures = (struct snw_oracle_measures){0};
    measure_size(params, sex, birth, state, age, measures);
    measure_strength(params, at, sex, birth, state, age, measures);
    measure_blood(params, sex, birth, state, age, measures);
    measure_traits(params, sex, birth, state, age, measures);
    measure_density(params, sex, age, measures);
    measures->z_grip = score(measures->ln_grip, at->ln_grip);
    measures->z_gait = score(measures->gait_m_s, at->gait);
    measures->z_neck = score(measures->ln_neck_rel, at->ln_neck);
    measures->z_spine = score(measures->ln_spine_rel, at->ln_spine);
    measures->z_igfbp2 = score(measures->ln_igfbp2, at->ln_igfbp2);
    classify(sex, birth, age, measures);
    measure_disability(params, reference, sex, state, age, measures);
}
