/* Appends, verifies and reads frames. */
#define _POSIX_C_SOURCE 200809L
#include "store/frames.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "store/checkpoint.h"
#include "store/file.h"

static const char magic[8] = {'S', 'N', 'W', 'P', 'A', 'R', 'T', '\n'};

struct header {
    uint64_t n_bytes, kind, low, high;
};

/* The hash knows where the frame stands and of what kind it is. */
static XXH128_hash_t hash_of(uint64_t at, uint32_t kind, const void *bytes, uint64_t n_bytes)
{
    return XXH3_128bits_withSeed(bytes, (size_t)n_bytes, 16 * at + kind);
}

static snw_status paths_init(struct snw_frames *f, const char *path, struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    *f = (struct snw_frames){.fd = -1};
    SNW_TRY(snw_path_join(f->path, sizeof f->path, path, "", ctx));
    SNW_TRY(snw_path_join(f->partial, sizeof f->partial, path, ".partial", ctx));
out:
    return status;
}

/* Opens and locks path.partial. */
static snw_status open_locked(struct snw_frames *f, int flags, struct snw_ctx *ctx)
{
    f->fd = open(f->partial, O_RDWR | O_CLOEXEC | flags, 0666);
    int error = f->fd < 0 ? errno : snw_lock(f->fd, f->partial);
    f->writable = true;
    if (error == EEXIST || error == EAGAIN)
        return snw_fail(ctx, SNW_ERR_IO, "%s: another run is writing it", f->partial);
    return error ? snw_fail_io(ctx, f->partial, flags ? "create" : "open", error) : SNW_OK;
}

snw_status snw_frames_create(struct snw_frames *f, const char *path, bool force,
                             struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    SNW_TRY(paths_init(f, path, ctx));
    SNW_TRY(snw_file_may_write(path, force, false, ctx));
    SNW_TRY(open_locked(f, force ? O_CREAT : O_CREAT | O_EXCL, ctx));
    if (ftruncate(f->fd, 0) != 0)
        SNW_TRY(snw_fail_io(ctx, f->partial, "write", errno));
    SNW_TRY(snw_checkpoint_remove(path, ctx)); /* it would be believed */
    int error = snw_write_at(f->fd, magic, sizeof magic, 0);
    if (error)
        SNW_TRY(snw_fail_io(ctx, f->partial, "write", error));
    f->n_bytes = sizeof magic;
    SNW_TRY(snw_folder_sync(f->partial, ctx));
out:
    return status;
}

static const char *name_of(const struct snw_frames *f)
{
    return f->writable ? f->partial : f->path;
}

static snw_status check_magic(struct snw_frames *f, struct snw_ctx *ctx)
{
    char found[sizeof magic];
    size_t done;
    int error = snw_read_at(f->fd, found, sizeof found, 0, &done);
    if (error)
        return snw_fail_io(ctx, name_of(f), "read", error);
    if (done < sizeof magic || memcmp(found, magic, sizeof magic) != 0)
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s is not a part of a run of sinew", name_of(f));
    f->n_bytes = sizeof magic;
    return SNW_OK;
}

snw_status snw_frames_resume(struct snw_frames *f, const char *path, uint64_t n_bytes,
                             struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    struct snw_frame frame = {.bytes = NULL};
    bool found = true;
    SNW_TRY(paths_init(f, path, ctx));
    SNW_TRY(open_locked(f, 0, ctx));
    SNW_TRY(check_magic(f, ctx));
    while (f->n_bytes < n_bytes && found)
        SNW_TRY(snw_frames_next(f, false, &frame, &found, ctx));
    if (f->n_bytes != n_bytes)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: is cut short or damaged", f->partial));
    if (ftruncate(f->fd, (off_t)n_bytes) != 0)
        SNW_TRY(snw_fail_io(ctx, f->partial, "write", errno));
out:
    snw_frame_free(&frame);
    return status;
}

