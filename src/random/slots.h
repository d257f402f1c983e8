/* Names of the random slots and of their words, from slots.def. */
#ifndef SNW_RANDOM_SLOTS_H
#define SNW_RANDOM_SLOTS_H

enum snw_slot {
#define SNW_SLOT(slot, name, kind, w0, w1, w2, w3) SNW_SLOT_##name = slot,
#include "random/slots.def"
#undef SNW_SLOT
};

/* Which of a slot's four words: SNW_WORD_<word> = 4 slot + position. */
enum snw_word {
#define SNW_SLOT(slot, name, kind, w0, w1, w2, w3)                                                 \
    SNW_WORD_##w0 = 4 * slot, SNW_WORD_##w1, SNW_WORD_##w2, SNW_WORD_##w3,
#include "random/slots.def"
#undef SNW_SLOT
};

enum {
    SNW_SLOT_BIRTH_FIRST = 0,
    SNW_N_BIRTH_SLOTS = 7,
    SNW_SLOT_YEAR_FIRST = 16,
    SNW_N_YEAR_SLOTS = 7
};

#endif
