/* Runs a block through its years. */
#include "engine/life.h"

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

static snw_status add_event(struct snw_event_list *list, struct snw_event_row row)
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

/* Brings the lanes to be recorded this year to the front. @return how many they are. */
static size_t recorded_first(struct snw_block *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->enter_age[i] <= b->age) {
            if (i != n)
                snw_block_swap(b, i, n);
            n++;
        }
    return n;
}

static void begin_track(struct snw_tracks *tracks, const struct snw_block *b, size_t i)
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

static void track(struct snw_tracks *tracks, const struct snw_block *b,
                  const struct snw_readout *readout, size_t n)
{
    size_t age = (size_t)(b->age - SNW_AGE_FIRST);
    for (size_t i = 0; i < n; i++) {
        if (b->row[i] < 0)
            continue;
        for (size_t m = 0; m < SNW_N_MEASURES; m++)
            tracks->q[(m * tracks->rows + (size_t)b->row[i]) * SNW_N_AGES + age] = readout->q[m][i];
    }
}

/* What is stored where nothing is: 0, which an offset may move. */
static uint16_t nothing(size_t m)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    return (uint16_t)(0.5 - info->offset / info->scale);
}

/* After death the last state stays, alive goes to 0 and nothing more happens. */
static void end_track(struct snw_tracks *tracks, int32_t row, int age, double death_age_yr,
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

static snw_status write_events(const struct snw_life_plan *plan, struct snw_workspace *work,
                               size_t n, struct snw_event_list *events)
{
    snw_status status = SNW_OK;
    const struct snw_block *b = &work->block;
    struct snw_event_row row = {.scenario = plan->scenario};
    for (size_t k = 0; k < work->happenings.n; k++) {
        const struct snw_happening *e = &work->happenings.event[k];
        if (e->lane >= n || (!plan->all_events && b->row[e->lane] < 0))
            continue;
        row.person = (int32_t)b->person[e->lane];
        row.replicate = (int32_t)b->replicate[e->lane];
        row.age_yr = (double)b->age + (double)e->time_yr;
        row.kind = e->kind;
        row.site = e->site;
        SNW_TRY(add_event(events, row));
    }
    for (size_t i = 0; i < n; i++) {
        if (!plan->all_events && b->row[i] < 0)
            continue;
        row.person = (int32_t)b->person[i];
        row.replicate = (int32_t)b->replicate[i];
        row.site = 255;
        if (work->readout.q[SNW_M_menopause][i]) {
            row.kind = SNW_EVENT_MENOPAUSE;
            row.age_yr = (double)b->fmp_age_yr[i];
            SNW_TRY(add_event(events, row));
        }
        if (work->readout.q[SNW_M_nursing_home_entry][i]) {
            row.kind = SNW_EVENT_NURSING_HOME;
            row.age_yr = (double)b->age + 1;
            SNW_TRY(add_event(events, row));
        }
    }
out:
    return status;
}

/* Takes out who died or is done; the last lane takes the place, so lanes are walked backwards. */
static snw_status leave(const struct snw_life_plan *plan, struct snw_workspace *work,
                        const struct snw_year_coef *c, size_t n_recorded, struct snw_totals *totals,
                        struct snw_tracks *tracks, struct snw_event_list *events)
{
    snw_status status = SNW_OK;
    struct snw_block *b = &work->block;
    size_t age = (size_t)(b->age - SNW_AGE_FIRST);
    uint64_t *causes = totals->causes + (b->sex * SNW_N_AGES + age) * SNW_N_CAUSES;
    for (size_t i = b->n; i-- > 0;) {
        int dies = b->lived_yr[i] < SNW_R(1), recorded = i < n_recorded;
        if (!dies && b->age + 1 < b->exit_age[i])
            continue;
        if (dies && recorded) {
            snw_real u = snw_draw_uniform(plan->key, b->person[i], b->replicate[i],
                                          (uint32_t)b->age, SNW_WORD_cause);
            enum snw_cause cause = snw_attribute_death(b, c, i, (double)u);
            double age_yr = (double)b->age + (double)b->lived_yr[i];
            causes[cause] += totals->years == 0 || b->age == b->enter_age[i];
            if (b->row[i] >= 0)
                end_track(tracks, b->row[i], b->age, age_yr, cause);
            if (b->row[i] >= 0 || plan->all_events) {
                struct snw_event_row row = {
                    age_yr,         (int32_t)b->person[i], (int32_t)b->replicate[i],
                    plan->scenario, SNW_EVENT_DEATH,       (uint8_t)cause};
                SNW_TRY(add_event(events, row));
            }
        } else if (dies) {
            work->lost[work->n_lost++] = (struct snw_lost){b->person[i], b->replicate[i], b->row[i],
                                                           b->enter_age[i], b->exit_age[i]};
        }
        snw_block_remove(b, i);
    }
out:
    return status;
}

/* People are met once; a cross-section followed on is kept by year, the first among them. All lanes
   of a followed block are of one birth year. */
static void add_totals(const struct snw_life_plan *plan, struct snw_workspace *work, size_t n,
                       struct snw_totals *totals)
{
    const struct snw_block *b = &work->block;
    size_t i_age = (size_t)(b->age - SNW_AGE_FIRST), cell = b->sex * SNW_N_AGES + i_age;
    const struct snw_bins *bins = plan->pilot->bins[b->sex][i_age];
    size_t year = totals->years ? (size_t)(b->age - b->enter_age[0]) : 0;
    if (year == 0)
        plan->recorders->accumulate(&work->readout, n, bins, totals->cells + cell * SNW_N_MEASURES,
                                    snw_totals_count(totals, cell, n),
                                    totals->levels + cell * SNW_N_CODES * SNW_LEVELS);
    if (totals->years)
        plan->recorders->accumulate(
            &work->readout, n, bins,
            totals->by_year + year * SNW_TOTALS_CELLS + cell * SNW_N_MEASURES, NULL, NULL);
}

/* The numbers of the year: the scenario's from the day on which people are met. */
static const struct snw_year_coef *numbers_of_year(const struct snw_life_plan *plan,
                                                   struct snw_workspace *work)
{
    struct snw_block *b = &work->block;
    const struct snw_year_coef *c = &plan->model->year[b->sex][b->age - SNW_AGE_FIRST];
    if (!plan->before)
        return c;
    if (b->age < b->enter_age[0])
        return &plan->before->year[b->sex][b->age - SNW_AGE_FIRST];
    if (b->age == b->enter_age[0])
        snw_onset_begin(&work->onset, b, plan->before, plan->model);
    return snw_onset_year(&work->onset, c);
}

static snw_status live_year(struct snw_ctx *ctx, const struct snw_life_plan *plan,
                            struct snw_workspace *work, struct snw_totals *totals,
                            struct snw_tracks *tracks, struct snw_event_list *events)
{
    snw_status status = SNW_OK;
    struct snw_block *b = &work->block;
    size_t n = recorded_first(b), all = b->n, lane;
    const struct snw_year_coef *c = numbers_of_year(plan, work);
    plan->kernels->luck(&work->luck, plan->key, b->n, b->person, b->replicate, (uint32_t)b->age,
                        SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
    snw_run_phase(plan->kernels, SNW_LOOK, b, c, &work->luck);
    if (c == &work->onset.year)
        snw_onset_look(&work->onset, b);
    snw_run_phase(plan->kernels, SNW_SCORE, b, c, &work->luck);
    snw_run_phase(plan->kernels, SNW_RISK, b, c, &work->luck);
    if (work->visits)
        SNW_TRY(snw_measure_visitors(ctx, work->visits, b, n, c));
    if (n) {
        b->n = n; /* only those recorded are read out */
        plan->recorders->state(&work->readout, b, c);
        b->n = all;
    }
    plan->kernels->happen(b, c, &work->luck, plan->key, 0, &work->happenings);
    work->n_capped += work->happenings.n_capped;
    plan->accounting->account(b, &plan->economy->year[b->sex][b->age - SNW_AGE_FIRST],
                              &work->happenings, n, &work->readout.accounts);
    snw_run_phase(plan->kernels, SNW_END, b, c, &work->luck);
    if (n) {
        b->n = n;
        plan->recorders->year(&work->readout, b, c);
        b->n = all;
        add_totals(plan, work, n, totals);
        if (tracks->rows)
            track(tracks, b, &work->readout, n);
        if (tracks->rows || plan->all_events)
            SNW_TRY(write_events(plan, work, n, events));
    }
    if (work->happenings.overflow)
        return snw_fail(ctx, SNW_ERR_RUN, "more than %d events in one block and year at age %d",
                        SNW_HAPPENINGS_MAX, b->age);
    if (n && work->readout.faults) {
        const char *fault = snw_block_fault(b, &lane);
        return snw_fail(ctx, SNW_ERR_MODEL, "%s is not a number at age %d (person %u)",
                        fault ? fault : "a readout", b->age, b->person[fault ? lane : 0]);
    }
    work->person_years += b->n;
    snw_run_phase(plan->kernels, SNW_ADVANCE, b, c, &work->luck);
    SNW_TRY(leave(plan, work, c, n, totals, tracks, events));
out:
    return status;
}

snw_status snw_live(struct snw_ctx *ctx, const struct snw_life_plan *plan,
                    struct snw_workspace *work, struct snw_totals *totals,
                    struct snw_tracks *tracks, struct snw_event_list *events)
{
    snw_status status = SNW_OK;
    struct snw_block *b = &work->block;
    work->n_lost = 0;
    plan->kernels->luck(&work->born, plan->key, b->n, b->person, b->replicate, 0,
                        SNW_SLOT_BIRTH_FIRST, SNW_N_BIRTH_SLOTS);
    plan->kernels->luck(&work->luck, plan->key, b->n, b->person, b->replicate, SNW_AGE_FIRST - 1,
                        SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
    const struct snw_model *model = plan->before ? plan->before : plan->model;
    plan->kernels->birth(b, &model->birth[b->sex], &work->born, &work->luck);
    for (size_t i = 0; i < b->n; i++)
        if (b->row[i] >= 0)
            begin_track(tracks, b, i);
    for (b->age = SNW_AGE_FIRST; b->age <= SNW_AGE_LAST && b->n > 0; b->age++)
        SNW_TRY(live_year(ctx, plan, work, totals, tracks, events));
out:
    return status == SNW_ERR_MEMORY ? snw_fail(ctx, status, "no memory for events") : status;
}
