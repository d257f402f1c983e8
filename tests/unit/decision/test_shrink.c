/* Noise taken out of a sample. */
#include "support/near.h"

#include "decision/benefit.h"
#include "decision/shrink.h"
#include "normals.h"

enum { N = 500, D = 3 };

static struct snw_ctx ctx;

static void fill(double *x)
{
    uint64_t seed = 3;
    for (size_t k = 0; k < N; k++) {
        double a = random_normal(&seed), b = random_normal(&seed), c = random_normal(&seed);
        x[k] = 7000 + 300 * a;
        x[N + k] = 900 + 100 * a + 200 * b;
        x[2 * N + k] = 0.04 + 0.01 * c - 0.005 * a;
    }
}

static const double noise[D * D] = {10000, 4000, 0.2, 4000, 20000, -0.1, 0.2, -0.1, 2e-5};

static void the_covariance_becomes_that_without_noise(void **state)
{
    (void)state;
    double x[D * N], before[D * D], after[D * D];
    fill(x);
    snw_covariance(D, N, x, before);
    double mean = snw_mean_of(x + N, N);
    assert_int_equal(snw_shrink(&ctx, D, N, noise, x), SNW_OK);
    snw_covariance(D, N, x, after);
    for (size_t i = 0; i < D; i++)
        for (size_t j = 0; j < D; j++)
            assert_near(after[i * D + j], before[i * D + j] - noise[i * D + j],
                        1e-9 * sqrt(before[i * D + i] * before[j * D + j]));
    assert_near(snw_mean_of(x + N, N), mean, 1e-9);
}

static void neither_units_nor_order_matter(void **state)
{
    (void)state;
    double x[D * N], y[D * N], other[D * D];
    const size_t from[D] = {2, 0, 1};
    const double unit[D] = {1000, 1, 0.01};
    fill(x);
    for (size_t i = 0; i < D; i++)
        for (size_t k = 0; k < N; k++)
            y[i * N + k] = unit[i] * x[from[i] * N + k];
    for (size_t i = 0; i < D; i++)
        for (size_t j = 0; j < D; j++)
            other[i * D + j] = unit[i] * unit[j] * noise[from[i] * D + from[j]];
    assert_int_equal(snw_shrink(&ctx, D, N, noise, x), SNW_OK);
    assert_int_equal(snw_shrink(&ctx, D, N, other, y), SNW_OK);
    for (size_t i = 0; i < D; i++)
        for (size_t k = 0; k < N; k++)
            assert_near(y[i * N + k] / unit[i], x[from[i] * N + k],
                        1e-8 * fabs(x[from[i] * N + k]));
}

static void what_is_all_noise_goes_to_the_mean(void **state)
{
    (void)state;
    double x[] = {1, 2, 3, 6}, more[] = {100};
    assert_int_equal(snw_shrink(&ctx, 1, 4, more, x), SNW_OK);
    for (size_t k = 0; k < 4; k++)
        assert_near(x[k], 3, 1e-12);
}

static void without_noise_nothing_moves(void **state)
{
    (void)state;
    double x[D * N], y[D * N];
    const double none[D * D] = {0};
    fill(x);
    fill(y);
    assert_int_equal(snw_shrink(&ctx, D, N, none, x), SNW_OK);
    for (size_t k = 0; k < D * N; k++)
        assert_near(x[k], y[k], 1e-9 * fabs(y[k]));
}

static void dimensions_that_are_the_same_stay_so(void **state)
{
    (void)state;
    double x[] = {1, 2, 3, 6, 1, 2, 3, 6, 5, 5, 5, 5}; /* variance 14/3; the third does not vary */
    const double shared[] = {3, 3, 0, 3, 3, 0, 0, 0, 0};
    assert_int_equal(snw_shrink(&ctx, 3, 4, shared, x), SNW_OK);
    for (size_t k = 0; k < 4; k++) {
        assert_near(x[4 + k], x[k], 1e-12);
        assert_near(x[8 + k], 5, 0);
    }
    /* by sqrt(1 - 3/(14/3)) = sqrt(5/14) */
    assert_near(x[0], 3 - 2 * sqrt(5.0 / 14), 1e-12);
}

/* True net benefit N(200, 1000), noise of the same variance: seen are N(200, 1414). */
static void the_value_of_information_is_that_of_the_truth(void **state)
{
    (void)state;
    enum { M = 2000 };
    double x[M], c[2 * M] = {0}, e[2 * M] = {0};
    const double half[] = {1e6 * M / (M - 1.0)};
    even_normals(x, M);
    for (size_t k = 0; k < M; k++)
        x[k] = 200 + 1000 * sqrt(2) * x[k];
    const struct snw_psa sample = {2, M, c, e};
    struct snw_strategy_benefit of[2];
    for (size_t k = 0; k < M; k++)
        c[M + k] = -x[k];
    assert_near(snw_benefit_at(&sample, 0, of).evpi, normal_evpi(200, 1000 * sqrt(2)), 2);
    assert_int_equal(snw_shrink(&ctx, 1, M, half, c + M), SNW_OK);
    assert_near(snw_benefit_at(&sample, 0, of).evpi, normal_evpi(200, 1000), 1);
    assert_near(of[1].probability, normal_probability(200, 1000), 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_covariance_becomes_that_without_noise),
        cmocka_unit_test(neither_units_nor_order_matter),
        cmocka_unit_test(what_is_all_noise_goes_to_the_mean),
        cmocka_unit_test(without_noise_nothing_moves),
        cmocka_unit_test(dimensions_that_are_the_same_stay_so),
        cmocka_unit_test(the_value_of_information_is_that_of_the_truth),
    };
    snw_ctx_init(&ctx);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
