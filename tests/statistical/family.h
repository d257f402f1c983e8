/* Many statistical checks held together to one level.

   Each check hands in its p-value: the chance of so large a deviation if the program is right. At
   the end Holm's procedure rejects those that are too small for the level of the whole family, so
   that all checks together cry wolf once in 1/level random seeds. Seeds are fixed: what passed once
   passes always. */
#ifndef SNW_TESTS_STATISTICAL_FAMILY_H
#define SNW_TESTS_STATISTICAL_FAMILY_H

#include <stddef.h>

struct family {
    const char *name;
    double level;
    size_t n, room;
    struct family_check {
        double p;
        char what[80];
    } * check;
};

/* @param[in] level chance that a right program fails one or more checks. Released by family_end. */
void family_begin(struct family *family, const char *name, double level);

/* A check by its p-value; NaN counts as 0. The rest says of what, as printf does. */
void family_p(struct family *family, double p, const char *what, ...)
    __attribute__((format(printf, 3, 4)));
/* By a standard normal, both sides. */
void family_z(struct family *family, double z, const char *what, ...)
    __attribute__((format(printf, 3, 4)));
/* By Student's t with df degrees of freedom, both sides. */
void family_t(struct family *family, double t, double df, const char *what, ...)
    __attribute__((format(printf, 4, 5)));
/* By a chi-square, the upper side. */
void family_chi_square(struct family *family, double chi_square, double df, const char *what, ...)
    __attribute__((format(printf, 4, 5)));
/* By a count of n independent trials with chance p each, both sides, exact where few are expected.
 */
void family_count(struct family *family, double count, double n, double p, const char *what, ...)
    __attribute__((format(printf, 5, 6)));
/* Two checks of n uniforms: Kolmogorov-Smirnov and, sharper in the tails, Anderson-Darling. Sorts
 * u. */
void family_uniform(struct family *family, double *u, size_t n, const char *what);

/* @return the checks rejected at the level; prints them and the smallest p-values. */
size_t family_rejected(struct family *family);
/* Fails the test where one is rejected; releases the family. */
void family_end(struct family *family);

#endif
