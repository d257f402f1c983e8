/* What is best for women and for men, what choosing for each is worth, and who gains how much. */
#include <stdlib.h>

#include "core/vmath.h"
#include "decision/benefit.h"
#include "decision/figures.h"
#include "decision/incremental.h"
#include "decision/value.h"

const char *const snw_group_names[SNW_GROUPS] = {"women", "men"};

static const char qaly[] = "QALY";

struct groups {
    const struct snw_evidence *of; /* (SNW_GROUPS,) */
    const struct snw_question *q;
    struct snw_figures *f;
    double share[SNW_GROUPS];             /* of the people */
    struct snw_strategy_benefit *benefit; /* (n_strategies,) */
    double *values, *sorted;              /* (n_draws,) */
};

static double incremental(const struct snw_psa *s, const double *values, size_t i, size_t k)
{
    return values[i * s->n_draws + k] - values[k];
}

static void add_spread(const struct groups *g, struct snw_figure figure)
{
    size_t n = g->of->sample.n_draws;
    struct snw_spread_of_draws spread = snw_spread_over(g->values, n, g->sorted);
    figure.value = spread.mean;
    figure.se = spread.sd / snw_sqrt_f64((double)n);
    figure.low = spread.p025;
    figure.high = spread.p975;
    snw_figure_add(g->f, figure);
}

/* Increments and their ratio in one group. */
static void increments(const struct groups *g, size_t group)
{
    const struct snw_evidence *e = &g->of[group];
    const struct snw_psa *s = &e->sample;
    for (size_t i = 1; i < s->n_strategies; i++) {
        struct snw_figure f = snw_figure_of("group", "incremental_cost", e->money.unit, 0);
        double mean[2];
        f.about = snw_group_names[group];
        f.strategy = e->strategies.text[i];
        f.versus = e->strategies.text[0];
        for (int effect = 0; effect < 2; effect++) {
            for (size_t k = 0; k < s->n_draws; k++)
                g->values[k] = incremental(s, effect ? s->effect : s->cost, i, k);
            mean[effect] = snw_mean_of(g->values, s->n_draws);
            f.statistic = effect ? "incremental_qaly" : "incremental_cost";
            f.unit = effect ? qaly : e->money.unit;
            add_spread(g, f);
        }
        f.statistic = "icer";
        f.unit = e->money.per_qaly;
        f.value = snw_icer(mean[0], mean[1]);
        f.note = snw_quadrant_name(snw_quadrant_of(mean[0], mean[1]));
        snw_figure_add(g->f, f);
    }
}

/* The best for each group at a threshold, and what that is worth above one choice for all:
   the static value of heterogeneity (Espinoza and others 2014, Med Decis Making 34:951). */
static void choices(const struct groups *g, double threshold)
{
    const struct snw_evidence *e = g->of;
    double each = 0, all = -__builtin_inf();
    for (size_t group = 0; group < SNW_GROUPS; group++) {
        for (size_t i = 0; i < e->n_strategies; i++)
            g->benefit[i] = (struct snw_strategy_benefit){0};
        struct snw_benefit b = snw_benefit_at(&g->of[group].sample, threshold, g->benefit);
        each += g->share[group] * g->benefit[b.best].nmb;
        for (size_t i = 0; i < e->n_strategies; i++) {
            struct snw_figure f = snw_figure_of("group", "nmb", e->money.unit, g->benefit[i].nmb);
            f.about = snw_group_names[group];
            f.strategy = e->strategies.text[i];
            f.threshold = threshold;
            f.note = i == b.best ? "chosen: highest mean net benefit" : NULL;
            snw_figure_add(g->f, f);
            f.statistic = "probability";
            f.unit = "1";
            f.value = g->benefit[i].probability;
            snw_figure_add(g->f, f);
        }
    }
    for (size_t i = 0; i < e->n_strategies; i++) {
        double nmb = 0;
        for (size_t group = 0; group < SNW_GROUPS; group++) {
            const struct snw_psa *s = &g->of[group].sample;
            nmb +=
                g->share[group] * (threshold * snw_mean_of(s->effect + i * s->n_draws, s->n_draws) -
                                   snw_mean_of(s->cost + i * s->n_draws, s->n_draws));
        }
        all = nmb > all ? nmb : all;
    }
    struct snw_figure f =
        snw_figure_of("choice_by_group", "value_of_choosing_by_group", e->money.unit, each - all);
    f.threshold = threshold;
    snw_figure_add(g->f, f);
}

