/* Strict reader of a posterior: a sample of parameters that take the place of their priors. */
#ifndef SNW_CONFIG_POSTERIOR_TABLE_H
#define SNW_CONFIG_POSTERIOR_TABLE_H

#include "params/draws.h"

/* Points at its own arrays: not to be copied. */
struct snw_posterior_table {
    struct snw_posterior posterior; /* what the draws take */
    struct snw_param_element *column;
    double *value;
    size_t room; /* of value */
};

/* Reads a CSV file: lines that begin with `#` are comments; then a header that names elements of
   parameters, `falls.frail` or `bone.per_muscle.female.ctth_tibia`; then one row a draw, at least
   one. Released with snw_posterior_table_free, also after a failure.
   @return SNW_OK; SNW_ERR_TABLE (with file and line: an unknown or doubled column with the nearest
   known, a row of another length, a bad number, a value out of bounds, no rows); SNW_ERR_MEMORY. */
snw_status snw_posterior_table_read(struct snw_ctx *ctx, const char *path,
                                    struct snw_posterior_table *table) SNW_MUST_CHECK;

/* Moves the columns of elements that differ from their defaults so that their median is the value
   set, within bounds: a posterior is of the defaults, and who sets a value is unsure about that.
   @return SNW_OK; SNW_ERR_MEMORY. */
snw_status snw_posterior_table_move(struct snw_ctx *ctx, struct snw_posterior_table *table,
                                    const struct snw_params *params) SNW_MUST_CHECK;

void snw_posterior_table_free(struct snw_posterior_table *table);

#endif
