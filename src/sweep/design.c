/* Lays out designs: grids, sequences, and those from which sensitivity is worked out. */
#include <gsl/gsl_qrng.h>
#include <stdlib.h>

#include "random/philox.h"
#include "sweep/sweep.h"

/* Words of a design: no draw has such a luck. */
enum { LUCK = -1 };

/* Quantiles of priors that stand for the ends, where a design has levels. */
static const double trim = 0.025;

/* A design on its way. */
struct plan {
    const struct snw_sweep *sweep;
    uint32_t seed;
    size_t n, k; /* points, factors */
    double *u;   /* (n, k) */
};

/* Of a factor, in a design that has levels. */
static size_t levels_of(const struct snw_sweep *s, const struct snw_factor *f)
{
    return f->range == SNW_FACTOR_VALUES ? f->n_values : (size_t)s->levels;
}

size_t snw_sweep_points(const struct snw_sweep *s)
{
    const size_t most = SNW_SWEEP_POINTS_MAX + 1;
    size_t n = s->n_factors == 0 ? 0 : (size_t)s->points;
    switch (s->design) {
    case SNW_DESIGN_ONE_WAY:
        n = 0;
        for (size_t i = 0; i < s->n_factors; i++)
            n += levels_of(s, &s->factors[i]);
        break;
    case SNW_DESIGN_GRID:
        n = s->n_factors > 0;
        for (size_t i = 0; i < s->n_factors && n < most; i++)
            n *= levels_of(s, &s->factors[i]);
        break;
    case SNW_DESIGN_SALTELLI:
        n *= s->n_factors + 2;
        break;
    case SNW_DESIGN_MORRIS:
        n *= s->n_factors + 1;
        break;
    case SNW_DESIGN_LATIN_HYPERCUBE:
    case SNW_DESIGN_SOBOL:
    case SNW_DESIGN_HALTON:
        break;
    }
    return n < most ? n : most;
}

static uint32_t word(const struct plan *p, uint32_t i, uint32_t j, uint32_t what)
{
    const uint32_t counter[4] = {i, j, what, 0}, key[2] = {p->seed, (uint32_t)LUCK};
    uint32_t out[4];
    snw_philox(counter, key, out);
    return out[0];
}

/* A whole number below n. */
static size_t below(const struct plan *p, uint32_t i, uint32_t j, uint32_t what, size_t n)
{
    return (size_t)((uint64_t)word(p, i, j, what) * n >> 32);
}

/* Level l of n: the middle of its part for a list, else from end to end. */
static double level(const struct snw_factor *f, size_t l, size_t n)
{
    double even = n > 1 ? (double)l / (double)(n - 1) : 0.5;
    if (f->range == SNW_FACTOR_VALUES)
        return ((double)l + 0.5) / (double)n;
    return f->range == SNW_FACTOR_PRIOR ? trim + (1 - 2 * trim) * even : even;
}

/* One factor after the other; the others are where the config has them, which no coordinate tells:
   NaN. */
static void lay_one_way(const struct plan *p)
{
    size_t point = 0;
    for (size_t f = 0; f < p->k; f++) {
        const struct snw_factor *factor = &p->sweep->factors[f];
        size_t n = levels_of(p->sweep, factor);
        for (size_t l = 0; l < n; l++, point++)
            for (size_t g = 0; g < p->k; g++)
                p->u[point * p->k + g] = g == f ? level(factor, l, n) : __builtin_nan("");
    }
}

/* The last factor changes from point to point. */
static void lay_grid(const struct plan *p)
{
    for (size_t point = 0; point < p->n; point++)
        for (size_t f = p->k, rest = point; f-- > 0;) {
            const struct snw_factor *factor = &p->sweep->factors[f];
            size_t n = levels_of(p->sweep, factor);
            p->u[point * p->k + f] = level(factor, rest % n, n);
            rest /= n;
        }
}

/* One point in each of n equal parts of every factor. */
static void lay_hypercube(const struct plan *p, size_t *part)
{
    enum { SHUFFLE, PLACE };
    for (size_t f = 0; f < p->k; f++) {
        for (size_t i = 0; i < p->n; i++)
            part[i] = i;
        for (size_t i = p->n - 1; i > 0; i--) {
            size_t j = below(p, (uint32_t)i, (uint32_t)f, SHUFFLE, i + 1), kept = part[i];
            part[i] = part[j];
            part[j] = kept;
        }
        for (size_t i = 0; i < p->n; i++) {
            double within = (word(p, (uint32_t)i, (uint32_t)f, PLACE) + 0.5) * 0x1p-32;
            p->u[i * p->k + f] = ((double)part[i] + within) / (double)p->n;
        }
    }
}

