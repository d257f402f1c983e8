/* Twenty-year-olds: what a person is born with, and the stationary start of what varies. */
#include "processes/schedule.h"

static void born_size(struct snw_block *restrict b, const struct snw_birth_coef *restrict c,
                      const struct snw_luck *restrict born)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real men = b->sex == SNW_MALE ? SNW_R(1000) : SNW_R(0);
    const snw_real r_bmi = c->r_bmi_muscle, own = snw_sqrt(SNW_R(1) - r_bmi * r_bmi);
    const snw_real loss_mean = SNW_R(-0.5) * c->height_loss_log_sd * c->height_loss_log_sd;
    for (size_t i = 0; i < n; i++) {
        snw_real early = SNW_R(35) + SNW_R(10) * SNW_BIRTH_LUCK(born, menopause_age)[i];
        snw_real natural = c->fmp_mean + c->fmp_sd * SNW_BIRTH_LUCK(born, menopause_natural)[i];
        snw_real smokes = SNW_BIRTH_LUCK(born, smoker)[i] < c->smoker_share ? SNW_R(1) : SNW_R(0);
        snw_real fmp = SNW_BIRTH_LUCK(born, menopause_kind)[i] < c->early_share ? early : natural;
        b->fmp_age_yr[i] = men + fmp + c->smoker_shift * (smokes - c->smoker_share);
        b->height_peak_cm[i] = c->height_mean + c->height_sd * SNW_BIRTH_LUCK(born, height_peak)[i];
        b->height_loss_factor[i] =
            snw_exp(loss_mean + c->height_loss_log_sd * SNW_BIRTH_LUCK(born, height_loss)[i]);
        b->bmi_base[i] = c->sd_bmi_base * (r_bmi * SNW_BIRTH_LUCK(born, muscle_base)[i] +
                                           own * SNW_BIRTH_LUCK(born, bmi_base)[i]);
    }
}

static void born_muscle(struct snw_block *restrict b, const struct snw_birth_coef *restrict c,
                        const struct snw_luck *restrict born)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real r = c->r_slopes, own = snw_sqrt(SNW_R(1) - r * r);
    for (size_t i = 0; i < n; i++) {
        snw_real slope = SNW_BIRTH_LUCK(born, muscle_slope)[i];
        b->muscle_base[i] = c->sd_muscle_base * SNW_BIRTH_LUCK(born, muscle_base)[i];
        b->muscle_slope_per_yr[i] = c->sd_muscle_slope * slope;
        b->bone_slope_z[i] = r * slope + own * SNW_BIRTH_LUCK(born, bone_slope)[i];
        b->strength_base[i] = c->sd_strength * SNW_BIRTH_LUCK(born, strength_base)[i];
        b->igfbp2_base[i] = c->sd_igfbp2 * SNW_BIRTH_LUCK(born, igfbp2_base)[i];
        b->igf1_base[i] = c->sd_igf1 * SNW_BIRTH_LUCK(born, igf1_base)[i];
        b->bio_t_base[i] = c->sd_bio_t * SNW_BIRTH_LUCK(born, bio_t_base)[i];
        b->bio_e2_base[i] = c->sd_bio_e2 * SNW_BIRTH_LUCK(born, bio_e2_base)[i];
    }
}

static void born_bone(struct snw_block *restrict b, const struct snw_birth_coef *restrict c,
                      const struct snw_luck *restrict born)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real r = c->r_radius, own = snw_sqrt(SNW_R(1) - r * r);
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        const snw_real *z = SNW_BIRTH_LUCK(born, trait_base_0) + k * SNW_LUCK_STRIDE;
        const snw_real *radius = SNW_BIRTH_LUCK(born, trait_base_6);
        const snw_real part = k == SNW_TBN_RADIUS ? r : SNW_R(0);
        const snw_real rest = k == SNW_TBN_RADIUS ? own : SNW_R(1);
        for (size_t i = 0; i < n; i++)
            b->trait_base[k][i] = c->sd_trait[k] * (part * radius[i] + rest * z[i]) +
                                  c->shared_trait[k] * SNW_BIRTH_LUCK(born, bone_base)[i] +
                                  c->muscle_trait[k] * b->muscle_base[i];
    }
}

