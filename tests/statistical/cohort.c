/* A cohort's fields, and their moments against theory. */
#include "statistical/cohort.h"

#include <stdlib.h>
#include <string.h>

#include "support/near.h"

static size_t arrays_of_all(void)
{
    size_t count, n = 0;
    const struct snw_field_info *fields = snw_field_table(&count);
    for (size_t f = 0; f < count; f++)
        n += fields[f].count;
    return n;
}

static void keep(const struct snw_block *b, const struct snw_luck *luck, void *to)
{
    (void)luck;
    struct cohort *c = to;
    size_t at = 0, count, k = 0;
    while (at < c->n_ages && c->age[at] != b->age)
        at++;
    if (at == c->n_ages)
        return;
    const struct snw_field_info *fields = snw_field_table(&count);
    for (size_t f = 0; f < count; f++)
        for (size_t j = 0; j < fields[f].count; j++, k++) {
            const char *base = (const char *)b + fields[f].offset;
            const snw_real *row = (const snw_real *)(const void *)base + j * SNW_STRIDE;
            float *out = c->value + (at * c->n_arrays + k) * c->n;
            for (size_t i = 0; i < b->n; i++)
                out[b->person[i]] = (float)row[i];
        }
}

struct cohort *cohort_new(struct world *world, enum snw_sex sex, size_t n, const int *ages,
                          enum moment moment)
{
    struct cohort *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->n = n;
    c->n_arrays = arrays_of_all();
    while (ages[c->n_ages]) {
        assert_true(c->n_ages < COHORT_AGES_MAX);
        c->age[c->n_ages] = ages[c->n_ages];
        c->n_ages++;
    }
    c->value = calloc(c->n_ages * c->n_arrays * n, sizeof *c->value);
    assert_non_null(c->value);
    walk(&(struct walk){.model = &world->model,
                        .sex = sex,
                        .n = n,
                        .last_age = c->age[c->n_ages - 1],
                        .immortal = 1,
                        .key = {1959, 0},
                        .birthday = moment == BIRTHDAY ? keep : NULL,
                        .year = moment == YEAR_END ? keep : NULL,
                        .to = c});
    return c;
}

void cohort_free(struct cohort *c)
{
    free(c->value);
    free(c);
}

const float *cohort_at(const struct cohort *c, int age, const char *field, size_t index)
{
    size_t at = 0, count, k = 0;
    while (at < c->n_ages && c->age[at] != age)
        at++;
    const struct snw_field_info *fields = snw_field_table(&count);
    for (size_t f = 0; f < count; f++) {
        if (strcmp(fields[f].name, field) == 0 && at < c->n_ages && index < fields[f].count)
            return c->value + (at * c->n_arrays + k + index) * c->n;
        k += fields[f].count;
    }
    fail_msg("%s[%zu] is not kept at %d", field, index, age);
    return NULL;
}

static struct sums moments(const float *x, const float *y, size_t n)
{
    struct sums s = {0};
    for (size_t i = 0; i < n; i++)
        sums_add(&s, (double)x[i], (double)y[i]);
    return s;
}

void check_mean(struct family *f, const float *x, size_t n, double mean, const char *what)
{
    struct sums s = moments(x, x, n);
    family_z(f, (sums_mean(&s) - mean) / (sums_sd(&s) / sqrt(s.n)), "mean of %s: %.5g not %.5g",
             what, sums_mean(&s), mean);
}

/* SE of a covariance: SD of the products of deviations over sqrt(n). */
void check_covariance(struct family *f, const float *x, const float *y, size_t n, double covariance,
                      const char *what)
{
    struct sums s = moments(x, y, n), products = {0};
    for (size_t i = 0; i < n; i++)
        sums_add(&products, ((double)x[i] - s.x / s.n) * ((double)y[i] - s.y / s.n), 0);
    family_z(f, (sums_mean(&products) - covariance) / (sums_sd(&products) / sqrt(s.n)),
             "%s of %s: %.5g not %.5g", x == y ? "variance" : "covariance", what,
             sums_mean(&products), covariance);
}

void check_variance(struct family *f, const float *x, size_t n, double variance, const char *what)
{
    check_covariance(f, x, x, n, variance, what);
}

void check_r(struct family *f, const float *x, const float *y, size_t n, double r, const char *what)
{
    struct sums s = moments(x, y, n);
    family_z(f, (atanh(sums_r(&s)) - atanh(r)) * sqrt(s.n - 3), "r of %s: %.4f not %.4f", what,
             sums_r(&s), r);
}

void check_share_below(struct family *f, const float *x, size_t n, double cut, double share,
                       const char *what)
{
    size_t below = 0;
    for (size_t i = 0; i < n; i++)
        below += (double)x[i] <= cut;
    family_count(f, (double)below, (double)n, share, "share of %s: %.4f not %.4f", what,
                 (double)below / (double)n, share);
}
