/* sinew export: groups of a result as CSV. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "experiment/provenance.h"
#include "params/params.h"
#include "store/read.h"

static const char *base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static snw_status read_all(struct snw_ctx *ctx, struct snw_file *file, const char *path,
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

static void print_value(double value)
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

static snw_status export_summary_one(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                                     const struct snw_texts *scenarios)
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    double *values = NULL;
    char units[64] = "";
    const char *death = strstr(base(path), "attributed");
    SNW_TRY(read_all(ctx, file, path, &shape, &values));
    if (!values || shape.n_dims < 4)
        goto out;
    SNW_TRY(snw_attribute_read_text(file, path, "units", units, sizeof units, ctx));
    size_t fifth = shape.n_dims == 5 ? shape.length[4] : 1;
    const char *kind = shape.n_dims < 5 ? "" : fifth == 4 ? "level" : death ? "cause" : "site";
    struct snw_texts labels = {0};
    char at[96];
    snprintf(at, sizeof at, "summary/%s", kind);
    if (fifth == 6)
        SNW_TRY(snw_texts_read(file, at, &labels, ctx));
    for (size_t i = 0; i < shape.n_values; i++) {
        size_t k = i % fifth, cell = i / fifth % (2 * SNW_N_AGES), s = i / fifth / (2 * SNW_N_AGES);
        s /= shape.length[1];
        printf("%s,0,%s,%d,%s,", scenarios->text[s], cell < SNW_N_AGES ? "female" : "male",
               SNW_AGE_FIRST + (int)(cell % SNW_N_AGES), kind);
        if (fifth == 6)
            printf("%s", labels.text[k]);
        else if (fifth > 1)
            printf("%zu", k);
        printf(",%s,", base(path));
        print_value(values[i]);
        printf(",%s\n", units);
    }
    snw_texts_free(&labels);
out:
    free(values);
    return status;
}

static snw_status export_summary(struct snw_ctx *ctx, struct snw_file *file)
{
    snw_status status = SNW_OK;
    struct snw_texts paths = {0}, scenarios = {0};
    SNW_TRY(snw_texts_read(file, "summary/scenario", &scenarios, ctx));
    SNW_TRY(snw_datasets_list(file, "summary", NULL, &paths, ctx));
    printf("scenario,draw,sex,age,dimension,label,variable,value,unit\n");
    for (size_t i = 0; i < paths.n; i++)
        SNW_TRY(export_summary_one(ctx, file, paths.text[i], &scenarios));
out:
    snw_texts_free(&paths);
    snw_texts_free(&scenarios);
    return status;
}

/* All datasets of a group that have the shape of the first wanted, as columns. */
static snw_status export_columns(struct snw_ctx *ctx, struct snw_file *file, const char *group,
                                 size_t n_dims)
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
    for (size_t i = 0; i < paths.n; i++) {
        struct snw_shape shape;
        SNW_TRY(snw_shape_read(file, paths.text[i], &shape, ctx));
        if (shape.n_dims != n_dims || shape.type == SNW_TEXT)
            continue;
        SNW_TRY(read_all(ctx, file, paths.text[i], &shape, &columns[n]));
        packing(ctx, file, paths.text[i], &scale[n], &offset[n]);
        rows = shape.n_values;
        ages = n_dims == 3 ? shape.length[2] : 1;
        people = n_dims == 3 ? shape.length[1] : 1;
        printf("%s%s", n ? "," : n_dims == 3 ? "scenario,person,age," : "", base(paths.text[i]));
        n++;
    }
    printf("\n");
    for (size_t r = 0; r < rows; r++) {
        if (n_dims == 3)
            printf("%zu,%zu,%zu,", r / ages / people, r / ages % people, SNW_AGE_FIRST + r % ages);
        for (size_t c = 0; c < n; c++) {
            bool fill = n_dims == 3 && columns[c][r] > 65534.5;
            if (c)
                putchar(',');
            if (!fill)
                print_value(columns[c][r] * scale[c] + offset[c]);
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

snw_status snw_command_export(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    snw_status status = SNW_OK, closed;
    struct snw_file file;
    if (a->n_words != 2)
        return snw_fail(ctx, SNW_ERR_USAGE,
                        "sinew export wants a result and one of summary, events, trajectories");
    if (a->format && strcmp(a->format, "csv") != 0)
        return snw_fail(ctx, SNW_ERR_USAGE, "--format %s: csv is what there is", a->format);
    const char *what = a->words[1];
    bool known = strcmp(what, "summary") == 0 || strcmp(what, "events") == 0 ||
                 strcmp(what, "trajectories") == 0;
    if (!known)
        return snw_fail(ctx, SNW_ERR_USAGE, "%s: summary, events or trajectories is wanted", what);
    SNW_TRY(snw_result_require(ctx, a->words[0]));
    SNW_TRY(snw_file_open(&file, a->words[0], ctx));
    char group[32];
    snprintf(group, sizeof group, "/%s", what);
    if (!snw_object_exists(&file, group))
        status = snw_fail(ctx, SNW_ERR_FORMAT, "%s holds no %s", a->words[0], what);
    else if (strcmp(what, "summary") == 0)
        status = export_summary(ctx, &file);
    else
        status = export_columns(ctx, &file, what, strcmp(what, "events") == 0 ? 1 : 3);
    closed = snw_file_close(&file, ctx);
    status = status == SNW_OK ? closed : status;
out:
    return status;
}
