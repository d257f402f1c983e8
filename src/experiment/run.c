/* Rounds of units: each rank works for the commit interval, then all is merged and made safe. */
#define _GNU_SOURCE
#include "experiment/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "experiment/accounting.h"
#include "experiment/begin.h"
#include "experiment/cost.h"
#include "experiment/draw.h"
#include "experiment/gathered.h"
#include "experiment/identity.h"

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
    return snw_seconds();
}

/* A round is at most so long: a signal is then heeded soon, however rare the commits. */
enum { ROUND_SECONDS = 2 };

/* A run in progress. Of what was gathered, the other ranks know next_unit only. */
struct run {
    struct snw_ctx *ctx;
    const struct snw_ranks *ranks;
    const struct snw_settings *settings;
    const struct snw_run_options *options;
    struct snw_world world;
    struct snw_worker worker; /* of the point estimate, then the drawer of the draws */
    struct snw_drawer drawer;
    bool drawing;
    struct snw_parcel parcel;
    struct snw_gathered all;
    uint64_t
        n_rounds; /* since the last commit, and bytes of trajectories and visits before packing */
    double raw_bytes;
    bool asked_to_stop;
    double started, last_line, *rate; /* rate: units per second of each rank */
    /* when the first unit was begun, which one it was and what was done before: for the rate; and
       the person-years of a unit of the point estimate and of a draw */
    double working, unit_years, draw_years;
    uint64_t first_unit, years_before;
    struct snw_pipeline spent; /* this rank's seconds; simulate holds the others until the end */
    double shipping;           /* its part of disk that lies in simulate */
};

static uint64_t units_of_point(const struct run *run)
{
    return run->world.population.n_units;
}

static bool is_done(const struct run *run)
{
    return run->all.next_unit == snw_units_of_all(&run->world);
}

static bool writes(const struct run *run)
{
    return run->ranks->rank == 0;
}

/* Totals of the point estimate to rank 0. */
static snw_status merge_totals(struct run *run)
{
    snw_status status = SNW_OK;
    const struct snw_ranks *ranks = run->ranks;
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
            snw_totals_add(&run->all.totals[s], t);
        snw_totals_clear(t);
    }
out:
    return status;
}

/* Rank 0 writes what it packs at once, while it is in cache. */
static snw_status ship(void *writer, const struct snw_record *record, const unsigned char *bytes)
{
    struct run *run = writer;
    double from = now();
    snw_status status = snw_result_record(run->ctx, &run->world, &run->all.result, record, bytes);
    run->shipping += now() - from;
    run->spent.disk += now() - from;
    return status;
}

static snw_status take(struct run *run)
{
    double from = now();
    snw_status status = snw_result_take(run->ctx, &run->world, &run->all.result, &run->parcel);
    run->spent.disk += now() - from;
    return status;
}

/* What this rank has done to rank 0. */
static snw_status merge(struct run *run)
{
    snw_status status = SNW_OK, written = SNW_OK;
    const struct snw_ranks *ranks = run->ranks;
    struct snw_worker *worker = run->drawing ? &run->drawer.worker : &run->worker;
    uint64_t counts[3] = {worker->person_years, worker->n_capped, stop_signal != 0};
    SNW_TRY(snw_ranks_sum_u64(ranks, counts, 3));
    worker->person_years = worker->n_capped = 0;
    if (!run->drawing)
        SNW_TRY(merge_totals(run));
    if (!writes(run)) {
        SNW_TRY(snw_ranks_send(ranks, run->parcel.bytes, run->parcel.n));
        run->parcel.n = 0;
        goto out;
    }
    run->all.person_years += counts[0];
    run->all.n_capped += counts[1];
    run->asked_to_stop = counts[2] > 0;
    written = take(run);
    for (int r = 1; r < ranks->size; r++) { /* taken even after a failure: nobody is left waiting */
        void *bytes = run->parcel.bytes;
        SNW_TRY(snw_ranks_take(ranks, r, &bytes, &run->parcel.n, &run->parcel.room, run->ctx));
        run->parcel.bytes = bytes;
        if (written == SNW_OK)
            written = take(run);
    }
    run->parcel.n = 0;
    status = written;
out:
    return status;
}

