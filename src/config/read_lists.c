/* Reads lists of named maps: the scenarios, and the groups of a study's sample. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "config/read.h"

enum { SCENARIOS_MAX = 1000, GROUPS_MAX = 1000, PEOPLE_MAX = 2000000000 };

/* Refuses a name that an earlier item of the list has. */
static snw_status check_unique(struct snw_ctx *ctx, const struct snw_node *list,
                               const struct snw_node *item, const char *key, const char *name)
{
    for (const struct snw_node *other = list->first; other != item; other = other->next) {
        const struct snw_node *taken = snw_node_find(other, "name");
        if (taken && taken->kind == SNW_NODE_SCALAR && strcmp(taken->text, name) == 0)
            return snw_fail_at(ctx, snw_node_find(item, "name")->mark,
                               "%s = %s: the name is taken, line %zu", key, name, taken->mark.line);
    }
    return SNW_OK;
}

/* What reads a list of scenarios. */
struct reader {
    struct snw_ctx *ctx;
    const struct snw_node *list;
    const char *config;
    struct snw_settings *settings;
};

/* Refuses what is no list, or too long a one. */
static snw_status check_names(const struct reader *r, const struct snw_node *node, const char *key,
                              int most)
{
    if (node->kind != SNW_NODE_LIST)
        return snw_wrong_kind(r->ctx, node, key, "a list of names");
    if (node->n_children > (size_t)most)
        return snw_fail_at(r->ctx, node->mark, "%s: %zu are more than %d", key, node->n_children,
                           most);
    return SNW_OK;
}

static snw_status read_names(const struct reader *r, const struct snw_node *node,
                             struct snw_scenario *scenario)
{
    snw_status status = check_names(r, node, "scenarios.interventions", SNW_SCENARIO_INTERVENTIONS);
    if (status != SNW_OK)
        return status;
    for (const struct snw_node *item = node->first; item; item = item->next) {
        size_t *at = &scenario->intervention[scenario->n_interventions];
        snw_status one =
            snw_find_intervention(r->ctx, item, r->config, &r->settings->interventions, at);
        for (size_t k = 0; one == SNW_OK && k < scenario->n_interventions; k++)
            if (scenario->intervention[k] == *at)
                one = snw_fail_at(r->ctx, item->mark,
                                  "scenarios.interventions: %.60s is there twice", item->text);
        scenario->n_interventions += one == SNW_OK;
        snw_keep(&status, one);
    }
    scenario->n_named = scenario->n_interventions;
    return status;
}

/* Adds what a pathway leads to to the scenario's interventions. */
static snw_status add_led_to(const struct reader *r, const struct snw_node *item,
                             const struct snw_route *route, struct snw_scenario *scenario)
{
    if (route->kind != SNW_ROUTE_INTERVENTION)
        return SNW_OK;
    for (size_t k = 0; k < scenario->n_interventions; k++)
        if (scenario->intervention[k] == route->to)
            return SNW_OK;
    if (scenario->n_interventions == SNW_SCENARIO_INTERVENTIONS)
        return snw_fail_at(r->ctx, item->mark,
                           "scenarios.screening: leads to more than %d interventions",
                           SNW_SCENARIO_INTERVENTIONS);
    scenario->intervention[scenario->n_interventions++] = route->to;
    return SNW_OK;
}

static snw_status read_pathways(const struct reader *r, const struct snw_node *node,
                                struct snw_scenario *scenario)
{
    snw_status status = check_names(r, node, "scenarios.screening", SNW_SCREENING_MAX);
    if (status != SNW_OK)
        return status;
    for (const struct snw_node *item = node->first; item; item = item->next) {
        size_t at = 0;
        snw_status one = snw_find_pathway(r->ctx, item, r->config, r->settings, &at);
        for (size_t k = 0; one == SNW_OK && k < scenario->n_pathways; k++)
            if (scenario->pathway[k] == at)
                one = snw_fail_at(r->ctx, item->mark, "scenarios.screening: %.60s is there twice",
                                  item->text);
        snw_keep(&status, one);
        if (one != SNW_OK)
            continue;
        scenario->pathway[scenario->n_pathways++] = at;
        for (size_t k = 0; k < r->settings->screening.list[at].n_steps; k++) {
            const struct snw_screening_step *step = &r->settings->screening.list[at].step[k];
            snw_keep(&status, add_led_to(r, item, &step->then, scenario));
            snw_keep(&status, add_led_to(r, item, &step->otherwise, scenario));
        }
    }
    return status;
}

