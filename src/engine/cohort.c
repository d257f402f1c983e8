/* Cohort trends in the lives of a block, whose people are all of one sex and year of birth. */
#include "engine/life_state.h"

/* The shift of what a scenario adds to the population's own trends; of scenario 0 these. */
static struct snw_trend_shift own_shift(const struct snw_life *l, size_t scenario)
{
    const struct snw_block *b = &l->work->block;
    return snw_trend_shift_of(l->plan->trends[scenario], b->sex, b->birth_year);
}

/* Those who are at their beginning have all of it. */
static void shift_born(struct snw_block *b, struct snw_trend_shift shift)
{
    for (size_t i = 0; i < b->n; i++) {
        b->height_peak_cm[i] += shift.height_cm;
        b->activity_z[i] += shift.activity_z;
        b->bmi_change[i] += shift.bmi_ln;
    }
}

/* The menopausal transition, from two years before the last period on, is shifted where it is still
   to come, and not into the past. */
static void shift_menopause(struct snw_block *b, snw_real by)
{
    const snw_real soonest = SNW_R(b->age + 2);
    for (size_t i = 0; i < b->n; i++) {
        snw_real fmp = b->fmp_age_yr[i], moved = fmp + by;
        if (fmp >= soonest)
            b->fmp_age_yr[i] = moved > soonest ? moved : soonest;
    }
}

void snw_life_trends_born(const struct snw_life *l)
{
    struct snw_block *b = &l->work->block;
    if (!l->plan->trends)
        return;
    const struct snw_trend_shift shift = own_shift(l, 0);
    shift_born(b, shift);
    shift_menopause(b, shift.fmp_yr);
}

int snw_life_trends_begin(const struct snw_life *l, size_t scenario)
{
    struct snw_block *b = snw_life_block(l, scenario);
    if (!l->plan->trends || !l->plan->trends[scenario] || l->plan->trends[scenario]->n == 0)
        return 0;
    const struct snw_trend_shift shift = own_shift(l, scenario);
    if (b->age == SNW_AGE_FIRST)
        shift_born(b, shift);
    shift_menopause(b, shift.fmp_yr);
    for (size_t i = 0; i < b->n && b->sex == SNW_FEMALE; i++)
        if (b->row[i] >= 0)
            l->tracks[scenario].who[b->row[i]].fmp_age_yr = (double)b->fmp_age_yr[i];
    return 1;
}

void snw_life_trends_advance(const struct snw_life *l, size_t scenario,
                             const struct snw_year_coef *coef)
{
    struct snw_block *b = snw_life_block(l, scenario);
    if (!l->plan->trends)
        return;
    struct snw_trend_shift shift = own_shift(l, 0);
    if (scenario) {
        const struct snw_trend_shift more = own_shift(l, scenario);
        shift.activity_z += more.activity_z;
        shift.bmi_ln += more.bmi_ln;
    }
    const snw_real activity = (SNW_R(1) - coef->activity_phi) * shift.activity_z;
    const snw_real bmi = (SNW_R(1) - coef->bmi_phi) * shift.bmi_ln;
    for (size_t i = 0; i < b->n; i++) {
        b->activity_z[i] += activity;
        b->bmi_change[i] += bmi;
    }
}
