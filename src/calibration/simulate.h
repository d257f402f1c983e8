/* The model's values of targets at given parameters: people simulated in memory, no files.

   An evaluation is a world of its own, as a draw is (experiment/draw.h): parameters, reference
   pass, people, luck. Its values depend on the settings, the parameters and the number of its luck
   alone. */
#ifndef SNW_CALIBRATION_SIMULATE_H
#define SNW_CALIBRATION_SIMULATE_H

#include "calibration/evaluate.h"
#include "experiment/run.h"

/* A rank's room for one evaluation at a time; must stay where it is. */
struct snw_simulator {
    struct snw_settings settings; /* borrowed, but for the numbers of people */
    struct snw_world world;
    struct snw_worker worker;
    struct snw_panel panel;
    struct snw_census census;
    struct snw_room room;
    bool needed[SNW_N_MEASURES];
    size_t n_events, event_room; /* of the panel */
};

/* @param[in] settings   a birth cohort with one scenario; outlives the simulator
   @param[in] persons    simulated in an evaluation
   @param[in] reference  of each sex in its reference pass
   @param[in] targets    (n,) those that will be asked for
   Released with snw_simulator_free, also after a failure.
   @return SNW_OK, SNW_ERR_CONFIG, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_simulator_init(struct snw_ctx *ctx, const struct snw_settings *settings,
                              int64_t persons, int64_t reference,
                              const struct snw_target *const *targets, size_t n,
                              struct snw_simulator *simulator) SNW_MUST_CHECK;
void snw_simulator_free(struct snw_simulator *simulator);

/* Simulates and takes the values of targets (n,).
   @param[out] values, errors  (n,) values and their Monte Carlo errors, NaN where there is none
   @return SNW_OK, or the failure of the world, of its people or of memory. */
snw_status snw_simulate(struct snw_ctx *ctx, struct snw_simulator *simulator,
                        const struct snw_params *params, uint32_t luck,
                        const struct snw_target *const *targets, size_t n, double *values,
                        double *errors) SNW_MUST_CHECK;

/* Person-years simulated since the simulator began, those of reference passes included. */
double snw_simulator_years(const struct snw_simulator *simulator);

#endif
