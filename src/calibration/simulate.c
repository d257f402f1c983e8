/* People of an evaluation as a panel in memory, and the targets taken of them. */
#include "calibration/simulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibration/census.h"

enum { SMALL_UNIT = 1024 }; /* people whose lives are written side by side */

static snw_status make_panel(struct snw_ctx *ctx, struct snw_simulator *s)
{
    struct snw_panel *p = &s->panel;
    p->n = (size_t)s->world.population.rows;
    bool lacking = false;
    for (int m = 0; m < SNW_N_MEASURES; m++)
        if (s->needed[m]) {
            p->value[m] = malloc(p->n * SNW_N_AGES * sizeof *p->value[m]);
            lacking |= !p->value[m];
        }
    p->sex = malloc(p->n);
    p->person = malloc(p->n * sizeof *p->person);
    p->from = malloc(p->n * sizeof *p->from);
    p->to = malloc(p->n * sizeof *p->to);
    p->fmp_age_yr = malloc(p->n * sizeof *p->fmp_age_yr);
    p->death_age_yr = malloc(p->n * sizeof *p->death_age_yr);
    p->event_first = malloc((p->n + 1) * sizeof *p->event_first);
    if (lacking || !p->sex || !p->person || !p->from || !p->to || !p->fmp_age_yr ||
        !p->death_age_yr || !p->event_first)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu lives", p->n);
    return SNW_OK;
}

snw_status snw_simulator_init(struct snw_ctx *ctx, const struct snw_settings *settings,
                              int64_t persons, int64_t reference,
                              const struct snw_target *const *targets, size_t n,
                              struct snw_simulator *s)
{
    snw_status status = SNW_OK;
    *s = (struct snw_simulator){.settings = *settings};
    s->settings.persons = persons;
    s->settings.draw_reference_persons = reference;
    s->settings.trajectory_persons = SNW_WORD_ALL;
    s->settings.unit_people = SMALL_UNIT;
    if (settings->mode != SNW_MODE_BIRTH_COHORT || settings->scenarios.n != 1)
        return snw_fail(ctx, SNW_ERR_CONFIG,
                        "calibration wants a birth cohort and no scenario but the reference");
    s->needed[SNW_M_alive] = true;
    for (size_t i = 0; i < n; i++) {
        snw_target_measures(targets[i], s->needed);
        SNW_TRY(snw_census_add(ctx, settings->population_table.found, targets[i], &s->census));
    }
    SNW_TRY(snw_world_begin(ctx, &s->settings, NULL, &s->world));
    s->world.sums_only = true; /* nothing is packed; lives stay in the worker */
    SNW_TRY(snw_worker_init(ctx, &s->world, &s->worker));
    SNW_TRY(make_panel(ctx, s));
out:
    return status;
}

void snw_simulator_free(struct snw_simulator *s)
{
    snw_worker_free(&s->world, &s->worker);
    snw_world_free(&s->world);
    snw_panel_free(&s->panel);
    snw_room_free(&s->room);
    *s = (struct snw_simulator){.n_events = 0};
}

/* Lives of a unit, rows first .. first + n - 1 of the panel. */
static void take_lives(struct snw_simulator *s, size_t first, size_t n)
{
    const struct snw_tracks *t = &s->worker.tracks[0];
    struct snw_panel *p = &s->panel;
    for (int m = 0; m < SNW_N_MEASURES; m++) {
        const struct snw_measure_info *info = &snw_measure_table[m];
        if (!s->needed[m])
            continue;
        const uint16_t *q = s->worker.lives;
        snw_tracks_lives(t, (size_t)m, s->worker.lives);
        float *value = p->value[m] + first * SNW_N_AGES;
        for (size_t k = 0; k < n * SNW_N_AGES; k++)
            value[k] = q[k] == SNW_FILL ? NAN : (float)(info->offset + info->scale * q[k]);
    }
    for (size_t i = 0; i < n; i++) {
        const struct snw_track_person *who = &t->who[i];
        p->sex[first + i] = who->sex;
        p->person[first + i] = (uint32_t)who->person;
        p->fmp_age_yr[first + i] = who->fmp_age_yr;
        p->death_age_yr[first + i] = who->death_age_yr;
    }
}

