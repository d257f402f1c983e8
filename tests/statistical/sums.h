/* Sums of pairs, and the moments they give. */
#ifndef SNW_TESTS_STATISTICAL_SUMS_H
#define SNW_TESTS_STATISTICAL_SUMS_H

#include <math.h>

struct sums {
    double n, x, y, xx, yy, xy;
};

static inline void sums_add(struct sums *s, double x, double y)
{
    s->n += 1;
    s->x += x;
    s->y += y;
    s->xx += x * x;
    s->yy += y * y;
    s->xy += x * y;
}

static inline double sums_mean(const struct sums *s)
{
    return s->x / s->n;
}

static inline double sums_variance(const struct sums *s)
{
    return s->xx / s->n - s->x / s->n * s->x / s->n;
}

static inline double sums_sd(const struct sums *s)
{
    return sqrt(sums_variance(s));
}

static inline double sums_covariance(const struct sums *s)
{
    return s->xy / s->n - s->x / s->n * s->y / s->n;
}

static inline double sums_r(const struct sums *s)
{
    double yy = s->yy / s->n - s->y / s->n * s->y / s->n;
    return sums_covariance(s) / sqrt(sums_variance(s) * yy);
}

#endif
