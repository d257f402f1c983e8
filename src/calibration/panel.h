/* Simulated people in memory: what operators look at. No files. */
#ifndef SNW_CALIBRATION_PANEL_H
#define SNW_CALIBRATION_PANEL_H

#include <stdint.h>

#include "processes/happenings.h"
#include "recorders/measures.h"

/* Groups of persons that the jackknife leaves out one at a time. With 32 the standard error itself
   is known to about an eighth of its size (1/sqrt(2 x 31)), and every operator costs one pass over
   the people whatever the number of groups. */
enum { SNW_PANEL_GROUPS = 32 };

/* Exact summaries by sex and age of a population that the people of the panel are drawn from.
   Arrays are (sexes, ages); NULL for a measure that is not there. */
struct snw_cells {
    double *mean[SNW_N_MEASURES], *sd[SNW_N_MEASURES], *n[SNW_N_MEASURES];
    double *share[SNW_N_MEASURES]; /* (sexes, ages, SNW_LEVELS) of a code */
    double *person_years;          /* lived in all */
};

/* An event of a person at an exact age; kinds and sites of processes/happenings.h. */
struct snw_panel_event {
    double age_yr;
    uint8_t kind, site;
};

/* A panel may hold people, cells, or both. Whoever fills it owns it; snw_panel_free releases all
   arrays with free(). */
struct snw_panel {
    size_t n;                     /* persons; 0: cells alone */
    float *value[SNW_N_MEASURES]; /* (n, SNW_N_AGES), NaN where not lived; NULL: not there */
    uint8_t *sex;                 /* (n,) enum snw_sex */
    uint32_t *person;             /* (n,) keys of the draws of instrument error */
    int16_t *from, *to;           /* (n,) first and last birthday alive and seen */
    double *fmp_age_yr;           /* (n,) NaN in men */
    double *death_age_yr;         /* (n,) NaN in survivors to the horizon */
    double *weight;               /* (n,) NULL: 1 for everybody */
    size_t *event_first;          /* (n + 1,) of each person's events; NULL: none are known */
    struct snw_panel_event *event;
    uint8_t *group;                        /* (n,) below SNW_PANEL_GROUPS */
    double alive[SNW_N_SEXES][SNW_N_AGES]; /* summed weights of those alive and seen */
    struct snw_cells cells;
};

/* Fills from and to, for which there is room, from the measure alive: the first and last birthday
   alive and seen. */
void snw_panel_spans(struct snw_panel *panel);

/* Deals persons out to the groups of the jackknife, each sex in turn, all rows of one person to one
   group (a study's replicates share their start), and counts the living.
   @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_panel_complete(struct snw_ctx *ctx, struct snw_panel *panel) SNW_MUST_CHECK;

void snw_panel_free(struct snw_panel *panel);

/* @return a measure of a person at an age; NaN where it was not seen. */
static inline double snw_panel_value(const struct snw_panel *panel, int measure, size_t person,
                                     int age)
{
    return (double)panel->value[measure][person * SNW_N_AGES + (size_t)(age - SNW_AGE_FIRST)];
}

/* Place of a sex and age in the arrays of cells. */
static inline size_t snw_cell_index(int sex, int age)
{
    return (size_t)(sex * SNW_N_AGES + age - SNW_AGE_FIRST);
}

#endif
