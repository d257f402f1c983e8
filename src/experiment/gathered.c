/* Checkpoints: sections of totals, of rows that wait for a whole chunk, and of what must agree. */
#include "experiment/gathered.h"

#include <stdlib.h>
#include <string.h>

#include "experiment/identity.h"
#include "store/checkpoint.h"

#define ANY_LENGTH SIZE_MAX

/* The long tables of a result; NULL for those it does not have. */
enum { N_TABLES = 2 };
struct kept_table {
    const char *name;
    struct snw_table *table;
};

static void kept_tables(struct snw_result *result, struct kept_table tables[N_TABLES])
{
    tables[0] = (struct kept_table){"events", result->has_events ? &result->events : NULL};
    tables[1] = (struct kept_table){"study", result->has_study ? &result->study.table : NULL};
}

/* A section that must be there and, but for ANY_LENGTH, be so long. */
static snw_status section(struct snw_ctx *ctx, const struct snw_gathered *g,
                          const struct snw_checkpoint *checkpoint, const char *name, size_t n_bytes,
                          const struct snw_section **found)
{
    *found = snw_checkpoint_find(checkpoint, name);
    if (*found && ((*found)->n_bytes == n_bytes || n_bytes == ANY_LENGTH))
        return SNW_OK;
    return snw_fail(ctx, SNW_ERR_FORMAT, "%s.checkpoint: section %s is wrong", g->path, name);
}

static snw_status take_totals(struct snw_ctx *ctx, const struct snw_world *world,
                              struct snw_gathered *g, const struct snw_checkpoint *checkpoint)
{
    snw_status status = SNW_OK;
    const struct snw_section *found;
    for (size_t s = 0; s < world->n_scenarios; s++) {
        struct snw_totals_part part[SNW_TOTALS_PARTS];
        snw_totals_parts(&g->totals[s], part);
        for (size_t k = 0; k < SNW_TOTALS_PARTS; k++) {
            SNW_TRY(section(ctx, g, checkpoint, part[k].name, part[k].n_bytes * world->n_scenarios,
                            &found));
            memcpy(part[k].values, (const char *)found->bytes + s * part[k].n_bytes,
                   part[k].n_bytes);
        }
    }
out:
    return status;
}

/* Sampled people and the rows that wait. */
static snw_status take_result(struct snw_ctx *ctx, const struct snw_world *world,
                              struct snw_gathered *g, const struct snw_checkpoint *checkpoint)
{
    snw_status status = SNW_OK;
    const struct snw_section *found;
    struct kept_table tables[N_TABLES];
    size_t n_people = world->n_scenarios * world->population.rows;
    SNW_TRY(section(ctx, g, checkpoint, "people", n_people * sizeof *g->result.people, &found));
    if (n_people)
        memcpy(g->result.people, found->bytes, found->n_bytes);
    kept_tables(&g->result, tables);
    for (size_t k = 0; k < N_TABLES; k++) {
        if (!tables[k].table)
            continue;
        SNW_TRY(section(ctx, g, checkpoint, tables[k].name, ANY_LENGTH, &found));
        SNW_TRY(snw_table_restore(tables[k].table, found->bytes, found->n_bytes, ctx));
    }
out:
    return status;
}

static snw_status take_up(struct snw_ctx *ctx, const struct snw_world *world,
                          struct snw_gathered *g, const struct snw_checkpoint *checkpoint)
{
    snw_status status = SNW_OK;
    const struct snw_section *found;
    struct snw_progress progress;
    SNW_TRY(section(ctx, g, checkpoint, "identity", ANY_LENGTH, &found));
    SNW_TRY(snw_identity_compare(ctx, g->path, found->bytes, g->identity));
    SNW_TRY(section(ctx, g, checkpoint, "progress", sizeof progress, &found));
    memcpy(&progress, found->bytes, sizeof progress);
    g->next_unit = checkpoint->next_unit;
    g->n_commits = checkpoint->n_commits;
    g->person_years = progress.person_years;
    g->n_capped = progress.n_capped;
    if (g->share.of) {
        SNW_TRY(snw_part_resume(ctx, g->path, checkpoint, &g->part));
        g->begun = true;
        status = take_totals(ctx, world, g, checkpoint);
        goto out;
    }
    SNW_TRY(section(ctx, g, checkpoint, "proof", ANY_LENGTH, &found));
    SNW_TRY(snw_file_verify(g->path, found->bytes, found->n_bytes, ctx));
    SNW_TRY(snw_result_append(ctx, world, g->path, &g->result));
    g->begun = true;
    g->whole = snw_attribute_exists(&g->result.file, "/", "status");
    if (g->whole) { /* only its new name was not on disk yet */
        g->next_unit = snw_share_units(&g->share);
        goto out;
    }
    g->result.n_events = progress.n_events;
    g->result.bytes_stored = progress.bytes_stored;
    g->result.bytes_raw = progress.bytes_raw;
    g->result.n_lives = progress.n_lives;
    g->result.lives = progress.lives;
    SNW_TRY(take_result(ctx, world, g, checkpoint));
    SNW_TRY(take_totals(ctx, world, g, checkpoint));
    g->result.has_draws = snw_settings_worlds(world->settings) > 0;
    if (g->result.has_draws)
        SNW_TRY(snw_spread_resume(ctx, world, g->path, checkpoint, &g->result.draws));
out:
    return status;
}

