/* Reads costs of another country, element by element. */
#include "config/cost_table.h"

#include <string.h>

#include "config/csv.h"
#include "config/read.h"

enum { KEY_MAX = 128, N_COLUMNS = 5, YEAR_FIRST = 1900, YEAR_LAST = 2100 };
enum column { PARAMETER, VALUE, CURRENCY, PRICE_YEAR, SOURCE };
static const char *const columns[N_COLUMNS] = {"parameter", "value", "currency", "price_year",
                                               "source"};

struct reader {
    struct snw_ctx *ctx;
    const char *path;
    struct snw_params *params;
    struct snw_costs *costs;
    size_t line, n_fields, at[N_COLUMNS]; /* of the header; n_fields 0 before it */
    bool given[SNW_PARAM_ELEMENTS];
    snw_status status;
};

static void fail(struct reader *r, const char *what, const char *shown)
{
    r->status =
        snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %s%.100s", r->path, r->line, what, shown);
}

static bool is_cost(enum snw_param_id id)
{
    return strncmp(snw_param_table[id].unit, "USD_", 4) == 0;
}

const struct snw_cost_origin *snw_cost_origin(const struct snw_costs *costs, enum snw_param_id id)
{
    for (size_t k = 0; k < costs->n; k++)
        if (costs->row[k].id == id)
            return &costs->row[k];
    return NULL;
}

const char *snw_cost_unit(const struct snw_costs *costs, enum snw_param_id id,
                          char text[SNW_COST_UNIT_MAX])
{
    const char *unit = snw_param_table[id].unit;
    const struct snw_cost_origin *origin = snw_cost_origin(costs, id);
    if (!origin)
        return unit;
    snprintf(text, SNW_COST_UNIT_MAX, "%s_%d%.32s", costs->currency, origin->price_year,
             unit + strlen("USD_2014"));
    return text;
}

static void read_header(struct reader *r, char *const *fields, size_t n)
{
    for (int c = 0; c < N_COLUMNS; c++) {
        size_t i = 0;
        while (i < n && strcmp(fields[i], columns[c]) != 0)
            i++;
        r->at[c] = i;
        if (i == n)
            fail(r, "no column ", columns[c]);
    }
    r->n_fields = n;
}

/* @return whether there is an element of that key, which is a cost. */
static bool find(struct reader *r, const char *name, struct snw_param_element *element)
{
    struct snw_nearest nearest;
    if (snw_find_element(name, is_cost, element, &nearest))
        return true;
    const char *best = snw_nearest_best(&nearest);
    r->status = snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %.60s is no cost%s%s", r->path,
                         r->line, name, best ? "; the nearest is " : "", best ? best : "");
    return false;
}

static bool is_currency(const char *text)
{
    size_t n = 0;
    while (text[n] >= 'A' && text[n] <= 'Z')
        n++;
    return n == 3 && text[n] == '\0';
}

/* Currency, price year and source of a row. @return whether they can be used. */
static bool read_origin(struct reader *r, enum snw_param_id id, const char *const *text)
{
    int64_t year = 0;
    struct snw_costs *costs = r->costs;
    const struct snw_cost_origin *known = snw_cost_origin(costs, id);
    snw_status before = r->status;
    r->status = SNW_OK;
    if (!is_currency(text[CURRENCY]))
        fail(r, "currency is none of three capitals, such as GBP: ", text[CURRENCY]);
    else if (costs->n && strcmp(costs->currency, text[CURRENCY]) != 0)
        r->status = snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: mixed currencies: %s after %s",
                             r->path, r->line, text[CURRENCY], costs->currency);
    if (!text[PRICE_YEAR][0])
        fail(r, "a cost without a price year: ", text[PARAMETER]);
    else if (snw_read_integer(text[PRICE_YEAR], &year) != SNW_NUMBER_OK || year < YEAR_FIRST ||
             year > YEAR_LAST)
        fail(r, "price_year is no year: ", text[PRICE_YEAR]);
    else if (known && known->price_year != year)
        fail(r, "price years are mixed within one parameter: ", text[PARAMETER]);
    if (!text[SOURCE][0] || strlen(text[SOURCE]) >= SNW_COST_SOURCE_MAX)
        fail(r, "a cost needs a source of at most 199 bytes: ", text[PARAMETER]);
    if (r->status == SNW_OK && !known && costs->n < SNW_COSTS_MAX) {
        struct snw_cost_origin *to = &costs->row[costs->n++];
        *to = (struct snw_cost_origin){.id = id, .price_year = (int)year};
        snprintf(to->source, sizeof to->source, "%s", text[SOURCE]);
        snprintf(costs->currency, sizeof costs->currency, "%.3s", text[CURRENCY]);
    }
    bool good = r->status == SNW_OK;
    r->status = good ? before : r->status;
    return good;
}

static void read_row(struct reader *r, char *const *fields)
{
    const char *text[N_COLUMNS];
    struct snw_param_element e;
    double x = 0;
    for (int c = 0; c < N_COLUMNS; c++)
        text[c] = fields[r->at[c]];
    if (!find(r, text[PARAMETER], &e))
        return;
    const struct snw_param_info *info = &snw_param_table[e.id];
    bool *given = &r->given[info->offset + e.index];
    if (*given)
        fail(r, "a second row for ", text[PARAMETER]);
    else if (snw_read_real(text[VALUE], &x) != SNW_NUMBER_OK)
        fail(r, "value is no number: ", text[VALUE]);
    else if (x < info->low || x > info->high)
        r->status =
            snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %.60s = %.40s is not within %g and %g",
                     r->path, r->line, text[PARAMETER], text[VALUE], info->low, info->high);
    else if (read_origin(r, e.id, text))
        snw_params_at(r->params, e.id)[e.index] = x;
    *given = true;
}

static bool read_line(void *user, size_t line, char *const *fields, size_t n)
{
    struct reader *r = user;
    const char *fault = snw_csv_fault(n, r->n_fields);
    r->line = line;
    if (fault)
        fail(r, fault, "");
    else if (r->n_fields == 0)
        read_header(r, fields, n);
    else
        read_row(r, fields);
    for (int c = 0; r->n_fields && c < N_COLUMNS; c++)
        if (r->at[c] == r->n_fields)
            return false; /* no row can be read */
    return true;
}

/* Every element of every cost must be there: what is left out would be in USD. */
static void check_all_given(struct reader *r)
{
    char key[KEY_MAX];
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        for (size_t i = 0; is_cost((enum snw_param_id)id) && i < snw_param_table[id].length; i++) {
            if (r->given[snw_param_table[id].offset + i])
                continue;
            snw_param_key((enum snw_param_id)id, i, key, sizeof key);
            r->status = snw_fail(r->ctx, SNW_ERR_TABLE,
                                 "%.160s: no row for %s: it would be in USD, and currencies mixed",
                                 r->path, key);
        }
}

snw_status snw_cost_table_read(struct snw_ctx *ctx, const char *path, struct snw_params *params,
                               struct snw_costs *costs)
{
    struct reader r = {.ctx = ctx, .path = path, .params = params, .costs = costs};
    snw_status status = SNW_OK;
    *costs = (struct snw_costs){.currency = "USD"};
    SNW_TRY(snw_csv_read(ctx, path, read_line, &r));
    if (r.status == SNW_OK && r.n_fields == 0)
        r.status = snw_fail(ctx, SNW_ERR_TABLE, "%.160s: is empty", path);
    if (r.status == SNW_OK)
        check_all_given(&r);
    status = r.status;
out:
    return status;
}
