/* Inside calibration/: what the families of operators share while one target is evaluated. */
#ifndef SNW_CALIBRATION_EVALUATION_H
#define SNW_CALIBRATION_EVALUATION_H

#include "calibration/evaluate.h"

struct snw_evaluation {
    struct snw_ctx *ctx;
    const struct snw_panel *panel;
    const struct snw_target *t;
    struct snw_room *room;
    struct snw_scores scores[SNW_SCORES_MAX];
    double weight[SNW_N_SEXES][SNW_N_AGES];      /* of one person alive at that age, in the panel */
    double cell_weight[SNW_N_SEXES][SNW_N_AGES]; /* the same in the cells */
    double hazard_per_yr[SNW_N_SEXES][SNW_N_AGES]; /* of death, where deaths are looked at */
    snw_status status;
};

/* Values of a target with nobody left out, and without each group. Groups in which nobody was
   met count for nothing. */
struct snw_jackknife {
    double all, without[SNW_PANEL_GROUPS];
    bool met[SNW_PANEL_GROUPS];
};

/* @return the jackknife's standard error, NaN with fewer than two groups. */
double snw_jackknife_error(const struct snw_jackknife *j);

/* @return memory of at least so many bytes, its contents kept; NULL where there is none. */
void *snw_room_need(struct snw_room *room, size_t bytes);

/* @return whether a person at an age counts for the row: sex and selection. */
bool snw_selected(const struct snw_evaluation *e, size_t person, int age);

/* Weight of a person at an age. */
double snw_weight(const struct snw_evaluation *e, size_t person, int age);

/* Which groups a person is in at an age: bit 0 among, bit 1 against; bit 0 where the row has none.
 */
unsigned snw_groups_of(const struct snw_evaluation *e, size_t person, int age);

/* The families: each fills j. Levels are averages and quantiles and what is made of them; moments
   are correlations; ratios compare risks within strata. */
void snw_levels(struct snw_evaluation *e, struct snw_jackknife *j);
void snw_moments(struct snw_evaluation *e, struct snw_jackknife *j);
void snw_ratios(struct snw_evaluation *e, struct snw_jackknife *j);

/* Levels of the cells. @param[out] error  an upper bound of the Monte Carlo error.
   @return the value, NaN where the cells do not suffice. */
double snw_levels_of_cells(const struct snw_evaluation *e, double *error);

/* Share of the cells' people that the panel has, at the ages of the target. */
double snw_levels_drawn(const struct snw_evaluation *e);

#endif
