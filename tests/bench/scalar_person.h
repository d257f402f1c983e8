/* A person of the scalar life: what is carried from year to year, birth, and what is seen at a
   birthday. Part of scalar_life.c, in one unit with it so that all is inlined. */
#ifndef SNW_TESTS_BENCH_SCALAR_PERSON_H
#define SNW_TESTS_BENCH_SCALAR_PERSON_H

#define HAVE_INLINE /* of GSL's generator */
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdbool.h>

#include "bench/scalar.h"

#ifdef SNW_COUNT_CALLS
#define COUNT(what) (w->calls.what += 1)
#define LIVE snw_scalar_live_counted
#else
#define COUNT(what) ((void)w)
#define LIVE snw_scalar_live
#endif

#define NORMAL() (COUNT(normal), gsl_ran_gaussian_ziggurat(w->rng, 1))
#define UNIFORM() (COUNT(uniform), gsl_rng_uniform(w->rng))
#define EXP(x) (COUNT(exp), exp(x))
#define LOG1P(x) (COUNT(log), log1p(x))
#define SQRT(x) (COUNT(sqrt), sqrt(x))

/* A code of a birthday, an outcome of a year, by the name in measures.def. */
#define CODE_OF(seen, name) ((seen)->code[SNW_M_##name - SNW_SCALAR_STATES])
#define COUNT_OF(year, name) ((year)->count[SNW_M_##name - SNW_M_falls])

/* What one person is and carries from year to year, in the program's units. */
struct person {
    double fmp, height_peak_cm, height_peak_m2, height_loss, bmi_base, muscle_base, muscle_slope;
    double bone_slope, strength_base, igfbp2_base, igf1_base, bio_t_base, bio_e2_base;
    double trait_base[SNW_N_TRAIT];
    double activity, bmi_change, muscle_change, muscle_felt, bone_change;
    double trait_change[SNW_N_TRAIT], strength_change, gait_change, igfbp2_change, igf1_change;
    double bio_t_change, bio_e2_change, fall_prone, disability, menopause_early, menopause_late;
    double n_vertebral, log_prior_risk, hip_age, vertebral_age;
    double muscle_treated, strength_treated, trait_treated[SNW_N_TRAIT], fall_rate_treated;
    double hormone_therapy;
    double fracture_age[SNW_N_GROUPS], last_fracture_age, injury_age; /* as costs know them */
    int frailty, resident, sex;
};

/* What is seen at a birthday and used in the year. */
struct seen {
    double height_m, bmi, muscle, strength, neck_ln, spine_ln;
    double strength_z, gait_z, neck_z, spine_z, igfbp2_z;
    double trait_ln[SNW_N_TRAIT];
    double x[SNW_SCALAR_STATES]; /* the measures */
    unsigned char code[SNW_SCALAR_CODES];
    bool sarcopenic;
};

enum { HARMLESS = SNW_N_SITE, INJURY, EVENTS_MAX = SNW_FALLS_MAX + SNW_NON_FALL_MAX };

struct event {
    double time;
    int what; /* a site, HARMLESS or INJURY */
    bool fell, reported;
};

/* One year's events and what death makes of them. */
struct year {
    int n, hips, vertebrae;
    double lived;
    bool hurt_not_hip;
    double last_fracture; /* time in the year, -1 without */
    double count[SNW_SCALAR_COUNTS];
    struct event event[EVENTS_MAX];
};

static double clip(double low, double high, double x)
{
    return x < low ? low : x > high ? high : x;
}

/* A correlated pair's second member. */
static double mix(double r, double first, double own)
{
    return r * first + sqrt(1 - r * r) * own;
}