/* One part of the totals over all scenarios, as a section; name and bytes of one in *one. Released
   with free. */
static void *joined(const struct snw_world *world, const struct snw_gathered *g, size_t k,
                    struct snw_totals_part *one)
{
    char *all = NULL;
    for (size_t s = 0; s < world->n_scenarios; s++) {
        struct snw_totals_part part[SNW_TOTALS_PARTS];
        snw_totals_parts(&g->totals[s], part);
        *one = part[k];
        if (!all)
            all = malloc(world->n_scenarios * one->n_bytes + 1);
        if (all)
            memcpy(all + s * one->n_bytes, one->values, one->n_bytes);
    }
    return all;
}

/* Adds the sections that are made for the occasion; they are released with free. */
static snw_status add_copies(struct snw_ctx *ctx, const struct snw_world *world,
                             struct snw_gathered *g, struct snw_checkpoint *checkpoint,
                             void *copies[SNW_TOTALS_PARTS + N_TABLES])
{
    struct kept_table tables[N_TABLES];
    for (size_t k = 0; k < SNW_TOTALS_PARTS; k++) {
        struct snw_totals_part one = {0};
        copies[k] = joined(world, g, k, &one);
        if (!copies[k])
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a commit");
        snw_checkpoint_add(checkpoint, one.name, copies[k], one.n_bytes * world->n_scenarios);
    }
    kept_tables(&g->result, tables);
    for (size_t k = 0; k < N_TABLES; k++) {
        if (!tables[k].table)
            continue;
        size_t n = snw_table_state_bytes(tables[k].table);
        void *rows = copies[SNW_TOTALS_PARTS + k] = malloc(n);
        if (!rows)
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a commit");
        snw_table_save(tables[k].table, rows);
        snw_checkpoint_add(checkpoint, tables[k].name, rows, n);
    }
    return SNW_OK;
}

/* Adds the sections that only a result has. */
static snw_status add_result(struct snw_ctx *ctx, const struct snw_world *world,
                             struct snw_gathered *g, struct snw_checkpoint *checkpoint)
{
    snw_status status = SNW_OK;
    const void *proof;
    size_t n_proof;
    if (g->result.has_draws)
        SNW_TRY(snw_spread_commit(ctx, &g->result.draws, checkpoint));
    SNW_TRY(snw_file_proof(&g->result.file, &proof, &n_proof, ctx));
    snw_checkpoint_add(checkpoint, "proof", proof, n_proof);
    snw_checkpoint_add(checkpoint, "people", g->result.people,
                       world->n_scenarios * world->population.rows * sizeof *g->result.people);
out:
    return status;
}

