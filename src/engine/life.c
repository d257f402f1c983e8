/* Runs a block through its years, in all scenarios side by side. */
#include "engine/life_state.h"

#include <stdbool.h>
#include <string.h>

#include "core/memory.h"

/* Brings the lanes to be recorded this year to the front. @return how many they are. */
static size_t recorded_first(struct snw_block *b)
{
    size_t n = 0;
    int32_t later = 0;
    for (size_t i = 0; i < b->n; i++)
        later |= b->age - b->enter_age[i];
    if (later >= 0)
        return b->n;
    for (size_t i = 0; i < b->n; i++)
        if (b->enter_age[i] <= b->age) {
            if (i != n)
                snw_block_swap(b, i, n);
            n++;
        }
    return n;
}

/* The factor by which mortality has improved in a scenario since the first calendar year. */
static double improved(const struct snw_life *l, size_t scenario)
{
    const struct snw_block *b = &l->work->block;
    const struct snw_model *models = l->plan->models;
    int since = l->plan->in_time ? b->birth_year + b->age - l->plan->first_year : 0;
    int began = snw_life_began(l, scenario), before = since < began ? since : began;
    return snw_mortality_improved(&models[0], before, &models[scenario], since - before, b->age);
}

/* Finds the numbers of the year in a scenario. */
static void find_numbers(const struct snw_life *l, size_t scenario)
{
    const struct snw_block *b = &l->work->block;
    const struct snw_year_coef *c = &l->plan->models[scenario].year[b->sex][b->age - SNW_AGE_FIRST];
    bool shifts = scenario && l->plan->from_visit;
    struct snw_year_coef *now =
        shifts ? snw_onset_year(&l->work->beside->onsets[scenario - 1], c) : &l->work->now;
    double factor = improved(l, scenario);
    l->numbers[scenario] = factor == 1 && !shifts ? c : now;
    if (factor == 1)
        return;
    if (!shifts)
        *now = *c;
    now->death_hazard = SNW_R((double)now->death_hazard * factor);
}

/* Trajectories and events of the year, also of scenarios that still share these lives. */
static snw_status keep(const struct snw_life *l, size_t scenario, const struct snw_readout *readout)
{
    snw_status status = SNW_OK;
    struct snw_year_record r = {.block = snw_life_block(l, scenario),
                                .readout = readout,
                                .happenings = &l->work->happenings,
                                .n = l->n_recorded,
                                .gone = snw_life_gone(l, scenario),
                                .all = l->plan->all_events};
    for (size_t s = scenario; s < l->plan->n_scenarios; s++) {
        if (s != scenario && (scenario || snw_life_begun(l, s)))
            continue;
        r.scenario = (uint8_t)s;
        if (l->tracks[s].rows)
            snw_track_year(&l->tracks[s], r.block, readout, r.n, r.gone);
        if (l->tracks[s].rows || r.all)
            SNW_TRY(snw_events_of_year(&l->events[s], &r));
        if (s == scenario && (l->tracks[s].rows || r.all))
            SNW_TRY(snw_life_treatment_events(l, &r));
    }
out:
    return status;
}

/* @return lanes alive in a scenario at the birthday. */
static size_t lanes_alive_in(const struct snw_life *l, size_t scenario)
{
    const uint8_t *gone = snw_life_gone(l, snw_life_begun(l, scenario) ? scenario : 0);
    size_t n = snw_life_in_all(l);
    for (size_t i = n; i < l->work->block.n; i++)
        n += !gone[i];
    return n;
}

/* Nothing happens to those who are dead in this scenario. */
static void let_rest(const struct snw_life *l, size_t scenario)
{
    struct snw_block *b = snw_life_block(l, scenario);
    const uint8_t *gone = snw_life_gone(l, scenario);
    for (size_t i = snw_life_in_all(l); i < b->n; i++) {
        if (!gone[i])
            continue;
        b->n_falls[i] = 0;
        b->fracture_yr[i] = SNW_R(-1);
        b->lived_yr[i] = SNW_R(1);
    }
}

static snw_status check(const struct snw_life *l, struct snw_block *b,
                        const struct snw_readout *readout)
{
    size_t lane;
    if (l->work->happenings.overflow)
        return snw_fail(l->ctx, SNW_ERR_RUN, "more than %d events in one block and year at age %d",
                        SNW_HAPPENINGS_MAX, b->age);
    if (l->n_recorded && readout->faults) {
        const char *fault = snw_block_fault(b, &lane);
        return snw_fail(l->ctx, SNW_ERR_MODEL, "%s is not a number at age %d (person %u)",
                        fault ? fault : "a readout", b->age, b->person[fault ? lane : 0]);
    }
    return SNW_OK;
}