static void start(struct snw_block *restrict b, const struct snw_birth_coef *restrict c,
                  const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real r_bmi = c->start_r_bmi, own_bmi = snw_sqrt(SNW_R(1) - r_bmi * r_bmi);
    const snw_real r_bone = c->start_r_bone, own_bone = snw_sqrt(SNW_R(1) - r_bone * r_bone);
    for (size_t i = 0; i < n; i++) {
        snw_real z = SNW_YEAR_LUCK(luck, muscle)[i];
        b->activity_z[i] = SNW_YEAR_LUCK(luck, activity)[i];
        b->muscle_change[i] = c->start_muscle * z;
        b->muscle_felt[i] = b->muscle_base[i] + b->muscle_change[i];
        b->bmi_change[i] = c->start_bmi * (r_bmi * z + own_bmi * SNW_YEAR_LUCK(luck, bmi)[i]);
        b->bone_change_z[i] = r_bone * z + own_bone * SNW_YEAR_LUCK(luck, bone_shared)[i];
        b->strength_change[i] = c->start_strength * SNW_YEAR_LUCK(luck, strength)[i];
        b->gait_change[i] = c->start_gait * SNW_YEAR_LUCK(luck, gait)[i];
        b->igfbp2_change[i] = c->start_igfbp2 * SNW_YEAR_LUCK(luck, igfbp2)[i];
        b->igf1_change[i] = c->start_igf1 * SNW_YEAR_LUCK(luck, igf1)[i];
        b->bio_t_change[i] = c->start_bio_t * SNW_YEAR_LUCK(luck, bio_t)[i];
        b->bio_e2_change[i] = c->start_bio_e2 * SNW_YEAR_LUCK(luck, bio_e2)[i];
        b->fall_prone_z[i] = SNW_YEAR_LUCK(luck, fall_prone)[i];
        b->disability_z[i] = SNW_YEAR_LUCK(luck, disability)[i];
    }
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        const snw_real *z = SNW_YEAR_LUCK(luck, trait_0) + k * SNW_LUCK_STRIDE;
        for (size_t i = 0; i < n; i++) {
            b->trait_change[k][i] = c->start_trait[k] * z[i];
            b->trait_treated[k][i] = 0;
        }
    }
    for (size_t i = 0; i < n; i++) {
        b->menopause_early_yr[i] = b->menopause_late_yr[i] = 0;
        b->n_vertebral[i] = b->log_prior_risk[i] = 0;
        b->hip_age_yr[i] = b->vertebral_age_yr[i] = b->injury_age_yr[i] = SNW_R(-1000);
        b->fracture_age_yr[0][i] = b->fracture_age_yr[1][i] = b->fracture_age_yr[2][i] =
            SNW_R(-1000);
        b->frailty[i] = b->nursing_home[i] = 0;
        b->muscle_treated[i] = b->strength_treated[i] = 0;
        b->fall_rate_treated[i] = b->hormone_therapy[i] = 0;
        b->hip_treated[i] = b->spine_treated[i] = b->other_treated[i] = 0;
        b->neck_unseen_ln[i] = b->spine_unseen_ln[i] = 0;
        b->death_treated[i] = b->on_treatment[i] = 0;
    }
}

void SNW_KERNEL(snw_birth)(struct snw_block *restrict block,
                           const struct snw_birth_coef *restrict coef,
                           const struct snw_luck *restrict born,
                           const struct snw_luck *restrict first)
{
    block->age = SNW_AGE_FIRST;
    block->treated = 0;
    born_size(block, coef, born);
    born_muscle(block, coef, born);
    born_bone(block, coef, born);
    start(block, coef, first);
}