/* Person-years expected in all units below one. */
static double years_below(const struct run *run, uint64_t unit)
{
    uint64_t point = unit < units_of_point(run) ? unit : units_of_point(run);
    return (double)point * run->unit_years + (double)(unit - point) * run->draw_years;
}

static void say_progress(struct run *run, bool last)
{
    char draws[64] = "";
    double t = now() - run->working, all = years_below(run, snw_units_of_all(&run->world));
    double before = years_below(run, run->first_unit), done = years_below(run, run->all.next_unit);
    bool terminal = isatty(STDERR_FILENO);
    if (run->all.next_unit > units_of_point(run))
        snprintf(draws, sizeof draws, "%llu of %lld draws, ",
                 (unsigned long long)(run->all.next_unit - units_of_point(run)),
                 (long long)run->settings->draws);
    if (!writes(run) || run->options->quiet || (!terminal && !last && t - run->last_line < 10))
        return;
    run->last_line = t;
    fprintf(stderr, "%s%5.1f %%  %s%.3g person-years, %.3g a second, %.0f s left%s",
            terminal ? "\r" : "", 100 * done / all, draws, (double)run->all.person_years,
            (double)(run->all.person_years - run->years_before) / (t > 0 ? t : 1),
            done > before ? t / (done - before) * (all - done) : 0,
            terminal && !last ? "   " : "\n");
    fflush(stderr);
}

static uint64_t rounds_a_commit(const struct run *run)
{
    return 1 + (uint64_t)(run->world.settings->commit_seconds / (ROUND_SECONDS + 1e-9));
}

/* Bytes of a unit's trajectories and visits before packing, or of a draw's row. */
static double unit_bytes(const struct run *run)
{
    const struct snw_population *p = &run->world.population;
    if (run->drawing)
        return 2.0 * (double)snw_row_values(&run->world) * sizeof(double);
    double tracks = (double)(p->rows ? p->unit_rows : 0) * SNW_N_AGES * 2 *
                    (double)(run->world.n_fields * run->world.n_scenarios);
    return tracks + (run->worker.visits ? (double)p->unit_people * sizeof(struct snw_visit) : 0);
}

/* How many units each rank takes this round: as many as its speed does in the time of a round. The
   ranges lie one after the other, so that what is done is always the units below next_unit. Draws
   begin with a round of their own. */
static void share_out(const struct run *run, uint64_t *first, uint64_t *n, uint64_t *all)
{
    const struct snw_settings *settings = run->world.settings;
    uint64_t end = run->drawing ? snw_units_of_all(&run->world) : units_of_point(run);
    uint64_t at = run->all.next_unit, left = end - at;
    double seconds = settings->commit_seconds / (double)rounds_a_commit(run);
    double mib = run->drawing ? SNW_DRAWS_MIB : (double)settings->commit_mib;
    double most = mib * 1048576 / (unit_bytes(run) * run->ranks->size + 1);
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
    if (!due || is_done(run))
        return SNW_OK;
    run->n_rounds = 0;
    run->raw_bytes = 0;
    double from = now();
    snw_status status = snw_gathered_commit(run->ctx, &run->world, &run->all);
    run->spent.disk += now() - from;
    return status;
}

/* Simulates n units. After a signal a draw is left where it is, and those after it are not begun.
 */
static snw_status simulate(struct run *run, uint64_t first, uint64_t n)
{
    snw_status status = SNW_OK;
    for (uint64_t u = first; u < first + n && status == SNW_OK; u++)
        status = run->drawing ? snw_drawer_run(run->ctx, &run->drawer,
                                               (uint32_t)(u - units_of_point(run) + 1),
                                               &stop_signal, &run->parcel)
                              : snw_unit_run(run->ctx, &run->world, &run->worker, u, &run->parcel);
    return status == SNW_STOPPED ? SNW_OK : status;
}

