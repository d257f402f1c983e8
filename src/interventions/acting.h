/* Inside interventions/: an effect at work on the lanes of a block. */
#ifndef SNW_INTERVENTIONS_ACTING_H
#define SNW_INTERVENTIONS_ACTING_H

#include <string.h>

#include "interventions/treatment.h"

struct snw_acting {
    const struct snw_treating *t;
    size_t k, n; /* which intervention, how many lanes */
};

/* Finds how much of an effect there is at age `at`. */
static inline void snw_act_level(const struct snw_acting *a, enum snw_channel channel, double at)
{
    const struct snw_treating *t = a->t;
    const struct snw_effect *effect = &t->programme->list[a->k]->effect[channel];
    t->kernels->level(
        t->room, effect, snw_course_row(t->treatment, a->k, SNW_COURSE_START),
        snw_course_row(t->treatment, a->k, effect->kept ? SNW_COURSE_KEPT : SNW_COURSE_STOP), at,
        a->n);
}

/* Adds `full` of what was found, and `rebound` where it rebounds. */
static inline void snw_act_add(const struct snw_acting *a, double full, double rebound,
                               snw_real *to)
{
    a->t->kernels->add(to, a->t->room, full, rebound, a->n);
}

/* Adds an effect on a state, as it is at age `at`. */
static inline void snw_act(const struct snw_acting *a, enum snw_channel channel, double at,
                           double weight, snw_real *to)
{
    const struct snw_programme *p = a->t->programme;
    if (!p->list[a->k]->effect[channel].given)
        return;
    snw_act_level(a, channel, at);
    snw_act_add(a, weight * p->full[a->k][channel], 0, to);
}

static inline void snw_act_clear(snw_real *field, size_t n)
{
    memset(field, 0, snw_whole_vectors(n) * sizeof *field);
}

/* Birthday of women in a scenario that shields menopausal bone loss: how much of it is spared in
   the year that opens. */
void snw_treat_shield(const struct snw_treating *t, const struct snw_block *block,
                      const struct snw_year_coef *coef);

#endif
