/* Cost and quality of life of a year: all lanes as if nothing changed within it, then the few in
   whom something does. Equations: economics.md. */
#include <stddef.h>

#include "core/vmath.h"
#include "economics/lane_year.h"

#define ISA_TEXT2(x) #x
#define ISA_TEXT(x) ISA_TEXT2(x)
#define EACH for (size_t i = 0; i < snw_whole_vectors(n); i++)

/* NaN by its bits: a comparison would keep the loop from being vectorised. */
static inline int32_t is_nan(snw_real x)
{
#ifdef SNW_REAL_DOUBLE
    return (snw_f64_to_bits(x) & 0x7fffffffffffffffu) > 0x7ff0000000000000u;
#else
    return (snw_f32_to_bits(x) & 0x7fffffffu) > 0x7f800000u;
#endif
}

static inline int32_t whole_cents(double usd)
{
    double cents = usd * 100 + 0.5;
    return cents < SNW_PART_CENTS_MAX ? (int32_t)cents : SNW_PART_CENTS_MAX;
}

/* Puts a part of the lanes' cost into the books. */
static void enter(struct snw_accounts *restrict out, const struct snw_economy_year *restrict e,
                  enum snw_cost_part part, size_t n, const int32_t *restrict cents)
{
    if (out->part_cents)
        EACH out->part_cents[part][i] = cents[i];
    if (snw_in_ledger(e->ledger, part))
        EACH out->cost_cents[i] += cents[i];
}

static int wanted(const struct snw_accounts *out, const struct snw_economy_year *e,
                  enum snw_cost_part part)
{
    return out->part_cents || snw_in_ledger(e->ledger, part);
}

/* A year's cost of one who had the last fracture of a group at least a year ago. The share of the
   first year's cost falls from s2 at one year to s2/2, s2/4, s2/8 and 0, one year apart each, and a
   year from one birthday to the next holds a mixture of two of them, linear in the time since the
   fracture. That curve is convex, so it is the largest of its straight lines. */
static void fracture_tail(struct snw_accounts *restrict out, const struct snw_block *restrict b,
                          const struct snw_economy_year *restrict e, enum snw_group g, size_t n)
{
    int32_t cents[SNW_STRIDE];
    const snw_real age = SNW_R(b->age), share = SNW_R(e->share[g][1]);
    const snw_real young = SNW_R(100 * e->first_year[g][0]) * share; /* cents */
    const snw_real old = SNW_R(100 * e->first_year[g][1]) * share;
    const snw_real *restrict at = b->fracture_age_yr[g];
    uint32_t faults = 0;
    EACH
    {
        snw_real since = age - at[i];
        snw_real part = snw_max(0, SNW_R(0.625) - SNW_R(0.125) * since);
        part = snw_max(SNW_R(1) - SNW_R(0.25) * since, part);
        part = snw_max(SNW_R(1.5) - SNW_R(0.5) * since, part);
        snw_real x = (at[i] < SNW_R(65) ? young : old) * part + SNW_R(0.5);
        int32_t bad = is_nan(x);
        faults += (uint32_t)bad;
        x = x < SNW_R(SNW_PART_CENTS_MAX) ? x : SNW_R(SNW_PART_CENTS_MAX);
        cents[i] = (int32_t)(bad ? SNW_R(0) : x);
    }
    out->faults += faults;
    enter(out, e, (enum snw_cost_part)g, n, cents);
}

/* A state that costs the same all year. */
static void state_cost(struct snw_accounts *restrict out, const struct snw_economy_year *restrict e,
                       enum snw_cost_part part, double usd, size_t n,
                       const snw_real *restrict state)
{
    int32_t cents[SNW_STRIDE];
    const snw_real above = part == SNW_COST_FRAILTY ? SNW_R(1.5) : SNW_R(0.5);
    const int32_t yes = whole_cents(usd);
    EACH cents[i] = state[i] > above ? yes : 0;
    enter(out, e, part, n, cents);
}

/* Of the disabled who are not in a nursing home. */
static void informal_care(struct snw_accounts *restrict out, const struct snw_block *restrict b,
                          const struct snw_economy_year *restrict e, size_t n)
{
    int32_t cents[SNW_STRIDE];
    const int32_t yes = whole_cents(e->informal_care);
    const snw_real *restrict disabled = b->disabled, *restrict home = b->nursing_home;
    EACH cents[i] = disabled[i] - home[i] > SNW_R(0.5) ? yes : 0;
    enter(out, e, SNW_COST_INFORMAL_CARE, n, cents);
}