double snw_equally_distributed(size_t n, const double *share, const double *health, double aversion)
{
    double sum = 0, power = 1 - aversion;
    bool logarithm = power < 1e-9 && power > -1e-9;
    for (size_t i = 0; i < n; i++) {
        if (!(health[i] > 0))
            return __builtin_nan("");
        double ln = snw_log_f64(health[i]);
        sum += share[i] * (logarithm ? ln : snw_exp_f64(power * ln));
    }
    return snw_exp_f64(logarithm ? sum : snw_log_f64(sum) / power);
}

/* Gains weighted by group in one draw, and health lost elsewhere by what they cost, which all share
   alike. */
static double weighted(const struct groups *g, double threshold, size_t i, size_t k)
{
    double net = 0, weights = 0;
    for (size_t group = 0; group < SNW_GROUPS; group++)
        weights += g->share[group] * g->q->equity->weight[group];
    for (size_t group = 0; group < SNW_GROUPS; group++) {
        const struct snw_psa *s = &g->of[group].sample;
        net += g->share[group] * (threshold * g->q->equity->weight[group] / weights *
                                      incremental(s, s->effect, i, k) -
                                  incremental(s, s->cost, i, k));
    }
    return net;
}

/* Equally distributed equivalent health of a strategy in one draw. */
static double equivalent(const struct groups *g, double threshold, size_t i, size_t k)
{
    double health[SNW_GROUPS], cost = 0;
    for (size_t group = 0; group < SNW_GROUPS; group++)
        cost += g->share[group] * incremental(&g->of[group].sample, g->of[group].sample.cost, i, k);
    for (size_t group = 0; group < SNW_GROUPS; group++)
        health[group] =
            g->of[group].sample.effect[i * g->of->sample.n_draws + k] - cost / threshold;
    return snw_equally_distributed(SNW_GROUPS, g->share, health, g->q->equity->aversion);
}

static void equity(const struct groups *g, double threshold)
{
    const struct snw_evidence *e = g->of;
    size_t n = e->sample.n_draws;
    for (size_t i = 1; i < e->n_strategies; i++) {
        struct snw_figure f = snw_figure_of("equity", "weighted_incremental_nmb", e->money.unit, 0);
        f.strategy = e->strategies.text[i];
        f.versus = e->strategies.text[0];
        f.threshold = threshold;
        for (size_t k = 0; k < n; k++)
            g->values[k] = weighted(g, threshold, i, k);
        add_spread(g, f);
        if (!(threshold > 0))
            continue;
        f.statistic = "incremental_equivalent_health";
        f.unit = qaly;
        for (size_t k = 0; k < n; k++)
            g->values[k] = equivalent(g, threshold, i, k) - equivalent(g, threshold, 0, k);
        add_spread(g, f);
    }
}

snw_status snw_conclude_groups(struct snw_ctx *ctx, const struct snw_evidence *groups,
                               const struct snw_question *question, struct snw_figures *figures)
{
    snw_status status = SNW_OK;
    size_t n = groups->sample.n_draws;
    double persons = groups[SNW_WOMEN].persons + groups[SNW_MEN].persons;
    struct groups g = {.of = groups,
                       .q = question,
                       .f = figures,
                       .benefit = malloc(groups->n_strategies * sizeof *g.benefit),
                       .values = malloc(n * sizeof(double)),
                       .sorted = malloc(n * sizeof(double))};
    if (!g.benefit || !g.values || !g.sorted)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for groups"));
    for (size_t group = 0; group < SNW_GROUPS; group++)
        g.share[group] = groups[group].persons / persons;
    for (size_t group = 0; group < SNW_GROUPS; group++)
        increments(&g, group);
    for (size_t t = 0; t < question->n_thresholds; t++)
        choices(&g, question->threshold[t]);
    for (size_t t = 0; question->equity && t < question->n_thresholds; t++)
        equity(&g, question->threshold[t]);
out:
    free(g.benefit);
    free(g.values);
    free(g.sorted);
    return status;
}
