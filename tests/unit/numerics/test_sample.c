/* Quantiles of samples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "numerics/sample.h"

/* Between 1, 2 and 4 a quarter is half a step: 1.5, and 3 from above. */
static void a_quantile_lies_straight_between_neighbours(void **state)
{
    (void)state;
    double x[] = {4, 1, 2};
    snw_sort(x, 3);
    assert_true(x[0] == 1 && x[1] == 2 && x[2] == 4);
    assert_true(snw_sorted_quantile(x, 3, 0) == 1 && snw_sorted_quantile(x, 3, 1) == 4);
    assert_true(snw_sorted_quantile(x, 3, 0.25) == 1.5);
    assert_true(snw_sorted_quantile(x, 3, 0.5) == 2);
    assert_true(snw_sorted_quantile(x, 3, 0.75) == 3);
}

static void none_have_no_quantile(void **state)
{
    (void)state;
    assert_true(isnan(snw_sorted_quantile(NULL, 0, 0.5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quantile_lies_straight_between_neighbours),
        cmocka_unit_test(none_have_no_quantile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
