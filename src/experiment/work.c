/* Simulates units of work. */
#include "experiment/work.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/memory.h"

static size_t padded(size_t n_bytes)
{
    return (n_bytes + 7) / 8 * 8;
}

unsigned char *snw_parcel_room(struct snw_parcel *parcel, size_t n_bytes)
{
    size_t need = parcel->n + sizeof(struct snw_record) + padded(n_bytes);
    if (need > parcel->room) {
        size_t room = need < 2 * parcel->room ? 2 * parcel->room : need;
        unsigned char *more = realloc(parcel->bytes, room);
        if (!more)
            return NULL;
        parcel->bytes = more;
        parcel->room = room;
    }
    return parcel->bytes + parcel->n + sizeof(struct snw_record);
}

void snw_parcel_close(struct snw_parcel *parcel, const struct snw_record *record)
{
    unsigned char *at = parcel->bytes + parcel->n;
    size_t n = padded(record->n_bytes);
    memcpy(at, record, sizeof *record);
    memset(at + sizeof *record + record->n_bytes, 0, n - record->n_bytes);
    parcel->n += sizeof *record + n;
}

snw_status snw_parcel_add(struct snw_parcel *parcel, const struct snw_record *record,
                          const void *bytes)
{
    unsigned char *room = snw_parcel_room(parcel, record->n_bytes);
    if (!room)
        return SNW_ERR_MEMORY;
    if (record->n_bytes)
        memcpy(room, bytes, record->n_bytes);
    snw_parcel_close(parcel, record);
    return SNW_OK;
}

void snw_parcel_free(struct snw_parcel *parcel)
{
    free(parcel->bytes);
    *parcel = (struct snw_parcel){0};
}

const struct snw_record *snw_parcel_next(const struct snw_parcel *parcel, size_t *at,
                                         const unsigned char **bytes)
{
    if (*at >= parcel->n)
        return NULL;
    const struct snw_record *record = (const void *)(parcel->bytes + *at);
    *bytes = parcel->bytes + *at + sizeof *record;
    *at += sizeof *record + padded(record->n_bytes);
    return record;
}

void snw_parcel_stamp(struct snw_parcel *parcel, size_t from, uint64_t unit)
{
    while (from < parcel->n) {
        struct snw_record *record = (void *)(parcel->bytes + from);
        record->unit = unit;
        from += sizeof *record + padded(record->n_bytes);
    }
}

static snw_status init_tracks(struct snw_ctx *ctx, const struct snw_world *world,
                              struct snw_worker *w)
{
    snw_status status = SNW_OK;
    static const enum snw_compression level[] = {SNW_COMPRESS_FAST, SNW_COMPRESS_SMALL,
                                                 SNW_COMPRESS_NONE};
    size_t rows = world->population.unit_rows, chunk = rows * SNW_N_AGES * sizeof(uint16_t);
    for (size_t s = 0; s < world->n_scenarios; s++)
        SNW_TRY(snw_tracks_init(&w->tracks[s], rows));
    SNW_TRY(snw_compressor_init(&w->compressor, level[world->settings->compression], chunk,
                                sizeof(uint16_t), ctx));
    w->lives = snw_alloc(chunk);
    w->packed = malloc(snw_compress_bound(chunk));
    if (!w->lives || !w->packed)
        status = SNW_ERR_MEMORY;
out:
    return status;
}

