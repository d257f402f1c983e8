/* From text to tree: what libyaml lets pass (duplicate keys, bombs of aliases) is refused here. */
#include "config/yaml.h"

#include <stdint.h>
#include <string.h>
#include <yaml.h>

struct parser {
    struct snw_ctx *ctx;
    struct snw_yaml *yaml;
    yaml_parser_t events;
    const char *name;
    bool located;
    snw_status soft; /* of errors that leave a tree */
    struct {
        const char *name;
        struct snw_node *node; /* NULL until it is complete */
    } anchors[SNW_YAML_ANCHORS];
    size_t n_anchors, n_aliases;
};

static struct snw_mark mark_of(const struct parser *p, yaml_mark_t at)
{
    if (!p->located)
        return (struct snw_mark){.file = p->name};
    return (struct snw_mark){.file = p->name, .line = at.line + 1, .column = at.column + 1};
}

/* Length of the UTF-8 sequence at s, 0 where it is none: overlong forms and surrogates are none. */
static size_t utf8_length(const unsigned char *s, size_t left, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80             ? 1
               : (s[0] & 0xe0) == 0xc0 ? 2
               : (s[0] & 0xf0) == 0xe0 ? 3
               : (s[0] & 0xf8) == 0xf0 ? 4
                                       : 0;
    if (n == 0 || n > left)
        return 0;
    uint32_t c = n == 1 ? s[0] : s[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3fu);
    }
    *point = c;
    return c < least[n] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff ? 0 : n;
}

/* Tabs, bytes that are not UTF-8 and control characters, one message a line of text. */
static snw_status scan(struct parser *p, const unsigned char *s, size_t length)
{
    snw_status status = SNW_OK;
    yaml_mark_t at = {0};
    bool comment = false, told = false;
    for (size_t i = 0, n; i < length; i += n) {
        uint32_t c = 0;
        n = utf8_length(s + i, length - i, &c);
        const char *fault = NULL;
        if (n == 0)
            fault = "not UTF-8";
        else if (c == '\t' && !comment)
            fault = "a tab; indent and separate with spaces";
        else if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0))
            fault = "a control character";
        if (fault && !told)
            status = snw_fail_at(p->ctx, mark_of(p, at), "%s", fault);
        told = told || fault;
        n = n ? n : 1;
        comment = comment || (c == '#' && (at.column == 0 || s[i - 1] == ' '));
        at.column++;
        if (c == '\n' || (c == '\r' && !(i + 1 < length && s[i + 1] == '\n'))) {
            at = (yaml_mark_t){.line = at.line + 1};
            comment = told = false;
        }
    }
    return status;
}

static snw_status no_memory(struct parser *p)
{
    return snw_fail(p->ctx, SNW_ERR_MEMORY, "%s: no memory to read it", p->name);
}

static snw_status next_event(struct parser *p, yaml_event_t *event)
{
    if (yaml_parser_parse(&p->events, event))
        return SNW_OK;
    if (p->events.error == YAML_MEMORY_ERROR)
        return no_memory(p);
    struct snw_mark mark = mark_of(p, p->events.problem_mark);
    const char *problem = p->events.problem ? p->events.problem : "it cannot be read";
    if (p->events.context && p->located)
        return snw_fail_at(p->ctx, mark, "not YAML: %s (%s begun at line %zu)", problem,
                           p->events.context, p->events.context_mark.line + 1);
    return snw_fail_at(p->ctx, mark, "not YAML: %s", problem);
}

static snw_status new_node(struct parser *p, enum snw_node_kind kind, yaml_mark_t at,
                           struct snw_node **node)
{
    struct snw_mark mark = mark_of(p, at);
    if (p->yaml->n_nodes >= SNW_YAML_NODES)
        return snw_fail_at(p->ctx, mark, "more than %d values, copies by aliases counted",
                           SNW_YAML_NODES);
    *node = snw_yaml_map(p->yaml, NULL, mark);
    if (!*node)
        return no_memory(p);
    (*node)->kind = kind;
    p->yaml->n_nodes++;
    return SNW_OK;
}

/* Remembers an anchor before its node is complete, so that a node inside itself is found. */
static snw_status open_anchor(struct parser *p, const yaml_char_t *name, yaml_mark_t at,
                              size_t *slot)
{
    *slot = SIZE_MAX;
    if (!name)
        return SNW_OK;
    if (p->n_anchors == SNW_YAML_ANCHORS)
        return snw_fail_at(p->ctx, mark_of(p, at), "more than %d anchors", SNW_YAML_ANCHORS);
    const char *copy = snw_yaml_copy(p->yaml, (const char *)name, strlen((const char *)name));
    if (!copy)
        return no_memory(p);
    *slot = p->n_anchors++;
    p->anchors[*slot].name = copy;
    p->anchors[*slot].node = NULL;
    return SNW_OK;
}

