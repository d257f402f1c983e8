/* What lives cost and yield, and what follows from it: group /economics. Meaning and formulas:
   src/decision/decision.md. */
#ifndef SNW_EXPERIMENT_ECONOMICS_H
#define SNW_EXPERIMENT_ECONOMICS_H

#include "experiment/labels.h"

/* Of a birth cohort, and of a cross-section that is followed and has several scenarios.
   @return whether a result has the group. */
bool snw_economics_applies(const struct snw_world *world);

/* What draws of a result come to. */
struct snw_lives {
    const struct snw_world *world;
    const struct snw_totals *totals; /* (scenarios,) of the point estimate */
    const struct snw_spread *spread; /* NULL without draws */
    size_t n_draws;                  /* the point estimate among them */
    size_t unlike;                   /* a scenario with other people alive when totals begin than
                                        the first has, in any draw; 0: none */
};

/* Totals of a life: of costs and of QALYs, by which is decided, stand first. */
enum { SNW_LIVES_SUMS = 6 };
extern const struct snw_lives_sum {
    const char *name, *doc, *unit;
    const char *outcome;   /* of /summary that is added up over ages */
    int whole, discounted; /* enum snw_paired, of people who are followed; -1: not kept of them */
    const char *along;     /* its last dimension, NULL for none */
    size_t n;              /* length of that, else 1 */
} snw_lives_sums[SNW_LIVES_SUMS];

/* @return whether the result can tell it: output.measures may have left it out. */
bool snw_lives_known(const struct snw_world *world, const struct snw_lives_sum *sum);

/* Totals a person of all draws, without discounting and with; NaN where nobody lives.
   @param[out] values  (scenarios, draws, SNW_SEX_LABELS, n) each */
snw_status snw_lives_total(struct snw_ctx *ctx, struct snw_lives *lives,
                           const struct snw_lives_sum *sum, double *const values[2]) SNW_MUST_CHECK;

/* Writes the group. @param[in] totals, spread as in snw_summary_write */
snw_status snw_economics_write(struct snw_ctx *ctx, struct snw_file *file,
                               const struct snw_world *world, const struct snw_totals *totals,
                               const struct snw_spread *spread) SNW_MUST_CHECK;

#endif
