/* A target's value in simulated people, and its Monte Carlo error: pure functions of what is in
   memory. */
#ifndef SNW_CALIBRATION_EVALUATE_H
#define SNW_CALIBRATION_EVALUATE_H

#include "calibration/targets.h"

enum { SNW_CENSUS_MAX = 8, SNW_REASON_MAX = 160 };

/* People of a country by sex and age, for weighting = census. */
struct snw_census {
    size_t n;
    int year[SNW_CENSUS_MAX];
    double count[SNW_CENSUS_MAX][SNW_N_SEXES][SNW_N_AGES];
};

struct snw_estimate {
    double value;                /* NaN where it cannot be taken, with the reason */
    double error;                /* Monte Carlo standard error; NaN where unknown */
    bool exact;                  /* from the cells of the whole population, not from the people */
    char reason[SNW_REASON_MAX]; /* empty where there is a value */
};

/* Memory that evaluations share; zero to begin with, released with snw_room_free. */
struct snw_room {
    void *bytes;
    size_t size;
};

void snw_room_free(struct snw_room *room);

/* Takes a target's value. Where the exact cells suffice the value is theirs; the error is that of
   the people, scaled by the root of the numbers, or without people that of cells that move together
   (an upper bound). Otherwise both come from the people, the error by a jackknife that leaves out
   one of SNW_PANEL_GROUPS groups of persons at a time: years of one person are never taken for
   independent.
   @return SNW_OK, also where the value cannot be taken; SNW_ERR_MEMORY. */
snw_status snw_target_evaluate(struct snw_ctx *ctx, const struct snw_panel *panel,
                               const struct snw_census *census, const struct snw_target *target,
                               struct snw_room *room, struct snw_estimate *out) SNW_MUST_CHECK;

#endif
