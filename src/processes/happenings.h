/* What happens to the few in a year: falls, fractures, injuries, death, with their times. */
#ifndef SNW_PROCESSES_HAPPENINGS_H
#define SNW_PROCESSES_HAPPENINGS_H

#include "processes/coefficients.h"
#include "random/luck.h"

enum snw_event_kind {
    SNW_EVENT_FALL_INJURY,
    SNW_EVENT_FRACTURE,
    SNW_EVENT_DEATH,
    SNW_EVENT_MENOPAUSE,
    SNW_EVENT_TREATMENT_START,
    SNW_EVENT_TREATMENT_STOP,
    SNW_EVENT_NURSING_HOME,
    SNW_N_EVENT_KINDS
};

/* To what a death is attributed, in proportion to the parts of the hazard at that instant. */
enum snw_cause {
    SNW_CAUSE_BACKGROUND,
    SNW_CAUSE_HIP,
    SNW_CAUSE_VERTEBRAL,
    SNW_CAUSE_FRAILTY,
    SNW_CAUSE_WEAKNESS,
    SNW_CAUSE_IGFBP2,
    SNW_N_CAUSES
};

enum {
    SNW_FALLS_MAX = 255,       /* falls a year, larger counts are held there and counted */
    SNW_NON_FALL_MAX = 15,     /* non-fall fractures a year */
    SNW_HAPPENINGS_MAX = 16384 /* events a block and year */
};

struct snw_happening {
    snw_real time_yr; /* since the birthday, 0 <= time < 1 */
    uint16_t lane;
    uint8_t kind; /* enum snw_event_kind: FALL_INJURY or FRACTURE */
    uint8_t site; /* enum snw_site for a fracture, 255 otherwise */
};

/* Falls drawn together, side by side: the first ones of all lanes, then the second ones, and so on.
 */
enum { SNW_FALLS_ROOM = 2048, SNW_FALLS_STRIDE = SNW_FALLS_ROOM + 16 };
struct snw_falls {
    size_t n;
    uint32_t person[SNW_FALLS_STRIDE], replicate[SNW_FALLS_STRIDE], slot[SNW_FALLS_STRIDE];
    snw_real chance[SNW_FALLS_STRIDE]; /* that it breaks a bone */
    uint32_t words[4 * SNW_FALLS_STRIDE];
    uint32_t found[SNW_FALLS_STRIDE];
    uint16_t owner[SNW_FALLS_STRIDE]; /* whose fall it is, among the lanes looked at */
    uint16_t next[SNW_FALLS_STRIDE];  /* where the owner's next one lies, if there is one */
};

/* The injuries and fractures of a block in one year; deaths stand in the block (lived_yr < 1). */
struct snw_happenings {
    size_t n;
    int overflow;    /* 1 if an event found no room: the run must fail */
    size_t n_capped; /* persons whose falls were held at SNW_FALLS_MAX */
    struct snw_happening event[SNW_HAPPENINGS_MAX];
    /* room to work: lanes to look at, their falls */
    uint16_t lane[SNW_STRIDE], n_falls[SNW_STRIDE], first_fall[SNW_STRIDE], closer[SNW_STRIDE];
    uint32_t found[SNW_STRIDE]; /* of all falls of a lane, added up */
    double odds[SNW_STRIDE], u[SNW_STRIDE], p[SNW_STRIDE], cdf[SNW_STRIDE]; /* of their number */
    struct snw_falls falls;
};

/* Looks at the lanes marked by the RISK phase: counts their falls, draws sites and injuries, finds
   the time of death under a hazard that changes at each hip or vertebral fracture, and drops what
   comes after it. immortal: nobody dies (the pilot of the reference pass); all happens.
   Empties `out` first. Model: B2 to B4, B6. */
void SNW_KERNEL(snw_happen)(struct snw_block *block, const struct snw_year_coef *coef,
                            const struct snw_luck *luck, struct snw_key key, int immortal,
                            struct snw_happenings *out);

/* The part of a death's hazard it is attributed to; after the END phase. @param[in] u uniform. */
enum snw_cause snw_attribute_death(const struct snw_block *block, const struct snw_year_coef *coef,
                                   size_t lane, double u);

#endif
