/* Sees that no person-year is lived, paid or counted twice, or lost. */
#include "experiment/accounting.h"
#include "experiment/paired.h"

enum { WHOLE_YEAR = 50000 }; /* person_years is read out in 2e-5 of a year */

/* The sums of one scenario, and of what they are said to be in a message. */
struct books {
    struct snw_ctx *ctx;
    const char *scenario;
    const struct snw_totals *totals;
    const struct snw_population *population;
};

static snw_status wrong(const struct books *b, int sex, int age, const char *what, uint64_t found,
                        uint64_t right)
{
    return snw_fail(b->ctx, SNW_ERR_INTERNAL,
                    "the books do not balance: scenario %s, %s, age %d: %s %llu, not %llu",
                    b->scenario, snw_axis_table[SNW_AXIS_SEX].labels[sex], age, what,
                    (unsigned long long)found, (unsigned long long)right);
}

static size_t cell_at(int sex, int age)
{
    return (size_t)(sex * SNW_N_AGES + age - SNW_AGE_FIRST);
}

/* A year of people of one sex and age, (measures,). */
static snw_status check_year(const struct books *b, int sex, int age, const struct snw_cell *c)
{
    static const enum snw_measure all[] = {SNW_M_falls, SNW_M_death, SNW_M_person_years,
                                           SNW_M_cost,  SNW_M_qaly,  SNW_M_cost_interventions};
    const uint64_t n = c[SNW_M_alive].n, dead = c[SNW_M_death].sum;
    const uint64_t years = c[SNW_M_person_years].sum;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (c[all[k]].n != n)
            return wrong(b, sex, age, snw_measure_table[all[k]].name, c[all[k]].n, n);
    if (dead > n)
        return wrong(b, sex, age, "deaths", dead, n);
    if (c[SNW_M_cost_interventions].sum > c[SNW_M_cost].sum)
        return wrong(b, sex, age, "cost of interventions, in cents,",
                     c[SNW_M_cost_interventions].sum, c[SNW_M_cost].sum);
    if (years < WHOLE_YEAR * (n - dead) || years > WHOLE_YEAR * n)
        return wrong(b, sex, age, "time lived, in 2e-5 years,", years, WHOLE_YEAR * (n - dead));
    return SNW_OK;
}

/* The people of one year and those left of them in the next, with those who join them. */
static snw_status check_next(const struct books *b, int sex, int age, const struct snw_cell *now,
                             const struct snw_cell *next, uint64_t joins)
{
    uint64_t left = now[SNW_M_alive].n - now[SNW_M_death].sum + joins;
    return next[SNW_M_alive].n == left
               ? SNW_OK
               : wrong(b, sex, age + 1, "people alive", next[SNW_M_alive].n, left);
}

static snw_status check_causes(const struct books *b, int sex, int age)
{
    const size_t at = cell_at(sex, age);
    uint64_t dead = b->totals->cells[at * SNW_N_MEASURES + SNW_M_death].sum, attributed = 0;
    for (int k = 0; k < SNW_N_CAUSES; k++)
        attributed += b->totals->causes[at * SNW_N_CAUSES + (size_t)k];
    return attributed == dead ? SNW_OK : wrong(b, sex, age, "deaths by cause", attributed, dead);
}

/* All years of the people met, followed or not. */
static snw_status check_years(const struct books *b, bool cohort)
{
    snw_status status = SNW_OK;
    const struct snw_totals *t = b->totals;
    for (int i = 0; i < SNW_N_SEXES * SNW_N_AGES; i++) {
        int sex = i / SNW_N_AGES, age = SNW_AGE_FIRST + i % SNW_N_AGES;
        const struct snw_cell *met = t->cells + cell_at(sex, age) * SNW_N_MEASURES;
        bool last = age == SNW_AGE_LAST;
        SNW_TRY(check_year(b, sex, age, met));
        SNW_TRY(check_causes(b, sex, age));
        if (cohort && !last)
            SNW_TRY(check_next(b, sex, age, met, met + SNW_N_MEASURES, 0));
        for (size_t year = 0; year < t->years; year++) {
            const struct snw_cell *c =
                t->by_year + year * SNW_TOTALS_CELLS + cell_at(sex, age) * SNW_N_MEASURES;
            SNW_TRY(check_year(b, sex, age, c));
            if (year + 1 == t->years || last)
                continue;
            uint64_t joins = b->population->mode == SNW_MODE_OPEN
                                 ? snw_population_joins(b->population, sex, age + 1, year + 1)
                                 : 0;
            SNW_TRY(check_next(b, sex, age, c, c + SNW_TOTALS_CELLS + SNW_N_MEASURES, joins));
        }
    }
out:
    return status;
}

/* What stands for nothing in a year. */
static int64_t low_of(enum snw_measure m)
{
    return m == SNW_M_qaly ? SNW_QALY_LOW : 0;
}

/* Of all ages, and all years where there are several. */
static uint64_t sum_of_years(const struct snw_totals *t, int sex, enum snw_measure m)
{
    const struct snw_cell *c = t->years ? t->by_year : t->cells;
    uint64_t sum = 0;
    for (size_t year = 0; year < (t->years ? t->years : 1); year++)
        for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
            const struct snw_cell *one =
                &c[year * SNW_TOTALS_CELLS + cell_at(sex, age) * SNW_N_MEASURES + m];
            sum += one->sum + (uint64_t)low_of(m) * one->n;
        }
    return sum;
}

static snw_status check_lives(const struct books *b, const struct snw_totals *reference)
{
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (size_t k = 0; k < SNW_LIFE_SUMS; k++) {
            const struct snw_life_sum *life = &snw_life_sums[k];
            const size_t at = (size_t)(sex * SNW_N_PAIRED) + life->whole;
            const struct snw_paired_sum *own = &b->totals->paired[at];
            const struct snw_paired_sum *other = &reference->paired[at];
            uint64_t years = sum_of_years(b->totals, sex, life->year);
            const char *name = snw_paired_table[life->whole].name;
            if (other->x + own->d != years)
                return wrong(b, sex, SNW_AGE_FIRST, name, other->x + own->d, years);
        }
    return SNW_OK;
}

snw_status snw_accounting_balance(struct snw_ctx *ctx, const struct snw_world *world,
                                  const struct snw_totals *totals)
{
    snw_status status = SNW_OK;
    for (size_t s = 0; s < world->n_scenarios; s++) {
        const struct snw_scenario *list = world->settings->scenarios.list;
        const struct books books = {ctx, list[snw_scenario_like(world, s)].name, &totals[s],
                                    &world->population};
        SNW_TRY(check_years(&books, world->settings->mode == SNW_MODE_BIRTH_COHORT));
        if (world->n_scenarios > 1)
            SNW_TRY(check_lives(&books, &totals[0]));
    }
out:
    return status;
}
