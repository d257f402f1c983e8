/* Order statistics. */
#include "numerics/sample.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void snw_sort(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
}

double snw_sorted_quantile(const double *sorted, size_t n, double p)
{
    if (n == 0)
        return __builtin_nan("");
    double at = p * (double)(n - 1);
    size_t below = (size_t)at, above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}
