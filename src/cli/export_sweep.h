/* A sweep as CSV. */
#ifndef SNW_CLI_EXPORT_SWEEP_H
#define SNW_CLI_EXPORT_SWEEP_H

#include "store/file.h"

/* Prints a row for each point, measure, scenario and sex, with where the factors stand. */
snw_status snw_export_sweep(struct snw_ctx *ctx, struct snw_file *file,
                            const char *group) SNW_MUST_CHECK;

/* Prints a row for each index of each factor: of the measure, and of what a scenario gains on the
   reference.
   @return also SNW_ERR_FORMAT where the design gives no indices. */
snw_status snw_export_sensitivity(struct snw_ctx *ctx, struct snw_file *file,
                                  const char *group) SNW_MUST_CHECK;

#endif
