/* The result file: made as `.partial`, committed again and again, named when whole.

   HDF5 stays behind this header. Every function reports in ctx: SNW_ERR_IO (disk; path, reason and
   free bytes in the message), SNW_ERR_EXISTS, SNW_ERR_FORMAT (not a result), SNW_ERR_MEMORY.
   After a failed write the file is given up: nothing more is written, so that the last commit on
   disk stays what it was. Objects are named by their path in the file: "summary/grip_kg". */
#ifndef SNW_STORE_FILE_H
#define SNW_STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/context.h"
#include "store/io.h"

struct snw_file {
    char path[SNW_PATH_MAX];    /* what the file is, or will be, called */
    char partial[SNW_PATH_MAX]; /* what it is called until it is whole */
    int64_t id;                 /* HDF5's, 0 where closed */
    bool writable;
    bool failed; /* a write failed: what is in memory no longer goes to disk */
};

/* Silences HDF5 and its exit handler (which crashes on a disk that stays full). First of all
   calls; the functions that open files call it too.
   @return SNW_OK, or SNW_ERR_ENVIRONMENT. */
snw_status snw_store_init(struct snw_ctx *ctx) SNW_MUST_CHECK;

/* @return the version of HDF5 in use, static storage. */
const char *snw_store_library(void);

/* Whether a run may begin at `path` (resume: go on): nobody else writes there, and what stands
   there is to be replaced (resume: to be gone on with).
   @return SNW_OK; SNW_ERR_EXISTS or SNW_ERR_USAGE, saying what to do; SNW_ERR_IO. */
snw_status snw_file_may_write(const char *path, bool force, bool resume,
                              struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Makes path.partial, empty, and removes an earlier run's checkpoint. Unless force, an existing
   result and an interrupted run's file are refused with SNW_ERR_EXISTS. Released with
   snw_file_close or snw_file_finish. */
snw_status snw_file_create(struct snw_file *file, const char *path, bool force,
                           struct snw_ctx *ctx) SNW_MUST_CHECK;

/* What the last commit left in the file, as hashes to be kept elsewhere: (n_bytes,), valid until
   the next call or closing. */
snw_status snw_file_proof(const struct snw_file *file, const void **bytes, size_t *n_bytes,
                          struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Whether path.partial still holds what a proof says; a later commit than the proof's passes.
   @return SNW_OK; SNW_ERR_FORMAT where it is cut short or damaged; SNW_ERR_IO. */
snw_status snw_file_verify(const char *path, const void *proof, size_t n_bytes,
                           struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Opens path.partial to go on writing. */
snw_status snw_file_append(struct snw_file *file, const char *path,
                           struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Opens a file (whole or partial, under the name given) for reading. */
snw_status snw_file_open(struct snw_file *file, const char *path,
                         struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Brings all that was written to disk, wholly or not at all: a kill or a full disk at any instant
   leaves this commit or the one before, to be found by snw_file_append. */
snw_status snw_file_commit(struct snw_file *file, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Commits, closes, gives the file its name, and tidies up. */
snw_status snw_file_finish(struct snw_file *file, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Removes what a whole result needs no more: journal and checkpoint. */
snw_status snw_file_tidy(const char *path, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Closes; a file being written stays `.partial`, as of the last commit. */
snw_status snw_file_close(struct snw_file *file, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Makes a group, its parents too; one that exists is left as it is. */
snw_status snw_group_create(struct snw_file *file, const char *group,
                            struct snw_ctx *ctx) SNW_MUST_CHECK;

/* @return whether the file has this group, dataset or ("/summary", "seed") attribute. */
bool snw_object_exists(const struct snw_file *file, const char *object);
bool snw_attribute_exists(const struct snw_file *file, const char *object, const char *name);

/* Attributes of a group or dataset ("/" is the file itself); one of that name is replaced. */
snw_status snw_attribute_text(struct snw_file *file, const char *object, const char *name,
                              const char *text, struct snw_ctx *ctx) SNW_MUST_CHECK;
snw_status snw_attribute_int(struct snw_file *file, const char *object, const char *name,
                             int32_t value, struct snw_ctx *ctx) SNW_MUST_CHECK;
snw_status snw_attribute_double(struct snw_file *file, const char *object, const char *name,
                                double value, struct snw_ctx *ctx) SNW_MUST_CHECK;
/* values: (n,) */
snw_status snw_attribute_doubles(struct snw_file *file, const char *object, const char *name,
                                 const double *values, size_t n, struct snw_ctx *ctx);

/* Reads an attribute; text is cut to size, (size,), with its closing zero. */
snw_status snw_attribute_read_text(struct snw_file *file, const char *object, const char *name,
                                   char *text, size_t size, struct snw_ctx *ctx);
snw_status snw_attribute_read_double(struct snw_file *file, const char *object, const char *name,
                                     double *value, struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
