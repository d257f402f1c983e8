/* What a year adds to the lives of a block's lanes. */
#include "recorders/paired.h"

/* Whole vectors: loops have no remainder, which the compiler sees. */
#define EACH for (size_t i = 0; i < (n & ~(size_t)(SNW_LANES - 1)); i++)

static void add_falls(uint16_t *restrict to, const uint16_t *restrict x, size_t n)
{
    EACH to[i] = (uint16_t)(to[i] + x[i]);
}

static void add_qaly(struct snw_tally *restrict t, const int32_t *restrict x, double worth,
                     size_t n)
{
    EACH
    {
        t->qaly_millionths[i] += x[i];
        t->qaly_now[i] += snw_tally_now(x[i], worth);
    }
}

static void add_cost(int64_t *restrict cents, double *restrict now, const int32_t *restrict x,
                     double worth, size_t n)
{
    EACH
    {
        cents[i] += x[i];
        now[i] += worth * (double)x[i];
    }
}

void SNW_KERNEL(snw_tally_year)(struct snw_tally *restrict t, const struct snw_readout *restrict r,
                                size_t n, double cost, double effect)
{
    add_falls(t->falls, r->row[SNW_M_falls], n);
    add_qaly(t, r->accounts.qaly_millionths, effect, n);
    add_cost(t->cost_cents, t->cost_now, r->accounts.cost_cents, cost, n);
    if (r->accounts.treated)
        add_cost(t->treatment_cents, t->treatment_now, r->accounts.treatment_cents, cost, n);
}

void SNW_KERNEL(snw_tally_course)(snw_real *restrict time, const snw_real *restrict start,
                                  const snw_real *restrict stop, double age, size_t n)
{
    const snw_real from = SNW_R(age), until = SNW_R(age + 1);
    for (size_t i = 0; i < snw_whole_vectors(n); i++) {
        snw_real end = stop[i] < until ? stop[i] : until;
        snw_real begin = start[i] > from ? start[i] : from;
        snw_real on = end - begin;
        time[i] = on > time[i] ? on : time[i];
    }
}
