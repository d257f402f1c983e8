/* Reads one intervention: a record of a config's list or of a file. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "config/record.h"

/* A number that a sweep can move too: table and name there, which hold its key, unit and bounds.
   @param[out] whole  what its offset is within */
static snw_status read_number(const struct snw_place *p, const struct snw_node *map,
                              const struct snw_number_of *table, const char *name, void *whole)
{
    while (strcmp(table->name, name) != 0)
        table++;
    const char *dot = strrchr(name, '.');
    double *value = (void *)((char *)whole + table->offset);
    return snw_record_number(p, map, dot ? dot + 1 : name,
                             &(struct snw_bounds){table->unit, table->low, table->high}, value);
}

static snw_status read_who(const struct snw_place *p, const struct snw_node *map,
                           struct snw_intervention *out)
{
    const struct snw_node *except = snw_node_find(map, "contraindicated");
    snw_status status = snw_record_condition(p, map, "who", &out->who, &out->eligible);
    if (except)
        snw_keep(&status, snw_record_condition(p, map, "contraindicated", &out->contraindicated,
                                               &out->barred));
    if (status != SNW_OK)
        return status;
    if (except && !snw_expression_except(&out->eligible, &out->barred))
        return snw_fail_at(p->ctx, except->mark,
                           "%s.contraindicated: too long or too deep together with `who`", p->key);
    return snw_record_knowable(p, map, "who", out->hypothetical, &out->eligible);
}

/* Knots of a curve, as two lists. */
static snw_status read_knots(const struct snw_place *p, const struct snw_node *map, const char *key,
                             const char *unit, double high, double *values, size_t *n)
{
    const struct snw_node *node = snw_node_find(map, key);
    struct snw_place at = snw_place_within(p, key);
    snw_status status = snw_record_needs(p, map, key);
    *n = 0;
    if (status != SNW_OK)
        return status;
    if (node->kind != SNW_NODE_LIST || node->n_children == 0 || node->n_children > SNW_KNOTS_MAX)
        return snw_wrong_kind(p->ctx, node, at.key, "a list of up to 8 numbers");
    for (const struct snw_node *item = node->first; item; item = item->next)
        snw_keep(&status, snw_node_real(p->ctx, item, at.key, unit, 0.0001, high, &values[(*n)++]));
    return status;
}

static snw_status read_curve(const struct snw_place *p, const struct snw_node *node,
                             struct snw_persistence *out)
{
    size_t n = 0;
    double time = 0, on = 1;
    snw_status status =
        read_knots(p, node, "at_yr", "year", SNW_EVER_YR, out->at_yr, &out->n_knots);
    snw_keep(&status, read_knots(p, node, "still_on", "1", 1, out->still_on, &n));
    if (status == SNW_OK && n != out->n_knots)
        status =
            snw_fail_at(p->ctx, node->key_mark, "%s: %zu times in at_yr, %zu shares in still_on",
                        p->key, out->n_knots, n);
    for (size_t k = 0; k < n && status == SNW_OK; k++) {
        if (!(out->at_yr[k] > time && out->still_on[k] <= on))
            status = snw_fail_at(p->ctx, node->key_mark,
                                 "%s: at_yr must rise, and still_on not: %g at %g years", p->key,
                                 out->still_on[k], out->at_yr[k]);
        time = out->at_yr[k];
        on = out->still_on[k];
    }
    return status;
}

static snw_status read_persistence(const struct snw_place *outer, const struct snw_node *map,
                                   struct snw_intervention *out)
{
    static const char *const weibull[] = {"scale_yr", "shape", "source", NULL};
    static const char *const curve[] = {"at_yr", "still_on", "source", NULL};
    struct snw_place p = snw_place_within(outer, "persistence");
    const struct snw_node *node = snw_node_find(map, "persistence");
    if (!node)
        return SNW_OK;
    int knots = snw_node_find(node, "at_yr") || snw_node_find(node, "still_on");
    snw_status status = snw_record_map(&p, node, knots ? curve : weibull);
    if (node->kind != SNW_NODE_MAP)
        return status;
    if (knots) {
        snw_keep(&status, read_curve(&p, node, &out->persistence));
    } else {
        snw_keep(&status, snw_record_needs(&p, node, "scale_yr"));
        snw_keep(&status, read_number(&p, node, snw_number_table, "persistence.scale_yr", out));
        snw_keep(&status, read_number(&p, node, snw_number_table, "persistence.shape", out));
    }
    snw_keep(&status, snw_record_text(&p, node, "source", &out->persistence.source));
    return status;
}

