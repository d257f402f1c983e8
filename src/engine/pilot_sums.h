/* Kernels of the reference pass: sums over its people in double precision, built once for each
   instruction set.

   A sum runs in eight columns, person i of a block in column i mod 8, added up at the end: a fixed
   order that vectorises. Pointers are (n,) of one block. */
#ifndef SNW_ENGINE_PILOT_SUMS_H
#define SNW_ENGINE_PILOT_SUMS_H

#include "processes/coefficients.h"

enum { SNW_COLUMNS = 8 };

/* Sums of w x, w x^2, and of w^2 x, w^2 x^2 for the error of a ratio of sums. */
struct snw_moments {
    double wx[SNW_COLUMNS], wxx[SNW_COLUMNS], wwx[SNW_COLUMNS], wwxx[SNW_COLUMNS];
};

static inline double snw_column_sum(const double column[SNW_COLUMNS])
{
    return ((column[0] + column[1]) + (column[2] + column[3])) +
           ((column[4] + column[5]) + (column[6] + column[7]));
}

struct snw_pilot_kernels {
    const char *isa;
    /* Adds a block's values x with weights w. */
    void (*moments)(const double *w, const double *x, size_t n, struct snw_moments *sums);
    /* x, or x times a factor of each person where `times` is not NULL. */
    void (*widen)(const snw_real *x, const double *times, size_t n, double *to);
    /* e^x. */
    void (*exponential)(const snw_real *x, size_t n, double *to);
    /* w e^(-rate x), in place. */
    void (*survive)(double *w, const double *x, double rate, size_t n);
    /* Adds w (1 - e^(-rate x)) to dead and w x e^(-rate x), its change with the rate, to slope. */
    void (*deaths)(const double *w, const double *x, double rate, size_t n,
                   double dead[SNW_COLUMNS], double slope[SNW_COLUMNS]);
    /* Lean mass over squared height, kg/m2. */
    void (*rasm)(const struct snw_block *block, double *to);
    /* Linear predictor of a hip fracture by load over strength, and the rate of falls. */
    void (*load)(const struct snw_block *block, const struct snw_year_coef *coef, double per_ratio,
                 double per_weakness, double *predictor, double *rate);
    /* Which of the states that last all year a lane was in as the year opened (see
       snw_lane_year_steady), -1 where a cost or a loss of utility runs out in it; and v = w times
       the share of the year expected to be lived. */
    void (*steady)(const struct snw_block *block, const double *w, const double *exposure,
                   double hazard, double injury_years, int32_t *state, double *v);
    /* Adds the fractures expected in times v of hip, spine and other sites: chance that a fall
       breaks one and hazard without a fall, both at relative risk 1. */
    void (*fractures)(const struct snw_block *block, const double *v, const double after_fall[3],
                      const double without[3], double sums[3][SNW_COLUMNS]);
};

extern const struct snw_pilot_kernels SNW_KERNEL(snw_pilot_kernels);

/* @return the kernels for the instruction set of the same name, NULL where there are none. */
const struct snw_pilot_kernels *snw_pilot_kernels_named(const char *isa);

#endif
