/* One person's year cut into stretches in which nothing changes, in double precision: for the few
   to whom something happens or has happened lately. Times are years since the birthday. */
#ifndef SNW_ECONOMICS_LANE_YEAR_H
#define SNW_ECONOMICS_LANE_YEAR_H

#include "economics/economics.h"

/* What happens at a cut. The first three are fractures of that group. */
enum snw_cut_kind {
    SNW_CUT_INJURY = SNW_N_GROUPS,
    SNW_CUT_HEALED,                                  /* the end of an injury */
    SNW_CUT_YEAR_OVER,                               /* + group: a fracture is a year older */
    SNW_CUT_OTHER = SNW_CUT_YEAR_OVER + SNW_N_GROUPS /* nothing that costs change by */
};

enum { SNW_LANE_CUTS = 2 * (SNW_FALLS_MAX + SNW_NON_FALL_MAX) + 16 };

/* What holds now, and the cuts still to come. */
struct snw_lane_year {
    double first_year[SNW_N_GROUPS]; /* cost of the first year after the last fracture */
    double rate[SNW_N_GROUPS];       /* cost a year now */
    double multiplier[SNW_N_GROUPS];
    int years[SNW_N_GROUPS]; /* whole years since the last fracture; -1 where it costs no more, or
                                was followed by another in this year */
    double home_rate, home_multiplier;
    double change, sore; /* of utility: by frailty or sarcopenia; now by an injury */
    double hurt_until;   /* of the last injury */
    int resident, frail, disabled;
    double fracture[SNW_N_GROUPS]; /* last before the birthday, -900 or less without */
    unsigned n;
    struct snw_lane_cut {
        double time; /* rising; 0 < time < 1 */
        int kind;
    } cut[SNW_LANE_CUTS];
};

static inline int snw_group_of(int site)
{
    return site == SNW_HIP         ? SNW_GROUP_HIP
           : site == SNW_VERTEBRAL ? SNW_GROUP_VERTEBRAL
                                   : SNW_GROUP_NHNV;
}

/* Puts a cut in its place; times outside the year are left out. */
static inline void snw_lane_cut(struct snw_lane_year *y, double time, int kind)
{
    if (!(time > 0 && time < 1))
        return;
    unsigned k = y->n++;
    for (; k > 0 && y->cut[k - 1].time > time; k--)
        y->cut[k] = y->cut[k - 1];
    y->cut[k] = (struct snw_lane_cut){time, kind};
}

/* Sets what lasts all year. */
static inline void snw_lane_states(struct snw_lane_year *y, const struct snw_economy_year *e,
                                   int resident, int frail, int sarcopenic)
{
    double by_frailty = frail ? e->frail_change : 0;
    double by_weakness = sarcopenic ? e->sarcopenic_change : 0;
    y->resident = resident;
    y->frail = frail;
    y->change = by_frailty < by_weakness ? by_frailty : by_weakness;
    y->home_multiplier = resident ? e->home_multiplier : 1;
    y->home_rate = resident ? e->nursing_home : 0;
    y->n = 0;
}

/* Takes a lane's state at the birthday; `frailty` is that of the opening birthday. */
static inline void snw_lane_year_open(const struct snw_block *b, size_t lane,
                                      const snw_real *frailty, const struct snw_economy_year *e,
                                      struct snw_lane_year *y)
{
    snw_lane_states(y, e, b->nursing_home[lane] > SNW_R(0.5), frailty[lane] > SNW_R(1.5),
                    b->sarcopenic[lane] > SNW_R(0.5));
    y->disabled = b->disabled[lane] > SNW_R(0.5);
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        double at = (double)b->fracture_age_yr[g][lane], since = e->age - at;
        int recent = since < SNW_COST_YEARS, k = recent ? (int)since : -1;
        y->fracture[g] = -since;
        y->years[g] = k;
        y->first_year[g] = e->first_year[g][at >= 65];
        y->rate[g] = recent ? y->first_year[g] * e->share[g][k] : 0;
        y->multiplier[g] = k == 0 ? e->multiplier[g][0] : since < 500 ? e->multiplier[g][1] : 1;
        if (recent)
            snw_lane_cut(y, k + 1 - since, SNW_CUT_YEAR_OVER + g);
    }
    if (y->years[SNW_GROUP_HIP] == 0)
        y->home_rate = 0; /* the first year of a hip fracture holds its facility care */
    y->hurt_until = (double)b->injury_age_yr[lane] - e->age + e->injury_years;
    y->sore = y->hurt_until > 0 ? e->injury_change : 0;
    snw_lane_cut(y, y->hurt_until, SNW_CUT_HEALED);
}