static void background(struct snw_accounts *restrict out, const struct snw_economy_year *restrict e,
                       enum snw_cost_part part, enum snw_ledger ledger, size_t n)
{
    int32_t cents[SNW_STRIDE];
    const int32_t all = whole_cents(e->background[ledger]);
    EACH cents[i] = all;
    enter(out, e, part, n, cents);
}

static void steady_costs(struct snw_accounts *restrict out, const struct snw_block *restrict b,
                         const struct snw_economy_year *restrict e, size_t n)
{
    EACH out->cost_cents[i] = 0;
    for (int g = 0; g < SNW_N_GROUPS; g++)
        if (wanted(out, e, (enum snw_cost_part)g))
            fracture_tail(out, b, e, (enum snw_group)g, n);
    if (out->part_cents) {
        EACH out->part_cents[SNW_COST_INJURY][i] = 0;
        EACH out->part_cents[SNW_COST_INTERVENTIONS][i] = out->part_cents[SNW_COST_TESTS][i] = 0;
    }
    if (wanted(out, e, SNW_COST_NURSING_HOME))
        state_cost(out, e, SNW_COST_NURSING_HOME, e->nursing_home, n, b->nursing_home);
    if (wanted(out, e, SNW_COST_FRAILTY))
        state_cost(out, e, SNW_COST_FRAILTY, e->frail, n, b->frailty);
    if (wanted(out, e, SNW_COST_DISABILITY))
        state_cost(out, e, SNW_COST_DISABILITY, e->disabled, n, b->disabled);
    if (out->part_cents || e->informal_care > 0)
        informal_care(out, b, e, n);
    if (wanted(out, e, SNW_COST_BACKGROUND_EVENT))
        background(out, e, SNW_COST_BACKGROUND_EVENT, SNW_LEDGER_EVENT, n);
    if (wanted(out, e, SNW_COST_BACKGROUND_FRAILTY))
        background(out, e, SNW_COST_BACKGROUND_FRAILTY, SNW_LEDGER_FRAILTY, n);
}

/* How a lane's year differs from one without change. */
enum { STEADY, SORE, CHANGING };

/* Finds each lane's state and the utility that goes with it, and marks the lanes that what was
   before the year keeps from being steady in it, or death. */
static void steady_quality(struct snw_accounts *restrict out, const struct snw_block *restrict b,
                           const struct snw_economy_year *restrict e, size_t n,
                           int32_t *restrict state, int32_t *restrict change)
{
    const snw_real year_ago = SNW_R(b->age - 1), hurt = SNW_R(b->age - e->injury_years);
    const int32_t *restrict table = e->steady_qaly[0];
    EACH
    {
        snw_real hip = b->fracture_age_yr[0][i], spine = b->fracture_age_yr[1][i];
        snw_real other = b->fracture_age_yr[2][i];
        int32_t s = hip > SNW_R(0) ? 1 : 0;
        s += spine > SNW_R(0) ? 2 : 0;
        s += other > SNW_R(0) ? 4 : 0;
        s += b->nursing_home[i] > SNW_R(0.5) ? 8 : 0;
        s += b->frailty[i] > SNW_R(1.5) ? 16 : 0;
        s += b->sarcopenic[i] > SNW_R(0.5) ? 32 : 0;
        state[i] = s;
        out->qaly_millionths[i] = table[s];
        snw_real last = snw_max(snw_max(hip, spine), other);
        int32_t changes = last > year_ago ? CHANGING : STEADY;
        changes |= b->lived_yr[i] < SNW_R(1) ? CHANGING : STEADY;
        change[i] = changes | (b->injury_age_yr[i] > hurt ? SORE : STEADY);
    }
}

/* Interventions and tests enter their own parts. */
static void close_lane(struct snw_accounts *restrict out, const struct snw_economy_year *restrict e,
                       size_t lane, const double *restrict usd, double qaly)
{
    int32_t sum = 0;
    for (int p = 0; p < SNW_COST_INTERVENTIONS; p++) {
        int32_t whole = whole_cents(usd[p]);
        if (out->part_cents)
            out->part_cents[p][lane] = whole;
        if (snw_in_ledger(e->ledger, (enum snw_cost_part)p))
            sum += whole;
    }
    out->cost_cents[lane] = sum;
    out->qaly_millionths[lane] = snw_millionths(qaly);
}

