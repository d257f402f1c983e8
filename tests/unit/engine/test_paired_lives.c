#define _POSIX_C_SOURCE 200809L
/* Whole lives of the same people in several worlds: against what happened to each of them, event by
   event, and where worlds are at their extremes. */
#include "support/near.h"

#include <stdlib.h>
#include <string.h>

#include "support/world.h"

enum { PERSONS = 700, FIRST = 5, SCENARIOS = 9, END = 60, FROM_AGE = 50, A_YEAR = 50000 };

/* The reference; nobody falls; nobody falls and nothing else breaks bones; nobody dies; nobody
   lives for long after 60; a drug for some; no effect on anybody; nobody wants it; people are born
   with another muscle. */
enum { REFERENCE, NO_FALLS, UNBROKEN, IMMORTAL, EXTINCT, DRUG, IDLE, DECLINED, BORN };

static struct world *world;
static struct snw_model models[SCENARIOS];
static struct snw_economy economies[SCENARIOS];
static struct snw_programme programmes[SCENARIOS];
static struct snw_intervention declared[SCENARIOS];
static struct together all; /* by the best kernels, in blocks of 512 */

static void declare(int s, const char *name, double uptake, double fall_ratio)
{
    struct snw_expression_fault fault;
    snw_intervention_init(&declared[s]);
    declared[s].name = strdup(name);
    assert_true(snw_expression_parse("age >= 50", &declared[s].eligible, &fault));
    declared[s].uptake.value = uptake;
    declared[s].effect[SNW_CHANNEL_fall_rate_ratio].given = 1;
    declared[s].effect[SNW_CHANNEL_fall_rate_ratio].figure.value = fall_ratio;
    programmes[s].n = 1;
    programmes[s].list[0] = &declared[s];
}

static void live(struct together *t, const char *isa, size_t block)
{
    together_init(t, world, isa, 0, 0, SCENARIOS, models, economies);
    together_treat(t, programmes);
    t->room.plan.all_events = 1;
    snw_beside_discount(t->room.work->beside, 0.03, 0.03);
    together_run(t, SNW_FEMALE, FIRST, PERSONS, block);
}

static int make_world(void **state)
{
    (void)state;
    world = world_new(NULL, 2000);
    for (int s = 0; s < SCENARIOS; s++) {
        world_model(world, &world->params, &models[s]);
        economies[s] = world->economy;
    }
    struct snw_params born = world->params;
    born.muscle_sd_base[SNW_FEMALE] = 0.15;
    world_model(world, &born, &models[BORN]);
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
        size_t i = (size_t)(age - SNW_AGE_FIRST);
        models[NO_FALLS].year[SNW_FEMALE][i].fall_rate_ln = -100;
        models[UNBROKEN].year[SNW_FEMALE][i].fall_rate_ln = -100;
        memset(models[UNBROKEN].year[SNW_FEMALE][i].per_year, 0,
               sizeof models[UNBROKEN].year[SNW_FEMALE][i].per_year);
        models[IMMORTAL].year[SNW_FEMALE][i].death_hazard = 0;
        if (age >= END)
            models[EXTINCT].year[SNW_FEMALE][i].death_hazard = 1000;
    }
    declare(DRUG, "drug", 0.5, 0.6);
    declared[DRUG].persistence.scale_yr = 20;
    declared[DRUG].cost = (struct snw_bill){.usd_per_yr = 500, .price_year = 2019};
    declare(IDLE, "idle", 1, 1);
    declare(DECLINED, "declined", 0, 0.5);
    for (int s = 0; s < SCENARIOS; s++)
        snw_programme_init(&programmes[s], &world->params);
    live(&all, NULL, 512);
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    together_free(&all);
    for (int s = 0; s < SCENARIOS; s++)
        snw_intervention_free(&declared[s]);
    world_free(world);
    return 0;
}

static const struct snw_paired_sum *sum(int s, enum snw_paired m)
{
    return &all.totals[s].paired[SNW_FEMALE * SNW_N_PAIRED + (int)m];
}

/* What a measure comes to over all people of a scenario. */
static int64_t total(int s, enum snw_paired m)
{
    return (int64_t)(sum(REFERENCE, m)->x + sum(s, m)->d);
}

