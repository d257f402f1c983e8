/* Creating and writing datasets, their dimensions and the attributes that netCDF tools look for. */
#include "store/dataset.h"

#include <hdf5_hl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "store/h5.h"

enum {
    ONE_PIECE_BYTES = 65536, /* up to here a dataset is neither cut nor compressed */
    CHUNK_BYTES = 1 << 20,   /* HDF5's own chunk cache */
    DEFLATE_LEVEL = 4,
    TEXT_MAX = 4096
};

size_t snw_dtype_bytes(enum snw_dtype type)
{
    static const size_t bytes[] = {
        [SNW_F64] = 8, [SNW_F32] = 4, [SNW_I32] = 4, [SNW_I16] = 2,
        [SNW_I8] = 1,  [SNW_U16] = 2, [SNW_U8] = 1,  [SNW_TEXT] = sizeof(char *),
    };
    return bytes[type];
}

/* A number as a value of the variable's type, in `value` of 8 bytes. */
static void stored_value(enum snw_dtype type, double number, void *value)
{
    switch (type) {
    case SNW_F64:
        *(double *)value = number;
        break;
    case SNW_F32:
        *(float *)value = (float)number;
        break;
    case SNW_I32:
        *(int32_t *)value = (int32_t)number;
        break;
    case SNW_I16:
        *(int16_t *)value = (int16_t)number;
        break;
    case SNW_I8:
        *(int8_t *)value = (int8_t)number;
        break;
    case SNW_U16:
        *(uint16_t *)value = (uint16_t)number;
        break;
    case SNW_U8:
        *(uint8_t *)value = (uint8_t)number;
        break;
    case SNW_TEXT:
        break;
    }
}

static snw_status write_flags(struct snw_file *file, hid_t dataset, const struct snw_variable *v,
                              struct snw_ctx *ctx)
{
    _Alignas(8) unsigned char values[256 * 8];
    char meanings[TEXT_MAX];
    const char *text = meanings;
    size_t n = 0, bytes = snw_dtype_bytes(v->type);
    snw_status status;
    for (size_t i = 0; i < v->n_flags; i++) {
        n += (size_t)snprintf(meanings + n, sizeof meanings - n, "%s%s", i ? " " : "", v->flags[i]);
        if (i >= 256 || n >= sizeof meanings)
            return snw_fail(ctx, SNW_ERR_INTERNAL, "%s has too many codes", v->name);
        _Alignas(8) unsigned char value[8];
        stored_value(v->type, (double)i, value);
        memcpy(values + i * bytes, value, bytes);
    }
    struct snw_attribute codes = {v->type, v->n_flags, values}, words = {SNW_TEXT, 0, &text};
    SNW_TRY(snw_h5_attribute(file, dataset, "flag_values", &codes, ctx));
    SNW_TRY(snw_h5_attribute(file, dataset, "flag_meanings", &words, ctx));
out:
    return status;
}

static snw_status write_description(struct snw_file *file, hid_t dataset,
                                    const struct snw_variable *v, struct snw_ctx *ctx)
{
    _Alignas(8) unsigned char fill[8];
    snw_status status = SNW_OK;
    stored_value(v->type, v->fill, fill);
    struct snw_attribute texts[] = {{SNW_TEXT, 0, &v->units}, {SNW_TEXT, 0, &v->long_name}};
    struct snw_attribute scale[] = {{SNW_F64, 0, &v->scale_factor}, {SNW_F64, 0, &v->add_offset}};
    /* netCDF wants the fill value as an array of one. */
    struct snw_attribute none = {v->type, 1, fill};
    if (v->units)
        SNW_TRY(snw_h5_attribute(file, dataset, "units", &texts[0], ctx));
    if (v->long_name)
        SNW_TRY(snw_h5_attribute(file, dataset, "long_name", &texts[1], ctx));
    if (v->scale_factor != 0) {
        SNW_TRY(snw_h5_attribute(file, dataset, "scale_factor", &scale[0], ctx));
        SNW_TRY(snw_h5_attribute(file, dataset, "add_offset", &scale[1], ctx));
    }
    if (v->has_fill)
        SNW_TRY(snw_h5_attribute(file, dataset, "_FillValue", &none, ctx));
    if (v->n_flags)
        SNW_TRY(write_flags(file, dataset, v, ctx));
out:
    return status;
}

/* Links the dimensions with the attribute that H5DSattach_scale would write. That function also
   keeps a list of users at each dimension, rewritten for every one: with 3000 datasets a file of
   7 MB becomes one of 79 MB. No reader needs the list. */
