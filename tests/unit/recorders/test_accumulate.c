/* Sums, squares, histograms and levels of hand-made readouts, by every instruction set. */
#include "support/near.h"

#include <string.h>

#include "core/memory.h"
#include "processes/schedule.h"
#include "recorders/measures.h"

/* A state that applies to all, one that may not, and a code. */
static const enum snw_measure STATE = SNW_M_grip_kg, SOME = SNW_M_years_since_fmp,
                              CODE = SNW_M_sarcopenia_ewgsop2;

static struct snw_readout *readout;
static struct snw_cell cells[SNW_N_MEASURES];
static struct snw_bins bins[SNW_N_MEASURES];
static uint16_t counts[SNW_N_STATES][SNW_BINS];
static uint32_t levels[SNW_N_CODES][SNW_LEVELS];

static int make_room(void **state)
{
    (void)state;
    readout = snw_alloc(sizeof *readout);
    return readout ? 0 : -1;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(readout);
    return 0;
}

/* These values of one measure; the lanes after them hold what must not be counted. */
static void begin(enum snw_measure m, const uint16_t *q, size_t n)
{
    memset(readout, 0, sizeof *readout);
    memset(cells, 0, sizeof cells);
    memset(bins, 0, sizeof bins);
    memset(counts, 0, sizeof counts);
    memset(levels, 0, sizeof levels);
    readout->n = n;
    for (size_t k = 0; k < SNW_N_MEASURES; k++)
        readout->row[k] = readout->q[k];
    for (size_t i = 0; i < SNW_STRIDE; i++)
        readout->q[m][i] = i < n ? q[i] : 1;
}

static void add(const struct snw_recorder_kernels *kernels, size_t n)
{
    kernels->accumulate(readout, n, bins, NULL,
                        &(struct snw_sums){cells, &counts[0][0], &levels[0][0]});
}

static void for_each_isa(void (*test)(const struct snw_recorder_kernels *kernels))
{
    static const char *const isas[] = {"plain", "v3", "v4"};
    for (size_t i = 0; i < 3; i++)
        if (snw_kernels_named(isas[i]))
            test(snw_recorder_kernels_named(isas[i]));
}

static unsigned in_all_bins(enum snw_measure m)
{
    unsigned sum = 0;
    for (size_t k = 0; k < SNW_BINS; k++)
        sum += counts[m][k];
    return sum;
}

/* 3 + 5 + 65534 and their squares, at lengths below, at and above whole vectors; twice adds up. */
static void check_sums(const struct snw_recorder_kernels *kernels)
{
    static const size_t lengths[] = {1, 3, 63, 64, 65, 127, 128, 1024};
    uint16_t q[SNW_BLOCK_MAX];
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        uint64_t sum = 0, squares = 0;
        for (size_t i = 0; i < lengths[l]; i++) {
            q[i] = i % 3 == 0 ? 3 : i % 3 == 1 ? 5 : 65534;
            sum += q[i];
            squares += (uint64_t)q[i] * q[i];
        }
        begin(STATE, q, lengths[l]);
        add(kernels, lengths[l]);
        add(kernels, lengths[l]);
        assert_int_equal(cells[STATE].n, 2 * lengths[l]);
        assert_int_equal(cells[STATE].sum, 2 * sum);
        assert_int_equal(cells[STATE].sum_squares, 2 * squares);
        assert_int_equal(cells[STATE].clamped, 0);
    }
}

static void sums_are_exact_at_any_length(void **state)
{
    (void)state;
    for_each_isa(check_sums);
}

static void check_full(const struct snw_recorder_kernels *kernels)
{
    uint16_t q[SNW_BLOCK_MAX];
    for (size_t i = 0; i < SNW_BLOCK_MAX; i++)
        q[i] = 65534;
    begin(STATE, q, SNW_BLOCK_MAX);
    readout->at_end[STATE] = 1;
    add(kernels, SNW_BLOCK_MAX);
    assert_int_equal(cells[STATE].sum, 1024ull * 65534);
    assert_int_equal(cells[STATE].sum_squares, 1024ull * 65534 * 65534);
    assert_int_equal(cells[STATE].clamped, 1024);
    for (size_t i = 0; i < SNW_BLOCK_MAX; i++)
        q[i] = 0;
    begin(STATE, q, SNW_BLOCK_MAX);
    add(kernels, SNW_BLOCK_MAX);
    assert_int_equal(cells[STATE].n, 1024);
    assert_int_equal(cells[STATE].sum + cells[STATE].sum_squares, 0);
}

static void a_full_block_of_an_extreme_is_summed_exactly(void **state)
{
    (void)state;
    for_each_isa(check_full);
}

