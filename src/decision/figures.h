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

/* A trial of two arms that would estimate one parameter. */
enum { SNW_TRIAL_SIZES = 8 };
struct snw_trial {
    char key[96]; /* of the parameter */
    bool ln;      /* its logarithm is estimated */
    double sd;    /* of one person: the estimate's error is sd sqrt(2/people an arm) */
    size_t n_sizes;
    double size[SNW_TRIAL_SIZES]; /* people an arm */
    char label[SNW_TRIAL_SIZES][160];
    double cost, cost_each; /* of it all; of a person in it */
};

/* Two parameters that are looked at together, each cut into fifths of the draws. */
enum { SNW_PAIR_PARTS = 5 };
struct snw_pair {
    char key[2][96]; /* empty: the two by which the chosen strategy's net benefit moves most */
    char label[200], note[SNW_PAIR_PARTS * SNW_PAIR_PARTS][160];
};

/* Weights of a QALY by group, SNW_WOMEN and SNW_MEN; Atkinson's aversion to inequality. */
enum { SNW_GROUPS = 2 };
struct snw_equity {
    double weight[SNW_GROUPS], aversion;
};
extern const char *const snw_group_names[SNW_GROUPS];

struct snw_question {
    const double *threshold; /* (n_thresholds,) ascending */
    size_t n_thresholds;
    double population, years; /* who faces the decision: a year, and for how long; 0: not asked */
    const double *noise;      /* snw_evidence_noise, NULL where it is not known */
    const struct snw_trial *trial;   /* NULL: none */
    struct snw_pair *pair;           /* NULL: none */
    const struct snw_equity *equity; /* NULL: not asked */
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

/* Of some of the parameters and of a trial. @param[in] most  (n_thresholds,) what all knowledge is
   worth with the luck taken out, which none of it may exceed; NULL where luck is not known */
snw_status snw_conclude_information(struct snw_ctx *ctx, const struct snw_evidence *evidence,
                                    const struct snw_question *question, const double *most,
                                    struct snw_figures *figures) SNW_MUST_CHECK;
snw_status snw_conclude_trial(struct snw_ctx *ctx, const struct snw_evidence *evidence,
                              const struct snw_question *question, const double *most,
                              struct snw_figures *figures) SNW_MUST_CHECK;
static inline double snw_at_most(const double *most, size_t threshold, double value)
{
    return most && value > most[threshold] ? most[threshold] : value;
}

snw_status snw_conclude_pair(struct snw_ctx *ctx, const struct snw_evidence *evidence,
                             const struct snw_question *question,
                             struct snw_figures *figures) SNW_MUST_CHECK;

/* The same of women and of men. @param[in] groups  (SNW_GROUPS,) evidence of each, which the
   figures borrow from */
snw_status snw_conclude_groups(struct snw_ctx *ctx, const struct snw_evidence *groups,
                               const struct snw_question *question,
                               struct snw_figures *figures) SNW_MUST_CHECK;

/* Atkinson's equally distributed equivalent: (sum share h^(1 - a))^(1/(1 - a)), for a = 1 the
   geometric mean; NaN where a group has no health. @param[in] share, health  (n,) */
double snw_equally_distributed(size_t n, const double *share, const double *health,
                               double aversion);

/* @return SNW_ERR_USAGE where no element that varies has this key. */
snw_status snw_element_find(struct snw_ctx *ctx, const struct snw_evidence *evidence,
                            const char *key, const struct snw_element **element) SNW_MUST_CHECK;

/* The cost of each year, and what each strategy adds to the reference's. */
void snw_conclude_budget(const struct snw_budget *budget, struct snw_figures *figures);

#endif
