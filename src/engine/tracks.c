/* What is kept of single people: trajectories and events. */
#include "engine/tracks.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

snw_status snw_tracks_init(struct snw_tracks *t, size_t rows)
{
    t->rows = rows;
    t->q = snw_alloc(rows * SNW_N_AGES * SNW_N_MEASURES * sizeof *t->q);
    t->who = snw_alloc(rows * sizeof *t->who);
    if (t->q && t->who)
        return SNW_OK;
    snw_tracks_free(t);
    return SNW_ERR_MEMORY;
}

void snw_tracks_free(struct snw_tracks *t)
{
    snw_free(t->q);
    snw_free(t->who);
    *t = (struct snw_tracks){0};
}

void snw_tracks_clear(struct snw_tracks *t)
{
    memset(t->q, 0xff, t->rows * SNW_N_AGES * SNW_N_MEASURES * sizeof *t->q);
    memset(t->who, 0, t->rows * sizeof *t->who);
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
    who->person = (int32_t)b->person[i];
    who->replicate = (int32_t)b->replicate[i];
    who->birth_year = b->birth_year;
    who->sex = (uint8_t)b->sex;
    who->cause = 255;
    who->fmp_age_yr = b->sex == SNW_FEMALE ? (double)b->fmp_age_yr[i] : (double)__builtin_nanf("");
    who->death_age_yr = (double)__builtin_nanf("");
}

void snw_track_year(struct snw_tracks *tracks, const struct snw_block *b,
                    const struct snw_readout *readout, size_t n, const uint8_t *gone)
{
    size_t age = (size_t)(b->age - SNW_AGE_FIRST);
    for (size_t i = 0; i < n; i++) {
        if (b->row[i] < 0 || (gone && gone[i]))
            continue;
        for (size_t m = 0; m < SNW_N_MEASURES; m++)
            tracks->q[(m * tracks->rows + (size_t)b->row[i]) * SNW_N_AGES + age] =
                readout->row[m][i];
    }
}

/* What is stored where nothing is: 0, which an offset may move. */
static uint16_t nothing(size_t m)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    return (uint16_t)(0.5 - info->offset / info->scale);
}

/* After death the last state stays, alive goes to 0 and nothing more happens. */
void snw_track_end(struct snw_tracks *tracks, int32_t row, int age, double death_age_yr,
                   enum snw_cause cause)
{
    tracks->who[row].death_age_yr = death_age_yr;
    tracks->who[row].cause = (uint8_t)cause;
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        uint16_t *q = tracks->q + (m * tracks->rows + (size_t)row) * SNW_N_AGES;
        int ends = m == SNW_M_alive || snw_measure_table[m].kind >= SNW_M_YEAR;
        uint16_t last = ends ? nothing(m) : q[age - SNW_AGE_FIRST];
        for (int a = age + 1; a <= SNW_AGE_LAST; a++)
            q[a - SNW_AGE_FIRST] = last;
    }
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
