/* Sums, squares and histograms of hand-made readouts, by every instruction set. */
#include "support/near.h"

#include <stdlib.h>
#include <string.h>

#include "processes/schedule.h"
#include "recorders/measures.h"

static const enum snw_measure M = SNW_M_grip_kg, CODE = SNW_M_sarcopenia_ewgsop2;

static struct snw_readout *readout;
static struct snw_cell cells[SNW_N_MEASURES];
static struct snw_bins bins[SNW_N_MEASURES];
static uint32_t (*histograms)[SNW_BINS];

static int make_room(void **state)
{
    (void)state;
    readout = aligned_alloc(64, sizeof *readout);
    histograms = calloc(SNW_N_HISTOGRAMS, sizeof *histograms);
    return readout && histograms ? 0 : -1;
}

static int drop_room(void **state)
{
    (void)state;
    free(readout);
    free(histograms);
    return 0;
}

/* Nothing but these values of one measure; the rest does not apply. */
static void begin(enum snw_measure m, const uint16_t *q, size_t n)
{
    memset(readout->q, 0xff, sizeof readout->q);
    memset(readout->clamped, 0, sizeof readout->clamped);
    memset(cells, 0, sizeof cells);
    memset(bins, 0, sizeof bins);
    memset(histograms, 0, SNW_N_HISTOGRAMS * sizeof *histograms);
    memcpy(readout->q[m], q, n * sizeof *q);
}

static void for_each_isa(void (*test)(const struct snw_recorder_kernels *kernels))
{
    static const char *const isas[] = {"plain", "v3", "v4"};
    for (size_t i = 0; i < 3; i++)
        if (snw_kernels_named(isas[i]))
            test(snw_recorder_kernels_named(isas[i]));
}

static uint32_t all_bins(enum snw_measure m)
{
    uint32_t sum = 0;
    for (size_t k = 0; k < SNW_BINS; k++)
        sum += histograms[m][k];
    return sum;
}

/* 3 + 5 + 65534 and their squares; what does not apply counts nowhere. Twice the same adds up. */
static void check_sums(const struct snw_recorder_kernels *kernels)
{
    static const uint16_t q[] = {3, SNW_FILL, 5, 65534, SNW_FILL};
    begin(M, q, 5);
    readout->clamped[M] = 2;
    kernels->accumulate(readout, 5, bins, cells, NULL);
    kernels->accumulate(readout, 4, bins, cells, NULL);
    assert_int_equal(cells[M].n, 6);
    assert_int_equal(cells[M].sum, 2 * 65542);
    assert_int_equal(cells[M].sum_squares, 2 * (9 + 25 + 65534ull * 65534));
    assert_int_equal(cells[M].clamped, 4);
    assert_int_equal(cells[SNW_M_gait_m_s].n, 0);
}

static void sums_are_those_of_what_applies(void **state)
{
    (void)state;
    for_each_isa(check_sums);
}

/* A full block of the largest value: its squares need more than 32 bits. */
static void check_full(const struct snw_recorder_kernels *kernels)
{
    static uint16_t q[SNW_BLOCK_MAX];
    for (size_t i = 0; i < SNW_BLOCK_MAX; i++)
        q[i] = 65534;
    begin(M, q, SNW_BLOCK_MAX);
    kernels->accumulate(readout, SNW_BLOCK_MAX, bins, cells, &histograms[0][0]);
    assert_int_equal(cells[M].sum, 1024ull * 65534);
    assert_int_equal(cells[M].sum_squares, 1024ull * 65534 * 65534);
    assert_int_equal(histograms[M][SNW_BINS - 1], 1024);
}

static void a_full_block_of_the_largest_value_is_summed_exactly(void **state)
{
    (void)state;
    for_each_isa(check_full);
}

/* Bins of 4 from 100 on: 100 to 103 in bin 0, 104 in 1; below 100 in 0; 100 + 4 x 511 = 2144 in the
   last, as is all above; neighbours stay empty. */
static void check_bins(const struct snw_recorder_kernels *kernels)
{
    static const uint16_t q[] = {100, 103, 104, 99, 0, 2143, 2144, 2147, 2148, 2152, 2156, 65534};
    begin(M, q, 12);
    bins[M] = (struct snw_bins){100, 2};
    kernels->accumulate(readout, 12, bins, cells, &histograms[0][0]);
    assert_int_equal(histograms[M][0], 4);
    assert_int_equal(histograms[M][1], 1);
    assert_int_equal(histograms[M][510], 1);
    assert_int_equal(histograms[M][511], 6);
    assert_int_equal(all_bins(M), 12);
    assert_int_equal(all_bins(M + 1), 0);
    assert_int_equal(all_bins(M - 1), 0);
}

static void values_beyond_the_bins_fall_into_the_first_and_the_last(void **state)
{
    (void)state;
    for_each_isa(check_bins);
}

/* The same with some that do not apply, at lengths that are no multiple of 4. */
static void check_holes(const struct snw_recorder_kernels *kernels)
{
    static const uint16_t q[] = {7, SNW_FILL, 7, 8, SNW_FILL, 9, 7};
    for (size_t n = 1; n <= 7; n++) {
        uint32_t sevens = 0, all = 0;
        begin(M, q, n);
        for (size_t i = 0; i < n; i++) {
            sevens += q[i] == 7;
            all += q[i] != SNW_FILL;
        }
        kernels->accumulate(readout, n, bins, cells, &histograms[0][0]);
        assert_int_equal(histograms[M][7], sevens);
        assert_int_equal(all_bins(M), all);
    }
}

static void what_does_not_apply_is_in_no_bin(void **state)
{
    (void)state;
    for_each_isa(check_holes);
}

static void check_levels(const struct snw_recorder_kernels *kernels)
{
    static const uint16_t q[] = {0, 3, 1, 1, 2, SNW_FILL, 3, 3};
    begin(CODE, q, 8);
    kernels->accumulate(readout, 8, bins, cells, &histograms[0][0]);
    static const uint32_t expected[] = {1, 2, 1, 3};
    for (size_t level = 0; level < SNW_LEVELS; level++)
        assert_int_equal(histograms[CODE][level], expected[level]);
    assert_int_equal(all_bins(CODE), 7);
    assert_int_equal(cells[CODE].n, 7);
    assert_int_equal(cells[CODE].sum, 13);
}

static void each_level_of_a_code_is_counted(void **state)
{
    (void)state;
    for_each_isa(check_levels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_what_applies),
        cmocka_unit_test(a_full_block_of_the_largest_value_is_summed_exactly),
        cmocka_unit_test(values_beyond_the_bins_fall_into_the_first_and_the_last),
        cmocka_unit_test(what_does_not_apply_is_in_no_bin),
        cmocka_unit_test(each_level_of_a_code_is_counted),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