snw_status snw_worker_init(struct snw_ctx *ctx, const struct snw_world *world, struct snw_worker *w)
{
    snw_status status = SNW_OK;
    const struct snw_population *p = &world->population;
    *w = (struct snw_worker){.block_people = (size_t)world->settings->block_people};
    w->work = snw_alloc(sizeof *w->work);
    w->lanes = malloc(p->unit_people * sizeof *w->lanes);
    w->again = malloc(p->unit_people * sizeof *w->again);
    w->totals = calloc(world->n_scenarios, sizeof *w->totals);
    w->tracks = calloc(world->n_scenarios, sizeof *w->tracks);
    w->events = calloc(world->n_scenarios, sizeof *w->events);
    if (!w->work || !w->lanes || !w->again || !w->totals || !w->tracks || !w->events)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory to work in");
    if (world->n_scenarios > 1) {
        w->work->beside = snw_beside_new(world->n_scenarios - 1);
        if (!w->work->beside ||
            (world->programmes && !snw_beside_treat(w->work->beside, world->programmes)))
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu scenarios", world->n_scenarios);
        if (world->screenings && !snw_beside_screen(w->work->beside, world->screenings))
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for screening");
        snw_beside_discount(w->work->beside, world->settings->discount_costs,
                            world->settings->discount_qalys);
    }
    for (size_t s = 0; s < world->n_scenarios; s++)
        SNW_TRY(snw_totals_init(&w->totals[s], p->years, !world->sums_only));
    if (world->settings->mode == SNW_MODE_STUDY && !world->sums_only)
        SNW_TRY(snw_visits_new(&w->visits, p->unit_people, &world->settings->params,
                               world->recorders, world->key));
    w->work->visits = w->visits;
    if (p->rows)
        SNW_TRY(init_tracks(ctx, world, w));
out:
    return status == SNW_ERR_MEMORY ? snw_fail(ctx, status, "no memory to work in") : status;
}

void snw_worker_free(const struct snw_world *world, struct snw_worker *w)
{
    for (size_t s = 0; s < world->n_scenarios; s++) {
        if (w->totals)
            snw_totals_free(&w->totals[s]);
        if (w->tracks)
            snw_tracks_free(&w->tracks[s]);
        if (w->events)
            snw_event_list_free(&w->events[s]);
    }
    free(w->totals);
    free(w->tracks);
    free(w->events);
    free(w->lanes);
    free(w->again);
    snw_free(w->lives);
    free(w->packed);
    snw_visits_free(&w->visits);
    snw_compressor_free(&w->compressor);
    if (w->work)
        snw_beside_free(&w->work->beside);
    snw_free(w->work);
    *w = (struct snw_worker){0};
}

/* Fills the block with lanes from `from` on, as far as they are alike; those whose scenario begins
   when they are met must be met at one age. @return the next lane. */
static size_t fill(struct snw_block *b, const struct snw_lane_of_unit *lanes, size_t from, size_t n,
                   size_t block_people, bool one_age)
{
    const struct snw_lane_of_unit *first = &lanes[from];
    size_t i = from;
    b->n = 0;
    b->sex = first->sex;
    b->birth_year = first->birth_year;
    for (; i < n && b->n < block_people && lanes[i].sex == first->sex &&
           lanes[i].birth_year == first->birth_year &&
           (!one_age || lanes[i].enter_age == first->enter_age);
         i++) {
        b->person[b->n] = lanes[i].person;
        b->replicate[b->n] = lanes[i].replicate;
        b->row[b->n] = lanes[i].row;
        b->enter_age[b->n] = lanes[i].enter_age;
        b->exit_age[b->n] = lanes[i].exit_age;
        b->n++;
    }
    return i;
}

/* People must be alive when they are met: who died before is begun anew, with the number of the
   attempt above the replicate in the counter. @return lanes to begin again. */
static size_t collect_lost(const struct snw_workspace *work, struct snw_lane_of_unit *again,
                           size_t n)
{
    for (size_t i = 0; i < work->n_lost; i++) {
        const struct snw_lost *lost = &work->lost[i];
        again[n++] =
            (struct snw_lane_of_unit){.sex = work->block.sex,
                                      .birth_year = work->block.birth_year,
                                      .enter_age = lost->enter_age,
                                      .exit_age = lost->exit_age,
                                      .row = lost->row,
                                      .person = lost->person,
                                      .replicate = lost->replicate + (1u << SNW_REPLICATE_BITS)};
    }
    return n;
}

