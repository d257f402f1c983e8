/* What is told of a nation by calendar year, sex and age group: people, totals of what happens to
   them, means of what they are. */
#ifndef SNW_EXPERIMENT_NATIONAL_H
#define SNW_EXPERIMENT_NATIONAL_H

#include "experiment/work.h"

enum { SNW_AGE_GROUPS = 8, SNW_NATIONAL_MAX = 12 + SNW_N_MEASURES };

extern const struct snw_age_group {
    const char *label;
    int from, to;
} snw_age_groups[SNW_AGE_GROUPS];

enum snw_national_kind {
    SNW_NATIONAL_PEOPLE, /* alive at the birthday */
    SNW_NATIONAL_LEVEL,  /* of them at a level of a code, or above */
    SNW_NATIONAL_TOTAL,  /* of what happens in the year */
    SNW_NATIONAL_MEAN    /* of those alive */
};

struct snw_national {
    enum snw_national_kind kind;
    enum snw_measure measure;
    int level;
    int n_measures;  /* added up from the first on: sites */
    bool discounted; /* to the decision year */
    bool drawn;      /* kept for every draw */
    char name[64], doc[192];
    const char *units; /* USD without its year */
};

/* Lists all quantities into list, (SNW_NATIONAL_MAX,). @return how many. */
size_t snw_national_list(struct snw_national *list);

/* @return values of a quantity: (years, SNW_SEX_LABELS, SNW_AGE_GROUPS) of the world. */
size_t snw_national_values(const struct snw_world *world);

/* Adds up a quantity of a scenario. @param[out] value, variance (snw_national_values,); the second,
   over other luck and other people of the same world, for all but means, where it is NaN. Each
   person is a draw of its own; how many are met is known. NULL: not wanted. */
void snw_national_add_up(const struct snw_world *world, const struct snw_totals *totals,
                         const struct snw_national *quantity, double *value, double *variance);

/* People of the nation for each one met at this sex and age; 0 where nobody was met. Of an open
   population it is one number. */
double snw_person_weight(const struct snw_world *world, const struct snw_totals *totals, int sex,
                         int age);

/* The calendar year to which costs and QALYs are discounted: that in which the first scenario
   begins. */
int snw_decision_year(const struct snw_settings *settings);

/* @return the factor that discounts the year `year` after the first at an annual rate. */
double snw_national_discount(const struct snw_settings *settings, double rate, size_t year);

#endif
