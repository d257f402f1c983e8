/* SHA-256 of bytes and files, as text: the identity of configs and input tables. */
#ifndef SNW_STORE_HASH_H
#define SNW_STORE_HASH_H

#include <stddef.h>

#include "core/context.h"

/* 64 hexadecimal digits and the closing zero. */
enum { SNW_SHA256_TEXT = 65 };

/* Writes the hash of bytes, (n_bytes,), into text. */
void snw_sha256(const void *bytes, size_t n_bytes, char text[SNW_SHA256_TEXT]);

/* Writes the hash of a file into text.
   @return SNW_OK, or SNW_ERR_IO where the file cannot be read. */
snw_status snw_sha256_file(const char *path, char text[SNW_SHA256_TEXT],
                           struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
