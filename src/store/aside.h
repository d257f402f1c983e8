/* Rows of equal length put aside while a result is made, in `results.h5.aside`.

   For what is needed whole at the end and too large to wait in memory. Rows are appended in order;
   a checkpoint keeps how many there are and their hash, so that rows after the last commit are cut
   off and damaged ones found. Errors as in file.h. */
#ifndef SNW_STORE_ASIDE_H
#define SNW_STORE_ASIDE_H

#include "store/digest.h"
#include "store/io.h"

/* What a checkpoint keeps. */
struct snw_aside_state {
    uint64_t n, n_bytes; /* rows, and bytes of one */
    struct snw_digest hash;
};

struct snw_aside {
    char path[SNW_PATH_MAX];
    int fd; /* -1 where closed */
    struct snw_aside_state state;
};

/* Makes the file of the result `path`, empty. Released with snw_aside_close. */
snw_status snw_aside_create(struct snw_aside *aside, const char *path, size_t n_bytes,
                            struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Opens it again, as a checkpoint knows it.
   @return also SNW_ERR_FORMAT where it is cut short or damaged. */
snw_status snw_aside_resume(struct snw_aside *aside, const char *path,
                            const struct snw_aside_state *state,
                            struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Appends one row. */
snw_status snw_aside_append(struct snw_aside *aside, const void *row,
                            struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Brings all rows to disk; before the checkpoint that knows of them. */
snw_status snw_aside_commit(struct snw_aside *aside, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Reads n bytes of a row from byte `first` on. */
snw_status snw_aside_read(const struct snw_aside *aside, uint64_t row, size_t first, size_t n,
                          void *bytes, struct snw_ctx *ctx) SNW_MUST_CHECK;

void snw_aside_close(struct snw_aside *aside);

/* Removes the file beside the result `path`; none is no error. */
snw_status snw_aside_remove(const char *path, struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
