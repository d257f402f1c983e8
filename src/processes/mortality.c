/* The hazard of death, and who may die this year. Equations: mortality.md. */
#include "processes/schedule.h"

/* lived_yr: 1 for those who live through the year, -1 where happenings.c must look closer: the
   hazard reaches the drawn threshold, or changes within the year. */
void SNW_KERNEL(snw_mortality_risk)(struct snw_block *restrict b,
                                    const struct snw_year_coef *restrict c,
                                    const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real weakness = c->death_per_weakness, frail = c->death_frail;
    const snw_real igfbp2 = c->death_per_igfbp2, hazard = c->death_hazard, age = c->age;
    const snw_real hip_late = c->hip_late, vertebral = c->vertebral_rr;
    const snw_real *restrict u = SNW_YEAR_LUCK(luck, death);
    for (size_t i = 0; i < n; i++) {
        snw_real risk =
            snw_exp(-weakness * b->strength_z[i] + igfbp2 * b->igfbp2_z[i] +
                    (b->frailty[i] > SNW_R(1.5) ? frail : SNW_R(0)) + b->death_treated[i]);
        snw_real since_hip = age - b->hip_age_yr[i], since_spine = age - b->vertebral_age_yr[i];
        snw_real after_hip = since_hip < SNW_R(500) ? hip_late : SNW_R(1);
        snw_real after_spine = since_spine <= SNW_R(4) ? vertebral : SNW_R(1);
        snw_real exposure = risk * after_hip * after_spine;
        snw_real steady = since_hip < SNW_R(0.5) ? SNW_R(0) : SNW_R(1);
        /* single selects: nested ones keep the loop from being vectorised */
        snw_real late = since_spine > SNW_R(4) ? SNW_R(1) : SNW_R(0);
        snw_real ends = since_spine < SNW_R(5) ? late : SNW_R(0);
        steady -= steady * ends;
        /* dies where hazard x exposure > -ln(1 - u) */
        snw_real spared = snw_log(SNW_R(1) - u[i]) + hazard * exposure;
        b->death_risk[i] = risk;
        b->death_exposure_yr[i] = exposure;
        snw_real safe = spared < SNW_R(0) ? steady : SNW_R(0);
        b->lived_yr[i] = safe + safe - SNW_R(1);
    }
}
