/* Reads scalars of the tree and words the refusals. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/read.h"

snw_status snw_wrong_kind(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                          const char *expected)
{
    if (node->kind == SNW_NODE_SCALAR && node->text[0])
        return snw_fail_at(ctx, node->mark, "%s = %.60s: expected %s, found %s", key, node->text,
                           expected, snw_node_what(node));
    return snw_fail_at(ctx, node->mark, "%s: expected %s, found %s", key, expected,
                       snw_node_what(node));
}

snw_status snw_unknown_key(struct snw_ctx *ctx, const struct snw_node *node, const char *full_key,
                           const struct snw_nearest *nearest)
{
    const char *best = snw_nearest_best(nearest);
    if (best)
        return snw_fail_at(ctx, node->key_mark, "unknown key %.80s; the nearest is %s", full_key,
                           best);
    return snw_fail_at(ctx, node->key_mark, "unknown key %.80s", full_key);
}

/* Refuses a key that is none of the known ones. @param[in] full_key  names it in the message */
static snw_status check_key(struct snw_ctx *ctx, const struct snw_node *child, const char *full_key,
                            const char *const *known)
{
    struct snw_nearest nearest;
    snw_nearest_init(&nearest, child->key);
    for (; *known; known++) {
        if (strcmp(*known, child->key) == 0)
            return SNW_OK;
        snw_nearest_try(&nearest, *known);
    }
    return snw_unknown_key(ctx, child, full_key, &nearest);
}

snw_status snw_check_keys(struct snw_ctx *ctx, const struct snw_node *node, const char *where,
                          const char *const *known)
{
    snw_status status = SNW_OK;
    if (node->kind != SNW_NODE_MAP)
        return snw_wrong_kind(ctx, node, where, "a map");
    for (const struct snw_node *child = node->first; child; child = child->next) {
        char full[2 * SNW_WORD_MAX];
        snprintf(full, sizeof full, "%s.%.60s", where, child->key);
        snw_keep(&status, check_key(ctx, child, full, known));
    }
    return status;
}

snw_status snw_check_maps(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                          const char *const *known, size_t n_needed)
{
    snw_status status = SNW_OK;
    if (node->kind != SNW_NODE_LIST)
        return snw_wrong_kind(ctx, node, key, "a list of maps");
    for (const struct snw_node *item = node->first; item; item = item->next) {
        if (item->kind != SNW_NODE_MAP) {
            snw_keep(&status, snw_wrong_kind(ctx, item, key, "a map in the list"));
            continue;
        }
        for (const struct snw_node *child = item->first; child; child = child->next)
            snw_keep(&status, check_key(ctx, child, child->key, known));
        for (size_t i = 0; i < n_needed; i++)
            if (!snw_node_find(item, known[i]))
                snw_keep(&status,
                         snw_fail_at(ctx, item->mark, "%s: an item without `%s`", key, known[i]));
    }
    return status;
}

/* ` (year-1)`, nothing for numbers without a unit. */
static void print_unit(const char *unit, char *text, size_t size)
{
    text[0] = '\0';
    if (strcmp(unit, "1") != 0)
        snprintf(text, size, " (%s)", unit);
}

static snw_status outside(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                          const char *unit, const char *side, double bound)
{
    char shown[64];
    print_unit(unit, shown, sizeof shown);
    return snw_fail_at(ctx, node->mark, "%s = %.40s is %s %.10g%s", key, node->text, side, bound,
                       shown);
}

snw_status snw_node_real(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         const char *unit, double low, double high, double *value)
{
    double x = 0;
    if (node->kind != SNW_NODE_SCALAR || node->quoted)
        return snw_wrong_kind(ctx, node, key, "a number");
    switch (snw_read_real(node->text, &x)) {
    case SNW_NUMBER_NOT:
        return snw_wrong_kind(ctx, node, key, "a number");
    case SNW_NUMBER_RANGE:
        x = node->text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
        break;
    case SNW_NUMBER_OK:
        break;
    }
    if (x < low)
        return outside(ctx, node, key, unit, "below", low);
    if (x > high)
        return outside(ctx, node, key, unit, "above", high);
    *value = x;
    return SNW_OK;
}

snw_status snw_node_integer(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                            const char *unit, double low, double high, int64_t *value)
{
    int64_t x = 0;
    if (node->kind != SNW_NODE_SCALAR || node->quoted)
        return snw_wrong_kind(ctx, node, key, "a whole number");
    double real = 0;
    switch (snw_read_integer(node->text, &x)) {
    case SNW_NUMBER_NOT:
        if (snw_read_real(node->text, &real) == SNW_NUMBER_OK)
            return snw_fail_at(ctx, node->mark, "%s = %.40s: expected a whole number", key,
                               node->text);
        return snw_wrong_kind(ctx, node, key, "a whole number");
    case SNW_NUMBER_RANGE:
        return node->text[0] == '-' ? outside(ctx, node, key, unit, "below", low)
                                    : outside(ctx, node, key, unit, "above", high);
    case SNW_NUMBER_OK:
        break;
    }
    if ((double)x < low)
        return outside(ctx, node, key, unit, "below", low);
    if ((double)x > high)
        return outside(ctx, node, key, unit, "above", high);
    *value = x;
    return SNW_OK;
}

snw_status snw_node_switch(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                           bool *value)
{
    if (node->kind != SNW_NODE_SCALAR || node->quoted || !snw_read_switch(node->text, value))
        return snw_wrong_kind(ctx, node, key, "true or false");
    return SNW_OK;
}

snw_status snw_node_word(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         const char *words, const char *expected, int *index)
{
    char known[SNW_WORD_MAX];
    *index = node->kind == SNW_NODE_SCALAR ? snw_word_index(words, node->text) : -1;
    if (*index >= 0)
        return SNW_OK;
    if (node->kind != SNW_NODE_SCALAR || !node->text[0])
        return snw_wrong_kind(ctx, node, key, expected);
    struct snw_nearest nearest;
    snw_nearest_init(&nearest, node->text);
    for (int i = 0; snw_word_at(words, i, known, sizeof known), known[0]; i++)
        snw_nearest_try(&nearest, known);
    const char *best = snw_nearest_best(&nearest);
    return snw_fail_at(ctx, node->mark, "%s = %.60s: expected %s%s%s", key, node->text, expected,
                       best ? "; the nearest is " : "", best ? best : "");
}

snw_status snw_node_text(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         char **text)
{
    if (node->kind != SNW_NODE_SCALAR || (!node->quoted && !node->text[0]))
        return snw_wrong_kind(ctx, node, key, "text");
    *text = strdup(node->text);
    return *text ? SNW_OK : snw_fail(ctx, SNW_ERR_MEMORY, "%s: no memory to read it", key);
}

snw_status snw_node_name(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         char **name)
{
    const char *expected = "a name (a letter, then letters, digits, _ or -, 64 at most)";
    if (node->kind != SNW_NODE_SCALAR)
        return snw_wrong_kind(ctx, node, key, expected);
    if (!snw_is_name(node->text))
        return snw_fail_at(ctx, node->mark, "%s = %.60s: expected %s", key, node->text, expected);
    return snw_node_text(ctx, node, key, name);
}
