/* Writes what a reader needs to trace a result. */
#define _GNU_SOURCE
#include "experiment/provenance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/build_info.h"
#include "experiment/summary.h"
#include "parallel/ranks.h"
#include "store/hash.h"

snw_status snw_result_require(struct snw_ctx *ctx, const char *path)
{
    struct snw_file file;
    snw_status status, closed;
    SNW_TRY(snw_file_open(&file, path, ctx));
    bool whole = snw_attribute_exists(&file, "/", "status");
    if (!whole && snw_object_exists(&file, "trajectories"))
        status = snw_fail(ctx, SNW_ERR_FORMAT, "%s is of a run that is not finished", path);
    else if (!whole)
        status = snw_fail(ctx, SNW_ERR_FORMAT, "%s is not a result of sinew", path);
    closed = snw_file_close(&file, ctx);
    status = status == SNW_OK ? closed : status;
out:
    return status;
}

snw_status snw_config_text(struct snw_ctx *ctx, const struct snw_settings *settings, char **text)
{
    struct snw_settings same = *settings; /* borrows all pointers; not freed */
    same.block_people = 512;
    same.commit_seconds = 2;
    same.commit_mib = 256;
    same.compression = SNW_COMPRESSION_IGZIP;
    return snw_settings_text(ctx, &same, text);
}

static snw_status write_parameters(struct snw_ctx *ctx, struct snw_file *file,
                                   const struct snw_world *world)
{
    snw_status status = SNW_OK;
    int32_t draw = 0;
    bool made[SNW_AXIS_COUNT] = {false};
    SNW_TRY(snw_group_create(file, "parameters", ctx));
    struct snw_variable v = {.group = "parameters",
                             .name = "draw",
                             .type = SNW_I32,
                             .units = "1",
                             .long_name = "Draw of the parameters; 0 is the point estimate"};
    SNW_TRY(snw_coordinate_write(file, &v, 1, &draw, ctx));
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        const enum snw_axis_id axes[2] = {info->axis, info->axis2};
        char name[96], object[128], key[96];
        snprintf(name, sizeof name, "%s_%s", info->section, info->name);
        v = (struct snw_variable){.group = "parameters",
                                  .name = name,
                                  .type = SNW_F64,
                                  .n_dims = 1,
                                  .dims = {"draw"},
                                  .units = info->unit,
                                  .long_name = info->doc};
        for (int k = 0; k < 2; k++) {
            const struct snw_axis_info *axis = &snw_axis_table[axes[k]];
            if (axis->length == 1)
                continue;
            if (!made[axes[k]]) {
                struct snw_variable label = {.group = "parameters",
                                             .name = axis->name,
                                             .type = SNW_TEXT,
                                             .long_name = "Axis of parameters"};
                SNW_TRY(snw_coordinate_write(file, &label, axis->length, axis->labels, ctx));
                made[axes[k]] = true;
            }
            v.dims[v.n_dims++] = axis->name;
        }
        SNW_TRY(snw_variable_write(
            file, &v, snw_params_at_const(&world->settings->params, (enum snw_param_id)id), ctx));
        snprintf(object, sizeof object, "parameters/%s", name);
        snprintf(key, sizeof key, "%s.%s", info->section, info->name);
        SNW_TRY(snw_attribute_text(file, object, "key", key, ctx));
        SNW_TRY(snw_attribute_doubles(file, object, "default", info->defaults, info->length, ctx));
        SNW_TRY(snw_attribute_double(file, object, "low", info->low, ctx));
        SNW_TRY(snw_attribute_double(file, object, "high", info->high, ctx));
        SNW_TRY(snw_attribute_text(file, object, "source", info->source, ctx));
    }
out:
    return status;
}

