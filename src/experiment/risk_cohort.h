/* The people that the fracture-risk score is fitted to: a cohort of the reference, of its own
   persons, followed from 20 on. */
#ifndef SNW_EXPERIMENT_RISK_COHORT_H
#define SNW_EXPERIMENT_RISK_COHORT_H

#include "experiment/work.h"

enum {
    SNW_RISK_PEOPLE = 20000, /* of each sex, or as many as the reference pass has if fewer */
    SNW_RISK_YEARS = 10,
    SNW_RISK_AGES = 4 /* at which they are measured: 50, 60, 70, 80 */
};

/* Fits world->score where a pathway asks for it; the same on all ranks. The world is built.
   @return SNW_OK, SNW_ERR_MEMORY, SNW_ERR_RUN (no fit). */
snw_status snw_risk_build(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                          struct snw_world *world) SNW_MUST_CHECK;

#endif
