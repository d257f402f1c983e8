/* sinew calibrate: parameters fitted to published figures. */
#include <stdio.h>
#include <string.h>

#include "calibration/calibrate.h"
#include "cli/command.h"

/* A table of the folder calibration/ beside the config, unless it is named. */
static const char *table(const char *named, const char *config, const char *name, char *path,
                         size_t size)
{
    const char *slash = strrchr(config, '/');
    if (named)
        return named;
    snprintf(path, size, "%.*scalibration/%s", slash ? (int)(slash + 1 - config) : 0, config, name);
    return path;
}

snw_status snw_command_calibrate(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                                 const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    struct snw_settings settings;
    char directory[4096], targets[4096], stages[4096];
    snw_settings_init(&settings);
    if (a->n_words != 1)
        SNW_TRY(snw_fail(ctx, SNW_ERR_USAGE, "sinew calibrate wants one config, %zu were given",
                         a->n_words));
    status = snw_config_load(ctx, a->words[0], a->sets, a->n_sets, &settings);
    SNW_TRY(snw_ranks_agree(ranks, status, ctx));
    snw_result_directory(a, directory, sizeof directory);
    const struct snw_calibrate_options options = {
        .directory = directory,
        .targets = table(a->targets, a->words[0], "targets.csv", targets, sizeof targets),
        .stages = table(a->stages, a->words[0], "stages.csv", stages, sizeof stages),
        .force = a->force,
        .quiet = a->quiet,
        .max_seconds = a->max_seconds};
    SNW_TRY(snw_calibrate(ctx, ranks, &settings, &options));
out:
    snw_settings_free(&settings);
    return status;
}
