/* Ten bone traits over four sites, and areal density. Equations: bone.md. */
#include "processes/schedule.h"

void SNW_KERNEL(snw_bone_look)(struct snw_block *restrict b, const struct snw_year_coef *restrict c,
                               const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        const snw_real median = c->trait_median_ln[k], early = c->trait_early[k];
        const snw_real late = c->trait_late[k], shared = c->trait_shared[k];
        const snw_real slope = c->trait_slope[k] * c->years_after_40, muscle = c->trait_muscle[k];
        for (size_t i = 0; i < n; i++)
            b->trait_ln[k][i] =
                median + early * b->menopause_early_yr[i] + late * b->menopause_late_yr[i] +
                b->trait_base[k][i] + b->trait_change[k][i] + shared * b->bone_change_z[i] +
                slope * b->bone_slope_z[i] + muscle * b->muscle_felt[i] + b->trait_treated[k][i];
    }
    for (size_t i = 0; i < n; i++) {
        b->abmd_neck_ln[i] = SNW_R(SNW_NECK_CORTEX) * b->trait_ln[SNW_CTTH_NECK][i] +
                             SNW_R(SNW_NECK_CORTICAL_DENSITY) * b->trait_ln[SNW_CT_VBMD][i] +
                             SNW_R(SNW_NECK_TRABECULAE) * b->trait_ln[SNW_TRAB_NECK][i];
        b->abmd_spine_ln[i] = SNW_R(SNW_SPINE_CORTEX) * b->trait_ln[SNW_CTTH_SPINE][i] +
                              SNW_R(SNW_SPINE_TRABECULAE) * b->trait_ln[SNW_TRAB_SPINE][i] +
                              SNW_R(SNW_SPINE_CORTICAL_DENSITY) * b->trait_ln[SNW_CT_VBMD][i];
    }
}

void SNW_KERNEL(snw_bone_advance)(struct snw_block *restrict b,
                                  const struct snw_year_coef *restrict c,
                                  const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real phi = c->bone_phi, sd = c->bone_sd, r = c->bone_r;
    const snw_real own = snw_sqrt(SNW_R(1) - r * r);
    const snw_real *restrict muscle = SNW_YEAR_LUCK(luck, muscle);
    const snw_real *restrict shared = SNW_YEAR_LUCK(luck, bone_shared);
    for (size_t i = 0; i < n; i++)
        b->bone_change_z[i] = phi * b->bone_change_z[i] + sd * (r * muscle[i] + own * shared[i]);
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        const snw_real trait_sd = c->trait_sd[k];
        const snw_real *restrict z = SNW_YEAR_LUCK(luck, trait_0) + k * SNW_LUCK_STRIDE;
        for (size_t i = 0; i < n; i++)
            b->trait_change[k][i] = phi * b->trait_change[k][i] + trait_sd * z[i];
    }
    if (c->igfbp2_feedback == SNW_R(0))
        return;
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        const snw_real loss = c->trait_feedback[k];
        for (size_t i = 0; i < n; i++)
            b->trait_base[k][i] += loss * b->igfbp2_z[i];
    }
}
