/* Writes group /economics: totals of lives, increments and the frontier, and decisions at each
   threshold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/scalar.h"
#include "decision/benefit.h"
#include "decision/incremental.h"
#include "decision/value.h"
#include "experiment/economics.h"
#include "store/dataset.h"

static const char group[] = "economics";

enum { LABELS = SNW_SEX_LABELS, BY_SCENARIO = 1, BY_THRESHOLD = 2, CODE_FILL = 255 };

enum table {
    COST,
    QALYS,
    ICER,
    QUADRANT,
    DOMINANCE,
    VERSUS,
    COST_FRONTIER,
    QALYS_FRONTIER,
    ICER_FRONTIER,
    NMB,
    CEAC,
    LOSS,
    OPTIMAL,
    CEAF,
    EVPI,
    EVPI_SE,
    N_TABLES
};

/* What is concluded of each sex. */
static const struct {
    const char *name, *unit;
    int by;
    enum snw_dtype type;
    const char *const *flags;
    size_t n_flags;
    const char *doc;
} tables[N_TABLES] = {
    [COST] = {"incremental_cost", "USD", BY_SCENARIO, SNW_F64, NULL, 0,
              "Cost per person, discounted, less that of the reference"},
    [QALYS] = {"incremental_qalys", "year", BY_SCENARIO, SNW_F64, NULL, 0,
               "QALYs per person, discounted, less those of the reference"},
    [ICER] = {"icer", "USD year-1", BY_SCENARIO, SNW_F64, NULL, 0,
              "Incremental cost-effectiveness ratio against the reference, in the north-east and "
              "south-west only"},
    [QUADRANT] = {"quadrant", "1", BY_SCENARIO, SNW_U8, snw_quadrant_words, SNW_N_QUADRANTS,
                  "Where the increments lie in the cost-effectiveness plane"},
    [DOMINANCE] = {"dominance", "1", BY_SCENARIO, SNW_U8, snw_standing_words, SNW_N_STANDINGS,
                   "Whether another scenario, or a mixture of two, is better"},
    [VERSUS] = {"versus_frontier", "1", BY_SCENARIO, SNW_I32, NULL, 0,
                "Efficient scenario before it, as numbered in scenario; -1: none"},
    [COST_FRONTIER] = {"incremental_cost_frontier", "USD", BY_SCENARIO, SNW_F64, NULL, 0,
                       "Cost per person, discounted, less that of the efficient scenario before"},
    [QALYS_FRONTIER] = {"incremental_qalys_frontier", "year", BY_SCENARIO, SNW_F64, NULL, 0,
                        "QALYs per person, discounted, less those of the efficient scenario "
                        "before"},
    [ICER_FRONTIER] = {"icer_frontier", "USD year-1", BY_SCENARIO, SNW_F64, NULL, 0,
                       "Incremental cost-effectiveness ratio along the frontier"},
    [NMB] = {"nmb", "USD", BY_SCENARIO | BY_THRESHOLD, SNW_F64, NULL, 0,
             "Net monetary benefit per person, mean over draws"},
    [CEAC] = {"ceac", "1", BY_SCENARIO | BY_THRESHOLD, SNW_F64, NULL, 0,
              "Probability of the highest net benefit: share of draws"},
    [LOSS] = {"expected_loss", "USD", BY_SCENARIO | BY_THRESHOLD, SNW_F64, NULL, 0,
              "Highest net benefit of each draw less its own, mean over draws, per person"},
    [OPTIMAL] = {"optimal", "1", BY_THRESHOLD, SNW_I32, NULL, 0,
                 "Scenario of the highest mean net benefit, as numbered in scenario"},
    [CEAF] = {"ceaf", "1", BY_THRESHOLD, SNW_F64, NULL, 0,
              "Probability that the optimal scenario has the highest net benefit"},
    [EVPI] = {"evpi", "USD", BY_THRESHOLD, SNW_F64, NULL, 0,
              "Expected value of perfect information per person"},
    [EVPI_SE] = {"evpi_se", "USD", BY_THRESHOLD, SNW_F64, NULL, 0,
                 "Standard error of evpi, the choice taken as known"},
};

