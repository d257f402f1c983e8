/* What /summary holds by scenario, sex and age of every draw: names, values from exact sums, and
   their Monte Carlo variances. */
#ifndef SNW_EXPERIMENT_OUTCOMES_H
#define SNW_EXPERIMENT_OUTCOMES_H

#include <string.h>

#include "config/settings.h"
#include "engine/life.h"

enum snw_outcome_kind {
    SNW_OUTCOME_YEARS, /* time lived by all, and people alive */
    SNW_OUTCOME_ALIVE,
    SNW_OUTCOME_RATE, /* per 1,000 person-years; per person-year */
    SNW_OUTCOME_PER_YEAR,
    SNW_OUTCOME_MEAN, /* over people; share of them at each level of a code */
    SNW_OUTCOME_SHARE,
    SNW_OUTCOME_COST_PART, /* per person: of one part of all costs, of one ledger */
    SNW_OUTCOME_COST_LEDGER
};

enum {
    SNW_CELLS = SNW_N_SEXES * SNW_N_AGES,
    SNW_SEX_LABELS = SNW_N_SEXES + 1 /* women, men, all */
};

struct snw_outcome {
    enum snw_outcome_kind kind;
    enum snw_measure measure; /* the first of several sites */
    char name[64], doc[192];
    const char *units; /* USD without its year */
    const char *along; /* its last dimension, `site`, `level`, `part` or `ledger`; NULL for none */
    size_t n;          /* length of that, else 1 */
    size_t first;      /* place of its values among those of one cell */
    bool per_draw;     /* kept for every draw */
};

/* All that the settings ask for. */
struct snw_outcomes {
    size_t n, n_values; /* outcomes, and values of all of them in one cell */
    struct snw_outcome list[];
};

/* Lays out the outcomes. Released with free.
   @return SNW_OK; SNW_ERR_CONFIG where output.per_draw names what there is not; SNW_ERR_MEMORY. */
snw_status snw_outcomes_new(struct snw_ctx *ctx, const struct snw_settings *settings,
                            struct snw_outcomes **outcomes) SNW_MUST_CHECK;

/* Value k of an outcome in cell sex x SNW_N_AGES + age - 20 of a scenario; NaN where there is
   nobody to tell. */
double snw_outcome_value(const struct snw_outcome *outcome, const struct snw_totals *totals,
                         size_t cell, size_t k);

/* Its variance over other luck and other people of the same world: of a mean that of independent
   people; of a rate that of its events, deaths being Poisson, time taken as known.
   @param[in] cohort  people begin together at 20, else those met are as many as were asked for */
double snw_outcome_variance(const struct snw_outcome *outcome, const struct snw_totals *totals,
                            size_t cell, size_t k, bool cohort);

/* @return the annual effective rate at which values of a unit, USD without its year, are
   discounted: that of costs for money, else that of QALYs. */
static inline double snw_discount_rate(const struct snw_settings *settings, const char *unit)
{
    return strncmp(unit, "USD", 3) == 0 ? settings->discount_costs : settings->discount_qalys;
}

/* Mean, SD (n - 1) of one outcome in one cell; NaN without people. */
double snw_cell_mean(const struct snw_cell *cell, enum snw_measure measure);
double snw_cell_sd(const struct snw_cell *cell, enum snw_measure measure);

#endif
