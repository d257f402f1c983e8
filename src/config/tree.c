/* Nodes of a tree: their memory, their children, and messages that say where they stand. */
#include "config/yaml.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 16, NAME_SHOWN = 160 };

struct snw_yaml_chunk {
    struct snw_yaml_chunk *next;
    size_t used, size;
    max_align_t bytes[];
};

void snw_yaml_init(struct snw_yaml *yaml)
{
    *yaml = (struct snw_yaml){0};
}

void snw_yaml_free(struct snw_yaml *yaml)
{
    if (!yaml)
        return;
    for (struct snw_yaml_chunk *chunk = yaml->chunks; chunk;) {
        struct snw_yaml_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *yaml = (struct snw_yaml){0};
}

void *snw_yaml_alloc(struct snw_yaml *yaml, size_t bytes)
{
    size_t align = sizeof(max_align_t);
    size_t need = (bytes + align - 1) / align * align;
    struct snw_yaml_chunk *chunk = yaml->chunks;
    if (!chunk || chunk->size - chunk->used < need) {
        size_t size = need > CHUNK_BYTES ? need : CHUNK_BYTES;
        chunk = malloc(sizeof *chunk + size);
        if (!chunk)
            return NULL;
        *chunk = (struct snw_yaml_chunk){.next = yaml->chunks, .size = size};
        yaml->chunks = chunk;
    }
    void *memory = (char *)chunk->bytes + chunk->used;
    chunk->used += need;
    return memory;
}

char *snw_yaml_copy(struct snw_yaml *yaml, const char *text, size_t length)
{
    char *copy = snw_yaml_alloc(yaml, length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

struct snw_node *snw_yaml_map(struct snw_yaml *yaml, const char *key, struct snw_mark mark)
{
    struct snw_node *map = snw_yaml_alloc(yaml, sizeof *map);
    if (map)
        *map = (struct snw_node){
            .kind = SNW_NODE_MAP, .mark = mark, .key_mark = mark, .key = key, .text = ""};
    return map;
}

struct snw_node *snw_node_find(const struct snw_node *map, const char *key)
{
    if (map->kind != SNW_NODE_MAP)
        return NULL;
    for (struct snw_node *child = map->first; child; child = child->next)
        if (strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

void snw_node_append(struct snw_node *parent, struct snw_node *child)
{
    child->next = NULL;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->n_children++;
}

static struct snw_node *before(const struct snw_node *parent, const struct snw_node *child)
{
    struct snw_node *previous = NULL;
    for (struct snw_node *node = parent->first; node != child; node = node->next)
        previous = node;
    return previous;
}

void snw_node_remove(struct snw_node *parent, struct snw_node *child)
{
    struct snw_node *previous = before(parent, child);
    if (previous)
        previous->next = child->next;
    else
        parent->first = child->next;
    if (parent->last == child)
        parent->last = previous;
    child->next = NULL;
    parent->n_children--;
}

void snw_node_replace(struct snw_node *parent, struct snw_node *old, struct snw_node *child)
{
    struct snw_node *previous = before(parent, old);
    child->next = old->next;
    if (previous)
        previous->next = child;
    else
        parent->first = child;
    if (parent->last == old)
        parent->last = child;
    old->next = NULL;
}

const char *snw_node_what(const struct snw_node *node)
{
    switch (node->kind) {
    case SNW_NODE_MAP:
        return "a map";
    case SNW_NODE_LIST:
        return "a list";
    case SNW_NODE_SCALAR:
        break;
    }
    if (node->quoted)
        return "text in quotes";
    return node->text[0] ? "text" : "nothing";
}

/* The tail of a long path says more than its head, and leaves room for the message. */
static int print_mark(char *text, size_t size, struct snw_mark mark)
{
    size_t length = strlen(mark.file);
    bool cut = length > NAME_SHOWN;
    const char *name = cut ? mark.file + length - NAME_SHOWN : mark.file;
    if (mark.line == 0)
        return snprintf(text, size, "%s%s: ", cut ? "..." : "", name);
    return snprintf(text, size, "%s%s:%zu:%zu: ", cut ? "..." : "", name, mark.line, mark.column);
}

snw_status snw_fail_at(struct snw_ctx *ctx, struct snw_mark mark, const char *fmt, ...)
{
    char text[SNW_MESSAGE_MAX];
    int n = print_mark(text, sizeof text, mark);
    if (n < 0 || (size_t)n >= sizeof text)
        n = 0;
    va_list args;
    va_start(args, fmt);
    vsnprintf(text + n, sizeof text - (size_t)n, fmt, args);
    va_end(args);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    return snw_fail(ctx, SNW_ERR_CONFIG, "%s", text);
}
