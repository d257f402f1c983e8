/* SHA-256 by nettle. */
#include "store/hash.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>

#include "store/io.h"

static void digest_text(struct sha256_ctx *sha, char text[SNW_SHA256_TEXT])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

void snw_sha256(const void *bytes, size_t n_bytes, char text[SNW_SHA256_TEXT])
{
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, n_bytes, bytes);
    digest_text(&sha, text);
}

snw_status snw_sha256_file(const char *path, char text[SNW_SHA256_TEXT], struct snw_ctx *ctx)
{
    struct sha256_ctx sha;
    uint8_t buffer[16384];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (!file)
        return snw_fail_io(ctx, path, "read", errno);
    sha256_init(&sha);
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0)
        sha256_update(&sha, n, buffer);
    int failed = ferror(file) ? errno : 0;
    fclose(file);
    if (failed)
        return snw_fail_io(ctx, path, "read", failed);
    digest_text(&sha, text);
    return SNW_OK;
}