/* One number of the reference by sex and age, and its standard error. */
static snw_status write_reference_one(struct snw_ctx *ctx, struct snw_file *file,
                                      const struct snw_world *world, const char *name,
                                      size_t offset, const char *doc)
{
    snw_status status = SNW_OK;
    double values[2][SNW_N_SEXES * SNW_N_AGES];
    char error[64];
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int a = 0; a < SNW_N_AGES; a++) {
            const char *frozen = (const void *)&world->pilot->frozen.year[s][a];
            const char *spread = (const void *)&world->pilot->error.year[s][a];
            memcpy(&values[0][s * SNW_N_AGES + a], frozen + offset, sizeof(double));
            memcpy(&values[1][s * SNW_N_AGES + a], spread + offset, sizeof(double));
        }
    struct snw_variable v = {.group = "reference",
                             .name = name,
                             .type = SNW_F64,
                             .n_dims = 2,
                             .dims = {"sex", "age"},
                             .units = "1",
                             .long_name = doc};
    SNW_TRY(snw_variable_write(file, &v, values[0], ctx));
    snprintf(error, sizeof error, "%s_mcse", name);
    v.name = error;
    SNW_TRY(snw_variable_write(file, &v, values[1], ctx));
out:
    return status;
}

/* What the reference holds by sex alone, and the life table it was normalised to. */
static snw_status write_reference_rest(struct snw_ctx *ctx, struct snw_file *file,
                                       const struct snw_world *world)
{
    snw_status status = SNW_OK;
    const struct snw_reference *r = &world->pilot->frozen;
    struct snw_variable v = {.group = "reference",
                             .name = "disability_logit",
                             .type = SNW_F64,
                             .n_dims = 1,
                             .dims = {"sex"},
                             .units = "1",
                             .long_name = "Logit of disability at 75 without risk"};
    SNW_TRY(snw_variable_write(file, &v, r->disability, ctx));
    v.name = "smi_factor";
    v.long_name = "Skeletal muscle index by bioimpedance over rASM";
    SNW_TRY(snw_variable_write(file, &v, r->smi_factor, ctx));
    double q[SNW_N_SEXES * SNW_N_AGES];
    memcpy(q, world->life.q, sizeof q);
    v = (struct snw_variable){.group = "reference",
                              .name = "life_table_q",
                              .type = SNW_F64,
                              .n_dims = 2,
                              .dims = {"sex", "age"},
                              .units = "1",
                              .long_name = "Chance of death within the year, life table"};
    SNW_TRY(snw_variable_write(file, &v, q, ctx));
out:
    return status;
}

static snw_status write_reference(struct snw_ctx *ctx, struct snw_file *file,
                                  const struct snw_world *world)
{
    snw_status status = SNW_OK;
    static const char *const scores[] = {"ln_grip", "gait_m_s", "ln_abmd_femoral_neck",
                                         "ln_abmd_lumbar_spine", "ln_igfbp2"};
    char name[64];
    SNW_TRY(snw_summary_axes(ctx, file, world, "reference"));
    for (size_t k = 0; k < SNW_N_SCORES; k++) {
        snprintf(name, sizeof name, "%s_mean", scores[k]);
        SNW_TRY(write_reference_one(ctx, file, world, name,
                                    offsetof(struct snw_reference_year, mean) + k * sizeof(double),
                                    "Mean in the reference population; _mcse its standard error"));
        snprintf(name, sizeof name, "%s_sd", scores[k]);
        SNW_TRY(write_reference_one(ctx, file, world, name,
                                    offsetof(struct snw_reference_year, sd) + k * sizeof(double),
                                    "SD in the reference population; _mcse its standard error"));
    }
    SNW_TRY(write_reference_one(
        ctx, file, world, "fall_rate", offsetof(struct snw_reference_year, fall_rate),
        "Falls per person-year at relative rate 1; _mcse of the logarithm"));
    for (size_t k = 0; k < SNW_N_SITE; k++) {
        const char *site = snw_axis_table[SNW_AXIS_SITE].labels[k];
        snprintf(name, sizeof name, "per_fall_%s", site);
        SNW_TRY(write_reference_one(
            ctx, file, world, name,
            offsetof(struct snw_reference_year, per_fall) + k * sizeof(double),
            "Chance that a fall breaks the site at relative risk 1; _mcse of the logarithm"));
        snprintf(name, sizeof name, "per_year_%s", site);
        SNW_TRY(write_reference_one(
            ctx, file, world, name,
            offsetof(struct snw_reference_year, per_year) + k * sizeof(double),
            "Non-fall hazard of the site at relative hazard 1; _mcse of the logarithm"));
    }
    SNW_TRY(write_reference_one(ctx, file, world, "death_factor",
                                offsetof(struct snw_reference_year, death),
                                "Factor on the life table's hazard; _mcse of the logarithm"));
    SNW_TRY(write_reference_one(ctx, file, world, "enter_home",
                                offsetof(struct snw_reference_year, enter_home),
                                "Hazard of entering a nursing home, robust and unhurt"));
    SNW_TRY(write_reference_rest(ctx, file, world));
out:
    return status;
}

