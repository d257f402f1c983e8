/* Writes parameters with what is known of each. */
#include "experiment/parameters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/labels.h"
#include "params/priors.h"
#include "store/dataset.h"

enum { TOGETHER = 512 }; /* draws in memory, and in a chunk of the file */

static const char group[] = "parameters";

struct texts {
    char name[96], object[128], unit[SNW_COST_UNIT_MAX];
};

static struct snw_variable variable_of(enum snw_param_id id, struct texts *texts)
{
    const struct snw_param_info *info = &snw_param_table[id];
    const enum snw_axis_id axes[2] = {info->axis, info->axis2};
    snprintf(texts->name, sizeof texts->name, "%s_%s", info->section, info->name);
    snprintf(texts->object, sizeof texts->object, "%s/%s", group, texts->name);
    struct snw_variable v = {.group = group,
                             .name = texts->name,
                             .type = SNW_F64,
                             .n_dims = 1,
                             .dims = {"draw"},
                             .units = info->unit,
                             .long_name = info->doc};
    for (int k = 0; k < 2; k++)
        if (snw_axis_table[axes[k]].length > 1)
            v.dims[v.n_dims++] = snw_axis_table[axes[k]].name;
    return v;
}

static snw_status write_axes(struct snw_ctx *ctx, struct snw_file *file, size_t n_draws)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_group_create(file, group, ctx));
    SNW_TRY(snw_draw_axis(ctx, file, group, n_draws));
    for (int a = 0; a < SNW_AXIS_COUNT; a++) {
        const struct snw_axis_info *axis = &snw_axis_table[a];
        struct snw_variable label = {.group = group,
                                     .name = axis->name,
                                     .type = SNW_TEXT,
                                     .long_name = "Axis of parameters"};
        if (axis->length > 1)
            SNW_TRY(snw_coordinate_write(file, &label, axis->length, axis->labels, ctx));
    }
out:
    return status;
}

static bool has_posterior(const struct snw_world *world, enum snw_param_id id)
{
    const struct snw_posterior *p = world->draws.posterior;
    for (size_t c = 0; p && c < p->n_columns; c++)
        if (p->column[c].id == id)
            return true;
    return false;
}

/* Where the values come from: those of draw 0, and those of the draws. */
static void origin_of(const struct snw_world *world, enum snw_param_id id, char *text, size_t size)
{
    const struct snw_param_info *info = &snw_param_table[id];
    const double *values = snw_params_at_const(&world->settings->params, id);
    bool changed = memcmp(values, info->defaults, info->length * sizeof *values) != 0,
         varies = false;
    for (size_t i = 0; i < info->length; i++)
        varies |= snw_param_prior(id, i)->kind != SNW_PRIOR_FIXED;
    const char *draws = "";
    if (world->settings->draws > 0)
        draws = world->draws.held[id]      ? "; draws: held, of a section that does not vary"
                : has_posterior(world, id) ? (changed ? "; draws: from the posterior, moved to it"
                                                      : "; draws: from the posterior")
                : varies                   ? "; draws: from the prior"
                                           : "; draws: fixed";
    snprintf(text, size, "%s%s",
             changed ? snw_cost_origin(&world->settings->costs, id) ? "cost table" : "config"
                     : "default",
             draws);
}

