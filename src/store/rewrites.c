/* Layout of a journal: header with a checksum of all behind it, then each rewrite and its bytes. */
#define _POSIX_C_SOURCE 200809L
#include "store/rewrites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "store/io.h"

struct rewrite {
    uint64_t address, n_bytes;
};

struct header {
    char magic[8];
    uint64_t n_bytes;  /* of the rewrites behind */
    uint64_t file_end; /* length that the file had */
    struct snw_journal_sum sum;
};

static const char magic[8] = {'S', 'N', 'W', 'J', 'R', 'N', 'L', '\n'};

int snw_rewrites_add(struct snw_rewrites *r, const void *bytes, size_t n_bytes, uint64_t address)
{
    struct rewrite rewrite = {address, n_bytes};
    size_t used = r->n ? r->n : sizeof(struct header), needed = used + sizeof rewrite + n_bytes;
    if (needed > r->capacity) {
        size_t capacity = needed + needed / 2 + 65536;
        unsigned char *more = realloc(r->bytes, capacity);
        if (!more)
            return ENOMEM;
        r->bytes = more;
        r->capacity = capacity;
    }
    memcpy(r->bytes + used, &rewrite, sizeof rewrite);
    memcpy(r->bytes + used + sizeof rewrite, bytes, n_bytes);
    r->n = needed;
    return 0;
}

/* Takes the next rewrite at *at. @return its bytes, NULL behind the last one. */
static const unsigned char *next_rewrite(const struct snw_rewrites *r, size_t *at,
                                         struct rewrite *rewrite)
{
    if (r->n < *at || r->n - *at < sizeof *rewrite)
        return NULL;
    memcpy(rewrite, r->bytes + *at, sizeof *rewrite);
    if (rewrite->n_bytes > r->n - *at - sizeof *rewrite)
        return NULL;
    const unsigned char *values = r->bytes + *at + sizeof *rewrite;
    *at += sizeof *rewrite + rewrite->n_bytes;
    return values;
}

void snw_rewrites_overlay(const struct snw_rewrites *r, unsigned char *bytes, size_t n_bytes,
                          uint64_t address)
{
    struct rewrite rewrite;
    const unsigned char *values;
    for (size_t at = sizeof(struct header); (values = next_rewrite(r, &at, &rewrite)) != NULL;) {
        uint64_t from = rewrite.address > address ? rewrite.address : address;
        uint64_t until = rewrite.address + rewrite.n_bytes;
        if (until > address + n_bytes)
            until = address + n_bytes;
        if (from < until)
            memcpy(bytes + (from - address), values + (from - rewrite.address), until - from);
    }
}

static struct snw_journal_sum sum_of(const unsigned char *bytes, size_t n, uint64_t file_end)
{
    XXH128_hash_t sum = XXH3_128bits_withSeed(bytes, n, file_end);
    return (struct snw_journal_sum){sum.low64, sum.high64};
}

int snw_rewrites_write(struct snw_rewrites *r, int journal_fd, uint64_t file_end,
                       struct snw_journal_sum *sum)
{
    struct header header = {.n_bytes = r->n - sizeof header, .file_end = file_end};
    if (r->n == 0)
        return 0;
    memcpy(header.magic, magic, sizeof magic);
    header.sum = sum_of(r->bytes + sizeof header, header.n_bytes, file_end);
    memcpy(r->bytes, &header, sizeof header);
    int error = snw_write_at(journal_fd, r->bytes, r->n, 0);
    if (!error && fsync(journal_fd) != 0)
        error = errno;
    *sum = header.sum;
    return error;
}

int snw_rewrites_carry_out(const struct snw_rewrites *r, int fd, struct snw_pages *pages)
{
    struct rewrite rewrite;
    const unsigned char *values;
    int error = 0;
    for (size_t at = sizeof(struct header);
         !error && (values = next_rewrite(r, &at, &rewrite)) != NULL;) {
        if (pages)
            error = snw_pages_touch(pages, rewrite.address, rewrite.n_bytes);
        if (!error)
            error = snw_write_at(fd, values, rewrite.n_bytes, rewrite.address);
    }
    return error;
}

static int is_whole(const struct snw_rewrites *journal, struct header *header)
{
    if (journal->n < sizeof *header)
        return 0;
    memcpy(header, journal->bytes, sizeof *header);
    if (memcmp(header->magic, magic, sizeof magic) != 0 ||
        header->n_bytes > journal->n - sizeof *header)
        return 0;
    struct snw_journal_sum sum =
        sum_of(journal->bytes + sizeof *header, header->n_bytes, header->file_end);
    return memcmp(&sum, &header->sum, sizeof sum) == 0;
}

int snw_rewrites_replay(int journal_fd, int fd, struct snw_journal_sum *sum)
{
    struct stat info, file;
    struct header header;
    *sum = (struct snw_journal_sum){0, 0};
    if (fstat(journal_fd, &info) != 0 || fstat(fd, &file) != 0)
        return errno;
    if (info.st_size == 0)
        return 0;
    struct snw_rewrites journal = {.bytes = malloc((size_t)info.st_size)};
    if (!journal.bytes)
        return ENOMEM;
    int error = snw_read_at(journal_fd, journal.bytes, (size_t)info.st_size, 0, &journal.n);
    if (!error && is_whole(&journal, &header)) {
        journal.n = sizeof header + header.n_bytes;
        *sum = header.sum;
        if ((uint64_t)file.st_size < header.file_end && ftruncate(fd, (off_t)header.file_end) != 0)
            error = errno;
        if (!error)
            error = snw_rewrites_carry_out(&journal, fd, NULL);
        if (!error && fsync(fd) != 0)
            error = errno;
    }
    free(journal.bytes);
    return error;
}

void snw_rewrites_free(struct snw_rewrites *r)
{
    free(r->bytes);
    *r = (struct snw_rewrites){.n = 0};
}
