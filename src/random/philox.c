/* Philox over the lanes of a block: AVX-512, AVX2 and plain forms with the same words.

   People lie in 64-bit lanes, one in each half; the halves are gone through one after the other. A
   product's high half becomes a word by a shift; its low half is one as it stands, since
   multiplications do not read what lies above. */
#include "random/philox.h"

#include <string.h>

#if defined(__AVX512F__)
#include <immintrin.h>

typedef __m512i wide;
static inline wide load(const uint32_t *x)
{
    return _mm512_loadu_si512(x);
}
static inline void store(uint32_t *x, wide v)
{
    _mm512_storeu_si512(x, v);
}
static inline wide all(uint32_t x)
{
    return _mm512_set1_epi32((int)x);
}
static inline wide high(wide x)
{
    return _mm512_srli_epi64(x, 32);
}
static inline wide times(wide x, wide m)
{
    return _mm512_mul_epu32(x, m);
}
static inline wide xor2(wide a, wide b)
{
    return _mm512_xor_si512(a, b);
}
static inline wide xor3(wide a, wide b, wide c)
{
    return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}
static inline wide join(wide low, wide high_half)
{
    return _mm512_mask_blend_epi32(0xaaaa, low, _mm512_slli_epi64(high_half, 32));
}

#elif defined(__AVX2__)
#include <immintrin.h>

typedef __m256i wide;
static inline wide load(const uint32_t *x)
{
    return _mm256_loadu_si256((const __m256i_u *)x);
}
static inline void store(uint32_t *x, wide v)
{
    _mm256_storeu_si256((__m256i_u *)x, v);
}
static inline wide all(uint32_t x)
{
    return _mm256_set1_epi32((int)x);
}
static inline wide high(wide x)
{
    return _mm256_srli_epi64(x, 32);
}
static inline wide times(wide x, wide m)
{
    return _mm256_mul_epu32(x, m);
}
static inline wide xor2(wide a, wide b)
{
    return _mm256_xor_si256(a, b);
}
static inline wide xor3(wide a, wide b, wide c)
{
    return xor2(xor2(a, b), c);
}
static inline wide join(wide low, wide high_half)
{
    return _mm256_blend_epi32(low, _mm256_slli_epi64(high_half, 32), 0xaa);
}

#else

typedef uint64_t wide;
static inline wide load(const uint32_t *x)
{
    wide v;
    memcpy(&v, x, sizeof v);
    return v;
}
static inline void store(uint32_t *x, wide v)
{
    memcpy(x, &v, sizeof v);
}
static inline wide all(uint32_t x)
{
    return (wide)x << 32 | x;
}
static inline wide high(wide x)
{
    return x >> 32;
}
static inline wide times(wide x, wide m)
{
    return (x & 0xffffffff) * (m & 0xffffffff);
}
static inline wide xor2(wide a, wide b)
{
    return a ^ b;
}
static inline wide xor3(wide a, wide b, wide c)
{
    return a ^ b ^ c;
}
static inline wide join(wide low, wide high_half)
{
    return (low & 0xffffffff) | high_half << 32;
}

#endif

/* Four chains of dependent operations go side by side, two halves of two: one alone would wait for
   each result. */
enum { VECTOR = sizeof(wide) / sizeof(uint32_t), CHAINS = 4, LANES = CHAINS / 2 * VECTOR };
_Static_assert(LANES <= 32, "callers leave that much room");

struct keys {
    wide round[10][2];
};

static inline struct keys schedule(struct snw_key key)
{
    struct keys keys;
    for (int r = 0; r < 10; r++) {
        keys.round[r][0] = all(key.seed);
        keys.round[r][1] = all(key.luck);
        key.seed += SNW_PHILOX_W0;
        key.luck += SNW_PHILOX_W1;
    }
    return keys;
}

/* What the first three rounds owe to person, replicate and year: the same for every slot. */
struct shared {
    wide first, second, c0, c1, c2;
};

