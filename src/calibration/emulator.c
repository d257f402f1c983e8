/* Ridge regression on a quadratic. */
#include "calibration/emulator.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibration/stages.h"
#include "core/vmath.h"

/* Weights of the shrunk coefficients, in units of one run about the mean: of squares and products,
   and of the parameters known before. */
struct ridge {
    double own, known;
};
static const double weights[] = {0.1, 10, 100, 1000, 1e5};
enum { N_WEIGHTS = sizeof weights / sizeof weights[0], MODERATE = 1 };
static const struct ridge strong = {1000, 1e5};
static const double barely = 1e-6; /* for the rest: keeps the matrix regular */

enum {
    OWN_MAX = SNW_STAGE_PARAMETERS_MAX,
    QUADRATIC_MAX = 1 + OWN_MAX + OWN_MAX * (OWN_MAX + 1) / 2
};

static size_t n_quadratic(size_t own)
{
    return 1 + own + own * (own + 1) / 2;
}

/* x (n_quadratic,) of own (n,). */
static void quadratic(size_t n, const double *own, double *x)
{
    size_t at = 0;
    x[at++] = 1;
    for (size_t a = 0; a < n; a++)
        x[at++] = own[a];
    for (size_t a = 0; a < n; a++)
        for (size_t b = a; b < n; b++)
            x[at++] = own[a] * own[b] - (a == b); /* mean 0 over the prior */
}

struct fit {
    struct snw_emulator *e;
    const struct snw_runs *runs;
    gsl_matrix *x, *information, *solved; /* (n, F), (F, F), (n, F) */
    gsl_vector *right;
    double *y, *leverage; /* (n,) */
};

/* Root of the information X'WX + ridge; W leaves out runs without a value. */
static void inform(struct fit *f, struct ridge ridge, const bool *there)
{
    size_t n = f->runs->n, features = f->e->n_features;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < features; k++)
            gsl_matrix_set(f->solved, i, k, !there || there[i] ? gsl_matrix_get(f->x, i, k) : 0);
    gsl_blas_dsyrk(CblasLower, CblasTrans, 1, f->solved, 0, f->information);
    for (size_t k = 0; k < features; k++) {
        double *at = gsl_matrix_ptr(f->information, k, k);
        *at += k <= f->e->n_own ? barely : k < n_quadratic(f->e->n_own) ? ridge.own : ridge.known;
    }
    gsl_linalg_cholesky_decomp1(f->information);
}

/* Leverages of the runs: squared lengths of root^-1 x. */
static void lever(struct fit *f)
{
    gsl_matrix_memcpy(f->solved, f->x);
    gsl_blas_dtrsm(CblasRight, CblasLower, CblasTrans, CblasNonUnit, 1, f->information, f->solved);
    for (size_t i = 0; i < f->runs->n; i++) {
        gsl_vector_view row = gsl_matrix_row(f->solved, i);
        gsl_blas_ddot(&row.vector, &row.vector, &f->leverage[i]);
    }
}

/* Coefficients of one target into f->right; @return the mean square error of runs left out one at
   a time. @param[out] noise  SD about the fit */
static double solve(struct fit *f, const bool *there, double *noise)
{
    size_t n = f->runs->n;
    double used = 0, squares = 0, free_runs = 0, left_out = 0;
    gsl_vector_set_zero(f->right);
    for (size_t i = 0; i < n; i++) {
        gsl_vector_view row = gsl_matrix_row(f->x, i);
        if (!there || there[i])
            gsl_blas_daxpy(f->y[i], &row.vector, f->right);
    }
    gsl_linalg_cholesky_svx(f->information, f->right);
    for (size_t i = 0; i < n; i++) {
        double fitted;
        gsl_vector_view row = gsl_matrix_row(f->x, i);
        if (there && !there[i])
            continue;
        gsl_blas_ddot(&row.vector, f->right, &fitted);
        double rest = f->y[i] - fitted, h = f->leverage[i] < 0.99 ? f->leverage[i] : 0.99;
        used++;
        squares += rest * rest;
        free_runs += 1 - h;
        left_out += rest * rest / ((1 - h) * (1 - h));
    }
    *noise = snw_sqrt_f64(squares / (free_runs > 1 ? free_runs : 1));
    return left_out / used;
}

