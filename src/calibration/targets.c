/* The operators as a table, and what a target looks at. */
#include "calibration/targets.h"

#include <stdlib.h>

#define A(name) (1u << SNW_A_##name)
#define QUANTITY SNW_TAKES_QUANTITY
#define CONDITION SNW_TAKES_CONDITION
#define WITH SNW_TAKES_WITH
#define COMPARED (A(among) | A(against) | A(compare))
#define EXPOSED (WITH | A(among) | A(against) | A(strata) | A(per))

enum { RELATIVE, ABSOLUTE };

const struct snw_operator_info snw_operator_table[SNW_N_OPERATORS] = {
#define SNW_OPERATOR(name, family, needs, allows, discrepancy, doc)                                \
    {#name, doc, SNW_FAMILY_##family, (needs), (allows) | A(scale), (discrepancy) == ABSOLUTE},
#include "calibration/operators.def"
#undef SNW_OPERATOR
};

void snw_targets_free(struct snw_targets *targets)
{
    for (size_t i = 0; i < targets->n; i++)
        free(targets->list[i].memory);
    free(targets->list);
    *targets = (struct snw_targets){0};
}

static void each_of(const struct snw_conditions *c, void (*f)(const struct snw_quantity *, void *),
                    void *to)
{
    for (size_t k = 0; k < c->n; k++)
        f(&c->all[k].of, to);
}

void snw_each_quantity(const struct snw_target *t,
                       void (*f)(const struct snw_quantity *q, void *to), void *to)
{
    if (t->measure.n)
        f(&t->measure, to);
    if (t->with.n)
        f(&t->with, to);
    each_of(&t->is, f, to);
    each_of(&t->selection, f, to);
    each_of(&t->among, f, to);
    each_of(&t->against, f, to);
}

static void mark(const struct snw_quantity *q, void *to)
{
    bool *needed = to;
    for (unsigned k = 0; k < q->n; k++)
        if (q->of[k] < SNW_N_MEASURES)
            needed[q->of[k]] = true;
}

void snw_target_measures(const struct snw_target *t, bool *needed)
{
    snw_each_quantity(t, mark, needed);
    if (t->op == SNW_OP_rate || t->op == SNW_OP_rate_ratio || t->op == SNW_OP_hazard_ratio)
        needed[SNW_M_person_years] = true;
    if (t->op == SNW_OP_partial_correlation &&
        (unsigned)t->argument[SNW_A_adjust] & SNW_ADJUST_ACTIVITY)
        needed[SNW_M_activity_z] = true;
}
