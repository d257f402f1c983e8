/* Inside calibration/: values gathered by place, from which averages and quantiles are taken. */
#ifndef SNW_CALIBRATION_LEVELS_H
#define SNW_CALIBRATION_LEVELS_H

#include "calibration/evaluation.h"

/* Two groups that are compared, and up to three levels that an operator is made of. */
enum { SNW_PARTS = 2, SNW_SLOTS = 3, SNW_PLACES = SNW_PARTS * SNW_SLOTS };

struct snw_level_sums {
    double n, w, x, xx; /* values; sums of weights, weighted values and squares */
};

struct snw_level_item {
    double x, w;
    uint8_t place, group;
};

struct snw_levels {
    struct snw_evaluation *e;
    bool listed; /* quantiles: values are kept */
    struct snw_level_sums sum[SNW_PANEL_GROUPS][SNW_PLACES];
    struct snw_level_item *item; /* in the room of the evaluation */
    size_t n_items;
};

/* Adds a value to one level of the groups (bits, as snw_groups_of). */
void snw_level_add(struct snw_levels *l, size_t person, unsigned groups, int slot, double x,
                   double w);

/* Gathers the values of the target's operator. */
void snw_levels_gather(struct snw_levels *l);

/* SD of the values behind sums, n - 1 below; NaN of fewer than two. */
double snw_level_spread(struct snw_level_sums sums);

/* What a target takes of its values. */
enum snw_statistic snw_level_statistic(const struct snw_target *t);

/* The target's value from its levels, (SNW_PLACES,), two groups compared where it says so. */
double snw_levels_compared(const struct snw_target *t, const double *at);

/* Levels that an age belongs to in a cross-section, bits. */
unsigned snw_level_slots(const struct snw_target *t, int age);

#endif
