/* Writes interventions as YAML that reads back to the same. */
#include "config/read.h"

static void line(FILE *stream, int indent, const char *key, double x)
{
    fprintf(stream, "%*s%s: ", indent, "", key);
    snw_write_real(x, stream);
    fputc('\n', stream);
}

static void write_figure(FILE *stream, int indent, const struct snw_declared *figure)
{
    line(stream, indent, "value", figure->value);
    line(stream, indent, "low", figure->low);
    line(stream, indent, "high", figure->high);
    snw_write_line(stream, indent, "source", figure->source);
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
    fprintf(stream, "        kept_by_next: %s\n", effect->kept ? "true" : "false");
    if (channel->kind == SNW_KIND_STATE)
        return;
    line(stream, 8, "trial_yr", effect->trial_yr);
    line(stream, 8, "rebound", effect->rebound);
    line(stream, 8, "rebound_yr", effect->rebound_yr);
    line(stream, 8, "share_elsewhere", effect->share_elsewhere);
}

static void write_uptake(FILE *stream, const struct snw_intervention *t)
{
    fputs("    uptake:\n", stream);
    write_figure(stream, 6, &t->uptake);
    line(stream, 6, "odds_women", t->odds.women);
    line(stream, 6, "odds_per_decade", t->odds.per_decade);
    line(stream, 6, "odds_after_fracture", t->odds.after_fracture);
}

static void write_sequel(FILE *stream, const char *key, const struct snw_sequel *sequel)
{
    fprintf(stream, "    %s:\n", key);
    write_figure(stream, 6, &sequel->chance);
    line(stream, 6, "after_yr", sequel->after_yr);
    if (sequel->name) {
        fputs("      name: ", stream);
        snw_write_name(sequel->name, stream);
        fputc('\n', stream);
    }
}

static void write_knots(FILE *stream, const char *key, const double *values, size_t n)
{
    fprintf(stream, "      %s: [", key);
    for (size_t k = 0; k < n; k++) {
        fputs(k ? ", " : "", stream);
        snw_write_real(values[k], stream);
    }
    fputs("]\n", stream);
}

static void write_persistence(FILE *stream, const struct snw_persistence *p)
{
    if (!p->source)
        return;
    fputs("    persistence:\n", stream);
    if (p->n_knots) {
        write_knots(stream, "at_yr", p->at_yr, p->n_knots);
        write_knots(stream, "still_on", p->still_on, p->n_knots);
    } else {
        line(stream, 6, "scale_yr", p->scale_yr);
        line(stream, 6, "shape", p->shape);
    }
    snw_write_line(stream, 6, "source", p->source);
}

static void write_bill(FILE *stream, const char *key, const struct snw_bill *bill)
{
    if (!bill->source)
        return;
    fprintf(stream, "    %s:\n", key);
    line(stream, 6, "usd_per_yr", bill->usd_per_yr);
    line(stream, 6, "usd_at_start", bill->usd_at_start);
    fprintf(stream, "      price_year: %d\n", bill->price_year);
    snw_write_line(stream, 6, "source", bill->source);
}

static void write_harms(FILE *stream, const struct snw_intervention *t)
{
    for (size_t i = 0; i < t->n_adverse; i++) {
        const struct snw_adverse *a = &t->adverse[i];
        fprintf(stream, "%s      - name: ", i ? "" : "    adverse_events:\n");
        snw_write_text(a->name, stream);
        fputc('\n', stream);
        line(stream, 8, "per_yr", a->per_yr);
        line(stream, 8, "at_start", a->at_start);
        line(stream, 8, "qaly_lost", a->qaly_lost);
        line(stream, 8, "usd", a->usd);
        line(stream, 8, "p_death", a->p_death);
        if (a->price_year)
            fprintf(stream, "        price_year: %d\n", a->price_year);
        snw_write_line(stream, 8, "source", a->source);
    }
}

static void write_one(FILE *stream, const struct snw_intervention *t)
{
    int acts = 0;
    fputs("  - name: ", stream);
    snw_write_name(t->name, stream);
    fputc('\n', stream);
    snw_write_line(stream, 4, "title", t->title);
    fprintf(stream, "    hypothetical: %s\n", t->hypothetical ? "true" : "false");
    snw_write_line(stream, 4, "who", t->who);
    if (t->contraindicated)
        snw_write_line(stream, 4, "contraindicated", t->contraindicated);
    write_uptake(stream, t);
    line(stream, 4, "offer_every_yr", t->offer_every_yr);
    if (t->restart.given)
        write_sequel(stream, "restart", &t->restart);
    else if (!t->next.given)
        fprintf(stream, "    restart: %s\n", t->offered_again ? "true" : "false");
    if (t->next.given)
        write_sequel(stream, "followed_by", &t->next);
    line(stream, 4, "duration_yr", t->duration_yr);
    write_persistence(stream, &t->persistence);
    write_bill(stream, "cost", &t->cost);
    write_bill(stream, "monitoring", &t->monitoring);
    write_harms(stream, t);
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