static void be_born(struct snw_scalar_work *w, struct person *p, int sex)
{
    const struct snw_birth_coef *c = &w->birth[sex];
    *p = (struct person){.sex = sex,
                         .fmp = 1000,
                         .hip_age = SNW_SCALAR_NEVER,
                         .vertebral_age = SNW_SCALAR_NEVER,
                         .fracture_age = {SNW_SCALAR_NEVER, SNW_SCALAR_NEVER, SNW_SCALAR_NEVER},
                         .last_fracture_age = SNW_SCALAR_NEVER,
                         .injury_age = SNW_SCALAR_NEVER};
    if (sex == SNW_FEMALE) {
        bool early = UNIFORM() < c->early_share;
        p->fmp = early ? 35 + 10 * UNIFORM() : c->fmp_mean + c->fmp_sd * NORMAL();
        p->fmp += c->smoker_shift * ((UNIFORM() < c->smoker_share) - c->smoker_share);
    }
    p->height_peak_cm = c->height_mean + c->height_sd * NORMAL();
    p->height_peak_m2 = p->height_peak_cm * p->height_peak_cm * 1e-4;
    p->height_loss = EXP(c->height_loss_log_sd * (NORMAL() - 0.5 * c->height_loss_log_sd));
    double z_muscle = NORMAL(), z_slope = NORMAL(), bone = NORMAL();
    p->muscle_base = c->sd_muscle_base * z_muscle;
    p->bmi_base = c->sd_bmi_base * mix(c->r_bmi_muscle, z_muscle, NORMAL());
    p->muscle_slope = c->sd_muscle_slope * z_slope;
    p->bone_slope = mix(c->r_slopes, z_slope, NORMAL());
    p->strength_base = c->sd_strength * NORMAL();
    p->igfbp2_base = c->sd_igfbp2 * NORMAL();
    p->igf1_base = c->sd_igf1 * NORMAL();
    p->bio_t_base = c->sd_bio_t * NORMAL();
    p->bio_e2_base = c->sd_bio_e2 * NORMAL();
    double z[SNW_N_TRAIT];
    for (int k = 0; k < SNW_N_TRAIT; k++)
        z[k] = NORMAL();
    z[SNW_TBN_RADIUS] = mix(c->r_radius, z[SNW_TRAB_RADIUS], z[SNW_TBN_RADIUS]);
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        p->trait_base[k] =
            c->sd_trait[k] * z[k] + c->shared_trait[k] * bone + c->muscle_trait[k] * p->muscle_base;
        p->trait_change[k] = c->start_trait[k] * NORMAL();
    }
    z_muscle = NORMAL();
    p->activity = NORMAL();
    p->muscle_change = c->start_muscle * z_muscle;
    p->muscle_felt = p->muscle_base + p->muscle_change;
    p->bmi_change = c->start_bmi * mix(c->start_r_bmi, z_muscle, NORMAL());
    p->bone_change = mix(c->start_r_bone, z_muscle, NORMAL());
    p->strength_change = c->start_strength * NORMAL();
    p->gait_change = c->start_gait * NORMAL();
    p->igfbp2_change = c->start_igfbp2 * NORMAL();
    p->igf1_change = c->start_igf1 * NORMAL();
    p->bio_t_change = c->start_bio_t * NORMAL();
    p->bio_e2_change = c->start_bio_e2 * NORMAL();
    p->fall_prone = NORMAL();
    p->disability = NORMAL();
}

