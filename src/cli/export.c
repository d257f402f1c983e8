/* sinew export: groups of a result as CSV. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/export.h"
#include "experiment/provenance.h"
#include "recorders/measures.h"

const char *snw_export_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

snw_status snw_export_read(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                           struct snw_shape *shape, double **values)
{
    snw_status status = SNW_OK;
    *values = NULL;
    SNW_TRY(snw_shape_read(file, path, shape, ctx));
    if (shape->type == SNW_TEXT)
        return SNW_OK;
    *values = malloc((shape->n_values ? shape->n_values : 1) * sizeof **values);
    if (!*values)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory to read %s", path);
    SNW_TRY(snw_doubles_read(file, path, *values, shape->n_values, ctx));
out:
    return status;
}

void snw_export_number(double value)
{
    if (!isnan(value))
        printf("%.9g", value);
}

/* Unpacked where the dataset is packed. */
static void packing(struct snw_ctx *ctx, struct snw_file *file, const char *path, double *scale,
                    double *offset)
{
    *scale = 1;
    *offset = 0;
    if (snw_attribute_exists(file, path, "scale_factor") &&
        (snw_attribute_read_double(file, path, "scale_factor", scale, ctx) != SNW_OK ||
         snw_attribute_read_double(file, path, "add_offset", offset, ctx) != SNW_OK))
        *scale = 1;
}

/* How a variable of /summary is laid out: (scenario, draw, sex, age) or, over draws, without the
   second; and perhaps one dimension more. */
struct layout {
    size_t draws; /* 0 where there is no such dimension */
    size_t fifth; /* 1 where there is none */
    const char *kind;
    struct snw_texts labels; /* of sites and causes */
};

static snw_status lay_out(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                          const struct snw_shape *shape, struct layout *layout)
{
    char at[96];
    const char *name = snw_export_name(path);
    bool over_draws = strstr(name, "_draws_") != NULL;
    bool death = strstr(name, "attributed") != NULL, more = shape->n_dims + over_draws == 5;
    *layout = (struct layout){.draws = over_draws ? 0 : shape->length[1], .fifth = 1, .kind = ""};
    if (!more)
        return SNW_OK;
    layout->fifth = shape->length[shape->n_dims - 1];
    layout->kind = strstr(name, "cost_by_part")     ? "part"
                   : strstr(name, "cost_by_ledger") ? "ledger"
                   : layout->fifth == SNW_LEVELS    ? "level"
                   : death                          ? "cause"
                                                    : "site";
    snprintf(at, sizeof at, "summary/%s", layout->kind);
    if (layout->fifth == SNW_LEVELS)
        return SNW_OK;
    return snw_texts_read(file, at, &layout->labels, ctx);
}

/* What money is counted by; nothing of other variables. */
static snw_status read_basis(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                             char *text, size_t size)
{
    snw_status status = SNW_OK;
    char ledger[32], perspective[48], index[32], discounting[32];
    text[0] = '\0';
    if (!snw_attribute_exists(file, path, "perspective"))
        return SNW_OK;
    SNW_TRY(snw_attribute_read_text(file, path, "ledger", ledger, sizeof ledger, ctx));
    SNW_TRY(
        snw_attribute_read_text(file, path, "perspective", perspective, sizeof perspective, ctx));
    SNW_TRY(snw_attribute_read_text(file, path, "price_index", index, sizeof index, ctx));
    SNW_TRY(
        snw_attribute_read_text(file, path, "discounting", discounting, sizeof discounting, ctx));
    snprintf(text, size, "%s ledger; %s perspective; prices by %s; %s", ledger, perspective, index,
             strcmp(discounting, "none") == 0 ? "undiscounted" : discounting);
out:
    return status;
}

snw_status snw_export_unit_read(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                                struct snw_export_unit *unit)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_attribute_read_text(file, path, "units", unit->unit, sizeof unit->unit, ctx));
    SNW_TRY(read_basis(ctx, file, path, unit->basis, sizeof unit->basis));
