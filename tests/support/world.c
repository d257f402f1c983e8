/* Builds the world that tests run in. */
#include "support/world.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "support/near.h"

#include "config/price_table.h"
#include "config/table.h"
#include "support/starting.h"

struct world *world_new(void (*change)(struct snw_params *params), uint32_t persons)
{
    struct snw_ctx ctx;
    double above[2];
    struct world *w = snw_alloc(sizeof *w);
    assert_non_null(w);
    snw_ctx_init(&ctx);
    snw_params_start(&w->params);
    if (change)
        change(&w->params);
    w->life.year = 2017;
    assert_int_equal(snw_life_table_read(&ctx, "configs/tables/us_life_table.csv", 2017, w->life.q),
                     SNW_OK);
    assert_int_equal(
        snw_population_read(&ctx, "configs/tables/us_population.csv", 2000, w->census, above),
        SNW_OK);
    struct snw_price_index index;
    assert_int_equal(snw_price_table_read(&ctx, "configs/tables/price_index.csv", "pce",
                                          SNW_PRICE_FIRST, SNW_PRICE_LAST, index.value),
                     SNW_OK);
    assert_int_equal(snw_prices_init(&ctx, &index, NULL, 2019, &w->prices), SNW_OK);
    snw_economy_build(&w->economy, &w->params, &w->prices, SNW_LEDGER_EVENT, 0);
    const struct snw_kernels *kernels = snw_kernels_best();
    const struct snw_pilot_plan plan = {.params = &w->params,
                                        .life = &w->life,
                                        .economy = &w->economy,
                                        .census = (const double(*)[SNW_N_AGES])w->census,
                                        .persons = persons,
                                        .smoothing = 1,
                                        .key = {2012, 0}};
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        assert_int_equal(snw_pilot(&ctx, kernels, snw_recorder_kernels_named(kernels->isa), &plan,
                                   sex, &w->reference),
                         SNW_OK);
    world_model(w, &w->params, &w->model);
    snw_economy_freeze(&w->economy, &w->reference.economy);
    return w;
}

void world_free(struct world *world)
{
    snw_free(world);
}

void world_model(const struct world *world, const struct snw_params *params,
                 struct snw_model *model)
{
    snw_model_build(model, params);
    snw_model_freeze(model, params, &world->reference.frozen, &world->life);
}

void world_people(struct snw_block *block, size_t n, enum snw_sex sex, uint32_t first)
{
    block->n = n;
    block->sex = sex;
    block->birth_year = 1947;
    block->age = SNW_AGE_FIRST;
    for (size_t i = 0; i < n; i++) {
        block->person[i] = first + (uint32_t)i;
        block->replicate[i] = 0;
        block->row[i] = -1;
        block->enter_age[i] = SNW_AGE_FIRST;
        block->exit_age[i] = SNW_AGE_LAST + 1;
    }
}

void lives_init(struct lives *l, const struct world *world, const char *isa, size_t rows)
{
    *l = (struct lives){0};
    snw_ctx_init(&l->ctx);
    l->plan.kernels = isa ? snw_kernels_named(isa) : snw_kernels_best();
    assert_non_null(l->plan.kernels);
    l->plan.recorders = snw_recorder_kernels_named(l->plan.kernels->isa);
    l->plan.accounting = snw_economy_kernels_named(l->plan.kernels->isa);
    l->plan.n_scenarios = 1;
    l->plan.models = &world->model;
    l->plan.economies = &world->economy;
    l->plan.pilot = &world->reference;
    l->plan.key = (struct snw_key){97, 3};
    l->plan.cost_parts = 1;
    l->work = snw_alloc(sizeof *l->work);
    assert_non_null(l->work);
    assert_int_equal(snw_totals_init(&l->totals, 0, 1), SNW_OK);
    snw_totals_clear(&l->totals);
    assert_int_equal(snw_tracks_init(&l->tracks, rows), SNW_OK);
    snw_tracks_clear(&l->tracks);
}

void lives_free(struct lives *l)
{
    snw_free(l->work);
    snw_totals_free(&l->totals);
    snw_tracks_free(&l->tracks);
    snw_event_list_free(&l->events);
}

/* The people from number `from` on, of n at most `length`; those below `rows` are tracked. */
static void lay_block(struct snw_block *b, enum snw_sex sex, uint32_t first, size_t from, size_t n,
                      size_t length, size_t rows)
{
    world_people(b, n - from < length ? n - from : length, sex, first + (uint32_t)from);
    for (size_t i = 0; i < b->n && from + i < rows; i++)
        b->row[i] = (int32_t)(from + i);
}

snw_status lives_run(struct lives *l, enum snw_sex sex, uint32_t first, size_t n, size_t block)
{
    for (size_t from = 0; from < n; from += block) {
        lay_block(&l->work->block, sex, first, from, n, block, l->tracks.rows);
        snw_status status =
            snw_live(&l->ctx, &l->plan, l->work, &l->totals, &l->tracks, &l->events);
        l->n_lost += l->work->n_lost;
        if (status != SNW_OK)
            return status;
    }
    snw_totals_settle(&l->totals);
    return SNW_OK;
}

