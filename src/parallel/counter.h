/* Numbers handed out to ranks on demand, so that a fast rank takes more of the work than a slow
   one. */
#ifndef SNW_PARALLEL_COUNTER_H
#define SNW_PARALLEL_COUNTER_H

#include "parallel/ranks.h"

struct snw_counter {
    const struct snw_ranks *ranks;
    struct snw_window *window; /* where there are several ranks */
    uint64_t taken;            /* numbers of all rounds before this one */
    uint64_t first, end;       /* of this round */
    uint64_t next;             /* of a rank alone */
};

/* All ranks take part. Released with snw_counter_close, all ranks together.
   @return SNW_OK, SNW_ERR_MPI, SNW_ERR_MEMORY. */
snw_status snw_counter_open(struct snw_counter *counter, const struct snw_ranks *ranks,
                            struct snw_ctx *ctx) SNW_MUST_CHECK;
void snw_counter_close(struct snw_counter *counter);

/* Begins a round over the numbers first .. first + n - 1; all ranks give the same. Each rank must
   have asked until the last round gave no more. */
void snw_counter_begin(struct snw_counter *counter, uint64_t first, uint64_t n);

/* Takes the next number that no rank has. @param[out] more  false where none is left.
   @return SNW_OK, SNW_ERR_MPI. */
snw_status snw_counter_next(struct snw_counter *counter, uint64_t *number,
                            bool *more) SNW_MUST_CHECK;

/* Asks until none is left: the numbers are lost. */
snw_status snw_counter_drain(struct snw_counter *counter) SNW_MUST_CHECK;

#endif
