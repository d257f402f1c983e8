/* Group /economics as tidy CSV: one value a row, with a column for each dimension. */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/export.h"

static const char *const columns[] = {"scenario", "draw", "threshold", "sex",
                                      "subgroup", "part", "ledger"};
enum { COLUMNS = sizeof columns / sizeof *columns };

static size_t column_of(const char *name)
{
    size_t c = 0;
    while (c < COLUMNS && strcmp(columns[c], name) != 0)
        c++;
    return c;
}

/* Labels of a coordinate as texts, none where the group has no such. */
static snw_status read_labels(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                              struct snw_texts *labels)
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    char text[32];
    double *values = NULL;
    if (!snw_object_exists(file, path))
        return SNW_OK;
    SNW_TRY(snw_export_read(ctx, file, path, &shape, &values));
    if (!values)
        return snw_texts_read(file, path, labels, ctx);
    labels->text = calloc(shape.n_values + 1, sizeof *labels->text);
    for (size_t i = 0; labels->text && i < shape.n_values; i++) {
        snprintf(text, sizeof text, "%.9g", values[i]);
        labels->text[i] = strdup(text);
        labels->n += labels->text[i] != NULL;
    }
    if (labels->n < shape.n_values)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to export %s", path));
out:
    free(values);
    return status;
}

/* Prints where a value stands: the label of each dimension that its variable has. */
static void print_place(size_t at, const struct snw_texts *dimensions,
                        const struct snw_texts labels[COLUMNS])
{
    const char *text[COLUMNS] = {NULL};
    for (size_t d = dimensions->n; d-- > 0;) {
        size_t c = column_of(dimensions->text[d]);
        text[c] = labels[c].text[at % labels[c].n];
        at /= labels[c].n;
    }
    for (size_t c = 0; c < COLUMNS; c++)
        printf("%s,", text[c] ? text[c] : "");
}

/* Unit and basis; of codes the words in the order of their numbers. */
static snw_status read_unit(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                            struct snw_export_unit *unit)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_export_unit_read(ctx, file, path, unit));
    if (snw_attribute_exists(file, path, "flag_meanings"))
        SNW_TRY(snw_attribute_read_text(file, path, "flag_meanings", unit->basis,
                                        sizeof unit->basis, ctx));
out:
    return status;
}

static snw_status export_one(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                             const struct snw_texts labels[COLUMNS])
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    struct snw_export_unit unit;
    struct snw_texts dimensions = {0};
    double *values = NULL, fill = NAN;
    size_t n = 1;
    SNW_TRY(snw_export_read(ctx, file, path, &shape, &values));
    SNW_TRY(read_unit(ctx, file, path, &unit));
    SNW_TRY(snw_dimensions_read(file, path, &dimensions, ctx));
    for (size_t d = 0; d < dimensions.n; d++) {
        size_t c = column_of(dimensions.text[d]);
        n *= c < COLUMNS ? labels[c].n : 0;
    }
    if (n != shape.n_values)
        SNW_TRY(
            snw_fail(ctx, SNW_ERR_FORMAT, "%s: %s is not what /economics holds", file->path, path));
    if (snw_attribute_exists(file, path, "_FillValue"))
        SNW_TRY(snw_attribute_read_double(file, path, "_FillValue", &fill, ctx));
    for (size_t i = 0; i < n; i++) {
        print_place(i, &dimensions, labels);
        printf("%s,", snw_export_name(path));
        snw_export_number(values[i] == fill ? (double)NAN : values[i]);
        snw_export_end(&unit);
    }
out:
    snw_texts_free(&dimensions);
    free(values);
    return status;
}

snw_status snw_export_economics(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    snw_status status = SNW_OK;
    struct snw_texts paths = {0}, labels[COLUMNS] = {{0}};
    char at[64];
    for (size_t c = 0; c < COLUMNS; c++) {
        snprintf(at, sizeof at, "%s/%s", group, columns[c]);
        SNW_TRY(read_labels(ctx, file, at, &labels[c]));
        printf("%s,", columns[c]);
    }
    printf("variable,value,unit,basis\n");
    SNW_TRY(snw_datasets_list(file, group, NULL, &paths, ctx));
    for (size_t i = 0; i < paths.n; i++)
        if (column_of(snw_export_name(paths.text[i])) == COLUMNS)
            SNW_TRY(export_one(ctx, file, paths.text[i], labels));
out:
    for (size_t c = 0; c < COLUMNS; c++)
        snw_texts_free(&labels[c]);
    snw_texts_free(&paths);
    return status;
}
