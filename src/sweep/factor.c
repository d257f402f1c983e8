/* From a coordinate of the unit interval to the value of a parameter or of an intervention's field.
 */
#include <stdlib.h>

#include "core/vmath.h"
#include "numerics/distributions.h"
#include "params/priors.h"
#include "sweep/sweep.h"

#define FIELD(name, unit, low, high, member)                                                       \
    {                                                                                              \
        name, unit, low, high, offsetof(struct snw_intervention, member), false                    \
    }
#define EFFECT_FIELD(name, unit, low, high, member)                                                \
    {                                                                                              \
        name, unit, low, high, offsetof(struct snw_effect, member), false                          \
    }

const struct snw_number_of snw_number_table[SNW_NUMBERS] = {
    {"uptake", "1", 0, 1, offsetof(struct snw_intervention, uptake.value), true},
    FIELD("offer_every_yr", "year", 0, 100, offer_every_yr),
    FIELD("duration_yr", "year", 0.1, SNW_EVER_YR, duration_yr),
    FIELD("persistence.scale_yr", "year", 0.01, SNW_EVER_YR, persistence.scale_yr),
    FIELD("persistence.shape", "1", 0.1, 10, persistence.shape),
    FIELD("cost.usd_per_yr", "USD year-1", 0, 1e6, cost.usd_per_yr),
    FIELD("cost.usd_at_start", "USD", 0, 1e6, cost.usd_at_start),
    FIELD("monitoring.usd_per_yr", "USD year-1", 0, 1e6, monitoring.usd_per_yr),
    FIELD("monitoring.usd_at_start", "USD", 0, 1e6, monitoring.usd_at_start)};

const struct snw_number_of snw_effect_number_table[SNW_EFFECT_NUMBERS] = {
    {"value", "1", 0, 0, offsetof(struct snw_effect, figure.value), true},
    EFFECT_FIELD("half_life_yr", "year", 0, 100, half_life_yr),
    EFFECT_FIELD("trial_yr", "year", 0, 20, trial_yr),
    EFFECT_FIELD("offset_yr", "year", 0, 100, offset_yr),
    EFFECT_FIELD("rebound", "1", 0.1, 10, rebound),
    EFFECT_FIELD("rebound_yr", "year", 0, 20, rebound_yr),
    EFFECT_FIELD("share_elsewhere", "1", 0, 1, share_elsewhere)};

void snw_sweep_free(struct snw_sweep *sweep)
{
    for (size_t i = 0; i < sweep->n_factors; i++) {
        free(sweep->factors[i].name);
        free(sweep->factors[i].values);
    }
    for (size_t i = 0; i < sweep->n_measures; i++)
        free(sweep->measures[i]);
    free(sweep->factors);
    free(sweep->measures);
    *sweep = (struct snw_sweep){.n_factors = 0};
}

/* The normal score at a coordinate; that of an end is as far out as numbers go. */
static double score(double u)
{
    const double end = 1e-9;
    return snw_probit(u < end ? end : u > 1 - end ? 1 - end : u);
}

/* A list is cut into equal parts of the interval. */
static double stated(const struct snw_factor *f, double u)
{
    if (f->range == SNW_FACTOR_BETWEEN)
        return u == 1 ? f->high : f->low + u * (f->high - f->low);
    size_t k = (size_t)(u * (double)f->n_values);
    return f->values[k < f->n_values ? k : f->n_values - 1];
}

static double element(const struct snw_factor *f, double u, const double *base, size_t i)
{
    const struct snw_param_info *info = &snw_param_table[f->id];
    size_t index = i - info->offset;
    if (f->range == SNW_FACTOR_PRIOR)
        return snw_prior_value(snw_param_prior(f->id, index), info->defaults[index], info->low,
                               info->high, base[i], score(u));
    return f->relative ? base[i] * stated(f, u) : stated(f, u);
}

static const double *field_of(const struct snw_factor *f, const struct snw_intervention *t)
{
    const void *whole = f->channel < 0 ? (const void *)t : &t->effect[f->channel];
    return (const void *)((const char *)whole + f->field->offset);
}

double snw_factor_declared(const struct snw_factor *f, const struct snw_intervention *list)
{
    return *field_of(f, &list[f->intervention]);
}

static double treated(const struct snw_factor *f, double u, const struct snw_intervention *t)
{
    double declared = *field_of(f, t);
    if (f->range != SNW_FACTOR_PRIOR)
        return f->relative ? declared * stated(f, u) : stated(f, u);
    const struct snw_declared *figure = f->channel < 0 ? &t->uptake : &t->effect[f->channel].figure;
    int ratio = f->channel >= 0 && snw_channel_table[f->channel].ratio;
    return snw_declared_at(figure, score(u), ratio, f->lowest, f->highest);
}

double snw_factor_value(const struct snw_factor *f, double u, const struct snw_params *base,
                        const struct snw_intervention *list)
{
    bool unmoved = u != u;
    if (f->relative && f->range != SNW_FACTOR_PRIOR)
        return unmoved ? 1 : stated(f, u);
    if (f->field)
        return unmoved ? snw_factor_declared(f, list) : treated(f, u, &list[f->intervention]);
    if (f->range == SNW_FACTOR_PRIOR && f->n > 1)
        return unmoved ? 0 : score(u);
    const double *elements = (const double *)(const void *)base;
    return unmoved ? elements[f->first] : element(f, u, elements, f->first);
}

void snw_factor_move(const struct snw_factor *f, double u, const struct snw_params *base,
                     struct snw_params *params)
{
    double *to = (double *)(void *)params;
    for (size_t i = f->first; u == u && !f->field && i < f->first + f->n; i++)
        to[i] = element(f, u, (const double *)(const void *)base, i);
}

void snw_factor_treat(const struct snw_factor *f, double u, const struct snw_intervention *declared,
                      struct snw_intervention *list)
{
    if (u != u || !f->field)
        return;
    struct snw_intervention *t = &list[f->intervention];
    void *whole = f->channel < 0 ? (void *)t : &t->effect[f->channel];
    double *to = (void *)((char *)whole + f->field->offset);
    *to = treated(f, u, &declared[f->intervention]);
}
