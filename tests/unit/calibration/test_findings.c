/* What is said of simulated values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "calibration/findings.h"

/* Every second of five numbers: 1, nothing, 5. Mean 3, SD sqrt(8). */
static void values_that_are_none_count_for_nothing(void **state)
{
    (void)state;
    const double x[] = {1, 9, NAN, 9, 5};
    double mean, sd;
    assert_int_equal(snw_moments_of(x, 3, 2, &mean, &sd), 2);
    assert_true(mean == 3 && fabs(sd * sd - 8) < 1e-14); /* a root and a square: two roundings */
}

static void fewer_than_two_values_have_no_spread(void **state)
{
    (void)state;
    const double x[] = {1, NAN};
    double mean, sd;
    assert_int_equal(snw_moments_of(x, 2, 1, &mean, &sd), 1);
    assert_true(mean == 1 && isnan(sd));
    assert_int_equal(snw_moments_of(x + 1, 1, 1, &mean, &sd), 0);
    assert_true(isnan(mean) && isnan(sd));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_are_none_count_for_nothing),
        cmocka_unit_test(fewer_than_two_values_have_no_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
