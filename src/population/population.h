/* Who is simulated: a birth cohort, a cross-section of a country, an open population, a study's
   sample, in units of work. */
#ifndef SNW_POPULATION_POPULATION_H
#define SNW_POPULATION_POPULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"
#include "numerics/life_table.h"
#include "population/nation.h"

/* Years a lane lives on after it was met, when nothing ends it but the horizon. */
enum { SNW_FOR_LIFE = SNW_N_AGES, SNW_REPLICATE_BITS = 20 };

/* People who begin their lives alike: one sex, and where it matters one age at which they are met.
 */
struct snw_cell_of_people {
    enum snw_sex sex;
    int32_t birth_year;
    int32_t age_from, age_to; /* met at an age drawn between these, both included */
    uint64_t first, n;        /* persons first .. first + n - 1 */
};

struct snw_population {
    int mode;            /* enum snw_mode */
    uint64_t persons;    /* people met in one replicate */
    uint64_t replicates; /* of all persons */
    uint64_t n_women;    /* of a birth cohort, spread evenly over the ids */
    uint64_t unit_people, n_units;
    uint64_t rows, unit_rows, row_units; /* sampled lives: all, of a unit, units that hold some */
    int32_t years_after; /* recorded after the year in which a lane is met; not of an open one */
    int32_t year, until; /* first and last calendar year of an open population */
    size_t years;        /* kept by calendar year: of a cross-section 1 + years_after, of an open
                            population all, else 0 */
    double weight; /* people of the nation that each person of an open population stands for */
    int64_t only_person; /* -1 for everybody */
    uint32_t seed;       /* draws the age at which a study meets a person */
    size_t n_cells;
    struct snw_cell_of_people *cells;
};

/* One life to begin. */
struct snw_lane_of_unit {
    enum snw_sex sex;
    int32_t birth_year, enter_age, exit_age, row;
    uint32_t person, replicate;
};

/* Lays out the population of the settings. @param[in] nation for a cross-section or an open
   population. Released with snw_population_free.
   @return SNW_OK, SNW_ERR_CONFIG, SNW_ERR_MEMORY. */
snw_status snw_population_init(struct snw_ctx *ctx, const struct snw_settings *settings,
                               const struct snw_nation *nation,
                               struct snw_population *population) SNW_MUST_CHECK;
/* @return the years that living people open until they leave, those before they are met and those
   of lives begun in vain included, as expected under the life table; in *recorded those that are
   recorded. */
double snw_population_years(const struct snw_population *population,
                            const struct snw_life_table *life, double *recorded);
void snw_population_free(struct snw_population *population);

/* @return lives that begin in unit `unit`, written to lanes, (unit_people,), by sex, birth year and
   the age at which they are met. */
size_t snw_population_unit(const struct snw_population *population, uint64_t unit,
                           struct snw_lane_of_unit *lanes);

/* @return the age at which those of a birth year who were met at `met` are left, 98 at the latest.
 */
int32_t snw_population_exit_age(const struct snw_population *population, int32_t birth_year,
                                int32_t met);

/* @return persons of a sex who are met at an age and in the year `later` after the first, all
   replicates. Of an open population. */
uint64_t snw_population_joins(const struct snw_population *population, int sex, int age,
                              size_t later);

/* @return the people that a person begins with; the index of a study's cell is that of its group.
   Not for a birth cohort. */
const struct snw_cell_of_people *snw_population_cell(const struct snw_population *population,
                                                     uint64_t person);

/* @return the replicate in a counter, which may carry the number of an attempt above it. */
static inline int32_t snw_replicate_of(uint32_t counter)
{
    return (int32_t)(counter & ((1u << SNW_REPLICATE_BITS) - 1));
}

/* @return sampled lives in a unit, the first of them in *first_row. */
uint64_t snw_population_rows(const struct snw_population *population, uint64_t unit,
                             uint64_t *first_row);

#endif
