/* What the writer keeps of the draws, and what they come to: means, SDs and quantiles over draws.
 */
#ifndef SNW_EXPERIMENT_SPREAD_H
#define SNW_EXPERIMENT_SPREAD_H

#include "experiment/draw.h"
#include "store/aside.h"
#include "store/checkpoint.h"
#include "store/file.h"

/* Over draws 1..N, in each place of a row over those in which it has a value. */
enum snw_spread_statistic {
    SNW_SPREAD_MEAN,
    SNW_SPREAD_SD, /* n - 1 */
    SNW_SPREAD_P025,
    SNW_SPREAD_P50,
    SNW_SPREAD_P975,
    SNW_SPREAD_MCVAR, /* mean Monte Carlo variance of a draw */
    SNW_N_SPREADS
};

/* How their variables are called. */
extern const struct snw_spread_label {
    const char *suffix, *what;
} snw_spread_labels[SNW_N_SPREADS];

/* @return the unit of a statistic of values in `unit`: that, or its square, put together in text.
 */
const char *snw_spread_unit(int statistic, const char *unit, char *text, size_t size);

/* Rows of the draws so far, in their order. Values are put aside on disk; of variances only sums
   over draws are kept. */
struct snw_spread {
    struct snw_aside rows;
    size_t n_values;  /* of a row */
    double *variance; /* (n_values,) sum over draws that have one */
    uint32_t *n_known;
};

/* Begins without draws. Released with snw_spread_free. @param[in] path of the result */
snw_status snw_spread_create(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                             struct snw_spread *spread) SNW_MUST_CHECK;

/* Takes up what a checkpoint knows.
   @return also SNW_ERR_FORMAT where it lacks a part or rows are damaged. */
snw_status snw_spread_resume(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                             const struct snw_checkpoint *checkpoint,
                             struct snw_spread *spread) SNW_MUST_CHECK;

/* Adds the row of a draw (2, n_values) if it is the next one: those after a gap come again. */
snw_status snw_spread_take(struct snw_ctx *ctx, struct snw_spread *spread, uint64_t draw,
                           const double *row) SNW_MUST_CHECK;

/* Brings the rows to disk and adds to a checkpoint what knows of them; it borrows the spread. */
snw_status snw_spread_commit(struct snw_ctx *ctx, struct snw_spread *spread,
                             struct snw_checkpoint *checkpoint) SNW_MUST_CHECK;

void snw_spread_free(struct snw_spread *spread);

/* Reads n values from place `first` on of draws `from` to `to` - 1, counted from 1, into values
   (to - from, n). */
snw_status snw_spread_read(struct snw_ctx *ctx, const struct snw_spread *spread, uint64_t from,
                           uint64_t to, size_t first, size_t n, double *values) SNW_MUST_CHECK;

/* All statistics of n places from `first` on. @param[out] out (n,) each, of the caller */
snw_status snw_spread_statistics(struct snw_ctx *ctx, const struct snw_spread *spread, size_t first,
                                 size_t n, double *const out[SNW_N_SPREADS]) SNW_MUST_CHECK;

/* The first five statistics of each of n columns that were read; NaNs are left out. SDs need two.
   @param[in] rows (n_rows, n). @param[out] one (n_rows,) room to work in; out (n,) each */
void snw_spread_columns(const double *rows, size_t n_rows, size_t n, double *one,
                        double *const out[SNW_SPREAD_MCVAR]);

/* The last one of n places from `first` on. @param[out] out (n,) */
void snw_spread_mcvar(const struct snw_spread *spread, size_t first, size_t n, double *out);

#endif
