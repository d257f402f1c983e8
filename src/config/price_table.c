/* Reads one price index, a row a year. */
#include "config/price_table.h"

#include <string.h>

#include "config/csv.h"
#include "config/scalar.h"

struct reader {
    struct snw_ctx *ctx;
    const char *path, *column;
    int first, last;
    double *value;
    size_t n_fields, year_at, value_at; /* of the header; n_fields 0 before it */
    snw_status status;
};

static void fail(struct reader *r, size_t line, const char *what, const char *shown)
{
    r->status = snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %s%.60s", r->path, line, what, shown);
}

/* The place of a column, n where there is none. */
static size_t find(char *const *fields, size_t n, const char *name)
{
    size_t i = 0;
    while (i < n && strcmp(fields[i], name) != 0)
        i++;
    return i;
}

static void read_header(struct reader *r, size_t line, char *const *fields, size_t n)
{
    r->n_fields = n;
    r->year_at = find(fields, n, "year");
    r->value_at = find(fields, n, r->column);
    if (r->year_at == n)
        fail(r, line, "no column ", "year");
    if (r->value_at == n)
        fail(r, line, "no column ", r->column);
}

static void read_row(struct reader *r, size_t line, char *const *fields)
{
    int64_t year = 0;
    double x = 0;
    const char *text = fields[r->value_at], *when = fields[r->year_at];
    if (snw_read_integer(when, &year) != SNW_NUMBER_OK || year < r->first || year > r->last)
        fail(r, line, "year is no year: ", when);
    else if (snw_read_real(text, &x) != SNW_NUMBER_OK || !(x > 0))
        fail(r, line, "index is no number above 0: ", text);
    else if (r->value[year - r->first] != 0)
        fail(r, line, "a second row for ", when);
    else
        r->value[year - r->first] = x;
}

static bool read_line(void *user, size_t line, char *const *fields, size_t n)
{
    struct reader *r = user;
    const char *fault = snw_csv_fault(n, r->n_fields);
    if (fault) {
        fail(r, line, fault, "");
        return true;
    }
    if (r->n_fields == 0)
        read_header(r, line, fields, n);
    else
        read_row(r, line, fields);
    return r->year_at < r->n_fields && r->value_at < r->n_fields; /* else no row can be read */
}

snw_status snw_price_table_read(struct snw_ctx *ctx, const char *path, const char *column,
                                int first, int last, double *value)
{
    struct reader r = {.ctx = ctx,
                       .path = path,
                       .column = column,
                       .first = first,
                       .last = last,
                       .value = value,
                       .status = SNW_OK};
    snw_status status = SNW_OK;
    for (int year = first; year <= last; year++)
        value[year - first] = 0;
    SNW_TRY(snw_csv_read(ctx, path, read_line, &r));
    if (r.n_fields == 0 && r.status == SNW_OK)
        r.status = snw_fail(ctx, SNW_ERR_TABLE, "%.160s: is empty", path);
    status = r.status;
out:
    return status;
}
