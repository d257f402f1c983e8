/* A block of women for tests of single years. */
#ifndef SNW_TESTS_SUPPORT_WOMEN_H
#define SNW_TESTS_SUPPORT_WOMEN_H

#include <string.h>

#include "people/block.h"

/* n women of an age, lane i with person id i, who live the whole year and never broke a bone; all
   else is nought. */
static inline void lay_women(struct snw_block *women, size_t n, int age)
{
    memset(women, 0, sizeof *women);
    women->n = n;
    women->sex = SNW_FEMALE;
    women->age = age;
    for (uint32_t i = 0; i < n; i++) {
        women->person[i] = i;
        women->lived_yr[i] = 1;
        for (size_t g = 0; g < sizeof women->fracture_age_yr / sizeof *women->fracture_age_yr; g++)
            women->fracture_age_yr[g][i] = -1000;
    }
}

#endif
