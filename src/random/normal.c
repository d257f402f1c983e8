/* Normal quantiles of many words: AVX-512, AVX2 and plain forms with the same bits.

   The vector forms keep the likeliest powers of two of the tail in registers and leave the others,
   one word in 65,536 or in 256, to the plain form. */
#include "random/normal.h"

#if defined(__AVX512F__) && !defined(SNW_REAL_DOUBLE)
#include <immintrin.h>

void SNW_KERNEL(snw_normal_fill)(const uint32_t *restrict words, size_t n, snw_real *restrict value)
{
    const __m512i sign = _mm512_set1_epi32((int)0x80000000u), all = _mm512_set1_epi32(0x7fffffff);
    const __m512i mantissa = _mm512_set1_epi32(0x007fffff), one = _mm512_set1_epi32(0x3f800000);
    const __m512 half = _mm512_set1_ps(0.5f), last = _mm512_set1_ps(2147483520.0f);
    const __m512 middle_of_m = _mm512_set1_ps(1.5f), least = _mm512_set1_ps(32768.0f);
    __m512 c[7];
    /* places 14 .. 29 are the tails of 2^15 and more; modulo 16 they lie at 14, 15, 0 .. 13 */
    for (int k = 0; k < 7; k++)
        c[k] = _mm512_mask_blend_ps(0xc000, _mm512_loadu_ps(snw_normal_table[k] + 16),
                                    _mm512_loadu_ps(snw_normal_table[k]));
    for (size_t i = 0; i < n; i += 16) {
        __m512i word = _mm512_loadu_si512(words + i), centred = _mm512_xor_si512(word, sign);
        __m512i inside =
            _mm512_xor_si512(_mm512_xor_si512(centred, _mm512_srai_epi32(centred, 31)), all);
        __m512 tail = _mm512_min_ps(_mm512_add_ps(_mm512_cvtepi32_ps(inside), half), last);
        __m512i bits = _mm512_castps_si512(tail), at = _mm512_srli_epi32(bits, 23);
        __m512 r = _mm512_sub_ps(
            _mm512_castsi512_ps(_mm512_or_si512(_mm512_and_si512(bits, mantissa), one)),
            middle_of_m);
        __m512 rr = _mm512_mul_ps(r, r), p[7];
        for (int k = 0; k < 7; k++)
            p[k] = _mm512_permutexvar_ps(at, c[k]);
        __m512 low = _mm512_fmadd_ps(p[1], r, p[0]), middle = _mm512_fmadd_ps(p[3], r, p[2]);
        __m512 high = _mm512_fmadd_ps(p[6], rr, _mm512_fmadd_ps(p[5], r, p[4]));
        __m512 z = _mm512_fmadd_ps(_mm512_fmadd_ps(high, rr, middle), rr, low);
        /* the sign is that of the word's top bit, turned round */
        z = _mm512_castsi512_ps(
            _mm512_xor_si512(_mm512_castps_si512(z), _mm512_and_si512(centred, sign)));
        _mm512_storeu_ps(value + i, z);
        __mmask16 far = _mm512_cmp_ps_mask(tail, least, _CMP_LT_OQ);
        for (unsigned left = far; left; left &= left - 1) {
            size_t lane = i + (size_t)__builtin_ctz(left);
            value[lane] = snw_normal_quantile(words[lane]);
        }
    }
}

#elif defined(__AVX2__) && !defined(SNW_REAL_DOUBLE)
#include <immintrin.h>

void SNW_KERNEL(snw_normal_fill)(const uint32_t *restrict words, size_t n, snw_real *restrict value)
{
    const __m256i sign = _mm256_set1_epi32((int)0x80000000u), all = _mm256_set1_epi32(0x7fffffff);
    const __m256i mantissa = _mm256_set1_epi32(0x007fffff), one = _mm256_set1_epi32(0x3f800000);
    const __m256 half = _mm256_set1_ps(0.5f), last = _mm256_set1_ps(2147483520.0f);
    const __m256 middle_of_m = _mm256_set1_ps(1.5f), least = _mm256_set1_ps(8388608.0f);
    __m256 c[7];
    /* places 22 .. 29 are the tails of 2^23 and more; modulo 8 they lie at 6, 7, 0 .. 5 */
    for (int k = 0; k < 7; k++)
        c[k] = _mm256_blend_ps(_mm256_loadu_ps(snw_normal_table[k] + 24),
                               _mm256_loadu_ps(snw_normal_table[k] + 16), 0xc0);
    for (size_t i = 0; i < n; i += 8) {
        __m256i word = _mm256_loadu_si256((const __m256i_u *)(words + i));
        __m256i centred = _mm256_xor_si256(word, sign);
        __m256i inside =
            _mm256_xor_si256(_mm256_xor_si256(centred, _mm256_srai_epi32(centred, 31)), all);
        __m256 tail = _mm256_min_ps(_mm256_add_ps(_mm256_cvtepi32_ps(inside), half), last);
        __m256i bits = _mm256_castps_si256(tail), at = _mm256_srli_epi32(bits, 23);
        __m256 r = _mm256_sub_ps(
            _mm256_castsi256_ps(_mm256_or_si256(_mm256_and_si256(bits, mantissa), one)),
            middle_of_m);
        __m256 rr = _mm256_mul_ps(r, r), p[7];
        for (int k = 0; k < 7; k++)
            p[k] = _mm256_permutevar8x32_ps(c[k], at);
        __m256 low = _mm256_fmadd_ps(p[1], r, p[0]), middle = _mm256_fmadd_ps(p[3], r, p[2]);
        __m256 high = _mm256_fmadd_ps(p[6], rr, _mm256_fmadd_ps(p[5], r, p[4]));
        __m256 z = _mm256_fmadd_ps(_mm256_fmadd_ps(high, rr, middle), rr, low);
        /* the sign is that of the word's top bit, turned round */
        z = _mm256_castsi256_ps(
            _mm256_xor_si256(_mm256_castps_si256(z), _mm256_and_si256(centred, sign)));
        _mm256_storeu_ps(value + i, z);
        unsigned far = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(tail, least, _CMP_LT_OQ));
        for (unsigned left = far; left; left &= left - 1) {
            size_t lane = i + (size_t)__builtin_ctz(left);
            value[lane] = snw_normal_quantile(words[lane]);
        }
    }
}

#else

void SNW_KERNEL(snw_normal_fill)(const uint32_t *restrict words, size_t n, snw_real *restrict value)
{
    for (size_t i = 0; i < n; i++)
        value[i] = snw_normal_quantile(words[i]);
}

#endif
