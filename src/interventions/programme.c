/* What a scenario does, made ready: names looked up, figures drawn, logarithms taken. */
#include "interventions/programme.h"

#include <string.h>

#include "core/vmath.h"
#include "params/draws.h"

static int is_measured(int name)
{
    return strncmp(snw_name_table[name].text, "measured.", 9) == 0;
}

/* Where the share of an effect that other channels bring about comes from: falls are another rate,
   at work in the same year; strength and muscle are states. */
static int other_state(const struct snw_intervention *t, int channel)
{
    static const enum snw_channel states[] = {SNW_CHANNEL_strength_ratio, SNW_CHANNEL_muscle_ratio,
                                              SNW_CHANNEL_activity_change};
    int through_falls =
        channel != SNW_CHANNEL_fall_rate_ratio && t->effect[SNW_CHANNEL_fall_rate_ratio].given;
    for (size_t s = 0; s < 3 && !through_falls; s++)
        if (t->effect[states[s]].given && t->effect[channel].share_elsewhere > 0)
            return states[s];
    return SNW_NOWHERE;
}

static void look_up_names(struct snw_programme *p, size_t k)
{
    p->n_asked[k] = 0;
    for (int name = 0; name < SNW_N_NAMES; name++) {
        if (!snw_expression_uses(&p->list[k]->eligible, (enum snw_name)name))
            continue;
        p->asked[k][p->n_asked[k]++] = (uint8_t)name;
        p->measures |= is_measured(name);
    }
}

static int acts_on_body(const struct snw_intervention *declared)
{
    int acts = 0;
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        acts |= declared->effect[c].given && snw_channel_table[c].part == SNW_PART_BODY;
    return acts;
}

/* @return the place of a name among a programme's interventions, SNW_NOWHERE where it is none. */
static int place_of(const struct snw_programme *p, const char *name)
{
    for (size_t k = 0; k < p->n; k++)
        if (strcmp(p->list[k]->name, name) == 0)
            return (int)k;
    return SNW_NOWHERE;
}

int snw_programme_follow(struct snw_programme *p, const struct snw_intervention *all, size_t n_all)
{
    for (size_t k = 0; k < p->n; k++) {
        const char *name = p->list[k]->next.name;
        if (!name || place_of(p, name) != SNW_NOWHERE)
            continue;
        for (size_t i = 0; i < n_all; i++) {
            if (strcmp(all[i].name, name) != 0)
                continue;
            if (p->n == SNW_PROGRAMME_MAX)
                return 0;
            p->only_after[p->n] = 1;
            p->list[p->n++] = &all[i];
            break;
        }
    }
    return 1;
}

void snw_programme_price(struct snw_programme *p, size_t k, const double *factor)
{
    p->usd_per_yr[k] = p->usd_at_start[k] = 0;
    for (size_t i = 0; i < SNW_BILLS; i++) {
        struct snw_bill bill;
        if (!snw_intervention_bill(p->list[k], i, &bill))
            continue;
        p->usd_per_yr[k] += factor[i] * bill.usd_per_yr;
        p->usd_at_start[k] += factor[i] * bill.usd_at_start;
    }
}

/* What is expected of adverse events. */
static void expect_harm(struct snw_programme *p, size_t k)
{
    p->qaly_lost_per_yr[k] = p->qaly_lost_at_start[k] = 0;
    p->deaths_per_yr[k] = p->deaths_at_start[k] = 0;
    for (size_t i = 0; i < p->list[k]->n_adverse; i++) {
        const struct snw_adverse *a = &p->list[k]->adverse[i];
        p->qaly_lost_per_yr[k] += a->per_yr * a->qaly_lost;
        p->qaly_lost_at_start[k] += a->at_start * a->qaly_lost;
        p->deaths_per_yr[k] += a->per_yr * a->p_death;
        p->deaths_at_start[k] += a->at_start * a->p_death;
    }
}

static void make_ready(struct snw_programme *p, size_t k)
{
    static const double as_they_are[SNW_BILLS] = {1, 1, 1, 1, 1, 1};
    const struct snw_intervention *t = p->list[k];
    p->luck[k] = snw_intervention_luck(t->name);
    p->next[k] = t->next.name ? place_of(p, t->next.name) : SNW_NOWHERE;
    p->acts_on_body[k] = acts_on_body(t);
    p->unseen[k] = snw_intervention_has_fracture_ratio(t);
    p->shields |= t->effect[SNW_CHANNEL_hormone_therapy].given ||
                  t->effect[SNW_CHANNEL_menopausal_loss_spared].given;
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        p->elsewhere[k][c] = other_state(t, c);
    snw_programme_price(p, k, as_they_are);
    expect_harm(p, k);
    look_up_names(p, k);
}