out:
    return status;
}

void snw_export_end(const struct snw_export_unit *unit)
{
    printf(",%s,%s\n", unit->unit, unit->basis);
}

/* One value a row; draws that are not kept are left out. */
static snw_status export_summary_one(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                                     const struct snw_texts *scenarios)
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    struct layout layout = {.labels = {0}};
    struct snw_export_unit unit;
    double *values = NULL;
    SNW_TRY(snw_export_read(ctx, file, path, &shape, &values));
    if (!values || shape.n_dims < 3)
        goto out;
    SNW_TRY(snw_export_unit_read(ctx, file, path, &unit));
    SNW_TRY(lay_out(ctx, file, path, &shape, &layout));
    for (size_t i = 0; i < shape.n_values; i++) {
        size_t k = i % layout.fifth, cell = i / layout.fifth % (2 * SNW_N_AGES);
        size_t row = i / layout.fifth / (2 * SNW_N_AGES);
        size_t draw = layout.draws ? row % layout.draws : 0;
        if (draw > 0 && isnan(values[i]))
            continue;
        printf("%s,", scenarios->text[layout.draws ? row / layout.draws : row]);
        if (layout.draws)
            printf("%zu", draw);
        printf(",%s,%d,%s,", cell < SNW_N_AGES ? "female" : "male",
               SNW_AGE_FIRST + (int)(cell % SNW_N_AGES), layout.kind);
        if (layout.labels.n)
            printf("%s", layout.labels.text[k]);
        else if (layout.fifth > 1)
            printf("%zu", k);
        printf(",%s,", snw_export_name(path));
        snw_export_number(values[i]);
        snw_export_end(&unit);
    }
out:
    snw_texts_free(&layout.labels);
    free(values);
    return status;
}

static snw_status export_summary(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    snw_status status = SNW_OK;
    struct snw_texts paths = {0}, scenarios = {0};
    SNW_TRY(snw_texts_read(file, "summary/scenario", &scenarios, ctx));
    SNW_TRY(snw_datasets_list(file, group, NULL, &paths, ctx));
    printf("scenario,draw,sex,age,dimension,label,variable,value,unit,basis\n");
    for (size_t i = 0; i < paths.n; i++)
        SNW_TRY(export_summary_one(ctx, file, paths.text[i], &scenarios));
out:
    snw_texts_free(&paths);
    snw_texts_free(&scenarios);
    return status;
}

/* The name of a column; of money also what it is. */
static snw_status print_column(struct snw_ctx *ctx, struct snw_file *file, const char *path)
{
    snw_status status = SNW_OK;
    char units[64] = "", basis[192] = "";
    SNW_TRY(read_basis(ctx, file, path, basis, sizeof basis));
    if (basis[0])
        SNW_TRY(snw_attribute_read_text(file, path, "units", units, sizeof units, ctx));
    printf(basis[0] ? ",%s [%s; %s]" : ",%s", snw_export_name(path), units, basis);
out:
    return status;
}

/* A variable of /paired: (scenario, draw, sex) or, over draws, (scenario, sex). */
static snw_status export_paired_one(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                                    const struct snw_texts *scenarios,
                                    const struct snw_texts *sexes)
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    struct snw_export_unit unit;
    double *values = NULL;
    SNW_TRY(snw_export_read(ctx, file, path, &shape, &values));
    if (!values || shape.n_dims < 2)
        goto out;
    SNW_TRY(snw_export_unit_read(ctx, file, path, &unit));
    size_t draws = shape.n_dims == 3 ? shape.length[1] : 1;
    for (size_t i = 0; i < shape.n_values; i++) {
        size_t draw = i / sexes->n % draws;
        if (draw > 0 && isnan(values[i]))
            continue;
        printf("%s,", scenarios->text[i / sexes->n / draws]);
        if (shape.n_dims == 3)
            printf("%zu", draw);
        printf(",%s,%s,", sexes->text[i % sexes->n], snw_export_name(path));
        snw_export_number(values[i]);
        snw_export_end(&unit);
    }
