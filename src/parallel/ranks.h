/* The ranks of a run: started only under a launcher, agreeing on every failure. MPI stays in here.
 */
#ifndef SNW_PARALLEL_RANKS_H
#define SNW_PARALLEL_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/context.h"

struct snw_ranks {
    int rank, size;
    bool started; /* MPI was initialised and is to be finalised */
};

/* Without a launcher: one rank, MPI is not touched. Under one: initialises it and compares its size
   with the launcher's.
   @return SNW_OK, SNW_ERR_MPI, or SNW_ERR_ENVIRONMENT where the launcher is another MPI's. */
snw_status snw_ranks_start(struct snw_ranks *ranks, struct snw_ctx *ctx) SNW_MUST_CHECK;
void snw_ranks_stop(struct snw_ranks *ranks);

/* Ends all ranks at once, for a failure that can't wait; does not return under a launcher. */
void snw_ranks_abort(const struct snw_ranks *ranks, int exit_code);

/* All ranks take part. @return the worst status of any of them; where another rank's is taken over
   its first message is reported in ctx. */
snw_status snw_ranks_agree(const struct snw_ranks *ranks, snw_status status,
                           struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Sums of n integers over ranks, to rank 0, in place. Values of the others are left as they are. */
snw_status snw_ranks_sum_u64(const struct snw_ranks *ranks, uint64_t *values, size_t n);
snw_status snw_ranks_sum_u32(const struct snw_ranks *ranks, uint32_t *values, size_t n);

/* Every rank's value to all: all (size,). */
snw_status snw_ranks_gather(const struct snw_ranks *ranks, double value, double *all);

/* Bytes of rank `from` to all, in place. */
snw_status snw_ranks_share(const struct snw_ranks *ranks, void *bytes, size_t n, int from);

/* Rank 0 takes the bytes of rank `from`: *bytes is grown with realloc to *room as needed. */
snw_status snw_ranks_send(const struct snw_ranks *ranks, const void *bytes, size_t n);
snw_status snw_ranks_take(const struct snw_ranks *ranks, int from, void **bytes, size_t *n,
                          size_t *room, struct snw_ctx *ctx);

/* @return how many of the ranks run on this machine, all of them where the launcher does not say.
 */
int snw_ranks_here(const struct snw_ranks *ranks);

/* @return the MPI library's name and version, static storage. */
const char *snw_ranks_library(void);

/* @return the size that a launcher's environment gives, 0 without a launcher. */
int snw_launcher_size(void);

#endif
