/* Reads screening pathways: records of a config's own list, and of files that scenarios name. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/layers.h"
#include "config/record.h"

/* What reads a pathway: the config's name, and where interventions are found and put. */
struct reader {
    struct snw_ctx *ctx;
    const char *config;
    struct snw_settings *settings;
};

static int holds_for_somebody(const struct snw_expression *program)
{
    struct snw_known known = {0, SNW_AGE_FIRST, SNW_AGE_LAST, 1800, 2300};
    int holds = snw_expression_can_hold(program, &known);
    known.female = 1;
    return holds || snw_expression_can_hold(program, &known);
}

/* A condition that a programme can know and that can hold. */
static snw_status read_condition(const struct snw_place *p, const struct snw_node *map,
                                 const char *key, int hypothetical, char **text,
                                 struct snw_expression *program)
{
    snw_status status = snw_record_condition(p, map, key, text, program);
    if (status == SNW_OK)
        status = snw_record_knowable(p, map, key, hypothetical, program);
    if (status == SNW_OK && !holds_for_somebody(program))
        status = snw_fail_at(p->ctx, snw_node_find(map, key)->mark,
                             "%s.%s: can never hold, for nobody", p->key, key);
    return status;
}

static snw_status read_stretch(const struct snw_place *p, const struct snw_node *node,
                               const struct snw_ages *before, struct snw_ages *ages)
{
    static const char *const known[] = {"from", "to", "every_yr", NULL};
    static const struct snw_bounds age = {"year", SNW_AGE_FIRST, SNW_AGE_LAST};
    static const struct snw_bounds every = {"year", 1, SNW_N_AGES};
    *ages = (struct snw_ages){.every_yr = 1};
    snw_status status = snw_record_map(p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    snw_keep(&status, snw_record_needs(p, node, "from"));
    snw_keep(&status, snw_record_integer(p, node, "from", &age, &ages->from));
    ages->to = ages->from;
    snw_keep(&status, snw_record_integer(p, node, "to", &age, &ages->to));
    snw_keep(&status, snw_record_integer(p, node, "every_yr", &every, &ages->every_yr));
    if (status == SNW_OK && ages->to < ages->from)
        status = snw_fail_at(p->ctx, node->mark, "%s: to = %d is below from = %d", p->key, ages->to,
                             ages->from);
    if (status == SNW_OK && before && ages->from <= before->to)
        status = snw_fail_at(p->ctx, node->mark,
                             "%s: from = %d overlaps %d to %d before it: ages rise and stand apart",
                             p->key, ages->from, before->from, before->to);
    return status;
}

static snw_status read_ages(const struct snw_place *outer, const struct snw_node *map,
                            struct snw_pathway *out)
{
    struct snw_place p = snw_place_within(outer, "ages");
    snw_status status = snw_record_needs(outer, map, "ages");
    const struct snw_node *node = snw_node_find(map, "ages");
    if (!node)
        return status;
    if (node->kind != SNW_NODE_LIST || node->n_children == 0)
        return snw_wrong_kind(p.ctx, node, p.key, "a list of {from, to, every_yr}");
    if (node->n_children > SNW_PATHWAY_AGES)
        return snw_fail_at(p.ctx, node->mark, "%s: %zu are more than %d", p.key, node->n_children,
                           SNW_PATHWAY_AGES);
    for (const struct snw_node *item = node->first; item; item = item->next) {
        struct snw_ages *ages = &out->ages[out->n_ages];
        snw_keep(&status, read_stretch(&p, item, out->n_ages ? ages - 1 : NULL, ages));
        out->n_ages++;
    }
    return status;
}

static snw_status read_test(const struct snw_place *outer, const struct snw_node *map,
                            struct snw_screening_step *step)
{
    struct snw_place p = snw_place_within(outer, "test");
    struct snw_nearest nearest;
    char *name = NULL;
    int test = 0;
    snw_status status = snw_record_text(outer, map, "test", &name);
    if (status != SNW_OK)
        return status;
    snw_nearest_init(&nearest, name);
    for (; test < SNW_N_TESTS && strcmp(snw_test_table[test].name, name) != 0; test++)
        snw_nearest_try(&nearest, snw_test_table[test].name);
    const char *best = snw_nearest_best(&nearest);
    if (test < SNW_N_TESTS)
        step->test = (enum snw_test)test;
    else
        status = snw_fail_at(p.ctx, snw_node_find(map, "test")->mark,
                             "%s = %.40s: unknown test%s%s; there are igfbp2, dxa, grip, gait, "
                             "sarc_f and risk_score",
                             p.key, name, best ? "; the nearest is " : "", best ? best : "");
    free(name);
    return status;
}

static snw_status read_cost(const struct snw_place *outer, const struct snw_node *map,
                            struct snw_screening_step *step)
{
    static const char *const known[] = {"value", "low", "high", "price_year", "source", NULL};
    static const struct snw_bounds usd = {"USD", 0, 1e6};
    struct snw_place p = snw_place_within(outer, "cost");
    const struct snw_node *node = snw_node_find(map, "cost");
    if (!node)
        return snw_record_needs(outer, map, "cost");
    snw_status status = snw_record_map(&p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    snw_keep(&status, snw_record_figure(&p, node, &usd, &step->cost));
    snw_keep(&status, snw_record_price_year(&p, node, &step->price_year));
    if (status == SNW_OK && step->cost.value > 0 && !(step->cost.low > 0))
        status = snw_fail_at(p.ctx, node->mark,
                             "%s: low = 0 beside a value above it: costs are "
                             "drawn by their logarithm",
                             p.key);
    return status;
}

/* Everything of a step but where it leads. */
static snw_status read_step(const struct snw_place *p, const struct snw_node *node,
                            const struct snw_pathway *pathway, struct snw_screening_step *step)
{
    static const char *const known[] = {"name", "test", "occasions", "positive",
                                        "cost", "then", "otherwise", NULL};
    static const struct snw_bounds occasions = {"1", 1, SNW_PATHWAY_OCCASIONS};
    snw_status status = snw_record_map(p, node, known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    const struct snw_node *name = snw_node_find(node, "name");
    if (!name)
        name = snw_node_find(node, "test");
    snw_keep(&status, read_test(p, node, step));
    struct snw_place at = snw_place_within(p, "name");
    if (name)
        snw_keep(&status, snw_node_name(p->ctx, name, at.key, &step->name));
    for (const struct snw_screening_step *other = pathway->step; status == SNW_OK && other < step;
         other++)
        if (strcmp(other->name, step->name) == 0)
            status = snw_fail_at(p->ctx, node->mark,
                                 "%s: two steps are called %s: give one another `name`", p->key,
                                 step->name);
    snw_keep(&status, snw_record_integer(p, node, "occasions", &occasions, &step->occasions));
    snw_keep(&status, read_condition(p, node, "positive", pathway->hypothetical,
                                     &step->positive_text, &step->positive));
    snw_keep(&status, read_cost(p, node, step));
    if (status == SNW_OK && !snw_step_uses_its_test(step))
        status = snw_fail_at(p->ctx, snw_node_find(node, "positive")->mark,
                             "%s.positive: does not ask what the test %s shows, such as %s", p->key,
                             snw_test_table[step->test].name,
                             snw_name_table[snw_test_table[step->test].gives[0]].text);
    return status;
}

/* Where a result leads to: a later step by its name, else an intervention. */
static snw_status read_route(const struct reader *r, const struct snw_place *p,
                             const struct snw_node *node, const struct snw_pathway *pathway,
                             size_t from, struct snw_route *route)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_node_name(r->ctx, node, p->key, &route->name));
    for (size_t k = 0; k < pathway->n_steps; k++) {
        if (strcmp(pathway->step[k].name, route->name) != 0)
            continue;
        if (k <= from)
            return snw_fail_at(r->ctx, node->mark,
                               "%s = %s: leads back, a cycle: a result leads to a later step",
                               p->key, route->name);
        route->kind = SNW_ROUTE_STEP;
        route->to = k;
        return SNW_OK;
    }
    SNW_TRY(
        snw_find_intervention(r->ctx, node, r->config, &r->settings->interventions, &route->to));
    route->kind = SNW_ROUTE_INTERVENTION;
out:
    return status == SNW_OK
               ? SNW_OK
               : snw_fail_at(r->ctx, node->mark,
                             "%s: neither a step of this pathway nor an intervention", p->key);
}

static snw_status read_routes(const struct reader *r, const struct snw_place *outer,
                              const struct snw_node *list, struct snw_pathway *out)
{
    snw_status status = SNW_OK;
    size_t k = 0;
    for (const struct snw_node *item = list->first; item; item = item->next, k++) {
        struct snw_screening_step *step = &out->step[k];
        struct snw_place p = snw_place_within(outer, step->name);
        const struct snw_node *then = snw_node_find(item, "then");
        const struct snw_node *otherwise = snw_node_find(item, "otherwise");
        struct snw_place at = snw_place_within(&p, "then");
        if (!then)
            snw_keep(&status, snw_fail_at(r->ctx, item->mark,
                                          "%s: a dead end: has no `then`, the step or intervention "
                                          "that follows a positive result",
                                          p.key));
        else
            snw_keep(&status, read_route(r, &at, then, out, k, &step->then));
        at = snw_place_within(&p, "otherwise");
        if (otherwise)
            snw_keep(&status, read_route(r, &at, otherwise, out, k, &step->otherwise));
    }
    size_t lost = status == SNW_OK ? snw_pathway_unreached(out) : out->n_steps;
    if (lost < out->n_steps)
        status = snw_fail_at(r->ctx, list->mark, "%s: no step leads to %s", outer->key,
                             out->step[lost].name);
    return status;
}

/* Refuses conditions on what is never measured. */
static snw_status check_measured(const struct snw_place *p, const struct snw_node *map,
                                 const struct snw_pathway *out)
{
    snw_status status = SNW_OK;
    for (size_t k = 0; k <= out->n_steps; k++) {
        const int who = k == out->n_steps;
        enum snw_name name =
            snw_pathway_unmeasured(out, who ? &out->eligible : &out->step[k].positive);
        if (name != SNW_N_NAMES)
            snw_keep(&status,
                     snw_fail_at(p->ctx, map->mark,
                                 "%s.%s: asks for %s, which no test of the pathway shows", p->key,
                                 who ? "who" : out->step[k].name, snw_name_table[name].text));
    }
    return status;
}

static snw_status read_steps(const struct reader *r, const struct snw_place *outer,
                             const struct snw_node *map, struct snw_pathway *out)
{
    struct snw_place p = snw_place_within(outer, "steps");
    snw_status status = snw_record_needs(outer, map, "steps");
    const struct snw_node *node = snw_node_find(map, "steps");
    if (!node)
        return status;
    if (node->kind != SNW_NODE_LIST || node->n_children == 0)
        return snw_wrong_kind(p.ctx, node, p.key, "a list of maps");
    if (node->n_children > SNW_PATHWAY_STEPS)
        return snw_fail_at(p.ctx, node->mark, "%s: %zu are more than %d", p.key, node->n_children,
                           SNW_PATHWAY_STEPS);
    for (const struct snw_node *item = node->first; item && status == SNW_OK; item = item->next) {
        struct snw_screening_step *step = &out->step[out->n_steps];
        struct snw_place at = p;
        snprintf(at.key, sizeof at.key, "%.80s.steps[%zu]", outer->key, out->n_steps + 1);
        status = read_step(&at, item, out, step);
        out->n_steps++;
    }
    if (status == SNW_OK)
        status = read_routes(r, outer, node, out);
    if (status == SNW_OK)
        status = check_measured(outer, map, out);
    return status;
}

static snw_status read_record(const struct reader *r, const struct snw_node *map,
                              struct snw_pathway *out)
{
    static const char *const known[] = {"name", "title",      "hypothetical", "who",
                                        "ages", "attendance", "steps",        NULL};
    static const char *const figure[] = {"value", "low", "high", "source", NULL};
    static const struct snw_bounds share = {"1", 0, 1};
    struct snw_place p = {.ctx = r->ctx};
    snprintf(p.key, sizeof p.key, "%s", out->name);
    struct snw_place attendance = snw_place_within(&p, "attendance");
    const struct snw_node *node = snw_node_find(map, "attendance");
    snw_status status = snw_record_map(&p, map, known);
    if (map->kind != SNW_NODE_MAP)
        return status;
    snw_keep(&status, snw_record_text(&p, map, "title", &out->title));
    snw_keep(&status, snw_record_switch(&p, map, "hypothetical", &out->hypothetical));
    snw_keep(&status, read_condition(&p, map, "who", out->hypothetical, &out->who, &out->eligible));
    snw_keep(&status, read_ages(&p, map, out));
    snw_keep(&status, snw_record_needs(&p, map, "attendance"));
    if (node)
        snw_keep(&status, snw_record_map(&attendance, node, figure));
    if (node && node->kind == SNW_NODE_MAP)
        snw_keep(&status, snw_record_figure(&attendance, node, &share, &out->attendance));
    snw_keep(&status, read_steps(r, &p, map, out));
    return status;
}

/* Reads one more; its name is copied. */
static snw_status add(const struct reader *r, const struct snw_node *map, struct snw_mark mark,
                      const char *name)
{
    struct snw_pathways *list = &r->settings->screening;
    if (list->n == SNW_PATHWAYS_MAX)
        return snw_fail_at(r->ctx, mark, "more than %d screening pathways", SNW_PATHWAYS_MAX);
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->list[i].name, name) == 0)
            return snw_fail_at(r->ctx, mark, "screening.name = %s: the name is taken", name);
    struct snw_pathway *more = realloc(list->list, (list->n + 1) * sizeof *more);
    char *copy = strdup(name);
    list->list = more ? more : list->list;
    if (!more || !copy) {
        free(copy);
        return snw_fail(r->ctx, SNW_ERR_MEMORY, "screening: no memory");
    }
    snw_pathway_init(&more[list->n]);
    more[list->n].name = copy;
    return read_record(r, map, &more[list->n++]);
}

