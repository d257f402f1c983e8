/* Reads and writes cohort trends: a list of maps. */
#include <stdlib.h>
#include <string.h>

#include "config/read.h"

enum { TRENDS_MAX = 100 };

static snw_status read_word(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                            const char *words, int *value)
{
    char expected[SNW_WORD_MAX] = "one of ";
    *value = node->kind == SNW_NODE_SCALAR ? snw_word_index(words, node->text) : -1;
    if (*value >= 0)
        return SNW_OK;
    *value = 0;
    strncat(expected, words, sizeof expected - strlen(expected) - 1);
    return snw_wrong_kind(ctx, node, key, expected);
}

static snw_status read_trend(struct snw_ctx *ctx, const struct snw_node *item,
                             struct snw_trend *trend)
{
    static const char *const units[SNW_N_TRENDS] = {"cm", "1", "%", "year"};
    static const double most[SNW_N_TRENDS] = {10, 2, 30, 5};
    const struct snw_node *sex = snw_node_find(item, "sex"), *to = snw_node_find(item, "to");
    int64_t first = 0, last = 0;
    int field;
    trend->sex = SNW_N_SEXES;
    snw_status status =
        read_word(ctx, snw_node_find(item, "field"), "trends.field", SNW_TREND_WORDS, &field);
    trend->field = (enum snw_trend_field)field;
    if (sex)
        snw_keep(&status, read_word(ctx, sex, "trends.sex", "female|male|both", &trend->sex));
    snw_keep(&status, snw_node_real(ctx, snw_node_find(item, "per_decade"), "trends.per_decade",
                                    units[field], -most[field], most[field], &trend->per_decade));
    snw_keep(&status, snw_node_integer(ctx, snw_node_find(item, "from"), "trends.from", "year",
                                       1900, 2101, &first));
    snw_keep(&status, snw_node_integer(ctx, to, "trends.to", "year", 1900, 2101, &last));
    snw_keep(&status,
             snw_node_text(ctx, snw_node_find(item, "source"), "trends.source", &trend->source));
    trend->from = (int)first;
    trend->to = (int)last;
    if (status == SNW_OK && last < first)
        status = snw_fail_at(ctx, to->mark, "trends.to = %d is before from = %d", trend->to,
                             trend->from);
    return status;
}

snw_status snw_read_trends(struct snw_ctx *ctx, const struct snw_node *node, const char *key,
                           struct snw_trends *trends)
{
    static const char *const known[] = {"field", "per_decade", "from", "to", "source", "sex", NULL};
    snw_status status = SNW_OK;
    if (snw_holds_nothing(node))
        return SNW_OK;
    SNW_TRY(snw_check_maps(ctx, node, key, known, 5));
    if (node->n_children > TRENDS_MAX)
        return snw_fail_at(ctx, node->mark, "%s: %zu are more than %d", key, node->n_children,
                           TRENDS_MAX);
    trends->list = calloc(node->n_children, sizeof *trends->list);
    if (!trends->list)
        return snw_fail(ctx, SNW_ERR_MEMORY, "%s: no memory to read it", key);
    trends->n = node->n_children;
    struct snw_trend *trend = trends->list;
    for (const struct snw_node *item = node->first; item; item = item->next)
        snw_keep(&status, read_trend(ctx, item, trend++));
out:
    return status;
}

void snw_write_trends(const struct snw_trends *trends, int indent, FILE *stream)
{
    char word[SNW_WORD_MAX];
    fputs(trends->n ? "\n" : " []\n", stream);
    for (size_t i = 0; i < trends->n; i++) {
        const struct snw_trend *t = &trends->list[i];
        snw_word_at(SNW_TREND_WORDS, (int)t->field, word, sizeof word);
        fprintf(stream, "%*s- {field: %s, per_decade: ", indent, "", word);
        snw_write_real(t->per_decade, stream);
        snw_word_at("female|male|both", t->sex, word, sizeof word);
        fprintf(stream, ", from: %d, to: %d, sex: %s, source: ", t->from, t->to, word);
        snw_write_text(t->source, stream);
        fputs("}\n", stream);
    }
}
