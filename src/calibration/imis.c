/* Incremental mixture importance sampling. */
#include "calibration/imis.h"

#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "calibration/space.h"
#include "core/vmath.h"
#include "numerics/distributions.h"

static const double freedom = 7; /* of the t distributions: tails that no posterior outdoes */
static const double log_2pi = 1.8378770664093453;
static const double ridge = 1e-4; /* variance that every part of the mixture has in any direction */
enum { MODE_STEPS = 60, ENOUGH_TO_MATCH = 3 };

struct part {
    double *mean, *root; /* (n,), (n, n) */
    double log_peak;     /* log density at the mean */
};

struct sampler {
    struct snw_ctx *ctx;
    const struct snw_imis_plan *plan;
    struct snw_population_of_points *points;
    size_t room;
    struct part *part;
    size_t n_parts;
    gsl_rng *rng;
    double *log_sum; /* (room,) log of summed numbers times densities */
};

static double log_normal(size_t n, const double *e)
{
    double squares = 0;
    for (size_t k = 0; k < n; k++)
        squares += e[k] * e[k];
    return -0.5 * (squares + (double)n * log_2pi);
}

static double log_t_peak(size_t n, const double *root)
{
    double d = (double)n, log_det = 0;
    for (size_t k = 0; k < n; k++)
        log_det += snw_log_f64(root[k * n + k]);
    return snw_ln_gamma((freedom + d) / 2) - snw_ln_gamma(freedom / 2) -
           0.5 * d * (snw_log_f64(freedom) + log_2pi - snw_log_f64(2)) - log_det;
}

static double log_t(size_t n, const struct part *p, const double *e, double *room)
{
    double squares = 0;
    for (size_t k = 0; k < n; k++)
        room[k] = e[k] - p->mean[k];
    snw_root_solve(n, p->root, room, room);
    for (size_t k = 0; k < n; k++)
        squares += room[k] * room[k];
    return p->log_peak - 0.5 * (freedom + (double)n) * snw_log_f64(1 + squares / freedom);
}

static double add_logs(double a, double b)
{
    double top = a > b ? a : b, low = a > b ? b : a;
    return top + snw_log_f64(1 + snw_exp_f64(low - top));
}

snw_status snw_sobol(struct snw_ctx *ctx, size_t n, uint32_t seed, size_t first, size_t n_points,
                     double *u)
{
    gsl_qrng *q = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)n);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double shift[SNW_STAGE_PARAMETERS_MAX], point[SNW_STAGE_PARAMETERS_MAX];
    if (!q || !rng || n > sizeof shift / sizeof *shift) {
        if (q)
            gsl_qrng_free(q);
        gsl_rng_free(rng);
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a design of %zu parameters", n);
    }
    gsl_rng_set(rng, seed);
    for (size_t k = 0; k < n; k++)
        shift[k] = gsl_rng_uniform(rng);
    for (size_t i = 0; i < first + n_points; i++) {
        gsl_qrng_get(q, point);
        for (size_t k = 0; k < n && i >= first; k++) {
            double x = point[k] + shift[k];
            x -= x >= 1;
            u[(i - first) * n + k] = x < 1e-9 ? 1e-9 : x > 1 - 1e-9 ? 1 - 1e-9 : x;
        }
    }
    gsl_qrng_free(q);
    gsl_rng_free(rng);
    return SNW_OK;
}

/* @return whether there was memory; the array stays as it was otherwise. */
static bool widen(double **array, size_t n)
{
    double *more = realloc(*array, n * sizeof *more);
    if (!more)
        return false;
    *array = more;
    return true;
}

static snw_status grow(struct sampler *s, size_t more)
{
    struct snw_population_of_points *p = s->points;
    size_t need = p->n_points + more;
    if (need <= s->room)
        return SNW_OK;
    s->room = 2 * need;
    if (widen(&p->e, s->room * p->n) && widen(&p->log_likelihood, s->room) &&
        widen(&p->log_mixture, s->room) && widen(&p->weight, s->room) &&
        widen(&s->log_sum, s->room))
        return SNW_OK;
    return snw_fail(s->ctx, SNW_ERR_MEMORY, "no memory for %zu points", need);
}

