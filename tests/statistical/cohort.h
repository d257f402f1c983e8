/* Fields of a walked cohort, kept person by person at a few birthdays. */
#ifndef SNW_TESTS_STATISTICAL_COHORT_H
#define SNW_TESTS_STATISTICAL_COHORT_H

#include "statistical/family.h"
#include "statistical/sums.h"
#include "statistical/walk.h"

enum { COHORT_AGES_MAX = 8 };

struct cohort {
    size_t n, n_arrays, n_ages;
    int age[COHORT_AGES_MAX];
    float *value; /* (ages, arrays of fields.def, n) */
};

/* Fields as they stand at the birthday, or at the end of the year that it opened, before the step
   to the next one. */
enum moment { BIRTHDAY, YEAR_END };

/* Walks n people of one sex, ids from 0, none of whom dies, to the last of `ages`, which rise and
   end with 0. Released with cohort_free. */
struct cohort *cohort_new(struct world *world, enum snw_sex sex, size_t n, const int *ages,
                          enum moment moment);
void cohort_free(struct cohort *cohort);

/* @return the field of each person at one of the kept ages, (n,); an unknown one fails. */
const float *cohort_at(const struct cohort *cohort, int age, const char *field, size_t index);

/* Checks against what theory says; standard errors from theory for normal variables, from the
   sample's own spread and kurtosis otherwise. */
void check_mean(struct family *family, const float *x, size_t n, double mean, const char *what);
void check_variance(struct family *family, const float *x, size_t n, double variance,
                    const char *what);
/* Of two normal variables, by Fisher's transform. */
void check_r(struct family *family, const float *x, const float *y, size_t n, double r,
             const char *what);
void check_covariance(struct family *family, const float *x, const float *y, size_t n,
                      double covariance, const char *what);
/* Of those below a cut (or at it), and of those above. */
void check_share_below(struct family *family, const float *x, size_t n, double cut, double share,
                       const char *what);

#endif
