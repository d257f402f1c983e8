/* The vector maths held against libm and GSL; built for float and for double state. */
#include "support/near.h"

#include "core/vmath.h"

#ifdef SNW_REAL_DOUBLE
static const double logistic_error = 1e-15;
#else
static const double logistic_error = 5e-7;
#endif

/* Built for plain x86-64, this works the instruction out; libm's fmaf rounds once. Sums that fall
   on the middle between two floats but for a tail that double precision loses are among the cases:
   1 + 2^-24 + 2^-80 rounds up, 1 + 2^-24 - 2^-80 down. */
static void a_fused_multiply_add_rounds_once(void **state)
{
    (void)state;
    assert_true(snw_fma_f32(0x1p-40f, 0x1p-40f, 1 + 0x1p-23f) == 1 + 0x1p-23f);
    assert_true(snw_fma_f32(1 + 0x1p-12f, 1 + 0x1p-12f, 0) == 1 + 0x1p-11f);
    float middle = 0x1p-24f, tail = 0x1p-40f;
    assert_true(snw_fma_f32(1 + 0x1p-16f, middle, 1) == 1 + 0x1p-23f);
    assert_true(snw_fma_f32(1 - 0x1p-16f, middle, 1) == 1);
    assert_true(snw_fma_f32(tail, tail, middle) > 0);
    uint32_t word = 12345;
    for (int i = 0; i < 3000000; i++) {
        float x[3];
        for (int k = 0; k < 3; k++) {
            word = word * 1664525u + 1013904223u;
            /* exponents within 2^+-30, few mantissa bits in every second number: ties occur */
            uint32_t mantissa = word >> 9 & (i % 2 ? 0x7ff800u : 0x7fffffu);
            x[k] = snw_bits_to_f32((word & 0x80000000u) | (97 + (word >> 3) % 61) << 23 | mantissa);
        }
        float found = snw_fma_f32(x[0], x[1], x[2]), right = fmaf(x[0], x[1], x[2]);
        assert_memory_equal(&found, &right, sizeof found);
    }
}

static void the_float_exponential_has_the_stated_error(void **state)
{
    (void)state;
    double worst = 0;
    for (int i = -870000; i <= 870000; i++) {
        float x = (float)i * 1e-4f;
        worst = fmax(worst, fabs((double)snw_exp_f32(x) / exp((double)x) - 1));
    }
    assert_near(worst, 0, 2e-7);
}

static void the_double_exponential_has_the_stated_error(void **state)
{
    (void)state;
    double worst = 0;
    for (int i = -700000; i <= 700000; i++) {
        double x = i * 0.001;
        long double right = expl((long double)x);
        worst = fmax(worst, (double)fabsl(((long double)snw_exp_f64(x) - right) / right));
    }
    assert_near(worst, 0, 3e-16);
}

static void exponentials_beyond_the_range_are_next_to_nothing_or_very_large(void **state)
{
    (void)state;
    for (float x = 87; x < 2e6f; x *= 1.01f) {
        assert_true(snw_exp_f32(-x) >= 0 && snw_exp_f32(-x) <= snw_exp_f32(-87));
        assert_true(snw_exp_f32(x) >= snw_exp_f32(87) && isfinite(snw_exp_f32(x)));
    }
    assert_true(snw_exp_f64(-1e300) == snw_exp_f64(-700));
    assert_true(snw_exp_f64(1e300) == snw_exp_f64(700));
    assert_true(snw_exp_f32(0) == 1 && snw_exp_f64(0) == 1);
}

/* Mantissas over a decade of exponents at a time; x near 1 is where a relative error is hard. */
static void the_float_logarithm_has_the_stated_error(void **state)
{
    (void)state;
    double worst = 0;
    for (uint32_t bits = 0x00800000u; bits < 0x7f800000u; bits += 1009) {
        double x = (double)snw_bits_to_f32(bits), right = log(x);
        double error = fabs((double)snw_log_f32((float)x) - right);
        worst = fmax(worst, right == 0 ? error : error / fabs(right));
    }
    for (uint32_t bits = 0x3f7f0000u; bits < 0x3f810000u; bits++) {
        double x = (double)snw_bits_to_f32(bits), right = log(x);
        double error = fabs((double)snw_log_f32((float)x) - right);
        worst = fmax(worst, right == 0 ? error : error / fabs(right));
    }
    assert_near(worst, 0, 2e-7);
}

static void the_double_logarithm_has_the_stated_error(void **state)
{
    (void)state;
    double worst = 0;
    for (int i = 1; i <= 1500000; i++) {
        double x = i * 1e-5 * (i % 3 == 0 ? 1e200 : i % 3 == 1 ? 1 : 1e-200);
        long double right = logl((long double)x);
        if (right != 0)
            worst = fmax(worst, (double)fabsl(((long double)snw_log_f64(x) - right) / right));
    }
    assert_near(worst, 0, 3e-16);
    assert_true(snw_log_f64(1) == 0 && snw_log_f32(1) == 0);
}

