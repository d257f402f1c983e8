/* Base files first, then what extends them, then --set: later layers win. */
#define _XOPEN_SOURCE 700
#include "config/layers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/file.h"

/* The files that led here, the youngest first. */
struct chain {
    const struct chain *parent;
    const char *shown;
    const char *real;
    int depth;
};

static void keep(snw_status *status, snw_status other)
{
    if (*status == SNW_OK)
        *status = other;
}

static bool is_empty(const struct snw_node *node)
{
    return node->kind == SNW_NODE_SCALAR && !node->quoted && node->text[0] == '\0';
}

static const char *name_of(const struct snw_node *item)
{
    const struct snw_node *name = snw_node_find(item, "name");
    return name && name->kind == SNW_NODE_SCALAR ? name->text : NULL;
}

static bool is_named_list(const struct snw_node *node)
{
    if (node->kind != SNW_NODE_LIST)
        return false;
    for (const struct snw_node *item = node->first; item; item = item->next)
        if (!name_of(item))
            return false;
    return node->first != NULL;
}

static struct snw_node *find_named(const struct snw_node *list, const char *name)
{
    for (struct snw_node *item = list->first; item; item = item->next)
        if (strcmp(name_of(item), name) == 0)
            return item;
    return NULL;
}

static snw_status merge_map(struct snw_ctx *ctx, struct snw_node *base, struct snw_node *over);

static snw_status merge_list(struct snw_ctx *ctx, struct snw_node *base, struct snw_node *over)
{
    snw_status status = SNW_OK;
    for (struct snw_node *item = over->first, *next; item; item = next) {
        next = item->next;
        struct snw_node *twin = find_named(base, name_of(item));
        if (twin)
            keep(&status, merge_map(ctx, twin, item));
        else
            snw_node_append(base, item);
    }
    return status;
}

static snw_status merge_child(struct snw_ctx *ctx, struct snw_node *base, struct snw_node *old,
                              struct snw_node *child)
{
    if (old->kind == SNW_NODE_MAP && child->kind == SNW_NODE_MAP)
        return merge_map(ctx, old, child);
    if (is_named_list(old) && is_named_list(child))
        return merge_list(ctx, old, child);
    if (is_empty(child) && old->kind != SNW_NODE_SCALAR)
        return SNW_OK;
    if (child->kind == SNW_NODE_MAP && !is_empty(old))
        return snw_fail_at(ctx, child->key_mark,
                           "%.60s: a map cannot be laid over %s (%.80s, line %zu); give it whole",
                           child->key, snw_node_what(old), old->mark.file, old->mark.line);
    snw_node_replace(base, old, child);
    return SNW_OK;
}

static snw_status merge_map(struct snw_ctx *ctx, struct snw_node *base, struct snw_node *over)
{
    snw_status status = SNW_OK;
    for (struct snw_node *child = over->first, *next; child; child = next) {
        next = child->next;
        struct snw_node *old = snw_node_find(base, child->key);
        if (old)
            keep(&status, merge_child(ctx, base, old, child));
        else
            snw_node_append(base, child);
    }
    return status;
}

char *snw_folder_of(struct snw_yaml *yaml, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return snw_yaml_copy(yaml, ".", 1);
    return snw_yaml_copy(yaml, path, slash == path ? 1 : (size_t)(slash - path));
}

/* The base's path: as given where absolute, else from the folder of the file that extends it. */
static char *base_path(struct snw_yaml *yaml, const char *path, const char *base)
{
    const char *slash = strrchr(path, '/');
    size_t n = base[0] == '/' || !slash ? 0 : (size_t)(slash - path) + 1, m = strlen(base);
    char *joined = snw_yaml_alloc(yaml, n + m + 1);
    if (!joined)
        return NULL;
    memcpy(joined, path, n);
    memcpy(joined + n, base, m + 1);
    return joined;
}

