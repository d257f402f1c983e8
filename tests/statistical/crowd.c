/* Crowds in batches, and their rates against targets. */
#include "statistical/crowd.h"

#include <stdlib.h>

#include "core/memory.h"
#include "statistical/walk.h"
#include "support/near.h"

static struct crowd *empty(size_t n_batches, size_t people)
{
    struct crowd *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->n_batches = n_batches;
    c->people = people;
    c->batch = calloc(n_batches, sizeof *c->batch);
    assert_non_null(c->batch);
    return c;
}

void crowd_free(struct crowd *c)
{
    free(c->batch);
    free(c);
}

static void add_up(struct crowd *c)
{
    for (size_t k = 0; k < c->n_batches; k++)
        for (int sex = 0; sex < SNW_N_SEXES; sex++)
            for (int i = 0; i < SNW_N_AGES; i++) {
                const double *from = (const double *)&c->batch[k][sex][i];
                double *to = (double *)&c->all[sex][i];
                for (size_t j = 0; j < sizeof c->all[0][0] / sizeof *to; j++)
                    to[j] += from[j];
            }
}

/* -- through the engine -- */

static double sum(const struct lives *l, int sex, int age, enum snw_measure m)
{
    return (double)lives_cell(l, (enum snw_sex)sex, age, m)->sum;
}

static struct crowd_year year_of(const struct lives *l, int sex, int i)
{
    int age = SNW_AGE_FIRST + i;
    const uint32_t *smi = l->totals.levels + ((size_t)(sex * SNW_N_AGES + i) * SNW_N_CODES +
                                              SNW_M_smi_class - SNW_N_STATES) *
                                                 SNW_LEVELS;
    struct crowd_year y = {.n = sum(l, sex, age, SNW_M_alive),
                           .deaths = sum(l, sex, age, SNW_M_death),
                           .lived = sum(l, sex, age, SNW_M_person_years) *
                                    snw_measure_table[SNW_M_person_years].scale,
                           .residents = sum(l, sex, age, SNW_M_residence),
                           .disabled = sum(l, sex, age, SNW_M_disabled),
                           .low_smi = smi[1] + smi[2]};
    for (int s = 0; s < SNW_N_SITE; s++)
        y.events[s] = sum(l, sex, age, (enum snw_measure)(SNW_M_fracture_hip + s));
    y.events[CROWD_FALLS] = sum(l, sex, age, SNW_M_falls);
    return y;
}

struct crowd *crowd_new(const struct world *world, size_t n_batches, size_t people, uint32_t first)
{
    struct lives l;
    struct crowd *c = empty(n_batches, people);
    lives_init(&l, world, NULL, 0);
    for (size_t k = 0; k < n_batches; k++) {
        snw_totals_clear(&l.totals);
        for (int sex = 0; sex < SNW_N_SEXES; sex++) {
            uint32_t from = first + (uint32_t)((SNW_N_SEXES * k + (size_t)sex) * people);
            assert_int_equal(lives_run(&l, (enum snw_sex)sex, from, people, 512), SNW_OK);
            for (int i = 0; i < SNW_N_AGES; i++)
                c->batch[k][sex][i] = year_of(&l, sex, i);
        }
    }
    lives_free(&l);
    add_up(c);
    return c;
}

/* -- by a walk -- */

struct witness {
    struct crowd_pair pair;
    struct snw_model *model;
    uint32_t first;
    struct snw_key key;
    struct snw_block block;
    struct snw_happenings happenings;
};

static void count(const struct witness *w, struct crowd *to, const struct snw_block *b, int dies)
{
    for (size_t i = 0; i < b->n; i++) {
        size_t k = (b->person[i] - w->first) / to->people;
        struct crowd_year *y = &to->batch[k][b->sex][b->age - SNW_AGE_FIRST];
        y->n += 1;
        y->lived += dies ? (double)b->lived_yr[i] : 1;
        for (int s = 0; s < SNW_N_SITE; s++)
            y->events[s] += (double)b->n_fractures[s][i];
        y->events[CROWD_FALLS] += (double)b->n_falls[i];
    }
}

static void see_birthday(const struct snw_block *b, const struct snw_luck *luck, void *to)
{
    struct witness *w = to;
    w->block = *b;
    snw_kernels_best()->happen(&w->block, &w->model->year[b->sex][b->age - SNW_AGE_FIRST], luck,
                               w->key, 1, &w->happenings);
    count(w, w->pair.deathless, &w->block, 0);
}

static void see_year(const struct snw_block *b, const struct snw_luck *luck, void *to)
{
    (void)luck;
    struct witness *w = to;
    count(w, w->pair.mortal, b, 1);
}

