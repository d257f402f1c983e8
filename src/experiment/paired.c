/* Exact sums of whole lives to differences, their standard errors, and counts of what changed. */
#include "experiment/paired.h"

#include "core/vmath.h"

enum { N_SEX_LABELS = SNW_N_SEXES + 1 };

__extension__ typedef unsigned __int128 wide;

const struct snw_life_sum snw_life_sums[SNW_LIFE_SUMS] = {
    {SNW_M_falls, SNW_P_falls, -1},
    {SNW_M_fall_injuries, SNW_P_fall_injuries, -1},
    {SNW_M_fracture_hip, SNW_P_fracture_hip, -1},
    {SNW_M_fracture_vertebral, SNW_P_fracture_vertebral, -1},
    {SNW_M_fracture_forearm, SNW_P_fracture_forearm, -1},
    {SNW_M_fracture_humerus, SNW_P_fracture_humerus, -1},
    {SNW_M_fracture_leg, SNW_P_fracture_leg, -1},
    {SNW_M_fracture_other, SNW_P_fracture_other, -1},
    {SNW_M_death, SNW_P_deaths, -1},
    {SNW_M_person_years, SNW_P_life_years, SNW_P_life_years_discounted},
    {SNW_M_qaly, SNW_P_qalys, SNW_P_qalys_discounted},
    {SNW_M_cost, SNW_P_cost, SNW_P_cost_discounted},
    {SNW_M_cost_interventions, SNW_P_cost_interventions, SNW_P_cost_interventions_discounted}};

bool snw_paired_applies(enum snw_paired measure, enum snw_paired_statistic statistic)
{
    const enum snw_paired_kind kind = snw_paired_table[measure].kind;
    if (statistic >= SNW_PAIRED_LESS)
        return kind == SNW_P_AMOUNT;
    if (statistic >= SNW_PAIRED_POSTPONED)
        return kind == SNW_P_EVENT;
    return statistic < SNW_PAIRED_AVERTED || kind != SNW_P_AMOUNT;
}

bool snw_paired_in_row(enum snw_paired measure, enum snw_paired_statistic statistic)
{
    return statistic != SNW_PAIRED_MCSE && statistic != SNW_PAIRED_INDEPENDENT &&
           snw_paired_applies(measure, statistic);
}

static wide product_of(const uint64_t part[3])
{
    return ((wide)part[2] << 64) + ((wide)part[1] << 32) + part[0];
}

/* Variance (n - 1) of one of n numbers, from their sum and that of their squares: n sum x^2 - (sum
   x)^2 in 128 bits, without cancellation. */
static double variance(uint64_t n, uint64_t sum, wide squares)
{
    uint64_t size = (int64_t)sum < 0 ? 0 - sum : sum;
    wide spread = n * squares - (wide)size * size;
    return n > 1 ? (double)spread / ((double)n * (double)(n - 1)) : __builtin_nan("");
}

static double variance_of_difference(const struct snw_paired_sum *s,
                                     const struct snw_paired_sum *reference)
{
    return variance(reference->n, s->d, product_of(s->dd));
}

/* Of what a life comes to in the scenario, x + d. */
static double variance_of_total(const struct snw_paired_sum *s,
                                const struct snw_paired_sum *reference)
{
    wide squares = product_of(reference->xx) + 2 * product_of(s->dx) + product_of(s->dd);
    return variance(reference->n, reference->x + s->d, squares);
}

double snw_paired_value(const struct snw_paired_sum *s, const struct snw_paired_sum *reference,
                        enum snw_paired measure, enum snw_paired_statistic statistic)
{
    static const struct snw_paired_sum same = {0};
    const double scale = snw_paired_table[measure].scale, n = (double)reference->n;
    if (reference->n == 0)
        return __builtin_nan("");
    switch (statistic) {
    case SNW_PAIRED_DIFFERENCE:
        return scale * (double)(int64_t)s->d / n;
    case SNW_PAIRED_MCSE:
        return scale * snw_sqrt_f64(variance_of_difference(s, reference) / n);
    case SNW_PAIRED_INDEPENDENT:
        return scale *
               snw_sqrt_f64(
                   (variance_of_total(s, reference) + variance_of_total(&same, reference)) / n);
    case SNW_PAIRED_TOTAL:
        return scale * (double)(int64_t)(reference->x + s->d) / n;
    case SNW_PAIRED_AVERTED:
        return scale * (double)s->less / n;
    case SNW_PAIRED_CAUSED:
        return scale * (double)s->more / n;
    case SNW_PAIRED_POSTPONED:
        return (double)s->n_postponed / n;
    case SNW_PAIRED_ADVANCED:
        return (double)s->n_advanced / n;
    case SNW_PAIRED_LESS:
        return (double)s->n_less / n;
    case SNW_PAIRED_MORE:
        return (double)s->n_more / n;
    case SNW_N_PAIRED_STATISTICS:
        break;
    }
    return __builtin_nan("");
}

