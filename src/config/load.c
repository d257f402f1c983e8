/* From the tree to the settings: walk the keys, read what stands, default what does not, check. */
#include <string.h>

#include "config/layers.h"
#include "config/read.h"

struct loader {
    struct snw_ctx *ctx;
    const char *name;
    struct snw_settings *out;
    const struct snw_node *given[SNW_SETTING_COUNT]; /* the node of each setting, or NULL */
    bool good[SNW_SETTING_COUNT];                    /* whether the member holds a value */
};

static bool is_section(const char *key)
{
    size_t n = strlen(key);
    for (int id = 0; id < SNW_SETTING_COUNT; id++)
        if (strncmp(snw_setting_table[id].key, key, n) == 0 && snw_setting_table[id].key[n] == '.')
            return true;
    return false;
}

/* A setting, section or parameter section that is called so but stands elsewhere; @return whether
   one was found, its full key in `home`. */
static bool find_home(const char *leaf, char *home, size_t size)
{
    for (int id = 0; id < SNW_SETTING_COUNT; id++) {
        const char *key = snw_setting_table[id].key, *dot = strrchr(key, '.');
        if (dot && strcmp(dot + 1, leaf) == 0) {
            snprintf(home, size, "%s", key);
            return true;
        }
    }
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        if (strcmp(snw_param_table[id].section, leaf) == 0) {
            snprintf(home, size, "parameters.%s", leaf);
            return true;
        }
    return false;
}

static snw_status unknown_setting(const struct loader *l, const struct snw_node *node,
                                  const char *full)
{
    char home[SNW_WORD_MAX];
    struct snw_nearest nearest;
    snw_nearest_init(&nearest, full);
    for (int id = 0; id < SNW_SETTING_COUNT; id++) {
        const char *key = snw_setting_table[id].key;
        snw_nearest_try(&nearest, key);
        for (const char *dot = strchr(key, '.'); dot; dot = strchr(dot + 1, '.')) {
            snprintf(home, sizeof home, "%.*s", (int)(dot - key), key);
            snw_nearest_try(&nearest, home);
        }
    }
    if (!snw_nearest_best(&nearest) && find_home(node->key, home, sizeof home))
        return snw_fail_at(l->ctx, node->key_mark, "unknown key %.80s; the nearest is %s", full,
                           home);
    return snw_unknown_key(l->ctx, node, full, &nearest);
}

static snw_status walk(struct loader *l, const struct snw_node *map, const char *prefix)
{
    snw_status status = SNW_OK;
    for (const struct snw_node *child = map->first; child; child = child->next) {
        char full[2 * SNW_WORD_MAX];
        int id = 0;
        snprintf(full, sizeof full, "%s%.120s", prefix, child->key);
        while (id < SNW_SETTING_COUNT && strcmp(snw_setting_table[id].key, full) != 0)
            id++;
        if (id < SNW_SETTING_COUNT)
            l->given[id] = child;
        else if (!is_section(full))
            snw_keep(&status, unknown_setting(l, child, full));
        else if (child->kind == SNW_NODE_MAP) {
            snprintf(full + strlen(full), sizeof full - strlen(full), ".");
            snw_keep(&status, walk(l, child, full));
        } else if (child->kind == SNW_NODE_LIST || child->quoted || child->text[0])
            snw_keep(&status, snw_wrong_kind(l->ctx, child, full, "a map of settings"));
    }
    return status;
}

/* Turns a node with the text `[a, b]` into the list that it says. */
enum { PRESET_ITEMS = 16, PRESET_TEXT = 256 };

static void read_preset_list(struct snw_node *node, struct snw_node items[PRESET_ITEMS],
                             char text[PRESET_TEXT])
{
    static const char between[] = "[, ]";
    snprintf(text, PRESET_TEXT, "%s", node->text);
    node->kind = SNW_NODE_LIST;
    for (char *word = strtok(text, between); word; word = strtok(NULL, between)) {
        struct snw_node *item = &items[node->n_children++];
        *item = (struct snw_node){.kind = SNW_NODE_SCALAR, .text = word, .mark = node->mark};
        if (node->n_children > 1)
            item[-1].next = item;
    }
    node->first = items;
}

