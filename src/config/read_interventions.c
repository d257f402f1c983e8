/* Reads interventions: records of a config's own list, and of files that scenarios name. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "config/layers.h"
#include "config/record.h"

enum { INTERVENTIONS_MAX = 200 };

/* Room for one more, which does nothing yet; NULL where memory or the limit ends. */
static struct snw_intervention *one_more(struct snw_ctx *ctx, struct snw_interventions *list,
                                         struct snw_mark mark, snw_status *status)
{
    if (list->n == INTERVENTIONS_MAX) {
        snw_keep(status, snw_fail_at(ctx, mark, "more than %d interventions", INTERVENTIONS_MAX));
        return NULL;
    }
    struct snw_intervention *more = realloc(list->list, (list->n + 1) * sizeof *more);
    if (!more) {
        snw_keep(status, snw_fail(ctx, SNW_ERR_MEMORY, "interventions: no memory"));
        return NULL;
    }
    list->list = more;
    snw_intervention_init(&more[list->n]);
    return &more[list->n++];
}

/* Two names may not share their luck. */
static snw_status check_name(struct snw_ctx *ctx, const struct snw_interventions *list,
                             struct snw_mark mark)
{
    const struct snw_intervention *last = &list->list[list->n - 1];
    for (const struct snw_intervention *t = list->list; t < last; t++) {
        if (strcmp(t->name, last->name) == 0)
            return snw_fail_at(ctx, mark, "interventions.name = %s: the name is taken", t->name);
        if (snw_intervention_luck(t->name) == snw_intervention_luck(last->name))
            return snw_fail_at(ctx, mark,
                               "interventions.name = %s: has the same random numbers as %s: "
                               "rename one",
                               last->name, t->name);
    }
    return SNW_OK;
}

static snw_status find(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                       const char *config, struct snw_interventions *list, size_t *index);

/* Whether those who start ever stop. */
static int ends(const struct snw_intervention *t)
{
    const struct snw_persistence *p = &t->persistence;
    return t->duration_yr < SNW_EVER_YR || p->scale_yr < SNW_EVER_YR || p->n_knots > 0;
}

/* Finds what follows on an intervention, whose record is given, and that it leads somewhere.
   @param[in] at  its place in the list, which may move */
static snw_status follow(struct snw_ctx *ctx, const struct snw_node *record, size_t at,
                         const char *config, struct snw_interventions *list)
{
    const struct snw_node *next = snw_node_find(record, "followed_by");
    char key[SNW_WORD_MAX];
    size_t to = at;
    snw_status status = SNW_OK;
    if (!next || !list->list[at].next.name)
        return SNW_OK;
    snprintf(key, sizeof key, "%.80s.followed_by.name", list->list[at].name);
    SNW_TRY(find(ctx, snw_node_find(next, "name"), key, config, list, &to));
    if (!ends(&list->list[at]))
        status = snw_fail_at(ctx, next->key_mark,
                             "%.80s.followed_by: a dead end: nobody ever stops %.80s, which has "
                             "neither duration_yr nor persistence",
                             list->list[at].name, list->list[at].name);
    else if (!(list->list[at].next.chance.high > 0))
        status = snw_fail_at(ctx, next->key_mark,
                             "%.80s.followed_by: a dead end: nobody goes on, value = 0",
                             list->list[at].name);
out:
    return status;
}

/* Whether what follows on an intervention leads back to it. */
static int comes_back(const struct snw_interventions *list, size_t at)
{
    const char *name = list->list[at].next.name;
    for (size_t steps = 0; name && steps <= list->n; steps++) {
        size_t k = 0;
        if (strcmp(name, list->list[at].name) == 0)
            return 1;
        while (k < list->n && strcmp(list->list[k].name, name) != 0)
            k++;
        name = k < list->n ? list->list[k].next.name : NULL;
    }
    return 0;
}

static snw_status check_sequence(struct snw_ctx *ctx, const struct snw_node *record, size_t at,
                                 const struct snw_interventions *list)
{
    if (!comes_back(list, at))
        return SNW_OK;
    return snw_fail_at(ctx, snw_node_find(record, "followed_by")->key_mark,
                       "%s.followed_by: the sequence comes back to where it began",
                       list->list[at].name);
}

