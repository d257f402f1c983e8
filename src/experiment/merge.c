/* Sees that the parts are all of one run, then replays them one after the other. */
#define _POSIX_C_SOURCE 200809L
#include "experiment/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiment/identity.h"
#include "experiment/part.h"
#include "experiment/run.h"

/* The parts of a run, in the order of their numbers once they are checked. */
struct parts {
    size_t n;
    struct one_part {
        const char *path;
        struct snw_part_head head;
    } * list; /* (n,) */
};

static int by_number(const void *a, const void *b)
{
    const struct one_part *x = a, *y = b;
    return x->head.number < y->head.number ? -1 : x->head.number > y->head.number;
}

/* Says which are missing, the first few of them. */
static snw_status check_whole(struct snw_ctx *ctx, const struct parts *parts)
{
    snw_status status = SNW_OK;
    char missing[200] = "";
    uint32_t of = parts->list[0].head.of, next = 1;
    size_t used = 0;
    for (size_t i = 0; i <= parts->n; i++) {
        uint32_t number = i < parts->n ? parts->list[i].head.number : of + 1;
        if (i > 0 && i < parts->n && number == parts->list[i - 1].head.number)
            status = snw_fail(ctx, SNW_ERR_USAGE, "%s and %s are both part %u of %u",
                              parts->list[i - 1].path, parts->list[i].path, number, of);
        for (; next < number; next++)
            if (used < sizeof missing - 24)
                used += (size_t)snprintf(missing + used, sizeof missing - used, "%s%u",
                                         used ? ", " : "", next);
            else if (missing[used - 1] != '.')
                used += (size_t)snprintf(missing + used, sizeof missing - used, " ...");
        next = number + 1;
    }
    if (used)
        status = snw_fail(ctx, SNW_ERR_USAGE, "the run has %u parts, missing are %s", of, missing);
    return status;
}

/* All of one run, none twice, none missing. */
static snw_status check(struct snw_ctx *ctx, struct parts *parts)
{
    snw_status status = SNW_OK;
    const struct one_part *first = &parts->list[0];
    for (size_t i = 1; i < parts->n; i++) {
        struct one_part *part = &parts->list[i];
        status =
            snw_identity_differences(ctx, first->path, first->head.identity, part->head.identity);
        if (status != SNW_OK)
            return snw_fail(ctx, status, "%s and %s are parts of different runs", first->path,
                            part->path);
        if (part->head.of != first->head.of)
            return snw_fail(ctx, SNW_ERR_CONFIG,
                            "%s is one of %u parts, %s one of %u: they cut "
                            "the run differently",
                            first->path, first->head.of, part->path, part->head.of);
    }
    qsort(parts->list, parts->n, sizeof *parts->list, by_number);
    return check_whole(ctx, parts);
}

/* Takes the tables from where the parts had them, else from where the config finds them. */
static snw_status find_tables(struct snw_ctx *ctx, const char *lines, struct snw_settings *settings)
{
    snw_status status = SNW_OK;
    for (int id = 0; id < SNW_SETTING_COUNT; id++) {
        const struct snw_setting_info *info = &snw_setting_table[id];
        struct snw_path *path = (void *)((char *)settings + info->offset);
        size_t n = strcspn(lines, "\n");
        if (info->type != SNW_TYPE_PATH)
            continue;
        char *there = n ? strndup(lines, n) : NULL;
        if (there && access(there, R_OK) == 0) {
            free(path->found);
            path->found = there;
            there = NULL;
        }
        if (n && !path->found)
            status = snw_fail(ctx, SNW_ERR_TABLE, "%s: the parts' table %.*s is gone", info->key,
                              (int)n, lines);
        free(there);
        lines += n + (lines[n] == '\n');
    }
    return status;
}

/* The settings of the parts, if the run would still be the same. */
static snw_status settings_of(struct snw_ctx *ctx, const struct one_part *part,
                              struct snw_settings *settings)
{
    snw_status status = SNW_OK;
    const struct snw_part_head *head = &part->head;
    char *identity = NULL;
    SNW_TRY(snw_config_parse(ctx, part->path, head->settings, strlen(head->settings), NULL, 0,
                             settings));
    SNW_TRY(find_tables(ctx, head->tables, settings));
    SNW_TRY(snw_identity_text(ctx, settings, &identity));
    status = snw_identity_differences(ctx, part->path, head->identity, identity);
    if (status != SNW_OK)
        (void)snw_fail(ctx, status, "the parts can be merged only as they were made");
out:
    free(identity);
    return status;
}

