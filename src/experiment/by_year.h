/* A cross-section by calendar year, weighted to the nation. */
#ifndef SNW_EXPERIMENT_BY_YEAR_H
#define SNW_EXPERIMENT_BY_YEAR_H

#include "experiment/work.h"
#include "store/file.h"

/* People of the nation for each one met at this sex and age; 0 where nobody was met. */
double snw_person_weight(const struct snw_world *world, const struct snw_totals *totals, int sex,
                         int age);

/* Writes /summary_by_year, and the weights into /summary. @param[in] totals (scenarios,). */
snw_status snw_by_year_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world,
                             const struct snw_totals *totals) SNW_MUST_CHECK;

#endif