/* Stretch by stretch up to death. */
static void account_lane(struct snw_accounts *restrict out,
                         const struct snw_economy_year *restrict e, size_t lane,
                         struct snw_lane_year *restrict y, double lived)
{
    double usd[SNW_N_COST_PARTS] = {0}, qaly = 0, from = 0;
    for (unsigned k = 0; k <= y->n && from < lived; k++) {
        double to = k < y->n && y->cut[k].time < lived ? y->cut[k].time : lived, time = to - from;
        for (int g = 0; g < SNW_N_GROUPS; g++)
            usd[g] += time * y->rate[g];
        usd[SNW_COST_NURSING_HOME] += time * y->home_rate;
        qaly += time * snw_utility(e, snw_lane_raw(y, e));
        from = to;
        if (to == lived)
            break;
        usd[SNW_COST_INJURY] += y->cut[k].kind == SNW_CUT_INJURY ? e->injury : 0;
        snw_lane_pass(y, e, y->cut[k]);
    }
    usd[SNW_COST_FRAILTY] = y->frail ? lived * e->frail : 0;
    usd[SNW_COST_DISABILITY] = y->disabled ? lived * e->disabled : 0;
    usd[SNW_COST_INFORMAL_CARE] = y->disabled && !y->resident ? lived * e->informal_care : 0;
    usd[SNW_COST_BACKGROUND_EVENT] = lived * e->background[SNW_LEDGER_EVENT];
    usd[SNW_COST_BACKGROUND_FRAILTY] = lived * e->background[SNW_LEDGER_FRAILTY];
    close_lane(out, e, lane, usd, qaly);
}

/* One whose year differs by the end of an injury of the last, by an injury, or by both. */
static void account_sore(struct snw_accounts *restrict out,
                         const struct snw_economy_year *restrict e, size_t lane, int32_t state,
                         double injury, const struct snw_happening *event)
{
    double left = injury + e->injury_years, time = left > 0 ? left : 0;
    if (event) {
        double from = (double)event->time_yr, to = from + e->injury_years;
        from = from > time ? from : time;
        time += (to < 1 ? to : 1) - from;
    }
    double well = e->steady_qaly[0][state] - SNW_QALY_LOW;
    double sore = e->steady_qaly[1][state] - SNW_QALY_LOW;
    int32_t cents = event ? whole_cents(e->injury) : 0;
    out->qaly_millionths[lane] = (int32_t)(well + time * (sore - well) + 0.5) + SNW_QALY_LOW;
    if (out->part_cents)
        out->part_cents[SNW_COST_INJURY][lane] = cents;
    if (snw_in_ledger(e->ledger, SNW_COST_INJURY))
        out->cost_cents[lane] += cents;
}

/* Lanes in which something changes, in rising order. @return how many. */
static size_t list_changes(const int32_t *restrict change, size_t n, uint16_t *restrict lane)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        lane[k] = (uint16_t)i;
        k += change[i] != STEADY;
    }
    return k;
}

void SNW_KERNEL(snw_account)(struct snw_block *restrict block,
                             const struct snw_economy_year *restrict year,
                             const struct snw_happenings *restrict happenings, size_t n,
                             struct snw_accounts *restrict accounts)
{
    int32_t state[SNW_STRIDE], change[SNW_STRIDE];
    uint16_t lane[SNW_STRIDE];
    struct snw_lane_year lane_year;
    const struct snw_happening *event = happenings->event, *end = event + happenings->n;
    accounts->faults = 0;
    accounts->other_payers = year->other_payers;
    accounts->treated = 0;
    steady_costs(accounts, block, year, n);
    steady_quality(accounts, block, year, n, state, change);
    for (const struct snw_happening *one = event; one < end; one++)
        change[one->lane] |= one->kind == SNW_EVENT_FRACTURE ? CHANGING : SORE;
    size_t n_changes = list_changes(change, n, lane);
    for (size_t k = 0; k < n_changes; k++) {
        size_t i = lane[k];
        const struct snw_happening *first = event;
        while (event < end && event->lane == i)
            event++;
        if (change[i] == SORE && event <= first + 1) {
            account_sore(accounts, year, i, state[i], (double)block->injury_age_yr[i] - block->age,
                         event > first ? first : NULL);
            continue;
        }
        snw_lane_year_open(block, i, block->frailty, year, &lane_year);
        for (; first < event; first++)
            snw_lane_year_add(first, year, &lane_year);
        account_lane(accounts, year, i, &lane_year, (double)block->lived_yr[i]);
    }
    snw_clocks_move(block, happenings->event, happenings->n);
}

const struct snw_economy_kernels SNW_KERNEL(snw_economy_kernels) = {
    &ISA_TEXT(SNW_ISA_SUFFIX)[1],
    SNW_KERNEL(snw_account),
};
