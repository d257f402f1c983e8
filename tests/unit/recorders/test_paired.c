/* Whole lives and sums of their differences, from round numbers. */
#include "support/near.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "processes/schedule.h"
#include "recorders/paired.h"

__extension__ typedef __int128 wide;

static struct snw_tally *tally, *other;
static struct snw_readout *readout;
static double effect[SNW_N_AGES], before[SNW_N_AGES + 1];

static int make_room(void **state)
{
    (void)state;
    tally = snw_alloc(sizeof *tally);
    other = snw_alloc(sizeof *other);
    readout = snw_alloc(sizeof *readout);
    /* a year is worth half of the one before: 1, 1/2, 1/4 .. */
    for (int k = 0; k < SNW_N_AGES; k++) {
        effect[k] = k < 40 ? 1.0 / (double)(1LL << k) : 0;
        before[k + 1] = before[k] + effect[k];
    }
    return tally && other && readout ? 0 : -1;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(tally);
    snw_free(other);
    snw_free(readout);
    return 0;
}

static wide product(const uint64_t part[3])
{
    __extension__ typedef unsigned __int128 bits;
    return (wide)(((bits)part[2] << 64) + ((bits)part[1] << 32) + part[0]);
}

static struct snw_whole_life close_lane(size_t lane, double enter_yr, double exit_yr)
{
    struct snw_whole_life life;
    const struct snw_tally_end end = {enter_yr, exit_yr, effect, before};
    snw_tally_close(tally, lane, &end, &life);
    return life;
}

/* A year of lane i: i falls, 1000 + i dollars, i dimes of them for treatment, and i millionths less
   than none of quality. */
static void lay_year(void)
{
    for (size_t i = 0; i < SNW_STRIDE; i++) {
        readout->q[SNW_M_falls][i] = (uint16_t)(i % 256);
        readout->accounts.cost_cents[i] = (int32_t)(100000 + 100 * i);
        readout->accounts.qaly_millionths[i] = -(int32_t)i;
        readout->accounts.treatment_cents[i] = (int32_t)(10 * i);
    }
    readout->row[SNW_M_falls] = readout->q[SNW_M_falls];
    readout->accounts.treated = 1;
}

/* On every CPU; what is no whole vector is left to be added lane by lane, with the same result. */
static void a_year_adds_what_it_holds_times_its_worth(void **state)
{
    (void)state;
    static const char *const isas[] = {"plain", "v3", "v4"};
    enum { N = 100, WHOLE = 96 };
    lay_year();
    snw_tally_clear(other, SNW_BLOCK_MAX);
    for (size_t i = 0; i < WHOLE; i++)
        for (int year = 0; year < 2; year++)
            snw_tally_lane(other, readout, i, year ? 0.25 : 1, year ? 0.5 : 1);
    assert_int_equal(other->falls[7], 14);
    assert_true(other->cost_cents[7] == 2 * 100700 && other->cost_now[7] == 1.25 * 100700);
    assert_true(other->treatment_cents[7] == 140 && other->treatment_now[7] == 1.25 * 70);
    assert_int_equal(other->qaly_millionths[7], -14);
    assert_int_equal(other->qaly_now[7], -7 - 3); /* -3.5 is rounded up */
    for (size_t k = 0; k < sizeof isas / sizeof *isas; k++) {
        if (!snw_kernels_named(isas[k]))
            continue;
        snw_tally_clear(tally, SNW_BLOCK_MAX);
        snw_recorder_kernels_named(isas[k])->tally(tally, readout, N, 1, 1);
        snw_recorder_kernels_named(isas[k])->tally(tally, readout, N, 0.25, 0.5);
        assert_memory_equal(tally, other, sizeof *tally);
    }
}

static void the_longest_of_several_courses_tells(void **state)
{
    (void)state;
    const snw_real start[SNW_LANES] = {1000, 60, 70, SNW_R(70.5), 60};
    const snw_real stop[SNW_LANES] = {1000, SNW_R(70.25), 1000, 1000, 65};
    const snw_real right[SNW_LANES] = {SNW_R(0.125), SNW_R(0.25), 1, SNW_R(0.5), SNW_R(0.125)};
    snw_real time[SNW_LANES] = {SNW_R(0.125), SNW_R(0.125), SNW_R(0.125), SNW_R(0.125),
                                SNW_R(0.125)};
    snw_recorder_kernels_named("plain")->course(time, start, stop, 70, 5);
    assert_memory_equal(time, right, 5 * sizeof *time);
}

/* Two hip fractures, at 72.5 and 71, one of the arm at 70, an injury, death at 73.25. */
static void a_life_holds_its_events_and_when_the_first_was(void **state)
{
    (void)state;
    snw_tally_clear(tally, SNW_BLOCK_MAX);
    snw_tally_event(tally, 3, SNW_HIP, 72.5);
    snw_tally_event(tally, 3, SNW_HIP, 71);
    snw_tally_event(tally, 3, SNW_FOREARM, 70);
    snw_tally_event(tally, 3, SNW_TALLY_INJURY, 69);
    snw_tally_event(tally, 3, SNW_TALLY_DEATH, 73.25);
    struct snw_whole_life life = close_lane(3, 70, 98);
    assert_int_equal(life.value[SNW_P_fractures], 3);
    assert_int_equal(life.value[SNW_P_fracture_hip], 2);
    assert_int_equal(life.value[SNW_P_fracture_forearm], 1);
    assert_int_equal(life.value[SNW_P_fall_injuries], 1);
    assert_int_equal(life.value[SNW_P_deaths], 1);
    assert_true(life.first_yr[SNW_P_fractures] == 70 && life.first_yr[SNW_P_fracture_hip] == 71);
    /* 3.25 years; 1 + 1/2 + 1/4 + a quarter of 1/8 now */
    assert_int_equal(life.value[SNW_P_life_years], 162500);
    assert_int_equal(life.value[SNW_P_life_years_discounted], 1781250);
}

