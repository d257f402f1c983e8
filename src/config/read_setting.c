/* Reads one setting of each type from its node. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config/read.h"

#ifndef SNW_CONFIGS /* the folder that came with the program: whoever builds it says */
#define SNW_CONFIGS "configs"
#endif

struct reader {
    struct snw_ctx *ctx;
    const char *name; /* of the config */
    struct snw_settings *out;
};

static void *member_of(const struct reader *r, const struct snw_setting_info *info)
{
    return (char *)r->out + info->offset;
}

static snw_status no_memory(const struct reader *r)
{
    return snw_fail(r->ctx, SNW_ERR_MEMORY, "%s: no memory to read it", r->name);
}

/* `a, b or c` from `a|b|c`. */
static void print_words(const char *words, char *text, size_t size)
{
    size_t n = 0;
    for (const char *c = words; *c && n + 5 < size; c++) {
        if (*c != '|')
            text[n++] = *c;
        else
            n += (size_t)snprintf(text + n, size - n, strchr(c + 1, '|') ? ", " : " or ");
    }
    text[n] = '\0';
}

static snw_status read_integer(const struct reader *r, const struct snw_node *node,
                               const struct snw_setting_info *info)
{
    int64_t *value = member_of(r, info);
    char words[SNW_WORD_MAX];
    if (!info->words[0])
        return snw_node_integer(r->ctx, node, info->key, info->unit, info->low, info->high, value);
    snw_status status = snw_node_integer(r->ctx, node, info->key, info->unit, -1e18, 1e18, value);
    if (status != SNW_OK)
        return status;
    snprintf(words, sizeof words, "%lld", (long long)*value);
    if (snw_word_index(info->words, words) >= 0)
        return SNW_OK;
    print_words(info->words, words, sizeof words);
    return snw_fail_at(r->ctx, node->mark, "%s = %.40s: expected %s", info->key, node->text, words);
}

static snw_status read_word(const struct reader *r, const struct snw_node *node,
                            const struct snw_setting_info *info, int *index)
{
    char expected[SNW_WORD_MAX];
    print_words(info->words, expected, sizeof expected);
    return snw_node_word(r->ctx, node, info->key, info->words, expected, index);
}

/* `{age: N}`, of what is an age or a word, says N. */
static const struct snw_node *bare_age(const struct snw_node *node,
                                       const struct snw_setting_info *info)
{
    bool is_age = info == &snw_setting_table[SNW_SETTING_discount_from];
    const struct snw_node *age = is_age && node->kind == SNW_NODE_MAP && node->n_children == 1
                                     ? snw_node_find(node, "age")
                                     : NULL;
    return age ? age : node;
}

static snw_status read_integer_or_word(const struct reader *r, const struct snw_node *node,
                                       const struct snw_setting_info *info)
{
    int64_t *value = member_of(r, info), x = 0;
    double real = 0;
    if (node->kind == SNW_NODE_SCALAR) {
        int index = snw_word_index(info->words, node->text);
        if (index >= 0) {
            *value = -1 - index;
            return SNW_OK;
        }
        if (!node->quoted && (snw_read_integer(node->text, &x) != SNW_NUMBER_NOT ||
                              snw_read_real(node->text, &real) != SNW_NUMBER_NOT))
            return snw_node_integer(r->ctx, node, info->key, info->unit, info->low, info->high,
                                    value);
    }
    char words[SNW_WORD_MAX], expected[SNW_WORD_MAX + 32];
    print_words(info->words, words, sizeof words);
    snprintf(expected, sizeof expected, "a whole number or %s", words);
    return snw_wrong_kind(r->ctx, node, info->key, expected);
}

static snw_status read_text(const struct reader *r, const struct snw_node *node,
                            const struct snw_setting_info *info)
{
    char **text = member_of(r, info);
    snw_status status = snw_node_text(r->ctx, node, info->key, text);
    if (status == SNW_OK && (double)strlen(*text) > info->high)
        status = snw_fail_at(r->ctx, node->mark, "%s: longer than %g bytes", info->key, info->high);
    return status;
}

static snw_status read_names(const struct reader *r, const struct snw_node *node,
                             const struct snw_setting_info *info)
{
    struct snw_names *names = member_of(r, info);
    snw_status status = SNW_OK;
    if (node->kind == SNW_NODE_SCALAR && strcmp(node->text, info->words) == 0) {
        names->all = true;
        return SNW_OK;
    }
    if (node->kind != SNW_NODE_LIST)
        return snw_wrong_kind(r->ctx, node, info->key, "a list of names, or all");
    if (node->n_children > SNW_YAML_KEYS)
        return snw_fail_at(r->ctx, node->mark, "%s: more than %d names", info->key, SNW_YAML_KEYS);
    names->name = calloc(node->n_children + 1, sizeof *names->name);
    if (!names->name)
        return no_memory(r);
    for (const struct snw_node *item = node->first; item; item = item->next) {
        char *name = NULL;
        snw_keep(&status, snw_node_name(r->ctx, item, info->key, &name));
        for (size_t i = 0; name && i < names->n; i++)
            if (strcmp(names->name[i], name) == 0)
                snw_keep(&status,
                         snw_fail_at(r->ctx, item->mark, "%s: %s is there twice", info->key, name));
        if (name)
            names->name[names->n++] = name;
    }
    return status;
}

