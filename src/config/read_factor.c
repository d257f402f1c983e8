/* Reads a factor of a sweep: what it moves, and through which values. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "config/read.h"

enum { KEY_MAX = 200 };

static const char parameters[] = "parameters.", interventions[] = "interventions.";

/* What reads a factor, whose key in messages is its name. */
struct reader {
    struct snw_ctx *ctx;
    const struct snw_node *node;
    const struct snw_settings *settings;
};

static const struct snw_mark *mark_of(const struct reader *r, const char *key)
{
    const struct snw_node *node = snw_node_find(r->node, key);
    return node ? &node->mark : &r->node->mark;
}

/* Fails at the factor's name. */
static snw_status unknown_name(const struct reader *r, const struct snw_factor *f, const char *what,
                               const struct snw_nearest *nearest)
{
    const char *best = snw_nearest_best(nearest);
    return snw_fail_at(r->ctx, *mark_of(r, "name"), "sweep.factors: there is no %s %.120s%s%s",
                       what, f->name, best ? "; the nearest is " : "", best ? best : "");
}

/* @return the length of the words that `text` begins with and `text` has to itself: to a dot, or to
   its end; 0 where it begins otherwise. */
static size_t begins(const char *text, const char *words)
{
    size_t n = strlen(words);
    return strncmp(text, words, n) == 0 && (text[n] == '.' || !text[n]) ? n : 0;
}

/* A label of an axis after a dot cuts the elements down to its own. */
static bool take_label(struct snw_factor *f, const struct snw_axis_info *axis, const char **rest,
                       struct snw_nearest *nearest)
{
    char full[KEY_MAX];
    if (axis->length == 1 || !**rest)
        return true;
    for (size_t i = 0; i < axis->length; i++) {
        size_t n = begins(*rest + 1, axis->labels[i]);
        if (n) {
            f->n /= axis->length;
            f->first += i * f->n;
            *rest += 1 + n;
            return true;
        }
        snprintf(full, sizeof full, "%.*s.%s", (int)(*rest - f->name), f->name, axis->labels[i]);
        snw_nearest_try(nearest, full);
    }
    return false;
}

static snw_status find_parameter(const struct reader *r, struct snw_factor *f)
{
    char key[KEY_MAX];
    const char *rest = NULL;
    struct snw_nearest nearest;
    snw_nearest_init(&nearest, f->name);
    for (int id = 0; id < SNW_PARAM_COUNT && !rest; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        snprintf(key, sizeof key, "%s%s.%s", parameters, info->section, info->name);
        snw_nearest_try(&nearest, key);
        if (!begins(f->name, key))
            continue;
        rest = f->name + strlen(key);
        f->id = (enum snw_param_id)id;
        f->first = info->offset;
        f->n = info->length;
        f->unit = info->unit;
        f->lowest = info->low;
        f->highest = info->high;
    }
    if (!rest)
        return unknown_name(r, f, "parameter", &nearest);
    const struct snw_param_info *info = &snw_param_table[f->id];
    snw_nearest_init(&nearest, f->name);
    bool known = take_label(f, &snw_axis_table[info->axis], &rest, &nearest) &&
                 take_label(f, &snw_axis_table[info->axis2], &rest, &nearest);
    return known && !*rest ? SNW_OK : unknown_name(r, f, "parameter", &nearest);
}

static void take_number(struct snw_factor *f, const struct snw_number_of *number, int channel)
{
    f->field = number;
    f->channel = channel;
    f->unit = number->unit;
    f->lowest = number->low;
    f->highest = number->high;
    if (channel >= 0 && number->is_figure) {
        f->lowest = snw_channel_table[channel].low;
        f->highest = snw_channel_table[channel].high;
    }
}

/* A number of one intervention. */
static bool find_number(struct snw_factor *f, const struct snw_intervention *t, size_t index,
                        struct snw_nearest *nearest)
{
    char key[KEY_MAX];
    for (int k = 0; k < SNW_NUMBERS; k++) {
        snprintf(key, sizeof key, "%s%s.%s", interventions, t->name, snw_number_table[k].name);
        snw_nearest_try(nearest, key);
        if (strcmp(key, f->name) == 0)
            take_number(f, &snw_number_table[k], -1);
    }
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        for (int k = 0; k < SNW_EFFECT_NUMBERS && t->effect[c].given; k++) {
            snprintf(key, sizeof key, "%s%s.effects.%s.%s", interventions, t->name,
                     snw_channel_table[c].name, snw_effect_number_table[k].name);
            snw_nearest_try(nearest, key);
            if (strcmp(key, f->name) == 0)
                take_number(f, &snw_effect_number_table[k], c);
        }
    f->intervention = index;
    return f->field != NULL;
}

