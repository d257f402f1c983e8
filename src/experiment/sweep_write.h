/* Group /sweep of a result: the design, the measures at each point, and what they are sensitive to.
 */
#ifndef SNW_EXPERIMENT_SWEEP_WRITE_H
#define SNW_EXPERIMENT_SWEEP_WRITE_H

#include "experiment/spread.h"
#include "experiment/sweeping.h"

/* All that the group is written from. */
struct snw_sweep_result {
    struct snw_ctx *ctx;
    struct snw_file *file;
    const struct snw_world *world;
    size_t n_cells, n_row; /* scenarios x sexes, and values of a row */
    double *rows;          /* (1 + points, n_row): point 0 is the config as it stands */
};

/* Writes the group. @param[in] totals (scenarios,) of the point estimate; points of the others */
snw_status snw_sweep_write(struct snw_ctx *ctx, struct snw_file *file,
                           const struct snw_world *world, const struct snw_totals *totals,
                           const struct snw_spread *points) SNW_MUST_CHECK;

/* Its part of indices, where the design gives some, of each measure and, with several scenarios, of
   what it gains on the reference. */
snw_status snw_sensitivity_write(const struct snw_sweep_result *result) SNW_MUST_CHECK;

#endif