/* Monte Carlo variance of what draws keep; NaN where it is not known. */
static double variance_of(const struct snw_paired_sum *s, const struct snw_paired_sum *reference,
                          enum snw_paired measure, enum snw_paired_statistic statistic,
                          double value)
{
    const double scale = snw_paired_table[measure].scale, n = (double)reference->n;
    if (statistic == SNW_PAIRED_DIFFERENCE)
        return scale * scale * variance_of_difference(s, reference) / n;
    if (statistic == SNW_PAIRED_TOTAL)
        return scale * scale * variance_of_total(s, reference) / n;
    return statistic >= SNW_PAIRED_POSTPONED && n > 1 ? value * (1 - value) / (n - 1)
                                                      : __builtin_nan("");
}

/* Sums of one sex, or of all. */
static struct snw_paired_sum sum_of(const struct snw_totals *totals, size_t sex,
                                    enum snw_paired measure)
{
    struct snw_paired_sum sum =
        totals->paired[(sex < SNW_N_SEXES ? sex : 0) * SNW_N_PAIRED + measure];
    for (size_t other = 1; sex == SNW_N_SEXES && other < SNW_N_SEXES; other++)
        snw_paired_merge(&sum, &totals->paired[other * SNW_N_PAIRED + measure], 1);
    return sum;
}

double snw_paired_variance(const struct snw_totals *totals, const struct snw_totals *reference,
                           size_t sex, enum snw_paired measure, enum snw_paired_statistic statistic)
{
    struct snw_paired_sum sum = sum_of(totals, sex, measure);
    struct snw_paired_sum of_reference = sum_of(reference, sex, measure);
    return variance_of(&sum, &of_reference, measure, statistic, 0);
}

size_t snw_paired_place(const struct snw_world *world, enum snw_paired measure,
                        enum snw_paired_statistic statistic)
{
    size_t n = 0, at = (size_t)measure * SNW_N_PAIRED_STATISTICS + statistic;
    for (size_t i = 0; i < at; i++)
        n += snw_paired_in_row((enum snw_paired)(i / SNW_N_PAIRED_STATISTICS),
                               (enum snw_paired_statistic)(i % SNW_N_PAIRED_STATISTICS));
    return n * world->n_scenarios * N_SEX_LABELS;
}

size_t snw_paired_row_values(const struct snw_world *world)
{
    return world->n_scenarios > 1 ? snw_paired_place(world, SNW_N_PAIRED, SNW_PAIRED_DIFFERENCE)
                                  : 0;
}

void snw_paired_statistic(const struct snw_world *world, const struct snw_totals *totals,
                          enum snw_paired m, enum snw_paired_statistic k, double *values)
{
    for (size_t s = 0; s < world->n_scenarios; s++)
        for (size_t sex = 0; sex < N_SEX_LABELS; sex++) {
            struct snw_paired_sum sum = sum_of(&totals[s], sex, m);
            struct snw_paired_sum reference = sum_of(&totals[0], sex, m);
            *values++ = snw_paired_value(&sum, &reference, m, k);
        }
}

void snw_paired_reduce(const struct snw_world *world, const struct snw_totals *totals,
                       double *values, double *variances)
{
    const size_t n = world->n_scenarios * N_SEX_LABELS;
    for (int i = 0; i < SNW_N_PAIRED * SNW_N_PAIRED_STATISTICS && world->n_scenarios > 1; i++) {
        enum snw_paired m = (enum snw_paired)(i / SNW_N_PAIRED_STATISTICS);
        enum snw_paired_statistic k = (enum snw_paired_statistic)(i % SNW_N_PAIRED_STATISTICS);
        if (!snw_paired_in_row(m, k))
            continue;
        snw_paired_statistic(world, totals, m, k, values);
        for (size_t at = 0; at < n; at++) {
            struct snw_paired_sum sum = sum_of(&totals[at / N_SEX_LABELS], at % N_SEX_LABELS, m);
            struct snw_paired_sum reference = sum_of(&totals[0], at % N_SEX_LABELS, m);
            variances[at] = variance_of(&sum, &reference, m, k, values[at]);
        }
        values += n;
        variances += n;
    }
}
