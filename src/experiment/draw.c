/* Runs a draw and reduces its totals to a row. */
#include "experiment/draw.h"

#include <stdlib.h>
#include <string.h>

#include "experiment/accounting.h"
#include "experiment/national.h"
#include "experiment/paired.h"
#include "experiment/screens.h"
#include "experiment/sweeping.h"

struct snw_row snw_row_of(const struct snw_world *world)
{
    struct snw_row row = {0};
    struct snw_national list[SNW_NATIONAL_MAX];
    if (world->sweep) {
        row.n = world->sweep->together * snw_sweeping_values(world);
        return row;
    }
    size_t drawn = 0, listed = world->population.years ? snw_national_list(list) : 0;
    for (size_t k = 0; k < listed; k++)
        drawn += list[k].drawn;
    row.nation = world->outcomes->n_values * world->n_scenarios * SNW_CELLS;
    row.screens = row.nation + drawn * world->n_scenarios * snw_national_values(world);
    row.paired = row.screens + snw_screens_values(world);
    row.n = row.paired + snw_paired_row_values(world);
    return row;
}

size_t snw_outcome_place(const struct snw_world *world, const struct snw_outcome *e, size_t s)
{
    return (e->first * world->n_scenarios + s * e->n) * SNW_CELLS;
}

/* What a nation's years come to. */
static void reduce_nation(const struct snw_world *world, const struct snw_totals *totals,
                          double *values)
{
    struct snw_national list[SNW_NATIONAL_MAX];
    size_t listed = world->population.years ? snw_national_list(list) : 0;
    size_t step = snw_national_values(world);
    for (size_t k = 0; k < listed; k++)
        for (size_t s = 0; s < world->n_scenarios && list[k].drawn; s++) {
            snw_national_add_up(world, &totals[s], &list[k], values, NULL);
            values += step;
        }
}

void snw_draw_reduce(const struct snw_world *world, const struct snw_totals *totals, double *values,
                     double *variances)
{
    bool cohort = world->settings->mode == SNW_MODE_BIRTH_COHORT;
    const struct snw_row row = snw_row_of(world);
    memset(variances, 0, row.n * sizeof *variances);
    if (world->sweep) {
        for (size_t at = 0; at < world->sweep->together; at++)
            snw_sweeping_reduce(world, totals, at, values + at * snw_sweeping_values(world));
        return;
    }
    for (size_t i = 0; i < world->outcomes->n; i++) {
        const struct snw_outcome *e = &world->outcomes->list[i];
        for (size_t s = 0; s < world->n_scenarios; s++) {
            size_t at = snw_outcome_place(world, e, s);
            for (size_t c = 0; c < SNW_CELLS; c++)
                for (size_t k = 0; k < e->n; k++, at++) {
                    values[at] = snw_outcome_value(e, &totals[s], c, k);
                    variances[at] = snw_outcome_variance(e, &totals[s], c, k, cohort);
                }
        }
    }
    reduce_nation(world, totals, values + row.nation);
    snw_screens_reduce(world, totals, values + row.screens);
    snw_paired_reduce(world, totals, values + row.paired, variances + row.paired);
}

snw_status snw_drawer_init(struct snw_ctx *ctx, const struct snw_world *run, struct snw_drawer *d)
{
    snw_status status = SNW_OK;
    *d = (struct snw_drawer){.row = malloc(2 * snw_row_of(run).n * sizeof *d->row)};
    if (!d->row)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a draw");
    SNW_TRY(snw_world_of_draws(ctx, run, &d->world));
    SNW_TRY(snw_worker_init(ctx, &d->world, &d->worker));
out:
    return status;
}

void snw_drawer_free(struct snw_drawer *d)
{
    if (d->world.settings) {
        snw_worker_free(&d->world, &d->worker);
        snw_world_of_draws_free(&d->world);
    }
    free(d->row);
    *d = (struct snw_drawer){.row = NULL};
}

snw_status snw_drawer_begin(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                            struct snw_drawer *d, uint32_t draw)
{
    snw_status status = snw_world_draw(ctx, ranks, &d->world, draw);
    for (size_t s = 0; s < d->world.n_scenarios; s++)
        snw_totals_clear(&d->worker.totals[s]);
    return status;
}

snw_status snw_drawer_end(struct snw_ctx *ctx, struct snw_drawer *d, uint32_t draw,
                          struct snw_parcel *parcel)
{
    size_t n = snw_row_of(&d->world).n;
    snw_status status = snw_accounting_balance(ctx, &d->world, d->worker.totals);
    if (status != SNW_OK)
        return status;
    const struct snw_record record = {
        .kind = SNW_RECORD_DRAW, .first_row = draw, .n_bytes = 2 * n * sizeof *d->row};
    snw_draw_reduce(&d->world, d->worker.totals, d->row, d->row + n);
    status = snw_parcel_add(parcel, &record, d->row);
    return status == SNW_OK ? SNW_OK : snw_fail(ctx, status, "no memory for draw %u", draw);
}

snw_status snw_drawer_run(struct snw_ctx *ctx, struct snw_drawer *d, uint32_t draw,
                          const volatile sig_atomic_t *stop, struct snw_parcel *parcel)
{
    snw_status status = SNW_OK;
    const struct snw_ranks alone = {.rank = 0, .size = 1};
    SNW_TRY(snw_drawer_begin(ctx, &alone, d, draw));
    for (uint64_t unit = 0; unit < d->world.population.n_units; unit++) {
        if (*stop)
            return SNW_STOPPED;
        SNW_TRY(snw_unit_run(ctx, &d->world, &d->worker, unit, parcel));
    }
    SNW_TRY(snw_drawer_end(ctx, d, draw, parcel));
out:
    return status == SNW_OK ? SNW_OK : snw_fail(ctx, status, "draw %u could not be run", draw);
}