/* Whether a scenario has an intervention, or one that it follows on. */
static bool is_used(const struct snw_settings *settings, size_t intervention)
{
    const struct snw_scenarios *scenarios = &settings->scenarios;
    const struct snw_intervention *list = settings->interventions.list;
    bool used = false;
    for (size_t s = 0; s < scenarios->n; s++)
        for (size_t k = 0; k < scenarios->list[s].n_interventions; k++)
            used = used || scenarios->list[s].intervention[k] == intervention;
    for (size_t i = 0; i < settings->interventions.n && !used; i++)
        used = list[i].next.name && i != intervention &&
               strcmp(list[i].next.name, list[intervention].name) == 0;
    return used;
}

static snw_status find_field(const struct reader *r, struct snw_factor *f)
{
    const struct snw_interventions *all = &r->settings->interventions;
    struct snw_nearest nearest;
    size_t i = 0;
    snw_nearest_init(&nearest, f->name);
    while (i < all->n && !find_number(f, &all->list[i], i, &nearest))
        i++;
    if (i == all->n)
        return unknown_name(r, f, "number of an intervention", &nearest);
    const struct snw_intervention *t = &all->list[i];
    if (!is_used(r->settings, i))
        return snw_fail_at(r->ctx, *mark_of(r, "name"),
                           "%s: no scenario has the intervention %s, so nothing would change",
                           f->name, t->name);
    bool cost = strstr(f->name, ".cost.") && !t->cost.price_year;
    if (cost || (strstr(f->name, ".monitoring.") && !t->monitoring.price_year))
        return snw_fail_at(r->ctx, *mark_of(r, "name"),
                           "%s: the intervention has no `%s`, hence no price year: give it one",
                           f->name, cost ? "cost" : "monitoring");
    if (t->persistence.n_knots && strstr(f->name, ".persistence."))
        return snw_fail_at(r->ctx, *mark_of(r, "name"),
                           "%s: the persistence of %s is given by knots, which it would not change",
                           f->name, t->name);
    bool goes = f->channel >= 0 && t->effect[f->channel].offset >= SNW_OFFSET_LINEAR;
    if (goes && strstr(f->name, ".offset_yr"))
        f->lowest = 0.01;
    return SNW_OK;
}

static snw_status read_number(const struct reader *r, const struct snw_node *node,
                              const struct snw_factor *f, double *value)
{
    if (f->relative)
        return snw_node_real(r->ctx, node, f->name, "1", 0, 1000, value);
    return snw_node_real(r->ctx, node, f->name, f->unit, f->lowest, f->highest, value);
}

static snw_status read_values(const struct reader *r, const struct snw_node *node,
                              struct snw_factor *f)
{
    snw_status status = SNW_OK;
    f->range = SNW_FACTOR_VALUES;
    if (node->kind != SNW_NODE_LIST || node->n_children == 0)
        return snw_wrong_kind(r->ctx, node, f->name, "a list of values");
    f->values = calloc(node->n_children, sizeof *f->values);
    if (!f->values)
        return snw_fail(r->ctx, SNW_ERR_MEMORY, "sweep: no memory for values");
    for (const struct snw_node *item = node->first; item; item = item->next)
        snw_keep(&status, read_number(r, item, f, &f->values[f->n_values++]));
    return status;
}

static snw_status read_ends(const struct reader *r, const struct snw_node *low,
                            const struct snw_node *high, struct snw_factor *f)
{
    f->range = SNW_FACTOR_BETWEEN;
    if (!low || !high)
        return snw_fail_at(r->ctx, r->node->mark,
                           "%s: says no range: give `low` and `high`, `values`, or `prior: true`",
                           f->name);
    snw_status status = read_number(r, low, f, &f->low);
    snw_keep(&status, read_number(r, high, f, &f->high));
    if (status == SNW_OK && f->low >= f->high)
        status = snw_fail_at(r->ctx, high->mark, "%s: high = %g is not above low = %g", f->name,
                             f->high, f->low);
    return status;
}

/* Whether every element or the field has a prior to take quantiles of. */
static snw_status check_prior(const struct reader *r, struct snw_factor *f)
{
    const char *why = NULL;
    f->range = SNW_FACTOR_PRIOR;
    for (size_t i = 0; i < f->n && !f->field; i++) {
        const struct snw_prior *prior =
            snw_param_prior(f->id, f->first + i - snw_param_table[f->id].offset);
        if (prior->kind == SNW_PRIOR_FIXED)
            why = prior->why;
    }
    if (f->field && !f->field->is_figure)
        why = "only uptake and the values of effects have an interval";
    if (!why)
        return SNW_OK;
    return snw_fail_at(r->ctx, *mark_of(r, "prior"),
                       "%s: has no prior (%s): give `low` and `high`, or `values`", f->name, why);
}

static snw_status read_switch(const struct reader *r, const char *key, bool *value)
{
    const struct snw_node *node = snw_node_find(r->node, key);
    char full[KEY_MAX];
    snprintf(full, sizeof full, "sweep.factors.%s", key);
    return node ? snw_node_switch(r->ctx, node, full, value) : SNW_OK;
}

