/* The random numbers of a block for one year, as arrays that kernels read. */
#ifndef SNW_RANDOM_LUCK_H
#define SNW_RANDOM_LUCK_H

#include "random/philox.h"
#include "random/slots.h"

enum {
    SNW_LUCK_ROWS = 4 * SNW_N_YEAR_SLOTS,
    SNW_LUCK_STRIDE = 1040,
    SNW_LUCK_CHUNK = 256 /* people whose words lie in the nearest cache together */
};

/* One row a word: uniforms in (0, 1) or standard normals, as slots.def says. */
struct snw_luck {
    snw_real value[SNW_LUCK_ROWS][SNW_LUCK_STRIDE];
    uint32_t words[SNW_LUCK_ROWS * SNW_LUCK_CHUNK]; /* room to work */
} __attribute__((aligned(64)));

/* The row of a word drawn each year, or of one drawn at birth. */
#define SNW_YEAR_LUCK(luck, word) ((luck)->value[SNW_WORD_##word - 4 * SNW_SLOT_YEAR_FIRST])
#define SNW_BIRTH_LUCK(luck, word) ((luck)->value[SNW_WORD_##word - 4 * SNW_SLOT_BIRTH_FIRST])

/* Fills the rows of the slots first_slot .. first_slot + n_slots - 1 for n people (year 0: birth),
   and on to the next multiple of 16. */
void SNW_KERNEL(snw_luck_fill)(struct snw_luck *luck, struct snw_key key, size_t n,
                               const uint32_t *person, const uint32_t *replicate, uint32_t year,
                               unsigned first_slot, unsigned n_slots);

#endif