out:
    free(values);
    return status;
}

static snw_status export_paired(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    snw_status status = SNW_OK;
    struct snw_texts paths = {0}, scenarios = {0}, sexes = {0};
    SNW_TRY(snw_texts_read(file, "paired/scenario", &scenarios, ctx));
    SNW_TRY(snw_texts_read(file, "paired/sex", &sexes, ctx));
    SNW_TRY(snw_datasets_list(file, group, NULL, &paths, ctx));
    printf("scenario,draw,sex,variable,value,unit,basis\n");
    for (size_t i = 0; i < paths.n; i++)
        SNW_TRY(export_paired_one(ctx, file, paths.text[i], &scenarios, &sexes));
out:
    snw_texts_free(&paths);
    snw_texts_free(&scenarios);
    snw_texts_free(&sexes);
    return status;
}

/* All fields of the sampled lives: a row for each scenario, person and age. */
static snw_status export_trajectories(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    snw_status status = SNW_OK;
    struct snw_texts paths = {0};
    double **columns = NULL, *scale = NULL, *offset = NULL;
    size_t n = 0, rows = 0, ages = 1, people = 1;
    SNW_TRY(snw_datasets_list(file, group, NULL, &paths, ctx));
    columns = calloc(paths.n + 1, sizeof *columns);
    scale = calloc(paths.n + 1, sizeof *scale);
    offset = calloc(paths.n + 1, sizeof *offset);
    if (!columns || !scale || !offset) {
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory to export %s", group);
        goto out;
    }
    printf("scenario,person,age");
    for (size_t i = 0; i < paths.n; i++) {
        struct snw_shape shape;
        SNW_TRY(snw_shape_read(file, paths.text[i], &shape, ctx));
        if (shape.n_dims != 3 || shape.type == SNW_TEXT)
            continue;
        SNW_TRY(snw_export_read(ctx, file, paths.text[i], &shape, &columns[n]));
        packing(ctx, file, paths.text[i], &scale[n], &offset[n]);
        rows = shape.n_values;
        ages = shape.length[2];
        people = shape.length[1];
        SNW_TRY(print_column(ctx, file, paths.text[i]));
        n++;
    }
    printf("\n");
    for (size_t r = 0; r < rows; r++) {
        printf("%zu,%zu,%zu", r / ages / people, r / ages % people, SNW_AGE_FIRST + r % ages);
        for (size_t c = 0; c < n; c++) {
            putchar(',');
            if (columns[c][r] < 65534.5)
                snw_export_number(columns[c][r] * scale[c] + offset[c]);
        }
        putchar('\n');
    }
out:
    for (size_t c = 0; columns && c < n; c++)
        free(columns[c]);
    free(columns);
    free(scale);
    free(offset);
    snw_texts_free(&paths);
    return status;
}

/* A variable of /summary_by_year, (scenario, draw of length 1, year, sex, age_group) or, over
   draws, without the second: one value a row. */
static snw_status export_by_year_one(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                                     const struct snw_texts labels[3])
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    struct snw_export_unit unit;
    double *values = NULL, years[SNW_N_AGES];
    SNW_TRY(snw_export_read(ctx, file, path, &shape, &values));
    if (!values || shape.n_dims < 4 || shape.length[shape.n_dims - 3] > SNW_N_AGES)
        goto out;
    size_t n_years = shape.length[shape.n_dims - 3];
    SNW_TRY(snw_doubles_read(file, "summary_by_year/year", years, n_years, ctx));
    SNW_TRY(snw_export_unit_read(ctx, file, path, &unit));
    for (size_t i = 0; i < shape.n_values; i++) {
        size_t group = i % labels[2].n, row = i / labels[2].n;
        size_t sex = row % labels[1].n, year = row / labels[1].n % n_years;
        printf("%s,%.0f,%s,%s,%s,", labels[0].text[row / labels[1].n / n_years], years[year],
               labels[1].text[sex], labels[2].text[group], snw_export_name(path));
        snw_export_number(values[i]);
        snw_export_end(&unit);
    }