/* The last calendar year that is simulated; 0 where there is none. */
static int last_year(const struct snw_settings *s)
{
    if (s->mode == SNW_MODE_OPEN)
        return (int)s->until;
    if (s->mode != SNW_MODE_CROSS_SECTION)
        return 0;
    return (int)s->year + (s->follow == SNW_WORD_LIFETIME ? SNW_N_AGES - 1
                           : s->follow == SNW_WORD_NONE   ? 0
                                                          : (int)s->follow);
}

static snw_status read_begins(const struct reader *r, const struct snw_node *node, bool first,
                              struct snw_scenario *scenario)
{
    const struct snw_settings *s = r->settings;
    int64_t year = 0;
    snw_status status =
        snw_node_integer(r->ctx, node, "scenarios.begins", "year", 1000, 3000, &year);
    int last = last_year(s);
    if (status != SNW_OK)
        return status;
    scenario->begins = (int)year;
    if (first)
        return snw_fail_at(r->ctx, node->key_mark,
                           "scenario %s is the first, hence the reference, and never begins",
                           scenario->name);
    if (last == 0)
        return snw_fail_at(r->ctx, node->key_mark,
                           "scenarios.begins: is used with population.mode: cross_section or open "
                           "only");
    if (year < s->year || year > last)
        return snw_fail_at(r->ctx, node->mark,
                           "scenarios.begins = %lld: the years simulated are %lld to %d",
                           (long long)year, (long long)s->year, last);
    return SNW_OK;
}

/* @return whether a scenario's node is to be read: it holds something, and is not of the first, the
   reference, where that is refused. */
static bool is_of_another(const struct reader *r, const struct snw_node *item,
                          const struct snw_node *node, const char *why, snw_status *status)
{
    if (snw_holds_nothing(node) || item != r->list->first)
        return !snw_holds_nothing(node);
    snw_keep(status,
             snw_fail_at(r->ctx, node->key_mark, "scenario %s is the first, hence the reference%s",
                         snw_node_find(item, "name")->text, why));
    return false;
}

static snw_status read_scenario(const struct reader *r, const struct snw_node *item,
                                struct snw_scenario *scenario)
{
    snw_status status = SNW_OK;
    struct snw_ctx *ctx = r->ctx;
    const struct snw_node *list = r->list;
    const struct snw_node *overrides = snw_node_find(item, "parameters");
    const struct snw_node *names = snw_node_find(item, "interventions");
    const struct snw_node *screening = snw_node_find(item, "screening");
    const struct snw_node *begins = snw_node_find(item, "begins");
    const struct snw_node *trends = snw_node_find(item, "trends");
    scenario->params = r->settings->params;
    SNW_TRY(snw_node_name(ctx, snw_node_find(item, "name"), "scenarios.name", &scenario->name));
    status = check_unique(ctx, list, item, "scenarios.name", scenario->name);
    if (item == list->first && !snw_holds_nothing(overrides))
        snw_keep(&status, snw_fail_at(ctx, overrides->key_mark,
                                      "scenario %s is the first, hence the reference, and changes "
                                      "nothing: put its parameters under `parameters:` at the top",
                                      scenario->name));
    else if (overrides)
        snw_keep(&status, snw_read_parameters(ctx, overrides, &scenario->params, scenario->given));
    if (is_of_another(r, item, names, ": current care, without interventions", &status))
        snw_keep(&status, read_names(r, names, scenario));
    if (is_of_another(r, item, screening, ": current care, without screening", &status))
        snw_keep(&status, read_pathways(r, screening, scenario));
    if (begins)
        snw_keep(&status, read_begins(r, begins, item == list->first, scenario));
    if (is_of_another(r, item, trends, ": put its trends under population.trends", &status))
        snw_keep(&status, snw_read_trends(ctx, trends, "scenarios.trends", &scenario->trends));
out:
    return status;
}

static snw_status new_scenarios(struct snw_ctx *ctx, struct snw_scenarios *scenarios, size_t n)
{
    scenarios->list = calloc(n, sizeof *scenarios->list);
    if (!scenarios->list)
        return snw_fail(ctx, SNW_ERR_MEMORY, "scenarios: no memory for %zu", n);
    scenarios->n = n;
    return SNW_OK;
}

