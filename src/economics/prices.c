/* Price years out of units, and parameters into the prices of one year. */
#include "economics/prices.h"

#include <string.h>

int snw_price_year(const char *unit)
{
    const char *money = strstr(unit, "USD");
    int year = 0, digits = 0;
    if (!money)
        return 0;
    if (money[3] == '_')
        for (; digits < 4 && money[4 + digits] >= '0' && money[4 + digits] <= '9'; digits++)
            year = 10 * year + (money[4 + digits] - '0');
    int ends = digits == 4 && (money[8] == '\0' || money[8] == ' ');
    return ends && year >= SNW_PRICE_FIRST && year <= SNW_PRICE_LAST ? year : -1;
}

snw_status snw_price_factor(struct snw_ctx *ctx, const struct snw_price_index *index,
                            const char *key, const char *unit, int to, double *factor)
{
    int from = snw_price_year(unit);
    *factor = 1;
    if (from == 0)
        return SNW_OK;
    if (from < 0)
        return snw_fail(ctx, SNW_ERR_INTERNAL,
                        "%s: its unit `%s` has no price year, as USD_2014 has", key, unit);
    if (index->value[from - SNW_PRICE_FIRST] == 0)
        return snw_fail(ctx, SNW_ERR_TABLE, "%s is in prices of %d, which the price index lacks",
                        key, from);
    *factor = index->value[to - SNW_PRICE_FIRST] / index->value[from - SNW_PRICE_FIRST];
    return SNW_OK;
}

snw_status snw_prices_init(struct snw_ctx *ctx, const struct snw_price_index *index,
                           const int *from, int year, struct snw_prices *prices)
{
    snw_status status = SNW_OK;
    int first = 0, last = SNW_PRICE_YEARS - 1;
    prices->year = year;
    while (first < last && index->value[first] == 0)
        first++;
    while (last > first && index->value[last] == 0)
        last--;
    if (year < SNW_PRICE_FIRST || year > SNW_PRICE_LAST ||
        index->value[year - SNW_PRICE_FIRST] == 0)
        return snw_fail(ctx, SNW_ERR_TABLE,
                        "economics.price_year = %d: the price index has %d to %d", year,
                        SNW_PRICE_FIRST + first, SNW_PRICE_FIRST + last);
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        char key[128], unit[16];
        snprintf(key, sizeof key, "%s.%s", info->section, info->name);
        snprintf(unit, sizeof unit, "USD_%d", from ? from[id] : 0);
        snw_status one = snw_price_factor(ctx, index, key, from && from[id] ? unit : info->unit,
                                          year, &prices->factor[id]);
        status = status == SNW_OK ? one : status;
    }
    return status;
}

void snw_prices_apply(const struct snw_prices *prices, const struct snw_params *from,
                      struct snw_params *to)
{
    *to = *from;
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        for (size_t i = 0; i < snw_param_table[id].length; i++)
            snw_params_at(to, (enum snw_param_id)id)[i] *= prices->factor[id];
}