/* The year of one scenario, up to the next birthday, on which luck and lanes are common again. */
static snw_status live_scenario(struct snw_life *l, size_t scenario)
{
    snw_status status = SNW_OK;
    struct snw_workspace *work = l->work;
    const struct snw_life_plan *plan = l->plan;
    struct snw_block *b = snw_life_block(l, scenario);
    size_t n = l->n_recorded, all = b->n;
    find_numbers(l, scenario);
    const struct snw_year_coef *c = l->numbers[scenario];
    struct snw_readout *readout = scenario ? &work->beside->readout : &work->readout;
    const int same_body = snw_life_same_body(l, scenario);
    const struct snw_twin twin = {&work->block, l->numbers[0], &work->readout, same_body};
    const struct snw_twin *with = scenario ? &twin : NULL;
    if (same_body)
        snw_block_copy_seen_body(b, &work->block);
    snw_run_part(plan->kernels, SNW_LOOK, same_body ? SNW_REST : SNW_BODY_AND_REST, b, c,
                 &work->luck);
    if (scenario && plan->from_visit)
        snw_onset_look(&work->beside->onsets[scenario - 1], b);
    snw_run_phase(plan->kernels, SNW_SCORE, b, c, &work->luck);
    snw_life_treat(l, scenario, c);
    snw_run_phase(plan->kernels, SNW_RISK, b, c, &work->luck);
    if (work->visits && scenario == 0)
        SNW_TRY(snw_measure_visitors(l->ctx, work->visits, b, n, c));
    b->n = n; /* only those recorded are read out */
    if (n)
        plan->recorders->state(readout, b, c, with);
    b->n = all;
    let_rest(l, scenario);
    plan->kernels->happen(b, c, &work->luck, plan->key, 0, &work->happenings);
    work->n_capped += work->happenings.n_capped;
    readout->accounts.part_cents = plan->cost_parts ? work->part_cents : NULL;
    plan->accounting->account(b, &plan->economies[scenario].year[b->sex][b->age - SNW_AGE_FIRST],
                              &work->happenings, n, &readout->accounts);
    snw_life_treat_account(l, scenario, &readout->accounts);
    snw_run_phase(plan->kernels, SNW_END, b, c, &work->luck);
    if (n) {
        b->n = n;
        plan->recorders->year(readout, b, c, with);
        b->n = all;
        snw_life_add_totals(l, scenario, readout);
        snw_life_pair_year(l, scenario, readout);
        SNW_TRY(keep(l, scenario, readout));
    }
    SNW_TRY(check(l, b, readout));
out:
    return status;
}

/* Books a death in a scenario, and in those that still share its lives. */
static snw_status book_death(const struct snw_life *l, size_t scenario, size_t i)
{
    snw_status status = SNW_OK;
    struct snw_block *b = snw_life_block(l, scenario);
    snw_real u = snw_draw_uniform(l->plan->key, b->person[i], b->replicate[i], (uint32_t)b->age,
                                  SNW_WORD_cause);
    enum snw_cause cause = snw_attribute_death(b, l->numbers[scenario], i, (double)u);
    double age_yr = (double)b->age + (double)b->lived_yr[i];
    for (size_t s = scenario; s < l->plan->n_scenarios; s++) {
        if (s != scenario && (scenario || snw_life_begun(l, s)))
            continue;
        if (snw_life_year(l, &l->totals[s]) == 0)
            l->totals[s].causes[snw_life_cell(l) * SNW_N_CAUSES + cause]++;
        if (b->row[i] >= 0 && l->tracks[s].rows)
            snw_track_end(&l->tracks[s], b->row[i], age_yr, cause);
        struct snw_event_row row = {age_yr,     (int32_t)b->person[i], (int32_t)b->replicate[i],
                                    (uint8_t)s, SNW_EVENT_DEATH,       (uint8_t)cause};
        if (b->row[i] >= 0 || l->plan->all_events)
            SNW_TRY(snw_event_add(&l->events[s], row));
    }
out:
    return status;
}

