/* A long table, one column per attribute, appended in bulk while a run goes on.

   Only whole chunks go to the file; the rest waits in memory and is part of what a checkpoint
   keeps. So nothing in the file is ever rewritten, and what a commit left there stays true. */
#ifndef SNW_STORE_TABLE_H
#define SNW_STORE_TABLE_H

#include "store/dataset.h"

enum { SNW_TABLE_CHUNK = 65536, SNW_COLUMNS_MAX = 64 };

struct snw_table {
    struct snw_file *file;
    const struct snw_variable *columns; /* (n_columns,) of one group, along one dimension */
    size_t n_columns;
    uint64_t n_rows_in_file; /* a multiple of SNW_TABLE_CHUNK until finished */
    size_t n_rows_waiting;
    uint8_t *waiting[SNW_COLUMNS_MAX]; /* (SNW_TABLE_CHUNK,) values of each column's type */
    struct snw_compressor compressor;
    uint8_t *compressed;
};

/* Makes the columns and their common dimension, empty. The columns, which the caller keeps alive,
   share group and dims[0]; a column of the dimension's name is its coordinate, and then the first.
   Released with snw_table_free. */
snw_status snw_table_create(struct snw_table *table, struct snw_file *file,
                            const struct snw_variable *columns, size_t n_columns,
                            enum snw_compression level, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Takes up a table that the file has already: first the columns as they were created, then what
   snw_table_save kept. Rows written since are cut off.
   @param[in] state  (n_bytes,) as saved
   @return also SNW_ERR_FORMAT where state and file do not belong together. */
snw_status snw_table_resume(struct snw_table *table, struct snw_file *file,
                            const struct snw_variable *columns, size_t n_columns,
                            enum snw_compression level, struct snw_ctx *ctx) SNW_MUST_CHECK;
snw_status snw_table_restore(struct snw_table *table, const void *state, size_t n_bytes,
                             struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Appends n rows.
   @param[in] values  (n_columns,) arrays of n values */
snw_status snw_table_append(struct snw_table *table, size_t n, const void *const *values,
                            struct snw_ctx *ctx) SNW_MUST_CHECK;

/* What a checkpoint keeps of the table: its length, and the bytes themselves. */
size_t snw_table_state_bytes(const struct snw_table *table);
void snw_table_save(const struct snw_table *table, void *state);

/* Writes the last rows; nothing can be appended after. */
snw_status snw_table_finish(struct snw_table *table, struct snw_ctx *ctx) SNW_MUST_CHECK;

void snw_table_free(struct snw_table *table);

#endif
