/* Exact sums over people: room, merging, and histograms in two widths. */
#include <string.h>

#include "core/memory.h"
#include "engine/life.h"

enum { N_CELLS = SNW_N_SEXES * SNW_N_AGES, CELL_COUNTS = SNW_N_STATES * SNW_BINS };

snw_status snw_totals_init(struct snw_totals *t, size_t years, int histograms)
{
    *t = (struct snw_totals){0};
    t->years = years;
    t->by_year = snw_alloc(years * SNW_TOTALS_CELLS * sizeof *t->by_year);
    t->cells = snw_alloc(SNW_TOTALS_CELLS * sizeof *t->cells);
    t->levels = snw_alloc(snw_totals_n_levels(t) * sizeof *t->levels);
    t->causes = snw_alloc(SNW_TOTALS_CAUSES * sizeof *t->causes);
    t->costs = snw_alloc(SNW_TOTALS_COSTS * sizeof *t->costs);
    t->screening = snw_alloc(sizeof *t->screening);
    t->paired = snw_alloc(SNW_TOTALS_PAIRED * sizeof *t->paired);
    t->n_counted = snw_alloc(N_CELLS * sizeof *t->n_counted);
    if (histograms) {
        t->histograms = snw_alloc(SNW_TOTALS_HISTOGRAMS * sizeof *t->histograms);
        t->counts = snw_alloc(SNW_TOTALS_HISTOGRAMS * sizeof *t->counts);
    }
    if (t->by_year && t->cells && t->levels && t->causes && t->costs && t->screening && t->paired &&
        t->n_counted && (!histograms || (t->histograms && t->counts)))
        return SNW_OK;
    snw_totals_free(t);
    return SNW_ERR_MEMORY;
}

void snw_totals_free(struct snw_totals *t)
{
    snw_free(t->cells);
    snw_free(t->by_year);
    snw_free(t->histograms);
    snw_free(t->levels);
    snw_free(t->causes);
    snw_free(t->costs);
    snw_free(t->screening);
    snw_free(t->paired);
    snw_free(t->counts);
    snw_free(t->n_counted);
    *t = (struct snw_totals){0};
}

void snw_totals_parts(struct snw_totals *t, struct snw_totals_part part[SNW_TOTALS_PARTS])
{
    part[0] = (struct snw_totals_part){"cells", t->cells, SNW_TOTALS_CELLS * sizeof *t->cells};
    part[1] =
        (struct snw_totals_part){"histograms", t->histograms,
                                 t->histograms ? SNW_TOTALS_HISTOGRAMS * sizeof *t->histograms : 0};
    part[2] =
        (struct snw_totals_part){"levels", t->levels, snw_totals_n_levels(t) * sizeof *t->levels};
    part[3] = (struct snw_totals_part){"causes", t->causes, SNW_TOTALS_CAUSES * sizeof *t->causes};
    part[4] = (struct snw_totals_part){"by_year", t->by_year,
                                       t->years * SNW_TOTALS_CELLS * sizeof *t->by_year};
    part[5] = (struct snw_totals_part){"paired", t->paired, SNW_TOTALS_PAIRED * sizeof *t->paired};
    part[6] = (struct snw_totals_part){"costs", t->costs, SNW_TOTALS_COSTS * sizeof *t->costs};
    part[7] = (struct snw_totals_part){"screening", t->screening, sizeof *t->screening};
}

static void settle_cell(struct snw_totals *t, size_t cell)
{
    uint32_t *to = t->histograms + cell * CELL_COUNTS;
    uint16_t *from = t->counts + cell * CELL_COUNTS;
    for (size_t i = 0; i < CELL_COUNTS; i++) {
        to[i] += from[i];
        from[i] = 0;
    }
    t->n_counted[cell] = 0;
}

uint16_t *snw_totals_count(struct snw_totals *t, size_t cell, size_t n)
{
    if (!t->counts)
        return NULL;
    if (t->n_counted[cell] + n > UINT16_MAX)
        settle_cell(t, cell);
    t->n_counted[cell] += (uint32_t)n;
    return t->counts + cell * CELL_COUNTS;
}

void snw_totals_settle(struct snw_totals *t)
{
    for (size_t cell = 0; cell < N_CELLS; cell++)
        if (t->n_counted[cell])
            settle_cell(t, cell);
}

void snw_totals_clear(struct snw_totals *t)
{
    struct snw_totals_part part[SNW_TOTALS_PARTS];
    snw_totals_settle(t);
    snw_totals_parts(t, part);
    for (size_t k = 0; k < SNW_TOTALS_PARTS; k++)
        if (part[k].n_bytes)
            memset(part[k].values, 0, part[k].n_bytes);
}

void snw_cells_add(struct snw_cell *to, const struct snw_cell *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i].n += from[i].n;
        to[i].sum += from[i].sum;
        to[i].sum_squares += from[i].sum_squares;
        to[i].sum_squares_high += from[i].sum_squares_high;
        to[i].clamped += from[i].clamped;
    }
}

void snw_totals_add(struct snw_totals *to, const struct snw_totals *from)
{
    snw_cells_add(to->cells, from->cells, SNW_TOTALS_CELLS);
    snw_cells_add(to->by_year, from->by_year, to->years * SNW_TOTALS_CELLS);
    for (size_t i = 0; i < SNW_TOTALS_HISTOGRAMS; i++)
        to->histograms[i] += from->histograms[i];
    for (size_t i = 0; i < snw_totals_n_levels(to); i++)
        to->levels[i] += from->levels[i];
    for (size_t i = 0; i < SNW_TOTALS_CAUSES; i++)
        to->causes[i] += from->causes[i];
    for (size_t i = 0; i < SNW_TOTALS_COSTS; i++)
        to->costs[i] += from->costs[i];
    uint64_t *counts = &to->screening->n[0][0][0][0];
    const uint64_t *more = &from->screening->n[0][0][0][0];
    for (size_t i = 0; i < SNW_TOTALS_SCREENING; i++)
        counts[i] += more[i];
    snw_paired_merge(to->paired, from->paired, SNW_TOTALS_PAIRED);
}
