/* Rounds of units: each rank works for the commit interval, then all is merged and made safe. */
#define _GNU_SOURCE
#include "experiment/run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "experiment/accounting.h"
#include "experiment/cost.h"
#include "experiment/provenance.h"
#include "store/checkpoint.h"
#include "store/hash.h"

static volatile sig_atomic_t stop_signal;

static void on_signal(int number)
{
    stop_signal = number;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit then is an error that is reported */
    signal(SIGPIPE, SIG_IGN);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A run in progress. What only rank 0 has: result, totals, people in the result. */
struct run {
    struct snw_ctx *ctx;
    const struct snw_ranks *ranks;
    const struct snw_run_options *options;
    const struct snw_settings *settings;
    struct snw_world world;
    struct snw_worker worker;
    struct snw_parcel parcel;
    struct snw_result result;
    struct snw_totals *totals; /* (n_scenarios,), of all units so far */
    char path[SNW_PATH_MAX];
    char config_hash[SNW_SHA256_TEXT];
    uint64_t next_unit, person_years, n_capped, n_commits;
    double started, last_line, *rate; /* rate: units per second of each rank */
};

static bool writes(const struct run *run)
{
    return run->ranks->rank == 0;
}

static snw_status make_directory(struct snw_ctx *ctx, const char *path)
{
    char part[SNW_PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *at = part + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char kept = *at;
        *at = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return snw_fail(ctx, SNW_ERR_IO, "%s: %s", part, strerror(errno));
        *at = kept;
        if (kept == '\0')
            return SNW_OK;
    }
}

/* What the checkpoint keeps of plain numbers. */
struct progress {
    uint64_t person_years, n_capped, bytes_stored, n_events;
};

/* The long tables of a result; NULL for those it does not have. */
enum { N_TABLES = 2 };
struct kept_table {
    const char *name;
    struct snw_table *table;
};

static void kept_tables(struct snw_result *result, struct kept_table tables[N_TABLES])
{
    tables[0] = (struct kept_table){"events", result->has_events ? &result->events : NULL};
    tables[1] = (struct kept_table){"study", result->has_study ? &result->study.table : NULL};
}

static snw_status resume(struct run *run)
{
    snw_status status = SNW_OK;
    struct snw_checkpoint checkpoint;
    const struct snw_world *world = &run->world;
    SNW_TRY(snw_checkpoint_read(&checkpoint, run->path, run->config_hash, run->ctx));
    const struct snw_section *section = snw_checkpoint_find(&checkpoint, "progress");
    const struct snw_section *people = snw_checkpoint_find(&checkpoint, "people");
    if (!section || !people) {
        status = snw_fail(run->ctx, SNW_ERR_FORMAT, "%s.checkpoint lacks a section", run->path);
        goto out;
    }
    struct progress progress;
    memcpy(&progress, section->bytes, sizeof progress);
    run->next_unit = checkpoint.next_unit;
    run->n_commits = checkpoint.n_commits;
    run->person_years = progress.person_years;
    run->n_capped = progress.n_capped;
    SNW_TRY(snw_result_append(run->ctx, world, run->path, &run->result));
    run->result.bytes_stored = progress.bytes_stored;
    run->result.n_events = progress.n_events;
    memcpy(run->result.people, people->bytes, people->n_bytes);
    struct kept_table tables[N_TABLES];
    kept_tables(&run->result, tables);
    for (size_t k = 0; k < N_TABLES; k++) {
        section = tables[k].table ? snw_checkpoint_find(&checkpoint, tables[k].name) : NULL;
        if (section)
            SNW_TRY(snw_table_restore(tables[k].table, section->bytes, section->n_bytes, run->ctx));
    }
    for (size_t s = 0; s < world->n_scenarios; s++) {
        struct snw_totals_part part[SNW_TOTALS_PARTS];
        snw_totals_parts(&run->totals[s], part);
        for (size_t k = 0; k < SNW_TOTALS_PARTS; k++) {
            section = snw_checkpoint_find(&checkpoint, part[k].name);
            if (!section || section->n_bytes != part[k].n_bytes * world->n_scenarios) {
                status = snw_fail(run->ctx, SNW_ERR_FORMAT, "%s.checkpoint: section %s is wrong",
                                  run->path, part[k].name);
                goto out;
            }
            memcpy(part[k].values, (const char *)section->bytes + s * part[k].n_bytes,
                   part[k].n_bytes);
        }
    }
out:
    snw_checkpoint_free(&checkpoint);
    return status;
}

/* One part of the totals over all scenarios, as a section; name and bytes of one in *one. Released
   with free. */
static void *joined(const struct run *run, size_t k, struct snw_totals_part *one)
{
    char *all = NULL;
    for (size_t s = 0; s < run->world.n_scenarios; s++) {
        struct snw_totals_part part[SNW_TOTALS_PARTS];
        snw_totals_parts(&run->totals[s], part);
        *one = part[k];
        if (!all)
            all = malloc(run->world.n_scenarios * one->n_bytes + 1);
        if (all)
            memcpy(all + s * one->n_bytes, one->values, one->n_bytes);
    }
    return all;
}

/* Makes all that rank 0 has safe: the file first, then what goes with it. */
static snw_status commit(struct run *run)
{
    snw_status status = SNW_OK;
    void *parts[SNW_TOTALS_PARTS] = {NULL}, *rows[N_TABLES] = {NULL, NULL};
    struct kept_table tables[N_TABLES];
    struct snw_checkpoint checkpoint = {.next_unit = run->next_unit, .n_commits = ++run->n_commits};
    struct progress progress = {run->person_years, run->n_capped, run->result.bytes_stored,
                                run->result.n_events};
    memcpy(checkpoint.config, run->config_hash, sizeof checkpoint.config);
    SNW_TRY(snw_file_commit(&run->result.file, run->ctx));
    snw_checkpoint_add(&checkpoint, "progress", &progress, sizeof progress);
    snw_checkpoint_add(&checkpoint, "people", run->result.people,
                       run->world.n_scenarios * run->world.population.rows *
                           sizeof *run->result.people);
    for (size_t k = 0; k < SNW_TOTALS_PARTS; k++) {
        struct snw_totals_part one = {0};
        parts[k] = joined(run, k, &one);
        if (!parts[k]) {
            status = snw_fail(run->ctx, SNW_ERR_MEMORY, "no memory for a commit");
            goto out;
        }
        snw_checkpoint_add(&checkpoint, one.name, parts[k], one.n_bytes * run->world.n_scenarios);
    }
    kept_tables(&run->result, tables);
    for (size_t k = 0; k < N_TABLES; k++) {
        if (!tables[k].table)
            continue;
        size_t n = snw_table_state_bytes(tables[k].table);
        rows[k] = malloc(n);
        if (!rows[k]) {
            status = snw_fail(run->ctx, SNW_ERR_MEMORY, "no memory for a commit");
            goto out;
        }
        snw_table_save(tables[k].table, rows[k]);
        snw_checkpoint_add(&checkpoint, tables[k].name, rows[k], n);
    }
    SNW_TRY(snw_checkpoint_write(&checkpoint, run->path, run->ctx));
out:
    for (size_t k = 0; k < SNW_TOTALS_PARTS; k++)
        free(parts[k]);
    for (size_t k = 0; k < N_TABLES; k++)
        free(rows[k]);
    return status;
}

/* This rank's totals and parcel to rank 0. */
static snw_status merge(struct run *run)
{
    snw_status status = SNW_OK, written = SNW_OK;
    const struct snw_ranks *ranks = run->ranks;
    uint64_t counts[2] = {run->worker.person_years, run->worker.n_capped};
    SNW_TRY(snw_ranks_sum_u64(ranks, counts, 2));
    run->worker.person_years = run->worker.n_capped = 0;
    for (size_t s = 0; s < run->world.n_scenarios; s++) {
        struct snw_totals *t = &run->worker.totals[s];
        snw_totals_settle(t);
        SNW_TRY(snw_ranks_sum_u64(ranks, &t->cells[0].n,
                                  SNW_TOTALS_CELLS * sizeof *t->cells / sizeof(uint64_t)));
        SNW_TRY(snw_ranks_sum_u32(ranks, t->histograms, SNW_TOTALS_HISTOGRAMS));
        SNW_TRY(snw_ranks_sum_u32(ranks, t->levels, SNW_TOTALS_LEVELS));
        SNW_TRY(snw_ranks_sum_u64(ranks, t->causes, SNW_TOTALS_CAUSES));
        SNW_TRY(
            snw_ranks_sum_u64(ranks, (uint64_t *)(void *)t->by_year,
                              t->years * SNW_TOTALS_CELLS * sizeof *t->cells / sizeof(uint64_t)));
        if (writes(run))
            snw_totals_add(&run->totals[s], t);
        snw_totals_clear(t);
    }
    if (!writes(run)) {
        SNW_TRY(snw_ranks_send(ranks, run->parcel.bytes, run->parcel.n));
        run->parcel.n = 0;
        goto out;
    }
    run->person_years += counts[0];
    run->n_capped += counts[1];
    written = snw_result_take(run->ctx, &run->world, &run->result, &run->parcel);
    for (int r = 1; r < ranks->size; r++) { /* taken even after a failure: nobody is left waiting */
        void *bytes = run->parcel.bytes;
        SNW_TRY(snw_ranks_take(ranks, r, &bytes, &run->parcel.n, &run->parcel.room, run->ctx));
        run->parcel.bytes = bytes;
        if (written == SNW_OK)
            written = snw_result_take(run->ctx, &run->world, &run->result, &run->parcel);
    }
    run->parcel.n = 0;
    status = written;
out:
    return status;
}

static void say_progress(struct run *run, bool last)
{
    const struct snw_population *p = &run->world.population;
    double t = now() - run->started, done = (double)run->next_unit / (double)p->n_units;
    bool terminal = isatty(STDERR_FILENO);
    if (!writes(run) || run->options->quiet || (!terminal && !last && t - run->last_line < 10))
        return;
    run->last_line = t;
    fprintf(stderr, "%s%5.1f %%  %.3g person-years, %.3g a second, %.0f s left%s",
            terminal ? "\r" : "", 100 * done, (double)run->person_years,
            (double)run->person_years / (t > 0 ? t : 1), done > 0 ? t / done - t : 0,
            terminal && !last ? "   " : "\n");
    fflush(stderr);
}

/* How many units each rank takes this round: as many as its speed does in the commit interval. The
   ranges lie one after the other, so that what is done is always the units below next_unit. */
static void share_out(const struct run *run, uint64_t *first, uint64_t *n, uint64_t *all)
{
    const struct snw_settings *settings = run->world.settings;
    uint64_t at = run->next_unit, left = run->world.population.n_units - at;
    double row_bytes = (double)(run->world.population.rows ? run->world.population.unit_rows : 0) *
                       SNW_N_AGES * 2 * (double)(run->world.n_fields * run->world.n_scenarios);
    if (run->worker.visits)
        row_bytes += (double)run->world.population.unit_people * sizeof(struct snw_visit);
    double most = (double)settings->commit_mib * 1048576 / (row_bytes * run->ranks->size + 1);
    double total = 0;
    for (int r = 0; r < run->ranks->size; r++)
        total += run->rate[r];
    *all = 0;
    for (int r = 0; r < run->ranks->size; r++) {
        double want = run->rate[r] * settings->commit_seconds;
        if (want * total > 0 && (double)left < total * settings->commit_seconds)
            want = 1 + (double)left * run->rate[r] / total; /* the fraction is cut below */
        want = want > most ? most : want;
        uint64_t take = want < 1 ? 1 : (uint64_t)want;
        take = take > left - *all ? left - *all : take;
        if (r == run->ranks->rank) {
            *first = at + *all;
            *n = take;
        }
        *all += take;
    }
}

static snw_status round_of_units(struct run *run, bool *stopped)
{
    snw_status status = SNW_OK;
    uint64_t first = 0, n = 0, all = 0;
    double from = now(), flags = 0;
    share_out(run, &first, &n, &all);
    for (uint64_t u = first; u < first + n && status == SNW_OK; u++)
        status = snw_unit_run(run->ctx, &run->world, &run->worker, u, &run->parcel);
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    double mine = n ? (double)n / (now() - from + 1e-9) : run->rate[run->ranks->rank];
    SNW_TRY(snw_ranks_gather(run->ranks, mine, run->rate));
    run->next_unit += all;
    status = merge(run);
    if (status == SNW_OK && writes(run) && run->next_unit < run->world.population.n_units)
        status = commit(run);
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    if (writes(run)) {
        bool late =
            run->options->max_seconds > 0 && now() - run->started > run->options->max_seconds;
        flags = stop_signal || late;
    }
    SNW_TRY(snw_ranks_share(run->ranks, &flags, sizeof flags, 0));
    *stopped = flags > 0;
    say_progress(run, run->next_unit == run->world.population.n_units);
out:
    return status;
}

static snw_status prepare(struct run *run)
{
    snw_status status = SNW_OK;
    const struct snw_settings *settings = run->world.settings;
    char *config = NULL;
    run->rate = calloc((size_t)run->ranks->size, sizeof *run->rate);
    run->totals = calloc(run->world.n_scenarios, sizeof *run->totals);
    if (!run->rate || !run->totals) {
        status = snw_fail(run->ctx, SNW_ERR_MEMORY, "no memory for the run");
        goto agree;
    }
    status = snw_worker_init(run->ctx, &run->world, &run->worker);
    if (status != SNW_OK || !writes(run))
        goto agree;
    for (size_t s = 0; s < run->world.n_scenarios && status == SNW_OK; s++)
        status = snw_totals_init(&run->totals[s], run->world.population.years);
    if (status == SNW_OK)
        status = snw_config_text(run->ctx, settings, &config);
    if (status != SNW_OK)
        goto agree;
    snw_sha256(config, strlen(config), run->config_hash);
    free(config);
    status = run->options->resume ? resume(run)
                                  : snw_result_create(run->ctx, &run->world, run->path,
                                                      run->options->force, &run->result);
agree:
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_ranks_share(run->ranks, &run->next_unit, sizeof run->next_unit, 0));
out:
    return status;
}

