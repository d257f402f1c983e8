/* What a payer or society bears of the costs of the health-care sector. Source: perspectives.md. */
#include "economics/economics.h"

enum { MEDICARE_AGE = 65 };

/* Medicare's share from 65 on; nothing before. */
static void pay(struct snw_economy_year *e, const struct snw_params *p)
{
    double old = e->age >= MEDICARE_AGE;
    for (int g = 0; g < SNW_N_GROUPS; g++)
        for (int class = 0; class < 2; class ++)
            e->first_year[g][class] *= old * p->perspective_medicare_fracture[g];
    e->injury *= old * p->perspective_medicare_injury[0];
    e->nursing_home *= old * p->perspective_medicare_nursing_home[0];
    e->frail *= old * p->perspective_medicare_state[0];
    e->disabled *= old * p->perspective_medicare_state[0];
    e->other_payers = 1 - old * p->perspective_medicare_intervention[0];
    for (int l = 0; l < SNW_N_LEDGERS; l++)
        e->background[l] *= old * p->perspective_medicare_background[0];
}

/* @param[in] p  in prices of the run */
static void add(struct snw_economy_year *e, const struct snw_params *p, int parts)
{
    if (parts & SNW_INFORMAL_CARE)
        e->informal_care = p->perspective_informal_care[0];
    for (int g = 0; g < SNW_N_GROUPS && parts & SNW_PRODUCTION; g++)
        e->first_year[g][0] += p->perspective_production_lost[g];
    for (int l = 0; l < SNW_N_LEDGERS && parts & SNW_CONSUMPTION; l++)
        e->background[l] += e->age >= MEDICARE_AGE ? p->perspective_net_consumption[0] : 0;
}

void snw_economy_view(struct snw_economy *economy, const struct snw_params *params,
                      const struct snw_prices *prices, enum snw_perspective perspective, int parts)
{
    struct snw_params p;
    snw_prices_apply(prices, params, &p);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            if (perspective == SNW_MEDICARE)
                pay(&economy->year[sex][i], &p);
            else if (perspective == SNW_SOCIETAL)
                add(&economy->year[sex][i], &p, parts);
        }
}
