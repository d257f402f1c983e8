/* A block of people: a plain struct of arrays, one lane a person, all of one sex. */
#ifndef SNW_PEOPLE_BLOCK_H
#define SNW_PEOPLE_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "core/real.h"
#include "params/params.h"

enum {
    SNW_BLOCK_MAX = 1024,           /* lanes at most */
    SNW_LANES = 16,                 /* of the widest vector */
    SNW_STRIDE = SNW_BLOCK_MAX + 16 /* array length: rows must not fall on the same cache sets */
};

/* Lanes 0 .. n-1 are alive. Kernels run over whole vectors of SNW_LANES lanes: those from n to the
   next multiple are computed along and never read for results. Every field of fields.def is an
   array (SNW_STRIDE,), or (count, SNW_STRIDE) where the person has several of them. */
struct snw_block {
    size_t n;         /* living lanes */
    enum snw_sex sex; /* of all */
    int32_t birth_year;
    int32_t age;     /* completed years of all: the birthday that opens the current year */
    int32_t treated; /* 0: nobody ever was, and the TREATED fields hold 0 */
    uint32_t person[SNW_STRIDE];
    uint32_t replicate[SNW_STRIDE];
    int32_t row[SNW_STRIDE];       /* row in the unit's trajectories, -1 where not sampled */
    int32_t enter_age[SNW_STRIDE]; /* first age that is recorded */
    int32_t exit_age[SNW_STRIDE];  /* age at which the lane is taken out alive */
#define SNW_FIELD(kind, name, count, unit, doc) SNW_FIELD_##count(name, count)
#define SNW_FIELD_1(name, count) snw_real name[SNW_STRIDE];
#define SNW_FIELD_3(name, count) snw_real name[count][SNW_STRIDE];
#define SNW_FIELD_6(name, count) snw_real name[count][SNW_STRIDE];
#define SNW_FIELD_10(name, count) snw_real name[count][SNW_STRIDE];
#include "people/fields.def"
#undef SNW_FIELD
#undef SNW_FIELD_1
#undef SNW_FIELD_3
#undef SNW_FIELD_6
#undef SNW_FIELD_10
} __attribute__((aligned(64)));

/* Where the fields lie that the body's processes derive at a birthday. */
#define SNW_BODY_SEEN offsetof(struct snw_block, muscle_ln)
#define SNW_BODY_SEEN_END offsetof(struct snw_block, strength_z)

/* @return n in whole vectors: loops to it have no remainder, which the compiler sees. */
static inline size_t snw_whole_vectors(size_t n)
{
    return (n + SNW_LANES - 1) & ~(size_t)(SNW_LANES - 1);
}

enum snw_field_kind { SNW_BORN, SNW_BODILY, SNW_LASTING, SNW_TREATED, SNW_SEEN, SNW_YEAR };

struct snw_field_info {
    const char *name, *unit, *doc;
    enum snw_field_kind kind;
    size_t count;  /* arrays of the field */
    size_t offset; /* of the first, in bytes from the start of the block */
};

/* @param[out] count rows in the table. @return the table of fields. */
const struct snw_field_info *snw_field_table(size_t *count);

/* @return array `index` of a field in a block, (SNW_STRIDE,). */
snw_real *snw_field_at(struct snw_block *block, const struct snw_field_info *field, size_t index);

/* Exchange two lanes of rows; put one in the place of another. @param[in,out] row (n, SNW_STRIDE)
 */
void snw_rows_swap(snw_real (*row)[SNW_STRIDE], size_t n, size_t a, size_t b);
void snw_rows_move(snw_real (*row)[SNW_STRIDE], size_t n, size_t to, size_t from);

/* Puts a lane in the place of another, which is lost: how the dead leave. Only what lives on is
   moved: identity and the fields that are born, bodily, lasting or treated. */
void snw_block_move(struct snw_block *block, size_t to, size_t from);

/* Copies the living lanes of what the body's processes carry from year to year, or of what others
   read of it: of that, and of what they derive. */
void snw_block_copy_body(struct snw_block *to, const struct snw_block *from);
void snw_block_copy_seen_body(struct snw_block *to, const struct snw_block *from);

/* Exchanges two lanes in what lives on. */
void snw_block_swap(struct snw_block *block, size_t a, size_t b);

/* @return the name of the first field that holds a NaN or an infinity in a living lane, NULL where
   none does; the lane in *lane. */
const char *snw_block_fault(struct snw_block *block, size_t *lane);

#endif
