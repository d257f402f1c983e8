/* Many evaluations, spread over ranks, each one parameter vector. */
#ifndef SNW_CALIBRATION_WAVE_H
#define SNW_CALIBRATION_WAVE_H

#include "calibration/record.h"
#include "calibration/simulate.h"
#include "calibration/space.h"

/* What all evaluations of a stage share; the record is rank 0's alone. */
struct snw_wave {
    const struct snw_ranks *ranks;
    const struct snw_space *space;
    struct snw_simulator *simulator;
    const struct snw_target *const *targets; /* (n_targets,) */
    size_t n_targets, n_scores;
    uint32_t luck; /* of evaluation 0; each has its own */
    const char *name;
    bool quiet;
    double until;         /* stop, safely, at this second of core/clock.h; 0 for none */
    double *person_years; /* simulated by all ranks, rank 0's: added to */
};

/* Makes evaluations first .. first + n - 1 that the record does not have. All ranks call it.
   @param[in] score  (n, n_scores) rank 0's
   @return SNW_OK; SNW_STOPPED after a signal or at the time limit, all that was made being safe;
   SNW_ERR_EXISTS where the record has other scores under these numbers; or what failed. */
snw_status snw_wave_run(struct snw_ctx *ctx, const struct snw_wave *wave,
                        struct snw_evaluations *record, size_t first, size_t n,
                        const double *score) SNW_MUST_CHECK;

#endif
