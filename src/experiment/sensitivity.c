/* Writes the sensitivity indices of a saltelli or morris design. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/labels.h"
#include "experiment/sweep_write.h"
#include "store/dataset.h"
#include "sweep/indices.h"

enum { MOST = 6 };

/* Numbers of a factor, in the order of their places below. */
static const struct kind {
    size_t n;
    struct {
        const char *name, *doc;
        bool share; /* of variance, else in the unit of the measure */
    } index[MOST];
} kinds[] = {{6,
              {{"first", "First-order Sobol' index", true},
               {"first_low", "Lower end of its 95 % interval", true},
               {"first_high", "Upper end of its 95 % interval", true},
               {"total", "Total Sobol' index", true},
               {"total_low", "Lower end of its 95 % interval", true},
               {"total_high", "Upper end of its 95 % interval", true}}},
             {5,
              {{"mu", "Mean elementary effect, from end to end of the factor", false},
               {"mu_star", "Mean size of the elementary effects", false},
               {"mu_star_low", "Lower end of its 95 % interval", false},
               {"mu_star_high", "Upper end of its 95 % interval", false},
               {"sigma", "SD of the elementary effects", false}}}};

/* What the indices of one measure are worked out from, and where they go. */
struct finder {
    const struct snw_sweep_result *result;
    const struct kind *kind;
    size_t n, k, rows; /* base points or trajectories, factors, points of each */
    double *y;         /* (n, rows) */
    struct snw_estimate *first, *total;
    struct snw_effects *effects;
    double *found; /* (kind->n, k, cells) */
};

/* Outcomes of all points of the design in a cell; with `gain` less those of the reference. */
static void gather(struct finder *f, size_t m, size_t cell, bool gain)
{
    const struct snw_sweep_result *r = f->result;
    size_t sex = cell % SNW_SWEEP_SEXES;
    for (size_t p = 0; p < f->n * f->rows; p++) {
        const double *row = r->rows + (p + 1) * r->n_row + m * r->n_cells;
        f->y[p] = row[cell] - (gain ? row[sex] : 0);
    }
}

static void find(struct finder *f, size_t cell)
{
    const struct snw_world *world = f->result->world;
    double *to = f->found + cell;
    size_t step = f->k * f->result->n_cells;
    if (f->kind == &kinds[0])
        snw_sobol_indices(f->y, f->n, f->k, f->first, f->total);
    else
        snw_morris_effects(world->sweep->u, f->y, f->n, f->k, (size_t)world->settings->sweep.levels,
                           f->effects);
    for (size_t i = 0; i < f->k; i++, to += f->result->n_cells) {
        const struct snw_estimate *a = &f->first[i], *b = &f->total[i];
        const struct snw_effects *e = &f->effects[i];
        const double sobol[MOST] = {a->value, a->low, a->high, b->value, b->low, b->high};
        const double morris[MOST] = {e->mu, e->mu_star.value, e->mu_star.low, e->mu_star.high,
                                     e->sigma};
        for (size_t x = 0; x < f->kind->n; x++)
            to[x * step] = f->kind == &kinds[0] ? sobol[x] : morris[x];
    }
}

static snw_status write_one(const struct finder *f, size_t m, bool gain)
{
    snw_status status = SNW_OK;
    const struct snw_sweep_result *r = f->result;
    const struct snw_gauge *g = &r->world->sweep->measure[m];
    char name[160], doc[512], unit[SNW_UNIT_MAX];
    for (size_t x = 0; x < f->kind->n; x++) {
        snprintf(name, sizeof name, "%s%s_%s", g->name, gain ? "_gain" : "",
                 f->kind->index[x].name);
        snprintf(doc, sizeof doc, "%s. %s%s", f->kind->index[x].doc, g->doc,
                 gain ? "; less that of the reference" : "");
        struct snw_variable v = {
            .group = "sweep",
            .name = name,
            .type = SNW_F64,
            .n_dims = 3,
            .dims = {"factor", "scenario", "sex"},
            .units = f->kind->index[x].share ? "1" : snw_unit_of(r->world, g->units, unit),
            .long_name = doc};
        SNW_TRY(snw_variable_write(r->file, &v, f->found + x * f->k * r->n_cells, r->ctx));
        SNW_TRY(snw_money_attributes(r->ctx, r->file, r->world, &v, NULL));
    }
out:
    return status;
}

snw_status snw_sensitivity_write(const struct snw_sweep_result *r)
{
    snw_status status = SNW_OK;
    const struct snw_sweep *sweep = &r->world->settings->sweep;
    size_t k = sweep->n_factors, points = r->world->sweep->n_points;
    bool saltelli = sweep->design == SNW_DESIGN_SALTELLI;
    if (!saltelli && sweep->design != SNW_DESIGN_MORRIS)
        return SNW_OK;
    struct finder f = {.result = r,
                       .kind = &kinds[!saltelli],
                       .n = (size_t)sweep->points,
                       .k = k,
                       .rows = k + (saltelli ? 2 : 1),
                       .y = malloc(points * sizeof *f.y),
                       .first = calloc(k, sizeof *f.first),
                       .total = calloc(k, sizeof *f.total),
                       .effects = calloc(k, sizeof *f.effects),
                       .found = malloc(MOST * k * r->n_cells * sizeof *f.found)};
    if (!f.y || !f.first || !f.total || !f.effects || !f.found)
        SNW_TRY(snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory for sensitivity indices"));
    for (size_t m = 0; m < r->world->sweep->n_measures; m++)
        for (int gain = 0; gain < (r->world->n_scenarios > 1 ? 2 : 1); gain++) {
            for (size_t cell = 0; cell < r->n_cells; cell++) {
                gather(&f, m, cell, gain);
                find(&f, cell);
            }
            SNW_TRY(write_one(&f, m, gain));
        }
out:
    free(f.y);
    free(f.first);
    free(f.total);
    free(f.effects);
    free(f.found);
    return status;
}
