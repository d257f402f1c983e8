/* Where the points of each design lie. */
#include "support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sweep/sweep.h"

enum { MOST = 4 };

static struct snw_factor factors[MOST];

static struct snw_sweep sweep_of(enum snw_design design, size_t k, int64_t points, int64_t levels)
{
    for (size_t i = 0; i < k; i++)
        factors[i] = (struct snw_factor){.range = SNW_FACTOR_BETWEEN, .high = 1, .n = 1};
    return (struct snw_sweep){
        .design = design, .points = points, .levels = levels, .n_factors = k, .factors = factors};
}

static double *laid(const struct snw_sweep *s, uint32_t seed)
{
    struct snw_ctx *ctx = NULL;
    double *u;
    assert_int_equal(snw_design_new(ctx, s, seed, &u), SNW_OK);
    return u;
}

static void assert_points(const double *u, const double *expected, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_near(u[i], expected[i], 1e-12);
}

static void a_grid_has_every_combination_and_the_last_factor_changes_first(void **state)
{
    (void)state;
    double listed[] = {5, 6};
    struct snw_sweep s = sweep_of(SNW_DESIGN_GRID, 2, 0, 3);
    factors[1] =
        (struct snw_factor){.range = SNW_FACTOR_VALUES, .n_values = 2, .values = listed, .n = 1};
    const double expected[] = {0, .25, 0, .75, .5, .25, .5, .75, 1, .25, 1, .75};
    assert_int_equal(snw_sweep_points(&s), 6);
    double *u = laid(&s, 1);
    assert_points(u, expected, 12);
    free(u);
}

static void one_way_moves_one_factor_at_a_time(void **state)
{
    (void)state;
    struct snw_sweep s = sweep_of(SNW_DESIGN_ONE_WAY, 2, 0, 2);
    assert_int_equal(snw_sweep_points(&s), 4);
    double *u = laid(&s, 1);
    const double moved[] = {0, 1, 0, 1};
    for (size_t p = 0; p < 4; p++) {
        assert_near(u[2 * p + p / 2], moved[p], 0);
        assert_true(isnan(u[2 * p + 1 - p / 2]));
    }
    free(u);
}

static void priors_are_cut_at_their_95_percent_where_a_design_has_ends(void **state)
{
    (void)state;
    struct snw_sweep s = sweep_of(SNW_DESIGN_GRID, 1, 0, 3);
    factors[0].range = SNW_FACTOR_PRIOR;
    double *u = laid(&s, 1);
    assert_points(u, (const double[]){0.025, 0.5, 0.975}, 3);
    free(u);
}

static void a_hypercube_has_one_point_in_each_part_of_each_factor(void **state)
{
    (void)state;
    enum { N = 50, K = 3 };
    struct snw_sweep s = sweep_of(SNW_DESIGN_LATIN_HYPERCUBE, K, N, 2);
    double *u = laid(&s, 1), *again = laid(&s, 1), *other = laid(&s, 2);
    for (size_t f = 0; f < K; f++) {
        int met[N] = {0};
        for (size_t p = 0; p < N; p++)
            met[(int)(u[p * K + f] * N)]++;
        for (size_t p = 0; p < N; p++)
            assert_int_equal(met[p], 1);
    }
    assert_memory_equal(u, again, N * K * sizeof *u);
    assert_memory_not_equal(u, other, N * K * sizeof *u);
    /* factors are shuffled apart: correlation of 50 has an error of 1/7; four of them */
    double r = 0;
    for (size_t p = 0; p < N; p++)
        r += (u[p * K] - 0.5) * (u[p * K + 1] - 0.5) * 12 / N;
    assert_near(r, 0, 4.0 / 7);
    free(u);
    free(again);
    free(other);
}

/* The first points of both sequences are known: 1/2; 3/4, 1/4; and 1/2, 1/3; 1/4, 2/3. */
static void sequences_are_those_of_sobol_and_halton(void **state)
{
    (void)state;
    struct snw_sweep s = sweep_of(SNW_DESIGN_SOBOL, 2, 3, 2);
    double *u = laid(&s, 1);
    assert_points(u, (const double[]){.5, .5, .75, .25, .25, .75}, 6);
    free(u);
    s.design = SNW_DESIGN_HALTON;
    u = laid(&s, 1);
    assert_points(u, (const double[]){1.0 / 2, 1.0 / 3, 1.0 / 4, 2.0 / 3, 3.0 / 4, 1.0 / 9}, 6);
    free(u);
}

static void saltelli_takes_one_factor_from_the_second_point(void **state)
{
    (void)state;
    struct snw_sweep s = sweep_of(SNW_DESIGN_SALTELLI, 3, 8, 2);
    assert_int_equal(snw_sweep_points(&s), 8 * 5);
    double *u = laid(&s, 1);
    for (size_t j = 0; j < 8; j++) {
        const double *a = u + j * 15, *b = a + 3;
        for (size_t i = 0; i < 3; i++)
            for (size_t f = 0; f < 3; f++)
                assert_near(a[(2 + i) * 3 + f], f == i ? b[f] : a[f], 0);
        assert_true(j == 0 || memcmp(a, b, 3 * sizeof *a) != 0);
    }
    free(u);
}

static void a_trajectory_moves_each_factor_once_by_half_the_levels(void **state)
{
    (void)state;
    enum { K = 4, R = 25 };
    struct snw_sweep s = sweep_of(SNW_DESIGN_MORRIS, K, R, 4);
    assert_int_equal(snw_sweep_points(&s), R * (K + 1));
    double *u = laid(&s, 3);
    int ups = 0, firsts[K] = {0};
    for (size_t t = 0; t < R; t++) {
        int moved[K] = {0};
        for (size_t row = 1; row <= K; row++) {
            const double *now = u + (t * (K + 1) + row) * K, *before = now - K;
            size_t n = 0;
            for (size_t f = 0; f < K; f++) {
                assert_near(3 * now[f], round(3 * now[f]), 1e-12);
                if (now[f] == before[f])
                    continue;
                assert_near(fabs(now[f] - before[f]), 2.0 / 3, 1e-12);
                ups += now[f] > before[f];
                moved[f]++;
                n++;
                firsts[f] += row == 1;
            }
            assert_int_equal(n, 1);
        }
        for (size_t f = 0; f < K; f++)
            assert_int_equal(moved[f], 1);
    }
    /* half of 100 go up, error 5; a quarter of 25 begin with each factor, error 2.2: four each */
    assert_near(ups, 50, 20);
    for (size_t f = 0; f < K; f++)
        assert_near(firsts[f], 6.25, 8.8);
    free(u);
}

static void a_design_that_is_too_long_is_not_counted_out(void **state)
{
    (void)state;
    struct snw_sweep s = sweep_of(SNW_DESIGN_GRID, 4, 0, 1000);
    assert_int_equal(snw_sweep_points(&s), SNW_SWEEP_POINTS_MAX + 1);
    s.n_factors = 0;
    assert_int_equal(snw_sweep_points(&s), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_has_every_combination_and_the_last_factor_changes_first),
        cmocka_unit_test(one_way_moves_one_factor_at_a_time),
        cmocka_unit_test(priors_are_cut_at_their_95_percent_where_a_design_has_ends),
        cmocka_unit_test(a_hypercube_has_one_point_in_each_part_of_each_factor),
        cmocka_unit_test(sequences_are_those_of_sobol_and_halton),
        cmocka_unit_test(saltelli_takes_one_factor_from_the_second_point),
        cmocka_unit_test(a_trajectory_moves_each_factor_once_by_half_the_levels),
        cmocka_unit_test(a_design_that_is_too_long_is_not_counted_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
