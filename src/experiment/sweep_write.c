/* Writes the design and the measures at its points. */
#include "experiment/sweep_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/scalar.h"
#include "experiment/labels.h"
#include "store/dataset.h"

static const char group[] = "sweep";

static snw_status write_axes(const struct snw_sweep_result *r)
{
    static const char *const sexes[SNW_SWEEP_SEXES] = {"female", "male", "both"};
    snw_status status = SNW_OK;
    const struct snw_sweep *sweep = &r->world->settings->sweep;
    size_t n = r->world->sweep->n_points + 1;
    const char **names = malloc(sweep->n_factors * sizeof *names);
    int32_t *points = malloc(n * sizeof *points);
    struct snw_variable v = {.group = group, .type = SNW_TEXT};
    if (!names || !points)
        SNW_TRY(snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory to write a sweep"));
    SNW_TRY(snw_group_create(r->file, group, r->ctx));
    SNW_TRY(snw_scenario_axis(r->ctx, r->file, r->world, group));
    v.name = "sex";
    v.long_name = "Sex";
    SNW_TRY(snw_coordinate_write(r->file, &v, SNW_SWEEP_SEXES, sexes, r->ctx));
    for (size_t f = 0; f < sweep->n_factors; f++)
        names[f] = sweep->factors[f].name;
    v.name = "factor";
    v.long_name = "What the design moves";
    SNW_TRY(snw_coordinate_write(r->file, &v, sweep->n_factors, names, r->ctx));
    for (size_t p = 0; p < n; p++)
        points[p] = (int32_t)p;
    v = (struct snw_variable){.group = group,
                              .name = "point",
                              .type = SNW_I32,
                              .units = "1",
                              .long_name = "Point of the design; 0 is the config as it stands"};
    SNW_TRY(snw_coordinate_write(r->file, &v, n, points, r->ctx));
out:
    free(names);
    free(points);
    return status;
}

static snw_status write_units(const struct snw_sweep_result *r)
{
    snw_status status = SNW_OK;
    const struct snw_sweep *sweep = &r->world->settings->sweep;
    const char **units = malloc(sweep->n_factors * sizeof *units);
    if (!units)
        return snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory to write a sweep");
    for (size_t f = 0; f < sweep->n_factors; f++) {
        const struct snw_factor *factor = &sweep->factors[f];
        bool score = factor->range == SNW_FACTOR_PRIOR && factor->n > 1;
        units[f] = factor->relative || score ? "1" : factor->unit;
    }
    struct snw_variable v = {.group = group,
                             .name = "factor_unit",
                             .type = SNW_TEXT,
                             .n_dims = 1,
                             .dims = {"factor"},
                             .long_name =
                                 "Unit of a factor's values; USD are those of its source's year"};
    SNW_TRY(snw_variable_write(r->file, &v, units, r->ctx));
out:
    free(units);
    return status;
}

static snw_status write_design(const struct snw_sweep_result *r)
{
    snw_status status = SNW_OK;
    const struct snw_settings *settings = r->world->settings;
    const struct snw_sweep *sweep = &settings->sweep;
    size_t n = r->world->sweep->n_points + 1, k = sweep->n_factors;
    const double *u = r->world->sweep->u;
    char word[64];
    double *design = malloc(n * k * sizeof *design);
    if (!design)
        return snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory to write a sweep");
    for (size_t i = 0; i < n * k; i++)
        design[i] = snw_factor_value(&sweep->factors[i % k], i < k ? __builtin_nan("") : u[i - k],
                                     &settings->params, settings->interventions.list);
    struct snw_variable v = {
        .group = group,
        .name = "design",
        .type = SNW_F64,
        .n_dims = 2,
        .dims = {"point", "factor"},
        .long_name = "Where a factor stands: its value in the unit of factor_unit, a ratio to the "
                     "config's where it is relative, the normal score where several elements move "
                     "by their priors"};
    SNW_TRY(snw_variable_write(r->file, &v, design, r->ctx));
    snw_word_at(SNW_DESIGN_WORDS, (int)sweep->design, word, sizeof word);
    SNW_TRY(snw_attribute_text(r->file, group, "design", word, r->ctx));
    snw_word_at(SNW_AS_WORDS, (int)sweep->as, word, sizeof word);
    SNW_TRY(snw_attribute_text(r->file, group, "as", word, r->ctx));
out:
    free(design);
    return status;
}

/* One part of a measure at all points: itself, its standard error or that of its gain. */
static snw_status write_part(const struct snw_sweep_result *r, size_t m, size_t part,
                             double *values)
{
    static const struct {
        const char *suffix, *doc;
    } parts[SNW_SWEEP_PARTS] = {{"", ""},
                                {"_mcse", "Monte Carlo standard error: "},
                                {"_gain_mcse",
                                 "Monte Carlo standard error of what a scenario gains "
                                 "on the reference: "}};
    const struct snw_gauge *g = &r->world->sweep->measure[m];
    size_t n = r->world->sweep->n_points + 1, from = part * r->n_row / SNW_SWEEP_PARTS;
    char name[128], doc[384], unit[SNW_UNIT_MAX];
    for (size_t p = 0; p < n; p++)
        for (size_t c = 0; c < r->n_cells; c++) {
            double x = r->rows[p * r->n_row + from + m * r->n_cells + c];
            values[p * r->n_cells + c] = part ? snw_sqrt_f64(x) : x;
        }
    snprintf(name, sizeof name, "%s%s", g->name, parts[part].suffix);
    snprintf(doc, sizeof doc, "%s%s", parts[part].doc, g->doc);
    struct snw_variable v = {.group = group,
                             .name = name,
                             .type = SNW_F64,
                             .n_dims = 3,
                             .dims = {"point", "scenario", "sex"},
                             .units = snw_unit_of(r->world, g->units, unit),
                             .long_name = doc};
    snw_status status = snw_variable_write(r->file, &v, values, r->ctx);
    return status ? status : snw_money_attributes(r->ctx, r->file, r->world, &v, NULL);
}

static snw_status write_measures(const struct snw_sweep_result *r)
{
    snw_status status = SNW_OK;
    size_t n = r->world->sweep->n_points + 1;
    double *values = malloc(n * r->n_cells * sizeof *values);
    if (!values)
        return snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory to write a sweep");
    for (size_t m = 0; m < r->world->sweep->n_measures; m++)
        for (size_t part = 0; part < SNW_SWEEP_PARTS; part++) {
            bool known = r->world->sweep->measure[m].paired >= 0 && r->world->n_scenarios > 1;
            if (part < 2 || known)
                SNW_TRY(write_part(r, m, part, values));
        }
out:
    free(values);
    return status;
}

snw_status snw_sweep_write(struct snw_ctx *ctx, struct snw_file *file,
                           const struct snw_world *world, const struct snw_totals *totals,
                           const struct snw_spread *points)
{
    snw_status status = SNW_OK;
    size_t worlds = snw_settings_worlds(world->settings), together = world->sweep->together;
    struct snw_sweep_result r = {.ctx = ctx,
                                 .file = file,
                                 .world = world,
                                 .n_cells = world->n_scenarios * SNW_SWEEP_SEXES,
                                 .n_row = snw_sweeping_values(world)};
    r.rows = malloc((1 + worlds * together) * r.n_row * sizeof *r.rows);
    if (!r.rows)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu points", world->sweep->n_points);
    snw_sweeping_reduce(world, totals, 0, r.rows);
    SNW_TRY(snw_spread_read(ctx, points, 1, worlds + 1, 0, together * r.n_row, r.rows + r.n_row));
    SNW_TRY(write_axes(&r));
    SNW_TRY(write_units(&r));
    SNW_TRY(write_design(&r));
    SNW_TRY(write_measures(&r));
    SNW_TRY(snw_sensitivity_write(&r));
out:
    free(r.rows);
    return status;
}
