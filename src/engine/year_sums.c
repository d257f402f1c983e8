/* The sums of a block's year, in all scenarios. */
#include <string.h>

#include "engine/life_state.h"

/* Sums up lanes alive in a scenario but not in all, drawn together in a readout of their own. */
static void add_apart(const struct snw_life *l, size_t scenario, const struct snw_readout *from,
                      const struct snw_bins *bins, const struct snw_sums *sums)
{
    struct snw_beside *p = l->work->beside;
    struct snw_readout *to = &p->apart;
    to->n = 0;
    to->accounts.treated = from->accounts.treated;
    for (size_t i = p->n_common; i < l->n_recorded; i++) {
        if (p->gone[scenario][i])
            continue;
        for (size_t m = 0; m < SNW_N_MEASURES; m++)
            to->q[m][to->n] = from->row[m][i];
        to->accounts.cost_cents[to->n] = from->accounts.cost_cents[i];
        to->accounts.qaly_millionths[to->n] = from->accounts.qaly_millionths[i];
        if (from->accounts.treated)
            to->accounts.treatment_cents[to->n] = from->accounts.treatment_cents[i];
        to->n++;
    }
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        to->row[m] = to->q[m];
        to->at_end[m] = from->at_end[m];
    }
    l->plan->recorders->accumulate(to, to->n, bins, NULL, sums);
}

/* Where the sums of the year go in one scenario: cells are summed up apart first, as a followed
   cross-section keeps them in two places. */
struct year_sums {
    struct snw_cell cells[SNW_N_MEASURES];
    struct snw_sums sums;
};

static void open_sums(const struct snw_life *l, size_t scenario, struct year_sums *y)
{
    struct snw_totals *t = &l->totals[scenario];
    size_t cell = snw_life_cell(l);
    size_t year = snw_life_year(l, t);
    memset(y->cells, 0, sizeof y->cells);
    y->sums.cells = y->cells;
    y->sums.counts = year == 0 ? snw_totals_count(t, cell, l->n_recorded) : NULL;
    y->sums.levels = t->levels + year * SNW_TOTALS_LEVELS + cell * SNW_N_CODES * SNW_LEVELS;
}

static void close_sums(const struct snw_life *l, size_t scenario, const struct year_sums *y)
{
    struct snw_totals *t = &l->totals[scenario];
    size_t cell = snw_life_cell(l) * SNW_N_MEASURES, year = snw_life_year(l, t);
    if (year == 0)
        snw_cells_add(t->cells + cell, y->cells, SNW_N_MEASURES);
    if (t->years)
        snw_cells_add(t->by_year + year * SNW_TOTALS_CELLS + cell, y->cells, SNW_N_MEASURES);
}

/* Adds a scenario's costs by part, of the lanes alive in it, to scenario `to`, which may still
   share these lives. */
static void add_costs(const struct snw_life *l, size_t scenario, size_t to)
{
    struct snw_totals *t = &l->totals[to];
    uint64_t *costs = t->costs + snw_life_cell(l) * SNW_N_COST_PARTS;
    const uint8_t *gone = snw_life_gone(l, scenario);
    const size_t common = snw_life_in_all(l);
    if (!l->plan->cost_parts || snw_life_year(l, t) != 0)
        return;
    for (size_t p = 0; p < SNW_N_COST_PARTS; p++) {
        const int32_t *cents = l->work->part_cents[p];
        for (size_t i = 0; i < l->n_recorded; i++)
            costs[p] += i < common || !gone[i] ? (uint64_t)cents[i] : 0;
    }
}

/* The year's sums where scenarios stand beside the reference. Its own over lanes alive in all are
   taken once and serve every scenario in which a measure is the same. */
static void add_totals_beside(const struct snw_life *l, size_t scenario,
                              const struct snw_readout *readout, const struct snw_bins *bins)
{
    struct snw_beside *p = l->work->beside;
    struct year_sums y;
    uint8_t same[SNW_N_MEASURES];
    size_t n = l->n_recorded < p->n_common ? l->n_recorded : p->n_common;
    for (size_t m = 0; m < SNW_N_MEASURES; m++)
        same[m] = readout->row[m] != readout->q[m];
    const int counted = l->totals[0].counts && snw_life_year(l, &l->totals[0]) == 0;
    const struct snw_sums first = {p->cells, counted ? p->counts : NULL, p->levels};
    if (scenario == 0) {
        memset(p->cells, 0, sizeof p->cells);
        if (first.counts)
            memset(p->counts, 0, sizeof p->counts);
        memset(p->levels, 0, sizeof p->levels);
        l->plan->recorders->accumulate(readout, n, bins, NULL, &first);
    }
    for (size_t s = scenario; s <= p->n; s++) {
        if (s != scenario && (scenario || snw_life_begun(l, s)))
            continue;
        open_sums(l, s, &y);
        l->plan->recorders->add(&first, scenario ? same : NULL, &y.sums);
        if (scenario)
            l->plan->recorders->accumulate(readout, n, bins, same, &y.sums);
        add_apart(l, scenario, readout, bins, &y.sums);
        close_sums(l, s, &y);
        add_costs(l, scenario, s);
    }
}

void snw_life_add_totals(const struct snw_life *l, size_t scenario,
                         const struct snw_readout *readout)
{
    const struct snw_block *b = &l->work->block;
    const struct snw_bins *bins = l->plan->pilot->bins[b->sex][b->age - SNW_AGE_FIRST];
    struct year_sums y;
    if (l->work->beside) {
        add_totals_beside(l, scenario, readout, bins);
        return;
    }
    open_sums(l, 0, &y);
    l->plan->recorders->accumulate(readout, l->n_recorded, bins, NULL, &y.sums);
    close_sums(l, 0, &y);
    add_costs(l, 0, 0);
}