out:
    free(values);
    return status;
}

static snw_status export_by_year(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    static const char *const dimensions[] = {"scenario", "sex", "age_group"};
    snw_status status = SNW_OK;
    struct snw_texts paths = {0}, labels[3] = {{0}};
    char at[96];
    for (int k = 0; k < 3; k++) {
        snprintf(at, sizeof at, "%s/%s", group, dimensions[k]);
        SNW_TRY(snw_texts_read(file, at, &labels[k], ctx));
    }
    SNW_TRY(snw_datasets_list(file, group, NULL, &paths, ctx));
    printf("scenario,year,sex,age_group,variable,value,unit,basis\n");
    for (size_t i = 0; i < paths.n; i++)
        SNW_TRY(export_by_year_one(ctx, file, paths.text[i], labels));
out:
    for (int k = 0; k < 3; k++)
        snw_texts_free(&labels[k]);
    snw_texts_free(&paths);
    return status;
}

enum { ROWS_AT_ONCE = 65536 };

/* A column of a long table. */
struct column {
    const char *path;
    double scale, offset, fill; /* fill: NaN for none */
    double *values;             /* (ROWS_AT_ONCE,) */
};

/* Opens the columns of a group, n of them; what was opened is the caller's even after a failure. */
static snw_status open_columns(struct snw_ctx *ctx, struct snw_file *file,
                               const struct snw_texts *paths, struct column *columns, size_t *n,
                               size_t *rows)
{
    snw_status status = SNW_OK;
    for (size_t i = 0; i < paths->n; i++) {
        struct snw_shape shape;
        struct column *c = &columns[*n];
        SNW_TRY(snw_shape_read(file, paths->text[i], &shape, ctx));
        if (shape.n_dims != 1 || shape.type == SNW_TEXT)
            continue;
        *c = (struct column){.path = paths->text[i], .fill = NAN};
        packing(ctx, file, c->path, &c->scale, &c->offset);
        if (snw_attribute_exists(file, c->path, "_FillValue"))
            SNW_TRY(snw_attribute_read_double(file, c->path, "_FillValue", &c->fill, ctx));
        c->values = malloc(ROWS_AT_ONCE * sizeof *c->values);
        if (!c->values) {
            status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory to export %s", c->path);
            goto out;
        }
        *rows = shape.n_values;
        ++*n;
    }
out:
    return status;
}

/* Who a row is about comes before what was found. */
static int by_rank(const void *a, const void *b)
{
    static const char *const first[] = {"person", "replicate",  "person_id",
                                        "sex",    "group_code", "age"};
    enum { N_FIRST = sizeof first / sizeof first[0] };
    const char *names[2] = {snw_export_name(((const struct column *)a)->path),
                            snw_export_name(((const struct column *)b)->path)};
    size_t rank[2] = {0, 0};
    for (int k = 0; k < 2; k++)
        while (rank[k] < N_FIRST && strcmp(names[k], first[rank[k]]) != 0)
            rank[k]++;
    return rank[0] != rank[1] ? (rank[0] < rank[1] ? -1 : 1) : strcmp(names[0], names[1]);
}

static void print_rows(const struct column *columns, size_t n, size_t rows,
                       const struct snw_texts *groups)
{
    static const char *const sexes[] = {"female", "male"};
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < n; c++) {
            double value = columns[c].values[r];
            const char *name = snw_export_name(columns[c].path);
            if (c)
                putchar(',');
            if (groups->n && strcmp(name, "sex") == 0)
                fputs(sexes[value > 0.5], stdout);
            else if (groups->n && strcmp(name, "group_code") == 0)
                fputs(groups->text[(size_t)value], stdout); /* a name: needs no quotes */
            else if (value != columns[c].fill)
                snw_export_number(value * columns[c].scale + columns[c].offset);
        }
        putchar('\n');
    }
}