/* Exchanges two lanes in all scenarios. */
static void swap(const struct snw_life *l, size_t a, size_t b)
{
    for (size_t s = 0; s < l->plan->n_scenarios && a != b; s++) {
        if (!snw_life_begun(l, s))
            continue;
        uint8_t *gone = snw_life_gone(l, s), kept = gone[a];
        snw_block_swap(snw_life_block(l, s), a, b);
        snw_life_treat_swap(l, s, a, b);
        snw_life_pair_swap(l, s, a, b);
        gone[a] = gone[b];
        gone[b] = kept;
    }
}

/* Puts a lane in the place of another in all scenarios. */
static void move(const struct snw_life *l, size_t to, size_t from)
{
    for (size_t s = 0; s < l->plan->n_scenarios && to != from; s++) {
        if (!snw_life_begun(l, s))
            continue;
        uint8_t *gone = snw_life_gone(l, s);
        if (gone)
            gone[to] = gone[from];
        snw_block_move(snw_life_block(l, s), to, from);
        snw_life_treat_move(l, s, to, from);
        snw_life_pair_move(l, s, to, from);
    }
}

/* Takes lane i out in all scenarios. Lane `at`, the last of those alive in all or i itself, fills
   its place, and the last of all the place of that. */
static void take_out(const struct snw_life *l, size_t i, size_t at)
{
    const size_t last = l->work->block.n - 1;
    if (i < l->n_recorded)
        snw_life_pair_close(l, i);
    move(l, i, at);
    move(l, at, last);
    for (size_t s = 0; s < l->plan->n_scenarios; s++)
        if (snw_life_begun(l, s))
            snw_life_block(l, s)->n = last;
}

/* Books who died in lane i. @return in how many scenarios with lives of their own the person is
   alive, -1 for no memory. */
static int alive_in(const struct snw_life *l, size_t i, size_t *dead)
{
    int alive = 0;
    *dead = 0;
    for (size_t s = 0; s < l->plan->n_scenarios; s++) {
        if (!snw_life_begun(l, s))
            continue;
        struct snw_block *b = snw_life_block(l, s);
        uint8_t *gone = snw_life_gone(l, s);
        if (gone && gone[i]) {
            ++*dead;
        } else if (b->lived_yr[i] < SNW_R(1)) {
            ++*dead;
            if (i < l->n_recorded && book_death(l, s, i) != SNW_OK)
                return -1;
            snw_life_pair_death(l, s, i);
            if (gone)
                gone[i] = 1;
        } else {
            alive++;
        }
    }
    return alive;
}

/* Lists, in rising order, the lanes of who is dead in some scenario or done. @return how many. */
static size_t list_leaving(const struct snw_life *l, uint16_t *lane)
{
    const struct snw_block *b = &l->work->block;
    uint8_t leaves[SNW_STRIDE];
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        leaves[i] = b->age + 1 >= b->exit_age[i];
    for (size_t s = 0; s < l->plan->n_scenarios; s++) {
        if (!snw_life_begun(l, s))
            continue;
        const snw_real *lived_yr = snw_life_block(l, s)->lived_yr;
        for (size_t i = 0; i < b->n; i++)
            leaves[i] |= lived_yr[i] < SNW_R(1);
        const uint8_t *gone = snw_life_gone(l, s);
        for (size_t i = 0; gone && i < b->n; i++)
            leaves[i] |= gone[i];
    }
    for (const uint8_t *at = leaves; (at = memchr(at, 1, (size_t)(leaves + b->n - at))); at++)
        lane[n++] = (uint16_t)(at - leaves);
    return n;
}

/* Takes out who died in all scenarios or is done, and parts who is alive in all from who is alive
   in some; lanes are walked backwards, as the last one takes a place that falls vacant. */
static snw_status leave(struct snw_life *l)
{
    struct snw_workspace *work = l->work;
    const struct snw_block *b = &work->block;
    uint16_t lane[SNW_STRIDE];
    for (size_t k = list_leaving(l, lane); k-- > 0;) {
        size_t dead, i = lane[k], at = i;
        int alive = alive_in(l, i, &dead), done = b->age + 1 >= b->exit_age[i];
        if (alive < 0)
            return SNW_ERR_MEMORY;
        if (alive == 0 && i >= l->n_recorded)
            work->lost[work->n_lost++] = (struct snw_lost){b->person[i], b->replicate[i], b->row[i],
                                                           b->enter_age[i], b->exit_age[i]};
        if (work->beside && i < work->beside->n_common)
            at = --work->beside->n_common;
        if (alive == 0 || done)
            take_out(l, i, at);
        else
            swap(l, i, at);
    }
    return SNW_OK;
}