static snw_status link_dimensions(struct snw_file *file, hid_t dataset,
                                  const struct snw_variable *v, struct snw_ctx *ctx)
{
    hobj_ref_t references[SNW_DIMS_MAX];
    hvl_t lists[SNW_DIMS_MAX];
    hsize_t n = v->n_dims;
    hid_t type = 0, space = 0, attribute = 0;
    snw_status status;
    for (size_t d = 0; d < v->n_dims; d++) {
        char path[SNW_PATH_MAX];
        snw_h5_path(v->group, v->dims[d], path);
        SNW_TRY(snw_h5_check(file, H5Rcreate(&references[d], file->id, path, H5R_OBJECT, -1),
                             "find a dimension of", ctx));
        lists[d] = (hvl_t){.len = 1, .p = &references[d]};
    }
    SNW_TRY(snw_h5_check(file, type = H5Tvlen_create(H5T_STD_REF_OBJ), "prepare", ctx));
    SNW_TRY(snw_h5_check(file, space = H5Screate_simple(1, &n, NULL), "prepare", ctx));
    attribute = H5Acreate2(dataset, "DIMENSION_LIST", type, space, H5P_DEFAULT, H5P_DEFAULT);
    SNW_TRY(snw_h5_check(file, attribute, "link a dimension of", ctx));
    SNW_TRY(snw_h5_check(file, H5Awrite(attribute, type, lists), "link a dimension of", ctx));
    SNW_TRY(snw_h5_close(file, &attribute, ctx));
out:
    snw_h5_release(&attribute);
    snw_h5_release(&space);
    snw_h5_release(&type);
    return status;
}

static snw_status creation_list(struct snw_file *file, const struct snw_variable *v, hid_t type,
                                const struct snw_layout *layout, hid_t *list, struct snw_ctx *ctx)
{
    _Alignas(8) unsigned char fill[8];
    snw_status status;
    SNW_TRY(snw_h5_check(file, *list = H5Pcreate(H5P_DATASET_CREATE), "prepare", ctx));
    if (v->has_fill) {
        stored_value(v->type, v->fill, fill);
        SNW_TRY(snw_h5_check(file, H5Pset_fill_value(*list, type, fill), "prepare", ctx));
    }
    if (layout->n_dims == 0 || layout->chunk[0] == 0)
        goto out;
    SNW_TRY(snw_h5_check(file, H5Pset_chunk(*list, (int)layout->n_dims, layout->chunk), "prepare",
                         ctx));
    if (layout->filters) {
        SNW_TRY(snw_h5_check(file, H5Pset_shuffle(*list), "prepare", ctx));
        SNW_TRY(snw_h5_check(file, H5Pset_deflate(*list, DEFLATE_LEVEL), "prepare", ctx));
    }
out:
    return status;
}