static snw_status read_bill(const struct snw_place *outer, const struct snw_node *map,
                            const char *key, struct snw_intervention *out, struct snw_bill *bill)
{
    static const char *const known[] = {"usd_per_yr", "usd_at_start", "price_year", "source", NULL};
    char name[SNW_WORD_MAX];
    struct snw_place p = snw_place_within(outer, key);
    const struct snw_node *node = snw_node_find(map, key);
    if (!node)
        return SNW_OK;
    snw_status status = snw_record_map(&p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    for (int k = 0; k < 2; k++) {
        snprintf(name, sizeof name, "%s.%s", key, known[k]);
        snw_keep(&status, read_number(&p, node, snw_number_table, name, out));
    }
    snw_keep(&status, snw_record_price_year(&p, node, &bill->price_year));
    snw_keep(&status, snw_record_text(&p, node, "source", &bill->source));
    return status;
}

/* One adverse event. */
static snw_status read_harm(const struct snw_place *p, const struct snw_node *node,
                            struct snw_adverse *out)
{
    static const char *const known[] = {"name",    "per_yr",     "at_start", "qaly_lost", "usd",
                                        "p_death", "price_year", "source",   NULL};
    snw_status status = snw_record_map(p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    snw_keep(&status, snw_record_text(p, node, "name", &out->name));
    snw_keep(&status, snw_record_number(p, node, "per_yr", &(struct snw_bounds){"year-1", 0, 10},
                                        &out->per_yr));
    snw_keep(&status, snw_record_number(p, node, "at_start", &(struct snw_bounds){"1", 0, 1},
                                        &out->at_start));
    snw_keep(&status, snw_record_number(p, node, "qaly_lost", &(struct snw_bounds){"year", 0, 1},
                                        &out->qaly_lost));
    snw_keep(&status,
             snw_record_number(p, node, "usd", &(struct snw_bounds){"USD", 0, 1e6}, &out->usd));
    snw_keep(&status,
             snw_record_number(p, node, "p_death", &(struct snw_bounds){"1", 0, 1}, &out->p_death));
    if (out->usd > 0 || snw_node_find(node, "price_year"))
        snw_keep(&status, snw_record_price_year(p, node, &out->price_year));
    snw_keep(&status, snw_record_text(p, node, "source", &out->source));
    if (status == SNW_OK && !(out->per_yr > 0 || out->at_start > 0))
        status =
            snw_fail_at(p->ctx, node->mark, "%s: how often: per_yr or at_start above 0", p->key);
    return status;
}

static snw_status read_harms(const struct snw_place *outer, const struct snw_node *map,
                             struct snw_intervention *out)
{
    struct snw_place p = snw_place_within(outer, "adverse_events");
    const struct snw_node *node = snw_node_find(map, "adverse_events");
    snw_status status = SNW_OK;
    if (!node)
        return SNW_OK;
    if (node->kind != SNW_NODE_LIST || node->n_children > SNW_ADVERSE_MAX)
        return snw_wrong_kind(p.ctx, node, p.key, "a list of up to 4 maps");
    for (const struct snw_node *item = node->first; item; item = item->next)
        snw_keep(&status, read_harm(&p, item, &out->adverse[out->n_adverse++]));
    return status;
}

/* What happens to those who stop: `restart` as a map, or `followed_by`. */
static snw_status read_sequel(const struct snw_place *p, const struct snw_node *node, int named,
                              struct snw_sequel *out)
{
    static const char *const known[] = {"value", "low", "high", "source", "after_yr", "name", NULL};
    snw_status status = snw_record_map(p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    out->given = 1;
    snw_keep(&status, snw_record_figure(p, node, &(struct snw_bounds){"1", 0, 1}, &out->chance));
    snw_keep(&status, snw_record_number(p, node, "after_yr", &(struct snw_bounds){"year", 0, 20},
                                        &out->after_yr));
    if (named && snw_record_needs(p, node, "name") == SNW_OK) {
        struct snw_place at = snw_place_within(p, "name");
        snw_keep(&status, snw_node_name(p->ctx, snw_node_find(node, "name"), at.key, &out->name));
    } else if (!named && snw_node_find(node, "name")) {
        snw_keep(&status, snw_fail_at(p->ctx, snw_node_find(node, "name")->key_mark,
                                      "%s.name: it is the same that is begun anew", p->key));
    } else if (named) {
        snw_keep(&status, SNW_ERR_CONFIG);
    }
    return status;
}

static snw_status read_after(const struct snw_place *p, const struct snw_node *map,
                             struct snw_intervention *out)
{
    const struct snw_node *again = snw_node_find(map, "restart");
    const struct snw_node *next = snw_node_find(map, "followed_by");
    struct snw_place at_again = snw_place_within(p, "restart"),
                     at_next = snw_place_within(p, "followed_by");
    snw_status status = SNW_OK;
    if (again && again->kind == SNW_NODE_MAP)
        status = read_sequel(&at_again, again, 0, &out->restart);
    else
        status = snw_record_switch(p, map, "restart", &out->offered_again);
    if (next)
        snw_keep(&status, read_sequel(&at_next, next, 1, &out->next));
    if (next && again && status == SNW_OK)
        status = snw_fail_at(p->ctx, again->key_mark,
                             "%s: beside followed_by: who stops either begins it anew or goes on",
                             at_again.key);
    return status;
}

/* Chance to start, and what changes its odds. */
static snw_status read_uptake(const struct snw_place *outer, const struct snw_node *map,
                              struct snw_intervention *out)
{
    static const char *const known[] = {
        "value", "low", "high", "source", "odds_women", "odds_per_decade", "odds_after_fracture",
        NULL};
    struct snw_place p = snw_place_within(outer, "uptake");
    const struct snw_node *node = snw_node_find(map, "uptake");
    snw_status status = snw_record_needs(outer, map, "uptake");
    if (status != SNW_OK)
        return status;
    status = snw_record_map(&p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    snw_keep(&status, snw_record_figure(&p, node, &(struct snw_bounds){"1", 0, 1}, &out->uptake));
    snw_keep(&status, snw_record_number(&p, node, "odds_women",
                                        &(struct snw_bounds){"1", 0.01, 100}, &out->odds.women));
    snw_keep(&status,
             snw_record_number(&p, node, "odds_per_decade", &(struct snw_bounds){"1", 0.01, 100},
                               &out->odds.per_decade));
    snw_keep(&status,
             snw_record_number(&p, node, "odds_after_fracture",
                               &(struct snw_bounds){"1", 0.01, 100}, &out->odds.after_fracture));
    return status;
}

static snw_status read_offset(const struct snw_place *p, const struct snw_node *map,
                              struct snw_effect *effect)
{
    const struct snw_node *node = snw_node_find(map, "offset");
    struct snw_place at = snw_place_within(p, "offset");
    snw_status status = read_number(p, map, snw_effect_number_table, "offset_yr", effect);
    int word = 0;
    if (node)
        word = node->kind == SNW_NODE_SCALAR ? snw_word_index(SNW_OFFSET_WORDS, node->text) : -1;
    if (word < 0)
        return snw_wrong_kind(p->ctx, node, at.key,
                              "at_once, never, linear, half_life or treated_time");
    effect->offset = (enum snw_offset)word;
    if (status == SNW_OK && !(effect->offset_yr > 0) && word >= SNW_OFFSET_LINEAR)
        status = snw_fail_at(p->ctx, node->mark, "%s = %s: needs `offset_yr` above 0", at.key,
                             node->text);
    return status;
}

/* What an effect may say: the first four in all channels, the next of those that grow and fade, the
   rest of rates. */
static const char *const effect_keys[] = {
    "value",    "low",       "high",         "source",
    "offset",   "offset_yr", "half_life_yr", "kept_by_next",
    "trial_yr", "rebound",   "rebound_yr",   "share_elsewhere",
    NULL};
static const size_t effect_keys_of[] = {
    [SNW_KIND_RATE] = 12, [SNW_KIND_STATE] = 8, [SNW_KIND_YEARLY] = 4};

static snw_status check_onset(const struct snw_place *p, const struct snw_node *node,
                              const struct snw_channel_info *info, const struct snw_effect *effect)
{
    snw_status status = SNW_OK;
    for (const char *const *key = effect_keys + effect_keys_of[info->kind]; *key; key++)
        if (snw_node_find(node, *key))
            snw_keep(&status, snw_fail_at(p->ctx, snw_node_find(node, *key)->key_mark,
                                          "%s.%s: has no meaning but for a ratio%s", p->key, *key,
                                          info->kind == SNW_KIND_STATE ? " of a rate" : ""));
    if (info->kind == SNW_KIND_RATE && effect->half_life_yr > 0 && !(effect->trial_yr > 0))
        snw_keep(&status,
                 snw_fail_at(p->ctx, node->key_mark,
                             "%s: a trial's ratio is the mean over its years, not what is reached "
                             "at last: half_life_yr needs them, trial_yr",
                             p->key));
    return status;
}

static snw_status read_effect(const struct snw_place *p, const struct snw_node *node,
                              enum snw_channel channel, struct snw_effect *effect)
{
    const struct snw_channel_info *info = &snw_channel_table[channel];
    snw_status status = snw_record_map(p, node, effect_keys);
    if (node->kind != SNW_NODE_MAP)
        return status;
    effect->given = 1;
    snw_keep(&status,
             snw_record_figure(p, node, &(struct snw_bounds){info->unit, info->low, info->high},
                               &effect->figure));
    snw_keep(&status, read_number(p, node, snw_effect_number_table, "half_life_yr", effect));
    snw_keep(&status, snw_record_switch(p, node, "kept_by_next", &effect->kept));
    snw_keep(&status, read_number(p, node, snw_effect_number_table, "trial_yr", effect));
    snw_keep(&status, read_number(p, node, snw_effect_number_table, "rebound", effect));
    snw_keep(&status, read_number(p, node, snw_effect_number_table, "rebound_yr", effect));
    snw_keep(&status, read_number(p, node, snw_effect_number_table, "share_elsewhere", effect));
    snw_keep(&status, read_offset(p, node, effect));
    snw_keep(&status, check_onset(p, node, info, effect));
    return status;
}

static snw_status read_effects(const struct snw_place *outer, const struct snw_node *map,
                               struct snw_intervention *out)
{
    struct snw_place p = snw_place_within(outer, "effects");
    const char *known[SNW_N_CHANNELS + 1] = {NULL};
    const struct snw_node *node = snw_node_find(map, "effects");
    enum snw_channel where;
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        known[c] = snw_channel_table[c].name;
    if (!node)
        return SNW_OK;
    snw_status status = snw_record_map(&p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    for (int c = 0; c < SNW_N_CHANNELS; c++) {
        const struct snw_node *child = snw_node_find(node, known[c]);
        struct snw_place at = snw_place_within(&p, known[c]);
        if (child)
            snw_keep(&status, read_effect(&at, child, (enum snw_channel)c, &out->effect[c]));
    }
    const char *why = snw_intervention_counts_twice(out, &where);
    if (why)
        snw_keep(&status,
                 snw_fail_at(p.ctx, snw_node_find(node, known[where])->key_mark,
                             "%s.%s: counts one effect twice: %s", p.key, known[where], why));
    return status;
}

snw_status snw_read_record(struct snw_ctx *ctx, const struct snw_node *map,
                           struct snw_intervention *out)
{
    static const char *const known[] = {
        "name",        "title",   "hypothetical", "who",         "contraindicated",
        "uptake",      "restart", "followed_by",  "duration_yr", "offer_every_yr",
        "persistence", "cost",    "monitoring",   "effects",     "adverse_events",
        NULL};
    struct snw_place p = {.ctx = ctx};
    snprintf(p.key, sizeof p.key, "%s", out->name);
    snw_status status = snw_record_map(&p, map, known);
    snw_keep(&status, snw_record_text(&p, map, "title", &out->title));
    snw_keep(&status, snw_record_switch(&p, map, "hypothetical", &out->hypothetical));
    snw_keep(&status, read_who(&p, map, out));
    snw_keep(&status, read_uptake(&p, map, out));
    snw_keep(&status, read_number(&p, map, snw_number_table, "offer_every_yr", out));
    snw_keep(&status, read_after(&p, map, out));
    snw_keep(&status, read_number(&p, map, snw_number_table, "duration_yr", out));
    snw_keep(&status, read_persistence(&p, map, out));
    snw_keep(&status, read_bill(&p, map, "cost", out, &out->cost));
    snw_keep(&status, read_bill(&p, map, "monitoring", out, &out->monitoring));
    snw_keep(&status, read_harms(&p, map, out));
    snw_keep(&status, read_effects(&p, map, out));
    return status;
}
