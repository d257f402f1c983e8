/* SD scores against the frozen reference population, disability, sarcopenia. Equations: frailty.md,
   disability.md. */
#include "processes/schedule.h"
#include "processes/series.h"

void SNW_KERNEL(snw_scores)(struct snw_block *restrict b, const struct snw_year_coef *restrict c,
                            const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real *m = c->z_mean, *s = c->z_scale;
    const snw_real m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4];
    const snw_real s0 = s[0], s1 = s[1], s2 = s[2], s3 = s[3], s4 = s[4];
    for (size_t i = 0; i < n; i++) {
        b->strength_z[i] = (b->grip_ln[i] - m0) * s0;
        b->gait_z[i] = (b->gait_m_s[i] - m1) * s1;
        b->abmd_neck_z[i] = (b->abmd_neck_ln[i] - m2) * s2;
        b->abmd_spine_z[i] = (b->abmd_spine_ln[i] - m3) * s3;
        b->igfbp2_z[i] = (b->igfbp2_ln[i] - m4) * s4;
    }
    const snw_real base = c->disability_logit, intercept = c->smi_intercept, slope = c->smi_slope;
    const snw_real moderate = c->or_moderate, high = c->or_high;
    const snw_real cut_moderate = c->smi_moderate, cut_high = c->smi_high;
    const snw_real hip = c->disability_hip, frail = c->disability_frail;
    const snw_real weak_grip = c->weak_grip_ln, low_rasm = c->low_rasm;
    for (size_t i = 0; i < n; i++) {
        snw_real ratio = b->height_peak_cm[i] / b->height_cm[i];
        snw_real rasm = snw_exp(b->index_ln[i]) * ratio * ratio;
        snw_real smi = intercept + slope * rasm;
        snw_real logit = base;
        logit += smi <= cut_high ? high : smi <= cut_moderate ? moderate : SNW_R(0);
        logit += b->hip_age_yr[i] > SNW_R(0) ? hip : SNW_R(0);
        logit += b->frailty[i] > SNW_R(1.5) ? frail : SNW_R(0);
        snw_real x = snw_series(c->shapes->logit_normal, b->disability_z[i]);
        b->disabled[i] = x < logit ? SNW_R(1) : SNW_R(0);
        snw_real low = rasm < low_rasm ? SNW_R(1) : SNW_R(0);
        b->sarcopenic[i] = b->grip_ln[i] < weak_grip ? low : SNW_R(0);
    }
}

void SNW_KERNEL(snw_latent_advance)(struct snw_block *restrict b,
                                    const struct snw_year_coef *restrict c,
                                    const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real phi = c->prone_phi, sd = c->prone_sd;
    const snw_real disability_phi = c->disability_phi, disability_sd = c->disability_sd;
    for (size_t i = 0; i < n; i++) {
        b->fall_prone_z[i] = phi * b->fall_prone_z[i] + sd * SNW_YEAR_LUCK(luck, fall_prone)[i];
        b->disability_z[i] = disability_phi * b->disability_z[i] +
                             disability_sd * SNW_YEAR_LUCK(luck, disability)[i];
    }
}
