/* A small result file of made-up numbers. */
#include "unit/store_example.h"

#include <stdlib.h>

#include "store/table.h"

static const char *const scenarios[] = {"reference", "exercise"};
static const char *const sexes[] = {"female", "male"};
static const char *const kinds[] = {"fall_injury", "fracture", "death"};
static const char *const origins[] = {"default", "prior", "config: größer"};

double example_grip(size_t scenario, size_t draw, size_t sex, size_t age)
{
    return 50.0 - 0.25 * (double)age + 10.0 * (double)sex + (double)scenario + 0.5 * (double)draw;
}

uint16_t example_asm(size_t scenario, size_t person, size_t age)
{
    return (uint16_t)(20000 + 100 * scenario + 7 * person - 50 * age);
}

size_t example_n_chunks(const struct example *example)
{
    size_t per_scenario = (EXAMPLE_PERSONS + example->chunk_rows - 1) / example->chunk_rows;
    return per_scenario * EXAMPLE_SCENARIOS;
}

static snw_status coordinates(struct snw_file *file, const char *group, struct snw_ctx *ctx)
{
    struct snw_variable scenario = {
        .group = group, .name = "scenario", .type = SNW_TEXT, .long_name = "scenario"};
    struct snw_variable sex = {.group = group, .name = "sex", .type = SNW_TEXT};
    struct snw_variable draw = {.group = group, .name = "draw", .type = SNW_I32, .units = "1"};
    struct snw_variable age = {.group = group,
                               .name = "age",
                               .type = SNW_I16,
                               .units = "year",
                               .long_name = "age in completed years"};
    int32_t draws[EXAMPLE_DRAWS] = {0, 1};
    int16_t ages[EXAMPLE_AGES];
    snw_status status;
    for (size_t i = 0; i < EXAMPLE_AGES; i++)
        ages[i] = (int16_t)(20 + i);
    SNW_TRY(snw_coordinate_write(file, &scenario, EXAMPLE_SCENARIOS, scenarios, ctx));
    SNW_TRY(snw_coordinate_write(file, &draw, EXAMPLE_DRAWS, draws, ctx));
    SNW_TRY(snw_coordinate_write(file, &sex, EXAMPLE_SEXES, sexes, ctx));
    SNW_TRY(snw_coordinate_write(file, &age, EXAMPLE_AGES, ages, ctx));
out:
    return status;
}

static snw_status summary(struct snw_file *file, struct snw_ctx *ctx)
{
    static float grip[EXAMPLE_SCENARIOS][EXAMPLE_DRAWS][EXAMPLE_SEXES][EXAMPLE_AGES];
    static double rate[EXAMPLE_SCENARIOS][EXAMPLE_DRAWS][EXAMPLE_SEXES][EXAMPLE_AGES];
    struct snw_variable v = {.group = "summary",
                             .name = "grip_kg",
                             .type = SNW_F32,
                             .n_dims = 4,
                             .dims = {"scenario", "draw", "sex", "age"},
                             .units = "kg",
                             .long_name = "grip strength, mean"};
    snw_status status;
    for (size_t s = 0; s < EXAMPLE_SCENARIOS; s++)
        for (size_t d = 0; d < EXAMPLE_DRAWS; d++)
            for (size_t x = 0; x < EXAMPLE_SEXES; x++)
                for (size_t a = 0; a < EXAMPLE_AGES; a++) {
                    grip[s][d][x][a] = (float)example_grip(s, d, x, a);
                    rate[s][d][x][a] = a ? 1.0 : (double)__builtin_nanf("");
                }
    SNW_TRY(coordinates(file, "summary", ctx));
    SNW_TRY(snw_variable_write(file, &v, grip, ctx));
    v.name = "hip_per_1000_py";
    v.type = SNW_F64;
    v.units = "year-1";
    v.long_name = NULL;
    SNW_TRY(snw_variable_write(file, &v, rate, ctx));
out:
    return status;
}

