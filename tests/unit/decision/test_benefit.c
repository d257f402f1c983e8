/* Net benefit, acceptability, expected loss and the value of perfect information. */
#include "support/near.h"

#include <stdlib.h>

#include "decision/benefit.h"
#include "normals.h"

/* Three strategies, four draws; at 100 a QALY the net benefits are

   draw     reference   second   third
     1         100        120       90
     2         100         80       90
     3         100        140      150
     4         100         60       90
   mean        100        100      105 */
static double cost[12] = {0, 0, 0, 0, 80, 120, 60, 140, 10, 10, -50, 10};
static double effect[12] = {1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1};
static const struct snw_psa three = {3, 4, cost, effect};

static void net_benefits_are_means_over_draws(void **state)
{
    (void)state;
    struct snw_strategy_benefit of[3];
    struct snw_benefit b = snw_benefit_at(&three, 100, of);
    assert_near(of[0].nmb, 100, 1e-12);
    assert_near(of[1].nmb, 100, 1e-12);
    assert_near(of[2].nmb, 105, 1e-12);
    assert_near(of[1].nhb, 1, 1e-12); /* 2 - 100/100 */
    assert_int_equal(b.best, 2);
    assert_near(of[2].headroom, 5, 1e-12);
    assert_near(of[0].headroom, -5, 1e-12);
}

static void the_best_of_each_draw_counts(void **state)
{
    (void)state;
    struct snw_strategy_benefit of[3];
    struct snw_benefit b = snw_benefit_at(&three, 100, of);
    assert_near(of[0].probability, 0.5, 1e-12); /* draws 2 and 4 */
    assert_near(of[1].probability, 0.25, 1e-12);
    assert_near(of[2].probability, 0.25, 1e-12);
    /* the highest are 120, 100, 150, 100: 117.5 on average; 105 is chosen */
    assert_near(b.evpi, 12.5, 1e-12);
    assert_near(of[0].loss, 17.5, 1e-12);
    assert_near(of[2].loss, 12.5, 1e-12);
    /* losses of the third 30, 10, 0, 10: SD sqrt(475/3), over sqrt 4 */
    assert_near(b.evpi_se, sqrt(475.0 / 3) / 2, 1e-12);
}

static void where_nothing_is_paid_for_health_the_cheapest_is_best(void **state)
{
    (void)state;
    struct snw_strategy_benefit of[3];
    struct snw_benefit b = snw_benefit_at(&three, 0, of);
    assert_int_equal(b.best, 2); /* -5 on average */
    assert_near(of[2].nmb, 5, 1e-12);
    assert_true(isnan(of[2].nhb));
}

static void equal_strategies_count_for_the_first(void **state)
{
    (void)state;
    double same_cost[] = {5, 6, 5, 6}, same_effect[] = {1, 1, 1, 1};
    const struct snw_psa same = {2, 2, same_cost, same_effect};
    struct snw_strategy_benefit of[2];
    struct snw_benefit b = snw_benefit_at(&same, 50, of);
    assert_near(of[0].probability, 1, 0);
    assert_near(b.evpi, 0, 0);
    assert_int_equal(b.best, 0);
}

/* Costs and effects of the second strategy are bivariate normal, those of the first nought:
   dC ~ N(1000, 400), dE ~ N(.03, .02), correlation .5, in 250 x 250 even quantiles. At 50,000 the
   incremental net benefit is N(500, sqrt(1000^2 + 400^2 - 2 .5 1000 400)) = N(500, 871.78). */
static void a_bivariate_normal_has_the_analytical_values(void **state)
{
    (void)state;
    enum { N = 250 };
    double z[N], *c = calloc(2 * N * N, sizeof *c), *e = calloc(2 * N * N, sizeof *e);
    const struct snw_psa sample = {2, N * N, c, e};
    struct snw_strategy_benefit of[2];
    even_normals(z, N);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            e[N * N + i * N + j] = 0.03 + 0.02 * z[i];
            c[N * N + i * N + j] = 1000 + 400 * (0.5 * z[i] + sqrt(0.75) * z[j]);
        }
    for (double threshold = 20000; threshold <= 150000; threshold += 10000) {
        double mean = threshold * 0.03 - 1000, a = threshold * 0.02;
        double sd = sqrt(a * a + 400 * 400 - a * 400);
        struct snw_benefit b = snw_benefit_at(&sample, threshold, of);
        assert_near(of[1].nmb, mean, 1e-7);
        /* the grid's error: measured to be below a thousandth of the SD */
        assert_near(b.evpi, normal_evpi(mean, sd), 0.001 * sd);
        assert_near(of[1].probability, normal_probability(mean, sd), 0.003);
        assert_int_equal(b.best, mean > 0);
    }
    struct snw_benefit b = snw_benefit_at(&sample, 50000, of);
    assert_near(normal_evpi(500, 871.7798), 153.5, 0.1); /* .33843 x 871.78 - .28314 x 500 */
    assert_near(b.evpi, normal_evpi(500, 871.7798), 0.9);
    free(c);
    free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_benefits_are_means_over_draws),
        cmocka_unit_test(the_best_of_each_draw_counts),
        cmocka_unit_test(where_nothing_is_paid_for_health_the_cheapest_is_best),
        cmocka_unit_test(equal_strategies_count_for_the_first),
        cmocka_unit_test(a_bivariate_normal_has_the_analytical_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
