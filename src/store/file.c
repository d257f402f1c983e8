/* Making, committing, finishing and opening the result file, and its groups. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* flock */
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/aside.h"
#include "store/checkpoint.h"
#include "store/guard.h"
#include "store/h5.h"
#include "store/journal.h"

_Static_assert(sizeof(hid_t) == sizeof(int64_t), "HDF5 1.10 or later has 64-bit ids");

snw_status snw_store_init(struct snw_ctx *ctx)
{
    H5dont_atexit(); /* fails where it was called before: no matter */
    if (H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0)
        return snw_fail(ctx, SNW_ERR_ENVIRONMENT, "HDF5 (%s) does not start", snw_store_library());
    return SNW_OK;
}

const char *snw_store_library(void)
{
    return H5_VERS_INFO;
}

/* With these bounds every HDF5 since 1.8 reads the file. Metadata lie together in large blocks, so
   that a commit rewrites few places. */
static hid_t access_list(bool writable)
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    if (list >= 0 && H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) >= 0 &&
        H5Pset_fclose_degree(list, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_meta_block_size(list, 65536) >= 0 && (!writable || snw_journal_use(list) >= 0))
        return list;
    snw_h5_release(&list);
    return -1;
}

static snw_status paths_init(struct snw_file *file, const char *path, struct snw_ctx *ctx)
{
    *file = (struct snw_file){.id = 0};
    snw_status status = snw_path_join(file->path, sizeof file->path, path, "", ctx);
    if (status == SNW_OK)
        status = snw_path_join(file->partial, sizeof file->partial, path, ".partial", ctx);
    return status == SNW_OK ? snw_store_init(ctx) : status;
}