snw_status snw_h5_dataset(struct snw_file *file, const struct snw_variable *v,
                          const struct snw_layout *layout, bool scales, hid_t *dataset,
                          struct snw_ctx *ctx)
{
    char path[SNW_PATH_MAX];
    hid_t type = 0, space = 0, list = 0;
    snw_status status;
    snw_h5_path(v->group, v->name, path);
    SNW_TRY(snw_group_create(file, v->group, ctx));
    if (snw_object_exists(file, path)) {
        file->failed = true;
        SNW_TRY(snw_fail(ctx, SNW_ERR_INTERNAL, "%s already has %s", file->partial, path));
    }
    SNW_TRY(snw_h5_check(file, type = snw_h5_type(v->type), "prepare", ctx));
    space = layout->n_dims ? H5Screate_simple((int)layout->n_dims, layout->shape, layout->longest)
                           : H5Screate(H5S_SCALAR);
    SNW_TRY(snw_h5_check(file, space, "prepare", ctx));
    SNW_TRY(creation_list(file, v, type, layout, &list, ctx));
    *dataset = H5Dcreate2(file->id, path, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    SNW_TRY(snw_h5_check(file, *dataset, "make a dataset of", ctx));
    SNW_TRY(write_description(file, *dataset, v, ctx));
    if (scales && layout->n_dims)
        SNW_TRY(link_dimensions(file, *dataset, v, ctx));
out:
    snw_h5_release(&list);
    snw_h5_release(&space);
    snw_h5_release(&type);
    return status;
}

/* Small datasets in one piece, others in chunks of up to CHUNK_BYTES, the first dimensions cut
   first. Texts are kept apart by HDF5 itself, a chunk would hold their addresses only. */
static void choose_chunks(struct snw_layout *layout, const struct snw_variable *v)
{
    hsize_t bytes = snw_dtype_bytes(v->type);
    for (size_t d = 0; d < layout->n_dims; d++)
        bytes *= layout->shape[d];
    if (bytes <= ONE_PIECE_BYTES || v->type == SNW_TEXT)
        return;
    layout->filters = true;
    for (size_t d = 0; d < layout->n_dims; d++) {
        hsize_t slices = (bytes + CHUNK_BYTES - 1) / CHUNK_BYTES;
        hsize_t length = layout->shape[d];
        layout->chunk[d] = slices >= length ? 1 : (length + slices - 1) / slices;
        bytes = bytes / length * layout->chunk[d];
    }
}

/* The shape of a variable from the lengths of its dimensions. */
static snw_status layout_of(struct snw_file *file, const struct snw_variable *v,
                            struct snw_layout *layout, struct snw_ctx *ctx)
{
    hid_t scale = 0, space = 0;
    snw_status status = SNW_OK;
    *layout = (struct snw_layout){.n_dims = v->n_dims};
    for (size_t d = 0; d < v->n_dims; d++) {
        char path[SNW_PATH_MAX];
        snw_h5_path(v->group, v->dims[d], path);
        scale = H5Dopen2(file->id, path, H5P_DEFAULT);
        if (scale < 0) {
            file->failed = true;
            SNW_TRY(snw_fail(ctx, SNW_ERR_INTERNAL, "%s lies along %s, which %s does not have",
                             v->name, path, file->partial));
        }
        SNW_TRY(snw_h5_check(file, space = H5Dget_space(scale), "read a dimension of", ctx));
        H5Sget_simple_extent_dims(space, &layout->shape[d], &layout->longest[d]);
        snw_h5_release(&space);
        snw_h5_release(&scale);
    }
out:
    snw_h5_release(&space);
    snw_h5_release(&scale);
    return status;
}

/* Chunks of choose_chunks are contiguous in memory: dimensions of which a chunk has 1, one of which
   it has a part, then whole ones. HDF5's own filters would do the same several times slower. */
static snw_status write_chunks(struct snw_file *file, const struct snw_variable *v, hid_t dataset,
                               const struct snw_layout *layout, const void *values,
                               struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    struct snw_compressor compressor = {.work = NULL};
    size_t bytes = snw_dtype_bytes(v->type), chunk = bytes, n = layout->n_dims, n_out;
    const unsigned char *from = values;
    hsize_t at[SNW_DIMS_MAX] = {0};
    for (size_t d = 0; d < n; d++)
        chunk *= layout->chunk[d];
    uint8_t *out = malloc(snw_compress_bound(chunk));
    if (!out)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to write %s", v->name));
    SNW_TRY(snw_compressor_init(&compressor, SNW_COMPRESS_FAST, chunk, bytes, ctx));
    while (at[0] < layout->shape[0]) {
        size_t here = bytes, d = n;
        for (size_t k = 0; k < n; k++) {
            hsize_t left = layout->shape[k] - at[k];
            here *= left < layout->chunk[k] ? left : layout->chunk[k];
        }
        SNW_TRY(snw_compress(&compressor, from, here, out, &n_out, ctx));
        SNW_TRY(snw_h5_check(file, H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, at, n_out, out), "write",
                             ctx));
        from += here;
        while (d-- > 0 && (at[d] += layout->chunk[d]) >= layout->shape[d] && d > 0)
            at[d] = 0;
    }
out:
    snw_compressor_free(&compressor);
    free(out);
    return status;
}

static snw_status write_values(struct snw_file *file, const struct snw_variable *v, hid_t dataset,
                               const struct snw_layout *layout, const void *values,
                               struct snw_ctx *ctx)
{
    if (layout->filters)
        return write_chunks(file, v, dataset, layout, values, ctx);
    hid_t type = snw_h5_type(v->type);
    snw_status status;
    SNW_TRY(snw_h5_check(file, type, "prepare", ctx));
    SNW_TRY(snw_h5_check(file, H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
                         "write", ctx));
out:
    snw_h5_release(&type);
    return status;
}

