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
    static const enum snw_channel states[] = {SNW_CHANNEL_strength_ratio, SNW_CHANNEL_muscle_ratio};
    int through_falls =
        channel != SNW_CHANNEL_fall_rate_ratio && t->effect[SNW_CHANNEL_fall_rate_ratio].given;
    for (size_t s = 0; s < 2 && !through_falls; s++)
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

void snw_programme_init(struct snw_programme *programme, const struct snw_params *params)
{
    double *cv = programme->cv;
    memset(cv, 0, sizeof programme->cv);
    cv[SNW_NAME_measured_grip] = params->measurement_grip_cv[0];
    cv[SNW_NAME_measured_gait] = params->measurement_gait_cv[0];
    cv[SNW_NAME_measured_neck] = cv[SNW_NAME_measured_spine] = params->measurement_dxa_cv[0];
    cv[SNW_NAME_measured_igfbp2] = params->measurement_assay_cv[0];
    cv[SNW_NAME_measured_bmi] = params->measurement_weight_cv[0];
    programme->height_cv = params->measurement_height_cv[0];
    programme->measures = 0;
    for (size_t k = 0; k < programme->n; k++) {
        programme->luck[k] = snw_intervention_luck(programme->list[k]->name);
        programme->price[k] = 1;
        programme->acts_on_body[k] = acts_on_body(programme->list[k]);
        programme->unseen[k] = snw_intervention_has_fracture_ratio(programme->list[k]);
        for (int c = 0; c < SNW_N_CHANNELS; c++)
            programme->elsewhere[k][c] = other_state(programme->list[k], c);
        look_up_names(programme, k);
    }
    snw_programme_draw(programme, 0, 0);
}

static double score(const struct snw_intervention *t, const char *figure, uint32_t seed,
                    uint32_t draw)
{
    return draw ? snw_figure_score(t->name, figure, seed, draw) : 0;
}

/* The mean over the trial of how much of an effect there is, so that this is the trial's figure. */
static double mean_in_trial(const struct snw_effect *effect)
{
    const double halves = effect->half_life_yr > 0 ? effect->trial_yr / effect->half_life_yr : 0;
    const double ln_2 = snw_log_f64(2);
    return halves > 0 ? 1 - (1 - snw_exp_f64(-halves * ln_2)) / (halves * ln_2) : 1;
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
        p->full[k][c] = snw_log_f64(x) / mean_in_trial(effect);
}

void snw_programme_draw(struct snw_programme *p, uint32_t seed, uint32_t draw)
{
    for (size_t k = 0; k < p->n; k++) {
        const struct snw_intervention *t = p->list[k];
        p->uptake[k] = snw_declared_at(&t->uptake, score(t, "uptake", seed, draw), 0, 0, 1);
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
        can |= snw_expression_can_hold(&p->list[k]->eligible, &known);
    return can;
}
