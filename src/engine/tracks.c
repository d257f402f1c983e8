/* What is kept of single people: trajectories and events. */
#include "engine/tracks.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

enum { TILE = 8, LINE = 32 }; /* slots in 16 bytes and in a cache line */
static const uint32_t no_slot = UINT32_MAX;

void snw_tracks_next(struct snw_tracks *t)
{
    t->block = t->n_slots;
    t->whole = 0;
}

snw_status snw_tracks_init(struct snw_tracks *t, size_t rows)
{
    /* One line more: years must not fall on the same cache sets. */
    *t = (struct snw_tracks){.rows = rows, .stride = (rows + LINE - 1) / LINE * LINE + LINE};
    t->years = snw_alloc(t->stride * SNW_N_AGES * SNW_N_MEASURES * sizeof *t->years);
    t->slots = snw_alloc(t->stride * sizeof *t->slots);
    t->slot_of = snw_alloc(rows * sizeof *t->slot_of);
    t->who = snw_alloc(rows * sizeof *t->who);
    if (t->years && t->slots && t->slot_of && t->who) {
        snw_tracks_clear(t);
        return SNW_OK;
    }
    snw_tracks_free(t);
    return SNW_ERR_MEMORY;
}

void snw_tracks_free(struct snw_tracks *t)
{
    snw_free(t->years);
    snw_free(t->slots);
    snw_free(t->slot_of);
    snw_free(t->who);
    *t = (struct snw_tracks){0};
}

void snw_tracks_clear(struct snw_tracks *t)
{
    for (size_t row = 0; row < t->rows; row++)
        t->slot_of[row] = no_slot;
    memset(t->who, 0, t->rows * sizeof *t->who);
    t->n_slots = 0;
    snw_tracks_next(t);
}

void snw_event_list_free(struct snw_event_list *list)
{
    free(list->row);
    *list = (struct snw_event_list){0};
}

snw_status snw_event_add(struct snw_event_list *list, struct snw_event_row row)
{
    if (list->n == list->room) {
        size_t room = list->room ? 2 * list->room : 1024;
        struct snw_event_row *rows = realloc(list->row, room * sizeof *rows);
        if (!rows)
            return SNW_ERR_MEMORY;
        list->row = rows;
        list->room = room;
    }
    list->row[list->n++] = row;
    return SNW_OK;
}

void snw_track_begin(struct snw_tracks *tracks, const struct snw_block *b, size_t i)
{
    struct snw_track_person *who = &tracks->who[b->row[i]];
    uint32_t *slot = &tracks->slot_of[b->row[i]];
    *slot = *slot == no_slot ? (uint32_t)tracks->n_slots++ : *slot; /* a life may be tried again */
    tracks->slots[*slot] = (struct snw_track_slot){.row = b->row[i], .first = 255};
    tracks->whole = tracks->n_slots - tracks->block == b->n;
    who->person = (int32_t)b->person[i];
    who->replicate = (int32_t)b->replicate[i];
    who->birth_year = b->birth_year;
    who->sex = (uint8_t)b->sex;
    who->cause = 255;
    who->fmp_age_yr = b->sex == SNW_FEMALE ? (double)b->fmp_age_yr[i] : (double)__builtin_nanf("");
    who->death_age_yr = (double)__builtin_nanf("");
}

/* Lanes that stand in another slot than their own number, all in a block sampled in part. */
struct moves {
    size_t n;
    uint32_t lane[SNW_BLOCK_MAX], slot[SNW_BLOCK_MAX];
};

static void find_moves(struct snw_tracks *tracks, const struct snw_block *b, size_t n,
                       const uint8_t *gone, struct moves *moves)
{
    uint8_t age = (uint8_t)(b->age - SNW_AGE_FIRST);
    moves->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (b->row[i] < 0 || (gone && gone[i]))
            continue;
        size_t at = tracks->slot_of[b->row[i]];
        struct snw_track_slot *slot = &tracks->slots[at];
        slot->first = slot->first < age ? slot->first : age;
        slot->last = age;
        moves->lane[moves->n] = (uint32_t)i;
        moves->slot[moves->n] = (uint32_t)at;
        moves->n += at != tracks->block + i || !tracks->whole;
    }
}

