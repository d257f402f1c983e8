/* Quantiles of a sample, worked by hand. */
#include "support/near.h"

#include "numerics/quantiles.h"

static void quantiles_lie_straight_between_neighbours(void **state)
{
    (void)state;
    double x[] = {40, 10, 30, 20, 70};
    snw_sort(x, 5);
    assert_near(x[0], 10, 0);
    assert_near(x[4], 70, 0);
    assert_near(snw_sorted_quantile(x, 5, 0.5), 30, 0);
    assert_near(snw_sorted_quantile(x, 5, 0.625), 35, 0); /* place 2.5 */
    assert_near(snw_sorted_quantile(x, 5, 0.0625), 12.5, 0);
    assert_near(snw_sorted_quantile(x, 5, 0), 10, 0);
    assert_near(snw_sorted_quantile(x, 5, 1), 70, 0);
}

static void one_value_is_all_quantiles_and_none_has_none(void **state)
{
    (void)state;
    const double x[] = {7};
    assert_near(snw_sorted_quantile(x, 1, 0.975), 7, 0);
    assert_true(isnan(snw_sorted_quantile(x, 0, 0.5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_lie_straight_between_neighbours),
        cmocka_unit_test(one_value_is_all_quantiles_and_none_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
