/* Rounds of units: each rank works for the commit interval, then all is merged and made safe. */
#define _GNU_SOURCE
#include "experiment/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "experiment/begin.h"
#include "experiment/identity.h"
#include "store/checkpoint.h"

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

/* A round is at most so long: a signal is then heeded soon, however rare the commits. */
enum { ROUND_SECONDS = 2 };

#define ANY_LENGTH SIZE_MAX

/* A run in progress. What only rank 0 has: result, totals, identity. */
struct run {
    struct snw_ctx *ctx;
    const struct snw_ranks *ranks;
    const struct snw_settings *settings;
    const struct snw_run_options *options;
    struct snw_world world;
    struct snw_worker worker;
    struct snw_parcel parcel;
    struct snw_result result;
    struct snw_totals *totals; /* (n_scenarios,), of all units so far */
    char path[SNW_PATH_MAX];
    char *identity;
    uint64_t next_unit, person_years, n_capped, n_commits, n_rounds;
    double raw_bytes; /* of trajectories since the last commit */
    bool begun;       /* the partial file is this run's */
    bool whole;       /* and complete but for its name */
    bool asked_to_stop;
    double started, last_line, *rate; /* rate: units per second of each rank */
};

static bool writes(const struct run *run)
{
    return run->ranks->rank == 0;
}

/* A section that must be there and, but for `any`, be so long. */
static snw_status section(const struct run *run, const struct snw_checkpoint *checkpoint,
                          const char *name, size_t n_bytes, const struct snw_section **found)
{
    *found = snw_checkpoint_find(checkpoint, name);
    if (*found && ((*found)->n_bytes == n_bytes || n_bytes == ANY_LENGTH))
        return SNW_OK;
    return snw_fail(run->ctx, SNW_ERR_FORMAT, "%s.checkpoint: section %s is wrong", run->path,
                    name);
}

static snw_status take_totals(struct run *run, const struct snw_checkpoint *checkpoint)
{
    snw_status status = SNW_OK;
    const struct snw_world *world = &run->world;
    const struct snw_section *found;
    for (size_t s = 0; s < world->n_scenarios; s++) {
        struct snw_totals *t = &run->totals[s];
        struct {
            const char *name;
            void *to;
            size_t n;
        } parts[] = {{"cells", t->cells, SNW_TOTALS_CELLS * sizeof *t->cells},
                     {"histograms", t->histograms, SNW_TOTALS_HISTOGRAMS * sizeof *t->histograms},
                     {"causes", t->causes, SNW_TOTALS_CAUSES * sizeof *t->causes},
                     {"by_year", t->by_year, t->years * SNW_TOTALS_CELLS * sizeof *t->by_year}};
        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
            SNW_TRY(
                section(run, checkpoint, parts[k].name, parts[k].n * world->n_scenarios, &found));
            memcpy(parts[k].to, (const char *)found->bytes + s * parts[k].n, parts[k].n);
        }
    }
out:
    return status;
}

/* Sampled people and the events that wait for a whole chunk. */
static snw_status take_result(struct run *run, const struct snw_checkpoint *checkpoint)
{
    snw_status status = SNW_OK;
    const struct snw_section *found;
    size_t n_people = run->world.n_scenarios * run->world.population.rows;
    SNW_TRY(section(run, checkpoint, "people", n_people * sizeof *run->result.people, &found));
    if (n_people)
        memcpy(run->result.people, found->bytes, found->n_bytes);
    if (run->result.has_events) {
        SNW_TRY(section(run, checkpoint, "events", ANY_LENGTH, &found));
        SNW_TRY(snw_table_restore(&run->result.events, found->bytes, found->n_bytes, run->ctx));
    }
out:
    return status;
}

