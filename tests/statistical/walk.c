/* Blocks through their years, without recorders. */
#include "statistical/walk.h"

#include <string.h>

#include "core/memory.h"
#include "support/near.h"

enum { LANES = 512, PILOTS = 1000 };

struct room {
    struct snw_block block;
    struct snw_luck born, luck;
    struct snw_happenings happenings;
};

static void be_born(const struct walk *w, const struct snw_kernels *k, struct room *room)
{
    struct snw_block *b = &room->block;
    k->luck(&room->born, w->key, b->n, b->person, b->replicate, 0, SNW_SLOT_BIRTH_FIRST,
            SNW_N_BIRTH_SLOTS);
    k->luck(&room->luck, w->key, b->n, b->person, b->replicate, SNW_AGE_FIRST - 1,
            SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
    k->birth(b, &w->model->birth[w->sex], &room->born, &room->luck);
}

static void live_year(const struct walk *w, const struct snw_kernels *k, struct room *room)
{
    struct snw_block *b = &room->block;
    const struct snw_year_coef *c = &w->model->year[w->sex][b->age - SNW_AGE_FIRST];
    k->luck(&room->luck, w->key, b->n, b->person, b->replicate, (uint32_t)b->age,
            SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
    snw_run_phase(k, SNW_LOOK, b, c, &room->luck);
    snw_run_phase(k, SNW_SCORE, b, c, &room->luck);
    snw_run_phase(k, SNW_RISK, b, c, &room->luck);
    if (w->birthday)
        w->birthday(b, &room->luck, w->to);
    k->happen(b, c, &room->luck, w->key, w->immortal, &room->happenings);
    assert_int_equal(room->happenings.overflow, 0);
    snw_run_phase(k, SNW_END, b, c, &room->luck);
    if (w->year)
        w->year(b, &room->luck, w->to);
    snw_run_phase(k, SNW_ADVANCE, b, c, &room->luck);
    for (size_t i = b->n; i-- > 0;)
        if (b->lived_yr[i] < SNW_R(1))
            snw_block_move(b, i, --b->n);
}

void walk(const struct walk *w)
{
    const struct snw_kernels *k = snw_kernels_best();
    struct room *room = snw_alloc(sizeof *room);
    assert_non_null(room);
    for (size_t from = 0; from < w->n; from += LANES) {
        size_t n = w->n - from < LANES ? w->n - from : LANES;
        world_people(&room->block, n, w->sex, w->first + (uint32_t)from);
        be_born(w, k, room);
        for (; room->block.age <= w->last_age && room->block.n > 0; room->block.age++)
            live_year(w, k, room);
    }
    snw_free(room);
}

struct world *world_immortal(void (*change)(struct snw_params *params))
{
    struct world *w = world_new(change, PILOTS);
    memset(w->life.q, 0, sizeof w->life.q);
    world_freeze(w);
    return w;
}

void world_freeze(struct world *w)
{
    snw_model_freeze(&w->model, &w->params, &w->reference.frozen, &w->life);
}
