/* The design and its outcomes, and the indices, as tidy CSV. */
#include "cli/export.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The labels of the group. */
struct labels {
    struct snw_texts paths, factors, scenarios, sexes;
};

static snw_status read_labels(struct snw_ctx *ctx, struct snw_file *file, struct labels *l)
{
    snw_status status = SNW_OK;
    *l = (struct labels){.paths = {0}};
    SNW_TRY(snw_datasets_list(file, "sweep", NULL, &l->paths, ctx));
    SNW_TRY(snw_texts_read(file, "sweep/factor", &l->factors, ctx));
    SNW_TRY(snw_texts_read(file, "sweep/scenario", &l->scenarios, ctx));
    SNW_TRY(snw_texts_read(file, "sweep/sex", &l->sexes, ctx));
out:
    return status;
}

static void free_labels(struct labels *l)
{
    snw_texts_free(&l->paths);
    snw_texts_free(&l->factors);
    snw_texts_free(&l->scenarios);
    snw_texts_free(&l->sexes);
}

/* The numbers of a dataset; NULL without an error where there is none. */
static snw_status read_numbers(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                               double **values, size_t *n)
{
    struct snw_shape shape = {.n_values = *n};
    *values = NULL;
    if (!snw_object_exists(file, path))
        return SNW_OK;
    snw_status status = snw_export_read(ctx, file, path, &shape, values);
    *n = shape.n_values;
    return status;
}

static void print_number(double x)
{
    putchar(',');
    snw_export_number(x);
}

/* A measure is what has an error. */
static bool is_measure(const struct snw_file *file, const char *path)
{
    char error[256];
    snprintf(error, sizeof error, "%s_mcse", path);
    return snw_object_exists(file, error);
}

static snw_status print_measure(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                                const struct labels *l, const double *design)
{
    static const char *const suffix[3] = {"", "_mcse", "_gain_mcse"};
    snw_status status = SNW_OK;
    struct snw_export_unit unit;
    char name[256];
    double *part[3] = {NULL};
    size_t n = 0, sexes = l->sexes.n, cells = l->scenarios.n * sexes, k = l->factors.n;
    for (int p = 0; p < 3; p++) {
        snprintf(name, sizeof name, "%s%s", path, suffix[p]);
        SNW_TRY(read_numbers(ctx, file, name, &part[p], &n));
    }
    SNW_TRY(snw_export_unit_read(ctx, file, path, &unit));
    for (size_t i = 0; i < n; i++) {
        size_t point = i / cells;
        printf("%zu", point);
        for (size_t f = 0; f < k; f++)
            print_number(design[point * k + f]);
        printf(",%s,%s,%s", l->scenarios.text[i / sexes % l->scenarios.n], l->sexes.text[i % sexes],
               snw_export_name(path));
        print_number(part[0][i]);
        print_number(part[1][i]);
        print_number(part[0][i] - part[0][point * cells + i % sexes]);
        print_number(part[2] ? part[2][i] : (double)NAN);
        snw_export_end(&unit);
    }
out:
    for (int p = 0; p < 3; p++)
        free(part[p]);
    return status;
}

snw_status snw_export_sweep(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    snw_status status = SNW_OK;
    struct labels l;
    double *design = NULL;
    size_t n = 0;
    (void)group;
    SNW_TRY(read_labels(ctx, file, &l));
    SNW_TRY(read_numbers(ctx, file, "sweep/design", &design, &n));
    printf("point");
    for (size_t f = 0; f < l.factors.n; f++)
        printf(",%s", l.factors.text[f]);
    printf(",scenario,sex,measure,value,mcse,gain,gain_mcse,unit,basis\n");
    for (size_t i = 0; i < l.paths.n; i++)
        if (is_measure(file, l.paths.text[i]))
            SNW_TRY(print_measure(ctx, file, l.paths.text[i], &l, design));
out:
    free(design);
    free_labels(&l);
    return status;
}

/* One kind of index of one measure, with its interval where it has one. */
static snw_status print_index(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                              const char *index, const struct labels *l)
{
    static const char *const ends[3] = {"", "_low", "_high"};
    snw_status status = SNW_OK;
    struct snw_export_unit unit;
    char name[256];
    double *values[3] = {NULL};
    size_t n = 0, sexes = l->sexes.n, cells = l->scenarios.n * sexes;
    for (int e = 0; e < 3; e++) {
        snprintf(name, sizeof name, "%s_%s%s", path, index, ends[e]);
        SNW_TRY(read_numbers(ctx, file, name, &values[e], &n));
    }
    if (!values[0])
        goto out;
    snprintf(name, sizeof name, "%s_%s", path, index);
    SNW_TRY(snw_export_unit_read(ctx, file, name, &unit));
    for (size_t i = 0; i < n; i++) {
        printf("%s,%s,%s,%s,%s", snw_export_name(path),
               l->scenarios.text[i / sexes % l->scenarios.n], l->sexes.text[i % sexes],
               l->factors.text[i / cells], index);
        for (int e = 0; e < 3; e++)
            print_number(values[e] ? values[e][i] : (double)NAN);
        snw_export_end(&unit);
    }
out:
    for (int e = 0; e < 3; e++)
        free(values[e]);
    return status;
}

snw_status snw_export_sensitivity(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    static const char *const indices[] = {"first", "total", "mu", "mu_star", "sigma"};
    snw_status status = SNW_OK;
    struct labels l;
    char design[32] = "", gain[256];
    (void)group;
    SNW_TRY(read_labels(ctx, file, &l));
    SNW_TRY(snw_attribute_read_text(file, "sweep", "design", design, sizeof design, ctx));
    if (strcmp(design, "saltelli") != 0 && strcmp(design, "morris") != 0)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT,
                         "a design %s gives no sensitivity indices: saltelli and morris do",
                         design));
    printf("measure,scenario,sex,factor,index,value,low,high,unit,basis\n");
    for (size_t i = 0; i < l.paths.n; i++)
        for (size_t k = 0; k < 5 && is_measure(file, l.paths.text[i]); k++) {
            SNW_TRY(print_index(ctx, file, l.paths.text[i], indices[k], &l));
            snprintf(gain, sizeof gain, "%s_gain", l.paths.text[i]);
            SNW_TRY(print_index(ctx, file, gain, indices[k], &l));
        }
out:
    free_labels(&l);
    return status;
}
