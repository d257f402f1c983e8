/* The same life as a careful C programmer would write it: one person after another, a struct each,
   double precision, GSL's generator and draws, libm. What the program's engine is measured against.
 */
#ifndef SNW_TESTS_BENCH_SCALAR_H
#define SNW_TESTS_BENCH_SCALAR_H

#include <gsl/gsl_rng.h>
#include <math.h>

#include "bench/world.h"

enum {
    SNW_SCALAR_STATES = SNW_N_STATES,                 /* measures with a histogram */
    SNW_SCALAR_CODES = SNW_M_falls - SNW_N_STATES,    /* small whole numbers */
    SNW_SCALAR_COUNTS = SNW_N_MEASURES - SNW_M_falls, /* of a year */
    SNW_SCALAR_LEVELS = 4,                            /* of a code, from 0 */
    SNW_SCALAR_SITE_CLASSES = 3,                      /* hip, spine, other */
    SNW_SCALAR_PRONE_STEPS = 1024,                    /* of the table of ln G */
    SNW_SCALAR_NEVER = -1000                          /* age at what has not happened */
};

/* Costs, in USD of the price year, and utilities of one sex and age. */
struct snw_scalar_economy {
    double first_year[SNW_N_GROUPS][2];             /* by age at fracture: below 65, from 65 */
    double share[SNW_N_GROUPS][SNW_COST_YEARS + 1]; /* of it by years since; the last is 0 */
    double background, injury, nursing_home;
    double norm, factor, multiplier[SNW_N_GROUPS][2], home_multiplier;
    double frail_change, sarcopenic_change, injury_change, injury_years;
    double steady[SNW_STEADY_STATES]; /* utility of those in whom nothing changes: bits 1, 2, 4 ever
                                         broke that group, 8 resident, 16 frail, 32 sarcopenic */
};

/* Utility within -.1 and 1. @param[in] m multipliers of the groups of fractures */
static inline double snw_scalar_utility(const struct snw_scalar_economy *e,
                                        const double m[SNW_N_GROUPS], int resident, int frail,
                                        int sarcopenic, int hurt)
{
    double home = resident ? e->home_multiplier : 1;
    double low = fmin(m[0], m[1]), high = fmax(m[0], m[1]);
    double low2 = fmin(m[2], home), high2 = fmax(m[2], home);
    /* the product of the two smallest: the smallest, and the next among what is left */
    double worst = fmin(low, low2) * fmin(fmax(low, low2), fmin(high, high2));
    double change = fmin(frail ? e->frail_change : 0, sarcopenic ? e->sarcopenic_change : 0);
    double u = e->factor * (e->norm * worst + change + (hurt ? e->injury_change : 0));
    return fmin(fmax(u, -0.1), 1);
}

/* All that a year takes from sex and age. */
struct snw_scalar_year {
    struct snw_year_coef c;
    double bmi_median, index_median, grip_median, knee_median, gait_median;
    double igf1_median, bio_t_median, bio_e2_median, abmd_spine_seen;
    double bone_own, bmi_own, p_injury, other_per_fall, other_per_year;
    double radius_base, load_factor;
    struct snw_scalar_economy e;
    double bin_low[SNW_SCALAR_STATES], bin_per_unit[SNW_SCALAR_STATES];
};

/* Sums of one sex and age. */
struct snw_scalar_cell {
    double n, years;
    double sum[SNW_SCALAR_STATES], squares[SNW_SCALAR_STATES];
    double count[SNW_SCALAR_COUNTS], count_squares[SNW_SCALAR_COUNTS];
    uint64_t level[SNW_SCALAR_CODES][SNW_SCALAR_LEVELS];
    uint64_t cause[SNW_N_CAUSES];
    uint32_t histogram[SNW_SCALAR_STATES][SNW_BINS];
};

/* Calls made, where they are counted; `rate` is the sum of the means asked of Poisson. */
struct snw_scalar_calls {
    double normal, uniform, gamma, poisson, exp, log, sqrt, rate;
};

struct snw_scalar_work {
    gsl_rng *rng;
    struct snw_birth_coef birth[SNW_N_SEXES];
    struct snw_scalar_year year[SNW_N_SEXES][SNW_N_AGES];
    double ln_proneness[SNW_SCALAR_PRONE_STEPS + 2]; /* ln G on [-6.6, 6.6] */
    double gamma_shape, gamma_scale;
    struct snw_scalar_cell cell[SNW_N_SEXES][SNW_N_AGES];
    uint64_t person_years; /* opened */
    struct snw_scalar_calls calls;
};

/* @return tables made and sums at 0, NULL without memory; released with snw_scalar_free. */
struct snw_scalar_work *snw_scalar_new(const struct snw_world *world);
void snw_scalar_free(struct snw_scalar_work *work);
void snw_scalar_clear(struct snw_scalar_work *work);

/* Lives `persons` lives, women first; adds to the sums of work. The second counts its calls. */
void snw_scalar_live(struct snw_scalar_work *work, uint32_t persons);
void snw_scalar_live_counted(struct snw_scalar_work *work, uint32_t persons);

/* Writes means, SDs, histograms and causes of death by sex and age. @return whether it could. */
int snw_scalar_save(const struct snw_scalar_work *work, const char *path) SNW_MUST_CHECK;

#endif
