/* What is looked at in a person at a birthday, as a row of targets names it.

   quantity   [when.][z.][ln.]name[+name]...     `z.ln.igfbp2_ng_ml`, `past1.falls_reported`
   when       pastK  summed over the K years before this birthday
              earlier, earlierA  summed over all years from 20, or from the age A, to this birthday
              since  years since the last one, 1 for the year just past; a thousand without any
   z          SD score among the people of that sex and age; ln  natural logarithm
   name       a measure; or age, sex (0 female, 1 male), age_at_fmp; or fracture_any, fracture_major
              (hip, vertebral, forearm, humerus), which stand for the sum of their sites
   condition  quantity and one of = != < <= > >= and a number; several joined by & */
#ifndef SNW_CALIBRATION_QUANTITY_H
#define SNW_CALIBRATION_QUANTITY_H

#include "calibration/panel.h"

enum { SNW_QUANTITY_SUM = 8, SNW_CONDITIONS_MAX = 4, SNW_SCORES_MAX = 8 };

/* Names beside the measures. */
enum { SNW_Q_age = SNW_N_MEASURES, SNW_Q_sex, SNW_Q_age_at_fmp, SNW_N_QUANTITIES };

enum snw_when { SNW_NOW, SNW_PAST, SNW_EARLIER, SNW_SINCE };

struct snw_quantity {
    unsigned n;                   /* names summed; 0: no quantity */
    uint8_t of[SNW_QUANTITY_SUM]; /* measures, or SNW_Q_ */
    enum snw_when when;
    int years; /* of SNW_PAST; of SNW_EARLIER the first age */
    bool ln, z;
    int score;        /* which of the row's tables of means and SDs, where z */
    double precision; /* log SD of the instrument, 0: the truth */
};

enum snw_comparison { SNW_EQUAL, SNW_NOT_EQUAL, SNW_BELOW, SNW_UP_TO, SNW_ABOVE, SNW_FROM };

struct snw_condition {
    struct snw_quantity of;
    enum snw_comparison is;
    double than;
};

struct snw_conditions {
    size_t n;
    struct snw_condition all[SNW_CONDITIONS_MAX];
};

/* Means and SDs by sex and age, for z. */
struct snw_scores {
    double mean[SNW_N_SEXES][SNW_N_AGES], sd[SNW_N_SEXES][SNW_N_AGES];
};

/* Reads a quantity or conditions. @param[in,out] n_scores  tables of means asked for so far
   @param[out] problem  (size,) what is wrong, the nearest known name with it
   @return whether it could be read. */
bool snw_quantity_read(const char *text, struct snw_quantity *q, int *n_scores, char *problem,
                       size_t size);
bool snw_conditions_read(const char *text, struct snw_conditions *c, int *n_scores, char *problem,
                         size_t size);

/* @return the quantity of a person at an age at which he or she was seen; NaN where it is not
   known. @param[in] scores  (SNW_SCORES_MAX,) */
double snw_quantity_at(const struct snw_panel *panel, const struct snw_quantity *q,
                       const struct snw_scores *scores, size_t person, int age);

/* @return whether a value meets a comparison. */
bool snw_compares(double x, enum snw_comparison is, double than);

/* @return 1 where all conditions hold, 0 where one does not, -1 where that is not known. */
int snw_conditions_hold(const struct snw_panel *panel, const struct snw_conditions *c,
                        const struct snw_scores *scores, size_t person, int age);

/* The same of a cell, for conditions on age and sex alone. */
int snw_conditions_hold_in_cell(const struct snw_conditions *c, int sex, int age);

/* @return whether they look at nothing but sex and age at the birthday. */
bool snw_conditions_of_cell(const struct snw_conditions *c);

/* Fills the table of means and SDs of a quantity with z, among all people of the panel. */
void snw_scores_fill(const struct snw_panel *panel, const struct snw_quantity *q,
                     struct snw_scores *table);

#endif
