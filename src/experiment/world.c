/* What all ranks know of a run before the first unit. */
#include <stdlib.h>
#include <string.h>

#include "config/file.h"
#include "config/price_table.h"
#include "config/scalar.h"
#include "config/table.h"
#include "core/memory.h"
#include "experiment/kept_pass.h"
#include "experiment/risk_cohort.h"
#include "experiment/run.h"
#include "experiment/screens.h"
#include "experiment/sweeping.h"

/* The measure of that name, SNW_N_MEASURES where there is none. */
static size_t find_measure(struct snw_ctx *ctx, const char *key, const char *name)
{
    struct snw_nearest nearest;
    snw_nearest_init(&nearest, name);
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        if (strcmp(name, snw_measure_table[m].name) == 0)
            return m;
        snw_nearest_try(&nearest, snw_measure_table[m].name);
    }
    const char *best = snw_nearest_best(&nearest);
    (void)snw_fail(ctx, SNW_ERR_CONFIG,
                   "%s: there is no measure %s%s%s; see `sinew describe measures`", key, name,
                   best ? "; the nearest is " : "", best ? best : "");
    return SNW_N_MEASURES;
}

static snw_status check_measures(struct snw_ctx *ctx, const struct snw_names *names)
{
    snw_status status = SNW_OK;
    for (size_t i = 0; i < names->n; i++)
        if (find_measure(ctx, "output.measures", names->name[i]) == SNW_N_MEASURES)
            status = SNW_ERR_CONFIG;
    return status;
}

static snw_status choose_fields(struct snw_ctx *ctx, const struct snw_names *names,
                                struct snw_world *world)
{
    snw_status status = SNW_OK;
    for (size_t i = 0; i < (names->all ? SNW_N_MEASURES : names->n); i++) {
        size_t m = names->all ? i : find_measure(ctx, "output.trajectories.fields", names->name[i]);
        if (m == SNW_N_MEASURES)
            status = SNW_ERR_CONFIG;
        else
            world->fields[world->n_fields++] = (enum snw_measure)m;
    }
    return status;
}

static snw_status read_prices(struct snw_ctx *ctx, const struct snw_settings *settings,
                              struct snw_price_index *index, struct snw_prices *prices)
{
    static const char *const columns[] = {"pce", "cpi_medical"};
    snw_status status = SNW_OK;
    int from[SNW_PARAM_COUNT] = {0};
    for (size_t k = 0; k < settings->costs.n; k++)
        from[settings->costs.row[k].id] = settings->costs.row[k].price_year;
    SNW_TRY(snw_price_table_read(ctx, settings->price_table.found, columns[settings->price_index],
                                 SNW_PRICE_FIRST, SNW_PRICE_LAST, index->value));
    SNW_TRY(snw_prices_init(ctx, index, from, (int)settings->price_year, prices));
out:
    return status;
}

snw_status snw_world_price(struct snw_ctx *ctx, const struct snw_world *world,
                           struct snw_programme *programme)
{
    snw_status status = SNW_OK;
    for (size_t k = 0; k < programme->n; k++) {
        double factor[SNW_BILLS] = {0};
        for (size_t i = 0; i < SNW_BILLS; i++) {
            struct snw_bill bill;
            char unit[32];
            if (!snw_intervention_bill(programme->list[k], i, &bill))
                continue;
            snprintf(unit, sizeof unit, "USD_%d", bill.price_year);
            SNW_TRY(snw_price_factor(ctx, &world->price_index, programme->list[k]->name, unit,
                                     (int)world->settings->price_year, &factor[i]));
        }
        snw_programme_price(programme, k, factor);
    }
out:
    return status;
}

/* What the scenarios do to people, in the prices of the run. */
static snw_status build_programme(struct snw_ctx *ctx, const struct snw_world *world,
                                  const struct snw_scenario *scenario,
                                  struct snw_programme *programme)
{
    const struct snw_interventions *all = &world->settings->interventions;
    programme->n = scenario->n_interventions;
    for (size_t k = 0; k < programme->n; k++)
        programme->list[k] = &all->list[scenario->intervention[k]];
    if (!snw_programme_follow(programme, all->list, all->n))
        return snw_fail(ctx, SNW_ERR_CONFIG,
                        "scenario %s: more than %d interventions with those that follow on others",
                        scenario->name, SNW_PROGRAMME_MAX);
    snw_programme_init(programme, &scenario->params);
    return snw_world_price(ctx, world, programme);
}