/* Takes in points from `from` on, whose e stand there: likelihood and density under the mixture. */
static void take_in(struct sampler *s, size_t from)
{
    struct snw_population_of_points *p = s->points;
    double room[SNW_STAGE_PARAMETERS_MAX];
    for (size_t i = from; i < p->n_points; i++) {
        const double *e = p->e + i * p->n;
        p->log_likelihood[i] = s->plan->likelihood(e, NULL, s->plan->of);
        s->log_sum[i] = snw_log_f64((double)s->plan->from_prior) + log_normal(p->n, e);
        for (size_t k = 0; k < s->n_parts; k++)
            s->log_sum[i] = add_logs(s->log_sum[i], snw_log_f64((double)s->plan->each) +
                                                        log_t(p->n, &s->part[k], e, room));
    }
}

static void weigh(struct sampler *s)
{
    struct snw_population_of_points *p = s->points;
    double top = -(double)INFINITY, highest = top, sum = 0, squares = 0;
    double log_n = snw_log_f64((double)p->n_points);
    for (size_t i = 0; i < p->n_points; i++) {
        double prior = log_normal(p->n, p->e + i * p->n);
        p->log_mixture[i] = s->log_sum[i] - log_n;
        p->weight[i] = p->log_likelihood[i] + prior - p->log_mixture[i];
        top = p->weight[i] > top ? p->weight[i] : top;
        if (p->log_likelihood[i] + prior > highest) {
            highest = p->log_likelihood[i] + prior;
            p->best = i;
        }
    }
    for (size_t i = 0; i < p->n_points; i++) {
        double far = p->weight[i] - top;
        p->weight[i] = far > -600 ? snw_exp_f64(far) : 0;
        sum += p->weight[i];
    }
    for (size_t i = 0; i < p->n_points; i++) {
        p->weight[i] /= sum;
        squares += p->weight[i] * p->weight[i];
    }
    p->effective = 1 / squares;
}

/* Adds a part of the mixture and its points. @param[in] covariance (n, n), taken over as room. */
static snw_status add_part(struct sampler *s, const double *mean, const double *covariance)
{
    snw_status status = SNW_OK;
    struct snw_population_of_points *p = s->points;
    size_t n = p->n, from = p->n_points;
    double room[SNW_STAGE_PARAMETERS_MAX], spread[SNW_STAGE_PARAMETERS_MAX];
    struct part *part = &s->part[s->n_parts];
    SNW_TRY(grow(s, s->plan->each));
    part->mean = malloc(n * sizeof *part->mean);
    part->root = malloc(n * n * sizeof *part->root);
    s->n_parts++; /* from here on it is freed with the others */
    if (!part->mean || !part->root)
        return snw_fail(s->ctx, SNW_ERR_MEMORY, "no memory for a mixture");
    memcpy(part->mean, mean, n * sizeof *mean);
    memcpy(part->root, covariance, n * n * sizeof *covariance);
    for (size_t k = 0; k < n; k++)
        part->root[k * n + k] += ridge;
    snw_root_of(n, part->root);
    part->log_peak = log_t_peak(n, part->root);
    for (size_t i = 0; i < from; i++)
        s->log_sum[i] = add_logs(s->log_sum[i], snw_log_f64((double)s->plan->each) +
                                                    log_t(n, part, p->e + i * n, room));
    for (size_t i = 0; i < s->plan->each; i++) {
        double scale = snw_sqrt_f64(freedom / gsl_ran_chisq(s->rng, freedom));
        for (size_t k = 0; k < n; k++)
            room[k] = scale * gsl_ran_gaussian_ratio_method(s->rng, 1);
        snw_root_times(n, part->root, room, spread);
        for (size_t k = 0; k < n; k++)
            p->e[(from + i) * n + k] = mean[k] + spread[k];
    }
    p->n_points += s->plan->each;
    take_in(s, from);
out:
    return status;
}

struct search {
    const struct snw_imis_plan *plan;
    double *residual; /* (n_residuals,) */
};

/* Residuals of likelihood and prior, for Levenberg-Marquardt. Its vectors may have strides. */
static int residuals(const gsl_vector *x, void *of, gsl_vector *f)
{
    const struct search *s = of;
    const struct snw_imis_plan *plan = s->plan;
    double e[SNW_STAGE_PARAMETERS_MAX];
    for (size_t k = 0; k < plan->n; k++)
        e[k] = gsl_vector_get(x, k);
    plan->likelihood(e, s->residual, plan->of);
    for (size_t j = 0; j < plan->n_residuals; j++)
        gsl_vector_set(f, j, s->residual[j]);
    for (size_t k = 0; k < plan->n; k++)
        gsl_vector_set(f, plan->n_residuals + k, e[k]);
    return GSL_SUCCESS;
}

