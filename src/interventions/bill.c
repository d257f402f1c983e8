/* What treatment costs, and what it does to the quality of the time lived. */
#include <string.h>

#include "interventions/treatment.h"

static int64_t whole(double x)
{
    return (int64_t)(x < 0 ? x - 0.5 : x + 0.5);
}

static int32_t held(int64_t low, int64_t high, int64_t x)
{
    return (int32_t)(x < low ? low : x > high ? high : x);
}

static void bill_lane(struct snw_accounts *accounts, size_t i, double cents, double millionths,
                      double lived)
{
    const int64_t more = whole(cents), low = whole(SNW_QALY_LOW * lived);
    int32_t before = accounts->cost_cents[i];
    accounts->cost_cents[i] = held(0, INT32_MAX, before + more);
    accounts->qaly_millionths[i] =
        held(low, whole(SNW_QALY_HIGH * lived), accounts->qaly_millionths[i] + whole(millionths));
    accounts->treatment_cents[i] += accounts->cost_cents[i] - before;
    if (accounts->part_cents)
        accounts->part_cents[SNW_COST_INTERVENTIONS][i] = accounts->treatment_cents[i];
}

void snw_treat_account(const struct snw_treating *t, const struct snw_block *b, size_t n,
                       struct snw_accounts *accounts)
{
    accounts->treated = 1;
    memset(accounts->treatment_cents, 0, n * sizeof accounts->treatment_cents[0]);
    for (size_t k = 0; k < t->programme->n; k++) {
        const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
        const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
        const double change = t->programme->value[k][SNW_CHANNEL_utility_change];
        const double cents = 100 * (1 - accounts->other_payers);
        const double per_yr = cents * t->programme->usd_per_yr[k];
        const double once = cents * t->programme->usd_at_start[k];
        const double well = 1e6 * (change - t->programme->qaly_lost_per_yr[k]);
        const double harm = 1e6 * t->programme->qaly_lost_at_start[k];
        for (size_t i = 0; i < n; i++) {
            const double from = (double)start[i], until = (double)stop[i];
            const double lived = (double)b->lived_yr[i], end = b->age + lived;
            double on = (until < end ? until : end) - (from > b->age ? from : b->age);
            const int starts = from == b->age;
            if (on > 0)
                bill_lane(accounts, i, per_yr * on + (starts ? once : 0),
                          well * on - (starts ? harm : 0), lived);
        }
    }
}
