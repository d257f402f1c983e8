/* The parameters of a run and of all its draws, in its result. */
#ifndef SNW_EXPERIMENT_PARAMETERS_H
#define SNW_EXPERIMENT_PARAMETERS_H

#include "experiment/work.h"
#include "store/file.h"

/* Writes group /parameters: draw 0 are those of the config, draws 1..N those that were drawn. */
snw_status snw_parameters_write(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_world *world) SNW_MUST_CHECK;

/* Writes there, where they vary, uptake and effects of the interventions of all scenarios,
   `interventions_<name>_<channel>` by draw, and attendance and costs of tests of their pathways,
   `screening_<name>_attendance` and `_<step>_cost`. */
snw_status snw_drawn_figures_write(struct snw_ctx *ctx, struct snw_file *file,
                                   const struct snw_world *world) SNW_MUST_CHECK;

#endif
