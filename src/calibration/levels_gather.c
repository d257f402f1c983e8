/* Which values of whom each operator of levels gathers. */
#include <math.h>

#include "calibration/levels.h"
#include "core/vmath.h"

enum { HORIZON = SNW_AGE_LAST + 1 };

unsigned snw_level_slots(const struct snw_target *t, int age)
{
    if (t->op == SNW_OP_rate)
        return 1u | 2u;
    if (t->op == SNW_OP_life_expectancy)
        return age == t->age_from;
    if (t->op != SNW_OP_change && t->op != SNW_OP_percent_change && t->op != SNW_OP_loss_share)
        return 1u;
    bool at = t->op == SNW_OP_loss_share && age == (int)t->argument[SNW_A_at];
    return (age == t->age_from ? 1u : 0u) | (age == t->age_to ? 2u : 0u) | (at ? 4u : 0u);
}

/* What a row looks at in a person at a birthday; NaN where it is not known. */
static double look(const struct snw_evaluation *e, const struct snw_quantity *q, size_t i, int age)
{
    if (e->t->op == SNW_OP_share) {
        int holds = snw_conditions_hold(e->panel, &e->t->is, e->scores, i, age);
        return holds < 0 ? (double)NAN : holds;
    }
    return snw_quantity_at(e->panel, q, e->scores, i, age);
}

/* A value at each age of the row. */
static void at_ages(struct snw_levels *l, size_t i, int age)
{
    const struct snw_evaluation *e = l->e;
    const struct snw_target *t = e->t;
    unsigned slots = snw_level_slots(t, age);
    double x = slots ? look(e, &t->measure, i, age) : (double)NAN, y = x;
    if (t->op == SNW_OP_rate)
        y = t->with.n ? snw_quantity_at(e->panel, &t->with, e->scores, i, age)
                      : snw_panel_value(e->panel, SNW_M_person_years, i, age);
    if (isnan(x) || isnan(y))
        return;
    unsigned groups = snw_groups_of(e, i, age);
    for (int slot = 0; slot < SNW_SLOTS; slot++)
        if (slots >> slot & 1)
            snw_level_add(l, i, groups, slot, slot == 1 ? y : x, snw_weight(e, i, age));
}

/* The same person so many years apart. */
static void over_years(struct snw_levels *l, size_t i, int age)
{
    const struct snw_evaluation *e = l->e;
    const struct snw_target *t = e->t;
    int years = (int)t->argument[SNW_A_years];
    if (age + years > e->panel->to[i])
        return;
    unsigned groups = snw_groups_of(e, i, age);
    double w = snw_weight(e, i, age);
    for (int slot = 0; slot < (t->op == SNW_OP_slope && t->with.n ? 2 : 1); slot++) {
        const struct snw_quantity *q = slot ? &t->with : &t->measure;
        double x = look(e, q, i, age), y = look(e, q, i, age + years);
        if (isnan(x) || isnan(y))
            continue;
        if (t->op != SNW_OP_slope) {
            snw_level_add(l, i, groups, 0, x, w);
            snw_level_add(l, i, groups, 1, y, w);
        } else if (x > 0 && y > 0) {
            snw_level_add(l, i, groups, slot, 100 * snw_log_f64(y / x) / years, w);
        }
    }
}

/* The loss at menopause starts a year before the final menstrual period, slows two years after and
   ends ten years after it (model: menopause). Between birthdays on both sides of such a bend a
   straight line would hide some of it; the value at the bend is carried on from the two birthdays
   outside the window. Elsewhere the line between the birthdays is exact up to the slow curves of
   age. */
static bool bends(double from_fmp)
{
    return from_fmp == -1 || from_fmp == 2 || from_fmp == 10;
}

/* Value at an exact age. @param[in] side  -1: the window begins here; +1: it ends. */
static double at_exact_age(const struct snw_evaluation *e, size_t i, double age_yr, double from_fmp,
                           int side)
{
    int below = (int)age_yr, first = below; /* ages are positive */
    if (bends(from_fmp))
        first = side < 0 ? below - 1 : below + 1;
    if (first < e->panel->from[i] || first + 1 > e->panel->to[i])
        return (double)NAN;
    double x = look(e, &e->t->measure, i, first), y = look(e, &e->t->measure, i, first + 1);
    if (e->t->argument[SNW_A_as] == 0) {
        x = x > 0 ? snw_log_f64(x) : (double)NAN;
        y = y > 0 ? snw_log_f64(y) : (double)NAN;
    }
    return x + (age_yr - first) * (y - x);
}

