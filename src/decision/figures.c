/* Totals, increments, frontier, net benefit and acceptability. */
#include "decision/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"
#include "decision/benefit.h"
#include "decision/incremental.h"
#include "decision/shrink.h"
#include "decision/value.h"

enum { CURVE_STEPS = 40 };

static const char qaly[] = "QALY", share[] = "1";

void snw_figure_add(struct snw_figures *f, struct snw_figure figure)
{
    if (f->n == f->room) {
        size_t room = 2 * f->room + 256;
        struct snw_figure *more = realloc(f->list, room * sizeof *more);
        if (!more) {
            f->short_of_memory = true;
            return;
        }
        f->list = more;
        f->room = room;
    }
    f->list[f->n++] = figure;
}

struct snw_figure snw_figure_of(const char *table, const char *statistic, const char *unit,
                                double value)
{
    double none = __builtin_nan("");
    return (struct snw_figure){.table = table,
                               .statistic = statistic,
                               .unit = unit,
                               .threshold = none,
                               .value = value,
                               .se = none,
                               .low = none,
                               .high = none};
}

void snw_figures_free(struct snw_figures *f)
{
    free(f->list);
    *f = (struct snw_figures){.n = 0};
}

double snw_middle_threshold(const struct snw_question *q)
{
    return q->threshold[(q->n_thresholds - 1) / 2];
}

struct conclusion {
    const struct snw_evidence *e;
    const struct snw_question *q;
    struct snw_figures *f;
    struct snw_psa corrected;        /* costs NULL without noise */
    double *increments;              /* snw_increments */
    double *sorted, *net;            /* (n_draws,) */
    double *mean_cost, *mean_effect; /* (n_strategies,) over draws */
    struct snw_strategy_benefit *of, *of_corrected;
    double *noise; /* of net benefits */
    double *most;  /* (n_thresholds,) EVPI with the noise taken out */
};

static void spread_of(const struct conclusion *c, const double *values, struct snw_figure figure)
{
    size_t n = c->e->sample.n_draws;
    struct snw_spread_of_draws spread = snw_spread_over(values, n, c->sorted);
    figure.value = spread.mean;
    figure.se = spread.sd / snw_sqrt_f64((double)n);
    figure.low = spread.p025;
    figure.high = spread.p975;
    snw_figure_add(c->f, figure);
}

static void totals(const struct conclusion *c)
{
    const struct snw_psa *s = &c->e->sample;
    for (size_t i = 0; i < s->n_strategies; i++) {
        const struct {
            const char *statistic, *point, *unit;
            const double *draws;
            double at_point;
        } both[] = {{"cost", "cost_point_estimate", c->e->money.unit, s->cost, c->e->point.cost[i]},
                    {"qaly", "qaly_point_estimate", qaly, s->effect, c->e->point.effect[i]}};
        for (size_t k = 0; k < 2; k++) {
            struct snw_figure f = snw_figure_of("totals", both[k].statistic, both[k].unit, 0);
            f.strategy = c->e->strategies.text[i];
            spread_of(c, both[k].draws + i * s->n_draws, f);
            f = snw_figure_of("totals", both[k].point, both[k].unit, both[k].at_point);
            f.strategy = c->e->strategies.text[i];
            snw_figure_add(c->f, f);
        }
    }
}

/* A ratio against the reference, where the quadrant gives it a meaning. */
static void ratio(const struct conclusion *c, struct snw_figure f, double cost, double effect)
{
    f.value = snw_icer(cost, effect);
    f.unit = c->e->money.per_qaly;
    f.note = snw_quadrant_name(snw_quadrant_of(cost, effect));
    snw_figure_add(c->f, f);
}

static void shares(const struct conclusion *c, struct snw_figure f, const double *cost,
                   const double *effect)
{
    size_t n = c->e->sample.n_draws;
    for (int quadrant = 0; quadrant < SNW_N_QUADRANTS; quadrant++) {
        size_t in = 0;
        for (size_t k = 0; k < n; k++)
            in += (int)snw_quadrant_of(cost[k], effect[k]) == quadrant;
        f.table = "quadrants";
        f.statistic = snw_quadrant_words[quadrant];
        f.unit = share;
        f.value = (double)in / (double)n;
        f.se = snw_sqrt_f64(f.value * (1 - f.value) / (double)n);
        snw_figure_add(c->f, f);
    }
}