static void see_body(struct snw_scalar_work *w, const struct person *p,
                     const struct snw_scalar_year *y, struct seen *s)
{
    const struct snw_year_coef *c = &y->c;
    double height_cm = p->height_peak_cm - p->height_loss * c->height_loss_cm -
                       c->height_per_vertebral * p->n_vertebral;
    s->height_m = 0.01 * height_cm;
    s->bmi = y->bmi_median * EXP(p->bmi_base + p->bmi_change);
    double m =
        p->muscle_base + p->muscle_slope * c->years_after_40 + p->muscle_change + p->muscle_treated;
    double asm_kg = y->index_median * p->height_peak_m2 *
                    EXP(c->menopause_muscle * clip(0, 4, c->age - p->fmp + 2) + m);
    double rasm = asm_kg / (s->height_m * s->height_m);
    double strength = c->strength_per_muscle * m + c->strength_per_activity * p->activity +
                      p->strength_base + p->strength_change + p->strength_treated +
                      c->strength_shift;
    double factor = EXP(strength);
    double gait = y->gait_median * EXP(c->gait_per_strength * strength + p->gait_change);
    double igfbp2_ln = c->igfbp2_median_ln + c->igfbp2_per_muscle * m +
                       c->igfbp2_per_bmi * (s->bmi - 27) + p->igfbp2_base + p->igfbp2_change;
    s->muscle = m;
    s->strength_z = (c->grip_median_ln + strength - c->z_mean[0]) * c->z_scale[0];
    s->gait_z = (gait - c->z_mean[1]) * c->z_scale[1];
    s->igfbp2_z = (igfbp2_ln - c->z_mean[4]) * c->z_scale[4];
    s->x[SNW_M_asm_kg] = asm_kg;
    s->x[SNW_M_relative_asm_kg_m2] = rasm;
    s->x[SNW_M_smi_bia_kg_m2] = c->smi_intercept + c->smi_slope * rasm;
    s->x[SNW_M_grip_kg] = y->grip_median * factor;
    s->x[SNW_M_knee_extensor_nm] = y->knee_median * factor;
    s->x[SNW_M_gait_m_s] = gait;
    s->x[SNW_M_height_m] = s->height_m;
    s->x[SNW_M_bmi_kg_m2] = s->bmi;
    s->x[SNW_M_activity_z] = p->activity;
    s->x[SNW_M_igfbp2_ng_ml] = EXP(igfbp2_ln);
    s->x[SNW_M_igf1_ng_ml] =
        y->igf1_median * EXP(c->igf1_per_muscle * m + p->igf1_base + p->igf1_change);
    s->x[SNW_M_bio_t_rel] =
        y->bio_t_median * EXP(c->bio_t_per_muscle * m + p->bio_t_base + p->bio_t_change);
    s->x[SNW_M_bio_e2_rel] =
        y->bio_e2_median * EXP(c->bio_e2_menopause * clip(0, 1, (c->age - p->fmp + 1) * (1.0 / 3)) +
                               c->bio_e2_per_muscle * m + p->bio_e2_base + p->bio_e2_change);
    s->x[SNW_M_years_since_fmp] = p->sex == SNW_FEMALE ? c->age - p->fmp : 0;
}

static void see_bone(struct snw_scalar_work *w, const struct person *p,
                     const struct snw_scalar_year *y, struct seen *s)
{
    static const int measure[SNW_N_TRAIT] = {SNW_M_ctth_femoral_neck_mm,
                                             SNW_M_ctth_lumbar_spine_mm,
                                             SNW_M_ctth_radius_mm,
                                             SNW_M_ctth_tibia_mm,
                                             SNW_M_tb_vbmd_femoral_neck_mg_cm3,
                                             SNW_M_tb_vbmd_lumbar_spine_mg_cm3,
                                             SNW_M_bvtv_radius,
                                             SNW_M_tb_vbmd_tibia_mg_cm3,
                                             SNW_M_tbn_radius_per_mm,
                                             SNW_M_ct_vbmd_mg_cm3};
    const struct snw_year_coef *c = &y->c;
    double slope = c->years_after_40 * p->bone_slope, *t = s->trait_ln, *x = s->x;
    for (int k = 0; k < SNW_N_TRAIT; k++)
        t[k] = c->trait_median_ln[k] + c->trait_early[k] * p->menopause_early +
               c->trait_late[k] * p->menopause_late + p->trait_base[k] + p->trait_change[k] +
               c->trait_shared[k] * p->bone_change + c->trait_slope[k] * slope +
               c->trait_muscle[k] * p->muscle_felt + p->trait_treated[k];
    for (int k = 0; k < SNW_N_TRAIT; k++)
        x[measure[k]] = c->trait_reference[k] * EXP(t[k]);
    x[SNW_M_tb_vbmd_tibia_mg_cm3] *= 1200;
    double volume = x[SNW_M_bvtv_radius], per_number = 1 / x[SNW_M_tbn_radius_per_mm];
    x[SNW_M_tbth_radius_mm] = volume * per_number;
    x[SNW_M_tbsp_radius_mm] = (volume < 1 ? 1 - volume : 0) * per_number;
    double neck = 0.60 * t[SNW_CTTH_NECK] + 0.30 * t[SNW_CT_VBMD] + 0.20 * t[SNW_TRAB_NECK];
    double spine = 0.35 * t[SNW_CTTH_SPINE] + 0.35 * t[SNW_TRAB_SPINE] + 0.15 * t[SNW_CT_VBMD];
    s->neck_z = (neck - c->z_mean[2]) * c->z_scale[2];
    s->spine_z = (spine - c->z_mean[3]) * c->z_scale[3];
    x[SNW_M_abmd_femoral_neck_g_cm2] = c->abmd_neck * EXP(neck);
    x[SNW_M_abmd_lumbar_spine_g_cm2] = y->abmd_spine_seen * EXP(spine);
    x[SNW_M_t_score_femoral_neck] =
        (x[SNW_M_abmd_femoral_neck_g_cm2] - c->t_mean_neck) * c->t_scale_neck;
    x[SNW_M_t_score_lumbar_spine] =
        (x[SNW_M_abmd_lumbar_spine_g_cm2] - c->t_mean_spine) * c->t_scale_spine;
    double tissue_mm = clip(5, 100, c->tissue_base + c->tissue_slope * (s->bmi - 25));
    double impact = SQRT(s->height_m * s->height_m * s->height_m * s->bmi);
    double bare = y->load_factor * impact;
    double load = fmax(bare - 71 * tissue_mm, 0.2 * bare);
    x[SNW_M_strength_femur_n] = c->femur_n * EXP(c->femur_exponent * neck);
    x[SNW_M_load_to_strength] = load / x[SNW_M_strength_femur_n];
    x[SNW_M_load_to_strength_ea] = load / (c->femur_n * EXP(c->stiffness_exponent * neck));
    x[SNW_M_load_to_strength_radius] =
        impact * y->radius_base *
        EXP(-0.5 * t[SNW_CTTH_RADIUS] - 0.3 * t[SNW_TRAB_RADIUS] - 0.6 * t[SNW_CT_VBMD]);
}

