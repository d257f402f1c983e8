/* sinew run, check, digest. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/table.h"
#include "config/file.h"
#include "config/settings.h"
#include "experiment/cost.h"
#include "experiment/eligible.h"
#include "experiment/provenance.h"
#include "experiment/run.h"
#include "experiment/sweeping.h"
#include "store/digest.h"
#include "store/io.h"

static snw_status one_word(struct snw_ctx *ctx, const struct snw_arguments *a, const char *what)
{
    if (a->n_words == 1)
        return SNW_OK;
    return snw_fail(ctx, SNW_ERR_USAGE, "sinew %s wants one %s, %zu were given", a->command, what,
                    a->n_words);
}

void snw_result_directory(const struct snw_arguments *a, char *text, size_t size)
{
    const char *config = a->n_words ? a->words[0] : "", *slash = strrchr(config, '/');
    const char *name = slash ? slash + 1 : config, *dot = strrchr(name, '.');
    if (a->directory)
        snprintf(text, size, "%s", a->directory);
    else
        snprintf(text, size, "output/%.*s", (int)(dot ? dot - name : (long)strlen(name)), name);
}

void snw_result_path(const struct snw_arguments *a, char *text, size_t size)
{
    char directory[4096];
    snw_result_directory(a, directory, sizeof directory);
    const struct snw_run_options options = {
        .directory = directory, .part = a->part, .parts = a->parts};
    snw_run_path(&options, text, size);
}

/* The resolved config beside the result. */
static snw_status write_config(struct snw_ctx *ctx, const struct snw_settings *settings,
                               const char *directory)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/config.yaml", directory);
    FILE *file = fopen(path, "w");
    if (!file)
        return snw_fail_io(ctx, path, "write", errno);
    snw_settings_write(settings, file);
    return snw_stream_close(file, path, ctx);
}

/* Rank 0 reads the config, and all others what rank 0 has read. */
static snw_status load(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                       const struct snw_arguments *a, struct snw_settings *settings)
{
    snw_status status = SNW_OK;
    if (ranks->rank == 0)
        status = snw_config_load(ctx, a->words[0], a->sets, a->n_sets, settings);
    SNW_TRY(snw_ranks_agree(ranks, status, ctx));
    SNW_TRY(snw_files_share(ctx, ranks));
    if (ranks->rank != 0)
        status = snw_config_load(ctx, a->words[0], a->sets, a->n_sets, settings);
    SNW_TRY(snw_ranks_agree(ranks, status, ctx));
out:
    return status;
}

snw_status snw_command_run(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                           const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    struct snw_settings settings;
    char directory[4096];
    snw_settings_init(&settings);
    ctx->files.on = true;
    SNW_TRY(one_word(ctx, a, "config"));
    SNW_TRY(load(ctx, ranks, a, &settings));
    snw_result_directory(a, directory, sizeof directory);
    struct snw_run_options options = {.directory = directory,
                                      .command_line = a->line,
                                      .isa = a->isa,
                                      .force = a->force,
                                      .resume = a->resume,
                                      .quiet = a->quiet,
                                      .max_seconds = a->max_seconds,
                                      .part = a->part,
                                      .parts = a->parts};
    SNW_TRY(snw_run(ctx, ranks, &settings, &options));
    if (ranks->rank == 0 && !a->parts) {
        char path[4200];
        SNW_TRY(write_config(ctx, &settings, options.directory));
        snw_run_path(&options, path, sizeof path);
        if (!a->quiet)
            SNW_TRY(snw_print_table(ctx, path, stdout));
    }
out:
    snw_kept_files_free(&ctx->files);
    snw_settings_free(&settings);
    return status;
}

/* Bytes as a person reads them. */
static void say_bytes(const char *what, double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int u = 0;
    while (bytes >= 1024 && u < 4) {
        bytes /= 1024;
        u++;
    }
    printf("%-31s %.3g %s\n", what, bytes, units[u]);
}

static void say_years(const struct snw_cost *cost, const struct snw_settings *settings,
                      double seconds)
{
    printf("%-31s %.4g, and %.3g in the reference pass\n", "person-years", cost->person_years,
           cost->pilot_person_years);
    double worlds = snw_settings_worlds(settings);
    if (worlds > 0)
        printf("%-31s %.4g, and %.3g in reference passes\n",
               settings->draws > 0 ? "person-years of draws" : "person-years of the design",
               worlds * cost->draw_person_years, worlds * cost->draw_pilot_person_years);
    if (seconds < 120)
        printf("%-31s %.0f s without writing\n", "time, about", seconds + 0.5);
    else
        printf("%-31s %.3g min without writing\n", "time, about", seconds / 60);
}

snw_status snw_command_check(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    struct snw_settings settings;
    struct snw_world world = {0};
    struct snw_cost cost;
    const struct snw_ranks ranks = {.size = a->ranks > 1 ? a->ranks : 1};
    char path[4096];
    double seconds;
    snw_settings_init(&settings);
    SNW_TRY(one_word(ctx, a, "config"));
    SNW_TRY(snw_config_load(ctx, a->words[0], a->sets, a->n_sets, &settings));
    SNW_TRY(snw_world_plan(ctx, &settings, &world));
    snw_cost_estimate(&world, ranks.size, &cost);
    snw_eligible_warn(&world, stderr);
    printf("%s: no errors\n", a->words[0]);
    printf("%-31s %.10g lives, %zu scenario%s", "simulated", cost.lives, world.n_scenarios,
           world.n_scenarios == 1 ? "" : "s");
    if (settings.draws > 0)
        printf(", the point estimate and %lld draw%s", (long long)settings.draws,
               settings.draws == 1 ? "" : "s");
    if (world.sweep)
        printf(", as they are and at %zu points of %zu factor%s", world.sweep->n_points,
               settings.sweep.n_factors, settings.sweep.n_factors == 1 ? "" : "s");
    printf("\n");
    for (size_t g = 0; g < SNW_COST_GROUPS; g++)
        if (cost.group[g].bytes > 0)
            say_bytes(cost.group[g].name, cost.group[g].bytes);
    say_bytes("result, about", cost.result_bytes);
    if (cost.aside_bytes > 0)
        say_bytes("put aside meanwhile, about", cost.aside_bytes);
    say_bytes("disk at most, about", cost.disk_bytes);
    say_bytes("memory a rank, about", cost.memory_bytes);
    snw_result_path(a, path, sizeof path);
    SNW_TRY(snw_cost_refuse(ctx, &world, &ranks, path, 0));
    SNW_TRY(snw_cost_seconds(ctx, &settings, ranks.size, &seconds));
    say_years(&cost, &settings, seconds);
    if (world.population.years)
        snw_print_nation(world.nation.above97[SNW_FEMALE] + world.nation.above97[SNW_MALE],
                         world.population.weight, stdout);
out:
    snw_world_free(&world);
    snw_settings_free(&settings);
    return status;
}

snw_status snw_command_digest(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    struct snw_digest digest = {0, 0};
    char text[SNW_DIGEST_TEXT];
    SNW_TRY(one_word(ctx, a, "result"));
    SNW_TRY(snw_result_require(ctx, a->words[0]));
    SNW_TRY(snw_digest_file(ctx, a->words[0], &digest));
    snw_digest_text(&digest, text);
    printf("%s\n", text);
out:
    return status;
}
