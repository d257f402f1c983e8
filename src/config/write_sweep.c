/* Writes a sweep as YAML that reads back to the same. */
#include "config/read.h"

static void number(FILE *stream, const char *before, double x)
{
    fputs(before, stream);
    snw_write_real(x, stream);
}

static void write_factor(FILE *stream, const struct snw_factor *f)
{
    fputs("    - {name: ", stream);
    snw_write_text(f->name, stream);
    if (f->range == SNW_FACTOR_PRIOR)
        fputs(", prior: true", stream);
    if (f->range == SNW_FACTOR_BETWEEN) {
        number(stream, ", low: ", f->low);
        number(stream, ", high: ", f->high);
    }
    for (size_t i = 0; i < f->n_values; i++)
        number(stream, i ? ", " : ", values: [", f->values[i]);
    fputs(f->n_values ? "]" : "", stream);
    fputs(f->relative ? ", relative: true}\n" : "}\n", stream);
}

void snw_write_sweep(const struct snw_sweep *sweep, FILE *stream)
{
    char word[SNW_WORD_MAX];
    if (sweep->n_factors == 0) {
        fputs(" {}\n", stream);
        return;
    }
    snw_word_at(SNW_AS_WORDS, (int)sweep->as, word, sizeof word);
    fprintf(stream, "\n  as: %s\n", word);
    snw_word_at(SNW_DESIGN_WORDS, (int)sweep->design, word, sizeof word);
    fprintf(stream, "  design: %s\n", word);
    if (sweep->design > SNW_DESIGN_GRID)
        fprintf(stream, "  points: %lld\n", (long long)sweep->points);
    if (sweep->design <= SNW_DESIGN_GRID || sweep->design == SNW_DESIGN_MORRIS)
        fprintf(stream, "  levels: %lld\n", (long long)sweep->levels);
    number(stream, "  wtp_usd: ", sweep->wtp_usd);
    fprintf(stream, "\n  from_age: %lld\n", (long long)sweep->from_age);
    for (size_t i = 0; i < sweep->n_measures; i++) {
        fputs(i ? ", " : "  measures: [", stream);
        snw_write_text(sweep->measures[i], stream);
    }
    fputs(sweep->n_measures ? "]\n  factors:\n" : "  factors:\n", stream);
    for (size_t i = 0; i < sweep->n_factors; i++)
        write_factor(stream, &sweep->factors[i]);
}
