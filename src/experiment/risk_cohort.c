/* Lives of the cohort, block by block, and what a doctor could have known of them. */
#include "experiment/risk_cohort.h"

#include <stdlib.h>

#include "core/memory.h"
#include "core/vmath.h"
#include "random/normal.h"
#include "random/slots.h"

static const int ages[SNW_RISK_AGES] = {50, 60, 70, 80};

/* What is taken from a life; fractures by site stand last. */
enum field { FIELD_BMI, FIELD_NECK, FIELD_FALLS, FIELD_ALIVE, FIELD_FRACTURE };
enum { N_FIELDS = FIELD_FRACTURE + SNW_N_SITE, N_MAJOR = 4 /* hip, spine, forearm, humerus */ };

static enum snw_measure measure_of(size_t field)
{
    static const enum snw_measure measures[] = {SNW_M_bmi_kg_m2, SNW_M_abmd_femoral_neck_g_cm2,
                                                SNW_M_falls_reported, SNW_M_alive};
    return field < FIELD_FRACTURE ? measures[field]
                                  : (enum snw_measure)(SNW_M_fracture_hip + field - FIELD_FRACTURE);
}

struct cohort {
    struct snw_ctx *ctx;
    const struct snw_world *world;
    struct snw_life_plan plan;
    struct snw_workspace *work;
    struct snw_totals totals;
    struct snw_tracks tracks;
    struct snw_event_list events;
    uint16_t (*lives)[SNW_BLOCK_MAX][SNW_N_AGES]; /* (N_FIELDS,) */
    size_t n, room;
    struct snw_risk_person *people;
    unsigned char *event;
};

static uint16_t q_of(const struct cohort *c, size_t field, size_t row, int age)
{
    return c->lives[field][row][age - SNW_AGE_FIRST];
}

static double value_of(const struct cohort *c, size_t field, size_t row, int age)
{
    const struct snw_measure_info *info = &snw_measure_table[measure_of(field)];
    return info->offset + info->scale * q_of(c, field, row, age);
}

/* Whether a bone of one of the first n sites broke at ages from .. to - 1. */
static int broke(const struct cohort *c, size_t row, size_t n, int from, int to)
{
    int any = 0;
    for (int age = from; age < to; age++)
        for (size_t site = 0; site < n; site++) {
            uint16_t q = q_of(c, FIELD_FRACTURE + site, row, age);
            any |= q != 0 && q != SNW_FILL;
        }
    return any;
}

static double error_of(const struct cohort *c, const struct snw_track_person *who, int age,
                       unsigned word, double cv)
{
    uint32_t words[4];
    snw_draw(c->world->key, (uint32_t)who->person, (uint32_t)who->replicate, (uint32_t)age,
             word / 4, 0, words);
    return snw_exp_f64(cv * (double)snw_normal_quantile(words[word % 4]));
}

/* One person on one birthday, with the errors of the instruments. */
static void measure(struct cohort *c, enum snw_sex sex, size_t row, int age)
{
    const struct snw_track_person *who = &c->tracks.who[row];
    const struct snw_params *p = &c->world->params[0];
    const struct snw_year_coef *year = &c->world->models[0].year[sex][age - SNW_AGE_FIRST];
    double height = error_of(c, who, age, SNW_WORD_error_height, p->measurement_height_cv[0]);
    double weight = error_of(c, who, age, SNW_WORD_error_weight, p->measurement_weight_cv[0]);
    double neck = error_of(c, who, age, SNW_WORD_error_dxa_neck, p->measurement_dxa_cv[0]) *
                  value_of(c, FIELD_NECK, row, age);
    uint16_t falls = q_of(c, FIELD_FALLS, row, age - 1);
    c->people[c->n] = (struct snw_risk_person){
        .female = sex == SNW_FEMALE,
        .fractured = broke(c, row, SNW_N_SITE, SNW_AGE_FIRST, age),
        .faller = falls != 0 && falls != SNW_FILL,
        .age = age,
        .bmi_kg_m2 = value_of(c, FIELD_BMI, row, age) * weight / (height * height),
        .t_score = (neck - (double)year->t_mean_neck) * (double)year->t_scale_neck};
    c->event[c->n++] = (unsigned char)broke(c, row, N_MAJOR, age, age + SNW_RISK_YEARS);
}

