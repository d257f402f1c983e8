/* Reads a sample of parameters row by row. */
#include "config/posterior_table.h"

#include <stdlib.h>
#include <string.h>

#include "config/csv.h"
#include "config/read.h"
#include "numerics/quantiles.h"

enum { KEY_MAX = 128 };
_Static_assert((int)SNW_PARAM_ELEMENTS <= (int)SNW_CSV_FIELDS, "a posterior may name them all");

struct reader {
    struct snw_ctx *ctx;
    const char *path;
    struct snw_posterior_table *table;
    size_t line;
    snw_status status;
};

static void fail(struct reader *r, const char *what, const char *shown)
{
    r->status =
        snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %s%.100s", r->path, r->line, what, shown);
}

static void no_memory(struct reader *r)
{
    r->status = snw_fail(r->ctx, SNW_ERR_MEMORY, "%.160s: no memory to read it", r->path);
}

/* @return whether there is an element of that key. */
static bool find(struct reader *r, const char *name, struct snw_param_element *element)
{
    struct snw_nearest nearest;
    if (snw_find_element(name, NULL, element, &nearest))
        return true;
    const char *best = snw_nearest_best(&nearest);
    r->status =
        snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %.60s is no element of a parameter%s%s",
                 r->path, r->line, name, best ? "; the nearest is " : "", best ? best : "");
    return false;
}

static void read_header(struct reader *r, char *const *fields, size_t n)
{
    struct snw_posterior_table *t = r->table;
    t->column = calloc(n, sizeof *t->column);
    if (!t->column) {
        no_memory(r);
        return;
    }
    for (size_t c = 0; c < n; c++) {
        if (!find(r, fields[c], &t->column[c]))
            continue;
        for (size_t other = 0; other < c; other++)
            if (strcmp(fields[c], fields[other]) == 0)
                fail(r, "column twice: ", fields[c]);
    }
    t->posterior.n_columns = n;
    t->posterior.column = t->column;
}

/* Room for one more row. */
static bool grow(struct reader *r)
{
    struct snw_posterior_table *t = r->table;
    size_t need = (t->posterior.n_rows + 1) * t->posterior.n_columns;
    if (need > t->room) {
        double *more = realloc(t->value, 2 * need * sizeof *more);
        if (!more)
            return false;
        t->value = more;
        t->posterior.value = more;
        t->room = 2 * need;
    }
    return true;
}

static void read_row(struct reader *r, char *const *fields, size_t n)
{
    struct snw_posterior_table *t = r->table;
    if (!grow(r)) {
        no_memory(r);
        return;
    }
    double *row = t->value + t->posterior.n_rows++ * n;
    for (size_t c = 0; c < n; c++) {
        const struct snw_param_info *info = &snw_param_table[t->column[c].id];
        char key[KEY_MAX];
        snw_param_key(t->column[c].id, t->column[c].index, key, sizeof key);
        if (snw_read_real(fields[c], &row[c]) != SNW_NUMBER_OK)
            r->status = snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %s = %.60s is no number",
                                 r->path, r->line, key, fields[c]);
        else if (row[c] < info->low || row[c] > info->high)
            r->status = snw_fail(r->ctx, SNW_ERR_TABLE,
                                 "%.160s:%zu: %s = %.60s is not within %g and %g (%s)", r->path,
                                 r->line, key, fields[c], info->low, info->high, info->unit);
    }
}

static bool read_line(void *user, size_t line, char *const *fields, size_t n)
{
    struct reader *r = user;
    r->line = line;
    const char *fault = snw_csv_fault(n, r->table->posterior.n_columns);
    if (fault)
        fail(r, fault, "");
    else if (r->table->posterior.n_columns)
        read_row(r, fields, n);
    else
        read_header(r, fields, n);
    /* rows can't be read without their columns, nor where memory ends */
    return n == 0 || r->table->posterior.n_rows > 0 ? r->status != SNW_ERR_MEMORY
                                                    : r->status == SNW_OK;
}

snw_status snw_posterior_table_read(struct snw_ctx *ctx, const char *path,
                                    struct snw_posterior_table *table)
{
    struct reader r = {.ctx = ctx, .path = path, .table = table, .status = SNW_OK};
    snw_status status = SNW_OK;
    *table = (struct snw_posterior_table){.room = 0};
    SNW_TRY(snw_csv_read(ctx, path, read_line, &r));
    if (table->posterior.n_rows == 0 && r.status == SNW_OK)
        r.status = snw_fail(ctx, SNW_ERR_TABLE, "%.160s: holds no row", path);
    status = r.status;
out:
    return status;
}

snw_status snw_posterior_table_move(struct snw_ctx *ctx, struct snw_posterior_table *table,
                                    const struct snw_params *params)
{
    size_t n = table->posterior.n_rows, columns = table->posterior.n_columns;
    double *sorted = malloc(n * sizeof *sorted);
    if (!sorted)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a posterior of %zu rows", n);
    for (size_t c = 0; c < columns; c++) {
        const struct snw_param_info *info = &snw_param_table[table->column[c].id];
        size_t index = table->column[c].index;
        double set = snw_params_at_const(params, table->column[c].id)[index];
        if (set == info->defaults[index])
            continue;
        for (size_t k = 0; k < n; k++)
            sorted[k] = table->value[k * columns + c];
        snw_sort(sorted, n);
        double shift = set - snw_sorted_quantile(sorted, n, 0.5);
        for (size_t k = 0; k < n; k++) {
            double moved = table->value[k * columns + c] + shift;
            moved = moved < info->low ? info->low : moved;
            table->value[k * columns + c] = moved > info->high ? info->high : moved;
        }
    }
    free(sorted);
    return SNW_OK;
}

void snw_posterior_table_free(struct snw_posterior_table *table)
{
    free(table->column);
    free(table->value);
    *table = (struct snw_posterior_table){.room = 0};
}