/* How much of the variance between draws is luck. */
static void noise_share(const struct conclusion *c, struct snw_figure f, size_t at,
                        const double *increments)
{
    size_t d = 2 * (c->e->n_strategies - 1);
    if (!c->q->noise)
        return;
    double sd = snw_spread_over(increments, c->e->sample.n_draws, c->sorted).sd;
    f.table = "noise";
    f.unit = share;
    f.value = c->q->noise[at * d + at] / (sd * sd);
    snw_figure_add(c->f, f);
}

/* Variance of luck in a strategy's incremental net benefit. */
static double noise_of_net(const struct conclusion *c, size_t i, size_t j, double threshold)
{
    size_t d = c->e->n_strategies - 1, all = 2 * d;
    const double *noise = c->q->noise;
    return noise[i * all + j] + threshold * threshold * noise[(d + i) * all + d + j] -
           threshold * (noise[i * all + d + j] + noise[(d + i) * all + j]);
}

/* Luck's share of the variance of net benefit at the middle threshold, and how many people a draw,
   and its reference pass in proportion, would bring luck's SD to a twentieth of the parameters'. */
static void people_wanted(const struct conclusion *c, struct snw_figure f, size_t i)
{
    const double least = 0.05;
    size_t n = c->e->sample.n_draws, d = c->e->n_strategies - 1;
    double threshold = snw_middle_threshold(c->q);
    if (!c->q->noise)
        return;
    for (size_t k = 0; k < n; k++)
        c->net[k] = threshold * c->increments[(d + i) * n + k] - c->increments[i * n + k];
    double sd = snw_spread_over(c->net, n, c->sorted).sd;
    double luck = noise_of_net(c, i, i, threshold), left = sd * sd - luck;
    f.table = "noise";
    f.statistic = "incremental_nmb";
    f.unit = share;
    f.value = luck / (sd * sd);
    snw_figure_add(c->f, f);
    f.statistic = "people_wanted";
    f.value = left > 0 ? c->e->cohort * luck / (left * least * least) : __builtin_nan("");
    snw_figure_add(c->f, f);
}

static void versus_reference(const struct conclusion *c)
{
    const struct snw_evidence *e = c->e;
    size_t n = e->sample.n_draws, d = e->n_strategies - 1;
    for (size_t i = 0; i < d; i++) {
        const double *cost = c->increments + i * n, *effect = c->increments + (d + i) * n;
        struct snw_figure f =
            snw_figure_of("versus_reference", "incremental_cost", e->money.unit, 0);
        f.strategy = e->strategies.text[i + 1];
        f.versus = e->strategies.text[0];
        struct snw_figure of_effect = f, icer = f, icer_point = f, luck = f;
        spread_of(c, cost, f);
        of_effect.statistic = "incremental_qaly";
        of_effect.unit = qaly;
        spread_of(c, effect, of_effect);
        icer.statistic = "icer";
        ratio(c, icer, snw_mean_of(cost, n), snw_mean_of(effect, n));
        icer_point.statistic = "icer_point_estimate";
        ratio(c, icer_point, e->point.cost[i + 1] - e->point.cost[0],
              e->point.effect[i + 1] - e->point.effect[0]);
        shares(c, f, cost, effect);
        luck.statistic = "incremental_cost";
        noise_share(c, luck, i, cost);
        luck.statistic = "incremental_qaly";
        noise_share(c, luck, d + i, effect);
        people_wanted(c, f, i);
    }
}

static snw_status frontier(struct snw_ctx *ctx, const struct conclusion *c)
{
    const struct snw_evidence *e = c->e;
    struct snw_option *options = malloc(e->n_strategies * sizeof *options);
    if (!options)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the incremental analysis");
    snw_incremental(e->n_strategies, c->mean_cost, c->mean_effect, options);
    for (size_t i = 0; i < e->n_strategies; i++) {
        const struct snw_option *o = &options[i];
        bool compared = o->icer == o->icer;
        struct snw_figure f = snw_figure_of("frontier", "icer", e->money.per_qaly, o->icer);
        f.strategy = e->strategies.text[o->strategy];
        f.versus = compared ? e->strategies.text[o->versus] : NULL;
        f.note = snw_standing_name(o->standing);
        struct snw_figure cost = f, effect = f;
        cost.statistic = "incremental_cost";
        cost.unit = e->money.unit;
        cost.value = compared ? o->cost : __builtin_nan("");
        effect.statistic = "incremental_qaly";
        effect.value = compared ? o->effect : __builtin_nan("");
        effect.unit = qaly;
        snw_figure_add(c->f, cost);
        snw_figure_add(c->f, effect);
        snw_figure_add(c->f, f);
    }
    free(options);
    return SNW_OK;
}

