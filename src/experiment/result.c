/* Creates the result file, takes in parcels, and completes it. */
#include "experiment/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/build_info.h"
#include "experiment/accounting.h"
#include "experiment/by_year.h"
#include "experiment/economics.h"
#include "experiment/labels.h"
#include "experiment/paired.h"
#include "experiment/provenance.h"
#include "experiment/screens.h"
#include "experiment/summary.h"
#include "experiment/sweep_write.h"
#include "store/digest.h"

static const char trajectories[] = "trajectories";

static const char *const event_kinds[] = {"fall_injury", "fracture",        "death",
                                          "menopause",   "treatment_start", "treatment_stop",
                                          "nursing_home"};
static const char *const event_sites[] = {"hip", "vertebral", "forearm", "humerus", "leg", "other"};

static const struct snw_variable event_columns[] = {
    {.group = "events",
     .name = "scenario",
     .type = SNW_U8,
     .n_dims = 1,
     .dims = {"event"},
     .units = "1",
     .long_name = "Scenario, as numbered in /summary/scenario"},
    {.group = "events",
     .name = "draw",
     .type = SNW_I32,
     .n_dims = 1,
     .dims = {"event"},
     .units = "1",
     .long_name = "Draw of the parameters"},
    {.group = "events",
     .name = "person",
     .type = SNW_I32,
     .n_dims = 1,
     .dims = {"event"},
     .units = "1",
     .long_name = "Person"},
    {.group = "events",
     .name = "replicate",
     .type = SNW_I32,
     .n_dims = 1,
     .dims = {"event"},
     .units = "1",
     .long_name = "Replicate of the population"},
    {.group = "events",
     .name = "age_yr",
     .type = SNW_F64,
     .n_dims = 1,
     .dims = {"event"},
     .units = "year",
     .long_name = "Exact age"},
    {.group = "events",
     .name = "kind",
     .type = SNW_U8,
     .n_dims = 1,
     .dims = {"event"},
     .units = "1",
     .long_name = "What happened",
     .flags = event_kinds,
     .n_flags = 7},
    {.group = "events",
     .name = "site",
     .type = SNW_U8,
     .n_dims = 1,
     .dims = {"event"},
     .units = "1",
     .long_name = "Site of a fracture; of a death the part of the hazard it is attributed to",
     .has_fill = true,
     .fill = 255,
     .flags = event_sites,
     .n_flags = 6},
};

enum { N_COLUMNS = sizeof event_columns / sizeof event_columns[0] };

static enum snw_compression level_of(const struct snw_world *world)
{
    return world->settings->compression == SNW_COMPRESSION_NONE   ? SNW_COMPRESS_NONE
           : world->settings->compression == SNW_COMPRESSION_ZLIB ? SNW_COMPRESS_SMALL
                                                                  : SNW_COMPRESS_FAST;
}

static snw_status create_trajectories(struct snw_ctx *ctx, const struct snw_world *world,
                                      struct snw_result *r)
{
    snw_status status = SNW_OK;
    const struct snw_population *p = &world->population;
    int32_t *rows = malloc(p->rows * sizeof *rows), ages[SNW_N_AGES];
    if (!rows)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for trajectories");
    for (uint64_t i = 0; i < p->rows; i++)
        rows[i] = (int32_t)i;
    for (int i = 0; i < SNW_N_AGES; i++)
        ages[i] = SNW_AGE_FIRST + i;
    SNW_TRY(snw_group_create(&r->file, trajectories, ctx));
    SNW_TRY(snw_scenario_axis(ctx, &r->file, world, trajectories));
    struct snw_variable v = {.group = trajectories,
                             .name = "person",
                             .type = SNW_I32,
                             .units = "1",
                             .long_name = "Row of a sampled person; see person_id"};
    SNW_TRY(snw_coordinate_write(&r->file, &v, p->rows, rows, ctx));
    v = (struct snw_variable){.group = trajectories,
                              .name = "age",
                              .type = SNW_I32,
                              .units = "year",
                              .long_name = "Age in completed years"};
    SNW_TRY(snw_coordinate_write(&r->file, &v, SNW_N_AGES, ages, ctx));
    for (size_t f = 0; f < world->n_fields; f++) {
        const struct snw_measure_info *info = &snw_measure_table[world->fields[f]];
        char unit[SNW_UNIT_MAX];
        v = (struct snw_variable){.group = trajectories,
                                  .name = info->name,
                                  .type = SNW_U16,
                                  .n_dims = 3,
                                  .dims = {"scenario", "person", "age"},
                                  .units = snw_unit_of(world, info->unit, unit),
                                  .long_name = info->doc,
                                  .scale_factor = info->scale,
                                  .add_offset = info->offset,
                                  .has_fill = true,
                                  .fill = SNW_FILL};
        SNW_TRY(snw_chunked_create(&r->file, &v, p->unit_rows, level_of(world), ctx));
        SNW_TRY(snw_money_attributes(ctx, &r->file, world, &v, NULL));
    }
out:
    free(rows);
    return status;
}

