/* The table of settings, and what it owns. */
#include "config/settings.h"

#include <stdlib.h>

const struct snw_setting_info snw_setting_table[SNW_SETTING_COUNT] = {
#define SNW_SETTING(key, member, type, preset, low, high, unit, words, doc)                        \
    {key,                                                                                          \
     SNW_TYPE_##type,                                                                              \
     preset,                                                                                       \
     low,                                                                                          \
     high,                                                                                         \
     unit,                                                                                         \
     words,                                                                                        \
     doc,                                                                                          \
     offsetof(struct snw_settings, member)},
#include "config/settings.def"
#undef SNW_SETTING
};

void snw_scenario_lay(const struct snw_scenario *scenario, const struct snw_params *base,
                      struct snw_params *out)
{
    const double *from = (const double *)(const void *)&scenario->params;
    double *to = (double *)(void *)out;
    if (out != base)
        *out = *base;
    for (size_t i = 0; i < SNW_PARAM_ELEMENTS; i++)
        if (scenario->given[i])
            to[i] = from[i];
}

uint32_t snw_settings_worlds(const struct snw_settings *settings)
{
    size_t together = snw_sweep_together(&settings->sweep);
    size_t points = snw_sweep_points(&settings->sweep);
    return (uint32_t)settings->draws + (uint32_t)((points + together - 1) / together);
}

void snw_settings_init(struct snw_settings *settings)
{
    *settings = (struct snw_settings){0};
}

static void free_names(struct snw_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->name[i]);
    free(names->name);
}

static void free_scenario(struct snw_scenario *scenario)
{
    free(scenario->name);
    snw_trends_free(&scenario->trends);
}

static void free_member(enum snw_setting_type type, void *member)
{
    struct snw_path *path = member;
    struct snw_samples *samples = member;
    struct snw_scenarios *scenarios = member;
    struct snw_interventions *interventions = member;
    struct snw_pathways *pathways = member;
    switch (type) {
    case SNW_TYPE_TEXT:
        free(*(char **)member);
        break;
    case SNW_TYPE_NAMES:
        free_names(member);
        break;
    case SNW_TYPE_PATH:
        free(path->text);
        free(path->found);
        break;
    case SNW_TYPE_SAMPLES:
        for (size_t i = 0; i < samples->n; i++)
            free(samples->group[i].name);
        free(samples->group);
        break;
    case SNW_TYPE_TRENDS:
        snw_trends_free(member);
        break;
    case SNW_TYPE_INTERVENTIONS:
        for (size_t i = 0; i < interventions->n; i++)
            snw_intervention_free(&interventions->list[i]);
        free(interventions->list);
        break;
    case SNW_TYPE_SCREENING:
        for (size_t i = 0; i < pathways->n; i++)
            snw_pathway_free(&pathways->list[i]);
        free(pathways->list);
        break;
    case SNW_TYPE_SCENARIOS:
        for (size_t i = 0; i < scenarios->n; i++)
            free_scenario(&scenarios->list[i]);
        free(scenarios->list);
        break;
    case SNW_TYPE_SWEEP:
        snw_sweep_free(member);
        break;
    case SNW_TYPE_INTEGER:
    case SNW_TYPE_REAL:
    case SNW_TYPE_SWITCH:
    case SNW_TYPE_WORD:
    case SNW_TYPE_INTEGER_OR_WORD:
    case SNW_TYPE_PARAMETERS:
        break;
    }
}

void snw_settings_free(struct snw_settings *settings)
{
    if (!settings)
        return;
    for (int id = 0; id < SNW_SETTING_COUNT; id++)
        free_member(snw_setting_table[id].type, (char *)settings + snw_setting_table[id].offset);
    *settings = (struct snw_settings){0};
}
