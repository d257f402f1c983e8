/* The parameter table and what follows from it alone. */
#include "params/params.h"

#include <stdio.h>
#include <string.h>

#define SNW_AXIS(name, length, share, ...) static const char *const labels_##name[] = {__VA_ARGS__};
#include "params/axes.def"
#undef SNW_AXIS

const struct snw_axis_info snw_axis_table[SNW_AXIS_COUNT] = {
#define SNW_AXIS(name, length, share, ...) {#name, length, share, labels_##name},
#include "params/axes.def"
#undef SNW_AXIS
};

#define SNW_PARAM(section, name, axis, axis2, unit, low, high, prior, source, doc, ...)            \
    static const double default_##section##_##name[SNW_N_##axis * SNW_N_##axis2] = {__VA_ARGS__};
#include "params/params.def"
#undef SNW_PARAM

/* clang-format off */
#define FIXED(why)                 {SNW_PRIOR_FIXED, 0, 0, why}
#define NORMAL(sd)                 {SNW_PRIOR_NORMAL, sd, 0, NULL}
#define LOGNORMAL(s)               {SNW_PRIOR_LOGNORMAL, s, 0, NULL}
#define SHIFT(sd)                  {SNW_PRIOR_SHIFT, sd, 0, NULL}
#define SCALE(s)                   {SNW_PRIOR_SCALE, s, 0, NULL}
#define SCALE_EACH(common, each)   {SNW_PRIOR_SCALE_EACH, common, each, NULL}
#define BETA(a, b)                 {SNW_PRIOR_BETA, a, b, NULL}
#define BETA_MEAN(sd)              {SNW_PRIOR_BETA_MEAN, sd, 0, NULL}
#define GAMMA(shape, scale)        {SNW_PRIOR_GAMMA, shape, scale, NULL}
#define UNIFORM(from, to)          {SNW_PRIOR_UNIFORM, from, to, NULL}
#define LIST(...)                  __VA_ARGS__
/* clang-format on */

#define SNW_PARAM(section, name, axis, axis2, unit, low, high, prior, source, doc, ...)            \
    static const struct snw_prior prior_##section##_##name[] = {prior};
#include "params/params.def"
#undef SNW_PARAM

const struct snw_param_info snw_param_table[SNW_PARAM_COUNT] = {
#define SNW_PARAM(section, name, axis, axis2, unit, low, high, prior, source, doc, ...)            \
    {#section,                                                                                     \
     #name,                                                                                        \
     SNW_AXIS_##axis,                                                                              \
     SNW_AXIS_##axis2,                                                                             \
     unit,                                                                                         \
     source,                                                                                       \
     doc,                                                                                          \
     low,                                                                                          \
     high,                                                                                         \
     prior_##section##_##name,                                                                     \
     sizeof prior_##section##_##name / sizeof(struct snw_prior),                                   \
     default_##section##_##name,                                                                   \
     SNW_N_##axis * SNW_N_##axis2,                                                                 \
     offsetof(struct snw_params, section##_##name) / sizeof(double)},
#include "params/params.def"
#undef SNW_PARAM
};

void snw_params_default(struct snw_params *params)
{
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        memcpy(snw_params_at(params, (enum snw_param_id)id), info->defaults,
               info->length * sizeof(double));
    }
}

double *snw_params_at(struct snw_params *params, enum snw_param_id id)
{
    return (double *)(void *)params + snw_param_table[id].offset;
}

const double *snw_params_at_const(const struct snw_params *params, enum snw_param_id id)
{
    return (const double *)(const void *)params + snw_param_table[id].offset;
}

enum snw_param_id snw_param_find(const char *section, const char *name)
{
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        if (strcmp(snw_param_table[id].section, section) == 0 &&
            strcmp(snw_param_table[id].name, name) == 0)
            return (enum snw_param_id)id;
    return SNW_PARAM_COUNT;
}

const struct snw_prior *snw_param_prior(enum snw_param_id id, size_t index)
{
    const struct snw_param_info *info = &snw_param_table[id];
    size_t second = snw_axis_table[info->axis2].length;
    if (info->n_priors == info->length)
        return &info->prior[index];
    if (info->n_priors == snw_axis_table[info->axis].length)
        return &info->prior[index / second];
    return &info->prior[index % info->n_priors];
}

void snw_param_key(enum snw_param_id id, size_t index, char *text, size_t size)
{
    const struct snw_param_info *info = &snw_param_table[id];
    const struct snw_axis_info *first = &snw_axis_table[info->axis];
    const struct snw_axis_info *second = &snw_axis_table[info->axis2];
    int n = snprintf(text, size, "%s.%s", info->section, info->name);
    if (first->length > 1 && n > 0 && (size_t)n < size)
        n += snprintf(text + n, size - (size_t)n, ".%s", first->labels[index / second->length]);
    if (second->length > 1 && n > 0 && (size_t)n < size)
        snprintf(text + n, size - (size_t)n, ".%s", second->labels[index % second->length]);
}

snw_status snw_params_check(const struct snw_params *params, struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        const double *values = snw_params_at_const(params, (enum snw_param_id)id);
        for (size_t i = 0; i < info->length; i++) {
            char key[128];
            if (values[i] >= info->low && values[i] <= info->high)
                continue;
            snw_param_key((enum snw_param_id)id, i, key, sizeof key);
            status = snw_fail(ctx, SNW_ERR_CONFIG, "%s = %g is not within %g and %g (%s)", key,
                              values[i], info->low, info->high, info->unit);
        }
    }
    return status;
}
