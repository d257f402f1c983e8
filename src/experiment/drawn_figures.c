/* What interventions do, who comes to be tested and what tests cost, as drawn, beside the
 * parameters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/parameters.h"
#include "store/dataset.h"

/* A figure of one intervention or screening pathway in all draws. */
struct figure {
    const struct snw_declared *declared;
    const char *section, *owner, *name, *unit, *doc;
    const double *values; /* (n_draws,) */
};

static snw_status write_one(struct snw_ctx *ctx, struct snw_file *file, const struct figure *f)
{
    snw_status status = SNW_OK;
    char name[128], object[160], key[160];
    if (f->declared->low == f->declared->high)
        return SNW_OK;
    snprintf(name, sizeof name, "%s_%.48s_%.48s", f->section, f->owner, f->name);
    snprintf(object, sizeof object, "parameters/%s", name);
    snprintf(key, sizeof key, "%s.%.64s.%.64s", f->section, f->owner, f->name);
    const struct snw_variable v = {.group = "parameters",
                                   .name = name,
                                   .type = SNW_F64,
                                   .n_dims = 1,
                                   .dims = {"draw"},
                                   .units = f->unit,
                                   .long_name = f->doc};
    SNW_TRY(snw_variable_write(file, &v, f->values, ctx));
    SNW_TRY(snw_attribute_text(file, object, "key", key, ctx));
    SNW_TRY(snw_attribute_double(file, object, "default", f->declared->value, ctx));
    SNW_TRY(snw_attribute_double(file, object, "low", f->declared->low, ctx));
    SNW_TRY(snw_attribute_double(file, object, "high", f->declared->high, ctx));
    SNW_TRY(snw_attribute_text(file, object, "prior", "low to high: 95 per cent", ctx));
    SNW_TRY(snw_attribute_text(file, object, "source", f->declared->source, ctx));
    SNW_TRY(snw_attribute_text(file, object, "origin", "config; draws: from its interval", ctx));
out:
    return status;
}

/* Draws one intervention alone: its figures depend on its name, whatever else a scenario holds. */
static snw_status write_all_of(struct snw_ctx *ctx, struct snw_file *file,
                               const struct snw_world *world, const struct snw_intervention *t)
{
    snw_status status = SNW_OK;
    size_t n = 1 + (size_t)world->settings->draws;
    struct snw_programme alone = {.n = 1, .list = {t}};
    double *values = malloc((1 + SNW_N_CHANNELS) * n * sizeof *values);
    if (!values)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the figures of %s", t->name);
    for (size_t draw = 0; draw < n; draw++) {
        snw_programme_draw(&alone, (uint32_t)world->settings->seed, (uint32_t)draw);
        values[draw] = alone.uptake[0];
        for (size_t c = 0; c < SNW_N_CHANNELS; c++)
            values[(1 + c) * n + draw] = alone.value[0][c];
    }
    const struct figure uptake = {&t->uptake, "interventions",
                                  t->name,    "uptake",
                                  "1",        "Chance that one who is offered it starts",
                                  values};
    SNW_TRY(write_one(ctx, file, &uptake));
    for (size_t c = 0; c < SNW_N_CHANNELS; c++) {
        const struct snw_channel_info *info = &snw_channel_table[c];
        const struct figure effect = {&t->effect[c].figure, "interventions", t->name,
                                      info->name,           info->unit,      info->doc,
                                      values + (1 + c) * n};
        if (t->effect[c].given)
            SNW_TRY(write_one(ctx, file, &effect));
    }
out:
    free(values);
    return status;
}

/* Likewise a pathway: attendance, then what the test of each step costs. */
static snw_status write_pathway(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_world *world, const struct snw_pathway *pathway)
{
    snw_status status = SNW_OK;
    size_t n = 1 + (size_t)world->settings->draws;
    struct snw_screening alone = {.n = 1, .list = {pathway}};
    double *values = malloc((1 + SNW_PATHWAY_STEPS) * n * sizeof *values);
    if (!values)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the figures of %s", pathway->name);
    for (size_t draw = 0; draw < n; draw++) {
        snw_screening_draw(&alone, (uint32_t)world->settings->seed, (uint32_t)draw);
        values[draw] = alone.attendance[0];
        for (size_t k = 0; k < pathway->n_steps; k++)
            values[(1 + k) * n + draw] = alone.cost_usd[0][k];
    }
    const struct figure attendance = {&pathway->attendance,
                                      "screening",
                                      pathway->name,
                                      "attendance",
                                      "1",
                                      "Chance that one who is invited comes",
                                      values};
    SNW_TRY(write_one(ctx, file, &attendance));
    for (size_t k = 0; k < pathway->n_steps; k++) {
        const struct snw_screening_step *step = &pathway->step[k];
        char name[64], unit[32];
        snprintf(name, sizeof name, "%.48s_cost", step->name);
        snprintf(unit, sizeof unit, "USD_%d", step->price_year);
        const struct figure cost = {&step->cost,
                                    "screening",
                                    pathway->name,
                                    name,
                                    unit,
                                    "Cost of one occasion of the test",
                                    values + (1 + k) * n};
        if (step->cost.source)
            SNW_TRY(write_one(ctx, file, &cost));
    }
out:
    free(values);
    return status;
}

/* @return whether any scenario follows a pathway. */
static bool is_followed(const struct snw_world *world, const struct snw_pathway *pathway)
{
    for (size_t s = 0; s < world->n_scenarios; s++)
        for (size_t k = 0; k < world->screenings[s].n; k++)
            if (world->screenings[s].list[k] == pathway)
                return true;
    return false;
}

/* @return whether any scenario uses an intervention. */
static bool is_used(const struct snw_world *world, const struct snw_intervention *t)
{
    for (size_t s = 0; s < world->n_scenarios; s++)
        for (size_t k = 0; k < world->programmes[s].n; k++)
            if (world->programmes[s].list[k] == t)
                return true;
    return false;
}

snw_status snw_drawn_figures_write(struct snw_ctx *ctx, struct snw_file *file,
                                   const struct snw_world *world)
{
    snw_status status = SNW_OK;
    const struct snw_interventions *all = &world->settings->interventions;
    const struct snw_pathways *ways = &world->settings->screening;
    if (world->settings->draws == 0 || !world->settings->uncertain_sections.all)
        return SNW_OK;
    for (size_t i = 0; world->screenings && i < ways->n; i++)
        if (is_followed(world, &ways->list[i]))
            SNW_TRY(write_pathway(ctx, file, world, &ways->list[i]));
    for (size_t i = 0; world->programmes && i < all->n; i++)
        if (is_used(world, &all->list[i]))
            SNW_TRY(write_all_of(ctx, file, world, &all->list[i]));
out:
    return status;
}
