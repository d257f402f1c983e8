/* Reads interventions: records of a config's own list, and of files that scenarios name. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "config/layers.h"
#include "config/read.h"

enum { KEY_MAX = 160, INTERVENTIONS_MAX = 200 };

/* Where messages come from: `alendronate.effects`. */
struct place {
    struct snw_ctx *ctx;
    char key[KEY_MAX];
};

static struct place within(const struct place *p, const char *key)
{
    struct place inner = {.ctx = p->ctx};
    snprintf(inner.key, sizeof inner.key, "%.80s.%.60s", p->key, key);
    return inner;
}

static snw_status check_map(const struct place *p, const struct snw_node *node,
                            const char *const *known)
{
    return snw_check_keys(p->ctx, node, p->key, known);
}

/* A number of a map where it stands, else what the value holds. */
static snw_status number(const struct place *p, const struct snw_node *map, const char *key,
                         const char *unit, double low, double high, double *value)
{
    const struct snw_node *node = snw_node_find(map, key);
    struct place at = within(p, key);
    return node ? snw_node_real(p->ctx, node, at.key, unit, low, high, value) : SNW_OK;
}

static snw_status needed(const struct place *p, const struct snw_node *map, const char *key)
{
    if (snw_node_find(map, key))
        return SNW_OK;
    return snw_fail_at(p->ctx, map->key_mark, "%s: has no `%s`", p->key, key);
}

static snw_status text(const struct place *p, const struct snw_node *map, const char *key,
                       char **value)
{
    snw_status status = needed(p, map, key);
    struct place at = within(p, key);
    return status == SNW_OK ? snw_node_text(p->ctx, snw_node_find(map, key), at.key, value)
                            : status;
}

/* A value, its interval, and where it is from. */
static snw_status read_figure(const struct place *p, const struct snw_node *map, const char *unit,
                              double low, double high, struct snw_declared *figure)
{
    snw_status status = needed(p, map, "value");
    snw_keep(&status, number(p, map, "value", unit, low, high, &figure->value));
    figure->low = figure->high = figure->value;
    snw_keep(&status, number(p, map, "low", unit, low, high, &figure->low));
    snw_keep(&status, number(p, map, "high", unit, low, high, &figure->high));
    snw_keep(&status, text(p, map, "source", &figure->source));
    if (status == SNW_OK && !(figure->low <= figure->value && figure->value <= figure->high))
        status = snw_fail_at(p->ctx, map->key_mark,
                             "%s: value = %g is not within low = %g to "
                             "high = %g",
                             p->key, figure->value, figure->low, figure->high);
    return status;
}

static snw_status read_switch(const struct place *p, const struct snw_node *map, const char *key,
                              int *value)
{
    const struct snw_node *node = snw_node_find(map, key);
    struct place at = within(p, key);
    bool yes = false;
    if (!node)
        return SNW_OK;
    if (node->kind != SNW_NODE_SCALAR || node->quoted || !snw_read_switch(node->text, &yes))
        return snw_wrong_kind(p->ctx, node, at.key, "true or false");
    *value = yes;
    return SNW_OK;
}

/* Where in the config a place within an expression is; unknown within a text of several lines. */
static struct snw_mark mark_within(const struct snw_node *node, size_t at)
{
    struct snw_mark mark = node->mark;
    if (mark.line && !strchr(node->text, '\n'))
        mark.column += at + node->quoted;
    return mark;
}

static snw_status refuse(const struct place *p, const struct snw_node *node,
                         const struct snw_expression_fault *fault)
{
    struct snw_nearest nearest;
    struct snw_mark mark = mark_within(node, fault->at);
    if (!fault->unknown[0])
        return snw_fail_at(p->ctx, mark, "%s: %s", p->key, fault->text);
    snw_nearest_init(&nearest, fault->unknown);
    for (int id = 0; id < SNW_N_NAMES; id++)
        snw_nearest_try(&nearest, snw_name_table[id].text);
    const char *best = snw_nearest_best(&nearest);
    return snw_fail_at(p->ctx, mark, "%s: unknown name %s%s%s", p->key, fault->unknown,
                       best ? "; the nearest is " : "", best ? best : "");
}

