/* The same person's whole life in each scenario: kept while it is lived, compared when it is over.

   Nobody differs from the reference before a scenario begins, so that a scenario takes over the
   reference's lives then and keeps its own from there on. */
#include <string.h>

#include "engine/life_state.h"
#include "numerics/discount.h"

enum { COST, EFFECT };

void snw_beside_discount(struct snw_beside *p, double cost_rate, double effect_rate)
{
    for (int k = 0; k < SNW_N_AGES; k++) {
        p->worth[COST][k] = snw_present_value(cost_rate, k, k + 1);
        p->worth[EFFECT][k] = snw_present_value(effect_rate, k, k + 1);
        p->effect_before[k] = snw_present_value(effect_rate, 0, k);
    }
    p->effect_before[SNW_N_AGES] = snw_present_value(effect_rate, 0, SNW_N_AGES);
}

void snw_life_pair_born(const struct snw_life *l)
{
    const struct snw_beside *p = l->work->beside;
    if (p)
        snw_tally_clear(&p->tallies[0], l->work->block.n);
}

void snw_life_pair_begin(const struct snw_life *l, size_t scenario)
{
    struct snw_beside *p = l->work->beside;
    snw_tally_copy(&p->tallies[scenario], &p->tallies[0], l->work->block.n);
}

/* Time on treatment in the year: courses begin on birthdays, so that of several the longest tells.
 */
static void add_treated(const struct snw_life *l, size_t scenario)
{
    struct snw_tally *tally = &l->work->beside->tallies[scenario];
    const struct snw_treatment *t = &l->work->beside->treatments[scenario];
    const struct snw_block *b = snw_life_block(l, scenario);
    const uint8_t *gone = snw_life_gone(l, scenario);
    snw_real time[SNW_STRIDE];
    memset(time, 0, snw_whole_vectors(b->n) * sizeof *time);
    for (size_t k = 0; k < l->plan->programmes[scenario].n; k++)
        l->plan->recorders->course(time, snw_course_row(t, k, SNW_COURSE_START),
                                   snw_course_row(t, k, SNW_COURSE_STOP), b->age, b->n);
    for (size_t i = 0; i < l->n_recorded; i++) {
        snw_real on = time[i] < b->lived_yr[i] ? time[i] : b->lived_yr[i];
        if (on > SNW_R(0) && !gone[i])
            tally->treated[i] +=
                (int32_t)((double)on / snw_paired_table[SNW_P_treated_years].scale + 0.5);
    }
}

static void add_events(const struct snw_life *l, struct snw_tally *tally)
{
    const struct snw_happenings *all = &l->work->happenings;
    const double age = l->work->block.age;
    for (size_t k = 0; k < all->n; k++) {
        const struct snw_happening *e = &all->event[k];
        if (e->lane < l->n_recorded)
            snw_tally_event(tally, e->lane,
                            e->kind == SNW_EVENT_FRACTURE ? e->site : SNW_TALLY_INJURY,
                            age + (double)e->time_yr);
    }
}

void snw_life_pair_year(const struct snw_life *l, size_t scenario,
                        const struct snw_readout *readout)
{
    struct snw_beside *p = l->work->beside;
    const struct snw_block *b = &l->work->block;
    if (!p)
        return;
    struct snw_tally *tally = &p->tallies[scenario];
    const size_t year = (size_t)(b->age - b->enter_age[0]);
    const double cost = p->worth[COST][year], effect = p->worth[EFFECT][year];
    size_t all = l->n_recorded < p->n_common ? l->n_recorded : p->n_common;
    l->plan->recorders->tally(tally, readout, all, cost, effect);
    for (size_t i = all & ~(size_t)(SNW_LANES - 1); i < l->n_recorded; i++)
        if (i < all || !p->gone[scenario][i])
            snw_tally_lane(tally, readout, i, cost, effect);
    add_events(l, tally);
    if (snw_life_treats(l, scenario))
        add_treated(l, scenario);
}

void snw_life_pair_death(const struct snw_life *l, size_t scenario, size_t i)
{
    const struct snw_block *b = snw_life_block(l, scenario);
    if (l->work->beside)
        snw_tally_event(&l->work->beside->tallies[scenario], i, SNW_TALLY_DEATH,
                        (double)b->age + (double)b->lived_yr[i]);
}

void snw_life_pair_swap(const struct snw_life *l, size_t scenario, size_t a, size_t b)
{
    snw_tally_swap(&l->work->beside->tallies[scenario], a, b);
}

void snw_life_pair_move(const struct snw_life *l, size_t scenario, size_t to, size_t from)
{
    if (l->work->beside)
        snw_tally_move(&l->work->beside->tallies[scenario], to, from);
}

void snw_life_pair_close(const struct snw_life *l, size_t i)
{
    const struct snw_beside *p = l->work->beside;
    struct snw_whole_life reference, own;
    size_t first = l->work->block.sex * (size_t)SNW_N_PAIRED;
    if (!p)
        return;
    const struct snw_block *b = &l->work->block;
    const struct snw_tally_end end = {b->enter_age[i], b->age + 1, p->worth[EFFECT],
                                      p->effect_before};
    snw_tally_close(&p->tallies[0], i, &end, &reference);
    snw_paired_add_reference(l->totals[0].paired + first, &reference);
    for (size_t s = 1; s <= p->n; s++) {
        if (!snw_life_begun(l, s))
            continue;
        snw_tally_close(&p->tallies[s], i, &end, &own);
        snw_paired_add(l->totals[s].paired + first, &own, &reference);
    }
}