/* Writes the checkpoint that goes with the file as it was last committed. */
static snw_status write_checkpoint(struct snw_ctx *ctx, const struct snw_world *world,
                                   struct snw_gathered *g)
{
    snw_status status = SNW_OK;
    void *copies[SNW_TOTALS_PARTS + N_TABLES] = {NULL};
    uint64_t part[2];
    struct snw_checkpoint checkpoint = {.next_unit = g->next_unit, .n_commits = ++g->n_commits};
    struct snw_progress progress = {.n_units = snw_share_units(&g->share),
                                    .person_years = g->person_years,
                                    .n_capped = g->n_capped,
                                    .n_events = g->result.n_events,
                                    .bytes_stored = g->result.bytes_stored,
                                    .bytes_raw = g->result.bytes_raw,
                                    .n_lives = g->result.n_lives,
                                    .lives = g->result.lives};
    if (g->share.of)
        SNW_TRY(snw_part_commit(ctx, &g->part, part, &checkpoint));
    else
        SNW_TRY(add_result(ctx, world, g, &checkpoint));
    snw_checkpoint_add(&checkpoint, "identity", g->identity, strlen(g->identity) + 1);
    snw_checkpoint_add(&checkpoint, "progress", &progress, sizeof progress);
    SNW_TRY(add_copies(ctx, world, g, &checkpoint, copies));
    SNW_TRY(snw_checkpoint_write(&checkpoint, g->path, ctx));
out:
    for (size_t k = 0; k < sizeof copies / sizeof *copies; k++)
        free(copies[k]);
    return status;
}

snw_status snw_gathered_commit(struct snw_ctx *ctx, const struct snw_world *world,
                               struct snw_gathered *g)
{
    snw_status status = SNW_OK;
    if (!g->share.of)
        SNW_TRY(snw_file_commit(&g->result.file, ctx));
    SNW_TRY(write_checkpoint(ctx, world, g));
out:
    return status;
}

snw_status snw_gathered_resume(struct snw_ctx *ctx, const struct snw_world *world,
                               struct snw_gathered *g)
{
    struct snw_checkpoint checkpoint;
    snw_status status = snw_checkpoint_read(&checkpoint, g->path, ctx);
    if (status == SNW_OK)
        status = take_up(ctx, world, g, &checkpoint);
    /* The file may be a commit ahead, where there was no room for the checkpoint any more. Its
       journal alone tells that from damage, and the next commit overwrites it. */
    if (status == SNW_OK && !g->whole)
        status = write_checkpoint(ctx, world, g);
    snw_checkpoint_free(&checkpoint);
    if (status == SNW_ERR_FORMAT)
        status = snw_fail(ctx, status,
                          "the interrupted run can't be gone on with: start anew with --force");
    return status;
}

snw_status snw_gathered_create(struct snw_ctx *ctx, const struct snw_world *world, bool force,
                               struct snw_gathered *g)
{
    snw_status status =
        g->share.of ? snw_part_create(ctx, world, &g->share, g->identity, g->path, force, &g->part)
                    : snw_result_create(ctx, world, g->path, force, &g->result);
    g->begun = g->share.of ? g->part.frames.fd > 0 && status == SNW_OK : g->result.file.id > 0;
    return status;
}

snw_status snw_gathered_take(struct snw_ctx *ctx, const struct snw_world *world,
                             struct snw_gathered *g, const struct snw_parcel *records)
{
    return g->share.of ? snw_part_take(ctx, &g->share, &g->part, records)
                       : snw_result_take(ctx, world, &g->result, records);
}

uint64_t snw_gathered_draws(const struct snw_gathered *g)
{
    return g->share.of ? g->part.n_draws : g->result.draws.rows.state.n;
}

snw_status snw_gathered_finish(struct snw_ctx *ctx, const struct snw_world *world,
                               const struct snw_run_facts *facts, struct snw_gathered *g)
{
    const struct snw_part_facts part = {.person_years = facts->person_years,
                                        .n_capped = facts->n_capped,
                                        .ranks = (uint64_t)facts->ranks,
                                        .seconds = facts->seconds,
                                        .memory_bytes = facts->memory_bytes,
                                        .pipeline = facts->pipeline};
    if (g->share.of)
        return snw_part_finish(ctx, world, g->totals, &part, &g->part);
    return g->whole ? snw_file_finish(&g->result.file, ctx)
                    : snw_result_finish(ctx, world, g->totals, facts, &g->result);
}

snw_status snw_gathered_close(struct snw_ctx *ctx, struct snw_gathered *g)
{
    if (!g->share.of)
        return snw_file_close(&g->result.file, ctx);
    snw_frames_close(&g->part.frames);
    return SNW_OK;
}

void snw_gathered_free(struct snw_gathered *g)
{
    free(g->identity);
    g->identity = NULL;
    if (g->share.of)
        snw_part_free(&g->part);
    else
        snw_result_free(&g->result);
}
