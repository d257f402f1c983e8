/* Datasets with named dimensions, units and codes, as netCDF tools read them.

   A dimension is a coordinate (or a bare dimension) of the same group, made before the datasets
   that lie along it; every group repeats what it needs, so that it opens alone. Errors as in
   file.h. */
#ifndef SNW_STORE_DATASET_H
#define SNW_STORE_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/compress.h"
#include "store/file.h"

/* The types that every reader understands; values are arrays of double, float, int32_t, int16_t,
   int8_t, uint16_t, uint8_t, and const char * for texts (UTF-8). */
enum snw_dtype { SNW_F64, SNW_F32, SNW_I32, SNW_I16, SNW_I8, SNW_U16, SNW_U8, SNW_TEXT };

enum { SNW_DIMS_MAX = 6 };

struct snw_variable {
    const char *group, *name; /* "summary", "grip_kg" */
    enum snw_dtype type;
    size_t n_dims;
    const char *dims[SNW_DIMS_MAX]; /* (n_dims,) coordinates of the group */
    const char *units, *long_name;  /* NULL: no such attribute; units in udunits' spelling */
    double scale_factor;            /* value = stored x scale_factor + add_offset; 0: not packed */
    double add_offset;
    bool has_fill;
    double fill;              /* the stored value that stands for none; NaN allowed for floats */
    const char *const *flags; /* (n_flags,) meanings of the codes 0.., words without spaces */
    size_t n_flags;
};

/* @return the bytes of one value; those of a pointer for SNW_TEXT. */
size_t snw_dtype_bytes(enum snw_dtype type);

/* Writes a coordinate: a one-dimensional variable that names and labels a dimension.
   @param[in] variable  n_dims and dims are not looked at
   @param[in] values    (n,) of the variable's type */
snw_status snw_coordinate_write(struct snw_file *file, const struct snw_variable *variable,
                                size_t n, const void *values, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Makes a dimension of length n without labels. */
snw_status snw_dimension_create(struct snw_file *file, const char *group, const char *name,
                                size_t n, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Writes a whole dataset; its shape is that of its dimensions.
   @param[in] values  in row order, as many as the dimensions' lengths multiply to */
snw_status snw_variable_write(struct snw_file *file, const struct snw_variable *variable,
                              const void *values, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Writes one text without dimensions, as the config is kept: group "/" and name "config". */
snw_status snw_text_write(struct snw_file *file, const char *group, const char *name,
                          const char *text, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Makes a numeric dataset to be filled chunk by chunk. A chunk is chunk_rows long in the last but
   one dimension, whole in the last and 1 in those before; what is never written reads as fill. */
snw_status snw_chunked_create(struct snw_file *file, const struct snw_variable *variable,
                              size_t chunk_rows, enum snw_compression level,
                              struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Makes a numeric dataset to be filled slab by slab, in compressed chunks of a shape, (n_dims,),
   that need not divide its own; what is never written reads as fill and takes no room. */
snw_status snw_sparse_create(struct snw_file *file, const struct snw_variable *variable,
                             const size_t *chunk, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Writes part of a dataset: values in row order, of its own type.
   @param[in] first  (n_dims,) index of the first value; count (n_dims,) its shape */
snw_status snw_slab_write(struct snw_file *file, const struct snw_variable *variable,
                          const size_t *first, const size_t *count, const void *values,
                          struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Writes one chunk made by snw_compress with the same level, always a whole one; a chunk that is
   there is replaced.
   @param[in] dataset  "trajectories/grip_kg"
   @param[in] first    (n_dims,) index of the chunk's first value */
snw_status snw_chunk_write(struct snw_file *file, const char *dataset, const uint64_t *first,
                           const uint8_t *bytes, size_t n_bytes,
                           struct snw_ctx *ctx) SNW_MUST_CHECK;

/* A dataset kept open to be given many chunks; zeroed, it is not open yet. */
struct snw_chunked {
    int64_t id;
    size_t n_dims;
};

/* The same as snw_chunk_write, for a dataset that is opened the first time and left open. It is
   closed with the file, or by snw_chunked_close. */
snw_status snw_chunked_write(struct snw_file *file, struct snw_chunked *chunked,
                             const char *dataset, const uint64_t *first, const uint8_t *bytes,
                             size_t n_bytes, struct snw_ctx *ctx) SNW_MUST_CHECK;
snw_status snw_chunked_close(struct snw_file *file, struct snw_chunked *chunked,
                             struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