static int64_t of_years(int s, enum snw_measure m, int64_t low)
{
    int64_t x = 0;
    for (size_t i = 0; i < SNW_N_AGES; i++) {
        const struct snw_cell *c = &all.totals[s].cells[i * SNW_N_MEASURES + m];
        x += (int64_t)c->sum + low * (int64_t)c->n;
    }
    return x;
}

/* Numbers and first times of what happened to each person in a scenario, from the events. */
struct happened {
    int n[SNW_N_DATED];
    double first_yr[SNW_N_DATED];
};

static void note(struct happened *h, enum snw_paired m, double age_yr)
{
    if (!h->n[m] || age_yr < h->first_yr[m])
        h->first_yr[m] = age_yr;
    h->n[m]++;
}

static struct happened *people_of(int s)
{
    struct happened *people = calloc(PERSONS, sizeof *people);
    assert_non_null(people);
    for (size_t k = 0; k < all.events[s].n; k++) {
        const struct snw_event_row *e = &all.events[s].row[k];
        struct happened *h = &people[e->person - FIRST];
        if (e->kind == SNW_EVENT_FRACTURE) {
            note(h, SNW_P_fractures, e->age_yr);
            note(h, (enum snw_paired)(SNW_P_fracture_hip + e->site), e->age_yr);
        } else if (e->kind == SNW_EVENT_FALL_INJURY) {
            note(h, SNW_P_fall_injuries, e->age_yr);
        } else if (e->kind == SNW_EVENT_DEATH) {
            note(h, SNW_P_deaths, e->age_yr);
        }
    }
    return people;
}

static void check_events(int s, const struct happened *reference, const struct happened *people)
{
    for (int m = 0; m < SNW_N_DATED; m++) {
        uint64_t less = 0, more = 0, later = 0, earlier = 0, squares = 0;
        for (int i = 0; i < PERSONS; i++) {
            int d = people[i].n[m] - reference[i].n[m];
            less += d < 0 ? (uint64_t)-d : 0;
            more += d > 0 ? (uint64_t)d : 0;
            squares += (uint64_t)(d * d);
            if (!people[i].n[m] || !reference[i].n[m])
                continue;
            later += people[i].first_yr[m] > reference[i].first_yr[m];
            earlier += people[i].first_yr[m] < reference[i].first_yr[m];
        }
        const struct snw_paired_sum *found = sum(s, (enum snw_paired)m);
        if (found->less != less || found->more != more || found->dd[0] != squares ||
            found->n_postponed != later || found->n_advanced != earlier)
            fail_msg("%s in scenario %d", snw_paired_table[m].name, s);
    }
}

static void differences_are_those_of_each_persons_events(void **state)
{
    (void)state;
    struct happened *reference = people_of(REFERENCE);
    for (int s = 1; s < SCENARIOS; s++) {
        struct happened *people = people_of(s);
        check_events(s, reference, people);
        free(people);
    }
    free(reference);
    assert_true(sum(DRUG, SNW_P_fractures)->less > 0 && sum(DRUG, SNW_P_deaths)->n_postponed > 0);
}

static void lives_hold_what_their_years_hold(void **state)
{
    (void)state;
    for (int s = 0; s < SCENARIOS; s++) {
        assert_int_equal(total(s, SNW_P_falls), of_years(s, SNW_M_falls, 0));
        assert_int_equal(total(s, SNW_P_life_years), of_years(s, SNW_M_person_years, 0));
        assert_int_equal(total(s, SNW_P_qalys), of_years(s, SNW_M_qaly, SNW_QALY_LOW));
        assert_int_equal(total(s, SNW_P_cost), of_years(s, SNW_M_cost, 0));
        assert_int_equal(total(s, SNW_P_cost_interventions),
                         of_years(s, SNW_M_cost_interventions, 0));
        assert_true(total(s, SNW_P_cost_interventions_discounted) <=
                    total(s, SNW_P_cost_interventions));
        assert_int_equal(total(s, SNW_P_deaths), of_years(s, SNW_M_death, 0));
        assert_true(total(s, SNW_P_cost_discounted) < total(s, SNW_P_cost));
    }
}

