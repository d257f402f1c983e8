/* Means and quantiles over draws. */
#include "decision/psa.h"

#include <string.h>

#include "core/vmath.h"
#include "numerics/sample.h"

double snw_mean_of(const double *values, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += values[k];
    return n ? sum / (double)n : __builtin_nan("");
}

struct snw_spread_of_draws snw_spread_over(const double *values, size_t n, double *sorted)
{
    double mean = snw_mean_of(values, n), squares = 0;
    for (size_t k = 0; k < n; k++)
        squares += (values[k] - mean) * (values[k] - mean);
    memcpy(sorted, values, n * sizeof *sorted);
    snw_sort(sorted, n);
    return (struct snw_spread_of_draws){.mean = mean,
                                        .sd = n > 1 ? snw_sqrt_f64(squares / (double)(n - 1))
                                                    : __builtin_nan(""),
                                        .p025 = snw_sorted_quantile(sorted, n, 0.025),
                                        .p975 = snw_sorted_quantile(sorted, n, 0.975)};
}
