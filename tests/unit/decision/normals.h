/* Normal values for tests: at even quantiles, and at random from a seed. */
#ifndef SNW_TESTS_DECISION_NORMALS_H
#define SNW_TESTS_DECISION_NORMALS_H

#include <stddef.h>
#include <stdint.h>

/* Quantiles (k + 1/2)/n of the standard normal, scaled to a mean of 0 and a variance (n) of 1. */
void even_normals(double *z, size_t n);

/* The next value at random. */
double random_normal(uint64_t *state);

/* Of INB ~ N(mean, sd): E max(0, INB) - max(0, mean), and P(INB > 0). */
double normal_evpi(double mean, double sd);
double normal_probability(double mean, double sd);

#endif
