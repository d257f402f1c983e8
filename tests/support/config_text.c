/* A config as a text. */
#define _POSIX_C_SOURCE 200809L
#include "support/config_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct snw_ctx ctx;
struct snw_settings settings;

snw_status parse(const char *text)
{
    snw_ctx_init(&ctx);
    return snw_config_parse(&ctx, "x.yaml", text, strlen(text), NULL, 0, &settings);
}

const char *what_was_said(void)
{
    static char said[4096];
    memset(said, 0, sizeof said);
    FILE *stream = fmemopen(said, sizeof said, "w");
    assert_non_null(stream);
    snw_ctx_print(&ctx, stream);
    fclose(stream);
    return said;
}

char *written(const char *text)
{
    char *found = NULL;
    assert_int_equal(parse(text), SNW_OK);
    assert_int_equal(snw_settings_text(&ctx, &settings, &found), SNW_OK);
    snw_settings_free(&settings);
    return found;
}

void assert_reads_back(const char *text)
{
    char *first = written(text), *second = written(first);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

void assert_refused(const char *good, const char *part, const char *by, const char *words)
{
    char text[4096];
    const char *at = strstr(good, part);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, by, at + strlen(part));
    assert_int_equal(parse(text), SNW_ERR_CONFIG);
    if (!strstr(what_was_said(), words))
        fail_msg("%s\nis not among\n%s", words, what_was_said());
}