struct writer {
    struct snw_ctx *ctx;
    struct snw_file *file;
    struct snw_lives lives;
    size_t n; /* scenarios */
    double threshold[SNW_THRESHOLDS_MAX];
    size_t n_thresholds;            /* 0 where draws are too few */
    double *values[2], *kept[2];    /* totals without and with discounting; costs, QALYs kept */
    double *table[N_TABLES];        /* (scenarios, thresholds, sexes) of these what it lies along */
    double *over[2][SNW_N_SPREADS]; /* (scenarios, sexes) of increments over draws */
    struct snw_psa sample;          /* of one sex: the draws, or without draws the point estimate */
    struct snw_option *options;     /* (scenarios,) */
    struct snw_strategy_benefit *of;
    double *one; /* (draws,) */
};

static size_t length_of(const struct writer *w, int by)
{
    return (by & BY_SCENARIO ? w->n : 1) * (by & BY_THRESHOLD ? w->n_thresholds : 1) * LABELS;
}

static snw_status no_memory(const struct writer *w)
{
    return snw_fail(w->ctx, SNW_ERR_MEMORY, "no memory for group %s", group);
}

static snw_status put_total(struct writer *w, const struct snw_lives_sum *sum, bool discounted)
{
    snw_status status = SNW_OK;
    char name[64], doc[192], unit[SNW_UNIT_MAX], object[96];
    snprintf(name, sizeof name, "%s%s", sum->name, discounted ? "_discounted" : "");
    snprintf(doc, sizeof doc, "%s, per person%s", sum->doc, discounted ? ", discounted" : "");
    snprintf(object, sizeof object, "%s/%s", group, name);
    const struct snw_variable v = {.group = group,
                                   .name = name,
                                   .type = SNW_F64,
                                   .n_dims = sum->along ? 5 : 4,
                                   .dims = {"scenario", "draw", "sex", "subgroup", sum->along},
                                   .units = snw_unit_of(w->lives.world, sum->unit, unit),
                                   .long_name = doc,
                                   .has_fill = true,
                                   .fill = __builtin_nan("")};
    SNW_TRY(snw_variable_write(w->file, &v, w->values[discounted], w->ctx));
    SNW_TRY(snw_money_attributes(w->ctx, w->file, w->lives.world, &v,
                                 sum->along ? "as labelled" : NULL));
    if (discounted)
        SNW_TRY(snw_attribute_double(w->file, object, "discount_rate",
                                     snw_discount_rate(w->lives.world->settings, sum->unit),
                                     w->ctx));
    if (sum->along && strcmp(sum->along, "part") == 0)
        SNW_TRY(snw_part_ledgers(w->ctx, w->file, object));
out:
    return status;
}

/* All totals; what decides is kept. */
static snw_status write_totals(struct writer *w)
{
    snw_status status = SNW_OK;
    bool labelled = false;
    for (size_t i = 0; i < SNW_LIVES_SUMS; i++) {
        const struct snw_lives_sum *sum = &snw_lives_sums[i];
        if (!snw_lives_known(w->lives.world, sum))
            continue;
        if (sum->along && !labelled)
            SNW_TRY(snw_cost_axes(w->ctx, w->file, group));
        labelled = labelled || sum->along;
        size_t n = w->n * w->lives.n_draws * LABELS * sum->n;
        for (int d = 0; d < 2; d++) {
            w->values[d] = malloc(n * sizeof(double));
            if (!w->values[d])
                SNW_TRY(no_memory(w));
        }
        SNW_TRY(snw_lives_total(w->ctx, &w->lives, sum, w->values));
        for (int d = 0; d < 2; d++)
            SNW_TRY(put_total(w, sum, d));
        if (i < 2) {
            w->kept[i] = w->values[1];
            w->values[1] = NULL;
        }
        for (int d = 0; d < 2; d++) {
            free(w->values[d]);
            w->values[d] = NULL;
        }
    }
out:
    return status;
}