static snw_status build_programmes(struct snw_ctx *ctx, const struct snw_settings *settings,
                                   struct snw_world *world)
{
    snw_status status = SNW_OK;
    size_t n = 0;
    for (size_t s = 0; s < world->n_scenarios; s++)
        n += settings->scenarios.list[s].n_interventions;
    if (n == 0)
        return SNW_OK;
    world->programmes = calloc(world->n_scenarios, sizeof *world->programmes);
    if (!world->programmes)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for interventions");
    for (size_t s = 0; s < world->n_scenarios; s++)
        SNW_TRY(build_programme(ctx, world, &settings->scenarios.list[s], &world->programmes[s]));
out:
    return status;
}

/* In which calendar year each scenario begins, where one says so. */
static snw_status plan_begins(struct snw_ctx *ctx, const struct snw_settings *settings,
                              struct snw_world *world)
{
    bool any = false;
    for (size_t s = 0; s < world->n_scenarios; s++)
        any = any || settings->scenarios.list[s].begins;
    world->begins = any ? malloc(world->n_scenarios * sizeof *world->begins) : NULL;
    if (any && !world->begins)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for scenarios");
    for (size_t s = 0; any && s < world->n_scenarios; s++)
        world->begins[s] = settings->scenarios.list[s].begins;
    return SNW_OK;
}

/* Trends of the population, and those that scenarios add. */
static snw_status plan_trends(struct snw_ctx *ctx, const struct snw_settings *settings,
                              struct snw_world *world)
{
    bool any = settings->trends.n > 0;
    for (size_t s = 0; s < world->n_scenarios; s++)
        any = any || settings->scenarios.list[s].trends.n > 0;
    world->trends = any ? malloc(world->n_scenarios * sizeof *world->trends) : NULL;
    if (any && !world->trends)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for trends");
    for (size_t s = 0; any && s < world->n_scenarios; s++)
        world->trends[s] = s ? &settings->scenarios.list[s].trends : &settings->trends;
    return SNW_OK;
}

static void build_economy(const struct snw_world *world, const struct snw_params *params,
                          struct snw_economy *economy)
{
    const struct snw_settings *settings = world->settings;
    snw_economy_build(economy, params, &world->prices, (enum snw_ledger)settings->ledger,
                      settings->utility_norms == SNW_NORMS_CONDITION_FREE);
}

static snw_status plan_draws(struct snw_ctx *ctx, const struct snw_settings *settings,
                             struct snw_world *world)
{
    snw_status status = SNW_OK;
    const struct snw_names *sections = &settings->uncertain_sections;
    world->draws.seed = (uint32_t)settings->seed;
    if (!sections->all)
        snw_draws_only(&world->draws, sections->n, sections->name);
    if (settings->draws > 0 && settings->posterior.found) {
        SNW_TRY(snw_posterior_table_read(ctx, settings->posterior.found, &world->posterior));
        SNW_TRY(snw_posterior_table_move(ctx, &world->posterior, &settings->params));
        world->draws.posterior = &world->posterior.posterior;
    }
out:
    return status;
}

snw_status snw_world_plan(struct snw_ctx *ctx, const struct snw_settings *settings,
                          struct snw_world *world)
{
    snw_status status = SNW_OK;
    double above[SNW_N_SEXES];
    *world = (struct snw_world){.settings = settings,
                                .n_scenarios = settings->scenarios.n,
                                .key = {(uint32_t)settings->seed, 0}};
    world->life.year = (int)settings->life_table_year;
    SNW_TRY(check_measures(ctx, &settings->measures));
    SNW_TRY(choose_fields(ctx, &settings->trajectory_fields, world));
    SNW_TRY(snw_outcomes_new(ctx, settings, &world->outcomes));
    SNW_TRY(plan_draws(ctx, settings, world));
    SNW_TRY(snw_sweeping_new(ctx, settings, world->outcomes, &world->sweep));
    SNW_TRY(snw_life_table_read(ctx, settings->life_table.found, world->life.year, world->life.q));
    SNW_TRY(snw_population_read(ctx, settings->population_table.found, 2000, world->census, above));
    SNW_TRY(snw_nation_read(ctx, settings, &world->nation));
    SNW_TRY(read_prices(ctx, settings, &world->price_index, &world->prices));
    SNW_TRY(build_programmes(ctx, settings, world));
    SNW_TRY(snw_screens_build(ctx, world));
    SNW_TRY(plan_begins(ctx, settings, world));
    SNW_TRY(plan_trends(ctx, settings, world));
    SNW_TRY(snw_population_init(ctx, settings, &world->nation, &world->population));
out:
    return status;
}

