/* Pages of 64 KiB: an eighth of a permille of the file is kept as hashes. */
#include "store/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <xxhash.h>
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h> /* the widest vectors of this processor, the same hashes */
#endif

#include "store/io.h"

enum { PAGE = 65536 };

size_t snw_pages_count(uint64_t end)
{
    return (size_t)((end + PAGE - 1) / PAGE);
}

static int grow(struct snw_pages *pages, size_t n)
{
    size_t room = n + n / 2;
    uint64_t *hash = realloc(pages->hash, room * sizeof *hash);
    if (hash)
        pages->hash = hash;
    bool *stale = hash ? realloc(pages->stale, room * sizeof *stale) : NULL;
    if (!stale)
        return ENOMEM;
    pages->stale = stale;
    for (; pages->n < room; pages->n++) {
        pages->hash[pages->n] = 0;
        pages->stale[pages->n] = false;
    }
    return 0;
}

int snw_pages_touch(struct snw_pages *pages, uint64_t address, uint64_t n_bytes)
{
    size_t first = (size_t)(address / PAGE), end = snw_pages_count(address + n_bytes);
    if (n_bytes == 0)
        return 0;
    int error = end > pages->n ? grow(pages, end) : 0;
    for (size_t i = first; !error && i < end; i++)
        pages->stale[i] = true;
    if (pages->until && (pages->until - 1) / PAGE >= first && (pages->until - 1) / PAGE < end)
        pages->until = 0;
    return error;
}

/* Bytes within a page, from one of its bytes on. The page is stale until its hash is known. */
static int write_within(struct snw_pages *pages, const unsigned char *bytes, uint64_t address,
                        size_t n)
{
    size_t page = (size_t)(address / PAGE);
    bool goes_on = pages->until == address && address % PAGE != 0;
    if (!pages->open && !(pages->open = XXH3_createState()))
        return ENOMEM;
    if (!goes_on) {
        int error = snw_pages_touch(pages, address, n);
        if (error || address % PAGE != 0)
            return error;
        XXH3_64bits_reset_withSeed(pages->open, page);
    }
    XXH3_64bits_update(pages->open, bytes, n);
    pages->until = address + n;
    pages->stale[page] = pages->until % PAGE != 0;
    if (!pages->stale[page])
        pages->hash[page] = XXH3_64bits_digest(pages->open);
    return 0;
}

int snw_pages_write(struct snw_pages *pages, const void *bytes, uint64_t address, uint64_t n_bytes)
{
    const unsigned char *at = bytes;
    int error = 0;
    while (n_bytes > 0 && !error) {
        uint64_t room = PAGE - address % PAGE, n = n_bytes < room ? n_bytes : room;
        if (n == PAGE) {
            error = snw_pages_touch(pages, address, n);
            if (!error) {
                pages->hash[address / PAGE] = XXH3_64bits_withSeed(at, PAGE, address / PAGE);
                pages->stale[address / PAGE] = false;
            }
        } else {
            error = write_within(pages, at, address, (size_t)n);
        }
        at += n;
        address += n;
        n_bytes -= n;
    }
    return error;
}

/* What there is not of the page counts as zeros of no length: a file cut short differs. */
static int hash_page(int fd, size_t page, uint64_t end, uint64_t *hash)
{
    unsigned char bytes[PAGE];
    uint64_t at = (uint64_t)page * PAGE;
    size_t n = end - at < PAGE ? (size_t)(end - at) : PAGE, done;
    int error = snw_read_at(fd, bytes, n, at, &done);
    *hash = XXH3_64bits_withSeed(bytes, done, page);
    return error;
}

int snw_pages_update(struct snw_pages *pages, int fd, uint64_t end)
{
    size_t n = snw_pages_count(end);
    int error = 0;
    for (size_t i = 0; i < n && !error; i++)
        if (pages->stale[i]) {
            error = hash_page(fd, i, end, &pages->hash[i]);
            pages->stale[i] = false;
        }
    return error;
}

int snw_pages_verify(const uint64_t *hash, int fd, uint64_t end, uint64_t *bad)
{
    size_t n = snw_pages_count(end);
    *bad = end;
    for (size_t i = 0; i < n; i++) {
        uint64_t found;
        int error = hash_page(fd, i, end, &found);
        if (error)
            return error;
        if (found != hash[i]) {
            *bad = (uint64_t)i * PAGE;
            return 0;
        }
    }
    return 0;
}

void snw_pages_free(struct snw_pages *pages)
{
    free(pages->hash);
    free(pages->stale);
    XXH3_freeState(pages->open);
    *pages = (struct snw_pages){.n = 0};
}
