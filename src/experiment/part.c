/* Writes and replays parts. */
#define _GNU_SOURCE
#include "experiment/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 2 };
enum frame_kind { FRAME_HEAD = 1, FRAME_RECORDS, FRAME_SUMS, FRAME_END };

static const char section_name[] = "part";

void snw_part_path(const char *directory, const struct snw_share *share, char *text, size_t size)
{
    snprintf(text, size, "%s/part-%u-of-%u", directory, share->number, share->of);
}

/* Where the tables of these settings are, a line for each setting that names one. */
static void write_paths(const struct snw_settings *settings, FILE *stream)
{
    for (int id = 0; id < SNW_SETTING_COUNT; id++) {
        const struct snw_setting_info *info = &snw_setting_table[id];
        const struct snw_path *path = (const void *)((const char *)settings + info->offset);
        if (info->type != SNW_TYPE_PATH)
            continue;
        char *full = path->found ? realpath(path->found, NULL) : NULL;
        fprintf(stream, "%s\n", full ? full : "");
        free(full);
    }
}

/* The head as bytes: two numbers and three texts, each closed by a NUL. Released with free. */
static snw_status head_bytes(struct snw_ctx *ctx, const struct snw_settings *settings,
                             const struct snw_share *share, const char *identity, char **bytes,
                             size_t *n_bytes)
{
    const uint32_t numbers[3] = {VERSION, share->number, share->of};
    char *text = NULL;
    snw_status status = snw_settings_text(ctx, settings, &text);
    FILE *stream = status == SNW_OK ? open_memstream(bytes, n_bytes) : NULL;
    if (stream) {
        fwrite(numbers, sizeof numbers, 1, stream);
        fwrite(text, strlen(text) + 1, 1, stream);
        fwrite(identity, strlen(identity) + 1, 1, stream);
        write_paths(settings, stream);
        fputc('\0', stream);
    }
    bool failed = !stream || ferror(stream) != 0;
    failed = (stream && fclose(stream) != 0) || failed;
    free(text);
    return failed ? snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the head of a part") : SNW_OK;
}

snw_status snw_part_create(struct snw_ctx *ctx, const struct snw_world *world,
                           const struct snw_share *share, const char *identity, const char *path,
                           bool force, struct snw_part *part)
{
    snw_status status = SNW_OK;
    char *bytes = NULL;
    size_t n_bytes = 0;
    *part = (struct snw_part){.frames = {.fd = -1}};
    SNW_TRY(head_bytes(ctx, world->settings, share, identity, &bytes, &n_bytes));
    SNW_TRY(snw_frames_create(&part->frames, path, force, ctx));
    SNW_TRY(snw_frames_add(&part->frames, FRAME_HEAD, bytes, n_bytes, ctx));
out:
    free(bytes);
    return status;
}

snw_status snw_part_take(struct snw_ctx *ctx, const struct snw_share *share, struct snw_part *part,
                         const struct snw_parcel *records)
{
    const struct snw_record *first = (const void *)records->bytes;
    if (first->kind == SNW_RECORD_DRAW) { /* the only record of its unit */
        if (first->first_row != share->first_draw + part->n_draws)
            return SNW_OK;
        part->n_draws++;
    }
    return snw_frames_add(&part->frames, FRAME_RECORDS, records->bytes, records->n, ctx);
}

snw_status snw_part_commit(struct snw_ctx *ctx, struct snw_part *part, uint64_t state[2],
                           struct snw_checkpoint *checkpoint)
{
    snw_status status = snw_frames_commit(&part->frames, ctx);
    state[0] = part->frames.n_bytes;
    state[1] = part->n_draws;
    snw_checkpoint_add(checkpoint, section_name, state, 2 * sizeof *state);
    return status;
}

snw_status snw_part_resume(struct snw_ctx *ctx, const char *path,
                           const struct snw_checkpoint *checkpoint, struct snw_part *part)
{
    const struct snw_section *found = snw_checkpoint_find(checkpoint, section_name);
    uint64_t state[2];
    *part = (struct snw_part){.frames = {.fd = -1}};
    if (!found || found->n_bytes != sizeof state)
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s.checkpoint is of no part", path);
    memcpy(state, found->bytes, sizeof state);
    part->n_draws = state[1];
    return snw_frames_resume(&part->frames, path, state[0], ctx);
}

snw_status snw_part_finish(struct snw_ctx *ctx, const struct snw_world *world,
                           struct snw_totals *totals, const struct snw_part_facts *facts,
                           struct snw_part *part)
{
    snw_status status = SNW_OK;
    for (size_t s = 0; s < world->n_scenarios; s++) {
        struct snw_totals_part sums[SNW_TOTALS_PARTS];
        snw_totals_parts(&totals[s], sums);
        for (size_t k = 0; k < SNW_TOTALS_PARTS; k++)
            SNW_TRY(
                snw_frames_add(&part->frames, FRAME_SUMS, sums[k].values, sums[k].n_bytes, ctx));
    }
    SNW_TRY(snw_frames_add(&part->frames, FRAME_END, facts, sizeof *facts, ctx));
    SNW_TRY(snw_frames_finish(&part->frames, ctx));
out:
    return status;
}

