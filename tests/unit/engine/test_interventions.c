#define _POSIX_C_SOURCE 200809L
/* Interventions in whole lives: what they leave alone, that sharing does not show, and that results
   depend on neither block length nor CPU. */
#include "support/near.h"

#include <string.h>

#include "support/world.h"

enum { PERSONS = 900, FIRST = 5, SCENARIOS = 7, FROM_AGE = 65 };

/* The reference; offered to nobody; taken by nobody; without effect; a programme that the body does
   not feel; a drug that it does; the same in a body of its own. */
enum { REFERENCE, NOBODY, DECLINED, IDLE, CLASSES, DRUG, APART };

static struct world *world;
static struct snw_model models[SCENARIOS];
static struct snw_economy economies[SCENARIOS];
static struct snw_programme programmes[SCENARIOS];
static struct snw_intervention declared[SCENARIOS];
static struct together all; /* by the best kernels, in blocks of 512 */

static void declare(int s, const char *name, const char *who, double uptake)
{
    struct snw_expression_fault fault;
    snw_intervention_init(&declared[s]);
    declared[s].name = strdup(name);
    assert_true(snw_expression_parse(who, &declared[s].eligible, &fault));
    declared[s].uptake.value = uptake;
    programmes[s].n = 1;
    programmes[s].list[0] = &declared[s];
}

static void effect(int s, enum snw_channel channel, double value)
{
    declared[s].effect[channel].given = 1;
    declared[s].effect[channel].figure.value = value;
}

static void declare_drug(int s)
{
    declare(s, "drug", "age >= 65 and measured.t_score_femoral_neck < -1 and not on_treatment",
            0.6);
    effect(s, SNW_CHANNEL_hip_fracture_ratio, 0.6);
    effect(s, SNW_CHANNEL_abmd_femoral_neck_ratio, 1.04);
    effect(s, SNW_CHANNEL_bone_loss_spared, 1);
    effect(s, SNW_CHANNEL_muscle_loss_spared, 0.2);
    effect(s, SNW_CHANNEL_utility_change, -0.01);
    declared[s].effect[SNW_CHANNEL_hip_fracture_ratio].offset = SNW_OFFSET_TREATED_TIME;
    declared[s].effect[SNW_CHANNEL_hip_fracture_ratio].offset_yr = 1;
    declared[s].effect[SNW_CHANNEL_abmd_femoral_neck_ratio].half_life_yr = 2;
    declared[s].persistence.scale_yr = 3;
    declared[s].cost = (struct snw_bill){.usd_per_yr = 500, .price_year = 2019};
    declared[s].offered_again = 1;
    declared[s].offer_every_yr = 2;
}

static void live(struct together *t, const char *isa, size_t block)
{
    together_init(t, world, isa, PERSONS, 1, SCENARIOS, models, economies);
    together_treat(t, programmes);
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
    /* testosterone is read by nobody, but the body's numbers are no longer the reference's */
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++)
        models[APART].year[SNW_FEMALE][age - SNW_AGE_FIRST].bio_t_sd *= SNW_R(1.5);
    declare(NOBODY, "nobody", "age >= 65 and measured.grip_kg > 250", 1);
    effect(NOBODY, SNW_CHANNEL_fall_rate_ratio, 0.5);
    declare(DECLINED, "declined", "age >= 65", 0);
    effect(DECLINED, SNW_CHANNEL_bone_loss_spared, 1);
    declare(IDLE, "idle", "age >= 65", 1);
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        effect(IDLE, (enum snw_channel)c, snw_channel_table[c].ratio ? 1 : 0);
    declare(CLASSES, "classes", "age >= 65 and history.falls > 0", 0.5);
    effect(CLASSES, SNW_CHANNEL_fall_rate_ratio, 0.8);
    effect(CLASSES, SNW_CHANNEL_strength_ratio, 1.1);
    declare_drug(DRUG);
    declare_drug(APART);
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

static size_t cell(int age, size_t measure)
{
    return ((size_t)SNW_FEMALE * SNW_N_AGES + (size_t)(age - SNW_AGE_FIRST)) * SNW_N_MEASURES +
           measure;
}

