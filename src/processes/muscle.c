/* Appendicular muscle, and muscle as bone feels it. Equations: muscle.md. */
#include "processes/schedule.h"

void SNW_KERNEL(snw_muscle_look)(struct snw_block *restrict b,
                                 const struct snw_year_coef *restrict c,
                                 const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real age = c->age, after_40 = c->years_after_40, median = c->index_median_ln;
    const snw_real menopause = c->menopause_muscle;
    for (size_t i = 0; i < n; i++) {
        snw_real m = b->muscle_base[i] + b->muscle_slope_per_yr[i] * after_40 +
                     b->muscle_change[i] + b->muscle_treated[i];
        snw_real transition = snw_clip(0, 4, age - (b->fmp_age_yr[i] - SNW_R(2)));
        b->muscle_ln[i] = m;
        b->index_ln[i] = median + menopause * transition + m;
    }
}

void SNW_KERNEL(snw_muscle_advance)(struct snw_block *restrict b,
                                    const struct snw_year_coef *restrict c,
                                    const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real phi = c->muscle_phi, sd = c->muscle_sd, gain = c->muscle_per_activity;
    const snw_real lag = c->felt_lag;
    const snw_real *restrict z = SNW_YEAR_LUCK(luck, muscle);
    for (size_t i = 0; i < n; i++) {
        b->muscle_felt[i] = b->muscle_felt[i] + lag * (b->muscle_ln[i] - b->muscle_felt[i]);
        b->muscle_change[i] = phi * b->muscle_change[i] + sd * z[i] + gain * b->activity_z[i];
    }
}
