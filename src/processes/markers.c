/* IGFBP-2 and the varying parts of its comparators: readouts of muscle. Equations: markers.md. */
#include "processes/schedule.h"

void SNW_KERNEL(snw_markers_look)(struct snw_block *restrict b,
                                  const struct snw_year_coef *restrict c,
                                  const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = b->n;
    const snw_real median = c->igfbp2_median_ln, per_muscle = c->igfbp2_per_muscle;
    const snw_real per_bmi = c->igfbp2_per_bmi;
    for (size_t i = 0; i < n; i++)
        b->igfbp2_ln[i] = median + per_muscle * b->muscle_ln[i] +
                          per_bmi * (b->bmi_kg_m2[i] - SNW_R(27)) + b->igfbp2_base[i] +
                          b->igfbp2_change[i];
}

void SNW_KERNEL(snw_markers_advance)(struct snw_block *restrict b,
                                     const struct snw_year_coef *restrict c,
                                     const struct snw_luck *restrict luck)
{
    const size_t n = b->n;
    const snw_real phi = c->igfbp2_phi, sd = c->igfbp2_sd, marker = c->marker_phi;
    const snw_real igf1_sd = c->igf1_sd, t_sd = c->bio_t_sd, e2_sd = c->bio_e2_sd;
    for (size_t i = 0; i < n; i++) {
        b->igfbp2_change[i] = phi * b->igfbp2_change[i] + sd * SNW_YEAR_LUCK(luck, igfbp2)[i];
        b->igf1_change[i] = marker * b->igf1_change[i] + igf1_sd * SNW_YEAR_LUCK(luck, igf1)[i];
        b->bio_t_change[i] = marker * b->bio_t_change[i] + t_sd * SNW_YEAR_LUCK(luck, bio_t)[i];
        b->bio_e2_change[i] = marker * b->bio_e2_change[i] + e2_sd * SNW_YEAR_LUCK(luck, bio_e2)[i];
    }
}
