/* sinew merge. */
#include "experiment/merge.h"

#include "cli/command.h"
#include "cli/table.h"

snw_status snw_command_merge(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    const struct snw_merge_options options = {.command_line = a->line, .force = a->force};
    if (a->n_words == 0)
        return snw_fail(ctx, SNW_ERR_USAGE, "sinew merge wants parts, none was given");
    if (!a->directory)
        return snw_fail(ctx, SNW_ERR_USAGE, "sinew merge wants -o FILE, the result's name");
    SNW_TRY(snw_merge(ctx, a->n_words, a->words, a->directory, &options));
    if (!a->quiet)
        SNW_TRY(snw_print_table(ctx, a->directory, stdout));
out:
    return status;
}
