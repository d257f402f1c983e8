/* The oracle's bill of a year: what it cost and what it was worth, from ages of events alone. */
#include "oracle/oracle_parts.h"

#include <math.h>
#include <stdlib.h>

double snw_oracle_money(const struct snw_oracle_prices *prices, double amount, int year)
{
    return amount * prices->index[prices->year - SNW_ORACLE_PRICES_FROM] /
           prices->index[year - SNW_ORACLE_PRICES_FROM];
}

double snw_oracle_health_care(const struct snw_params *params,
                              const struct snw_oracle_prices *prices, enum snw_sex sex, int age)
{
    struct snw_oracle_curve curve =
        snw_oracle_curve_make(SNW_AXIS_AGE_COST, params->economics_health_care);
    double sexed = params->economics_health_care_sex[2 * (int)sex + (age >= 65)];
    return snw_oracle_money(prices, snw_oracle_curve_at(&curve, age + 0.5) * sexed, 2019);
}

double snw_oracle_utility_norm(const struct snw_params *params, enum snw_sex sex, int age)
{
    struct snw_oracle_curve curve =
        snw_oracle_curve_make(SNW_AXIS_AGE_UTILITY, sex == SNW_FEMALE ? params->utility_norm_women
                                                                      : params->utility_norm_men);
    return snw_oracle_curve_at(&curve, age + 0.5);
}

enum group { HIP, VERTEBRAL, NHNV, N_GROUPS };

static enum group group_of(enum snw_site site)
{
    return site == SNW_HIP ? HIP : site == SNW_VERTEBRAL ? VERTEBRAL : NHNV;
}

/* Ages of the fractures of one group that a year knows of: the last before it and its own. */
struct history {
    int n;
    double age[SNW_ORACLE_MAX_YEAR + 1];
};

static struct history fractures_of(const struct snw_oracle_year_in *in,
                                   const struct snw_oracle_events *events, enum group group)
{
    const double last[] = {in->state->last_hip_age, in->state->last_vertebral_age,
                           in->state->last_nhnv_age};
    struct history h = {.n = 0};
    if (!isnan(last[group]))
        h.age[h.n++] = last[group];
    for (int i = 0; i < events->n_fractures; i++) /* in time order */
        if (group_of(events->fracture[i].site) == group)
            h.age[h.n++] = events->fracture[i].age;
    return h;
}

static struct history injuries_of(const struct snw_oracle_year_in *in,
                                  const struct snw_oracle_events *events)
{
    struct history h = {.n = 0};
    if (!isnan(in->state->last_injury_age))
        h.age[h.n++] = in->state->last_injury_age;
    for (int i = 0; i < events->n_falls; i++)
        if (events->fall[i].injury)
            h.age[h.n++] = events->fall[i].age;
    return h;
}

static double overlap(double from, double to, double begin, double end)
{
    return fmax(0, fmin(to, end) - fmax(from, begin));
}

/* USD of the first year after a fracture at an exact age. */
static double first_year(const struct snw_oracle_year_in *in, enum group group, double age)
{
    const struct snw_params *p = in->params;
    const struct snw_oracle_prices *prices = &in->reference->prices;
    int old = floor(age) >= 65;
    if (group == HIP)
        return old ? snw_oracle_money(prices, p->economics_hip_first_year_65[0], 2014)
                   : snw_oracle_money(prices, p->economics_hip_first_year_under_65[0], 2005);
    if (group == VERTEBRAL)
        return snw_oracle_money(prices,
                                old ? p->economics_vertebral_first_year_65[0]
                                    : p->economics_vertebral_first_year_under_65[0],
                                2005);
    return snw_oracle_money(
        prices, old ? p->economics_nhnv_first_year_65[0] : p->economics_nhnv_first_year_under_65[0],
        2005);
}

/* Each fracture costs for five years or until the next of its group. */
static double fracture_cost(const struct snw_oracle_year_in *in,
                            const struct snw_oracle_events *events, enum group group,
                            double end_age)
{
    const struct snw_params *p = in->params;
    struct history h = fractures_of(in, events, group);
    double usd = 0;
    for (int j = 0; j < h.n; j++) {
        double until = fmin(end_age, j + 1 < h.n ? h.age[j + 1] : (double)INFINITY);
        double share = 1;
        for (int year = 1; year <= 5; year++) {
            if (year > 1)
                share = p->economics_second_year_share[group] * p->economics_later_years_factor[0] /
                        pow(2, year - 2);
            usd += first_year(in, group, h.age[j]) * share *
                   overlap(h.age[j] + year - 1, fmin(h.age[j] + year, until), in->age, end_age);
        }
    }
    return usd;
}

