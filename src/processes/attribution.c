/* Death to its parts: what the hazard at that instant was made of. */
#include "core/vmath.h"
#include "processes/happenings.h"

enum snw_cause snw_attribute_death(const struct snw_block *block, const struct snw_year_coef *coef,
                                   size_t lane, double u)
{
    double t = (double)block->lived_yr[lane] + (double)coef->age;
    double hip = t - (double)block->hip_age_yr[lane];
    double spine = t - (double)block->vertebral_age_yr[lane];
    double weak = snw_exp_f64(-(double)coef->death_per_weakness * (double)block->strength_z[lane]);
    double igfbp2 = snw_exp_f64((double)coef->death_per_igfbp2 * (double)block->igfbp2_z[lane]);
    /* excess over 1 of each factor, in the order of enum snw_cause; background is the 1 */
    double part[SNW_N_CAUSES] = {1, 0, 0, 0, 0, 0};
    if (hip < 500)
        part[SNW_CAUSE_HIP] = (double)(hip < 0.5 ? coef->hip_early : coef->hip_late) - 1;
    if (spine < 5)
        part[SNW_CAUSE_VERTEBRAL] = (double)coef->vertebral_rr - 1;
    if (block->frailty_opening[lane] > SNW_R(1.5))
        part[SNW_CAUSE_FRAILTY] = snw_exp_f64((double)coef->death_frail) - 1;
    part[SNW_CAUSE_WEAKNESS] = weak - 1;
    part[SNW_CAUSE_IGFBP2] = igfbp2 - 1;
    double sum = 0, cumulated = 0;
    for (int k = 0; k < SNW_N_CAUSES; k++) {
        part[k] = part[k] > 0 ? part[k] : 0;
        sum += part[k];
    }
    for (int k = 0; k < SNW_N_CAUSES - 1; k++) {
        cumulated += part[k];
        if (u * sum < cumulated)
            return (enum snw_cause)k;
    }
    return SNW_CAUSE_IGFBP2;
}
