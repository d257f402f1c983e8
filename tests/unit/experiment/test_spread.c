/* Rows of draws: their statistics, gaps, and what a checkpoint gives back. */
#define _POSIX_C_SOURCE 200809L
#include "unit/store_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/spread.h"

/* One outcome of one scenario: a value in each cell. */
enum { N = SNW_CELLS };

static struct snw_world world;

static int make_world(void **state)
{
    (void)state;
    world.n_scenarios = 1;
    world.outcomes = calloc(1, sizeof *world.outcomes + sizeof *world.outcomes->list);
    if (!world.outcomes)
        return -1;
    world.outcomes->n = world.outcomes->n_values = 1;
    world.outcomes->list[0].n = 1;
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    free(world.outcomes);
    return 0;
}

/* Draw k has 10 k + cell in each cell, and variance k; but nothing in cell 3 where k is even. */
static void take(struct snw_spread *spread, uint64_t draw)
{
    double row[2 * N];
    for (int i = 0; i < N; i++) {
        bool lacks = i == 3 && draw % 2 == 0;
        row[i] = lacks ? (double)NAN : 10.0 * (double)draw + i;
        row[N + i] = lacks ? (double)NAN : (double)draw;
    }
    assert_ok(snw_spread_take(&ctx, spread, draw, row));
}

/* Of one column. */
static void columns(const double *values, size_t n, double *one, double *out)
{
    double *const at[SNW_SPREAD_MCVAR] = {out, out + 1, out + 2, out + 3, out + 4};
    snw_spread_columns(values, n, 1, one, at);
}

static void quantiles_lie_straight_between_neighbours(void **state)
{
    (void)state;
    const double values[] = {5, 1, NAN, 4, 2, 3};
    double one[6], out[SNW_SPREAD_MCVAR];
    columns(values, 6, one, out);
    assert_true(out[SNW_SPREAD_MEAN] == 3);
    assert_true(fabs(out[SNW_SPREAD_SD] - sqrt(2.5)) < 1e-15);
    assert_true(out[SNW_SPREAD_P50] == 3);
    assert_true(fabs(out[SNW_SPREAD_P025] - 1.1) < 1e-15);
    assert_true(fabs(out[SNW_SPREAD_P975] - 4.9) < 1e-15);
}

static void one_value_has_no_sd_and_none_has_nothing(void **state)
{
    (void)state;
    const double single[] = {NAN, 7}, none[] = {NAN, NAN};
    double one[2], out[SNW_SPREAD_MCVAR];
    columns(single, 2, one, out);
    assert_true(out[SNW_SPREAD_MEAN] == 7 && out[SNW_SPREAD_P025] == 7 &&
                out[SNW_SPREAD_P975] == 7);
    assert_true(isnan(out[SNW_SPREAD_SD]));
    columns(none, 2, one, out);
    for (int k = 0; k < SNW_SPREAD_MCVAR; k++)
        assert_true(isnan(out[k]));
}

static void statistics(const struct snw_spread *spread, double out[SNW_N_SPREADS][N])
{
    double *const rows[SNW_N_SPREADS] = {out[0], out[1], out[2], out[3], out[4], out[5]};
    assert_ok(snw_spread_statistics(&ctx, spread, 0, N, rows));
}

static void statistics_are_over_draws_that_have_a_value(void **state)
{
    (void)state;
    struct snw_spread spread;
    double out[SNW_N_SPREADS][N];
    assert_ok(snw_spread_create(&ctx, &world, path, &spread));
    for (uint64_t k = 1; k <= 4; k++)
        take(&spread, k);
    statistics(&spread, out);
    assert_true(out[SNW_SPREAD_MEAN][0] == 25 && out[SNW_SPREAD_MEAN][7] == 32);
    assert_true(out[SNW_SPREAD_MEAN][3] == 23 && out[SNW_SPREAD_P50][3] == 23); /* 13 and 33 */
    assert_true(out[SNW_SPREAD_MCVAR][0] == 2.5 && out[SNW_SPREAD_MCVAR][3] == 2);
    double *const part[SNW_N_SPREADS] = {out[0], out[1], out[2], out[3], out[4], out[5]};
    assert_ok(snw_spread_statistics(&ctx, &spread, 3, 5, part));
    assert_true(out[SNW_SPREAD_MEAN][0] == 23 && out[SNW_SPREAD_MEAN][4] == 32);
    assert_true(out[SNW_SPREAD_MCVAR][0] == 2 && out[SNW_SPREAD_MCVAR][4] == 2.5);
    snw_spread_free(&spread);
}

static void draws_after_a_gap_come_again(void **state)
{
    (void)state;
    struct snw_spread spread;
    double out[SNW_N_SPREADS][N], values[2];
    assert_ok(snw_spread_create(&ctx, &world, path, &spread));
    static const uint64_t order[] = {1, 3, 2, 4, 3};
    for (size_t i = 0; i < 5; i++)
        take(&spread, order[i]);
    assert_int_equal(spread.rows.state.n, 3); /* 3 and 4 came before 2 and 3 */
    statistics(&spread, out);
    assert_true(out[SNW_SPREAD_MEAN][0] == 20 && out[SNW_SPREAD_MCVAR][0] == 2);
    assert_ok(snw_spread_read(&ctx, &spread, 2, 4, 5, 1, values));
    assert_true(values[0] == 25 && values[1] == 35);
    snw_spread_free(&spread);
}

static void a_checkpoint_gives_back_what_was_committed(void **state)
{
    (void)state;
    struct snw_spread spread, again;
    struct snw_checkpoint checkpoint = {.n_sections = 0};
    double out[SNW_N_SPREADS][N], right[SNW_N_SPREADS][N];
    assert_ok(snw_spread_create(&ctx, &world, path, &spread));
    take(&spread, 1);
    take(&spread, 2);
    assert_ok(snw_spread_commit(&ctx, &spread, &checkpoint));
    assert_ok(snw_checkpoint_write(&checkpoint, path, &ctx));
    for (uint64_t k = 3; k <= 5; k++)
        take(&spread, k);
    statistics(&spread, right);
    snw_spread_free(&spread);

    assert_ok(snw_checkpoint_read(&checkpoint, path, &ctx));
    assert_ok(snw_spread_resume(&ctx, &world, path, &checkpoint, &again));
    assert_int_equal(again.rows.state.n, 2);
    for (uint64_t k = 3; k <= 5; k++)
        take(&again, k);
    statistics(&again, out);
    assert_memory_equal(out, right, sizeof right);
    snw_spread_free(&again);

    world.n_scenarios = 2; /* another run's */
    assert_int_equal(snw_spread_resume(&ctx, &world, path, &checkpoint, &again), SNW_ERR_FORMAT);
    world.n_scenarios = 1;
    snw_spread_free(&again);
    snw_checkpoint_free(&checkpoint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_lie_straight_between_neighbours),
        cmocka_unit_test(one_value_has_no_sd_and_none_has_nothing),
        IN_FOLDER(statistics_are_over_draws_that_have_a_value),
        IN_FOLDER(draws_after_a_gap_come_again),
        IN_FOLDER(a_checkpoint_gives_back_what_was_committed),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
