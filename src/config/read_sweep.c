/* Reads a sweep: its design and its measures. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "config/read.h"

enum { KEY_MAX = 200 };

/* What reads a sweep. */
struct reader {
    struct snw_ctx *ctx;
    const struct snw_node *node;
    struct snw_settings *settings;
};

static const struct snw_mark *mark_of(const struct reader *r, const char *key)
{
    const struct snw_node *node = snw_node_find(r->node, key);
    return node ? &node->mark : &r->node->mark;
}

static snw_status read_factors(const struct reader *r, struct snw_sweep *sweep)
{
    snw_status status = SNW_OK;
    const struct snw_node *list = snw_node_find(r->node, "factors");
    if (!list)
        return snw_fail_at(r->ctx, r->node->key_mark,
                           "sweep: has no `factors`: a list of {name, low, high}");
    if (list->kind != SNW_NODE_LIST || list->n_children == 0)
        return snw_wrong_kind(r->ctx, list, "sweep.factors", "a list of maps");
    if (list->n_children > SNW_SWEEP_FACTORS_MAX)
        return snw_fail_at(r->ctx, list->mark, "sweep.factors: %zu are more than %d",
                           list->n_children, SNW_SWEEP_FACTORS_MAX);
    sweep->factors = calloc(list->n_children, sizeof *sweep->factors);
    if (!sweep->factors)
        return snw_fail(r->ctx, SNW_ERR_MEMORY, "sweep: no memory for factors");
    for (const struct snw_node *item = list->first; item; item = item->next)
        snw_keep(&status, snw_read_factor(r->ctx, item, r->settings));
    return status;
}

static snw_status read_measures(const struct reader *r, struct snw_sweep *sweep)
{
    snw_status status = SNW_OK;
    const struct snw_node *list = snw_node_find(r->node, "measures");
    if (!list)
        return SNW_OK;
    if (list->kind != SNW_NODE_LIST)
        return snw_wrong_kind(r->ctx, list, "sweep.measures", "a list of measures");
    sweep->measures = calloc(list->n_children + 1, sizeof *sweep->measures);
    if (!sweep->measures)
        return snw_fail(r->ctx, SNW_ERR_MEMORY, "sweep: no memory for measures");
    for (const struct snw_node *item = list->first; item; item = item->next) {
        char *text = NULL;
        snw_keep(&status, snw_node_text(r->ctx, item, "sweep.measures", &text));
        if (text)
            sweep->measures[sweep->n_measures++] = text;
    }
    return status;
}

/* A word of a list, or -1 where the key is not there or says something else. */
static snw_status read_word(const struct reader *r, const char *key, const char *words, int *word)
{
    const struct snw_node *node = snw_node_find(r->node, key);
    char full[KEY_MAX];
    *word = -1;
    snprintf(full, sizeof full, "sweep.%s", key);
    return node ? snw_node_word(r->ctx, node, full, words, words, word) : SNW_OK;
}

static snw_status read_as(const struct reader *r, struct snw_sweep *sweep)
{
    int word = -1;
    snw_status status = read_word(r, "as", SNW_AS_WORDS, &word);
    if (status == SNW_OK && word < 0)
        status = snw_fail_at(r->ctx, r->node->key_mark,
                             "sweep: does not say `as`, and there is no default: belief (another "
                             "world, whose reference pass is made anew) or deed (an act in this "
                             "world, beside the frozen reference)");
    sweep->as = (enum snw_sweep_as)word;
    if (status == SNW_OK && word == SNW_AS_DEED && r->settings->scenarios.n == 1)
        status = snw_fail_at(r->ctx, *mark_of(r, "as"),
                             "sweep.as = deed: a deed is done in the scenarios after the first, "
                             "which is the reference: give at least one under `scenarios:`");
    return status;
}

