/* Reading whole datasets, texts and the list of what a file holds. */
#define _POSIX_C_SOURCE 200809L
#include "store/read.h"

#include <hdf5_hl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/h5.h"

static bool kind_of(hid_t type, enum snw_dtype *kind)
{
    H5T_class_t class = H5Tget_class(type);
    size_t bytes = H5Tget_size(type);
    if (class == H5T_STRING && H5Tis_variable_str(type) > 0) {
        *kind = SNW_TEXT;
        return true;
    }
    if (class == H5T_FLOAT && (bytes == 8 || bytes == 4)) {
        *kind = bytes == 8 ? SNW_F64 : SNW_F32;
        return true;
    }
    if (class != H5T_INTEGER)
        return false;
    bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
    switch (bytes) {
    case 1:
        *kind = is_signed ? SNW_I8 : SNW_U8;
        return true;
    case 2:
        *kind = is_signed ? SNW_I16 : SNW_U16;
        return true;
    case 4:
        *kind = SNW_I32;
        return is_signed;
    default:
        return false;
    }
}

snw_status snw_h5_shape(struct snw_file *file, hid_t dataset, struct snw_shape *shape,
                        struct snw_ctx *ctx)
{
    hid_t type = 0, space = 0;
    hsize_t length[H5S_MAX_RANK];
    snw_status status;
    *shape = (struct snw_shape){.n_values = 1};
    SNW_TRY(snw_h5_check(file, type = H5Dget_type(dataset), "read a type of", ctx));
    SNW_TRY(snw_h5_check(file, space = H5Dget_space(dataset), "read a shape of", ctx));
    int n_dims = H5Sget_simple_extent_dims(space, length, NULL);
    SNW_TRY(snw_h5_check(file, n_dims, "read a shape of", ctx));
    if (n_dims > SNW_DIMS_MAX || !kind_of(type, &shape->type))
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: a dataset is of a type or shape not known here",
                         file->path));
    shape->n_dims = (size_t)n_dims;
    for (size_t d = 0; d < shape->n_dims; d++) {
        shape->length[d] = (size_t)length[d];
        shape->n_values *= shape->length[d];
    }
out:
    snw_h5_release(&space);
    snw_h5_release(&type);
    return status;
}

static snw_status open_dataset(struct snw_file *file, const char *dataset, hid_t *id,
                               struct snw_shape *shape, struct snw_ctx *ctx)
{
    snw_status status;
    if (!snw_object_exists(file, dataset))
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s has no %s", file->path, dataset);
    SNW_TRY(snw_h5_check(file, *id = H5Dopen2(file->id, dataset, H5P_DEFAULT), "open a dataset of",
                         ctx));
    SNW_TRY(snw_h5_shape(file, *id, shape, ctx));
out:
    return status;
}

snw_status snw_shape_read(struct snw_file *file, const char *dataset, struct snw_shape *shape,
                          struct snw_ctx *ctx)
{
    hid_t id = 0;
    snw_status status = open_dataset(file, dataset, &id, shape, ctx);
    snw_h5_release(&id);
    return status;
}

snw_status snw_doubles_read(struct snw_file *file, const char *dataset, double *values,
                            size_t n_values, struct snw_ctx *ctx)
{
    struct snw_shape shape;
    hid_t id = 0;
    snw_status status;
    SNW_TRY(open_dataset(file, dataset, &id, &shape, ctx));
    if (shape.type == SNW_TEXT || shape.n_values != n_values)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: %s is not %zu numbers", file->path, dataset,
                         n_values));
    SNW_TRY(snw_h5_check(
        file, H5Dread(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), "read", ctx));
out:
    snw_h5_release(&id);
    return status;
}

snw_status snw_rows_read(struct snw_file *file, const char *dataset, size_t first, size_t n,
                         double *values, struct snw_ctx *ctx)
{
    struct snw_shape shape;
    hsize_t from = first, length = n;
    hid_t id = 0, space = 0, memory = 0;
    snw_status status;
    SNW_TRY(open_dataset(file, dataset, &id, &shape, ctx));
    if (shape.type == SNW_TEXT || shape.n_dims != 1 || first + n > shape.n_values)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: %s has no %zu numbers from %zu on", file->path,
                         dataset, n, first));
    SNW_TRY(snw_h5_check(file, space = H5Dget_space(id), "read", ctx));
    SNW_TRY(snw_h5_check(file, memory = H5Screate_simple(1, &length, NULL), "read", ctx));
    SNW_TRY(snw_h5_check(
        file, H5Sselect_hyperslab(space, H5S_SELECT_SET, &from, NULL, &length, NULL), "read", ctx));
    SNW_TRY(snw_h5_check(file, H5Dread(id, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values),
                         "read", ctx));
out:
    snw_h5_release(&memory);
    snw_h5_release(&space);
    snw_h5_release(&id);
    return status;
}

/* The texts belong to HDF5's allocator, so they are copied into ours. */
static snw_status copy_texts(char *const *from, size_t n, struct snw_texts *texts,
                             struct snw_ctx *ctx)
{
    texts->text = calloc(n ? n : 1, sizeof *texts->text);
    if (!texts->text)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu texts", n);
    texts->n = n;
    for (size_t i = 0; i < n; i++) {
        texts->text[i] = strdup(from[i] ? from[i] : "");
        if (!texts->text[i])
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu texts", n);
    }
    return SNW_OK;
}

