/* Generalised eigenvectors of noise and spread, by two symmetric problems: the spread may be flat
   in some direction (two strategies that are the same). */
#include "decision/shrink.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <stdlib.h>

#include "core/vmath.h"
#include "decision/psa.h"

static const double flat = 1e-10;    /* of a correlation matrix: less is rounding */
static const double all_noise = 1e6; /* times the variance: what varies is rounding */

struct room {
    gsl_eigen_symmv_workspace *work;
    gsl_matrix *a, *first, *second; /* (d, d); eigenvectors in columns */
    gsl_vector *value, *share;
    double *mean, *sd, *z, *y; /* (d,) */
};

static bool make_room(struct room *r, size_t d)
{
    gsl_set_error_handler_off(); /* it would abort */
    *r = (struct room){.work = gsl_eigen_symmv_alloc(d),
                       .a = gsl_matrix_calloc(d, d),
                       .first = gsl_matrix_calloc(d, d),
                       .second = gsl_matrix_calloc(d, d),
                       .value = gsl_vector_calloc(d),
                       .share = gsl_vector_calloc(d),
                       .mean = calloc(4 * d, sizeof(double))};
    if (!r->mean)
        return false;
    r->sd = r->mean + d;
    r->z = r->mean + 2 * d;
    r->y = r->mean + 3 * d;
    return r->work && r->a && r->first && r->second && r->value && r->share;
}

static void leave_room(struct room *r)
{
    gsl_eigen_symmv_free(r->work);
    gsl_matrix_free(r->a);
    gsl_matrix_free(r->first);
    gsl_matrix_free(r->second);
    gsl_vector_free(r->value);
    gsl_vector_free(r->share);
    free(r->mean);
}

void snw_covariance(size_t d, size_t n, const double *values, double *covariance)
{
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j <= i; j++) {
            double a = snw_mean_of(values + i * n, n), b = snw_mean_of(values + j * n, n), sum = 0;
            for (size_t k = 0; k < n; k++)
                sum += (values[i * n + k] - a) * (values[j * n + k] - b);
            covariance[i * d + j] = covariance[j * d + i] = sum / (double)(n - 1);
        }
}

/* Standardises, and finds the directions of the correlation matrix: columns of `first`, scaled to
   unit spread; flat ones to 0. Leaves the square roots of their spreads in value. */
static int whiten(struct room *r, size_t d, size_t n, const double *noise, const double *values,
                  double *covariance)
{
    snw_covariance(d, n, values, covariance);
    for (size_t i = 0; i < d; i++) {
        r->mean[i] = snw_mean_of(values + i * n, n);
        double variance = covariance[i * d + i];
        r->sd[i] = noise[i * d + i] < all_noise * variance ? snw_sqrt_f64(variance) : 0;
    }
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++) {
            double scale = r->sd[i] * r->sd[j];
            gsl_matrix_set(r->a, i, j, scale > 0 ? covariance[i * d + j] / scale : 0);
        }
    int failed = gsl_eigen_symmv(r->a, r->value, r->first, r->work);
    for (size_t m = 0; m < d; m++) {
        double spread = gsl_vector_get(r->value, m),
               root = spread > flat ? snw_sqrt_f64(spread) : 0;
        gsl_vector_set(r->value, m, root);
        for (size_t i = 0; i < d; i++)
            *gsl_matrix_ptr(r->first, i, m) *= root > 0 ? 1 / root : 0;
    }
    return failed;
}

/* Noise as seen along the whitened directions, and its own directions and shares in them. */
static int see_noise(struct room *r, size_t d, const double *noise)
{
    for (size_t m = 0; m < d; m++)
        for (size_t l = 0; l < d; l++) {
            double sum = 0;
            for (size_t i = 0; i < d; i++)
                for (size_t j = 0; j < d; j++)
                    if (r->sd[i] > 0 && r->sd[j] > 0)
                        sum += gsl_matrix_get(r->first, i, m) * gsl_matrix_get(r->first, j, l) *
                               noise[i * d + j] / (r->sd[i] * r->sd[j]);
            gsl_matrix_set(r->a, m, l, sum);
        }
    return gsl_eigen_symmv(r->a, r->share, r->second, r->work);
}

/* One point: to whitened coordinates, shorter, and back. */
static void move(struct room *r, size_t d, size_t n, double *point)
{
    for (size_t m = 0; m < d; m++) {
        r->z[m] = 0;
        for (size_t i = 0; i < d; i++)
            if (r->sd[i] > 0)
                r->z[m] += gsl_matrix_get(r->first, i, m) * (point[i * n] - r->mean[i]) / r->sd[i];
    }
    for (size_t q = 0; q < d; q++) {
        double share = gsl_vector_get(r->share, q), along = 0;
        for (size_t m = 0; m < d; m++)
            along += gsl_matrix_get(r->second, m, q) * r->z[m];
        r->y[q] = along * (share < 1 ? snw_sqrt_f64(1 - (share > 0 ? share : 0)) : 0);
    }
    for (size_t m = 0; m < d; m++) {
        r->z[m] = 0;
        for (size_t q = 0; q < d; q++)
            r->z[m] += gsl_matrix_get(r->second, m, q) * r->y[q];
    }
    for (size_t i = 0; i < d; i++) {
        double moved = 0;
        for (size_t m = 0; m < d; m++) {
            double root = gsl_vector_get(r->value, m); /* first is its inverse times a direction */
            moved += root * root * gsl_matrix_get(r->first, i, m) * r->z[m];
        }
        point[i * n] = r->mean[i] + r->sd[i] * moved;
    }
}

snw_status snw_shrink(struct snw_ctx *ctx, size_t d, size_t n, const double *noise, double *values)
{
    snw_status status = SNW_OK;
    struct room room = {.work = NULL};
    double *covariance = malloc((d * d + 1) * sizeof *covariance);
    if (!covariance || !make_room(&room, d))
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to take out noise"));
    if (whiten(&room, d, n, noise, values, covariance) || see_noise(&room, d, noise))
        SNW_TRY(snw_fail(ctx, SNW_ERR_INTERNAL, "the directions of noise were not found"));
    for (size_t k = 0; k < n; k++)
        move(&room, d, n, values + k);
out:
    leave_room(&room);
    free(covariance);
    return status;
}
