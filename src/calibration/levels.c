/* Averages, SDs and quantiles of gathered values, and what operators make of them. */
#include "calibration/levels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"

enum { NOBODY = -1 }; /* no group is left out */

void snw_level_add(struct snw_levels *l, size_t person, unsigned groups, int slot, double x,
                   double w)
{
    uint8_t group = l->e->panel->group[person];
    for (int part = 0; part < SNW_PARTS; part++) {
        int place = part * SNW_SLOTS + slot;
        if (!(groups >> part & 1))
            continue;
        struct snw_level_sums *s = &l->sum[group][place];
        s->n++;
        s->w += w;
        s->x += w * x;
        s->xx += w * x * x;
        if (!l->listed)
            continue;
        l->item = snw_room_need(l->e->room, (l->n_items + 1) * sizeof *l->item);
        if (!l->item) {
            l->e->status = snw_fail(l->e->ctx, SNW_ERR_MEMORY, "no memory for a quantile");
            l->listed = false;
            return;
        }
        l->item[l->n_items++] = (struct snw_level_item){x, w, (uint8_t)place, group};
    }
}

static struct snw_level_sums sums(const struct snw_levels *l, int place, int without)
{
    struct snw_level_sums all = {0, 0, 0, 0};
    for (int g = 0; g < SNW_PANEL_GROUPS; g++)
        if (g != without) {
            all.n += l->sum[g][place].n;
            all.w += l->sum[g][place].w;
            all.x += l->sum[g][place].x;
            all.xx += l->sum[g][place].xx;
        }
    return all;
}

static int by_place_and_value(const void *a, const void *b)
{
    const struct snw_level_item *x = a, *y = b;
    if (x->place != y->place)
        return x->place - y->place;
    if (x->x != y->x)
        return x->x < y->x ? -1 : 1;
    return x->group - y->group;
}

/* Where half of two values has the same weight below and above, their mean. */
static double quantile(const struct snw_levels *l, int place, int without, double p)
{
    double want = p * sums(l, place, without).w, below = 0;
    bool half = false;
    double first = (double)NAN;
    for (size_t i = 0; i < l->n_items; i++) {
        const struct snw_level_item *item = &l->item[i];
        if (item->place != place || item->group == without || !(item->w > 0))
            continue;
        if (half)
            return (first + item->x) / 2;
        below += item->w;
        if (below > want * (1 + 1e-12))
            return item->x;
        half = below >= want * (1 - 1e-12);
        first = item->x;
    }
    return half ? first : (double)NAN;
}

double snw_level_spread(struct snw_level_sums s)
{
    double mean = s.x / s.w, variance = s.xx / s.w - mean * mean;
    return snw_sqrt_f64((variance > 0 ? variance : 0) * s.n / (s.n - 1)); /* NaN of one value */
}

enum snw_statistic snw_level_statistic(const struct snw_target *t)
{
    return t->op == SNW_OP_median ? SNW_MEDIAN
           : t->op == SNW_OP_sd   ? SNW_SD
                                  : (enum snw_statistic)t->argument[SNW_A_statistic];
}

static double level(const struct snw_levels *l, int place, int without)
{
    struct snw_level_sums s = sums(l, place, without);
    switch (snw_level_statistic(l->e->t)) {
    case SNW_MEDIAN:
        return quantile(l, place, without, 0.5);
    case SNW_SD:
        return snw_level_spread(s);
    case SNW_IQR:
        return quantile(l, place, without, 0.75) - quantile(l, place, without, 0.25);
    default:
        return s.x / s.w; /* NaN without people */
    }
}

/* What an operator makes of its levels. */
static double made_of(const struct snw_target *t, const double *at)
{
    switch (t->op) {
    case SNW_OP_rate:
    case SNW_OP_deaths_ratio:
        return at[0] / at[1];
    case SNW_OP_slope:
        return t->with.n ? at[0] / at[1] : at[0];
    case SNW_OP_change:
        return at[1] - at[0];
    case SNW_OP_percent_change:
        return 100 * (at[1] / at[0] - 1);
    case SNW_OP_loss_share:
        return 100 * (at[0] - at[2]) / (at[0] - at[1]);
    case SNW_OP_around_fmp:
        return t->argument[SNW_A_as] > 0 ? at[0] : 100 * (snw_exp_f64(at[0]) - 1);
    default:
        return at[0];
    }
}

double snw_levels_compared(const struct snw_target *t, const double *at)
{
    double one = made_of(t, at);
    if (t->among.n == 0)
        return one;
    double other = made_of(t, at + SNW_SLOTS);
    switch ((enum snw_compare)t->argument[SNW_A_compare]) {
    case SNW_RATIO:
        return one / other;
    case SNW_PERCENT:
        return 100 * (one / other - 1);
    default:
        return one - other;
    }
}

static double value_without(const struct snw_levels *l, int without)
{
    double at[SNW_PLACES];
    int places = l->e->t->among.n ? SNW_PLACES : SNW_SLOTS;
    for (int k = 0; k < places; k++) {
        bool empty = l->listed && sums(l, k, NOBODY).n == 0; /* not a level of this operator */
        at[k] = empty ? (double)NAN : level(l, k, without);
    }
    return snw_levels_compared(l->e->t, at);
}

void snw_levels(struct snw_evaluation *e, struct snw_jackknife *j)
{
    enum snw_statistic statistic = snw_level_statistic(e->t);
    struct snw_levels l = {.e = e, .listed = statistic == SNW_MEDIAN || statistic == SNW_IQR};
    snw_levels_gather(&l);
    if (e->status != SNW_OK)
        return;
    if (l.listed && l.n_items)
        qsort(l.item, l.n_items, sizeof *l.item, by_place_and_value);
    j->all = value_without(&l, NOBODY);
    for (int g = 0; g < SNW_PANEL_GROUPS; g++) {
        for (int k = 0; k < SNW_PLACES; k++)
            j->met[g] |= l.sum[g][k].n > 0;
        if (j->met[g])
            j->without[g] = value_without(&l, g);
    }
}
