/* A sweep as it is run: its points are worlds beside the point estimate, as draws are; of each only
   the measures that are asked for are kept. See src/sweep/sweep.md. */
#ifndef SNW_EXPERIMENT_SWEEPING_H
#define SNW_EXPERIMENT_SWEEPING_H

#include "experiment/work.h"

/* Women, men, both together. */
enum { SNW_SWEEP_SEXES = 3 };

enum snw_gauge_kind {
    SNW_GAUGE_LIFETIME,   /* a yearly measure summed over life, per person at 20 */
    SNW_GAUGE_DISCOUNTED, /* from an age on and discounted to it, per person alive at it */
    SNW_GAUGE_BENEFIT,    /* net monetary: discounted QALYs at their price less discounted cost */
    SNW_GAUGE_OUTCOME     /* an outcome of /summary over ages */
};

/* A measure of a sweep. */
struct snw_gauge {
    enum snw_gauge_kind kind;
    enum snw_measure measure;
    int paired; /* the same of whole lives, enum snw_paired; -1 where it is not among them */
    struct snw_outcome outcome; /* of SNW_GAUGE_OUTCOME, its value k */
    size_t k;
    int age_from, age_to; /* completed years, both included */
    bool whole_lives;     /* the people of all ages are the same ones: a birth cohort */
    char name[96];        /* in the result: `lifetime_falls`, `grip_kg_at_70` */
    char units[32], doc[256];
};

struct snw_sweeping {
    size_t n_points, n_measures;
    size_t together; /* points of a world */
    double *u;       /* (n_points, factors) */
    struct snw_gauge *measure;
};

/* Lays out the sweep of the settings. Released with snw_sweeping_free, also after a failure.
   @param[out] sweeping  NULL where there is no sweep
   @return SNW_OK; SNW_ERR_CONFIG where a measure is none; SNW_ERR_MEMORY. */
snw_status snw_sweeping_new(struct snw_ctx *ctx, const struct snw_settings *settings,
                            const struct snw_outcomes *outcomes,
                            struct snw_sweeping **sweeping) SNW_MUST_CHECK;
void snw_sweeping_free(struct snw_sweeping **sweeping);

/* Of each value of a point: itself, its Monte Carlo variance, and that of what the scenario gains
   on the reference. */
enum { SNW_SWEEP_PARTS = 3 };

/* @return how many values of a point are kept: (SNW_SWEEP_PARTS, measures, scenarios,
   SNW_SWEEP_SEXES). */
size_t snw_sweeping_values(const struct snw_world *world);

/* @return the scenarios of a world of points: the reference, then the others of each point in turn.
 */
size_t snw_sweeping_scenarios(const struct snw_world *run);

/* Totals of a world's scenarios to the values of its point `at`, 0 .. together - 1. */
void snw_sweeping_reduce(const struct snw_world *world, const struct snw_totals *totals, size_t at,
                         double *values);

/* Measures of one sex, or with SNW_N_SEXES of both. Variances are those over other people with
   other luck; they take from a person's years as related only that the dead have none.
   @param[in] weight  (SNW_N_AGES,) of the years of a life
   @param[out] variance  NaN, as the value, where there is nobody to tell */
double snw_gauge_lifetime(const struct snw_totals *totals, const struct snw_gauge *gauge, int sex,
                          const double *weight, double *variance);
double snw_gauge_outcome(const struct snw_totals *totals, const struct snw_gauge *gauge, int sex,
                         double *variance);

/* Makes a world that of its point, or points, k >= 1 counting worlds; after the last point it comes
   again. The ranks given take part together. */
snw_status snw_world_points(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                            struct snw_world *world, uint32_t k) SNW_MUST_CHECK;

#endif
