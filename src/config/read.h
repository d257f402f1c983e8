/* Inside config/: readers of nodes into settings, each reporting what it refuses. */
#ifndef SNW_CONFIG_READ_H
#define SNW_CONFIG_READ_H

#include "config/scalar.h"
#include "config/settings.h"
#include "config/yaml.h"

/* The first failure of several. */
static inline void snw_keep(snw_status *status, snw_status other)
{
    if (*status == SNW_OK)
        *status = other;
}

/* Reads a number of a node; `key` names it in messages, `unit` may be "1".
   @return SNW_OK, SNW_ERR_CONFIG. */
snw_status snw_node_real(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         const char *unit, double low, double high, double *value) SNW_MUST_CHECK;
snw_status snw_node_integer(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                            const char *unit, double low, double high,
                            int64_t *value) SNW_MUST_CHECK;

/* Reads a text that is not empty, copied for free(). */
snw_status snw_node_text(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         char **text) SNW_MUST_CHECK;

/* Reads a name (snw_is_name), copied for free(). */
snw_status snw_node_name(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         char **name) SNW_MUST_CHECK;

/* Reports an unknown key with the nearest known one, where one is near. */
snw_status snw_unknown_key(struct snw_ctx *ctx, const struct snw_node *node, const char *full_key,
                           const struct snw_nearest *nearest);

/* Reports a node of the wrong kind: `key: expected .., found ..`. */
snw_status snw_wrong_kind(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                          const char *expected);

/* @return whether parameters have such a section; the nearest ones to it in `nearest`. */
bool snw_known_section(const char *section, struct snw_nearest *nearest);

/* Reads overrides of parameters by section into params, the rest untouched. */
snw_status snw_read_parameters(struct snw_ctx *ctx, const struct snw_node *node,
                               struct snw_params *params) SNW_MUST_CHECK;

/* Reads the list of scenarios over the base; without a node, the reference alone. */
snw_status snw_read_scenarios(struct snw_ctx *ctx, const struct snw_node *node,
                              const struct snw_params *base,
                              struct snw_scenarios *scenarios) SNW_MUST_CHECK;

/* Reads a study's sample. */
snw_status snw_read_samples(struct snw_ctx *ctx, const struct snw_node *node,
                            struct snw_samples *samples) SNW_MUST_CHECK;

/* Reads one setting into its member; scenarios are left to snw_read_scenarios.
   @param[in] name  of the config, whose folder holds its tables */
snw_status snw_read_setting(struct snw_ctx *ctx, const struct snw_node *node, const char *name,
                            const struct snw_setting_info *info,
                            struct snw_settings *out) SNW_MUST_CHECK;

/* Writes the values of one parameter: a number, or a map by axis labels (in block form from
   `indent` for two axes), with the end of line. */
void snw_write_parameter(enum snw_param_id id, const double *values, int indent, FILE *stream);

#endif
