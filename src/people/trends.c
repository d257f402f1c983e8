/* Shifts by year of birth. */
#include "people/trends.h"

#include <stdlib.h>

struct snw_trend_shift snw_trend_shift_of(const struct snw_trends *trends, enum snw_sex sex,
                                          int birth_year)
{
    double shift[SNW_N_TRENDS] = {0};
    for (size_t k = 0; trends && k < trends->n; k++) {
        const struct snw_trend *t = &trends->list[k];
        int born = birth_year < t->from ? t->from : birth_year > t->to ? t->to : birth_year;
        if (t->sex == SNW_N_SEXES || t->sex == (int)sex)
            shift[t->field] += t->per_decade / 10 * (born - t->from);
    }
    return (struct snw_trend_shift){.height_cm = SNW_R(shift[SNW_TREND_HEIGHT]),
                                    .activity_z = SNW_R(shift[SNW_TREND_ACTIVITY]),
                                    .bmi_ln = SNW_R(shift[SNW_TREND_BMI] / 100),
                                    .fmp_yr =
                                        SNW_R(sex == SNW_FEMALE ? shift[SNW_TREND_MENOPAUSE] : 0)};
}

void snw_trends_free(struct snw_trends *trends)
{
    for (size_t k = 0; k < trends->n; k++)
        free(trends->list[k].source);
    free(trends->list);
    *trends = (struct snw_trends){0};
}
