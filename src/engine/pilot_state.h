/* The pilot population and its sums; used by pilot.c, pilot_solve.c and pilot_economy.c alone. */
#ifndef SNW_ENGINE_PILOT_STATE_H
#define SNW_ENGINE_PILOT_STATE_H

#include "engine/pilot.h"

enum {
    SNW_SUMS = 16,
    SNW_RASM_BINS = 4096,
    SNW_LOAD_BINS = 4096,
    SNW_AGES_60 = 38,
    SNW_AGES_65 = 33
};

struct snw_pilot_state {
    size_t n_blocks;
    int sex;
    struct snw_block *blocks; /* (n_blocks,) */
    double *weight;           /* (n_blocks, SNW_BLOCK_MAX): chance to be alive at the birthday */
    double *exposure;         /* the same shape: relative hazard of death of the year */
    snw_real *u_residence;    /* the same shape */
    struct snw_luck *luck;
    struct snw_happenings *happenings;
    struct snw_happening *event;     /* of the year, of all blocks; grows, released with free() */
    size_t event_room, *first_event; /* (n_blocks + 1,) */
    struct snw_readout *readout;
    struct snw_model *model;
    /* people at 60 and over by age, rASM, earlier hip fracture, frail: weights; and the same for
       the load ratio of falls at 65 and over */
    double (*rasm)[SNW_RASM_BINS][4];
    double (*load)[SNW_LOAD_BINS];
    double alive[SNW_N_AGES];                                         /* sum of weights */
    double mean_raw[SNW_N_AGES], modelled[SNW_N_LEDGERS][SNW_N_AGES]; /* a person-year */
};

/* c: sum of w (1 - exp(-c h m)) = q sum of w. @param[in] hazard h, @param[in] q. */
double snw_solve_death(const struct snw_pilot_state *state, double hazard, double q);

/* h0 for the share of residents `target` at the next birthday, weights as they are then. */
double snw_solve_home(const struct snw_pilot_state *state, const struct snw_year_coef *coef,
                      double target);

/* k_s and d0 from the people at 60 and over; f0 from the falls at 65 and over. */
double snw_solve_smi(const struct snw_pilot_state *state, const struct snw_pilot_plan *plan);
double snw_solve_disability(const struct snw_pilot_state *state, const struct snw_pilot_plan *plan,
                            double smi_factor);
double snw_solve_load(const struct snw_pilot_state *state, const struct snw_pilot_plan *plan);

/* Keeps what happened to block k, the blocks in order. @return SNW_OK or SNW_ERR_MEMORY. */
snw_status snw_pilot_keep_events(struct snw_pilot_state *state, size_t k) SNW_MUST_CHECK;

/* Mean raw utility and modelled costs per person-year lived, with the hazard of death c H now
   known; their errors into the result. Moves the clocks of costs. After snw_solve_death, before the
   weights and the residence of the next birthday. */
void snw_pilot_expect(struct snw_pilot_state *state, const struct snw_pilot_plan *plan, int age,
                      double hazard, struct snw_pilot_result *result);

/* Utility factor and background of all ages from these means, smoothed where the plan says so. */
void snw_pilot_balance(struct snw_pilot_state *state, const struct snw_pilot_plan *plan,
                       struct snw_pilot_result *result);

#endif
