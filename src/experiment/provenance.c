/* Writes what a reader needs to trace a result. */
#define _GNU_SOURCE
#include "experiment/provenance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/build_info.h"
#include "core/memory.h"
#include "experiment/accounting.h"
#include "experiment/labels.h"
#include "experiment/parameters.h"
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
    if (settings->trajectory_persons < 0) /* all or none: no unit chooses who is kept */
        same.unit_people = 4096;
    same.commit_seconds = 2;
    same.commit_mib = 256;
    same.resources = SNW_RESOURCES_CHECK;
    same.compression = SNW_COMPRESSION_IGZIP;
    return snw_settings_text(ctx, &same, text);
}

/* A double at the same place of each sex and age of an array of structs. */
static void pick(const void *years, size_t stride, size_t offset,
                 double values[SNW_N_SEXES * SNW_N_AGES])
{
    for (size_t i = 0; i < SNW_N_SEXES * SNW_N_AGES; i++)
        memcpy(&values[i], (const char *)years + i * stride + offset, sizeof(double));
}

/* One number of the reference by sex and age. */
static snw_status put_reference(struct snw_ctx *ctx, struct snw_file *file, const char *name,
                                const char *units, const char *doc,
                                const double *values) /* (sexes, ages) */
{
    struct snw_variable v = {.group = "reference",
                             .name = name,
                             .type = SNW_F64,
                             .n_dims = 2,
                             .dims = {"sex", "age"},
                             .units = units,
                             .long_name = doc};
    return snw_variable_write(file, &v, values, ctx);
}

/* The same with its standard error. */
static snw_status write_reference_one(struct snw_ctx *ctx, struct snw_file *file,
                                      const struct snw_world *world, const char *name,
                                      size_t offset, const char *doc)
{
    snw_status status = SNW_OK;
    double values[SNW_N_SEXES * SNW_N_AGES];
    char error[64];
    pick(world->pilot->frozen.year, sizeof(struct snw_reference_year), offset, values);
    SNW_TRY(put_reference(ctx, file, name, "1", doc, values));
    snprintf(error, sizeof error, "%s_mcse", name);
    pick(world->pilot->error.year, sizeof(struct snw_reference_year), offset, values);
    SNW_TRY(put_reference(ctx, file, error, "1", doc, values));
out:
    return status;
}

/* What it costs and is worth: numbers of struct snw_economy_reference_year, with standard errors
   where they have one of their own. */
static snw_status write_reference_economy(struct snw_ctx *ctx, struct snw_file *file,
                                          const struct snw_world *world)
{
    static const struct {
        const char *name, *unit, *doc;
        size_t offset;
        bool has_error;
    } rows[] = {
#define AT(member, ledger)                                                                         \
    offsetof(struct snw_economy_reference_year, member) + (ledger) * sizeof(double)
        {"utility_factor", "1",
         "Utility norm over the mean of what conditions leave of it; _mcse of the logarithm",
         AT(utility_factor, 0), true},
        {"modelled_cost_event", "USD year-1", "Mean modelled cost of the event ledger",
         AT(modelled, SNW_LEDGER_EVENT), true},
        {"modelled_cost_frailty", "USD year-1", "Mean modelled cost of the frailty ledger",
         AT(modelled, SNW_LEDGER_FRAILTY), true},
        {"background_event", "USD year-1", "Personal health care beside the event ledger",
         AT(background, SNW_LEDGER_EVENT), true},
        {"background_frailty", "USD year-1", "Personal health care beside the frailty ledger",
         AT(background, SNW_LEDGER_FRAILTY), true},
        {"background_excess_event", "USD year-1",
         "Cost above personal health care, where the background is at its floor, event ledger",
         AT(excess, SNW_LEDGER_EVENT), false},
        {"background_excess_frailty", "USD year-1",
         "Cost above personal health care, where the background is at its floor, frailty ledger",
         AT(excess, SNW_LEDGER_FRAILTY), false},
#undef AT
    };
    snw_status status = SNW_OK;
    double values[SNW_N_SEXES * SNW_N_AGES];
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        char unit[SNW_UNIT_MAX], error[64];
        const char *units = snw_unit_of(world, rows[k].unit, unit);
        size_t stride = sizeof(struct snw_economy_reference_year);
        pick(world->pilot->economy.year, stride, rows[k].offset, values);
        const char *ledger = strstr(rows[k].name, "frailty") ? "frailty" : "event";
        struct snw_variable money = {.group = "reference", .name = rows[k].name, .units = units};
        SNW_TRY(put_reference(ctx, file, rows[k].name, units, rows[k].doc, values));
        SNW_TRY(snw_money_attributes(ctx, file, world, &money, ledger));
        snprintf(error, sizeof error, "%s_mcse", rows[k].name);
        pick(world->pilot->economy_error.year, stride, rows[k].offset, values);
        if (!rows[k].has_error)
            continue;
        money.name = error;
        SNW_TRY(put_reference(ctx, file, error, units, rows[k].doc, values));
        SNW_TRY(snw_money_attributes(ctx, file, world, &money, ledger));
    }
