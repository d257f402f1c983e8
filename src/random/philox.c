/* Philox over the lanes of a block: AVX-512, AVX2 and plain forms with the same words. */
#include "random/philox.h"

#if defined(__AVX512F__)
#include <immintrin.h>

enum { LANES = 16 };

static inline void fill_lanes(struct snw_key key, const uint32_t *person, const uint32_t *replicate,
                              uint32_t year, uint32_t slot, uint32_t *words, size_t stride)
{
    const __m512i m0 = _mm512_set1_epi64(0xD2511F53u), m1 = _mm512_set1_epi64(0xCD9E8D57u);
    const __mmask16 odd = 0xAAAA;
    __m512i c0 = _mm512_loadu_si512(person), c1 = _mm512_loadu_si512(replicate);
    __m512i c2 = _mm512_set1_epi32((int)year), c3 = _mm512_set1_epi32((int)slot);
    __m512i k0 = _mm512_set1_epi32((int)key.seed), k1 = _mm512_set1_epi32((int)key.luck);
    const __m512i w0 = _mm512_set1_epi32((int)0x9E3779B9u),
                  w1 = _mm512_set1_epi32((int)0xBB67AE85u);
    for (int round = 0; round < 10; round++) {
        __m512i even0 = _mm512_mul_epu32(c0, m0),
                odd0 = _mm512_mul_epu32(_mm512_srli_epi64(c0, 32), m0);
        __m512i even1 = _mm512_mul_epu32(c2, m1),
                odd1 = _mm512_mul_epu32(_mm512_srli_epi64(c2, 32), m1);
        __m512i high0 = _mm512_mask_blend_epi32(odd, _mm512_srli_epi64(even0, 32), odd0);
        __m512i high1 = _mm512_mask_blend_epi32(odd, _mm512_srli_epi64(even1, 32), odd1);
        __m512i low0 = _mm512_mask_blend_epi32(odd, even0, _mm512_slli_epi64(odd0, 32));
        __m512i low1 = _mm512_mask_blend_epi32(odd, even1, _mm512_slli_epi64(odd1, 32));
        c0 = _mm512_xor_si512(_mm512_xor_si512(high1, c1), k0);
        c2 = _mm512_xor_si512(_mm512_xor_si512(high0, c3), k1);
        c1 = low1;
        c3 = low0;
        k0 = _mm512_add_epi32(k0, w0);
        k1 = _mm512_add_epi32(k1, w1);
    }
    _mm512_storeu_si512(words, c0);
    _mm512_storeu_si512(words + stride, c1);
    _mm512_storeu_si512(words + 2 * stride, c2);
    _mm512_storeu_si512(words + 3 * stride, c3);
}

#elif defined(__AVX2__)
#include <immintrin.h>

enum { LANES = 8 };

static inline void fill_lanes(struct snw_key key, const uint32_t *person, const uint32_t *replicate,
                              uint32_t year, uint32_t slot, uint32_t *words, size_t stride)
{
    const __m256i m0 = _mm256_set1_epi64x(0xD2511F53u), m1 = _mm256_set1_epi64x(0xCD9E8D57u);
    __m256i c0 = _mm256_loadu_si256((const __m256i_u *)person);
    __m256i c1 = _mm256_loadu_si256((const __m256i_u *)replicate);
    __m256i c2 = _mm256_set1_epi32((int)year), c3 = _mm256_set1_epi32((int)slot);
    __m256i k0 = _mm256_set1_epi32((int)key.seed), k1 = _mm256_set1_epi32((int)key.luck);
    const __m256i w0 = _mm256_set1_epi32((int)0x9E3779B9u),
                  w1 = _mm256_set1_epi32((int)0xBB67AE85u);
    for (int round = 0; round < 10; round++) {
        __m256i even0 = _mm256_mul_epu32(c0, m0),
                odd0 = _mm256_mul_epu32(_mm256_srli_epi64(c0, 32), m0);
        __m256i even1 = _mm256_mul_epu32(c2, m1),
                odd1 = _mm256_mul_epu32(_mm256_srli_epi64(c2, 32), m1);
        __m256i high0 = _mm256_blend_epi32(_mm256_srli_epi64(even0, 32), odd0, 0xAA);
        __m256i high1 = _mm256_blend_epi32(_mm256_srli_epi64(even1, 32), odd1, 0xAA);
        __m256i low0 = _mm256_blend_epi32(even0, _mm256_slli_epi64(odd0, 32), 0xAA);
        __m256i low1 = _mm256_blend_epi32(even1, _mm256_slli_epi64(odd1, 32), 0xAA);
        c0 = _mm256_xor_si256(_mm256_xor_si256(high1, c1), k0);
        c2 = _mm256_xor_si256(_mm256_xor_si256(high0, c3), k1);
        c1 = low1;
        c3 = low0;
        k0 = _mm256_add_epi32(k0, w0);
        k1 = _mm256_add_epi32(k1, w1);
    }
    _mm256_storeu_si256((__m256i_u *)words, c0);
    _mm256_storeu_si256((__m256i_u *)(words + stride), c1);
    _mm256_storeu_si256((__m256i_u *)(words + 2 * stride), c2);
    _mm256_storeu_si256((__m256i_u *)(words + 3 * stride), c3);
}

#else

enum { LANES = 1 };

static inline void fill_lanes(struct snw_key key, const uint32_t *person, const uint32_t *replicate,
                              uint32_t year, uint32_t slot, uint32_t *words, size_t stride)
{
    uint32_t counter[4] = {*person, *replicate, year, slot}, k[2] = {key.seed, key.luck}, out[4];
    snw_philox(counter, k, out);
    for (size_t w = 0; w < 4; w++)
        words[w * stride] = out[w];
}

#endif

void SNW_KERNEL(snw_philox_fill)(struct snw_key key, size_t n, size_t stride,
                                 const uint32_t *person, const uint32_t *replicate, uint32_t year,
                                 uint32_t slot, uint32_t *words)
{
    for (size_t i = 0; i < n; i += LANES)
        fill_lanes(key, person + i, replicate + i, year, slot, words + i, stride);
}
