/* EVPPI, EVSI and one-way sensitivity by regression on the draws. */
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

static const double rounding = 1e-9; /* relative: what is less is nothing */

static double above(double highest, double best)
{
    return highest - best > rounding * highest ? highest - best : 0;
}

/* The highest of the mean net benefits; increments are (2 d, n). */
static double best_mean(const double *x, size_t d, size_t n, double threshold)
{
    double best = 0;
    for (size_t i = 0; i < d; i++) {
        double net = threshold * snw_mean_of(x + (d + i) * n, n) - snw_mean_of(x + i * n, n);
        best = net > best ? net : best;
    }
    return best;
}

/* Mean of the highest net benefit less the highest of the means. */
static double gain(const double *x, size_t d, size_t n, double threshold)
{
    double highest = 0;
    for (size_t k = 0; k < n; k++) {
        double top = 0;
        for (size_t i = 0; i < d; i++) {
            double net = threshold * x[(d + i) * n + k] - x[i * n + k];
            top = net > top ? net : top;
        }
        highest += top / (double)n;
    }
    return above(highest, best_mean(x, d, n, threshold));
}

enum { STEPS = 8, REACH = 6, STEPS_MOST = 1 << 16 }; /* of the estimate's SD */

/* What the regression is done with. */
struct fit {
    struct snw_regression r;
    struct snw_estimate estimate; /* parameter NULL: it will be known */
    double *increments, *room, *value, *near, *most;
    size_t n;
    const double *threshold; /* (n,) */
};

/* All estimates that could come out, in steps of an eighth of their SD s. */
struct steps {
    double s, first, step;
    size_t n;
};

/* With an s so small that these would be too many an estimate is as good as the truth, and s is
   made larger. @param[in] theta (n,) */
static struct steps steps_over(const double *theta, size_t n, double s)
{
    double low = theta[0], high = theta[0];
    for (size_t k = 1; k < n; k++) {
        low = theta[k] < low ? theta[k] : low;
        high = theta[k] > high ? theta[k] : high;
    }
    double least = (high - low) * STEPS / (STEPS_MOST - 2 * REACH * STEPS - 1);
    s = s > least ? s : least;
    return (struct steps){s, low - REACH * s, s / STEPS,
                          (size_t)((high - low) / s * STEPS) + 2 * REACH * STEPS + 1};
}

/* Density of each estimate x, phi((x - theta)/s)/s, times the increments: sums over draws, to be
   added up over x. @param[in] x (2 d, n) @param[out] sums (steps, 2 d) */
static void expect(const struct steps *g, const double *theta, size_t n, const double *x,
                   size_t outcomes, double *sums)
{
    const double scale = 1 / (2.5066282746310002 * STEPS * (double)n); /* sqrt(2 pi) */
    for (size_t k = 0; k < n; k++) {
        size_t from = (size_t)((theta[k] - g->first) / g->step) - REACH * STEPS;
        for (size_t i = from; i <= from + 2 * REACH * STEPS && i < g->n; i++) {
            double z = (g->first + (double)i * g->step - theta[k]) / g->s;
            double weight = scale * snw_exp_f64(-z * z / 2);
            for (size_t o = 0; o < outcomes; o++)
                sums[i * outcomes + o] += weight * x[o * n + k];
        }
    }
}

/* Mean of the highest net benefit expected after an estimate less the highest of the means. */
static snw_status gain_after(struct snw_ctx *ctx, const struct fit *f, const double *x, size_t n,
                             double *value)
{
    const struct steps g = steps_over(f->near, n, f->estimate.error);
    size_t outcomes = f->r.n_outcomes, d = outcomes / 2;
    double *sums = calloc(outcomes * g.n, sizeof *sums);
    if (!sums)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the value of a trial");
    expect(&g, f->near, n, x, outcomes, sums);
    for (size_t t = 0; t < f->n; t++) {
        double highest = 0;
        for (size_t i = 0; i < g.n; i++) {
            const double *cost = sums + i * outcomes;
            double top = 0;
            for (size_t s = 0; s < d; s++) {
                double net = f->threshold[t] * cost[d + s] - cost[s];
                top = net > top ? net : top;
            }
            highest += top;
        }
        value[t] = above(highest, best_mean(x, d, n, f->threshold[t]));
    }
    free(sums);
    return SNW_OK;
}

