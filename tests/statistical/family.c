/* p-values, and Holm's procedure over them. */
#include "statistical/family.h"

#include "support/near.h"

#include <gsl/gsl_cdf.h>
#include <stdio.h>
#include <stdlib.h>

enum { PRINTED = 3 };

void family_begin(struct family *f, const char *name, double level)
{
    *f = (struct family){.name = name, .level = level};
}

static void add(struct family *f, double p, const char *what, va_list words)
{
    if (f->n == f->room) {
        f->room = f->room ? 2 * f->room : 256;
        f->check = realloc(f->check, f->room * sizeof *f->check);
        assert_non_null(f->check);
    }
    struct family_check *check = &f->check[f->n++];
    check->p = isnan(p) ? 0 : p;
    vsnprintf(check->what, sizeof check->what, what, words);
}

#define ADD(p)                                                                                     \
    do {                                                                                           \
        va_list words;                                                                             \
        va_start(words, what);                                                                     \
        add(f, p, what, words);                                                                    \
        va_end(words);                                                                             \
    } while (0)

void family_p(struct family *f, double p, const char *what, ...)
{
    ADD(p);
}

void family_z(struct family *f, double z, const char *what, ...)
{
    ADD(2 * gsl_cdf_ugaussian_Q(fabs(z)));
}

void family_t(struct family *f, double t, double df, const char *what, ...)
{
    ADD(2 * gsl_cdf_tdist_Q(fabs(t), df));
}

void family_chi_square(struct family *f, double chi_square, double df, const char *what, ...)
{
    ADD(gsl_cdf_chisq_Q(chi_square, df));
}

/* With a thousand or more expected either way the normal is good enough: at 5 SE its tail is right
   within a factor of 2. */
static double count_p(double count, double n, double p)
{
    double variance = n * p * (1 - p);
    if (variance > 1000)
        return 2 * gsl_cdf_ugaussian_Q(fabs(count - n * p) / sqrt(variance));
    unsigned k = (unsigned)count, of = (unsigned)n;
    double below = gsl_cdf_binomial_P(k, p, of);
    double above = k == 0 ? 1 : gsl_cdf_binomial_Q(k - 1, p, of);
    return fmin(1, 2 * fmin(below, above));
}

void family_count(struct family *f, double count, double n, double p, const char *what, ...)
{
    ADD(count_p(count, n, p));
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The limiting law of the largest distance times sqrt(n). */
static double kolmogorov(double x)
{
    double sum = 0;
    for (int k = 1; k < 100; k++)
        sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * x * x);
    return x < 0.2 ? 1 : fmin(1, fmax(0, sum));
}

/* The limiting law of Anderson and Darling's statistic after Marsaglia and Marsaglia (2004), J Stat
   Softw 9(2), good to 2e-6; beyond 12 its tail falls as exp(-z). */
static double anderson_darling(double z)
{
    if (z > 12)
        return 3e-6 * exp(12 - z);
    if (z < 2)
        return 1 - exp(-1.2337141 / z) / sqrt(z) *
                       (2.00012 +
                        (0.247105 -
                         (0.0649821 - (0.0347962 - (0.0116720 - 0.00168691 * z) * z) * z) * z) *
                            z);
    return -expm1(-exp(
        1.0776 - (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * z) * z) * z) * z) * z));
}

void family_uniform(struct family *f, double *u, size_t n, const char *what)
{
    double largest = 0, sum = 0, size = (double)n;
    qsort(u, n, sizeof *u, by_size);
    for (size_t i = 0; i < n; i++) {
        double below = (double)i / size, above = (double)(i + 1) / size;
        largest = fmax(largest, fmax(u[i] - below, above - u[i]));
        sum += (2 * (double)i + 1) * (log(u[i]) + log1p(-u[n - 1 - i]));
    }
    double square = -size - sum / size;
    family_p(f, kolmogorov(largest * sqrt(size)), "%s: Kolmogorov-Smirnov", what);
    family_p(f, anderson_darling(square), "%s: Anderson-Darling", what);
}

static int by_p(const void *left, const void *right)
{
    double a = ((const struct family_check *)left)->p, b = ((const struct family_check *)right)->p;
    return (a > b) - (a < b);
}

size_t family_rejected(struct family *f)
{
    size_t rejected = 0;
    qsort(f->check, f->n, sizeof *f->check, by_p);
    while (rejected < f->n && f->check[rejected].p * (double)(f->n - rejected) < f->level)
        rejected++;
    print_message("%s: %zu checks at a family-wise level of %g, %zu rejected; smallest p", f->name,
                  f->n, f->level, rejected);
    for (size_t i = 0; i < f->n && (i < PRINTED || (i < rejected && i < 20)); i++)
        print_message("%s %.2g (%s)", i ? "," : "", f->check[i].p, f->check[i].what);
    print_message("\n");
    return rejected;
}

void family_end(struct family *f)
{
    size_t rejected = family_rejected(f), n = f->n;
    const char *name = f->name;
    free(f->check);
    *f = (struct family){0};
    if (rejected || n == 0)
        fail_msg("%s: %zu of %zu checks rejected", name, rejected, n);
}
