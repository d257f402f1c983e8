/* A nation by calendar year: a cross-section and who is left of it, or an open population. */
#ifndef SNW_EXPERIMENT_BY_YEAR_H
#define SNW_EXPERIMENT_BY_YEAR_H

#include "experiment/spread.h"
#include "experiment/work.h"
#include "store/file.h"

/* Writes /summary_by_year, and the weights into /summary. @param[in] totals (scenarios,).
   @param[in] draws  NULL without any */
snw_status snw_by_year_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_totals *totals,
                             const struct snw_spread *draws) SNW_MUST_CHECK;

#endif
