/* Strict reader of price indices by year. */
#ifndef SNW_CONFIG_PRICE_TABLE_H
#define SNW_CONFIG_PRICE_TABLE_H

#include "core/context.h"

/* Reads one index of a CSV table: comments begin with `#`; a header names the columns `year` and
   those of the indices, others allowed; one row a year, in any order. Reported with file and line:
   a missing column, a row of another length, a year that is none or there twice, an index that is
   no number above 0.
   @param[in] column  of the index, e.g. pce
   @param[out] value  (last - first + 1,) by year - first; 0 where the table has none
   @return SNW_OK, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_price_table_read(struct snw_ctx *ctx, const char *path, const char *column,
                                int first, int last, double *value) SNW_MUST_CHECK;

#endif