static void around_fmp(struct snw_levels *l, size_t i)
{
    const struct snw_evaluation *e = l->e;
    const struct snw_target *t = e->t;
    double fmp = e->panel->fmp_age_yr[i];
    double from = t->argument[SNW_A_from_fmp], to = t->argument[SNW_A_to_fmp];
    if (!(fmp >= t->age_from && fmp < t->age_to + 1) || (int)fmp > e->panel->to[i] ||
        !snw_selected(e, i, (int)fmp))
        return;
    double x = at_exact_age(e, i, fmp + from, from, -1), y = at_exact_age(e, i, fmp + to, to, 1);
    if (!isnan(x) && !isnan(y))
        snw_level_add(l, i, snw_groups_of(e, i, (int)fmp), 0, y - x, snw_weight(e, i, (int)fmp));
}

static void years_left(struct snw_levels *l, size_t i)
{
    const struct snw_evaluation *e = l->e;
    int age = e->t->age_from;
    double end = e->panel->death_age_yr[i];
    if (age < e->panel->from[i] || age > e->panel->to[i] || !snw_selected(e, i, age))
        return;
    snw_level_add(l, i, snw_groups_of(e, i, age), 0, (isnan(end) ? HORIZON : end) - age,
                  snw_weight(e, i, age));
}

/* Hazard of death of people of that sex, integrated between two exact ages. */
static double expected(const struct snw_evaluation *e, int sex, double from, double to)
{
    double sum = 0;
    for (int age = (int)from; age < to && age <= SNW_AGE_LAST; age++) {
        double begin = from > age ? from : age, end = to < age + 1 ? to : age + 1;
        sum += e->hazard_per_yr[sex][age - SNW_AGE_FIRST] * (end - begin);
    }
    return sum;
}

/* Deaths after the first fracture at the site. */
static void after_fracture(struct snw_levels *l, size_t i)
{
    const struct snw_evaluation *e = l->e;
    const struct snw_panel *p = e->panel;
    const struct snw_target *t = e->t;
    size_t k = p->event_first[i], end = p->event_first[i + 1];
    while (k < end && (p->event[k].kind != SNW_EVENT_FRACTURE ||
                       p->event[k].site != (uint8_t)t->argument[SNW_A_site]))
        k++;
    if (k == end)
        return;
    double at = p->event[k].age_yr,
           dies = isnan(p->death_age_yr[i]) ? HORIZON + 1 : p->death_age_yr[i];
    int age = (int)at;
    if (age < t->age_from || age > t->age_to || !snw_selected(e, i, age))
        return;
    double from = at + t->argument[SNW_A_after_from], to = at + t->argument[SNW_A_after_to];
    unsigned groups = snw_groups_of(e, i, age);
    double w = snw_weight(e, i, age);
    if (t->op == SNW_OP_excess_deaths) {
        double p_dead = 1 - snw_exp_f64(-expected(e, p->sex[i], at, to));
        if (to <= HORIZON)
            snw_level_add(l, i, groups, 0, 100 * ((dies <= to ? 1 : 0) - p_dead), w);
        return;
    }
    double seen_to = to < HORIZON ? to : HORIZON;
    seen_to = seen_to < dies ? seen_to : dies;
    if (seen_to <= from)
        return;
    snw_level_add(l, i, groups, 0, dies <= to && dies < HORIZON ? 1 : 0, w);
    snw_level_add(l, i, groups, 1, expected(e, p->sex[i], from, seen_to), w);
}

void snw_levels_gather(struct snw_levels *l)
{
    const struct snw_evaluation *e = l->e;
    const struct snw_target *t = e->t;
    bool paired = t->op == SNW_OP_slope || snw_given(t, SNW_A_years);
    for (size_t i = 0; i < e->panel->n && e->status == SNW_OK; i++) {
        if (t->op == SNW_OP_around_fmp)
            around_fmp(l, i);
        else if (t->op == SNW_OP_life_expectancy)
            years_left(l, i);
        else if (t->op == SNW_OP_deaths_ratio || t->op == SNW_OP_excess_deaths)
            after_fracture(l, i);
        else {
            int from = e->panel->from[i] > t->age_from ? e->panel->from[i] : t->age_from;
            int to = e->panel->to[i] < t->age_to ? e->panel->to[i] : t->age_to;
            for (int age = from; age <= to; age++)
                if ((paired || snw_level_slots(t, age)) && snw_selected(e, i, age))
                    (paired ? over_years : at_ages)(l, i, age);
        }
    }
}
