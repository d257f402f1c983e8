/* The same life as a careful C programmer would write it: one person after another, a struct each,
   double precision, GSL's generator and draws, libm. What the program's engine is measured against.
 */
#ifndef SNW_TESTS_BENCH_SCALAR_H
#define SNW_TESTS_BENCH_SCALAR_H

#include <gsl/gsl_rng.h>

#include "bench/world.h"

enum {
    SNW_SCALAR_STATES = SNW_N_STATES,                 /* measures with a histogram */
    SNW_SCALAR_CODES = SNW_M_falls - SNW_N_STATES,    /* small whole numbers */
    SNW_SCALAR_COUNTS = SNW_N_MEASURES - SNW_M_falls, /* of a year */
    SNW_SCALAR_LEVELS = 4,                            /* of a code, from 0 */
    SNW_SCALAR_SITE_CLASSES = 3,                      /* hip, spine, other */
    SNW_SCALAR_PRONE_STEPS = 1024                     /* of the table of ln G */
};

/* All that a year takes from sex and age. */
struct snw_scalar_year {
    struct snw_year_coef c;
    double bmi_median, index_median, grip_median, knee_median, gait_median;
    double igf1_median, bio_t_median, bio_e2_median, abmd_spine_seen;
    double bone_own, bmi_own, p_injury, other_per_fall, other_per_year;
    double radius_base, load_factor;
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

#endif