snw_status snw_read_scenarios(struct snw_ctx *ctx, const struct snw_node *node, const char *config,
                              struct snw_settings *settings)
{
    static const char *const known[] = {"name",   "interventions", "screening", "parameters",
                                        "begins", "trends",        NULL};
    const struct reader r = {ctx, node, config, settings};
    struct snw_scenarios *scenarios = &settings->scenarios;
    snw_status status = SNW_OK;
    size_t i = 0;
    if (snw_holds_nothing(node)) {
        SNW_TRY(new_scenarios(ctx, scenarios, 1));
        scenarios->list[0].params = settings->params;
        scenarios->list[0].name = strdup("reference");
        if (!scenarios->list[0].name)
            status = snw_fail(ctx, SNW_ERR_MEMORY, "scenarios: no memory for the name");
        goto out;
    }
    SNW_TRY(snw_check_maps(ctx, node, "scenarios", known, 1));
    if (node->n_children > SCENARIOS_MAX)
        return snw_fail_at(ctx, node->mark, "scenarios: %zu are more than %d", node->n_children,
                           SCENARIOS_MAX);
    SNW_TRY(new_scenarios(ctx, scenarios, node->n_children));
    for (const struct snw_node *item = node->first; item; item = item->next, i++)
        snw_keep(&status, read_scenario(&r, item, &scenarios->list[i]));
out:
    return status;
}

static snw_status read_sex(struct snw_ctx *ctx, const struct snw_node *node, enum snw_sex *sex)
{
    int index = node->kind == SNW_NODE_SCALAR ? snw_word_index("female|male", node->text) : -1;
    if (index < 0)
        return snw_wrong_kind(ctx, node, "sample.sex", "female or male");
    *sex = index == 0 ? SNW_FEMALE : SNW_MALE;
    return SNW_OK;
}

static snw_status read_group(struct snw_ctx *ctx, const struct snw_node *list,
                             const struct snw_node *item, struct snw_sample *group)
{
    int64_t from = SNW_AGE_FIRST, to = SNW_AGE_LAST;
    snw_status status =
        snw_node_name(ctx, snw_node_find(item, "name"), "sample.name", &group->name);
    if (status == SNW_OK)
        status = check_unique(ctx, list, item, "sample.name", group->name);
    snw_keep(&status, read_sex(ctx, snw_node_find(item, "sex"), &group->sex));
    const struct snw_node *last = snw_node_find(item, "age_to");
    snw_keep(&status, snw_node_integer(ctx, snw_node_find(item, "age_from"), "sample.age_from",
                                       "year", SNW_AGE_FIRST, SNW_AGE_LAST, &from));
    snw_keep(&status, snw_node_integer(ctx, last, "sample.age_to", "year", SNW_AGE_FIRST,
                                       SNW_AGE_LAST, &to));
    snw_keep(&status, snw_node_integer(ctx, snw_node_find(item, "n"), "sample.n", "1", 1,
                                       PEOPLE_MAX, &group->n));
    if (from > to)
        snw_keep(&status, snw_fail_at(ctx, last->mark, "sample.age_to = %d is below age_from = %d",
                                      (int)to, (int)from));
    group->age_from = (int)from;
    group->age_to = (int)to;
    return status;
}

snw_status snw_read_samples(struct snw_ctx *ctx, const struct snw_node *node,
                            struct snw_samples *samples)
{
    static const char *const known[] = {"name", "sex", "age_from", "age_to", "n", NULL};
    snw_status status = SNW_OK;
    size_t i = 0;
    int64_t people = 0;
    if (snw_holds_nothing(node))
        return SNW_OK;
    SNW_TRY(snw_check_maps(ctx, node, "population.sample", known, 5));
    if (node->n_children > GROUPS_MAX)
        return snw_fail_at(ctx, node->mark, "population.sample: %zu groups are more than %d",
                           node->n_children, GROUPS_MAX);
    samples->group = calloc(node->n_children, sizeof *samples->group);
    if (!samples->group)
        return snw_fail(ctx, SNW_ERR_MEMORY, "population.sample: no memory to read it");
    samples->n = node->n_children;
    for (const struct snw_node *item = node->first; item; item = item->next, i++) {
        snw_keep(&status, read_group(ctx, node, item, &samples->group[i]));
        people += samples->group[i].n;
    }
    if (people > PEOPLE_MAX)
        snw_keep(&status, snw_fail_at(ctx, node->mark,
                                      "population.sample: %lld people in all are more than %d",
                                      (long long)people, PEOPLE_MAX));
out:
    return status;
}
