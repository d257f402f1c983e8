/* One person's year cut into stretches in which nothing changes, in double precision: for the few
   to whom something happens or has happened lately. Times are years since the birthday. */
#ifndef SNW_ECONOMICS_LANE_YEAR_H
#define SNW_ECONOMICS_LANE_YEAR_H

#include "economics/economics.h"

enum {
    SNW_LANE_EVENTS = SNW_FALLS_MAX + SNW_NON_FALL_MAX,
    SNW_LANE_CUTS = 2 * SNW_LANE_EVENTS + 16,
    SNW_LANE_INJURY = SNW_N_GROUPS /* what an event is, beside the groups of fractures */
};

struct snw_lane_year {
    double fracture[SNW_N_GROUPS]; /* time of the last before the birthday, -900 or less without */
    double injury;                 /* the same of injuries without fracture */
    int frail, resident, sarcopenic, disabled; /* at the birthday */
    unsigned n;
    double time[SNW_LANE_EVENTS];
    uint8_t what[SNW_LANE_EVENTS]; /* a group or SNW_LANE_INJURY */
};

/* What holds at an instant: costs per year but for injuries, which cost at once, and utility before
   the factor n. */
struct snw_lane_rates {
    double group[SNW_N_GROUPS], nursing_home, raw;
};

static inline int snw_group_of(int site)
{
    return site == SNW_HIP         ? SNW_GROUP_HIP
           : site == SNW_VERTEBRAL ? SNW_GROUP_VERTEBRAL
                                   : SNW_GROUP_NHNV;
}

/* Takes a lane's state; `frailty` is that of the opening birthday. No events yet. */
static inline void snw_lane_year_open(const struct snw_block *b, size_t lane,
                                      const snw_real *frailty, struct snw_lane_year *y)
{
    for (int g = 0; g < SNW_N_GROUPS; g++)
        y->fracture[g] = (double)b->fracture_age_yr[g][lane] - b->age;
    y->injury = (double)b->injury_age_yr[lane] - b->age;
    y->frail = frailty[lane] > SNW_R(1.5);
    y->resident = b->nursing_home[lane] > SNW_R(0.5);
    y->sarcopenic = b->sarcopenic[lane] > SNW_R(0.5);
    y->disabled = b->disabled[lane] > SNW_R(0.5);
    y->n = 0;
}

/* The year of a person whose fractures, if any, are past: bits 0 to 2 of the state are the groups
   that ever broke, 8 resident, 16 frail, 32 sarcopenic. */
static inline void snw_lane_year_steady(int state, struct snw_lane_year *y)
{
    for (int g = 0; g < SNW_N_GROUPS; g++)
        y->fracture[g] = state >> g & 1 ? -SNW_COST_YEARS - 1 : -1000;
    y->injury = -1000;
    y->resident = state >> 3 & 1;
    y->frail = state >> 4 & 1;
    y->sarcopenic = state >> 5 & 1;
    y->disabled = 0;
    y->n = 0;
}

/* Moves the clocks of a block on by the events of the year that is over. */
static inline void snw_clocks_move(struct snw_block *b, const struct snw_happening *event, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        snw_real *clock = event[k].kind == SNW_EVENT_FRACTURE
                              ? b->fracture_age_yr[snw_group_of(event[k].site)]
                              : b->injury_age_yr;
        snw_real at = SNW_R(b->age) + event[k].time_yr;
        if (clock[event[k].lane] < at)
            clock[event[k].lane] = at;
    }
}

static inline void snw_lane_year_add(struct snw_lane_year *y, const struct snw_happening *event)
{
    y->time[y->n] = (double)event->time_yr;
    y->what[y->n] =
        (uint8_t)(event->kind == SNW_EVENT_FRACTURE ? snw_group_of(event->site) : SNW_LANE_INJURY);
    y->n++;
}

