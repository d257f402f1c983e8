/* The block: who leaves, who changes places, and what is found wrong in it. */
#include "support/near.h"

#include <string.h>

#include "core/memory.h"
#include "people/block.h"

static struct snw_block *block;

static int make_block(void **state)
{
    (void)state;
    block = snw_alloc(sizeof *block);
    return block ? 0 : -1;
}

static int drop_block(void **state)
{
    (void)state;
    snw_free(block);
    return 0;
}

static int lives_on(const struct snw_field_info *field)
{
    return field->kind <= SNW_LASTING || (field->kind == SNW_TREATED && block->treated);
}

/* A number that says which lane and field it was put into. */
static snw_real mark(size_t field, size_t index, size_t lane)
{
    return SNW_R(lane + 100 * index + 2000 * field + 1);
}

static void fill(size_t n)
{
    size_t count;
    const struct snw_field_info *table = snw_field_table(&count);
    memset(block, 0, sizeof *block);
    block->n = n;
    block->treated = 1;
    for (size_t lane = 0; lane < n; lane++) {
        block->person[lane] = (uint32_t)lane + 10;
        block->replicate[lane] = (uint32_t)lane + 20;
        block->row[lane] = (int32_t)lane + 30;
        block->enter_age[lane] = (int32_t)lane + 40;
        block->exit_age[lane] = (int32_t)lane + 50;
        for (size_t f = 0; f < count; f++)
            for (size_t i = 0; i < table[f].count; i++)
                snw_field_at(block, &table[f], i)[lane] = mark(f, i, lane);
    }
}

/* The last takes the place of who leaves. */
static void leave(size_t lane)
{
    snw_block_move(block, lane, --block->n);
}

/* Lane `at` holds the person who was put into lane `from`. */
static void assert_holds(size_t at, size_t from)
{
    size_t count;
    const struct snw_field_info *table = snw_field_table(&count);
    assert_int_equal(block->person[at], from + 10);
    assert_int_equal(block->replicate[at], from + 20);
    assert_int_equal(block->row[at], from + 30);
    assert_int_equal(block->enter_age[at], from + 40);
    assert_int_equal(block->exit_age[at], from + 50);
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < table[f].count && lives_on(&table[f]); i++)
            assert_true(snw_field_at(block, &table[f], i)[at] == mark(f, i, from));
}

static void the_last_takes_the_place_of_who_leaves(void **state)
{
    (void)state;
    fill(5);
    leave(1);
    assert_int_equal(block->n, 4);
    assert_holds(0, 0);
    assert_holds(1, 4);
    assert_holds(2, 2);
    assert_holds(3, 3);
}

/* Where nobody ever was treated, nothing of treatment need move. */
static void all_that_lives_on_moves_in_a_block_that_nobody_treats(void **state)
{
    (void)state;
    fill(5);
    block->treated = 0;
    snw_real treated = block->muscle_treated[1];
    leave(1);
    assert_holds(1, 4);
    assert_true(block->muscle_treated[1] == treated);
}

static void the_last_leaves_without_moving_anybody(void **state)
{
    (void)state;
    fill(3);
    leave(2);
    assert_int_equal(block->n, 2);
    assert_holds(0, 0);
    assert_holds(1, 1);
    leave(1);
    leave(0);
    assert_int_equal(block->n, 0);
}

static void two_lanes_change_places(void **state)
{
    (void)state;
    fill(4);
    snw_block_swap(block, 0, 3);
    assert_int_equal(block->n, 4);
    assert_holds(0, 3);
    assert_holds(3, 0);
    assert_holds(1, 1);
    snw_block_swap(block, 3, 0);
    for (size_t lane = 0; lane < 4; lane++)
        assert_holds(lane, lane);
}

static void changing_places_with_oneself_changes_nothing(void **state)
{
    (void)state;
    fill(2);
    snw_block_swap(block, 1, 1);
    assert_holds(0, 0);
    assert_holds(1, 1);
}

/* What is seen and what happens are worked out anew each year; moving them would be waste. */
static void what_is_seen_stays_behind(void **state)
{
    (void)state;
    fill(3);
    snw_real seen = block->grip_ln[0], year = block->n_falls[0];
    leave(0);
    assert_true(block->grip_ln[0] == seen && block->n_falls[0] == year);
}

static void a_fault_is_found_in_any_field_of_a_living_lane(void **state)
{
    (void)state;
    size_t count, lane;
    const struct snw_field_info *table = snw_field_table(&count);
    fill(7);
    assert_null(snw_block_fault(block, &lane));
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < table[f].count; i++) {
            snw_real *values = snw_field_at(block, &table[f], i), kept = values[5];
            values[5] = f % 2 ? SNW_R(NAN) : SNW_R(-INFINITY);
            assert_string_equal(snw_block_fault(block, &lane), table[f].name);
            assert_int_equal(lane, 5);
            values[5] = kept;
            values[7] = SNW_R(NAN); /* nobody's */
            assert_null(snw_block_fault(block, &lane));
        }
}

static void fields_stand_by_kind_without_a_gap_and_have_names_and_units(void **state)
{
    (void)state;
    size_t count;
    const struct snw_field_info *table = snw_field_table(&count);
    const size_t row = SNW_STRIDE * sizeof(snw_real);
    for (size_t f = 0; f < count; f++) {
        assert_true(strlen(table[f].name) > 0 && strlen(table[f].unit) > 0);
        assert_int_equal(table[f].doc[strlen(table[f].doc) - 1], '.');
        if (f == 0)
            continue;
        assert_int_equal(table[f].offset, table[f - 1].offset + table[f - 1].count * row);
        assert_true(table[f].kind >= table[f - 1].kind);
    }
    assert_ptr_equal(snw_field_at(block, &table[0], 0), block->fmp_age_yr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_takes_the_place_of_who_leaves),
        cmocka_unit_test(all_that_lives_on_moves_in_a_block_that_nobody_treats),
        cmocka_unit_test(the_last_leaves_without_moving_anybody),
        cmocka_unit_test(two_lanes_change_places),
        cmocka_unit_test(changing_places_with_oneself_changes_nothing),
        cmocka_unit_test(what_is_seen_stays_behind),
        cmocka_unit_test(a_fault_is_found_in_any_field_of_a_living_lane),
        cmocka_unit_test(fields_stand_by_kind_without_a_gap_and_have_names_and_units),
    };
    return cmocka_run_group_tests(tests, make_block, drop_block);
}
