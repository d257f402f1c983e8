/* Published figures as data: a table of targets, read strictly. */
#ifndef SNW_CALIBRATION_TARGETS_H
#define SNW_CALIBRATION_TARGETS_H

#include "calibration/quantity.h"

enum snw_operator {
#define SNW_OPERATOR(name, ...) SNW_OP_##name,
#include "calibration/operators.def"
#undef SNW_OPERATOR
    SNW_N_OPERATORS
};

enum snw_argument {
#define SNW_ARGUMENT(name, ...) SNW_A_##name,
#include "calibration/arguments.def"
#undef SNW_ARGUMENT
    SNW_N_ARGUMENTS
};

enum snw_target_column {
#define SNW_COLUMN(name, doc) SNW_T_##name,
#include "calibration/columns.def"
#undef SNW_COLUMN
    SNW_N_COLUMNS
};

enum snw_family { SNW_FAMILY_LEVEL, SNW_FAMILY_MOMENT, SNW_FAMILY_RATIO, SNW_FAMILY_NONE };

struct snw_operator_info {
    const char *name, *doc;
    enum snw_family family;
    unsigned needs, allows; /* bits 1 << SNW_A_, and SNW_TAKES_ */
    bool absolute;          /* a discrepancy of 0.02, not of 5 % */
};

/* What an operator takes beside arguments. */
enum { SNW_TAKES_QUANTITY = 1 << 28, SNW_TAKES_CONDITION = 1 << 29, SNW_TAKES_WITH = 1 << 30 };

extern const struct snw_operator_info snw_operator_table[SNW_N_OPERATORS];

/* Places of the words of arguments.def and columns.def. */
enum snw_statistic { SNW_MEAN, SNW_MEDIAN, SNW_SD, SNW_IQR, SNW_R_OF, SNW_R2_OF };
enum snw_compare { SNW_RATIO, SNW_PERCENT, SNW_DIFFERENCE };
enum snw_strata { SNW_BY_AGE_SEX, SNW_BY_AGE, SNW_BY_SEX, SNW_BY_NONE };
enum { SNW_ADJUST_AGE = 1, SNW_ADJUST_AGE2 = 2, SNW_ADJUST_ACTIVITY = 4 };
enum snw_weighting { SNW_LIVED, SNW_EVEN, SNW_CENSUS };
enum snw_side { SNW_SIDE_EQUAL, SNW_AT_LEAST, SNW_AT_MOST };
enum snw_target_spread {
    SNW_TARGET_SPREAD_CI,
    SNW_TARGET_SPREAD_SE,
    SNW_TARGET_SPREAD_SD,
    SNW_TARGET_SPREAD_N,
    SNW_TARGET_SPREAD_RANGE,
    SNW_TARGET_SPREAD_ASSUMED,
    SNW_TARGET_SPREAD_NONE
};
enum snw_target_status { SNW_CHECKED, SNW_DERIVED, SNW_RECALLED, SNW_ASSUMED };
enum { SNW_BOTH_SEXES = SNW_N_SEXES };

struct snw_target {
    size_t line;
    char *memory;                    /* of the texts */
    const char *text[SNW_N_COLUMNS]; /* as written; "" where empty */
    enum snw_operator op;
    struct snw_quantity measure, with;
    struct snw_conditions is, selection, among, against;
    unsigned given;                   /* arguments, bits 1 << SNW_A_ */
    double argument[SNW_N_ARGUMENTS]; /* numbers; places of words; bits of several */
    int n_scores;                     /* tables of means that its quantities ask for */
    int sex;                          /* enum snw_sex or SNW_BOTH_SEXES */
    int age_from, age_to;
    enum snw_weighting weighting;
    int census; /* year whose people the ages weigh as, where SNW_CENSUS */
    int year;   /* 0: not given */
    double value, low, high, sd, n, standard_error; /* NaN where empty */
    enum snw_side side;
    enum snw_target_spread spread;
    enum snw_target_status status;
    double weight;
    bool fitted;
};

struct snw_targets {
    size_t n;
    struct snw_target *list; /* (n,) */
};

/* Reads a table: CSV as in config/csv.h with the columns of columns.def. Reported with file, line
   and column, all that is wrong at once: columns that are missing, unknown or there twice, rows of
   another length, unknown operators, arguments, measures and words (with the nearest known one),
   numbers that are none or out of bounds, what an operator needs and lacks or does not take,
   spreads without their numbers, ids twice, conflicts with no row. Released with snw_targets_free,
   whatever is returned.
   @return SNW_OK, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_targets_read(struct snw_ctx *ctx, const char *path,
                            struct snw_targets *targets) SNW_MUST_CHECK;
void snw_targets_free(struct snw_targets *targets);

/* @return whether an argument is given. */
static inline bool snw_given(const struct snw_target *t, enum snw_argument a)
{
    return t->given >> a & 1;
}

/* Calls f with every quantity that a target looks at. */
void snw_each_quantity(const struct snw_target *t,
                       void (*f)(const struct snw_quantity *q, void *to), void *to);

/* Marks the measures that a target is taken from, (SNW_N_MEASURES,). */
void snw_target_measures(const struct snw_target *t, bool *needed);

#endif
