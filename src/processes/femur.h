/* Strength of the femur and the load of a sideways fall on it. Equations: bone.md. */
#ifndef SNW_PROCESSES_FEMUR_H
#define SNW_PROCESSES_FEMUR_H

#include "core/vmath.h"
#include "processes/coefficients.h"

/* ln of femoral strength in N. Source: keaveny2010. */
static inline snw_real snw_femur_strength_ln(const struct snw_year_coef *c, snw_real abmd_neck_ln)
{
    return snw_log(c->femur_n) + c->femur_exponent * abmd_neck_ln;
}

/* Peak force on the hip in a sideways fall, N: impact without padding less 71 N for each mm of soft
   tissue, at least a fifth of it. Source: robinovitch1995, dufour2012. */
static inline snw_real snw_fall_load_n(const struct snw_year_coef *c, snw_real height_cm,
                                       snw_real bmi)
{
    snw_real height_m = height_cm * SNW_R(0.01), mass_kg = bmi * height_m * height_m;
    snw_real tissue_mm = snw_clip(5, 100, c->tissue_base + c->tissue_slope * (bmi - SNW_R(25)));
    snw_real bare = snw_sqrt(SNW_R(2 * 9.81 * 0.51 * 71000 * 0.5) * height_m * mass_kg);
    return snw_max(SNW_R(0.2) * bare, bare - SNW_R(71) * tissue_mm);
}

#endif
