/* What a reference pass must reproduce: rates and shares of the model, by age in completed years.
 */
#include "oracle/oracle_parts.h"

#include <gsl/gsl_spline.h>
#include <math.h>

double snw_oracle_fall_target(const struct snw_params *params, enum snw_sex sex, int age)
{
    struct snw_oracle_curve rate = snw_oracle_curve_make(
        SNW_AXIS_AGE_FALLS, sex == SNW_FEMALE ? params->falls_rate_women : params->falls_rate_men);
    for (size_t i = 0; i < rate.n; i++)
        rate.y[i] = log(rate.y[i]);
    double x = fmin(age + 0.5, rate.x[rate.n - 1]); /* constant beyond the last knot */
    gsl_spline *spline =
        gsl_spline_alloc(gsl_interp_cspline, rate.n); /* cspline is the natural one */
    gsl_spline_init(spline, rate.x, rate.y, rate.n);
    double ln = gsl_spline_eval(spline, x, NULL);
    gsl_spline_free(spline);
    return exp(ln);
}

double snw_oracle_fracture_target(const struct snw_params *params, enum snw_sex sex,
                                  enum snw_site site, int age, int calendar_year)
{
    const double *rates =
        sex == SNW_FEMALE ? params->fractures_rate_women : params->fractures_rate_men;
    struct snw_oracle_curve curve =
        snw_oracle_curve_make(SNW_AXIS_AGE_FRACTURE, rates + (int)site * SNW_N_AGE_FRACTURE);
    for (size_t i = 0; i < curve.n; i++)
        curve.y[i] = log(curve.y[i]);
    double rate = exp(snw_oracle_curve_at(&curve, age + 0.5)) / 100000;
    if (site == SNW_HIP) {
        rate *= params->fractures_hip_definition[0];
        if (params->fractures_hip_trend_on[0] > 0.5)
            rate *= exp(params->fractures_hip_trend[0] * (fmin(calendar_year, 2012) - 2003));
    }
    return rate;
}

double snw_oracle_fall_share(const struct snw_params *params, enum snw_site site, int age)
{
    if (site == SNW_VERTEBRAL && age >= 85)
        return params->fractures_fall_share_vertebral_85[0];
    struct snw_oracle_curve share = snw_oracle_curve_make(
        SNW_AXIS_AGE_SHARE, site == SNW_HIP         ? params->fractures_fall_share_hip
                            : site == SNW_VERTEBRAL ? params->fractures_fall_share_vertebral
                                                    : params->fractures_fall_share_other);
    return snw_oracle_curve_at(&share, site == SNW_VERTEBRAL ? age : age + 0.5);
}

double snw_oracle_resident_share(const struct snw_params *params, int age)
{
    struct snw_oracle_curve share =
        snw_oracle_curve_make(SNW_AXIS_AGE_RESIDENT, params->residence_resident_share);
    return snw_oracle_curve_at(&share, age);
}
