/* Cohort trends: how people born later differ from those whom the parameters describe.

   The shift of a field is a straight line between two years of birth and constant beyond them:

     shift = per_decade / 10 (min(max(born, from), to) - from)

   0 up to `from`. What it does to lives and how it meets the reference: population/open.md. */
#ifndef SNW_PEOPLE_TRENDS_H
#define SNW_PEOPLE_TRENDS_H

#include <stddef.h>

#include "core/real.h"
#include "params/params.h"

/* Fields in the order of SNW_TREND_WORDS: peak height, cm; physical activity, SD; body mass index,
   per cent of its logarithm; age at the final menstrual period, years. */
enum snw_trend_field {
    SNW_TREND_HEIGHT,
    SNW_TREND_ACTIVITY,
    SNW_TREND_BMI,
    SNW_TREND_MENOPAUSE,
    SNW_N_TRENDS
};
#define SNW_TREND_WORDS "height|activity|bmi|menopause"

struct snw_trend {
    enum snw_trend_field field;
    int sex; /* enum snw_sex; SNW_N_SEXES for both */
    double per_decade;
    int from, to; /* years of birth */
    char *source;
};

struct snw_trends {
    size_t n;
    struct snw_trend *list; /* (n,) several of a field add up */
};

/* Shifts of one sex and year of birth: cm; SD; of log body mass index; years. */
struct snw_trend_shift {
    snw_real height_cm, activity_z, bmi_ln, fmp_yr;
};

/* @param[in] trends  NULL for none */
struct snw_trend_shift snw_trend_shift_of(const struct snw_trends *trends, enum snw_sex sex,
                                          int birth_year);

void snw_trends_free(struct snw_trends *trends);

#endif
