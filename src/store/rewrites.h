/* Rewrites of a file that wait for its next commit, and the journal that they go through. */
#ifndef SNW_STORE_REWRITES_H
#define SNW_STORE_REWRITES_H

#include <stddef.h>
#include <stdint.h>

#include "store/pages.h"

/* Room for the journal's header, then the rewrites in the order asked for. */
struct snw_rewrites {
    unsigned char *bytes;
    size_t n, capacity; /* n: 0 or header and rewrites */
};

/* What a whole journal is known by; zeros: none. */
struct snw_journal_sum {
    uint64_t low, high;
};

/* Functions returning int give 0 or an errno. */

int snw_rewrites_add(struct snw_rewrites *rewrites, const void *bytes, size_t n_bytes,
                     uint64_t address);

/* Lays the rewrites over bytes that were read at an address. */
void snw_rewrites_overlay(const struct snw_rewrites *rewrites, unsigned char *bytes, size_t n_bytes,
                          uint64_t address);

/* Writes the journal and waits until it is on disk; without rewrites the old one stays.
   @param[in] file_end  length that the file has */
int snw_rewrites_write(struct snw_rewrites *rewrites, int journal_fd, uint64_t file_end,
                       struct snw_journal_sum *sum);

/* Puts the rewrites to their places. */
int snw_rewrites_carry_out(const struct snw_rewrites *rewrites, int fd, struct snw_pages *pages);

/* Carries out a whole journal and gives its sum. A broken one was cut off before any of its
   rewrites had begun. */
int snw_rewrites_replay(int journal_fd, int fd, struct snw_journal_sum *sum);

void snw_rewrites_free(struct snw_rewrites *rewrites);

#endif
