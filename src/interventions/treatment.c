/* What treatment does to rates and states. Equations: treatment.md. */
#include "interventions/treatment.h"

#include <string.h>

extern const struct snw_treatment_kernels snw_treatment_kernels_plain;
#if SNW_N_ISAS == 3
extern const struct snw_treatment_kernels snw_treatment_kernels_v3, snw_treatment_kernels_v4;
#endif

const struct snw_treatment_kernels *snw_treatment_kernels_named(const char *isa)
{
    static const struct snw_treatment_kernels *const all[] = {
#if SNW_N_ISAS == 3
        &snw_treatment_kernels_v4,
        &snw_treatment_kernels_v3,
#endif
        &snw_treatment_kernels_plain
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->isa, isa) == 0)
            return all[i];
    return NULL;
}

static void mark_on(const struct snw_treating *t, size_t k, snw_real age, size_t n, snw_real *to)
{
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    for (size_t i = 0; i < n; i++)
        to[i] = start[i] <= age && stop[i] > age ? SNW_R(1) : to[i];
}

/* An effect at work on the lanes of a block. */
struct acting {
    const struct snw_treating *t;
    size_t k, n; /* which intervention, how many lanes */
};

/* Adds `full` of what there is of an effect at age `at`, and `rebound` where it rebounds. */
static void add(const struct acting *a, enum snw_channel channel, double at, double full,
                double rebound, snw_real *to)
{
    const struct snw_treating *t = a->t;
    t->kernels->level(t->room, &t->programme->list[a->k]->effect[channel],
                      snw_course_row(t->treatment, a->k, SNW_COURSE_START),
                      snw_course_row(t->treatment, a->k, SNW_COURSE_STOP), at, a->n);
    t->kernels->add(to, t->room, full, rebound, a->n);
}

/* Adds an effect on a state, as it is at age `at`. */
static void act(const struct acting *a, enum snw_channel channel, double at, double weight,
                snw_real *to)
{
    const struct snw_programme *p = a->t->programme;
    if (p->list[a->k]->effect[channel].given)
        add(a, channel, at, weight * p->full[a->k][channel], p->rebound_ln[a->k][channel], to);
}

/* Adds an effect on a rate as it is in the middle of the year. The rates know the states of the
   birthday: the share that states bring about is added as they grow from there to the middle. */
static void act_on_rate(const struct acting *a, enum snw_channel channel, int age, snw_real *to)
{
    const struct snw_programme *p = a->t->programme;
    const struct snw_effect *effect = &p->list[a->k]->effect[channel];
    const int state = p->elsewhere[a->k][channel];
    const double share = effect->share_elsewhere, full = p->full[a->k][channel];
    if (!effect->given)
        return;
    add(a, channel, age + 0.5, (1 - share) * full, p->rebound_ln[a->k][channel], to);
    if (state == SNW_NOWHERE)
        return;
    add(a, (enum snw_channel)state, age + 0.5, share * full, 0, to);
    add(a, (enum snw_channel)state, age, -share * full, 0, to);
}

static void clear(snw_real *field, size_t n)
{
    memset(field, 0, snw_whole_vectors(n) * sizeof *field);
}

static int anybody_started(const struct snw_treating *t, size_t k, size_t n)
{
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    int started = 0;
    for (size_t i = 0; i < n; i++)
        started |= start[i] < SNW_R(SNW_EVER_YR);
    return started;
}

int snw_treat_birthday(const struct snw_treating *t, struct snw_block *b,
                       const struct snw_year_coef *coef)
{
    const snw_real age = SNW_R(b->age);
    const size_t n = b->n;
    int body = 0;
    const struct {
        enum snw_channel channel;
        snw_real *to;
    } rates[] = {{SNW_CHANNEL_fall_rate_ratio, b->fall_rate_treated},
                 {SNW_CHANNEL_hip_fracture_ratio, b->hip_treated},
                 {SNW_CHANNEL_vertebral_fracture_ratio, b->spine_treated},
                 {SNW_CHANNEL_other_fracture_ratio, b->other_treated},
                 {SNW_CHANNEL_death_ratio, b->death_treated}};
    b->treated = 1;
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
        clear(rates[r].to, n);
    clear(b->hormone_therapy, n);
    clear(b->on_treatment, n);
    for (size_t k = 0; k < t->programme->n; k++)
        mark_on(t, k, age, n, b->on_treatment);
    for (size_t k = 0; k < t->programme->n; k++) {
        const struct acting acting = {t, k, n};
        snw_treat_offer(t, k, b, coef);
        mark_on(t, k, age, n, b->on_treatment);
        if (t->programme->value[k][SNW_CHANNEL_hormone_therapy] > 0)
            mark_on(t, k, age, n, b->hormone_therapy);
        for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
            act_on_rate(&acting, rates[r].channel, b->age, rates[r].to);
        body |= t->programme->acts_on_body[k] && anybody_started(t, k, n);
    }
    return body;
}

