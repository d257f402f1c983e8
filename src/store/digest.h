/* One number for all results of a run, whatever wrote them and in whatever order.

   A row of results is hashed (XXH3, 128 bits) with the labels that say which row it is, and the
   hashes are summed modulo 2^128: a sum has no order. Values are hashed as they read: NaNs are one
   NaN, minus zero is zero. */
#ifndef SNW_STORE_DIGEST_H
#define SNW_STORE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "core/context.h"

/* 32 hexadecimal digits and the closing zero. */
enum { SNW_DIGEST_TEXT = 33 };

/* A sum modulo 2^128; zeroed, it is that of no rows. */
struct snw_digest {
    uint64_t low, high;
};

/* Adds one row, the hash of `bytes`, (n_bytes,). */
void snw_digest_row(struct snw_digest *digest, const void *bytes, size_t n_bytes);

/* Adds all rows of another digest. */
void snw_digest_merge(struct snw_digest *digest, const struct snw_digest *other);

void snw_digest_text(const struct snw_digest *digest, char text[SNW_DIGEST_TEXT]);

/* @return a value with one pattern of bits for each number: one NaN, one zero. */
double snw_digest_value(double value);

/* Adds all results in the file `path`: every dataset but those of /provenance, with its units,
   scale_factor and add_offset.

   - Datasets of n dimensions: a row for each vector along the last one, keyed by path and the
     labels (or coordinate values, or, without coordinate, indices) of the dimensions before it;
     16-bit unsigned values as stored, all other numbers as doubles, texts as they are. Where NaN is
     the fill value, vectors that hold nothing else add nothing.
   - Extensible one-dimensional datasets of a group are the columns of a table: a row for each
     record, so that their order does not matter.

   @return SNW_OK, SNW_ERR_IO, SNW_ERR_FORMAT or SNW_ERR_MEMORY. */
snw_status snw_digest_file(struct snw_ctx *ctx, const char *path,
                           struct snw_digest *digest) SNW_MUST_CHECK;

/* The same without the dataset /config: runs of other words but the same numbers agree. */
snw_status snw_digest_outcomes(struct snw_ctx *ctx, const char *path,
                               struct snw_digest *digest) SNW_MUST_CHECK;

/* Rows of a 16-bit dataset group/name (label, row, value). */
struct snw_digest_rows {
    const char *group, *name, *label;
    uint64_t first_row; /* as its coordinate numbers them */
    size_t n_rows, n_values;
};

/* Adds these rows as snw_digest_file would. @param[in] values  (n_rows, n_values) */
void snw_digest_lives(struct snw_digest *digest, const struct snw_digest_rows *rows,
                      const uint16_t *values);

/* The sum of all rows of the 16-bit datasets of three dimensions in a group. */
struct snw_digest_known {
    const char *group;
    struct snw_digest rows;
};

/* The same as snw_digest_file, of a file that is open, for reading or writing. @param[in] known
   what need not be read back, NULL for nothing */
struct snw_file;
snw_status snw_digest_open_file(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_digest_known *known,
                                struct snw_digest *digest) SNW_MUST_CHECK;

#endif