static int by_person(const void *a, const void *b)
{
    const struct snw_event_row *x = a, *y = b;
    if (x->replicate != y->replicate)
        return x->replicate < y->replicate ? -1 : 1;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    if (x->age_yr != y->age_yr)
        return x->age_yr < y->age_yr ? -1 : 1;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : x->site - y->site;
}

/* Adds the events of a unit, and counts those of each row at the place after its own. Rows of a
   unit ascend as its sorted events do, and units follow each other. */
static snw_status take_events(struct snw_ctx *ctx, struct snw_simulator *s, size_t first, size_t n)
{
    const struct snw_event_list *list = &s->worker.events[0];
    const struct snw_track_person *who = s->worker.tracks[0].who;
    struct snw_panel *p = &s->panel;
    size_t need = s->n_events + list->n;
    if (need > s->event_room) {
        struct snw_panel_event *more = realloc(p->event, 2 * need * sizeof *more);
        if (!more)
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu events", need);
        p->event = more;
        s->event_room = 2 * need;
    }
    qsort(list->row, list->n, sizeof *list->row, by_person);
    for (size_t k = 0, i = 0; k < list->n; k++) {
        const struct snw_event_row *e = &list->row[k];
        while (i + 1 < n && (who[i].person != e->person || who[i].replicate != e->replicate))
            i++;
        p->event_first[first + i + 1]++;
        p->event[s->n_events++] =
            (struct snw_panel_event){.age_yr = e->age_yr, .kind = e->kind, .site = e->site};
    }
    return SNW_OK;
}

static snw_status live(struct snw_ctx *ctx, struct snw_simulator *s)
{
    snw_status status = SNW_OK;
    struct snw_parcel nothing = {0};
    struct snw_panel *p = &s->panel;
    s->n_events = 0;
    memset(p->event_first, 0, (p->n + 1) * sizeof *p->event_first);
    for (uint64_t unit = 0; unit < s->world.population.n_units; unit++) {
        uint64_t first, n = snw_population_rows(&s->world.population, unit, &first);
        for (size_t k = 0; k < s->world.n_scenarios; k++)
            snw_totals_clear(&s->worker.totals[k]);
        SNW_TRY(snw_unit_run(ctx, &s->world, &s->worker, unit, &nothing));
        take_lives(s, (size_t)first, (size_t)n);
        SNW_TRY(take_events(ctx, s, (size_t)first, (size_t)n));
    }
    for (size_t i = 0; i < p->n; i++)
        p->event_first[i + 1] += p->event_first[i];
    snw_panel_spans(p);
    SNW_TRY(snw_panel_complete(ctx, p));
out:
    snw_parcel_free(&nothing);
    return status;
}

snw_status snw_simulate(struct snw_ctx *ctx, struct snw_simulator *s,
                        const struct snw_params *params, uint32_t luck,
                        const struct snw_target *const *targets, size_t n, double *values,
                        double *errors)
{
    snw_status status = SNW_OK;
    const struct snw_ranks alone = {.rank = 0, .size = 1};
    SNW_TRY(snw_world_believe(ctx, &alone, &s->world, params, luck));
    SNW_TRY(live(ctx, s));
    for (size_t i = 0; i < n; i++) {
        struct snw_estimate e;
        SNW_TRY(snw_target_evaluate(ctx, &s->panel, &s->census, targets[i], &s->room, &e));
        values[i] = e.value;
        errors[i] = e.error;
    }
out:
    return status;
}

double snw_simulator_years(const struct snw_simulator *s)
{
    return (double)s->worker.person_years;
}
