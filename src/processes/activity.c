/* Physical activity. Equations: activity.md. */
#include "processes/schedule.h"

void SNW_KERNEL(snw_activity_advance)(struct snw_block *restrict b,
                                      const struct snw_year_coef *restrict c,
                                      const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real phi = c->activity_phi, sd = c->activity_sd;
    const snw_real *restrict z = SNW_YEAR_LUCK(luck, activity);
    for (size_t i = 0; i < n; i++)
        b->activity_z[i] = phi * b->activity_z[i] + sd * z[i];
}
