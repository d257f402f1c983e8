/* Priors of fitted parameters as correlated normal scores. */
#include "calibration/space.h"

#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"
#include "params/priors.h"

/* Part of each score that is its own even where two elements move as one: keeps the matrix
   positive definite. */
static const double own_share = 0.02;
static const double vanishing = 1e-12;

snw_status snw_space_init(struct snw_ctx *ctx, const struct snw_stages *stages,
                          const struct snw_params *base, struct snw_space *space)
{
    size_t n = stages->n_parameters;
    *space = (struct snw_space){.stages = stages, .base = base, .n = n};
    space->correlation = malloc(n * n * sizeof *space->correlation);
    if (!space->correlation)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu parameters", n);
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++)
            space->correlation[p * n + q] =
                p == q ? 1
                       : (1 - own_share) * snw_param_correlation(stages->parameter[p].element[0],
                                                                 stages->parameter[q].element[0]);
    return SNW_OK;
}

void snw_space_free(struct snw_space *space)
{
    free(space->correlation);
    *space = (struct snw_space){.n = 0};
}

double snw_space_value(const struct snw_space *space, size_t p, size_t index, double z)
{
    const struct snw_param_element *e = &space->stages->parameter[p].element[index];
    const struct snw_param_info *info = &snw_param_table[e->id];
    double base = snw_params_at_const(space->base, e->id)[e->index];
    /* the prior lies about the base: whatever the default has become, it is stated by the base */
    return snw_prior_value(snw_param_prior(e->id, e->index), base, info->low, info->high, base, z);
}

void snw_space_params(const struct snw_space *space, size_t n, const double *z,
                      struct snw_params *params)
{
    *params = *space->base;
    for (size_t p = 0; p < n; p++)
        for (size_t i = 0; i < space->stages->parameter[p].n; i++) {
            const struct snw_param_element *e = &space->stages->parameter[p].element[i];
            snw_params_at(params, e->id)[e->index] = snw_space_value(space, p, i, z[p]);
        }
}

void snw_root_times(size_t n, const double *root, const double *e, double *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = 0;
        for (size_t j = 0; j <= i; j++)
            out[i] += root[i * n + j] * e[j];
    }
}

void snw_root_solve(size_t n, const double *root, const double *x, double *e)
{
    for (size_t i = 0; i < n; i++) {
        double left = x[i];
        for (size_t j = 0; j < i; j++)
            left -= root[i * n + j] * e[j];
        e[i] = left / root[i * n + i];
    }
}

void snw_root_of(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            if (j > i) {
                a[i * n + j] = 0;
                continue;
            }
            double left = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                left -= a[i * n + k] * a[j * n + k];
            a[i * n + j] =
                i == j ? snw_sqrt_f64(left > vanishing ? left : vanishing) : left / a[j * n + j];
        }
}

void snw_stage_prior_free(struct snw_stage_prior *prior)
{
    free(prior->slope);
    free(prior->root);
    *prior = (struct snw_stage_prior){.n = 0};
}

snw_status snw_stage_prior_init(struct snw_ctx *ctx, const struct snw_space *space,
                                const struct snw_stage *stage, struct snw_stage_prior *prior)
{
    size_t n = stage->n, known = stage->first, all = space->n;
    const double *c = space->correlation;
    *prior = (struct snw_stage_prior){.n = n, .known = known};
    prior->slope = calloc(n * known + 1, sizeof *prior->slope);
    prior->root = malloc(n * n * sizeof *prior->root);
    double *root = malloc((known * known + 1) * sizeof *root),
           *half = malloc((n * known + 1) * sizeof *half);
    if (!prior->slope || !prior->root || !root || !half) {
        free(root);
        free(half);
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the prior of %s", stage->name);
    }
    for (size_t i = 0; i < known; i++)
        for (size_t j = 0; j < known; j++)
            root[i * known + j] = c[i * all + j];
    snw_root_of(known, root);
    /* half = root^-1 c(known, stage); covariance left = c - half' half; slope = half' root^-1 */
    for (size_t i = 0; i < n; i++) {
        snw_root_solve(known, root, c + (known + i) * all, half + i * known);
        for (size_t j = known; j-- > 0;) {
            double left = half[i * known + j];
            for (size_t k = j + 1; k < known; k++)
                left -= root[k * known + j] * prior->slope[i * known + k];
            prior->slope[i * known + j] = left / root[j * known + j];
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double left = c[(known + i) * all + known + j];
            for (size_t k = 0; k < known; k++)
                left -= half[i * known + k] * half[j * known + k];
            prior->root[i * n + j] = left;
        }
    snw_root_of(n, prior->root);
    free(root);
    free(half);
    return SNW_OK;
}

void snw_stage_prior_mean(const struct snw_stage_prior *prior, const double *known, double *mean)
{
    for (size_t i = 0; i < prior->n; i++) {
        mean[i] = 0;
        for (size_t j = 0; j < prior->known; j++)
            mean[i] += prior->slope[i * prior->known + j] * known[j];
    }
}
