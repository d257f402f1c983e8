/* Words to uniforms and normals, for all lanes. */
#include "random/luck.h"
#include "random/normal.h"

static const char kinds[64][5] = {
#define SNW_SLOT(slot, name, kind, w0, w1, w2, w3) [slot] = #kind,
#include "random/slots.def"
#undef SNW_SLOT
};

/* Words to values, of one word of a slot. */
static void convert(const uint32_t *restrict words, size_t n, char kind, snw_real *restrict value)
{
    if (kind == 'z')
        SNW_KERNEL(snw_normal_fill)(words, n, value);
    else
        for (size_t i = 0; i < n; i++)
            value[i] = snw_uniform(words[i]);
}

void SNW_KERNEL(snw_luck_fill)(struct snw_luck *luck, struct snw_key key, size_t n,
                               const uint32_t *person, const uint32_t *replicate, uint32_t year,
                               unsigned first_slot, unsigned n_slots)
{
    const struct snw_slots slots = {first_slot, n_slots};
    n = (n + 15) & ~(size_t)15; /* whole vectors */
    for (size_t from = 0; from < n; from += SNW_LUCK_CHUNK) {
        size_t some = n - from < SNW_LUCK_CHUNK ? n - from : SNW_LUCK_CHUNK;
        SNW_KERNEL(snw_philox_fill)
        (key, some, SNW_LUCK_CHUNK, person + from, replicate + from, year, slots, luck->words);
        for (unsigned w = 0; w < 4 * n_slots; w++)
            convert(luck->words + w * SNW_LUCK_CHUNK, some, kinds[first_slot + w / 4][w % 4],
                    luck->value[w] + from);
    }
}
