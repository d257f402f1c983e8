/* What a row of results is hashed with; included by the store's own sources only. */
#ifndef SNW_STORE_DIGEST_ROW_H
#define SNW_STORE_DIGEST_ROW_H

#include <stdint.h>
#include <string.h>

#include "store/dataset.h"
#include "store/digest.h"

enum snw_row_kind {
    SNW_ROW_DESCRIPTION = 1,
    SNW_ROW_RAW, /* 16-bit values as stored */
    SNW_ROW_DOUBLES,
    SNW_ROW_TEXTS,
    SNW_ROW_RECORD
};

/* What stands before the values of a row. */
struct snw_row_head {
    uint64_t path_hash, kind, n;
    uint64_t key[SNW_DIMS_MAX];
};

/* @return the key of a position without label: that of its coordinate. */
static inline uint64_t snw_value_key(double value)
{
    uint64_t bits;
    value = snw_digest_value(value);
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

#endif
