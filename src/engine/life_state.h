/* A block on its way through life, as the files that live its years see it; used by them alone. */
#ifndef SNW_ENGINE_LIFE_STATE_H
#define SNW_ENGINE_LIFE_STATE_H

#include "engine/life.h"

/* One call of snw_live. */
struct snw_life {
    struct snw_ctx *ctx;
    const struct snw_life_plan *plan;
    struct snw_workspace *work;
    struct snw_totals *totals;
    struct snw_tracks *tracks;
    struct snw_event_list *events;
    const struct snw_year_coef **numbers; /* (n_scenarios,) of the year, where lives have begun */
    size_t n_recorded;                    /* lanes from 0 on that are recorded this year */
};

static inline struct snw_block *snw_life_block(const struct snw_life *l, size_t scenario)
{
    return scenario ? &l->work->beside->blocks[scenario - 1] : &l->work->block;
}

/* Whether a scenario has its own lives by now; the others share the reference's. */
static inline int snw_life_begun(const struct snw_life *l, size_t scenario)
{
    return scenario == 0 || l->work->beside->begun[scenario - 1];
}

/* Whether a scenario that has begun takes the body from the reference. */
static inline int snw_life_same_body(const struct snw_life *l, size_t scenario)
{
    return scenario && l->work->beside->same_body[scenario - 1];
}

/* (STRIDE,) 1 for lanes dead in a scenario but alive in another; NULL where there is only one. */
static inline uint8_t *snw_life_gone(const struct snw_life *l, size_t scenario)
{
    return l->work->beside ? l->work->beside->gone[scenario] : NULL;
}

static inline size_t snw_life_in_all(const struct snw_life *l)
{
    return l->work->beside ? l->work->beside->n_common : l->work->block.n;
}

/* @return where a block's sex and age stand among cells. */
static inline size_t snw_life_cell(const struct snw_life *l)
{
    const struct snw_block *b = &l->work->block;
    return b->sex * SNW_N_AGES + (size_t)(b->age - SNW_AGE_FIRST);
}

/* A nation is kept by calendar year, which all lanes of a block share, as they are of one birth
   year. @return the year since the first; 0 where people are met once. */
static inline size_t snw_life_year(const struct snw_life *l, const struct snw_totals *totals)
{
    const struct snw_block *b = &l->work->block;
    return totals->years ? (size_t)(b->birth_year + b->age - l->plan->first_year) : 0;
}

/* @return the calendar year, counted from the first, in which a scenario leaves the reference. */
static inline int snw_life_began(const struct snw_life *l, size_t scenario)
{
    return scenario && l->plan->begins && l->plan->begins[scenario] > l->plan->first_year
               ? l->plan->begins[scenario] - l->plan->first_year
               : 0;
}

/* Whether people are born alike in a scenario and the reference. */
int snw_life_same_birth(const struct snw_life *life, size_t scenario);

/* Scenarios whose numbers differ from the reference's this year for the first time take over its
   people as they are; those that begin with the visit do so then, whatever comes. The body stays
   shared for as long as its numbers are the same. */
void snw_life_begin_scenarios(struct snw_life *life);

/* Whether a scenario has interventions. */
static inline int snw_life_treats(const struct snw_life *l, size_t scenario)
{
    return l->plan->programmes && l->plan->programmes[scenario].n > 0;
}

/* Interventions, in the order of a year; nothing happens where a scenario has none.
   can_start: whether anybody of the block may be offered something on this birthday
   begin: the scenario takes over the reference's people
   treat: after the SCORE phase; a treatment that the body feels ends what is shared of it
   account: costs and utilities of the year; events: starts and stops in it
   advance: after the ADVANCE phase; swap, move: with the lanes of the block */
int snw_life_can_start(const struct snw_life *life, size_t scenario);
void snw_life_treat_born(const struct snw_life *life);
void snw_life_treat_begin(const struct snw_life *life, size_t scenario);
void snw_life_treat(const struct snw_life *life, size_t scenario, const struct snw_year_coef *coef);
void snw_life_treat_account(const struct snw_life *life, size_t scenario,
                            struct snw_accounts *accounts);
snw_status snw_life_treatment_events(const struct snw_life *life,
                                     const struct snw_year_record *record) SNW_MUST_CHECK;
void snw_life_treat_advance(const struct snw_life *life, size_t scenario);
void snw_life_treat_swap(const struct snw_life *life, size_t scenario, size_t a, size_t b);
void snw_life_treat_move(const struct snw_life *life, size_t scenario, size_t to, size_t from);
void snw_beside_treat_free(struct snw_beside *beside);

/* Cohort trends; nothing happens where there are none.
   born: the population's, on people at 20
   begin: a scenario's, when it takes over the reference's people; @return 1 where it has some: then
   the body is its own
   advance: after the ADVANCE phase of who has a body of its own, keeps activity and body mass where
   the trends have them */
void snw_life_trends_born(const struct snw_life *life);
int snw_life_trends_begin(const struct snw_life *life, size_t scenario);
void snw_life_trends_advance(const struct snw_life *life, size_t scenario,
                             const struct snw_year_coef *coef);

/* Whole lives of a block in all scenarios; nothing where there is only one.
   born: nobody has lived yet; begin: the scenario takes over the reference's lives
   year: what was recorded of it; death: of lane i, in the year that is over
   swap, move: with the lanes of the block; close: lane i is done in all scenarios */
void snw_life_pair_born(const struct snw_life *life);
void snw_life_pair_begin(const struct snw_life *life, size_t scenario);
void snw_life_pair_year(const struct snw_life *life, size_t scenario,
                        const struct snw_readout *readout);
void snw_life_pair_death(const struct snw_life *life, size_t scenario, size_t i);
void snw_life_pair_swap(const struct snw_life *life, size_t scenario, size_t a, size_t b);
void snw_life_pair_move(const struct snw_life *life, size_t scenario, size_t to, size_t from);
void snw_life_pair_close(const struct snw_life *life, size_t i);

/* Adds the year of a scenario, and of those that still share its lives, to the totals. */
void snw_life_add_totals(const struct snw_life *life, size_t scenario,
                         const struct snw_readout *readout);

#endif
