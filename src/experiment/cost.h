/* What a run would cost in work, disk and memory, and whether this machine can pay. */
#ifndef SNW_EXPERIMENT_COST_H
#define SNW_EXPERIMENT_COST_H

#include "experiment/work.h"
#include "parallel/ranks.h"

/* Groups of the result file. */
enum snw_cost_group {
    SNW_COST_SUMMARY,
    SNW_COST_PAIRED,
    SNW_COST_ECONOMICS,
    SNW_COST_BY_YEAR,
    SNW_COST_TRAJECTORIES,
    SNW_COST_EVENTS,
    SNW_COST_STUDY,
    SNW_COST_SWEEP,
    SNW_COST_REST,
    SNW_COST_GROUPS
};

/* Estimates; bytes are packed ones. */
struct snw_cost {
    double lives;              /* people met, all replicates */
    double person_years;       /* years opened by living people, all scenarios */
    double pilot_person_years; /* of the reference pass */
    double draw_person_years, draw_pilot_person_years; /* the same of each draw, or of each
                                                           point of a sweep */
    struct {
        const char *name;
        double bytes;
    } group[SNW_COST_GROUPS];
    double result_bytes; /* their sum */
    double aside_bytes;  /* of the draws' rows, until the result is whole */
    double disk_bytes;   /* at most at one time, with what a resumed run needs */
    double memory_bytes; /* of rank 0, which needs most */
};

/* @param[in] world  as snw_world_plan leaves it */
void snw_cost_estimate(const struct snw_world *world, int ranks, struct snw_cost *cost);

/* Refuses a run for which the disk of the result `path`, or the memory of this machine, would not
   do, unless settings->resources says otherwise. What an interrupted run has left there counts as
   disk.
   @param[in] path   within a folder
   @param[in] parts  how many the run is cut into, of which one is made; 0 for the whole
   @return SNW_OK, SNW_ERR_IO (disk), SNW_ERR_MEMORY: what is needed, what is there, what helps. */
snw_status snw_cost_refuse(struct snw_ctx *ctx, const struct snw_world *world,
                           const struct snw_ranks *ranks, const char *path,
                           uint32_t parts) SNW_MUST_CHECK;

/* Measures how long the run would take on so many ranks of this machine, by a small reference pass
   and one unit, and of a draw by its pass and one unit. The world that it makes for that refuses
   and warns of what is idle, as the run's will (idle.h). @param[out] seconds  without the time to
   write
 */
snw_status snw_cost_seconds(struct snw_ctx *ctx, const struct snw_settings *settings, int ranks,
                            double *seconds) SNW_MUST_CHECK;

#endif