static snw_status copy_node(struct parser *p, const struct snw_node *from, yaml_mark_t at,
                            int depth, struct snw_node **copy)
{
    snw_status status = SNW_OK;
    if (depth > SNW_YAML_DEPTH)
        return snw_fail_at(p->ctx, mark_of(p, at), "nested deeper than %d", SNW_YAML_DEPTH);
    SNW_TRY(new_node(p, from->kind, at, copy));
    struct snw_node *node = *copy;
    *node = *from;
    node->first = node->last = node->next = NULL;
    node->n_children = 0;
    for (const struct snw_node *child = from->first; child; child = child->next) {
        struct snw_node *twin = NULL;
        SNW_TRY(copy_node(p, child, at, depth + 1, &twin));
        snw_node_append(node, twin);
    }
out:
    return status;
}

static unsigned char alias_depth(const struct snw_node *node)
{
    unsigned char depth = node->alias_depth;
    for (const struct snw_node *child = node->first; child; child = child->next) {
        unsigned char inner = alias_depth(child);
        depth = inner > depth ? inner : depth;
    }
    return depth;
}

static snw_status build_alias(struct parser *p, const yaml_event_t *event, int depth,
                              struct snw_node **node)
{
    snw_status status = SNW_OK;
    const char *name = (const char *)event->data.alias.anchor;
    struct snw_mark mark = mark_of(p, event->start_mark);
    size_t slot = p->n_anchors;
    while (slot > 0 && strcmp(p->anchors[slot - 1].name, name) != 0)
        slot--;
    if (slot == 0)
        return snw_fail_at(p->ctx, mark, "alias *%.40s: no such anchor", name);
    const struct snw_node *from = p->anchors[slot - 1].node;
    if (!from)
        return snw_fail_at(p->ctx, mark, "alias *%.40s: stands inside what it names", name);
    if (++p->n_aliases > SNW_YAML_ALIASES)
        return snw_fail_at(p->ctx, mark, "more than %d aliases", SNW_YAML_ALIASES);
    unsigned char inner = alias_depth(from);
    if (inner >= SNW_YAML_ALIAS_DEPTH)
        return snw_fail_at(p->ctx, mark, "aliases within aliases, more than %d deep",
                           SNW_YAML_ALIAS_DEPTH);
    SNW_TRY(copy_node(p, from, event->start_mark, depth, node));
    (*node)->key = NULL;
    (*node)->alias_depth = (unsigned char)(inner + 1);
out:
    return status;
}

static snw_status build_scalar(struct parser *p, const yaml_event_t *event, struct snw_node **node)
{
    snw_status status = SNW_OK;
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length, slot;
    if (event->data.scalar.tag)
        return snw_fail_at(p->ctx, mark_of(p, event->start_mark), "tags (!) are not allowed");
    if (memchr(text, '\0', length))
        return snw_fail_at(p->ctx, mark_of(p, event->start_mark), "a NUL character in a text");
    SNW_TRY(open_anchor(p, event->data.scalar.anchor, event->start_mark, &slot));
    SNW_TRY(new_node(p, SNW_NODE_SCALAR, event->start_mark, node));
    (*node)->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    (*node)->text = snw_yaml_copy(p->yaml, text, length);
    if (!(*node)->text)
        return no_memory(p);
    if (slot != SIZE_MAX)
        p->anchors[slot].node = *node;
out:
    return status;
}

static snw_status build(struct parser *p, const yaml_event_t *event, int depth,
                        struct snw_node **node);

static snw_status build_list(struct parser *p, struct snw_node *list, int depth)
{
    snw_status status = SNW_OK;
    yaml_event_t event = {0};
    for (;;) {
        struct snw_node *child = NULL;
        SNW_TRY(next_event(p, &event));
        if (event.type == YAML_SEQUENCE_END_EVENT)
            break;
        SNW_TRY(build(p, &event, depth + 1, &child));
        snw_node_append(list, child);
        yaml_event_delete(&event);
    }
out:
    yaml_event_delete(&event);
    return status;
}

/* The key's text; a duplicate is reported and its value read all the same. */
static snw_status read_key(struct parser *p, const struct snw_node *map, const yaml_event_t *event,
                           const char **key)
{
    struct snw_mark mark = mark_of(p, event->start_mark);
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->type == YAML_SCALAR_EVENT ? event->data.scalar.length : 0;
    if (length == 0 || memchr(text, '\0', length))
        return snw_fail_at(p->ctx, mark, "a key must be a word");
    if (event->data.scalar.tag || event->data.scalar.anchor)
        return snw_fail_at(p->ctx, mark, "a key with a tag or an anchor");
    if (strcmp(text, "<<") == 0)
        return snw_fail_at(p->ctx, mark, "merge keys (<<) are not read; use `extends:`");
    if (map->n_children == SNW_YAML_KEYS)
        return snw_fail_at(p->ctx, mark, "more than %d keys in a map", SNW_YAML_KEYS);
    const struct snw_node *earlier = snw_node_find(map, text);
    if (earlier && p->located)
        p->soft = snw_fail_at(p->ctx, mark, "duplicate key %.60s, first at line %zu", text,
                              earlier->key_mark.line);
    else if (earlier)
        p->soft = snw_fail_at(p->ctx, mark, "duplicate key %.60s", text);
    *key = snw_yaml_copy(p->yaml, text, length);
    return *key ? SNW_OK : no_memory(p);
}