static snw_status describe(struct snw_ctx *ctx, struct snw_file *file,
                           const struct snw_world *world, enum snw_param_id id, const char *object)
{
    snw_status status = SNW_OK;
    const struct snw_param_info *info = &snw_param_table[id];
    const struct snw_cost_origin *cost = snw_cost_origin(&world->settings->costs, id);
    const double *preset =
        cost ? snw_params_at_const(&world->settings->params, id) : info->defaults;
    char key[96], prior[2048], origin[128];
    snprintf(key, sizeof key, "%s.%s", info->section, info->name);
    snw_param_prior_words(id, prior, sizeof prior);
    origin_of(world, id, origin, sizeof origin);
    SNW_TRY(snw_attribute_text(file, object, "key", key, ctx));
    SNW_TRY(snw_attribute_doubles(file, object, "default", preset, info->length, ctx));
    SNW_TRY(snw_attribute_double(file, object, "low", info->low, ctx));
    SNW_TRY(snw_attribute_double(file, object, "high", info->high, ctx));
    SNW_TRY(snw_attribute_text(file, object, "prior", prior, ctx));
    SNW_TRY(snw_attribute_text(file, object, "source", cost ? cost->source : info->source, ctx));
    SNW_TRY(snw_attribute_text(file, object, "doc", info->doc, ctx));
    SNW_TRY(snw_attribute_text(file, object, "origin", origin, ctx));
out:
    return status;
}

static snw_status create(struct snw_ctx *ctx, struct snw_file *file, const struct snw_world *world,
                         enum snw_param_id id)
{
    snw_status status = SNW_OK;
    struct texts texts;
    struct snw_variable v = variable_of(id, &texts);
    v.units = snw_cost_unit(&world->settings->costs, id, texts.unit);
    const size_t chunk[] = {TOGETHER, SIZE_MAX, SIZE_MAX};
    if (world->settings->draws > 0)
        SNW_TRY(snw_sparse_create(file, &v, chunk, ctx));
    else
        SNW_TRY(
            snw_variable_write(file, &v, snw_params_at_const(&world->settings->params, id), ctx));
    SNW_TRY(describe(ctx, file, world, id, texts.object));
out:
    return status;
}

/* Writes n sets of all parameters from draw `from` on. @param[out] values room for a parameter's */
static snw_status write_sets(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_params *sets, size_t from, size_t n, double *values)
{
    snw_status status = SNW_OK;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        struct texts texts;
        struct snw_variable v = variable_of((enum snw_param_id)id, &texts);
        size_t first[3] = {from, 0, 0}, count[3] = {n};
        size_t lengths[2] = {snw_axis_table[info->axis].length, snw_axis_table[info->axis2].length};
        size_t d = 1;
        for (int k = 0; k < 2; k++)
            if (lengths[k] > 1)
                count[d++] = lengths[k];
        for (size_t s = 0; s < n; s++)
            memcpy(values + s * info->length, snw_params_at_const(&sets[s], (enum snw_param_id)id),
                   info->length * sizeof *values);
        SNW_TRY(snw_slab_write(file, &v, first, count, values, ctx));
    }
out:
    return status;
}

static snw_status write_draws(struct snw_ctx *ctx, struct snw_file *file,
                              const struct snw_world *world, size_t n_draws)
{
    snw_status status = SNW_OK;
    struct snw_params *sets = malloc(TOGETHER * sizeof *sets);
    double *values = malloc(TOGETHER * sizeof *sets);
    if (!sets || !values)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the parameters of draws"));
    for (size_t from = 0; from < n_draws; from += TOGETHER) {
        size_t n = n_draws - from < TOGETHER ? n_draws - from : TOGETHER;
        for (size_t s = 0; s < n; s++)
            snw_params_draw(&sets[s], &world->settings->params, &world->draws,
                            (uint32_t)(from + s));
        SNW_TRY(write_sets(ctx, file, sets, from, n, values));
    }
out:
    free(sets);
    free(values);
    return status;
}

snw_status snw_parameters_write(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_world *world)
{
    snw_status status = SNW_OK;
    size_t n_draws = 1 + (size_t)world->settings->draws;
    SNW_TRY(write_axes(ctx, file, n_draws));
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        SNW_TRY(create(ctx, file, world, (enum snw_param_id)id));
    if (n_draws > 1)
        SNW_TRY(write_draws(ctx, file, world, n_draws));
    SNW_TRY(snw_drawn_figures_write(ctx, file, world));
out:
    return status;
}