/* Costs and QALYs of one sex. @return whether there is a value of all. */
static bool take_sample(struct writer *w, size_t sex)
{
    struct snw_psa *to = &w->sample;
    size_t first = w->lives.n_draws > 1;
    bool known = true;
    for (size_t s = 0; s < w->n; s++)
        for (size_t k = 0; k < to->n_draws; k++) {
            size_t from = (s * w->lives.n_draws + first + k) * LABELS + sex;
            size_t at = s * to->n_draws + k;
            to->cost[at] = w->kept[0][from];
            to->effect[at] = w->kept[1][from];
            known = known && to->cost[at] == to->cost[at] && to->effect[at] == to->effect[at];
        }
    return known;
}

/* Each against the reference. */
static snw_status versus_reference(struct writer *w, size_t sex)
{
    const size_t n = w->sample.n_draws;
    double *increments = snw_increments(&w->sample), *out[SNW_N_SPREADS];
    double found[SNW_N_SPREADS] = {0};
    if (!increments)
        return no_memory(w);
    for (int k = 0; k < SNW_N_SPREADS; k++)
        out[k] = &found[k];
    for (size_t s = 0; s < w->n; s++)
        for (int effect = 0; effect < 2; effect++) {
            size_t row = (size_t)effect * (w->n - 1) + s - 1, at = s * LABELS + sex;
            for (size_t k = 0; k < n; k++)
                w->one[k] = s ? increments[row * n + k] : 0;
            w->table[effect ? QALYS : COST][at] = snw_mean_of(w->one, n);
            snw_spread_columns(w->one, n, 1, w->one, out);
            for (int k = 0; k < SNW_SPREAD_MCVAR; k++)
                w->over[effect][k][at] = found[k];
        }
    for (size_t at = sex; at < w->n * LABELS; at += LABELS) {
        double cost = w->table[COST][at], effect = w->table[QALYS][at];
        w->table[ICER][at] = snw_icer(cost, effect);
        w->table[QUADRANT][at] = snw_quadrant_of(cost, effect);
    }
    free(increments);
    return SNW_OK;
}

static void along_frontier(struct writer *w, size_t sex)
{
    const size_t n = w->sample.n_draws;
    double *cost = w->one, *effect = w->one + w->n;
    for (size_t s = 0; s < w->n; s++) {
        cost[s] = snw_mean_of(w->sample.cost + s * n, n);
        effect[s] = snw_mean_of(w->sample.effect + s * n, n);
    }
    snw_incremental(w->n, cost, effect, w->options);
    for (size_t i = 0; i < w->n; i++) {
        const struct snw_option *o = &w->options[i];
        size_t at = o->strategy * LABELS + sex;
        w->table[DOMINANCE][at] = o->standing;
        if (o->versus == o->strategy)
            continue;
        w->table[VERSUS][at] = (double)o->versus;
        w->table[COST_FRONTIER][at] = o->cost;
        w->table[QALYS_FRONTIER][at] = o->effect;
        w->table[ICER_FRONTIER][at] = o->icer;
    }
}

static void at_threshold(struct writer *w, size_t t, size_t sex)
{
    struct snw_benefit b = snw_benefit_at(&w->sample, w->threshold[t], w->of);
    for (size_t s = 0; s < w->n; s++) {
        size_t at = (s * w->n_thresholds + t) * LABELS + sex;
        w->table[NMB][at] = w->of[s].nmb;
        w->table[CEAC][at] = w->of[s].probability;
        w->table[LOSS][at] = w->of[s].loss;
    }
    size_t at = t * LABELS + sex;
    w->table[OPTIMAL][at] = (double)b.best;
    w->table[CEAF][at] = w->of[b.best].probability;
    w->table[EVPI][at] = b.evpi;
    w->table[EVPI_SE][at] = b.evpi_se;
}