snw_status snw_h5_make_scale(struct snw_file *file, hid_t dataset, const char *name, bool bare,
                             struct snw_ctx *ctx)
{
    char text[64];
    hsize_t n = 0;
    hid_t space = 0;
    snw_status status;
    if (!bare)
        return snw_h5_check(file, H5DSset_scale(dataset, name), "make a dimension of", ctx);
    SNW_TRY(snw_h5_check(file, space = H5Dget_space(dataset), "make a dimension of", ctx));
    H5Sget_simple_extent_dims(space, &n, NULL);
    snprintf(text, sizeof text, SNW_BARE_DIMENSION "%10llu", (unsigned long long)n);
    SNW_TRY(snw_h5_check(file, H5DSset_scale(dataset, text), "make a dimension of", ctx));
out:
    snw_h5_release(&space);
    return status;
}

bool snw_h5_is_bare(hid_t dataset)
{
    char name[sizeof SNW_BARE_DIMENSION] = "";
    return H5DSis_scale(dataset) > 0 && H5DSget_scale_name(dataset, name, sizeof name) > 0 &&
           strncmp(name, SNW_BARE_DIMENSION, sizeof name - 1) == 0;
}

snw_status snw_coordinate_write(struct snw_file *file, const struct snw_variable *variable,
                                size_t n, const void *values, struct snw_ctx *ctx)
{
    struct snw_layout layout = {.n_dims = 1, .shape = {n}, .longest = {n}};
    hid_t dataset = 0;
    snw_status status;
    choose_chunks(&layout, variable);
    SNW_TRY(snw_h5_dataset(file, variable, &layout, false, &dataset, ctx));
    SNW_TRY(snw_h5_make_scale(file, dataset, variable->name, false, ctx));
    SNW_TRY(write_values(file, variable, dataset, &layout, values, ctx));
    SNW_TRY(snw_h5_close(file, &dataset, ctx));
out:
    snw_h5_release(&dataset);
    return status;
}

snw_status snw_dimension_create(struct snw_file *file, const char *group, const char *name,
                                size_t n, struct snw_ctx *ctx)
{
    struct snw_variable variable = {.group = group, .name = name, .type = SNW_F32};
    struct snw_layout layout = {.n_dims = 1, .shape = {n}, .longest = {n}};
    hid_t dataset = 0;
    snw_status status;
    SNW_TRY(snw_h5_dataset(file, &variable, &layout, false, &dataset, ctx));
    SNW_TRY(snw_h5_make_scale(file, dataset, name, true, ctx));
    SNW_TRY(snw_h5_close(file, &dataset, ctx));
out:
    snw_h5_release(&dataset);
    return status;
}

snw_status snw_variable_write(struct snw_file *file, const struct snw_variable *variable,
                              const void *values, struct snw_ctx *ctx)
{
    struct snw_layout layout;
    hid_t dataset = 0;
    snw_status status;
    SNW_TRY(layout_of(file, variable, &layout, ctx));
    choose_chunks(&layout, variable);
    SNW_TRY(snw_h5_dataset(file, variable, &layout, true, &dataset, ctx));
    SNW_TRY(write_values(file, variable, dataset, &layout, values, ctx));
    SNW_TRY(snw_h5_close(file, &dataset, ctx));
out:
    snw_h5_release(&dataset);
    return status;
}

snw_status snw_text_write(struct snw_file *file, const char *group, const char *name,
                          const char *text, struct snw_ctx *ctx)
{
    struct snw_variable variable = {.group = group, .name = name, .type = SNW_TEXT};
    return snw_variable_write(file, &variable, &text, ctx);
}

snw_status snw_chunked_create(struct snw_file *file, const struct snw_variable *variable,
                              size_t chunk_rows, enum snw_compression level, struct snw_ctx *ctx)
{
    struct snw_layout layout;
    size_t n = variable->n_dims;
    hid_t dataset = 0;
    snw_status status;
    SNW_TRY(layout_of(file, variable, &layout, ctx));
    for (size_t d = 0; d < n; d++)
        layout.chunk[d] = d + 1 == n ? layout.shape[d] : d + 2 == n ? chunk_rows : 1;
    layout.filters = level != SNW_COMPRESS_NONE;
    SNW_TRY(snw_h5_dataset(file, variable, &layout, true, &dataset, ctx));
    SNW_TRY(snw_h5_close(file, &dataset, ctx));
out:
    snw_h5_release(&dataset);
    return status;
}