/* Adds something that happens in the year. */
static inline void snw_lane_year_add(const struct snw_happening *event,
                                     const struct snw_economy_year *e, struct snw_lane_year *y)
{
    double time = (double)event->time_yr;
    int fracture = event->kind == SNW_EVENT_FRACTURE;
    snw_lane_cut(y, time, fracture ? snw_group_of(event->site) : SNW_CUT_INJURY);
    if (!fracture)
        snw_lane_cut(y, time + e->injury_years, SNW_CUT_HEALED);
}

/* Goes beyond a cut. */
static inline void snw_lane_pass(struct snw_lane_year *y, const struct snw_economy_year *e,
                                 struct snw_lane_cut cut)
{
    if (cut.kind < SNW_N_GROUPS) {
        int g = cut.kind;
        y->rate[g] = y->first_year[g] = e->first_year[g][e->age >= 65];
        y->multiplier[g] = e->multiplier[g][0];
        y->years[g] = -1; /* its first anniversary is next year */
        y->home_rate = g == SNW_GROUP_HIP ? 0 : y->home_rate;
    } else if (cut.kind == SNW_CUT_INJURY) {
        y->sore = e->injury_change;
        y->hurt_until = cut.time + e->injury_years;
    } else if (cut.kind == SNW_CUT_HEALED) {
        y->sore = cut.time < y->hurt_until ? y->sore : 0;
    } else if (cut.kind < SNW_CUT_OTHER && y->years[cut.kind - SNW_CUT_YEAR_OVER] >= 0) {
        int g = cut.kind - SNW_CUT_YEAR_OVER, k = ++y->years[g];
        y->rate[g] = k < SNW_COST_YEARS ? y->first_year[g] * e->share[g][k] : 0;
        y->multiplier[g] = e->multiplier[g][1];
        if (g == SNW_GROUP_HIP && k == 1 && y->resident)
            y->home_rate = e->nursing_home;
    }
}

/* The year of a person whose fractures, if any, are past: bits 0 to 2 of the state are the groups
   that ever broke, 8 resident, 16 frail, 32 sarcopenic. */
static inline void snw_lane_year_steady(int state, const struct snw_economy_year *e,
                                        struct snw_lane_year *y)
{
    snw_lane_states(y, e, state >> 3 & 1, state >> 4 & 1, state >> 5 & 1);
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        y->rate[g] = 0;
        y->multiplier[g] = state >> g & 1 ? e->multiplier[g][1] : 1;
    }
    y->sore = 0;
}

/* The product of the two smallest of the four multipliers. */
static inline double snw_two_worst(const struct snw_lane_year *y)
{
    double a = y->multiplier[0], b = y->multiplier[1], c = y->multiplier[2];
    double d = y->home_multiplier;
    double low = a < b ? a : b, high = a < b ? b : a;
    double low2 = c < d ? c : d, high2 = c < d ? d : c;
    double worst = low < low2 ? low : low2, other = low < low2 ? low2 : low;
    double rest = high < high2 ? high : high2;
    return worst * (other < rest ? other : rest);
}

/* Utility now, before the factor n. */
static inline double snw_lane_raw(const struct snw_lane_year *y, const struct snw_economy_year *e)
{
    return e->norm * snw_two_worst(y) + y->change + y->sore;
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

#endif
