/* Inside config/: what readers of records (interventions, screening pathways) share. Messages name
   a value by its record and keys: `alendronate.effects.fall_rate_ratio`. */
#ifndef SNW_CONFIG_RECORD_H
#define SNW_CONFIG_RECORD_H

#include "config/read.h"

enum { SNW_RECORD_KEY = 160 };

/* Between which a number must lie, and its unit. */
struct snw_bounds {
    const char *unit;
    double low, high;
};

struct snw_place {
    struct snw_ctx *ctx;
    char key[SNW_RECORD_KEY];
};

struct snw_place snw_place_within(const struct snw_place *place, const char *key);

/* Checks that a node is a map of known keys; `known` ends with NULL. */
snw_status snw_record_map(const struct snw_place *place, const struct snw_node *node,
                          const char *const *known) SNW_MUST_CHECK;

/* Refuses a map without a key. */
snw_status snw_record_needs(const struct snw_place *place, const struct snw_node *map,
                            const char *key) SNW_MUST_CHECK;

/* A number of a map where it stands, else what the value holds. */
snw_status snw_record_number(const struct snw_place *place, const struct snw_node *map,
                             const char *key, const struct snw_bounds *bounds,
                             double *value) SNW_MUST_CHECK;
snw_status snw_record_integer(const struct snw_place *place, const struct snw_node *map,
                              const char *key, const struct snw_bounds *bounds,
                              int *value) SNW_MUST_CHECK;
snw_status snw_record_switch(const struct snw_place *place, const struct snw_node *map,
                             const char *key, int *value) SNW_MUST_CHECK;

/* The year of a cost's prices, `price_year`, which must be there. */
snw_status snw_record_price_year(const struct snw_place *place, const struct snw_node *map,
                                 int *year) SNW_MUST_CHECK;

/* A text that must be there, for free(). */
snw_status snw_record_text(const struct snw_place *place, const struct snw_node *map,
                           const char *key, char **value) SNW_MUST_CHECK;

/* A value, its interval, and where it is from. */
snw_status snw_record_figure(const struct snw_place *place, const struct snw_node *map,
                             const struct snw_bounds *bounds,
                             struct snw_declared *figure) SNW_MUST_CHECK;

/* A condition: its text for free() and the program. */
snw_status snw_record_condition(const struct snw_place *place, const struct snw_node *map,
                                const char *key, char **text,
                                struct snw_expression *program) SNW_MUST_CHECK;

/* Finds the file of a record that a node names, `folder/name.yaml`; refuses where there is none.
   @param[in] nearest  of the names in the config's own list, under the key `folder`
   @param[out] path  for free() */
snw_status snw_record_file(const struct snw_place *place, const struct snw_node *node,
                           const char *config, const char *folder,
                           const struct snw_nearest *nearest, char **path) SNW_MUST_CHECK;

/* Refuses a condition, read by now, that asks for `true.*` where the record is not hypothetical. */
snw_status snw_record_knowable(const struct snw_place *place, const struct snw_node *map,
                               const char *key, int hypothetical,
                               const struct snw_expression *program) SNW_MUST_CHECK;

#endif
