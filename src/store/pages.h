/* Hashes of the pages of a file, kept up to date with what is written. */
#ifndef SNW_STORE_PAGES_H
#define SNW_STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file that grows is hashed as it is written, what lies in the middle of it when it is asked for:
   `open` is the page that the last bytes written did not fill, hashed up to `until`. */
struct snw_pages {
    uint64_t *hash; /* (n,) XXH3 of each page, the last one as far as the file goes */
    bool *stale;    /* (n,) touched since it was hashed */
    size_t n;
    struct XXH3_state_s *open;
    uint64_t until; /* address; 0: there is no open page */
};

/* @return the number of pages of a file of so many bytes. */
size_t snw_pages_count(uint64_t end);

/* Hashes bytes, (n_bytes,), that are written. @return 0 or ENOMEM. */
int snw_pages_write(struct snw_pages *pages, const void *bytes, uint64_t address, uint64_t n_bytes);

/* Notes that bytes were written, to be hashed later. @return 0 or ENOMEM. */
int snw_pages_touch(struct snw_pages *pages, uint64_t address, uint64_t n_bytes);

/* Hashes what was touched of a file of `end` bytes. @return 0 or an errno. */
int snw_pages_update(struct snw_pages *pages, int fd, uint64_t end);

/* Compares the first `end` bytes of a file with their hashes.
   @param[out] bad  where the first page begins that differs; `end` where none does
   @return 0 or an errno. */
int snw_pages_verify(const uint64_t *hash, int fd, uint64_t end, uint64_t *bad);

void snw_pages_free(struct snw_pages *pages);

#endif