static snw_status take_up(struct run *run, const struct snw_checkpoint *checkpoint)
{
    snw_status status = SNW_OK;
    const struct snw_section *found;
    struct snw_progress progress;
    SNW_TRY(section(run, checkpoint, "identity", ANY_LENGTH, &found));
    SNW_TRY(snw_identity_compare(run->ctx, run->path, found->bytes, run->identity));
    SNW_TRY(section(run, checkpoint, "progress", sizeof progress, &found));
    memcpy(&progress, found->bytes, sizeof progress);
    run->next_unit = checkpoint->next_unit;
    run->n_commits = checkpoint->n_commits;
    run->person_years = progress.person_years;
    run->n_capped = progress.n_capped;
    SNW_TRY(section(run, checkpoint, "proof", ANY_LENGTH, &found));
    SNW_TRY(snw_file_verify(run->path, found->bytes, found->n_bytes, run->ctx));
    SNW_TRY(snw_result_append(run->ctx, &run->world, run->path, &run->result));
    run->begun = true;
    run->whole = snw_attribute_exists(&run->result.file, "/", "status");
    if (run->whole) { /* only its new name was not on disk yet */
        run->next_unit = run->world.population.n_units;
        goto out;
    }
    run->result.bytes_stored = progress.bytes_stored;
    run->result.n_events = progress.n_events;
    SNW_TRY(take_result(run, checkpoint));
    SNW_TRY(take_totals(run, checkpoint));
out:
    return status;
}

static snw_status resume(struct run *run)
{
    struct snw_checkpoint checkpoint;
    snw_status status = snw_checkpoint_read(&checkpoint, run->path, run->ctx);
    if (status == SNW_OK)
        status = take_up(run, &checkpoint);
    snw_checkpoint_free(&checkpoint);
    if (status == SNW_ERR_FORMAT)
        status = snw_fail(run->ctx, status,
                          "the interrupted run can't be gone on with: start anew with --force");
    return status;
}

/* One array over all scenarios, as a section. Released with free. */
static void *joined(const struct run *run, size_t n_bytes, size_t part)
{
    char *all = malloc(run->world.n_scenarios * n_bytes + 1);
    for (size_t s = 0; all && s < run->world.n_scenarios; s++) {
        const struct snw_totals *t = &run->totals[s];
        const void *from = part == 0   ? (const void *)t->cells
                           : part == 1 ? (const void *)t->histograms
                           : part == 2 ? (const void *)t->causes
                                       : (const void *)t->by_year;
        memcpy(all + s * n_bytes, from, n_bytes);
    }
    return all;
}

/* Makes all that rank 0 has safe: the file first, then what goes with it. */
static snw_status commit(struct run *run)
{
    snw_status status = SNW_OK;
    static const char *const names[] = {"cells", "histograms", "causes", "by_year"};
    const size_t bytes[] = {
        SNW_TOTALS_CELLS * sizeof(struct snw_cell), SNW_TOTALS_HISTOGRAMS * sizeof(uint32_t),
        SNW_TOTALS_CAUSES * sizeof(uint64_t),
        run->world.population.years * SNW_TOTALS_CELLS * sizeof(struct snw_cell)};
    void *parts[4] = {NULL, NULL, NULL, NULL}, *events = NULL;
    const void *proof;
    size_t n_proof;
    struct snw_checkpoint checkpoint = {.next_unit = run->next_unit, .n_commits = ++run->n_commits};
    struct snw_progress progress = {run->world.population.n_units, run->person_years, run->n_capped,
                                    run->result.bytes_stored, run->result.n_events};
    SNW_TRY(snw_file_commit(&run->result.file, run->ctx));
    SNW_TRY(snw_file_proof(&run->result.file, &proof, &n_proof, run->ctx));
    snw_checkpoint_add(&checkpoint, "proof", proof, n_proof);
    snw_checkpoint_add(&checkpoint, "identity", run->identity, strlen(run->identity) + 1);
    snw_checkpoint_add(&checkpoint, "progress", &progress, sizeof progress);
    snw_checkpoint_add(&checkpoint, "people", run->result.people,
                       run->world.n_scenarios * run->world.population.rows *
                           sizeof *run->result.people);
    for (size_t k = 0; k < 4; k++) {
        parts[k] = joined(run, bytes[k], k);
        if (!parts[k]) {
            status = snw_fail(run->ctx, SNW_ERR_MEMORY, "no memory for a commit");
            goto out;
        }
        snw_checkpoint_add(&checkpoint, names[k], parts[k], bytes[k] * run->world.n_scenarios);
    }
    if (run->result.has_events) {
        size_t n = snw_table_state_bytes(&run->result.events);
        events = malloc(n ? n : 1);
        if (!events) {
            status = snw_fail(run->ctx, SNW_ERR_MEMORY, "no memory for a commit");
            goto out;
        }
        snw_table_save(&run->result.events, events);
        snw_checkpoint_add(&checkpoint, "events", events, n);
    }
    SNW_TRY(snw_checkpoint_write(&checkpoint, run->path, run->ctx));
out:
    for (size_t k = 0; k < 4; k++)
        free(parts[k]);
    free(events);
    return status;
}

