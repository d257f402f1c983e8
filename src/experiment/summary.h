/* Exact sums to means, SDs, rates and quantiles. */
#ifndef SNW_EXPERIMENT_SUMMARY_H
#define SNW_EXPERIMENT_SUMMARY_H

#include "experiment/spread.h"
#include "store/dataset.h"

/* Quantile p of a state from its histogram, straight within a bin; NaN without people. */
double snw_histogram_quantile(const uint32_t *histogram, struct snw_bins bins,
                              enum snw_measure measure, double p);

enum { SNW_UNIT_MAX = 48 };

/* A unit in which USD is the run's currency and price year, `USD_2019 year-1`; written to text
   where it differs. @return the unit. */
const char *snw_unit_of(const struct snw_world *world, const char *unit, char text[SNW_UNIT_MAX]);

/* Says of a variable whose units are money of the run's currency which ledger, perspective and
   price index are behind it, and whether it is discounted, as its name says and as net monetary
   benefit, nmb, is; of others nothing.
   @param[in] ledger NULL for the run's */
snw_status snw_money_attributes(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_world *world, const struct snw_variable *v,
                                const char *ledger) SNW_MUST_CHECK;

/* Writes group /summary. Along `draw` lie all draws of the outcomes that are kept for each; of all
   other variables only the point estimate, draw 0. Statistics over draws have no draw 0 in them.
   @param[in] totals (scenarios,) of the point estimate
   @param[in] spread of the draws, NULL without */
snw_status snw_summary_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_totals *totals,
                             const struct snw_spread *spread) SNW_MUST_CHECK;

/* Writes the coordinate scenario of a group: those of the settings by name. */
snw_status snw_scenario_axis(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const char *group) SNW_MUST_CHECK;

/* Writes the coordinate draw, 0 .. n - 1, of a group. */
snw_status snw_draw_axis(struct snw_ctx *ctx, struct snw_file *file, const char *group,
                         size_t n) SNW_MUST_CHECK;

/* Writes the coordinates scenario, draw, sex, age of a group. */
snw_status snw_summary_axes(struct snw_ctx *ctx, struct snw_file *file,
                            const struct snw_world *world, const char *group,
                            size_t n_draws) SNW_MUST_CHECK;

#endif
