/* Curves over age: by hand, against GSL's splines, and the life table in closed form. */
#include "support/near.h"

#include <gsl/gsl_spline.h>

#include "numerics/curves.h"
#include "numerics/life_table.h"

static void knots_are_joined_by_straight_lines(void **state)
{
    (void)state;
    const double x[] = {20, 45, 50}, y[] = {5, 0, -15};
    assert_near(snw_knots(x, y, 3, 20), 5, 0);
    assert_near(snw_knots(x, y, 3, 25), 4, 1e-14);
    assert_near(snw_knots(x, y, 3, 45), 0, 0);
    assert_near(snw_knots(x, y, 3, 48), -9, 1e-13);
}

static void curves_are_level_beyond_their_ends(void **state)
{
    (void)state;
    const double x[] = {20, 45, 50}, y[] = {5, 0, -15};
    assert_near(snw_knots(x, y, 3, -100), 5, 0);
    assert_near(snw_knots(x, y, 3, 97), -15, 0);
    assert_near(snw_knots_log(x, (double[]){1, 2, 8}, 3, 97), 8, 0);
    assert_near(snw_knots_log(x, (double[]){1, 2, 8}, 3, 3), 1, 0);
}

static void logarithms_are_joined_by_straight_lines(void **state)
{
    (void)state;
    const double x[] = {10, 20, 24}, y[] = {1, 100, 4};
    assert_near(snw_knots_log(x, y, 3, 15), 10, 1e-13);
    assert_near(snw_knots_log(x, y, 3, 22), 20, 1e-13);
}

/* From 0 to 2 a triangle of area 4, then level at 4. */
static void the_integral_of_a_curve_is_its_area(void **state)
{
    (void)state;
    const double x[] = {0, 2}, y[] = {0, 4};
    assert_near(snw_knots_integral(x, y, 2, 0, 2), 4, 1e-15);
    assert_near(snw_knots_integral(x, y, 2, 0, 3), 8, 1e-15);
    assert_near(snw_knots_integral(x, y, 2, -5, 1), 1, 1e-15);
    assert_near(snw_knots_integral(x, y, 2, 3, 5), 8, 1e-15);
    assert_near(snw_knots_integral(x, y, 2, 1, 1), 0, 0);
}

static void an_integral_backwards_has_the_other_sign(void **state)
{
    (void)state;
    const double x[] = {20, 45, 50, 97}, y[] = {0.05, 0, -0.15, -1.3};
    for (double to = 20; to < 98; to += 3.7)
        assert_near(snw_knots_integral(x, y, 4, 25, to), -snw_knots_integral(x, y, 4, to, 25), 0);
}

static void integrals_of_neighbouring_spans_add_up(void **state)
{
    (void)state;
    const double x[] = {20, 45, 50, 97}, y[] = {0.05, 0, -0.15, -1.3};
    double sum = 0;
    for (int a = 10; a < 110; a++)
        sum += snw_knots_integral(x, y, 4, a, a + 1);
    /* 10 at .05; .625; -.375; 47 years at -.725; 13 at -1.3 */
    assert_near(sum, 0.5 + 0.625 - 0.375 - 34.075 - 16.9, 1e-12);
    assert_near(snw_knots_integral(x, y, 4, 10, 110), sum, 1e-12);
}

/* ln of the fall rates, women. */
static const double falls_x[] = {20, 45, 60, 70, 80, 90, 97};
static const double falls_y[] = {-1.897, -1.109, -0.174, -0.083, 0.174, 0.718, 1.253};

static void the_spline_is_the_natural_one_of_gsl(void **state)
{
    (void)state;
    gsl_interp_accel *near = gsl_interp_accel_alloc();
    gsl_spline *right = gsl_spline_alloc(gsl_interp_cspline, 7);
    gsl_spline_init(right, falls_x, falls_y, 7);
    for (double at = 20; at <= 97; at += 0.05)
        assert_near(snw_spline(falls_x, falls_y, 7, at), gsl_spline_eval(right, at, near), 1e-13);
    assert_near(snw_spline(falls_x, falls_y, 7, 15), falls_y[0], 1e-15);
    assert_near(snw_spline(falls_x, falls_y, 7, 97.5), falls_y[6], 1e-15);
    gsl_spline_free(right);
    gsl_interp_accel_free(near);
}

static void the_spline_goes_through_its_knots(void **state)
{
    (void)state;
    for (int i = 0; i < 7; i++)
        assert_near(snw_spline(falls_x, falls_y, 7, falls_x[i]), falls_y[i], 1e-15);
}

static void two_knots_make_a_straight_line(void **state)
{
    (void)state;
    const double x[] = {2, 4}, y[] = {1, 5};
    assert_near(snw_spline(x, y, 2, 0), 1, 1e-15);
    assert_near(snw_spline(x, y, 2, 3), 3, 1e-15);
    assert_near(snw_spline(x, y, 2, 6), 5, 1e-15);
}

static void a_chance_of_death_is_a_hazard_over_the_year(void **state)
{
    (void)state;
    assert_near(snw_hazard_of(0), 0, 0);
    assert_near(snw_hazard_of(0.5), log(2), 1e-15);
    assert_near(snw_hazard_of(1 - exp(-0.1)), 0.1, 1e-15);
}

static void set_q(double *q, double value)
{
    for (int a = 0; a < SNW_LIFE_AGES; a++)
        q[a] = value;
}

static void survivors_of_a_constant_chance_are_its_powers(void **state)
{
    (void)state;
    double q[SNW_LIFE_AGES], alive[SNW_LIFE_AGES + 1];
    set_q(q, 0.05);
    snw_survivors(q, alive);
    for (int a = 0; a <= SNW_LIFE_AGES; a++)
        assert_near(alive[a], pow(0.95, a), 1e-15);
}

/* With a constant hazard h the years lived in 78 are (1 - exp(-78 h)) / h. */
static void life_expectancy_of_a_constant_chance_has_a_closed_form(void **state)
{
    (void)state;
    const double chances[] = {0.5, 0.05, 1e-3, 1e-6};
    double q[SNW_LIFE_AGES];
    for (size_t i = 0; i < 4; i++) {
        double h = -log1p(-chances[i]);
        set_q(q, chances[i]);
        assert_near(snw_life_expectancy(q), -expm1(-78 * h) / h, 1e-6);
    }
    set_q(q, 0);
    assert_near(snw_life_expectancy(q), 78, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knots_are_joined_by_straight_lines),
        cmocka_unit_test(curves_are_level_beyond_their_ends),
        cmocka_unit_test(logarithms_are_joined_by_straight_lines),
        cmocka_unit_test(the_integral_of_a_curve_is_its_area),
        cmocka_unit_test(an_integral_backwards_has_the_other_sign),
        cmocka_unit_test(integrals_of_neighbouring_spans_add_up),
        cmocka_unit_test(the_spline_is_the_natural_one_of_gsl),
        cmocka_unit_test(the_spline_goes_through_its_knots),
        cmocka_unit_test(two_knots_make_a_straight_line),
        cmocka_unit_test(a_chance_of_death_is_a_hazard_over_the_year),
        cmocka_unit_test(survivors_of_a_constant_chance_are_its_powers),
        cmocka_unit_test(life_expectancy_of_a_constant_chance_has_a_closed_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
