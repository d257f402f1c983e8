/* Odds, rate and hazard ratios within strata. */
#include <math.h>

#include "calibration/evaluation.h"
#include "core/vmath.h"

enum { STRATA = SNW_N_SEXES * SNW_N_AGES, STEPS = 50 };

/* Some time of one person under one exposure, weighted. */
struct spell {
    double x, time, events;
    uint16_t stratum;
    uint8_t group;
};

struct ratios {
    struct snw_evaluation *e;
    struct spell *spell; /* in the room of the evaluation */
    size_t n;
};

static uint16_t stratum(const struct snw_target *t, int sex, int age)
{
    int a = age - SNW_AGE_FIRST;
    switch ((enum snw_strata)t->argument[SNW_A_strata]) {
    case SNW_BY_AGE_SEX:
        return (uint16_t)(sex * SNW_N_AGES + a);
    case SNW_BY_AGE:
        return (uint16_t)a;
    case SNW_BY_SEX:
        return (uint16_t)sex;
    default:
        return 0;
    }
}

static void add(struct ratios *r, struct spell s)
{
    if (r->e->status != SNW_OK)
        return;
    r->spell = snw_room_need(r->e->room, (r->n + 1) * sizeof *r->spell);
    if (!r->spell)
        r->e->status = snw_fail(r->e->ctx, SNW_ERR_MEMORY, "no memory for a ratio");
    else
        r->spell[r->n++] = s;
}

/* One spell for each group that the person is in at the birthday, or one with the exposure. */
static void add_exposed(struct ratios *r, size_t i, int birthday, struct spell s)
{
    struct snw_evaluation *e = r->e;
    if (e->t->with.n) {
        s.x = snw_quantity_at(e->panel, &e->t->with, e->scores, i, birthday);
        if (!isnan(s.x))
            add(r, s);
        return;
    }
    unsigned groups = snw_groups_of(e, i, birthday);
    for (int part = 0; part < 2; part++)
        if (groups >> part & 1) {
            s.x = part == 0;
            add(r, s);
        }
}

/* Follows a person from a birthday to the first event, or through one year with all events. */
static void follow(struct ratios *r, size_t i, int birthday)
{
    struct snw_evaluation *e = r->e;
    const struct snw_panel *p = e->panel;
    const struct snw_target *t = e->t;
    bool first = t->op == SNW_OP_hazard_ratio;
    int years = first ? (int)t->argument[SNW_A_years] : 1;
    double w = snw_weight(e, i, birthday);
    for (int age = birthday; age < birthday + years && age <= p->to[i]; age++) {
        double events = snw_quantity_at(p, &t->measure, e->scores, i, age);
        double time = snw_panel_value(p, SNW_M_person_years, i, age);
        if (isnan(events) || isnan(time))
            return;
        events = first && events > 1 ? 1 : events;
        add_exposed(r, i, birthday,
                    (struct spell){.time = w * time,
                                   .events = w * events,
                                   .stratum = stratum(t, p->sex[i], age),
                                   .group = p->group[i]});
        if (first && events > 0)
            return;
    }
}

/* Without a group: events and time by stratum and exposure 0 or 1. */
struct table {
    double events[STRATA][2], time[STRATA][2];
};

/* Mantel-Haenszel: sum of a d / n over sum of b c / n. */
static double odds_ratio(const struct ratios *r, int without)
{
    struct table t = {0};
    double top = 0, bottom = 0;
    for (size_t k = 0; k < r->n; k++) {
        const struct spell *s = &r->spell[k];
        if (s->group == without)
            continue;
        t.events[s->stratum][s->x > 0] += s->events;
        t.time[s->stratum][s->x > 0] += s->time;
    }
    for (int s = 0; s < STRATA; s++) {
        double n = t.time[s][0] + t.time[s][1];
        if (!(n > 0))
            continue;
        top += t.events[s][1] * (t.time[s][0] - t.events[s][0]) / n;
        bottom += t.events[s][0] * (t.time[s][1] - t.events[s][1]) / n;
    }
    return top / bottom;
}

/* Sums over a stratum at a given log ratio b: time exp(b x) and its first two moments in x. */
struct risk {
    double s0, s1, s2, events, events_x;
};

/* Slope and curvature of the log likelihood with the baseline of each stratum taken out (Poisson
   given the events of the stratum). */
