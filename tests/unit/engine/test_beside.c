/* Scenarios side by side: each lives the lives it lives alone, whatever it shares with the others.
 */
#include "support/near.h"

#include "support/world.h"

enum { PERSONS = 900, FIRST = 5, SCENARIOS = 6, MIDDLE = 60, LATE = 70 };

static struct world *world;

/* What each scenario changes: nothing; strength; falls; what people are born with; the hazard of
   death from an age on; strength, and from an age on the body itself. */
static struct snw_model models[SCENARIOS];
static struct snw_economy economies[SCENARIOS];

static void build(int s, const struct snw_params *params)
{
    world_model(world, params, &models[s]);
    economies[s] = world->economy;
}

static int make_world(void **state)
{
    (void)state;
    world = world_new(NULL, 2000);
    struct snw_params params = world->params;
    build(0, &params);
    params.strength_shift_sd[0] = 0.5;
    build(1, &params);
    params = world->params;
    params.falls_frail[0] = 1;
    build(2, &params);
    params = world->params;
    params.muscle_sd_base[SNW_MALE] = 0.15;
    build(3, &params);
    build(4, &world->params);
    for (int age = LATE; age <= SNW_AGE_LAST; age++)
        models[4].year[SNW_MALE][age - SNW_AGE_FIRST].death_hazard *= SNW_R(0.5);
    params.muscle_sd_base[SNW_MALE] = world->params.muscle_sd_base[SNW_MALE];
    params.strength_shift_sd[0] = 0.5;
    build(5, &params);
    for (int age = MIDDLE; age <= SNW_AGE_LAST; age++) {
        struct snw_year_coef *c = &models[5].year[SNW_MALE][age - SNW_AGE_FIRST];
        c->muscle_sd *= SNW_R(1.5);
        c->trait_sd[SNW_CTTH_NECK] *= SNW_R(1.5);
        c->activity_phi *= SNW_R(0.9);
    }
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    world_free(world);
    return 0;
}

static void live_together(struct together *t, size_t block, int histograms)
{
    together_init(t, world, NULL, PERSONS, histograms, SCENARIOS, models, economies);
    together_run(t, SNW_MALE, FIRST, PERSONS, block);
}

static void live_alone(struct lives *l, int s)
{
    lives_init(l, world, NULL, PERSONS);
    l->plan.models = &models[s];
    l->plan.economies = &economies[s];
    assert_int_equal(lives_run(l, SNW_MALE, FIRST, PERSONS, 512), SNW_OK);
}

static void assert_same(const struct together *t, int s, struct lives *alone)
{
    struct snw_totals_part found[SNW_TOTALS_PARTS], right[SNW_TOTALS_PARTS];
    struct snw_totals totals = t->totals[s];
    snw_totals_parts(&totals, found);
    snw_totals_parts(&alone->totals, right);
    for (int k = 0; k < SNW_TOTALS_PARTS; k++)
        if (right[k].values != alone->totals.paired) /* nobody to be compared with */
            assert_memory_equal(found[k].values, right[k].values, right[k].n_bytes);
    assert_same_tracks(&t->tracks[s], &alone->tracks);
    assert_memory_equal(t->tracks[s].who, alone->tracks.who, PERSONS * sizeof *alone->tracks.who);
    assert_int_equal(t->events[s].n, alone->events.n);
}

static void sums_need_no_histograms(void **state)
{
    (void)state;
    struct together with, without;
    live_together(&with, 512, 1);
    live_together(&without, 512, 0);
    for (int s = 0; s < SCENARIOS; s++) {
        struct snw_totals_part right[SNW_TOTALS_PARTS], found[SNW_TOTALS_PARTS];
        snw_totals_parts(&with.totals[s], right);
        snw_totals_parts(&without.totals[s], found);
        assert_null(without.totals[s].histograms);
        for (int k = 0; k < SNW_TOTALS_PARTS; k++)
            assert_memory_equal(found[k].values, right[k].values, found[k].n_bytes);
    }
    together_free(&with);
    together_free(&without);
}

static void each_scenario_lives_as_it_does_alone(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 50, 512, 1024};
    struct lives alone[SCENARIOS];
    for (int s = 0; s < SCENARIOS; s++)
        live_alone(&alone[s], s);
    for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
        struct together t;
        live_together(&t, lengths[k], 1);
        for (int s = 0; s < SCENARIOS; s++)
            assert_same(&t, s, &alone[s]);
        together_free(&t);
    }
    for (int s = 0; s < SCENARIOS; s++)
        lives_free(&alone[s]);
}

/* Halving the hazard from 70 on leaves all before as it was and more people at 80. */
static void years_before_the_first_difference_are_the_same(void **state)
{
    (void)state;
    struct together t;
    size_t until = ((size_t)SNW_MALE * SNW_N_AGES + LATE - SNW_AGE_FIRST) * SNW_N_MEASURES;
    size_t at_80 = ((size_t)SNW_MALE * SNW_N_AGES + 80 - SNW_AGE_FIRST) * SNW_N_MEASURES;
    live_together(&t, 512, 1);
    assert_memory_equal(t.totals[4].cells, t.totals[0].cells, until * sizeof *t.totals[0].cells);
    assert_true(t.totals[4].cells[at_80 + SNW_M_alive].n >
                t.totals[0].cells[at_80 + SNW_M_alive].n);
    together_free(&t);
}

/* Time is counted for every scenario, shared or not. */
static void person_years_are_those_of_all_scenarios(void **state)
{
    (void)state;
    struct together t;
    uint64_t years = 0;
    live_together(&t, 1024, 1);
    for (int s = 0; s < SCENARIOS; s++)
        for (size_t i = 0; i < SNW_N_AGES; i++)
            years += t.totals[s]
                         .cells[((size_t)SNW_MALE * SNW_N_AGES + i) * SNW_N_MEASURES + SNW_M_alive]
                         .n;
    assert_int_equal(t.room.work->person_years, years);
    together_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_scenario_lives_as_it_does_alone),
        cmocka_unit_test(sums_need_no_histograms),
        cmocka_unit_test(years_before_the_first_difference_are_the_same),
        cmocka_unit_test(person_years_are_those_of_all_scenarios),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