/* Refuses a file that is among those that led to it, and shows the way round. */
static snw_status check_chain(struct snw_ctx *ctx, const struct chain *link, struct snw_mark mark)
{
    const struct chain *seen = link->parent;
    while (seen && strcmp(seen->real, link->real) != 0)
        seen = seen->parent;
    if (!seen) {
        if (link->depth > SNW_EXTENDS_DEPTH)
            return snw_fail_at(ctx, mark, "extends: more than %d files deep", SNW_EXTENDS_DEPTH);
        return SNW_OK;
    }
    char way[SNW_MESSAGE_MAX / 2] = "";
    size_t left = sizeof way;
    for (const struct chain *at = link; at; at = at == seen ? NULL : at->parent) {
        const char *arrow = at == link ? "" : " -> ";
        size_t need = strlen(at->shown) + strlen(arrow);
        if (need >= left)
            break;
        /* the youngest is the last of the chain */
        memmove(way + need, way, sizeof way - left + 1);
        memcpy(way, at->shown, strlen(at->shown));
        memcpy(way + strlen(at->shown), arrow, strlen(arrow));
        left -= need;
    }
    return snw_fail_at(ctx, mark, "extends goes in a circle: %s", way);
}

static snw_status load_file(struct snw_ctx *ctx, struct snw_yaml *yaml, const char *path,
                            const struct chain *parent, struct snw_mark mark,
                            struct snw_node **root);

static snw_status extend(struct snw_ctx *ctx, struct snw_yaml *yaml, const struct chain *link,
                         struct snw_node **root)
{
    snw_status status = SNW_OK;
    struct snw_node *tree = *root, *base = NULL, *extends = snw_node_find(tree, "extends");
    if (!extends)
        return SNW_OK;
    if (extends->kind != SNW_NODE_SCALAR || !extends->text[0])
        return snw_fail_at(ctx, extends->mark, "extends: expected the path of a file, found %s",
                           snw_node_what(extends));
    const char *path = base_path(yaml, link->shown, extends->text);
    if (!path)
        return snw_fail(ctx, SNW_ERR_MEMORY, "%s: no memory to read it", link->shown);
    snw_node_remove(tree, extends);
    status = load_file(ctx, yaml, path, link, extends->mark, &base);
    if (!base) {
        *root = NULL;
        return status;
    }
    *root = base;
    keep(&status, merge_map(ctx, base, tree));
    return status;
}

static snw_status check_root(struct snw_ctx *ctx, struct snw_node **root)
{
    struct snw_node *tree = *root;
    if (!tree || tree->kind == SNW_NODE_MAP)
        return SNW_OK;
    *root = NULL;
    return snw_fail_at(ctx, tree->mark, "expected a map of settings, found %s",
                       snw_node_what(tree));
}

static snw_status load_file(struct snw_ctx *ctx, struct snw_yaml *yaml, const char *path,
                            const struct chain *parent, struct snw_mark mark,
                            struct snw_node **root)
{
    snw_status status = SNW_OK;
    char *text = NULL, *real = realpath(path, NULL);
    size_t length = 0;
    struct chain link = {parent, path, real, parent ? parent->depth + 1 : 0};
    if (!real && !parent)
        return snw_fail(ctx, SNW_ERR_CONFIG, "%s: cannot be opened: %s", path, strerror(errno));
    if (!real)
        return snw_fail_at(ctx, mark, "extends: %s: %s", path, strerror(errno));
    SNW_TRY(check_chain(ctx, &link, mark));
    SNW_TRY(snw_file_read(ctx, path, SNW_ERR_CONFIG, &text, &length));
    status = snw_yaml_parse(ctx, yaml, path, true, text, length, root);
    keep(&status, check_root(ctx, root));
    if (*root)
        keep(&status, extend(ctx, yaml, &link, root));
out:
    free(text);
    free(real);
    return status;
}