snw_status example_trajectories(struct snw_file *file, const struct example *example,
                                struct snw_ctx *ctx)
{
    struct snw_variable person = {.group = "trajectories",
                                  .name = "person",
                                  .type = SNW_I32,
                                  .units = "1",
                                  .long_name = "person's number"};
    struct snw_variable sex = {.group = "trajectories",
                               .name = "person_sex",
                               .type = SNW_U8,
                               .n_dims = 1,
                               .dims = {"person"},
                               .flags = sexes,
                               .n_flags = 2};
    struct snw_variable field = {.group = "trajectories",
                                 .name = "asm_kg",
                                 .type = SNW_U16,
                                 .n_dims = 3,
                                 .dims = {"scenario", "person", "age"},
                                 .units = "kg",
                                 .long_name = "appendicular skeletal muscle mass",
                                 .scale_factor = 0.001,
                                 .add_offset = 2.0,
                                 .has_fill = true,
                                 .fill = 65535};
    int32_t persons[EXAMPLE_PERSONS];
    uint8_t person_sex[EXAMPLE_PERSONS];
    snw_status status;
    for (size_t i = 0; i < EXAMPLE_PERSONS; i++) {
        persons[i] = (int32_t)(10 * i);
        person_sex[i] = (uint8_t)(i % 2);
    }
    SNW_TRY(coordinates(file, "trajectories", ctx));
    SNW_TRY(snw_coordinate_write(file, &person, EXAMPLE_PERSONS, persons, ctx));
    SNW_TRY(snw_variable_write(file, &sex, person_sex, ctx));
    SNW_TRY(snw_chunked_create(file, &field, example->chunk_rows, example->level, ctx));
out:
    return status;
}

snw_status example_chunk(struct snw_file *file, const struct example *example, size_t k,
                         struct snw_ctx *ctx)
{
    size_t rows = example->chunk_rows, per_scenario = example_n_chunks(example) / EXAMPLE_SCENARIOS;
    size_t scenario = k / per_scenario, first = k % per_scenario * rows;
    size_t n = EXAMPLE_PERSONS - first < rows ? EXAMPLE_PERSONS - first : rows;
    size_t chunk_bytes = rows * EXAMPLE_AGES * sizeof(uint16_t), n_bytes = 0;
    uint16_t *values = malloc(chunk_bytes);
    uint8_t *bytes = malloc(snw_compress_bound(chunk_bytes));
    struct snw_compressor compressor = {.work = NULL};
    snw_status status;
    if (!values || !bytes)
        abort();
    for (size_t i = 0; i < n; i++)
        for (size_t a = 0; a < EXAMPLE_AGES; a++)
            values[i * EXAMPLE_AGES + a] = example_asm(scenario, first + i, a);
    if (k == 0)
        values[3] = (uint16_t)(values[3] + example->changed_value);
    SNW_TRY(snw_compressor_init(&compressor, example->level, chunk_bytes, 2, ctx));
    SNW_TRY(snw_compress(&compressor, values, n * EXAMPLE_AGES * 2, bytes, &n_bytes, ctx));
    SNW_TRY(snw_chunk_write(file, "trajectories/asm_kg", (const uint64_t[]){scenario, first, 0},
                            bytes, n_bytes, ctx));
out:
    snw_compressor_free(&compressor);
    free(bytes);
    free(values);
    return status;
}

