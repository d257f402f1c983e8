/* Strict reader of another country's costs: they take the place of those of the table of
   parameters, in their own currency and prices. */
#ifndef SNW_CONFIG_COST_TABLE_H
#define SNW_CONFIG_COST_TABLE_H

#include "core/context.h"
#include "params/params.h"

enum { SNW_COSTS_MAX = 48, SNW_COST_SOURCE_MAX = 200 };

/* Where costs come from that are not those of the table of parameters. */
struct snw_costs {
    char currency[4]; /* of all money of a run, USD without a table */
    size_t n;         /* parameters, 0 without a table */
    struct snw_cost_origin {
        enum snw_param_id id;
        int price_year;
        char source[SNW_COST_SOURCE_MAX];
    } row[SNW_COSTS_MAX];
};

/* @return what is known of a parameter by the table, NULL where it is not of one. */
const struct snw_cost_origin *snw_cost_origin(const struct snw_costs *costs, enum snw_param_id id);

/* Room for a unit, `GBP_2019 year-1`. */
enum { SNW_COST_UNIT_MAX = 48 };

/* The unit of a parameter's values: that of its row, with currency and price year of the table
   where it is of one. @return text, or the row's own unit */
const char *snw_cost_unit(const struct snw_costs *costs, enum snw_param_id id,
                          char text[SNW_COST_UNIT_MAX]);

/* Reads a CSV file: comments begin with `#`; a header names the columns parameter, value, currency,
   price_year and source, others allowed; one row for each element of each parameter that is money,
   `economics.disabled.female`. Reported with file and line: a missing column, a row of another
   length, an unknown parameter or one that is no cost, a value out of bounds, a row without price
   year or source, currencies or price years that are mixed, an element twice or not at all.
   @param[out] params  gets the values, the rest untouched
   @return SNW_OK, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_cost_table_read(struct snw_ctx *ctx, const char *path, struct snw_params *params,
                               struct snw_costs *costs) SNW_MUST_CHECK;

#endif
