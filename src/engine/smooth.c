/* Local quadratic smoothing over age. */
#include "core/vmath.h"
#include "engine/pilot.h"

/* Least squares of a quadratic through y at 0 .. 6, evaluated at `at`: the hat matrix row by
   orthogonal polynomials on seven points, t = -3 .. 3: 1, t, t^2 - 4. */
static double quadratic(const double *y, double at)
{
    double sum = 0, slope = 0, bend = 0, t = at - 3;
    for (int i = 0; i < 7; i++) {
        double ti = i - 3;
        sum += y[i];
        slope += ti * y[i];
        bend += (ti * ti - 4) * y[i];
    }
    return sum / 7 + slope / 28 * t + bend / 84 * (t * t - 4);
}

static void smooth_stretch(double *y, size_t n)
{
    double ln[128], smooth[128];
    if (n < 7 || n > 128)
        return;
    for (size_t i = 0; i < n; i++)
        ln[i] = snw_log_f64(y[i]);
    for (size_t i = 0; i < n; i++) {
        size_t first = i < 3 ? 0 : i - 3;
        first = first + 7 > n ? n - 7 : first;
        smooth[i] = quadratic(ln + first, (double)(i - first));
    }
    for (size_t i = 0; i < n; i++)
        y[i] = snw_exp_f64(smooth[i]);
}

void snw_smooth_ln(double *y, size_t n, size_t split)
{
    size_t from = 0;
    for (size_t i = 0; i <= n; i++) {
        int ends = i == n || (split && i == split) || !(y[i] > 0);
        if (!ends)
            continue;
        smooth_stretch(y + from, i - from);
        from = i < n && y[i] > 0 ? i : i + 1;
    }
}
