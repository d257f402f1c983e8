/* Looks at the folder of a result before anything is simulated. */
#include "experiment/begin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiment/identity.h"
#include "experiment/part.h"
#include "experiment/provenance.h"
#include "store/hash.h"

void snw_run_path(const struct snw_run_options *options, char *text, size_t size)
{
    const struct snw_share share = {.number = options->part, .of = options->parts};
    if (options->parts)
        snw_part_path(options->directory, &share, text, size);
    else
        snprintf(text, size, "%s/results.h5", options->directory);
}

/* Tidies up after the result that is there, if it is this run's. */
static snw_status accept_result(struct snw_ctx *ctx, const struct snw_settings *settings,
                                const char *path)
{
    snw_status status = SNW_OK;
    struct snw_file file = {.id = 0};
    char *config = NULL, hash[SNW_SHA256_TEXT], found[SNW_SHA256_TEXT] = "";
    SNW_TRY(snw_config_text(ctx, settings, &config));
    snw_sha256(config, strlen(config), hash);
    SNW_TRY(snw_file_open(&file, path, ctx));
    SNW_TRY(snw_attribute_read_text(&file, "/", "config_sha256", found, sizeof found, ctx));
    SNW_TRY(snw_file_close(&file, ctx));
    if (strcmp(hash, found) != 0)
        SNW_TRY(snw_fail(ctx, SNW_ERR_EXISTS,
                         "%s is finished, and of another config: choose another folder with -o, or "
                         "replace it with --force",
                         path));
    SNW_TRY(snw_file_tidy(path, ctx));
out:
    free(config);
    return status;
}

/* The same of a part. */
static snw_status accept_part(struct snw_ctx *ctx, const struct snw_settings *settings,
                              const char *path)
{
    snw_status status = SNW_OK;
    struct snw_part_head head = {0};
    char *identity = NULL;
    SNW_TRY(snw_part_look(ctx, path, &head));
    SNW_TRY(snw_identity_text(ctx, settings, &identity));
    status = snw_identity_differences(ctx, path, head.identity, identity);
    if (status != SNW_OK)
        SNW_TRY(snw_fail(ctx, SNW_ERR_EXISTS,
                         "%s is finished, and of another run: choose another folder with -o, or "
                         "replace it with --force",
                         path));
    SNW_TRY(snw_checkpoint_remove(path, ctx));
out:
    free(identity);
    snw_part_head_free(&head);
    return status;
}

snw_status snw_run_begin(struct snw_ctx *ctx, const struct snw_settings *settings,
                         const struct snw_run_options *options, const char *path, bool *finished)
{
    snw_status status = SNW_OK;
    char longest[SNW_PATH_MAX], partial[SNW_PATH_MAX];
    *finished = false;
    SNW_TRY(snw_path_join(partial, sizeof partial, path, ".partial", ctx));
    SNW_TRY(snw_path_join(longest, sizeof longest, path, ".partial.journal", ctx));
    SNW_TRY(snw_folder_make(options->directory, ctx));
    if (access(options->directory, W_OK) != 0)
        SNW_TRY(snw_fail(ctx, SNW_ERR_IO, "%s: %s", options->directory, strerror(errno)));
    *finished = options->resume && access(partial, F_OK) != 0 && access(path, F_OK) == 0;
    if (*finished)
        SNW_TRY(options->parts ? accept_part(ctx, settings, path)
                               : accept_result(ctx, settings, path));
    else
        SNW_TRY(snw_file_may_write(path, options->force, options->resume, ctx));
    if (*finished && !options->quiet)
        fprintf(stderr, "sinew: %s is finished already\n", path);
out:
    return status;
}