static snw_status run_lanes(struct snw_ctx *ctx, struct snw_worker *w,
                            const struct snw_life_plan *plan, size_t n)
{
    snw_status status = SNW_OK;
    struct snw_lane_of_unit *lanes = w->again; /* overwritten only behind what was read */
    memcpy(lanes, w->lanes, n * sizeof *lanes);
    while (n > 0) {
        size_t lost = 0;
        for (size_t from = 0; from < n;) {
            from = fill(&w->work->block, lanes, from, n, w->block_people,
                        plan->from_visit && plan->n_scenarios > 1);
            SNW_TRY(snw_live(ctx, plan, w->work, w->totals, w->tracks, w->events));
            lost = collect_lost(w->work, lanes, lost);
        }
        n = lost;
        if (n > 0 && lanes[0].replicate >> SNW_REPLICATE_BITS == 0xfff)
            return snw_fail(ctx, SNW_ERR_RUN, "person %u never reached age %d in 4096 lives",
                            lanes[0].person, lanes[0].enter_age);
    }
out:
    return status;
}

static int by_person(const void *a, const void *b)
{
    const struct snw_event_row *x = a, *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    if (x->replicate != y->replicate)
        return x->replicate < y->replicate ? -1 : 1;
    if (x->age_yr != y->age_yr)
        return x->age_yr < y->age_yr ? -1 : 1;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : x->site - y->site;
}

static int by_replicate(const void *a, const void *b)
{
    const struct snw_visit *x = a, *y = b;
    int32_t xr = snw_replicate_of(x->replicate), yr = snw_replicate_of(y->replicate);
    if (xr != yr)
        return xr < yr ? -1 : 1;
    return x->person < y->person ? -1 : x->person > y->person;
}

/* The table's rows, whatever order people were met in. */
static snw_status pack_visits(struct snw_visits *visits, struct snw_parcel *parcel)
{
    struct snw_record record = {.kind = SNW_RECORD_VISITS,
                                .n_bytes = visits->n * sizeof *visits->row};
    qsort(visits->row, visits->n, sizeof *visits->row, by_replicate);
    return snw_parcel_add(parcel, &record, visits->row);
}

/* One field of the sampled lives: its chunk, and the digest of its rows. */
static snw_status pack_field(struct snw_ctx *ctx, const struct snw_world *world,
                             struct snw_worker *w, struct snw_record *record,
                             struct snw_parcel *parcel)
{
    snw_status status = SNW_OK;
    const struct snw_tracks *tracks = &w->tracks[record->scenario];
    enum snw_measure m = world->fields[record->field];
    size_t n_bytes, chunk = tracks->rows * SNW_N_AGES * sizeof *w->lives;
    double from = snw_seconds();
    unsigned char *room = w->ship ? w->packed : snw_parcel_room(parcel, snw_compress_bound(chunk));
    if (!room)
        return SNW_ERR_MEMORY;
    uint16_t *lives = w->compressor.level == SNW_COMPRESS_NONE ? (void *)room : w->lives;
    struct snw_digest_rows rows = {"trajectories",
                                   snw_measure_table[m].name,
                                   world->settings->scenarios.list[record->scenario].name,
                                   record->first_row,
                                   record->n_rows,
                                   SNW_N_AGES};
    snw_tracks_lives(tracks, m, lives);
    record->digest = (struct snw_digest){0, 0};
    snw_digest_lives(&record->digest, &rows, lives);
    SNW_TRY(snw_compress(&w->compressor, lives, chunk, room, &n_bytes, ctx));
    record->n_bytes = n_bytes;
    if (!w->ship)
        snw_parcel_close(parcel, record);
    w->packing += snw_seconds() - from;
    if (w->ship)
        SNW_TRY(w->ship(w->writer, record, room));
out:
    return status;
}