/* Reads the default as if it had been written. */
static snw_status read_default(struct loader *l, const struct snw_setting_info *info)
{
    struct snw_node items[PRESET_ITEMS];
    char text[PRESET_TEXT];
    struct snw_node node = {.kind = SNW_NODE_SCALAR,
                            .text = info->preset,
                            .mark = {.file = "default"},
                            .key_mark = {.file = "default"},
                            .quoted = info->type == SNW_TYPE_TEXT};
    if (info->type == SNW_TYPE_SAMPLES || info->type == SNW_TYPE_TRENDS ||
        info->type == SNW_TYPE_PARAMETERS)
        return SNW_OK;
    if (info->preset[0] == '[')
        read_preset_list(&node, items, text);
    return snw_read_setting(l->ctx, &node, l->name, info, l->out);
}

/* Costs of a table take the place of defaults, before the config's own parameters are read. */
static snw_status read_costs(const struct loader *l)
{
    struct snw_settings *s = l->out;
    return l->good[SNW_SETTING_cost_table] && s->cost_table.found
               ? snw_cost_table_read(l->ctx, s->cost_table.found, &s->params, &s->costs)
               : SNW_OK;
}

static snw_status read_all(struct loader *l)
{
    snw_status status = SNW_OK;
    snw_params_default(&l->out->params);
    l->out->costs = (struct snw_costs){.currency = "USD"};
    for (int id = 0; id < SNW_SETTING_COUNT; id++) {
        const struct snw_setting_info *info = &snw_setting_table[id];
        if (id == SNW_SETTING_params)
            snw_keep(&status, read_costs(l));
        snw_status one = l->given[id]
                             ? snw_read_setting(l->ctx, l->given[id], l->name, info, l->out)
                             : read_default(l, info);
        l->good[id] = one == SNW_OK;
        snw_keep(&status, one);
    }
    snw_keep(&status, snw_read_interventions(l->ctx, l->given[SNW_SETTING_interventions], l->name,
                                             &l->out->interventions));
    snw_keep(&status, snw_read_screening(l->ctx, l->given[SNW_SETTING_screening], l->name, l->out));
    snw_keep(&status, snw_read_scenarios(l->ctx, l->given[SNW_SETTING_scenarios], l->name, l->out));
    snw_keep(&status, snw_read_sweep(l->ctx, l->given[SNW_SETTING_sweep], l->out));
    return status;
}

/* Where a setting stands, or the config as a whole. */
static struct snw_mark place(const struct loader *l, enum snw_setting_id id)
{
    return l->given[id] ? l->given[id]->mark : (struct snw_mark){.file = l->name};
}

static snw_status check_run(const struct loader *l)
{
    const struct snw_settings *s = l->out;
    snw_status status = SNW_OK;
    if (!l->good[SNW_SETTING_block_people])
        return SNW_OK;
    if (s->block_people % 16 != 0)
        return snw_fail_at(l->ctx, place(l, SNW_SETTING_block_people),
                           "run.block_people = %lld is no multiple of 16",
                           (long long)s->block_people);
    if (l->good[SNW_SETTING_unit_people] && s->unit_people % s->block_people != 0)
        status = snw_fail_at(l->ctx, place(l, SNW_SETTING_unit_people),
                             "run.unit_people = %lld is no multiple of run.block_people = %lld",
                             (long long)s->unit_people, (long long)s->block_people);
    return status;
}

