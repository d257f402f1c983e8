/* Writes interventions as YAML that reads back to the same. */
#include "config/read.h"

static void line(FILE *stream, int indent, const char *key, double x)
{
    fprintf(stream, "%*s%s: ", indent, "", key);
    snw_write_real(x, stream);
    fputc('\n', stream);
}

static void text_line(FILE *stream, int indent, const char *key, const char *text)
{
    fprintf(stream, "%*s%s: ", indent, "", key);
    snw_write_text(text, stream);
    fputc('\n', stream);
}

static void write_figure(FILE *stream, int indent, const struct snw_declared *figure)
{
    line(stream, indent, "value", figure->value);
    line(stream, indent, "low", figure->low);
    line(stream, indent, "high", figure->high);
    text_line(stream, indent, "source", figure->source);
}

static void write_effect(FILE *stream, const struct snw_effect *effect,
                         const struct snw_channel_info *channel)
{
    char word[SNW_WORD_MAX];
    fprintf(stream, "      %s:\n", channel->name);
    write_figure(stream, 8, &effect->figure);
    if (channel->kind == SNW_KIND_YEARLY)
        return;
    line(stream, 8, "half_life_yr", effect->half_life_yr);
    snw_word_at(SNW_OFFSET_WORDS, (int)effect->offset, word, sizeof word);
    fprintf(stream, "        offset: %s\n", word);
    line(stream, 8, "offset_yr", effect->offset_yr);
    if (channel->kind == SNW_KIND_STATE)
        return;
    line(stream, 8, "trial_yr", effect->trial_yr);
    line(stream, 8, "rebound", effect->rebound);
    line(stream, 8, "rebound_yr", effect->rebound_yr);
    line(stream, 8, "share_elsewhere", effect->share_elsewhere);
}

static void write_one(FILE *stream, const struct snw_intervention *t)
{
    int acts = 0;
    fputs("  - name: ", stream);
    snw_write_name(t->name, stream);
    fputc('\n', stream);
    text_line(stream, 4, "title", t->title);
    fprintf(stream, "    hypothetical: %s\n", t->hypothetical ? "true" : "false");
    text_line(stream, 4, "who", t->who);
    fputs("    uptake:\n", stream);
    write_figure(stream, 6, &t->uptake);
    line(stream, 4, "offer_every_yr", t->offer_every_yr);
    fprintf(stream, "    restart: %s\n", t->restart ? "true" : "false");
    line(stream, 4, "duration_yr", t->duration_yr);
    if (t->persistence_source) {
        fputs("    persistence:\n", stream);
        line(stream, 6, "scale_yr", t->persistence_yr);
        line(stream, 6, "shape", t->persistence_shape);
        text_line(stream, 6, "source", t->persistence_source);
    }
    if (t->cost_source) {
        fputs("    cost:\n", stream);
        line(stream, 6, "usd_per_yr", t->cost_usd_per_yr);
        line(stream, 6, "usd_at_start", t->cost_usd_at_start);
        fprintf(stream, "      price_year: %d\n", t->price_year);
        text_line(stream, 6, "source", t->cost_source);
    }
    for (int c = 0; c < SNW_N_CHANNELS; c++) {
        if (t->effect[c].given && acts++ == 0)
            fputs("    effects:\n", stream);
        if (t->effect[c].given)
            write_effect(stream, &t->effect[c], &snw_channel_table[c]);
    }
}

void snw_write_interventions(const struct snw_interventions *list, FILE *stream)
{
    fputs(list->n ? "\n" : " []\n", stream);
    for (size_t i = 0; i < list->n; i++)
        write_one(stream, &list->list[i]);
}