/* Asks for the lines of a year that hold those who have moved, AHEAD measures before they are
   written: few values go to each. */
enum { AHEAD = 4 };
static void prefetch_moved(const struct snw_tracks *tracks, size_t m, size_t age, size_t n)
{
    const uint16_t *to = tracks->years + ((m + AHEAD) * SNW_N_AGES + age) * tracks->stride;
    for (size_t s = tracks->block + n; m + AHEAD < SNW_N_MEASURES && s < tracks->n_slots; s += LINE)
        __builtin_prefetch(to + s, 1);
}

/* In a block of sampled people all lanes are copied, then those put right that have moved: what
   that leaves in the slots of the dead lies behind their last age. */
void snw_track_year(struct snw_tracks *tracks, const struct snw_block *b,
                    const struct snw_readout *readout, size_t n, const uint8_t *gone)
{
    size_t age = (size_t)(b->age - SNW_AGE_FIRST);
    struct moves moves;
    find_moves(tracks, b, n, gone, &moves);
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        uint16_t *to = tracks->years + (m * SNW_N_AGES + age) * tracks->stride;
        const uint16_t *from = readout->row[m];
        prefetch_moved(tracks, m, age, tracks->whole ? n : 0);
        if (tracks->whole)
            memcpy(to + tracks->block, from, n * sizeof *to);
        for (size_t k = 0; k < moves.n; k++)
            to[moves.slot[k]] = from[moves.lane[k]];
    }
}

void snw_track_end(struct snw_tracks *tracks, int32_t row, double death_age_yr,
                   enum snw_cause cause)
{
    tracks->who[row].death_age_yr = death_age_yr;
    tracks->who[row].cause = (uint8_t)cause;
    tracks->slots[tracks->slot_of[row]].dead = 1;
}

typedef uint16_t tile_row __attribute__((vector_size(2 * TILE)));

/* A vector of those elements of two; gcc before 12 has its own name for it. */
#if __has_builtin(__builtin_shufflevector)
#define MIX(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define MIX(a, b, ...) __builtin_shuffle(a, b, (tile_row){__VA_ARGS__})
#endif

/* Three perfect shuffles of eight rows turn rows into columns. */
static inline void transpose(tile_row tile[TILE])
{
    for (int round = 0; round < 3; round++) {
        tile_row next[TILE];
        for (int k = 0; k < TILE / 2; k++) {
            next[2 * k] = MIX(tile[k], tile[k + TILE / 2], 0, 8, 1, 9, 2, 10, 3, 11);
            next[2 * k + 1] = MIX(tile[k], tile[k + TILE / 2], 4, 12, 5, 13, 6, 14, 7, 15);
        }
        memcpy(tile, next, sizeof next);
    }
}

/* Asks for the years of LINE slots from `first` on, before they are turned: those of an age lie far
   from those of the next, and no processor foresees that. */
static void prefetch(const struct snw_tracks *t, size_t m, size_t first)
{
    const uint16_t *years = t->years + m * SNW_N_AGES * t->stride + first;
    for (size_t age = 0; age < SNW_N_AGES; age++)
        __builtin_prefetch(years + age * t->stride);
}

/* The years of one measure in slots first .. first + TILE - 1 as lives, (TILE, ages). The last ages
   are turned a second time rather than apart. */
static void turn(const struct snw_tracks *t, size_t m, size_t first, uint16_t *const life[TILE])
{
    const uint16_t *years = t->years + m * SNW_N_AGES * t->stride + first;
    for (size_t age = 0; age < SNW_N_AGES; age += TILE) {
        size_t from = age + TILE <= SNW_N_AGES ? age : SNW_N_AGES - TILE;
        tile_row tile[TILE];
        for (size_t k = 0; k < TILE; k++)
            memcpy(&tile[k], years + (from + k) * t->stride, sizeof tile[k]);
        transpose(tile);
        for (size_t k = 0; k < TILE; k++)
            memcpy(life[k] + from, &tile[k], sizeof tile[k]);
    }
}