/* All sums of two scenarios but those of one measure. */
static void assert_same_sums_but(int a, int b, size_t but)
{
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++)
        for (size_t m = 0; m < SNW_N_MEASURES; m++)
            if (m != but && memcmp(&all.totals[a].cells[cell(age, m)],
                                   &all.totals[b].cells[cell(age, m)], sizeof(struct snw_cell)))
                fail_msg("%s differs at %d", snw_measure_table[m].name, age);
}

static size_t count(const struct snw_event_list *list, enum snw_event_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += list->row[i].kind == kind;
    return n;
}

static double sum(int s, enum snw_measure m)
{
    double x = 0;
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++)
        x += (double)all.totals[s].cells[cell(age, m)].sum;
    return x;
}

static void nobody_treated_is_no_intervention(void **state)
{
    (void)state;
    for (int s = NOBODY; s <= DECLINED; s++) {
        assert_same_sums_but(s, REFERENCE, SNW_N_MEASURES);
        assert_same_tracks(&all.tracks[s], &all.tracks[REFERENCE]);
        assert_int_equal(all.events[s].n, all.events[REFERENCE].n);
    }
}

static void all_effects_at_nothing_change_nothing_but_who_is_treated(void **state)
{
    (void)state;
    assert_same_sums_but(IDLE, REFERENCE, SNW_M_on_treatment);
    size_t starts = count(&all.events[IDLE], SNW_EVENT_TREATMENT_START);
    assert_int_equal(starts, all.totals[REFERENCE].cells[cell(FROM_AGE, SNW_M_alive)].n);
    assert_int_equal(count(&all.events[IDLE], SNW_EVENT_TREATMENT_STOP), 0);
    assert_int_equal(all.events[IDLE].n, all.events[REFERENCE].n + starts);
    for (int age = FROM_AGE; age <= SNW_AGE_LAST; age++)
        assert_int_equal(all.totals[IDLE].cells[cell(age, SNW_M_on_treatment)].sum,
                         all.totals[IDLE].cells[cell(age, SNW_M_alive)].n);
}

static void years_before_the_first_offer_are_the_same(void **state)
{
    (void)state;
    for (int s = CLASSES; s <= DRUG; s++) {
        assert_memory_equal(&all.totals[s].cells[cell(SNW_AGE_FIRST, 0)],
                            &all.totals[REFERENCE].cells[cell(SNW_AGE_FIRST, 0)],
                            (cell(FROM_AGE, 0) - cell(SNW_AGE_FIRST, 0)) * sizeof(struct snw_cell));
        assert_true(count(&all.events[s], SNW_EVENT_TREATMENT_START) > 100);
    }
    assert_true(sum(CLASSES, SNW_M_falls) < sum(REFERENCE, SNW_M_falls));
    assert_true(sum(DRUG, SNW_M_abmd_femoral_neck_g_cm2) >
                sum(REFERENCE, SNW_M_abmd_femoral_neck_g_cm2));
    assert_true(count(&all.events[DRUG], SNW_EVENT_TREATMENT_STOP) > 100);
}

/* The drug's scenario shares the body until somebody starts; the other never does. */
static void a_shared_body_lives_as_one_of_its_own(void **state)
{
    (void)state;
    assert_same_sums_but(DRUG, APART, SNW_M_bio_t_rel);
    assert_int_equal(all.events[DRUG].n, all.events[APART].n);
}

static void assert_same(const struct together *other)
{
    for (int s = 0; s < SCENARIOS; s++) {
        assert_memory_equal(other->totals[s].cells, all.totals[s].cells,
                            SNW_TOTALS_CELLS * sizeof(struct snw_cell));
        assert_same_tracks(&other->tracks[s], &all.tracks[s]);
        assert_int_equal(other->events[s].n, all.events[s].n);
    }
}

static void neither_blocks_nor_cpus_change_a_bit(void **state)
{
    (void)state;
    together_otherwise(live, assert_same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_treated_is_no_intervention),
        cmocka_unit_test(all_effects_at_nothing_change_nothing_but_who_is_treated),
        cmocka_unit_test(years_before_the_first_offer_are_the_same),
        cmocka_unit_test(a_shared_body_lives_as_one_of_its_own),
        cmocka_unit_test(neither_blocks_nor_cpus_change_a_bit),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