/* Takes the draws that are not in a fold. @param[in] values (n_outcomes, n_draws) */
static void take(const double *values, const struct snw_regression *r, int fold, double *x)
{
    for (size_t o = 0, at = 0; o < r->n_outcomes; o++)
        for (size_t k = 0; k < r->n_draws; k++)
            if (fold < 0 || (int)(k % SNW_FOLDS) != fold)
                x[at++] = values[o * r->n_draws + k];
}

/* Values at all thresholds of the fit without a fold, or with all draws. */
static snw_status solve(struct snw_ctx *ctx, struct fit *f, int fold, double *value)
{
    snw_status status = SNW_OK;
    struct snw_regression *r = &f->r;
    const double *parameter = f->estimate.parameter;
    size_t outcomes = r->n_outcomes, kept = 0;
    double *noise = f->room, *x = f->room + outcomes * outcomes;
    snw_regression_solve(r, fold);
    take(r->outcomes, r, fold, x);
    for (size_t k = 0; k < r->n_draws; k++)
        if (fold < 0 || (int)(k % SNW_FOLDS) != fold)
            f->near[kept++] = parameter ? parameter[k] : 0;
    for (size_t t = 0; t < f->n; t++) /* all that could be known */
        f->most[t] = gain(x, outcomes / 2, kept, f->threshold[t]);
    take(r->fitted, r, fold, x);
    snw_regression_noise(r, (double)kept, noise);
    SNW_TRY(snw_shrink(ctx, outcomes, kept, noise, x));
    if (parameter)
        SNW_TRY(gain_after(ctx, f, x, kept, value));
    for (size_t t = 0; t < f->n; t++) {
        value[t] = parameter ? value[t] : gain(x, outcomes / 2, kept, f->threshold[t]);
        value[t] = value[t] < f->most[t] ? value[t] : f->most[t];
    }
out:
    return status;
}

/* By the fit with all draws; standard error by jackknife. */
static snw_status judge(struct snw_ctx *ctx, const struct snw_psa *sample,
                        const struct snw_regressors *on, struct fit *f, struct snw_evppi *evppi)
{
    snw_status status = SNW_OK;
    size_t outcomes = 2 * (sample->n_strategies - 1), n = f->n;
    for (size_t t = 0; t < n; t++)
        evppi[t] = (struct snw_evppi){__builtin_nan(""), __builtin_nan("")};
    if (snw_basis_for(on->n, on->n_draws) == SNW_BASIS_NONE)
        return SNW_OK;
    f->increments = snw_increments(sample);
    f->room = malloc((outcomes * outcomes + outcomes * sample->n_draws) * sizeof *f->room);
    f->value = malloc((SNW_FOLDS + 1) * n * sizeof *f->value);
    f->near = malloc(sample->n_draws * sizeof *f->near);
    f->most = malloc(n * sizeof *f->most);
    if (!f->increments || !f->room || !f->value || !f->near || !f->most)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the value of information"));
    SNW_TRY(snw_regression_init(ctx, on, outcomes, f->increments, &f->r));
    for (int fold = -1; fold < SNW_FOLDS; fold++)
        SNW_TRY(solve(ctx, f, fold, f->value + (size_t)(fold + 1) * n));
    for (size_t t = 0; t < n; t++)
        evppi[t] = (struct snw_evppi){f->value[t], snw_folds_error(f->value + n + t, n)};
out:
    snw_regression_free(&f->r);
    free(f->increments);
    free(f->room);
    free(f->value);
    free(f->near);
    free(f->most);
    return status;
}

snw_status snw_evppi_of(struct snw_ctx *ctx, const struct snw_psa *sample,
                        const struct snw_regressors *on, size_t n, const double *threshold,
                        struct snw_evppi *evppi)
{
    struct fit fit = {.n = n, .threshold = threshold};
    return judge(ctx, sample, on, &fit, evppi);
}

snw_status snw_evsi_of(struct snw_ctx *ctx, const struct snw_psa *sample,
                       const struct snw_estimate *estimate, size_t n, const double *threshold,
                       struct snw_evppi *evsi)
{
    const struct snw_regressors on = {1, sample->n_draws, &estimate->parameter};
    struct fit fit = {.n = n, .threshold = threshold, .estimate = *estimate};
    return judge(ctx, sample, &on, &fit, evsi);
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
