/* Writes what a study measured, row by row. */
#include "experiment/study.h"

#include <stdlib.h>

static const char group[] = "study";
static const char *const sex_labels[] = {"female", "male"};

static const struct snw_variable first_columns[SNW_STUDY_FIRST_READING] = {
    [SNW_STUDY_PERSON] = {.name = "person",
                          .type = SNW_I32,
                          .units = "1",
                          .long_name = "Row of a person measured; see replicate and person_id"},
    [SNW_STUDY_REPLICATE] = {.name = "replicate",
                             .type = SNW_I32,
                             .units = "1",
                             .long_name = "Replicate of the study"},
    [SNW_STUDY_PERSON_ID] = {.name = "person_id",
                             .type = SNW_I32,
                             .units = "1",
                             .long_name = "Person, numbered within the replicate"},
    [SNW_STUDY_SEX] = {.name = "sex",
                       .type = SNW_U8,
                       .units = "1",
                       .long_name = "Sex",
                       .flags = sex_labels,
                       .n_flags = 2},
    [SNW_STUDY_GROUP] = {.name = "group_code",
                         .type = SNW_I16,
                         .units = "1",
                         .long_name = "Group of the sample, as numbered in group_name from 0"},
    [SNW_STUDY_AGE] = {.name = "age",
                       .type = SNW_I16,
                       .units = "year",
                       .long_name = "Age in completed years at the visit"},
};

static void describe_columns(struct snw_study *study)
{
    for (size_t c = 0; c < SNW_STUDY_COLUMNS; c++) {
        struct snw_variable *v = &study->columns[c];
        if (c < SNW_STUDY_FIRST_READING) {
            *v = first_columns[c];
        } else {
            const struct snw_measure_info *info = &snw_measure_table[c - SNW_STUDY_FIRST_READING];
            *v = (struct snw_variable){.name = info->name,
                                       .type = SNW_U16,
                                       .units = info->unit,
                                       .long_name = info->doc,
                                       .scale_factor = info->scale,
                                       .add_offset = info->offset,
                                       .has_fill = true,
                                       .fill = SNW_FILL};
        }
        v->group = group;
        v->n_dims = 1;
        v->dims[0] = first_columns[SNW_STUDY_PERSON].name;
    }
}

snw_status snw_study_create(struct snw_ctx *ctx, const struct snw_world *world,
                            struct snw_file *file, enum snw_compression level,
                            struct snw_study *study)
{
    snw_status status = SNW_OK;
    const struct snw_samples *sample = &world->settings->sample;
    const char **names = malloc(sample->n * sizeof *names);
    if (!names)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for labels");
    for (size_t i = 0; i < sample->n; i++)
        names[i] = sample->group[i].name;
    describe_columns(study);
    SNW_TRY(snw_group_create(file, group, ctx));
    struct snw_variable v = {.group = group,
                             .name = "group_name",
                             .type = SNW_TEXT,
                             .long_name = "Group of the study's sample"};
    SNW_TRY(snw_coordinate_write(file, &v, sample->n, names, ctx));
    SNW_TRY(snw_table_create(&study->table, file, study->columns, SNW_STUDY_COLUMNS, level, ctx));
    SNW_TRY(snw_attribute_text(file, group, "comment",
                               "As measured, with the error of each instrument; all other groups "
                               "hold the truth about the same people",
                               ctx));
out:
    free(names);
    return status;
}

snw_status snw_study_resume(struct snw_ctx *ctx, struct snw_file *file, enum snw_compression level,
                            struct snw_study *study)
{
    describe_columns(study);
    return snw_table_resume(&study->table, file, study->columns, SNW_STUDY_COLUMNS, level, ctx);
}

/* Visits as columns: values[c] has room for n values of column c. */
static void spread(const struct snw_population *population, const struct snw_visit *visits,
                   size_t n, int32_t first_row, void *const *values)
{
    for (size_t i = 0; i < n; i++) {
        const struct snw_visit *visit = &visits[i];
        const struct snw_cell_of_people *cell = snw_population_cell(population, visit->person);
        ((int32_t *)values[SNW_STUDY_PERSON])[i] = first_row + (int32_t)i;
        ((int32_t *)values[SNW_STUDY_REPLICATE])[i] = snw_replicate_of(visit->replicate);
        ((int32_t *)values[SNW_STUDY_PERSON_ID])[i] = (int32_t)visit->person;
        ((uint8_t *)values[SNW_STUDY_SEX])[i] = (uint8_t)cell->sex;
        ((int16_t *)values[SNW_STUDY_GROUP])[i] = (int16_t)(cell - population->cells);
        ((int16_t *)values[SNW_STUDY_AGE])[i] = (int16_t)visit->age;
        for (size_t m = 0; m < SNW_N_READ; m++)
            ((uint16_t *)values[SNW_STUDY_FIRST_READING + m])[i] = visit->q[m];
    }
}

snw_status snw_study_take(struct snw_ctx *ctx, const struct snw_population *population,
                          struct snw_study *study, const struct snw_visit *visits, size_t n)
{
    snw_status status = SNW_OK;
    void *values[SNW_STUDY_COLUMNS] = {NULL};
    const void *columns[SNW_STUDY_COLUMNS];
    uint64_t first_row = study->table.n_rows_in_file + study->table.n_rows_waiting;
    for (size_t c = 0; c < SNW_STUDY_COLUMNS; c++) {
        columns[c] = values[c] = malloc(n * snw_dtype_bytes(study->columns[c].type));
        if (!values[c]) {
            status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu visits", n);
            goto out;
        }
    }
    spread(population, visits, n, (int32_t)first_row, values);
    SNW_TRY(snw_table_append(&study->table, n, columns, ctx));
out:
    for (size_t c = 0; c < SNW_STUDY_COLUMNS; c++)
        free(values[c]);
    return status;
}