static bool there_is(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

static snw_status refuse_if_locked(const char *partial, struct snw_ctx *ctx)
{
    int fd = open(partial, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? SNW_OK : snw_fail_io(ctx, partial, "open", errno);
    int error = flock(fd, LOCK_EX | LOCK_NB) != 0 ? errno : 0;
    close(fd);
    if (error == EWOULDBLOCK)
        return snw_fail(ctx, SNW_ERR_IO, "%s: another run is writing it", partial);
    return SNW_OK;
}

static snw_status may_begin(const struct snw_file *file, bool force, struct snw_ctx *ctx)
{
    if (there_is(file->partial) && !force)
        return snw_fail(ctx, SNW_ERR_EXISTS,
                        snw_checkpoint_exists(file->path)
                            ? "%s is of an interrupted run: --resume goes on with it, --force "
                              "starts anew"
                            : "%s is of a run stopped before its first commit: --force starts anew",
                        file->partial);
    if (there_is(file->path) && !force)
        return snw_fail(ctx, SNW_ERR_EXISTS,
                        "%s exists: choose another folder with -o, or replace it with --force",
                        file->path);
    return SNW_OK;
}

static snw_status may_resume(const struct snw_file *file, struct snw_ctx *ctx)
{
    if (!there_is(file->partial))
        return snw_fail(ctx, SNW_ERR_USAGE,
                        "there is no %s, no interrupted run to go on with: leave --resume out",
                        file->partial);
    if (!snw_checkpoint_exists(file->path))
        return snw_fail(ctx, SNW_ERR_EXISTS,
                        "%s is of a run stopped before its first commit, there is nothing to go on "
                        "with: --force starts anew",
                        file->partial);
    return SNW_OK;
}

snw_status snw_file_may_write(const char *path, bool force, bool resume, struct snw_ctx *ctx)
{
    struct snw_file file;
    snw_status status;
    SNW_TRY(paths_init(&file, path, ctx));
    SNW_TRY(refuse_if_locked(file.partial, ctx));
    SNW_TRY(resume ? may_resume(&file, ctx) : may_begin(&file, force, ctx));
out:
    return status;
}

/* Only one of two runs that start at the same moment makes the file. */
static snw_status make_partial(const char *partial, struct snw_ctx *ctx)
{
    int fd = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST)
        return snw_fail(ctx, SNW_ERR_IO, "%s: another run is writing it", partial);
    if (fd < 0)
        return snw_fail_io(ctx, partial, "create", errno);
    close(fd);
    return SNW_OK;
}

snw_status snw_file_create(struct snw_file *file, const char *path, bool force, struct snw_ctx *ctx)
{
    hid_t access = 0, creation = 0;
    snw_status status;
    SNW_TRY(paths_init(file, path, ctx));
    SNW_TRY(snw_file_may_write(path, force, false, ctx));
    if (!force)
        SNW_TRY(make_partial(file->partial, ctx));
    file->writable = true;
    SNW_TRY(snw_h5_check(file, access = access_list(true), "prepare", ctx));
    SNW_TRY(snw_h5_check(file, creation = H5Pcreate(H5P_FILE_CREATE), "prepare", ctx));
    SNW_TRY(snw_h5_check(
        file, H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "prepare", ctx));
    hid_t id = H5Fcreate(file->partial, H5F_ACC_TRUNC, creation, access);
    SNW_TRY(snw_h5_check(file, id, "create", ctx));
    file->id = id;
    /* The file is locked and empty: an earlier run's checkpoint would be believed. */
    SNW_TRY(snw_checkpoint_remove(path, ctx));
    SNW_TRY(snw_folder_sync(file->partial, ctx));
out:
    snw_h5_release(&creation);
    snw_h5_release(&access);
    return status;
}

/* Opens what file->path or file->partial names. */
static snw_status open_as(struct snw_file *file, bool writable, struct snw_ctx *ctx)
{
    const char *path = writable ? file->partial : file->path;
    snw_status status = SNW_OK;
    if (access(path, writable ? R_OK | W_OK : R_OK) != 0)
        return snw_fail_io(ctx, path, "open", errno);
    hid_t list = access_list(writable);
    SNW_TRY(snw_h5_check(file, list, "prepare", ctx));
    hid_t id = H5Fopen(path, writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, list);
    if (id < 0 && snw_h5_errno() == 0)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: not a result file, or a damaged one", path));
    file->writable = writable;
    SNW_TRY(snw_h5_check(file, id, "open", ctx));
    file->id = id;
out:
    snw_h5_release(&list);
    return status;
}

snw_status snw_file_append(struct snw_file *file, const char *path, struct snw_ctx *ctx)
{
    snw_status status = paths_init(file, path, ctx);
    return status == SNW_OK ? open_as(file, true, ctx) : status;
}

snw_status snw_file_verify(const char *path, const void *proof, size_t n_bytes, struct snw_ctx *ctx)
{
    struct snw_file file;
    snw_status status = paths_init(&file, path, ctx);
    return status == SNW_OK ? snw_journal_verify(file.partial, proof, n_bytes, ctx) : status;
}

snw_status snw_file_proof(const struct snw_file *file, const void **bytes, size_t *n_bytes,
                          struct snw_ctx *ctx)
{
    int error = snw_journal_proof(file->id, bytes, n_bytes);
    return error ? snw_fail_io(ctx, file->partial, "prove", error) : SNW_OK;
}

snw_status snw_file_open(struct snw_file *file, const char *path, struct snw_ctx *ctx)
{
    snw_status status;
    SNW_TRY(paths_init(file, path, ctx));
    snw_guard_reading(file->path);
    SNW_TRY(open_as(file, false, ctx));
out:
    return status;
}

snw_status snw_file_commit(struct snw_file *file, struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    if (file->failed)
        return snw_fail(ctx, SNW_ERR_IO, "%s: not committed, as a write failed before",
                        file->partial);
    SNW_TRY(snw_h5_check(file, H5Fflush(file->id, H5F_SCOPE_GLOBAL), "write", ctx));
    int error = snw_journal_commit(file->id);
    if (error) {
        file->failed = true;
        SNW_TRY(snw_fail_io(ctx, file->partial, "commit", error));
    }
out:
    return status;
}

snw_status snw_file_close(struct snw_file *file, struct snw_ctx *ctx)
{
    if (file->id <= 0)
        return SNW_OK;
    hid_t id = file->id;
    file->id = 0;
    if (!file->writable)
        return snw_h5_check(file, H5Fclose(id), "close", ctx);
    int error = snw_journal_close(id, true);
    return error && !file->failed ? snw_fail_io(ctx, file->partial, "close", error) : SNW_OK;
}

snw_status snw_file_finish(struct snw_file *file, struct snw_ctx *ctx)
{
    snw_status status;
    int held = -1; /* locked until it has its name: else another run might begin in between */
    SNW_TRY(snw_file_commit(file, ctx));
    held = snw_journal_hold(file->id);
    if (held < 0)
        SNW_TRY(snw_fail_io(ctx, file->partial, "hold", errno));
    int error = snw_journal_close(file->id, false);
    file->id = 0;
    if (!error && fsync(held) != 0)
        error = errno;
    if (error)
        SNW_TRY(snw_fail_io(ctx, file->partial, "close", error));
    SNW_TRY(snw_rename_durably(file->partial, file->path, ctx));
    SNW_TRY(snw_file_tidy(file->path, ctx));
out:
    if (held >= 0)
        close(held);
    return status;
}

snw_status snw_file_tidy(const char *path, struct snw_ctx *ctx)
{
    struct snw_file file;
    snw_status status;
    SNW_TRY(paths_init(&file, path, ctx));
    SNW_TRY(snw_journal_remove(file.partial, ctx));
    SNW_TRY(snw_checkpoint_remove(path, ctx));
    SNW_TRY(snw_aside_remove(path, ctx));
out:
    return status;
}

bool snw_object_exists(const struct snw_file *file, const char *object)
{
    char path[SNW_PATH_MAX];
    size_t n = 0;
    while (*object == '/')
        object++;
    while (*object && n + 1 < sizeof path) { /* a missing parent is an error to HDF5 */
        do
            path[n++] = *object++;
        while (*object && *object != '/' && n + 1 < sizeof path);
        path[n] = '\0';
        if (H5Lexists(file->id, path, H5P_DEFAULT) <= 0)
            return false;
    }
    return true;
}

snw_status snw_group_create(struct snw_file *file, const char *group, struct snw_ctx *ctx)
{
    char path[SNW_PATH_MAX];
    size_t n = 0;
    hid_t order = 0, id = 0;
    snw_status status;
    SNW_TRY(snw_h5_check(file, order = H5Pcreate(H5P_GROUP_CREATE), "prepare", ctx));
    SNW_TRY(snw_h5_check(
        file, H5Pset_link_creation_order(order, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "prepare", ctx));
    while (*group == '/')
        group++;
    while (*group && n + 1 < sizeof path) {
        do
            path[n++] = *group++;
        while (*group && *group != '/' && n + 1 < sizeof path);
        path[n] = '\0';
        if (H5Lexists(file->id, path, H5P_DEFAULT) > 0)
            continue;
        id = H5Gcreate2(file->id, path, H5P_DEFAULT, order, H5P_DEFAULT);
        SNW_TRY(snw_h5_check(file, id, "make a group of", ctx));
        SNW_TRY(snw_h5_close(file, &id, ctx));
    }
out:
    snw_h5_release(&id);
    snw_h5_release(&order);
    return status;
}