static int holds_for_somebody(const struct snw_expression *program)
{
    struct snw_known known = {0, SNW_AGE_FIRST, SNW_AGE_LAST, 1800, 2300};
    int holds = snw_expression_can_hold(program, &known);
    known.female = 1;
    return holds || snw_expression_can_hold(program, &known);
}

static snw_status read_who(const struct place *outer, const struct snw_node *map,
                           struct snw_intervention *out)
{
    struct place p = within(outer, "who");
    struct snw_expression_fault fault;
    snw_status status = text(outer, map, "who", &out->who);
    const struct snw_node *node = snw_node_find(map, "who");
    if (status != SNW_OK)
        return status;
    if (!snw_expression_parse(out->who, &out->eligible, &fault))
        return refuse(&p, node, &fault);
    if (!holds_for_somebody(&out->eligible))
        return snw_fail_at(p.ctx, node->mark, "%s: can never hold, for nobody", p.key);
    if (snw_expression_is_hypothetical(&out->eligible) && !out->hypothetical)
        return snw_fail_at(p.ctx, node->mark,
                           "%s: asks for `true.*`, which no programme knows: measure it, or say "
                           "hypothetical: true",
                           p.key);
    return SNW_OK;
}

static snw_status read_persistence(const struct place *outer, const struct snw_node *map,
                                   struct snw_intervention *out)
{
    static const char *const known[] = {"scale_yr", "shape", "source", NULL};
    struct place p = within(outer, "persistence");
    const struct snw_node *node = snw_node_find(map, "persistence");
    if (!node)
        return SNW_OK;
    snw_status status = check_map(&p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    snw_keep(&status, needed(&p, node, "scale_yr"));
    snw_keep(&status,
             number(&p, node, "scale_yr", "year", 0.01, SNW_EVER_YR, &out->persistence_yr));
    snw_keep(&status, number(&p, node, "shape", "1", 0.1, 10, &out->persistence_shape));
    snw_keep(&status, text(&p, node, "source", &out->persistence_source));
    return status;
}

static snw_status read_cost(const struct place *outer, const struct snw_node *map,
                            struct snw_intervention *out)
{
    static const char *const known[] = {"usd_per_yr", "usd_at_start", "price_year", "source", NULL};
    struct place p = within(outer, "cost");
    const struct snw_node *node = snw_node_find(map, "cost");
    int64_t year = 0;
    if (!node)
        return SNW_OK;
    snw_status status = check_map(&p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    snw_keep(&status, number(&p, node, "usd_per_yr", "USD year-1", 0, 1e6, &out->cost_usd_per_yr));
    snw_keep(&status, number(&p, node, "usd_at_start", "USD", 0, 1e6, &out->cost_usd_at_start));
    snw_keep(&status, needed(&p, node, "price_year"));
    if (status == SNW_OK) {
        struct place at = within(&p, "price_year");
        status = snw_node_integer(p.ctx, snw_node_find(node, "price_year"), at.key, "year", 1900,
                                  2100, &year);
    }
    out->price_year = (int)year;
    snw_keep(&status, text(&p, node, "source", &out->cost_source));
    return status;
}

static snw_status read_offset(const struct place *p, const struct snw_node *map,
                              struct snw_effect *effect)
{
    const struct snw_node *node = snw_node_find(map, "offset");
    struct place at = within(p, "offset");
    snw_status status = number(p, map, "offset_yr", "year", 0, 100, &effect->offset_yr);
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

static snw_status read_effect(const struct place *p, const struct snw_node *node,
                              enum snw_channel channel, struct snw_effect *effect)
{
    static const char *const known[] = {
        /* the first four of all channels, the rest of ratios */
        "value",        "low",     "high",       "source",          "offset", "offset_yr",
        "half_life_yr", "rebound", "rebound_yr", "share_elsewhere", NULL};
    const struct snw_channel_info *info = &snw_channel_table[channel];
    snw_status status = check_map(p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    effect->given = 1;
    snw_keep(&status, read_figure(p, node, info->unit, info->low, info->high, &effect->figure));
    snw_keep(&status, number(p, node, "half_life_yr", "year", 0, 100, &effect->half_life_yr));
    snw_keep(&status, number(p, node, "rebound", "1", 0.1, 10, &effect->rebound));
    snw_keep(&status, number(p, node, "rebound_yr", "year", 0, 20, &effect->rebound_yr));
    snw_keep(&status, number(p, node, "share_elsewhere", "1", 0, 1, &effect->share_elsewhere));
    snw_keep(&status, read_offset(p, node, effect));
    for (const char *const *key = known + 4; !info->ratio && *key; key++)
        if (snw_node_find(node, *key))
            snw_keep(&status, snw_fail_at(p->ctx, snw_node_find(node, *key)->key_mark,
                                          "%s.%s: has no meaning but for a ratio", p->key, *key));
    return status;
}

static snw_status read_effects(const struct place *outer, const struct snw_node *map,
                               struct snw_intervention *out)
{
    struct place p = within(outer, "effects");
    const char *known[SNW_N_CHANNELS + 1] = {NULL};
    const struct snw_node *node = snw_node_find(map, "effects");
    enum snw_channel where;
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        known[c] = snw_channel_table[c].name;
    if (!node)
        return SNW_OK;
    snw_status status = check_map(&p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    for (int c = 0; c < SNW_N_CHANNELS; c++) {
        const struct snw_node *child = snw_node_find(node, known[c]);
        struct place at = within(&p, known[c]);
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

/* @param[in] map  of the record; its `name`, where it has one, is read by the caller */
static snw_status read_record(struct snw_ctx *ctx, const struct snw_node *map,
                              struct snw_intervention *out)
{
    static const char *const known[] = {"name",        "title",   "hypothetical",   "who",
                                        "uptake",      "restart", "offer_every_yr", "duration_yr",
                                        "persistence", "cost",    "effects",        NULL};
    static const char *const figure[] = {"value", "low", "high", "source", NULL};
    struct place p = {.ctx = ctx}, uptake;
    snprintf(p.key, sizeof p.key, "%s", out->name);
    snw_status status = check_map(&p, map, known);
    snw_keep(&status, text(&p, map, "title", &out->title));
    snw_keep(&status, read_switch(&p, map, "hypothetical", &out->hypothetical));
    snw_keep(&status, read_who(&p, map, out));
    snw_keep(&status, needed(&p, map, "uptake"));
    const struct snw_node *node = snw_node_find(map, "uptake");
    uptake = within(&p, "uptake");
    if (node)
        snw_keep(&status, check_map(&uptake, node, figure));
    if (node && node->kind == SNW_NODE_MAP)
        snw_keep(&status, read_figure(&uptake, node, "1", 0, 1, &out->uptake));
    snw_keep(&status, number(&p, map, "offer_every_yr", "year", 0, 100, &out->offer_every_yr));
    snw_keep(&status, read_switch(&p, map, "restart", &out->restart));
    snw_keep(&status, number(&p, map, "duration_yr", "year", 0.1, SNW_EVER_YR, &out->duration_yr));
    snw_keep(&status, read_persistence(&p, map, out));
    snw_keep(&status, read_cost(&p, map, out));
    snw_keep(&status, read_effects(&p, map, out));
    return status;
}

/* Room for one more, which does nothing yet; NULL where memory or the limit ends. */
static struct snw_intervention *one_more(struct snw_ctx *ctx, struct snw_interventions *list,
                                         struct snw_mark mark, snw_status *status)
{
    if (list->n == INTERVENTIONS_MAX) {
        snw_keep(status, snw_fail_at(ctx, mark, "more than %d interventions", INTERVENTIONS_MAX));
        return NULL;
    }
    struct snw_intervention *more = realloc(list->list, (list->n + 1) * sizeof *more);
    if (!more) {
        snw_keep(status, snw_fail(ctx, SNW_ERR_MEMORY, "interventions: no memory"));
        return NULL;
    }
    list->list = more;
    snw_intervention_init(&more[list->n]);
    return &more[list->n++];
}

/* Two names may not share their luck. */
static snw_status check_name(struct snw_ctx *ctx, const struct snw_interventions *list,
                             struct snw_mark mark)
{
    const struct snw_intervention *last = &list->list[list->n - 1];
    for (const struct snw_intervention *t = list->list; t < last; t++) {
        if (strcmp(t->name, last->name) == 0)
            return snw_fail_at(ctx, mark, "interventions.name = %s: the name is taken", t->name);
        if (snw_intervention_luck(t->name) == snw_intervention_luck(last->name))
            return snw_fail_at(ctx, mark,
                               "interventions.name = %s: has the same random numbers as %s: "
                               "rename one",
                               last->name, t->name);
    }
    return SNW_OK;
}

snw_status snw_read_interventions(struct snw_ctx *ctx, const struct snw_node *node,
                                  struct snw_interventions *list)
{
    snw_status status = SNW_OK;
    if (!node || (node->kind == SNW_NODE_SCALAR && !node->quoted && !node->text[0]))
        return SNW_OK;
    if (node->kind != SNW_NODE_LIST)
        return snw_wrong_kind(ctx, node, "interventions", "a list of maps");
    for (const struct snw_node *item = node->first; item; item = item->next) {
        const struct snw_node *name = snw_node_find(item, "name");
        if (!name) {
            snw_keep(&status,
                     snw_fail_at(ctx, item->mark, "interventions: an item without `name`"));
            continue;
        }
        struct snw_intervention *one = one_more(ctx, list, item->mark, &status);
        if (!one)
            break;
        snw_status named = snw_node_name(ctx, name, "interventions.name", &one->name);
        snw_keep(&status, named);
        if (named != SNW_OK) {
            list->n--;
            continue;
        }
        snw_keep(&status, check_name(ctx, list, name->mark));
        snw_keep(&status, read_record(ctx, item, one));
    }
    return status;
}

/* Reads the record of a file. */
static snw_status read_file(struct snw_ctx *ctx, const struct snw_node *node, const char *path,
                            struct snw_interventions *list)
{
    struct snw_yaml yaml;
    struct snw_node *root = NULL;
    snw_yaml_init(&yaml);
    snw_status status = snw_layers_load(ctx, &yaml, path, NULL, 0, &root);
    struct snw_intervention *one = root ? one_more(ctx, list, node->mark, &status) : NULL;
    if (one && snw_node_find(root, "name"))
        snw_keep(&status, snw_fail_at(ctx, snw_node_find(root, "name")->key_mark,
                                      "name: an intervention in a file has the file's name"));
    if (one) {
        one->name = strdup(node->text);
        if (!one->name)
            snw_keep(&status, snw_fail(ctx, SNW_ERR_MEMORY, "interventions: no memory"));
        else
            snw_keep(&status, read_record(ctx, root, one));
        if (one->name)
            snw_keep(&status, check_name(ctx, list, node->mark));
        else
            list->n--;
    }
    snw_yaml_free(&yaml);
    return status;
}

snw_status snw_find_intervention(struct snw_ctx *ctx, const struct snw_node *node,
                                 const char *config, struct snw_interventions *list, size_t *index)
{
    snw_status status = SNW_OK;
    char file[SNW_WORD_MAX], *path = NULL, *name = NULL;
    SNW_TRY(snw_node_name(ctx, node, "scenarios.interventions", &name));
    for (*index = 0; *index < list->n; ++*index)
        if (strcmp(list->list[*index].name, name) == 0)
            goto out;
    snprintf(file, sizeof file, "interventions/%s.yaml", name);
    path = snw_find_file(node, config, file);
    if (path) {
        SNW_TRY(read_file(ctx, node, path, list));
        goto out;
    }
    struct snw_nearest nearest;
    snw_nearest_init(&nearest, name);
    for (size_t i = 0; i < list->n; i++)
        snw_nearest_try(&nearest, list->list[i].name);
    const char *best = snw_nearest_best(&nearest);
    status = snw_fail_at(ctx, node->mark,
                         "scenarios.interventions = %s: neither under `interventions:` nor a file "
                         "%s beside the config or in configs/%s%s",
                         name, file, best ? "; the nearest is " : "", best ? best : "");
out:
    free(name);
    free(path);
    return status;
}
