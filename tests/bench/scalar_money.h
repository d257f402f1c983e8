/* Cost and quality of life of a year of the scalar life, by the event ledger; equations:
   economics.md. Part of scalar_life.c. */
#ifndef SNW_TESTS_BENCH_SCALAR_MONEY_H
#define SNW_TESTS_BENCH_SCALAR_MONEY_H

#include "bench/scalar_person.h"

/* Where something changes within a year. */
struct cut {
    double time;
    int what; /* the group of a fracture, INJURED, or PASSED: an anniversary, or the end of an
                 injury */
};

enum { INJURED = SNW_N_GROUPS, PASSED, CUTS_MAX = 2 * EVENTS_MAX + SNW_N_GROUPS + 1 };

static int group_of(int site)
{
    return site < SNW_GROUP_NHNV ? site
                                 : SNW_GROUP_NHNV; /* the sites begin with hip and vertebral */
}

static int cut_at(struct cut *cut, int n, double time, int what)
{
    if (time <= 0 || time >= 1)
        return n;
    int k = n;
    for (; k > 0 && cut[k - 1].time > time; k--)
        cut[k] = cut[k - 1];
    cut[k] = (struct cut){time, what};
    return n + 1;
}

/* Cost of fractures a year old or more: a mixture of two years' shares of the first year's cost. */
static double fracture_tails(const struct person *p, const struct snw_scalar_economy *e, double age)
{
    double cost = 0;
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        double since = age - p->fracture_age[g];
        if (since >= SNW_COST_YEARS)
            continue;
        int k = (int)since;
        cost += e->first_year[g][p->fracture_age[g] >= 65] *
                (e->share[g][k] + (since - k) * (e->share[g][k + 1] - e->share[g][k]));
    }
    return cost;
}

/* All changes of the year in order. @return how many. */
static int cut_year(const struct person *p, const struct snw_scalar_economy *e, double age,
                    const struct year *year, struct cut *cut)
{
    int n = cut_at(cut, 0, p->injury_age + e->injury_years - age, PASSED);
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        double since = age - p->fracture_age[g];
        if (since < SNW_COST_YEARS)
            n = cut_at(cut, n, (int)since + 1 - since, PASSED);
    }
    for (int j = 0; j < year->n; j++) {
        const struct event *event = &year->event[j];
        if (event->what == HARMLESS || event->time >= year->lived)
            continue;
        n = cut_at(cut, n, event->time, event->what == INJURY ? INJURED : group_of(event->what));
        if (event->what == INJURY)
            n = cut_at(cut, n, event->time + e->injury_years, PASSED);
    }
    return n;
}

/* Stretch by stretch up to death, for the few in whom something changes. */
static void account_stretches(const struct person *p, const struct snw_scalar_economy *e,
                              double age, const struct seen *s, struct year *year)
{
    struct cut cut[CUTS_MAX];
    double last[SNW_N_GROUPS], first_year[SNW_N_GROUPS], m[SNW_N_GROUPS];
    double hurt_until = p->injury_age + e->injury_years - age;
    double cost = year->lived * e->background + e->injury * COUNT_OF(year, fall_injuries),
           quality = 0;
    int n = cut_year(p, e, age, year, cut);
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        last[g] = p->fracture_age[g] - age;
        first_year[g] = e->first_year[g][p->fracture_age[g] >= 65];
    }
    double from = 0;
    for (int k = 0; k <= n && from < year->lived; k++) {
        double to = k < n ? fmin(cut[k].time, year->lived) : year->lived, t = 0.5 * (from + to);
        double rate = p->resident && t - last[SNW_GROUP_HIP] >= 1 ? e->nursing_home : 0;
        for (int g = 0; g < SNW_N_GROUPS; g++) {
            double since = t - last[g];
            rate += since < SNW_COST_YEARS ? first_year[g] * e->share[g][(int)since] : 0;
            m[g] = since > 500 ? 1 : e->multiplier[g][since >= 1];
        }
        cost += (to - from) * rate;
        quality += (to - from) * snw_scalar_utility(e, m, p->resident, p->frailty == 2,
                                                    s->sarcopenic, t < hurt_until);
        from = to;
        if (k < n && cut[k].what == INJURED)
            hurt_until = to + e->injury_years;
        if (k < n && cut[k].what < SNW_N_GROUPS) {
            last[cut[k].what] = to;
            first_year[cut[k].what] = e->first_year[cut[k].what][age >= 65];
        }
    }
    COUNT_OF(year, cost) = cost;
    COUNT_OF(year, qaly) = quality;
}

/* Accounts for a settled year, then moves the clocks. */
static void account(struct person *p, const struct snw_scalar_year *y, const struct seen *s,
                    struct year *year)
{
    const struct snw_scalar_economy *e = &y->e;
    double age = y->c.age;
    bool happens = year->last_fracture >= 0 || COUNT_OF(year, fall_injuries) > 0;
    if (happens || year->lived < 1 || p->last_fracture_age > age - 1 ||
        p->injury_age > age - e->injury_years) {
        account_stretches(p, e, age, s, year);
    } else {
        int state = (p->fracture_age[0] > 0) + 2 * (p->fracture_age[1] > 0) +
                    4 * (p->fracture_age[2] > 0) + 8 * p->resident + 16 * (p->frailty == 2) +
                    32 * s->sarcopenic;
        double tails = p->last_fracture_age > age - SNW_COST_YEARS ? fracture_tails(p, e, age) : 0;
        COUNT_OF(year, cost) = e->background + p->resident * e->nursing_home + tails;
        COUNT_OF(year, qaly) = e->steady[state];
    }
    for (int j = 0; j < year->n && happens; j++) {
        const struct event *event = &year->event[j];
        if (event->what == HARMLESS || event->time >= year->lived)
            continue;
        double *clock =
            event->what == INJURY ? &p->injury_age : &p->fracture_age[group_of(event->what)];
        *clock = fmax(*clock, age + event->time);
    }
    if (year->last_fracture >= 0)
        p->last_fracture_age = age + year->last_fracture;
}

#endif
