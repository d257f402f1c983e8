/* EVPPI and one-way sensitivity by regression on the draws. */
#include "decision/value.h"

#include <stdlib.h>

#include "core/vmath.h"
#include "decision/shrink.h"
#include "numerics/quantiles.h"

double *snw_increments(const struct snw_psa *s)
{
    size_t n = s->n_draws, d = s->n_strategies - 1;
    double *x = malloc(2 * d * n * sizeof *x);
    for (size_t i = 0; x && i < d; i++)
        for (size_t k = 0; k < n; k++) {
            x[i * n + k] = s->cost[(i + 1) * n + k] - s->cost[k];
            x[(d + i) * n + k] = s->effect[(i + 1) * n + k] - s->effect[k];
        }
    return x;
}

/* Mean of the highest net benefit less the highest of the means; increments are (2 d, n). */
static double gain(const double *x, size_t d, size_t n, double threshold)
{
    double highest = 0, best = 0;
    for (size_t k = 0; k < n; k++) {
        double top = 0;
        for (size_t i = 0; i < d; i++) {
            double net = threshold * x[(d + i) * n + k] - x[i * n + k];
            top = net > top ? net : top;
        }
        highest += top / (double)n;
    }
    for (size_t i = 0; i < d; i++) {
        double net = threshold * snw_mean_of(x + (d + i) * n, n) - snw_mean_of(x + i * n, n);
        best = net > best ? net : best;
    }
    return highest > best ? highest - best : 0;
}

/* Values at all thresholds of the fit without a fold, or with all draws. */
static snw_status solve(struct snw_ctx *ctx, struct snw_regression *r, int fold, double *room,
                        size_t n, const double *threshold, double *value)
{
    snw_status status = SNW_OK;
    size_t outcomes = r->n_outcomes, kept = 0;
    double *noise = room, *x = room + outcomes * outcomes;
    snw_regression_solve(r, fold);
    for (size_t k = 0; k < r->n_draws; k++)
        kept += fold < 0 || (int)(k % SNW_FOLDS) != fold;
    for (size_t o = 0, at = 0; o < outcomes; o++)
        for (size_t k = 0; k < r->n_draws; k++)
            if (fold < 0 || (int)(k % SNW_FOLDS) != fold)
                x[at++] = r->fitted[o * r->n_draws + k];
    snw_regression_noise(r, (double)kept, noise);
    SNW_TRY(snw_shrink(ctx, outcomes, kept, noise, x));
    for (size_t t = 0; t < n; t++)
        value[t] = gain(x, outcomes / 2, kept, threshold[t]);
out:
    return status;
}

snw_status snw_evppi_of(struct snw_ctx *ctx, const struct snw_psa *sample,
                        const struct snw_regressors *on, size_t n, const double *threshold,
                        struct snw_evppi *evppi)
{
    snw_status status = SNW_OK;
    struct snw_regression r = {.kind = SNW_BASIS_NONE};
    size_t outcomes = 2 * (sample->n_strategies - 1);
    double *increments = NULL, *room = NULL, *value = NULL;
    for (size_t t = 0; t < n; t++)
        evppi[t] = (struct snw_evppi){__builtin_nan(""), __builtin_nan("")};
    if (snw_basis_for(on->n, on->n_draws) == SNW_BASIS_NONE)
        return SNW_OK;
    increments = snw_increments(sample);
    room = malloc((outcomes * outcomes + outcomes * sample->n_draws) * sizeof *room);
    value = malloc((SNW_FOLDS + 1) * n * sizeof *value);
    if (!increments || !room || !value)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the value of information"));
    SNW_TRY(snw_regression_init(ctx, on, outcomes, increments, &r));
    for (int fold = -1; fold < SNW_FOLDS; fold++)
        SNW_TRY(solve(ctx, &r, fold, room, n, threshold, value + (size_t)(fold + 1) * n));
    for (size_t t = 0; t < n; t++) {
        double mean = 0, squares = 0;
        for (size_t f = 1; f <= SNW_FOLDS; f++)
            mean += value[f * n + t] / SNW_FOLDS;
        for (size_t f = 1; f <= SNW_FOLDS; f++)
            squares += (value[f * n + t] - mean) * (value[f * n + t] - mean);
        evppi[t] =
            (struct snw_evppi){value[t], snw_sqrt_f64((SNW_FOLDS - 1.0) / SNW_FOLDS * squares)};
    }
out:
    snw_regression_free(&r);
    free(increments);
    free(room);
    free(value);
    return status;
}

struct place {
    double x;
    size_t draw;
};

static int by_x(const void *a, const void *b)
{
    double x = ((const struct place *)a)->x, y = ((const struct place *)b)->x;
    return (x > y) - (x < y);
}

snw_status snw_one_way(struct snw_ctx *ctx, const struct snw_psa *sample, const double *parameter,
                       double threshold, double *low, double *high)
{
    snw_status status = SNW_OK;
    struct snw_regression r = {.kind = SNW_BASIS_NONE};
    const struct snw_regressors on = {1, sample->n_draws, &parameter};
    size_t n = sample->n_draws, d = sample->n_strategies - 1;
    double *x = snw_increments(sample);
    struct place *places = malloc(n * sizeof *places);
    if (!x || !places)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a regression"));
    for (size_t i = 0; i < d * n; i++)
        x[i] = threshold * x[d * n + i] - x[i];
    SNW_TRY(snw_regression_init(ctx, &on, d, x, &r));
    snw_regression_solve(&r, -1);
    for (size_t k = 0; k < n; k++)
        places[k] = (struct place){parameter[k], k};
    qsort(places, n, sizeof *places, by_x);
    low[0] = high[0] = 0;
    for (size_t i = 0; i < d; i++) {
        for (size_t k = 0; k < n; k++) /* the fit, in the order of the parameter */
            x[k] = r.fitted[i * n + places[k].draw];
        low[i + 1] = snw_sorted_quantile(x, n, 0.025);
        high[i + 1] = snw_sorted_quantile(x, n, 0.975);
    }
out:
    snw_regression_free(&r);
    free(x);
    free(places);
    return status;
}
