/* Curves over age, in double precision and with no call outside IEEE 754's exact operations. */
#include "numerics/curves.h"

#include <assert.h>

#include "core/vmath.h"

double snw_knots(const double *x, const double *y, size_t n, double at)
{
    if (at <= x[0])
        return y[0];
    for (size_t i = 1; i < n; i++)
        if (at <= x[i])
            return y[i - 1] + (y[i] - y[i - 1]) * ((at - x[i - 1]) / (x[i] - x[i - 1]));
    return y[n - 1];
}

double snw_knots_log(const double *x, const double *y, size_t n, double at)
{
    if (at <= x[0])
        return y[0];
    for (size_t i = 1; i < n; i++)
        if (at <= x[i]) {
            double share = (at - x[i - 1]) / (x[i] - x[i - 1]);
            double a = snw_log_f64(y[i - 1]), b = snw_log_f64(y[i]);
            return snw_exp_f64(a + (b - a) * share);
        }
    return y[n - 1];
}

double snw_knots_integral(const double *x, const double *y, size_t n, double from, double to)
{
    if (to < from)
        return -snw_knots_integral(x, y, n, to, from);
    double sum = 0, left = from;
    for (size_t i = 0; i <= n && left < to; i++) {
        double right = i < n && x[i] < to ? x[i] : to;
        if (right <= left)
            continue;
        /* the curve is straight from left to right */
        sum += 0.5 * (snw_knots(x, y, n, left) + snw_knots(x, y, n, right)) * (right - left);
        left = right;
    }
    return sum;
}

double snw_spline(const double *x, const double *y, size_t n, double at)
{
    double second[32] = {0}, gamma[32] = {0};
    assert(n >= 2 && n <= 32);
    if (at <= x[0] || at >= x[n - 1])
        return at <= x[0] ? y[0] : y[n - 1];
    /* second derivatives: the tridiagonal system of a natural spline, forward and back */
    for (size_t i = 1; i + 1 < n; i++) {
        double h0 = x[i] - x[i - 1], h1 = x[i + 1] - x[i];
        double right = 6 * ((y[i + 1] - y[i]) / h1 - (y[i] - y[i - 1]) / h0);
        double pivot = 2 * (h0 + h1) - h0 * gamma[i - 1];
        gamma[i] = h1 / pivot;
        second[i] = (right - h0 * second[i - 1]) / pivot;
    }
    for (size_t i = n - 1; i-- > 1;)
        second[i] -= gamma[i] * second[i + 1];
    size_t i = 1;
    while (i + 1 < n && at > x[i])
        i++;
    double h = x[i] - x[i - 1], a = (x[i] - at) / h, b = (at - x[i - 1]) / h;
    double bend = (a * a * a - a) * second[i - 1] + (b * b * b - b) * second[i];
    return a * y[i - 1] + b * y[i] + bend * h * h / 6;
}
