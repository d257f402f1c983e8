/* A scenario's interventions at work on a block: who starts and stops, what it does to them in a
   year, and what it costs. All times are exact ages, years. Equations: treatment.md. */
#ifndef SNW_INTERVENTIONS_TREATMENT_H
#define SNW_INTERVENTIONS_TREATMENT_H

#include "economics/economics.h"
#include "interventions/programme.h"
#include "processes/coefficients.h"
#include "random/luck.h"

/* What is kept of each lane, rows of (SNW_STRIDE,), which move with the lanes of the block. */
enum snw_treatment_row {
    SNW_ROW_FALLS, /* reported in the year before */
    SNW_ROW_MUSCLE_SPARED,
    SNW_ROW_MUSCLE_BY_ACTIVITY,
    SNW_ROW_EARLY_SHIELDED, /* years of menopausal loss that are spared this year */
    SNW_ROW_LATE_SHIELDED,
    SNW_ROW_EARLY_OWED, /* what hormone therapy has spared so far, to be lost after stopping */
    SNW_ROW_LATE_OWED,
    SNW_ROW_NECK_UNSEEN, /* spared density that fractures do not see */
    SNW_ROW_SPINE_UNSEEN,
    SNW_ROW_TRAIT_SPARED,
    SNW_ROW_COURSES = SNW_ROW_TRAIT_SPARED + SNW_N_TRAIT
};
/* From there on, four rows an intervention; KEPT is the end of effects that what follows keeps. */
enum snw_course_row {
    SNW_COURSE_START,
    SNW_COURSE_STOP,
    SNW_COURSE_KEPT,
    SNW_COURSE_OFFER,
    SNW_N_COURSE_ROWS
};

struct snw_treatment {
    size_t n_rows;
    snw_real (*row)[SNW_STRIDE];
};

/* @return 1, or 0 where there is no memory. @param[in] n interventions.
   Released with snw_treatment_free. */
int snw_treatment_init(struct snw_treatment *treatment, size_t n);
void snw_treatment_free(struct snw_treatment *treatment);

/* Nobody has been offered anything. */
void snw_treatment_clear(struct snw_treatment *treatment);

static inline snw_real *snw_course_row(const struct snw_treatment *t, size_t course,
                                       enum snw_course_row row)
{
    return t->row[SNW_ROW_COURSES + course * SNW_N_COURSE_ROWS + (size_t)row];
}

/* Room to work in; one a rank. */
struct snw_treatment_room {
    snw_real seen[SNW_N_NAMES][SNW_STRIDE];
    snw_real stack[SNW_EXPRESSION_DEPTH][SNW_STRIDE];
    snw_real level[SNW_STRIDE], after[SNW_STRIDE];
    struct snw_luck luck; /* of measurements */
} __attribute__((aligned(64)));

/* Vector loops over lanes. */
struct snw_treatment_kernels {
    const char *isa;
    void (*see)(struct snw_treatment_room *room, const struct snw_programme *programme,
                const struct snw_block *block, const struct snw_year_coef *coef,
                enum snw_name name);
    /* leaves 0 or 1 in stack[0] */
    void (*judge)(struct snw_treatment_room *room, const struct snw_expression *program, size_t n);
    /* how much of the effect there is at age t, into level; where it rebounds, into after: 1 then
     */
    void (*level)(struct snw_treatment_room *room, const struct snw_effect *effect,
                  const snw_real *start, const snw_real *stop, double t, size_t n);
    /* to += full level + rebound after; rebound 0 where the effect has none */
    void (*add)(snw_real *to, const struct snw_treatment_room *room, double full, double rebound,
                size_t n);
    /* to += loss x the part of [age, age + 1) on treatment */
    void (*spare)(snw_real *to, const snw_real *start, const snw_real *stop, double age,
                  double loss, size_t n);
};

extern const struct snw_treatment_kernels SNW_KERNEL(snw_treatment_kernels);

/* @return the kernels for the instruction set of the same name, NULL where there are none. */
const struct snw_treatment_kernels *snw_treatment_kernels_named(const char *isa);

/* All that the functions below work with. */
struct snw_treating {
    const struct snw_programme *programme;
    const struct snw_treatment_kernels *kernels;
    struct snw_treatment *treatment;
    struct snw_treatment_room *room; /* luck of measurements filled where they are asked for */
    struct snw_key key;
    const uint32_t (*referred)[SNW_STRIDE]; /* (courses,) not 0 for whom screening refers on this
                                               birthday; NULL: nobody */
};

/* Offers intervention k to those eligible or referred who may be asked; those who have stopped may
   begin anew, or go on to what follows. Who is on it stays. */
void snw_treat_offer(const struct snw_treating *t, size_t k, struct snw_block *block,
                     const struct snw_year_coef *coef);

/* Puts 1 where a lane is on intervention k on the birthday; the others stay. @param[out] to (n,) */
void snw_treat_mark_on(const struct snw_treating *t, size_t k, const struct snw_block *block,
                       snw_real *to);

/* Birthday, after the SCORE phase: who is offered, who starts, and what treatment does to the rates
   of the year, by its effect in the middle of it.
   @return whether anybody has ever been on a treatment that the body feels. */
int snw_treat_birthday(const struct snw_treating *t, struct snw_block *block,
                       const struct snw_year_coef *coef);

/* After the ADVANCE phase: what treatment has done to the state by the next birthday.
   @param[in] coef, next  of this year of age and the next; next NULL at the last */
void snw_treat_advance(const struct snw_treating *t, struct snw_block *block,
                       const struct snw_year_coef *coef, const struct snw_year_coef *next);

/* Enters cost and utility of treatment in the accounts of lanes 0 .. n-1, for the time lived: cost
   in every ledger, held at 2^31 - 1 cents a year; quality-adjusted time within -.1 and 1 of it. */
void snw_treat_account(const struct snw_treating *t, const struct snw_block *block, size_t n,
                       struct snw_accounts *accounts);

#endif
