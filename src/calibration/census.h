/* The people that ages weigh as, from a table of population. */
#ifndef SNW_CALIBRATION_CENSUS_H
#define SNW_CALIBRATION_CENSUS_H

#include "calibration/evaluate.h"

/* Adds the people of the year that a target weighs ages by, where it does and they are not there.
   @param[in] path  a table of population (config/table.h)
   @return SNW_OK, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_census_add(struct snw_ctx *ctx, const char *path, const struct snw_target *target,
                          struct snw_census *census) SNW_MUST_CHECK;

#endif
