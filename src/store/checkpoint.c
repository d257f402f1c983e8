/* Layout: header, section table, sections on 64-byte boundaries, XXH3-128 of all before. */
#define _POSIX_C_SOURCE 200809L
#include "store/checkpoint.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "core/memory.h"
#include "store/io.h"

enum { ALIGNMENT = 64, VERSION = 2 };
static const char magic[8] = {'S', 'N', 'W', 'C', 'K', 'P', 'T', '\n'};

struct header {
    char magic[8];
    uint32_t version;
    uint32_t n_sections;
    uint64_t n_bytes; /* of the whole file */
    uint64_t next_unit;
    uint64_t n_commits;
};

struct entry {
    char name[SNW_SECTION_NAME];
    uint64_t offset, n_bytes;
};

struct trailer {
    uint64_t low, high;
};

static uint64_t aligned(uint64_t n)
{
    return (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void snw_checkpoint_add(struct snw_checkpoint *checkpoint, const char *name, const void *bytes,
                        size_t n_bytes)
{
    assert(checkpoint->n_sections < SNW_SECTIONS_MAX && strlen(name) < SNW_SECTION_NAME);
    struct snw_section *section = &checkpoint->sections[checkpoint->n_sections++];
    *section = (struct snw_section){.bytes = bytes, .n_bytes = n_bytes};
    memcpy(section->name, name, strlen(name) + 1);
}

const struct snw_section *snw_checkpoint_find(const struct snw_checkpoint *checkpoint,
                                              const char *name)
{
    for (size_t s = 0; s < checkpoint->n_sections; s++)
        if (strcmp(checkpoint->sections[s].name, name) == 0)
            return &checkpoint->sections[s];
    return NULL;
}

/* Fills header and table. */
static void lay_out(const struct snw_checkpoint *checkpoint, struct header *header,
                    struct entry *entries)
{
    size_t n = checkpoint->n_sections;
    uint64_t at = aligned(sizeof *header + n * sizeof *entries);
    memset(header, 0, sizeof *header);
    memset(entries, 0, n * sizeof *entries);
    for (size_t s = 0; s < n; s++) {
        memcpy(entries[s].name, checkpoint->sections[s].name, SNW_SECTION_NAME);
        entries[s].offset = at;
        entries[s].n_bytes = checkpoint->sections[s].n_bytes;
        at = aligned(at + entries[s].n_bytes);
    }
    memcpy(header->magic, magic, sizeof magic);
    header->version = VERSION;
    header->n_sections = (uint32_t)n;
    header->n_bytes = at + sizeof(struct trailer);
    header->next_unit = checkpoint->next_unit;
    header->n_commits = checkpoint->n_commits;
}

/* Where bytes go, and what has gone there. */
struct sink {
    int fd;
    const char *path;
    uint64_t n_bytes;
    XXH3_state_t *hash;
};

static snw_status put(struct sink *sink, const void *bytes, size_t n_bytes, struct snw_ctx *ctx)
{
    snw_status status = snw_write_all(sink->fd, bytes, n_bytes, sink->path, ctx);
    XXH3_128bits_update(sink->hash, bytes, n_bytes);
    sink->n_bytes += n_bytes;
    return status;
}

/* Zeros up to the next boundary. */
static snw_status pad(struct sink *sink, struct snw_ctx *ctx)
{
    static const unsigned char zeros[ALIGNMENT];
    return put(sink, zeros, (size_t)(aligned(sink->n_bytes) - sink->n_bytes), ctx);
}

static snw_status write_parts(const struct snw_checkpoint *checkpoint, struct sink *sink,
                              struct snw_ctx *ctx)
{
    struct header header;
    struct entry entries[SNW_SECTIONS_MAX];
    snw_status status;
    lay_out(checkpoint, &header, entries);
    SNW_TRY(put(sink, &header, sizeof header, ctx));
    SNW_TRY(put(sink, entries, checkpoint->n_sections * sizeof *entries, ctx));
    SNW_TRY(pad(sink, ctx));
    for (size_t s = 0; s < checkpoint->n_sections; s++) {
        const struct snw_section *section = &checkpoint->sections[s];
        SNW_TRY(put(sink, section->bytes, (size_t)section->n_bytes, ctx));
        SNW_TRY(pad(sink, ctx));
    }
    XXH128_hash_t sum = XXH3_128bits_digest(sink->hash);
    struct trailer trailer = {sum.low64, sum.high64};
    SNW_TRY(snw_write_all(sink->fd, &trailer, sizeof trailer, sink->path, ctx));
    if (fsync(sink->fd) != 0)
        status = snw_fail_io(ctx, sink->path, "sync", errno);
out:
    return status;
}

snw_status snw_checkpoint_write(const struct snw_checkpoint *checkpoint, const char *path,
                                struct snw_ctx *ctx)
{
    char name[SNW_PATH_MAX], draft[SNW_PATH_MAX];
    struct sink sink = {.fd = -1, .path = draft, .hash = XXH3_createState()};
    snw_status status;
    SNW_TRY(snw_path_join(name, sizeof name, path, ".checkpoint", ctx));
    SNW_TRY(snw_path_join(draft, sizeof draft, path, ".checkpoint.tmp", ctx));
    if (!sink.hash)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the checkpoint"));
    XXH3_128bits_reset(sink.hash);
    sink.fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (sink.fd < 0)
        SNW_TRY(snw_fail_io(ctx, draft, "create", errno));
    SNW_TRY(write_parts(checkpoint, &sink, ctx));
    int failed = close(sink.fd) != 0;
    sink.fd = -1;
    if (failed)
        SNW_TRY(snw_fail_io(ctx, draft, "write", errno));
    SNW_TRY(snw_rename_durably(draft, name, ctx));
out:
    if (sink.fd >= 0) {
        close(sink.fd);
        unlink(draft); /* what it took may be all the room there is */
    }
    XXH3_freeState(sink.hash);
    return status;
}

static snw_status read_all(const char *name, unsigned char **bytes, size_t *n_bytes,
                           struct snw_ctx *ctx)
{
    struct stat info;
    snw_status status = SNW_OK;
    size_t done = 0;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0)
        SNW_TRY(snw_fail_io(ctx, name, "read", errno));
    *n_bytes = (size_t)info.st_size;
    *bytes = snw_alloc(*n_bytes);
    if (!*bytes)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %s (%zu bytes)", name, *n_bytes));
    while (done < *n_bytes) {
        ssize_t n = read(fd, *bytes + done, *n_bytes - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            SNW_TRY(snw_fail_io(ctx, name, "read", errno));
        if (n == 0)
            break;
        done += (size_t)n;
    }
    *n_bytes = done;
out:
    if (fd >= 0)
        close(fd);
    return status;
}

/* Nothing in the file is believed before its checksum is. */
static snw_status verify(const unsigned char *bytes, size_t n_bytes, const char *name,
                         struct snw_ctx *ctx)
{
    struct header header;
    struct trailer trailer;
    if (n_bytes < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0)
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s: not a checkpoint", name);
    if (n_bytes >= sizeof header)
        memcpy(&header, bytes, sizeof header);
    if (n_bytes < sizeof header + sizeof trailer || n_bytes < header.n_bytes)
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s: the checkpoint is cut short (%zu bytes)", name,
                        n_bytes);
    if (header.version != VERSION)
        return snw_fail(ctx, SNW_ERR_FORMAT,
                        "%s: the checkpoint is of version %u, this program reads %d", name,
                        header.version, VERSION);
    memcpy(&trailer, bytes + n_bytes - sizeof trailer, sizeof trailer);
    XXH128_hash_t sum = XXH3_128bits(bytes, n_bytes - sizeof trailer);
    if (n_bytes != header.n_bytes || sum.low64 != trailer.low || sum.high64 != trailer.high ||
        header.n_sections > SNW_SECTIONS_MAX)
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s: the checkpoint is damaged", name);
    return SNW_OK;
}

static void take_apart(struct snw_checkpoint *checkpoint, const unsigned char *bytes)
{
    struct header header;
    memcpy(&header, bytes, sizeof header);
    checkpoint->next_unit = header.next_unit;
    checkpoint->n_commits = header.n_commits;
    checkpoint->n_sections = header.n_sections;
    for (size_t s = 0; s < header.n_sections; s++) {
        struct entry entry;
        memcpy(&entry, bytes + sizeof header + s * sizeof entry, sizeof entry);
        memcpy(checkpoint->sections[s].name, entry.name, SNW_SECTION_NAME);
        checkpoint->sections[s].bytes = bytes + entry.offset;
        checkpoint->sections[s].n_bytes = entry.n_bytes;
    }
}

snw_status snw_checkpoint_read(struct snw_checkpoint *checkpoint, const char *path,
                               struct snw_ctx *ctx)
{
    char name[SNW_PATH_MAX];
    unsigned char *bytes = NULL;
    size_t n_bytes = 0;
    snw_status status;
    *checkpoint = (struct snw_checkpoint){.n_sections = 0};
    SNW_TRY(snw_path_join(name, sizeof name, path, ".checkpoint", ctx));
    SNW_TRY(read_all(name, &bytes, &n_bytes, ctx));
    SNW_TRY(verify(bytes, n_bytes, name, ctx));
    take_apart(checkpoint, bytes);
    checkpoint->memory = bytes;
    bytes = NULL;
out:
    snw_free(bytes);
    if (status != SNW_OK)
        *checkpoint = (struct snw_checkpoint){.n_sections = 0};
    return status;
}

void snw_checkpoint_free(struct snw_checkpoint *checkpoint)
{
    if (!checkpoint)
        return;
    snw_free(checkpoint->memory);
    *checkpoint = (struct snw_checkpoint){.n_sections = 0};
}

bool snw_checkpoint_exists(const char *path)
{
    char name[SNW_PATH_MAX];
    int n = snprintf(name, sizeof name, "%s.checkpoint", path);
    return n > 0 && (size_t)n < sizeof name && access(name, F_OK) == 0;
}

snw_status snw_checkpoint_remove(const char *path, struct snw_ctx *ctx)
{
    static const char *const suffixes[] = {".checkpoint", ".checkpoint.tmp"};
    snw_status status = SNW_OK;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char name[SNW_PATH_MAX];
        SNW_TRY(snw_path_join(name, sizeof name, path, suffixes[i], ctx));
        if (unlink(name) != 0 && errno != ENOENT)
            SNW_TRY(snw_fail_io(ctx, name, "remove", errno));
    }
out:
    return status;
}
