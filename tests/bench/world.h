/* The model ready to run, for benchmarks: default parameters, and a reference from a small pilot.
 */
#ifndef SNW_TESTS_BENCH_WORLD_H
#define SNW_TESTS_BENCH_WORLD_H

#include "engine/pilot.h"

enum { SNW_BENCH_PILOT = 5000, SNW_BENCH_YEAR = 2017, SNW_BENCH_CENSUS = 2000 };

struct snw_world {
    struct snw_params params;
    struct snw_life_table life;
    double census[SNW_N_SEXES][SNW_N_AGES];
    struct snw_pilot_result pilot;
    struct snw_model model;     /* frozen; points at itself: not to be copied */
    struct snw_economy economy; /* frozen */
    struct snw_key key;
};

/* Makes the world from the tables in configs/tables of the current folder.
   @param[in] pilot persons of each sex in the reference pass; SNW_BENCH_PILOT unless that is in the
   way
   @return SNW_OK, or what reading, memory or the pilot failed with (told in ctx). */
snw_status snw_world_make(struct snw_ctx *ctx, struct snw_world *world,
                          uint32_t pilot) SNW_MUST_CHECK;

/* Sets the identity of n people of one sex, of whom nothing is kept: ids from those of number
   `first` of that sex on. */
void snw_bench_people(struct snw_block *block, uint32_t first, uint32_t n, enum snw_sex sex);

/* @return user CPU seconds of this process so far: other people's load does not count. */
double snw_cpu_s(void);

#endif
