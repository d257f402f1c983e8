/* Age curves and the menopause kernel of the oracle, integrated exactly. */
#include "oracle/oracle_parts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

struct snw_oracle_curve snw_oracle_curve_make(enum snw_axis_id axis, const double *values)
{
    struct snw_oracle_curve curve = {.n = snw_axis_table[axis].length};
    assert(curve.n <= SNW_N_AGE_FRACTURE);
    for (size_t i = 0; i < curve.n; i++) {
        curve.x[i] = strtod(snw_axis_table[axis].labels[i], NULL);
        curve.y[i] = values[i];
    }
    return curve;
}

double snw_oracle_curve_at(const struct snw_oracle_curve *curve, double x)
{
    const double *kx = curve->x, *ky = curve->y;
    if (x <= kx[0])
        return ky[0];
    for (size_t i = 1; i < curve->n; i++)
        if (x <= kx[i])
            return ky[i - 1] + (ky[i] - ky[i - 1]) * (x - kx[i - 1]) / (kx[i] - kx[i - 1]);
    return ky[curve->n - 1];
}

/* Integral from the first knot to x: whole trapezia, then the part of one, then the flat end. */
static double from_first_knot(const struct snw_oracle_curve *curve, double x)
{
    const double *kx = curve->x, *ky = curve->y;
    if (x <= kx[0])
        return ky[0] * (x - kx[0]);
    double sum = 0;
    for (size_t i = 1; i < curve->n; i++) {
        double end = fmin(x, kx[i]);
        sum += (end - kx[i - 1]) * (ky[i - 1] + snw_oracle_curve_at(curve, end)) / 2;
        if (x <= kx[i])
            return sum;
    }
    return sum + ky[curve->n - 1] * (x - kx[curve->n - 1]);
}

double snw_oracle_curve_integral(const struct snw_oracle_curve *curve, double from, double to)
{
    return from_first_knot(curve, to) - from_first_knot(curve, from);
}

double snw_oracle_kernel_early(double fmp, double from, double to)
{
    /* 1 for -1 <= y < 2, y = age - F */
    return fmax(0, fmin(to - fmp, 2) - fmax(from - fmp, -1));
}

double snw_oracle_kernel_late(double fmp, double from, double to)
{
    /* 1 - (y - 2)/8 for 2 <= y < 10; with v = y - 2 its antiderivative is v - v^2/16 */
    double v0 = fmax(from - fmp, 2) - 2, v1 = fmin(to - fmp, 10) - 2;
    return v1 > v0 ? (v1 - v1 * v1 / 16) - (v0 - v0 * v0 / 16) : 0;
}

double snw_oracle_transition_years(double fmp, double age)
{
    return fmin(fmax(age - (fmp - 2), 0), 4);
}

double snw_oracle_muscle_curve(const struct snw_params *params, enum snw_sex sex, double age)
{
    struct snw_oracle_curve rate =
        sex == SNW_FEMALE
            ? snw_oracle_curve_make(SNW_AXIS_AGE_MUSCLE_WOMEN, params->muscle_rate_women)
            : snw_oracle_curve_make(SNW_AXIS_AGE_MUSCLE_MEN, params->muscle_rate_men);
    return snw_oracle_curve_integral(&rate, 25, age) / 100;
}

double snw_oracle_age_loss(const struct snw_params *params, enum snw_sex sex, enum snw_trait trait,
                           double from, double to)
{
    /* rows of the LOSS axis: radius and tibia share the trabecular one */
    static const int row[SNW_N_TRAIT] = {0, 1, 2, 3, 4, 5, 6, 6, 7, 8};
    struct snw_oracle_curve rate =
        sex == SNW_FEMALE
            ? snw_oracle_curve_make(SNW_AXIS_AGE_BONE_WOMEN,
                                    params->bone_loss_women + row[trait] * SNW_N_AGE_BONE_WOMEN)
            : snw_oracle_curve_make(SNW_AXIS_AGE_BONE_MEN,
                                    params->bone_loss_men + row[trait] * SNW_N_AGE_BONE_MEN);
    return snw_oracle_curve_integral(&rate, from, to) / 100;
}
