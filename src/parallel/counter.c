/* A number on rank 0 that every rank reads and raises in one step, without rank 0's help. */
#include "parallel/counter.h"

#include <mpi.h>
#include <stdlib.h>

struct snw_window {
    MPI_Win window;
    uint64_t *number; /* of rank 0 */
};

snw_status snw_counter_open(struct snw_counter *counter, const struct snw_ranks *ranks,
                            struct snw_ctx *ctx)
{
    *counter =
        (struct snw_counter){.ranks = ranks, .asked = calloc((size_t)ranks->size, sizeof(double))};
    if (!counter->asked)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory to share work");
    if (ranks->size == 1)
        return SNW_OK;
    MPI_Aint bytes = ranks->rank == 0 ? sizeof(uint64_t) : 0;
    struct snw_window *w = calloc(1, sizeof *w);
    if (!w)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory to share work");
    if (MPI_Win_allocate(bytes, sizeof(uint64_t), MPI_INFO_NULL, MPI_COMM_WORLD, &w->number,
                         &w->window) != MPI_SUCCESS) {
        free(w);
        return snw_fail(ctx, SNW_ERR_MPI, "the ranks could not share work");
    }
    MPI_Win_set_errhandler(w->window, MPI_ERRORS_RETURN);
    counter->window = w;
    MPI_Win_lock_all(MPI_MODE_NOCHECK, w->window);
    if (ranks->rank == 0)
        *w->number = 0;
    MPI_Win_sync(w->window);
    if (MPI_Barrier(MPI_COMM_WORLD) != MPI_SUCCESS)
        return snw_fail(ctx, SNW_ERR_MPI, "the ranks could not share work");
    return SNW_OK;
}

void snw_counter_close(struct snw_counter *counter)
{
    if (counter->window) {
        MPI_Win_unlock_all(counter->window->window);
        MPI_Win_free(&counter->window->window);
        free(counter->window);
    }
    free(counter->asked);
    *counter = (struct snw_counter){.ranks = NULL};
}

void snw_counter_begin(struct snw_counter *counter, uint64_t first, uint64_t n)
{
    counter->first = first;
    counter->end = first + n;
    counter->mine = 0;
}

snw_status snw_counter_next(struct snw_counter *counter, uint64_t *number, bool *more)
{
    static const uint64_t one = 1;
    uint64_t got = counter->taken + counter->mine++;
    if (counter->window) {
        MPI_Win window = counter->window->window;
        if (MPI_Fetch_and_op(&one, &got, MPI_UINT64_T, 0, 0, MPI_SUM, window) != MPI_SUCCESS ||
            MPI_Win_flush(0, window) != MPI_SUCCESS)
            return SNW_ERR_MPI;
    }
    *number = counter->first + (got - counter->taken);
    *more = *number < counter->end;
    return SNW_OK;
}

snw_status snw_counter_end(struct snw_counter *counter, uint64_t *n, bool *done)
{
    uint64_t all = 0, most = counter->end - counter->first;
    int size = counter->ranks->size;
    if (snw_ranks_gather(counter->ranks, (double)counter->mine, counter->asked) != SNW_OK)
        return SNW_ERR_MPI;
    for (int r = 0; r < size; r++)
        all += (uint64_t)counter->asked[r];
    counter->taken += all;
    *n = all < most ? all : most;
    *done = all == most + (uint64_t)size; /* each was told once, by a number of its own */
    return SNW_OK;
}