/* The mode uphill from a point, and the inverse of the information there. */
static snw_status climb(struct sampler *s, const double *from, double *mode, gsl_matrix *covariance)
{
    snw_status status = SNW_OK;
    size_t n = s->plan->n;
    struct search search = {s->plan, malloc((s->plan->n_residuals + 1) * sizeof(double))};
    gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
    size_t all = n + s->plan->n_residuals;
    gsl_multifit_nlinear_fdf f = {0};
    f.f = residuals;
    f.n = all;
    f.p = n;
    f.params = &search;
    gsl_multifit_nlinear_workspace *w =
        gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, all, n);
    gsl_vector_const_view start = gsl_vector_const_view_array(from, n);
    int info;
    if (!w || !search.residual) {
        status = snw_fail(s->ctx, SNW_ERR_MEMORY, "no memory for the search of a mode");
        goto out;
    }
    gsl_multifit_nlinear_init(&start.vector, &f, w);
    /* a search that stops short is still a place to sample about */
    (void)gsl_multifit_nlinear_driver(MODE_STEPS, 1e-6, 1e-6, 0, NULL, NULL, &info, w);
    gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(w), 0, covariance);
    for (size_t k = 0; k < n; k++)
        mode[k] = gsl_vector_get(gsl_multifit_nlinear_position(w), k);
out:
    free(search.residual);
    if (w)
        gsl_multifit_nlinear_free(w);
    return status;
}

static snw_status add_modes(struct sampler *s)
{
    snw_status status = SNW_OK;
    struct snw_population_of_points *p = s->points;
    size_t n = p->n;
    double mode[SNW_STAGE_PARAMETERS_MAX], *taken = malloc(s->plan->modes * n * sizeof *taken + 1);
    gsl_matrix *covariance = gsl_matrix_alloc(n, n);
    if (!taken || !covariance) {
        status = snw_fail(s->ctx, SNW_ERR_MEMORY, "no memory for modes");
        goto out;
    }
    size_t n_taken = 0, stride = p->n_points / (s->plan->modes + 1);
    for (size_t m = 0; m < s->plan->modes; m++) {
        size_t best = m == 0 ? p->best : m * stride;
        for (size_t i = m * stride; m > 0 && i < (m + 1) * stride; i++)
            best = p->log_likelihood[i] > p->log_likelihood[best] ? i : best;
        SNW_TRY(climb(s, p->e + best * n, mode, covariance));
        bool again = false;
        for (size_t k = 0; k < n_taken; k++) {
            double apart = 0;
            for (size_t a = 0; a < n; a++)
                apart += fabs(mode[a] - taken[k * n + a]);
            again |= apart < 0.05 * (double)n;
        }
        if (again)
            continue;
        memcpy(taken + n_taken++ * n, mode, n * sizeof *mode);
        SNW_TRY(add_part(s, mode, covariance->data));
    }
out:
    gsl_matrix_free(covariance);
    free(taken);
    return status;
}

struct distance {
    double squared;
    size_t place;
};