static void the_logarithm_of_nothing_is_that_of_the_smallest_number(void **state)
{
    (void)state;
    assert_near(snw_log_f32(0), log(1.17549435e-38), 1e-5);
    assert_near(snw_log_f32(-3), log(1.17549435e-38), 1e-5);
    assert_near(snw_log_f64(0), log(2.2250738585072014e-308), 1e-12);
    assert_near(snw_log_f64(-3), log(2.2250738585072014e-308), 1e-12);
}

static void exp_and_log_rise_along_a_grid(void **state)
{
    (void)state;
    for (int i = -86999; i <= 86999; i++) {
        assert_true(snw_exp_f32((float)i * 1e-3f) > snw_exp_f32((float)(i - 1) * 1e-3f));
        assert_true(snw_exp_f64(i * 8e-3) > snw_exp_f64((i - 1) * 8e-3));
    }
    for (uint32_t bits = 0x00800000u; bits < 0x7f000000u; bits += 65537) {
        float x = snw_bits_to_f32(bits), y = snw_bits_to_f32(bits + 65537);
        assert_true(snw_log_f32(x) < snw_log_f32(y));
        assert_true(snw_log_f64((double)x) < snw_log_f64((double)y));
    }
}

static void the_logistic_function_is_that_of_libm(void **state)
{
    (void)state;
    double worst = 0;
    snw_real last = 0;
    for (int i = -80000; i <= 80000; i++) {
        snw_real x = SNW_R(i) * SNW_R(1e-3), y = snw_logistic(x);
        double right = 1 / (1 + exp(-(double)x));
        worst = fmax(worst, fabs((double)y / right - 1));
        assert_true(y >= last);
        last = y;
    }
    assert_near(worst, 0, logistic_error);
    assert_true(snw_logistic(0) == SNW_R(0.5));
}

static void a_uniform_number_lies_inside_0_and_1(void **state)
{
    (void)state;
    assert_true(snw_uniform(0) > 0);
    assert_true(snw_uniform(0xffffffffu) < 1);
    assert_true(SNW_R(1) - snw_uniform(0xffffffffu) > 0);
}

static void a_uniform_number_is_exact(void **state)
{
    (void)state;
    for (uint64_t word = 0; word < 0x100000000u; word += 99991) {
        uint32_t w = (uint32_t)word;
#ifdef SNW_REAL_DOUBLE
        double right = ((double)w + 0.5) / 4294967296.0;
#else
        double right = ((double)(w >> 9) + 0.5) / 8388608.0;
#endif
        assert_true((double)snw_uniform(w) == right);
    }
}

static void bounds_let_a_nan_pass(void **state)
{
    (void)state;
    snw_real bad = SNW_R(NAN);
    assert_true(isnan(snw_max(0, bad)));
    assert_true(isnan(snw_min(0, bad)));
    assert_true(isnan(snw_clip(-1, 1, bad)));
    assert_true(isnan(snw_exp(bad)));
    assert_true(isnan(snw_logistic(bad)));
}

static void a_nan_has_a_nan_for_logarithm(void **state)
{
    (void)state;
    assert_true(isnan(snw_log_f32(NAN)));
    assert_true(isnan(snw_log_f64((double)NAN)));
}

static void bounds_hold_what_lies_beyond(void **state)
{
    (void)state;
    assert_true(snw_max(2, 1) == 2 && snw_max(2, 3) == 3);
    assert_true(snw_min(2, 1) == 1 && snw_min(2, 3) == 2);
    assert_true(snw_clip(-1, 1, -5) == -1 && snw_clip(-1, 1, 5) == 1);
    assert_true(snw_clip(-1, 1, SNW_R(0.25)) == SNW_R(0.25));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fused_multiply_add_rounds_once),
        cmocka_unit_test(the_float_exponential_has_the_stated_error),
        cmocka_unit_test(the_double_exponential_has_the_stated_error),
        cmocka_unit_test(exponentials_beyond_the_range_are_next_to_nothing_or_very_large),
        cmocka_unit_test(the_float_logarithm_has_the_stated_error),
        cmocka_unit_test(the_double_logarithm_has_the_stated_error),
        cmocka_unit_test(the_logarithm_of_nothing_is_that_of_the_smallest_number),
        cmocka_unit_test(exp_and_log_rise_along_a_grid),
        cmocka_unit_test(the_logistic_function_is_that_of_libm),
        cmocka_unit_test(a_uniform_number_lies_inside_0_and_1),
        cmocka_unit_test(a_uniform_number_is_exact),
        cmocka_unit_test(bounds_let_a_nan_pass),
        cmocka_unit_test(a_nan_has_a_nan_for_logarithm),
        cmocka_unit_test(bounds_hold_what_lies_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
