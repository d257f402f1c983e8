/* How fast the engine lives: person-years a second on one core, by instruction set and block
   length.

     bench_kernel [PERSONS] [ISA] [BLOCK] [PILOT]

   All instruction sets and block lengths where not given, but the slow plain one in the longest
   blocks only; PILOT persons of each sex in the reference pass. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/world.h"
#include "core/memory.h"
#include "engine/life.h"

struct bench {
    struct snw_world world;
    struct snw_workspace work;
    struct snw_totals totals;
    uint64_t expected; /* fingerprint of the first run's sums */
};

/* All blocks of both sexes, one after the other. */
static snw_status live_all(struct snw_ctx *ctx, struct bench *bench,
                           const struct snw_life_plan *plan, uint32_t persons, uint32_t length)
{
    snw_status status = SNW_OK;
    struct snw_tracks tracks = {0};
    struct snw_event_list events = {0};
    bench->work.person_years = 0;
    for (uint32_t sex = 0; sex < SNW_N_SEXES; sex++) {
        uint32_t n = (persons + 1 - sex) / 2;
        for (uint32_t first = 0; first < n; first += length) {
            snw_bench_people(&bench->work.block, first, n - first < length ? n - first : length,
                             (enum snw_sex)sex);
            SNW_TRY(snw_live(ctx, plan, &bench->work, &bench->totals, &tracks, &events));
        }
    }
out:
    snw_event_list_free(&events);
    return status;
}

/* FNV-1a over all sums: whatever runs, they are the same. */
static uint64_t fingerprint(struct snw_totals *totals)
{
    snw_totals_settle(totals);
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < SNW_TOTALS_CELLS; i++) {
        const struct snw_cell *cell = &totals->cells[i];
        const uint64_t word[] = {cell->n, cell->sum, cell->sum_squares};
        for (int w = 0; w < 3; w++)
            hash = (hash ^ word[w]) * 0x100000001b3u;
    }
    for (size_t i = 0; i < SNW_TOTALS_HISTOGRAMS; i++)
        hash = (hash ^ totals->histograms[i]) * 0x100000001b3u;
    return hash;
}

static double mean(const struct snw_totals *totals, int sex, int age, enum snw_measure m)
{
    const struct snw_cell *cell =
        &totals->cells[((size_t)sex * SNW_N_AGES + (size_t)(age - SNW_AGE_FIRST)) * SNW_N_MEASURES +
                       (size_t)m];
    const struct snw_measure_info *info = &snw_measure_table[m];
    return cell->n ? info->offset + info->cell_scale * (double)cell->sum / (double)cell->n : 0;
}

static double e20(const struct snw_totals *totals, int sex)
{
    const struct snw_cell *cell = totals->cells + (size_t)sex * SNW_N_AGES * SNW_N_MEASURES;
    double years = 0, born = (double)cell[SNW_M_person_years].n;
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++, cell += SNW_N_MEASURES)
        years += snw_measure_table[SNW_M_person_years].scale * (double)cell[SNW_M_person_years].sum;
    return years / born;
}

static void print_model(const struct snw_totals *t)
{
    printf("  e20 F %.2f M %.2f years; falls at 75 F %.3f M %.3f; hip fractures at 80 F %.2f per "
           "1000 person-years; grip at 60 F %.2f kg; cost at 75 F %.0f USD; QALYs at 75 F %.4f\n",
           e20(t, SNW_FEMALE), e20(t, SNW_MALE), mean(t, SNW_FEMALE, 75, SNW_M_falls),
           mean(t, SNW_MALE, 75, SNW_M_falls),
           1000 * mean(t, SNW_FEMALE, 80, SNW_M_fracture_hip) /
               mean(t, SNW_FEMALE, 80, SNW_M_person_years),
           mean(t, SNW_FEMALE, 60, SNW_M_grip_kg), mean(t, SNW_FEMALE, 75, SNW_M_cost),
           mean(t, SNW_FEMALE, 75, SNW_M_qaly));
}

static snw_status run(struct snw_ctx *ctx, struct bench *bench, const char *isa, uint32_t persons,
                      uint32_t length)
{
    snw_status status = SNW_OK;
    const struct snw_life_plan plan = {
        .kernels = snw_kernels_named(isa),
        .recorders = snw_recorder_kernels_named(isa),
        .accounting = snw_economy_kernels_named(isa),
        .n_scenarios = 1,
        .models = &bench->world.model,
        .economies = &bench->world.economy,
        .pilot = &bench->world.pilot,
        .key = bench->world.key,
    };
    if (!plan.kernels) {
        printf("kernel %s %" PRIu32 ": not on this CPU\n", isa, length);
        return SNW_OK;
    }
    snw_totals_clear(&bench->totals);
    double begin = snw_cpu_s();
    SNW_TRY(live_all(ctx, bench, &plan, persons, length));
    double seconds = snw_cpu_s() - begin, years = (double)bench->work.person_years;
    printf("kernel %s %" PRIu32 ": %.0f person-years, %.3f s, %.4g person-years/s (%.1f ns each)\n",
           isa, length, years, seconds, years / seconds, 1e9 * seconds / years);
    uint64_t found = fingerprint(&bench->totals);
    if (!bench->expected) {
        bench->expected = found;
        print_model(&bench->totals);
        printf("  all sums: %016" PRIx64 "\n", found);
    }
    fflush(stdout);
    if (found != bench->expected)
        status = snw_fail(ctx, SNW_ERR_RUN, "%s, blocks of %u: other sums than the first run", isa,
                          length);
out:
    return status;
}

int main(int argc, char **argv)
{
    static const char *const isas[] = {"v4", "v3", "plain"};
    snw_status status = SNW_OK;
    struct snw_ctx ctx;
    snw_ctx_init(&ctx);
    struct bench *bench = snw_alloc(sizeof *bench);
    uint32_t persons = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 50000;
    uint32_t only = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
    uint32_t pilot = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : SNW_BENCH_PILOT;
    if (!bench || persons < 1 || only > SNW_BLOCK_MAX || pilot < 1) {
        fprintf(stderr, "usage: bench_kernel [PERSONS] [v4|v3|plain] [BLOCK up to %d] [PILOT]\n",
                SNW_BLOCK_MAX);
        snw_free(bench);
        return 2;
    }
    SNW_TRY(snw_world_make(&ctx, &bench->world, pilot));
    SNW_TRY(snw_totals_init(&bench->totals, 0, 1));
    for (size_t i = 0; i < sizeof isas / sizeof isas[0]; i++)
        for (uint32_t length = 64; length <= SNW_BLOCK_MAX; length *= 2)
            if ((argc <= 2 || strcmp(argv[2], isas[i]) == 0) &&
                (only ? length == only : i < 2 || length == SNW_BLOCK_MAX))
                SNW_TRY(run(&ctx, bench, isas[i], persons, length));
out:
    snw_ctx_print(&ctx, stderr);
    snw_totals_free(&bench->totals);
    snw_free(bench);
    return status == SNW_OK ? 0 : 1;
}
