/* IGFBP-2 and its comparators: readouts of muscle. Equations: markers.md. */
#include "processes/schedule.h"

void SNW_KERNEL(snw_markers_look)(struct snw_block *restrict b,
                                  const struct snw_year_coef *restrict c,
                                  const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real median = c->igfbp2_median_ln, per_muscle = c->igfbp2_per_muscle;
    const snw_real per_bmi = c->igfbp2_per_bmi;
    for (size_t i = 0; i < n; i++)
        b->igfbp2_ln[i] = median + per_muscle * b->muscle_ln[i] +
                          per_bmi * (b->bmi_kg_m2[i] - SNW_R(27)) + b->igfbp2_base[i] +
                          b->igfbp2_change[i];
    const snw_real igf1 = c->igf1_median_ln, bio_t = c->bio_t_median_ln,
                   bio_e2 = c->bio_e2_median_ln;
    const snw_real igf1_muscle = c->igf1_per_muscle, bio_t_muscle = c->bio_t_per_muscle;
    const snw_real bio_e2_muscle = c->bio_e2_per_muscle, menopause = c->bio_e2_menopause;
    const snw_real age = c->age;
    for (size_t i = 0; i < n; i++) {
        snw_real m = b->muscle_ln[i];
        snw_real ramp = snw_clip(0, 1, (age - b->fmp_age_yr[i] + SNW_R(1)) * SNW_R(1.0 / 3));
        b->igf1_ln[i] = igf1 + igf1_muscle * m + b->igf1_base[i] + b->igf1_change[i];
        b->bio_t_ln[i] = bio_t + bio_t_muscle * m + b->bio_t_base[i] + b->bio_t_change[i];
        b->bio_e2_ln[i] =
            bio_e2 + menopause * ramp + bio_e2_muscle * m + b->bio_e2_base[i] + b->bio_e2_change[i];
    }
}

void SNW_KERNEL(snw_markers_advance)(struct snw_block *restrict b,
                                     const struct snw_year_coef *restrict c,
                                     const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real phi = c->igfbp2_phi, sd = c->igfbp2_sd, marker = c->marker_phi;
    const snw_real igf1_sd = c->igf1_sd, t_sd = c->bio_t_sd, e2_sd = c->bio_e2_sd;
    for (size_t i = 0; i < n; i++) {
        b->igfbp2_change[i] = phi * b->igfbp2_change[i] + sd * SNW_YEAR_LUCK(luck, igfbp2)[i];
        b->igf1_change[i] = marker * b->igf1_change[i] + igf1_sd * SNW_YEAR_LUCK(luck, igf1)[i];
        b->bio_t_change[i] = marker * b->bio_t_change[i] + t_sd * SNW_YEAR_LUCK(luck, bio_t)[i];
        b->bio_e2_change[i] = marker * b->bio_e2_change[i] + e2_sd * SNW_YEAR_LUCK(luck, bio_e2)[i];
    }
}
