/* Makes the world of a design's point. */
#include "experiment/sweeping.h"

#include <string.h>

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
