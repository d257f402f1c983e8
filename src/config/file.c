/* Reads a file after asking what it is: a folder, a pipe or a device is refused, not waited for. */
#define _POSIX_C_SOURCE 200809L
#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
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

void snw_kept_files_free(struct snw_kept_files *files)
{
    free(files->bytes);
    *files = (struct snw_kept_files){.bytes = NULL};
}

/* @return the text kept of a path, closed by a NUL; NULL where there is none. */
static const char *find(const struct snw_kept_files *files, const char *path, size_t *length)
{
    uint64_t n = 0;
    for (size_t at = 0; at < files->n_bytes; at += (size_t)n + 1) {
        const char *name = (const char *)files->bytes + at;
        at += strlen(name) + 1;
        memcpy(&n, files->bytes + at, sizeof n);
        at += sizeof n;
        *length = (size_t)n;
        if (strcmp(name, path) == 0)
            return (const char *)files->bytes + at;
    }
    return NULL;
}

/* Where there is no memory the file is not kept: it is read once more, if need be. */
static void keep(struct snw_kept_files *files, const char *path, const char *text, size_t length)
{
    size_t n_path = strlen(path) + 1, need = files->n_bytes + n_path + 8 + length + 1;
    uint64_t n = length;
    if (need > files->room) {
        unsigned char *more = realloc(files->bytes, 2 * need);
        if (!more)
            return;
        files->bytes = more;
        files->room = 2 * need;
    }
    unsigned char *at = files->bytes + files->n_bytes;
    memcpy(at, path, n_path);
    memcpy(at + n_path, &n, sizeof n);
    memcpy(at + n_path + sizeof n, text, length + 1);
    files->n_bytes = need;
}

static snw_status read_from_disk(struct snw_ctx *ctx, const char *path, snw_status kind,
                                 char **text, size_t *length)
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

snw_status snw_file_read(struct snw_ctx *ctx, const char *path, snw_status kind, char **text,
                         size_t *length)
{
    const char *kept = ctx->files.on ? find(&ctx->files, path, length) : NULL;
    if (!kept) {
        snw_status status = read_from_disk(ctx, path, kind, text, length);
        if (status == SNW_OK && ctx->files.on)
            keep(&ctx->files, path, *text, *length);
        return status;
    }
    *text = malloc(*length + 1);
    if (!*text)
        return snw_fail(ctx, SNW_ERR_MEMORY, "%s: no memory to read it", path);
    memcpy(*text, kept, *length + 1);
    return SNW_OK;
}
