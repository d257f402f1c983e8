/* Exact sums to means, SDs, rates and quantiles. */
#ifndef SNW_EXPERIMENT_SUMMARY_H
#define SNW_EXPERIMENT_SUMMARY_H

#include "experiment/spread.h"

/* Quantile p of a state from its histogram, straight within a bin; NaN without people. */
double snw_histogram_quantile(const uint32_t *histogram, struct snw_bins bins,
                              enum snw_measure measure, double p);

/* Writes group /summary. Along `draw` lie all draws of the outcomes that are kept for each; of all
   other variables only the point estimate, draw 0. Statistics over draws have no draw 0 in them.
   @param[in] totals (scenarios,) of the point estimate
   @param[in] spread of the draws, NULL without */
snw_status snw_summary_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_totals *totals,
                             const struct snw_spread *spread) SNW_MUST_CHECK;

#endif
