/* Interventions in the lives of a scenario: where they take hold of the year. */
#include <string.h>

#include "core/memory.h"
#include "engine/life_state.h"

enum { N_MEASURE_SLOTS = 5 };

int snw_beside_treat(struct snw_beside *p, const struct snw_programme *programmes)
{
    p->treatments = snw_alloc((p->n + 1) * sizeof *p->treatments);
    p->room = snw_alloc(sizeof *p->room);
    if (!p->treatments || !p->room)
        return 0;
    memset(p->treatments, 0, (p->n + 1) * sizeof *p->treatments);
    memset(p->room, 0, sizeof *p->room);
    for (size_t s = 0; s <= p->n; s++)
        if (!snw_treatment_init(&p->treatments[s], programmes[s].n))
            return 0;
    return 1;
}

int snw_beside_screen(struct snw_beside *p, const struct snw_screening *screenings)
{
    p->screened = snw_alloc((p->n + 1) * sizeof *p->screened);
    p->screening = snw_alloc(sizeof *p->screening);
    if (!p->screened || !p->screening)
        return 0;
    memset(p->screened, 0, (p->n + 1) * sizeof *p->screened);
    for (size_t s = 0; s <= p->n; s++)
        if (!snw_screened_init(&p->screened[s], screenings[s].n))
            return 0;
    return 1;
}

void snw_beside_treat_free(struct snw_beside *p)
{
    for (size_t s = 0; p->treatments && s <= p->n; s++)
        snw_treatment_free(&p->treatments[s]);
    for (size_t s = 0; p->screened && s <= p->n; s++)
        snw_screened_free(&p->screened[s]);
    snw_free(p->treatments);
    snw_free(p->room);
    snw_free(p->screened);
    snw_free(p->screening);
}

static struct snw_treating treating(const struct snw_life *l, size_t scenario)
{
    struct snw_beside *p = l->work->beside;
    return (struct snw_treating){&l->plan->programmes[scenario],
                                 l->plan->treating,
                                 &p->treatments[scenario],
                                 p->room,
                                 l->plan->key,
                                 NULL};
}

/* What a scenario screens by; one that screens nobody where it does not. */
static struct snw_screens screens(const struct snw_life *l, size_t scenario,
                                  const struct snw_treating *treating)
{
    struct snw_beside *p = l->work->beside;
    return (struct snw_screens){p->screened ? &l->plan->screenings[scenario] : NULL,
                                treating,
                                p->screened ? &p->screened[scenario] : &p->nobody,
                                p->screening,
                                l->totals[scenario].screening,
                                p->gone[scenario]};
}

int snw_life_can_start(const struct snw_life *l, size_t scenario)
{
    const struct snw_block *b = &l->work->block;
    const int year = b->birth_year + b->age;
    return snw_life_treats(l, scenario) &&
           (snw_programme_can_start(&l->plan->programmes[scenario], b->sex, b->age, year) ||
            (l->plan->screenings &&
             snw_screening_is_due(&l->plan->screenings[scenario], b->sex, b->age, year)));
}

void snw_life_treat_born(const struct snw_life *l)
{
    struct snw_beside *p = l->work->beside;
    for (size_t s = 0; p && p->treatments && s <= p->n; s++)
        snw_treatment_clear(&p->treatments[s]);
    for (size_t s = 0; p && p->screened && s <= p->n; s++)
        snw_screened_clear(&p->screened[s]);
}

void snw_life_treat_begin(const struct snw_life *l, size_t scenario)
{
    const struct snw_treatment *t = l->work->beside->treatments;
    if (t)
        memcpy(t[scenario].row[SNW_ROW_FALLS], t[0].row[SNW_ROW_FALLS],
               sizeof t[0].row[SNW_ROW_FALLS]);
}

void snw_life_treat(const struct snw_life *l, size_t scenario, const struct snw_year_coef *coef)
{
    struct snw_beside *p = l->work->beside;
    struct snw_block *b = snw_life_block(l, scenario);
    if (!snw_life_treats(l, scenario))
        return;
    struct snw_treating t = treating(l, scenario);
    const struct snw_screens s = screens(l, scenario, &t);
    snw_screen_birthday(&s, b, coef);
    snw_screen_show(&s, b);
    if (s.screened->busy)
        t.referred = (const uint32_t(*)[SNW_STRIDE])p->screening->referred;
    if (t.programme->measures && snw_life_can_start(l, scenario))
        l->plan->kernels->luck(&p->room->luck, l->plan->key, b->n, b->person, b->replicate,
                               (uint32_t)b->age, SNW_SLOT_MEASURE_0, N_MEASURE_SLOTS);
    int body = snw_treat_birthday(&t, b, coef);
    snw_screen_started(&s, b);
    if (body && p->same_body[scenario - 1]) {
        p->same_body[scenario - 1] = 0;
        snw_block_copy_body(b, &l->work->block);
    }
}

