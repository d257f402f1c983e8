/* A made-up country in which the program's kernels and the oracle live the same lives: life table,
   census, and the reference pass of the program, handed to both. Built for float and for double. */
#ifndef SNW_TESTS_ORACLE_AGREE_WORLD_H
#define SNW_TESTS_ORACLE_AGREE_WORLD_H

#include "engine/life.h"
#include "oracle/oracle.h"

enum { AGREE_CALENDAR_YEAR = 2017 };

struct agree_world {
    struct snw_params params;
    struct snw_life_table life;
    double census[SNW_N_SEXES][SNW_N_AGES];
    const struct snw_kernels *kernels;
    const struct snw_recorder_kernels *recorders;
    const struct snw_economy_kernels *accounting;
    struct snw_pilot_result *pilot;         /* of the program, both sexes */
    struct snw_model *model;                /* frozen with it */
    struct snw_economy *economy;            /* frozen too; event ledger, prices of 2019 */
    struct snw_oracle_reference *reference; /* the same numbers for the oracle */
};

/* Fills params, life table, census and kernels; the reference pass is still to be made. */
void agree_world_plan(struct agree_world *world, const struct snw_params *params);

/* The program's reference pass of `persons` a sex, without the deed of strength.shift_sd, and what
   follows from it. Released with agree_world_free.
   @return SNW_OK, SNW_ERR_MEMORY or SNW_ERR_MODEL. */
snw_status agree_world_build(struct agree_world *world, struct snw_ctx *ctx, uint32_t persons,
                             int smoothing, struct snw_key key) SNW_MUST_CHECK;
void agree_world_free(struct agree_world *world);

/* The oracle's view of a frozen reference; prices are left alone. */
void agree_reference(const struct snw_pilot_result *pilot, const struct snw_life_table *life,
                     struct snw_oracle_reference *reference);

/* A measure of the program as the oracle has it, in the measure's unit: the state of a birthday,
   what happened in the year. NaN where it does not apply. Residence changes at the year's end, so
   nursing_home_entry needs the next year; NaN. */
double agree_measure(enum snw_measure measure, const struct snw_oracle_year *year);

/* Parameters in which every element has moved by up to `share` of its value or, from 0, of its
   bounds, each by its own amount; switches stay as they are. */
void agree_move_parameters(struct snw_params *params, double share, uint32_t seed);

#endif
