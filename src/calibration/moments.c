/* Correlations, from weighted sums of products. */
#include <math.h>

#include "calibration/evaluation.h"
#include "core/vmath.h"

/* Two to five variables; their sums are held in one row: weight, sums, products. */
enum { VARIABLES = 6, SUMS = 1 + VARIABLES + VARIABLES * (VARIABLES + 1) / 2, MIDDLE_AGE = 60 };

struct moments {
    struct snw_evaluation *e;
    int n_variables;
    bool begun;
    double shift[VARIABLES]; /* the first values met: products of what is left lose no digits */
    double sum[SNW_PANEL_GROUPS][SUMS];
};

static void add(struct moments *m, size_t person, const double *x, double w)
{
    const int n = m->n_variables;
    double *s = m->sum[m->e->panel->group[person]], d[VARIABLES];
    int at = 1 + n;
    for (int a = 0; a < n; a++)
        if (isnan(x[a]))
            return;
    for (int a = 0; a < n; a++) {
        m->shift[a] = m->begun ? m->shift[a] : x[a];
        d[a] = x[a] - m->shift[a];
    }
    m->begun = true;
    s[0] += w;
    for (int a = 0; a < n; a++) {
        s[1 + a] += w * d[a];
        for (int b = a; b < n; b++)
            s[at++] += w * d[a] * d[b];
    }
}

/* Covariances without one group, (VARIABLES, VARIABLES). */
static void covariances(const struct moments *m, int without, double c[VARIABLES][VARIABLES])
{
    const int n = m->n_variables;
    double s[SUMS] = {0};
    int at = 1 + n;
    for (int g = 0; g < SNW_PANEL_GROUPS; g++)
        for (int k = 0; k < SUMS && g != without; k++)
            s[k] += m->sum[g][k];
    for (int a = 0; a < n; a++)
        for (int b = a; b < n; b++)
            c[a][b] = c[b][a] = s[at++] / s[0] - s[1 + a] / s[0] * (s[1 + b] / s[0]);
}

static double r_of(double xy, double xx, double yy)
{
    return xy / snw_sqrt_f64(xx * yy);
}

/* Takes variables 2.. out of the first two, one after the other. */
static double partial(double c[VARIABLES][VARIABLES], int n)
{
    for (int k = n - 1; k >= 2; k--)
        for (int a = 0; a < k; a++)
            for (int b = 0; b < k; b++)
                c[a][b] -= c[a][k] * c[k][b] / c[k][k];
    return r_of(c[0][1], c[0][0], c[1][1]);
}

/* Of earlier and later x, earlier and later y. Conditional: what a later value has beyond its line
   on the earlier one. */
static double of_changes(double c[VARIABLES][VARIABLES], bool conditional)
{
    double bx = conditional ? c[0][1] / c[0][0] : 1, by = conditional ? c[2][3] / c[2][2] : 1;
    double xx = c[1][1] - 2 * bx * c[0][1] + bx * bx * c[0][0];
    double yy = c[3][3] - 2 * by * c[2][3] + by * by * c[2][2];
    double xy = c[1][3] - bx * c[0][3] - by * c[1][2] + bx * by * c[0][2];
    return r_of(xy, xx, yy);
}

static double value_without(const struct moments *m, int without)
{
    const struct snw_target *t = m->e->t;
    double c[VARIABLES][VARIABLES];
    covariances(m, without, c);
    if (t->op == SNW_OP_change_correlation)
        return of_changes(c, t->argument[SNW_A_conditional] > 0);
    double r = partial(c, m->n_variables);
    return t->argument[SNW_A_statistic] == SNW_R2_OF ? r * r : r;
}

/* The variables of a person at an age. */
static void look(const struct snw_evaluation *e, size_t i, int age, double *x)
{
    const struct snw_target *t = e->t;
    const struct snw_panel *p = e->panel;
    const int later = age + (int)t->argument[SNW_A_years];
    const unsigned adjust = (unsigned)t->argument[SNW_A_adjust];
    *x++ = snw_quantity_at(p, &t->measure, e->scores, i, age);
    if (t->op == SNW_OP_tracking || t->op == SNW_OP_change_correlation)
        *x++ = snw_quantity_at(p, &t->measure, e->scores, i, later);
    if (t->op != SNW_OP_tracking)
        *x++ = snw_quantity_at(p, &t->with, e->scores, i, age);
    if (t->op == SNW_OP_change_correlation)
        *x = snw_quantity_at(p, &t->with, e->scores, i, later);
    if (adjust & SNW_ADJUST_AGE)
        *x++ = age - MIDDLE_AGE;
    if (adjust & SNW_ADJUST_AGE2)
        *x++ = (age - MIDDLE_AGE) * (age - MIDDLE_AGE);
    if (adjust & SNW_ADJUST_ACTIVITY)
        *x = snw_panel_value(p, SNW_M_activity_z, i, age);
}

static int variables_of(const struct snw_target *t)
{
    const unsigned adjust = (unsigned)t->argument[SNW_A_adjust];
    return t->op == SNW_OP_change_correlation
               ? 4
               : 2 + !!(adjust & SNW_ADJUST_AGE) + !!(adjust & SNW_ADJUST_AGE2) +
                     !!(adjust & SNW_ADJUST_ACTIVITY);
}

void snw_moments(struct snw_evaluation *e, struct snw_jackknife *j)
{
    const struct snw_target *t = e->t;
    const struct snw_panel *p = e->panel;
    struct moments m = {.e = e, .n_variables = variables_of(t)};
    int years = (int)t->argument[SNW_A_years];
    for (size_t i = 0; i < p->n; i++)
        for (int age = t->age_from; age <= t->age_to && age + years <= p->to[i]; age++) {
            double x[VARIABLES];
            if (age < p->from[i] || !snw_selected(e, i, age))
                continue;
            look(e, i, age, x);
            for (int k = 0; k < 4 && t->op == SNW_OP_change_correlation; k++)
                x[k] = x[k] > 0 ? snw_log_f64(x[k]) : (double)NAN;
            add(&m, i, x, snw_weight(e, i, age));
        }
    j->all = value_without(&m, -1);
    for (int g = 0; g < SNW_PANEL_GROUPS; g++) {
        j->met[g] = m.sum[g][0] > 0;
        j->without[g] = j->met[g] ? value_without(&m, g) : 0;
    }
}