snw_status snw_files_share(struct snw_ctx *ctx, const struct snw_ranks *ranks)
{
    snw_status status = SNW_OK;
    struct snw_kept_files *files = &ctx->files;
    uint64_t n = files->n_bytes;
    SNW_TRY(snw_ranks_share(ranks, &n, sizeof n, 0));
    if (n > files->room) {
        void *more = realloc(files->bytes, (size_t)n);
        if (more) {
            files->bytes = more;
            files->room = (size_t)n;
        } else {
            status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the input files");
        }
    }
    SNW_TRY(snw_ranks_agree(ranks, status, ctx));
    files->n_bytes = (size_t)n;
    SNW_TRY(snw_ranks_share(ranks, files->bytes, files->n_bytes, 0));
out:
    return status;
}

/* A pass that an earlier run has kept, to all ranks. */
static snw_status find_pass(const struct snw_ranks *ranks, const char *key, struct snw_world *world)
{
    snw_status status = SNW_OK;
    if (ranks->rank == 0)
        world->pass_was_kept = snw_pass_find(world, key);
    SNW_TRY(snw_ranks_share(ranks, &world->pass_was_kept, sizeof world->pass_was_kept, 0));
    if (world->pass_was_kept)
        SNW_TRY(snw_ranks_share(ranks, world->pilot, sizeof *world->pilot, 0));
out:
    return status;
}

/* The sexes are shared over the ranks. @param[in] keep  look for it on disk, and keep it there */
static snw_status reference_pass(struct snw_ctx *ctx, const struct snw_ranks *ranks, bool keep,
                                 struct snw_world *world)
{
    snw_status status = SNW_OK;
    const struct snw_settings *settings = world->settings;
    int64_t persons =
        world->sums_only ? settings->draw_reference_persons : settings->reference_persons;
    build_economy(world, &world->params[0], &world->economies[0]);
    struct snw_pilot_plan plan = {.params = &world->params[0],
                                  .life = &world->life,
                                  .economy = &world->economies[0],
                                  .census = (const double(*)[SNW_N_AGES])world->census,
                                  .persons = (uint32_t)persons,
                                  .smoothing = settings->reference_smoothing,
                                  .no_bins = world->sums_only,
                                  .second_pass = settings->second_pass,
                                  .key = world->key};
    struct snw_pilot_result *pilot = world->pilot;
    char key[SNW_SHA256_TEXT] = "";
    if (keep) {
        if (ranks->rank == 0)
            snw_pass_key(world, &plan, key);
        SNW_TRY(find_pass(ranks, key, world));
        if (world->pass_was_kept)
            goto out;
    }
    for (int s = 0; s < SNW_N_SEXES && status == SNW_OK; s++)
        if (s % ranks->size == ranks->rank)
            status = snw_pilot(ctx, world->kernels, world->recorders, &plan, s, pilot);
    SNW_TRY(snw_ranks_agree(ranks, status, ctx));
    for (int s = 0; s < SNW_N_SEXES; s++) {
        int from = s % ranks->size;
        SNW_TRY(snw_ranks_share(ranks, pilot->frozen.year[s], sizeof pilot->frozen.year[s], from));
        SNW_TRY(snw_ranks_share(ranks, pilot->error.year[s], sizeof pilot->error.year[s], from));
        SNW_TRY(snw_ranks_share(ranks, pilot->bins[s], sizeof pilot->bins[s], from));
        SNW_TRY(
            snw_ranks_share(ranks, pilot->economy.year[s], sizeof pilot->economy.year[s], from));
        SNW_TRY(snw_ranks_share(ranks, pilot->economy_error.year[s],
                                sizeof pilot->economy_error.year[s], from));
        SNW_TRY(snw_ranks_share(ranks, &pilot->frozen.disability[s], sizeof(double), from));
        SNW_TRY(snw_ranks_share(ranks, &pilot->frozen.smi_factor[s], sizeof(double), from));
        SNW_TRY(snw_ranks_share(ranks, &pilot->frozen.hip_by_load[s], sizeof(double), from));
    }
    if (ranks->rank == 0)
        snw_pass_keep(world, key);
out:
    return status;
}

