/* Incremental analysis of strategies: dominance and incremental cost-effectiveness ratios. */
#ifndef SNW_DECISION_INCREMENTAL_H
#define SNW_DECISION_INCREMENTAL_H

#include <stddef.h>

enum snw_standing {
    SNW_EFFICIENT,            /* on the frontier */
    SNW_DOMINATED,            /* another costs no more and does no less */
    SNW_EXTENDEDLY_DOMINATED, /* a mixture of two others does as much for less */
    SNW_N_STANDINGS
};

/* Of the cost-effectiveness plane: a ratio has a meaning of its own in the first and third only,
   and an opposite one in them. */
enum snw_quadrant {
    SNW_NORTH_EAST, /* dearer, more effective */
    SNW_SOUTH_EAST, /* cheaper, more effective: dominates */
    SNW_SOUTH_WEST, /* cheaper, less effective */
    SNW_NORTH_WEST, /* dearer, less effective: dominated */
    SNW_ON_AXIS,    /* no difference in cost, in effect or in both */
    SNW_N_QUADRANTS
};

/* In single words; the same with what they mean, in static storage. */
extern const char *const snw_standing_words[SNW_N_STANDINGS];
extern const char *const snw_quadrant_words[SNW_N_QUADRANTS];
const char *snw_standing_name(enum snw_standing standing);
const char *snw_quadrant_name(enum snw_quadrant quadrant);

enum snw_quadrant snw_quadrant_of(double cost, double effect);

/* @return more cost over more effect; NaN where the quadrant gives that no meaning of its own. */
double snw_icer(double cost, double effect);

struct snw_option {
    size_t strategy;
    enum snw_standing standing;
    size_t versus; /* the efficient one before it; itself for the first and the dominated ones */
    double cost, effect; /* more than that; 0 without */
    double icer;         /* their ratio; NaN without */
};

/* Orders strategies by cost, finds who is dominated and the ratios along the frontier. Of two that
   are equal in both the earlier stays. Strategies equal in effect are never compared by a ratio:
   the dearer is dominated. Three on one line all stay.
   @param[in]  cost, effect (n,)
   @param[out] options      (n,) in ascending order of cost */
void snw_incremental(size_t n, const double *cost, const double *effect,
                     struct snw_option *options);

#endif