static snw_status check_unit(const struct reader *r, const struct snw_factor *f)
{
    const struct snw_node *node = snw_node_find(r->node, "unit");
    const char *unit = f->relative ? "1" : f->unit;
    if (!node || (node->kind == SNW_NODE_SCALAR && strcmp(node->text, unit) == 0))
        return SNW_OK;
    return snw_fail_at(r->ctx, node->mark, "%s: unit = %.40s, but its values are in %s%s", f->name,
                       node->kind == SNW_NODE_SCALAR ? node->text : "?", unit,
                       f->relative ? " (ratios to the config's, it is relative)" : "");
}

/* Ratios must leave what they multiply within bounds; the ends tell for all between. */
static snw_status check_ratios(const struct reader *r, const struct snw_factor *f)
{
    const double *base = (const double *)(const void *)&r->settings->params;
    const struct snw_intervention *list = r->settings->interventions.list;
    size_t n = f->range == SNW_FACTOR_VALUES ? f->n_values : 2;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < (f->field ? 1 : f->n); i++) {
            double ratio = f->range == SNW_FACTOR_VALUES ? f->values[k] : k ? f->high : f->low;
            double x = ratio * (f->field ? snw_factor_declared(f, list) : base[f->first + i]);
            if (!(x >= f->lowest && x <= f->highest))
                return snw_fail_at(r->ctx, r->node->mark,
                                   "%s: %g times the config's value is %g, not within %g to %g %s",
                                   f->name, ratio, x, f->lowest, f->highest, f->unit);
        }
    return SNW_OK;
}

static snw_status read_range(const struct reader *r, struct snw_factor *f)
{
    const struct snw_node *values = snw_node_find(r->node, "values");
    const struct snw_node *low = snw_node_find(r->node, "low");
    const struct snw_node *high = snw_node_find(r->node, "high");
    bool prior = false;
    snw_status status = read_switch(r, "relative", &f->relative);
    snw_keep(&status, read_switch(r, "prior", &prior));
    if (status != SNW_OK)
        return status;
    if ((values != NULL) + (low || high) + prior > 1)
        return snw_fail_at(r->ctx, r->node->mark,
                           "%s: says its range twice: `low` and `high`, `values`, or `prior`",
                           f->name);
    if (prior && f->relative)
        return snw_fail_at(r->ctx, *mark_of(r, "relative"), "%s: a prior is not relative", f->name);
    status = prior    ? check_prior(r, f)
             : values ? read_values(r, values, f)
                      : read_ends(r, low, high, f);
    snw_keep(&status, check_unit(r, f));
    if (status == SNW_OK && f->relative)
        status = check_ratios(r, f);
    return status;
}

/* Two factors may not move one number: what would it be? */
static snw_status check_apart(const struct reader *r, const struct snw_sweep *sweep)
{
    const struct snw_factor *f = &sweep->factors[sweep->n_factors - 1];
    for (const struct snw_factor *g = sweep->factors; g < f; g++) {
        bool both = f->field
                        ? g->field == f->field && g->intervention == f->intervention &&
                              g->channel == f->channel
                        : !g->field && f->first < g->first + g->n && g->first < f->first + f->n;
        if (both)
            return snw_fail_at(r->ctx, *mark_of(r, "name"),
                               "sweep.factors: %s and %s overlap: both would move the same number",
                               g->name, f->name);
    }
    return SNW_OK;
}

snw_status snw_read_factor(struct snw_ctx *ctx, const struct snw_node *node,
                           struct snw_settings *settings)
{
    const struct reader one = {ctx, node, settings}, *r = &one;
    struct snw_sweep *sweep = &settings->sweep;
    static const char *const known[] = {"name",  "values",   "low",  "high",
                                        "prior", "relative", "unit", NULL};
    struct snw_factor *f = &sweep->factors[sweep->n_factors++];
    snw_status status = snw_check_keys(ctx, node, "sweep.factors", known);
    const struct snw_node *name =
        r->node->kind == SNW_NODE_MAP ? snw_node_find(r->node, "name") : NULL;
    f->channel = -1;
    if (!name)
        return status != SNW_OK
                   ? status
                   : snw_fail_at(r->ctx, r->node->mark, "sweep.factors: an item without `name`");
    snw_keep(&status, snw_node_text(r->ctx, name, "sweep.factors.name", &f->name));
    if (!f->name)
        return status;
    bool field = strncmp(f->name, interventions, strlen(interventions)) == 0;
    snw_status found = field ? find_field(r, f) : find_parameter(r, f);
    snw_keep(&status, found);
    if (found != SNW_OK)
        return status;
    snw_keep(&status, read_range(r, f));
    snw_keep(&status, check_apart(r, sweep));
    return status;
}