static void net_benefit(const struct conclusion *c, double threshold)
{
    const struct snw_evidence *e = c->e;
    size_t n = e->sample.n_draws, d = e->n_strategies - 1;
    for (size_t i = 0; i <= d; i++) {
        struct snw_figure f = snw_figure_of("net_benefit", "nmb", e->money.unit, c->of[i].nmb);
        f.threshold = threshold;
        f.strategy = e->strategies.text[i];
        snw_figure_add(c->f, f);
        f.statistic = "nhb";
        f.unit = qaly;
        f.value = c->of[i].nhb;
        snw_figure_add(c->f, f);
        f.statistic =
            "threshold_price"; /* what it may cost more and be as good as the best other */
        f.unit = e->money.unit;
        f.value = c->of[i].headroom;
        snw_figure_add(c->f, f);
        if (i == 0)
            continue;
        for (size_t k = 0; k < n; k++)
            c->net[k] =
                threshold * c->increments[(d + i - 1) * n + k] - c->increments[(i - 1) * n + k];
        f.statistic = "incremental_nmb";
        f.versus = e->strategies.text[0];
        spread_of(c, c->net, f);
    }
}

static void add_probability(const struct conclusion *c, struct snw_figure f, const char *statistic,
                            double p)
{
    f.statistic = statistic;
    f.unit = share;
    f.value = p;
    f.se = snw_sqrt_f64(p * (1 - p) / (double)c->e->sample.n_draws);
    snw_figure_add(c->f, f);
}

static void acceptability(const struct conclusion *c, const char *table, double threshold,
                          size_t best)
{
    bool corrected = c->q->noise != NULL;
    for (size_t i = 0; i < c->e->n_strategies; i++) {
        struct snw_figure f =
            snw_figure_of(table, "expected_loss", c->e->money.unit, c->of[i].loss);
        f.threshold = threshold;
        f.strategy = c->e->strategies.text[i];
        f.note = i == best ? "chosen: highest mean net benefit" : NULL;
        add_probability(c, f, "probability", c->of[i].probability);
        if (corrected)
            add_probability(c, f, "probability_corrected", c->of_corrected[i].probability);
        if (i == best)
            add_probability(c, f, "frontier_probability", c->of[i].probability);
        if (i == best && corrected)
            add_probability(c, f, "frontier_probability_corrected", c->of_corrected[i].probability);
        snw_figure_add(c->f, f);
        f.statistic = "expected_loss_corrected";
        f.value = c->of_corrected[i].loss;
        if (corrected)
            snw_figure_add(c->f, f);
    }
}

static void information(const struct conclusion *c, const char *table, double threshold,
                        struct snw_benefit b, const char *of_person, const char *of_all)
{
    struct snw_figure f = snw_figure_of(table, of_person, c->e->money.unit, b.evpi);
    double all = snw_population_value(1, c->q->population, c->q->years, c->e->valuation.cost_rate);
    f.threshold = threshold;
    f.se = b.evpi_se;
    snw_figure_add(c->f, f);
    f.statistic = of_all;
    f.value *= all;
    f.se *= all;
    if (all > 0)
        snw_figure_add(c->f, f);
}

/* Net benefits against the reference with the noise taken out, as costs below nought. At each
   threshold anew: what the noise of one threshold looks like is of no matter to another. */
static snw_status correct(struct snw_ctx *ctx, const struct conclusion *c, double threshold)
{
    size_t n = c->e->sample.n_draws, d = c->e->n_strategies - 1;
    double *cost = c->corrected.cost + n; /* that of the reference stays nought */
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++)
            c->noise[i * d + j] = noise_of_net(c, i, j, threshold);
    for (size_t i = 0; i < d; i++)
        for (size_t k = 0; k < n; k++)
            cost[i * n + k] = c->increments[i * n + k] - threshold * c->increments[(d + i) * n + k];
    return snw_shrink(ctx, d, n, c->noise, cost);
}

/* @param[out] evpi  with the noise taken out; NULL on the way along the curve */
static snw_status at_threshold(struct snw_ctx *ctx, const struct conclusion *c, double threshold,
                               double *evpi)
{
    const bool curve = !evpi;
    snw_status status = SNW_OK;
    struct snw_benefit b = snw_benefit_at(&c->e->sample, threshold, c->of), corrected = b;
    if (c->q->noise) {
        SNW_TRY(correct(ctx, c, threshold));
        corrected = snw_benefit_at(&c->corrected, 0, c->of_corrected);
    }
    if (evpi)
        *evpi = corrected.evpi;
    if (!curve)
        net_benefit(c, threshold);
    acceptability(c, curve ? "curve" : "acceptability", threshold, b.best);
    information(c, curve ? "curve" : "information", threshold, b, "evpi", "evpi_population");
    if (c->q->noise)
        information(c, curve ? "curve" : "information", threshold, corrected, "evpi_corrected",
                    "evpi_population_corrected");
out:
    return status;
}

