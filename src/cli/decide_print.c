/* Figures of a decision as text, CSV and JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/decide.h"

enum { TEXT_MOST = 12, STATISTICS_MAX = 8 }; /* rows of a long table, columns of any, in text */

/* What text shows, in this order; curves and the two-way analysis are for figures. */
static const struct table {
    const char *name, *title;
    bool longer; /* the first rows only, at one threshold */
} tables[] = {
    {"totals", "Totals a person", false},
    {"versus_reference", "Against the reference, a person", false},
    {"quadrants", "Where the draws lie in the cost-effectiveness plane", false},
    {"noise", "Luck's share of the variance between draws", false},
    {"frontier", "Incremental analysis of means over draws, by rising cost", false},
    {"net_benefit", "Net benefit a person", false},
    {"acceptability", "How sure: acceptability and expected loss a person", false},
    {"information", "What perfect information is worth", false},
    {"information_on_section", "What knowing all parameters of a section is worth, a person", true},
    {"information_on_parameter", "What knowing one parameter is worth, a person", true},
    {"information_of_trial", "What a trial is worth", false},
    {"one_way", "One-way analysis: where a parameter is at its 2.5th and 97.5th percentile", true},
    {"group", "By sex, a person", false},
    {"choice_by_group", "What choosing for each sex is worth above one choice for both, a person",
     false},
    {"equity", "With weights of equity, a person", false},
    {"budget", "Budget impact", false}};

static const char *word(const char *text)
{
    return text ? text : "";
}

/* `3 % costs, 3 % QALYs a year, to age 20` */
static void discounting(const struct snw_basis *b, char *text, size_t size)
{
    if (!b->valuation)
        snprintf(text, size, "undiscounted");
    else
        snprintf(text, size, "discounted by %g %% (costs) and %g %% (QALYs) a year to age %d",
                 100 * b->valuation->cost_rate, 100 * b->valuation->effect_rate,
                 b->valuation->from_age);
}

static const char *whom(const struct snw_basis *b)
{
    static const char *const sexes[] = {"female", "male", "both"};
    return sexes[b->valuation ? b->valuation->whom : SNW_BOTH];
}

static void number(char *text, size_t size, double value)
{
    snprintf(text, size, fabs(value) >= 1000 ? "%.0f" : fabs(value) >= 1 ? "%.2f" : "%.4f", value);
}

/* `1204 (-310 to 2502)`, or with its standard error `312 +- 41`. */
static void cell(char *text, size_t size, const struct snw_figure *f)
{
    char value[32] = "-", low[32], high[32], se[32];
    if (!isnan(f->value))
        number(value, sizeof value, f->value);
    number(low, sizeof low, f->low);
    number(high, sizeof high, f->high);
    number(se, sizeof se, f->se);
    if (!isnan(f->low))
        snprintf(text, size, "%s (%s to %s)", isnan(f->value) ? "" : value, low, high);
    else if (!isnan(f->se))
        snprintf(text, size, "%s +- %s", value, se);
    else
        snprintf(text, size, "%s", value);
}

/* Whom a figure is of: `hip_care at 50000`. */
static void subject(char *text, size_t size, const struct snw_figure *f)
{
    char at[32] = "";
    if (!isnan(f->threshold))
        snprintf(at, sizeof at, "%s%.0f a QALY", f->about || f->strategy ? " at " : "",
                 f->threshold);
    snprintf(text, size, "%s%s%s%s", word(f->about), f->about && f->strategy ? ", " : "",
             word(f->strategy), at);
}

/* The next figure of a table from `from` on that text shows, figures->n after the last. */
static size_t next_of(const struct snw_figures *figures, const struct table *table,
                      double threshold, size_t from)
{
    while (from < figures->n && (strcmp(figures->list[from].table, table->name) != 0 ||
                                 (table->longer && figures->list[from].threshold != threshold)))
        from++;
    return from;
}

struct columns {
    const char *name[STATISTICS_MAX], *unit[STATISTICS_MAX];
    int width[STATISTICS_MAX], first; /* first: of the subjects */
    size_t n;
};

static size_t column_of(struct columns *c, const struct snw_figure *f)
{
    size_t k = 0;
    while (k < c->n && strcmp(c->name[k], f->statistic) != 0)
        k++;
    if (k == c->n && k < STATISTICS_MAX) {
        c->name[k] = f->statistic;
        c->unit[k] = f->unit;
        c->width[k] = (int)(strlen(f->statistic) + strlen(f->unit)) + 2;
        c->n++;
    }
    return k;
}

/* Columns and widths of what is shown. @return rows in all. */
static size_t measure(const struct snw_figures *figures, const struct table *table,
                      double threshold, struct columns *c)
{
    size_t rows = 0;
    char text[200], last[200] = "";
    *c = (struct columns){.n = 0};
    for (size_t i = 0; (i = next_of(figures, table, threshold, i)) < figures->n; i++) {
        subject(text, sizeof text, &figures->list[i]);
        rows += strcmp(text, last) != 0;
        memcpy(last, text, sizeof last);
        if (table->longer && rows > TEXT_MOST)
            continue;
        int width = (int)strlen(text);
        c->first = width > c->first ? width : c->first;
        size_t k = column_of(c, &figures->list[i]);
        cell(text, sizeof text, &figures->list[i]);
        width = (int)strlen(text);
        if (k < STATISTICS_MAX && width > c->width[k])
            c->width[k] = width;
    }
    return rows;
}

