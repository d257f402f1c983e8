/* Estimates what a run needs and compares it with what is there. */
#define _POSIX_C_SOURCE 200809L
#include "experiment/cost.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/clock.h"
#include "core/memory.h"
#include "experiment/crew.h"
#include "experiment/draw.h"
#include "experiment/economics.h"
#include "experiment/idle.h"
#include "experiment/national.h"
#include "experiment/run.h"
#include "experiment/screens.h"
#include "experiment/spread.h"
#include "experiment/sweeping.h"

/* Measured on results of 2,000 to 100,000 people; bytes in the file, and shares that are left of
   the values after packing. */
static const double per_scenario = 600e3, per_packed = 4.5e3, per_plain = 0.9e3;
static const double all_else = 0.67e6;
static const double packed_state = 0.63, packed_rest = 0.06, packed_event = 6;
static const double events_per_year = 0.09; /* in a life from 20 on */
/* of float64 values that differ from draw to draw; of what index chunks need more than plain data
 */
static const double packed_draw = 0.8, packed_parameter = 0.75;
static const double summary_index = 1.8e6, parameters_index = 0.8e6;
/* of /paired: its index, what draws add to that, a scenario of a draw */
static const double paired_index = 100e3, paired_draws_index = 130e3, paired_scenario = 2.9e3;
static const double process = 12e6, message_passing = 30e6, pilot_tables = 7e6, slab_of_rows = 40e6;

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Bytes of one scenario's sums. */
static double totals_bytes(const struct snw_population *p)
{
    return (double)(1 + p->years) * SNW_TOTALS_CELLS * sizeof(struct snw_cell) +
           (double)SNW_TOTALS_HISTOGRAMS * (sizeof(uint32_t) + sizeof(uint16_t)) +
           larger(1, (double)p->years) * SNW_TOTALS_LEVELS * sizeof(uint32_t) +
           (double)SNW_TOTALS_CAUSES * sizeof(uint64_t);
}

/* What packing leaves of a trajectory's or a visit's value. */
static double packed(const struct snw_world *world, enum snw_measure m)
{
    if (world->settings->compression == SNW_COMPRESSION_NONE)
        return sizeof(uint16_t);
    return sizeof(uint16_t) *
           (snw_measure_table[m].kind == SNW_M_STATE ? packed_state : packed_rest);
}

static double trajectory_bytes(const struct snw_world *world)
{
    const struct snw_population *p = &world->population;
    double value = 0, all = (double)(p->row_units * p->unit_rows * world->n_scenarios);
    for (size_t f = 0; f < world->n_fields; f++)
        value += packed(world, world->fields[f]);
    return (double)world->n_fields * per_packed +
           all * (value * SNW_N_AGES + sizeof(struct snw_track_person));
}

static double study_bytes(const struct snw_world *world, double lives)
{
    double row = 8; /* who it is about, packed */
    if (world->settings->mode != SNW_MODE_STUDY)
        return 0;
    for (int m = 0; m < SNW_N_READ; m++)
        row += packed(world, (enum snw_measure)m);
    return SNW_N_READ * per_packed + lives * row;
}

/* What /summary holds of draws: statistics of all outcomes, and values of some. */
static double draws_bytes(const struct snw_world *world)
{
    const struct snw_outcomes *all = world->outcomes;
    double one = (double)world->n_scenarios * SNW_CELLS * sizeof(double), kept = 0;
    for (size_t i = 0; i < all->n; i++)
        kept += all->list[i].per_draw ? (double)all->list[i].n : 0;
    return summary_index + one * ((double)all->n_values * SNW_N_SPREADS +
                                  kept * (double)(world->settings->draws + 1) * packed_draw);
}

/* What /sweep holds: all values of all points, and where they are. */
static double sweep_bytes(const struct snw_world *world)
{
    double row = (double)snw_sweeping_values(world) + (double)world->settings->sweep.n_factors;
    return ((double)world->sweep->n_points + 1) * row * sizeof(double);
}

/* Variables of /summary_by_year: of each quantity the value, its error, and statistics over draws,
   also of what scenarios add. */
static double by_year_bytes(const struct snw_world *world)
{
    struct snw_national list[SNW_NATIONAL_MAX];
    size_t n = world->population.years ? snw_national_list(list) : 0, variables = 0;
    size_t over_draws = world->settings->draws == 0 ? 0 : world->n_scenarios > 1 ? 2 : 1;
    for (size_t k = 0; k < n; k++) {
        variables +=
            list[k].kind == SNW_NATIONAL_TOTAL || list[k].kind == SNW_NATIONAL_LEVEL ? 2 : 1;
        variables += list[k].drawn ? over_draws * SNW_SPREAD_MCVAR : 0;
    }
    double one = (double)(world->n_scenarios * snw_national_values(world) * sizeof(double));
    return (double)variables * (one + per_plain);
}

