/* Makes the world of a design's point. */
#include "experiment/sweeping.h"

#include <string.h>

#include "core/memory.h"

/* The interventions as the point has them. */
static void treat(struct snw_world *world, const double *u)
{
    const struct snw_settings *settings = world->settings;
    const struct snw_sweep *sweep = &settings->sweep;
    const struct snw_intervention *declared = settings->interventions.list;
    for (size_t i = 0; i < settings->interventions.n; i++)
        world->treated[i] = declared[i];
    for (size_t f = 0; f < sweep->n_factors; f++)
        snw_factor_treat(&sweep->factors[f], u[f], declared, world->treated);
    for (size_t s = 0; s < world->n_scenarios; s++) {
        struct snw_programme *p = &world->programmes[s];
        for (size_t k = 0; k < p->n; k++)
            p->list[k] = &world->treated[settings->scenarios.list[s].intervention[k]];
        snw_programme_draw(p, 0, 0);
    }
}

snw_status snw_world_point(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                           struct snw_world *world, uint32_t point)
{
    const struct snw_settings *settings = world->settings;
    const struct snw_sweep *sweep = &settings->sweep;
    const double *u = world->sweep->u + (point - 1) * sweep->n_factors;
    struct snw_params params = settings->params;
    bool belief = sweep->as == SNW_AS_BELIEF;
    if (world->programmes)
        treat(world, u);
    for (size_t f = 0; belief && f < sweep->n_factors; f++)
        snw_factor_move(&sweep->factors[f], u[f], &settings->params, &params);
    if (belief)
        return snw_world_believe(ctx, ranks, world, &params, 0);
    for (size_t s = 0; s < world->n_scenarios; s++) {
        world->params[s] = settings->scenarios.list[s].params;
        for (size_t f = 0; s > 0 && f < sweep->n_factors; f++)
            snw_factor_move(&sweep->factors[f], u[f], &settings->params, &world->params[s]);
    }
    world->key.luck = 0;
    snw_world_act(world);
    return SNW_OK;
}

/* Whether the last scenario's model, and what its years cost, are others with a factor at u. */
static bool changes(struct snw_world *world, const struct snw_factor *f, double u,
                    struct snw_model *model, struct snw_economy *economy)
{
    const struct snw_settings *settings = world->settings;
    size_t last = world->n_scenarios - 1;
    world->params[last] = settings->scenarios.list[last].params;
    snw_world_act(world);
    *model = world->models[last];
    *economy = world->economies[last];
    snw_factor_move(f, u, &settings->params, &world->params[last]);
    snw_world_act(world);
    return memcmp(model, &world->models[last], sizeof *model) != 0 ||
           memcmp(economy, &world->economies[last], sizeof *economy) != 0;
}

snw_status snw_sweeping_refuse(struct snw_ctx *ctx, const struct snw_world *world)
{
    snw_status status = SNW_OK;
    const struct snw_sweep *sweep = &world->settings->sweep;
    struct snw_model *model = NULL;
    struct snw_economy *economy = NULL;
    struct snw_world trial = {.settings = NULL};
    if (!world->sweep || sweep->as == SNW_AS_BELIEF)
        return SNW_OK;
    model = snw_alloc(sizeof *model);
    economy = snw_alloc(sizeof *economy);
    if (!model || !economy)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to try a sweep"));
    SNW_TRY(snw_world_of_draws(ctx, world, &trial));
    for (size_t s = 0; s < trial.n_scenarios; s++)
        trial.params[s] = world->settings->scenarios.list[s].params;
    for (size_t k = 0; k < sweep->n_factors; k++) {
        const struct snw_factor *f = &sweep->factors[k];
        if (!f->field && !changes(&trial, f, 0.9, model, economy) &&
            !changes(&trial, f, 0.1, model, economy))
            status = snw_fail(ctx, SNW_ERR_CONFIG,
                              "sweep.factors: as a deed %s changes nothing: it says what the "
                              "reference pass meets, and that is frozen; move it as: belief",
                              f->name);
    }
out:
    snw_world_of_draws_free(&trial);
    snw_free(model);
    snw_free(economy);
    return status;
}