static snw_status room_for_people(struct snw_ctx *ctx, const struct snw_world *world,
                                  struct snw_result *r)
{
    size_t n = world->n_scenarios * world->population.rows;
    r->people = calloc(n ? n : 1, sizeof *r->people);
    return r->people ? SNW_OK : snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the sampled people");
}

static bool keeps_events(const struct snw_world *world)
{
    return world->settings->events == SNW_EVENTS_ALL ||
           (world->settings->events == SNW_EVENTS_SAMPLE && world->population.rows > 0);
}

snw_status snw_result_create(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                             bool force, struct snw_result *r)
{
    snw_status status = SNW_OK;
    *r = (struct snw_result){0};
    SNW_TRY(snw_file_create(&r->file, path, force, ctx));
    SNW_TRY(room_for_people(ctx, world, r));
    if (world->population.rows)
        SNW_TRY(create_trajectories(ctx, world, r));
    if (keeps_events(world)) {
        SNW_TRY(snw_group_create(&r->file, "events", ctx));
        SNW_TRY(snw_table_create(&r->events, &r->file, event_columns, N_COLUMNS, SNW_COMPRESS_FAST,
                                 ctx));
        r->has_events = true;
    }
    if (world->settings->mode == SNW_MODE_STUDY) {
        SNW_TRY(snw_study_create(ctx, world, &r->file, level_of(world), &r->study));
        r->has_study = true;
    }
    r->has_draws = snw_settings_worlds(world->settings) > 0;
    if (r->has_draws)
        SNW_TRY(snw_spread_create(ctx, world, path, &r->draws));
out:
    return status;
}

snw_status snw_result_append(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                             struct snw_result *r)
{
    snw_status status = SNW_OK;
    *r = (struct snw_result){0};
    SNW_TRY(snw_file_append(&r->file, path, ctx));
    SNW_TRY(room_for_people(ctx, world, r));
    if (keeps_events(world)) {
        SNW_TRY(snw_table_resume(&r->events, &r->file, event_columns, N_COLUMNS, SNW_COMPRESS_FAST,
                                 ctx));
        r->has_events = true;
    }
    if (world->settings->mode == SNW_MODE_STUDY) {
        SNW_TRY(snw_study_resume(ctx, &r->file, level_of(world), &r->study));
        r->has_study = true;
    }
out:
    return status;
}

/* Rows of events as the table's columns. */
static snw_status take_events(struct snw_ctx *ctx, struct snw_result *r,
                              const struct snw_event_row *rows, size_t n)
{
    snw_status status = SNW_OK;
    uint8_t *scenario = malloc(n), *kind = malloc(n), *site = malloc(n);
    int32_t *draw = calloc(n, sizeof *draw), *person = malloc(n * sizeof *person);
    int32_t *replicate = malloc(n * sizeof *replicate);
    double *age = malloc(n * sizeof *age);
    if (!scenario || !kind || !site || !draw || !person || !replicate || !age) {
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu events", n);
        goto out;
    }
    for (size_t i = 0; i < n; i++) {
        scenario[i] = rows[i].scenario;
        kind[i] = rows[i].kind;
        site[i] = rows[i].site;
        person[i] = rows[i].person;
        replicate[i] = snw_replicate_of((uint32_t)rows[i].replicate);
        age[i] = rows[i].age_yr;
    }
    const void *columns[N_COLUMNS] = {scenario, draw, person, replicate, age, kind, site};
    SNW_TRY(snw_table_append(&r->events, n, columns, ctx));
    r->n_events += n;
out:
    free(scenario);
    free(kind);
    free(site);
    free(draw);
    free(person);
    free(replicate);
    free(age);
    return status;
}

