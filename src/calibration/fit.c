/* Posterior draws of a stage given those of the stages before. */
#include "calibration/fit.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"

enum { FROM_PRIOR = 4096, EACH = 2000, MODES = 4, STEPS = 30, ENOUGH = 6000 };
enum { RANK_PRIOR = 1024, RANK_EACH = 400, RANK_STEPS = 12, RANK_ENOUGH = 400, RANK_DRAWS = 99 };
enum { BINS = 5 };

/* The likelihood over whitened scores e: own scores = centre + root e. */
struct view {
    const struct snw_fit *fit;
    const struct snw_datum *data;
    size_t n, n_targets;
    double *centre, *root;  /* of the prior over all draws before */
    double *shift, *spread; /* (n_targets,) mean and variance over these of the known part */
    double *mean;           /* (n_targets,) room */
};

void snw_data_of(const struct snw_target *const *targets, size_t n, const double *weight,
                 const bool *held_out, struct snw_datum *data)
{
    for (size_t j = 0; j < n; j++) {
        double error = snw_published_error(targets[j]), gap = snw_discrepancy(targets[j]);
        data[j] = (struct snw_datum){.value = targets[j]->value,
                                     .side = targets[j]->side,
                                     .fitted = weight[j] > 0 && !held_out[j]};
        data[j].variance = (error * error + gap * gap) / (weight[j] > 0 ? weight[j] : 1);
        /* a bound at 0 has neither error nor discrepancy: half of the absolute one will do */
        if (!(data[j].variance > 0))
            data[j].variance = SNW_DISCREPANCY_ABSOLUTE * SNW_DISCREPANCY_ABSOLUTE / 4;
    }
}

static double likelihood(const double *e, double *residual, void *of)
{
    const struct view *v = of;
    const struct snw_emulator *em = v->fit->emulator;
    double own[SNW_STAGE_PARAMETERS_MAX], log = 0;
    snw_root_times(v->n, v->root, e, own);
    for (size_t k = 0; k < v->n; k++)
        own[k] += v->centre[k];
    double h = snw_emulator_own(em, own, v->mean);
    for (size_t j = 0; j < v->n_targets; j++) {
        const struct snw_datum *d = &v->data[j];
        if (residual)
            residual[j] = 0;
        if (!d->fitted)
            continue;
        double s2 = d->variance + v->spread[j] + h * em->noise[j] * em->noise[j];
        double off = snw_off_target(v->mean[j] + v->shift[j], d->value, d->side);
        log -= 0.5 * (off * off / s2 + snw_log_f64(s2 / d->variance));
        if (residual)
            residual[j] = off / snw_sqrt_f64(s2);
    }
    return log;
}

static void view_free(struct view *v)
{
    free(v->centre);
    free(v->root);
    free(v->shift);
    free(v->spread);
    free(v->mean);
}

/* Means and variances over draws of the prior's mean and of the known part of the values. */
static snw_status view_init(struct snw_ctx *ctx, const struct snw_fit *fit,
                            const struct snw_datum *data, struct view *v)
{
    size_t n = fit->prior->n, t = fit->emulator->n_targets, known = fit->prior->known;
    double m[SNW_STAGE_PARAMETERS_MAX], count = (double)fit->n_draws;
    *v = (struct view){.fit = fit, .data = data, .n = n, .n_targets = t};
    v->centre = calloc(n, sizeof(double));
    v->root = calloc(n * n, sizeof(double));
    v->shift = calloc(t + 1, sizeof(double));
    v->spread = calloc(t + 1, sizeof(double));
    v->mean = calloc(t + 1, sizeof(double));
    double *squares = calloc(n * n, sizeof(double));
    if (!v->centre || !v->root || !v->shift || !v->spread || !v->mean || !squares) {
        free(squares);
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a posterior");
    }
    for (size_t i = 0; i < fit->n_draws; i++) {
        snw_stage_prior_mean(fit->prior, fit->known + i * known, m);
        snw_emulator_known(fit->emulator, fit->known + i * known, v->mean);
        for (size_t a = 0; a < n; a++) {
            v->centre[a] += m[a] / count;
            for (size_t b = 0; b < n; b++)
                squares[a * n + b] += m[a] * m[b] / count;
        }
        for (size_t j = 0; j < t; j++) {
            v->shift[j] += v->mean[j] / count;
            v->spread[j] += v->mean[j] * v->mean[j] / count;
        }
    }
    for (size_t j = 0; j < t; j++) {
        v->spread[j] -= v->shift[j] * v->shift[j];
        v->spread[j] = v->spread[j] > 0 ? v->spread[j] : 0;
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double own = 0;
            for (size_t k = 0; k < n; k++)
                own += fit->prior->root[a * n + k] * fit->prior->root[b * n + k];
            v->root[a * n + b] = own + squares[a * n + b] - v->centre[a] * v->centre[b];
        }
    snw_root_of(n, v->root);
    free(squares);
    return SNW_OK;
}