void snw_part_free(struct snw_part *part)
{
    snw_frames_close(&part->frames);
}

void snw_part_head_free(struct snw_part_head *head)
{
    free(head->memory);
    *head = (struct snw_part_head){0};
}

/* Takes the head apart; it keeps the frame's memory. */
static snw_status take_head(struct snw_ctx *ctx, const char *path, struct snw_frame *frame,
                            struct snw_part_head *head)
{
    uint32_t numbers[3] = {0};
    char *text[3] = {NULL};
    if (frame->kind == FRAME_HEAD && frame->n_bytes > sizeof numbers &&
        frame->bytes[frame->n_bytes - 1] == '\0') {
        char *at = (char *)frame->bytes + sizeof numbers, *end = (char *)frame->bytes;
        end += frame->n_bytes;
        memcpy(numbers, frame->bytes, sizeof numbers);
        for (int k = 0; k < 3 && at < end; k++, at += strlen(at) + 1)
            text[k] = at;
    }
    if (numbers[0] != VERSION && text[2])
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s is a part of version %u, this program reads %d",
                        path, numbers[0], VERSION);
    if (!text[2] || numbers[1] < 1 || numbers[1] > numbers[2])
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s: is damaged", path);
    *head = (struct snw_part_head){numbers[1], numbers[2], text[0], text[1], text[2], frame->bytes};
    *frame = (struct snw_frame){.bytes = NULL};
    return SNW_OK;
}

snw_status snw_part_look(struct snw_ctx *ctx, const char *path, struct snw_part_head *head)
{
    snw_status status = SNW_OK;
    struct snw_frames frames = {.fd = -1};
    struct snw_frame frame = {.bytes = NULL};
    bool found = false;
    *head = (struct snw_part_head){0};
    SNW_TRY(snw_frames_open(&frames, path, ctx));
    SNW_TRY(snw_frames_next(&frames, false, &frame, &found, ctx));
    if (found)
        SNW_TRY(take_head(ctx, path, &frame, head));
    while (found)
        SNW_TRY(snw_frames_next(&frames, true, &frame, &found, ctx));
    if (frame.kind != FRAME_END)
        status = snw_fail(ctx, SNW_ERR_FORMAT,
                          "%s is of a part that is not finished: go on with it by --resume", path);
out:
    snw_frame_free(&frame);
    snw_frames_close(&frames);
    return status;
}

/* Takes the i-th frame of sums, of one kind and scenario; a scenario is added when it is whole. */
static snw_status take_sums(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                            const struct snw_frame *frame, size_t i, struct snw_totals *totals)
{
    struct snw_totals_part sums[SNW_TOTALS_PARTS];
    struct snw_totals *one = &totals[world->n_scenarios];
    size_t s = i / SNW_TOTALS_PARTS, k = i % SNW_TOTALS_PARTS;
    snw_totals_parts(one, sums);
    if (s >= world->n_scenarios || frame->n_bytes != sums[k].n_bytes)
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s: its sums are of another run", path);
    if (sums[k].n_bytes)
        memcpy(sums[k].values, frame->bytes, sums[k].n_bytes);
    if (k == SNW_TOTALS_PARTS - 1)
        snw_totals_add(&totals[s], one);
    return SNW_OK;
}

snw_status snw_part_replay(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                           struct snw_result *result, struct snw_totals *totals,
                           struct snw_part_facts *facts)
{
    snw_status status = SNW_OK;
    struct snw_frames frames = {.fd = -1};
    struct snw_frame frame = {.bytes = NULL};
    size_t n_sums = 0;
    bool found;
    SNW_TRY(snw_frames_open(&frames, path, ctx));
    SNW_TRY(snw_frames_next(&frames, false, &frame, &found, ctx));
    while (found) {
        const struct snw_parcel parcel = {.bytes = frame.bytes, .n = (size_t)frame.n_bytes};
        if (frame.kind == FRAME_RECORDS)
            SNW_TRY(snw_result_take(ctx, world, result, &parcel));
        else if (frame.kind == FRAME_SUMS)
            SNW_TRY(take_sums(ctx, world, path, &frame, n_sums++, totals));
        else if (frame.kind == FRAME_END && frame.n_bytes == sizeof *facts)
            memcpy(facts, frame.bytes, sizeof *facts);
        SNW_TRY(snw_frames_next(&frames, false, &frame, &found, ctx));
    }
    if (n_sums != world->n_scenarios * SNW_TOTALS_PARTS)
        status = snw_fail(ctx, SNW_ERR_FORMAT, "%s: its sums are of another run", path);
out:
    snw_frame_free(&frame);
    snw_frames_close(&frames);
    return status;
}