static snw_status live_year(struct snw_life *l)
{
    snw_status status = SNW_OK;
    struct snw_workspace *work = l->work;
    struct snw_block *b = &work->block;
    const struct snw_life_plan *plan = l->plan;
    if (work->beside)
        l->n_recorded = b->age >= b->enter_age[0] ? b->n : 0;
    else
        l->n_recorded = recorded_first(b);
    snw_life_begin_scenarios(l);
    plan->kernels->luck(&work->luck, plan->key, b->n, b->person, b->replicate, (uint32_t)b->age,
                        SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
    for (size_t s = 0; s < plan->n_scenarios; s++) {
        work->person_years += lanes_alive_in(l, s);
        if (snw_life_begun(l, s))
            SNW_TRY(live_scenario(l, s));
    }
    for (size_t s = 0; s < plan->n_scenarios; s++)
        if (snw_life_begun(l, s))
            snw_run_part(plan->kernels, SNW_ADVANCE,
                         snw_life_same_body(l, s) ? SNW_REST : SNW_BODY_AND_REST,
                         snw_life_block(l, s), l->numbers[s], &work->luck);
    for (size_t s = 0; s < plan->n_scenarios; s++) {
        if (!snw_life_begun(l, s))
            continue;
        if (plan->trends && !snw_life_same_body(l, s))
            snw_life_trends_advance(l, s, l->numbers[s]);
        snw_life_treat_advance(l, s);
    }
    SNW_TRY(leave(l));
    for (size_t s = 0; s < plan->n_scenarios; s++)
        if (snw_life_begun(l, s))
            snw_life_block(l, s)->age++;
out:
    return status;
}

/* Everybody at 20; a scenario that differs in what people are born with begins here. */
static void be_born(struct snw_life *l)
{
    struct snw_workspace *work = l->work;
    struct snw_block *b = &work->block;
    const struct snw_life_plan *plan = l->plan;
    plan->kernels->luck(&work->born, plan->key, b->n, b->person, b->replicate, 0,
                        SNW_SLOT_BIRTH_FIRST, SNW_N_BIRTH_SLOTS);
    plan->kernels->luck(&work->luck, plan->key, b->n, b->person, b->replicate, SNW_AGE_FIRST - 1,
                        SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
    plan->kernels->birth(b, &plan->models[0].birth[b->sex], &work->born, &work->luck);
    snw_life_trends_born(l);
    struct snw_beside *p = work->beside;
    snw_life_treat_born(l);
    snw_life_pair_born(l);
    if (p) {
        p->n_common = b->n;
        memset(p->begun, 0, p->n);
        memset(p->gone, 0, (p->n + 1) * sizeof *p->gone);
    }
    for (size_t s = 1; p && s <= p->n; s++) {
        if (plan->from_visit || snw_life_same_birth(l, s))
            continue;
        p->begun[s - 1] = 1;
        p->same_body[s - 1] = 0;
        p->blocks[s - 1] = *b;
        snw_life_pair_begin(l, s);
        plan->kernels->birth(&p->blocks[s - 1], &plan->models[s].birth[b->sex], &work->born,
                             &work->luck);
    }
    for (size_t s = 0; s < plan->n_scenarios; s++)
        for (size_t i = 0; i < b->n; i++)
            if (b->row[i] >= 0)
                snw_track_begin(&l->tracks[s], snw_life_begun(l, s) ? snw_life_block(l, s) : b, i);
}

snw_status snw_live(struct snw_ctx *ctx, const struct snw_life_plan *plan,
                    struct snw_workspace *work, struct snw_totals *totals,
                    struct snw_tracks *tracks, struct snw_event_list *events)
{
    snw_status status = SNW_OK;
    const struct snw_year_coef *alone;
    struct snw_life life = {
        ctx, plan, work, totals, tracks, events, work->beside ? work->beside->numbers : &alone, 0};
    work->n_lost = 0;
    be_born(&life);
    while (work->block.age <= SNW_AGE_LAST && work->block.n > 0)
        SNW_TRY(live_year(&life));
    for (size_t s = 0; s < plan->n_scenarios; s++)
        snw_tracks_next(&tracks[s]);
out:
    return status == SNW_ERR_MEMORY ? snw_fail(ctx, status, "no memory for events") : status;
}