static inline struct shared share(const struct keys *k, wide person, wide replicate, wide year)
{
    const wide m0 = all(SNW_PHILOX_M0), m1 = all(SNW_PHILOX_M1);
    wide p0 = times(person, m0), p1 = times(year, m1);
    wide q0 = times(xor3(high(p1), replicate, k->round[0][0]), m0);
    wide s1 = times(xor3(high(q0), p0, k->round[1][1]), m1);
    return (struct shared){.first = xor2(high(p0), k->round[0][1]),
                           .second = xor2(p1, k->round[1][0]),
                           .c0 = xor2(high(s1), k->round[2][0]),
                           .c1 = s1,
                           .c2 = xor2(q0, k->round[2][1])};
}

/* Counters c0 .. c3 of one half. */
struct half {
    wide c[4];
};

static inline struct half begin(const struct shared *s, wide slot)
{
    wide q1 = times(xor2(s->first, slot), all(SNW_PHILOX_M1));
    wide s0 = times(xor2(high(q1), s->second), all(SNW_PHILOX_M0));
    return (struct half){{xor2(s->c0, q1), s->c1, xor2(s->c2, high(s0)), s0}};
}

static inline struct half go_on(struct half x, const wide key[2])
{
    wide p0 = times(x.c[0], all(SNW_PHILOX_M0)), p1 = times(x.c[2], all(SNW_PHILOX_M1));
    return (struct half){{xor3(high(p1), x.c[1], key[0]), p1, xor3(high(p0), x.c[3], key[1]), p0}};
}

static inline void share_lanes(const struct keys *k, const uint32_t *person,
                               const uint32_t *replicate, uint32_t year,
                               struct shared shared[CHAINS])
{
    for (int v = 0; v < CHAINS / 2; v++) {
        wide c0 = load(person + v * VECTOR), c1 = load(replicate + v * VECTOR);
        shared[2 * v] = share(k, c0, c1, all(year));
        shared[2 * v + 1] = share(k, high(c0), high(c1), all(year));
    }
}

static inline void fill_lanes(const struct keys *k, const struct shared shared[CHAINS],
                              const wide slot[CHAINS / 2], uint32_t *words, size_t stride)
{
    struct half x[CHAINS];
    for (int v = 0; v < CHAINS / 2; v++) {
        x[2 * v] = begin(&shared[2 * v], slot[v]);
        x[2 * v + 1] = begin(&shared[2 * v + 1], high(slot[v]));
    }
    for (int r = 3; r < 10; r++)
        for (int i = 0; i < CHAINS; i++)
            x[i] = go_on(x[i], k->round[r]);
    for (int v = 0; v < CHAINS / 2; v++)
        for (int w = 0; w < 4; w++)
            store(words + (size_t)w * stride + v * VECTOR, join(x[2 * v].c[w], x[2 * v + 1].c[w]));
}

void SNW_KERNEL(snw_philox_fill)(struct snw_key key, size_t n, size_t stride,
                                 const uint32_t *person, const uint32_t *replicate, uint32_t year,
                                 struct snw_slots slots, uint32_t *words)
{
    const struct keys keys = schedule(key);
    struct shared shared[CHAINS];
    for (size_t i = 0; i < n; i += LANES) {
        share_lanes(&keys, person + i, replicate + i, year, shared);
        for (uint32_t s = 0; s < slots.n; s++) {
            const wide same[2] = {all(slots.first + s), all(slots.first + s)};
            fill_lanes(&keys, shared, same, words + 4 * s * stride + i, stride);
        }
    }
}

void SNW_KERNEL(snw_philox_fill_each)(struct snw_key key, size_t n, size_t stride,
                                      const uint32_t *person, const uint32_t *replicate,
                                      uint32_t year, const uint32_t *slot, uint32_t *words)
{
    const struct keys keys = schedule(key);
    struct shared shared[CHAINS];
    for (size_t i = 0; i < n; i += LANES) {
        const wide each[2] = {load(slot + i), load(slot + i + VECTOR)};
        share_lanes(&keys, person + i, replicate + i, year, shared);
        fill_lanes(&keys, shared, each, words + i, stride);
    }
}
