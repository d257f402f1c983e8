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
    *t = (struct snw_intervention){
        .duration_yr = SNW_EVER_YR, .persistence_yr = SNW_EVER_YR, .persistence_shape = 1};
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        t->effect[c].rebound = 1;
}

void snw_intervention_free(struct snw_intervention *t)
{
    free(t->name);
    free(t->title);
    free(t->who);
    free(t->uptake.source);
    free(t->persistence_source);
    free(t->cost_source);
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        free(t->effect[c].figure.source);
    *t = (struct snw_intervention){.name = NULL};
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

const char *snw_intervention_counts_twice(const struct snw_intervention *t, enum snw_channel *where)
{
    int stronger = acts(t, SNW_CHANNEL_strength_ratio) || acts(t, SNW_CHANNEL_muscle_ratio) ||
                   acts(t, SNW_CHANNEL_muscle_loss_spared);
    *where = SNW_CHANNEL_fall_rate_ratio;
    if (acts(t, *where) && stronger && t->effect[*where].share_elsewhere == 0)
        return "a trial's ratio of falls holds what strength does to them: say which share of its "
               "logarithm the strength channel brings about, share_elsewhere";
    static const enum snw_channel fractures[] = {SNW_CHANNEL_hip_fracture_ratio,
                                                 SNW_CHANNEL_vertebral_fracture_ratio,
                                                 SNW_CHANNEL_other_fracture_ratio};
    for (size_t k = 0; k < 3 && acts(t, SNW_CHANNEL_fall_rate_ratio); k++) {
        *where = fractures[k];
        if (acts(t, *where) && t->effect[*where].share_elsewhere == 0)
            return "a trial's ratio of fractures holds what fewer falls do: say which share of its "
                   "logarithm fall_rate_ratio brings about, share_elsewhere";
    }
    *where = SNW_CHANNEL_hormone_therapy;
    if (acts(t, *where) && acts(t, SNW_CHANNEL_bone_loss_spared))
        return "hormone_therapy spares the loss that bone_loss_spared would spare again";
    return NULL;
}
