/* What is concluded, as one long table: every figure with its threshold, error and interval. */
#ifndef SNW_DECISION_FIGURES_H
#define SNW_DECISION_FIGURES_H

#include "decision/evidence.h"

/* Texts are borrowed: literals, or the evidence's. NULL and NaN where there is none. */
struct snw_figure {
    const char *table; /* totals, frontier, acceptability .. */
    const char *strategy;
    const char *versus;          /* strategy that it is compared with */
    const char *about;           /* parameter, or section of parameters */
    const char *statistic;       /* cost, icer, probability .. */
    const char *unit;            /* of value, se, low and high */
    const char *note;            /* quadrant, standing, form of a regression */
    double threshold;            /* money a QALY */
    double value, se, low, high; /* standard error; 2.5 and 97.5 % */
};

struct snw_figures {
    struct snw_figure *list; /* (n,) of (room,) */
    size_t n, room;
    bool short_of_memory;
};

struct snw_question {
    const double *threshold; /* (n_thresholds,) ascending */
    size_t n_thresholds;
    double population, years; /* who faces the decision: a year, and for how long; 0: not asked */
    const double *noise;      /* snw_evidence_noise, NULL where it is not known */
};

/* The threshold by which long tables are ordered: that in the middle. */
double snw_middle_threshold(const struct snw_question *question);

/* Concludes. Released with snw_figures_free. */
snw_status snw_conclude(struct snw_ctx *ctx, const struct snw_evidence *evidence,
                        const struct snw_question *question,
                        struct snw_figures *figures) SNW_MUST_CHECK;
void snw_figures_free(struct snw_figures *figures);

/* The parts of it. */
void snw_figure_add(struct snw_figures *figures, struct snw_figure figure);
struct snw_figure snw_figure_of(const char *table, const char *statistic, const char *unit,
                                double value);
snw_status snw_conclude_information(struct snw_ctx *ctx, const struct snw_evidence *evidence,
                                    const struct snw_question *question,
                                    struct snw_figures *figures) SNW_MUST_CHECK;

/* The cost of each year, and what each strategy adds to the reference's. */
void snw_conclude_budget(const struct snw_budget *budget, struct snw_figures *figures);

#endif