static snw_status finish(struct run *run)
{
    snw_status status = SNW_OK;
    if (!writes(run))
        goto out;
    struct snw_run_facts facts = {.ranks = run->ranks->size,
                                  .seconds = now() - run->started,
                                  .person_years = run->person_years,
                                  .n_capped = run->n_capped,
                                  .command_line = run->options->command_line};
    SNW_TRY(snw_result_finish(run->ctx, &run->world, run->totals, &facts, &run->result));
    SNW_TRY(snw_checkpoint_remove(run->path, run->ctx));
out:
    return snw_ranks_agree(run->ranks, status, run->ctx);
}

/* Says where modelled costs leave less than the least background. */
static void warn_of_excess(const struct run *run)
{
    static const char *const ledgers[SNW_N_LEDGERS] = {"event", "disability", "frailty"};
    struct snw_accounting found;
    snw_accounting_check(&run->world.economies[0], &run->world.pilot->economy, &found);
    for (int l = 0; l < SNW_N_LEDGERS && writes(run); l++)
        if (found.excess[l][0])
            fprintf(stderr,
                    "sinew: warning: %s ledger: costs of the model and the least background exceed "
                    "personal health care by more than 2 %% of the total: %s\n",
                    ledgers[l], found.excess[l]);
}

/* An existing result is refused before the reference pass takes its time. */
static snw_status early(struct run *run)
{
    snw_status status = SNW_OK;
    snprintf(run->path, sizeof run->path, "%s/results.h5", run->options->directory);
    if (writes(run)) {
        status = make_directory(run->ctx, run->options->directory);
        if (status == SNW_OK && access(run->options->directory, W_OK) != 0)
            status =
                snw_fail(run->ctx, SNW_ERR_IO, "%s: %s", run->options->directory, strerror(errno));
        if (status == SNW_OK && !run->options->force && !run->options->resume &&
            access(run->path, F_OK) == 0)
            status = snw_fail(
                run->ctx, SNW_ERR_EXISTS,
                "%s exists: choose another folder with -o, or replace it with --force", run->path);
    }
    return snw_ranks_agree(run->ranks, status, run->ctx);
}

