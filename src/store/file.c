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

static snw_status clear_the_way(const struct snw_file *file, bool force, struct snw_ctx *ctx)
{
    struct stat info;
    if (stat(file->path, &info) == 0 && !force)
        return snw_fail(ctx, SNW_ERR_EXISTS, "%s exists: --force replaces it", file->path);
    snw_status status = refuse_if_locked(file->partial, ctx);
    if (status != SNW_OK)
        return status;
    if (stat(file->partial, &info) == 0) {
        if (!force)
            return snw_fail(ctx, SNW_ERR_EXISTS,
                            "%s is of an interrupted run: --resume goes on with it, --force starts "
                            "anew",
                            file->partial);
        if (unlink(file->partial) != 0)
            return snw_fail_io(ctx, file->partial, "remove", errno);
    }
    status = snw_journal_remove(file->partial, ctx);
    if (status != SNW_OK)
        return status;
    /* Only one of two runs that start at the same moment makes the file. */
    int fd = open(file->partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return snw_fail_io(ctx, file->partial, "create", errno);
    close(fd);
    return SNW_OK;
}

snw_status snw_file_create(struct snw_file *file, const char *path, bool force, struct snw_ctx *ctx)
{
    hid_t access = 0, creation = 0;
    snw_status status;
    SNW_TRY(paths_init(file, path, ctx));
    SNW_TRY(clear_the_way(file, force, ctx));
    file->writable = true;
    SNW_TRY(snw_h5_check(file, access = access_list(true), "prepare", ctx));
    SNW_TRY(snw_h5_check(file, creation = H5Pcreate(H5P_FILE_CREATE), "prepare", ctx));
    SNW_TRY(snw_h5_check(
        file, H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "prepare", ctx));
    hid_t id = H5Fcreate(file->partial, H5F_ACC_TRUNC, creation, access);
    SNW_TRY(snw_h5_check(file, id, "create", ctx));
    file->id = id;
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
    if (id < 0) {
        int error = snw_h5_errno();
        if (error == EAGAIN)
            status = snw_fail(ctx, SNW_ERR_IO, "%s: another run is writing it", path);
        else if (error)
            status = snw_fail_io(ctx, path, "open", error);
        else
            status = snw_fail(ctx, SNW_ERR_FORMAT, "%s: not a result file, or a damaged one", path);
        goto out;
    }
    file->id = id;
    file->writable = writable;
out:
    snw_h5_release(&list);
    return status;
}

snw_status snw_file_append(struct snw_file *file, const char *path, struct snw_ctx *ctx)
{
    snw_status status = paths_init(file, path, ctx);
    return status == SNW_OK ? open_as(file, true, ctx) : status;
}

snw_status snw_file_open(struct snw_file *file, const char *path, struct snw_ctx *ctx)
{
    snw_status status = paths_init(file, path, ctx);
    return status == SNW_OK ? open_as(file, false, ctx) : status;
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
    if (file->failed) {
        snw_journal_give_up(id);
        H5Fclose(id); /* says again what was reported */
        return SNW_OK;
    }
    herr_t result = H5Fclose(id);
    snw_status status = snw_h5_check(file, result, "close", ctx);
    if (result < 0 && file->writable) {
        snw_journal_give_up(id);
        H5Fclose(id);
    }
    return status;
}

snw_status snw_file_finish(struct snw_file *file, struct snw_ctx *ctx)
{
    snw_status status;
    SNW_TRY(snw_file_commit(file, ctx));
    SNW_TRY(snw_file_close(file, ctx));
    int fd = open(file->partial, O_RDONLY | O_CLOEXEC);
    int error = fd < 0 || fsync(fd) != 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    if (error)
        SNW_TRY(snw_fail_io(ctx, file->partial, "sync", error));
    SNW_TRY(snw_rename_durably(file->partial, file->path, ctx));
    SNW_TRY(snw_journal_remove(file->partial, ctx));
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
