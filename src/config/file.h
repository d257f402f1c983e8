/* Reads a small text file whole. */
#ifndef SNW_CONFIG_FILE_H
#define SNW_CONFIG_FILE_H

#include <stddef.h>

#include "core/context.h"

/* Largest config or table that is read. */
enum { SNW_FILE_BYTES = 16 << 20 };

/* Releases what is kept, and keeps no more. */
void snw_kept_files_free(struct snw_kept_files *files);

/* Reads a regular file of at most SNW_FILE_BYTES bytes, from ctx->files where it is kept there.
   @param[in] kind  status of a failure: SNW_ERR_CONFIG or SNW_ERR_TABLE
   @param[out] text  the bytes and a closing NUL, released with free(); NULL on failure
   @return SNW_OK, `kind` where the file is missing, no file or too large, SNW_ERR_MEMORY. */
snw_status snw_file_read(struct snw_ctx *ctx, const char *path, snw_status kind, char **text,
                         size_t *length) SNW_MUST_CHECK;

#endif
