/* The digest of a result file, read back dataset by dataset. */
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "core/memory.h"
#include "store/digest_row.h"
#include "store/h5.h"
#include "store/table.h"

enum { SLAB_BYTES = 16 << 20 };

/* 64 bits for each position along a dimension: the hash of its label or its value. */
struct keys {
    uint64_t *key; /* (length,), NULL where only the index is known */
};

struct reader {
    struct snw_file *file;
    struct snw_ctx *ctx;
    struct snw_digest *digest;
    const struct snw_digest_known *known;
    const char *path;
    uint64_t path_hash;
    hid_t dataset;
    struct snw_shape shape;
    bool may_lack; /* NaN is the fill value: rows of it alone are passed over */
    struct keys keys[SNW_DIMS_MAX];
};

/* Keys of one dimension from its coordinate, an open dataset. */
static snw_status coordinate_keys(struct reader *r, hid_t coordinate, size_t n, uint64_t *key)
{
    struct snw_shape shape;
    struct snw_texts texts = {.n = 0};
    double *values = NULL;
    snw_status status;
    SNW_TRY(snw_h5_shape(r->file, coordinate, &shape, r->ctx));
    if (shape.n_values != n)
        SNW_TRY(snw_fail(r->ctx, SNW_ERR_FORMAT, "%s: %s and a coordinate of it differ in length",
                         r->file->path, r->path));
    if (shape.type == SNW_TEXT) {
        SNW_TRY(snw_h5_texts(r->file, coordinate, &texts, r->ctx));
        for (size_t i = 0; i < n; i++)
            key[i] = XXH3_64bits(texts.text[i], strlen(texts.text[i]));
        goto out;
    }
    values = snw_alloc(n * sizeof *values);
    if (!values)
        SNW_TRY(snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory for the coordinates of %s", r->path));
    SNW_TRY(snw_h5_check(
        r->file, H5Dread(coordinate, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
        "read", r->ctx));
    for (size_t i = 0; i < n; i++)
        key[i] = snw_value_key(values[i]);
out:
    snw_texts_free(&texts);
    snw_free(values);
    return status;
}

struct key_reading {
    struct reader *reader;
    snw_status status;
};

/* The scale is used as it is handed over: asking for its path would search the whole file. */
static herr_t visit_scale(hid_t dataset, unsigned dim, hid_t scale, void *data)
{
    struct key_reading *reading = data;
    struct reader *r = reading->reader;
    (void)dataset;
    if (!snw_h5_is_bare(scale))
        reading->status = coordinate_keys(r, scale, r->shape.length[dim], r->keys[dim].key);
    return 1; /* the first is the one */
}

/* Keys of all dimensions but the last. */
static snw_status read_keys(struct reader *r)
{
    snw_status status = SNW_OK;
    for (size_t d = 0; d + 1 < r->shape.n_dims; d++) {
        struct key_reading reading = {r, SNW_OK};
        size_t n = r->shape.length[d];
        r->keys[d].key = snw_alloc(n * sizeof(uint64_t));
        if (!r->keys[d].key)
            SNW_TRY(snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory to read %s", r->path));
        for (size_t i = 0; i < n; i++)
            r->keys[d].key[i] = i;
        int visited = H5DSiterate_scales(r->dataset, (unsigned)d, NULL, visit_scale, &reading);
        SNW_TRY(reading.status);
        SNW_TRY(snw_h5_check(r->file, visited, "read a dimension of", r->ctx));
    }
out:
    return status;
}

/* Hashes the rows of one slab, each with its head in front.
   @param[in] values  (rows of the slab, row_bytes) */
static void digest_slab(struct reader *r, const hsize_t *start, const hsize_t *count, bool raw,
                        const unsigned char *values, unsigned char *row)
{
    size_t n_dims = r->shape.n_dims, n = r->shape.length[n_dims - 1];
    size_t bytes = n * (raw ? sizeof(uint16_t) : sizeof(double)), n_rows = 1;
    for (size_t d = 0; d + 1 < n_dims; d++)
        n_rows *= count[d];
    for (size_t i = 0; i < n_rows; i++) {
        struct snw_row_head head = {r->path_hash, raw ? SNW_ROW_RAW : SNW_ROW_DOUBLES, n, {0}};
        size_t rest = i;
        for (size_t d = n_dims - 1; d-- > 0; rest /= count[d])
            head.key[d] = r->keys[d].key[start[d] + rest % count[d]];
        memcpy(row, &head, sizeof head);
        memcpy(row + sizeof head, values + i * bytes, bytes);
        if (!raw) {
            double *value = (double *)(void *)(row + sizeof head);
            size_t n_there = 0;
            for (size_t j = 0; j < n; j++) {
                n_there += value[j] == value[j];
                value[j] = snw_digest_value(value[j]);
            }
            if (n_there == 0 && r->may_lack)
                continue;
        }
        snw_digest_row(r->digest, row, sizeof head + bytes);
    }
}

/* The largest slab of whole rows within SLAB_BYTES: first dimensions cut to 1, then one in part.
   The part is a whole number of chunks where that is possible. */
static void choose_slab(const struct reader *r, size_t value_bytes, hsize_t *slab)
{
    size_t n_dims = r->shape.n_dims;
    hsize_t bytes = value_bytes, chunk[SNW_DIMS_MAX] = {0};
    hid_t list = H5Dget_create_plist(r->dataset);
    if (list >= 0 && H5Pget_layout(list) == H5D_CHUNKED)
        H5Pget_chunk(list, SNW_DIMS_MAX, chunk);
    snw_h5_release(&list);
    for (size_t d = 0; d < n_dims; d++) {
        slab[d] = r->shape.length[d];
        bytes *= slab[d];
    }
    for (size_t d = 0; d + 1 < n_dims && bytes > SLAB_BYTES; d++) {
        hsize_t slices = (bytes + SLAB_BYTES - 1) / SLAB_BYTES, length = slab[d];
        slab[d] = slices >= length ? 1 : length / slices;
        if (chunk[d] > 0 && slab[d] > chunk[d])
            slab[d] -= slab[d] % chunk[d];
        bytes = bytes / length * slab[d];
    }
}

static snw_status read_slab(struct reader *r, hid_t space, const hsize_t *start,
                            const hsize_t *count, hid_t type, void *values)
{
    hid_t memory = H5Screate_simple((int)r->shape.n_dims, count, NULL);
    snw_status status;
    SNW_TRY(snw_h5_check(r->file, memory, "read", r->ctx));
    SNW_TRY(snw_h5_check(r->file,
                         H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL),
                         "read", r->ctx));
    SNW_TRY(snw_h5_check(r->file, H5Dread(r->dataset, type, memory, space, H5P_DEFAULT, values),
                         "read", r->ctx));
out:
    snw_h5_release(&memory);
    return status;
}

/* Of a dataset most of whose chunks were never written, makes slabs of whole chunks. */
static bool is_sparse(const struct reader *r, hid_t space, hsize_t *slab)
{
    size_t n_dims = r->shape.n_dims;
    hsize_t chunk[SNW_DIMS_MAX], n_there = 0, n_all = 1;
    hid_t list = H5Dget_create_plist(r->dataset);
    bool chunked = list >= 0 && H5Pget_layout(list) == H5D_CHUNKED &&
                   H5Pget_chunk(list, SNW_DIMS_MAX, chunk) >= 0;
    snw_h5_release(&list);
    if (!r->may_lack || !chunked || H5Dget_num_chunks(r->dataset, space, &n_there) < 0)
        return false;
    for (size_t d = 0; d < n_dims; d++)
        n_all *= (r->shape.length[d] + chunk[d] - 1) / chunk[d];
    if (n_there > n_all / 2 || chunk[n_dims - 1] < r->shape.length[n_dims - 1])
        return false;
    memcpy(slab, chunk, n_dims * sizeof *slab);
    return true;
}

static bool never_written(const struct reader *r, const hsize_t *start)
{
    haddr_t address = 0;
    return H5Dget_chunk_info_by_coord(r->dataset, start, NULL, &address, NULL) >= 0 &&
           address == HADDR_UNDEF;
}

/* Moves to the next slab, the last dimension fastest. @return false after the last one. */
static bool next_slab(const struct reader *r, const hsize_t *slab, hsize_t *start)
{
    for (size_t d = r->shape.n_dims; d-- > 0;) {
        start[d] += slab[d];
        if (start[d] < r->shape.length[d])
            return true;
        start[d] = 0;
    }
    return false;
}

static snw_status digest_numbers(struct reader *r)
{
    bool raw = r->shape.type == SNW_U16;
    size_t value_bytes = raw ? sizeof(uint16_t) : sizeof(double), n_slab = 1;
    size_t n_dims = r->shape.n_dims;
    hsize_t slab[SNW_DIMS_MAX], start[SNW_DIMS_MAX] = {0}, count[SNW_DIMS_MAX];
    hid_t space = 0;
    unsigned char *values = NULL, *row = NULL;
    snw_status status;
    SNW_TRY(read_keys(r));
    SNW_TRY(snw_h5_check(r->file, space = H5Dget_space(r->dataset), "read", r->ctx));
    choose_slab(r, value_bytes, slab);
    bool sparse = is_sparse(r, space, slab);
    for (size_t d = 0; d < n_dims; d++)
        n_slab *= slab[d];
    values = snw_alloc(n_slab * value_bytes);
    row = snw_alloc(sizeof(struct snw_row_head) + r->shape.length[n_dims - 1] * value_bytes);
    if (!values || !row)
        SNW_TRY(snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory to read %s", r->path));
    do {
        if (sparse && never_written(r, start))
            continue;
        for (size_t d = 0; d < n_dims; d++)
            count[d] =
                start[d] + slab[d] > r->shape.length[d] ? r->shape.length[d] - start[d] : slab[d];
        SNW_TRY(
            read_slab(r, space, start, count, raw ? H5T_NATIVE_UINT16 : H5T_NATIVE_DOUBLE, values));
        digest_slab(r, start, count, raw, values, row);
    } while (next_slab(r, slab, start));
out:
    snw_h5_release(&space);
    snw_free(row);
    snw_free(values);
    return status;
}

/* One number without dimension. */
static snw_status digest_scalar(struct reader *r)
{
    struct {
        struct snw_row_head head;
        double value;
    } row = {{r->path_hash, SNW_ROW_DOUBLES, 1, {0}}, 0};
    snw_status status = snw_doubles_read(r->file, r->path, &row.value, 1, r->ctx);
    row.value = snw_digest_value(row.value);
    if (status == SNW_OK)
        snw_digest_row(r->digest, &row, sizeof row);
    return status;
}

static snw_status digest_texts(struct reader *r)
{
    struct snw_texts texts;
    snw_status status = snw_texts_read(r->file, r->path, &texts, r->ctx);
    for (size_t i = 0; status == SNW_OK && i < texts.n; i++) {
        struct snw_row_head head = {r->path_hash, SNW_ROW_TEXTS, i, {0}};
        size_t n = strlen(texts.text[i]);
        head.key[0] = n;
        head.key[1] = XXH3_64bits(texts.text[i], n);
        head.key[2] = XXH3_64bits_withSeed(texts.text[i], n, 1);
        snw_digest_row(r->digest, &head, sizeof head);
    }
    if (status == SNW_OK)
        snw_texts_free(&texts);
    return status;
}

/* Path, shape and the attributes that give the values their meaning. */
static snw_status digest_description(struct reader *r)
{
    struct {
        struct snw_row_head head;
        double scale_factor, add_offset;
        char units[128];
    } row = {{r->path_hash, SNW_ROW_DESCRIPTION, r->shape.n_dims, {0}}, 1, 0, ""};
    snw_status status = SNW_OK;
    for (size_t d = 0; d < r->shape.n_dims; d++)
        row.head.key[d] = r->shape.length[d];
    if (snw_attribute_exists(r->file, r->path, "units"))
        SNW_TRY(snw_attribute_read_text(r->file, r->path, "units", row.units, sizeof row.units,
                                        r->ctx));
    if (snw_attribute_exists(r->file, r->path, "_FillValue") &&
        (r->shape.type == SNW_F64 || r->shape.type == SNW_F32)) {
        double fill;
        SNW_TRY(snw_attribute_read_double(r->file, r->path, "_FillValue", &fill, r->ctx));
        r->may_lack = fill != fill;
    }
    if (snw_attribute_exists(r->file, r->path, "scale_factor"))
        SNW_TRY(
            snw_attribute_read_double(r->file, r->path, "scale_factor", &row.scale_factor, r->ctx));
    if (snw_attribute_exists(r->file, r->path, "add_offset"))
        SNW_TRY(snw_attribute_read_double(r->file, r->path, "add_offset", &row.add_offset, r->ctx));
    snw_digest_row(r->digest, &row, sizeof row);
out:
    return status;
}

/* The columns of one table, opened. */
struct columns {
    size_t n;
    hid_t dataset[SNW_COLUMNS_MAX];
    double *values; /* (n, SNW_TABLE_CHUNK) */
    double *row;    /* head, then (n,) */
    uint64_t n_rows;
};

static bool is_column(hid_t dataset)
{
    hsize_t longest[H5S_MAX_RANK] = {0};
    hid_t space = H5Dget_space(dataset);
    bool is = H5Sget_simple_extent_ndims(space) == 1 &&
              H5Sget_simple_extent_dims(space, NULL, longest) == 1 && longest[0] == H5S_UNLIMITED;
    snw_h5_release(&space);
    return is && !snw_h5_is_bare(dataset);
}

/* Length of the group's part of a path, without the slash. */
static size_t group_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

/* Opens the columns in the group of r->path. @param[out] first  path of the first of them */
static snw_status open_columns(struct reader *r, const struct snw_texts *paths,
                               struct columns *columns, const char **first)
{
    size_t n_group = group_length(r->path);
    snw_status status = SNW_OK;
    for (size_t i = 0; i < paths->n; i++) {
        const char *path = paths->text[i];
        if (group_length(path) != n_group || strncmp(path, r->path, n_group) != 0)
            continue;
        hid_t id = H5Dopen2(r->file->id, path, H5P_DEFAULT);
        SNW_TRY(snw_h5_check(r->file, id, "open a column of", r->ctx));
        struct snw_shape shape = {.type = SNW_TEXT};
        if (!is_column(id)) {
            snw_h5_release(&id);
            continue;
        }
        if (columns->n == 0)
            *first = path;
        if (columns->n < SNW_COLUMNS_MAX)
            columns->dataset[columns->n++] = id;
        else
            snw_h5_release(&id);
        SNW_TRY(snw_shape_read(r->file, path, &shape, r->ctx));
        if (columns->n > 1 && shape.n_values != columns->n_rows)
            SNW_TRY(snw_fail(r->ctx, SNW_ERR_FORMAT,
                             "%s: %s is not as long as the columns "
                             "beside it",
                             r->file->path, path));
        columns->n_rows = shape.n_values;
    }
out:
    return status;
}

static snw_status digest_records(struct reader *r, struct columns *columns, hsize_t start,
                                 hsize_t n_rows)
{
    struct snw_row_head head = {
        XXH3_64bits(r->path, group_length(r->path)), SNW_ROW_RECORD, columns->n, {0}};
    size_t n_head = sizeof head / sizeof(double);
    snw_status status = SNW_OK;
    for (size_t c = 0; c < columns->n; c++) {
        struct reader column = *r;
        hid_t space = H5Dget_space(columns->dataset[c]);
        column.dataset = columns->dataset[c];
        column.shape.n_dims = 1;
        status = read_slab(&column, space, &start, &n_rows, H5T_NATIVE_DOUBLE,
                           columns->values + c * SNW_TABLE_CHUNK);
        snw_h5_release(&space);
        if (status != SNW_OK)
            return status;
    }
    memcpy(columns->row, &head, sizeof head);
    for (hsize_t i = 0; i < n_rows; i++) {
        for (size_t c = 0; c < columns->n; c++)
            columns->row[n_head + c] = snw_digest_value(columns->values[c * SNW_TABLE_CHUNK + i]);
        snw_digest_row(r->digest, columns->row, (n_head + columns->n) * sizeof(double));
    }
    return status;
}

/* The whole table, when r->path is its first column; the others then have nothing to add. */
static snw_status digest_table(struct reader *r, const struct snw_texts *paths)
{
    struct columns columns = {.n = 0};
    const char *first = NULL;
    snw_status status;
    SNW_TRY(open_columns(r, paths, &columns, &first));
    if (first != r->path)
        goto out;
    columns.values = snw_alloc(columns.n * SNW_TABLE_CHUNK * sizeof(double));
    columns.row = snw_alloc(sizeof(struct snw_row_head) + columns.n * sizeof(double));
    if (!columns.values || !columns.row)
        SNW_TRY(snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory to read %s", r->path));
    for (uint64_t at = 0; at < columns.n_rows; at += SNW_TABLE_CHUNK) {
        uint64_t left = columns.n_rows - at;
        SNW_TRY(digest_records(r, &columns, at, left < SNW_TABLE_CHUNK ? left : SNW_TABLE_CHUNK));
    }
out:
    for (size_t c = 0; c < columns.n; c++)
        snw_h5_release(&columns.dataset[c]);
    snw_free(columns.values);
    snw_free(columns.row);
    return status;
}

/* Whether the rows of this dataset are among those known. */
static bool is_known(const struct reader *r)
{
    const char *path = r->path + (r->path[0] == '/');
    return r->known && r->shape.type == SNW_U16 && r->shape.n_dims == 3 &&
           group_length(path) == strlen(r->known->group) &&
           strncmp(path, r->known->group, group_length(path)) == 0;
}

static snw_status digest_dataset(struct reader *r, const struct snw_texts *paths)
{
    snw_status status;
    SNW_TRY(snw_h5_check(r->file, r->dataset = H5Dopen2(r->file->id, r->path, H5P_DEFAULT),
                         "open a dataset of", r->ctx));
    SNW_TRY(snw_h5_shape(r->file, r->dataset, &r->shape, r->ctx));
    r->path_hash = XXH3_64bits(r->path, strlen(r->path));
    if (snw_h5_is_bare(r->dataset))
        goto out;
    SNW_TRY(digest_description(r));
    if (r->shape.n_values == 0 || is_known(r))
        goto out;
    if (is_column(r->dataset))
        SNW_TRY(digest_table(r, paths));
    else if (r->shape.type == SNW_TEXT)
        SNW_TRY(digest_texts(r));
    else if (r->shape.n_dims == 0)
        SNW_TRY(digest_scalar(r));
    else
        SNW_TRY(digest_numbers(r));
out:
    for (size_t d = 0; d < SNW_DIMS_MAX; d++)
        snw_free(r->keys[d].key);
    snw_h5_release(&r->dataset);
    return status;
}

/* @param[in] but  a dataset that is passed over; NULL for none */
static snw_status digest_all(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_digest_known *known, const char *but,
                             struct snw_digest *digest)
{
    snw_status status = SNW_OK;
    struct snw_texts paths = {.n = 0};
    SNW_TRY(snw_datasets_list(file, "/", "provenance", &paths, ctx));
    for (size_t i = 0; i < paths.n; i++) {
        struct reader reader = {
            .file = file, .ctx = ctx, .digest = digest, .known = known, .path = paths.text[i]};
        if (!but || strcmp(paths.text[i], but) != 0)
            SNW_TRY(digest_dataset(&reader, &paths));
    }
    if (known)
        snw_digest_merge(digest, &known->rows);
out:
    snw_texts_free(&paths);
    return status;
}

snw_status snw_digest_open_file(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_digest_known *known, struct snw_digest *digest)
{
    return digest_all(ctx, file, known, NULL, digest);
}

static snw_status digest_closed(struct snw_ctx *ctx, const char *path, const char *but,
                                struct snw_digest *digest)
{
    struct snw_file file;
    snw_status status = snw_file_open(&file, path, ctx);
    if (status != SNW_OK)
        return status;
    status = digest_all(ctx, &file, NULL, but, digest);
    snw_status closed = snw_file_close(&file, ctx);
    return status != SNW_OK ? status : closed;
}

snw_status snw_digest_file(struct snw_ctx *ctx, const char *path, struct snw_digest *digest)
{
    return digest_closed(ctx, path, NULL, digest);
}

snw_status snw_digest_outcomes(struct snw_ctx *ctx, const char *path, struct snw_digest *digest)
{
    return digest_closed(ctx, path, "config", digest);
}
