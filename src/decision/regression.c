/* Least squares by Cholesky of the products, which leaves out folds without going over the draws
   again. */
#include "decision/regression.h"

#include <gsl/gsl_bspline.h>
#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"
#include "decision/psa.h"
#include "numerics/quantiles.h"

enum {
    BREAKS = 5,                          /* ends and quartiles */
    SPLINE_COLUMNS = BREAKS + 4 - 2 - 1, /* cubic; without the first: they add up to 1 */
    DRAWS_PER_SPLINE = 10,
    DRAWS_PER_LINE = 4
};

static const double adds_nothing = 1e-10; /* share of a column that earlier ones don't explain */

static size_t columns_of(enum snw_basis_kind kind)
{
    return kind == SNW_BASIS_SPLINE ? SPLINE_COLUMNS : 1;
}

enum snw_basis_kind snw_basis_for(size_t n_regressors, size_t n_draws)
{
    if (DRAWS_PER_SPLINE * (1 + SPLINE_COLUMNS * n_regressors) <= n_draws)
        return SNW_BASIS_SPLINE;
    return DRAWS_PER_LINE * (1 + n_regressors) <= n_draws ? SNW_BASIS_LINE : SNW_BASIS_NONE;
}

/* A column of the regressor itself, standardised. */
static void fill_line(struct snw_regression *r, const double *values, double *sorted, size_t column)
{
    struct snw_spread_of_draws spread = snw_spread_over(values, r->n_draws, sorted);
    for (size_t k = 0; k < r->n_draws; k++)
        r->design[k * r->n_columns + column] =
            spread.sd > 0 ? (values[k] - spread.mean) / spread.sd : 0;
}

/* Columns of a spline; a line where quartiles fall together, the other columns then 0. */
static snw_status fill_spline(struct snw_ctx *ctx, struct snw_regression *r, const double *values,
                              double *sorted, size_t column)
{
    snw_status status = SNW_OK;
    gsl_set_error_handler_off(); /* it would abort */
    gsl_bspline_workspace *splines = gsl_bspline_alloc(4, BREAKS);
    gsl_vector *knots = gsl_vector_alloc(BREAKS), *row = gsl_vector_alloc(SPLINE_COLUMNS + 1);
    bool apart = true;
    if (!splines || !knots || !row) {
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for splines");
        goto out;
    }
    fill_line(r, values, sorted, column);
    for (size_t b = 0; b < BREAKS; b++) {
        gsl_vector_set(knots, b, snw_sorted_quantile(sorted, r->n_draws, (double)b / (BREAKS - 1)));
        apart &= b == 0 || gsl_vector_get(knots, b) > gsl_vector_get(knots, b - 1);
    }
    if (!apart)
        goto out;
    int failed = gsl_bspline_knots(knots, splines);
    for (size_t k = 0; k < r->n_draws; k++) {
        failed |= gsl_bspline_eval(values[k], row, splines);
        for (size_t c = 0; c < SPLINE_COLUMNS; c++)
            r->design[k * r->n_columns + column + c] = gsl_vector_get(row, c + 1);
    }
    if (failed)
        status = snw_fail(ctx, SNW_ERR_INTERNAL, "a spline could not be laid through the draws");
out:
    gsl_bspline_free(splines);
    gsl_vector_free(knots);
    gsl_vector_free(row);
    return status;
}

static snw_status fill_design(struct snw_ctx *ctx, struct snw_regression *r,
                              const struct snw_regressors *on)
{
    snw_status status = SNW_OK;
    double *sorted = malloc(r->n_draws * sizeof *sorted);
    if (!sorted)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a regression");
    for (size_t k = 0; k < r->n_draws; k++)
        r->design[k * r->n_columns] = 1;
    for (size_t i = 0; i < on->n; i++) {
        size_t column = 1 + i * columns_of(r->kind);
        if (r->kind == SNW_BASIS_LINE)
            fill_line(r, on->values[i], sorted, column);
        else
            SNW_TRY(fill_spline(ctx, r, on->values[i], sorted, column));
    }
out:
    free(sorted);
    return status;
}

/* Products of each fold, and of all. */
static void sum_products(struct snw_regression *r)
{
    size_t p = r->n_columns;
    for (size_t k = 0; k < r->n_draws; k++) {
        const double *row = r->design + k * p;
        double *product = r->products + (1 + k % SNW_FOLDS) * p * p;
        double *moment = r->moments + (1 + k % SNW_FOLDS) * r->n_outcomes * p;
        for (size_t i = 0; i < p; i++) {
            for (size_t j = 0; j <= i; j++)
                product[i * p + j] += row[i] * row[j];
            for (size_t o = 0; o < r->n_outcomes; o++)
                moment[o * p + i] += row[i] * r->outcomes[o * r->n_draws + k];
        }
    }
    for (size_t f = 1; f <= SNW_FOLDS; f++) {
        for (size_t i = 0; i < p * p; i++)
            r->products[i] += r->products[f * p * p + i];
        for (size_t i = 0; i < r->n_outcomes * p; i++)
            r->moments[i] += r->moments[f * r->n_outcomes * p + i];
    }
}

