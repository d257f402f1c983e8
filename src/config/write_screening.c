/* Writes screening pathways as YAML that reads back to the same. */
#include "config/read.h"

static void name_line(FILE *stream, const char *before, const char *name)
{
    fputs(before, stream);
    snw_write_name(name, stream);
    fputc('\n', stream);
}

/* A figure, in braces that the caller closes. */
static void write_figure(FILE *stream, const struct snw_declared *figure)
{
    fputs("{value: ", stream);
    snw_write_real(figure->value, stream);
    fputs(", low: ", stream);
    snw_write_real(figure->low, stream);
    fputs(", high: ", stream);
    snw_write_real(figure->high, stream);
    fputs(", source: ", stream);
    snw_write_text(figure->source, stream);
}

static void write_step(FILE *stream, const struct snw_screening_step *step)
{
    name_line(stream, "      - name: ", step->name);
    fprintf(stream, "        test: %s\n        occasions: %d\n", snw_test_table[step->test].name,
            step->occasions);
    snw_write_line(stream, 8, "positive", step->positive_text);
    fputs("        cost: ", stream);
    write_figure(stream, &step->cost);
    fprintf(stream, ", price_year: %d}\n", step->price_year);
    name_line(stream, "        then: ", step->then.name);
    if (step->otherwise.name)
        name_line(stream, "        otherwise: ", step->otherwise.name);
}

static void write_one(FILE *stream, const struct snw_pathway *p)
{
    name_line(stream, "  - name: ", p->name);
    snw_write_line(stream, 4, "title", p->title);
    fprintf(stream, "    hypothetical: %s\n", p->hypothetical ? "true" : "false");
    snw_write_line(stream, 4, "who", p->who);
    fputs("    ages: [", stream);
    for (size_t k = 0; k < p->n_ages; k++)
        fprintf(stream, "%s{from: %d, to: %d, every_yr: %d}", k ? ", " : "", p->ages[k].from,
                p->ages[k].to, p->ages[k].every_yr);
    fputs("]\n    attendance: ", stream);
    write_figure(stream, &p->attendance);
    fputs("}\n    steps:\n", stream);
    for (size_t k = 0; k < p->n_steps; k++)
        write_step(stream, &p->step[k]);
}

void snw_write_screening(const struct snw_pathways *list, FILE *stream)
{
    fputs(list->n ? "\n" : " []\n", stream);
    for (size_t i = 0; i < list->n; i++)
        write_one(stream, &list->list[i]);
}
