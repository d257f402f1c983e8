/* Rounds of units: each rank works for the commit interval, then all is merged and made safe. */
#define _GNU_SOURCE
#include "experiment/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/stop.h"
#include "experiment/accounting.h"
#include "experiment/begin.h"
#include "experiment/cost.h"
#include "experiment/crew.h"
#include "experiment/draw.h"
#include "experiment/eligible.h"
#include "experiment/identity.h"
#include "experiment/idle.h"
#include "experiment/sweeping.h"

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
    bool drawing, together; /* together: all ranks run each draw, else each rank its own */
    bool warm;              /* not the first round any more */
    struct snw_crew crew;
    struct snw_gathered all;
    uint64_t n_rounds; /* since the last commit */
    double raw_bytes;  /* since then, before packing: of trajectories, visits and draws' rows */
    bool asked_to_stop;
    double started, last_line, committed;
    double round_began;       /* for all ranks at once, whatever rank 0 commits meanwhile */
    snw_status commit_status; /* of the last commit, on rank 0 */
    /* when the first unit was begun, which one it was and what was done before: for the rate; and
       the person-years of a unit of the point estimate and of a draw */
    double working, unit_years, draw_years;
    uint64_t first_unit, years_before;
    struct snw_pipeline spent; /* this rank's seconds, put together at the end */
    double shipping;           /* those of the writer in the file while it is busy with units */
};

static bool is_done(const struct run *run)
{
    return run->all.next_unit == snw_share_units(&run->all.share);
}

static bool writes(const struct run *run)
{
    return run->ranks->rank == 0;
}

/* Rank 0 writes what it packs at once, while it is in cache. */
static snw_status ship(void *writer, const struct snw_record *record, const unsigned char *bytes)
{
    struct run *run = writer;
    double from = snw_seconds();
    snw_status status = snw_result_record(run->ctx, &run->world, &run->all.result, record, bytes);
    run->shipping += snw_seconds() - from;
    return status;
}

/* What this rank has done to rank 0. */
static snw_status merge(struct run *run)
{
    snw_status status = SNW_OK;
    struct snw_worker *worker = run->drawing ? &run->drawer.worker : &run->worker;
    uint64_t counts[3] = {worker->person_years, worker->n_capped, snw_stop_signal != 0};
    SNW_TRY(snw_ranks_sum_u64(run->ranks, counts, 3));
    worker->person_years = worker->n_capped = 0;
    if (writes(run)) {
        run->all.person_years += counts[0];
        run->all.n_capped += counts[1];
        run->asked_to_stop = counts[2] > 0;
    }
    if (!run->drawing)
        SNW_TRY(snw_crew_sum(&run->crew, &run->world, run->worker.totals, run->all.totals));
    SNW_TRY(snw_crew_deliver(run->ctx, &run->crew, &run->world, &run->all));
out:
    return status;
}

/* Person-years expected in all units below one. */
static double years_below(const struct run *run, uint64_t unit)
{
    uint64_t point = unit < run->all.share.n_point ? unit : run->all.share.n_point;
    return (double)point * run->unit_years + (double)(unit - point) * run->draw_years;
}

static void say_progress(struct run *run, bool last)
{
    char draws[64] = "";
    double t = snw_seconds() - run->working,
           all = years_below(run, snw_share_units(&run->all.share));
    double before = years_below(run, run->first_unit), done = years_below(run, run->all.next_unit);
    bool terminal = isatty(STDERR_FILENO);
    if (run->all.next_unit > run->all.share.n_point)
        snprintf(draws, sizeof draws, "%llu of %llu %s, ",
                 (unsigned long long)(run->all.next_unit - run->all.share.n_point),
                 (unsigned long long)run->all.share.n_draws,
                 !run->world.sweep                 ? "draws"
                 : run->world.sweep->together == 1 ? "points"
                                                   : "groups of points");
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
        return 2.0 * (double)snw_row_of(&run->world).n * sizeof(double);
    double tracks = (double)(p->rows ? p->unit_rows : 0) * SNW_N_AGES * 2 *
                    (double)(run->world.n_fields * run->world.n_scenarios);
    return tracks + (run->worker.visits ? (double)p->unit_people * sizeof(struct snw_visit) : 0);
}

/* Units of a round at most: as many as may gather, at least one for each rank. */
static uint64_t units_of_round(const struct run *run)
{
    uint64_t end = run->drawing ? snw_share_units(&run->all.share) : run->all.share.n_point;
    uint64_t left = end - run->all.next_unit, size = (uint64_t)run->ranks->size;
    double mib = run->drawing ? SNW_DRAWS_MIB : (double)run->world.settings->commit_mib;
    double most = mib * 1048576 / (unit_bytes(run) + 1);
    uint64_t n = run->drawing && run->together ? 1
                 : most < (double)size         ? size
                 : most < (double)left         ? (uint64_t)most
                                               : left;
    return n > left ? left : n;
}