static double paired_bytes(const struct snw_world *world)
{
    double draws = (double)world->settings->draws, scenarios = (double)world->n_scenarios;
    if (world->n_scenarios < 2)
        return 0;
    return paired_index + (draws > 0 ? paired_draws_index : 0) +
           (1 + draws) * scenarios * paired_scenario;
}

/* Totals of each draw, and variables: axes, totals, increments and, of draws, decisions. */
static double economics_bytes(const struct snw_world *world)
{
    double row = 0, draws = (double)world->settings->draws, scenarios = (double)world->n_scenarios;
    size_t variables = world->n_scenarios < 2 ? 5 : draws > 0 ? 32 : 14;
    if (!snw_economics_applies(world))
        return 0;
    for (size_t i = 0; i < SNW_LIVES_SUMS; i++)
        if (snw_lives_known(world, &snw_lives_sums[i])) {
            double values = 2 * SNW_SEX_LABELS * (double)snw_lives_sums[i].n * sizeof(double);
            row += values * (snw_lives_sums[i].along ? packed_draw : 1);
            variables += 2;
        }
    return (double)variables * per_plain + (1 + draws) * scenarios * row;
}

static double pilot_bytes(int64_t persons)
{
    return pilot_tables + ((double)persons / SNW_BLOCK_MAX + 1) *
                              (sizeof(struct snw_block) + 20.0 * SNW_BLOCK_MAX);
}

/* Rank 0 while it draws and sums up draws: sums of the point estimate and a copy of them at a
   commit, sums of a draw, rows on their way. */
static double memory_of_draws(const struct snw_world *world)
{
    const struct snw_population *p = &world->population;
    double scenarios = (double)(world->sweep ? snw_sweeping_scenarios(world) : world->n_scenarios);
    double row = (double)snw_row_of(world).n;
    double on_their_way =
        larger(2 * row * 8, smaller(SNW_DRAWS_MIB * 1048576.0,
                                    (double)snw_settings_worlds(world->settings) * 2 * row * 8));
    double drawing = scenarios * (3 * totals_bytes(p) + 2 * sizeof(struct snw_model)) +
                     5 * row * 8 + 2 * on_their_way +
                     pilot_bytes(world->settings->draw_reference_persons);
    double summing = scenarios * totals_bytes(p) + (SNW_N_SPREADS + 2) * row * 8 + slab_of_rows +
                     economics_bytes(world);
    if (world->sweep)
        summing = scenarios * totals_bytes(p) + 3 * sweep_bytes(world);
    return snw_settings_worlds(world->settings) > 0 ? larger(drawing, summing) : 0;
}

/* Rank 0: its own units, the sums of all, a copy of them at a commit, and what others send. */
static double memory_of_writer(const struct snw_world *world, int ranks)
{
    const struct snw_settings *settings = world->settings;
    const struct snw_population *p = &world->population;
    double scenarios = (double)world->n_scenarios, lanes = (double)p->unit_people;
    double pilot = pilot_bytes(settings->reference_persons);
    double run = scenarios * (3 * totals_bytes(p) + sizeof(struct snw_model)) +
                 sizeof(struct snw_workspace) + 2 * lanes * sizeof(struct snw_lane_of_unit);
    if (p->rows)
        run += scenarios * (double)p->unit_rows * SNW_N_AGES * SNW_N_MEASURES * sizeof(uint16_t);
    if (settings->mode == SNW_MODE_STUDY)
        run += sizeof(struct snw_visits) + 2 * lanes * sizeof(struct snw_visit);
    /* what others send, and what of its own the writer does not take as it is made */
    double sent =
        smaller((double)settings->commit_mib * 1048576, trajectory_bytes(world) / packed_state);
    run += (double)p->rows * scenarios * sizeof(struct snw_track_person);
    if (ranks > 1)
        run += 0.6 * sent;
    run = larger(run, memory_of_draws(world));
    return process + (ranks > 1 ? message_passing : 0) + larger(pilot, run);
}

