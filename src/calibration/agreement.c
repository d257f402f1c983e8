/* Standard errors of published values, z scores, and inside or outside. */
#include "calibration/agreement.h"

#include <math.h>

#include "core/vmath.h"

static const double normal_975 = 1.959963984540054;
static const double tolerance = 0.15, discrepancy = 0.05;
static const double median_error = 1.2533141373155003; /* sqrt(pi / 2) */
static const double recalled_widens = 2;

static double error_of_n(const struct snw_target *t)
{
    double x = t->value;
    if (t->op == SNW_OP_share)
        return snw_sqrt_f64(x * (1 - x) / t->n);
    if (t->op == SNW_OP_tracking && t->argument[SNW_A_statistic] == SNW_R2_OF)
        return 2 * snw_sqrt_f64(x) * (1 - x) / snw_sqrt_f64(t->n - 3);
    return (1 - x * x) / snw_sqrt_f64(t->n - 3);
}

static double error_of_sd(const struct snw_target *t)
{
    enum snw_statistic statistic = (enum snw_statistic)t->argument[SNW_A_statistic];
    if (t->op == SNW_OP_sd || statistic == SNW_SD || statistic == SNW_IQR)
        return fabs(t->value) / snw_sqrt_f64(2 * t->n);
    double mean = t->sd / snw_sqrt_f64(t->n);
    return t->op == SNW_OP_median || statistic == SNW_MEDIAN ? median_error * mean : mean;
}

double snw_published_error(const struct snw_target *t)
{
    double error = 0;
    switch (t->spread) {
    case SNW_TARGET_SPREAD_CI:
    case SNW_TARGET_SPREAD_ASSUMED:
        error = (t->high - t->low) / (2 * normal_975);
        break;
    case SNW_TARGET_SPREAD_SE:
        error = t->standard_error;
        break;
    case SNW_TARGET_SPREAD_SD:
        error = error_of_sd(t);
        break;
    case SNW_TARGET_SPREAD_N:
        error = error_of_n(t);
        break;
    case SNW_TARGET_SPREAD_RANGE:
        error = (t->high - t->low) / snw_sqrt_f64(12);
        break;
    default:
        error = 0.1 * fabs(t->value);
    }
    bool widened = t->status == SNW_RECALLED && t->spread != SNW_TARGET_SPREAD_ASSUMED;
    return widened ? recalled_widens * error : error;
}

double snw_discrepancy(const struct snw_target *t)
{
    bool absolute =
        snw_operator_table[t->op].absolute && t->among.n == 0 && !snw_given(t, SNW_A_scale);
    return absolute ? SNW_DISCREPANCY_ABSOLUTE : discrepancy * fabs(t->value);
}

struct snw_agreement snw_agreement_of(const struct snw_target *t, const struct snw_estimate *e)
{
    struct snw_agreement s = {.error = snw_published_error(t)};
    double mc = isnan(e->error) ? 0 : e->error;
    double gap = snw_discrepancy(t);
    bool printed = t->spread == SNW_TARGET_SPREAD_CI || t->spread == SNW_TARGET_SPREAD_ASSUMED;
    s.interval = printed || t->spread == SNW_TARGET_SPREAD_SE || t->spread == SNW_TARGET_SPREAD_N;
    double half = s.interval ? normal_975 * s.error : tolerance * fabs(t->value);
    s.low = printed ? t->low : t->value - half;
    s.high = printed ? t->high : t->value + half;
    if (t->side == SNW_AT_LEAST)
        s.high = (double)INFINITY;
    if (t->side == SNW_AT_MOST)
        s.low = -(double)INFINITY;
    double off = snw_off_target(e->value, t->value, t->side);
    s.within = e->value >= s.low && e->value <= s.high;
    s.z = off / snw_sqrt_f64(s.error * s.error + mc * mc + gap * gap);
    s.inside = fabs(s.z) <= normal_975;
    return s;
}