struct crowd_pair crowd_pair_new(struct world *world, size_t n_batches, size_t people,
                                 uint32_t first)
{
    struct witness *w = snw_alloc(sizeof *w);
    assert_non_null(w);
    struct crowd_pair pair = {empty(n_batches, people), empty(n_batches, people)};
    w->pair = pair;
    w->model = &world->model;
    w->key = (struct snw_key){97, 3};
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        w->first = first + (uint32_t)((size_t)sex * n_batches * people);
        walk(&(struct walk){.model = &world->model,
                            .sex = (enum snw_sex)sex,
                            .first = w->first,
                            .n = n_batches * people,
                            .last_age = SNW_AGE_LAST,
                            .key = w->key,
                            .birthday = see_birthday,
                            .year = see_year,
                            .to = w});
    }
    snw_free(w);
    add_up(pair.mortal);
    add_up(pair.deathless);
    return pair;
}

void crowd_pair_free(struct crowd_pair pair)
{
    crowd_free(pair.mortal);
    crowd_free(pair.deathless);
}

/* -- rates -- */

static double target_of(const struct world *w, int sex, int kind, int age)
{
    return kind == CROWD_FALLS ? snw_fall_target(&w->params, sex, age + 0.5)
                               : snw_fracture_rate(&w->params, sex, kind, age + 0.5, w->life.year);
}

/* SE of ln lambda0, or of ln K and ln Kn by their shares, taken as one: the same pilots make them.
 */
static double pilot_error(const struct world *w, int sex, int kind, int age)
{
    const struct snw_reference_year *e = &w->reference.error.year[sex][age - SNW_AGE_FIRST];
    double share = kind == CROWD_FALLS ? 1 : snw_fall_share(&w->params, kind, age);
    return kind == CROWD_FALLS ? e->fall_rate
                               : share * e->per_fall[kind] + (1 - share) * e->per_year[kind];
}

struct pair {
    double events, expected;
};

static struct pair of_batch(const struct crowd_year year[SNW_N_AGES], const struct world *w,
                            int sex, int kind, const int ages[2])
{
    struct pair p = {0, 0};
    for (int a = ages[0]; a < ages[1]; a++) {
        p.events += year[a - SNW_AGE_FIRST].events[kind];
        p.expected += target_of(w, sex, kind, a) * year[a - SNW_AGE_FIRST].lived;
    }
    return p;
}

struct crowd_rate crowd_rate(const struct crowd *c, const struct world *w, int sex, int kind,
                             const int ages[2])
{
    struct pair all = of_batch(c->all[sex], w, sex, kind, ages);
    struct crowd_rate r = {.events = all.events, .ratio = all.events / all.expected};
    double n = (double)c->n_batches, spread = 0;
    for (int a = ages[0]; a < ages[1]; a++)
        r.pilot += target_of(w, sex, kind, a) * c->all[sex][a - SNW_AGE_FIRST].lived *
                   pilot_error(w, sex, kind, a);
    r.pilot *= r.ratio / all.expected;
    for (size_t k = 0; k < c->n_batches; k++) {
        struct pair p = of_batch(c->batch[k][sex], w, sex, kind, ages);
        spread += pow(p.events - r.ratio * p.expected, 2);
    }
    r.run = sqrt(spread * n / (n - 1)) / all.expected;
    return r;
}

struct crowd_left crowd_left(struct crowd_pair pair, const struct world *w, int sex, int kind,
                             const int ages[2])
{
    struct pair dying = of_batch(pair.mortal->all[sex], w, sex, kind, ages);
    struct pair whole = of_batch(pair.deathless->all[sex], w, sex, kind, ages);
    double mortal = dying.events / dying.expected, deathless = whole.events / whole.expected;
    double left = mortal / deathless, spread = 0, n = (double)pair.mortal->n_batches;
    for (size_t k = 0; k < pair.mortal->n_batches; k++) {
        struct pair d = of_batch(pair.mortal->batch[k][sex], w, sex, kind, ages);
        struct pair e = of_batch(pair.deathless->batch[k][sex], w, sex, kind, ages);
        spread += pow((d.events - mortal * d.expected) / dying.expected -
                          left * (e.events - deathless * e.expected) / whole.expected,
                      2);
    }
    return (struct crowd_left){left, sqrt(spread * n / (n - 1)) / deathless};
}

static double share_of(const struct crowd_year year[SNW_N_AGES], enum crowd_state state,
                       const double weight[SNW_N_AGES])
{
    double with = 0, all = 0;
    for (int i = 0; i < SNW_N_AGES; i++) {
        const double count[] = {year[i].residents, year[i].disabled, year[i].low_smi};
        if (weight[i] > 0 && year[i].n > 0) {
            with += weight[i] * count[state] / year[i].n;
            all += weight[i];
        }
    }
    return with / all;
}

struct crowd_share crowd_share(const struct crowd *c, int sex, enum crowd_state state,
                               const double weight[SNW_N_AGES])
{
    struct crowd_share s = {share_of(c->all[sex], state, weight), 0};
    double n = (double)c->n_batches;
    for (size_t k = 0; k < c->n_batches; k++)
        s.se += pow(share_of(c->batch[k][sex], state, weight) - s.share, 2);
    s.se = sqrt(s.se / (n * (n - 1)));
    return s;
}
