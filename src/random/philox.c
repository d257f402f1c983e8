/* Philox over the lanes of a block: AVX-512, AVX2 and plain forms with the same words. */
#include "random/philox.h"

#if defined(__AVX512F__)
#include <immintrin.h>

enum { LANES = 16 };
typedef __m512i lanes;

static inline lanes lanes_of(const uint32_t *x)
{
    return _mm512_loadu_si512(x);
}

static inline lanes lanes_all(uint32_t x)
{
    return _mm512_set1_epi32((int)x);
}

/* Eight people in the low halves of 64-bit lanes. A product's high half becomes a word by a shift;
   its low half is one as it stands, since multiplications do not read what lies above. */
struct half {
    __m512i c0, c1, c2, c3;
};

static inline struct half philox_round(struct half x, __m512i k0, __m512i k1)
{
    const __m512i m0 = _mm512_set1_epi64(0xD2511F53u), m1 = _mm512_set1_epi64(0xCD9E8D57u);
    const int xor3 = 0x96;
    __m512i p0 = _mm512_mul_epu32(x.c0, m0), p1 = _mm512_mul_epu32(x.c2, m1);
    return (struct half){_mm512_ternarylogic_epi32(_mm512_srli_epi64(p1, 32), x.c1, k0, xor3), p1,
                         _mm512_ternarylogic_epi32(_mm512_srli_epi64(p0, 32), x.c3, k1, xor3), p0};
}

static inline __m512i join(__m512i even, __m512i odd)
{
    return _mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
}

static inline void fill_lanes(struct snw_key key, const uint32_t *person, const uint32_t *replicate,
                              uint32_t year, lanes slot, uint32_t *words, size_t stride)
{
    lanes c0 = lanes_of(person), c1 = lanes_of(replicate), c2 = lanes_all(year);
    struct half even = {c0, c1, c2, slot};
    struct half odd = {_mm512_srli_epi64(c0, 32), _mm512_srli_epi64(c1, 32), c2,
                       _mm512_srli_epi64(slot, 32)};
    for (int round = 0; round < 10; round++) {
        __m512i k0 = _mm512_set1_epi32((int)key.seed), k1 = _mm512_set1_epi32((int)key.luck);
        even = philox_round(even, k0, k1);
        odd = philox_round(odd, k0, k1);
        key.seed += 0x9E3779B9u;
        key.luck += 0xBB67AE85u;
    }
    _mm512_storeu_si512(words, join(even.c0, odd.c0));
    _mm512_storeu_si512(words + stride, join(even.c1, odd.c1));
    _mm512_storeu_si512(words + 2 * stride, join(even.c2, odd.c2));
    _mm512_storeu_si512(words + 3 * stride, join(even.c3, odd.c3));
}

#elif defined(__AVX2__)
#include <immintrin.h>

enum { LANES = 8 };
typedef __m256i lanes;

static inline lanes lanes_of(const uint32_t *x)
{
    return _mm256_loadu_si256((const __m256i_u *)x);
}

static inline lanes lanes_all(uint32_t x)
{
    return _mm256_set1_epi32((int)x);
}

/* Four people in the low halves of 64-bit lanes. A product's high half becomes a word by a shift;
   its low half is one as it stands, since multiplications do not read what lies above. */
struct half {
    __m256i c0, c1, c2, c3;
};

static inline struct half philox_round(struct half x, __m256i k0, __m256i k1)
{
    const __m256i m0 = _mm256_set1_epi64x(0xD2511F53u), m1 = _mm256_set1_epi64x(0xCD9E8D57u);
    __m256i p0 = _mm256_mul_epu32(x.c0, m0), p1 = _mm256_mul_epu32(x.c2, m1);
    return (struct half){
        _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), x.c1), k0), p1,
        _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), x.c3), k1), p0};
}

static inline __m256i join(__m256i even, __m256i odd)
{
    return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
}

static inline void fill_lanes(struct snw_key key, const uint32_t *person, const uint32_t *replicate,
                              uint32_t year, lanes slot, uint32_t *words, size_t stride)
{
    lanes c0 = lanes_of(person), c1 = lanes_of(replicate), c2 = lanes_all(year);
    struct half even = {c0, c1, c2, slot};
    struct half odd = {_mm256_srli_epi64(c0, 32), _mm256_srli_epi64(c1, 32), c2,
                       _mm256_srli_epi64(slot, 32)};
    for (int round = 0; round < 10; round++) {
        __m256i k0 = _mm256_set1_epi32((int)key.seed), k1 = _mm256_set1_epi32((int)key.luck);
        even = philox_round(even, k0, k1);
        odd = philox_round(odd, k0, k1);
        key.seed += 0x9E3779B9u;
        key.luck += 0xBB67AE85u;
    }
    _mm256_storeu_si256((__m256i_u *)words, join(even.c0, odd.c0));
    _mm256_storeu_si256((__m256i_u *)(words + stride), join(even.c1, odd.c1));
    _mm256_storeu_si256((__m256i_u *)(words + 2 * stride), join(even.c2, odd.c2));
    _mm256_storeu_si256((__m256i_u *)(words + 3 * stride), join(even.c3, odd.c3));
}

#else

enum { LANES = 1 };
typedef uint32_t lanes;

static inline lanes lanes_of(const uint32_t *x)
{
    return *x;
}

static inline lanes lanes_all(uint32_t x)
{
    return x;
}

static inline void fill_lanes(struct snw_key key, const uint32_t *person, const uint32_t *replicate,
                              uint32_t year, lanes slot, uint32_t *words, size_t stride)
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
        fill_lanes(key, person + i, replicate + i, year, lanes_all(slot), words + i, stride);
}

void SNW_KERNEL(snw_philox_fill_each)(struct snw_key key, size_t n, size_t stride,
                                      const uint32_t *person, const uint32_t *replicate,
                                      uint32_t year, const uint32_t *slot, uint32_t *words)
{
    for (size_t i = 0; i < n; i += LANES)
        fill_lanes(key, person + i, replicate + i, year, lanes_of(slot + i), words + i, stride);
}