static snw_status write_root(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world)
{
    snw_status status = SNW_OK;
    const struct snw_settings *settings = world->settings;
    char text[160], hash[SNW_SHA256_TEXT], *config = NULL;
    SNW_TRY(snw_config_text(ctx, settings, &config));
    snw_sha256(config, strlen(config), hash);
    SNW_TRY(snw_text_write(file, "/", "config", config, ctx));
    SNW_TRY(snw_attribute_text(file, "/", "config_sha256", hash, ctx));
    SNW_TRY(snw_attribute_text(file, "/", "title", settings->title, ctx));
    snprintf(text, sizeof text, "sinew %s (%s)", snw_version(), snw_commit());
    SNW_TRY(snw_attribute_text(file, "/", "source", text, ctx));
    SNW_TRY(snw_attribute_text(file, "/", "Conventions", "CF-1.8", ctx));
    SNW_TRY(snw_attribute_double(file, "/", "seed", (double)settings->seed, ctx));
    SNW_TRY(snw_sha256_file(settings->life_table.found, hash, ctx));
    SNW_TRY(snw_attribute_text(file, "/", "life_table_sha256", hash, ctx));
    SNW_TRY(snw_sha256_file(settings->population_table.found, hash, ctx));
    SNW_TRY(snw_attribute_text(file, "/", "population_table_sha256", hash, ctx));
    SNW_TRY(
        snw_attribute_double(file, "/", "units_complete", (double)world->population.n_units, ctx));
    SNW_TRY(snw_attribute_text(file, "/", "status", "complete", ctx));
    SNW_TRY(snw_attribute_text(file, "/", "comment",
                               "The reference arm is current care: observed fracture, fall and "
                               "mortality rates already contain today's treatments.",
                               ctx));
out:
    free(config);
    return status;
}

snw_status snw_provenance_write(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_world *world, const struct snw_run_facts *facts)
{
    snw_status status = SNW_OK;
    char host[128] = "", when[64];
    time_t now = time(NULL);
    struct tm utc;
    char *config = NULL;
    SNW_TRY(write_root(ctx, file, world));
    SNW_TRY(write_parameters(ctx, file, world));
    SNW_TRY(write_reference(ctx, file, world));
    SNW_TRY(snw_group_create(file, "provenance", ctx));
    gethostname(host, sizeof host - 1);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    SNW_TRY(snw_attribute_text(file, "provenance", "command_line", facts->command_line, ctx));
    SNW_TRY(snw_attribute_text(file, "provenance", "finished", when, ctx));
    SNW_TRY(snw_attribute_text(file, "provenance", "host", host, ctx));
    SNW_TRY(snw_attribute_int(file, "provenance", "ranks", facts->ranks, ctx));
    SNW_TRY(snw_attribute_double(file, "provenance", "seconds", facts->seconds, ctx));
    SNW_TRY(snw_attribute_double(file, "provenance", "person_years_simulated",
                                 (double)facts->person_years, ctx));
    SNW_TRY(snw_attribute_text(file, "provenance", "kernels", world->kernels->isa, ctx));
    SNW_TRY(snw_attribute_text(file, "provenance", "compiler", snw_compiler(), ctx));
    SNW_TRY(snw_attribute_text(file, "provenance", "mpi", snw_ranks_library(), ctx));
    SNW_TRY(snw_attribute_text(file, "provenance", "hdf5", snw_store_library(), ctx));
    SNW_TRY(snw_settings_text(ctx, world->settings, &config));
    SNW_TRY(snw_text_write(file, "provenance", "config_as_run", config, ctx));
out:
    free(config);
    return status;
}