/* What is stored where nothing is: 0, which an offset may move. */
static uint16_t nothing(size_t m)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    return (uint16_t)(0.5 - info->offset / info->scale);
}

/* Ages from `from` on, in steps of a tile; the last step reaches back. */
static void fill_from(uint16_t *life, size_t from, uint16_t value)
{
    const tile_row rest = {value, value, value, value, value, value, value, value};
    const size_t last_tile = SNW_N_AGES - TILE;
    if (from > last_tile) {
        for (; from < SNW_N_AGES; from++)
            life[from] = value;
        return;
    }
    for (; from < last_tile; from += TILE)
        memcpy(life + from, &rest, sizeof rest);
    memcpy(life + last_tile, &rest, sizeof rest);
}

/* The ages at which a person was not recorded. */
static void fill(const struct snw_track_slot *slot, uint16_t *life, int ends, uint16_t none)
{
    if (slot->first > slot->last) {
        fill_from(life, 0, SNW_FILL);
        return;
    }
    for (size_t age = 0; age < slot->first; age++)
        life[age] = SNW_FILL;
    fill_from(life, (size_t)slot->last + 1,
              !slot->dead ? SNW_FILL
              : ends      ? none
                          : life[slot->last]);
}

void snw_tracks_lives(const struct snw_tracks *t, size_t m, uint16_t *lives)
{
    int ends = m == SNW_M_alive || snw_measure_table[m].kind >= SNW_M_YEAR;
    uint16_t none = nothing(m), nobody[SNW_N_AGES] = {0}, *life[TILE];
    for (size_t s = 0; s < t->n_slots; s += TILE) {
        size_t n = t->n_slots - s < TILE ? t->n_slots - s : TILE;
        if (s % LINE == 0 && s + LINE < t->n_slots)
            prefetch(t, m, s + LINE);
        for (size_t k = 0; k < TILE; k++)
            life[k] = k < n ? lives + (size_t)t->slots[s + k].row * SNW_N_AGES : nobody;
        turn(t, m, s, life);
        for (size_t k = 0; k < n; k++)
            fill(&t->slots[s + k], life[k], ends, none);
    }
    for (size_t row = 0; row < t->rows; row++)
        if (t->slot_of[row] == no_slot)
            memset(lives + row * SNW_N_AGES, 0xff, SNW_N_AGES * sizeof *lives);
}

snw_status snw_events_of_year(struct snw_event_list *events, const struct snw_year_record *r)
{
    snw_status status = SNW_OK;
    const struct snw_block *b = r->block;
    struct snw_event_row row = {.scenario = r->scenario};
    for (size_t k = 0; k < r->happenings->n; k++) {
        const struct snw_happening *e = &r->happenings->event[k];
        if (e->lane >= r->n || (!r->all && b->row[e->lane] < 0))
            continue;
        row.person = (int32_t)b->person[e->lane];
        row.replicate = (int32_t)b->replicate[e->lane];
        row.age_yr = (double)b->age + (double)e->time_yr;
        row.kind = e->kind;
        row.site = e->site;
        SNW_TRY(snw_event_add(events, row));
    }
    for (size_t i = 0; i < r->n; i++) {
        if ((!r->all && b->row[i] < 0) || (r->gone && r->gone[i]))
            continue;
        row.person = (int32_t)b->person[i];
        row.replicate = (int32_t)b->replicate[i];
        row.site = 255;
        if (r->readout->row[SNW_M_menopause][i]) {
            row.kind = SNW_EVENT_MENOPAUSE;
            row.age_yr = (double)b->fmp_age_yr[i];
            SNW_TRY(snw_event_add(events, row));
        }
        if (r->readout->row[SNW_M_nursing_home_entry][i]) {
            row.kind = SNW_EVENT_NURSING_HOME;
            row.age_yr = (double)b->age + 1;
            SNW_TRY(snw_event_add(events, row));
        }
    }
out:
    return status;
}
