/* Sensitivity of an outcome to the factors of a design. Formulas and sources: sweep.md. */
#ifndef SNW_SWEEP_INDICES_H
#define SNW_SWEEP_INDICES_H

#include <stddef.h>

/* An estimate with its 95 % interval. */
struct snw_estimate {
    double value, low, high;
};

/* First-order and total indices of a saltelli design. Base points in which an outcome is missing
   are left out; all NaN where the outcome does not vary or fewer than two are left.
   @param[in] y  (n, k + 2) outcomes of the points, as snw_design_new lays them out
   @param[out] first, total  (k,)
   Source: saltelli2010, jansen1999. */
void snw_sobol_indices(const double *y, size_t n, size_t k, struct snw_estimate *first,
                       struct snw_estimate *total);

/* Elementary effects of a factor over the trajectories: what the outcome gains when the factor goes
   from end to end. */
struct snw_effects {
    double mu;                   /* mean */
    struct snw_estimate mu_star; /* mean size */
    double sigma;                /* SD: the effect depends on the others, or is no straight line */
};

/* @param[in] u  (n, k + 1, k) the design; y (n, k + 1) outcomes
   @param[in] levels  of the design
   @param[out] effects  (k,)
   Source: morris1991, campolongo2007. */
void snw_morris_effects(const double *u, const double *y, size_t n, size_t k, size_t levels,
                        struct snw_effects *effects);

#endif