/* Puts t, where inside the year, into the rising list of n times. @return the new length. */
static inline unsigned snw_cut(double *at, unsigned n, double t)
{
    if (!(t > 0 && t < 1))
        return n;
    unsigned k = n;
    for (; k > 0 && at[k - 1] > t; k--)
        at[k] = at[k - 1];
    at[k] = t;
    return n + 1;
}

/* Times at which something may change: events, anniversaries of fractures, ends of injuries; last
   the end of the year. @param[out] at (SNW_LANE_CUTS,) rising. @return how many. */
static inline unsigned snw_lane_year_cuts(const struct snw_lane_year *y, double injury_years,
                                          double *at)
{
    unsigned n = snw_cut(at, 0, y->injury + injury_years);
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        double since = -y->fracture[g];
        if (since < SNW_COST_YEARS)
            n = snw_cut(at, n, 1 - (since - (int)since));
    }
    for (unsigned j = 0; j < y->n; j++) {
        n = snw_cut(at, n, y->time[j]);
        if (y->what[j] == SNW_LANE_INJURY)
            n = snw_cut(at, n, y->time[j] + injury_years);
    }
    at[n] = 1;
    return n + 1;
}

/* Time of the latest event of a kind up to t, `before` where there is none this year. */
static inline double snw_lane_latest(const struct snw_lane_year *y, int what, double before,
                                     double t)
{
    double last = before;
    for (unsigned j = 0; j < y->n; j++)
        if (y->what[j] == what && y->time[j] <= t && y->time[j] > last)
            last = y->time[j];
    return last;
}

/* The product of the two smallest of four. */
static inline double snw_two_worst(const double m[4])
{
    double low = m[0] < m[1] ? m[0] : m[1], high = m[0] < m[1] ? m[1] : m[0];
    double low2 = m[2] < m[3] ? m[2] : m[3], high2 = m[2] < m[3] ? m[3] : m[2];
    double worst = low < low2 ? low : low2, other = low < low2 ? low2 : low;
    double rest = high < high2 ? high : high2;
    return worst * (other < rest ? other : rest);
}

/* Costs and utility at time t of the year. */
static inline struct snw_lane_rates snw_lane_year_at(const struct snw_lane_year *y,
                                                     const struct snw_economy_year *e, double t)
{
    struct snw_lane_rates r;
    double m[4], hip = 0;
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        double last = snw_lane_latest(y, g, y->fracture[g], t), since = t - last;
        int old = e->age + last >= 65;
        r.group[g] = since < SNW_COST_YEARS ? e->first_year[g][old] * e->share[g][(int)since] : 0;
        m[g] = since < 1 ? e->multiplier[g][0] : since < 500 ? e->multiplier[g][1] : 1;
        hip = g == SNW_GROUP_HIP ? since : hip;
    }
    m[3] = y->resident ? e->home_multiplier : 1;
    /* the first year of a hip fracture holds its facility care */
    r.nursing_home = y->resident && hip >= 1 ? e->nursing_home : 0;
    double frail = y->frail ? e->frail_change : 0, weak = y->sarcopenic ? e->sarcopenic_change : 0;
    double hurt = t - snw_lane_latest(y, SNW_LANE_INJURY, y->injury, t);
    r.raw = e->norm * snw_two_worst(m) + (frail < weak ? frail : weak) +
            (hurt < e->injury_years ? e->injury_change : 0);
    return r;
}

/* Utility as it counts: n raw within -.1 and 1. */
static inline double snw_utility(const struct snw_economy_year *e, double raw)
{
    double u = e->utility_factor * raw;
    u = u < SNW_QALY_LOW * 1e-6 ? SNW_QALY_LOW * 1e-6 : u;
    return u > 1 ? 1 : u;
}

/* Quality-adjusted time in millionths of a year, rounded. */
static inline int32_t snw_millionths(double qaly)
{
    return (int32_t)(qaly * 1e6 - SNW_QALY_LOW + 0.5) + SNW_QALY_LOW;
}

#endif