static snw_status take_chunk(struct snw_ctx *ctx, const struct snw_world *world,
                             struct snw_result *r, const struct snw_record *record,
                             const unsigned char *bytes)
{
    snw_status status = SNW_OK;
    char name[96];
    uint64_t first[3] = {record->scenario, record->first_row, 0};
    snprintf(name, sizeof name, "%s/%s", trajectories,
             snw_measure_table[world->fields[record->field]].name);
    SNW_TRY(snw_chunked_write(&r->file, &r->fields[record->field], name, first, bytes,
                              record->n_bytes, ctx));
    r->bytes_stored += record->n_bytes;
    r->bytes_raw += record->n_rows * SNW_N_AGES * sizeof(uint16_t);
    snw_digest_merge(&r->lives, &record->digest);
    r->n_lives += record->n_rows;
out:
    return status;
}

snw_status snw_result_record(struct snw_ctx *ctx, const struct snw_world *world,
                             struct snw_result *r, const struct snw_record *record,
                             const unsigned char *bytes)
{
    switch ((enum snw_record_kind)record->kind) {
    case SNW_RECORD_CHUNK:
        return take_chunk(ctx, world, r, record, bytes);
    case SNW_RECORD_PEOPLE:
        memcpy(&r->people[record->scenario * world->population.rows + record->first_row], bytes,
               record->n_bytes);
        return SNW_OK;
    case SNW_RECORD_DRAW:
        return snw_spread_take(ctx, &r->draws, record->first_row, (const void *)bytes);
    case SNW_RECORD_VISITS:
        return snw_study_take(ctx, &world->population, &r->study, (const void *)bytes,
                              record->n_bytes / sizeof(struct snw_visit));
    case SNW_RECORD_EVENTS:
        return r->has_events ? take_events(ctx, r, (const void *)bytes,
                                           record->n_bytes / sizeof(struct snw_event_row))
                             : SNW_OK;
    }
    return snw_fail(ctx, SNW_ERR_INTERNAL, "a record of unknown kind %u", record->kind);
}

snw_status snw_result_take(struct snw_ctx *ctx, const struct snw_world *world, struct snw_result *r,
                           const struct snw_parcel *parcel)
{
    snw_status status = SNW_OK;
    const struct snw_record *record;
    const unsigned char *bytes;
    for (size_t at = 0; (record = snw_parcel_next(parcel, &at, &bytes)) != NULL;)
        SNW_TRY(snw_result_record(ctx, world, r, record, bytes));
out:
    return status;
}

static const char *const sex_labels[] = {"female", "male"};
static const char *const cause_labels[] = {"background", "hip_fracture", "vertebral_fracture",
                                           "frailty",    "weakness",     "igfbp2"};

/* What is known of each sampled person: one variable a row. */
static const struct {
    const char *name, *units, *doc;
    enum snw_dtype type;
    bool by_scenario; /* (scenario, person), else (person) */
    size_t offset;    /* in struct snw_track_person */
    const char *const *flags;
    size_t n_flags;
} person_columns[] = {
    {"person_id", "1", "Person", SNW_I32, false, offsetof(struct snw_track_person, person), NULL,
     0},
    {"replicate", "1", "Replicate of the population", SNW_I32, false,
     offsetof(struct snw_track_person, replicate), NULL, 0},
    {"birth_year", "year", "Calendar year of birth; 0 where the population has none", SNW_I32,
     false, offsetof(struct snw_track_person, birth_year), NULL, 0},
    {"sex", "1", "Sex", SNW_U8, false, offsetof(struct snw_track_person, sex), sex_labels, 2},
    {"age_at_fmp", "year", "Age at the final menstrual period, women", SNW_F64, true,
     offsetof(struct snw_track_person, fmp_age_yr), NULL, 0},
    {"age_at_death", "year", "Age at death; missing in those who outlive the horizon", SNW_F64,
     true, offsetof(struct snw_track_person, death_age_yr), NULL, 0},
    {"cause_of_death", "1", "Part of the hazard that the death is attributed to", SNW_U8, true,
     offsetof(struct snw_track_person, cause), cause_labels, SNW_N_CAUSES},
};

