/* The digest of trajectories, taken where they are made. */
#include <assert.h>
#include <string.h>
#include <xxhash.h>

#include "store/digest_row.h"
#include "store/h5.h"

enum { LIFE_MAX = 128 };

void snw_digest_lives(struct snw_digest *digest, const struct snw_digest_rows *rows,
                      const uint16_t *values)
{
    char path[SNW_PATH_MAX];
    struct {
        struct snw_row_head head;
        uint16_t values[LIFE_MAX];
    } row = {.head = {.kind = SNW_ROW_RAW, .n = rows->n_values}};
    size_t bytes = rows->n_values * sizeof *values;
    assert(rows->n_values <= LIFE_MAX);
    snw_h5_path(rows->group, rows->name, path);
    row.head.path_hash = XXH3_64bits(path, strlen(path));
    row.head.key[0] = XXH3_64bits(rows->label, strlen(rows->label));
    for (size_t i = 0; i < rows->n_rows; i++) {
        row.head.key[1] = snw_value_key((double)(rows->first_row + i));
        memcpy(row.values, values + i * rows->n_values, bytes);
        snw_digest_row(digest, &row, sizeof row.head + bytes);
    }
}
