/* What the priors of the table say in closed form, on GSL: held against what is drawn. */
#ifndef SNW_TESTS_PARAMS_THEORY_H
#define SNW_TESTS_PARAMS_THEORY_H

#include <stdbool.h>

#include "params/params.h"

/* The prior of one element, not cut to its bounds. */
struct theory {
    enum { THEORY_NORMAL, THEORY_LOGNORMAL, THEORY_BETA, THEORY_GAMMA, THEORY_UNIFORM } kind;
    double a, b; /* mean, sd; median, log-sd; shapes; shape, scale; from, to */
};

struct theory theory_of(const struct snw_prior *prior, double preset);

/* The distribution function at x, and 1 minus it. */
double theory_p(const struct theory *t, double x);
double theory_q(const struct theory *t, double x);

double theory_mean(const struct theory *t);
double theory_sd(const struct theory *t);

/* The mass outside the bounds. */
double theory_lost(const struct theory *t, double low, double high);

#endif
