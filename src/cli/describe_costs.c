/* Costs beside their source: what they come to in the prices of a config. */
#include "cli/describe_costs.h"

#include <string.h>

#include "config/price_table.h"
#include "config/scalar.h"
#include "params/priors.h"

static const double edge = 1.959963984540054; /* normal score of 97.5 per cent */

snw_status snw_shown_costs_init(struct snw_ctx *ctx, const char *path,
                                struct snw_shown_costs *shown)
{
    snw_status status = SNW_OK;
    char column[32];
    *shown = (struct snw_shown_costs){.indexed = false};
    if (path)
        SNW_TRY(snw_config_load(ctx, path, NULL, 0, &shown->settings));
    else
        SNW_TRY(snw_config_default(ctx, &shown->settings));
    if (!shown->settings.price_table.found)
        return SNW_OK;
    snw_word_at(snw_setting_table[SNW_SETTING_price_index].words, shown->settings.price_index,
                column, sizeof column);
    SNW_TRY(snw_price_table_read(ctx, shown->settings.price_table.found, column, SNW_PRICE_FIRST,
                                 SNW_PRICE_LAST, shown->index.value));
    shown->indexed = true;
out:
    return status;
}

void snw_shown_costs_free(struct snw_shown_costs *shown)
{
    snw_settings_free(&shown->settings);
}

/* The unit in which a cost is shown, and what it is multiplied with; 0 where there is none. */
static double factor_of(const struct snw_shown_costs *shown, enum snw_param_id id, char *unit,
                        size_t size)
{
    const char *own = snw_param_table[id].unit;
    const struct snw_cost_origin *origin = snw_cost_origin(&shown->settings.costs, id);
    int64_t to = shown->settings.price_year;
    int from = origin ? origin->price_year : snw_price_year(own);
    if (from <= 0 || !shown->indexed || to < SNW_PRICE_FIRST || to > SNW_PRICE_LAST)
        return 0;
    double before = shown->index.value[from - SNW_PRICE_FIRST];
    snprintf(unit, size, "%s_%d%s", shown->settings.costs.currency, (int)to,
             own + strlen("USD_2014"));
    return before > 0 ? shown->index.value[to - SNW_PRICE_FIRST] / before : 0;
}

void snw_shown_cost(const struct snw_shown_costs *shown, enum snw_param_id id, char *value,
                    char *range, size_t size)
{
    const struct snw_param_info *info = &snw_param_table[id];
    const double *base = snw_params_at_const(&shown->settings.params, id);
    char unit[64], index[32];
    double factor = factor_of(shown, id, unit, sizeof unit);
    size_t a = 0, b = 0;
    value[0] = range[0] = '\0';
    if (factor <= 0)
        return;
    snw_word_at(snw_setting_table[SNW_SETTING_price_index].words, shown->settings.price_index,
                index, sizeof index);
    for (size_t i = 0; i < info->length && a < size - 96 && b < size - 96; i++) {
        const struct snw_prior *prior = snw_param_prior(id, i);
        double at[2];
        for (int k = 0; k < 2; k++)
            at[k] = factor * snw_prior_value(prior, info->defaults[i], info->low, info->high,
                                             base[i], k ? edge : -edge);
        a += (size_t)snprintf(value + a, size - a, "%s%.6g", i ? ", " : "", factor * base[i]);
        b += (size_t)snprintf(range + b, size - b, "%s%.6g to %.6g", i ? ", " : "", at[0], at[1]);
    }
    snprintf(value + a, size - a, " %s by %s", unit, index);
    snprintf(range + b, size - b, " %s", unit);
}
