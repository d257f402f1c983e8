/* Puts the rows of draws aside, and sums them up at the end in the order of the draws. */
#include "experiment/spread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"
#include "numerics/quantiles.h"

const struct snw_spread_label snw_spread_labels[SNW_N_SPREADS] = {
    {"_draws_mean", ", mean over draws"},
    {"_draws_sd", ", SD over draws"},
    {"_draws_p025", ", 2.5th percentile of draws"},
    {"_draws_p50", ", median of draws"},
    {"_draws_p975", ", 97.5th percentile of draws"},
    {"_draws_mcvar", ", mean Monte Carlo variance of a draw"}};

const char *snw_spread_unit(int statistic, const char *unit, char *text, size_t size)
{
    if (statistic != SNW_SPREAD_MCVAR || strcmp(unit, "1") == 0)
        return unit;
    snprintf(text, size, "(%s)2", unit);
    return text;
}

static const char rows_section[] = "draws", variance_section[] = "draws_variance";
static const char known_section[] = "draws_known";

static snw_status make_room(struct snw_ctx *ctx, const struct snw_world *world,
                            struct snw_spread *spread)
{
    size_t n = snw_row_of(world).n;
    *spread = (struct snw_spread){.rows = {.fd = -1}, .n_values = n};
    spread->variance = calloc(n, sizeof *spread->variance);
    spread->n_known = calloc(n, sizeof *spread->n_known);
    if (spread->variance && spread->n_known)
        return SNW_OK;
    return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for draws");
}

snw_status snw_spread_create(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                             struct snw_spread *spread)
{
    snw_status status = make_room(ctx, world, spread);
    if (status == SNW_OK)
        status = snw_aside_create(&spread->rows, path, spread->n_values * sizeof(double), ctx);
    return status;
}

/* Copies a section of the length that is wanted. */
static snw_status take(struct snw_ctx *ctx, const struct snw_checkpoint *checkpoint,
                       const char *name, size_t n_bytes, void *to)
{
    const struct snw_section *found = snw_checkpoint_find(checkpoint, name);
    if (!found || found->n_bytes != n_bytes)
        return snw_fail(ctx, SNW_ERR_FORMAT, "the checkpoint's section %s is wrong", name);
    memcpy(to, found->bytes, n_bytes);
    return SNW_OK;
}

snw_status snw_spread_resume(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                             const struct snw_checkpoint *checkpoint, struct snw_spread *spread)
{
    snw_status status = SNW_OK;
    struct snw_aside_state state;
    SNW_TRY(make_room(ctx, world, spread));
    size_t n = spread->n_values;
    SNW_TRY(take(ctx, checkpoint, rows_section, sizeof state, &state));
    SNW_TRY(
        take(ctx, checkpoint, variance_section, n * sizeof *spread->variance, spread->variance));
    SNW_TRY(take(ctx, checkpoint, known_section, n * sizeof *spread->n_known, spread->n_known));
    SNW_TRY(snw_aside_resume(&spread->rows, path, &state, ctx));
out:
    return status;
}

snw_status snw_spread_take(struct snw_ctx *ctx, struct snw_spread *spread, uint64_t draw,
                           const double *row)
{
    const double *variance = row + spread->n_values;
    if (draw != spread->rows.state.n + 1)
        return SNW_OK;
    for (size_t i = 0; i < spread->n_values; i++) {
        bool known = variance[i] == variance[i];
        spread->variance[i] += known ? variance[i] : 0;
        spread->n_known[i] += known;
    }
    return snw_aside_append(&spread->rows, row, ctx);
}

snw_status snw_spread_commit(struct snw_ctx *ctx, struct snw_spread *spread,
                             struct snw_checkpoint *checkpoint)
{
    size_t n = spread->n_values;
    snw_status status = snw_aside_commit(&spread->rows, ctx);
    if (status != SNW_OK)
        return status;
    snw_checkpoint_add(checkpoint, rows_section, &spread->rows.state, sizeof spread->rows.state);
    snw_checkpoint_add(checkpoint, variance_section, spread->variance, n * sizeof(double));
    snw_checkpoint_add(checkpoint, known_section, spread->n_known, n * sizeof(uint32_t));
    return SNW_OK;
}

