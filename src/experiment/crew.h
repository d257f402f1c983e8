/* What the ranks of a run do together: take units on demand, bring sums and records to rank 0. */
#ifndef SNW_EXPERIMENT_CREW_H
#define SNW_EXPERIMENT_CREW_H

#include "experiment/gathered.h"
#include "parallel/counter.h"

struct snw_crew {
    const struct snw_ranks *ranks;
    struct snw_counter units;   /* of this round */
    double n_units, busy;       /* of this rank: units done, and seconds of work on them */
    struct snw_parcel mine;     /* records of this rank */
    struct snw_parcel *parcels; /* (size,) of all ranks, on rank 0 */
    double writing;             /* seconds of rank 0 in what was delivered */
};

/* All ranks take part in all of these. Released with snw_crew_free, also after a failure. */
snw_status snw_crew_init(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                         struct snw_crew *crew) SNW_MUST_CHECK;
void snw_crew_free(struct snw_crew *crew);

/* Totals, (n_scenarios,), of all ranks added to rank 0's `to`; NULL adds them to rank 0's own. The
   others' are emptied, and rank 0's own where there is a `to`. */
snw_status snw_crew_sum(const struct snw_crew *crew, const struct snw_world *world,
                        struct snw_totals *totals, struct snw_totals *to) SNW_MUST_CHECK;

/* Every rank's records to `gathered` of rank 0, in the order of their units. A failure to write is
   returned when all have been taken: nobody is left waiting. */
snw_status snw_crew_deliver(struct snw_ctx *ctx, struct snw_crew *crew,
                            const struct snw_world *world,
                            struct snw_gathered *gathered) SNW_MUST_CHECK;

/* How the work was spread, to facts: all ranks take part and get it. @param[in] seconds  since the
   first unit */
snw_status snw_crew_spread(struct snw_crew *crew, double seconds,
                           struct snw_run_facts *facts) SNW_MUST_CHECK;

/* How long the draws take, the shorter way: each rank on its own, or, where there are too few draws
   to keep all busy, all ranks on one draw at a time. The reference pass of a draw keeps two ranks
   busy at most. @param[in] pilot, people  the reference pass and the people of a draw on one rank,
   in seconds or person-years, as is the result. @param[out] together  whether on one draw at a time
 */
double snw_crew_draws(int ranks, uint64_t draws, double pilot, double people, bool *together);

#endif
