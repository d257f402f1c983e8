/* Fuzzer of the config reader: no text may crash it, and what it accepts must survive being written
   and read again. scripts/fuzz builds and runs it.

   The first line of a text after `#set ` is an override. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what, const struct snw_ctx *ctx)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    snw_ctx_print(ctx, stderr);
    abort();
}

/* What was accepted is written, read, and written to the same text. */
static void check_round(struct snw_ctx *ctx, const struct snw_settings *settings)
{
    char *first = NULL, *second = NULL;
    struct snw_settings again;
    require(snw_settings_text(ctx, settings, &first) == SNW_OK, "not written", ctx);
    require(snw_config_parse(ctx, "again", first, strlen(first), NULL, 0, &again) == SNW_OK, first,
            ctx);
    require(snw_settings_text(ctx, &again, &second) == SNW_OK, "not written again", ctx);
    require(strcmp(first, second) == 0, first, ctx);
    snw_settings_free(&again);
    free(first);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct snw_ctx ctx;
    struct snw_settings settings;
    char *text = malloc(size + 1), *set = NULL;
    size_t n_sets = 0, skip = 0;
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    char *end = strncmp(text, "#set ", 5) == 0 ? strchr(text, '\n') : NULL;
    if (end) {
        *end = '\0';
        set = text + 5;
        n_sets = 1;
        skip = (size_t)(end - text) + 1;
    }
    const char *sets[] = {set};
    snw_ctx_init(&ctx);
    snw_status status =
        snw_config_parse(&ctx, "fuzz", text + skip, size - skip, sets, n_sets, &settings);
    require((status == SNW_OK) == (ctx.n_errors == 0), "status and messages differ", &ctx);
    if (status == SNW_OK)
        check_round(&ctx, &settings);
    snw_settings_free(&settings);
    free(text);
    return 0;
}
