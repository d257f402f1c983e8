/* Cost and quality of life of a person-year. Equations: economics.md. */
#ifndef SNW_ECONOMICS_ECONOMICS_H
#define SNW_ECONOMICS_ECONOMICS_H

#include "economics/prices.h"
#include "people/block.h"
#include "processes/happenings.h"

/* Three views of the same lives, in the order of the words of economics.ledger. They overlap: no
   sum over ledgers means anything. */
enum snw_ledger { SNW_LEDGER_EVENT, SNW_LEDGER_DISABILITY, SNW_LEDGER_FRAILTY, SNW_N_LEDGERS };

/* Fractures as costs and utilities know them, in the order of the axis FRACTURE_GROUP. */
enum snw_group { SNW_GROUP_HIP, SNW_GROUP_VERTEBRAL, SNW_GROUP_NHNV, SNW_N_GROUPS };

/* What costs are made of. The first three are the groups. */
enum snw_cost_part {
    SNW_COST_HIP,
    SNW_COST_VERTEBRAL,
    SNW_COST_NHNV,
    SNW_COST_INJURY,
    SNW_COST_NURSING_HOME,
    SNW_COST_FRAILTY,
    SNW_COST_DISABILITY,
    SNW_COST_BACKGROUND_EVENT, /* what personal health care holds beside the event ledger */
    SNW_COST_BACKGROUND_FRAILTY,
    SNW_COST_INFORMAL_CARE, /* of the disabled at home: society's, in every ledger */
    SNW_COST_INTERVENTIONS, /* what a scenario's interventions cost; entered by them */
    SNW_COST_TESTS,         /* the same of its screening */
    SNW_N_COST_PARTS
};

/* Who bears a cost, in the order of the words of economics.perspective. */
enum snw_perspective { SNW_HEALTH_CARE, SNW_MEDICARE, SNW_SOCIETAL };

/* What society bears beside the health-care sector; bits, in the order of SNW_SOCIETY_WORDS. */
enum snw_society { SNW_INFORMAL_CARE = 1, SNW_PRODUCTION = 2, SNW_CONSUMPTION = 4 };

/* @return whether a part belongs to a ledger: each to one, but informal care and what interventions
   and tests cost are in all. */
static inline int snw_in_ledger(enum snw_ledger ledger, enum snw_cost_part part)
{
    enum snw_ledger home = SNW_LEDGER_EVENT;
    if (part == SNW_COST_FRAILTY || part == SNW_COST_BACKGROUND_FRAILTY)
        home = SNW_LEDGER_FRAILTY;
    if (part == SNW_COST_DISABILITY)
        home = SNW_LEDGER_DISABILITY;
    return home == ledger || part >= SNW_COST_INFORMAL_CARE;
}

/* What the reference pass gives for one sex and age, frozen. Money in USD of the price year, a
   person-year; 0 for the disability ledger, which has no background. */
struct snw_economy_reference_year {
    double utility_factor;            /* n */
    double modelled[SNW_N_LEDGERS];   /* E_ref of what the ledger models */
    double background[SNW_N_LEDGERS]; /* C_bg */
    double excess[SNW_N_LEDGERS];     /* modelled + background above personal health care */
};

struct snw_economy_reference {
    struct snw_economy_reference_year year[SNW_N_SEXES][SNW_N_AGES];
};

enum {
    SNW_COST_YEARS = 5,    /* years in which a fracture costs */
    SNW_STEADY_STATES = 64 /* of a person in whom nothing changes within the year */
};