static int parts_of_society(const struct snw_settings *settings)
{
    int parts =
        settings->societal_parts.all ? SNW_INFORMAL_CARE | SNW_PRODUCTION | SNW_CONSUMPTION : 0;
    for (size_t i = 0; i < settings->societal_parts.n; i++)
        parts |= 1 << snw_word_index(SNW_SOCIETY_WORDS, settings->societal_parts.name[i]);
    return parts;
}

void snw_world_freeze(const struct snw_world *world, const struct snw_params *params,
                      struct snw_model *model, struct snw_economy *economy)
{
    snw_model_build(model, params);
    snw_model_freeze(model, params, &world->pilot->frozen, &world->life);
    build_economy(world, params, economy);
    snw_economy_freeze(economy, &world->pilot->economy);
    snw_economy_view(economy, params, &world->prices,
                     (enum snw_perspective)world->settings->perspective,
                     parts_of_society(world->settings));
}

void snw_world_act(struct snw_world *world)
{
    for (size_t s = 0; s < world->n_scenarios; s++)
        snw_world_freeze(world, &world->params[s], &world->models[s], &world->economies[s]);
}

static snw_status choose_kernels(struct snw_ctx *ctx, const char *isa, struct snw_world *world)
{
    world->kernels = isa ? snw_kernels_named(isa) : snw_kernels_best();
    if (!world->kernels)
        return snw_fail(ctx, SNW_ERR_ENVIRONMENT,
                        "this CPU can't run the kernels `%s`: choose plain, v3 (AVX2) or v4 "
                        "(AVX-512)",
                        isa);
    world->recorders = snw_recorder_kernels_named(world->kernels->isa);
    world->accounting = snw_economy_kernels_named(world->kernels->isa);
    world->treating = snw_treatment_kernels_named(world->kernels->isa);
    return SNW_OK;
}

static snw_status make_room(struct snw_ctx *ctx, struct snw_world *world)
{
    world->pilot = snw_alloc(sizeof *world->pilot);
    world->params = snw_alloc(world->n_scenarios * sizeof *world->params);
    world->models = snw_alloc(world->n_scenarios * sizeof *world->models);
    world->economies = snw_alloc(world->n_scenarios * sizeof *world->economies);
    if (world->pilot && world->params && world->models && world->economies)
        return SNW_OK;
    return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu scenarios", world->n_scenarios);
}

static void free_room(struct snw_world *world)
{
    snw_free(world->pilot);
    snw_free(world->params);
    snw_free(world->models);
    snw_free(world->economies);
}

snw_status snw_world_begin(struct snw_ctx *ctx, const struct snw_settings *settings,
                           const char *isa, struct snw_world *world)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_world_plan(ctx, settings, world));
    SNW_TRY(choose_kernels(ctx, isa, world));
    SNW_TRY(make_room(ctx, world));
out:
    return status;
}

snw_status snw_world_build(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                           const struct snw_settings *settings, const char *isa, bool keep,
                           struct snw_world *world)
{
    snw_status status = snw_world_begin(ctx, settings, isa, world);
    SNW_TRY(snw_ranks_agree(ranks, status, ctx));
    for (size_t s = 0; s < world->n_scenarios; s++)
        world->params[s] = settings->scenarios.list[s].params;
    SNW_TRY(reference_pass(ctx, ranks, keep, world));
    snw_world_act(world);
    SNW_TRY(snw_risk_build(ctx, ranks, world));
out:
    return status;
}