void snw_spread_free(struct snw_spread *spread)
{
    snw_aside_close(&spread->rows);
    free(spread->variance);
    free(spread->n_known);
    *spread = (struct snw_spread){.rows = {.fd = -1}};
}

snw_status snw_spread_read(struct snw_ctx *ctx, const struct snw_spread *spread, uint64_t from,
                           uint64_t to, size_t first, size_t n, double *values)
{
    snw_status status = SNW_OK;
    for (uint64_t draw = from; draw < to; draw++, values += n)
        SNW_TRY(snw_aside_read(&spread->rows, draw - 1, first * sizeof *values, n * sizeof *values,
                               values, ctx));
out:
    return status;
}

/* Sorts n values on the way. */
static void statistics_of(double *values, size_t n, double out[SNW_SPREAD_MCVAR])
{
    size_t known = 0;
    double sum = 0, squares = 0, none = __builtin_nan("");
    for (size_t i = 0; i < n; i++)
        if (values[i] == values[i]) {
            values[known++] = values[i];
            sum += values[known - 1];
        }
    for (int k = 0; k < SNW_SPREAD_MCVAR; k++)
        out[k] = none;
    if (known == 0)
        return;
    double mean = sum / (double)known;
    for (size_t i = 0; i < known; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    out[SNW_SPREAD_MEAN] = mean;
    out[SNW_SPREAD_SD] = known > 1 ? snw_sqrt_f64(squares / (double)(known - 1)) : none;
    snw_sort(values, known);
    out[SNW_SPREAD_P025] = snw_sorted_quantile(values, known, 0.025);
    out[SNW_SPREAD_P50] = snw_sorted_quantile(values, known, 0.5);
    out[SNW_SPREAD_P975] = snw_sorted_quantile(values, known, 0.975);
}

void snw_spread_columns(const double *rows, size_t n_rows, size_t n, double *one,
                        double *const out[SNW_SPREAD_MCVAR])
{
    for (size_t i = 0; i < n; i++) {
        double found[SNW_SPREAD_MCVAR];
        for (size_t d = 0; d < n_rows; d++)
            one[d] = rows[d * n + i];
        statistics_of(one, n_rows, found);
        for (int k = 0; k < SNW_SPREAD_MCVAR; k++)
            out[k][i] = found[k];
    }
}

void snw_spread_mcvar(const struct snw_spread *spread, size_t first, size_t n, double *out)
{
    for (size_t i = first; i < first + n; i++) {
        uint32_t known = spread->n_known[i];
        *out++ = known ? spread->variance[i] / known : __builtin_nan("");
    }
}

snw_status snw_spread_statistics(struct snw_ctx *ctx, const struct snw_spread *spread, size_t first,
                                 size_t n, double *const out[SNW_N_SPREADS])
{
    enum { AT_ONCE = 4 << 20 }; /* values in memory */
    snw_status status = SNW_OK;
    size_t n_draws = spread->rows.state.n, slab = AT_ONCE / (n_draws + 1);
    slab = slab < 1 ? 1 : slab < n ? slab : n;
    double *read = malloc(slab * n_draws * sizeof *read), *one = malloc(n_draws * sizeof *one);
    if (!read || !one)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for statistics over draws"));
    for (size_t from = 0; from < n; from += slab) {
        size_t width = n - from < slab ? n - from : slab;
        double *at[SNW_SPREAD_MCVAR];
        for (int k = 0; k < SNW_SPREAD_MCVAR; k++)
            at[k] = out[k] + from;
        SNW_TRY(snw_spread_read(ctx, spread, 1, n_draws + 1, first + from, width, read));
        snw_spread_columns(read, n_draws, width, one, at);
    }
    snw_spread_mcvar(spread, first, n, out[SNW_SPREAD_MCVAR]);
out:
    free(read);
    free(one);
    return status;
}
