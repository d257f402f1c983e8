/* Chooses the kernels that this CPU can run. */
#include <stddef.h>
#include <string.h>

#include "processes/schedule.h"

extern const struct snw_kernels snw_kernels_v3, snw_kernels_v4;

#if SNW_N_ISAS == 3
/* clang before 17 does not know the levels by name; no CPU has these features without the rest. */
#if defined(__clang__)
static int has_v3(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

static int has_v4(void)
{
    return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}
#else
static int has_v3(void)
{
    return __builtin_cpu_supports("x86-64-v3");
}

static int has_v4(void)
{
    return __builtin_cpu_supports("x86-64-v4");
}
#endif
#endif

static int cpu_runs(const struct snw_kernels *kernels)
{
#if SNW_N_ISAS == 3
    __builtin_cpu_init();
    if (kernels == &snw_kernels_v4)
        return has_v4();
    if (kernels == &snw_kernels_v3)
        return has_v3();
#endif
    return kernels == &snw_kernels_plain;
}

static const struct snw_kernels *const all[] = {
#if SNW_N_ISAS == 3
    &snw_kernels_v4, &snw_kernels_v3,
#endif
    &snw_kernels_plain};

const struct snw_kernels *snw_kernels_best(void)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (cpu_runs(all[i]))
            return all[i];
    return NULL;
}

const struct snw_kernels *snw_kernels_named(const char *isa)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->isa, isa) == 0 && cpu_runs(all[i]))
            return all[i];
    return NULL;
}

void snw_run_part(const struct snw_kernels *kernels, enum snw_phase phase,
                  enum snw_process_part part, struct snw_block *block,
                  const struct snw_year_coef *coef, const struct snw_luck *luck)
{
    for (size_t i = 0; i < kernels->n_processes; i++)
        if (kernels->processes[i].phase == phase && kernels->processes[i].part & part)
            kernels->processes[i].run(block, coef, luck);
}

void snw_run_phase(const struct snw_kernels *kernels, enum snw_phase phase, struct snw_block *block,
                   const struct snw_year_coef *coef, const struct snw_luck *luck)
{
    snw_run_part(kernels, phase, SNW_BODY_AND_REST, block, coef, luck);
}

void snw_run_process(const struct snw_kernels *kernels, const char *name, struct snw_block *block,
                     const struct snw_year_coef *coef, const struct snw_luck *luck)
{
    for (size_t i = 0; i < kernels->n_processes; i++)
        if (strcmp(kernels->processes[i].name, name) == 0)
            kernels->processes[i].run(block, coef, luck);
}