static snw_status read_design(const struct reader *r, struct snw_sweep *sweep)
{
    static const int64_t levels[] = {
        [SNW_DESIGN_ONE_WAY] = 2, [SNW_DESIGN_GRID] = 5, [SNW_DESIGN_MORRIS] = 4};
    int word = -1;
    snw_status status = read_word(r, "design", SNW_DESIGN_WORDS, &word);
    const struct snw_node *points = snw_node_find(r->node, "points");
    const struct snw_node *n_levels = snw_node_find(r->node, "levels");
    if (status == SNW_OK && word < 0)
        status =
            snw_fail_at(r->ctx, r->node->key_mark, "sweep: has no `design`: %s", SNW_DESIGN_WORDS);
    if (status != SNW_OK)
        return status;
    sweep->design = (enum snw_design)word;
    bool with_levels = word == SNW_DESIGN_MORRIS || word <= SNW_DESIGN_GRID;
    sweep->levels = with_levels ? levels[word] : 2;
    sweep->points = word == SNW_DESIGN_MORRIS ? 10 : 128;
    if (points && word <= SNW_DESIGN_GRID)
        snw_keep(&status, snw_fail_at(r->ctx, points->key_mark,
                                      "sweep.points: has no meaning here: this design has as many "
                                      "points as its factors have levels"));
    else if (points)
        snw_keep(&status, snw_node_integer(r->ctx, points, "sweep.points", "1", 2,
                                           SNW_SWEEP_POINTS_MAX, &sweep->points));
    if (n_levels && !with_levels)
        snw_keep(&status, snw_fail_at(r->ctx, n_levels->key_mark,
                                      "sweep.levels: this design has no levels"));
    else if (n_levels)
        snw_keep(&status,
                 snw_node_integer(r->ctx, n_levels, "sweep.levels", "1", 2, 1000, &sweep->levels));
    if (word == SNW_DESIGN_MORRIS && sweep->levels % 2)
        snw_keep(&status, snw_fail_at(r->ctx, n_levels->mark,
                                      "sweep.levels = %lld: trajectories of morris jump by half "
                                      "of the levels: give an even number",
                                      (long long)sweep->levels));
    return status;
}

static snw_status check_size(const struct reader *r, const struct snw_sweep *sweep)
{
    size_t dimensions = sweep->design == SNW_DESIGN_SOBOL      ? sweep->n_factors
                        : sweep->design == SNW_DESIGN_SALTELLI ? 2 * sweep->n_factors
                                                               : 0;
    if (dimensions > SNW_SOBOL_DIMENSIONS)
        return snw_fail_at(r->ctx, *mark_of(r, "factors"),
                           "sweep.factors: %zu are more than %zu, all that a Sobol' sequence has "
                           "dimensions for here: screen them by morris first, or take halton or "
                           "latin_hypercube",
                           sweep->n_factors, SNW_SOBOL_DIMENSIONS * sweep->n_factors / dimensions);
    if (snw_sweep_points(sweep) > SNW_SWEEP_POINTS_MAX)
        return snw_fail_at(r->ctx, r->node->key_mark,
                           "sweep: the design has more than %d points: take fewer levels, points "
                           "or factors",
                           SNW_SWEEP_POINTS_MAX);
    if (r->settings->draws > 0)
        return snw_fail_at(r->ctx, r->node->key_mark,
                           "sweep: is not possible together with uncertainty.draws = %lld: each "
                           "point would need all draws",
                           (long long)r->settings->draws);
    return SNW_OK;
}

static snw_status read_numbers(const struct reader *r, struct snw_sweep *sweep)
{
    snw_status status = SNW_OK;
    const struct snw_node *wtp = snw_node_find(r->node, "wtp_usd");
    const struct snw_node *from = snw_node_find(r->node, "from_age");
    *sweep = (struct snw_sweep){.wtp_usd = 100000, .from_age = SNW_AGE_FIRST};
    if (wtp)
        snw_keep(&status,
                 snw_node_real(r->ctx, wtp, "sweep.wtp_usd", "USD", 0, 1e9, &sweep->wtp_usd));
    if (from)
        snw_keep(&status, snw_node_integer(r->ctx, from, "sweep.from_age", "year", SNW_AGE_FIRST,
                                           SNW_AGE_LAST, &sweep->from_age));
    return status;
}

snw_status snw_read_sweep(struct snw_ctx *ctx, const struct snw_node *node,
                          struct snw_settings *settings)
{
    static const char *const known[] = {"as",       "design",  "points",   "levels", "factors",
                                        "measures", "wtp_usd", "from_age", NULL};
    const struct reader r = {ctx, node, settings};
    struct snw_sweep *sweep = &settings->sweep;
    if (snw_holds_nothing(node))
        return SNW_OK;
    snw_status status = snw_check_keys(ctx, node, "sweep", known);
    if (node->kind != SNW_NODE_MAP)
        return status;
    snw_keep(&status, read_numbers(&r, sweep));
    snw_keep(&status, read_as(&r, sweep));
    snw_keep(&status, read_design(&r, sweep));
    snw_keep(&status, read_measures(&r, sweep));
    snw_keep(&status, read_factors(&r, sweep));
    if (status == SNW_OK)
        status = check_size(&r, sweep);
    return status;
}
