/* What scenarios beside the reference cost: 1, 2, 4 and 8 of them in one pass, blocks of 1024, the
   best instruction set.

     bench_scenarios [PERSONS] [few|all] [SCENARIOS] [PILOT]      all that is not given

   `few`: each changes strength, falls, fractures, frailty or death, from 20 on; muscle and bone
   stay as they are. `all`: each changes muscle, and so all that follows from it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/world.h"
#include "core/memory.h"
#include "engine/life.h"

enum { MOST = 8 };

/* What is asked for. */
struct wish {
    uint32_t persons, pilot;
    const char *kind; /* NULL for both */
    size_t only;      /* scenarios; 0 for 1, 2, 4 and 8 */
};

struct bench {
    struct snw_world world;
    struct snw_workspace work;
    struct snw_model models[MOST];
    struct snw_economy economies[MOST];
    struct snw_totals totals[MOST];
    struct snw_tracks tracks[MOST];
    struct snw_event_list events[MOST];
};

static void change_few(struct snw_params *p, int scenario)
{
    switch (scenario) {
    case 1:
        p->strength_shift_sd[0] = 0.5;
        break;
    case 2:
        p->falls_per_weakness[0] *= 1.5;
        break;
    case 3:
        p->fractures_prior_rr[0] = 1.5;
        break;
    case 4:
        p->frailty_per_weakness[0] = 0.2;
        break;
    case 5:
        p->mortality_frail[0] = 0.4;
        break;
    case 6:
        p->strength_shift_sd[0] = 0.25;
        break;
    case 7:
        p->falls_frail[0] = 0.4;
        break;
    default:
        break;
    }
}

static void change_all(struct snw_params *p, int scenario)
{
    for (int s = 0; s < SNW_N_SEXES; s++)
        p->muscle_innovation_at_50[s] *= 1 + 0.02 * scenario;
}

static void build(struct bench *bench, void (*change)(struct snw_params *, int))
{
    for (int s = 0; s < MOST; s++) {
        struct snw_params params = bench->world.params;
        change(&params, s);
        snw_model_build(&bench->models[s], &params);
        snw_model_freeze(&bench->models[s], &params, &bench->world.pilot.frozen,
                         &bench->world.life);
        bench->economies[s] = bench->world.economy;
    }
}

static snw_status live_all(struct snw_ctx *ctx, struct bench *bench,
                           const struct snw_life_plan *plan, uint32_t persons)
{
    snw_status status = SNW_OK;
    bench->work.person_years = 0;
    for (uint32_t sex = 0; sex < SNW_N_SEXES; sex++) {
        uint32_t n = (persons + 1 - sex) / 2;
        for (uint32_t first = 0; first < n; first += SNW_BLOCK_MAX) {
            snw_bench_people(&bench->work.block, first,
                             n - first < SNW_BLOCK_MAX ? n - first : SNW_BLOCK_MAX,
                             (enum snw_sex)sex);
            SNW_TRY(snw_live(ctx, plan, &bench->work, bench->totals, bench->tracks, bench->events));
        }
    }
out:
    return status;
}

static snw_status run(struct snw_ctx *ctx, struct bench *bench, const char *kind,
                      const struct wish *wish)
{
    snw_status status = SNW_OK;
    const struct snw_kernels *kernels = snw_kernels_best();
    struct snw_life_plan plan = {.kernels = kernels,
                                 .recorders = snw_recorder_kernels_named(kernels->isa),
                                 .accounting = snw_economy_kernels_named(kernels->isa),
                                 .models = bench->models,
                                 .economies = bench->economies,
                                 .pilot = &bench->world.pilot,
                                 .key = bench->world.key};
    double one = 0;
    for (plan.n_scenarios = 1; plan.n_scenarios <= MOST; plan.n_scenarios *= 2) {
        if (wish->only && plan.n_scenarios != wish->only)
            continue;
        if (plan.n_scenarios > 1)
            bench->work.beside = snw_beside_new(plan.n_scenarios - 1);
        if (plan.n_scenarios > 1 && !bench->work.beside)
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu scenarios", plan.n_scenarios);
        double begin = snw_cpu_s();
        SNW_TRY(live_all(ctx, bench, &plan, wish->persons));
        double seconds = snw_cpu_s() - begin, years = (double)bench->work.person_years;
        one = plan.n_scenarios == 1 ? seconds : one;
        printf("scenarios %s %zu: %.0f person-years, %.3f s, %.4g person-years/s (%.1f ns each)",
               kind, plan.n_scenarios, years, seconds, years / seconds, 1e9 * seconds / years);
        if (one > 0)
            printf(", %.2f times one", seconds / one);
        printf("\n");
        fflush(stdout);
        snw_beside_free(&bench->work.beside);
    }
out:
    snw_beside_free(&bench->work.beside);
    return status;
}

int main(int argc, char **argv)
{
    snw_status status = SNW_OK;
    struct snw_ctx ctx;
    snw_ctx_init(&ctx);
    struct bench *bench = snw_alloc(sizeof *bench);
    const struct wish wish = {argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 50000,
                              argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : SNW_BENCH_PILOT,
                              argc > 2 ? argv[2] : NULL,
                              argc > 3 ? (size_t)strtoul(argv[3], NULL, 10) : 0};
    if (!bench || wish.persons < 1 || wish.pilot < 1) {
        fprintf(stderr, "usage: bench_scenarios [PERSONS] [few|all] [1|2|4|8] [PILOT]\n");
        snw_free(bench);
        return 2;
    }
    SNW_TRY(snw_world_make(&ctx, &bench->world, wish.pilot));
    for (int s = 0; s < MOST; s++)
        SNW_TRY(snw_totals_init(&bench->totals[s], 0, 1));
    build(bench, change_few);
    if (!wish.kind || strcmp(wish.kind, "few") == 0)
        SNW_TRY(run(&ctx, bench, "few", &wish));
    build(bench, change_all);
    if (!wish.kind || strcmp(wish.kind, "all") == 0)
        SNW_TRY(run(&ctx, bench, "all", &wish));
out:
    snw_ctx_print(&ctx, stderr);
    for (int s = 0; s < MOST; s++)
        snw_totals_free(&bench->totals[s]);
    snw_free(bench);
    return status == SNW_OK ? 0 : 1;
}
