/* Normal quantiles held against GSL, and the vector forms against the plain one. */
#include "support/near.h"

#include <gsl/gsl_cdf.h>
#include <string.h>

#include "random/normal.h"

static const double quantile_error = 9e-7;

typedef void fill_fn(const uint32_t *restrict, size_t, snw_real *restrict);
fill_fn snw_normal_fill_plain;
#if SNW_TEST_ISAS == 3
fill_fn snw_normal_fill_v3, snw_normal_fill_v4;
#endif

static double exact_quantile(uint32_t word)
{
    double p = ((double)word + 0.5) * 0x1p-32;
    return p < 0.5 ? gsl_cdf_ugaussian_Pinv(p)
                   : gsl_cdf_ugaussian_Qinv(((double)(0xffffffffu - word) + 0.5) * 0x1p-32);
}

static void the_normal_quantile_has_the_stated_error(void **state)
{
    (void)state;
    double worst = 0;
    for (uint64_t word = 0; word < 0x100000000u; word += 12289) /* prime: all low bits occur */
        worst = fmax(worst, fabs((double)snw_normal_quantile((uint32_t)word) -
                                 exact_quantile((uint32_t)word)));
    for (uint32_t k = 0; k < 20000; k++) {
        worst = fmax(worst, fabs((double)snw_normal_quantile(k) - exact_quantile(k)));
        uint32_t high = 0xffffffffu - k, middle = 0x80000000u - 10000 + k;
        worst = fmax(worst, fabs((double)snw_normal_quantile(high) - exact_quantile(high)));
        worst = fmax(worst, fabs((double)snw_normal_quantile(middle) - exact_quantile(middle)));
    }
    assert_near(worst, 0, quantile_error);
}

static void the_normal_quantile_is_odd(void **state)
{
    (void)state;
    for (uint64_t word = 0; word < 0x80000000u; word += 65521)
        assert_true(snw_normal_quantile((uint32_t)word) == -snw_normal_quantile(~(uint32_t)word));
}

/* Words 2^12 apart: 1e-6 of the probability, or 2.4e-6 of a quantile at the least. */
static void the_normal_quantile_rises_with_the_word(void **state)
{
    (void)state;
    snw_real last = snw_normal_quantile(0);
    for (uint64_t word = 4096; word < 0x100000000u; word += 4096) {
        snw_real z = snw_normal_quantile((uint32_t)word);
        assert_true(z > last);
        last = z;
    }
}

#if SNW_TEST_ISAS == 3
/* Words near both ends and the middle, powers of two and their neighbours, and many others. */
static void fill_words(uint32_t *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t power = 1u << (i / 8 % 32), near = (uint32_t)(i % 8) - 4;
        words[i] = i % 3 == 0   ? power + near
                   : i % 3 == 1 ? ~(power + near)
                                : (uint32_t)i * 2654435761u;
    }
}

static void a_vector_form_has_the_bits_of_the_plain_one(fill_fn *fill)
{
    enum { N = 1 << 16 };
    static uint32_t words[N];
    static snw_real value[N];
    fill_words(words, N);
    fill(words, N, value);
    for (size_t i = 0; i < N; i++) {
        snw_real plain = snw_normal_quantile(words[i]);
        assert_memory_equal(&value[i], &plain, sizeof plain);
    }
}

static void avx2_has_the_bits_of_the_plain_form(void **state)
{
    (void)state;
    if (!__builtin_cpu_supports("x86-64-v3"))
        skip();
    a_vector_form_has_the_bits_of_the_plain_one(snw_normal_fill_v3);
}

static void avx_512_has_the_bits_of_the_plain_form(void **state)
{
    (void)state;
    if (!__builtin_cpu_supports("x86-64-v4"))
        skip();
    a_vector_form_has_the_bits_of_the_plain_one(snw_normal_fill_v4);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_normal_quantile_has_the_stated_error),
        cmocka_unit_test(the_normal_quantile_is_odd),
        cmocka_unit_test(the_normal_quantile_rises_with_the_word),
#if SNW_TEST_ISAS == 3
        cmocka_unit_test(avx2_has_the_bits_of_the_plain_form),
        cmocka_unit_test(avx_512_has_the_bits_of_the_plain_form),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
