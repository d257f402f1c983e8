/* The table of channels, and what can be said of an intervention by itself. */
#include "interventions/intervention.h"

#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"

const struct snw_channel_info snw_channel_table[SNW_N_CHANNELS] = {
#define SNW_CHANNEL(kind, name, unit, low, high, part, doc)                                        \
    {#name, unit, doc, low, high, SNW_KIND_##kind, SNW_PART_##part, (low) > 0},
#include "interventions/channels.def"
#undef SNW_CHANNEL
};

void snw_intervention_init(struct snw_intervention *t)
{
    *t = (struct snw_intervention){.duration_yr = SNW_EVER_YR,
                                   .odds = {1, 1, 1},
                                   .persistence = {.scale_yr = SNW_EVER_YR, .shape = 1}};
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        t->effect[c].rebound = 1;
}

void snw_intervention_free(struct snw_intervention *t)
{
    char *const texts[] = {t->name,
                           t->title,
                           t->who,
                           t->contraindicated,
                           t->uptake.source,
                           t->restart.chance.source,
                           t->next.name,
                           t->next.chance.source,
                           t->persistence.source,
                           t->cost.source,
                           t->monitoring.source};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    for (size_t i = 0; i < SNW_ADVERSE_MAX; i++) {
        free(t->adverse[i].name);
        free(t->adverse[i].source);
    }
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        free(t->effect[c].figure.source);
    *t = (struct snw_intervention){.name = NULL};
}

double snw_intervention_time(const struct snw_intervention *t, double u)
{
    const struct snw_persistence *p = &t->persistence;
    double yr = p->scale_yr, from = 0, on = 1;
    if (p->n_knots == 0 && yr < SNW_EVER_YR)
        yr *= snw_exp_f64(snw_log_f64(-snw_log_f64(u)) / p->shape);
    for (size_t k = 0; k < p->n_knots; k++) {
        double per_yr = snw_log_f64(on / p->still_on[k]) / (p->at_yr[k] - from);
        yr = per_yr > 0 ? from + snw_log_f64(on / u) / per_yr : SNW_EVER_YR;
        if (u >= p->still_on[k])
            break;
        from = p->at_yr[k];
        on = p->still_on[k];
    }
    return yr < t->duration_yr ? yr : t->duration_yr;
}

double snw_intervention_uptake(const struct snw_intervention *t, double uptake, int female,
                               double age, int after_fracture)
{
    const struct snw_uptake_odds *o = &t->odds;
    double odds = snw_exp_f64((age - 70) / 10 * snw_log_f64(o->per_decade));
    odds *= (female ? o->women : 1) * (after_fracture ? o->after_fracture : 1);
    return uptake * odds / (1 + uptake * (odds - 1));
}

int snw_intervention_bill(const struct snw_intervention *t, size_t item, struct snw_bill *bill)
{
    *bill = item == 0 ? t->cost : t->monitoring;
    if (item >= 2) {
        const struct snw_adverse *a = &t->adverse[item - 2];
        *bill = (struct snw_bill){a->per_yr * a->usd, a->at_start * a->usd, a->price_year, NULL};
    }
    return bill->price_year > 0;
}

double snw_declared_at(const struct snw_declared *f, double z, int ratio, double low, double high)
{
    double end = z < 0 ? f->low : f->high, part = (z < 0 ? -z : z) / 1.96, x;
    if (ratio)
        x = f->value * snw_exp_f64(part * snw_log_f64(end / f->value));
    else
        x = f->value + part * (end - f->value);
    return x < low ? low : x > high ? high : x;
}

/* FNV-1a, folded. */
unsigned snw_intervention_luck(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return (hash >> 16 ^ hash) & 0xffffu;
}

static int acts(const struct snw_intervention *t, enum snw_channel c)
{
    return t->effect[c].given;
}

int snw_intervention_has_fracture_ratio(const struct snw_intervention *t)
{
    return acts(t, SNW_CHANNEL_hip_fracture_ratio) ||
           acts(t, SNW_CHANNEL_vertebral_fracture_ratio) ||
           acts(t, SNW_CHANNEL_other_fracture_ratio);
}

/* Pairs that stand for the same thing. */
static const struct pair {
    enum snw_channel where, beside;
    const char *why;
} pairs[] = {
#define DENSITY(channel, site)                                                                     \
    {                                                                                              \
        SNW_CHANNEL_##channel##_ratio, SNW_CHANNEL_abmd_##site##_ratio,                            \
            "the areal density of the site already holds it"                                       \
    }
    DENSITY(ctth_femoral_neck, femoral_neck),
    DENSITY(tb_vbmd_femoral_neck, femoral_neck),
    DENSITY(ct_vbmd, femoral_neck),
    DENSITY(ctth_lumbar_spine, lumbar_spine),
    DENSITY(tb_vbmd_lumbar_spine, lumbar_spine),
    DENSITY(ct_vbmd, lumbar_spine),
#undef DENSITY
    {SNW_CHANNEL_strength_ratio, SNW_CHANNEL_activity_change,
     "a gain of strength holds what activity does to it: give one of them"},
    {SNW_CHANNEL_muscle_ratio, SNW_CHANNEL_activity_change,
     "a gain of muscle holds what activity does to it: give one of them"},
    {SNW_CHANNEL_menopausal_loss_spared, SNW_CHANNEL_hormone_therapy,
     "hormone_therapy spares the same loss"},
    {SNW_CHANNEL_menopausal_loss_spared, SNW_CHANNEL_menopause_later_yr,
     "a later menopause spares the same loss"},
};

static const enum snw_channel stronger[] = {SNW_CHANNEL_strength_ratio, SNW_CHANNEL_muscle_ratio,
                                            SNW_CHANNEL_muscle_loss_spared,
                                            SNW_CHANNEL_activity_change};
static const enum snw_channel fractures[] = {SNW_CHANNEL_hip_fracture_ratio,
                                             SNW_CHANNEL_vertebral_fracture_ratio,
                                             SNW_CHANNEL_other_fracture_ratio};

/* Whether a ratio other than 1 says nothing of its share that others bring about. */
static int holds_all(const struct snw_intervention *t, enum snw_channel c)
{
    const struct snw_effect *e = &t->effect[c];
    int none = e->figure.low == 1 && e->figure.value == 1 && e->figure.high == 1;
    return e->given && e->share_elsewhere == 0 && !none;
}

const char *snw_intervention_counts_twice(const struct snw_intervention *t, enum snw_channel *where)
{
    int strength = 0, falls = acts(t, SNW_CHANNEL_fall_rate_ratio);
    for (size_t k = 0; k < sizeof stronger / sizeof stronger[0]; k++)
        strength |= acts(t, stronger[k]);
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        *where = pairs[k].where;
        if (acts(t, *where) && acts(t, pairs[k].beside))
            return pairs[k].why;
    }
    *where = SNW_CHANNEL_fall_rate_ratio;
    if (strength && holds_all(t, *where))
        return "a trial's ratio of falls holds what strength does to them: say which share of its "
               "logarithm the strength channel brings about, share_elsewhere";
    for (size_t k = 0; k < 3; k++) {
        *where = fractures[k];
        if ((falls || strength) && holds_all(t, *where))
            return "a trial's ratio of fractures holds what fewer falls do: say which share of its "
                   "logarithm the channels of falls or strength bring about, share_elsewhere";
    }
    *where = SNW_CHANNEL_death_ratio;
    if ((falls || strength || snw_intervention_has_fracture_ratio(t)) && holds_all(t, *where))
        return "a trial's ratio of deaths holds what fewer fractures do and more strength: say "
               "which "
               "share of its logarithm these bring about, share_elsewhere";
    return NULL;
}