static snw_status lay_sequence(struct snw_ctx *ctx, const struct plan *p, const gsl_qrng_type *type)
{
    gsl_qrng *q = gsl_qrng_alloc(type, (unsigned)p->k);
    if (!q)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a sequence of %zu dimensions", p->k);
    for (size_t i = 0; i < p->n; i++)
        gsl_qrng_get(q, &p->u[i * p->k]);
    gsl_qrng_free(q);
    return SNW_OK;
}

/* Rows A, B, and A with column i of B, i = 0 .. k - 1, of each base point. Source: saltelli2010. */
static snw_status lay_saltelli(struct snw_ctx *ctx, const struct plan *p)
{
    double both[SNW_SOBOL_DIMENSIONS];
    size_t k = p->k, rows = k + 2;
    gsl_qrng *q = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)(2 * k));
    if (!q)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a sequence of %zu dimensions", 2 * k);
    for (size_t j = 0; j < p->n / rows; j++) {
        double *to = &p->u[j * rows * k];
        gsl_qrng_get(q, both);
        for (size_t row = 0; row < rows; row++)
            for (size_t f = 0; f < k; f++)
                to[row * k + f] = both[(row == 1 || row == f + 2 ? k : 0) + f];
    }
    gsl_qrng_free(q);
    return SNW_OK;
}

/* Trajectories: from a point of the lower or upper half of the levels each factor in its turn jumps
   by half the levels. Source: morris1991. */
static void lay_morris(const struct plan *p, size_t *turn)
{
    enum { START, UP, TURN };
    size_t levels = (size_t)p->sweep->levels, half = levels / 2, rows = p->k + 1;
    for (size_t t = 0; t < p->n / rows; t++) {
        double *to = &p->u[t * rows * p->k];
        for (size_t f = 0; f < p->k; f++)
            turn[f] = f;
        for (size_t f = p->k - 1; f > 0; f--) {
            size_t j = below(p, (uint32_t)t, (uint32_t)f, TURN, f + 1), kept = turn[f];
            turn[f] = turn[j];
            turn[j] = kept;
        }
        for (size_t i = 0; i < p->k; i++) {
            size_t f = turn[i], low = below(p, (uint32_t)t, (uint32_t)f, START, half);
            size_t up = below(p, (uint32_t)t, (uint32_t)f, UP, 2);
            for (size_t row = 0; row < rows; row++) /* factor turn[i] jumps before row i + 1 */
                to[row * p->k + f] =
                    level(&p->sweep->factors[f], low + ((row > i) == up ? half : 0), levels);
        }
    }
}

snw_status snw_design_new(struct snw_ctx *ctx, const struct snw_sweep *sweep, uint32_t seed,
                          double **u)
{
    snw_status status = SNW_OK;
    struct plan p = {sweep, seed, snw_sweep_points(sweep), sweep->n_factors, NULL};
    size_t longer = p.n > p.k ? p.n : p.k, *order = malloc((longer + 1) * sizeof *order);
    *u = p.u = malloc((p.n * p.k + 1) * sizeof *p.u);
    if (!p.u || !order)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a design of %zu points", p.n));
    switch (sweep->design) {
    case SNW_DESIGN_ONE_WAY:
        lay_one_way(&p);
        break;
    case SNW_DESIGN_GRID:
        lay_grid(&p);
        break;
    case SNW_DESIGN_LATIN_HYPERCUBE:
        lay_hypercube(&p, order);
        break;
    case SNW_DESIGN_SOBOL:
        status = lay_sequence(ctx, &p, gsl_qrng_sobol);
        break;
    case SNW_DESIGN_HALTON:
        status = lay_sequence(ctx, &p, gsl_qrng_halton);
        break;
    case SNW_DESIGN_SALTELLI:
        status = lay_saltelli(ctx, &p);
        break;
    case SNW_DESIGN_MORRIS:
        lay_morris(&p, order);
        break;
    }
out:
    free(order);
    return status;
}
