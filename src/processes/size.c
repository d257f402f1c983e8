/* Height, body mass index. Equations: size.md. */
#include "processes/schedule.h"

void SNW_KERNEL(snw_size_look)(struct snw_block *restrict b, const struct snw_year_coef *restrict c,
                               const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real loss = c->height_loss_cm, per_vertebral = c->height_per_vertebral;
    const snw_real median = c->bmi_median_ln;
    for (size_t i = 0; i < n; i++) {
        b->height_cm[i] = b->height_peak_cm[i] - b->height_loss_factor[i] * loss -
                          per_vertebral * b->n_vertebral[i];
        b->bmi_kg_m2[i] = snw_exp(median + b->bmi_base[i] + b->bmi_change[i]);
    }
}

void SNW_KERNEL(snw_size_advance)(struct snw_block *restrict b,
                                  const struct snw_year_coef *restrict c,
                                  const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real phi = c->bmi_phi, sd = c->bmi_sd, r = c->bmi_r;
    const snw_real own = snw_sqrt(SNW_R(1) - r * r);
    const snw_real *restrict shared = SNW_YEAR_LUCK(luck, muscle);
    const snw_real *restrict z = SNW_YEAR_LUCK(luck, bmi);
    for (size_t i = 0; i < n; i++)
        b->bmi_change[i] = phi * b->bmi_change[i] + sd * (r * shared[i] + own * z[i]);
}
