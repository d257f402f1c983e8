/* The oracle's death within the year, and frailty and residence at its end. */
#include "oracle/oracle_parts.h"

#include <math.h>
#include <stdlib.h>

#define HIP_EARLY_YEARS 0.5
#define VERTEBRAL_YEARS 5.0

/* Age at the latest fracture of a site up to `age`: of this year, else `before`. */
static double latest(const struct snw_oracle_events *events, enum snw_site site, double before,
                     double age)
{
    double found = before;
    for (int i = 0; i < events->n_fractures; i++)
        if (events->fracture[i].site == site && events->fracture[i].age <= age)
            found = events->fracture[i].age; /* they stand in time order */
    return found;
}

static double hip_rr(const struct snw_oracle_year_in *in, const struct snw_oracle_events *events,
                     double age)
{
    double since = age - latest(events, SNW_HIP, in->state->last_hip_age, age);
    if (isnan(since))
        return 1;
    return since < HIP_EARLY_YEARS ? in->params->mortality_hip_early_rr[in->person->sex]
                                   : in->params->mortality_hip_late_rr[0];
}

static double vertebral_rr(const struct snw_oracle_year_in *in,
                           const struct snw_oracle_events *events, double age)
{
    double since = age - latest(events, SNW_VERTEBRAL, in->state->last_vertebral_age, age);
    if (isnan(since) || since >= VERTEBRAL_YEARS)
        return 1;
    return 1 + (in->params->mortality_vertebral_smr[in->person->sex] - 1) *
                   in->params->mortality_vertebral_causal[0];
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

enum { MAX_BREAKS = 2 * SNW_ORACLE_MAX_YEAR + 4 };

/* Ages within the year at which the hazard may change, its two ends included, in order. */
static int hazard_breaks(const struct snw_oracle_year_in *in,
                         const struct snw_oracle_events *events, double breaks[MAX_BREAKS])
{
    double candidate[MAX_BREAKS];
    int n_candidates = 0, n = 0;
    candidate[n_candidates++] = in->state->last_hip_age + HIP_EARLY_YEARS;
    candidate[n_candidates++] = in->state->last_vertebral_age + VERTEBRAL_YEARS;
    for (int i = 0; i < events->n_fractures; i++) {
        candidate[n_candidates++] = events->fracture[i].age;
        candidate[n_candidates++] = events->fracture[i].age + HIP_EARLY_YEARS;
    }
    breaks[n++] = in->age;
    for (int i = 0; i < n_candidates; i++)
        if (candidate[i] > in->age && candidate[i] < in->age + 1) /* false for NaN */
            breaks[n++] = candidate[i];
    breaks[n++] = in->age + 1;
    qsort(breaks, (size_t)n, sizeof breaks[0], by_size);
    return n;
}

struct snw_oracle_death snw_oracle_die(const struct snw_oracle_year_in *in,
                                       const struct snw_oracle_events *events, double base_per_yr,
                                       double threshold)
{
    struct snw_oracle_death death = {.age = (double)NAN, .rr_hip = 1, .rr_vertebral = 1};
    double breaks[MAX_BREAKS];
    int n = hazard_breaks(in, events, breaks);
    for (int i = 0; i + 1 < n; i++) {
        double middle = (breaks[i] + breaks[i + 1]) / 2; /* the hazard is constant between breaks */
        double hip = hip_rr(in, events, middle), vertebral = vertebral_rr(in, events, middle);
        double per_yr = base_per_yr * hip * vertebral;
        double added = per_yr * (breaks[i + 1] - breaks[i]);
        if (isnan(death.age) && death.hazard + added > threshold) {
            death.age = breaks[i] + (threshold - death.hazard) / per_yr;
            death.rr_hip = hip;
            death.rr_vertebral = vertebral;
        }
        death.hazard += added;
    }
    return death;
}

static double weakness_log_hazard(const struct snw_oracle_year_in *in)
{
    return -in->params->mortality_per_weakness[0] * in->measures->z_grip;
}

static double frailty_log_hazard(const struct snw_oracle_year_in *in)
{
    return in->state->frailty == SNW_ORACLE_FRAIL ? in->params->mortality_frail[0] : 0;
}

static double igfbp2_log_hazard(const struct snw_oracle_year_in *in)
{
    return in->params->mortality_per_igfbp2[0] * in->measures->z_igfbp2;
}

double snw_oracle_log_mortality(const struct snw_oracle_year_in *in)
{
    return weakness_log_hazard(in) + frailty_log_hazard(in) + igfbp2_log_hazard(in);
}

enum snw_oracle_cause snw_oracle_attribute(const struct snw_oracle_year_in *in,
                                           const struct snw_oracle_death *death, double u)
{
    const double part[SNW_ORACLE_N_CAUSES] = {
        [SNW_ORACLE_BACKGROUND] = 1,
        [SNW_ORACLE_BY_HIP] = fmax(0, death->rr_hip - 1),
        [SNW_ORACLE_BY_VERTEBRAL] = fmax(0, death->rr_vertebral - 1),
        [SNW_ORACLE_BY_FRAILTY] = fmax(0, exp(frailty_log_hazard(in)) - 1),
        [SNW_ORACLE_BY_WEAKNESS] = fmax(0, exp(weakness_log_hazard(in)) - 1),
        [SNW_ORACLE_BY_IGFBP2] = fmax(0, exp(igfbp2_log_hazard(in)) - 1),
    };
    double sum = 0, cumulated = 0;
    for (int cause = 0; cause < SNW_ORACLE_N_CAUSES; cause++)
        sum += part[cause];
    for (int cause = 0; cause < SNW_ORACLE_N_CAUSES; cause++) {
        cumulated += part[cause];
        if (u * sum < cumulated)
            return (enum snw_oracle_cause)cause;
    }
    return SNW_ORACLE_BACKGROUND; /* u sum = sum only by rounding */
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

enum snw_oracle_frailty snw_oracle_frailty_next(const struct snw_oracle_year_in *in, bool hip,
                                                double u)
{
    const struct snw_params *params = in->params;
    double x = in->age + 0.5 - 70;
    double burden =
        params->frailty_per_weakness[0] * -(in->measures->z_grip + in->measures->z_gait) +
        (hip ? params->frailty_hip_fracture[0] : 0);
    double worse = params->frailty_worse_per_year[0] * x + burden +
                   (in->person->sex == SNW_FEMALE ? params->frailty_female[0] : 0);
    double better = params->frailty_better_per_year[0] * x - burden;
    double up = 0, down = 0;
    enum snw_oracle_frailty now = in->state->frailty;
    if (now == SNW_ORACLE_ROBUST)
        up = logistic(params->frailty_intercept_robust_prefrail[0] + worse);
    if (now == SNW_ORACLE_PREFRAIL) {
        up = logistic(params->frailty_intercept_prefrail_frail[0] + worse);
        down = logistic(params->frailty_intercept_prefrail_robust[0] + better);
    }
    if (now == SNW_ORACLE_FRAIL)
        down = logistic(params->frailty_intercept_frail_prefrail[0] + better);
    if (up + down > 0.95) {
        double scale = 0.95 / (up + down);
        up *= scale;
        down *= scale;
    }
    if (u < up)
        return now + 1;
    if (u >= 1 - down)
        return now - 1;
    return now;
}

bool snw_oracle_enters(const struct snw_oracle_year_in *in, bool hip, bool injurious_fall, double u)
{
    const struct snw_params *params = in->params;
    if (hip) {
        static const int from_age[SNW_N_AGE_LUMP] = {20, 50, 65, 75, 85};
        int class = 0;
        while (class + 1 < SNW_N_AGE_LUMP && in->age >= from_age[class + 1])
            class ++;
        return u < params->residence_after_hip[class];
    }
    double ln = injurious_fall ? params->residence_injury[0] : 0;
    if (in->state->frailty == SNW_ORACLE_PREFRAIL)
        ln += params->residence_prefrail[0];
    if (in->state->frailty == SNW_ORACLE_FRAIL)
        ln += params->residence_frail[0];
    return u < 1 - exp(-in->at->residence_hazard * exp(ln));
}
