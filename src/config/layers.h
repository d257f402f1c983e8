/* One tree out of several texts: a config, the files it extends, and `--set` overrides. */
#ifndef SNW_CONFIG_LAYERS_H
#define SNW_CONFIG_LAYERS_H

#include "config/yaml.h"

enum { SNW_EXTENDS_DEPTH = 16, SNW_SET_DEPTH = 16 };

/* Reads a file and what it `extends:` (a path relative to the file), then lays `key.path=value`
   overrides over it. Maps merge, lists of maps with `name` merge by name, anything else replaces;
   an empty value over a map or list leaves it.
   @param[out] root  a map, owned by yaml, without `extends`; NULL where there is none
   @return SNW_OK, SNW_ERR_CONFIG, SNW_ERR_MEMORY; root may be set despite an error. */
snw_status snw_layers_load(struct snw_ctx *ctx, struct snw_yaml *yaml, const char *path,
                           const char *const *sets, size_t n_sets,
                           struct snw_node **root) SNW_MUST_CHECK;

/* The same for a text in memory that extends nothing. */
snw_status snw_layers_parse(struct snw_ctx *ctx, struct snw_yaml *yaml, const char *name,
                            const char *text, size_t length, const char *const *sets, size_t n_sets,
                            struct snw_node **root) SNW_MUST_CHECK;

/* @return the folder of a path in yaml's memory ("." where it names none), NULL where memory ends.
 */
char *snw_folder_of(struct snw_yaml *yaml, const char *path);

#endif
