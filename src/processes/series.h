/* A Chebyshev series on [-6.6, 6.6], evaluated by Clenshaw's recurrence. */
#ifndef SNW_PROCESSES_SERIES_H
#define SNW_PROCESSES_SERIES_H

#include "core/vmath.h"
#include "numerics/distributions.h"

/* @param[in] coefficients (SNW_CHEBYSHEV_TERMS,); x is held within +-6.6. */
static inline snw_real snw_series(const snw_real *coefficients, snw_real x)
{
    snw_real t = snw_clip(-1, 1, x * SNW_R(1 / 6.6)), twice = t + t, b1 = 0, b2 = 0;
#pragma GCC unroll 28
    for (int j = SNW_CHEBYSHEV_TERMS - 1; j > 0; j--) {
        snw_real b0 = snw_fma(twice, b1, coefficients[j] - b2);
        b2 = b1;
        b1 = b0;
    }
    return snw_fma(t, b1, coefficients[0] - b2);
}

#endif
