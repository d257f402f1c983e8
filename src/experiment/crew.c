/* Work shared on demand; sums by the message passing library, records in the order of units. */
#include "experiment/crew.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/memory.h"

snw_status snw_crew_init(struct snw_ctx *ctx, const struct snw_ranks *ranks, struct snw_crew *crew)
{
    snw_status status = SNW_OK;
    size_t size = (size_t)ranks->size;
    *crew = (struct snw_crew){.ranks = ranks};
    crew->parcels = calloc(size, sizeof *crew->parcels);
    if (!crew->parcels)
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the run");
    SNW_TRY(snw_ranks_agree(ranks, status, ctx));
    SNW_TRY(snw_counter_open(&crew->units, ranks, ctx));
out:
    return status;
}

void snw_crew_free(struct snw_crew *crew)
{
    for (int r = 0; crew->parcels && r < crew->ranks->size; r++)
        snw_parcel_free(&crew->parcels[r]);
    free(crew->parcels);
    snw_parcel_free(&crew->mine);
    snw_counter_close(&crew->units);
    *crew = (struct snw_crew){.ranks = NULL};
}

static snw_status sum(const struct snw_ranks *ranks, struct snw_totals *t)
{
    snw_status status = SNW_OK;
    size_t cell = sizeof *t->cells / sizeof(uint64_t);
    snw_totals_settle(t);
    SNW_TRY(snw_ranks_sum_u64(ranks, &t->cells[0].n, SNW_TOTALS_CELLS * cell));
    if (t->histograms)
        SNW_TRY(snw_ranks_sum_u32(ranks, t->histograms, SNW_TOTALS_HISTOGRAMS));
    SNW_TRY(snw_ranks_sum_u32(ranks, t->levels, snw_totals_n_levels(t)));
    SNW_TRY(snw_ranks_sum_u64(ranks, t->causes, SNW_TOTALS_CAUSES));
    SNW_TRY(snw_ranks_sum_u64(ranks, t->costs, SNW_TOTALS_COSTS));
    SNW_TRY(snw_ranks_sum_u64(ranks, &t->screening->n[0][0][0][0], SNW_TOTALS_SCREENING));
    SNW_TRY(snw_ranks_sum_u64(ranks, &t->paired[0].n,
                              SNW_TOTALS_PAIRED * sizeof *t->paired / sizeof(uint64_t)));
    SNW_TRY(snw_ranks_sum_u64(ranks, (uint64_t *)(void *)t->by_year,
                              t->years * SNW_TOTALS_CELLS * cell));
out:
    return status;
}

snw_status snw_crew_sum(const struct snw_crew *crew, const struct snw_world *world,
                        struct snw_totals *totals, struct snw_totals *to)
{
    snw_status status = SNW_OK;
    for (size_t s = 0; s < world->n_scenarios; s++) {
        SNW_TRY(sum(crew->ranks, &totals[s]));
        if (crew->ranks->rank == 0 && !to)
            continue;
        if (crew->ranks->rank == 0)
            snw_totals_add(&to[s], &totals[s]);
        snw_totals_clear(&totals[s]);
    }
out:
    return status;
}

/* Takes the records of all parcels, the lowest unit first. */
static snw_status take_in_order(struct snw_ctx *ctx, struct snw_crew *crew,
                                const struct snw_world *world, struct snw_gathered *gathered)
{
    snw_status status = SNW_OK;
    int size = crew->ranks->size;
    size_t *at = calloc((size_t)size, sizeof *at);
    if (!at)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the ranks' records");
    for (;;) {
        uint64_t unit = UINT64_MAX;
        int from = -1;
        for (int r = 0; r < size; r++) {
            const struct snw_parcel *p = &crew->parcels[r];
            if (at[r] >= p->n)
                continue;
            const struct snw_record *next = (const void *)(p->bytes + at[r]);
            if (from < 0 || next->unit < unit) {
                unit = next->unit;
                from = r;
            }
        }
        if (from < 0)
            break;
        size_t first = at[from];
        const struct snw_parcel *all = &crew->parcels[from];
        const struct snw_record *next = (const void *)(all->bytes + first);
        while (at[from] < all->n && next->unit == unit) {
            const unsigned char *bytes;
            (void)snw_parcel_next(all, &at[from], &bytes);
            next = (const void *)(all->bytes + at[from]);
        }
        const struct snw_parcel one = {.bytes = all->bytes + first, .n = at[from] - first};
        SNW_TRY(snw_gathered_take(ctx, world, gathered, &one));
    }
out:
    free(at);
    return status;
}

snw_status snw_crew_deliver(struct snw_ctx *ctx, struct snw_crew *crew,
                            const struct snw_world *world, struct snw_gathered *gathered)
{
    snw_status status = SNW_OK;
    const struct snw_ranks *ranks = crew->ranks;
    if (ranks->rank != 0) {
        SNW_TRY(snw_ranks_send(ranks, crew->mine.bytes, crew->mine.n));
        goto out;
    }
    for (int r = 1; r < ranks->size; r++) {
        struct snw_parcel *p = &crew->parcels[r];
        void *bytes = p->bytes;
        status = snw_ranks_take(ranks, r, &bytes, &p->n, &p->room, ctx);
        p->bytes = bytes;
        if (status != SNW_OK)
            goto out;
    }
    struct snw_parcel room = crew->parcels[0];
    crew->parcels[0] = crew->mine;
    double from = snw_seconds();
    status = take_in_order(ctx, crew, world, gathered);
    crew->writing += snw_seconds() - from;
    crew->parcels[0] = room;
out:
    crew->mine.n = 0;
    return status;
}

snw_status snw_crew_spread(struct snw_crew *crew, double seconds, struct snw_run_facts *facts)
{
    snw_status status = SNW_OK;
    int size = crew->ranks->size;
    double *each = crew->units.asked, busy = 0; /* between rounds it is free */
    SNW_TRY(snw_ranks_gather(crew->ranks, crew->busy, each));
    for (int r = 0; r < size; r++)
        busy += each[r];
    SNW_TRY(snw_ranks_gather(crew->ranks, snw_memory_peak(), each));
    for (int r = 0; r < size; r++)
        facts->memory_bytes = each[r] > facts->memory_bytes ? each[r] : facts->memory_bytes;
    SNW_TRY(snw_ranks_gather(crew->ranks, crew->n_units, each));
    facts->busy = seconds > 0 ? busy / (seconds * size) : 0;
    facts->least_units = facts->most_units = each[0];
    for (int r = 1; r < size; r++) {
        facts->least_units = each[r] < facts->least_units ? each[r] : facts->least_units;
        facts->most_units = each[r] > facts->most_units ? each[r] : facts->most_units;
    }
out:
    return status;
}

double snw_crew_draws(int ranks, uint64_t draws, double pilot, double people, bool *together)
{
    uint64_t rounds = (draws + (uint64_t)ranks - 1) / (uint64_t)ranks;
    double apart = (double)rounds * (pilot + people);
    double shared = (double)draws * (pilot / (ranks < 2 ? 1 : 2) + people / ranks);
    *together = ranks > 1 && shared < 0.9 * apart; /* without the time to wait for one another */
    return *together ? shared : apart;
}