snw_status snw_h5_texts(struct snw_file *file, hid_t dataset, struct snw_texts *texts,
                        struct snw_ctx *ctx)
{
    struct snw_shape shape = {.n_values = 0};
    hid_t type = 0;
    char **held = NULL;
    snw_status status;
    *texts = (struct snw_texts){.n = 0};
    SNW_TRY(snw_h5_shape(file, dataset, &shape, ctx));
    if (shape.type != SNW_TEXT)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: numbers where text was expected", file->path));
    SNW_TRY(snw_h5_check(file, type = snw_h5_type(SNW_TEXT), "prepare", ctx));
    held = calloc(shape.n_values ? shape.n_values : 1, sizeof *held);
    if (!held)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu texts", shape.n_values));
    SNW_TRY(snw_h5_check(file, H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, held), "read",
                         ctx));
    SNW_TRY(copy_texts(held, shape.n_values, texts, ctx));
out:
    for (size_t i = 0; held && i < shape.n_values; i++)
        H5free_memory(held[i]);
    free(held);
    snw_h5_release(&type);
    if (status != SNW_OK)
        snw_texts_free(texts);
    return status;
}

snw_status snw_texts_read(struct snw_file *file, const char *dataset, struct snw_texts *texts,
                          struct snw_ctx *ctx)
{
    struct snw_shape shape;
    hid_t id = 0;
    snw_status status;
    *texts = (struct snw_texts){.n = 0};
    SNW_TRY(open_dataset(file, dataset, &id, &shape, ctx));
    if (shape.type != SNW_TEXT)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: %s is not text", file->path, dataset));
    SNW_TRY(snw_h5_texts(file, id, texts, ctx));
out:
    snw_h5_release(&id);
    return status;
}

void snw_texts_free(struct snw_texts *texts)
{
    if (!texts)
        return;
    for (size_t i = 0; i < texts->n; i++)
        free(texts->text[i]);
    free(texts->text);
    *texts = (struct snw_texts){.n = 0};
}

/* Appends a copy of path. */
static snw_status add_path(struct snw_texts *paths, const char *path, struct snw_ctx *ctx)
{
    char **text = realloc(paths->text, (paths->n + 1) * sizeof *text);
    if (text)
        paths->text = text;
    char *copy = text ? strdup(path) : NULL;
    if (!copy)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the list of datasets");
    paths->text[paths->n++] = copy;
    return SNW_OK;
}

struct links {
    struct snw_texts names;
    const char *except;
    struct snw_ctx *ctx;
    snw_status status;
};

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
    struct links *links = data;
    (void)group;
    (void)info;
    if (!links->except || strcmp(name, links->except) != 0)
        links->status = add_path(&links->names, name, links->ctx);
    return links->status == SNW_OK ? 0 : 1;
}

/* One pass over the links: asking for each by its number sorts them all each time. */
static snw_status collect(struct snw_file *file, const char *group, const char *except,
                          struct snw_texts *paths, struct snw_ctx *ctx)
{
    struct links links = {.except = except, .ctx = ctx, .status = SNW_OK};
    hid_t id = 0, object = 0;
    snw_status status;
    SNW_TRY(
        snw_h5_check(file, id = H5Gopen2(file->id, group, H5P_DEFAULT), "open a group of", ctx));
    herr_t visited = H5Literate(id, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, visit_link, &links);
    SNW_TRY(links.status);
    SNW_TRY(snw_h5_check(file, visited, "read a group of", ctx));
    for (size_t i = 0; i < links.names.n; i++) {
        char path[SNW_PATH_MAX];
        const char *name = links.names.text[i];
        snw_h5_path(group, name, path);
        SNW_TRY(
            snw_h5_check(file, object = H5Oopen(id, name, H5P_DEFAULT), "open an object of", ctx));
        H5I_type_t kind = H5Iget_type(object);
        snw_h5_release(&object);
        if (kind == H5I_GROUP)
            SNW_TRY(collect(file, path, NULL, paths, ctx));
        if (kind == H5I_DATASET)
            SNW_TRY(add_path(paths, path, ctx));
    }
out:
    snw_texts_free(&links.names);
    snw_h5_release(&object);
    snw_h5_release(&id);
    return status;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

snw_status snw_datasets_list(struct snw_file *file, const char *group, const char *except,
                             struct snw_texts *paths, struct snw_ctx *ctx)
{
    *paths = (struct snw_texts){.n = 0};
    snw_status status = collect(file, group, except, paths, ctx);
    if (status != SNW_OK)
        snw_texts_free(paths);
    else if (paths->n > 1)
        qsort(paths->text, paths->n, sizeof *paths->text, by_text);
    return status;
}

struct naming {
    struct snw_texts *names;
    struct snw_ctx *ctx;
    snw_status status;
};

static herr_t visit_scale(hid_t dataset, unsigned dim, hid_t scale, void *data)
{
    struct naming *naming = data;
    char name[64] = "";
    (void)dataset;
    (void)dim;
    (void)H5DSget_scale_name(scale, name, sizeof name);
    naming->status = add_path(naming->names, name, naming->ctx);
    return 1; /* the first is the one */
}

snw_status snw_dimensions_read(struct snw_file *file, const char *dataset, struct snw_texts *names,
                               struct snw_ctx *ctx)
{
    struct snw_shape shape;
    hid_t id = 0;
    snw_status status;
    *names = (struct snw_texts){.n = 0};
    SNW_TRY(open_dataset(file, dataset, &id, &shape, ctx));
    for (size_t d = 0; d < shape.n_dims; d++) {
        struct naming naming = {names, ctx, SNW_OK};
        int visited = H5DSiterate_scales(id, (unsigned)d, NULL, visit_scale, &naming);
        SNW_TRY(naming.status);
        SNW_TRY(snw_h5_check(file, visited, "read a dimension of", ctx));
        if (names->n != d + 1)
            SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: a dimension of %s has no name", file->path,
                             dataset));
    }
out:
    snw_h5_release(&id);
    return status;
}