/* Nothing of a merge that failed is of use: the parts are still there. */
static void give_up(struct snw_file *file)
{
    struct snw_ctx aside;
    snw_ctx_init(&aside);
    if (snw_file_close(file, &aside) == SNW_OK && unlink(file->partial) == 0 &&
        snw_file_tidy(file->path, &aside) != SNW_OK)
        file->failed = true;
}

/* Adds what a part has taken to what all have. */
static void add_facts(struct snw_run_facts *all, const struct snw_part_facts *part)
{
    all->ranks += (int)part->ranks;
    all->seconds += part->seconds;
    all->person_years += part->person_years;
    all->n_capped += part->n_capped;
    all->pipeline.simulate += part->pipeline.simulate;
    all->pipeline.compress += part->pipeline.compress;
    all->pipeline.disk += part->pipeline.disk;
    if (part->memory_bytes > all->memory_bytes)
        all->memory_bytes = part->memory_bytes;
}

static snw_status replay(struct snw_ctx *ctx, const struct parts *parts,
                         const struct snw_world *world, const char *path,
                         const struct snw_merge_options *options)
{
    snw_status status = SNW_OK;
    struct snw_result result = {0};
    struct snw_run_facts facts = {.command_line = options->command_line};
    struct snw_totals *totals = calloc(world->n_scenarios + 1, sizeof *totals);
    if (!totals)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the sums");
    for (size_t s = 0; s <= world->n_scenarios && status == SNW_OK; s++)
        status = snw_totals_init(&totals[s], world->population.years, 1);
    if (status != SNW_OK)
        SNW_TRY(snw_fail(ctx, status, "no memory for the sums"));
    SNW_TRY(snw_result_create(ctx, world, path, options->force, &result));
    for (size_t i = 0; i < parts->n; i++) {
        struct snw_part_facts part = {0};
        SNW_TRY(snw_part_replay(ctx, world, parts->list[i].path, &result, totals, &part));
        add_facts(&facts, &part);
        SNW_TRY(snw_file_commit(&result.file, ctx)); /* what waits for it takes memory */
    }
    facts.pipeline.bytes_raw = result.bytes_raw;
    facts.pipeline.bytes_stored = result.bytes_stored;
    SNW_TRY(snw_result_finish(ctx, world, totals, &facts, &result));
out:
    if (status != SNW_OK && result.file.id)
        give_up(&result.file);
    for (size_t s = 0; s <= world->n_scenarios; s++)
        snw_totals_free(&totals[s]);
    free(totals);
    snw_result_free(&result);
    return status;
}

snw_status snw_merge(struct snw_ctx *ctx, size_t n_parts, const char *const *names,
                     const char *path, const struct snw_merge_options *options)
{
    snw_status status = SNW_OK;
    const struct snw_ranks alone = {.rank = 0, .size = 1};
    struct parts parts = {.list = calloc(n_parts, sizeof *parts.list)};
    struct snw_settings settings;
    struct snw_world world = {0};
    snw_settings_init(&settings);
    if (!parts.list)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu parts", n_parts));
    for (parts.n = 0; parts.n < n_parts; parts.n++) { /* all that is wrong with any of them */
        struct one_part *part = &parts.list[parts.n];
        part->path = names[parts.n];
        snw_status one = snw_part_look(ctx, part->path, &part->head);
        status = status == SNW_OK ? one : status;
    }
    if (status != SNW_OK)
        goto out;
    SNW_TRY(check(ctx, &parts));
    SNW_TRY(snw_file_may_write(path, options->force, false, ctx));
    SNW_TRY(settings_of(ctx, &parts.list[0], &settings));
    SNW_TRY(snw_world_build(ctx, &alone, &settings, NULL, true, &world));
    SNW_TRY(replay(ctx, &parts, &world, path, options));
out:
    for (size_t i = 0; i < parts.n; i++)
        snw_part_head_free(&parts.list[i].head);
    free(parts.list);
    snw_world_free(&world);
    snw_settings_free(&settings);
    return status;
}
