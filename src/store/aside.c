/* Appends, verifies and reads rows of equal length. */
#define _POSIX_C_SOURCE 200809L
#include "store/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

static const char suffix[] = ".aside";

static void add_hash(struct snw_aside_state *state, const void *row, uint64_t index)
{
    XXH128_hash_t hash = XXH3_128bits_withSeed(row, state->n_bytes, index);
    struct snw_digest one = {hash.low64, hash.high64};
    snw_digest_merge(&state->hash, &one);
}

static snw_status open_file(struct snw_aside *rows, const char *path, int flags,
                            struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    *rows = (struct snw_aside){.fd = -1};
    SNW_TRY(snw_path_join(rows->path, sizeof rows->path, path, suffix, ctx));
    rows->fd = open(rows->path, O_RDWR | O_CLOEXEC | flags, 0666);
    if (rows->fd < 0)
        status = snw_fail_io(ctx, rows->path, flags ? "create" : "open", errno);
out:
    return status;
}

snw_status snw_aside_create(struct snw_aside *rows, const char *path, size_t n_bytes,
                            struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    SNW_TRY(open_file(rows, path, O_CREAT | O_TRUNC, ctx));
    rows->state.n_bytes = n_bytes;
    SNW_TRY(snw_folder_sync(rows->path, ctx));
out:
    return status;
}

/* Compares all rows with the hash that a checkpoint keeps. */
static snw_status verify(struct snw_aside *rows, const struct snw_aside_state *state,
                         struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    void *row = malloc(state->n_bytes);
    if (!row)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory to read %s", rows->path);
    for (uint64_t i = 0; i < state->n; i++) {
        SNW_TRY(snw_aside_read(rows, i, 0, state->n_bytes, row, ctx));
        add_hash(&rows->state, row, i);
    }
    if (rows->state.hash.low != state->hash.low || rows->state.hash.high != state->hash.high)
        status = snw_fail(ctx, SNW_ERR_FORMAT, "%s: is damaged", rows->path);
out:
    free(row);
    return status;
}

snw_status snw_aside_resume(struct snw_aside *rows, const char *path,
                            const struct snw_aside_state *state, struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    struct stat info;
    SNW_TRY(open_file(rows, path, 0, ctx));
    rows->state.n_bytes = state->n_bytes;
    if (fstat(rows->fd, &info) != 0)
        SNW_TRY(snw_fail_io(ctx, rows->path, "read", errno));
    if ((uint64_t)info.st_size < state->n * state->n_bytes)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: is cut short", rows->path));
    SNW_TRY(verify(rows, state, ctx));
    rows->state.n = state->n;
out:
    if (status != SNW_OK)
        snw_aside_close(rows);
    return status;
}

snw_status snw_aside_append(struct snw_aside *rows, const void *row, struct snw_ctx *ctx)
{
    struct snw_aside_state *state = &rows->state;
    int error = snw_write_at(rows->fd, row, state->n_bytes, state->n * state->n_bytes);
    if (error)
        return snw_fail_io(ctx, rows->path, "write", error);
    add_hash(state, row, state->n++);
    return SNW_OK;
}

snw_status snw_aside_commit(struct snw_aside *rows, struct snw_ctx *ctx)
{
    if (fdatasync(rows->fd) != 0)
        return snw_fail_io(ctx, rows->path, "sync", errno);
    return SNW_OK;
}

snw_status snw_aside_read(const struct snw_aside *rows, uint64_t row, size_t first, size_t n,
                          void *bytes, struct snw_ctx *ctx)
{
    size_t done;
    int error = snw_read_at(rows->fd, bytes, n, row * rows->state.n_bytes + first, &done);
    if (error)
        return snw_fail_io(ctx, rows->path, "read", error);
    if (done < n)
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s: is cut short", rows->path);
    return SNW_OK;
}

void snw_aside_close(struct snw_aside *rows)
{
    if (rows->fd > 0)
        close(rows->fd);
    rows->fd = -1;
}

snw_status snw_aside_remove(const char *path, struct snw_ctx *ctx)
{
    char name[SNW_PATH_MAX];
    snw_status status = snw_path_join(name, sizeof name, path, suffix, ctx);
    if (status == SNW_OK && unlink(name) != 0 && errno != ENOENT)
        status = snw_fail_io(ctx, name, "remove", errno);
    return status;
}
