/* Inside config/: readers of nodes into settings, each reporting what it refuses. */
#ifndef SNW_CONFIG_READ_H
#define SNW_CONFIG_READ_H

#include "config/scalar.h"
#include "config/settings.h"
#include "config/yaml.h"
#include "params/draws.h"

/* The first failure of several. */
static inline void snw_keep(snw_status *status, snw_status other)
{
    if (*status == SNW_OK)
        *status = other;
}

/* @return whether a key is left without a value. */
static inline bool snw_is_blank(const struct snw_node *node)
{
    return !node || (node->kind == SNW_NODE_SCALAR && !node->quoted && !node->text[0]);
}

/* @return whether it is, or its list or map has nothing in it. */
static inline bool snw_holds_nothing(const struct snw_node *node)
{
    return snw_is_blank(node) || (node->kind != SNW_NODE_SCALAR && node->n_children == 0);
}

/* Reads a number of a node; `key` names it in messages, `unit` may be "1".
   @return SNW_OK, SNW_ERR_CONFIG. */
snw_status snw_node_real(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         const char *unit, double low, double high, double *value) SNW_MUST_CHECK;
snw_status snw_node_integer(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                            const char *unit, double low, double high,
                            int64_t *value) SNW_MUST_CHECK;

snw_status snw_node_switch(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                           bool *value) SNW_MUST_CHECK;

/* Reads a word of a list `a|b|c`. @param[in] expected  the list, as messages say it
   @param[out] index  its place, -1 where it is none of them */
snw_status snw_node_word(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         const char *words, const char *expected, int *index) SNW_MUST_CHECK;

/* Reads a text that is not empty, copied for free(). */
snw_status snw_node_text(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         char **text) SNW_MUST_CHECK;

/* Reads a name (snw_is_name), copied for free(). */
snw_status snw_node_name(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                         char **name) SNW_MUST_CHECK;

/* Reports an unknown key with the nearest known one, where one is near. */
snw_status snw_unknown_key(struct snw_ctx *ctx, const struct snw_node *node, const char *full_key,
                           const struct snw_nearest *nearest);

/* Refuses a node that is no map, and keys of it that are not known; `known` ends with NULL. */
snw_status snw_check_keys(struct snw_ctx *ctx, const struct snw_node *node, const char *where,
                          const char *const *known) SNW_MUST_CHECK;

/* The same of a list of maps, in each of which the first n_needed of `known` must be. */
snw_status snw_check_maps(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                          const char *const *known, size_t n_needed) SNW_MUST_CHECK;

/* Reports a node of the wrong kind: `key: expected .., found ..`. */
snw_status snw_wrong_kind(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                          const char *expected);

/* @return whether parameters have such a section; the nearest ones to it in `nearest`. */
bool snw_known_section(const char *section, struct snw_nearest *nearest);

/* Finds the element of a key, such as `bone.loss_men.ct_vbmd`, among the parameters that may be;
   all where `may` is NULL. @return whether there is one; the nearest key of theirs in `nearest`. */
bool snw_find_element(const char *name, bool (*may)(enum snw_param_id id),
                      struct snw_param_element *element, struct snw_nearest *nearest);

/* Reads overrides of parameters by section into params, the rest untouched.
   @param[out] given  (SNW_PARAM_ELEMENTS,) set for those read; NULL where nobody asks */
snw_status snw_read_parameters(struct snw_ctx *ctx, const struct snw_node *node,
                               struct snw_params *params, bool *given) SNW_MUST_CHECK;

/* Reads the record of one intervention, whose name is set; its `name` is read by the caller, what
   follows on it is not sought. */
snw_status snw_read_record(struct snw_ctx *ctx, const struct snw_node *map,
                           struct snw_intervention *out) SNW_MUST_CHECK;

/* Reads a list of cohort trends; writes it, from the end of the key on. @param[in] key  for
   messages */
snw_status snw_read_trends(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                           struct snw_trends *trends) SNW_MUST_CHECK;
void snw_write_trends(const struct snw_trends *trends, int indent, FILE *stream);

/* Reads a config's own list of interventions, and from files what follows on them. */
snw_status snw_read_interventions(struct snw_ctx *ctx, const struct snw_node *node,
                                  const char *config,
                                  struct snw_interventions *list) SNW_MUST_CHECK;

/* Reads a sweep once all else is read: its factors are parameters and interventions. */
snw_status snw_read_sweep(struct snw_ctx *ctx, const struct snw_node *node,
                          struct snw_settings *settings) SNW_MUST_CHECK;

/* Reads one of its factors, appended to those that are there, for which there is room. */
snw_status snw_read_factor(struct snw_ctx *ctx, const struct snw_node *node,
                           struct snw_settings *settings) SNW_MUST_CHECK;

/* Finds the intervention that a node names: in the list, else in a file, which is then read and
   appended to the list, and what follows on it likewise.
   @param[in] config  the name of the config
   @param[out] index  its place in the list */
snw_status snw_find_intervention(struct snw_ctx *ctx, const struct snw_node *node,
                                 const char *config, struct snw_interventions *list,
                                 size_t *index) SNW_MUST_CHECK;

/* The same of a config's own list of screening pathways; what they lead to is appended to the
   interventions. */
snw_status snw_read_screening(struct snw_ctx *ctx, const struct snw_node *node, const char *config,
                              struct snw_settings *settings) SNW_MUST_CHECK;
snw_status snw_find_pathway(struct snw_ctx *ctx, const struct snw_node *node, const char *config,
                            struct snw_settings *settings, size_t *index) SNW_MUST_CHECK;

/* The file that a node's text means: from the folder of the file that names it, of the config, in
   `configs/` of the current folder or that which came with the program. @return its path for
   free(), NULL where there is none or memory ends. */
char *snw_find_file(const struct snw_node *node, const char *config, const char *text);

/* Reads the list of scenarios over the parameters; without a node, the reference alone. What they
   name is appended to the interventions. @param[in] config  its name */
snw_status snw_read_scenarios(struct snw_ctx *ctx, const struct snw_node *node, const char *config,
                              struct snw_settings *settings) SNW_MUST_CHECK;

/* Reads a study's sample. */
snw_status snw_read_samples(struct snw_ctx *ctx, const struct snw_node *node,
                            struct snw_samples *samples) SNW_MUST_CHECK;

/* Reads one setting into its member; interventions, screening and scenarios are left to their own
   readers.
   @param[in] name  of the config, whose folder holds its tables */
snw_status snw_read_setting(struct snw_ctx *ctx, const struct snw_node *node, const char *name,
                            const struct snw_setting_info *info,
                            struct snw_settings *out) SNW_MUST_CHECK;

/* Writes the list of interventions, from the end of the key on. */
void snw_write_interventions(const struct snw_interventions *list, FILE *stream);
/* The same of screening pathways, and of a sweep. */
void snw_write_screening(const struct snw_pathways *list, FILE *stream);
void snw_write_sweep(const struct snw_sweep *sweep, FILE *stream);

/* Writes a text in quotes; a name, in quotes where need be; a number that reads back to the same.
 */
void snw_write_text(const char *text, FILE *stream);
void snw_write_name(const char *name, FILE *stream);
void snw_write_real(double x, FILE *stream);

/* Writes a line of its own, a key and its text. */
void snw_write_line(FILE *stream, int indent, const char *key, const char *text);

/* Writes the values of one parameter: a number, or a map by axis labels (in block form from
   `indent` for two axes), with the end of line.
   @param[in] given  which elements, (length,), at least one; NULL for all */
void snw_write_parameter(enum snw_param_id id, const double *values, const bool *given, int indent,
                         FILE *stream);

#endif
