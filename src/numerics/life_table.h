/* Chances of death by sex and age, and what follows from them. */
#ifndef SNW_NUMERICS_LIFE_TABLE_H
#define SNW_NUMERICS_LIFE_TABLE_H

#include <stddef.h>

enum { SNW_LIFE_AGES = 78 }; /* 20 .. 97 */

struct snw_life_table {
    double q[2][SNW_LIFE_AGES]; /* [sex][age - 20] chance of death within the year, 0 <= q < 1 */
    int year;
};

/* @return the hazard -ln(1 - q) a year. */
double snw_hazard_of(double q);

/* @param[out] alive (79,) the share of those aged 20 alive at 20 .. 98. @param[in] q (78,). */
void snw_survivors(const double *q, double *alive);

/* @return years lived from 20 to the 98th birthday, hazard constant within each year. */
double snw_life_expectancy(const double *q);

#endif