snw_status snw_read_screening(struct snw_ctx *ctx, const struct snw_node *node, const char *config,
                              struct snw_settings *settings)
{
    const struct reader r = {ctx, config, settings};
    snw_status status = SNW_OK;
    if (snw_is_blank(node))
        return SNW_OK;
    if (node->kind != SNW_NODE_LIST)
        return snw_wrong_kind(ctx, node, "screening", "a list of maps");
    for (const struct snw_node *item = node->first; item; item = item->next) {
        const struct snw_node *named = snw_node_find(item, "name");
        char *name = NULL;
        snw_status one = named ? snw_node_name(ctx, named, "screening.name", &name)
                               : snw_fail_at(ctx, item->mark, "screening: an item without `name`");
        if (one == SNW_OK)
            one = add(&r, item, named->mark, name);
        free(name);
        snw_keep(&status, one);
    }
    return status;
}

/* Reads the record of a file. */
static snw_status read_file(const struct reader *r, const struct snw_node *node, const char *path)
{
    struct snw_yaml yaml;
    struct snw_node *root = NULL;
    snw_yaml_init(&yaml);
    snw_status status = snw_layers_load(r->ctx, &yaml, path, NULL, 0, &root);
    if (root && snw_node_find(root, "name"))
        snw_keep(&status, snw_fail_at(r->ctx, snw_node_find(root, "name")->key_mark,
                                      "name: a pathway in a file has the file's name"));
    else if (root)
        snw_keep(&status, add(r, root, node->mark, node->text));
    snw_yaml_free(&yaml);
    return status;
}

snw_status snw_find_pathway(struct snw_ctx *ctx, const struct snw_node *node, const char *config,
                            struct snw_settings *settings, size_t *index)
{
    const struct reader r = {ctx, config, settings};
    const struct snw_pathways *list = &settings->screening;
    snw_status status = SNW_OK;
    const struct snw_place p = {ctx, "scenarios.screening"};
    struct snw_nearest nearest;
    char *path = NULL, *name = NULL;
    SNW_TRY(snw_node_name(ctx, node, p.key, &name));
    snw_nearest_init(&nearest, name);
    for (*index = 0; *index < list->n; ++*index) {
        if (strcmp(list->list[*index].name, name) == 0)
            goto out;
        snw_nearest_try(&nearest, list->list[*index].name);
    }
    SNW_TRY(snw_record_file(&p, node, config, "screening", &nearest, &path));
    status = read_file(&r, node, path);
out:
    free(name);
    free(path);
    return status;
}
