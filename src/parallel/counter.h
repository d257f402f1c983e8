/* Numbers handed out to ranks on demand, so that a fast rank takes more of the work than a slow
   one. */
#ifndef SNW_PARALLEL_COUNTER_H
#define SNW_PARALLEL_COUNTER_H

#include "parallel/ranks.h"

struct snw_counter {
    const struct snw_ranks *ranks;
    struct snw_window *window; /* where there are several ranks */
    double *asked;             /* (size,) how often each rank asked in a round */
    uint64_t taken;            /* numbers of all rounds before this one */
    uint64_t first, end;       /* of this round */
    uint64_t mine;             /* how often this rank asked in this round */
};

/* All ranks take part. Released with snw_counter_close, all ranks together.
   @return SNW_OK, SNW_ERR_MPI, SNW_ERR_MEMORY. */
snw_status snw_counter_open(struct snw_counter *counter, const struct snw_ranks *ranks,
                            struct snw_ctx *ctx) SNW_MUST_CHECK;
void snw_counter_close(struct snw_counter *counter);

/* Begins a round over the numbers first .. first + n - 1; all ranks give the same. */
void snw_counter_begin(struct snw_counter *counter, uint64_t first, uint64_t n);

/* Takes the next number that no rank has; a rank may cease to ask at any time.
   @param[out] more  false where none is left, and then not to be asked again
   @return SNW_OK, SNW_ERR_MPI. */
snw_status snw_counter_next(struct snw_counter *counter, uint64_t *number,
                            bool *more) SNW_MUST_CHECK;

/* Ends the round; all ranks take part and learn the same.
   @param[out] n     numbers taken, the first of them
   @param[out] done  whether every rank has asked until none was left
   @return SNW_OK, SNW_ERR_MPI. */
snw_status snw_counter_end(struct snw_counter *counter, uint64_t *n, bool *done) SNW_MUST_CHECK;

#endif