void snw_life_treat_account(const struct snw_life *l, size_t scenario,
                            struct snw_accounts *accounts)
{
    if (snw_life_treats(l, scenario)) {
        struct snw_treating t = treating(l, scenario);
        snw_treat_account(&t, snw_life_block(l, scenario), l->n_recorded, accounts);
        snw_screen_account(screens(l, scenario, &t).screened, l->n_recorded, accounts);
    }
}

void snw_life_treat_advance(const struct snw_life *l, size_t scenario)
{
    const struct snw_block *b = snw_life_block(l, scenario);
    const struct snw_beside *p = l->work->beside;
    const struct snw_year_coef *c = &l->plan->models[scenario].year[b->sex][b->age - SNW_AGE_FIRST];
    if (snw_life_treats(l, scenario)) {
        struct snw_treating t = treating(l, scenario);
        snw_treat_advance(&t, snw_life_block(l, scenario), c, b->age < SNW_AGE_LAST ? c + 1 : NULL);
    } else if (scenario == 0 && p && p->treatments) { /* for scenarios that begin later */
        memcpy(p->treatments[scenario].row[SNW_ROW_FALLS], b->n_reported, sizeof b->n_reported);
    }
}

void snw_life_treat_swap(const struct snw_life *l, size_t scenario, size_t a, size_t b)
{
    const struct snw_beside *p = l->work->beside;
    if (p && p->treatments)
        snw_rows_swap(p->treatments[scenario].row, p->treatments[scenario].n_rows, a, b);
    if (p && p->screened)
        snw_rows_swap(p->screened[scenario].row, p->screened[scenario].n_rows, a, b);
}

void snw_life_treat_move(const struct snw_life *l, size_t scenario, size_t to, size_t from)
{
    const struct snw_beside *p = l->work->beside;
    if (p && p->treatments)
        snw_rows_move(p->treatments[scenario].row, p->treatments[scenario].n_rows, to, from);
    if (p && p->screened)
        snw_rows_move(p->screened[scenario].row, p->screened[scenario].n_rows, to, from);
}

static snw_status book(const struct snw_life *l, const struct snw_year_record *r, size_t i,
                       snw_real at, enum snw_event_kind kind)
{
    const struct snw_block *b = r->block;
    struct snw_event_row row = {.age_yr = (double)at,
                                .person = (int32_t)b->person[i],
                                .replicate = (int32_t)b->replicate[i],
                                .scenario = r->scenario,
                                .kind = (uint8_t)kind,
                                .site = 255};
    return snw_event_add(&l->events[r->scenario], row);
}

/* Books a lane's start and stop in the part of the year that was lived. A stop on the next birthday
   is of this year: by then another course may have begun. */
static snw_status book_course(const struct snw_life *l, const struct snw_year_record *r, size_t i,
                              snw_real start, snw_real stop)
{
    snw_status status = SNW_OK;
    const double from = r->block->age, until = from + (double)r->block->lived_yr[i];
    if ((double)start >= from && (double)start < until)
        SNW_TRY(book(l, r, i, start, SNW_EVENT_TREATMENT_START));
    if (((double)stop > from || (start == stop && (double)stop == from)) && (double)stop <= until)
        SNW_TRY(book(l, r, i, stop, SNW_EVENT_TREATMENT_STOP));
out:
    return status;
}

snw_status snw_life_treatment_events(const struct snw_life *l, const struct snw_year_record *r)
{
    snw_status status = SNW_OK;
    if (!snw_life_treats(l, r->scenario))
        return SNW_OK;
    const struct snw_treatment *t = &l->work->beside->treatments[r->scenario];
    for (size_t k = 0; k < l->plan->programmes[r->scenario].n; k++) {
        const snw_real *start = snw_course_row(t, k, SNW_COURSE_START);
        const snw_real *stop = snw_course_row(t, k, SNW_COURSE_STOP);
        for (size_t i = 0; i < r->n; i++) {
            if ((!r->all && r->block->row[i] < 0) || (r->gone && r->gone[i]))
                continue;
            SNW_TRY(book_course(l, r, i, start[i], stop[i]));
        }
    }
out:
    return status;
}