/* Sequences among a config's own list, once all of it is read. */
static snw_status follow_all(struct snw_ctx *ctx, const struct snw_node *node, const char *config,
                             struct snw_interventions *list)
{
    snw_status status = SNW_OK;
    size_t own = list->n;
    for (const struct snw_node *item = node->first; item; item = item->next) {
        const struct snw_node *name = snw_node_find(item, "name");
        for (size_t at = 0; at < own; at++) {
            if (strcmp(list->list[at].name, name->text) != 0)
                continue;
            snw_keep(&status, follow(ctx, item, at, config, list));
            snw_keep(&status, check_sequence(ctx, item, at, list));
        }
    }
    return status;
}

snw_status snw_read_interventions(struct snw_ctx *ctx, const struct snw_node *node,
                                  const char *config, struct snw_interventions *list)
{
    snw_status status = SNW_OK;
    if (snw_is_blank(node))
        return SNW_OK;
    if (node->kind != SNW_NODE_LIST)
        return snw_wrong_kind(ctx, node, "interventions", "a list of maps");
    for (const struct snw_node *item = node->first; item; item = item->next) {
        const struct snw_node *name = snw_node_find(item, "name");
        if (!name) {
            snw_keep(&status,
                     snw_fail_at(ctx, item->mark, "interventions: an item without `name`"));
            continue;
        }
        struct snw_intervention *one = one_more(ctx, list, item->mark, &status);
        if (!one)
            break;
        snw_status named = snw_node_name(ctx, name, "interventions.name", &one->name);
        snw_keep(&status, named);
        if (named != SNW_OK) {
            list->n--;
            continue;
        }
        snw_keep(&status, check_name(ctx, list, name->mark));
        snw_keep(&status, snw_read_record(ctx, item, one));
    }
    return status == SNW_OK ? follow_all(ctx, node, config, list) : status;
}

/* Reads the record of a file. */
static snw_status read_file(struct snw_ctx *ctx, const struct snw_node *node, const char *path,
                            const char *config, struct snw_interventions *list)
{
    const size_t at = list->n;
    struct snw_yaml yaml;
    struct snw_node *root = NULL;
    snw_yaml_init(&yaml);
    snw_status status = snw_layers_load(ctx, &yaml, path, NULL, 0, &root);
    struct snw_intervention *one = root ? one_more(ctx, list, node->mark, &status) : NULL;
    if (one && snw_node_find(root, "name"))
        snw_keep(&status, snw_fail_at(ctx, snw_node_find(root, "name")->key_mark,
                                      "name: an intervention in a file has the file's name"));
    if (one) {
        one->name = strdup(node->text);
        if (!one->name)
            snw_keep(&status, snw_fail(ctx, SNW_ERR_MEMORY, "interventions: no memory"));
        else
            snw_keep(&status, snw_read_record(ctx, root, one));
        if (one->name)
            snw_keep(&status, check_name(ctx, list, node->mark));
        else
            list->n--;
    }
    if (status == SNW_OK)
        status = follow(ctx, root, at, config, list);
    if (status == SNW_OK)
        status = check_sequence(ctx, root, at, list);
    snw_yaml_free(&yaml);
    return status;
}

/* @param[in] key  of the node, for messages */
static snw_status find(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                       const char *config, struct snw_interventions *list, size_t *index)
{
    snw_status status = SNW_OK;
    struct snw_place p = {.ctx = ctx};
    struct snw_nearest nearest;
    char *path = NULL, *name = NULL;
    SNW_TRY(snw_node_name(ctx, node, key, &name));
    snw_nearest_init(&nearest, name);
    for (*index = 0; *index < list->n; ++*index) {
        if (strcmp(list->list[*index].name, name) == 0)
            goto out;
        snw_nearest_try(&nearest, list->list[*index].name);
    }
    snprintf(p.key, sizeof p.key, "%s", key);
    SNW_TRY(snw_record_file(&p, node, config, "interventions", &nearest, &path));
    status = read_file(ctx, node, path, config, list);
out:
    free(name);
    free(path);
    return status;
}

snw_status snw_find_intervention(struct snw_ctx *ctx, const struct snw_node *node,
                                 const char *config, struct snw_interventions *list, size_t *index)
{
    return find(ctx, node, "scenarios.interventions", config, list, index);
}
