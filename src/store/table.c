/* Appending to a long table by whole chunks. */
#include "store/table.h"

#include <assert.h>
#include <string.h>

#include "core/memory.h"
#include "store/h5.h"

static size_t column_bytes(const struct snw_table *table, size_t column)
{
    return snw_dtype_bytes(table->columns[column].type);
}

/* The dimension and the columns, in the order in which they are stretched and cut. */
static void path_of(const struct snw_table *table, size_t column, char *path)
{
    const struct snw_variable *v = &table->columns[column < table->n_columns ? column : 0];
    snw_h5_path(v->group, column < table->n_columns ? v->name : v->dims[0], path);
}

static snw_status table_init(struct snw_table *table, struct snw_file *file,
                             const struct snw_variable *columns, size_t n_columns,
                             enum snw_compression level, struct snw_ctx *ctx)
{
    snw_status status;
    assert(n_columns > 0 && n_columns <= SNW_COLUMNS_MAX);
    *table = (struct snw_table){.file = file, .columns = columns, .n_columns = n_columns};
    SNW_TRY(snw_compressor_init(&table->compressor, level, SNW_TABLE_CHUNK * sizeof(double),
                                sizeof(double), ctx));
    table->compressed = snw_alloc(snw_compress_bound(SNW_TABLE_CHUNK * sizeof(double)));
    bool enough = table->compressed != NULL;
    for (size_t c = 0; c < n_columns; c++) {
        table->waiting[c] = snw_alloc(SNW_TABLE_CHUNK * column_bytes(table, c));
        enough = enough && table->waiting[c];
    }
    if (!enough)
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the table of %s", columns[0].group);
out:
    if (status != SNW_OK)
        snw_table_free(table);
    return status;
}

void snw_table_free(struct snw_table *table)
{
    if (!table)
        return;
    for (size_t c = 0; c < table->n_columns; c++)
        snw_free(table->waiting[c]);
    snw_free(table->compressed);
    snw_compressor_free(&table->compressor);
    *table = (struct snw_table){.n_columns = 0};
}

/* Whether the first column is the coordinate of the dimension, which then is not made apart. */
static bool has_coordinate(const struct snw_table *table)
{
    return strcmp(table->columns[0].name, table->columns[0].dims[0]) == 0;
}

static snw_status create_column(struct snw_table *table, size_t column, struct snw_ctx *ctx)
{
    bool bare_dimension = column == table->n_columns;
    bool is_dimension = bare_dimension || (column == 0 && has_coordinate(table));
    struct snw_variable bare = {
        .group = table->columns[0].group, .name = table->columns[0].dims[0], .type = SNW_F32};
    struct snw_layout layout = {.n_dims = 1,
                                .longest = {H5S_UNLIMITED},
                                .chunk = {SNW_TABLE_CHUNK},
                                .filters = table->compressor.level != SNW_COMPRESS_NONE};
    hid_t dataset = 0;
    snw_status status;
    SNW_TRY(snw_h5_dataset(table->file, bare_dimension ? &bare : &table->columns[column], &layout,
                           !is_dimension, &dataset, ctx));
    if (is_dimension)
        SNW_TRY(snw_h5_make_scale(table->file, dataset, bare.name, bare_dimension, ctx));
    SNW_TRY(snw_h5_close(table->file, &dataset, ctx));
out:
    snw_h5_release(&dataset);
    return status;
}

snw_status snw_table_create(struct snw_table *table, struct snw_file *file,
                            const struct snw_variable *columns, size_t n_columns,
                            enum snw_compression level, struct snw_ctx *ctx)
{
    snw_status status;
    SNW_TRY(table_init(table, file, columns, n_columns, level, ctx));
    if (!has_coordinate(table))
        SNW_TRY(create_column(table, n_columns, ctx));
    for (size_t c = 0; c < n_columns; c++)
        SNW_TRY(create_column(table, c, ctx));
out:
    if (status != SNW_OK)
        snw_table_free(table);
    return status;
}

static snw_status set_length(struct snw_table *table, size_t column, uint64_t n_rows, bool may_grow,
                             struct snw_ctx *ctx)
{
    char path[SNW_PATH_MAX];
    hsize_t now = 0, wanted = n_rows;
    hid_t dataset = 0, space = 0;
    snw_status status;
    path_of(table, column, path);
    SNW_TRY(snw_h5_check(table->file, dataset = H5Dopen2(table->file->id, path, H5P_DEFAULT),
                         "open a column of", ctx));
    SNW_TRY(snw_h5_check(table->file, space = H5Dget_space(dataset), "open a column of", ctx));
    H5Sget_simple_extent_dims(space, &now, NULL);
    if (now < wanted && !may_grow)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT,
                         "%s: %s has %llu rows, the checkpoint knows of %llu: they do not belong "
                         "together",
                         table->file->partial, path, (unsigned long long)now,
                         (unsigned long long)wanted));
    if (now != wanted)
        SNW_TRY(snw_h5_check(table->file, H5Dset_extent(dataset, &wanted), "write", ctx));
    SNW_TRY(snw_h5_close(table->file, &dataset, ctx));