/* Units below next_unit are done: of draws as many as the writer has, who takes none after a gap.
 */
static snw_status advance(struct run *run, uint64_t units)
{
    run->all.next_unit += units;
    if (!run->drawing)
        return SNW_OK;
    if (writes(run))
        run->all.next_unit = units_of_point(run) + run->all.result.draws.rows.state.n;
    return snw_ranks_share(run->ranks, &run->all.next_unit, sizeof run->all.next_unit, 0);
}

static snw_status round_of_units(struct run *run, bool *stopped)
{
    snw_status status = SNW_OK;
    uint64_t first = 0, n = 0, all = 0;
    double from = now();
    bool stopping = false;
    share_out(run, &first, &n, &all);
    status = simulate(run, first, n);
    run->spent.simulate += now() - from;
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    double mine = n ? (double)n / (now() - from + 1e-9) : run->rate[run->ranks->rank];
    SNW_TRY(snw_ranks_gather(run->ranks, mine, run->rate));
    run->raw_bytes += (double)all * unit_bytes(run);
    status = merge(run);
    snw_status advanced = advance(run, all); /* together, also where the writer has failed */
    status = status == SNW_OK ? advanced : status;
    if (status == SNW_OK && writes(run)) {
        bool late =
            run->options->max_seconds > 0 && now() - run->started > run->options->max_seconds;
        stopping = run->asked_to_stop || late;
        status = commit_if_due(run, stopping);
    }
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_ranks_share(run->ranks, &stopping, sizeof stopping, 0));
    *stopped = stopping;
    say_progress(run, is_done(run));
out:
    return status;
}

static snw_status prepare(struct run *run)
{
    snw_status status = SNW_OK;
    run->rate = calloc((size_t)run->ranks->size, sizeof *run->rate);
    run->all.totals = calloc(run->world.n_scenarios, sizeof *run->all.totals);
    if (!run->rate || !run->all.totals) {
        status = snw_fail(run->ctx, SNW_ERR_MEMORY, "no memory for the run");
        goto agree;
    }
    status = snw_worker_init(run->ctx, &run->world, &run->worker);
    if (status != SNW_OK || !writes(run))
        goto agree;
    run->worker.ship = ship;
    run->worker.writer = run;
    for (size_t s = 0; s < run->world.n_scenarios && status == SNW_OK; s++)
        status = snw_totals_init(&run->all.totals[s], run->world.population.years, 1);
    if (status == SNW_OK)
        status = snw_identity_text(run->ctx, run->world.settings, &run->all.identity);
    if (status != SNW_OK)
        goto agree;
    status = run->options->resume ? snw_gathered_resume(run->ctx, &run->world, &run->all)
                                  : snw_result_create(run->ctx, &run->world, run->all.path,
                                                      run->options->force, &run->all.result);
    run->all.begun = run->all.begun || run->all.result.file.id > 0;
agree:
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_ranks_share(run->ranks, &run->all.next_unit, sizeof run->all.next_unit, 0));
out:
    return status;
}

/* All ranks have the point estimate behind them: its room is given back for that of draws. */
static snw_status begin_draws(struct run *run)
{
    run->spent.compress += run->worker.packing;
    snw_worker_free(&run->world, &run->worker);
    memset(run->rate, 0, (size_t)run->ranks->size * sizeof *run->rate);
    run->drawing = true;
    return snw_ranks_agree(run->ranks, snw_drawer_init(run->ctx, &run->world, &run->drawer),
                           run->ctx);
}