/* So is a run that disk or memory would not do for. */
static snw_status affordable(struct run *run)
{
    struct snw_world plan = {0};
    snw_status status = SNW_OK;
    if (writes(run)) {
        status = snw_world_plan(run->ctx, run->settings, &plan);
        if (status == SNW_OK)
            status = snw_cost_refuse(run->ctx, &plan, run->ranks, run->options->directory);
        snw_world_free(&plan);
    }
    return snw_ranks_agree(run->ranks, status, run->ctx);
}

snw_status snw_run(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                   const struct snw_settings *settings, const struct snw_run_options *options)
{
    snw_status status = SNW_OK;
    struct run run = {
        .ctx = ctx, .ranks = ranks, .options = options, .settings = settings, .started = now()};
    bool stopped = false;
    run.last_line = -100;
    catch_signals();
    SNW_TRY(early(&run));
    SNW_TRY(affordable(&run));
    SNW_TRY(snw_world_build(ctx, ranks, settings, options->isa, &run.world));
    warn_of_excess(&run);
    SNW_TRY(prepare(&run));
    while (run.next_unit < run.world.population.n_units) {
        SNW_TRY(round_of_units(&run, &stopped));
        if (stopped && run.next_unit < run.world.population.n_units) {
            status = writes(&run) ? snw_file_close(&run.result.file, ctx) : SNW_OK;
            if (status == SNW_OK)
                status = SNW_STOPPED;
            if (writes(&run))
                fprintf(stderr,
                        "sinew: stopped with %llu of %llu units safe in %s.partial; go on with "
                        "--resume\n",
                        (unsigned long long)run.next_unit,
                        (unsigned long long)run.world.population.n_units, run.path);
            goto out;
        }
    }
    SNW_TRY(finish(&run));
out:
    for (size_t s = 0; run.totals && s < run.world.n_scenarios; s++)
        snw_totals_free(&run.totals[s]);
    free(run.totals);
    free(run.rate);
    snw_parcel_free(&run.parcel);
    snw_worker_free(&run.world, &run.worker);
    snw_result_free(&run.result);
    snw_world_free(&run.world);
    return status;
}
