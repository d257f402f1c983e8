/* SD scores against the frozen reference population, disability, sarcopenia. Equations: frailty.md,
   disability.md. */
#include <string.h>

#include "core/vmath.h"
#include "processes/schedule.h"

/* The limits of the latent state in one class of the skeletal muscle index: without and with an
   earlier hip fracture, not frail and frail. */
struct limits {
    snw_real without, without_frail, with, with_frail;
};

static inline snw_real limit(struct limits at, snw_real hip_age, snw_real frailty)
{
    snw_real without = frailty > SNW_R(1.5) ? at.without_frail : at.without;
    snw_real with = frailty > SNW_R(1.5) ? at.with_frail : at.with;
    return hip_age > SNW_R(0) ? with : without;
}

/* Disability by the skeletal muscle index, sarcopenia by grip and rASM. */
static void muscle_states(struct snw_block *restrict b, const struct snw_year_coef *restrict c)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real intercept = c->smi_intercept, slope = c->smi_slope;
    const snw_real cut_moderate = c->smi_moderate, cut_high = c->smi_high;
    const snw_real weak_grip = c->weak_grip_ln, low_rasm = c->low_rasm;
    struct limits below[3];
    memcpy(below, c->disabled_below, sizeof below);
    for (size_t i = 0; i < n; i++) {
        snw_real ratio = b->height_peak_cm[i] / b->height_cm[i];
        snw_real rasm = snw_exp(b->index_ln[i]) * ratio * ratio;
        snw_real smi = intercept + slope * rasm;
        snw_real normal = limit(below[0], b->hip_age_yr[i], b->frailty[i]);
        snw_real moderate = limit(below[1], b->hip_age_yr[i], b->frailty[i]);
        snw_real high = limit(below[2], b->hip_age_yr[i], b->frailty[i]);
        snw_real at = smi <= cut_moderate ? moderate : normal;
        at = smi <= cut_high ? high : at;
        b->disabled[i] = b->disability_z[i] < at ? SNW_R(1) : SNW_R(0);
        snw_real low = rasm < low_rasm ? SNW_R(1) : SNW_R(0);
        b->sarcopenic[i] = b->grip_ln[i] < weak_grip ? low : SNW_R(0);
    }
}

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
    muscle_states(b, c);
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
