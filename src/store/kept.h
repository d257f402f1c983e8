/* Bytes kept from run to run, for what takes longer to make than to read.

   Only speed hangs on them: whatever is wrong with them, they are as good as not there. They lie in
   the folder that SINEW_CACHE names, else in sinew/ of XDG_CACHE_HOME or of ~/.cache;
   SINEW_CACHE=none keeps nothing. There are at most 256 files: a new one takes the place of
   another. */
#ifndef SNW_STORE_KEPT_H
#define SNW_STORE_KEPT_H

#include <stdbool.h>
#include <stddef.h>

/* @param[in] key  of all that the bytes follow from, as snw_sha256 writes it
   @return whether bytes, (n_bytes,), were found under the key, whole; else they are left undefined.
 */
bool snw_kept_read(const char *key, void *bytes, size_t n_bytes);

/* Keeps bytes, (n_bytes,), if that can be done. */
void snw_kept_write(const char *key, const void *bytes, size_t n_bytes);

#endif