void snw_cost_estimate(const struct snw_world *world, int ranks, struct snw_cost *cost)
{
    const struct snw_population *p = &world->population;
    double scenarios = (double)world->n_scenarios, recorded = 0;
    double draws = (double)snw_settings_worlds(world->settings), row = (double)snw_row_of(world).n;
    double drawn = (double)world->settings->draws;
    double lives = p->only_person >= 0 ? 1 : (double)p->persons * (double)p->replicates;
    *cost = (struct snw_cost){.lives = lives};
    cost->person_years = scenarios * snw_population_years(p, &world->life, &recorded);
    cost->pilot_person_years =
        (double)SNW_N_SEXES * (double)world->settings->reference_persons * SNW_N_AGES;
    cost->draw_person_years = cost->person_years;
    if (world->sweep)
        cost->draw_person_years *= (double)snw_sweeping_scenarios(world) / scenarios;
    bool deed = world->sweep && world->settings->sweep.as == SNW_AS_DEED;
    cost->draw_pilot_person_years =
        deed ? 0
             : (double)SNW_N_SEXES * (double)world->settings->draw_reference_persons * SNW_N_AGES;
    double share = world->settings->events == SNW_EVENTS_ALL ? 1
                   : world->settings->events == SNW_EVENTS_SAMPLE
                       ? smaller(1, (double)p->rows / lives)
                       : 0;
    const struct {
        const char *name;
        double bytes;
    } group[SNW_COST_GROUPS] = {
        [SNW_COST_SUMMARY] = {"/summary",
                              scenarios * per_scenario + (drawn > 0 ? draws_bytes(world) : 0)},
        [SNW_COST_PAIRED] = {"/paired", paired_bytes(world)},
        [SNW_COST_ECONOMICS] = {"/economics", economics_bytes(world)},
        [SNW_COST_BY_YEAR] = {"/summary_by_year", by_year_bytes(world)},
        [SNW_COST_TRAJECTORIES] = {"/trajectories", p->rows ? trajectory_bytes(world) : 0},
        [SNW_COST_EVENTS] = {"/events",
                             scenarios * recorded * share * events_per_year * packed_event},
        [SNW_COST_STUDY] = {"/study", study_bytes(world, lives)},
        [SNW_COST_SWEEP] = {"/sweep", world->sweep ? sweep_bytes(world) : 0},
        [SNW_COST_REST] = {
            "/parameters, /reference, config",
            all_else + (draws + 1) * sizeof(double) * (double)snw_screens_values(world) +
                (drawn > 0
                     ? parameters_index + (drawn + 1) * sizeof(struct snw_params) * packed_parameter
                     : 0)}};
    for (size_t g = 0; g < SNW_COST_GROUPS; g++) {
        cost->group[g].name = group[g].name;
        cost->group[g].bytes = group[g].bytes;
        cost->result_bytes += group[g].bytes;
    }
    cost->aside_bytes = draws * row * sizeof(double);
    /* a checkpoint is written beside the one that it replaces */
    double checkpoint = scenarios * totals_bytes(p) +
                        scenarios * (double)p->rows * sizeof(struct snw_track_person) +
                        (draws > 0 ? row * 12 : 0);
    cost->disk_bytes = cost->result_bytes + cost->aside_bytes + 2 * checkpoint;
    cost->memory_bytes = memory_of_writer(world, ranks);
}

/* Bytes of what an interrupted run has left. */
static double left_there(const char *path)
{
    static const char *const suffixes[] = {".partial", ".checkpoint", ".aside"};
    double bytes = 0;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char name[SNW_PATH_MAX + 16];
        struct stat file;
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        if (stat(name, &file) == 0)
            bytes += (double)file.st_size;
    }
    return bytes;
}

/* Disk that one of many parts needs: its share of what is kept of people, events and visits as they
   are and rows with their variances; sums, and two checkpoints of them. */
static double disk_of_part(const struct snw_world *world, const struct snw_cost *cost, double parts)
{
    static const double raw_event = 1.5 * sizeof(struct snw_event_row); /* and its record's head */
    double visits = world->settings->mode == SNW_MODE_STUDY ? cost->lives : 0;
    double kept = cost->group[SNW_COST_TRAJECTORIES].bytes + visits * sizeof(struct snw_visit) +
                  cost->group[SNW_COST_EVENTS].bytes / packed_event * raw_event +
                  2 * cost->aside_bytes;
    return kept / parts + 3 * (double)world->n_scenarios * totals_bytes(&world->population);
}

static double mib(double bytes)
{
    return (double)(uint64_t)(bytes / 1048576 + 0.999);
}