static void classify(const struct person *p, const struct snw_scalar_year *y, struct seen *s)
{
    static const double grip_eu[] = {16, 27}, rasm_eu[] = {5.5, 7.0}, grip_us[] = {16, 26};
    static const double ratio_us[] = {0.512, 0.789}, grip_sdoc[] = {20, 35.5};
    static const double rasm_old[] = {5.45, 7.26};
    const double *x = s->x;
    double grip = x[SNW_M_grip_kg], rasm = x[SNW_M_relative_asm_kg_m2], gait = x[SNW_M_gait_m_s];
    bool weak = grip < grip_eu[p->sex], low = rasm < rasm_eu[p->sex], slow = gait <= 0.8;
    CODE_OF(s, sarcopenia_ewgsop2) = (unsigned char)(weak + (weak && low) + (weak && low && slow));
    s->sarcopenic = weak && low;
    CODE_OF(s, sarcopenia_fnih) =
        grip < grip_us[p->sex] && x[SNW_M_asm_kg] < ratio_us[p->sex] * s->bmi;
    CODE_OF(s, sarcopenia_sdoc) = grip < grip_sdoc[p->sex] && gait < 0.8;
    CODE_OF(s, sarcopenia_baumgartner) = rasm < rasm_old[p->sex];
    double smi = x[SNW_M_smi_bia_kg_m2];
    CODE_OF(s, smi_class) = (unsigned char)((smi <= y->c.smi_moderate) + (smi <= y->c.smi_high));
    double neck = x[SNW_M_t_score_femoral_neck];
    double lower = fmin(neck, x[SNW_M_t_score_lumbar_spine]);
    bool applies = p->sex == SNW_MALE ? y->c.age >= 50 : y->c.age >= p->fmp;
    CODE_OF(s, osteoporosis_who) =
        (unsigned char)(applies ? (lower < -1) + (lower <= -2.5) : SNW_SCALAR_LEVELS - 1);
    CODE_OF(s, osteoporosis_neck) =
        (unsigned char)(applies ? (neck < -1) + (neck <= -2.5) : SNW_SCALAR_LEVELS - 1);
    CODE_OF(s, frailty) = (unsigned char)p->frailty;
    double limit =
        (double)y->c.disabled_below[CODE_OF(s, smi_class)][p->hip_age > 0][p->frailty == 2];
    CODE_OF(s, disabled) = p->disability < limit;
    CODE_OF(s, residence) = (unsigned char)p->resident;
    CODE_OF(s, on_treatment) = p->hormone_therapy > 0;
    CODE_OF(s, alive) = 1;
}

#endif
