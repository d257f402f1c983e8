/* Tries whether a scenario would be another with other parameters. */
#include "experiment/idle.h"

#include <string.h>

#include "core/memory.h"
#include "experiment/sweeping.h"

/* A scenario as it is and as it would be: both are built in one place, since they hold its address,
   and the first is kept beside it. */
struct trial {
    const struct snw_world *world;
    struct snw_model model, model_kept;
    struct snw_economy economy, economy_kept;
};

static struct trial *trial_new(struct snw_ctx *ctx, const struct snw_world *world)
{
    struct trial *t = snw_alloc(sizeof *t);
    if (t)
        t->world = world;
    else
        (void)snw_fail(ctx, SNW_ERR_MEMORY, "no memory to try parameters");
    return t;
}

static void keep(struct trial *t, const struct snw_params *params)
{
    snw_world_freeze(t->world, params, &t->model, &t->economy);
    t->model_kept = t->model;
    t->economy_kept = t->economy;
}

/* Whether lives, or what their years cost, would be others than those kept. */
static bool is_felt(struct trial *t, const struct snw_params *params)
{
    snw_world_freeze(t->world, params, &t->model, &t->economy);
    return memcmp(&t->model, &t->model_kept, sizeof t->model) != 0 ||
           memcmp(&t->economy, &t->economy_kept, sizeof t->economy) != 0;
}

static bool moves(struct trial *t, const struct snw_factor *f, double u,
                  const struct snw_params *own)
{
    struct snw_params moved = *own;
    snw_factor_move(f, u, &t->world->settings->params, &moved);
    return is_felt(t, &moved);
}

snw_status snw_idle_refuse(struct snw_ctx *ctx, const struct snw_world *world)
{
    snw_status status = SNW_OK;
    const struct snw_settings *settings = world->settings;
    const struct snw_sweep *sweep = &settings->sweep;
    const struct snw_params *own = &settings->scenarios.list[settings->scenarios.n - 1].params;
    if (!world->sweep || sweep->as == SNW_AS_BELIEF)
        return SNW_OK;
    struct trial *trial = trial_new(ctx, world);
    if (!trial)
        return SNW_ERR_MEMORY;
    keep(trial, own);
    for (size_t k = 0; k < sweep->n_factors; k++) {
        const struct snw_factor *f = &sweep->factors[k];
        if (!f->field && !moves(trial, f, 0.9, own) && !moves(trial, f, 0.1, own))
            status = snw_fail(ctx, SNW_ERR_CONFIG,
                              "sweep.factors: as a deed %s changes nothing: it says what the "
                              "reference pass meets, and that is frozen; move it as: belief",
                              f->name);
    }
    snw_free(trial);
    return status;
}

/* Whether the instruments of a scenario's programme would err otherwise. */
static bool is_measured(const struct snw_world *world, size_t s, const struct snw_params *params)
{
    if (!world->programmes || world->programmes[s].n == 0)
        return false;
    struct snw_programme other = world->programmes[s];
    snw_programme_init(&other, params);
    return memcmp(other.cv, world->programmes[s].cv, sizeof other.cv) != 0 ||
           other.height_cv != world->programmes[s].height_cv;
}

/* Of one scenario, each parameter that it has otherwise than the config. */
static void warn_of(struct trial *t, size_t s, FILE *stream)
{
    const struct snw_settings *settings = t->world->settings;
    const struct snw_scenario *scenario = &settings->scenarios.list[s];
    keep(t, &scenario->params);
    for (int i = 0; i < SNW_PARAM_COUNT; i++) {
        enum snw_param_id id = (enum snw_param_id)i;
        const struct snw_param_info *info = &snw_param_table[id];
        const double *base = snw_params_at_const(&settings->params, id);
        size_t bytes = info->length * sizeof *base;
        if (memcmp(base, snw_params_at_const(&scenario->params, id), bytes) == 0)
            continue;
        struct snw_params without = scenario->params;
        memcpy(snw_params_at(&without, id), base, bytes);
        if (!is_felt(t, &without) && !is_measured(t->world, s, &without))
            fprintf(stream,
                    "sinew: warning: scenario %s: parameters.%s.%s changes nothing: only the "
                    "frozen reference pass, or nothing in this run, asks for it\n",
                    scenario->name, info->section, info->name);
    }
}

snw_status snw_idle_warn(struct snw_ctx *ctx, const struct snw_world *world, FILE *stream)
{
    struct trial *trial = trial_new(ctx, world);
    if (!trial)
        return SNW_ERR_MEMORY;
    for (size_t s = 1; s < world->n_scenarios; s++)
        warn_of(trial, s, stream);
    snw_free(trial);
    return SNW_OK;
}
