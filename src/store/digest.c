/* Sums of row hashes. */
#include "store/digest.h"

#include <inttypes.h>
#include <stdio.h>
#define XXH_INLINE_ALL /* rows are short: a call costs as much as the hash */
#include <xxhash.h>

void snw_digest_merge(struct snw_digest *digest, const struct snw_digest *other)
{
    digest->low += other->low;
    digest->high += other->high + (digest->low < other->low);
}

void snw_digest_row(struct snw_digest *digest, const void *bytes, size_t n_bytes)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, n_bytes);
    struct snw_digest row = {hash.low64, hash.high64};
    snw_digest_merge(digest, &row);
}

void snw_digest_text(const struct snw_digest *digest, char text[SNW_DIGEST_TEXT])
{
    snprintf(text, SNW_DIGEST_TEXT, "%016" PRIx64 "%016" PRIx64, digest->high, digest->low);
}

double snw_digest_value(double value)
{
    if (value != value)
        return (double)__builtin_nanf("");
    return value == 0 ? 0.0 : value;
}
