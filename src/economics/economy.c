/* Parameters to costs and utilities of a year of age. */
#include <string.h>

#include "economics/lane_year.h"
#include "numerics/curves.h"

static const double age_cost[] = {20, 32, 50, 60, 70, 80, 90, 97};
static const double age_utility[] = {20, 32, 40, 50, 60, 70, 82, 97};

static void build_costs(struct snw_economy_year *e, const struct snw_params *p, int sex, int age)
{
    const double *first_year[SNW_N_GROUPS][2] = {
        {p->economics_hip_first_year_under_65, p->economics_hip_first_year_65},
        {p->economics_vertebral_first_year_under_65, p->economics_vertebral_first_year_65},
        {p->economics_nhnv_first_year_under_65, p->economics_nhnv_first_year_65}};
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        for (int old = 0; old < 2; old++)
            e->first_year[g][old] = first_year[g][old][0];
        e->share[g][0] = 1;
        e->share[g][1] = p->economics_second_year_share[g] * p->economics_later_years_factor[0];
        for (int k = 2; k < SNW_COST_YEARS; k++)
            e->share[g][k] = e->share[g][k - 1] / 2;
    }
    e->injury = p->economics_injury[0];
    e->nursing_home = p->economics_nursing_home[0];
    e->frail = sex == SNW_FEMALE ? p->economics_frail_women[0] : p->economics_frail_men[0];
    e->disabled = p->economics_disabled[sex];
    e->informal_care = 0;
    e->other_payers = 0;
    int old = age >= 65;
    e->health_care = snw_knots(age_cost, p->economics_health_care, SNW_N_AGE_COST, age + 0.5) *
                     p->economics_health_care_sex[sex * SNW_N_AGE_COST_CLASS + old];
    e->least_background = p->economics_background_floor[0] * e->health_care;
}

static void build_utilities(struct snw_economy_year *e, const struct snw_params *p, int sex,
                            int age)
{
    const double *norm = sex == SNW_FEMALE ? p->utility_norm_women : p->utility_norm_men;
    e->norm = snw_knots(age_utility, norm, SNW_N_AGE_UTILITY, age + 0.5);
    e->utility_factor = 1;
    e->multiplier[SNW_GROUP_HIP][0] = p->utility_hip_first_year[0];
    e->multiplier[SNW_GROUP_HIP][1] = p->utility_hip_later[0];
    e->multiplier[SNW_GROUP_VERTEBRAL][0] = p->utility_vertebral_first_year[0];
    e->multiplier[SNW_GROUP_VERTEBRAL][1] = p->utility_vertebral_later[0];
    e->multiplier[SNW_GROUP_NHNV][0] = p->utility_nhnv_first_year[0];
    e->multiplier[SNW_GROUP_NHNV][1] = p->utility_nhnv_later[0];
    e->home_multiplier = p->utility_nursing_home[0];
    e->frail_change = p->utility_frail[0];
    e->sarcopenic_change = p->utility_sarcopenic[0];
    e->injury_change = p->utility_injury[0];
    e->injury_years = p->utility_injury_duration[0];
}

void snw_economy_tabulate(struct snw_economy_year *e)
{
    struct snw_lane_year y;
    for (int state = 0; state < SNW_STEADY_STATES; state++) {
        snw_lane_year_steady(state, e, &y);
        e->steady_qaly[0][state] = snw_millionths(snw_utility(e, snw_lane_raw(&y, e)));
        y.sore = e->injury_change;
        e->steady_qaly[1][state] = snw_millionths(snw_utility(e, snw_lane_raw(&y, e)));
    }
}

void snw_economy_build(struct snw_economy *economy, const struct snw_params *params,
                       const struct snw_prices *prices, enum snw_ledger ledger, int condition_free)
{
    struct snw_params p;
    memset(economy, 0, sizeof *economy);
    snw_prices_apply(prices, params, &p);
    economy->condition_free = condition_free;
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            struct snw_economy_year *e = &economy->year[sex][i];
            e->age = SNW_AGE_FIRST + i;
            e->ledger = ledger;
            build_costs(e, &p, sex, SNW_AGE_FIRST + i);
            build_utilities(e, &p, sex, SNW_AGE_FIRST + i);
            snw_economy_tabulate(e);
        }
}

void snw_economy_balance(const struct snw_economy_year *e, double mean_raw,
                         struct snw_economy_reference_year *r)
{
    r->utility_factor = e->norm / mean_raw;
    for (int l = 0; l < SNW_N_LEDGERS; l++) {
        r->background[l] = r->excess[l] = 0;
        if (l == SNW_LEDGER_DISABILITY)
            continue;
        double left = e->health_care - r->modelled[l];
        r->background[l] = left < e->least_background ? e->least_background : left;
        r->excess[l] = r->background[l] - left;
    }
}

void snw_economy_freeze(struct snw_economy *economy, const struct snw_economy_reference *reference)
{
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            struct snw_economy_year *e = &economy->year[sex][i];
            const struct snw_economy_reference_year *r = &reference->year[sex][i];
            memcpy(e->background, r->background, sizeof e->background);
            e->utility_factor = economy->condition_free ? 1 : r->utility_factor;
            snw_economy_tabulate(e);
        }
}

extern const struct snw_economy_kernels snw_economy_kernels_v3, snw_economy_kernels_v4;

const struct snw_economy_kernels *snw_economy_kernels_named(const char *isa)
{
    static const struct snw_economy_kernels *const all[] = {
#if SNW_N_ISAS == 3
        &snw_economy_kernels_v4,
        &snw_economy_kernels_v3,
#endif
        &snw_economy_kernels_plain
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->isa, isa) == 0)
            return all[i];
    return NULL;
}
