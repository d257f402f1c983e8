/* What a study's instruments read of a person on the day of the visit: the truth, with error. */
#ifndef SNW_ENGINE_INSTRUMENTS_H
#define SNW_ENGINE_INSTRUMENTS_H

#include "core/context.h"
#include "random/philox.h"
#include "recorders/measures.h"

/* States and codes are read; `alive`, the last code, says nothing of those who come to the visit.
 */
enum { SNW_N_READ = SNW_M_alive };

/* One visit, on the birthday `age`: readings as measures.def packs them. */
struct snw_visit {
    uint32_t person, replicate; /* as in the block */
    int32_t age;
    uint16_t q[SNW_N_READ];
};

/* The visits of one unit, and room to measure a block. Measuring works on a copy: what is read has
   no part in what happens to the person. */
struct snw_visits {
    const struct snw_params *params; /* of the instruments */
    const struct snw_recorder_kernels *recorders;
    struct snw_key key;
    size_t n, room;
    struct snw_visit *row; /* (room,) */
    struct snw_block seen;
    struct snw_readout readout;
};

/* Room for the visits of a unit; params and recorders outlive it. Released with snw_visits_free.
   @return SNW_OK or SNW_ERR_MEMORY. */
snw_status snw_visits_new(struct snw_visits **visits, size_t room, const struct snw_params *params,
                          const struct snw_recorder_kernels *recorders,
                          struct snw_key key) SNW_MUST_CHECK;
void snw_visits_free(struct snw_visits **visits);

/* Measures those of lanes 0 .. n-1 who are met in this year, after the SCORE phase, and appends
   their visits. All that an instrument reads carries the log error of that instrument (parameters
   measurement.*); what is derived, T-scores and codes among it, follows from what was read.
   Activity, frailty, disability, residence, treatment and menopause are taken as they are. Model:
   A2, measurement error.
   @return SNW_OK, SNW_ERR_MODEL where a reading is not a number, SNW_ERR_INTERNAL without room. */
snw_status snw_measure_visitors(struct snw_ctx *ctx, struct snw_visits *visits,
                                struct snw_block *block, size_t n,
                                const struct snw_year_coef *coef) SNW_MUST_CHECK;

#endif
