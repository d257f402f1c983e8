/* Money of one year in money of another. */
#ifndef SNW_ECONOMICS_PRICES_H
#define SNW_ECONOMICS_PRICES_H

#include "params/params.h"

/* Years that a price index may have. */
enum { SNW_PRICE_FIRST = 1900, SNW_PRICE_LAST = 2100, SNW_PRICE_YEARS = 201 };

/* A price index, e.g. PCE: its value by year - SNW_PRICE_FIRST, 0 where the table has none. */
struct snw_price_index {
    double value[SNW_PRICE_YEARS];
};

/* What each parameter is multiplied with, to be in the prices of `year`; 1 for what is no money. */
struct snw_prices {
    int year;
    double factor[SNW_PARAM_COUNT];
};

/* The price year of a unit: 2014 of `USD_2014` and of `USD_2014 year-1`.
   @return the year, 0 where the unit is no money, -1 where it is money without a price year. */
int snw_price_year(const char *unit);

/* The factor of one row, index[to] / index[price year of its unit].
   @param[in] key  names the row in messages
   @param[in] to   a year that the index has
   @return SNW_OK; SNW_ERR_INTERNAL where the unit is money without a price year; SNW_ERR_TABLE
   where the index lacks that year. */
snw_status snw_price_factor(struct snw_ctx *ctx, const struct snw_price_index *index,
                            const char *key, const char *unit, int to,
                            double *factor) SNW_MUST_CHECK;

/* The factors of all parameters; reports every row that has none, and a year the index lacks.
   @param[in] from  (SNW_PARAM_COUNT,) price years in place of those of the units, 0 for none; NULL
   where there are none */
snw_status snw_prices_init(struct snw_ctx *ctx, const struct snw_price_index *index,
                           const int *from, int year, struct snw_prices *prices) SNW_MUST_CHECK;

/* Parameters with all money in the prices of prices->year. */
void snw_prices_apply(const struct snw_prices *prices, const struct snw_params *from,
                      struct snw_params *to);

#endif
