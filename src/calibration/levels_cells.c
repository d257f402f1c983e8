/* Levels of the exact cells of a whole population, and an upper bound of their error. */
#include <math.h>

#include "calibration/levels.h"
#include "core/vmath.h"

double snw_levels_drawn(const struct snw_evaluation *e)
{
    const struct snw_target *t = e->t;
    const double *all = e->panel->cells.n[SNW_M_alive];
    double drawn = 0, n = 0;
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int age = t->age_from; age <= t->age_to; age++)
            if ((t->sex == SNW_BOTH_SEXES || t->sex == s) && snw_level_slots(t, age)) {
                drawn += e->panel->alive[s][age - SNW_AGE_FIRST];
                n += all[snw_cell_index(s, age)];
            }
    return drawn / n;
}

/* Whether the cells hold all that a target looks at. */
static bool cells_suffice(const struct snw_cells *c, const struct snw_target *t)
{
    const bool share = t->op == SNW_OP_share;
    const struct snw_quantity *q = share ? &t->is.all[0].of : &t->measure;
    bool op = share || t->op == SNW_OP_mean || t->op == SNW_OP_sd || t->op == SNW_OP_rate ||
              t->op == SNW_OP_change || t->op == SNW_OP_percent_change ||
              t->op == SNW_OP_loss_share || t->op == SNW_OP_life_expectancy;
    bool whole = !t->with.n && !t->selection.n && !snw_given(t, SNW_A_years) &&
                 snw_conditions_of_cell(&t->among) && snw_conditions_of_cell(&t->against);
    if (!op || !whole || q->when != SNW_NOW || q->z || q->ln ||
        snw_level_statistic(t) == SNW_MEDIAN || !c->n[SNW_M_alive])
        return false;
    if (t->op == SNW_OP_sd && (q->n != 1 || q->precision > 0))
        return false;
    if (share && (t->is.n != 1 || q->n != 1 || q->of[0] >= SNW_N_MEASURES || !c->share[q->of[0]]))
        return false;
    for (unsigned k = 0; k < q->n; k++)
        if (q->of[k] >= SNW_N_MEASURES || !c->mean[q->of[k]] || !c->sd[q->of[k]] || !c->n[q->of[k]])
            return false;
    bool years = t->op == SNW_OP_rate || t->op == SNW_OP_life_expectancy;
    return !years || c->person_years;
}

/* Mean and SD of what the target looks at, in one cell of n people. */
static void look(const struct snw_cells *c, const struct snw_target *t, size_t cell, double *mean,
                 double *sd)
{
    *mean = *sd = 0;
    if (t->op == SNW_OP_share) {
        const struct snw_condition *is = &t->is.all[0];
        for (int level = 0; level < SNW_LEVELS; level++)
            if (snw_compares(level, is->is, is->than))
                *mean += c->share[is->of.of[0]][cell * SNW_LEVELS + (size_t)level];
        *sd = snw_sqrt_f64(*mean * (1 - *mean));
        return;
    }
    for (unsigned k = 0; k < t->measure.n; k++) {
        *mean += c->mean[t->measure.of[k]][cell];
        *sd += c->sd[t->measure.of[k]][cell]; /* together at most */
    }
}

struct gathered {
    struct snw_level_sums sum[SNW_PLACES];
    double error[SNW_PLACES]; /* weighted standard errors of cells, summed */
};

/* Years lived from the first age on, and their squares: a year at x years from it is 2 x of them.
 */
static void add_years(const struct snw_evaluation *e, int sex, int age, struct gathered *g)
{
    const struct snw_cells *c = &e->panel->cells;
    size_t cell = snw_cell_index(sex, age);
    double years = c->person_years[cell],
           first = age == e->t->age_from ? c->n[SNW_M_alive][cell] : 0;
    for (int part = 0; part < SNW_PARTS; part++) {
        const struct snw_conditions *group = part ? &e->t->against : &e->t->among;
        bool in = snw_conditions_hold_in_cell(group, sex, e->t->age_from) == 1;
        if (part && e->t->against.n == 0)
            in = !snw_conditions_hold_in_cell(&e->t->among, sex, e->t->age_from);
        struct snw_level_sums *s = &g->sum[part * SNW_SLOTS];
        s->n += in ? first : 0;
        s->w += in ? first : 0;
        s->x += in ? years : 0;
        s->xx += in ? years * 2 * (age - e->t->age_from + 0.5) : 0;
    }
}

static void add(const struct snw_evaluation *e, int sex, int age, struct gathered *g)
{
    const struct snw_target *t = e->t;
    const struct snw_cells *c = &e->panel->cells;
    size_t cell = snw_cell_index(sex, age);
    int measure = t->op == SNW_OP_share ? t->is.all[0].of.of[0] : t->measure.of[0];
    double n = c->n[measure][cell], w = e->cell_weight[sex][age - SNW_AGE_FIRST], mean, sd;
    unsigned slots = snw_level_slots(t, age);
    if (!(n > 0) || !(w > 0))
        return;
    look(c, t, cell, &mean, &sd);
    for (int place = 0; place < SNW_PLACES; place++) {
        bool among = place < SNW_SLOTS;
        int slot = place % SNW_SLOTS;
        const struct snw_conditions *group = among ? &t->among : &t->against;
        bool in = snw_conditions_hold_in_cell(group, sex, age) == 1;
        if (!among && t->against.n == 0)
            in = t->among.n && !snw_conditions_hold_in_cell(&t->among, sex, age);
        if (!in || !(slots >> slot & 1))
            continue;
        bool years = t->op == SNW_OP_rate && slot == 1;
        double x = years ? c->person_years[cell] / n : mean, s = years || isnan(sd) ? 0 : sd;
        g->sum[place].n += n;
        g->sum[place].w += w * n;
        g->sum[place].x += w * n * x;
        g->sum[place].xx += w * ((n - 1) * s * s + n * x * x);
        g->error[place] += w * snw_sqrt_f64(n) * s;
    }
}

double snw_levels_of_cells(const struct snw_evaluation *e, double *error)
{
    const struct snw_target *t = e->t;
    struct gathered g = {0};
    double at[SNW_PLACES], squares = 0;
    *error = (double)NAN;
    if (!cells_suffice(&e->panel->cells, t))
        return (double)NAN;
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int age = t->age_from; age <= t->age_to; age++)
            if (t->sex == SNW_BOTH_SEXES || t->sex == s)
                (t->op == SNW_OP_life_expectancy ? add_years : add)(e, s, age, &g);
    for (int k = 0; k < SNW_PLACES; k++)
        at[k] = t->op == SNW_OP_sd ? snw_level_spread(g.sum[k]) : g.sum[k].x / g.sum[k].w;
    double value = snw_levels_compared(t, at);
    for (int k = 0; k < SNW_PLACES; k++) {
        double kept = at[k], step = g.error[k] / g.sum[k].w;
        if (t->op == SNW_OP_sd)
            step = kept / snw_sqrt_f64(2 * g.sum[k].n);
        if (t->op == SNW_OP_life_expectancy)
            step = snw_level_spread(g.sum[k]) / snw_sqrt_f64(g.sum[k].n);
        if (!(step > 0))
            continue;
        at[k] = kept + step;
        double moved = snw_levels_compared(t, at) - value;
        at[k] = kept;
        squares += isnan(moved) ? 0 : moved * moved;
    }
    *error = snw_sqrt_f64(squares);
    return value;
}
