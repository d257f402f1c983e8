/* The digest of trajectories, taken where they are made. */
#include <assert.h>
#include <string.h>
#define XXH_INLINE_ALL /* rows are short: a call costs as much as the hash */
#include <xxhash.h>

#include "store/digest_row.h"
#include "store/h5.h"

enum { LIFE_MAX = 128, LIFE = 78 };

struct row {
    struct snw_row_head head;
    uint16_t values[LIFE_MAX];
};

/* `n` is a literal where it can be, so that copy and hash have no loops. */
static inline void add_rows(struct snw_digest *digest, struct row *row, uint64_t first,
                            size_t n_rows, size_t n, const uint16_t *values)
{
    struct snw_digest sum = *digest;
    for (size_t i = 0; i < n_rows; i++) {
        row->head.key[1] = snw_value_key((double)(first + i));
        memcpy(row->values, values + i * n, n * sizeof *values);
        XXH128_hash_t hash = XXH3_128bits(row, sizeof row->head + n * sizeof *values);
        sum.low += hash.low64;
        sum.high += hash.high64 + (sum.low < hash.low64);
    }
    *digest = sum;
}

void snw_digest_lives(struct snw_digest *digest, const struct snw_digest_rows *rows,
                      const uint16_t *values)
{
    char path[SNW_PATH_MAX];
    struct row row = {.head = {.kind = SNW_ROW_RAW, .n = rows->n_values}};
    assert(rows->n_values <= LIFE_MAX);
    snw_h5_path(rows->group, rows->name, path);
    row.head.path_hash = XXH3_64bits(path, strlen(path));
    row.head.key[0] = XXH3_64bits(rows->label, strlen(rows->label));
    if (rows->n_values == LIFE)
        add_rows(digest, &row, rows->first_row, rows->n_rows, LIFE, values);
    else
        add_rows(digest, &row, rows->first_row, rows->n_rows, rows->n_values, values);
}
