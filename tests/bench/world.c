/* Default parameters, life table and pilot, for benchmarks. */
#include "bench/world.h"

#include <sys/resource.h>

#include "config/price_table.h"
#include "config/table.h"

snw_status snw_world_make(struct snw_ctx *ctx, struct snw_world *world, uint32_t pilot)
{
    snw_status status = SNW_OK;
    double above97[SNW_N_SEXES];
    struct snw_price_index index;
    struct snw_prices prices;
    const struct snw_kernels *kernels = snw_kernels_best();
    const struct snw_recorder_kernels *recorders = snw_recorder_kernels_named(kernels->isa);
    const struct snw_pilot_plan plan = {
        .params = &world->params,
        .life = &world->life,
        .economy = &world->economy,
        .census = (const double(*)[SNW_N_AGES])world->census,
        .persons = pilot,
        .smoothing = 1,
        .key = {.seed = 1},
    };
    world->key = plan.key;
    snw_params_default(&world->params);
    world->life.year = SNW_BENCH_YEAR;
    SNW_TRY(snw_price_table_read(ctx, "configs/tables/price_index.csv", "pce", SNW_PRICE_FIRST,
                                 SNW_PRICE_LAST, index.value));
    SNW_TRY(snw_prices_init(ctx, &index, NULL, 2019, &prices));
    snw_economy_build(&world->economy, &world->params, &prices, SNW_LEDGER_EVENT, 0);
    SNW_TRY(snw_life_table_read(ctx, "configs/tables/us_life_table.csv", SNW_BENCH_YEAR,
                                world->life.q));
    SNW_TRY(snw_population_read(ctx, "configs/tables/us_population.csv", SNW_BENCH_CENSUS,
                                world->census, above97));
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        SNW_TRY(snw_pilot(ctx, kernels, recorders, &plan, sex, &world->pilot));
    snw_model_build(&world->model, &world->params);
    snw_model_freeze(&world->model, &world->params, &world->pilot.frozen, &world->life);
    snw_economy_freeze(&world->economy, &world->pilot.economy);
out:
    return status;
}

void snw_bench_people(struct snw_block *b, uint32_t first, uint32_t n, enum snw_sex sex)
{
    b->n = n;
    b->sex = sex;
    b->birth_year = 1990;
    for (uint32_t i = 0; i < n; i++) {
        b->person[i] = SNW_N_SEXES * (first + i) + (uint32_t)sex;
        b->replicate[i] = 0;
        b->row[i] = -1;
        b->enter_age[i] = SNW_AGE_FIRST;
        b->exit_age[i] = SNW_AGE_LAST + 1;
    }
}

double snw_cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec;
}
