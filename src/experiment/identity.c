/* Compares what an interrupted run was with what it is to go on as. */
#define _POSIX_C_SOURCE 200809L
#include "experiment/identity.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/build_info.h"
#include "experiment/provenance.h"
#include "store/checkpoint.h"
#include "store/hash.h"
#include "store/io.h"

/* A hash of every table that the settings name. */
static snw_status write_tables(struct snw_ctx *ctx, const struct snw_settings *settings,
                               FILE *stream)
{
    snw_status status = SNW_OK;
    char hash[SNW_SHA256_TEXT];
    fprintf(stream, "sha256:\n");
    for (int id = 0; id < SNW_SETTING_COUNT; id++) {
        const struct snw_setting_info *info = &snw_setting_table[id];
        const struct snw_path *path = (const void *)((const char *)settings + info->offset);
        const char *dot = strrchr(info->key, '.');
        if (info->type != SNW_TYPE_PATH || !path->found)
            continue;
        SNW_TRY(snw_sha256_file(path->found, hash, ctx));
        fprintf(stream, "  %s: %s\n", dot ? dot + 1 : info->key, hash);
    }
out:
    return status;
}

snw_status snw_identity_text(struct snw_ctx *ctx, const struct snw_settings *settings, char **text)
{
    static const char *const packing[] = {"igzip", "zlib", "none"};
    char *config = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(text, &size);
    snw_status status = stream ? snw_config_text(ctx, settings, &config) : SNW_ERR_MEMORY;
    if (status == SNW_OK) {
        fprintf(stream, "%sprogram: sinew %s (%s)\npacking: %s\nunit_people: %lld\n", config,
                snw_version(), snw_commit(), packing[settings->compression],
                (long long)settings->unit_people);
        status = write_tables(ctx, settings, stream);
    }
    bool failed = !stream || ferror(stream) != 0;
    failed = (stream && fclose(stream) != 0) || failed;
    if (failed)
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the config");
    if (status != SNW_OK) {
        free(stream ? *text : NULL);
        *text = NULL;
    }
    free(config);
    return status;
}

enum { TRAIL_DEPTH = 16, TRAIL_MAX = 256, VALUE_SHOWN = 80 };

/* The way to a line of block YAML: `population.persons`; an item of a list goes by its name. */
struct trail {
    char path[TRAIL_MAX];
    size_t depth;
    struct {
        size_t indent, length;
    } level[TRAIL_DEPTH];
};

struct entry {
    const char *value;
    size_t n;
};

static void step(struct trail *trail, size_t indent, const char *name, size_t n)
{
    while (trail->depth && trail->level[trail->depth - 1].indent >= indent)
        trail->depth--;
    size_t at = trail->depth ? trail->level[trail->depth - 1].length : 0;
    snprintf(trail->path + at, sizeof trail->path - at, "%s%.*s", at ? "." : "", (int)n, name);
    if (trail->depth < TRAIL_DEPTH) {
        trail->level[trail->depth].indent = indent;
        trail->level[trail->depth++].length = strlen(trail->path);
    }
}

/* Takes the next line that holds a value. @return where to go on, NULL at the end. */
static const char *next_entry(const char *at, struct trail *trail, struct entry *entry)
{
    static const char item[] = "- ", named[] = "name: ";
    while (*at) {
        size_t indent = strspn(at, " "), n = strcspn(at, "\n");
        const char *line = at + indent, *end = at + n;
        at = *end ? end + 1 : end;
        if (strncmp(line, item, strlen(item)) == 0) {
            line += strlen(item);
            const char *name = line + (*line == '{');
            name += strncmp(name, named, strlen(named)) == 0 ? strlen(named) : 0;
            step(trail, indent, name, strcspn(name, ",}\n"));
            *entry = (struct entry){line, (size_t)(end - line)};
            return at;
        }
        const char *colon = memchr(line, ':', (size_t)(end - line));
        if (!colon)
            continue;
        step(trail, indent, line, (size_t)(colon - line));
        if (colon + 1 == end)
            continue;
        *entry = (struct entry){colon + 2, (size_t)(end - colon - 2)};
        return at;
    }
    return NULL;
}

static bool find(const char *text, const char *path, struct entry *found)
{
    struct trail trail = {.depth = 0};
    for (const char *at = text; (at = next_entry(at, &trail, found));)
        if (strcmp(trail.path, path) == 0)
            return true;
    return false;
}

static int shown(const struct entry *entry)
{
    return entry->n < VALUE_SHOWN ? (int)entry->n : VALUE_SHOWN;
}

snw_status snw_identity_differences(struct snw_ctx *ctx, const char *whose, const char *then,
                                    const char *now)
{
    struct trail trail = {.depth = 0};
    struct entry is, was;
    snw_status status = SNW_OK;
    for (const char *at = now; (at = next_entry(at, &trail, &is));) {
        bool known = find(then, trail.path, &was);
        if (known && is.n == was.n && memcmp(is.value, was.value, is.n) == 0)
            continue;
        status = snw_fail(ctx, SNW_ERR_CONFIG, "%s is %.*s, %s had %.*s", trail.path, shown(&is),
                          is.value, whose, known ? shown(&was) : 4, known ? was.value : "none");
    }
    trail.depth = 0;
    for (const char *at = then; (at = next_entry(at, &trail, &was));)
        if (!find(now, trail.path, &is))
            status = snw_fail(ctx, SNW_ERR_CONFIG, "%s is missing, %s had %.*s", trail.path, whose,
                              shown(&was), was.value);
    return status;
}

snw_status snw_identity_compare(struct snw_ctx *ctx, const char *path, const char *then,
                                const char *now)
{
    snw_status status = snw_identity_differences(ctx, "the interrupted run", then, now);
    if (status != SNW_OK)
        status = snw_fail(ctx, status,
                          "%s.partial is of another run: go on with its config, or start anew with "
                          "--force",
                          path);
    return status;
}

void snw_say_what_is_safe(const char *path, char *text, size_t size)
{
    struct snw_checkpoint checkpoint;
    struct snw_ctx aside;
    char partial[SNW_PATH_MAX];
    text[0] = '\0';
    snw_ctx_init(&aside);
    if (snw_path_join(partial, sizeof partial, path, ".partial", &aside) != SNW_OK)
        return;
    if (access(partial, F_OK) != 0) {
        if (access(path, F_OK) == 0)
            snprintf(text, size, "all is in %s; --resume tidies up", path);
        return;
    }
    if (!snw_checkpoint_exists(path)) {
        snprintf(text, size, "nothing was committed to %s yet; start anew with --force", partial);
        return;
    }
    if (snw_checkpoint_read(&checkpoint, path, &aside) != SNW_OK) {
        snprintf(text, size, "%s", aside.messages[0]);
        return;
    }
    struct snw_progress progress = {0};
    const struct snw_section *section = snw_checkpoint_find(&checkpoint, "progress");
    if (section && section->n_bytes == sizeof progress)
        memcpy(&progress, section->bytes, sizeof progress);
    snprintf(text, size, "%llu of %llu units are safe in %s; go on with --resume",
             (unsigned long long)checkpoint.next_unit, (unsigned long long)progress.n_units,
             partial);
    snw_checkpoint_free(&checkpoint);
}