static snw_status events(struct snw_file *file, const struct example *example, struct snw_ctx *ctx)
{
    const struct snw_variable columns[] = {
        {.group = "events", .name = "person", .type = SNW_I32, .n_dims = 1, .dims = {"event"}},
        {.group = "events",
         .name = "age_yr",
         .type = SNW_F64,
         .n_dims = 1,
         .dims = {"event"},
         .units = "year",
         .long_name = "exact age"},
        {.group = "events",
         .name = "kind",
         .type = SNW_U8,
         .n_dims = 1,
         .dims = {"event"},
         .flags = kinds,
         .n_flags = 3},
    };
    int32_t person[EXAMPLE_EVENTS];
    double age[EXAMPLE_EVENTS];
    uint8_t kind[EXAMPLE_EVENTS];
    struct snw_table table = {.n_columns = 0};
    snw_status status;
    for (size_t i = 0; i < EXAMPLE_EVENTS; i++) {
        size_t e = example->reversed ? EXAMPLE_EVENTS - 1 - i : i;
        person[i] = (int32_t)(10 * (e % EXAMPLE_PERSONS));
        age[i] = 20.5 + 0.0625 * (double)e;
        kind[i] = (uint8_t)(e % 3);
    }
    SNW_TRY(snw_table_create(&table, file, columns, 3, example->level, ctx));
    SNW_TRY(
        snw_table_append(&table, EXAMPLE_EVENTS, (const void *const[]){person, age, kind}, ctx));
    SNW_TRY(snw_table_finish(&table, ctx));
out:
    snw_table_free(&table);
    return status;
}

static snw_status parameters(struct snw_file *file, struct snw_ctx *ctx)
{
    int32_t draws[EXAMPLE_DRAWS] = {0, 1};
    double loss[EXAMPLE_DRAWS] = {0.0125, 0.015};
    struct snw_variable draw = {.group = "parameters", .name = "draw", .type = SNW_I32};
    struct snw_variable origin = {.group = "parameters", .name = "origin", .type = SNW_TEXT};
    struct snw_variable v = {.group = "parameters",
                             .name = "muscle_loss_per_yr",
                             .type = SNW_F64,
                             .n_dims = 1,
                             .dims = {"draw"},
                             .units = "year-1"};
    snw_status status;
    SNW_TRY(snw_coordinate_write(file, &draw, EXAMPLE_DRAWS, draws, ctx));
    SNW_TRY(snw_coordinate_write(file, &origin, 3, origins, ctx));
    SNW_TRY(snw_variable_write(file, &v, loss, ctx));
    SNW_TRY(snw_attribute_text(file, "parameters/muscle_loss_per_yr", "key", "muscle.loss_per_yr",
                               ctx));
    SNW_TRY(snw_attribute_double(file, "parameters/muscle_loss_per_yr", "low", 0.0, ctx));
    SNW_TRY(snw_attribute_doubles(file, "parameters/muscle_loss_per_yr", "prior",
                                  (const double[]){0.0125, 0.002}, 2, ctx));
out:
    return status;
}

snw_status example_write(const char *path, const struct example *example, struct snw_ctx *ctx)
{
    struct snw_file file;
    size_t n_chunks = example_n_chunks(example);
    snw_status status;
    SNW_TRY(snw_file_create(&file, path, true, ctx));
    SNW_TRY(snw_attribute_text(&file, "/", "Conventions", "CF-1.10", ctx));
    SNW_TRY(snw_attribute_text(&file, "/", "title", "Größe", ctx));
    SNW_TRY(snw_attribute_int(&file, "/", "seed", 7, ctx));
    SNW_TRY(snw_text_write(&file, "/", "config", "title: an example\nseed: 7\n", ctx));
    SNW_TRY(snw_group_create(&file, "provenance", ctx));
    SNW_TRY(snw_text_write(&file, "provenance", "host", example->reversed ? "b" : "a", ctx));
    SNW_TRY(parameters(&file, ctx));
    SNW_TRY(summary(&file, ctx));
    SNW_TRY(example_trajectories(&file, example, ctx));
    for (size_t k = 0; k < n_chunks; k++)
        SNW_TRY(example_chunk(&file, example, example->reversed ? n_chunks - 1 - k : k, ctx));
    SNW_TRY(events(&file, example, ctx));
    SNW_TRY(snw_file_finish(&file, ctx));
out:
    return status;
}