static void heading(FILE *out, const char *title, const struct columns *c,
                    const struct snw_basis *basis)
{
    char rates[128], name[80];
    discounting(basis, rates, sizeof rates);
    fprintf(out, "\n%s\n%s, %s ledger, %s perspective, %s", title, basis->money->unit,
            basis->money->ledger, basis->money->perspective, rates);
    if (basis->n_draws)
        fprintf(out, "; %s, %zu draws",
                strcmp(whom(basis), "both") == 0 ? "both sexes" : whom(basis), basis->n_draws);
    fprintf(out, "\n%-*s", c->first, "");
    for (size_t k = 0; k < c->n; k++) {
        snprintf(name, sizeof name, "%s, %s", c->name[k], c->unit[k]);
        fprintf(out, "  %*s", c->width[k], name);
    }
    fprintf(out, "\n");
}

/* Rows: figures of one subject follow each other. */
static void print_rows(FILE *out, const struct snw_figures *figures, const struct table *table,
                       double threshold, struct columns *c)
{
    size_t i = next_of(figures, table, threshold, 0);
    for (size_t row = 0; i < figures->n && (!table->longer || row < TEXT_MOST); row++) {
        char who[200], text[200], cells[STATISTICS_MAX][100] = {""};
        const char *note = NULL;
        subject(who, sizeof who, &figures->list[i]);
        memcpy(text, who, sizeof text);
        while (i < figures->n && strcmp(text, who) == 0) {
            const struct snw_figure *f = &figures->list[i];
            size_t k = column_of(c, f);
            if (k < STATISTICS_MAX)
                cell(cells[k], sizeof cells[k], f);
            note = f->note ? f->note : note;
            i = next_of(figures, table, threshold, i + 1);
            if (i < figures->n)
                subject(text, sizeof text, &figures->list[i]);
        }
        fprintf(out, "%-*s", c->first, who);
        for (size_t k = 0; k < c->n; k++)
            fprintf(out, "  %*s", c->width[k], cells[k]);
        fprintf(out, "  %s\n", word(note));
    }
}

void snw_figures_text(FILE *out, const struct snw_figures *figures, const struct snw_basis *basis)
{
    struct columns columns;
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        size_t rows = measure(figures, &tables[t], basis->threshold, &columns);
        if (rows == 0)
            continue;
        heading(out, tables[t].title, &columns, basis);
        print_rows(out, figures, &tables[t], basis->threshold, &columns);
        if (tables[t].longer && rows > TEXT_MOST)
            fprintf(out, "and %zu more, in --format csv\n", rows - TEXT_MOST);
    }
}

static void csv_number(FILE *out, double x)
{
    if (isfinite(x))
        fprintf(out, "%.9g", x);
    fputc(',', out);
}

void snw_figures_csv(FILE *out, const struct snw_figures *figures, const struct snw_basis *basis)
{
    const struct snw_money *m = basis->money;
    const struct snw_valuation *v = basis->valuation;
    fprintf(out,
            "table,strategy,versus,about,statistic,threshold,value,standard_error,low,high,unit,"
            "note,price_year_unit,ledger,perspective,price_index,discount_costs,discount_qalys,"
            "from_age,sex,draws\n");
    for (size_t i = 0; i < figures->n; i++) {
        const struct snw_figure *f = &figures->list[i];
        fprintf(out, "%s,%s,%s,%s,%s,", f->table, word(f->strategy), word(f->versus),
                word(f->about), f->statistic);
        csv_number(out, f->threshold);
        csv_number(out, f->value);
        csv_number(out, f->se);
        csv_number(out, f->low);
        csv_number(out, f->high);
        fprintf(out, "%s,\"%s\",%s,%s,\"%s\",%s,%g,%g,", f->unit, word(f->note), m->unit, m->ledger,
                m->perspective, m->price_index, v ? v->cost_rate : 0, v ? v->effect_rate : 0);
        if (v)
            fprintf(out, "%d", v->from_age);
        fprintf(out, ",%s,%zu\n", whom(basis), basis->n_draws);
    }
}

static void json_text(FILE *out, const char *name, const char *text)
{
    if (text)
        fprintf(out, "\"%s\": \"%s\", ", name,
                text); /* words of ours and names: no quotes in them */
    else
        fprintf(out, "\"%s\": null, ", name);
}

static void json_number(FILE *out, const char *name, double x)
{
    if (isfinite(x))
        fprintf(out, "\"%s\": %.9g, ", name, x);
    else
        fprintf(out, "\"%s\": null, ", name);
}

void snw_figures_json(FILE *out, const struct snw_figures *figures, const struct snw_basis *basis)
{
    const struct snw_money *m = basis->money;
    const struct snw_valuation *v = basis->valuation;
    fprintf(out, "[");
    for (size_t i = 0; i < figures->n; i++) {
        const struct snw_figure *f = &figures->list[i];
        fprintf(out, "%s\n{", i ? "," : "");
        json_text(out, "table", f->table);
        json_text(out, "strategy", f->strategy);
        json_text(out, "versus", f->versus);
        json_text(out, "about", f->about);
        json_text(out, "statistic", f->statistic);
        json_number(out, "threshold", f->threshold);
        json_number(out, "value", f->value);
        json_number(out, "standard_error", f->se);
        json_number(out, "low", f->low);
        json_number(out, "high", f->high);
        json_text(out, "unit", f->unit);
        json_text(out, "note", f->note);
        json_text(out, "price_year_unit", m->unit);
        json_text(out, "ledger", m->ledger);
        json_text(out, "perspective", m->perspective);
        json_text(out, "price_index", m->price_index);
        json_number(out, "discount_costs", v ? v->cost_rate : 0);
        json_number(out, "discount_qalys", v ? v->effect_rate : 0);
        json_number(out, "from_age", v ? v->from_age : (double)NAN);
        json_text(out, "sex", whom(basis));
        fprintf(out, "\"draws\": %zu}", basis->n_draws);
    }
    fprintf(out, "\n]\n");
}
