/* Reads overrides of parameters: a number for all elements, a list, or a map by axis labels. */
#include <string.h>

#include "config/read.h"

enum { KEY_MAX = 160 };

/* A run of one parameter's elements that one node gives. */
struct slice {
    const struct snw_param_info *info;
    double *values;
    bool *given; /* beside the values, NULL where nobody asks */
    size_t n;
    int axis; /* the first axis that is still open: 0, 1, or 2 for a single element */
    const char *key;
};

static const struct snw_axis_info *axis_of(const struct slice *s, int axis)
{
    return &snw_axis_table[axis == 0 ? s->info->axis : s->info->axis2];
}

/* Axes of length 1 have no labels to write. */
static int open_axis(const struct slice *s)
{
    int axis = s->axis;
    while (axis < 2 && axis_of(s, axis)->length == 1)
        axis++;
    return axis;
}

static size_t last_axis(const struct snw_param_info *info)
{
    size_t second = snw_axis_table[info->axis2].length;
    return second > 1 ? second : snw_axis_table[info->axis].length;
}

static void set(const struct slice *s, size_t i, double x)
{
    s->values[i] = x;
    if (s->given)
        s->given[i] = true;
}

static snw_status read_all_equal(struct snw_ctx *ctx, const struct snw_node *node,
                                 const struct slice *s)
{
    double x = 0;
    snw_status status =
        snw_node_real(ctx, node, s->key, s->info->unit, s->info->low, s->info->high, &x);
    for (size_t i = 0; status == SNW_OK && i < s->n; i++)
        set(s, i, x);
    return status;
}

static snw_status read_list(struct snw_ctx *ctx, const struct snw_node *node, const struct slice *s)
{
    snw_status status = SNW_OK;
    size_t last = last_axis(s->info), given = node->n_children, i = 0;
    if (given != s->n && given != last) {
        if (last == s->n)
            return snw_fail_at(ctx, node->mark, "%s: expected %zu values, found %zu", s->key, s->n,
                               given);
        return snw_fail_at(ctx, node->mark,
                           "%s: expected %zu values (or %zu, the same for each), "
                           "found %zu",
                           s->key, s->n, last, given);
    }
    for (const struct snw_node *item = node->first; item; item = item->next, i++) {
        char key[KEY_MAX];
        double x = 0;
        snprintf(key, sizeof key, "%s[%zu]", s->key, i);
        snw_status one =
            snw_node_real(ctx, item, key, s->info->unit, s->info->low, s->info->high, &x);
        snw_keep(&status, one);
        for (size_t j = i; one == SNW_OK && j < s->n; j += given)
            set(s, j, x);
    }
    return status;
}

static snw_status read_slice(struct snw_ctx *ctx, const struct snw_node *node,
                             const struct slice *s);

static snw_status read_labels(struct snw_ctx *ctx, const struct snw_node *node,
                              const struct slice *s, int axis)
{
    snw_status status = SNW_OK;
    const struct snw_axis_info *labels = axis_of(s, axis);
    size_t n = s->n / labels->length;
    for (const struct snw_node *child = node->first; child; child = child->next) {
        char key[KEY_MAX];
        size_t i = 0;
        struct snw_nearest nearest;
        snw_nearest_init(&nearest, child->key);
        for (; i < labels->length && strcmp(labels->labels[i], child->key) != 0; i++)
            snw_nearest_try(&nearest, labels->labels[i]);
        snprintf(key, sizeof key, "%s.%.60s", s->key, child->key);
        if (i == labels->length) {
            snw_keep(&status, snw_unknown_key(ctx, child, key, &nearest));
            continue;
        }
        bool *given = s->given ? s->given + i * n : NULL;
        struct slice part = {s->info, s->values + i * n, given, n, axis + 1, key};
        snw_keep(&status, read_slice(ctx, child, &part));
    }
    return status;
}

static snw_status read_slice(struct snw_ctx *ctx, const struct snw_node *node,
                             const struct slice *s)
{
    int axis = open_axis(s);
    if (node->kind == SNW_NODE_SCALAR)
        return read_all_equal(ctx, node, s);
    if (axis == 2)
        return snw_wrong_kind(ctx, node, s->key, "a number");
    if (node->kind == SNW_NODE_LIST)
        return read_list(ctx, node, s);
    return read_labels(ctx, node, s, axis);
}

static snw_status unknown_parameter(struct snw_ctx *ctx, const struct snw_node *node,
                                    const char *section)
{
    char full[KEY_MAX], known[KEY_MAX];
    struct snw_nearest nearest;
    snprintf(full, sizeof full, "%.60s.%.60s", section, node->key);
    snw_nearest_init(&nearest, full);
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        snprintf(known, sizeof known, "%s.%s", snw_param_table[id].section,
                 snw_param_table[id].name);
        snw_nearest_try(&nearest, known);
    }
    return snw_unknown_key(ctx, node, full, &nearest);
}

static snw_status read_section(struct snw_ctx *ctx, const struct snw_node *section,
                               struct snw_params *params, bool *given)
{
    snw_status status = SNW_OK;
    for (const struct snw_node *child = section->first; child; child = child->next) {
        char key[KEY_MAX];
        enum snw_param_id id = snw_param_find(section->key, child->key);
        if (id == SNW_PARAM_COUNT) {
            snw_keep(&status, unknown_parameter(ctx, child, section->key));
            continue;
        }
        const struct snw_param_info *info = &snw_param_table[id];
        snprintf(key, sizeof key, "%s.%s", info->section, info->name);
        bool *marks = given ? given + info->offset : NULL;
        struct slice all = {info, snw_params_at(params, id), marks, info->length, 0, key};
        snw_keep(&status, read_slice(ctx, child, &all));
    }
    return status;
}

bool snw_find_element(const char *name, bool (*may)(enum snw_param_id id),
                      struct snw_param_element *element, struct snw_nearest *nearest)
{
    char key[KEY_MAX];
    snw_nearest_init(nearest, name);
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        for (size_t i = 0; (!may || may((enum snw_param_id)id)) && i < snw_param_table[id].length;
             i++) {
            *element = (struct snw_param_element){(enum snw_param_id)id, i};
            snw_param_key(element->id, i, key, sizeof key);
            if (strcmp(key, name) == 0)
                return true;
            snw_nearest_try(nearest, key);
        }
    return false;
}

bool snw_known_section(const char *section, struct snw_nearest *nearest)
{
    snw_nearest_init(nearest, section);
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        if (strcmp(snw_param_table[id].section, section) == 0)
            return true;
        snw_nearest_try(nearest, snw_param_table[id].section);
    }
    return false;
}

snw_status snw_read_parameters(struct snw_ctx *ctx, const struct snw_node *node,
                               struct snw_params *params, bool *given)
{
    snw_status status = SNW_OK;
    if (snw_is_blank(node))
        return SNW_OK;
    if (node->kind != SNW_NODE_MAP)
        return snw_wrong_kind(ctx, node, "parameters", "a map of sections");
    for (const struct snw_node *child = node->first; child; child = child->next) {
        struct snw_nearest nearest;
        if (!snw_known_section(child->key, &nearest))
            snw_keep(&status, snw_unknown_key(ctx, child, child->key, &nearest));
        else if (child->kind == SNW_NODE_MAP)
            snw_keep(&status, read_section(ctx, child, params, given));
        else if (child->kind == SNW_NODE_LIST || child->quoted || child->text[0])
            snw_keep(&status, snw_wrong_kind(ctx, child, child->key, "a map of parameters"));
    }
    return status;
}
