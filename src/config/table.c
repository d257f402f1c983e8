/* Reads a table row by row into one value for each sex and age of one year. */
#include "config/table.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/csv.h"
#include "config/scalar.h"

enum { AGE_MAX = 150, YEARS_MAX = 512 };
enum column { YEAR, SEX, AGE, VALUE, N_COLUMNS };
static const char *const sexes[] = {"female", "male"};

struct reader {
    struct snw_ctx *ctx;
    const char *path;
    const char *names[N_COLUMNS];
    double high; /* largest value allowed */
    int year;    /* asked for */
    size_t line;
    bool stop;
    snw_status status;
    size_t n_fields;          /* of the header, 0 before it */
    size_t place[N_COLUMNS];  /* of each column */
    int last_age[2];          /* -1 before the first */
    double value[2][AGE_MAX]; /* NaN where missing */
    int years[YEARS_MAX];
    size_t n_years;
};

static void fail(struct reader *r, const char *what, const char *shown)
{
    r->status =
        snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %s%.60s", r->path, r->line, what, shown);
}

static void read_header(struct reader *r, char *const *fields, size_t n)
{
    for (int c = 0; c < N_COLUMNS; c++) {
        size_t i = 0, found = n;
        for (; i < n; i++) {
            if (strcmp(fields[i], r->names[c]) != 0)
                continue;
            if (found < n)
                fail(r, "column twice: ", r->names[c]);
            found = i;
        }
        if (found == n)
            fail(r, "no column ", r->names[c]);
        r->place[c] = found;
    }
    r->n_fields = n;
    r->stop = r->status != SNW_OK; /* rows cannot be read without their columns */
}

static bool read_whole(struct reader *r, const char *text, const char *what, int low, int high,
                       int *value)
{
    int64_t x = 0;
    if (snw_read_integer(text, &x) != SNW_NUMBER_OK || x < low || x > high) {
        fail(r, what, text);
        return false;
    }
    *value = (int)x;
    return true;
}

static void note_year(struct reader *r, int year)
{
    for (size_t i = 0; i < r->n_years; i++)
        if (r->years[i] == year)
            return;
    if (r->n_years < YEARS_MAX)
        r->years[r->n_years++] = year;
}

static void keep_value(struct reader *r, int sex, int age, double x)
{
    char shown[64];
    snprintf(shown, sizeof shown, "%s of %d", sexes[sex], age);
    if (!isnan(r->value[sex][age]))
        fail(r, "a second row for ", shown);
    else if (age < r->last_age[sex])
        fail(r, "ages out of order: ", shown);
    r->value[sex][age] = x;
    r->last_age[sex] = age;
}

static void read_row(struct reader *r, char *const *fields)
{
    int year = 0, age = 0, sex = 0;
    double x = 0;
    const char *text = fields[r->place[VALUE]], *name = fields[r->place[SEX]];
    bool good = read_whole(r, fields[r->place[YEAR]], "year is no year: ", 1000, 3000, &year);
    good &= read_whole(r, fields[r->place[AGE]], "age is no age in years: ", 0, AGE_MAX - 1, &age);
    for (sex = 0; sex < 2 && strcmp(name, sexes[sex]) != 0;)
        sex++;
    if (sex == 2) {
        fail(r, "sex is neither female nor male: ", name);
        good = false;
    }
    if (snw_read_real(text, &x) != SNW_NUMBER_OK) {
        fail(r, "value is no number: ", text);
        good = false;
    } else if (x < 0 || x > r->high) {
        fail(r,
             r->high == 1 ? "probability outside 0 to 1: " : "value below 0 or too large: ", text);
        good = false;
    }
    if (good)
        note_year(r, year);
    if (good && year == r->year)
        keep_value(r, sex, age, x);
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
    return !r->stop;
}