/* Whether a rank that has done n units since a time takes no more this round. The last one ends
   as close to the end of the round as can be foreseen, so that all ranks end together, the one that
   has committed as well. The first round, and the first of draws, is of one unit each: something is
   safe soon. */
static bool is_round_over(const struct run *run, uint64_t n, double from)
{
    double seconds = run->world.settings->commit_seconds / (double)rounds_a_commit(run);
    double now = snw_seconds(), unit = (now - from) / (double)n;
    return snw_stop_signal || !run->warm || now - run->round_began + unit / 2 > seconds;
}

/* Commits when enough has gathered, before a stop, and not at the end: there the file is finished.
   A round gathers at most commit_mib, so that after half of it the next one may be too much. */
static snw_status commit_if_due(struct run *run, bool stopping)
{
    double enough = (double)run->world.settings->commit_mib * 1048576 / 2;
    bool short_round = run->drawing && run->together;
    bool late = short_round ? snw_seconds() - run->committed > run->world.settings->commit_seconds
                            : ++run->n_rounds >= rounds_a_commit(run);
    if ((!stopping && !late && run->raw_bytes <= enough) || is_done(run))
        return SNW_OK;
    run->n_rounds = 0;
    run->raw_bytes = 0;
    double from = snw_seconds();
    run->committed = from;
    snw_status status = snw_gathered_commit(run->ctx, &run->world, &run->all);
    run->spent.disk += snw_seconds() - from;
    return status;
}

/* One unit of the share: of the point estimate, or a draw of this rank alone. */
static snw_status do_unit(struct run *run, uint64_t unit)
{
    const struct snw_share *share = &run->all.share;
    struct snw_parcel *mine = &run->crew.mine;
    size_t from = mine->n;
    snw_status status =
        run->drawing
            ? snw_drawer_run(run->ctx, &run->drawer,
                             (uint32_t)(share->first_draw + unit - share->n_point),
                             &snw_stop_signal, mine)
            : snw_unit_run(run->ctx, &run->world, &run->worker, share->first_point + unit, mine);
    if (status == SNW_OK)
        snw_parcel_stamp(mine, from, unit);
    return status;
}

/* Keeps count of a unit begun at a time. */
static void count_unit(struct run *run, double from)
{
    run->crew.n_units++;
    run->crew.busy += snw_seconds() - from;
}

/* Simulates units from next_unit on for the time of a round, n at most, each rank as many as it
   comes to. @param[in,out] n  how many were taken. After a signal a draw is left where it is. */
static snw_status simulate(struct run *run, uint64_t *n)
{
    snw_status status = SNW_OK;
    uint64_t unit, mine = 0;
    bool more = true, over = false, done;
    double begun = snw_seconds();
    snw_counter_begin(&run->crew.units, run->all.next_unit, *n);
    while (!over && status == SNW_OK) {
        double from = snw_seconds();
        status = snw_counter_next(&run->crew.units, &unit, &more);
        if (status != SNW_OK || !more)
            break;
        status = do_unit(run, unit);
        count_unit(run, from);
        over = is_round_over(run, ++mine, begun);
    }
    snw_status ended = snw_counter_end(&run->crew.units, n, &done);
    run->warm = true;
    return status == SNW_OK || status == SNW_STOPPED ? ended : status;
}

/* The next draw by all ranks, its row to rank 0; nothing where one of them is to stop. */
static snw_status draw_together(struct run *run)
{
    snw_status status = SNW_OK;
    const struct snw_share *share = &run->all.share;
    struct snw_drawer *d = &run->drawer;
    uint32_t draw = (uint32_t)(share->first_draw + run->all.next_unit - share->n_point);
    uint64_t unit, n;
    bool more = true, done;
    double from = snw_seconds();
    SNW_TRY(snw_drawer_begin(run->ctx, run->ranks, d, draw));
    snw_counter_begin(&run->crew.units, 0, d->world.population.n_units);
    while (status == SNW_OK && !snw_stop_signal) {
        status = snw_counter_next(&run->crew.units, &unit, &more);
        if (status != SNW_OK || !more)
            break;
        status = snw_unit_run(run->ctx, &d->world, &d->worker, unit, &run->crew.mine);
        count_unit(run, from);
        from = snw_seconds();
    }
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_counter_end(&run->crew.units, &n, &done));
    SNW_TRY(snw_crew_sum(&run->crew, &d->world, d->worker.totals, NULL));
    if (writes(run) && done) {
        size_t end = run->crew.mine.n;
        SNW_TRY(snw_drawer_end(run->ctx, d, draw, &run->crew.mine));
        snw_parcel_stamp(&run->crew.mine, end, run->all.next_unit);
    }
