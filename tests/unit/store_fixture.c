/* A fresh folder for each test of the store. */
#define _POSIX_C_SOURCE 200809L
#include "unit/store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct snw_ctx ctx;
char path[128];
static char folder[64];

int fresh_folder(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    snprintf(folder, sizeof folder, "/tmp/test_store_XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/results.h5", folder);
    return 0;
}

int remove_folder(void **state)
{
    static const char *const suffixes[] = {
        "", ".partial", ".partial.journal", ".checkpoint", ".checkpoint.tmp", ".aside"};
    char name[256];
    (void)state;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
    return rmdir(folder);
}

bool there_is(const char *suffix)
{
    char name[256];
    struct stat info;
    snprintf(name, sizeof name, "%s%s", path, suffix);
    return stat(name, &info) == 0;
}

bool message_has(const char *words)
{
    return ctx.n_errors > 0 && strstr(ctx.messages[ctx.n_errors - 1], words) != NULL;
}

void assert_ok(snw_status status)
{
    snw_ctx_print(&ctx, stderr);
    assert_int_equal(status, SNW_OK);
}
