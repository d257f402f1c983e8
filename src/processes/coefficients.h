/* The model as kernels see it: numbers for one sex, and for one sex and year of age. */
#ifndef SNW_PROCESSES_COEFFICIENTS_H
#define SNW_PROCESSES_COEFFICIENTS_H

#include <stddef.h>

#include "numerics/distributions.h"
#include "numerics/life_table.h"
#include "params/params.h"
#include "people/block.h"

/* What is taken from the reference population of one sex and age and frozen (model, part C). */
struct snw_reference_year {
    double mean[5], sd[5];       /* ln grip; gait, m/s; ln aBMD neck; ln aBMD spine; ln IGFBP-2 */
    double fall_rate;            /* lambda0, falls per person-year at relative rate 1 */
    double per_fall[SNW_N_SITE]; /* K, chance that a fall breaks the site at relative risk 1 */
    double per_year[SNW_N_SITE]; /* Kn, non-fall hazard per year at relative hazard 1 */
    double death;                /* c, factor on the life table's hazard */
    double enter_home;           /* h0, hazard per year of entering a nursing home */
    /* hip, vertebral and other fractures expected per year lived, over those of the tables: below 1
       as those at risk live less of the year */
    double fractures_met[3];
};

/* Weights of log traits in log areal density of a site, see bone.md. */
#define SNW_NECK_CORTEX 0.60
#define SNW_NECK_CORTICAL_DENSITY 0.30
#define SNW_NECK_TRABECULAE 0.20
#define SNW_SPINE_CORTEX 0.35
#define SNW_SPINE_TRABECULAE 0.35
#define SNW_SPINE_CORTICAL_DENSITY 0.15

/* The order of the five scores in mean and sd. */
enum snw_score { SNW_Z_STRENGTH, SNW_Z_GAIT, SNW_Z_NECK, SNW_Z_SPINE, SNW_Z_IGFBP2, SNW_N_SCORES };

struct snw_reference {
    struct snw_reference_year year[SNW_N_SEXES][SNW_N_AGES];
    double disability[SNW_N_SEXES];  /* d0, logit at 75 */
    double smi_factor[SNW_N_SEXES];  /* k_s, SMI per rASM */
    double hip_by_load[SNW_N_SEXES]; /* f0, logit; factor-of-risk module */
};

/* Curves that kernels evaluate as Chebyshev series on [-6.6, 6.6]. */
struct snw_shapes {
    snw_real ln_gamma_quantile[SNW_CHEBYSHEV_TERMS]; /* ln G of x_G */
};

/* What a person is born with; one sex. */
struct snw_birth_coef {
    snw_real fmp_mean, fmp_sd, early_share, smoker_shift, smoker_share;
    snw_real height_mean, height_sd, height_loss_log_sd;
    snw_real sd_bmi_base, r_bmi_muscle, sd_muscle_base, sd_muscle_slope, r_slopes;
    snw_real sd_trait[SNW_N_TRAIT], shared_trait[SNW_N_TRAIT], muscle_trait[SNW_N_TRAIT];
    snw_real r_radius, sd_strength, sd_igfbp2, sd_igf1, sd_bio_t, sd_bio_e2;
    /* stationary SD and correlations at 20 */
    snw_real start_muscle, start_bmi, start_r_bmi, start_r_bone, start_trait[SNW_N_TRAIT];
    snw_real start_strength, start_gait, start_igfbp2, start_igf1, start_bio_t, start_bio_e2;
};

/* One sex, one year of age. Rates at a + 1/2, curves and states at the birthday. First comes what
   the processes of the body read (schedule.def), up to SNW_BODY_COEF_END. */
