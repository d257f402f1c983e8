/* The same person in two worlds: differences to the reference, from exact sums of whole lives.
   Formulas: paired.md. */
#ifndef SNW_EXPERIMENT_PAIRED_H
#define SNW_EXPERIMENT_PAIRED_H

#include "experiment/spread.h"

/* What is told of each measure. */
enum snw_paired_statistic {
    SNW_PAIRED_DIFFERENCE,  /* mean over people */
    SNW_PAIRED_MCSE,        /* its Monte Carlo standard error */
    SNW_PAIRED_INDEPENDENT, /* that of two runs with luck of their own */
    SNW_PAIRED_TOTAL,       /* mean of what a life comes to in the scenario */
    SNW_PAIRED_AVERTED,     /* counts: fewer, more, per person */
    SNW_PAIRED_CAUSED,
    SNW_PAIRED_POSTPONED, /* events: people whose first comes later, earlier; share of all */
    SNW_PAIRED_ADVANCED,
    SNW_PAIRED_LESS, /* amounts: people who have less, more; share of all */
    SNW_PAIRED_MORE,
    SNW_N_PAIRED_STATISTICS
};

/* Which measures of the year add up to what of a whole life; -1 where it is not kept discounted. */
enum { SNW_LIFE_SUMS = 13 };
extern const struct snw_life_sum {
    enum snw_measure year;
    enum snw_paired whole;
    int discounted; /* enum snw_paired */
} snw_life_sums[SNW_LIFE_SUMS];

/* @return whether a statistic is told of a measure; whether draws keep it, all but standard errors.
 */
bool snw_paired_applies(enum snw_paired measure, enum snw_paired_statistic statistic);
bool snw_paired_in_row(enum snw_paired measure, enum snw_paired_statistic statistic);

/* A statistic of a scenario against the reference; NaN where there are too few people. */
double snw_paired_value(const struct snw_paired_sum *sum, const struct snw_paired_sum *reference,
                        enum snw_paired measure, enum snw_paired_statistic statistic);

/* Monte Carlo variance of a scenario's difference or total, of one sex or with SNW_N_SEXES of all.
 */
double snw_paired_variance(const struct snw_totals *totals, const struct snw_totals *reference,
                           size_t sex, enum snw_paired measure,
                           enum snw_paired_statistic statistic);

/* One statistic of all scenarios, (scenarios, sexes and all). @param[in] totals (scenarios,) */
void snw_paired_statistic(const struct snw_world *world, const struct snw_totals *totals,
                          enum snw_paired measure, enum snw_paired_statistic statistic,
                          double *values);

/* What draws keep, (measures and statistics, scenarios, sexes and all), none where there is
   one scenario. */
size_t snw_paired_row_values(const struct snw_world *world);
/* @return where that holds a statistic that is kept, (scenarios, sexes and all). */
size_t snw_paired_place(const struct snw_world *world, enum snw_paired measure,
                        enum snw_paired_statistic statistic);
void snw_paired_reduce(const struct snw_world *world, const struct snw_totals *totals,
                       double *values, double *variances);

/* Writes group /paired. @param[in] totals (scenarios,), spread as in snw_summary_write */
snw_status snw_paired_write(struct snw_ctx *ctx, struct snw_file *file,
                            const struct snw_world *world, const struct snw_totals *totals,
                            const struct snw_spread *spread) SNW_MUST_CHECK;

#endif