/* Costs (USD of the price year) and utilities of one sex and year of age. */
struct snw_economy_year {
    double age;                                 /* completed years */
    double first_year[SNW_N_GROUPS][2];         /* by age at fracture: below 65, from 65 */
    double share[SNW_N_GROUPS][SNW_COST_YEARS]; /* of it in each year since the fracture */
    double injury, nursing_home, frail, disabled;
    double informal_care; /* of the disabled at home; 0 but in society's perspective */
    double other_payers;  /* share of what interventions cost that others bear */
    double health_care, least_background; /* personal health care; its share that is left */
    double background[SNW_N_LEDGERS];     /* 0 until frozen */
    double norm, utility_factor;          /* u0; n, 1 until frozen */
    double multiplier[SNW_N_GROUPS][2];   /* first twelve months, later */
    double home_multiplier, frail_change, sarcopenic_change, injury_change, injury_years;
    enum snw_ledger ledger; /* of the cost that is summed up */
    /* utility in millionths of those who live the year in one state, see snw_lane_year_steady; and
       the same while hurt by a fall */
    int32_t steady_qaly[2][SNW_STEADY_STATES];
};

/* A parameter set's costs and utilities. Plain data. */
struct snw_economy {
    int condition_free; /* the norms are those of people without the model's conditions: n = 1 */
    struct snw_economy_year year[SNW_N_SEXES][SNW_N_AGES];
};

/* Derives all numbers from parameters in the prices of their sources; those of the reference pass
   stay as said above. */
void snw_economy_build(struct snw_economy *economy, const struct snw_params *params,
                       const struct snw_prices *prices, enum snw_ledger ledger, int condition_free);

/* Fills steady_qaly from the rest of a year; done by build and freeze. */
void snw_economy_tabulate(struct snw_economy_year *year);

/* Background and utility factor from the means of the reference population, at personal health care
   and u0 of one sex and age: fills background, excess and utility_factor from `modelled` and the
   mean of raw utility. */
void snw_economy_balance(const struct snw_economy_year *year, double mean_raw,
                         struct snw_economy_reference_year *reference);

/* Writes the frozen reference into an economy. */
void snw_economy_freeze(struct snw_economy *economy, const struct snw_economy_reference *reference);

/* Turns a frozen economy from what the health-care sector spends into what another bears:
   perspectives.md. @param[in] parts  of society, bits of snw_society */
void snw_economy_view(struct snw_economy *economy, const struct snw_params *params,
                      const struct snw_prices *prices, enum snw_perspective perspective, int parts);

/* The accounts of a block in one year: whole cents, millionths of a year. A part is rounded once
   and the cost of a ledger is the sum of its rounded parts, so that ledgers add up to the cent.
   That of interventions is 0 here and entered afterwards (snw_treat_account). */
struct snw_accounts {
    int32_t cost_cents[SNW_STRIDE]; /* of the ledger */
    int32_t qaly_millionths[SNW_STRIDE];
    int treated;                         /* 0: nothing was entered for interventions */
    int32_t treatment_cents[SNW_STRIDE]; /* the part of interventions, where treated */
    int32_t (*part_cents)[SNW_STRIDE];   /* (SNW_N_COST_PARTS,), NULL where not asked for */
    uint32_t faults;                     /* values that are not a number */
    double other_payers; /* share of what interventions and tests cost that others bear: no entry */
};

enum {
    SNW_PART_CENTS_MAX = 300000000, /* a part is held at 3 million USD a year */
    SNW_QALY_LOW = -100000,         /* millionths: utility is held within -.1 and 1 */
    SNW_QALY_HIGH = 1000000
};

/* Fills the accounts of lanes 0 .. n-1 from the state at the birthday, what happened in the year
   and the time lived; then moves the clocks of all lanes (fracture_age_yr, injury_age_yr). Between
   snw_happen and the END phase, which makes frailty and residence those of the next birthday. */
void SNW_KERNEL(snw_account)(struct snw_block *restrict block,
                             const struct snw_economy_year *restrict year,
                             const struct snw_happenings *restrict happenings, size_t n,
                             struct snw_accounts *restrict accounts);

struct snw_economy_kernels {
    const char *isa;
    void (*account)(struct snw_block *restrict, const struct snw_economy_year *restrict,
                    const struct snw_happenings *restrict, size_t, struct snw_accounts *restrict);
};

extern const struct snw_economy_kernels SNW_KERNEL(snw_economy_kernels);

/* @return the kernels for the instruction set of the same name, NULL where there are none. */
const struct snw_economy_kernels *snw_economy_kernels_named(const char *isa);

#endif
