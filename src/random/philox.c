/* Philox over the lanes of a block: AVX-512, AVX2 and plain forms with the same words. */
#include "random/philox.h"

#if defined(__AVX512F__)
#include <immintrin.h>

enum { VECTOR = 16, LANES = 2 * VECTOR };
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
    enum { XOR3 = 0x96 };
    __m512i p0 = _mm512_mul_epu32(x.c0, m0), p1 = _mm512_mul_epu32(x.c2, m1);
    return (struct half){_mm512_ternarylogic_epi32(_mm512_srli_epi64(p1, 32), x.c1, k0, XOR3), p1,
                         _mm512_ternarylogic_epi32(_mm512_srli_epi64(p0, 32), x.c3, k1, XOR3), p0};
}

static inline __m512i join(__m512i even, __m512i odd)
{
    return _mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
}

/* Four chains of dependent operations go side by side: one alone would wait for each result. */
static inline void fill_lanes(const lanes *key, const uint32_t *person, const uint32_t *replicate,
                              uint32_t year, const lanes slot[2], uint32_t *words, size_t stride)
{
    struct half x[4];
    for (int k = 0; k < 2; k++) {
        lanes c0 = lanes_of(person + k * VECTOR), c1 = lanes_of(replicate + k * VECTOR);
        x[2 * k] = (struct half){c0, c1, lanes_all(year), slot[k]};
        x[2 * k + 1] = (struct half){_mm512_srli_epi64(c0, 32), _mm512_srli_epi64(c1, 32),
                                     lanes_all(year), _mm512_srli_epi64(slot[k], 32)};
    }
    for (int round = 0; round < 10; round++) {
        for (int k = 0; k < 4; k++)
            x[k] = philox_round(x[k], key[2 * round], key[2 * round + 1]);
    }
    for (int k = 0; k < 2; k++) {
        const struct half *even = &x[2 * k], *odd = even + 1;
        _mm512_storeu_si512(words + k * VECTOR, join(even->c0, odd->c0));
        _mm512_storeu_si512(words + k * VECTOR + stride, join(even->c1, odd->c1));
        _mm512_storeu_si512(words + k * VECTOR + 2 * stride, join(even->c2, odd->c2));
        _mm512_storeu_si512(words + k * VECTOR + 3 * stride, join(even->c3, odd->c3));
    }
}

#elif defined(__AVX2__)
#include <immintrin.h>

enum { VECTOR = 8, LANES = 2 * VECTOR };
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

/* Four chains of dependent operations go side by side: one alone would wait for each result. */
static inline void fill_lanes(const lanes *key, const uint32_t *person, const uint32_t *replicate,
                              uint32_t year, const lanes slot[2], uint32_t *words, size_t stride)
{
    struct half x[4];
    for (int k = 0; k < 2; k++) {
        lanes c0 = lanes_of(person + k * VECTOR), c1 = lanes_of(replicate + k * VECTOR);
        x[2 * k] = (struct half){c0, c1, lanes_all(year), slot[k]};
        x[2 * k + 1] = (struct half){_mm256_srli_epi64(c0, 32), _mm256_srli_epi64(c1, 32),
                                     lanes_all(year), _mm256_srli_epi64(slot[k], 32)};
    }
    for (int round = 0; round < 10; round++) {
        for (int k = 0; k < 4; k++)
            x[k] = philox_round(x[k], key[2 * round], key[2 * round + 1]);
    }
    for (int k = 0; k < 2; k++) {
        const struct half *even = &x[2 * k], *odd = even + 1;
        _mm256_storeu_si256((__m256i_u *)(words + k * VECTOR), join(even->c0, odd->c0));
        _mm256_storeu_si256((__m256i_u *)(words + k * VECTOR + stride), join(even->c1, odd->c1));
        _mm256_storeu_si256((__m256i_u *)(words + k * VECTOR + 2 * stride),
                            join(even->c2, odd->c2));
        _mm256_storeu_si256((__m256i_u *)(words + k * VECTOR + 3 * stride),
                            join(even->c3, odd->c3));
    }
}

#else

enum { VECTOR = 1, LANES = 1 };
typedef uint32_t lanes;

static inline lanes lanes_of(const uint32_t *x)
{
    return *x;
}

static inline lanes lanes_all(uint32_t x)
{
    return x;
}

static inline void fill_lanes(const lanes *key, const uint32_t *person, const uint32_t *replicate,
                              uint32_t year, const lanes slot[1], uint32_t *words, size_t stride)
{
    uint32_t counter[4] = {*person, *replicate, year, *slot}, k[2] = {key[0], key[1]}, out[4];
    snw_philox(counter, k, out);
    for (size_t w = 0; w < 4; w++)
        words[w * stride] = out[w];
}

#endif

/* The keys of the ten rounds. */
static inline void schedule(struct snw_key key, lanes keys[20])
{
    for (int round = 0; round < 10; round++) {
        keys[2 * round] = lanes_all(key.seed);
        keys[2 * round + 1] = lanes_all(key.luck);
        key.seed += 0x9E3779B9u;
        key.luck += 0xBB67AE85u;
    }
}

void SNW_KERNEL(snw_philox_fill)(struct snw_key key, size_t n, size_t stride,
                                 const uint32_t *person, const uint32_t *replicate, uint32_t year,
                                 uint32_t slot, uint32_t *words)
{
    const lanes same[2] = {lanes_all(slot), lanes_all(slot)};
    lanes keys[20];
    schedule(key, keys);
    for (size_t i = 0; i < n; i += LANES)
        fill_lanes(keys, person + i, replicate + i, year, same, words + i, stride);
}

void SNW_KERNEL(snw_philox_fill_each)(struct snw_key key, size_t n, size_t stride,
                                      const uint32_t *person, const uint32_t *replicate,
                                      uint32_t year, const uint32_t *slot, uint32_t *words)
{
    lanes keys[20];
    schedule(key, keys);
    for (size_t i = 0; i < n; i += LANES) {
        const lanes each[2] = {lanes_of(slot + i), lanes_of(slot + i + LANES - VECTOR)};
        fill_lanes(keys, person + i, replicate + i, year, each, words + i, stride);
    }
}
