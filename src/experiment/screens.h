/* The screening of a run: what the scenarios screen by, and what came of it, by draw. */
#ifndef SNW_EXPERIMENT_SCREENS_H
#define SNW_EXPERIMENT_SCREENS_H

#include "experiment/spread.h"
#include "experiment/work.h"

/* Fills world->screenings, NULL where no scenario screens; after the programmes. Released with
   snw_world_free.
   @return SNW_OK, SNW_ERR_CONFIG (a price year without an index), SNW_ERR_MEMORY. */
snw_status snw_screens_build(struct snw_ctx *ctx, struct snw_world *world) SNW_MUST_CHECK;

/* Values in a draw's row: of each scenario, counts and fractures by site; 0 where no scenario
   screens. */
size_t snw_screens_values(const struct snw_world *world);

/* Writes them from the totals of all scenarios, (n_scenarios,). */
void snw_screens_reduce(const struct snw_world *world, const struct snw_totals *totals,
                        double *values);

/* Writes the group /screening, by scenario, draw, sex and step; nothing where no scenario screens.
   @param[in] spread  NULL without draws */
snw_status snw_screens_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_totals *totals,
                             const struct snw_spread *spread) SNW_MUST_CHECK;

#endif
