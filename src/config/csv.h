/* Inside config/: a CSV table line by line. */
#ifndef SNW_CONFIG_CSV_H
#define SNW_CONFIG_CSV_H

#include "core/context.h"

enum { SNW_CSV_FIELDS = 1024 };

/* Takes one line of a table; @return whether to go on.
   @param[in] fields  (n,); in quotes they may hold commas and doubled quotes. n is 0 where the
   quotes do not close or there are more than SNW_CSV_FIELDS. */
typedef bool snw_csv_line(void *user, size_t line, char *const *fields, size_t n);

/* @return why a line is no row of a table with so many columns, NULL where it is one; 0: it is the
   header. */
const char *snw_csv_fault(size_t n, size_t n_columns);

/* Hands the lines of a file to `take`, but for those that are empty or begin with `#`.
   @return SNW_OK; SNW_ERR_TABLE for a file that is missing or not text; SNW_ERR_MEMORY. */
snw_status snw_csv_read(struct snw_ctx *ctx, const char *path, snw_csv_line *take,
                        void *user) SNW_MUST_CHECK;

#endif
