/* Hazards, survivors and years lived of a life table. */
#include "numerics/life_table.h"

#include "core/vmath.h"

double snw_hazard_of(double q)
{
    return -snw_log_f64(1 - q);
}

void snw_survivors(const double *q, double *alive)
{
    alive[0] = 1;
    for (size_t a = 0; a < SNW_LIFE_AGES; a++)
        alive[a + 1] = alive[a] * (1 - q[a]);
}

double snw_life_expectancy(const double *q)
{
    double alive = 1, years = 0;
    for (size_t a = 0; a < SNW_LIFE_AGES; a++) {
        double h = snw_hazard_of(q[a]);
        years += alive * (h > 1e-12 ? q[a] / h : 1 - q[a] / 2);
        alive *= 1 - q[a];
    }
    return years;
}