/* A long table, piece by piece: its length is bounded by the disk only. */
static snw_status export_table(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    snw_status status = SNW_OK;
    struct snw_texts paths = {0}, groups = {0};
    struct column *columns = NULL;
    size_t n = 0, rows = 0;
    SNW_TRY(snw_datasets_list(file, group, NULL, &paths, ctx));
    if (snw_object_exists(file, "study/group_name") && strcmp(group, "study") == 0)
        SNW_TRY(snw_texts_read(file, "study/group_name", &groups, ctx));
    columns = calloc(paths.n + 1, sizeof *columns);
    if (!columns) {
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory to export %s", group);
        goto out;
    }
    SNW_TRY(open_columns(ctx, file, &paths, columns, &n, &rows));
    qsort(columns, n, sizeof *columns, by_rank);
    for (size_t c = 0; c < n; c++) {
        const char *name = snw_export_name(columns[c].path);
        printf("%s%s", c ? "," : "", strcmp(name, "group_code") ? name : "group");
    }
    printf("\n");
    for (size_t at = 0; at < rows; at += ROWS_AT_ONCE) {
        size_t some = rows - at < ROWS_AT_ONCE ? rows - at : ROWS_AT_ONCE;
        for (size_t c = 0; c < n; c++)
            SNW_TRY(snw_rows_read(file, columns[c].path, at, some, columns[c].values, ctx));
        print_rows(columns, n, some, &groups);
    }
out:
    for (size_t c = 0; columns && c < n; c++)
        free(columns[c].values);
    free(columns);
    snw_texts_free(&groups);
    snw_texts_free(&paths);
    return status;
}

static const struct {
    const char *what, *group;
    snw_status (*write)(struct snw_ctx *ctx, struct snw_file *file, const char *group);
} kinds[] = {
    {"summary", "summary", export_summary},
    {"summary_by_year", "summary_by_year", export_by_year},
    {"paired", "paired", export_paired},
    {"economics", "economics", snw_export_economics},
    {"events", "events", export_table},
    {"study", "study", export_table},
    {"trajectories", "trajectories", export_trajectories},
    {"sweep", "sweep", snw_export_sweep},
    {"sensitivity", "sweep", snw_export_sensitivity},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

snw_status snw_command_export(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    snw_status status = SNW_OK, closed;
    struct snw_file file;
    size_t k = 0;
    if (a->n_words != 2)
        return snw_fail(ctx, SNW_ERR_USAGE,
                        "sinew export wants a result and one of summary, summary_by_year, paired, "
                        "economics, events, study, trajectories, sweep, sensitivity");
    if (a->format && strcmp(a->format, "csv") != 0)
        return snw_fail(ctx, SNW_ERR_USAGE, "--format %s: csv is what there is", a->format);
    while (k < N_KINDS && strcmp(a->words[1], kinds[k].what) != 0)
        k++;
    if (k == N_KINDS)
        return snw_fail(ctx, SNW_ERR_USAGE,
                        "%s: summary, summary_by_year, paired, economics, events, study, "
                        "trajectories, sweep or sensitivity is wanted",
                        a->words[1]);
    SNW_TRY(snw_result_require(ctx, a->words[0]));
    SNW_TRY(snw_file_open(&file, a->words[0], ctx));
    if (snw_object_exists(&file, kinds[k].group))
        status = kinds[k].write(ctx, &file, kinds[k].group);
    else
        status = snw_fail(ctx, SNW_ERR_FORMAT, "%s holds no %s", a->words[0], kinds[k].what);
    closed = snw_file_close(&file, ctx);
    status = status == SNW_OK ? closed : status;
out:
    return status;
}