void snw_world_free(struct snw_world *world)
{
    snw_population_free(&world->population);
    snw_posterior_table_free(&world->posterior);
    free(world->outcomes);
    snw_sweeping_free(&world->sweep);
    free(world->programmes);
    free(world->screenings);
    free(world->begins);
    free(world->trends);
    free_room(world);
    *world = (struct snw_world){0};
}

/* Room for what a world of draws has of its own for each scenario. */
static snw_status room_for_scenarios(struct snw_ctx *ctx, const struct snw_world *run,
                                     struct snw_world *world)
{
    size_t n = world->n_scenarios;
    size_t n_treated = run->sweep ? run->settings->interventions.n * run->sweep->together : 0;
    world->programmes = run->programmes ? malloc(n * sizeof *world->programmes) : NULL;
    world->screenings = run->screenings ? malloc(n * sizeof *world->screenings) : NULL;
    world->trends = run->trends ? malloc(n * sizeof *world->trends) : NULL;
    world->begins = run->begins ? malloc(n * sizeof *world->begins) : NULL;
    world->treated = run->sweep ? malloc((n_treated + 1) * sizeof *world->treated) : NULL;
    bool lacks = (run->programmes && !world->programmes) ||
                 (run->screenings && !world->screenings) || (run->trends && !world->trends) ||
                 (run->begins && !world->begins) || (run->sweep && !world->treated);
    if (lacks)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu scenarios", n);
    return make_room(ctx, world);
}

snw_status snw_world_of_draws(struct snw_ctx *ctx, const struct snw_world *run,
                              struct snw_world *world)
{
    snw_status status = SNW_OK;
    *world = *run;
    world->sums_only = true;
    world->population.rows = 0;
    world->n_scenarios = run->sweep ? snw_sweeping_scenarios(run) : run->n_scenarios;
    world->pilot = NULL;
    world->params = NULL;
    world->models = NULL;
    world->economies = NULL;
    SNW_TRY(room_for_scenarios(ctx, run, world));
    for (size_t s = 0; s < world->n_scenarios; s++) {
        size_t like = snw_scenario_like(run, s);
        if (run->programmes)
            world->programmes[s] = run->programmes[like];
        if (run->screenings)
            world->screenings[s] = run->screenings[like];
        if (run->trends)
            world->trends[s] = run->trends[like];
        if (run->begins)
            world->begins[s] = run->begins[like];
    }
    if (run->sweep) /* deeds have no pass of their own */
        *world->pilot = *run->pilot;
out:
    return status;
}

void snw_world_of_draws_free(struct snw_world *world)
{
    free(world->programmes);
    free(world->screenings);
    free(world->trends);
    free(world->begins);
    free(world->treated);
    free_room(world);
    *world = (struct snw_world){0};
}

snw_status snw_world_believe(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                             struct snw_world *world, const struct snw_params *params,
                             uint32_t luck)
{
    snw_status status = SNW_OK;
    for (size_t s = 0; s < world->n_scenarios; s++)
        snw_scenario_lay(&world->settings->scenarios.list[s], params, &world->params[s]);
    world->key.luck = luck;
    SNW_TRY(reference_pass(ctx, ranks, false, world));
    snw_world_act(world);
out:
    return status;
}

snw_status snw_world_draw(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                          struct snw_world *world, uint32_t draw)
{
    const struct snw_settings *settings = world->settings;
    struct snw_params drawn;
    if (world->sweep)
        return snw_world_points(ctx, ranks, world, draw);
    snw_params_draw(&drawn, &settings->params, &world->draws, draw);
    if (world->programmes && settings->uncertain_sections.all)
        for (size_t s = 0; s < world->n_scenarios; s++)
            snw_programme_draw(&world->programmes[s], (uint32_t)settings->seed, draw);
    if (world->screenings && settings->uncertain_sections.all)
        for (size_t s = 0; s < world->n_scenarios; s++)
            snw_screening_draw(&world->screenings[s], (uint32_t)settings->seed, draw);
    return snw_world_believe(ctx, ranks, world, &drawn,
                             settings->luck == SNW_LUCK_INDEPENDENT ? draw : 0);
}