static int by_distance(const void *a, const void *b)
{
    const struct distance *x = a, *y = b;
    if (x->squared != y->squared)
        return x->squared < y->squared ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* A part about the point of largest weight, as wide as the points nearest to it lie. */
static snw_status add_about_heaviest(struct sampler *s)
{
    struct snw_population_of_points *p = s->points;
    size_t n = p->n, heaviest = 0, near = s->plan->each < p->n_points ? s->plan->each : p->n_points;
    struct distance *order = malloc(p->n_points * sizeof *order);
    double *covariance = calloc(n * n, sizeof *covariance), sum = 0;
    snw_status status = SNW_OK;
    if (!order || !covariance) {
        status = snw_fail(s->ctx, SNW_ERR_MEMORY, "no memory for a mixture");
        goto out;
    }
    for (size_t i = 0; i < p->n_points; i++)
        heaviest = p->weight[i] > p->weight[heaviest] ? i : heaviest;
    const double *at = p->e + heaviest * n;
    for (size_t i = 0; i < p->n_points; i++) {
        order[i] = (struct distance){0, i};
        for (size_t k = 0; k < n; k++)
            order[i].squared += (p->e[i * n + k] - at[k]) * (p->e[i * n + k] - at[k]);
    }
    qsort(order, p->n_points, sizeof *order, by_distance);
    for (size_t i = 0; i < near; i++) {
        const double *e = p->e + order[i].place * n;
        double w = 0.5 * (p->weight[order[i].place] + 1 / (double)p->n_points);
        sum += w;
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                covariance[a * n + b] += w * (e[a] - at[a]) * (e[b] - at[b]);
    }
    for (size_t k = 0; k < n * n; k++)
        covariance[k] /= sum;
    double mean[SNW_STAGE_PARAMETERS_MAX];
    memcpy(mean, at, n * sizeof *at);
    status = add_part(s, mean, covariance);
out:
    free(order);
    free(covariance);
    return status;
}

/* A part with mean and covariance of all points so far, as weighted: close to the posterior as soon
   as there are enough of them. */
static snw_status add_matched(struct sampler *s)
{
    struct snw_population_of_points *p = s->points;
    size_t n = p->n;
    double mean[SNW_STAGE_PARAMETERS_MAX] = {0}, *covariance = calloc(n * n, sizeof *covariance);
    if (!covariance)
        return snw_fail(s->ctx, SNW_ERR_MEMORY, "no memory for a mixture");
    for (size_t i = 0; i < p->n_points; i++)
        for (size_t a = 0; a < n; a++)
            mean[a] += p->weight[i] * p->e[i * n + a];
    for (size_t i = 0; i < p->n_points; i++)
        for (size_t a = 0; a < n && p->weight[i] > 0; a++)
            for (size_t b = 0; b < n; b++)
                covariance[a * n + b] +=
                    p->weight[i] * (p->e[i * n + a] - mean[a]) * (p->e[i * n + b] - mean[b]);
    snw_status status = add_part(s, mean, covariance);
    free(covariance);
    return status;
}

static snw_status draw_prior(struct sampler *s)
{
    snw_status status = SNW_OK;
    struct snw_population_of_points *p = s->points;
    size_t n = s->plan->from_prior;
    SNW_TRY(grow(s, n));
    SNW_TRY(snw_sobol(s->ctx, p->n, s->plan->seed, 0, n, p->e));
    for (size_t k = 0; k < n * p->n; k++)
        p->e[k] = snw_probit(p->e[k]);
    p->n_points = n;
    take_in(s, 0);
out:
    return status;
}

snw_status snw_imis(struct snw_ctx *ctx, const struct snw_imis_plan *plan,
                    struct snw_population_of_points *points)
{
    snw_status status = SNW_OK;
    struct sampler s = {.ctx = ctx, .plan = plan, .points = points};
    *points = (struct snw_population_of_points){.n = plan->n};
    s.rng = gsl_rng_alloc(gsl_rng_mt19937);
    s.part = calloc(plan->modes + plan->steps + 1, sizeof *s.part);
    if (!s.rng || !s.part)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to sample"));
    gsl_rng_set(s.rng, plan->seed);
    SNW_TRY(draw_prior(&s));
    weigh(&s);
    SNW_TRY(add_modes(&s));
    weigh(&s);
    for (size_t step = 0; step < plan->steps && points->effective < plan->enough; step++) {
        bool known = points->effective > (double)(ENOUGH_TO_MATCH * plan->n);
        SNW_TRY(known && step % 2 == 0 ? add_matched(&s) : add_about_heaviest(&s));
        weigh(&s);
    }
    if (!isfinite(points->effective))
        status = snw_fail(ctx, SNW_ERR_RUN, "no point has a likelihood");
out:
    for (size_t k = 0; k < s.n_parts; k++) {
        free(s.part[k].mean);
        free(s.part[k].root);
    }
    free(s.part);
    free(s.log_sum);
    if (s.rng)
        gsl_rng_free(s.rng);
    return status;
}

void snw_points_free(struct snw_population_of_points *p)
{
    free(p->e);
    free(p->log_likelihood);
    free(p->log_mixture);
    free(p->weight);
    *p = (struct snw_population_of_points){.n = 0};
}

void snw_systematic(const double *weight, size_t n, double u, size_t n_wanted, size_t *place)
{
    double sum = 0;
    size_t at = 0;
    for (size_t k = 0; k < n_wanted; k++) {
        double want = (u + (double)k) / (double)n_wanted;
        while (at + 1 < n && sum + weight[at] < want)
            sum += weight[at++];
        place[k] = at;
    }
}