/* Codes have values of their own for none. */
static const void *coded(enum snw_dtype type, const double *values, size_t n, void *room)
{
    for (size_t i = 0; i < n && type == SNW_U8; i++)
        ((uint8_t *)room)[i] = values[i] == values[i] ? (uint8_t)values[i] : CODE_FILL;
    for (size_t i = 0; i < n && type == SNW_I32; i++)
        ((int32_t *)room)[i] = values[i] == values[i] ? (int32_t)values[i] : -1;
    return type == SNW_F64 ? values : room;
}

static snw_status put_table(struct writer *w, int k)
{
    snw_status status = SNW_OK;
    const int by = tables[k].by;
    const enum snw_dtype type = tables[k].type;
    const struct snw_world *world = w->lives.world;
    char unit[SNW_UNIT_MAX];
    struct snw_variable v = {.group = group,
                             .name = tables[k].name,
                             .type = type,
                             .units = snw_unit_of(world, tables[k].unit, unit),
                             .long_name = tables[k].doc,
                             .has_fill = true,
                             .fill = type == SNW_F64  ? __builtin_nan("")
                                     : type == SNW_U8 ? CODE_FILL
                                                      : -1,
                             .flags = tables[k].flags,
                             .n_flags = tables[k].n_flags};
    if (by & BY_SCENARIO)
        v.dims[v.n_dims++] = "scenario";
    if (by & BY_THRESHOLD)
        v.dims[v.n_dims++] = "threshold";
    v.dims[v.n_dims++] = "sex";
    v.dims[v.n_dims++] = "subgroup";
    void *room = malloc(length_of(w, by) * sizeof(int32_t));
    if (!room)
        SNW_TRY(no_memory(w));
    SNW_TRY(
        snw_variable_write(w->file, &v, coded(type, w->table[k], length_of(w, by), room), w->ctx));
    SNW_TRY(snw_money_attributes(w->ctx, w->file, world, &v, NULL));
    if (k <= QALYS && w->lives.spread)
        SNW_TRY(snw_spreads_write(w->ctx, w->file, world, &v, NULL, w->over[k]));
out:
    free(room);
    return status;
}

/* A table of missing values. */
static double *none(size_t n)
{
    double *values = malloc((n + 1) * sizeof *values);
    for (size_t i = 0; values && i < n; i++)
        values[i] = __builtin_nan("");
    return values;
}

static snw_status make_room(struct writer *w)
{
    const size_t n = w->lives.n_draws > 1 ? w->lives.n_draws - 1 : 1;
    bool there = true;
    for (int k = 0; k < N_TABLES; k++)
        there = (w->table[k] = none(length_of(w, tables[k].by))) && there;
    for (int k = 0; k < 2 * SNW_SPREAD_MCVAR; k++)
        there = (w->over[k % 2][k / 2] = none(w->n * LABELS)) && there;
    w->sample = (struct snw_psa){w->n, n, none(w->n * n), none(w->n * n)};
    w->options = malloc(w->n * sizeof *w->options);
    w->of = malloc(w->n * sizeof *w->of);
    w->one = none(n + 2 * w->n);
    there = there && w->sample.cost && w->sample.effect && w->options && w->of && w->one;
    return there ? SNW_OK : no_memory(w);
}

static snw_status write_thresholds(struct writer *w)
{
    char unit[SNW_UNIT_MAX];
    const struct snw_variable v = {.group = group,
                                   .name = "threshold",
                                   .type = SNW_F64,
                                   .units = snw_unit_of(w->lives.world, "USD year-1", unit),
                                   .long_name = "Willingness to pay for a QALY"};
    return snw_coordinate_write(w->file, &v, w->n_thresholds, w->threshold, w->ctx);
}