out:
    return status;
}

/* Sexes and ages at which the books do not balance, as attributes; empty where they do. */
static snw_status write_accounting(struct snw_ctx *ctx, struct snw_file *file,
                                   const struct snw_world *world)
{
    snw_status status = SNW_OK;
    struct snw_accounting found;
    snw_accounting_check(&world->economies[0], &world->pilot->economy, &found);
    SNW_TRY(snw_attribute_text(file, "reference", "excess_over_2_percent_event",
                               found.excess[SNW_LEDGER_EVENT], ctx));
    SNW_TRY(snw_attribute_text(file, "reference", "excess_over_2_percent_frailty",
                               found.excess[SNW_LEDGER_FRAILTY], ctx));
    SNW_TRY(snw_attribute_text(file, "reference", "utility_held_at_1", found.capped, ctx));
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
    SNW_TRY(put_reference(ctx, file, "life_table_q", "1",
                          "Chance of death within the year, life table", &world->life.q[0][0]));
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
    SNW_TRY(snw_summary_axes(ctx, file, world, "reference", 1));
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
    for (size_t k = 0; k < SNW_N_GROUPS; k++) {
        snprintf(name, sizeof name, "fractures_met_%s",
                 snw_axis_table[SNW_AXIS_FRACTURE_GROUP].labels[k]);
        SNW_TRY(write_reference_one(
            ctx, file, world, name,
            offsetof(struct snw_reference_year, fractures_met) + k * sizeof(double),
            "Fractures expected per year lived over those of the tables; no _mcse"));
    }
    SNW_TRY(write_reference_one(ctx, file, world, "enter_home",
                                offsetof(struct snw_reference_year, enter_home),
                                "Hazard of entering a nursing home, robust and unhurt"));
    SNW_TRY(write_reference_economy(ctx, file, world));
    SNW_TRY(write_accounting(ctx, file, world));
    SNW_TRY(write_reference_rest(ctx, file, world));
out:
    return status;
}

