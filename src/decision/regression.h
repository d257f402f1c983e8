/* Regression of outcomes on parameters over the draws: splines, one for each parameter, added. */
#ifndef SNW_DECISION_REGRESSION_H
#define SNW_DECISION_REGRESSION_H

#include "core/context.h"

enum { SNW_FOLDS = 20 }; /* parts of the draws, for the jackknife */

/* Values that outcomes are regressed on. Borrows. */
struct snw_regressors {
    size_t n, n_draws;
    const double *const *values; /* (n,) rows of (n_draws,) */
};

enum snw_basis_kind {
    SNW_BASIS_SPLINE, /* cubic B-splines, inner knots at the quartiles */
    SNW_BASIS_LINE,
    SNW_BASIS_NONE /* too few draws for so many parameters */
};

/* The form that so many draws allow: splines where there are ten draws to each coefficient, lines
   where there are four. */
enum snw_basis_kind snw_basis_for(size_t n_regressors, size_t n_draws);

/* A design and the sums of squares it is solved by. */
struct snw_regression {
    enum snw_basis_kind kind;
    size_t n_draws, n_outcomes;
    size_t n_columns;     /* of the design, the constant first */
    double *design;       /* (n_draws, n_columns) */
    double *outcomes;     /* (n_outcomes, n_draws), a copy */
    double *products;     /* (1 + SNW_FOLDS, n_columns, n_columns): all draws; each fold's alone */
    double *moments;      /* (1 + SNW_FOLDS, n_outcomes, n_columns) */
    double *work;         /* (n_columns, n_columns) */
    double *coefficients; /* (n_outcomes, n_columns) of the last solution */
    double *fitted;       /* (n_outcomes, n_draws) */
};

/* Makes the design. Released with snw_regression_free.
   @return SNW_OK; SNW_ERR_USAGE where there are too few draws; SNW_ERR_MEMORY. */
snw_status snw_regression_init(struct snw_ctx *ctx, const struct snw_regressors *on,
                               size_t n_outcomes, const double *outcomes,
                               struct snw_regression *regression) SNW_MUST_CHECK;
void snw_regression_free(struct snw_regression *regression);

/* Least squares over all draws (fold < 0) or all but those k with k mod SNW_FOLDS == fold; fills
   coefficients and fitted, of all draws. Columns that add nothing get a coefficient of 0. */
void snw_regression_solve(struct snw_regression *regression, int fold);

/* Standard error of what has been worked out without each fold in turn.
   @param[in] value  (SNW_FOLDS,), `stride` apart */
double snw_folds_error(const double *value, size_t stride);

/* What noise the fitted values hold on average over draws: residual covariance x (columns - 1)/n.
   @param[out] noise  (n_outcomes, n_outcomes)
   @param[in]  draws  in the solution */
void snw_regression_noise(const struct snw_regression *regression, double draws, double *noise);

#endif