/* What is concluded from the totals that were kept. */
static snw_status write_decisions(struct writer *w)
{
    snw_status status = SNW_OK;
    const struct snw_settings *settings = w->lives.world->settings;
    if (w->lives.n_draws > SNW_LEAST_DRAWS)
        w->n_thresholds =
            snw_read_reals(settings->willingness_to_pay, w->threshold, SNW_THRESHOLDS_MAX);
    SNW_TRY(make_room(w));
    for (size_t sex = 0; sex < LABELS; sex++) {
        if (!take_sample(w, sex))
            continue;
        SNW_TRY(versus_reference(w, sex));
        along_frontier(w, sex);
        for (size_t t = 0; t < w->n_thresholds; t++)
            at_threshold(w, t, sex);
    }
    if (w->n_thresholds)
        SNW_TRY(write_thresholds(w));
    for (int k = 0; k < (w->n_thresholds ? N_TABLES : NMB); k++)
        SNW_TRY(put_table(w, k));
    SNW_TRY(snw_attribute_text(w->file, group, "decided_by",
                               w->lives.spread ? "means over draws, draw 0 left out" : "draw 0",
                               w->ctx));
out:
    return status;
}

static snw_status write_axes(struct writer *w)
{
    snw_status status = SNW_OK;
    static const char *const subgroups[] = {"all"};
    const struct snw_settings *settings = w->lives.world->settings;
    const struct snw_variable v = {
        .group = group, .name = "subgroup", .type = SNW_TEXT, .long_name = "Subgroup"};
    char text[192] = "From the day people are met, to which values are discounted, to the end of "
                     "follow-up; people count alike, without weights";
    if (settings->mode == SNW_MODE_BIRTH_COHORT)
        snprintf(text, sizeof text,
                 "From the birthday %d, to which values are discounted, of people alive then; as "
                 "in `sinew decide`",
                 snw_discount_age(settings));
    SNW_TRY(snw_group_create(w->file, group, w->ctx));
    SNW_TRY(snw_scenario_axis(w->ctx, w->file, w->lives.world, group));
    SNW_TRY(snw_draw_axis(w->ctx, w->file, group, w->lives.n_draws));
    SNW_TRY(snw_sex_axis(w->ctx, w->file, group));
    SNW_TRY(snw_coordinate_write(w->file, &v, 1, subgroups, w->ctx));
    SNW_TRY(snw_attribute_text(w->file, group, "comment", text, w->ctx));
out:
    return status;
}

/* Where scenarios have other people alive when totals begin, they are not compared. */
static snw_status say_unlike(struct writer *w)
{
    const struct snw_scenario *list = w->lives.world->settings->scenarios.list;
    char text[256];
    snprintf(text, sizeof text,
             "at %d %s has other people alive than %s: nothing is compared, they differ from "
             "earlier on",
             snw_discount_age(w->lives.world->settings), list[w->lives.unlike].name, list[0].name);
    return snw_attribute_text(w->file, group, "not_compared", text, w->ctx);
}

snw_status snw_economics_write(struct snw_ctx *ctx, struct snw_file *file,
                               const struct snw_world *world, const struct snw_totals *totals,
                               const struct snw_spread *spread)
{
    snw_status status = SNW_OK;
    struct writer w = {
        .ctx = ctx, .file = file, .lives = {world, totals, spread, 1, 0}, .n = world->n_scenarios};
    w.lives.n_draws += spread ? spread->rows.state.n : 0;
    SNW_TRY(write_axes(&w));
    SNW_TRY(write_totals(&w));
    if (w.lives.unlike)
        SNW_TRY(say_unlike(&w));
    else if (w.n > 1 && w.kept[0] && w.kept[1])
        SNW_TRY(write_decisions(&w));
out:
    for (int d = 0; d < 2; d++) {
        free(w.values[d]);
        free(w.kept[d]);
        for (int k = 0; k < SNW_N_SPREADS; k++)
            free(w.over[d][k]);
    }
    for (int k = 0; k < N_TABLES; k++)
        free(w.table[k]);
    free(w.sample.cost);
    free(w.sample.effect);
    free(w.options);
    free(w.of);
    free(w.one);
    return status;
}
