/* How fast the same life is in plain scalar C, and how much of that time its draws and
   exponentials alone would take.

     bench_scalar [PERSONS] [FILE]      FILE takes what the lives add up to, see scalar_save.c */
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/scalar.h"
#include "core/memory.h"

static double total(const struct snw_scalar_cell *cell, enum snw_measure m)
{
    return cell->count[m - SNW_M_falls];
}

static double e20(const struct snw_scalar_work *work, int sex)
{
    double years = 0;
    for (int i = 0; i < SNW_N_AGES; i++)
        years += total(&work->cell[sex][i], SNW_M_person_years);
    return years / work->cell[sex][0].n;
}

static void print_model(const struct snw_scalar_work *work)
{
    const struct snw_scalar_cell *f75 = &work->cell[SNW_FEMALE][75 - SNW_AGE_FIRST];
    const struct snw_scalar_cell *m75 = &work->cell[SNW_MALE][75 - SNW_AGE_FIRST];
    const struct snw_scalar_cell *f80 = &work->cell[SNW_FEMALE][80 - SNW_AGE_FIRST];
    const struct snw_scalar_cell *f60 = &work->cell[SNW_FEMALE][60 - SNW_AGE_FIRST];
    printf("  e20 F %.2f M %.2f years; falls at 75 F %.3f M %.3f; hip fractures at 80 F %.2f per "
           "1000 person-years; grip at 60 F %.2f kg; cost at 75 F %.0f USD; QALYs at 75 F %.4f\n",
           e20(work, SNW_FEMALE), e20(work, SNW_MALE), total(f75, SNW_M_falls) / f75->n,
           total(m75, SNW_M_falls) / m75->n,
           1000 * total(f80, SNW_M_fracture_hip) / total(f80, SNW_M_person_years),
           f60->sum[SNW_M_grip_kg] / f60->n, total(f75, SNW_M_cost) / f75->n,
           total(f75, SNW_M_qaly) / f75->n);
}

enum { ARGUMENTS = 1024 };

/* Seconds for as many bare calls as a run made: the same functions, their results only added. */
static double bare_s(struct snw_scalar_work *work, const struct snw_scalar_calls *calls)
{
    gsl_rng *rng = work->rng;
    double x[ARGUMENTS], sum = 0, mean = calls->poisson > 0 ? calls->rate / calls->poisson : 0;
    for (int i = 0; i < ARGUMENTS; i++)
        x[i] = gsl_rng_uniform_pos(rng);
    double begin = snw_cpu_s();
    for (size_t i = 0; i < (size_t)calls->normal; i++)
        sum += gsl_ran_gaussian_ziggurat(rng, 1);
    for (size_t i = 0; i < (size_t)calls->uniform; i++)
        sum += gsl_rng_uniform(rng);
    for (size_t i = 0; i < (size_t)calls->gamma; i++)
        sum += gsl_ran_gamma(rng, work->gamma_shape, work->gamma_scale);
    for (size_t i = 0; i < (size_t)calls->poisson; i++)
        sum += gsl_ran_poisson(rng, mean);
    for (size_t i = 0; i < (size_t)calls->exp; i++)
        sum += exp(x[i % ARGUMENTS]);
    for (size_t i = 0; i < (size_t)calls->log; i++)
        sum += log1p(-x[i % ARGUMENTS]);
    double seconds = snw_cpu_s() - begin;
    if (!isfinite(sum)) /* the sum is used, so the calls are made */
        printf("  a draw is not finite\n");
    return seconds;
}

static snw_status run(struct snw_ctx *ctx, struct snw_scalar_work *work, uint32_t persons,
                      const char *path)
{
    snw_scalar_live(work, persons / 20 + 1); /* pages touched, caches warm */
    snw_scalar_clear(work);
    double begin = snw_cpu_s();
    snw_scalar_live(work, persons);
    double seconds = snw_cpu_s() - begin, years = (double)work->person_years;
    printf("scalar: %u persons, %.0f person-years, %.3f s, %.4g person-years/s (%.1f ns each)\n",
           persons, years, seconds, years / seconds, 1e9 * seconds / years);
    print_model(work);
    if (path && !snw_scalar_save(work, path))
        return snw_fail(ctx, SNW_ERR_IO, "can't write %s", path);
    snw_scalar_clear(work);
    snw_scalar_live_counted(work, persons / 20 + 1);
    struct snw_scalar_calls calls = work->calls;
    double counted = (double)work->person_years, scale = years / counted;
    printf(
        "  calls per person-year: normal %.2f, uniform %.2f, gamma %.2f, Poisson %.2f, exp %.2f, "
        "log1p %.3f, sqrt %.2f\n",
        calls.normal / counted, calls.uniform / counted, calls.gamma / counted,
        calls.poisson / counted, calls.exp / counted, calls.log / counted, calls.sqrt / counted);
    calls.normal *= scale;
    calls.uniform *= scale;
    calls.gamma *= scale;
    calls.poisson *= scale;
    calls.rate *= scale;
    calls.exp *= scale;
    calls.log *= scale;
    double bare = bare_s(work, &calls);
    printf("  as many bare calls: %.3f s (%.1f ns each); the loop takes %.2f times as long\n", bare,
           1e9 * bare / years, seconds / bare);
    return SNW_OK;
}

int main(int argc, char **argv)
{
    struct snw_ctx ctx;
    snw_ctx_init(&ctx);
    snw_status status = SNW_OK;
    uint32_t persons = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 50000;
    struct snw_scalar_work *work = NULL;
    struct snw_world *world = snw_alloc(sizeof *world);
    if (!world || persons < 1) {
        fprintf(stderr, "usage: bench_scalar [PERSONS] [FILE]\n");
        snw_free(world);
        return 2;
    }
    SNW_TRY(snw_world_make(&ctx, world, SNW_BENCH_PILOT));
    work = snw_scalar_new(world);
    if (!work)
        SNW_TRY(snw_fail(&ctx, SNW_ERR_MEMORY, "no memory for the sums"));
    SNW_TRY(run(&ctx, work, persons, argc > 2 ? argv[2] : NULL));
out:
    snw_ctx_print(&ctx, stderr);
    snw_scalar_free(work);
    snw_free(world);
    return status == SNW_OK ? 0 : 1;
}
