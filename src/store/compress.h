/* Chunks as HDF5's filters shuffle + deflate leave them, made outside HDF5 by any rank or thread.
 */
#ifndef SNW_STORE_COMPRESS_H
#define SNW_STORE_COMPRESS_H

#include <stddef.h>
#include <stdint.h>

#include "core/context.h"

enum snw_compression {
    SNW_COMPRESS_NONE, /* the bytes as they are; a dataset without filters */
    SNW_COMPRESS_FAST, /* ISA-L's (or zlib's) first level */
    SNW_COMPRESS_SMALL /* some 5 % smaller, ten times slower */
};

/* Memory of one compressing thread, and the chunk it is to make. */
struct snw_compressor {
    enum snw_compression level;
    size_t element_bytes; /* of one value */
    size_t chunk_bytes;   /* of a whole chunk before compression */
    size_t capacity;      /* the longest chunk there is memory for */
    uint8_t *shuffled;    /* (capacity,) */
    void *work;           /* the library's own memory */
};

/* Prepares for chunks of chunk_bytes, of elements of element_bytes. Released with
   snw_compressor_free.
   @return SNW_OK, or SNW_ERR_MEMORY. */
snw_status snw_compressor_init(struct snw_compressor *compressor, enum snw_compression level,
                               size_t chunk_bytes, size_t element_bytes,
                               struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Turns to chunks of another shape, of no more bytes than those given to snw_compressor_init. */
void snw_compressor_reshape(struct snw_compressor *compressor, size_t chunk_bytes,
                            size_t element_bytes);

void snw_compressor_free(struct snw_compressor *compressor);

/* @return the bytes that a compressed chunk of chunk_bytes may need at most. */
size_t snw_compress_bound(size_t chunk_bytes);

/* @return the compressing library and its version, static storage. */
const char *snw_compress_library(void);

/* Compresses one chunk. Fewer values than a chunk holds are padded with zeros: chunks at the edge
   of a dataset are whole in the file.
   @param[in]  values     (n_bytes,) at most chunk_bytes, whole elements; may be `out` where
                          nothing is compressed
   @param[out] out        (snw_compress_bound(chunk_bytes),)
   @param[out] out_bytes  what the chunk takes
   @return SNW_OK, or SNW_ERR_INTERNAL where the library fails. */
snw_status snw_compress(struct snw_compressor *compressor, const void *values, size_t n_bytes,
                        uint8_t *out, size_t *out_bytes, struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
