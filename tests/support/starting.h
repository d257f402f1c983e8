/* The parameters of the table as they were before calibration. */
#ifndef SNW_TESTS_SUPPORT_STARTING_H
#define SNW_TESTS_SUPPORT_STARTING_H

#include <string.h>

#include "params/params.h"

static inline void snw_params_start(struct snw_params *params)
{
    snw_params_default(params);
#define SNW_START(section, name, ...)                                                              \
    memcpy(params->section##_##name, (const double[]){__VA_ARGS__},                                \
           sizeof params->section##_##name);
#include "support/starting.def"
#undef SNW_START
}

#endif
