/* Exact sums to means, SDs, rates and quantiles. */
#ifndef SNW_EXPERIMENT_SUMMARY_H
#define SNW_EXPERIMENT_SUMMARY_H

#include "experiment/work.h"
#include "store/file.h"

/* Mean, SD (n - 1) of one outcome in one cell; NaN without people. */
double snw_cell_mean(const struct snw_cell *cell, enum snw_measure measure);
double snw_cell_sd(const struct snw_cell *cell, enum snw_measure measure);

/* Quantile p of a state from its histogram, straight within a bin; NaN without people. */
double snw_histogram_quantile(const uint32_t *histogram, struct snw_bins bins,
                              enum snw_measure measure, double p);

enum { SNW_UNIT_MAX = 48 };

/* A unit in which USD is that of the run's price year, `USD_2019 year-1`; written to text where it
   differs. @return the unit. */
const char *snw_unit_of(const struct snw_world *world, const char *unit, char text[SNW_UNIT_MAX]);

/* Says of a variable in money which ledger and price index are behind it. */
snw_status snw_cost_attributes(struct snw_ctx *ctx, struct snw_file *file,
                               const struct snw_world *world, const char *object) SNW_MUST_CHECK;

/* Writes group /summary. @param[in] totals (scenarios,). */
snw_status snw_summary_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world,
                             const struct snw_totals *totals) SNW_MUST_CHECK;

/* Writes the coordinates scenario, draw, sex, age of a group. */
snw_status snw_summary_axes(struct snw_ctx *ctx, struct snw_file *file,
                            const struct snw_world *world, const char *group) SNW_MUST_CHECK;

#endif