snw_status snw_frames_open(struct snw_frames *f, const char *path, struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    SNW_TRY(paths_init(f, path, ctx));
    f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
    if (f->fd < 0)
        SNW_TRY(snw_fail_io(ctx, path, "open", errno));
    SNW_TRY(check_magic(f, ctx));
out:
    return status;
}

snw_status snw_frames_add(struct snw_frames *f, uint32_t kind, const void *bytes, uint64_t n_bytes,
                          struct snw_ctx *ctx)
{
    XXH128_hash_t hash = hash_of(f->n_bytes, kind, bytes, n_bytes);
    const struct header header = {n_bytes, kind, hash.low64, hash.high64};
    int error = snw_write_at(f->fd, &header, sizeof header, f->n_bytes);
    if (!error)
        error = snw_write_at(f->fd, bytes, (size_t)n_bytes, f->n_bytes + sizeof header);
    if (error)
        return snw_fail_io(ctx, f->partial, "write", error);
    f->n_bytes += sizeof header + n_bytes;
    return SNW_OK;
}

snw_status snw_frames_commit(struct snw_frames *f, struct snw_ctx *ctx)
{
    return fdatasync(f->fd) != 0 ? snw_fail_io(ctx, f->partial, "sync", errno) : SNW_OK;
}

snw_status snw_frames_finish(struct snw_frames *f, struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_frames_commit(f, ctx));
    SNW_TRY(snw_rename_durably(f->partial, f->path, ctx));
    SNW_TRY(snw_checkpoint_remove(f->path, ctx));
    snw_frames_close(f);
out:
    return status;
}

/* Reads n bytes at the place reached. */
static snw_status read_on(struct snw_frames *f, void *bytes, uint64_t n, struct snw_ctx *ctx)
{
    size_t done;
    int error = snw_read_at(f->fd, bytes, (size_t)n, f->n_bytes, &done);
    if (error)
        return snw_fail_io(ctx, name_of(f), "read", error);
    if (done < n)
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s: is cut short", name_of(f));
    f->n_bytes += n;
    return SNW_OK;
}

static snw_status make_room(struct snw_frame *frame, const char *name, struct snw_ctx *ctx)
{
    if (frame->n_bytes <= frame->room)
        return SNW_OK;
    void *more = realloc(frame->bytes, (size_t)frame->n_bytes);
    if (!more)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %llu bytes of %s",
                        (unsigned long long)frame->n_bytes, name);
    frame->bytes = more;
    frame->room = frame->n_bytes;
    return SNW_OK;
}

snw_status snw_frames_next(struct snw_frames *f, bool skip, struct snw_frame *frame, bool *found,
                           struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    struct header header;
    struct stat info;
    uint64_t at = f->n_bytes;
    if (fstat(f->fd, &info) != 0)
        SNW_TRY(snw_fail_io(ctx, name_of(f), "read", errno));
    *found = at != (uint64_t)info.st_size;
    if (!*found)
        goto out;
    SNW_TRY(read_on(f, &header, sizeof header, ctx));
    /* seen before there is room made for it */
    if (header.kind > 15 || header.n_bytes > (uint64_t)info.st_size - f->n_bytes)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: is cut short or damaged", name_of(f)));
    frame->kind = (uint32_t)header.kind;
    frame->n_bytes = header.n_bytes;
    if (skip) {
        f->n_bytes += header.n_bytes;
        goto out;
    }
    SNW_TRY(make_room(frame, name_of(f), ctx));
    SNW_TRY(read_on(f, frame->bytes, header.n_bytes, ctx));
    XXH128_hash_t hash = hash_of(at, frame->kind, frame->bytes, header.n_bytes);
    if (hash.low64 != header.low || hash.high64 != header.high)
        status = snw_fail(ctx, SNW_ERR_FORMAT, "%s: is damaged", name_of(f));
out:
    return status;
}

void snw_frame_free(struct snw_frame *frame)
{
    free(frame->bytes);
    *frame = (struct snw_frame){.bytes = NULL};
}

void snw_frames_close(struct snw_frames *f)
{
    if (f->fd > 0)
        close(f->fd);
    f->fd = -1;
}