static snw_status prepare(struct snw_ctx *ctx, struct conclusion *c)
{
    const struct snw_psa *s = &c->e->sample;
    c->increments = snw_increments(s);
    c->sorted = malloc(s->n_draws * sizeof(double));
    c->mean_cost = malloc(s->n_strategies * sizeof(double));
    c->mean_effect = malloc(s->n_strategies * sizeof(double));
    c->net = malloc(s->n_draws * sizeof(double));
    c->of = calloc(s->n_strategies, sizeof *c->of);
    c->noise = calloc(s->n_strategies * s->n_strategies, sizeof *c->noise);
    c->most = malloc(c->q->n_thresholds * sizeof *c->most);
    c->corrected = (struct snw_psa){s->n_strategies, s->n_draws,
                                    calloc(s->n_strategies * s->n_draws, sizeof(double)),
                                    calloc(s->n_strategies * s->n_draws, sizeof(double))};
    c->of_corrected = calloc(s->n_strategies, sizeof *c->of_corrected);
    if (!c->increments || !c->sorted || !c->net || !c->mean_cost || !c->mean_effect || !c->of ||
        !c->of_corrected || !c->noise || !c->most || !c->corrected.cost || !c->corrected.effect)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the decision");
    for (size_t i = 0; i < s->n_strategies; i++) {
        c->mean_cost[i] = snw_mean_of(s->cost + i * s->n_draws, s->n_draws);
        c->mean_effect[i] = snw_mean_of(s->effect + i * s->n_draws, s->n_draws);
    }
    return SNW_OK;
}

/* The two parameters that move net benefit most: of the strategy that is chosen, where that is
   the reference of the first other. */
static void choose_pair(const struct conclusion *c, struct snw_pair *pair)
{
    size_t best = snw_benefit_at(&c->e->sample, snw_middle_threshold(c->q), c->of).best, found = 0;
    const char *strategy = c->e->strategies.text[best > 0 ? best : 1];
    for (size_t i = 0; i < c->f->n && found < 2; i++)
        if (strcmp(c->f->list[i].table, "one_way") == 0 && c->f->list[i].strategy == strategy)
            snprintf(pair->key[found++], sizeof pair->key[0], "%s", c->f->list[i].about);
}

static snw_status extras(struct snw_ctx *ctx, const struct conclusion *c)
{
    snw_status status = SNW_OK;
    struct snw_pair *pair = c->q->pair;
    if (c->q->trial)
        SNW_TRY(snw_conclude_trial(ctx, c->e, c->q, c->q->noise ? c->most : NULL, c->f));
    if (pair && !pair->key[0][0])
        choose_pair(c, pair);
    if (pair && pair->key[1][0])
        SNW_TRY(snw_conclude_pair(ctx, c->e, c->q, c->f));
out:
    return status;
}

snw_status snw_conclude(struct snw_ctx *ctx, const struct snw_evidence *evidence,
                        const struct snw_question *question, struct snw_figures *figures)
{
    snw_status status = SNW_OK;
    struct conclusion c = {.e = evidence, .q = question, .f = figures};
    double last = question->threshold[question->n_thresholds - 1];
    SNW_TRY(prepare(ctx, &c));
    totals(&c);
    versus_reference(&c);
    SNW_TRY(frontier(ctx, &c));
    for (size_t t = 0; t < question->n_thresholds; t++)
        SNW_TRY(at_threshold(ctx, &c, question->threshold[t], &c.most[t]));
    SNW_TRY(snw_conclude_information(ctx, evidence, question, question->noise ? c.most : NULL,
                                     figures));
    SNW_TRY(extras(ctx, &c));
    for (int step = 0; step <= CURVE_STEPS; step++)
        SNW_TRY(at_threshold(ctx, &c, 1.5 * last * step / CURVE_STEPS, NULL));
    if (figures->short_of_memory)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the figures"));
out:
    free(c.increments);
    free(c.sorted);
    free(c.net);
    free(c.mean_cost);
    free(c.mean_effect);
    free(c.of);
    free(c.of_corrected);
    free(c.noise);
    free(c.most);
    free(c.corrected.cost);
    free(c.corrected.effect);
    return status;
}