/* Cortical and trabecular bone of a site by equal log parts, so that density changes by the
   whole. */
static const struct site {
    enum snw_channel channel;
    enum snw_trait trait[2];
    double weight;
} sites[] = {{SNW_CHANNEL_abmd_femoral_neck_ratio,
              {SNW_CTTH_NECK, SNW_TRAB_NECK},
              1 / (SNW_NECK_CORTEX + SNW_NECK_TRABECULAE)},
             {SNW_CHANNEL_abmd_lumbar_spine_ratio,
              {SNW_CTTH_SPINE, SNW_TRAB_SPINE},
              1 / (SNW_SPINE_CORTEX + SNW_SPINE_TRABECULAE)}};

static double lost(snw_real now, snw_real then)
{
    return now > then ? (double)now - (double)then : 0;
}

/* What is spared of the median loss of the year that is over. */
static void spare(const struct snw_treating *t, size_t k, const struct snw_block *b,
                  const struct snw_year_coef *c, const struct snw_year_coef *next)
{
    const double muscle = t->programme->value[k][SNW_CHANNEL_muscle_loss_spared];
    const double bone = t->programme->value[k][SNW_CHANNEL_bone_loss_spared];
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    snw_real(*row)[SNW_STRIDE] = t->treatment->row;
    double loss[SNW_N_TRAIT];
    if (muscle > 0)
        t->kernels->spare(row[SNW_ROW_MUSCLE_SPARED], start, stop, b->age,
                          muscle * lost(c->index_median_ln, next->index_median_ln), b->n);
    for (int trait = 0; trait < SNW_N_TRAIT && bone > 0; trait++) {
        loss[trait] = bone * lost(c->trait_median_ln[trait], next->trait_median_ln[trait]);
        t->kernels->spare(row[SNW_ROW_TRAIT_SPARED + trait], start, stop, b->age, loss[trait],
                          b->n);
    }
    if (!(bone > 0) || !t->programme->unseen[k])
        return;
    double neck = SNW_NECK_CORTEX * loss[SNW_CTTH_NECK] +
                  SNW_NECK_CORTICAL_DENSITY * loss[SNW_CT_VBMD] +
                  SNW_NECK_TRABECULAE * loss[SNW_TRAB_NECK];
    double spine = SNW_SPINE_CORTEX * loss[SNW_CTTH_SPINE] +
                   SNW_SPINE_TRABECULAE * loss[SNW_TRAB_SPINE] +
                   SNW_SPINE_CORTICAL_DENSITY * loss[SNW_CT_VBMD];
    t->kernels->spare(row[SNW_ROW_NECK_UNSEEN], start, stop, b->age, neck, b->n);
    t->kernels->spare(row[SNW_ROW_SPINE_UNSEEN], start, stop, b->age, spine, b->n);
}

void snw_treat_advance(const struct snw_treating *t, struct snw_block *b,
                       const struct snw_year_coef *c, const struct snw_year_coef *next)
{
    snw_real(*row)[SNW_STRIDE] = t->treatment->row;
    const size_t n = b->n, n_bytes = snw_whole_vectors(n) * sizeof(snw_real);
    const double at = b->age + 1;
    memcpy(row[SNW_ROW_FALLS], b->n_reported, n_bytes);
    for (size_t k = 0; k < t->programme->n && next; k++)
        spare(t, k, b, c, next);
    memcpy(b->muscle_treated, row[SNW_ROW_MUSCLE_SPARED], n_bytes);
    memcpy(b->neck_unseen_ln, row[SNW_ROW_NECK_UNSEEN], n_bytes);
    memcpy(b->spine_unseen_ln, row[SNW_ROW_SPINE_UNSEEN], n_bytes);
    clear(b->strength_treated, n);
    for (int trait = 0; trait < SNW_N_TRAIT; trait++)
        memcpy(b->trait_treated[trait], row[SNW_ROW_TRAIT_SPARED + trait], n_bytes);
    for (size_t k = 0; k < t->programme->n; k++) {
        const struct acting acting = {t, k, n};
        act(&acting, SNW_CHANNEL_muscle_ratio, at, 1, b->muscle_treated);
        act(&acting, SNW_CHANNEL_strength_ratio, at, 1, b->strength_treated);
        for (size_t s = 0; s < sizeof sites / sizeof sites[0]; s++) {
            snw_real *hidden = s == 0 ? b->neck_unseen_ln : b->spine_unseen_ln;
            for (int half = 0; half < 2; half++)
                act(&acting, sites[s].channel, at, sites[s].weight,
                    b->trait_treated[sites[s].trait[half]]);
            if (t->programme->unseen[k])
                act(&acting, sites[s].channel, at, 1, hidden);
        }
    }
}
