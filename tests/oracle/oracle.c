/* The oracle's loop over the years of one life. */
#include "oracle/oracle.h"

#include <math.h>

#include "oracle/oracle_parts.h"

static void count_events(const struct snw_oracle_events *events, double end_age,
                         struct snw_oracle_outcomes *out)
{
    for (int i = 0; i < events->n_falls; i++) {
        const struct snw_oracle_fall *fall = &events->fall[i];
        if (fall->age > end_age)
            continue;
        out->falls++;
        out->falls_reported += fall->reported;
        out->injuries += fall->injury;
        out->falls_injurious += fall->injury || fall->site >= 0;
    }
    for (int i = 0; i < events->n_fractures; i++) {
        const struct snw_oracle_fracture *fracture = &events->fracture[i];
        if (fracture->age > end_age)
            continue;
        out->fractures[fracture->site]++;
        out->fractures_after_fall[fracture->site] += fracture->after_fall;
    }
}

double snw_oracle_live_year(const struct snw_oracle_year_in *in, struct snw_oracle_events *events,
                            struct snw_oracle_outcomes *out)
{
    *out = (struct snw_oracle_outcomes){.person_years = 1, .cause = SNW_ORACLE_NO_CAUSE};
    snw_oracle_draw_events(in, events, out);

    double base =
        in->at->mortality_factor * -log1p(-in->at->qx) * exp(snw_oracle_log_mortality(in));
    double threshold = -log1p(-snw_oracle_uniform(in->person, in->age, SNW_WORD_death, 0));
    struct snw_oracle_death death = snw_oracle_die(in, events, base, threshold);
    double end_age = in->age + 1;
    out->death_hazard = death.hazard;
    if (!isnan(death.age) && !in->person->immortal) {
        end_age = death.age;
        out->died = true;
        out->person_years = death.age - in->age;
        out->cause = snw_oracle_attribute(
            in, &death, snw_oracle_uniform(in->person, in->age, SNW_WORD_cause, 0));
    }
    count_events(events, end_age, out);
    if (in->reference->prices.year)
        out->bill = snw_oracle_make_out(in, events, end_age);
    return end_age;
}

static void remember_events(const struct snw_oracle_events *events, struct snw_oracle_state *state)
{
    for (int i = 0; i < events->n_falls; i++)
        if (events->fall[i].injury) /* fmax passes over the NaN of none so far */
            state->last_injury_age = fmax(state->last_injury_age, events->fall[i].age);
    for (int i = 0; i < events->n_fractures; i++) {
        const struct snw_oracle_fracture *fracture = &events->fracture[i];
        state->last_fracture_age = fracture->age;
        if (fracture->site == SNW_HIP)
            state->last_hip_age = fracture->age;
        if (fracture->site != SNW_HIP && fracture->site != SNW_VERTEBRAL)
            state->last_nhnv_age = fracture->age;
        if (fracture->site == SNW_VERTEBRAL) {
            state->last_vertebral_age = fracture->age;
            state->n_vertebral++;
        }
    }
}

struct snw_oracle_state snw_oracle_next(const struct snw_oracle_year_in *in,
                                        const struct snw_oracle_birth *birth,
                                        const struct snw_oracle_events *events,
                                        const struct snw_oracle_outcomes *out)
{
    struct snw_oracle_state state = *in->state;
    bool hip = out->fractures[SNW_HIP] > 0;
    state.frailty = snw_oracle_frailty_next(
        in, hip, snw_oracle_uniform(in->person, in->age, SNW_WORD_frailty, 0));
    state.resident =
        in->state->resident ||
        snw_oracle_enters(in, hip, out->falls_injurious > 0,
                          snw_oracle_uniform(in->person, in->age, SNW_WORD_residence, 0));
    remember_events(events, &state);
    snw_oracle_step(in->params, in->person, birth, in->measures, in->age, &state);
    return state;
}

static void keep_fractures(const struct snw_oracle_events *events, double end_age,
                           struct snw_oracle_life *life)
{
    for (int i = 0; i < events->n_fractures && events->fracture[i].age <= end_age; i++) {
        if (life->n_fractures < SNW_ORACLE_MAX_FRACTURES)
            life->fracture[life->n_fractures] = events->fracture[i];
        life->n_fractures++;
    }
}

static void stay_dead(struct snw_oracle_life *life, int first)
{
    for (int i = first; i < SNW_ORACLE_N_AGES; i++) {
        life->year[i] = life->year[first - 1];
        life->year[i].alive = false;
        life->year[i].outcomes = (struct snw_oracle_outcomes){.cause = SNW_ORACLE_NO_CAUSE};
    }
}

void snw_oracle_live(const struct snw_params *params, const struct snw_oracle_reference *reference,
                     const struct snw_oracle_person *person, struct snw_oracle_life *life)
{
    struct snw_oracle_events events;
    struct snw_oracle_state state;
    *life = (struct snw_oracle_life){.death_age = (double)NAN, .cause = SNW_ORACLE_NO_CAUSE};
    snw_oracle_be_born(params, person, &life->birth);
    snw_oracle_start(params, person, &life->birth, &state);
    for (int i = 0; i < SNW_ORACLE_N_AGES; i++) {
        struct snw_oracle_year *year = &life->year[i];
        struct snw_oracle_year_in in = {.params = params,
                                        .reference = reference,
                                        .at = &reference->age[person->sex][i],
                                        .person = person,
                                        .state = &year->state,
                                        .measures = &year->measures,
                                        .age = SNW_ORACLE_FIRST_AGE + i};
        year->alive = true;
        year->state = state;
        snw_oracle_measure(params, reference, person->sex, &life->birth, &state, in.age,
                           &year->measures);
        double end_age = snw_oracle_live_year(&in, &events, &year->outcomes);
        keep_fractures(&events, end_age, life);
        if (year->outcomes.died) {
            life->death_age = end_age;
            life->cause = year->outcomes.cause;
            stay_dead(life, i + 1);
            return;
        }
        state = snw_oracle_next(&in, &life->birth, &events, &year->outcomes);
    }
}
