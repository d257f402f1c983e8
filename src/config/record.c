/* What readers of records share. */
#include "config/record.h"

#include <stdio.h>
#include <string.h>

struct snw_place snw_place_within(const struct snw_place *p, const char *key)
{
    struct snw_place inner = {.ctx = p->ctx};
    snprintf(inner.key, sizeof inner.key, "%.80s.%.60s", p->key, key);
    return inner;
}

snw_status snw_record_map(const struct snw_place *p, const struct snw_node *node,
                          const char *const *known)
{
    return snw_check_keys(p->ctx, node, p->key, known);
}

snw_status snw_record_needs(const struct snw_place *p, const struct snw_node *map, const char *key)
{
    if (snw_node_find(map, key))
        return SNW_OK;
    return snw_fail_at(p->ctx, map->key_mark, "%s: has no `%s`", p->key, key);
}

snw_status snw_record_number(const struct snw_place *p, const struct snw_node *map, const char *key,
                             const struct snw_bounds *b, double *value)
{
    const struct snw_node *node = snw_node_find(map, key);
    struct snw_place at = snw_place_within(p, key);
    return node ? snw_node_real(p->ctx, node, at.key, b->unit, b->low, b->high, value) : SNW_OK;
}

snw_status snw_record_integer(const struct snw_place *p, const struct snw_node *map,
                              const char *key, const struct snw_bounds *b, int *value)
{
    const struct snw_node *node = snw_node_find(map, key);
    struct snw_place at = snw_place_within(p, key);
    int64_t read = *value;
    if (!node)
        return SNW_OK;
    snw_status status = snw_node_integer(p->ctx, node, at.key, b->unit, b->low, b->high, &read);
    *value = (int)read;
    return status;
}

snw_status snw_record_price_year(const struct snw_place *p, const struct snw_node *map, int *year)
{
    snw_status status = snw_record_needs(p, map, "price_year");
    snw_keep(&status, snw_record_integer(p, map, "price_year",
                                         &(struct snw_bounds){"year", 1900, 2100}, year));
    return status;
}

snw_status snw_record_switch(const struct snw_place *p, const struct snw_node *map, const char *key,
                             int *value)
{
    const struct snw_node *node = snw_node_find(map, key);
    struct snw_place at = snw_place_within(p, key);
    bool yes = *value;
    snw_status status = node ? snw_node_switch(p->ctx, node, at.key, &yes) : SNW_OK;
    *value = yes;
    return status;
}

snw_status snw_record_text(const struct snw_place *p, const struct snw_node *map, const char *key,
                           char **value)
{
    snw_status status = snw_record_needs(p, map, key);
    struct snw_place at = snw_place_within(p, key);
    return status == SNW_OK ? snw_node_text(p->ctx, snw_node_find(map, key), at.key, value)
                            : status;
}

snw_status snw_record_figure(const struct snw_place *p, const struct snw_node *map,
                             const struct snw_bounds *bounds, struct snw_declared *figure)
{
    snw_status status = snw_record_needs(p, map, "value");
    snw_keep(&status, snw_record_number(p, map, "value", bounds, &figure->value));
    figure->low = figure->high = figure->value;
    snw_keep(&status, snw_record_number(p, map, "low", bounds, &figure->low));
    snw_keep(&status, snw_record_number(p, map, "high", bounds, &figure->high));
    snw_keep(&status, snw_record_text(p, map, "source", &figure->source));
    if (status == SNW_OK && !(figure->low <= figure->value && figure->value <= figure->high))
        status = snw_fail_at(p->ctx, map->key_mark,
                             "%s: value = %g is not within low = %g to "
                             "high = %g",
                             p->key, figure->value, figure->low, figure->high);
    return status;
}

/* Where in the config a place within an expression is; unknown within a text of several lines. */
static struct snw_mark mark_within(const struct snw_node *node, size_t at)
{
    struct snw_mark mark = node->mark;
    if (mark.line && !strchr(node->text, '\n'))
        mark.column += at + node->quoted;
    return mark;
}

static snw_status refuse(const struct snw_place *p, const struct snw_node *node,
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

snw_status snw_record_condition(const struct snw_place *outer, const struct snw_node *map,
                                const char *key, char **written, struct snw_expression *program)
{
    struct snw_place p = snw_place_within(outer, key);
    struct snw_expression_fault fault;
    snw_status status = snw_record_text(outer, map, key, written);
    if (status == SNW_OK && !snw_expression_parse(*written, program, &fault))
        status = refuse(&p, snw_node_find(map, key), &fault);
    return status;
}

snw_status snw_record_file(const struct snw_place *p, const struct snw_node *node,
                           const char *config, const char *folder,
                           const struct snw_nearest *nearest, char **path)
{
    char file[SNW_WORD_MAX];
    snprintf(file, sizeof file, "%s/%s.yaml", folder, node->text);
    *path = snw_find_file(node, config, file);
    if (*path)
        return SNW_OK;
    const char *best = snw_nearest_best(nearest);
    return snw_fail_at(p->ctx, node->mark,
                       "%s = %s: neither under `%s:` nor a file %s beside the config or in "
                       "configs/%s%s",
                       p->key, node->text, folder, file, best ? "; the nearest is " : "",
                       best ? best : "");
}

snw_status snw_record_knowable(const struct snw_place *outer, const struct snw_node *map,
                               const char *key, int hypothetical,
                               const struct snw_expression *program)
{
    struct snw_place p = snw_place_within(outer, key);
    if (!snw_expression_is_hypothetical(program) || hypothetical)
        return SNW_OK;
    return snw_fail_at(p.ctx, snw_node_find(map, key)->mark,
                       "%s: asks for `true.*`, which no programme knows: measure it, or say "
                       "hypothetical: true",
                       p.key);
}