/* Chunks of the sampled lives, one a field, and who they are. */
static snw_status pack_tracks(struct snw_ctx *ctx, const struct snw_world *world,
                              struct snw_worker *w, size_t scenario, uint64_t first_row,
                              uint64_t rows, struct snw_parcel *parcel)
{
    snw_status status = SNW_OK;
    const struct snw_tracks *tracks = &w->tracks[scenario];
    struct snw_record record = {.kind = SNW_RECORD_CHUNK,
                                .scenario = (uint32_t)scenario,
                                .n_rows = (uint32_t)rows,
                                .first_row = first_row};
    for (size_t f = 0; f < world->n_fields; f++) {
        record.field = (uint32_t)f;
        SNW_TRY(pack_field(ctx, world, w, &record, parcel));
    }
    record.kind = SNW_RECORD_PEOPLE;
    record.n_bytes = rows * sizeof *tracks->who;
    SNW_TRY(snw_parcel_add(parcel, &record, tracks->who));
out:
    return status;
}

static snw_status pack_events(struct snw_event_list *events, size_t scenario,
                              struct snw_parcel *parcel)
{
    struct snw_record record = {.kind = SNW_RECORD_EVENTS,
                                .scenario = (uint32_t)scenario,
                                .n_bytes = events->n * sizeof *events->row};
    if (events->n == 0)
        return SNW_OK;
    qsort(events->row, events->n, sizeof *events->row, by_person);
    return snw_parcel_add(parcel, &record, events->row);
}

snw_status snw_unit_run(struct snw_ctx *ctx, const struct snw_world *world, struct snw_worker *w,
                        uint64_t unit, struct snw_parcel *parcel)
{
    snw_status status = SNW_OK;
    const struct snw_settings *settings = world->settings;
    uint64_t first_row, rows = snw_population_rows(&world->population, unit, &first_row);
    size_t n = snw_population_unit(&world->population, unit, w->lanes);
    const struct snw_life_plan plan = {.kernels = world->kernels,
                                       .recorders = world->recorders,
                                       .accounting = world->accounting,
                                       .n_scenarios = world->n_scenarios,
                                       .models = world->models,
                                       .economies = world->economies,
                                       .programmes = world->programmes,
                                       .treating = world->treating,
                                       .screenings = world->screenings,
                                       .begins = world->begins,
                                       .trends = world->trends,
                                       .pilot = world->pilot,
                                       .key = world->key,
                                       .cost_parts = settings->cost_parts,
                                       .in_time = world->population.years > 0,
                                       .first_year = (int32_t)settings->year,
                                       .from_visit = settings->mode != SNW_MODE_BIRTH_COHORT,
                                       .all_events =
                                           settings->events == SNW_EVENTS_ALL && !world->sums_only};
    if (n == 0)
        return SNW_OK;
    for (size_t s = 0; s < world->n_scenarios; s++) {
        w->events[s].n = 0;
        w->tracks[s].rows = rows ? world->population.unit_rows : 0;
        if (rows)
            snw_tracks_clear(&w->tracks[s]);
    }
    if (w->visits)
        w->visits->n = 0;
    w->work->person_years = w->work->n_capped = 0;
    SNW_TRY(run_lanes(ctx, w, &plan, n));
    w->person_years += w->work->person_years;
    w->n_capped += w->work->n_capped;
    for (size_t s = 0; s < world->n_scenarios && !world->sums_only; s++) {
        if (rows)
            SNW_TRY(pack_tracks(ctx, world, w, s, first_row, rows, parcel));
        if (s == 0 && w->visits)
            SNW_TRY(pack_visits(w->visits, parcel));
        if (settings->events != SNW_EVENTS_NONE)
            SNW_TRY(pack_events(&w->events[s], s, parcel));
    }
out:
    return status == SNW_ERR_MEMORY ? snw_fail(ctx, status, "no memory for a unit") : status;
}
