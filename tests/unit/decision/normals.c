/* Normal values for tests. */
#include "normals.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

void even_normals(double *z, size_t n)
{
    double squares = 0;
    for (size_t k = 0; k < n; k++) {
        z[k] = gsl_cdf_ugaussian_Pinv(((double)k + 0.5) / (double)n);
        squares += z[k] * z[k] / (double)n;
    }
    for (size_t k = 0; k < n; k++)
        z[k] /= sqrt(squares);
}

double random_normal(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u; /* splitmix64 */
    uint64_t x = *state;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    return gsl_cdf_ugaussian_Pinv(((double)(x >> 11) + 0.5) / 9007199254740992.0);
}

double normal_evpi(double mean, double sd)
{
    double u = fabs(mean) / sd;
    return sd * (gsl_ran_ugaussian_pdf(u) - u * gsl_cdf_ugaussian_Q(u));
}

double normal_probability(double mean, double sd)
{
    return gsl_cdf_ugaussian_P(mean / sd);
}