/* What of each point does not depend on the draw before it. */
struct prepared {
    size_t n;
    double *own, *white;   /* (n, parameters) scores, and root^-1 of them */
    double *mean, *weight; /* (n, n_targets) own part of the value; 1 / s^2, 0 where not fitted */
    double *log;           /* (n,) of all that is the same for all draws */
    double *now;           /* (n,) weights for the draw at hand */
};

static void prepared_free(struct prepared *p)
{
    free(p->own);
    free(p->white);
    free(p->mean);
    free(p->weight);
    free(p->log);
    free(p->now);
}

/* Points that carry next to nothing over all draws are left out. */
static snw_status prepare(struct snw_ctx *ctx, const struct view *v,
                          const struct snw_population_of_points *points, struct prepared *p)
{
    static const double least = 1e-9;
    const struct snw_emulator *em = v->fit->emulator;
    size_t n = v->n, t = v->n_targets, room = points->n_points;
    *p = (struct prepared){.own = malloc(room * n * sizeof(double)),
                           .white = malloc(room * n * sizeof(double)),
                           .mean = malloc(room * t * sizeof(double) + 1),
                           .weight = malloc(room * t * sizeof(double) + 1),
                           .log = malloc(room * sizeof(double)),
                           .now = malloc(room * sizeof(double))};
    if (!p->own || !p->white || !p->mean || !p->weight || !p->log || !p->now)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu points", room);
    for (size_t i = 0; i < points->n_points; i++) {
        double *own = p->own + p->n * n, *mean = p->mean + p->n * t, *w = p->weight + p->n * t;
        if (points->weight[i] < least)
            continue;
        snw_root_times(n, v->root, points->e + i * n, own);
        for (size_t k = 0; k < n; k++)
            own[k] += v->centre[k];
        snw_root_solve(n, v->fit->prior->root, own, p->white + p->n * n);
        double h = snw_emulator_own(em, own, mean);
        p->log[p->n] = -points->log_mixture[i];
        for (size_t j = 0; j < t; j++) {
            double s2 = v->data[j].variance + h * em->noise[j] * em->noise[j];
            w[j] = v->data[j].fitted ? 1 / s2 : 0;
            if (v->data[j].fitted)
                p->log[p->n] -= 0.5 * snw_log_f64(s2 / v->data[j].variance);
        }
        p->n++;
    }
    return SNW_OK;
}

/* Weights of the points given one draw of the stages before. @return their effective number. */
static double weigh_for(const struct view *v, struct prepared *p, const double *known)
{
    size_t n = v->n, t = v->n_targets;
    double m[SNW_STAGE_PARAMETERS_MAX], top = -(double)INFINITY, sum = 0, squares = 0;
    snw_stage_prior_mean(v->fit->prior, known, m);
    snw_root_solve(n, v->fit->prior->root, m, m);
    snw_emulator_known(v->fit->emulator, known, v->mean);
    for (size_t s = 0; s < p->n; s++) {
        double log = p->log[s];
        for (size_t k = 0; k < n; k++)
            log -= 0.5 * (p->white[s * n + k] - m[k]) * (p->white[s * n + k] - m[k]);
        for (size_t j = 0; j < t; j++) {
            double off =
                snw_off_target(p->mean[s * t + j] + v->mean[j], v->data[j].value, v->data[j].side);
            log -= 0.5 * off * off * p->weight[s * t + j];
        }
        p->now[s] = log;
        top = log > top ? log : top;
    }
    for (size_t s = 0; s < p->n; s++) {
        p->now[s] = p->now[s] - top > -600 ? snw_exp_f64(p->now[s] - top) : 0;
        sum += p->now[s];
    }
    for (size_t s = 0; s < p->n; s++) {
        p->now[s] /= sum;
        squares += p->now[s] * p->now[s];
    }
    return 1 / squares;
}