/* Standardised values of target j. @return runs that have one. */
static size_t take(struct fit *f, size_t j, bool *there, double *mean, double *sd)
{
    size_t n = 0;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < f->runs->n; i++) {
        double y = f->runs->value[i * f->e->n_targets + j];
        there[i] = isfinite(y);
        n += there[i];
        sum += there[i] ? y : 0;
    }
    *mean = n ? sum / (double)n : 0;
    for (size_t i = 0; i < f->runs->n; i++) {
        f->y[i] = there[i] ? f->runs->value[i * f->e->n_targets + j] - *mean : 0;
        squares += f->y[i] * f->y[i];
    }
    *sd = snw_sqrt_f64(squares / (double)(n > 1 ? n - 1 : 1));
    for (size_t i = 0; *sd > 0 && i < f->runs->n; i++)
        f->y[i] /= *sd;
    return n;
}

/* One target at one ridge: kept where it foretells better than those before. */
static void fit_target(struct fit *f, size_t j, bool *there, double *best)
{
    struct snw_emulator *e = f->e;
    double mean, sd, noise;
    size_t n = take(f, j, there, &mean, &sd);
    bool whole = n == f->runs->n;
    double *b = e->coefficient + j * e->n_features;
    if (n < 2 || !(sd > 0)) { /* the same in all runs, or never there */
        memset(b, 0, e->n_features * sizeof *b);
        b[0] = n ? mean : (double)NAN;
        e->noise[j] = e->left_out[j] = 0;
        return;
    }
    if (!whole)
        return; /* see fit_incomplete */
    double missed = solve(f, NULL, &noise);
    if (!(missed < best[j]))
        return;
    best[j] = missed;
    for (size_t k = 0; k < e->n_features; k++)
        b[k] = sd * gsl_vector_get(f->right, k);
    b[0] += mean;
    e->noise[j] = sd * noise;
    e->left_out[j] = sd * snw_sqrt_f64(missed);
}

/* Targets that some runs have no value of (too few events) are fitted to the others, at a strong
   ridge: they are the noisy ones. */
static void fit_incomplete(struct fit *f, size_t j, bool *there)
{
    struct snw_emulator *e = f->e;
    double mean, sd, noise, *b = e->coefficient + j * e->n_features;
    size_t n = take(f, j, there, &mean, &sd);
    if (n == f->runs->n || n < 2 || !(sd > 0))
        return;
    inform(f, strong, there);
    lever(f);
    double missed = solve(f, there, &noise);
    for (size_t k = 0; k < e->n_features; k++)
        b[k] = sd * gsl_vector_get(f->right, k);
    b[0] += mean;
    e->noise[j] = sd * noise;
    e->left_out[j] = sd * snw_sqrt_f64(missed);
}

static snw_status fit_all(struct snw_ctx *ctx, struct fit *f)
{
    struct snw_emulator *e = f->e;
    bool *there = malloc(f->runs->n * sizeof *there);
    double *best = malloc((e->n_targets + 1) * sizeof *best);
    if (!there || !best) {
        free(there);
        free(best);
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for an emulator");
    }
    for (size_t j = 0; j < e->n_targets; j++)
        best[j] = (double)INFINITY;
    for (size_t i = 0; i < f->runs->n; i++) {
        double *x = gsl_matrix_ptr(f->x, i, 0);
        quadratic(e->n_own, f->runs->own + i * e->n_own, x);
        for (size_t k = 0; k < e->n_known; k++)
            x[n_quadratic(e->n_own) + k] = f->runs->known[i * e->n_known + k];
    }
    /* strong ones first: a weaker one must foretell better */
    for (int r = N_WEIGHTS * N_WEIGHTS; r-- > 0;) {
        int own = r % N_WEIGHTS, known = r / N_WEIGHTS;
        if (e->n_known == 0 && known != MODERATE)
            continue;
        inform(f, (struct ridge){weights[own], weights[known]}, NULL);
        lever(f);
        for (size_t j = 0; j < e->n_targets; j++)
            fit_target(f, j, there, best);
        if (own == MODERATE && known == MODERATE) /* stands for all in the variance */
            for (size_t a = 0; a < e->n_features; a++)
                for (size_t b = 0; b < e->n_features; b++)
                    e->root[a * e->n_features + b] =
                        b <= a ? gsl_matrix_get(f->information, a, b) : 0;
    }
    for (size_t j = 0; j < e->n_targets; j++)
        fit_incomplete(f, j, there);
    free(there);
    free(best);
    return SNW_OK;
}

