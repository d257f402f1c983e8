/* What the variables of a result say of themselves, and the coordinates that several groups have.
 */
#ifndef SNW_EXPERIMENT_LABELS_H
#define SNW_EXPERIMENT_LABELS_H

#include "experiment/spread.h"
#include "store/dataset.h"

enum { SNW_UNIT_MAX = 48 };

/* A unit in which USD is the run's currency and price year, `USD_2019 year-1`; written to text
   where it differs. @return the unit. */
const char *snw_unit_of(const struct snw_world *world, const char *unit, char text[SNW_UNIT_MAX]);

/* Says of a variable whose units are money of the run's currency which ledger, perspective and
   price index are behind it, and whether it is discounted, as its name says and as all is that
   is concluded from discounted totals; of others nothing.
   @param[in] ledger NULL for the run's */
snw_status snw_money_attributes(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_world *world, const struct snw_variable *v,
                                const char *ledger) SNW_MUST_CHECK;

/* Writes statistics over draws of a variable, which has no dimension draw: a variable each, by
   snw_spread_labels. @param[in] ledger as above; values of each, NULL where it is not told */
snw_status snw_spreads_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_variable *v,
                             const char *ledger,
                             double *const values[SNW_N_SPREADS]) SNW_MUST_CHECK;

/* Writes the coordinate scenario of a group: those of the settings by name. */
snw_status snw_scenario_axis(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const char *group) SNW_MUST_CHECK;

/* Writes the coordinate sex of a group that tells of women, men and all. */
snw_status snw_sex_axis(struct snw_ctx *ctx, struct snw_file *file,
                        const char *group) SNW_MUST_CHECK;

/* Writes the coordinates part and ledger of a group; says of costs by part which parts belong to
   which ledger. */
snw_status snw_cost_axes(struct snw_ctx *ctx, struct snw_file *file,
                         const char *group) SNW_MUST_CHECK;
snw_status snw_part_ledgers(struct snw_ctx *ctx, struct snw_file *file,
                            const char *object) SNW_MUST_CHECK;

/* Writes the coordinate draw, 0 .. n - 1, of a group. */
snw_status snw_draw_axis(struct snw_ctx *ctx, struct snw_file *file, const char *group,
                         size_t n) SNW_MUST_CHECK;

/* Writes the coordinates scenario, draw, sex, age of a group. */
snw_status snw_summary_axes(struct snw_ctx *ctx, struct snw_file *file,
                            const struct snw_world *world, const char *group,
                            size_t n_draws) SNW_MUST_CHECK;

#endif
