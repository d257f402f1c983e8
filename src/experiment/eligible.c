/* What is known of a population beforehand, against what interventions ask for. */
#include "experiment/eligible.h"

/* Whether it can hold at an age of people who were born in a year. */
static int holds_at(const struct snw_expression *eligible, enum snw_sex sex, int age, int year)
{
    const struct snw_known known = {sex == SNW_FEMALE, age, age, year, year};
    return snw_expression_can_hold(eligible, &known);
}

static int holds_for_cell(const struct snw_expression *eligible, const struct snw_population *p,
                          const struct snw_cell_of_people *cell)
{
    int end = snw_population_exit_age(p, cell->birth_year, cell->age_to), holds = 0;
    for (int age = cell->age_from; age < end && !holds; age++)
        holds = holds_at(eligible, cell->sex, age, cell->birth_year + age);
    return holds;
}

static int holds_for_somebody(const struct snw_expression *eligible, const struct snw_population *p)
{
    const struct snw_cell_of_people cohort[] = {
        {.sex = SNW_FEMALE, .age_from = SNW_AGE_FIRST, .age_to = SNW_AGE_LAST, .n = p->n_women},
        {.sex = SNW_MALE,
         .age_from = SNW_AGE_FIRST,
         .age_to = SNW_AGE_LAST,
         .n = p->persons - p->n_women}};
    const struct snw_cell_of_people *cells = p->cells ? p->cells : cohort;
    int holds = 0;
    for (size_t i = 0; i < (p->cells ? p->n_cells : 2); i++)
        holds |= cells[i].n > 0 && holds_for_cell(eligible, p, &cells[i]);
    return holds;
}

void snw_eligible_warn(const struct snw_world *world, FILE *stream)
{
    for (size_t s = 0; world->programmes && s < world->n_scenarios; s++)
        for (size_t k = 0; k < world->programmes[s].n; k++) {
            const struct snw_intervention *one = world->programmes[s].list[k];
            if (snw_programme_asks(&world->programmes[s], k) &&
                !holds_for_somebody(&one->eligible, &world->population))
                fprintf(stream,
                        "sinew: warning: scenario %s: %s.who = %s: can never hold for anybody "
                        "simulated: the intervention changes nothing\n",
                        world->settings->scenarios.list[s].name, one->name, one->who);
        }
}