struct snw_year_coef {
    snw_real age, years_after_40;
    /* size */
    snw_real height_loss_cm, height_per_vertebral, bmi_median_ln, bmi_phi, bmi_sd, bmi_r,
        bmi_z_scale;
    /* activity, muscle */
    snw_real activity_phi, activity_sd, index_median_ln, menopause_muscle, muscle_phi, muscle_sd;
    snw_real muscle_per_activity, felt_lag;
    /* varying parts of strength and gait */
    snw_real strength_phi, strength_sd, gait_phi, gait_sd;
    /* menopause and bone */
    snw_real weight_shield, therapy_shield, bone_phi, bone_sd, bone_r;
    snw_real trait_median_ln[SNW_N_TRAIT], trait_early[SNW_N_TRAIT], trait_late[SNW_N_TRAIT];
    snw_real trait_shared[SNW_N_TRAIT], trait_slope[SNW_N_TRAIT], trait_muscle[SNW_N_TRAIT];
    snw_real trait_sd[SNW_N_TRAIT], trait_feedback[SNW_N_TRAIT], igfbp2_feedback;
    /* IGFBP-2 and comparators */
    snw_real igfbp2_median_ln, igfbp2_per_muscle, igfbp2_per_bmi, igfbp2_phi, igfbp2_sd;
    snw_real igf1_median_ln, igf1_per_muscle, igf1_sd, bio_t_median_ln, bio_t_per_muscle, bio_t_sd;
    snw_real bio_e2_median_ln, bio_e2_per_muscle, bio_e2_sd, bio_e2_menopause, marker_phi;
    snw_real prone_phi, prone_sd, disability_phi, disability_sd; /* latent states */
    /* frozen reference; the scores of IGFBP-2 also feed back on bone */
    snw_real z_mean[SNW_N_SCORES], z_scale[SNW_N_SCORES];
    snw_real fall_rate_ln, per_fall[SNW_N_SITE], per_year[SNW_N_SITE], death_hazard, enter_home;
    /* strength and gait */
    snw_real grip_median_ln, knee_median_ln, gait_median_ln, strength_per_muscle;
    snw_real strength_per_activity, strength_shift, gait_per_strength;
    /* falls */
    snw_real fall_per_weakness, fall_frail, fall_home, fall_per_igfbp2, fall_variance;
    snw_real injury_logit, p_report_harmless, p_report_injury;
    /* fractures */
    snw_real grad_hip, grad_spine, grad_other, trauma_hip, trauma_spine, trauma_other;
    snw_real mild_falls, prior_ln, prior_decay, prior_rate;
    snw_real by_load, load_intercept, load_slope, load_weakness;
    /* frailty, disability, residence */
    snw_real up_robust, up_prefrail, down_prefrail, down_frail, frailty_weakness, frailty_hip;
    snw_real disabled_below[3][2]
                           [2]; /* limit of the latent state by SMI class, hip fracture, frail */
    snw_real smi_intercept, smi_slope, smi_moderate, smi_high;
    snw_real weak_grip_ln, low_rasm;
    snw_real home_prefrail, home_frail, home_injury, home_after_hip;
    /* mortality */
    snw_real death_per_weakness, death_frail, death_per_igfbp2, hip_early, hip_late, vertebral_rr;
    /* readouts: absolute scales and cut-points */
    snw_real trait_reference[SNW_N_TRAIT], abmd_neck, abmd_spine, t_mean_neck, t_scale_neck;
    snw_real t_mean_spine, t_scale_spine, spine_artefact, femur_exponent, stiffness_exponent;
    snw_real femur_n, tissue_base, tissue_slope, radius_base_ln;
    const struct snw_shapes *shapes;
};

#define SNW_BODY_COEF_END offsetof(struct snw_year_coef, fall_rate_ln)

/* A parameter set ready to run. Plain data; nothing to free. `shapes` is pointed at from the years:
   the struct must not be copied after snw_model_build. */
struct snw_model {
    struct snw_shapes shapes;
    struct snw_birth_coef birth[SNW_N_SEXES];
    struct snw_year_coef year[SNW_N_SEXES][SNW_N_AGES];
    double improvement[SNW_N_AGES]; /* fall of the hazard of death in a calendar year, a share */
};

/* Derives all numbers from the parameters; those of the frozen reference stay 0. */
void snw_model_build(struct snw_model *model, const struct snw_params *params);

/* Writes the frozen reference into a model: all ages, or the ones the pilot has reached. */
void snw_model_freeze_year(struct snw_model *model, const struct snw_params *params,
                           const struct snw_reference *reference, const struct snw_life_table *life,
                           int sex, int age);
void snw_model_freeze(struct snw_model *model, const struct snw_params *params,
                      const struct snw_reference *reference, const struct snw_life_table *life);

/* The factor on the hazard of death at an age, `before` calendar years under the mortality
   improvement of one model and then `after` under that of another. Equations: mortality.md. */
double snw_mortality_improved(const struct snw_model *first, int before,
                              const struct snw_model *then, int after, int age);

/* Fracture rate per person-year of a site at age `at` (exact years) in calendar year `year`, its
   share that follows a fall in the year opened at `age`, from the tables of the parameters. */
double snw_fracture_rate(const struct snw_params *params, int sex, int site, double at, int year);
double snw_fall_share(const struct snw_params *params, int site, int age);

/* True falls per person-year that the reference population has at exact age `at`. */
double snw_fall_target(const struct snw_params *params, int sex, double at);

/* Share of the reference population living in a nursing home at a birthday. */
double snw_resident_share(const struct snw_params *params, double at);

#endif
