/* Failures of the disk in words, and renames that last. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* flock */
#include "store/io.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The folder of a path, `.` where it names none. */
static void folder_of(const char *path, char *folder, size_t size)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        snprintf(folder, size, ".");
    else if (slash == path)
        snprintf(folder, size, "/");
    else
        snprintf(folder, size, "%.*s", (int)(slash - path), path);
}

snw_status snw_fail_io(struct snw_ctx *ctx, const char *path, const char *doing, int error)
{
    char folder[SNW_PATH_MAX];
    struct statvfs disk;
    folder_of(path, folder, sizeof folder);
    const char *reason = error ? strerror(error) : "the library gives no reason";
    if (error == EFBIG)
        return snw_fail(ctx, SNW_ERR_IO, "%s: cannot %s: %s (the limit of `ulimit -f`)", path,
                        doing, reason);
    if ((error == 0 || error == ENOSPC || error == EDQUOT || error == EIO) &&
        statvfs(folder, &disk) == 0) {
        unsigned long long left = (unsigned long long)disk.f_bavail * disk.f_frsize;
        return snw_fail(ctx, SNW_ERR_IO, "%s: cannot %s: %s (%llu bytes free)", path, doing, reason,
                        left);
    }
    return snw_fail(ctx, SNW_ERR_IO, "%s: cannot %s: %s", path, doing, reason);
}

double snw_disk_left(const char *folder)
{
    char at[SNW_PATH_MAX], above[SNW_PATH_MAX];
    struct statvfs disk;
    snprintf(at, sizeof at, "%s", folder);
    while (statvfs(at, &disk) != 0) {
        if (errno != ENOENT)
            return INFINITY;
        folder_of(at, above, sizeof above);
        if (strcmp(at, above) == 0)
            return INFINITY;
        memcpy(at, above, sizeof at);
    }
    return (double)disk.f_bavail * (double)disk.f_frsize;
}

snw_status snw_path_join(char *text, size_t size, const char *path, const char *suffix,
                         struct snw_ctx *ctx)
{
    int n = snprintf(text, size, "%s%s", path, suffix);
    if (n < 0 || (size_t)n >= size)
        return snw_fail(ctx, SNW_ERR_IO, "the path of the result is too long: %.200s...", path);
    return SNW_OK;
}

snw_status snw_write_all(int fd, const void *bytes, size_t n_bytes, const char *path,
                         struct snw_ctx *ctx)
{
    const unsigned char *at = bytes;
    while (n_bytes > 0) {
        ssize_t n = write(fd, at, n_bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return snw_fail_io(ctx, path, "write", errno);
        at += n;
        n_bytes -= (size_t)n;
    }
    return SNW_OK;
}

snw_status snw_stream_close(FILE *stream, const char *path, struct snw_ctx *ctx)
{
    bool failed = fflush(stream) != 0 || ferror(stream);
    int error = errno;
    failed = fclose(stream) != 0 || failed;
    return failed ? snw_fail_io(ctx, path, "write", error) : SNW_OK;
}

int snw_write_at(int fd, const void *bytes, size_t n_bytes, uint64_t address)
{
    const unsigned char *at = bytes;
    while (n_bytes > 0) {
        ssize_t done = pwrite(fd, at, n_bytes, (off_t)address);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return errno;
        at += done;
        address += (uint64_t)done;
        n_bytes -= (size_t)done;
    }
    return 0;
}

int snw_read_at(int fd, void *bytes, size_t n_bytes, uint64_t address, size_t *done)
{
    unsigned char *to = bytes;
    *done = 0;
    while (*done < n_bytes) {
        ssize_t got = pread(fd, to + *done, n_bytes - *done, (off_t)(address + *done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        *done += (size_t)got;
    }
    return 0;
}

int snw_lock(int fd, const char *name)
{
    struct stat here, there;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno != ENOSYS && errno != ENOTSUP && errno != ENOLCK)
        return errno;
    if (fstat(fd, &here) != 0)
        return errno;
    if (stat(name, &there) != 0 || here.st_dev != there.st_dev || here.st_ino != there.st_ino)
        return EAGAIN;
    return 0;
}

snw_status snw_folder_make(const char *path, struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    char part[SNW_PATH_MAX];
    SNW_TRY(snw_path_join(part, sizeof part, path, "", ctx));
    for (char *at = part + 1;; at++) {
        char kept = *at;
        if (kept != '/' && kept != '\0')
            continue;
        *at = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return snw_fail_io(ctx, part, "make", errno);
        *at = kept;
        if (kept == '\0')
            break;
    }
out:
    return status;
}

/* Some file systems have folders that cannot be synced: they say EINVAL, and that is no loss. */
snw_status snw_folder_sync(const char *path, struct snw_ctx *ctx)
{
    char folder[SNW_PATH_MAX];
    folder_of(path, folder, sizeof folder);
    int fd = open(folder, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return snw_fail_io(ctx, folder, "open", errno);
    int failed = fsync(fd) != 0 && errno != EINVAL ? errno : 0;
    close(fd);
    return failed ? snw_fail_io(ctx, folder, "sync", failed) : SNW_OK;
}

snw_status snw_rename_durably(const char *from, const char *to, struct snw_ctx *ctx)
{
    if (rename(from, to) != 0)
        return snw_fail_io(ctx, to, "rename to", errno);
    return snw_folder_sync(to, ctx);
}