static void what_the_drug_costs_is_known_by_itself(void **state)
{
    (void)state;
    assert_true(sum(DRUG, SNW_P_cost_interventions)->d > 0);
    assert_true(sum(REFERENCE, SNW_P_cost_interventions)->x == 0);
    assert_true(sum(DECLINED, SNW_P_cost_interventions)->d == 0);
}

static void who_never_falls_breaks_nothing_by_a_fall(void **state)
{
    (void)state;
    for (int s = NO_FALLS; s <= UNBROKEN; s++) {
        assert_int_equal(total(s, SNW_P_falls), 0);
        assert_int_equal(total(s, SNW_P_fall_injuries), 0);
    }
    assert_true(total(NO_FALLS, SNW_P_fractures) > 0);
    assert_int_equal(total(UNBROKEN, SNW_P_fractures), 0);
    assert_int_equal(sum(UNBROKEN, SNW_P_fractures)->less, total(REFERENCE, SNW_P_fractures));
}

static void the_immortal_live_to_the_end(void **state)
{
    (void)state;
    assert_int_equal(total(IMMORTAL, SNW_P_deaths), 0);
    assert_int_equal(total(IMMORTAL, SNW_P_life_years), (int64_t)PERSONS * SNW_N_AGES * A_YEAR);
    assert_int_equal(sum(IMMORTAL, SNW_P_deaths)->less, total(REFERENCE, SNW_P_deaths));
    assert_int_equal(sum(IMMORTAL, SNW_P_life_years)->n_less, 0);
}

/* A hazard of 1000 a year leaves 1e-3 years on average: e^-100 to live a tenth. */
static void nobody_outlives_the_end_of_the_world(void **state)
{
    (void)state;
    assert_int_equal(total(EXTINCT, SNW_P_deaths), PERSONS);
    assert_in_range(total(EXTINCT, SNW_P_life_years), 0,
                    (int64_t)(PERSONS * (END - SNW_AGE_FIRST + 0.1) * A_YEAR));
    assert_int_equal(sum(EXTINCT, SNW_P_life_years)->n_more, 0);
    for (int age = END + 1; age <= SNW_AGE_LAST; age++)
        assert_int_equal(all.totals[EXTINCT]
                             .cells[(size_t)(age - SNW_AGE_FIRST) * SNW_N_MEASURES + SNW_M_alive]
                             .n,
                         0);
}

/* Everybody is on it from 50 to death or 98. */
static void all_are_treated_for_as_long_as_they_live(void **state)
{
    (void)state;
    int64_t years = 0;
    for (int age = FROM_AGE; age <= SNW_AGE_LAST; age++)
        years += (int64_t)all.totals[IDLE]
                     .cells[(size_t)(age - SNW_AGE_FIRST) * SNW_N_MEASURES + SNW_M_person_years]
                     .sum;
    assert_near(total(IDLE, SNW_P_treated_years), years, PERSONS); /* each rounded anew */
    for (int m = 0; m < SNW_N_PAIRED; m++)
        if (m != SNW_P_treated_years)
            assert_int_equal(sum(IDLE, (enum snw_paired)m)->dd[0], 0);
}

static void none_treated_leave_every_sum_at_nothing(void **state)
{
    (void)state;
    static const struct snw_paired_sum none[SNW_TOTALS_PAIRED];
    assert_memory_equal(all.totals[DECLINED].paired, none, sizeof none);
}

static void assert_same(const struct together *other)
{
    for (int s = 0; s < SCENARIOS; s++)
        assert_memory_equal(other->totals[s].paired, all.totals[s].paired,
                            SNW_TOTALS_PAIRED * sizeof *all.totals[s].paired);
}

static void neither_blocks_nor_cpus_change_a_bit(void **state)
{
    (void)state;
    together_otherwise(live, assert_same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_those_of_each_persons_events),
        cmocka_unit_test(lives_hold_what_their_years_hold),
        cmocka_unit_test(what_the_drug_costs_is_known_by_itself),
        cmocka_unit_test(who_never_falls_breaks_nothing_by_a_fall),
        cmocka_unit_test(the_immortal_live_to_the_end),
        cmocka_unit_test(nobody_outlives_the_end_of_the_world),
        cmocka_unit_test(all_are_treated_for_as_long_as_they_live),
        cmocka_unit_test(none_treated_leave_every_sum_at_nothing),
        cmocka_unit_test(neither_blocks_nor_cpus_change_a_bit),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
