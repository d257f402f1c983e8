/* What a config says, read, checked and completed with defaults. */
#ifndef SNW_CONFIG_SETTINGS_H
#define SNW_CONFIG_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "config/cost_table.h"
#include "core/context.h"
#include "interventions/intervention.h"
#include "params/params.h"
#include "people/trends.h"
#include "screening/screening.h"
#include "sweep/sweep.h"

/* Words of the settings, in the order of settings.def. */
enum snw_mode { SNW_MODE_BIRTH_COHORT, SNW_MODE_CROSS_SECTION, SNW_MODE_STUDY, SNW_MODE_OPEN };
enum snw_compression_word { SNW_COMPRESSION_IGZIP, SNW_COMPRESSION_ZLIB, SNW_COMPRESSION_NONE };
enum snw_luck_word { SNW_LUCK_INDEPENDENT, SNW_LUCK_SHARED };
enum snw_price_index_word { SNW_INDEX_PCE, SNW_INDEX_CPI_MEDICAL };
enum snw_utility_norms { SNW_NORMS_POPULATION, SNW_NORMS_CONDITION_FREE };
enum snw_resources_word { SNW_RESOURCES_CHECK, SNW_RESOURCES_IGNORE };
enum snw_events_kept { SNW_EVENTS_NONE, SNW_EVENTS_SAMPLE, SNW_EVENTS_ALL };

/* Words where a number could stand: the first is -1, the second -2. */
enum { SNW_WORD_NONE = -1, SNW_WORD_ALL = -2, SNW_WORD_LIFETIME = -2, SNW_WORD_DECISION_DATE = -2 };

/* Names of economics.societal_parts. */
#define SNW_SOCIETY_WORDS "informal_care|production|consumption"

struct snw_names {
    bool all; /* the word `all`; then the list is empty */
    size_t n;
    char **name; /* (n,) */
};

struct snw_path {
    char *text;  /* as written */
    char *found; /* where the file is; NULL where it was not found, or the text is a word */
};

/* A group of a study's sample. */
struct snw_sample {
    char *name;
    enum snw_sex sex;
    int age_from, age_to; /* completed years, both included, 20..97 */
    int64_t n;
};

struct snw_samples {
    size_t n;
    struct snw_sample *group; /* (n,) */
};

struct snw_interventions {
    size_t n;
    struct snw_intervention *list; /* (n,) */
};

enum { SNW_PATHWAYS_MAX = 100 };

struct snw_pathways {
    size_t n;                 /* SNW_PATHWAYS_MAX at most */
    struct snw_pathway *list; /* (n,); their interventions are places in the settings' list */
};

enum { SNW_SCENARIO_INTERVENTIONS = 8 };

struct snw_scenario {
    char *name;
    size_t n_interventions;
    size_t intervention[SNW_SCENARIO_INTERVENTIONS]; /* places in the settings' list; those that
                                                        it names first */
    size_t n_named; /* the rest is there because a pathway leads to it */
    size_t n_pathways;
    size_t pathway[SNW_SCREENING_MAX]; /* places in the settings' list */
    struct snw_trends trends;          /* beside the population's */
    int begins; /* calendar year; 0: on the day people are met, in a birth cohort at 20 */
    struct snw_params params;       /* complete: the base with the scenario's overrides */
    bool given[SNW_PARAM_ELEMENTS]; /* which elements it overrides, be it with the base's value */
};

struct snw_scenarios {
    size_t n; /* at least 1; the first is the reference, its parameters are the base's */
    struct snw_scenario *list; /* (n,) */
};

/* The C type of each type of settings.def. */
#define SNW_C_TEXT char *
#define SNW_C_NAMES struct snw_names
#define SNW_C_PATH struct snw_path
#define SNW_C_INTEGER int64_t
#define SNW_C_REAL double
#define SNW_C_SWITCH bool
#define SNW_C_WORD int
#define SNW_C_INTEGER_OR_WORD int64_t
#define SNW_C_SAMPLES struct snw_samples
#define SNW_C_TRENDS struct snw_trends
#define SNW_C_PARAMETERS struct snw_params
#define SNW_C_INTERVENTIONS struct snw_interventions
#define SNW_C_SCREENING struct snw_pathways
#define SNW_C_SCENARIOS struct snw_scenarios
#define SNW_C_SWEEP struct snw_sweep

