/* Strict YAML: a text becomes a tree of maps, lists and scalars that know where they stand. */
#ifndef SNW_CONFIG_YAML_H
#define SNW_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "core/context.h"

/* Limits of a text. An alias is replaced by a copy of what it names: the limit on nodes counts the
   copies, the limit on alias depth those within copies. */
enum {
    SNW_YAML_DEPTH = 32,
    SNW_YAML_NODES = 200000,
    SNW_YAML_KEYS = 1024,
    SNW_YAML_ANCHORS = 100,
    SNW_YAML_ALIASES = 100,
    SNW_YAML_ALIAS_DEPTH = 4
};

enum snw_node_kind { SNW_NODE_SCALAR, SNW_NODE_LIST, SNW_NODE_MAP };

/* A place in a text, counted from 1; line 0 where the name says it all (`--set seed`). */
struct snw_mark {
    const char *file;
    size_t line, column;
};

struct snw_node {
    enum snw_node_kind kind;
    bool quoted; /* a scalar in quotes or a block of text: never a number */
    unsigned char alias_depth;
    struct snw_mark mark;     /* of the value */
    struct snw_mark key_mark; /* of the key; as mark where there is none */
    const char *key;          /* NULL but in a map */
    const char *text;         /* of a scalar, without NUL inside */
    struct snw_node *first, *last, *next;
    size_t n_children;
};

/* Owns the nodes and texts of any number of trees. */
struct snw_yaml {
    struct snw_yaml_chunk *chunks;
    size_t n_nodes;
};

void snw_yaml_init(struct snw_yaml *yaml);

/* Releases all trees. */
void snw_yaml_free(struct snw_yaml *yaml);

/* Parses a text. Reported: bad UTF-8, control characters, tabs, syntax, duplicate keys, keys that
   are no words, tags, merge keys (`<<`), several documents, nothing at all, and the limits above.
   @param[in] name  of the text, in the marks; `located` false leaves line and column out
   @param[out] root  the tree, owned by yaml; NULL where it could not be built, and set despite an
                     error that leaves a tree (duplicate keys), so that more errors can be found
   @return SNW_OK, SNW_ERR_CONFIG, SNW_ERR_MEMORY. */
snw_status snw_yaml_parse(struct snw_ctx *ctx, struct snw_yaml *yaml, const char *name,
                          bool located, const char *text, size_t length,
                          struct snw_node **root) SNW_MUST_CHECK;

/* @return memory of the tree's life, NULL where there is none; a copy of a text likewise. */
void *snw_yaml_alloc(struct snw_yaml *yaml, size_t bytes);
char *snw_yaml_copy(struct snw_yaml *yaml, const char *text, size_t length);

/* @return an empty map with the marks given, NULL where memory ends. */
struct snw_node *snw_yaml_map(struct snw_yaml *yaml, const char *key, struct snw_mark mark);

/* @return the child of a map with this key, NULL where there is none or the node is no map. */
struct snw_node *snw_node_find(const struct snw_node *map, const char *key);

/* Appends a child, takes one out, puts one in the place of another. */
void snw_node_append(struct snw_node *parent, struct snw_node *child);
void snw_node_remove(struct snw_node *parent, struct snw_node *child);
void snw_node_replace(struct snw_node *parent, struct snw_node *old, struct snw_node *child);

/* @return "a map", "a list", "text in quotes", "nothing" or "text": what a node holds. */
const char *snw_node_what(const struct snw_node *node);

/* Reports a failure at a mark: `file:line:column: ...`; control characters become `?`.
   @return SNW_ERR_CONFIG. */
snw_status snw_fail_at(struct snw_ctx *ctx, struct snw_mark mark, const char *fmt, ...)
    SNW_PRINTF(3, 4);

#endif
