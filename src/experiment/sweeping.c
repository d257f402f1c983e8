/* Makes the world of a design's point. */
#include "experiment/sweeping.h"

#include <string.h>

#include "core/memory.h"

size_t snw_sweeping_scenarios(const struct snw_world *run)
{
    return 1 + run->sweep->together * (run->settings->scenarios.n - 1);
}

/* Parameters of the scenarios of point `at`, of the reference as well. */
static void act(struct snw_world *world, size_t at, const double *u)
{
    const struct snw_settings *settings = world->settings;
    const struct snw_sweep *sweep = &settings->sweep;
    size_t n = settings->scenarios.n;
    for (size_t s = 0; s < n; s++) {
        struct snw_params *to = &world->params[s == 0 ? 0 : at * (n - 1) + s];
        *to = settings->scenarios.list[s].params;
        for (size_t f = 0; s > 0 && f < sweep->n_factors; f++)
            snw_factor_move(&sweep->factors[f], u[f], &settings->params, to);
    }
}

/* The interventions as point `at` of a world has them. */
static snw_status treat(struct snw_ctx *ctx, struct snw_world *world, size_t at, const double *u)
{
    snw_status status = SNW_OK;
    const struct snw_settings *settings = world->settings;
    const struct snw_sweep *sweep = &settings->sweep;
    const struct snw_intervention *declared = settings->interventions.list;
    struct snw_intervention *own = world->treated + at * settings->interventions.n;
    size_t n = settings->scenarios.n;
    for (size_t i = 0; i < settings->interventions.n; i++)
        own[i] = declared[i];
    for (size_t f = 0; f < sweep->n_factors; f++)
        snw_factor_treat(&sweep->factors[f], u[f], declared, own);
    for (size_t s = 1; s < n; s++) {
        struct snw_programme *p = &world->programmes[at * (n - 1) + s];
        for (size_t k = 0; k < p->n; k++)
            for (size_t i = 0; i < settings->interventions.n; i++)
                if (strcmp(own[i].name, p->list[k]->name) == 0)
                    p->list[k] = &own[i];
        snw_programme_init(p, &settings->scenarios.list[s].params);
        SNW_TRY(snw_world_price(ctx, world, p));
    }
out:
    return status;
}

snw_status snw_world_points(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                            struct snw_world *world, uint32_t k)
{
    snw_status status = SNW_OK;
    const struct snw_sweep *sweep = &world->settings->sweep;
    const struct snw_sweeping *s = world->sweep;
    struct snw_params params = world->settings->params;
    const double *u = s->u;
    for (size_t at = 0; at < s->together; at++) {
        size_t point = (k - 1) * s->together + at, last = s->n_points - 1;
        u = s->u + (point < last ? point : last) * sweep->n_factors;
        if (world->programmes)
            SNW_TRY(treat(ctx, world, at, u));
        if (sweep->as == SNW_AS_DEED)
            act(world, at, u);
    }
    world->key.luck = 0;
    if (sweep->as == SNW_AS_DEED) {
        snw_world_act(world);
        return SNW_OK;
    }
    for (size_t f = 0; f < sweep->n_factors; f++)
        snw_factor_move(&sweep->factors[f], u[f], &world->settings->params, &params);
    status = snw_world_believe(ctx, ranks, world, &params, 0);
out:
    return status;
}

/* Whether the last scenario's model, and what its years cost, are others with a factor at u. */
static bool changes(struct snw_world *world, const struct snw_factor *f, double u,
                    struct snw_model *model, struct snw_economy *economy)
{
    const struct snw_settings *settings = world->settings;
    size_t last = settings->scenarios.n - 1;
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
    trial.n_scenarios = world->n_scenarios; /* one point is enough */
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
