/* Sobol' indices by the estimators of Saltelli and Jansen, and Morris' elementary effects. */
#include "sweep/indices.h"

#include "core/vmath.h"

static const double z95 = 1.959963984540054;

static int is_whole(const double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += y[i];
    return sum == sum;
}

/* Of a base point, about the mean: what the variance and the two numerators are means of. */
struct parts {
    double variance, first, total;
};

static struct parts parts_of(const double *row, size_t i, double mean)
{
    double a = row[0] - mean, b = row[1] - mean, ab = row[2 + i] - mean;
    return (struct parts){(a * a + b * b) / 2, b * (ab - a), (a - ab) * (a - ab) / 2};
}

/* A ratio of sums with its error by the delta method. */
static struct snw_estimate estimate(double ratio, double variance_of_sum, double sum_v)
{
    double half = z95 * snw_sqrt_f64(variance_of_sum) / sum_v;
    return (struct snw_estimate){ratio, ratio - half, ratio + half};
}

static void one_factor(const double *y, size_t n, size_t k, size_t i, double mean,
                       struct snw_estimate *first, struct snw_estimate *total)
{
    double v = 0, x = 0, t = 0, x_squares = 0, t_squares = 0, used = 0;
    for (size_t j = 0; j < n; j++) {
        const double *row = y + j * (k + 2);
        if (!is_whole(row, k + 2))
            continue;
        struct parts p = parts_of(row, i, mean);
        v += p.variance;
        x += p.first;
        t += p.total;
        used++;
    }
    for (size_t j = 0; j < n; j++) {
        const double *row = y + j * (k + 2);
        if (!is_whole(row, k + 2))
            continue;
        struct parts p = parts_of(row, i, mean);
        double of_first = p.first - x / v * p.variance, of_total = p.total - t / v * p.variance;
        x_squares += of_first * of_first;
        t_squares += of_total * of_total;
    }
    double scale = used / (used - 1);
    *first = estimate(x / v, scale * x_squares, v);
    *total = estimate(t / v, scale * t_squares, v);
}

void snw_sobol_indices(const double *y, size_t n, size_t k, struct snw_estimate *first,
                       struct snw_estimate *total)
{
    const double none = __builtin_nan("");
    double sum = 0, low = 0, high = 0;
    size_t used = 0;
    for (size_t j = 0; j < n; j++) {
        const double *row = y + j * (k + 2);
        if (!is_whole(row, k + 2))
            continue;
        for (size_t c = 0; c < 2; c++) {
            low = used + c == 0 || row[c] < low ? row[c] : low;
            high = used + c == 0 || row[c] > high ? row[c] : high;
        }
        sum += row[0] + row[1];
        used++;
    }
    for (size_t i = 0; i < k; i++)
        if (used > 1 && high > low)
            one_factor(y, n, k, i, sum / (2 * (double)used), &first[i], &total[i]);
        else
            first[i] = total[i] = (struct snw_estimate){none, none, none};
}

/* The effect of factor i in a trajectory; NaN where an outcome is missing. */
static double effect_of(const double *u, const double *y, size_t k, size_t i, double jump)
{
    size_t row = 1;
    while (row < k && u[row * k + i] == u[(row - 1) * k + i])
        row++;
    double gain = y[row] - y[row - 1];
    return (u[row * k + i] > u[(row - 1) * k + i] ? gain : -gain) / jump;
}

void snw_morris_effects(const double *u, const double *y, size_t n, size_t k, size_t levels,
                        struct snw_effects *effects)
{
    const double jump = (double)(levels / 2) / (double)(levels - 1), none = __builtin_nan("");
    for (size_t i = 0; i < k; i++) {
        double sum = 0, sizes = 0, squares = 0, size_squares = 0, used = 0;
        for (int pass = 0; pass < 2; pass++)
            for (size_t t = 0; t < n; t++) {
                double e = effect_of(u + t * (k + 1) * k, y + t * (k + 1), k, i, jump);
                double size = e < 0 ? -e : e;
                if (e != e)
                    continue;
                if (pass == 0) {
                    sum += e;
                    sizes += size;
                    used++;
                } else {
                    squares += (e - sum / used) * (e - sum / used);
                    size_squares += (size - sizes / used) * (size - sizes / used);
                }
            }
        effects[i] = (struct snw_effects){none, {none, none, none}, none};
        if (used < 1)
            continue;
        effects[i].mu = sum / used;
        effects[i].mu_star.value = sizes / used;
        if (used < 2)
            continue;
        double half = z95 * snw_sqrt_f64(size_squares / (used - 1) / used);
        effects[i].mu_star.low = sizes / used - half;
        effects[i].mu_star.high = sizes / used + half;
        effects[i].sigma = snw_sqrt_f64(squares / (used - 1));
    }
}