/* A block of people with ids from `first` on; bit 31 and replicate 1: nobody else's. */
static snw_status live(struct cohort *c, enum snw_sex sex, uint32_t first, size_t n)
{
    snw_status status = SNW_OK;
    struct snw_block *b = &c->work->block;
    b->n = n;
    b->sex = sex;
    b->birth_year = 0;
    for (size_t i = 0; i < n; i++) {
        b->person[i] = (2 * (first + (uint32_t)i) + (uint32_t)sex) | 0x80000000u;
        b->replicate[i] = 1;
        b->row[i] = (int32_t)i;
        b->enter_age[i] = SNW_AGE_FIRST;
        b->exit_age[i] = SNW_AGE_LAST + 1;
    }
    snw_tracks_clear(&c->tracks);
    c->events.n = 0;
    SNW_TRY(snw_live(c->ctx, &c->plan, c->work, &c->totals, &c->tracks, &c->events));
    for (size_t f = 0; f < N_FIELDS; f++)
        snw_tracks_lives(&c->tracks, measure_of(f), c->lives[f][0]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < SNW_RISK_AGES; k++)
            if (q_of(c, FIELD_ALIVE, i, ages[k]) == 1)
                measure(c, sex, i, ages[k]);
out:
    return status;
}

static snw_status make_room(struct cohort *c, size_t persons)
{
    snw_status status = SNW_OK;
    c->room = SNW_N_SEXES * persons * SNW_RISK_AGES;
    c->work = snw_alloc(sizeof *c->work);
    c->lives = snw_alloc(N_FIELDS * sizeof *c->lives);
    c->people = malloc(c->room * sizeof *c->people);
    c->event = malloc(c->room);
    if (!c->work || !c->lives || !c->people || !c->event)
        return SNW_ERR_MEMORY;
    SNW_TRY(snw_totals_init(&c->totals, 0, 0));
    SNW_TRY(snw_tracks_init(&c->tracks, SNW_BLOCK_MAX));
    c->tracks.rows = SNW_BLOCK_MAX;
out:
    return status;
}

static void free_room(struct cohort *c)
{
    snw_free(c->work);
    snw_free(c->lives);
    free(c->people);
    free(c->event);
    snw_totals_free(&c->totals);
    snw_tracks_free(&c->tracks);
    snw_event_list_free(&c->events);
}

static snw_status fit(struct snw_ctx *ctx, struct snw_world *world)
{
    snw_status status = SNW_OK;
    size_t persons = (size_t)world->settings->reference_persons;
    struct cohort c = {.ctx = ctx,
                       .world = world,
                       .plan = {.kernels = world->kernels,
                                .recorders = world->recorders,
                                .accounting = world->accounting,
                                .n_scenarios = 1,
                                .models = world->models,
                                .economies = world->economies,
                                .pilot = world->pilot,
                                .key = world->key}};
    persons = persons < SNW_RISK_PEOPLE ? persons : SNW_RISK_PEOPLE;
    SNW_TRY(make_room(&c, persons));
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (size_t first = 0; first < persons; first += SNW_BLOCK_MAX) {
            size_t left = persons - first, n = left < SNW_BLOCK_MAX ? left : SNW_BLOCK_MAX;
            SNW_TRY(live(&c, (enum snw_sex)sex, (uint32_t)first, n));
        }
    if (!snw_risk_fit(&world->score, c.n, c.people, c.event))
        status = snw_fail(ctx, SNW_ERR_RUN,
                          "the fracture-risk score could not be fitted to %zu "
                          "people: take more reference.persons",
                          c.n);
out:
    free_room(&c);
    return status == SNW_ERR_MEMORY ? snw_fail(ctx, status, "no memory for the risk score")
                                    : status;
}

snw_status snw_risk_build(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                          struct snw_world *world)
{
    snw_status status = SNW_OK;
    int asked = 0;
    for (size_t s = 0; world->screenings && s < world->n_scenarios; s++)
        for (size_t p = 0; p < world->screenings[s].n; p++) {
            world->screenings[s].score = &world->score;
            asked |= snw_pathway_asks_score(world->screenings[s].list[p]);
        }
    if (!asked)
        return SNW_OK;
    if (ranks->rank == 0)
        status = fit(ctx, world);
    SNW_TRY(snw_ranks_agree(ranks, status, ctx));
    SNW_TRY(snw_ranks_share(ranks, &world->score, sizeof world->score, 0));
out:
    return status;
}