/* One member a row of settings.def. */
struct snw_settings {
#define SNW_SETTING(key, member, type, ...) SNW_C_##type member;
#include "config/settings.def"
#undef SNW_SETTING
    struct snw_costs costs; /* of economics.cost_table, read before `parameters` */
};

enum snw_setting_type {
    SNW_TYPE_TEXT,
    SNW_TYPE_NAMES,
    SNW_TYPE_PATH,
    SNW_TYPE_INTEGER,
    SNW_TYPE_REAL,
    SNW_TYPE_SWITCH,
    SNW_TYPE_WORD,
    SNW_TYPE_INTEGER_OR_WORD,
    SNW_TYPE_SAMPLES,
    SNW_TYPE_TRENDS,
    SNW_TYPE_PARAMETERS,
    SNW_TYPE_INTERVENTIONS,
    SNW_TYPE_SCREENING,
    SNW_TYPE_SCENARIOS,
    SNW_TYPE_SWEEP
};

enum snw_setting_id {
#define SNW_SETTING(key, member, ...) SNW_SETTING_##member,
#include "config/settings.def"
#undef SNW_SETTING
    SNW_SETTING_COUNT
};

struct snw_setting_info {
    const char *key;
    enum snw_setting_type type;
    const char *preset; /* the default, as text */
    double low, high;   /* inclusive bounds of a number; high is also the longest TEXT in bytes */
    const char *unit, *words, *doc;
    size_t offset; /* of the member, in bytes */
};

extern const struct snw_setting_info snw_setting_table[SNW_SETTING_COUNT];

/* @return the birthday at which the totals of a birth cohort begin. */
static inline int snw_discount_age(const struct snw_settings *settings)
{
    return settings->discount_from < 0 ? SNW_AGE_FIRST : (int)settings->discount_from;
}

/* @return why thresholds do not do, NULL where they do: numbers from 0 on, ascending.
   @param[in] threshold  (n,) */
const char *snw_thresholds_fault(const double *threshold, size_t n);
enum { SNW_THRESHOLDS_MAX = 20 };

/* Lays a scenario's overrides over a base, such as a draw. @param[out] out  may be the base */
void snw_scenario_lay(const struct snw_scenario *scenario, const struct snw_params *base,
                      struct snw_params *out);

/* @return how many worlds are run beside the point estimate: draws, or those of the sweep, of one
   point each or of several deeds. */
uint32_t snw_settings_worlds(const struct snw_settings *settings);

/* Makes a struct that snw_settings_free takes; no defaults yet. */
void snw_settings_init(struct snw_settings *settings);

/* Releases what the settings own and empties them. */
void snw_settings_free(struct snw_settings *settings);

/* Reads a config, what it extends, and `key.path=value` overrides; reports every error found.
   Tables that are not found are errors here.
   @param[in] sets  (n_sets,) overrides, as of --set
   @param[out] out  complete settings, released with snw_settings_free; empty on failure
   @return SNW_OK, SNW_ERR_CONFIG, SNW_ERR_MEMORY. */
snw_status snw_config_load(struct snw_ctx *ctx, const char *path, const char *const *sets,
                           size_t n_sets, struct snw_settings *out) SNW_MUST_CHECK;

/* The same for a text in memory, such as the resolved config that a result holds. Tables are sought
   from the folder of `name`; one that is not found leaves `found` NULL. */
snw_status snw_config_parse(struct snw_ctx *ctx, const char *name, const char *text, size_t length,
                            const char *const *sets, size_t n_sets,
                            struct snw_settings *out) SNW_MUST_CHECK;

/* The settings of an empty config. @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_config_default(struct snw_ctx *ctx, struct snw_settings *out) SNW_MUST_CHECK;

/* Writes the resolved config: YAML with every key, which reads back to the same settings. */
void snw_settings_write(const struct snw_settings *settings, FILE *stream);

/* The same as a text.
   @param[out] text  closed by a NUL, released with free()
   @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_settings_text(struct snw_ctx *ctx, const struct snw_settings *settings,
                             char **text) SNW_MUST_CHECK;

/* Writes the reference config: every key at its default, with sentence, unit, bounds and, for the
   parameters, the source in comments. It reads back to the defaults.
   @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_config_describe(struct snw_ctx *ctx, FILE *stream) SNW_MUST_CHECK;

#endif
