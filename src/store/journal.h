/* A driver under HDF5 that makes each commit of a file being written whole or nothing.

   HDF5 rewrites its index in place: a kill between two of those writes leaves a file whose index
   points to nothing, and with it goes what was committed before. So bytes below the end of the last
   commit are not overwritten as HDF5 asks; they are kept in memory until the commit, written to
   `<file>.journal` with a checksum, synced, and only then to their places. Whoever opens the file
   for writing next carries out a whole journal again and ignores a broken one. New bytes go
   straight to the end of the file. Included by the store's own sources only. */
#ifndef SNW_STORE_JOURNAL_H
#define SNW_STORE_JOURNAL_H

#include <hdf5.h>

#include "core/context.h"

/* Makes files opened with this access list use the driver; opening locks the file (errno EAGAIN:
   another process has it) and carries out its journal.
   @return negative on failure, as HDF5 does. */
herr_t snw_journal_use(hid_t access_list);

/* Brings what HDF5 has flushed to disk for good.
   @return 0, or the errno; the last commit then still stands. */
int snw_journal_commit(hid_t file);

/* Hashes of all that the last commit left in the file, to be kept elsewhere. Valid until the next
   call or closing.
   @return 0, or an errno. */
int snw_journal_proof(hid_t file, const void **bytes, size_t *n_bytes);

/* Whether the file at `path`, its journal carried out, still is what a proof says. HDF5 does not
   look at it before. A file of a later commit than the proof's passes.
   @return SNW_OK; SNW_ERR_FORMAT (cut short, damaged); SNW_ERR_IO. */
snw_status snw_journal_verify(const char *path, const void *proof, size_t n_bytes,
                              struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Keeps the file locked beyond its closing.
   @return a descriptor of it, to be closed; -1 with errno. */
int snw_journal_hold(hid_t file);

/* Closes the file, committed; give_up: as of the last commit, whatever HDF5 asks.
   @return 0, or the errno; the last commit then still stands. */
int snw_journal_close(hid_t file, bool give_up);

/* Removes the journal of a file that needs none any more; none is no error.
   @return SNW_OK, or SNW_ERR_IO. */
snw_status snw_journal_remove(const char *path, struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
