/* What every file of the store shares: failures of the disk in words, and renames that last. */
#ifndef SNW_STORE_IO_H
#define SNW_STORE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/context.h"

enum { SNW_PATH_MAX = 4096 };

/* Reports that `doing` (a verb: `write`) failed on path with errno `error`, and how much room the
   disk has left where that matters.
   @return SNW_ERR_IO. */
snw_status snw_fail_io(struct snw_ctx *ctx, const char *path, const char *doing, int error);

/* Writes path + suffix into text, (size,).
   @return SNW_OK, or SNW_ERR_IO where it is too long. */
snw_status snw_path_join(char *text, size_t size, const char *path, const char *suffix,
                         struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Writes all bytes to an open file descriptor, through short writes and interrupts.
   @return SNW_OK, or SNW_ERR_IO with the path in the message. */
snw_status snw_write_all(int fd, const void *bytes, size_t n_bytes, const char *path,
                         struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Closes a stream that was written.
   @return SNW_OK, or SNW_ERR_IO where not all of it could be written. */
snw_status snw_stream_close(FILE *stream, const char *path, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Writes and reads at an address, through short transfers and interrupts.
   @param[out] done  bytes read, fewer than n_bytes at the end of the file only
   @return 0, or the errno. */
int snw_write_at(int fd, const void *bytes, size_t n_bytes, uint64_t address);
int snw_read_at(int fd, void *bytes, size_t n_bytes, uint64_t address, size_t *done);

/* Locks an open file for writing, until it is closed. Between opening and locking another run may
   have finished: the name is then another file's. File systems that know no locks are let pass.
   @return 0; EAGAIN where another run has it, or the name; or another errno. */
int snw_lock(int fd, const char *name);

/* Makes a folder and those above it, where they are missing.
   @return SNW_OK, or SNW_ERR_IO. */
snw_status snw_folder_make(const char *path, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Waits until the folder of `path` is on disk with the names in it.
   @return SNW_OK, or SNW_ERR_IO. */
snw_status snw_folder_sync(const char *path, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Gives a file its final name and waits until the folder itself is on disk.
   @return SNW_OK, or SNW_ERR_IO. */
snw_status snw_rename_durably(const char *from, const char *to, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* @return bytes free on the disk of a folder, or of the nearest folder above it that exists;
   infinity where that can't be found out. */
double snw_disk_left(const char *folder);

#endif
