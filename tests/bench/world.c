/* Default parameters, life table and pilot, for benchmarks. */
#include "bench/world.h"

#include <sys/resource.h>

#include "config/table.h"

snw_status snw_world_make(struct snw_ctx *ctx, struct snw_world *world)
{
    snw_status status = SNW_OK;
    double above97[SNW_N_SEXES];
    const struct snw_kernels *kernels = snw_kernels_best();
    const struct snw_recorder_kernels *recorders = snw_recorder_kernels_named(kernels->isa);
    const struct snw_pilot_plan plan = {
        .params = &world->params,
        .life = &world->life,
        .census = (const double(*)[SNW_N_AGES])world->census,
        .persons = SNW_BENCH_PILOT,
        .smoothing = 1,
        .key = {.seed = 1},
    };
    world->key = plan.key;
    snw_params_default(&world->params);
    world->life.year = SNW_BENCH_YEAR;
    SNW_TRY(snw_life_table_read(ctx, "configs/tables/us_life_table.csv", SNW_BENCH_YEAR,
                                world->life.q));
    SNW_TRY(snw_population_read(ctx, "configs/tables/us_population.csv", SNW_BENCH_CENSUS,
                                world->census, above97));
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        SNW_TRY(snw_pilot(ctx, kernels, recorders, &plan, sex, &world->pilot));
    snw_model_build(&world->model, &world->params);
    snw_model_freeze(&world->model, &world->params, &world->pilot.frozen, &world->life);
out:
    return status;
}

double snw_cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec;
}
