/* What a result says of itself: config, parameters, reference population, tables, machine. */
#ifndef SNW_EXPERIMENT_PROVENANCE_H
#define SNW_EXPERIMENT_PROVENANCE_H

#include "experiment/result.h"

/* Writes the root attributes, /config, /parameters, /reference and /provenance. */
snw_status snw_provenance_write(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_world *world,
                                const struct snw_run_facts *facts) SNW_MUST_CHECK;

/* Whether the file at `path` is a result, and whole.
   @return SNW_OK; SNW_ERR_FORMAT; SNW_ERR_IO. */
snw_status snw_result_require(struct snw_ctx *ctx, const char *path) SNW_MUST_CHECK;

/* The config as far as it determines the result: settings of speed and packing at their defaults.
   Released with free(). */
snw_status snw_config_text(struct snw_ctx *ctx, const struct snw_settings *settings,
                           char **text) SNW_MUST_CHECK;

#endif