snw_status snw_cost_refuse(struct snw_ctx *ctx, const struct snw_world *world,
                           const struct snw_ranks *ranks, const char *path, uint32_t parts)
{
    snw_status status = SNW_OK;
    struct snw_cost cost;
    int here = snw_ranks_here(ranks);
    int directory = (int)(strrchr(path, '/') - path);
    double disk = snw_disk_left(path) + left_there(path), memory = snw_memory_left();
    if (world->settings->resources == SNW_RESOURCES_IGNORE)
        return SNW_OK;
    snw_cost_estimate(world, ranks->size, &cost);
    double needed = parts ? disk_of_part(world, &cost, parts) : cost.disk_bytes;
    if (needed > disk)
        status = snw_fail(
            ctx, SNW_ERR_IO,
            "%.*s: the run needs about %.0f MiB of disk, %.0f MiB are free: make room, "
            "choose another disk with -o, keep less (output.trajectories, "
            "output.events, output.measures), or try all the same with --set run.resources=ignore",
            directory, path, mib(needed), mib(disk));
    if (cost.memory_bytes * here > memory)
        status = snw_fail(ctx, SNW_ERR_MEMORY,
                          "the run needs about %.0f MiB of memory on each of %d rank%s, %.0f MiB "
                          "are free in all: take fewer ranks or scenarios, a smaller "
                          "reference.persons or run.commit_mib, or try all the same with --set "
                          "run.resources=ignore",
                          mib(cost.memory_bytes), here, here == 1 ? "" : "s", mib(memory));
    return status;
}

/* A unit in the middle of the population, or that of the only person. */
static uint64_t some_unit(const struct snw_population *p)
{
    return p->only_person >= 0 ? (uint64_t)p->only_person / p->unit_people : p->n_units / 2;
}

/* Seconds of all draws, by one draw's reference pass and the pace of one unit of its people. */
static snw_status seconds_of_draws(struct snw_ctx *ctx, const struct snw_world *world,
                                   const struct snw_cost *cost, int ranks, double *seconds)
{
    snw_status status = SNW_OK;
    const struct snw_ranks alone = {.rank = 0, .size = 1};
    struct snw_drawer drawer;
    struct snw_parcel parcel = {0};
    bool together;
    SNW_TRY(snw_drawer_init(ctx, world, &drawer));
    double from = snw_seconds();
    SNW_TRY(snw_world_draw(ctx, &alone, &drawer.world, 1));
    double pilot = snw_seconds() - from;
    from = snw_seconds();
    SNW_TRY(
        snw_unit_run(ctx, &drawer.world, &drawer.worker, some_unit(&world->population), &parcel));
    double year = (snw_seconds() - from) / (double)drawer.worker.person_years;
    *seconds = snw_crew_draws(ranks, snw_settings_worlds(world->settings), pilot,
                              year * cost->draw_person_years, &together);
out:
    snw_parcel_free(&parcel);
    snw_drawer_free(&drawer);
    return status;
}

snw_status snw_cost_seconds(struct snw_ctx *ctx, const struct snw_settings *settings, int ranks,
                            double *seconds)
{
    enum { FEW = 1024 }; /* people: a block of each sex, and one unit of one block or two */
    snw_status status = SNW_OK;
    const struct snw_ranks alone = {.rank = 0, .size = 1};
    struct snw_settings small = *settings; /* borrows all pointers; not freed */
    struct snw_world world = {0};
    struct snw_worker worker = {0};
    struct snw_parcel parcel = {0};
    struct snw_cost cost;
    if (small.reference_persons > FEW)
        small.reference_persons = FEW;
    if (small.unit_people > FEW)
        small.unit_people = FEW;
    double from = snw_seconds(), draws = 0;
    SNW_TRY(snw_world_build(ctx, &alone, &small, NULL, false, &world));
    SNW_TRY(snw_idle_refuse(ctx, &world));
    SNW_TRY(snw_idle_warn(ctx, &world, stderr));
    double pilot = (snw_seconds() - from) * (double)settings->reference_persons /
                   (double)small.reference_persons;
    SNW_TRY(snw_worker_init(ctx, &world, &worker));
    from = snw_seconds();
    SNW_TRY(snw_unit_run(ctx, &world, &worker, some_unit(&world.population), &parcel));
    double per_year = (snw_seconds() - from) / (double)worker.person_years;
    snw_cost_estimate(&world, ranks, &cost);
    if (snw_settings_worlds(settings) > 0)
        SNW_TRY(seconds_of_draws(ctx, &world, &cost, ranks, &draws));
    *seconds = pilot / (ranks < SNW_N_SEXES ? ranks : SNW_N_SEXES) +
               per_year * cost.person_years / ranks + draws;
out:
    snw_parcel_free(&parcel);
    snw_worker_free(&world, &worker);
    snw_world_free(&world);
    return status;
}