static void who_is_alive_at_the_end_has_lived_whole_years(void **state)
{
    (void)state;
    snw_tally_clear(tally, SNW_BLOCK_MAX);
    struct snw_whole_life life = close_lane(0, 20, 98);
    assert_int_equal(life.value[SNW_P_deaths], 0);
    assert_int_equal(life.value[SNW_P_life_years], 78 * 50000);
    life = close_lane(0, 95, 98);
    assert_int_equal(life.value[SNW_P_life_years_discounted], 1750000);
}

static void lanes_move_with_all_that_they_hold(void **state)
{
    (void)state;
    lay_year();
    snw_tally_clear(tally, SNW_BLOCK_MAX);
    for (size_t i = 0; i < 3; i++) {
        snw_tally_lane(tally, readout, i, 1, 1);
        snw_tally_event(tally, i, SNW_HIP, 50 + (double)i);
        tally->treated[i] = (int32_t)i;
    }
    struct snw_whole_life first = close_lane(0, 20, 98), last = close_lane(2, 20, 98), now;
    snw_tally_swap(tally, 0, 2);
    now = close_lane(0, 20, 98);
    assert_memory_equal(&now, &last, sizeof now);
    now = close_lane(2, 20, 98);
    assert_memory_equal(&now, &first, sizeof now);
    snw_tally_move(tally, 1, 2);
    now = close_lane(1, 20, 98);
    assert_memory_equal(&now, &first, sizeof now);
    snw_tally_copy(other, tally, 3);
    snw_tally_clear(tally, 3);
    snw_tally_copy(tally, other, 3);
    now = close_lane(1, 20, 98);
    assert_memory_equal(&now, &first, sizeof now);
}

static struct snw_whole_life life_of(int64_t fractures, double first_yr, int64_t cents)
{
    struct snw_whole_life life = {.value = {0}};
    life.value[SNW_P_fractures] = fractures;
    life.first_yr[SNW_P_fractures] = first_yr;
    life.value[SNW_P_cost] = cents;
    return life;
}

/* Fractures in the reference 2, 1, 1, 0; in the scenario 0, 1 later, 1 earlier, 3. */
static void differences_are_summed_person_by_person(void **state)
{
    (void)state;
    struct snw_paired_sum reference[SNW_N_PAIRED] = {{0}}, sums[SNW_N_PAIRED] = {{0}};
    const struct snw_whole_life here[] = {life_of(2, 70, 3000000000000), life_of(1, 70, 5),
                                          life_of(1, 70, 5), life_of(0, 0, 5)};
    const struct snw_whole_life there[] = {life_of(0, 0, 1000000000000), life_of(1, 71, 5),
                                           life_of(1, 69, 5), life_of(3, 60, 5)};
    for (size_t i = 0; i < 4; i++) {
        snw_paired_add_reference(reference, &here[i]);
        snw_paired_add(sums, &there[i], &here[i]);
        snw_paired_add(sums, &here[i], &here[i]); /* the same adds nothing */
    }
    const struct snw_paired_sum *r = &reference[SNW_P_fractures], *s = &sums[SNW_P_fractures];
    assert_true(r->n == 4 && r->x == 4 && product(r->xx) == 6);
    assert_true((int64_t)s->d == 1 && product(s->dd) == 13 && product(s->dx) == -4);
    assert_true(s->less == 2 && s->more == 3 && s->n_less == 1 && s->n_more == 1);
    assert_true(s->n_postponed == 1 && s->n_advanced == 1);
    s = &sums[SNW_P_cost];
    assert_true((int64_t)s->d == -2000000000000);
    assert_true(product(s->dd) == (wide)2000000000000 * 2000000000000);
    assert_true(product(s->dx) == -(wide)2000000000000 * 3000000000000);
    snw_paired_merge(sums, sums, SNW_N_PAIRED);
    assert_true((int64_t)sums[SNW_P_cost].d == -4000000000000);
    assert_true(product(sums[SNW_P_cost].dx) == -(wide)4000000000000 * 3000000000000);
    assert_int_equal(sums[SNW_P_fractures].n_postponed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_adds_what_it_holds_times_its_worth),
        cmocka_unit_test(the_longest_of_several_courses_tells),
        cmocka_unit_test(a_life_holds_its_events_and_when_the_first_was),
        cmocka_unit_test(who_is_alive_at_the_end_has_lived_whole_years),
        cmocka_unit_test(lanes_move_with_all_that_they_hold),
        cmocka_unit_test(differences_are_summed_person_by_person),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
