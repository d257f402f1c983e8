/* The reference pass: what is relative to a population, taken from a pilot population and frozen.
 */
#ifndef SNW_ENGINE_PILOT_H
#define SNW_ENGINE_PILOT_H

#include "core/context.h"
#include "economics/economics.h"
#include "processes/schedule.h"
#include "recorders/measures.h"

struct snw_pilot_plan {
    const struct snw_params *params;
    const struct snw_life_table *life;
    const double (*census)[SNW_N_AGES]; /* [sex][age - 20] people in 2000: weights at 60 and over */
    const struct snw_economy *economy;  /* built, nothing of a reference in it yet */
    uint32_t persons;                   /* per sex */
    int smoothing;                      /* 1: local quadratic over seven ages */
    int second_pass;                    /* 1: again, with fracture rates scaled to what was met */
    const double (*scale)[SNW_N_AGES];  /* of fracture rates by group, NULL for none; set within */
    struct snw_key key;
};

/* Plain data. `error` and `economy_error` hold the Monte Carlo standard errors of what `frozen` and
   `economy` hold: absolute for means, SDs and money, of the logarithm for all else. */
struct snw_pilot_result {
    struct snw_reference frozen, error;
    struct snw_economy_reference economy, economy_error;
    struct snw_bins bins[SNW_N_SEXES][SNW_N_AGES][SNW_N_MEASURES];
};

/* Runs the pilot of one sex and fills its half of the result. Person ids have bit 31 set. Nobody
   dies: each person carries the chance to be alive as weight. Model: part C.
   @return SNW_OK, SNW_ERR_MEMORY, or SNW_ERR_MODEL where a value is not a number. */
snw_status snw_pilot(struct snw_ctx *ctx, const struct snw_kernels *kernels,
                     const struct snw_recorder_kernels *recorders,
                     const struct snw_pilot_plan *plan, int sex,
                     struct snw_pilot_result *result) SNW_MUST_CHECK;

/* ln y smoothed by a local quadratic over seven points, never across `split` (0 for none); windows
   are held inside the points. Non-positive values are left alone and end a stretch. y (n,). */
void snw_smooth_ln(double *y, size_t n, size_t split);

#endif
