/* What costs and quality of life, known by year of age, come to over lives: a person. */
#ifndef SNW_DECISION_FLOW_H
#define SNW_DECISION_FLOW_H

#include <stdbool.h>
#include <stddef.h>

enum snw_whom { SNW_WOMEN, SNW_MEN, SNW_BOTH };

/* A year's flow by sex, women first, and age. It is taken to be even over [a, a + 1), also that of
   the year in which people die. Formula: decision.md. */
struct snw_flow {
    size_t n_ages, from;  /* in the arrays; the first that counts, to which it is discounted */
    const double *weight; /* (n_ages - from,) by snw_flow_weights */
    const double *people; /* (2, n_ages) alive at the birthday */
    const double *flow;   /* (2, n_ages, step), the first of each step is taken; where nobody is
                             alive it is not looked at */
    size_t step;
    bool of_all; /* it is that of all people, else the mean of those alive */
};

/* Present values, at an annual effective rate, of a flow of 1 a year in each of n years. */
void snw_flow_weights(double rate, size_t n, double *weight);

/* @return people alive at the first age. */
double snw_flow_people(const struct snw_flow *flow, enum snw_whom whom);

/* @return the present value over all ages from the first on, divided by who lives at that; NaN
   where nobody does. */
double snw_flow_total(const struct snw_flow *flow, enum snw_whom whom);

#endif
