/* Words to uniforms and normals, for all lanes. */
#include "random/luck.h"
#include "random/normal.h"

static const char kinds[64][5] = {
#define SNW_SLOT(slot, name, kind, w0, w1, w2, w3) [slot] = #kind,
#include "random/slots.def"
#undef SNW_SLOT
};

void SNW_KERNEL(snw_luck_fill)(struct snw_luck *luck, struct snw_key key, size_t n,
                               const uint32_t *person, const uint32_t *replicate, uint32_t year,
                               unsigned first_slot, unsigned n_slots)
{
    n = (n + 15) & ~(size_t)15; /* whole vectors */
    for (unsigned s = 0; s < n_slots; s++) {
        SNW_KERNEL(snw_philox_fill)
        (key, n, SNW_LUCK_STRIDE, person, replicate, year, first_slot + s, luck->words);
        for (unsigned w = 0; w < 4; w++) {
            const uint32_t *words = luck->words + w * SNW_LUCK_STRIDE;
            snw_real *value = luck->value[4 * s + w];
            if (kinds[first_slot + s][w] == 'z')
                SNW_KERNEL(snw_normal_fill)(words, n, value);
            else
                for (size_t i = 0; i < n; i++)
                    value[i] = snw_uniform(words[i]);
        }
    }
}