/* This rank's totals and parcel to rank 0. */
static snw_status merge(struct run *run)
{
    snw_status status = SNW_OK, written = SNW_OK;
    const struct snw_ranks *ranks = run->ranks;
    uint64_t counts[3] = {run->worker.person_years, run->worker.n_capped, stop_signal != 0};
    SNW_TRY(snw_ranks_sum_u64(ranks, counts, 3));
    run->worker.person_years = run->worker.n_capped = 0;
    for (size_t s = 0; s < run->world.n_scenarios; s++) {
        struct snw_totals *t = &run->worker.totals[s];
        SNW_TRY(snw_ranks_sum_u64(ranks, &t->cells[0].n,
                                  SNW_TOTALS_CELLS * sizeof *t->cells / sizeof(uint64_t)));
        SNW_TRY(snw_ranks_sum_u32(ranks, t->histograms, SNW_TOTALS_HISTOGRAMS));
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
    run->asked_to_stop = counts[2] > 0;
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

static uint64_t rounds_a_commit(const struct run *run)
{
    return 1 + (uint64_t)(run->world.settings->commit_seconds / (ROUND_SECONDS + 1e-9));
}

/* Bytes of a unit's trajectories before packing. */
static double unit_bytes(const struct run *run)
{
    return (double)(run->world.population.rows ? run->world.population.unit_rows : 0) * SNW_N_AGES *
           2 * (double)(run->world.n_fields * run->world.n_scenarios);
}

/* How many units each rank takes this round: as many as its speed does in the time of a round. The
   ranges lie one after the other, so that what is done is always the units below next_unit. */
static void share_out(const struct run *run, uint64_t *first, uint64_t *n, uint64_t *all)
{
    const struct snw_settings *settings = run->world.settings;
    uint64_t at = run->next_unit, left = run->world.population.n_units - at;
    double seconds = settings->commit_seconds / (double)rounds_a_commit(run);
    double most = (double)settings->commit_mib * 1048576 / (unit_bytes(run) * run->ranks->size + 1);
    double total = 0;
    for (int r = 0; r < run->ranks->size; r++)
        total += run->rate[r];
    *all = 0;
    for (int r = 0; r < run->ranks->size; r++) {
        double want = run->rate[r] * seconds;
        if (want * total > 0 && (double)left < total * seconds)
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

/* Commits when enough has gathered, before a stop, and not at the end: there the file is finished.
   A round gathers at most commit_mib, so that after half of it the next one may be too much. */
static snw_status commit_if_due(struct run *run, bool stopping)
{
    double enough = (double)run->world.settings->commit_mib * 1048576 / 2;
    bool due = stopping || ++run->n_rounds >= rounds_a_commit(run) || run->raw_bytes > enough;
    if (!due || run->next_unit == run->world.population.n_units)
        return SNW_OK;
    run->n_rounds = 0;
    run->raw_bytes = 0;
    return commit(run);
}

static snw_status round_of_units(struct run *run, bool *stopped)
{
    snw_status status = SNW_OK;
    uint64_t first = 0, n = 0, all = 0;
    double from = now();
    bool stopping = false;
    share_out(run, &first, &n, &all);
    for (uint64_t u = first; u < first + n && status == SNW_OK; u++)
        status = snw_unit_run(run->ctx, &run->world, &run->worker, u, &run->parcel);
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    double mine = n ? (double)n / (now() - from + 1e-9) : run->rate[run->ranks->rank];
    SNW_TRY(snw_ranks_gather(run->ranks, mine, run->rate));
    run->next_unit += all;
    run->raw_bytes += (double)all * unit_bytes(run);
    status = merge(run);
    if (status == SNW_OK && writes(run)) {
        bool late =
            run->options->max_seconds > 0 && now() - run->started > run->options->max_seconds;
        stopping = run->asked_to_stop || late;
        status = commit_if_due(run, stopping);
    }
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_ranks_share(run->ranks, &stopping, sizeof stopping, 0));
    *stopped = stopping;
    say_progress(run, run->next_unit == run->world.population.n_units);
out:
    return status;
}

static snw_status prepare(struct run *run)
{
    snw_status status = SNW_OK;
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
        status = snw_identity_text(run->ctx, run->world.settings, &run->identity);
    if (status != SNW_OK)
        goto agree;
    status = run->options->resume ? resume(run)
                                  : snw_result_create(run->ctx, &run->world, run->path,
                                                      run->options->force, &run->result);
    run->begun = run->begun || run->result.file.id > 0;
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
    SNW_TRY(run->whole
                ? snw_file_finish(&run->result.file, run->ctx)
                : snw_result_finish(run->ctx, &run->world, run->totals, &facts, &run->result));
out:
    return snw_ranks_agree(run->ranks, status, run->ctx);
}

static snw_status begin(struct run *run, bool *finished)
{
    snw_status status = SNW_OK;
    *finished = false;
    snprintf(run->path, sizeof run->path, "%s/results.h5", run->options->directory);
    if (writes(run))
        status = snw_run_begin(run->ctx, run->settings, run->options, run->path, finished);
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_ranks_share(run->ranks, finished, sizeof *finished, 0));
out:
    return status;
}

/* After a stop or a failure: what of this run is safe, and how to go on. */
static void say_what_is_safe(struct run *run, snw_status status)
{
    char text[SNW_MESSAGE_MAX];
    if (!writes(run) || !run->begun)
        return;
    snw_say_what_is_safe(run->path, text, sizeof text);
    if (text[0])
        (void)snw_fail(run->ctx, status, "%s%s", status == SNW_STOPPED ? "stopped: " : "", text);
}

snw_status snw_run(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                   const struct snw_settings *settings, const struct snw_run_options *options)
{
    snw_status status = SNW_OK;
    struct run run = {.ctx = ctx,
                      .ranks = ranks,
                      .settings = settings,
                      .options = options,
                      .started = now(),
                      .last_line = -100};
    bool stopped = false, finished;
    catch_signals();
    SNW_TRY(begin(&run, &finished));
    if (finished)
        goto out;
    SNW_TRY(snw_world_build(ctx, ranks, settings, options->isa, &run.world));
    SNW_TRY(prepare(&run));
    while (run.next_unit < run.world.population.n_units) {
        SNW_TRY(round_of_units(&run, &stopped));
        if (stopped && run.next_unit < run.world.population.n_units) {
            status = writes(&run) ? snw_file_close(&run.result.file, ctx) : SNW_OK;
            SNW_TRY(snw_ranks_agree(ranks, status, ctx));
            status = SNW_STOPPED;
            goto out;
        }
    }
    SNW_TRY(finish(&run));
out:
    if (status != SNW_OK)
        say_what_is_safe(&run, status);
    free(run.identity);
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