static snw_status check_mode(const struct loader *l)
{
    const struct snw_settings *s = l->out;
    snw_status status = SNW_OK;
    if (!l->good[SNW_SETTING_mode])
        return SNW_OK;
    if (s->mode == SNW_MODE_STUDY && s->sample.n == 0 && l->good[SNW_SETTING_sample])
        snw_keep(&status, snw_fail_at(l->ctx, place(l, SNW_SETTING_mode),
                                      "population.mode = study: needs population.sample, a list of "
                                      "{name, sex, age_from, age_to, n}"));
    if (s->mode != SNW_MODE_STUDY && s->sample.n > 0)
        snw_keep(&status, snw_fail_at(l->ctx, place(l, SNW_SETTING_sample),
                                      "population.sample: is used with population.mode: study "
                                      "only"));
    if (s->mode != SNW_MODE_CROSS_SECTION && l->good[SNW_SETTING_follow] &&
        s->follow != SNW_WORD_NONE)
        snw_keep(&status, snw_fail_at(l->ctx, place(l, SNW_SETTING_follow),
                                      "population.follow: is used with population.mode: "
                                      "cross_section only"));
    return status;
}

/* What is said of an open population. */
static snw_status check_open(const struct loader *l)
{
    const struct snw_settings *s = l->out;
    snw_status status = SNW_OK;
    if (!l->good[SNW_SETTING_mode])
        return SNW_OK;
    if (s->mode != SNW_MODE_OPEN) {
        if (l->good[SNW_SETTING_births] && s->births != SNW_WORD_NONE)
            snw_keep(&status, snw_fail_at(l->ctx, place(l, SNW_SETTING_births),
                                          "population.births: is used with population.mode: open "
                                          "only"));
        if (l->good[SNW_SETTING_migration] && strcmp(s->migration.text, "none") != 0)
            snw_keep(&status, snw_fail_at(l->ctx, place(l, SNW_SETTING_migration),
                                          "population.migration: is used with population.mode: "
                                          "open only"));
        return status;
    }
    if (!l->good[SNW_SETTING_year] || !l->good[SNW_SETTING_until])
        return SNW_OK;
    if (s->until < s->year)
        return snw_fail_at(l->ctx, place(l, SNW_SETTING_until),
                           "population.until = %lld is before population.year = %lld",
                           (long long)s->until, (long long)s->year);
    if (s->until - s->year >= SNW_N_AGES)
        return snw_fail_at(l->ctx, place(l, SNW_SETTING_until),
                           "population.until = %lld: the last year that can be is %lld, %d years "
                           "from population.year on",
                           (long long)s->until, (long long)s->year + SNW_N_AGES - 1, SNW_N_AGES);
    return SNW_OK;
}

/* Trends and the improvement of mortality are of calendar time. */
static snw_status check_in_time(const struct loader *l)
{
    const struct snw_settings *s = l->out;
    bool trends = s->trends.n > 0;
    if (!l->good[SNW_SETTING_mode] || s->mode == SNW_MODE_OPEN || s->mode == SNW_MODE_CROSS_SECTION)
        return SNW_OK;
    for (size_t i = 0; i < s->scenarios.n; i++)
        trends = trends || s->scenarios.list[i].trends.n > 0;
    if (trends)
        return snw_fail_at(l->ctx, place(l, SNW_SETTING_trends),
                           "trends: are used with population.mode: cross_section or open only");
    for (size_t i = 0; i < s->scenarios.n; i++)
        for (int k = 0; k < SNW_N_AGE_IMPROVEMENT; k++)
            if (s->scenarios.list[i].params.mortality_improvement[k] != 0)
                return snw_fail_at(l->ctx, place(l, SNW_SETTING_params),
                                   "mortality.improvement: is used with population.mode: "
                                   "cross_section or open only");
    return SNW_OK;
}

static snw_status check_only_person(const struct loader *l)
{
    const struct snw_settings *s = l->out;
    int64_t people = s->persons;
    if (!l->good[SNW_SETTING_only_person] || !l->good[SNW_SETTING_persons] ||
        !l->good[SNW_SETTING_mode] || !l->good[SNW_SETTING_sample])
        return SNW_OK;
    for (size_t i = 0; s->mode == SNW_MODE_STUDY && i < s->sample.n; i++)
        people = (i == 0 ? 0 : people) + s->sample.group[i].n;
    if (s->only_person < people || s->mode == SNW_MODE_OPEN) /* it has more, as people join */
        return SNW_OK;
    return snw_fail_at(l->ctx, place(l, SNW_SETTING_only_person),
                       "population.only_person = %lld: the persons are 0 to %lld",
                       (long long)s->only_person, (long long)people - 1);
}