/* The path of a file within a folder where there is one; NULL otherwise or where memory ends. */
static char *file_in(const char *folder, size_t length, const char *name)
{
    size_t n = name[0] == '/' ? 0 : length;
    char *path = malloc(n + strlen(name) + 2);
    struct stat info;
    if (!path)
        return NULL;
    memcpy(path, folder, n);
    path[n] = '/';
    memcpy(path + n + (n > 0), name, strlen(name) + 1);
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode))
        return path;
    free(path);
    return NULL;
}

static char *file_beside(const char *other, const char *name)
{
    const char *slash = strrchr(other, '/');
    if (!slash)
        return file_in(".", 1, name);
    return slash == other ? file_in("/.", 2, name) : file_in(other, (size_t)(slash - other), name);
}

char *snw_find_file(const struct snw_node *node, const char *config, const char *text)
{
    /* a mark without a line is an override or a default: its path stands on its own */
    char *found = node->mark.line ? file_beside(node->mark.file, text) : file_in(".", 1, text);
    if (!found)
        found = file_beside(config, text);
    if (!found)
        found = file_in("configs", strlen("configs"), text);
    return found ? found : file_in(SNW_CONFIGS, strlen(SNW_CONFIGS), text);
}

static snw_status read_path(const struct reader *r, const struct snw_node *node,
                            const struct snw_setting_info *info)
{
    struct snw_path *path = member_of(r, info);
    snw_status status = snw_node_text(r->ctx, node, info->key, &path->text);
    if (status == SNW_OK && snw_word_index(info->words, path->text) < 0)
        path->found = snw_find_file(node, r->name, path->text);
    return status;
}

/* Three wrong sizes of the population that say what to do instead. */
static bool odd_persons(const struct reader *r, const struct snw_node *node, const char *key)
{
    int64_t n = 0;
    if (node->kind != SNW_NODE_SCALAR || node->quoted)
        return false;
    enum snw_number kind = snw_read_integer(node->text, &n);
    bool huge = kind == SNW_NUMBER_RANGE && node->text[0] != '-';
    const struct snw_setting_info *info = &snw_setting_table[SNW_SETTING_persons];
    if (huge || (kind == SNW_NUMBER_OK && (double)n > info->high))
        (void)snw_fail_at(r->ctx, node->mark,
                          "%s = %.40s is above %.0f, the last person id: give fewer persons, and "
                          "raise population.replicates for more lives",
                          key, node->text, info->high);
    else if (kind == SNW_NUMBER_OK && n == 0)
        (void)snw_fail_at(r->ctx, node->mark,
                          "%s = 0: nobody would be simulated; give at least 2 (%s is usual)", key,
                          info->preset);
    else if (kind == SNW_NUMBER_OK && n == 1)
        (void)snw_fail_at(r->ctx, node->mark,
                          "%s = 1: a population needs at least 2; to see one life, keep the "
                          "population and set population.only_person",
                          key);
    else
        return false;
    return true;
}

static snw_status read_any(const struct reader *r, const struct snw_node *node,
                           const struct snw_setting_info *info)
{
    switch (info->type) {
    case SNW_TYPE_TEXT:
        return read_text(r, node, info);
    case SNW_TYPE_NAMES:
        return read_names(r, node, info);
    case SNW_TYPE_PATH:
        return read_path(r, node, info);
    case SNW_TYPE_INTEGER:
        if (info == &snw_setting_table[SNW_SETTING_persons] && odd_persons(r, node, info->key))
            return SNW_ERR_CONFIG;
        return read_integer(r, node, info);
    case SNW_TYPE_REAL:
        return snw_node_real(r->ctx, node, info->key, info->unit, info->low, info->high,
                             member_of(r, info));
    case SNW_TYPE_SWITCH:
        return snw_node_switch(r->ctx, node, info->key, member_of(r, info));
    case SNW_TYPE_WORD:
        return read_word(r, node, info, member_of(r, info));
    case SNW_TYPE_INTEGER_OR_WORD:
        return read_integer_or_word(r, bare_age(node, info), info);
    case SNW_TYPE_SAMPLES:
        return snw_read_samples(r->ctx, node, member_of(r, info));
    case SNW_TYPE_TRENDS:
        return snw_read_trends(r->ctx, node, info->key, member_of(r, info));
    case SNW_TYPE_PARAMETERS:
        return snw_read_parameters(r->ctx, node, member_of(r, info), NULL);
    case SNW_TYPE_INTERVENTIONS:
    case SNW_TYPE_SCREENING:
    case SNW_TYPE_SCENARIOS:
    case SNW_TYPE_SWEEP:
        return SNW_OK; /* needs what is read by then */
    }
    return SNW_OK;
}

snw_status snw_read_setting(struct snw_ctx *ctx, const struct snw_node *node, const char *name,
                            const struct snw_setting_info *info, struct snw_settings *out)
{
    struct reader r = {ctx, name, out};
    return read_any(&r, node, info);
}