static int by_number(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static snw_status report_years(struct reader *r)
{
    char list[256] = "";
    size_t n = 0;
    qsort(r->years, r->n_years, sizeof r->years[0], by_number);
    for (size_t i = 0; i < r->n_years && n + 16 < sizeof list; i++)
        n += (size_t)snprintf(list + n, sizeof list - n, "%s%d", i ? ", " : "", r->years[i]);
    return snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s: no year %d; it has %s", r->path, r->year,
                    r->n_years ? list : "no rows");
}

/* Every run of missing ages of a sex, from `first` to `last`. */
static void report_holes(struct reader *r, int sex, int first, int last)
{
    for (int age = first; age <= last; age++) {
        int from = age;
        while (age <= last && isnan(r->value[sex][age]))
            age++;
        char ages[32];
        snprintf(ages, sizeof ages, age - 1 == from ? "age %d" : "ages %d to %d", from, age - 1);
        if (age > from)
            r->status = snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s: year %d, %s: no row for %s",
                                 r->path, r->year, sexes[sex], ages);
    }
}

static snw_status read_table(struct reader *r)
{
    snw_status status = SNW_OK;
    r->last_age[0] = r->last_age[1] = -1;
    for (int i = 0; i < 2 * AGE_MAX; i++)
        r->value[i / AGE_MAX][i % AGE_MAX] = (double)NAN;
    SNW_TRY(snw_csv_read(r->ctx, r->path, read_line, r));
    if (r->n_fields == 0 && r->status == SNW_OK)
        r->status = snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s: is empty", r->path);
    status = r->status;
    if (status == SNW_OK && r->last_age[0] < 0 && r->last_age[1] < 0)
        status = report_years(r);
out:
    return status;
}

snw_status snw_life_table_read(struct snw_ctx *ctx, const char *path, int year,
                               double qx[2][SNW_TABLE_AGES])
{
    struct reader r = {.ctx = ctx,
                       .path = path,
                       .names = {"year", "sex", "age", "qx"},
                       .high = 1,
                       .year = year,
                       .status = SNW_OK};
    snw_status status = SNW_OK;
    SNW_TRY(read_table(&r));
    for (int sex = 0; sex < 2; sex++) {
        report_holes(&r, sex, SNW_TABLE_FIRST, SNW_TABLE_LAST);
        memcpy(qx[sex], &r.value[sex][SNW_TABLE_FIRST], SNW_TABLE_AGES * sizeof(double));
    }
    status = r.status;
out:
    return status;
}

snw_status snw_population_read(struct snw_ctx *ctx, const char *path, int year,
                               double count[2][SNW_TABLE_AGES], double above97[2])
{
    struct reader r = {.ctx = ctx,
                       .path = path,
                       .names = {"year", "sex", "age", "count"},
                       .high = 1e12,
                       .year = year,
                       .status = SNW_OK};
    snw_status status = SNW_OK;
    SNW_TRY(read_table(&r));
    for (int sex = 0; sex < 2; sex++) {
        int last = r.last_age[sex] > SNW_TABLE_LAST ? r.last_age[sex] : SNW_TABLE_LAST + 1;
        report_holes(&r, sex, SNW_TABLE_FIRST, last);
        memcpy(count[sex], &r.value[sex][SNW_TABLE_FIRST], SNW_TABLE_AGES * sizeof(double));
        above97[sex] = 0;
        for (int age = SNW_TABLE_LAST + 1; age <= last; age++)
            above97[sex] += r.value[sex][age];
    }
    status = r.status;
out:
    return status;
}

snw_status snw_table_read_young(struct snw_ctx *ctx, const char *path, const char *column,
                                double high, int year, double values[2][SNW_TABLE_FIRST])
{
    struct reader r = {.ctx = ctx,
                       .path = path,
                       .names = {"year", "sex", "age", column},
                       .high = high,
                       .year = year,
                       .status = SNW_OK};
    snw_status status = SNW_OK;
    SNW_TRY(read_table(&r));
    for (int sex = 0; sex < 2; sex++) {
        report_holes(&r, sex, 0, SNW_TABLE_FIRST - 1);
        memcpy(values[sex], r.value[sex], SNW_TABLE_FIRST * sizeof(double));
    }
    status = r.status;
out:
    return status;
}