out:
    snw_h5_release(&space);
    snw_h5_release(&dataset);
    return status;
}

snw_status snw_table_resume(struct snw_table *table, struct snw_file *file,
                            const struct snw_variable *columns, size_t n_columns,
                            enum snw_compression level, struct snw_ctx *ctx)
{
    return table_init(table, file, columns, n_columns, level, ctx);
}

/* Sends the rows that wait to the file. */
static snw_status write_waiting(struct snw_table *table, struct snw_ctx *ctx)
{
    uint64_t first = table->n_rows_in_file, end = first + table->n_rows_waiting;
    snw_status status;
    SNW_TRY(set_length(table, table->n_columns, end, true, ctx));
    for (size_t c = 0; c < table->n_columns; c++) {
        char path[SNW_PATH_MAX];
        size_t bytes = column_bytes(table, c), n_compressed = 0;
        path_of(table, c, path);
        SNW_TRY(set_length(table, c, end, true, ctx));
        snw_compressor_reshape(&table->compressor, SNW_TABLE_CHUNK * bytes, bytes);
        SNW_TRY(snw_compress(&table->compressor, table->waiting[c], table->n_rows_waiting * bytes,
                             table->compressed, &n_compressed, ctx));
        SNW_TRY(snw_chunk_write(table->file, path, &first, table->compressed, n_compressed, ctx));
    }
    table->n_rows_in_file = end;
    table->n_rows_waiting = 0;
out:
    return status;
}

snw_status snw_table_append(struct snw_table *table, size_t n, const void *const *values,
                            struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    for (size_t done = 0; done < n;) {
        size_t room = SNW_TABLE_CHUNK - table->n_rows_waiting;
        size_t taken = n - done < room ? n - done : room;
        for (size_t c = 0; c < table->n_columns; c++) {
            size_t bytes = column_bytes(table, c);
            memcpy(table->waiting[c] + table->n_rows_waiting * bytes,
                   (const uint8_t *)values[c] + done * bytes, taken * bytes);
        }
        table->n_rows_waiting += taken;
        done += taken;
        if (table->n_rows_waiting == SNW_TABLE_CHUNK)
            SNW_TRY(write_waiting(table, ctx));
    }
out:
    return status;
}

/* State: rows in the file, rows waiting, then the waiting values of each column. */
size_t snw_table_state_bytes(const struct snw_table *table)
{
    size_t bytes = 2 * sizeof(uint64_t);
    for (size_t c = 0; c < table->n_columns; c++)
        bytes += table->n_rows_waiting * column_bytes(table, c);
    return bytes;
}

void snw_table_save(const struct snw_table *table, void *state)
{
    const uint64_t counts[2] = {table->n_rows_in_file, table->n_rows_waiting};
    uint8_t *at = state;
    memcpy(at, counts, sizeof counts);
    at += sizeof counts;
    for (size_t c = 0; c < table->n_columns; c++) {
        memcpy(at, table->waiting[c], table->n_rows_waiting * column_bytes(table, c));
        at += table->n_rows_waiting * column_bytes(table, c);
    }
}

snw_status snw_table_restore(struct snw_table *table, const void *state, size_t n_bytes,
                             struct snw_ctx *ctx)
{
    uint64_t counts[2] = {0, SNW_TABLE_CHUNK};
    const uint8_t *at = state;
    snw_status status;
    if (n_bytes >= sizeof counts)
        memcpy(counts, at, sizeof counts);
    if (counts[1] < SNW_TABLE_CHUNK)
        table->n_rows_waiting = (size_t)counts[1];
    if (counts[1] >= SNW_TABLE_CHUNK || n_bytes != snw_table_state_bytes(table))
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: the checkpoint's rows of %s are damaged",
                         table->file->partial, table->columns[0].group));
    at += sizeof counts;
    for (size_t c = 0; c < table->n_columns; c++) {
        memcpy(table->waiting[c], at, table->n_rows_waiting * column_bytes(table, c));
        at += table->n_rows_waiting * column_bytes(table, c);
    }
    table->n_rows_in_file = counts[0];
    for (size_t c = 0; c <= table->n_columns; c++)
        SNW_TRY(set_length(table, c, counts[0], false, ctx));
out:
    return status;
}

snw_status snw_table_finish(struct snw_table *table, struct snw_ctx *ctx)
{
    return table->n_rows_waiting ? write_waiting(table, ctx) : SNW_OK;
}
