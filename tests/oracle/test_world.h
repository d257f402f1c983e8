/* Parameters and a made-up reference for tests of the oracle: plausible, not fitted. */
#ifndef SNW_TESTS_ORACLE_TEST_WORLD_H
#define SNW_TESTS_ORACLE_TEST_WORLD_H

#include <math.h>

#include "oracle/oracle_parts.h"

static inline void world_reference_age(const struct snw_params *params, enum snw_sex sex, int age,
                                       struct snw_oracle_reference_age *at)
{
    double after_40 = fmax(age - 40, 0);
    at->ln_grip =
        (struct snw_oracle_moments){log(params->strength_grip_young[sex]) -
                                        params->strength_decline[sex] / 2 * after_40 * after_40,
                                    0.19};
    at->gait = (struct snw_oracle_moments){1.35 - 0.008 * fmax(age - 50, 0), 0.30};
    at->ln_neck = (struct snw_oracle_moments){-0.005 * (age - 25), 0.15};
    at->ln_spine = (struct snw_oracle_moments){-0.006 * (age - 25), 0.16};
    at->ln_igfbp2 = (struct snw_oracle_moments){log(200) + 0.0107 * (age - 25), 0.5};
    at->lambda0 = 0.8 * snw_oracle_fall_target(params, sex, age);
    for (int s = 0; s < SNW_N_SITE; s++) {
        enum snw_site site = (enum snw_site)s;
        double rate = snw_oracle_fracture_target(params, sex, site, age, 2017);
        double share = snw_oracle_fall_share(params, site, age);
        at->per_fall[s] = share * rate / (1.1 * at->lambda0);
        at->non_fall[s] = 0.8 * (1 - share) * rate;
    }
    at->mortality_factor = 0.85;
    at->qx = 0.0007 * exp(0.08 * (age - 20));
    at->residence_hazard = 0.0004 * exp(0.11 * fmax(age - 55, 0));
}

static inline void world_reference(const struct snw_params *params,
                                   struct snw_oracle_reference *reference)
{
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        for (int i = 0; i < SNW_ORACLE_N_AGES; i++)
            world_reference_age(params, (enum snw_sex)sex, SNW_ORACLE_FIRST_AGE + i,
                                &reference->age[sex][i]);
        reference->disability_intercept[sex] = -2.5;
        reference->smi_factor[sex] = sex == SNW_FEMALE ? 1.08 : 1.289;
        reference->hip_intercept[sex] = -4;
    }
}

static inline void set_all(double *values, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        values[i] = value;
}
#define SET(array, value) set_all(array, sizeof(array) / sizeof((array)[0]), value)

/* Everybody is the median: no variation between persons or years, no effect of activity. */
static inline void median_people(struct snw_params *params)
{
    SET(params->muscle_sd_base, 0);
    SET(params->muscle_sd_slope, 0);
    SET(params->muscle_innovation_at_50, 0);
    SET(params->muscle_activity_gain, 0);
    SET(params->size_sd_height_peak, 0);
    SET(params->size_sd_ln_height_loss, 0);
    SET(params->size_sd_ln_bmi, 1e-12); /* a divisor */
    SET(params->strength_per_activity, 0);
    SET(params->strength_sd_base, 0);
    SET(params->strength_sd_change, 0);
    SET(params->strength_sd_gait, 0);
    SET(params->menopause_fmp_sd, 0);
    SET(params->menopause_early_share, 0);
    SET(params->menopause_smoker_shift, 0);
    SET(params->menopause_weight_shield, 0);
    SET(params->bone_sd_base, 0);
    SET(params->bone_shared_base, 0);
    SET(params->bone_sd_change, 0);
    SET(params->bone_shared_change, 0);
    SET(params->bone_shared_slope, 0);
    SET(params->igfbp2_sd_base, 0);
    SET(params->igfbp2_sd_change, 0);
    SET(params->comparators_igf1_sd, 0);
    SET(params->comparators_bio_t_sd, 0);
    SET(params->comparators_bio_e2_sd, 0);
}

#endif
