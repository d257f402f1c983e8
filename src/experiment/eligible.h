/* Interventions that nobody simulated can be offered. */
#ifndef SNW_EXPERIMENT_ELIGIBLE_H
#define SNW_EXPERIMENT_ELIGIBLE_H

#include <stdio.h>

#include "experiment/work.h"

/* Warns of each intervention of a scenario whose condition can't hold for anybody of the
   population: it will change nothing. */
void snw_eligible_warn(const struct snw_world *world, FILE *stream);

#endif