static snw_status open_chunked(struct snw_file *file, const char *dataset,
                               struct snw_chunked *chunked, struct snw_ctx *ctx)
{
    hid_t id = H5Dopen2(file->id, dataset, H5P_DEFAULT), space = 0;
    snw_status status;
    SNW_TRY(snw_h5_check(file, id, "open a dataset of", ctx));
    SNW_TRY(snw_h5_check(file, space = H5Dget_space(id), "open a dataset of", ctx));
    *chunked = (struct snw_chunked){id, (size_t)H5Sget_simple_extent_ndims(space)};
    id = 0;
out:
    snw_h5_release(&space);
    snw_h5_release(&id);
    return status;
}

snw_status snw_chunked_write(struct snw_file *file, struct snw_chunked *chunked,
                             const char *dataset, const uint64_t *first, const uint8_t *bytes,
                             size_t n_bytes, struct snw_ctx *ctx)
{
    hsize_t offset[SNW_DIMS_MAX];
    snw_status status = SNW_OK;
    if (chunked->id <= 0)
        SNW_TRY(open_chunked(file, dataset, chunked, ctx));
    for (size_t d = 0; d < chunked->n_dims && d < SNW_DIMS_MAX; d++)
        offset[d] = first[d];
    SNW_TRY(snw_h5_check(file, H5Dwrite_chunk(chunked->id, H5P_DEFAULT, 0, offset, n_bytes, bytes),
                         "write", ctx));
out:
    return status;
}

snw_status snw_chunked_close(struct snw_file *file, struct snw_chunked *chunked,
                             struct snw_ctx *ctx)
{
    hid_t id = chunked->id;
    *chunked = (struct snw_chunked){.id = 0};
    return id > 0 ? snw_h5_close(file, &id, ctx) : SNW_OK;
}

snw_status snw_chunk_write(struct snw_file *file, const char *dataset, const uint64_t *first,
                           const uint8_t *bytes, size_t n_bytes, struct snw_ctx *ctx)
{
    struct snw_chunked once = {.id = 0};
    snw_status status;
    SNW_TRY(snw_chunked_write(file, &once, dataset, first, bytes, n_bytes, ctx));
    SNW_TRY(snw_chunked_close(file, &once, ctx));
out:
    snw_h5_release(&once.id);
    return status;
}

snw_status snw_sparse_create(struct snw_file *file, const struct snw_variable *variable,
                             const size_t *chunk, struct snw_ctx *ctx)
{
    struct snw_layout layout;
    hid_t dataset = 0;
    snw_status status;
    SNW_TRY(layout_of(file, variable, &layout, ctx));
    for (size_t d = 0; d < variable->n_dims; d++)
        layout.chunk[d] = chunk[d] < layout.shape[d] ? chunk[d] : layout.shape[d];
    layout.filters = true;
    SNW_TRY(snw_h5_dataset(file, variable, &layout, true, &dataset, ctx));
    SNW_TRY(snw_h5_close(file, &dataset, ctx));
out:
    snw_h5_release(&dataset);
    return status;
}

snw_status snw_slab_write(struct snw_file *file, const struct snw_variable *variable,
                          const size_t *first, const size_t *count, const void *values,
                          struct snw_ctx *ctx)
{
    char path[SNW_PATH_MAX];
    hid_t dataset = 0, space = 0, memory = 0, type = snw_h5_type(variable->type);
    hsize_t from[SNW_DIMS_MAX], shape[SNW_DIMS_MAX];
    snw_status status;
    for (size_t d = 0; d < variable->n_dims; d++) {
        from[d] = first[d];
        shape[d] = count[d];
    }
    snw_h5_path(variable->group, variable->name, path);
    SNW_TRY(snw_h5_check(file, type, "prepare", ctx));
    SNW_TRY(snw_h5_check(file, dataset = H5Dopen2(file->id, path, H5P_DEFAULT), "open a dataset of",
                         ctx));
    SNW_TRY(snw_h5_check(file, space = H5Dget_space(dataset), "open a dataset of", ctx));
    SNW_TRY(snw_h5_check(file, H5Sselect_hyperslab(space, H5S_SELECT_SET, from, NULL, shape, NULL),
                         "write", ctx));
    memory = H5Screate_simple((int)variable->n_dims, shape, NULL);
    SNW_TRY(snw_h5_check(file, memory, "prepare", ctx));
    SNW_TRY(snw_h5_check(file, H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, values), "write",
                         ctx));
    SNW_TRY(snw_h5_close(file, &dataset, ctx));
out:
    snw_h5_release(&memory);
    snw_h5_release(&space);
    snw_h5_release(&dataset);
    snw_h5_release(&type);
    return status;
}