static snw_status check_sections(const struct loader *l)
{
    snw_status status = SNW_OK;
    const struct snw_node *list = l->given[SNW_SETTING_uncertain_sections];
    if (!list || !l->good[SNW_SETTING_uncertain_sections])
        return SNW_OK;
    for (const struct snw_node *item = list->first; item; item = item->next) {
        struct snw_nearest nearest;
        if (snw_known_section(item->text, &nearest))
            continue;
        const char *best = snw_nearest_best(&nearest);
        snw_keep(&status,
                 snw_fail_at(l->ctx, item->mark,
                             "uncertainty.sections: %.60s is no section of parameters%s%s",
                             item->text, best ? "; the nearest is " : "", best ? best : ""));
    }
    return status;
}

const char *snw_thresholds_fault(const double *threshold, size_t n)
{
    if (n == 0)
        return "money a QALY is wanted, such as 50000,100000,150000; 20 numbers at most";
    for (size_t i = 0; i < n; i++) {
        if (threshold[i] < 0 || (n == 1 && threshold[i] == 0))
            return "a threshold is negative or nought";
        if (i > 0 && threshold[i] <= threshold[i - 1])
            return "thresholds are out of order: ascending ones are wanted";
    }
    return NULL;
}

static snw_status check_society(const struct loader *l)
{
    snw_status status = SNW_OK;
    const struct snw_names *parts = &l->out->societal_parts;
    for (size_t i = 0; l->good[SNW_SETTING_societal_parts] && i < parts->n; i++)
        if (snw_word_index(SNW_SOCIETY_WORDS, parts->name[i]) < 0)
            snw_keep(&status,
                     snw_fail_at(l->ctx, place(l, SNW_SETTING_societal_parts),
                                 "economics.societal_parts: %.60s is none of informal_care, "
                                 "production, consumption",
                                 parts->name[i]));
    return status;
}

static snw_status check_thresholds(const struct loader *l)
{
    double threshold[SNW_THRESHOLDS_MAX];
    const char *text = l->out->willingness_to_pay;
    if (!l->good[SNW_SETTING_willingness_to_pay])
        return SNW_OK;
    const char *fault =
        snw_thresholds_fault(threshold, snw_read_reals(text, threshold, SNW_THRESHOLDS_MAX));
    if (!fault)
        return SNW_OK;
    return snw_fail_at(l->ctx, place(l, SNW_SETTING_willingness_to_pay),
                       "economics.willingness_to_pay = %.60s: %s", text, fault);
}

static snw_status check_discount_from(const struct loader *l)
{
    if (!l->good[SNW_SETTING_discount_from] || !l->good[SNW_SETTING_mode] ||
        l->out->mode != SNW_MODE_BIRTH_COHORT || l->out->discount_from != SNW_WORD_DECISION_DATE)
        return SNW_OK;
    return snw_fail_at(l->ctx, place(l, SNW_SETTING_discount_from),
                       "economics.discount_from = decision_date: a birth cohort has none: say the "
                       "age at which is decided, {age: 65}, or birth_cohort_start");
}

static snw_status mixed(const struct loader *l, const char *whose, const char *name)
{
    return snw_fail_at(l->ctx, place(l, SNW_SETTING_cost_table),
                       "mixed currencies: costs of economics.cost_table are in %s, those of the "
                       "%s %.60s in USD",
                       l->out->costs.currency, whose, name);
}

/* Costs of interventions and tests are in USD. */
static snw_status check_currency(const struct loader *l)
{
    const struct snw_settings *s = l->out;
    snw_status status = SNW_OK;
    for (size_t k = 0; s->costs.n && k < s->screening.n; k++) {
        const struct snw_pathway *one = &s->screening.list[k];
        int costs = 0;
        for (size_t step = 0; step < one->n_steps; step++)
            costs |= one->step[step].cost.value > 0;
        if (costs)
            snw_keep(&status, mixed(l, "screening", one->name));
    }
    for (size_t k = 0; s->costs.n && k < s->interventions.n; k++) {
        const struct snw_intervention *one = &s->interventions.list[k];
        struct snw_bill bill;
        int costs = 0;
        for (size_t item = 0; item < SNW_BILLS; item++)
            costs |= snw_intervention_bill(one, item, &bill);
        if (costs)
            snw_keep(&status, mixed(l, "intervention", one->name));
    }
    return status;
}

