/* Two parameters at a time: incremental net benefit over both, by regression. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decision/benefit.h"
#include "decision/figures.h"
#include "decision/value.h"
#include "numerics/quantiles.h"

enum { PARTS = SNW_PAIR_PARTS, CELLS = PARTS * PARTS };

/* A parameter cut into fifths of the draws. */
struct side {
    const struct snw_element *element;
    double edge[PARTS + 1];
};

static void cut(struct side *side, size_t n, double *sorted)
{
    memcpy(sorted, side->element->values, n * sizeof *sorted);
    snw_sort(sorted, n);
    for (size_t p = 0; p <= PARTS; p++)
        side->edge[p] = snw_sorted_quantile(sorted, n, (double)p / PARTS);
}

static size_t part_of(const struct side *side, size_t draw)
{
    size_t p = 0;
    while (p + 1 < PARTS && side->element->values[draw] > side->edge[p + 1])
        p++;
    return p;
}

struct map {
    size_t *cell;    /* (n_draws,) */
    double *outcome; /* (strategies - 1, n_draws) incremental net benefit */
    double *product; /* (n_draws,) of both, standardised */
    double *mean;    /* (1 + SNW_FOLDS, strategies - 1, CELLS) */
    size_t n[CELLS]; /* draws in a cell */
};

/* The mean of a row of values over the draws of each cell; NaN of an empty one. */
static void cell_means(const struct map *m, const double *values, size_t n_draws, double *mean)
{
    memset(mean, 0, CELLS * sizeof *mean);
    for (size_t k = 0; k < n_draws; k++)
        mean[m->cell[k]] += values[k] / (double)m->n[m->cell[k]];
    for (size_t c = 0; c < CELLS; c++)
        mean[c] = m->n[c] ? mean[c] : __builtin_nan("");
}

/* The fit with all draws and without each fold. */
static snw_status fit(struct snw_ctx *ctx, const struct snw_evidence *e, const struct side *side,
                      struct map *m)
{
    snw_status status = SNW_OK;
    struct snw_regression r = {.kind = SNW_BASIS_NONE};
    size_t n = e->sample.n_draws, d = e->n_strategies - 1;
    const double *on[] = {side[0].element->values, side[1].element->values, m->product};
    struct snw_spread_of_draws spread[2];
    for (int i = 0; i < 2; i++)
        spread[i] = snw_spread_over(on[i], n, m->product);
    for (size_t k = 0; k < n; k++)
        m->product[k] = (on[0][k] - spread[0].mean) * (on[1][k] - spread[1].mean) /
                        (spread[0].sd * spread[1].sd);
    SNW_TRY(snw_regression_init(ctx, &(struct snw_regressors){3, n, on}, d, m->outcome, &r));
    for (int fold = -1; fold < SNW_FOLDS; fold++) {
        snw_regression_solve(&r, fold);
        for (size_t i = 0; i < d; i++)
            cell_means(m, r.fitted + i * n, n, m->mean + ((size_t)(fold + 1) * d + i) * CELLS);
    }
out:
    snw_regression_free(&r);
    return status;
}

static void tell(const struct snw_evidence *e, const struct snw_question *q, const struct map *m,
                 struct snw_figures *figures)
{
    size_t d = e->n_strategies - 1;
    for (size_t i = 0; i < d; i++)
        for (size_t c = 0; c < CELLS; c++) {
            const double *value = m->mean + i * CELLS + c;
            struct snw_figure f =
                snw_figure_of("two_way", "incremental_nmb", e->money.unit, *value);
            f.strategy = e->strategies.text[i + 1];
            f.versus = e->strategies.text[0];
            f.about = q->pair->label;
            f.note = q->pair->note[c];
            f.threshold = snw_middle_threshold(q);
            f.se = snw_folds_error(value + d * CELLS, d * CELLS);
            snw_figure_add(figures, f);
        }
}

static void label(struct snw_pair *pair, const struct side *side, const struct map *m)
{
    snprintf(pair->label, sizeof pair->label, "%.90s x %.90s", side[0].element->key,
             side[1].element->key);
    for (size_t c = 0; c < CELLS; c++) {
        const double *a = side[0].edge + c / PARTS, *b = side[1].edge + c % PARTS;
        snprintf(pair->note[c], sizeof pair->note[c], "%.6g to %.6g x %.6g to %.6g: %zu draws",
                 a[0], a[1], b[0], b[1], m->n[c]);
    }
}

snw_status snw_conclude_pair(struct snw_ctx *ctx, const struct snw_evidence *e,
                             const struct snw_question *q, struct snw_figures *figures)
{
    snw_status status = SNW_OK;
    size_t n = e->sample.n_draws, d = e->n_strategies - 1;
    double threshold = snw_middle_threshold(q), *increments = snw_increments(&e->sample);
    struct side side[2];
    struct map m = {.cell = malloc(n * sizeof(size_t)),
                    .outcome = malloc(d * n * sizeof(double)),
                    .product = malloc(n * sizeof(double)),
                    .mean = malloc((1 + SNW_FOLDS) * d * CELLS * sizeof(double))};
    if (!increments || !m.cell || !m.outcome || !m.product || !m.mean)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the two-way analysis"));
    for (int i = 0; i < 2; i++) {
        SNW_TRY(snw_element_find(ctx, e, q->pair->key[i], &side[i].element));
        cut(&side[i], n, m.product);
    }
    for (size_t k = 0; k < n; k++) {
        m.cell[k] = part_of(&side[0], k) * PARTS + part_of(&side[1], k);
        m.n[m.cell[k]]++;
    }
    for (size_t k = 0; k < d * n; k++)
        m.outcome[k] = threshold * increments[d * n + k] - increments[k];
    SNW_TRY(fit(ctx, e, side, &m));
    label(q->pair, side, &m);
    tell(e, q, &m, figures);
out:
    free(increments);
    free(m.cell);
    free(m.outcome);
    free(m.product);
    free(m.mean);
    return status;
}
