/* Aligned memory for arrays that kernels read and write. */
#ifndef SNW_CORE_MEMORY_H
#define SNW_CORE_MEMORY_H

#include <stddef.h>

enum { SNW_ALIGNMENT = 64 };

/* @return zeroed memory of at least `bytes` bytes on a 64-byte boundary, NULL where there is none;
   released with snw_free. */
void *snw_alloc(size_t bytes);

/* Releases what snw_alloc gave; NULL is allowed. */
void snw_free(void *memory);

/* @return bytes that this process may still take: what the machine has available, within the limits
   of a container and of `ulimit -v`; infinity where nothing is known. */
double snw_memory_left(void);

/* @return the most bytes of memory that this process has held so far; infinity where not known. */
double snw_memory_peak(void);

#endif
