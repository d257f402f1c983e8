/* Smoothing over age: what it leaves alone, and what it does not reach across. */
#include "support/near.h"

#include "engine/pilot.h"

enum { N = 78 };

static void a_quadratic_in_the_logarithm_is_left_alone(void **state)
{
    (void)state;
    double y[N], right[N];
    for (int i = 0; i < N; i++)
        y[i] = right[i] = exp(-3 + 0.04 * i - 0.0007 * i * i);
    snw_smooth_ln(y, N, 0);
    for (int i = 0; i < N; i++)
        assert_near(y[i] / right[i], 1, 1e-12);
}

static void two_quadratics_are_left_alone_with_a_split_between_them(void **state)
{
    (void)state;
    double y[N], right[N];
    for (int i = 0; i < N; i++)
        y[i] = right[i] = i < 30 ? exp(0.1 * i) : exp(5 - 0.2 * (i - 50) + 0.003 * i * i);
    snw_smooth_ln(y, N, 30);
    for (int i = 0; i < N; i++)
        assert_near(y[i] / right[i], 1, 1e-12);
}

/* A point at either side of the split is changed: the other side must not notice. */
static void nothing_crosses_the_split(void **state)
{
    (void)state;
    double y[N], z[N];
    for (int i = 0; i < N; i++)
        y[i] = z[i] = 1 + 0.3 * (i % 3);
    z[29] = 40;
    snw_smooth_ln(y, N, 30);
    snw_smooth_ln(z, N, 30);
    for (int i = 30; i < N; i++)
        assert_true(y[i] == z[i]);
    assert_true(y[26] != z[26]);
}

/* Seven points of ln y = 0 0 0 a 0 0 0: the quadratic through them has 7/21 a in the middle, 6/21 a
   beside it, 3/21 and -2/21 (Savitzky and Golay's weights -2 3 6 7 6 3 -2). */
static void one_peak_is_spread_by_known_weights(void **state)
{
    (void)state;
    const double weight[] = {-2, 3, 6, 7, 6, 3, -2};
    double y[21];
    for (int i = 0; i < 21; i++)
        y[i] = i == 10 ? exp(0.21) : 1;
    snw_smooth_ln(y, 21, 0);
    for (int i = 0; i < 21; i++) {
        int from = i - 7;
        assert_near(log(y[i]), from >= 0 && from < 7 ? 0.01 * weight[from] : 0, 1e-14);
    }
}

/* The quadratic of the last seven, at its own ends: weights 32 15 3 -4 -6 -3 5 over 42. */
static void ends_come_from_the_last_full_window(void **state)
{
    (void)state;
    double y[9];
    for (int i = 0; i < 9; i++)
        y[i] = i == 0 || i == 8 ? exp(0.42) : 1;
    snw_smooth_ln(y, 9, 0);
    assert_near(log(y[0]), 0.32, 1e-14);
    assert_near(log(y[1]), 0.15, 1e-14);
    assert_near(log(y[2]), 0.03, 1e-14);
    assert_near(log(y[8]), 0.32, 1e-14);
}

static void what_is_not_positive_stays_and_ends_a_stretch(void **state)
{
    (void)state;
    double y[N], z[N];
    for (int i = 0; i < N; i++)
        y[i] = z[i] = i < 30 ? 0 : 1 + 0.3 * (i % 3);
    z[60] = -1;
    snw_smooth_ln(y, N, 0);
    snw_smooth_ln(z, N, 0);
    for (int i = 0; i < 30; i++)
        assert_true(y[i] == 0);
    for (int i = 30; i < 56; i++)
        assert_true(z[i] == y[i]);
    assert_true(z[60] == -1 && z[59] > 0 && z[61] > 0);
}

static void fewer_than_seven_points_are_left_alone(void **state)
{
    (void)state;
    double y[] = {1, 9, 1, 9, 1, 9};
    snw_smooth_ln(y, 6, 0);
    for (int i = 0; i < 6; i++)
        assert_true(y[i] == (i % 2 ? 9 : 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quadratic_in_the_logarithm_is_left_alone),
        cmocka_unit_test(two_quadratics_are_left_alone_with_a_split_between_them),
        cmocka_unit_test(nothing_crosses_the_split),
        cmocka_unit_test(one_peak_is_spread_by_known_weights),
        cmocka_unit_test(ends_come_from_the_last_full_window),
        cmocka_unit_test(what_is_not_positive_stays_and_ends_a_stretch),
        cmocka_unit_test(fewer_than_seven_points_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
