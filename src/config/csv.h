/* Cuts a CSV text into lines and fields, in place; what the fields mean is for the caller. */
#ifndef SNW_CONFIG_CSV_H
#define SNW_CONFIG_CSV_H

#include <stdbool.h>
#include <stddef.h>

enum { SNW_CSV_FIELDS_MAX = 64 };

struct snw_csv {
    char *rest;
    size_t line; /* number of the line handed out last, from 1 */
};

/* @param[in] text  a text that ends in NUL and is changed by reading; a byte-order mark is passed
   over. */
void snw_csv_begin(struct snw_csv *csv, char *text);

/* @return the next line that is not empty and no comment (`#` in front), without its end; NULL
   after the last. */
char *snw_csv_next(struct snw_csv *csv);

/* Cuts a line into fields. A field in quotes may hold commas and doubled quotes.
   @param[out] fields  the first n of (SNW_CSV_FIELDS_MAX,), parts of the line
   @return whether quotes close, nothing follows them, and there are not too many fields. */
bool snw_csv_split(char *line, char *fields[SNW_CSV_FIELDS_MAX], size_t *n);

#endif