out:
    return status;
}

/* Units below next_unit are done: of draws as many as the writer has, who takes none after a gap.
 */
static snw_status advance(struct run *run, uint64_t units)
{
    run->all.next_unit += units;
    if (!run->drawing)
        return SNW_OK;
    if (writes(run))
        run->all.next_unit = run->all.share.n_point + snw_gathered_draws(&run->all);
    return snw_ranks_share(run->ranks, &run->all.next_unit, sizeof run->all.next_unit, 0);
}

static snw_status round_of_units(struct run *run, bool *stopped)
{
    snw_status status = SNW_OK;
    uint64_t all = units_of_round(run);
    bool stopping = false;
    status = run->drawing && run->together ? draw_together(run) : simulate(run, &all);
    status = status == SNW_OK ? run->commit_status : status;
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    run->raw_bytes += (double)all * unit_bytes(run);
    status = merge(run);
    snw_status advanced = advance(run, all); /* together, also where the writer has failed */
    status = status == SNW_OK ? advanced : status;
    if (status == SNW_OK && writes(run)) {
        bool late = run->options->max_seconds > 0 &&
                    snw_seconds() - run->started > run->options->max_seconds;
        stopping = run->asked_to_stop || late;
    }
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_ranks_share(run->ranks, &stopping, sizeof stopping, 0));
    *stopped = stopping;
    run->round_began = snw_seconds();
    if (writes(run)) /* the others go on; how it went they hear at the end of the next round */
        run->commit_status = commit_if_due(run, stopping);
    if (stopping)
        SNW_TRY(snw_ranks_agree(run->ranks, run->commit_status, run->ctx));
    say_progress(run, is_done(run));
out:
    return status;
}

static snw_status prepare(struct run *run)
{
    snw_status status = SNW_OK;
    run->all.totals = calloc(run->world.n_scenarios, sizeof *run->all.totals);
    if (!run->all.totals) {
        status = snw_fail(run->ctx, SNW_ERR_MEMORY, "no memory for the run");
        goto agree;
    }
    status = snw_worker_init(run->ctx, &run->world, &run->worker);
    if (status != SNW_OK || !writes(run))
        goto agree;
    if (!run->all.share.of) {
        run->worker.ship = ship;
        run->worker.writer = run;
    }
    for (size_t s = 0; s < run->world.n_scenarios && status == SNW_OK; s++)
        status = snw_totals_init(&run->all.totals[s], run->world.population.years, 1);
    if (status == SNW_OK)
        status = snw_identity_text(run->ctx, run->world.settings, &run->all.identity);
    if (status != SNW_OK)
        goto agree;
    status = run->options->resume
                 ? snw_gathered_resume(run->ctx, &run->world, &run->all)
                 : snw_gathered_create(run->ctx, &run->world, run->options->force, &run->all);
agree:
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_ranks_share(run->ranks, &run->all.next_unit, sizeof run->all.next_unit, 0));
out:
    return status;
}

/* All ranks have the point estimate behind them: its room is given back for that of draws. */
static snw_status begin_draws(struct run *run)
{
    struct snw_cost cost;
    snw_cost_estimate(&run->world, run->ranks->size, &cost);
    (void)snw_crew_draws(run->ranks->size, run->all.share.n_draws, cost.draw_pilot_person_years,
                         cost.draw_person_years, &run->together);
    run->spent.compress += run->worker.packing;
    snw_worker_free(&run->world, &run->worker);
    run->drawing = true;
    run->warm = false;
    return snw_ranks_agree(run->ranks, snw_drawer_init(run->ctx, &run->world, &run->drawer),
                           run->ctx);
}