static snw_status build_map(struct parser *p, struct snw_node *map, int depth)
{
    snw_status status = SNW_OK;
    yaml_event_t event = {0};
    for (;;) {
        struct snw_node *child = NULL;
        const char *key = NULL;
        SNW_TRY(next_event(p, &event));
        if (event.type == YAML_MAPPING_END_EVENT)
            break;
        SNW_TRY(read_key(p, map, &event, &key));
        struct snw_mark key_mark = mark_of(p, event.start_mark);
        yaml_event_delete(&event);
        SNW_TRY(next_event(p, &event));
        SNW_TRY(build(p, &event, depth + 1, &child));
        yaml_event_delete(&event);
        child->key = key;
        child->key_mark = key_mark;
        snw_node_append(map, child);
    }
out:
    yaml_event_delete(&event);
    return status;
}

static snw_status build(struct parser *p, const yaml_event_t *event, int depth,
                        struct snw_node **node)
{
    snw_status status = SNW_OK;
    size_t slot;
    if (event->type == YAML_ALIAS_EVENT)
        return build_alias(p, event, depth, node);
    if (event->type == YAML_SCALAR_EVENT)
        return build_scalar(p, event, node);
    bool map = event->type == YAML_MAPPING_START_EVENT;
    const yaml_char_t *anchor =
        map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag = map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    if (depth > SNW_YAML_DEPTH)
        return snw_fail_at(p->ctx, mark_of(p, event->start_mark), "nested deeper than %d",
                           SNW_YAML_DEPTH);
    if (tag)
        return snw_fail_at(p->ctx, mark_of(p, event->start_mark), "tags (!) are not allowed");
    SNW_TRY(open_anchor(p, anchor, event->start_mark, &slot));
    SNW_TRY(new_node(p, map ? SNW_NODE_MAP : SNW_NODE_LIST, event->start_mark, node));
    SNW_TRY(map ? build_map(p, *node, depth) : build_list(p, *node, depth));
    if (slot != SIZE_MAX)
        p->anchors[slot].node = *node;
out:
    return status;
}

static snw_status build_document(struct parser *p, struct snw_node **root)
{
    snw_status status = SNW_OK;
    yaml_event_t event = {0};
    struct snw_node *tree = NULL;
    SNW_TRY(next_event(p, &event)); /* start of stream */
    yaml_event_delete(&event);
    SNW_TRY(next_event(p, &event));
    if (event.type == YAML_STREAM_END_EVENT) {
        status = snw_fail_at(p->ctx, (struct snw_mark){.file = p->name}, "is empty");
        goto out;
    }
    yaml_event_delete(&event);
    SNW_TRY(next_event(p, &event));
    SNW_TRY(build(p, &event, 1, &tree));
    yaml_event_delete(&event);
    SNW_TRY(next_event(p, &event)); /* end of document */
    yaml_event_delete(&event);
    SNW_TRY(next_event(p, &event));
    if (event.type != YAML_STREAM_END_EVENT)
        status = snw_fail_at(p->ctx, mark_of(p, event.start_mark),
                             "a second document; a file holds one");
    *root = status == SNW_OK ? tree : NULL;
out:
    yaml_event_delete(&event);
    return status;
}

snw_status snw_yaml_parse(struct snw_ctx *ctx, struct snw_yaml *yaml, const char *name,
                          bool located, const char *text, size_t length, struct snw_node **root)
{
    snw_status status = SNW_OK;
    struct parser p = {.ctx = ctx, .yaml = yaml, .located = located, .soft = SNW_OK};
    bool open = false;
    *root = NULL;
    p.name = snw_yaml_copy(yaml, name, strlen(name));
    open = p.name && yaml_parser_initialize(&p.events);
    if (!open) {
        status = snw_fail(ctx, SNW_ERR_MEMORY, "%s: no memory to read it", name);
        goto out;
    }
    SNW_TRY(scan(&p, (const unsigned char *)text, length));
    yaml_parser_set_encoding(&p.events, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&p.events, (const unsigned char *)text, length);
    SNW_TRY(build_document(&p, root));
    status = p.soft;
out:
    if (open)
        yaml_parser_delete(&p.events);
    return status;
}
