/* The years of menopausal bone loss, shielded by body mass. Equations: menopause.md. */
#include "processes/schedule.h"

/* Integral over y of 1 - (y - 2) / 8 from 2 to y, y held within 2 and 10. */
static inline snw_real late(snw_real y)
{
    snw_real t = snw_clip(0, 8, y - SNW_R(2));
    return t - t * t * SNW_R(0.0625);
}

void SNW_KERNEL(snw_menopause_advance)(struct snw_block *restrict b,
                                       const struct snw_year_coef *restrict c,
                                       const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real age = c->age, scale = c->bmi_z_scale, shield = c->weight_shield;
    const snw_real therapy = c->therapy_shield;
    if (b->sex == SNW_MALE)
        return;
    for (size_t i = 0; i < n; i++) {
        snw_real from = age - b->fmp_age_yr[i], to = from + SNW_R(1);
        snw_real bmi_z = (b->bmi_base[i] + b->bmi_change[i]) * scale;
        snw_real bare =
            snw_max(0, SNW_R(1) - shield * bmi_z) * (SNW_R(1) - therapy * b->hormone_therapy[i]);
        snw_real early = snw_clip(-1, 2, to) - snw_clip(-1, 2, from);
        b->menopause_early_yr[i] += bare * early;
        b->menopause_late_yr[i] += bare * (late(to) - late(from));
    }
}
