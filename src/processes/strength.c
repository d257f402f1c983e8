/* Grip, knee extension and gait speed. Equations: strength.md. */
#include "processes/schedule.h"

void SNW_KERNEL(snw_strength_look)(struct snw_block *restrict b,
                                   const struct snw_year_coef *restrict c,
                                   const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real per_muscle = c->strength_per_muscle, per_activity = c->strength_per_activity;
    const snw_real shift = c->strength_shift, grip = c->grip_median_ln, gait = c->gait_median_ln;
    const snw_real per_strength = c->gait_per_strength;
    for (size_t i = 0; i < n; i++) {
        snw_real s = per_muscle * b->muscle_ln[i] + per_activity * b->activity_z[i] +
                     b->strength_base[i] + b->strength_change[i] + b->strength_treated[i] + shift;
        b->strength_ln[i] = s;
        b->grip_ln[i] = grip + s;
        b->gait_m_s[i] = snw_exp(gait + per_strength * s + b->gait_change[i]);
    }
}

void SNW_KERNEL(snw_strength_advance)(struct snw_block *restrict b,
                                      const struct snw_year_coef *restrict c,
                                      const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real phi = c->strength_phi, sd = c->strength_sd;
    const snw_real gait_phi = c->gait_phi, gait_sd = c->gait_sd;
    const snw_real *restrict z = SNW_YEAR_LUCK(luck, strength);
    const snw_real *restrict z_gait = SNW_YEAR_LUCK(luck, gait);
    for (size_t i = 0; i < n; i++) {
        b->strength_change[i] = phi * b->strength_change[i] + sd * z[i];
        b->gait_change[i] = gait_phi * b->gait_change[i] + gait_sd * z_gait[i];
    }
}
