/* Parameters that nobody would feel where a scenario or a deed moves them: those of the frozen
   reference pass above all, such as rates of falls and fractures, which it has met already. */
#ifndef SNW_EXPERIMENT_IDLE_H
#define SNW_EXPERIMENT_IDLE_H

#include <stdio.h>

#include "experiment/work.h"

/* Refuses a sweep's deed that moves such a parameter. @param[in] world  built
   @return SNW_OK, SNW_ERR_CONFIG, SNW_ERR_MEMORY. */
snw_status snw_idle_refuse(struct snw_ctx *ctx, const struct snw_world *world) SNW_MUST_CHECK;

/* Warns of those that scenarios override. @param[in] world  built
   @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_idle_warn(struct snw_ctx *ctx, const struct snw_world *world,
                         FILE *stream) SNW_MUST_CHECK;

#endif