static snw_status write_people(struct snw_ctx *ctx, const struct snw_world *world,
                               struct snw_result *r)
{
    snw_status status = SNW_OK;
    size_t rows = world->population.rows, n = rows * world->n_scenarios;
    char *values = malloc(n * sizeof(double));
    if (!values)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the sampled people");
    for (size_t i = 0; i < n; i++) /* the number of the attempt stands above the replicate */
        r->people[i].replicate = snw_replicate_of((uint32_t)r->people[i].replicate);
    for (size_t c = 0; c < sizeof person_columns / sizeof person_columns[0]; c++) {
        struct snw_variable v = {.group = trajectories,
                                 .name = person_columns[c].name,
                                 .type = person_columns[c].type,
                                 .n_dims = 1,
                                 .dims = {"person"},
                                 .units = person_columns[c].units,
                                 .long_name = person_columns[c].doc,
                                 .flags = person_columns[c].flags,
                                 .n_flags = person_columns[c].n_flags};
        if (person_columns[c].by_scenario) {
            v.n_dims = 2;
            v.dims[0] = "scenario";
            v.dims[1] = "person";
            v.has_fill = v.type == SNW_U8;
            v.fill = 255;
        }
        size_t bytes = snw_dtype_bytes(v.type);
        for (size_t i = 0; i < (v.n_dims == 2 ? n : rows); i++) {
            const char *person = (const void *)&r->people[i];
            memcpy(values + i * bytes, person + person_columns[c].offset, bytes);
        }
        SNW_TRY(snw_variable_write(&r->file, &v, values, ctx));
    }
out:
    free(values);
    return status;
}

/* Trajectories whose rows all came by need not be read back. */
static snw_status digest_of(struct snw_ctx *ctx, const struct snw_world *world,
                            struct snw_result *r, struct snw_digest *digest)
{
    struct snw_digest_known known = {trajectories, r->lives};
    uint64_t all = world->population.rows * world->n_scenarios * world->n_fields;
    return snw_digest_open_file(ctx, &r->file, r->n_lives == all ? &known : NULL, digest);
}

snw_status snw_result_finish(struct snw_ctx *ctx, const struct snw_world *world,
                             const struct snw_totals *totals, const struct snw_run_facts *facts,
                             struct snw_result *r)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_accounting_balance(ctx, world, totals));
    for (size_t f = 0; f < world->n_fields; f++)
        SNW_TRY(snw_chunked_close(&r->file, &r->fields[f], ctx));
    if (world->population.rows)
        SNW_TRY(write_people(ctx, world, r));
    if (r->has_events)
        SNW_TRY(snw_table_finish(&r->events, ctx));
    if (r->has_study)
        SNW_TRY(snw_table_finish(&r->study.table, ctx));
    const struct snw_spread *draws = world->settings->draws > 0 ? &r->draws : NULL;
    SNW_TRY(snw_summary_write(ctx, &r->file, world, totals, draws));
    SNW_TRY(snw_screens_write(ctx, &r->file, world, totals, draws));
    if (world->sweep)
        SNW_TRY(snw_sweep_write(ctx, &r->file, world, totals, &r->draws));
    if (world->n_scenarios > 1)
        SNW_TRY(snw_paired_write(ctx, &r->file, world, totals, draws));
    if (snw_economics_applies(world))
        SNW_TRY(snw_economics_write(ctx, &r->file, world, totals, draws));
    if (world->population.years)
        SNW_TRY(snw_by_year_write(ctx, &r->file, world, totals, draws));
    SNW_TRY(snw_provenance_write(ctx, &r->file, world, facts));
    struct snw_digest digest = {0, 0};
    char text[SNW_DIGEST_TEXT];
    SNW_TRY(digest_of(ctx, world, r, &digest));
    snw_digest_text(&digest, text);
    SNW_TRY(snw_attribute_text(&r->file, "/", "digest", text, ctx));
    SNW_TRY(snw_file_finish(&r->file, ctx));
out:
    return status;
}

void snw_result_free(struct snw_result *r)
{
    if (r->has_events)
        snw_table_free(&r->events);
    if (r->has_study)
        snw_table_free(&r->study.table);
    if (r->has_draws)
        snw_spread_free(&r->draws);
    free(r->people);
    *r = (struct snw_result){0};
}
