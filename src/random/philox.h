/* Philox4x32-10, the keyed generator of Salmon et al. 2011 (SC11), for a block of people.

   key = (seed, luck); counter = (person, replicate, year, slot + 2^16 index). The same person, year
   and slot give the same words whoever else is simulated, in any order, on any CPU. */
#ifndef SNW_RANDOM_PHILOX_H
#define SNW_RANDOM_PHILOX_H

#include <stddef.h>
#include <stdint.h>

#include "core/real.h"
#include "core/vmath.h"

struct snw_key {
    uint32_t seed;
    uint32_t luck;
};

/* Factors and steps of the key. Source: salmon2011. */
#define SNW_PHILOX_M0 0xD2511F53u
#define SNW_PHILOX_M1 0xCD9E8D57u
#define SNW_PHILOX_W0 0x9E3779B9u
#define SNW_PHILOX_W1 0xBB67AE85u

/* One Philox4x32-10 block.
   @param[in] counter (4,), @param[in] key (2,), @param[out] out (4,). Source: salmon2011. */
static inline void snw_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)SNW_PHILOX_M0 * c0;
        uint64_t p1 = (uint64_t)SNW_PHILOX_M1 * c2;
        uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        uint32_t n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        c0 = n0;
        c2 = n2;
        k0 += SNW_PHILOX_W0;
        k1 += SNW_PHILOX_W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

/* The words of one person, year, slot and index. @param[out] out (4,). */
static inline void snw_draw(struct snw_key key, uint32_t person, uint32_t replicate, uint32_t year,
                            uint32_t slot, uint32_t index, uint32_t out[4])
{
    uint32_t counter[4] = {person, replicate, year, slot + (index << 16)};
    uint32_t k[2] = {key.seed, key.luck};
    snw_philox(counter, k, out);
}

/* One uniform word, SNW_WORD_<word>, of one person and year. */
static inline snw_real snw_draw_uniform(struct snw_key key, uint32_t person, uint32_t replicate,
                                        uint32_t year, uint32_t word)
{
    uint32_t words[4];
    snw_draw(key, person, replicate, year, word / 4, 0, words);
    return snw_uniform(words[word % 4]);
}

/* Slots first .. first + n - 1. */
struct snw_slots {
    uint32_t first, n;
};

/* The words of some slots for n people: words (slots, 4, stride), word w of person i in slot
   first + s at [(4 s + w) stride + i]. n may be any number; arrays need room for n rounded up to
   32. */
void SNW_KERNEL(snw_philox_fill)(struct snw_key key, size_t n, size_t stride,
                                 const uint32_t *person, const uint32_t *replicate, uint32_t year,
                                 struct snw_slots slots, uint32_t *words);

/* One slot for each, (n,): slot + 2^16 index. @param[out] words (4, stride) */
void SNW_KERNEL(snw_philox_fill_each)(struct snw_key key, size_t n, size_t stride,
                                      const uint32_t *person, const uint32_t *replicate,
                                      uint32_t year, const uint32_t *slot, uint32_t *words);

#endif
