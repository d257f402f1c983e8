/* Costs of the table of parameters in the prices of a config. */
#ifndef SNW_CLI_DESCRIBE_COSTS_H
#define SNW_CLI_DESCRIBE_COSTS_H

#include "config/settings.h"
#include "economics/prices.h"

struct snw_shown_costs {
    struct snw_settings settings;
    bool indexed; /* whether there is a price index */
    struct snw_price_index index;
};

/* Reads a config, or the defaults where path is NULL: then a price table that is not found leaves
   `indexed` false. Released with snw_shown_costs_free.
   @return SNW_OK; SNW_ERR_CONFIG, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_shown_costs_init(struct snw_ctx *ctx, const char *path,
                                struct snw_shown_costs *shown) SNW_MUST_CHECK;
void snw_shown_costs_free(struct snw_shown_costs *shown);

/* Writes the values of a cost in the config's prices with unit and index, and the 2.5 and 97.5 per
   cent of their priors there; empty texts for what is no cost, or without an index. */
void snw_shown_cost(const struct snw_shown_costs *shown, enum snw_param_id id, char *value,
                    char *range, size_t size);

#endif