void together_init(struct together *t, const struct world *world, const char *isa, size_t rows,
                   int histograms, size_t n, const struct snw_model *models,
                   const struct snw_economy *economies)
{
    struct lives *l = &t->room;
    assert_in_range(n, 2, TOGETHER_MOST);
    lives_init(l, world, isa, 0);
    l->plan.n_scenarios = n;
    l->plan.models = models;
    l->plan.economies = economies;
    l->work->beside = snw_beside_new(n - 1);
    assert_non_null(l->work->beside);
    memset(t->events, 0, sizeof t->events);
    for (size_t s = 0; s < n; s++) {
        assert_int_equal(snw_totals_init(&t->totals[s], 0, histograms), SNW_OK);
        assert_int_equal(snw_tracks_init(&t->tracks[s], rows), SNW_OK);
        snw_totals_clear(&t->totals[s]);
        snw_tracks_clear(&t->tracks[s]);
    }
}

void together_free(struct together *t)
{
    for (size_t s = 0; s < t->room.plan.n_scenarios; s++) {
        snw_totals_free(&t->totals[s]);
        snw_tracks_free(&t->tracks[s]);
        snw_event_list_free(&t->events[s]);
    }
    snw_beside_free(&t->room.work->beside);
    lives_free(&t->room);
}

void together_run(struct together *t, enum snw_sex sex, uint32_t first, size_t n, size_t block)
{
    struct lives *l = &t->room;
    for (size_t from = 0; from < n; from += block) {
        lay_block(&l->work->block, sex, first, from, n, block, t->tracks[0].rows);
        assert_int_equal(snw_live(&l->ctx, &l->plan, l->work, t->totals, t->tracks, t->events),
                         SNW_OK);
    }
    for (size_t s = 0; s < l->plan.n_scenarios; s++)
        snw_totals_settle(&t->totals[s]);
}

void together_treat(struct together *t, const struct snw_programme *programmes)
{
    struct lives *l = &t->room;
    l->plan.programmes = programmes;
    l->plan.treating = snw_treatment_kernels_named(l->plan.kernels->isa);
    assert_true(snw_beside_treat(l->work->beside, programmes));
}

void together_otherwise(void (*live)(struct together *t, const char *isa, size_t block),
                        void (*compare)(const struct together *other))
{
    static const struct {
        const char *isa;
        size_t block;
    } ways[] = {{"plain", 512}, {"v3", 512}, {NULL, 1}, {NULL, 50}, {NULL, 1024}};
    for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++) {
        struct together other;
        if (ways[k].isa && !snw_kernels_named(ways[k].isa))
            continue;
        live(&other, ways[k].isa, ways[k].block);
        compare(&other);
        together_free(&other);
    }
}

const struct snw_cell *lives_cell(const struct lives *l, enum snw_sex sex, int age,
                                  enum snw_measure m)
{
    return &l->totals
                .cells[((size_t)sex * SNW_N_AGES + (size_t)(age - SNW_AGE_FIRST)) * SNW_N_MEASURES +
                       m];
}

uint16_t lives_q(const struct lives *l, size_t row, int age, enum snw_measure m)
{
    const struct snw_tracks *t = &l->tracks;
    uint32_t at = t->slot_of[row];
    int year = age - SNW_AGE_FIRST;
    if (at == UINT32_MAX || t->slots[at].first > t->slots[at].last)
        return SNW_FILL;
    const struct snw_track_slot *slot = &t->slots[at];
    const uint16_t *years = t->years + (size_t)m * SNW_N_AGES * t->stride + at;
    if (year >= slot->first && year <= slot->last)
        return years[(size_t)year * t->stride];
    if (year < slot->first || !slot->dead)
        return SNW_FILL;
    double zero = -snw_measure_table[m].offset / snw_measure_table[m].scale;
    return m == SNW_M_alive || snw_measure_table[m].kind >= SNW_M_YEAR
               ? (uint16_t)(zero + 0.5)
               : years[(size_t)slot->last * t->stride];
}

void assert_same_tracks(const struct snw_tracks *a, const struct snw_tracks *b)
{
    size_t bytes = a->rows * SNW_N_AGES * sizeof(uint16_t);
    uint16_t *of_a = malloc(bytes + 1), *of_b = malloc(bytes + 1);
    assert_int_equal(a->rows, b->rows);
    assert_true(of_a && of_b);
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        snw_tracks_lives(a, m, of_a);
        snw_tracks_lives(b, m, of_b);
        assert_memory_equal(of_a, of_b, bytes);
    }
    free(of_a);
    free(of_b);
}

double measure_value(enum snw_measure m, double q)
{
    return snw_measure_table[m].offset + snw_measure_table[m].scale * q;
}