snw_status snw_fit_draw(struct snw_ctx *ctx, const struct snw_fit *fit, double *own,
                        struct snw_fit_result *result)
{
    snw_status status = SNW_OK;
    struct view v;
    struct snw_population_of_points points = {0};
    struct prepared p = {0};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    size_t n = fit->prior->n;
    SNW_TRY(view_init(ctx, fit, fit->data, &v));
    if (!rng)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a posterior"));
    gsl_rng_set(rng, fit->seed + 1);
    const struct snw_imis_plan plan = {.n = n,
                                       .n_residuals = v.n_targets,
                                       .likelihood = likelihood,
                                       .of = &v,
                                       .seed = fit->seed,
                                       .from_prior = FROM_PRIOR,
                                       .each = EACH,
                                       .modes = MODES,
                                       .steps = STEPS,
                                       .enough = ENOUGH};
    SNW_TRY(snw_imis(ctx, &plan, &points));
    SNW_TRY(prepare(ctx, &v, &points, &p));
    *result = (struct snw_fit_result){.log_likelihood = points.log_likelihood[points.best],
                                      .n_points = points.n_points};
    for (size_t i = 0; i < fit->n_draws; i++) {
        size_t place;
        result->effective +=
            weigh_for(&v, &p, fit->known + i * fit->prior->known) / (double)fit->n_draws;
        snw_systematic(p.now, p.n, gsl_rng_uniform(rng), 1, &place);
        memcpy(own + i * n, p.own + place * n, n * sizeof *own);
    }
out:
    view_free(&v);
    snw_points_free(&points);
    prepared_free(&p);
    if (rng)
        gsl_rng_free(rng);
    return status;
}

/* Data as one run would have published them. */
static void pretend(const struct snw_fit *fit, const double *value, gsl_rng *rng,
                    struct snw_datum *data)
{
    for (size_t j = 0; j < fit->emulator->n_targets; j++) {
        double noise = fit->emulator->noise[j], error = snw_sqrt_f64(fit->data[j].variance);
        data[j] = fit->data[j];
        data[j].value = value[j] + error * gsl_ran_gaussian_ratio_method(rng, 1);
        data[j].variance += noise * noise; /* of the luck of one run */
        data[j].fitted &= data[j].side == SNW_SIDE_EQUAL && isfinite(value[j]);
    }
}

static snw_status rank_of(struct snw_ctx *ctx, struct view *v, uint32_t seed, const double *truth,
                          gsl_rng *rng, double *rank)
{
    snw_status status = SNW_OK;
    struct snw_population_of_points points = {0};
    size_t place[RANK_DRAWS];
    double own[SNW_STAGE_PARAMETERS_MAX];
    const struct snw_imis_plan plan = {.n = v->n,
                                       .n_residuals = v->n_targets,
                                       .likelihood = likelihood,
                                       .of = v,
                                       .seed = seed,
                                       .from_prior = RANK_PRIOR,
                                       .each = RANK_EACH,
                                       .modes = 2,
                                       .steps = RANK_STEPS,
                                       .enough = RANK_ENOUGH};
    SNW_TRY(snw_imis(ctx, &plan, &points));
    snw_systematic(points.weight, points.n_points, gsl_rng_uniform(rng), RANK_DRAWS, place);
    for (size_t d = 0; d < RANK_DRAWS; d++) {
        snw_root_times(v->n, v->root, points.e + place[d] * v->n, own);
        for (size_t k = 0; k < v->n; k++)
            rank[k] += own[k] + v->centre[k] < truth[k];
    }
    for (size_t k = 0; k < v->n; k++)
        rank[k] = (rank[k] + gsl_rng_uniform(rng)) / (RANK_DRAWS + 1);
out:
    snw_points_free(&points);
    return status;
}

snw_status snw_fit_ranks(struct snw_ctx *ctx, const struct snw_fit *fit,
                         const struct snw_runs *runs, double *rank)
{
    snw_status status = SNW_OK;
    size_t n = fit->prior->n, t = fit->emulator->n_targets;
    struct view v = {.fit = NULL};
    struct snw_datum *data = malloc((t + 1) * sizeof *data);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    if (!data || !rng)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a test"));
    gsl_rng_set(rng, fit->seed + 2);
    memset(rank, 0, runs->n * n * sizeof *rank);
    for (size_t i = 0; i < runs->n; i++) {
        struct snw_fit given = *fit;
        given.n_draws = 1;
        given.known = runs->known + i * fit->prior->known;
        pretend(fit, runs->value + i * t, rng, data);
        SNW_TRY(view_init(ctx, &given, data, &v));
        SNW_TRY(
            rank_of(ctx, &v, fit->seed + 3 + (uint32_t)i, runs->own + i * n, rng, rank + i * n));
        view_free(&v);
        v = (struct view){.fit = NULL};
    }
out:
    view_free(&v);
    free(data);
    if (rng)
        gsl_rng_free(rng);
    return status;
}

double snw_uniform_p(const double *share, size_t n, size_t stride)
{
    double count[BINS] = {0}, want = (double)n / BINS, x2 = 0;
    for (size_t i = 0; i < n; i++) {
        int bin = (int)(share[i * stride] * BINS);
        count[bin < BINS ? bin : BINS - 1]++;
    }
    for (int b = 0; b < BINS; b++)
        x2 += (count[b] - want) * (count[b] - want) / want;
    return n ? gsl_cdf_chisq_Q(x2, BINS - 1) : (double)NAN;
}
