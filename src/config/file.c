/* Reads a file after asking what it is: a folder, a pipe or a device is refused, not waited for. */
#define _POSIX_C_SOURCE 200809L
#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static snw_status read_all(struct snw_ctx *ctx, const char *path, snw_status kind, int file,
                           size_t size, char *text, size_t *length)
{
    size_t n = 0;
    while (n < size) {
        ssize_t got = read(file, text + n, size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return snw_fail(ctx, kind, "%s: cannot be read: %s", path, strerror(errno));
        if (got == 0)
            break;
        n += (size_t)got;
    }
    text[n] = '\0';
    *length = n;
    return SNW_OK;
}

snw_status snw_file_read(struct snw_ctx *ctx, const char *path, snw_status kind, char **text,
                         size_t *length)
{
    snw_status status = SNW_OK;
    struct stat info;
    char *bytes = NULL;
    *text = NULL;
    *length = 0;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return snw_fail(ctx, kind, "%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        status = snw_fail(ctx, kind, "%s: is not a regular file", path);
        goto out;
    }
    if (info.st_size > SNW_FILE_BYTES) {
        status = snw_fail(ctx, kind, "%s: has %lld bytes, at most %d (16 MiB) are read", path,
                          (long long)info.st_size, SNW_FILE_BYTES);
        goto out;
    }
    bytes = malloc((size_t)info.st_size + 1);
    if (!bytes) {
        status = snw_fail(ctx, SNW_ERR_MEMORY, "%s: no memory to read it", path);
        goto out;
    }
    SNW_TRY(read_all(ctx, path, kind, file, (size_t)info.st_size, bytes, length));
    *text = bytes;
    bytes = NULL;
out:
    free(bytes);
    close(file);
    return status;
}