static void slope(const struct risk *all, const struct risk *less, double *u, double *v)
{
    *u = *v = 0;
    for (int s = 0; s < STRATA; s++) {
        double s0 = all[s].s0 - less[s].s0, events = all[s].events - less[s].events;
        if (!(events > 0) || !(s0 > 0))
            continue;
        double mean = (all[s].s1 - less[s].s1) / s0;
        *u += all[s].events_x - less[s].events_x - events * mean;
        *v += events * ((all[s].s2 - less[s].s2) / s0 - mean * mean);
    }
}

static void sums_at(const struct ratios *r, double b, struct risk by_group[][STRATA])
{
    for (int g = 0; g < SNW_PANEL_GROUPS; g++)
        for (int s = 0; s < STRATA; s++)
            by_group[g][s] = (struct risk){0, 0, 0, 0, 0};
    for (size_t k = 0; k < r->n; k++) {
        const struct spell *s = &r->spell[k];
        struct risk *to = &by_group[s->group][s->stratum];
        double at_risk = s->time * snw_exp_f64(b * s->x);
        to->s0 += at_risk;
        to->s1 += at_risk * s->x;
        to->s2 += at_risk * s->x * s->x;
        to->events += s->events;
        to->events_x += s->events * s->x;
    }
}

static void total(struct risk by_group[][STRATA], struct risk *all)
{
    for (int s = 0; s < STRATA; s++) {
        all[s] = (struct risk){0, 0, 0, 0, 0};
        for (int g = 0; g < SNW_PANEL_GROUPS; g++) {
            all[s].s0 += by_group[g][s].s0;
            all[s].s1 += by_group[g][s].s1;
            all[s].s2 += by_group[g][s].s2;
            all[s].events += by_group[g][s].events;
            all[s].events_x += by_group[g][s].events_x;
        }
    }
}

/* The log ratio by Newton's method, at most 1 a step; without a group by one step from there, which
   differs from the whole way by terms of the order of 1/groups^2. */
static void log_ratio(struct ratios *r, struct snw_jackknife *j)
{
    static const struct risk nobody[STRATA];
    const double per = r->e->t->argument[SNW_A_per];
    struct risk all[STRATA];
    double b = 0, u = 0, v = 0, step = 1;
    size_t spells = (r->n * sizeof *r->spell + 63) / 64 * 64;
    char *bytes =
        snw_room_need(r->e->room, spells + SNW_PANEL_GROUPS * sizeof(struct risk[STRATA]));
    if (!bytes) {
        r->e->status = snw_fail(r->e->ctx, SNW_ERR_MEMORY, "no memory for a ratio");
        return;
    }
    r->spell = (void *)bytes;
    struct risk(*by_group)[STRATA] = (void *)(bytes + spells);
    for (int k = 0; k < STEPS && fabs(step) > 1e-10; k++) {
        sums_at(r, b, by_group);
        total(by_group, all);
        slope(all, nobody, &u, &v);
        step = v > 0 ? u / v : (double)NAN;
        step = step > 1 ? 1 : step < -1 ? -1 : step;
        b += step;
    }
    j->all = fabs(step) <= 1e-10 ? snw_exp_f64(b * per) : (double)NAN;
    for (int g = 0; g < SNW_PANEL_GROUPS; g++) {
        slope(all, by_group[g], &u, &v);
        j->without[g] = snw_exp_f64((b + u / v) * per);
    }
}

void snw_ratios(struct snw_evaluation *e, struct snw_jackknife *j)
{
    const struct snw_panel *p = e->panel;
    const struct snw_target *t = e->t;
    struct ratios r = {.e = e};
    for (size_t i = 0; i < p->n && e->status == SNW_OK; i++)
        for (int age = t->age_from; age <= t->age_to && age <= p->to[i]; age++) {
            if (age < p->from[i] || !snw_selected(e, i, age))
                continue;
            if (t->op != SNW_OP_odds_ratio) {
                follow(&r, i, age);
                continue;
            }
            int holds = snw_conditions_hold(p, &t->is, e->scores, i, age);
            double w = snw_weight(e, i, age);
            if (holds >= 0)
                add_exposed(&r, i, age,
                            (struct spell){.time = w,
                                           .events = w * holds,
                                           .stratum = stratum(t, p->sex[i], age),
                                           .group = p->group[i]});
        }
    for (size_t k = 0; k < r.n && e->status == SNW_OK; k++)
        j->met[r.spell[k].group] = true;
    if (e->status != SNW_OK || r.n == 0)
        return;
    if (t->op != SNW_OP_odds_ratio) {
        log_ratio(&r, j);
        return;
    }
    j->all = odds_ratio(&r, -1);
    for (int g = 0; g < SNW_PANEL_GROUPS; g++)
        j->without[g] = odds_ratio(&r, g);
}
