/* Reads who there is in a year, and works out who turns 20 later. */
#include "population/nation.h"

#include "config/table.h"

enum { MOST_PEOPLE = 1000000000 };

/* @param[in] q (2, 20). @param[out] reach (2, 21) chance to survive from an age to 20. */
static void survive_to_20(const double q[2][SNW_AGE_FIRST], double reach[2][SNW_AGE_FIRST + 1])
{
    for (int s = 0; s < SNW_N_SEXES; s++) {
        reach[s][SNW_AGE_FIRST] = 1;
        for (int age = SNW_AGE_FIRST - 1; age >= 0; age--)
            reach[s][age] = (1 - q[s][age]) * reach[s][age + 1];
    }
}

/* Those of the country: its young people, then births shared by the sexes like those of age 0. */
static void add_young(const struct snw_settings *settings, const double young[2][SNW_AGE_FIRST],
                      const double reach[2][SNW_AGE_FIRST + 1], struct snw_nation *n)
{
    double born = young[SNW_FEMALE][0] + young[SNW_MALE][0];
    double births = settings->births < 0 ? born : (double)settings->births;
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int k = 1; k < SNW_N_AGES; k++) {
            int age = SNW_AGE_FIRST - k;
            double at_birth = born > 0 ? births * young[s][0] / born : 0;
            n->turn_20[s][k] = age >= 0 ? young[s][age] * reach[s][age] : at_birth * reach[s][0];
        }
}

/* Those from abroad who arrive in the first year after, or later, at 20 or below. */
static void add_arrivals(const double young[2][SNW_AGE_FIRST],
                         const double reach[2][SNW_AGE_FIRST + 1], struct snw_nation *n)
{
    for (int s = 0; s < SNW_N_SEXES; s++) {
        for (int k = 1; k < SNW_N_AGES; k++) {
            n->turn_20[s][k] += n->come[s][0];
            for (int age = SNW_AGE_FIRST - 1; age >= 0 && k - (SNW_AGE_FIRST - age) >= 1; age--)
                n->turn_20[s][k] += young[s][age] * reach[s][age];
        }
        n->come[s][0] = 0;
    }
}

snw_status snw_nation_read(struct snw_ctx *ctx, const struct snw_settings *settings,
                           struct snw_nation *nation)
{
    snw_status status = SNW_OK;
    const char *people = settings->population_table.found, *abroad = settings->migration.found;
    int year = (int)settings->year;
    double young[2][SNW_AGE_FIRST], q[2][SNW_AGE_FIRST], reach[2][SNW_AGE_FIRST + 1], above[2];
    *nation = (struct snw_nation){.above97 = {0}};
    SNW_TRY(snw_population_read(ctx, people, year, nation->count, nation->above97));
    if (settings->mode != SNW_MODE_OPEN)
        return SNW_OK;
    SNW_TRY(snw_table_read_young(ctx, people, "count", MOST_PEOPLE, year, young));
    SNW_TRY(snw_table_read_young(ctx, settings->life_table.found, "qx", 1,
                                 (int)settings->life_table_year, q));
    survive_to_20((const double(*)[SNW_AGE_FIRST])q, reach);
    add_young(settings, (const double(*)[SNW_AGE_FIRST])young,
              (const double(*)[SNW_AGE_FIRST + 1]) reach, nation);
    if (!abroad)
        return SNW_OK;
    SNW_TRY(snw_population_read(ctx, abroad, year, nation->come, above));
    SNW_TRY(snw_table_read_young(ctx, abroad, "count", MOST_PEOPLE, year, young));
    add_arrivals((const double(*)[SNW_AGE_FIRST])young, (const double(*)[SNW_AGE_FIRST + 1]) reach,
                 nation);
out:
    return status;
}