static snw_status finish(struct run *run)
{
    snw_status status = SNW_OK, summed;
    struct snw_pipeline *spent = &run->spent;
    double from = now();
    if (writes(run) && !run->all.whole) /* now, so that its time is counted */
        status = snw_file_commit(&run->all.result.file, run->ctx);
    spent->disk += now() - from;
    spent->compress += run->worker.packing;
    spent->simulate -= spent->compress + run->shipping;
    spent->bytes_raw = run->all.result.bytes_raw;
    spent->bytes_stored = run->all.result.bytes_stored;
    spent->person_years = run->all.person_years;
    summed = snw_pipeline_sum(run->ranks, spent); /* also where the writer has failed */
    SNW_TRY(status == SNW_OK ? summed : status);
    if (!writes(run))
        goto out;
    if (!run->options->quiet)
        snw_pipeline_say(spent, stderr);
    struct snw_run_facts facts = {.ranks = run->ranks->size,
                                  .seconds = now() - run->started,
                                  .person_years = run->all.person_years,
                                  .n_capped = run->all.n_capped,
                                  .command_line = run->options->command_line,
                                  .pipeline = *spent};
    SNW_TRY(run->all.whole ? snw_file_finish(&run->all.result.file, run->ctx)
                           : snw_result_finish(run->ctx, &run->world, run->all.totals, &facts,
                                               &run->all.result));
out:
    return snw_ranks_agree(run->ranks, status, run->ctx);
}

static snw_status begin(struct run *run, bool *finished)
{
    snw_status status = SNW_OK;
    *finished = false;
    snprintf(run->all.path, sizeof run->all.path, "%s/results.h5", run->options->directory);
    if (writes(run))
        status = snw_run_begin(run->ctx, run->settings, run->options, run->all.path, finished);
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_ranks_share(run->ranks, finished, sizeof *finished, 0));
out:
    return status;
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

/* A run that disk or memory would not do for is refused before the reference pass. */
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

/* After a stop or a failure: what of this run is safe, and how to go on. */
static void say_what_is_safe(struct run *run, snw_status status)
{
    char text[SNW_MESSAGE_MAX];
    if (!writes(run) || !run->all.begun)
        return;
    snw_say_what_is_safe(run->all.path, text, sizeof text);
    if (text[0])
        (void)snw_fail(run->ctx, status, "%s%s", status == SNW_STOPPED ? "stopped: " : "", text);
}

static void begin_progress(struct run *run)
{
    struct snw_cost cost;
    snw_cost_estimate(&run->world, run->ranks->size, &cost);
    run->unit_years = cost.person_years / (double)units_of_point(run);
    run->draw_years = cost.draw_person_years + cost.draw_pilot_person_years;
    run->working = now();
    run->first_unit = run->all.next_unit;
    run->years_before = run->all.person_years;
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
    SNW_TRY(affordable(&run));
    SNW_TRY(snw_world_build(ctx, ranks, settings, options->isa, &run.world));
    warn_of_excess(&run);
    SNW_TRY(prepare(&run));
    begin_progress(&run);
    while (!is_done(&run)) {
        if (!run.drawing && run.all.next_unit >= units_of_point(&run))
            SNW_TRY(begin_draws(&run));
        SNW_TRY(round_of_units(&run, &stopped));
        if (stopped && !is_done(&run)) {
            status = writes(&run) ? snw_file_close(&run.all.result.file, ctx) : SNW_OK;
            SNW_TRY(snw_ranks_agree(ranks, status, ctx));
            status = SNW_STOPPED;
            goto out;
        }
    }
    SNW_TRY(finish(&run));
out:
    if (status != SNW_OK)
        say_what_is_safe(&run, status);
    free(run.all.identity);
    for (size_t s = 0; run.all.totals && s < run.world.n_scenarios; s++)
        snw_totals_free(&run.all.totals[s]);
    free(run.all.totals);
    free(run.rate);
    snw_parcel_free(&run.parcel);
    snw_worker_free(&run.world, &run.worker);
    snw_drawer_free(&run.drawer);
    snw_result_free(&run.all.result);
    snw_world_free(&run.world);
    return status;
}