snw_status snw_emulator_fit(struct snw_ctx *ctx, size_t n_own, size_t n_known, size_t n_targets,
                            const struct snw_runs *runs, struct snw_emulator *e)
{
    snw_status status = SNW_OK;
    size_t n = runs->n, features = n_quadratic(n_own) + n_known;
    *e = (struct snw_emulator){.n_own = n_own,
                               .n_known = n_known,
                               .n_features = features,
                               .n_targets = n_targets,
                               .coefficient = calloc(n_targets * features + 1, sizeof(double)),
                               .noise = calloc(n_targets + 1, sizeof(double)),
                               .left_out = calloc(n_targets + 1, sizeof(double)),
                               .root = calloc(features * features, sizeof(double))};
    if (n < n_own + 2)
        return snw_fail(ctx, SNW_ERR_RUN, "%zu runs are too few for %zu parameters", n, n_own);
    struct fit f = {.e = e,
                    .runs = runs,
                    .x = gsl_matrix_alloc(n, features),
                    .information = gsl_matrix_alloc(features, features),
                    .solved = gsl_matrix_alloc(n, features),
                    .right = gsl_vector_alloc(features),
                    .y = malloc(n * sizeof(double)),
                    .leverage = malloc(n * sizeof(double))};
    if (e->coefficient && e->noise && e->left_out && e->root && f.x && f.information && f.solved &&
        f.right && f.y && f.leverage)
        status = fit_all(ctx, &f);
    else
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for an emulator");
    gsl_matrix_free(f.x);
    gsl_matrix_free(f.information);
    gsl_matrix_free(f.solved);
    gsl_vector_free(f.right);
    free(f.y);
    free(f.leverage);
    return status;
}

void snw_emulator_free(struct snw_emulator *e)
{
    free(e->coefficient);
    free(e->noise);
    free(e->left_out);
    free(e->root);
    *e = (struct snw_emulator){.n_own = 0};
}

double snw_emulator_own(const struct snw_emulator *e, const double *own, double *mean)
{
    double x[QUADRATIC_MAX], h = 0;
    size_t n = n_quadratic(e->n_own);
    quadratic(e->n_own, own, x);
    for (size_t j = 0; j < e->n_targets; j++) {
        const double *b = e->coefficient + j * e->n_features;
        double sum = 0;
        for (size_t k = 0; k < n; k++)
            sum += b[k] * x[k];
        mean[j] = sum;
    }
    for (size_t i = 0; i < n; i++) { /* root^-1 x, in place */
        for (size_t k = 0; k < i; k++)
            x[i] -= e->root[i * e->n_features + k] * x[k];
        x[i] /= e->root[i * e->n_features + i];
        h += x[i] * x[i];
    }
    return h;
}

void snw_emulator_known(const struct snw_emulator *e, const double *known, double *added)
{
    size_t first = n_quadratic(e->n_own);
    for (size_t j = 0; j < e->n_targets; j++) {
        added[j] = 0;
        for (size_t k = 0; k < e->n_known; k++)
            added[j] += e->coefficient[j * e->n_features + first + k] * known[k];
    }
}