/* Years since menopause: 3 + 5 + 65534 apply, two do not, and men's never. */
static void check_holes(const struct snw_recorder_kernels *kernels)
{
    static const uint16_t q[] = {3, SNW_FILL, 5, 65534, SNW_FILL}, men[] = {SNW_FILL, SNW_FILL};
    begin(SOME, q, 5);
    add(kernels, 5);
    assert_int_equal(cells[SOME].n, 3);
    assert_int_equal(cells[SOME].sum, 65542);
    assert_int_equal(cells[SOME].sum_squares, 9 + 25 + 65534ull * 65534);
    begin(SOME, men, 2);
    add(kernels, 2);
    assert_int_equal(cells[SOME].n + cells[SOME].sum + cells[SOME].sum_squares, 0);
    assert_int_equal(in_all_bins(SOME), 0);
}

static void what_does_not_apply_counts_nowhere(void **state)
{
    (void)state;
    for_each_isa(check_holes);
}

/* Bins of 4 from 100 on (a scale of 2^16/4): 100 to 103 in bin 0, 104 in 1; below 100 in 0; from
   100 + 4 x 255 = 1120 on in the last; neighbours hold their zeros only. */
static void check_bins(const struct snw_recorder_kernels *kernels)
{
    static const uint16_t q[] = {100, 103, 104, 99, 0, 1119, 1120, 1123, 1124, 1128, 1200, 65534};
    begin(STATE, q, 12);
    bins[STATE] = (struct snw_bins){100, 16384};
    add(kernels, 12);
    assert_int_equal(counts[STATE][0], 4);
    assert_int_equal(counts[STATE][1], 1);
    assert_int_equal(counts[STATE][254], 1);
    assert_int_equal(counts[STATE][255], 6);
    assert_int_equal(in_all_bins(STATE), 12);
    assert_int_equal(counts[STATE + 1][0], 12);
    assert_int_equal(in_all_bins(STATE + 1), 12);
    assert_int_equal(in_all_bins(STATE - 1), 12);
}

static void values_beyond_the_bins_fall_into_the_first_and_the_last(void **state)
{
    (void)state;
    for_each_isa(check_bins);
}

static void check_levels(const struct snw_recorder_kernels *kernels)
{
    static const uint16_t q[] = {0, 3, 1, 1, 2, SNW_FILL, 3, 3};
    static const uint32_t expected[] = {1, 2, 1, 3};
    begin(CODE, q, 8);
    add(kernels, 8);
    for (size_t level = 0; level < SNW_LEVELS; level++)
        assert_int_equal(levels[CODE - SNW_N_STATES][level], expected[level]);
    assert_int_equal(cells[CODE].n, 7);
    assert_int_equal(cells[CODE].sum, 13);
    assert_int_equal(levels[CODE + 1 - SNW_N_STATES][0], 8);
}

static void each_level_of_a_code_is_counted(void **state)
{
    (void)state;
    for_each_isa(check_levels);
}

/* Where something left the range, the ends are counted: 65534, and of a state 0; else nothing. */
static void check_held(const struct snw_recorder_kernels *kernels)
{
    static const uint16_t q[] = {0, 65534, 65533, 1, 65534};
    begin(STATE, q, 5);
    add(kernels, 5);
    assert_int_equal(cells[STATE].clamped, 0);
    readout->at_end[STATE] = 1;
    add(kernels, 5);
    assert_int_equal(cells[STATE].clamped, 3);
    begin(SNW_M_falls, q, 5);
    readout->at_end[SNW_M_falls] = 1;
    add(kernels, 5);
    assert_int_equal(cells[SNW_M_falls].clamped, 2);
}

static void values_held_at_an_end_are_counted(void **state)
{
    (void)state;
    for_each_isa(check_held);
}

static void check_skip(const struct snw_recorder_kernels *kernels)
{
    static const uint16_t q[] = {4, 4};
    uint8_t skip[SNW_N_MEASURES] = {0};
    begin(STATE, q, 2);
    skip[STATE] = 1;
    kernels->accumulate(readout, 2, bins, skip,
                        &(struct snw_sums){cells, &counts[0][0], &levels[0][0]});
    assert_int_equal(cells[STATE].n + in_all_bins(STATE), 0);
    assert_int_equal(cells[STATE + 1].n, 2);
    assert_int_equal(in_all_bins(STATE + 1), 2);
}

static void what_is_skipped_is_left_alone(void **state)
{
    (void)state;
    for_each_isa(check_skip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_exact_at_any_length),
        cmocka_unit_test(a_full_block_of_an_extreme_is_summed_exactly),
        cmocka_unit_test(what_does_not_apply_counts_nowhere),
        cmocka_unit_test(values_beyond_the_bins_fall_into_the_first_and_the_last),
        cmocka_unit_test(each_level_of_a_code_is_counted),
        cmocka_unit_test(values_held_at_an_end_are_counted),
        cmocka_unit_test(what_is_skipped_is_left_alone),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