static snw_status check_table(const struct loader *l, enum snw_setting_id id,
                              const struct snw_path *path)
{
    if (!l->good[id] || path->found || snw_word_index(snw_setting_table[id].words, path->text) >= 0)
        return SNW_OK;
    return snw_fail_at(l->ctx, place(l, id),
                       "%s = %.120s: no such file beside the config or in configs/",
                       snw_setting_table[id].key, path->text);
}

static snw_status check_tables(const struct loader *l)
{
    const struct snw_settings *s = l->out;
    snw_status status = check_table(l, SNW_SETTING_life_table, &s->life_table);
    snw_keep(&status, check_table(l, SNW_SETTING_price_table, &s->price_table));
    snw_keep(&status, check_table(l, SNW_SETTING_cost_table, &s->cost_table));
    snw_keep(&status, check_table(l, SNW_SETTING_posterior, &s->posterior));
    snw_keep(&status, check_table(l, SNW_SETTING_migration, &s->migration));
    if (l->given[SNW_SETTING_population_table] || s->mode == SNW_MODE_CROSS_SECTION ||
        s->mode == SNW_MODE_OPEN)
        snw_keep(&status, check_table(l, SNW_SETTING_population_table, &s->population_table));
    return status;
}

static snw_status read_tree(struct snw_ctx *ctx, const char *name, const struct snw_node *root,
                            bool tables, struct snw_settings *out)
{
    struct loader l = {.ctx = ctx, .name = name, .out = out};
    snw_status status = walk(&l, root, "");
    snw_keep(&status, read_all(&l));
    snw_keep(&status, check_run(&l));
    snw_keep(&status, check_mode(&l));
    snw_keep(&status, check_open(&l));
    snw_keep(&status, check_in_time(&l));
    snw_keep(&status, check_only_person(&l));
    snw_keep(&status, check_sections(&l));
    snw_keep(&status, check_thresholds(&l));
    snw_keep(&status, check_discount_from(&l));
    snw_keep(&status, check_society(&l));
    snw_keep(&status, check_currency(&l));
    if (tables)
        snw_keep(&status, check_tables(&l));
    return status;
}

snw_status snw_config_load(struct snw_ctx *ctx, const char *path, const char *const *sets,
                           size_t n_sets, struct snw_settings *out)
{
    struct snw_yaml yaml;
    struct snw_node *root = NULL;
    snw_yaml_init(&yaml);
    snw_settings_init(out);
    snw_status status = snw_layers_load(ctx, &yaml, path, sets, n_sets, &root);
    if (root)
        snw_keep(&status, read_tree(ctx, path, root, true, out));
    snw_yaml_free(&yaml);
    if (status != SNW_OK)
        snw_settings_free(out);
    return status;
}

snw_status snw_config_parse(struct snw_ctx *ctx, const char *name, const char *text, size_t length,
                            const char *const *sets, size_t n_sets, struct snw_settings *out)
{
    struct snw_yaml yaml;
    struct snw_node *root = NULL;
    snw_yaml_init(&yaml);
    snw_settings_init(out);
    snw_status status = snw_layers_parse(ctx, &yaml, name, text, length, sets, n_sets, &root);
    if (root)
        snw_keep(&status, read_tree(ctx, name, root, false, out));
    snw_yaml_free(&yaml);
    if (status != SNW_OK)
        snw_settings_free(out);
    return status;
}

snw_status snw_config_default(struct snw_ctx *ctx, struct snw_settings *out)
{
    return snw_config_parse(ctx, "defaults", "{}", 2, NULL, 0, out);
}
