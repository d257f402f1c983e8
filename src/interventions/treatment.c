/* What treatment does to rates and states. Equations: treatment.md. */
#include <string.h>

#include "core/vmath.h"
#include "interventions/acting.h"

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

void snw_treat_mark_on(const struct snw_treating *t, size_t k, const struct snw_block *b,
                       snw_real *to)
{
    const snw_real age = SNW_R(b->age);
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    for (size_t i = 0; i < b->n; i++)
        to[i] = start[i] <= age && stop[i] > age ? SNW_R(1) : to[i];
}

/* Adds an effect on a rate as it is in the middle of the year. The rates know the states of the
   birthday: the share that states bring about is added as they grow from there to the middle. */
static void act_on_rate(const struct snw_acting *a, enum snw_channel channel, int age, snw_real *to)
{
    const struct snw_programme *p = a->t->programme;
    const struct snw_effect *effect = &p->list[a->k]->effect[channel];
    const int state = p->elsewhere[a->k][channel];
    const double share = effect->share_elsewhere, full = p->full[a->k][channel];
    if (!effect->given)
        return;
    snw_act_level(a, channel, age + 0.5);
    snw_act_add(a, (1 - share) * full, p->rebound_ln[a->k][channel], to);
    if (state == SNW_NOWHERE)
        return;
    snw_act_level(a, (enum snw_channel)state, age + 0.5);
    snw_act_add(a, share * full, 0, to);
    snw_act_level(a, (enum snw_channel)state, age);
    snw_act_add(a, -share * full, 0, to);
}

static int anybody_started(const struct snw_treating *t, size_t k, size_t n)
{
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    int started = 0;
    for (size_t i = 0; i < n; i++)
        started |= start[i] < SNW_R(SNW_EVER_YR);
    return started;
}

/* The field is a share of what hormone therapy spares (menopause.md); the best of several holds. */
static void mark_shielded(const struct snw_treating *t, size_t k, const struct snw_year_coef *c,
                          struct snw_block *b)
{
    const double *value = t->programme->value[k], shield = (double)c->therapy_shield;
    const double spared = value[SNW_CHANNEL_menopausal_loss_spared];
    const double part = spared > 0 && shield > 0 ? spared / shield : 0;
    const snw_real most = SNW_R(part > 0 ? part : value[SNW_CHANNEL_hormone_therapy]);
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    for (size_t i = 0; i < b->n && most > SNW_R(0); i++)
        if (start[i] <= SNW_R(b->age) && stop[i] > SNW_R(b->age))
            b->hormone_therapy[i] = snw_max(b->hormone_therapy[i], most);
}

/* Deaths by adverse events are a hazard beside the other one, which is that of the reference
   population times the person's own: as a ratio to it, at the mean, they are as many as declared.
 */
static void add_deaths(const struct snw_treating *t, size_t k, const struct snw_year_coef *c,
                       struct snw_block *b)
{
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    const double by_start = t->programme->deaths_at_start[k], hazard = (double)c->death_hazard;
    for (size_t i = 0; i < b->n && hazard > 0; i++) {
        const double from = (double)start[i], until = (double)stop[i], next = b->age + 1;
        const double on = (until < next ? until : next) - (from > b->age ? from : b->age);
        const double more =
            t->programme->deaths_per_yr[k] * (on > 0 ? on : 0) + (from == b->age ? by_start : 0);
        b->death_treated[i] += SNW_R(more > 0 ? snw_log_f64(1 + more / hazard) : 0);
    }
}

int snw_treat_birthday(const struct snw_treating *t, struct snw_block *b,
                       const struct snw_year_coef *coef)
{
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
        snw_act_clear(rates[r].to, n);
    snw_act_clear(b->hormone_therapy, n);
    snw_act_clear(b->on_treatment, n);
    for (size_t k = 0; k < t->programme->n; k++)
        snw_treat_mark_on(t, k, b, b->on_treatment);
    for (size_t k = 0; k < t->programme->n; k++) {
        const struct snw_acting acting = {t, k, n};
        snw_treat_offer(t, k, b, coef);
        snw_treat_mark_on(t, k, b, b->on_treatment);
        mark_shielded(t, k, coef, b);
        for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
            act_on_rate(&acting, rates[r].channel, b->age, rates[r].to);
        if (t->programme->deaths_per_yr[k] > 0 || t->programme->deaths_at_start[k] > 0)
            add_deaths(t, k, coef, b);
        body |= t->programme->acts_on_body[k] && anybody_started(t, k, n);
    }
    if (t->programme->shields && b->sex == SNW_FEMALE)
        snw_treat_shield(t, b, coef);
    return body;
}