static snw_status finish(struct run *run)
{
    snw_status status = SNW_OK;
    struct snw_pipeline *spent = &run->spent;
    double from = snw_seconds();
    if (writes(run) && !run->all.whole && !run->all.share.of) /* now, so that its time is counted */
        status = snw_file_commit(&run->all.result.file, run->ctx);
    double waited_for = snw_seconds() - from + run->crew.writing;
    spent->disk += run->shipping + waited_for * run->ranks->size;
    spent->compress += run->worker.packing;
    spent->simulate = run->crew.busy - spent->compress - run->shipping;
    spent->bytes_raw = run->all.result.bytes_raw;
    spent->bytes_stored = run->all.result.bytes_stored;
    spent->person_years = run->all.person_years;
    struct snw_run_facts facts = {.ranks = run->ranks->size,
                                  .seconds = snw_seconds() - run->started,
                                  .person_years = run->all.person_years,
                                  .n_capped = run->all.n_capped,
                                  .command_line = run->options->command_line};
    /* together, also where the writer has failed */
    snw_status summed = snw_pipeline_sum(run->ranks, spent);
    snw_status spread = snw_crew_spread(&run->crew, snw_seconds() - run->working, &facts);
    status = status == SNW_OK ? summed : status;
    SNW_TRY(status == SNW_OK ? spread : status);
    if (!writes(run))
        goto out;
    if (!run->options->quiet)
        snw_pipeline_say(spent, stderr);
    facts.pipeline = *spent;
    status = snw_gathered_finish(run->ctx, &run->world, &facts, &run->all);
out:
    return snw_ranks_agree(run->ranks, status, run->ctx);
}

static snw_status begin(struct run *run, bool *finished)
{
    snw_status status = SNW_OK;
    *finished = false;
    snw_run_path(run->options, run->all.path, sizeof run->all.path);
    if (writes(run))
        status = snw_run_begin(run->ctx, run->settings, run->options, run->all.path, finished);
    SNW_TRY(snw_ranks_agree(run->ranks, status, run->ctx));
    SNW_TRY(snw_ranks_share(run->ranks, finished, sizeof *finished, 0));
out:
    return status;
}

/* A run that disk or memory would not do for is refused before the reference pass. The tables that
   rank 0 reads for that are what all others plan by. */
static snw_status affordable(struct run *run)
{
    struct snw_world plan = {0};
    snw_status status = SNW_OK;
    if (writes(run)) {
        status = snw_world_plan(run->ctx, run->settings, &plan);
        if (status == SNW_OK)
            status =
                snw_cost_refuse(run->ctx, &plan, run->ranks, run->all.path, run->options->parts);
        snw_world_free(&plan);
    }
    snw_status shared = snw_files_share(run->ctx, run->ranks);
    return snw_ranks_agree(run->ranks, status == SNW_OK ? shared : status, run->ctx);
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
    run->unit_years = cost.person_years / (double)run->all.share.n_point;
    run->draw_years = cost.draw_person_years + cost.draw_pilot_person_years;
    run->working = run->round_began = snw_seconds();
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
                      .started = snw_seconds(),
                      .last_line = -100};
    bool stopped = false, finished;
    snw_stop_on_signals();
    SNW_TRY(begin(&run, &finished));
    if (finished)
        goto out;
    SNW_TRY(affordable(&run));
    SNW_TRY(snw_world_build(ctx, ranks, settings, options->isa, true, &run.world));
    SNW_TRY(snw_ranks_agree(ranks, snw_idle_refuse(ctx, &run.world), ctx));
    if (writes(&run)) {
        snw_accounting_warn(&run.world.economies[0], &run.world.pilot->economy, stderr);
        snw_eligible_warn(&run.world, stderr);
        status = snw_idle_warn(ctx, &run.world, stderr);
    }
    SNW_TRY(snw_ranks_agree(ranks, status, ctx));
    run.all.share = snw_share_of(run.world.population.n_units, snw_settings_worlds(settings),
                                 options->part, options->parts);
    SNW_TRY(snw_crew_init(ctx, ranks, &run.crew));
    SNW_TRY(prepare(&run));
    begin_progress(&run);
    while (!is_done(&run)) {
        if (!run.drawing && run.all.next_unit >= run.all.share.n_point)
            SNW_TRY(begin_draws(&run));
        SNW_TRY(round_of_units(&run, &stopped));
        if (stopped && !is_done(&run)) {
            status = writes(&run) ? snw_gathered_close(ctx, &run.all) : SNW_OK;
            SNW_TRY(snw_ranks_agree(ranks, status, ctx));
            status = SNW_STOPPED;
            goto out;
        }
    }
    SNW_TRY(finish(&run));
out:
    if (status != SNW_OK)
        say_what_is_safe(&run, status);
    for (size_t s = 0; run.all.totals && s < run.world.n_scenarios; s++)
        snw_totals_free(&run.all.totals[s]);
    free(run.all.totals);
    snw_crew_free(&run.crew);
    snw_worker_free(&run.world, &run.worker);
    snw_drawer_free(&run.drawer);
    snw_gathered_free(&run.all);
    snw_world_free(&run.world);
    return status;
}