/* Time spent in the nursing home more than a year after any hip fracture. */
static double home_time(const struct snw_oracle_year_in *in, const struct snw_oracle_events *events,
                        double end_age)
{
    struct history h = fractures_of(in, events, HIP);
    double time = end_age - in->age;
    for (int j = 0; j < h.n; j++) {
        double until = fmin(h.age[j] + 1, j + 1 < h.n ? h.age[j + 1] : (double)INFINITY);
        time -= overlap(h.age[j], until, in->age, end_age);
    }
    return time;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The multiplier of a group at an exact age: by the last fracture up to then. */
static double multiplier(const struct history *h, double age, double first, double later)
{
    double m = 1;
    for (int j = 0; j < h->n; j++)
        if (h->age[j] <= age)
            m = age - h->age[j] < 1 ? first : later;
    return m;
}

struct life_so_far {
    struct history fractures[N_GROUPS], injuries;
};

static double utility_at(const struct snw_oracle_year_in *in, const struct life_so_far *past,
                         double age)
{
    const struct snw_params *p = in->params;
    double m[] = {multiplier(&past->fractures[HIP], age, p->utility_hip_first_year[0],
                             p->utility_hip_later[0]),
                  multiplier(&past->fractures[VERTEBRAL], age, p->utility_vertebral_first_year[0],
                             p->utility_vertebral_later[0]),
                  multiplier(&past->fractures[NHNV], age, p->utility_nhnv_first_year[0],
                             p->utility_nhnv_later[0]),
                  in->state->resident ? p->utility_nursing_home[0] : 1};
    qsort(m, 4, sizeof m[0], by_size);
    double frail = in->state->frailty == SNW_ORACLE_FRAIL ? p->utility_frail[0] : 0;
    double sarcopenic = in->measures->sarcopenia_ewgsop2 >= 2 ? p->utility_sarcopenic[0] : 0;
    double raw = snw_oracle_utility_norm(p, in->person->sex, in->age) * m[0] * m[1] +
                 fmin(frail, sarcopenic);
    bool hurt = false;
    for (int j = 0; j < past->injuries.n; j++)
        hurt |= past->injuries.age[j] <= age &&
                age < past->injuries.age[j] + p->utility_injury_duration[0];
    if (hurt)
        raw += p->utility_injury[0];
    return fmin(fmax(in->at->utility_factor * raw, -0.1), 1);
}

/* Utility changes only where a fracture happens or is a year old, and where an injury begins or
   ends. */
static double quality(const struct snw_oracle_year_in *in, const struct snw_oracle_events *events,
                      double end_age)
{
    static struct life_so_far past;
    static double at[5 * SNW_ORACLE_MAX_YEAR];
    int n = 0;
    double qaly = 0;
    at[n++] = in->age;
    at[n++] = end_age;
    for (int g = 0; g < N_GROUPS; g++) {
        past.fractures[g] = fractures_of(in, events, (enum group)g);
        for (int j = 0; j < past.fractures[g].n; j++) {
            at[n++] = past.fractures[g].age[j];
            at[n++] = past.fractures[g].age[j] + 1;
        }
    }
    past.injuries = injuries_of(in, events);
    for (int j = 0; j < past.injuries.n; j++) {
        at[n++] = past.injuries.age[j];
        at[n++] = past.injuries.age[j] + in->params->utility_injury_duration[0];
    }
    qsort(at, (size_t)n, sizeof at[0], by_size);
    for (int i = 0; i + 1 < n; i++) {
        double time = overlap(at[i], at[i + 1], in->age, end_age);
        if (time > 0)
            qaly += time * utility_at(in, &past, (at[i] + at[i + 1]) / 2);
    }
    return qaly;
}

struct snw_oracle_bill snw_oracle_make_out(const struct snw_oracle_year_in *in,
                                           const struct snw_oracle_events *events, double end_age)
{
    const struct snw_params *p = in->params;
    const struct snw_oracle_prices *prices = &in->reference->prices;
    double lived = end_age - in->age;
    bool women = in->person->sex == SNW_FEMALE;
    struct snw_oracle_bill bill = {.hip = fracture_cost(in, events, HIP, end_age),
                                   .vertebral = fracture_cost(in, events, VERTEBRAL, end_age),
                                   .nhnv = fracture_cost(in, events, NHNV, end_age),
                                   .background_event = lived * in->at->background_event,
                                   .background_frailty = lived * in->at->background_frailty,
                                   .qaly = quality(in, events, end_age)};
    for (int i = 0; i < events->n_falls; i++)
        if (events->fall[i].injury && events->fall[i].age <= end_age)
            bill.injury += snw_oracle_money(prices, p->economics_injury[0], 2015);
    if (in->state->resident)
        bill.nursing_home = home_time(in, events, end_age) *
                            snw_oracle_money(prices, p->economics_nursing_home[0], 2021);
    if (in->state->frailty == SNW_ORACLE_FRAIL)
        bill.frailty =
            lived *
            snw_oracle_money(prices,
                             women ? p->economics_frail_women[0] : p->economics_frail_men[0], 2020);
    if (in->measures->disabled)
        bill.disability =
            lived * snw_oracle_money(prices, p->economics_disabled[in->person->sex], 2000);
    return bill;
}
