/* Whole lives, and exact sums of how they differ from one world to another. */
#include "recorders/paired.h"

#include <string.h>

const struct snw_paired_info snw_paired_table[SNW_N_PAIRED] = {
#define SNW_PAIRED(kind, name, unit, scale, doc) {#name, unit, doc, SNW_P_##kind, scale},
#include "recorders/paired.def"
#undef SNW_PAIRED
};

_Static_assert((int)SNW_P_deaths + 1 == SNW_N_DATED, "events stand first");
_Static_assert((int)SNW_P_fracture_hip + SNW_N_SITE == SNW_P_fall_injuries,
               "sites stand in their order");

__extension__ typedef unsigned __int128 wide;

/* Calls DO on each array of a tally but the events. */
#define EACH_ARRAY(DO)                                                                             \
    DO(falls)                                                                                      \
    DO(treated)                                                                                    \
    DO(qaly_millionths)                                                                            \
    DO(qaly_now) DO(cost_cents) DO(cost_now) DO(treatment_cents) DO(treatment_now)

void snw_tally_clear(struct snw_tally *t, size_t n)
{
#define CLEAR(array) memset(t->array, 0, n * sizeof *t->array);
    EACH_ARRAY(CLEAR)
    CLEAR(events)
}

void snw_tally_copy(struct snw_tally *to, const struct snw_tally *from, size_t n)
{
#define COPY(array) memcpy(to->array, from->array, n * sizeof *to->array);
    EACH_ARRAY(COPY)
    COPY(events)
}

void snw_tally_move(struct snw_tally *t, size_t to, size_t from)
{
#define MOVE(array) t->array[to] = t->array[from];
    EACH_ARRAY(MOVE)
    MOVE(events)
}

void snw_tally_swap(struct snw_tally *t, size_t a, size_t b)
{
    const struct snw_tally_events events = t->events[a];
#define SWAP(array)                                                                                \
    {                                                                                              \
        __auto_type kept = t->array[a];                                                            \
        t->array[a] = t->array[b];                                                                 \
        t->array[b] = kept;                                                                        \
    }
    EACH_ARRAY(SWAP)
    t->events[a] = t->events[b];
    t->events[b] = events;
}

void snw_tally_lane(struct snw_tally *t, const struct snw_readout *r, size_t i, double cost,
                    double effect)
{
    const int32_t cents = r->accounts.cost_cents[i], qaly = r->accounts.qaly_millionths[i];
    t->falls[i] = (uint16_t)(t->falls[i] + r->row[SNW_M_falls][i]);
    t->qaly_millionths[i] += qaly;
    t->qaly_now[i] += snw_tally_now(qaly, effect);
    t->cost_cents[i] += cents;
    t->cost_now[i] += cost * (double)cents;
    if (r->accounts.treated) {
        t->treatment_cents[i] += r->accounts.treatment_cents[i];
        t->treatment_now[i] += cost * (double)r->accounts.treatment_cents[i];
    }
}

static int64_t whole(double x)
{
    return (int64_t)(x < 0 ? x - 0.5 : x + 0.5);
}

/* Time lived, rounded as person_years is in the year of death: half to even. */
static void close_time(const struct snw_tally_end *end, double died_yr, int64_t *value)
{
    enum { A_YEAR = 50000, MILLIONTHS = 20 }; /* of 2e-5 years */
    const double even = 0x1.8p52;
    double until = died_yr > 0 ? died_yr : end->exit_yr;
    int64_t years = (int64_t)until - (int64_t)end->enter_yr;
    int64_t rest = (int64_t)((until - (double)(int64_t)until) * A_YEAR + even - even);
    double now =
        A_YEAR * end->effect_before[years] + (rest ? end->effect[years] * (double)rest : 0);
    value[SNW_P_life_years] = years * A_YEAR + rest;
    value[SNW_P_life_years_discounted] = whole(MILLIONTHS * now);
}

void snw_tally_close(const struct snw_tally *t, size_t i, const struct snw_tally_end *end,
                     struct snw_whole_life *life)
{
    const struct snw_tally_events *e = &t->events[i];
    int64_t *value = life->value;
    value[SNW_P_fractures] = 0;
    life->first_yr[SNW_P_fractures] = 0;
    for (size_t k = 0; k < SNW_N_TALLIED; k++) {
        value[SNW_P_fracture_hip + k] = e->n[k];
        life->first_yr[SNW_P_fracture_hip + k] = e->first_yr[k];
        if (k >= SNW_N_SITE || !e->n[k])
            continue;
        if (!value[SNW_P_fractures] || e->first_yr[k] < life->first_yr[SNW_P_fractures])
            life->first_yr[SNW_P_fractures] = e->first_yr[k];
        value[SNW_P_fractures] += e->n[k];
    }
    value[SNW_P_falls] = t->falls[i];
    value[SNW_P_treated_years] = t->treated[i];
    close_time(end, e->n[SNW_TALLY_DEATH] ? e->first_yr[SNW_TALLY_DEATH] : 0, value);
    value[SNW_P_qalys] = t->qaly_millionths[i];
    value[SNW_P_qalys_discounted] = t->qaly_now[i];
    value[SNW_P_cost] = t->cost_cents[i];
    value[SNW_P_cost_discounted] = whole(t->cost_now[i]);
    value[SNW_P_cost_interventions] = t->treatment_cents[i];
    value[SNW_P_cost_interventions_discounted] = whole(t->treatment_now[i]);
}

static void add_product(uint64_t part[3], int64_t a, int64_t b)
{
    wide product = (wide)a * (wide)b;
    part[0] += (uint32_t)product;
    part[1] += (uint32_t)(product >> 32);
    part[2] += (uint64_t)(product >> 64);
}

void snw_paired_add_reference(struct snw_paired_sum *sums, const struct snw_whole_life *reference)
{
    for (int m = 0; m < SNW_N_PAIRED; m++) {
        sums[m].n++;
        sums[m].x += (uint64_t)reference->value[m];
        add_product(sums[m].xx, reference->value[m], reference->value[m]);
    }
}

static void add_difference(struct snw_paired_sum *s, int64_t d, int64_t x)
{
    s->d += (uint64_t)d;
    add_product(s->dd, d, d);
    add_product(s->dx, d, x);
    s->n_less += d < 0;
    s->n_more += d > 0;
    s->less += d < 0 ? 0 - (uint64_t)d : 0;
    s->more += d > 0 ? (uint64_t)d : 0;
}

void snw_paired_add(struct snw_paired_sum *sums, const struct snw_whole_life *life,
                    const struct snw_whole_life *reference)
{
    if (memcmp(life, reference, sizeof *life) == 0)
        return;
    for (int m = 0; m < SNW_N_PAIRED; m++) {
        struct snw_paired_sum *s = &sums[m];
        int64_t own = life->value[m], x = reference->value[m];
        if (m < SNW_N_DATED && own > 0 && x > 0) {
            s->n_postponed += life->first_yr[m] > reference->first_yr[m];
            s->n_advanced += life->first_yr[m] < reference->first_yr[m];
        }
        if (own != x)
            add_difference(s, own - x, x);
    }
}

void snw_paired_merge(struct snw_paired_sum *to, const struct snw_paired_sum *from, size_t n)
{
    uint64_t *sum = (void *)to;
    const uint64_t *more = (const void *)from;
    for (size_t i = 0; i < n * (sizeof *to / sizeof *sum); i++)
        sum[i] += more[i];
}