void snw_programme_init(struct snw_programme *programme, const struct snw_params *params)
{
    double *cv = programme->cv;
    memset(cv, 0, sizeof programme->cv);
    cv[SNW_NAME_measured_grip] = params->measurement_grip_cv[0];
    cv[SNW_NAME_measured_gait] = params->measurement_gait_cv[0];
    cv[SNW_NAME_measured_neck] = cv[SNW_NAME_measured_spine] = params->measurement_dxa_cv[0];
    cv[SNW_NAME_measured_bio_t] = params->measurement_assay_cv[0];
    cv[SNW_NAME_measured_igfbp2] = params->measurement_assay_cv[0];
    cv[SNW_NAME_measured_bmi] = params->measurement_weight_cv[0];
    programme->height_cv = params->measurement_height_cv[0];
    programme->measures = programme->shields = 0;
    for (size_t k = 0; k < programme->n; k++)
        make_ready(programme, k);
    snw_programme_draw(programme, 0, 0);
}

static double score(const struct snw_intervention *t, const char *figure, uint32_t seed,
                    uint32_t draw)
{
    return draw ? snw_figure_score(t->name, figure, seed, draw) : 0;
}

/* The log of a ratio at full effect whose mean over the years of the trial, as they are lived, is
   the ratio. Newton's rule goes to it from one side, as the mean is convex. */
static double log_at_full(const struct snw_effect *effect, double ratio)
{
    const double trial = effect->trial_yr, per_yr = -snw_log_f64(2) / effect->half_life_yr;
    double full = snw_log_f64(ratio);
    for (int step = 0; step < 30 && effect->half_life_yr > 0 && trial > 0; step++) {
        double over = 0, slope = 0;
        for (int year = 0; year < trial; year++) {
            double part = year + 1 < trial ? 1 : trial - year;
            double x = 1 - snw_exp_f64(per_yr * (year + 0.5));
            double now = part * snw_exp_f64(full * x);
            over += now - part * ratio;
            slope += x * now;
        }
        full -= over / slope;
    }
    return full;
}

static void draw_effect(struct snw_programme *p, size_t k, int c, double z)
{
    const struct snw_channel_info *info = &snw_channel_table[c];
    const struct snw_effect *effect = &p->list[k]->effect[c];
    double x = snw_declared_at(&effect->figure, z, info->ratio, info->low, info->high);
    p->value[k][c] = effect->given ? x : 0;
    p->full[k][c] = p->value[k][c];
    p->rebound_ln[k][c] = effect->rebound_yr > 0 ? snw_log_f64(effect->rebound) : 0;
    if (effect->given && info->ratio)
        p->full[k][c] = log_at_full(effect, x);
}

void snw_programme_draw(struct snw_programme *p, uint32_t seed, uint32_t draw)
{
    for (size_t k = 0; k < p->n; k++) {
        const struct snw_intervention *t = p->list[k];
        p->uptake[k] = snw_declared_at(&t->uptake, score(t, "uptake", seed, draw), 0, 0, 1);
        p->restart[k] =
            snw_declared_at(&t->restart.chance, score(t, "restart", seed, draw), 0, 0, 1);
        p->goes_on[k] =
            snw_declared_at(&t->next.chance, score(t, "followed_by", seed, draw), 0, 0, 1);
        for (int c = 0; c < SNW_N_CHANNELS; c++)
            draw_effect(p, k, c,
                        t->effect[c].given ? score(t, snw_channel_table[c].name, seed, draw) : 0);
    }
}

int snw_programme_can_start(const struct snw_programme *p, enum snw_sex sex, int age, int year)
{
    const struct snw_known known = {sex == SNW_FEMALE, age, age, year, year};
    int can = 0;
    for (size_t k = 0; k < p->n; k++)
        can |= snw_programme_asks(p, k) && snw_expression_can_hold(&p->list[k]->eligible, &known);
    return can;
}