snw_status snw_regression_init(struct snw_ctx *ctx, const struct snw_regressors *on,
                               size_t n_outcomes, const double *outcomes, struct snw_regression *r)
{
    snw_status status = SNW_OK;
    enum snw_basis_kind kind = snw_basis_for(on->n, on->n_draws);
    *r = (struct snw_regression){.kind = kind, .n_draws = on->n_draws, .n_outcomes = n_outcomes};
    if (kind == SNW_BASIS_NONE)
        return snw_fail(ctx, SNW_ERR_USAGE, "%zu draws are too few for %zu parameters together",
                        on->n_draws, on->n);
    size_t p = r->n_columns = 1 + on->n * columns_of(kind), n = on->n_draws;
    r->design = calloc(n * p, sizeof(double));
    r->outcomes = malloc(n_outcomes * n * sizeof(double));
    r->products = calloc((1 + SNW_FOLDS) * p * p, sizeof(double));
    r->moments = calloc((1 + SNW_FOLDS) * n_outcomes * p, sizeof(double));
    r->work = malloc(p * p * sizeof(double));
    r->coefficients = malloc(n_outcomes * p * sizeof(double));
    r->fitted = malloc(n_outcomes * n * sizeof(double));
    if (!r->design || !r->outcomes || !r->products || !r->moments || !r->work || !r->coefficients ||
        !r->fitted)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a regression"));
    memcpy(r->outcomes, outcomes, n_outcomes * n * sizeof *outcomes);
    SNW_TRY(fill_design(ctx, r, on));
    sum_products(r);
out:
    return status;
}

void snw_regression_free(struct snw_regression *r)
{
    double *all[] = {r->design, r->outcomes,     r->products, r->moments,
                     r->work,   r->coefficients, r->fitted};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        free(all[i]);
    *r = (struct snw_regression){.kind = SNW_BASIS_NONE};
}

/* Cholesky in place of the lower half of `work`; a column that adds nothing gets a diagonal of 0.
 */
static void decompose(double *a, size_t p)
{
    for (size_t j = 0; j < p; j++) {
        double whole = a[j * p + j], left = whole;
        for (size_t k = 0; k < j; k++)
            left -= a[j * p + k] * a[j * p + k];
        double pivot = left > adds_nothing * whole ? snw_sqrt_f64(left) : 0;
        a[j * p + j] = pivot;
        for (size_t i = j + 1; i < p; i++) {
            double sum = a[i * p + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * p + k] * a[j * p + k];
            a[i * p + j] = pivot > 0 ? sum / pivot : 0;
        }
    }
}

static void substitute(const double *a, size_t p, double *x)
{
    for (size_t i = 0; i < p; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= a[i * p + k] * x[k];
        x[i] = a[i * p + i] > 0 ? x[i] / a[i * p + i] : 0;
    }
    for (size_t i = p; i-- > 0;) {
        for (size_t k = i + 1; k < p; k++)
            x[i] -= a[k * p + i] * x[k];
        x[i] = a[i * p + i] > 0 ? x[i] / a[i * p + i] : 0;
    }
}

void snw_regression_solve(struct snw_regression *r, int fold)
{
    size_t p = r->n_columns, out = fold < 0 ? 0 : 1 + (size_t)fold;
    for (size_t i = 0; i < p * p; i++)
        r->work[i] = r->products[i] - (out ? r->products[out * p * p + i] : 0);
    decompose(r->work, p);
    for (size_t o = 0; o < r->n_outcomes; o++) {
        double *x = r->coefficients + o * p;
        for (size_t i = 0; i < p; i++)
            x[i] =
                r->moments[o * p + i] - (out ? r->moments[(out * r->n_outcomes + o) * p + i] : 0);
        substitute(r->work, p, x);
        for (size_t k = 0; k < r->n_draws; k++) {
            double sum = 0;
            for (size_t i = 0; i < p; i++)
                sum += x[i] * r->design[k * p + i];
            r->fitted[o * r->n_draws + k] = sum;
        }
    }
}

double snw_folds_error(const double *value, size_t stride)
{
    double mean = 0, squares = 0;
    for (size_t k = 0; k < SNW_FOLDS; k++)
        mean += value[k * stride] / SNW_FOLDS;
    for (size_t k = 0; k < SNW_FOLDS; k++)
        squares += (value[k * stride] - mean) * (value[k * stride] - mean);
    return snw_sqrt_f64((SNW_FOLDS - 1.0) / SNW_FOLDS * squares);
}

void snw_regression_noise(const struct snw_regression *r, double draws, double *noise)
{
    size_t n = r->n_draws;
    double used = (double)r->n_columns;
    for (size_t i = 0; i < r->n_outcomes; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++)
                sum += (r->outcomes[i * n + k] - r->fitted[i * n + k]) *
                       (r->outcomes[j * n + k] - r->fitted[j * n + k]);
            double residual = sum / ((double)n - used);
            noise[i * r->n_outcomes + j] = noise[j * r->n_outcomes + i] =
                residual * (used - 1) / draws;
        }
}
