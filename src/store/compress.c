/* Byte shuffle and zlib stream of a chunk, by ISA-L where it is compiled in, by zlib otherwise. */
#include "store/compress.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#ifdef SNW_HAVE_ISAL
#include <isa-l.h>
#endif
#include <zlib.h>

#include "core/memory.h"

#ifdef SNW_HAVE_ISAL
/* The library's stream (too long for a stack) and its tables. */
struct work {
    struct isal_zstream stream;
    uint8_t tables[ISAL_DEF_LVL1_DEFAULT];
};
#else
struct work {
    uint8_t none;
};
#endif

snw_status snw_compressor_init(struct snw_compressor *compressor, enum snw_compression level,
                               size_t chunk_bytes, size_t element_bytes, struct snw_ctx *ctx)
{
    *compressor = (struct snw_compressor){.level = level, .capacity = chunk_bytes};
    snw_compressor_reshape(compressor, chunk_bytes, element_bytes);
    compressor->shuffled = snw_alloc(chunk_bytes);
    compressor->work = snw_alloc(sizeof(struct work));
    if (compressor->shuffled && compressor->work)
        return SNW_OK;
    snw_compressor_free(compressor);
    return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for compressing chunks of %zu bytes",
                    chunk_bytes);
}

void snw_compressor_reshape(struct snw_compressor *compressor, size_t chunk_bytes,
                            size_t element_bytes)
{
    assert(chunk_bytes <= compressor->capacity);
    assert(element_bytes > 0 && chunk_bytes % element_bytes == 0);
    compressor->chunk_bytes = chunk_bytes;
    compressor->element_bytes = element_bytes;
}

void snw_compressor_free(struct snw_compressor *compressor)
{
    if (!compressor)
        return;
    snw_free(compressor->shuffled);
    snw_free(compressor->work);
    *compressor = (struct snw_compressor){.level = SNW_COMPRESS_NONE};
}

size_t snw_compress_bound(size_t chunk_bytes)
{
    /* Stored blocks need 5 bytes for each 16 KiB at worst; compressBound covers zlib's own. */
    size_t stored = chunk_bytes + 5 * (chunk_bytes / 16384 + 1) + 64;
    size_t zlib = compressBound((uLong)chunk_bytes);
    return zlib > stored ? zlib : stored;
}

#define TEXT_OF_NAME(x) #x
#define TEXT_OF(x) TEXT_OF_NAME(x)

const char *snw_compress_library(void)
{
#ifdef SNW_HAVE_ISAL
    return "ISA-L " TEXT_OF(ISAL_MAJOR_VERSION) "." TEXT_OF(ISAL_MINOR_VERSION) "." TEXT_OF(
        ISAL_PATCH_VERSION);
#else
    return "zlib " ZLIB_VERSION;
#endif
}

/* First bytes of all elements, then all second bytes, and so on. `size` is a literal at each call,
   so that the compiler makes a vector loop of each. */
static inline void shuffle(const uint8_t *in, uint8_t *out, size_t n, size_t stride, size_t size)
{
    for (size_t b = 0; b < size; b++)
        for (size_t i = 0; i < n; i++)
            out[b * stride + i] = in[i * size + b];
}

/* HDF5 shuffles the whole chunk, so the padding lies at the end of each byte plane. */
static void shuffle_padded(const struct snw_compressor *c, const uint8_t *values, size_t n_bytes)
{
    size_t n = n_bytes / c->element_bytes, stride = c->chunk_bytes / c->element_bytes;
    switch (c->element_bytes) {
    case 2:
        shuffle(values, c->shuffled, n, stride, 2);
        break;
    case 4:
        shuffle(values, c->shuffled, n, stride, 4);
        break;
    case 8:
        shuffle(values, c->shuffled, n, stride, 8);
        break;
    default:
        shuffle(values, c->shuffled, n, stride, c->element_bytes);
        break;
    }
    for (size_t b = 0; b < c->element_bytes; b++)
        memset(c->shuffled + b * stride + n, 0, stride - n);
}

static bool deflate_by_zlib(const struct snw_compressor *c, int level, uint8_t *out, size_t *n)
{
    uLongf length = (uLongf)snw_compress_bound(c->chunk_bytes);
    int result = compress2(out, &length, c->shuffled, (uLong)c->chunk_bytes, level);
    *n = length;
    return result == Z_OK;
}

#ifdef SNW_HAVE_ISAL
/* Its higher levels make shuffled 16-bit fields no smaller than level 1 does, and take longer. */
static bool deflate_fast(const struct snw_compressor *c, uint8_t *out, size_t *n)
{
    struct work *work = c->work;
    struct isal_zstream *stream = &work->stream;
    isal_deflate_stateless_init(stream);
    stream->gzip_flag = IGZIP_ZLIB;
    stream->end_of_stream = 1;
    stream->level = 1;
    stream->level_buf = work->tables;
    stream->level_buf_size = sizeof work->tables;
    stream->next_in = c->shuffled;
    stream->avail_in = (uint32_t)c->chunk_bytes;
    stream->next_out = out;
    stream->avail_out = (uint32_t)snw_compress_bound(c->chunk_bytes);
    if (isal_deflate_stateless(stream) != COMP_OK)
        return deflate_by_zlib(c, 0, out, n); /* no room: the chunk does not compress */
    *n = stream->total_out;
    return true;
}
#else
static bool deflate_fast(const struct snw_compressor *c, uint8_t *out, size_t *n)
{
    return deflate_by_zlib(c, 1, out, n);
}
#endif

snw_status snw_compress(struct snw_compressor *compressor, const void *values, size_t n_bytes,
                        uint8_t *out, size_t *out_bytes, struct snw_ctx *ctx)
{
    assert(n_bytes <= compressor->chunk_bytes && n_bytes % compressor->element_bytes == 0);
    if (compressor->level == SNW_COMPRESS_NONE) {
        if (values != out)
            memcpy(out, values, n_bytes);
        memset(out + n_bytes, 0, compressor->chunk_bytes - n_bytes);
        *out_bytes = compressor->chunk_bytes;
        return SNW_OK;
    }
    shuffle_padded(compressor, values, n_bytes);
    bool done = compressor->level == SNW_COMPRESS_SMALL
                    ? deflate_by_zlib(compressor, 6, out, out_bytes)
                    : deflate_fast(compressor, out, out_bytes);
    if (!done)
        return snw_fail(ctx, SNW_ERR_INTERNAL, "a chunk of %zu bytes could not be compressed",
                        compressor->chunk_bytes);
    return SNW_OK;
}