/* The map that segment `key` of a node leads to, made where there is none. */
static snw_status step(struct snw_ctx *ctx, struct snw_yaml *yaml, struct snw_node *node,
                       const char *key, struct snw_mark mark, struct snw_node **next)
{
    bool named = is_named_list(node);
    struct snw_node *child = named ? find_named(node, key) : snw_node_find(node, key);
    *next = child;
    if (child && (child->kind == SNW_NODE_MAP || is_named_list(child)))
        return SNW_OK;
    if (named)
        return snw_fail_at(ctx, mark, "no item of the list has the name %.60s", key);
    if (child && !is_empty(child))
        return snw_fail_at(ctx, mark, "%.60s holds %s, so nothing within it can be set", key,
                           snw_node_what(child));
    *next = snw_yaml_map(yaml, key, mark);
    if (!*next)
        return snw_fail(ctx, SNW_ERR_MEMORY, "%s: no memory to read it", mark.file);
    if (child)
        snw_node_replace(node, child, *next);
    else
        snw_node_append(node, *next);
    return SNW_OK;
}

/* Lays one `key.path=value` over the tree. */
static snw_status apply_set(struct snw_ctx *ctx, struct snw_yaml *yaml, struct snw_node *root,
                            const char *set)
{
    snw_status status = SNW_OK;
    const char *equals = strchr(set, '=');
    size_t length = equals ? (size_t)(equals - set) : 0, n = 0;
    struct snw_mark mark = {.file = "--set"};
    if (!equals || length == 0)
        return snw_fail_at(ctx, mark, "%.80s: expected key=value", set);
    char *key = snw_yaml_copy(yaml, set, length), *name = snw_yaml_alloc(yaml, length + 7);
    if (!key || !name)
        return snw_fail(ctx, SNW_ERR_MEMORY, "--set %s: no memory to read it", set);
    snprintf(name, length + 7, "--set %s", key);
    mark.file = name;
    if (strcmp(key, "extends") == 0)
        return snw_fail_at(ctx, mark, "only a file can extend another");
    struct snw_node *value = NULL, *node = root, *over = NULL;
    SNW_TRY(snw_yaml_parse(ctx, yaml, name, false, equals + 1, strlen(equals + 1), &value));
    for (char *dot; (dot = strchr(key, '.')); key = dot + 1) {
        *dot = '\0';
        if (!key[0] || ++n > SNW_SET_DEPTH)
            return snw_fail_at(ctx, mark, "%s", key[0] ? "too many parts" : "an empty part");
        SNW_TRY(step(ctx, yaml, node, key, mark, &node));
    }
    if (!key[0])
        return snw_fail_at(ctx, mark, "an empty part");
    if (node->kind == SNW_NODE_LIST)
        return snw_fail_at(ctx, mark, "an item of a list cannot be replaced; set keys within it");
    over = snw_yaml_map(yaml, NULL, mark);
    if (!over)
        return snw_fail(ctx, SNW_ERR_MEMORY, "%s: no memory to read it", name);
    value->key = key;
    snw_node_append(over, value);
    SNW_TRY(merge_map(ctx, node, over));
out:
    return status;
}

static snw_status apply_sets(struct snw_ctx *ctx, struct snw_yaml *yaml, struct snw_node *root,
                             const char *const *sets, size_t n_sets)
{
    snw_status status = SNW_OK;
    for (size_t i = 0; root && i < n_sets; i++)
        keep(&status, apply_set(ctx, yaml, root, sets[i]));
    return status;
}

snw_status snw_layers_load(struct snw_ctx *ctx, struct snw_yaml *yaml, const char *path,
                           const char *const *sets, size_t n_sets, struct snw_node **root)
{
    *root = NULL;
    snw_status status = load_file(ctx, yaml, path, NULL, (struct snw_mark){.file = path}, root);
    keep(&status, apply_sets(ctx, yaml, *root, sets, n_sets));
    return status;
}

snw_status snw_layers_parse(struct snw_ctx *ctx, struct snw_yaml *yaml, const char *name,
                            const char *text, size_t length, const char *const *sets, size_t n_sets,
                            struct snw_node **root)
{
    snw_status status = snw_yaml_parse(ctx, yaml, name, true, text, length, root);
    keep(&status, check_root(ctx, root));
    struct snw_node *extends = *root ? snw_node_find(*root, "extends") : NULL;
    if (extends)
        keep(&status, snw_fail_at(ctx, extends->key_mark, "only a file can extend another"));
    if (extends)
        snw_node_remove(*root, extends);
    keep(&status, apply_sets(ctx, yaml, *root, sets, n_sets));
    return status;
}
