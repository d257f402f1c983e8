/* Holds one lane of a block against the same person's year in the oracle. */
#ifndef SNW_TESTS_ORACLE_AGREE_COMPARE_H
#define SNW_TESTS_ORACLE_AGREE_COMPARE_H

#include "oracle/agree_world.h"

/* Numbers agree where they differ by at most this share of the oracle's value or of the quantity's
   floor, whichever is larger. */
#define AGREE_TOLERANCE 1e-4

/* One life under comparison: the first difference found ends it. */
struct agree_life {
    struct snw_oracle_life oracle;
    bool differs;
    int age;
    char what[48];
    double kernel_value, oracle_value;
};

/* How near the numbers came that agree: largest difference over its scale, and of what. */
struct agree_margin {
    double largest;
    char what[48];
};

/* What is compared with what: lane `lane` of the block at the birthday block->age. */
struct agree_at {
    const struct agree_world *world;
    const struct snw_block *block;
    const struct snw_readout *readout; /* its accounts with parts, for agree_year */
    size_t lane;
    struct agree_life *life;
    struct agree_margin *margin;
    uint64_t *code_differs; /* (measures,) person-years in which a code differs, counted only */
};

/* After birth: what does not change. */
void agree_birth(struct agree_at *at);
/* After the RISK phase and the readout of states, before what happens. */
void agree_birthday(struct agree_at *at);
/* After the END phase and the readout of the year; `cause` of those who died. */
void agree_year(struct agree_at *at, enum snw_cause cause);

/* Numbers, to AGREE_TOLERANCE; `floor` in the unit of the values. */
void agree_near(struct agree_at *at, const char *what, double kernel, double oracle, double floor);
/* Counts and codes, exactly. */
void agree_same(struct agree_at *at, const char *what, double kernel, double oracle);

#endif