/* The interventions of all scenarios by name, and which are hypothetical; nothing without any. */
static snw_status write_interventions(struct snw_ctx *ctx, struct snw_file *file,
                                      const struct snw_interventions *list)
{
    snw_status status = SNW_OK;
    size_t size = 1, n = 0;
    for (size_t i = 0; i < list->n; i++)
        size += strlen(list->list[i].name) + sizeof ", (hypothetical)";
    char *text = list->n ? malloc(size) : NULL;
    if (!list->n)
        return SNW_OK;
    if (!text)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the names of interventions");
    for (size_t i = 0; i < list->n; i++)
        n += (size_t)snprintf(text + n, size - n, "%s%s%s", i ? ", " : "", list->list[i].name,
                              list->list[i].hypothetical ? " (hypothetical)" : "");
    status = snw_attribute_text(file, "/", "interventions", text, ctx);
    free(text);
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
    SNW_TRY(snw_sha256_file(settings->price_table.found, hash, ctx));
    SNW_TRY(snw_attribute_text(file, "/", "price_table_sha256", hash, ctx));
    if (settings->cost_table.found) {
        SNW_TRY(snw_sha256_file(settings->cost_table.found, hash, ctx));
        SNW_TRY(snw_attribute_text(file, "/", "cost_table_sha256", hash, ctx));
    }
    if (settings->migration.found) {
        SNW_TRY(snw_sha256_file(settings->migration.found, hash, ctx));
        SNW_TRY(snw_attribute_text(file, "/", "migration_table_sha256", hash, ctx));
    }
    double units = (double)world->population.n_units + (double)snw_settings_worlds(settings);
    SNW_TRY(snw_attribute_double(file, "/", "units_complete", units, ctx));
    SNW_TRY(snw_attribute_text(file, "/", "status", "complete", ctx));
    SNW_TRY(snw_attribute_text(file, "/", "comment",
                               "The reference arm is current care: observed fracture, fall and "
                               "mortality rates already contain today's treatments.",
                               ctx));
    SNW_TRY(write_interventions(ctx, file, &settings->interventions));
out:
    free(config);
    return status;
}

/* Where the time went, since the run was last gone on with. */
static snw_status write_pipeline(struct snw_ctx *ctx, struct snw_file *file,
                                 const struct snw_pipeline *p)
{
    snw_status status = SNW_OK;
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"trajectory_bytes_raw", (double)p->bytes_raw},
                   {"trajectory_bytes_stored", (double)p->bytes_stored},
                   {"seconds_simulate", p->simulate},
                   {"seconds_compress", p->compress},
                   {"seconds_disk", p->disk}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        SNW_TRY(snw_attribute_double(file, "provenance", numbers[i].name, numbers[i].value, ctx));
    SNW_TRY(snw_attribute_text(file, "provenance", "bound", snw_bound_name(snw_pipeline_bound(p)),
                               ctx));
out:
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
    SNW_TRY(snw_parameters_write(ctx, file, world));
    SNW_TRY(write_reference(ctx, file, world));
    SNW_TRY(snw_group_create(file, "provenance", ctx));
    gethostname(host, sizeof host - 1);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    SNW_TRY(snw_attribute_text(file, "provenance", "command_line", facts->command_line, ctx));
    SNW_TRY(snw_attribute_text(file, "provenance", "finished", when, ctx));
    SNW_TRY(snw_attribute_text(file, "provenance", "host", host, ctx));
    SNW_TRY(snw_attribute_int(file, "provenance", "ranks", facts->ranks, ctx));
    SNW_TRY(snw_attribute_double(file, "provenance", "seconds", facts->seconds, ctx));
    double memory = snw_memory_peak(); /* of this rank, which has written meanwhile */
    memory = memory > facts->memory_bytes ? memory : facts->memory_bytes;
    SNW_TRY(snw_attribute_double(file, "provenance", "memory_bytes", memory, ctx));
    SNW_TRY(snw_attribute_double(file, "provenance", "person_years_simulated",
                                 (double)facts->person_years, ctx));
    SNW_TRY(write_pipeline(ctx, file, &facts->pipeline));
    if (facts->most_units > 0) {
        const double units[2] = {facts->least_units, facts->most_units};
        SNW_TRY(snw_attribute_doubles(file, "provenance", "units_of_ranks", units, 2, ctx));
        SNW_TRY(snw_attribute_double(file, "provenance", "ranks_busy", facts->busy, ctx));
    }
    SNW_TRY(snw_attribute_text(file, "provenance", "reference_pass",
                               world->pass_was_kept ? "kept by an earlier run" : "made", ctx));
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
