/* The part of the coefficients that events take; used by coefficients.c alone. */
#ifndef SNW_PROCESSES_COEFFICIENTS_EVENTS_H
#define SNW_PROCESSES_COEFFICIENTS_EVENTS_H

#include "processes/coefficients.h"

/* Falls, fractures, frailty, disability, residence, mortality of one sex and age. */
void snw_build_events(struct snw_year_coef *c, const struct snw_params *params, int sex, int age);

#endif
