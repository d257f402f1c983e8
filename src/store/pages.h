/* Hashes of the pages of a file, kept up to date with what is written. */
#ifndef SNW_STORE_PAGES_H
#define SNW_STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snw_pages {
    uint64_t *hash; /* (n,) XXH3 of each page, the last one as far as the file goes */
    bool *stale;    /* (n,) touched since it was hashed */
    size_t n;
};

/* @return the number of pages of a file of so many bytes. */
size_t snw_pages_count(uint64_t end);

/* Notes that bytes are written. @return 0 or ENOMEM. */
int snw_pages_touch(struct snw_pages *pages, uint64_t address, uint64_t n_bytes);

/* Hashes what was touched of a file of `end` bytes. @return 0 or an errno. */
int snw_pages_update(struct snw_pages *pages, int fd, uint64_t end);

/* Compares the first `end` bytes of a file with their hashes.
   @param[out] bad  where the first page begins that differs; `end` where none does
   @return 0 or an errno. */
int snw_pages_verify(const uint64_t *hash, int fd, uint64_t end, uint64_t *bad);

void snw_pages_free(struct snw_pages *pages);

#endif
