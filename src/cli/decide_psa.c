/* The draws as BCEA, dampack, SAVI and hesim read them. */
#include <ctype.h>
#include <stdio.h>

#include "cli/decide.h"

/* A name as R's make.names would leave it. */
static void name(FILE *out, const char *text)
{
    if (!isalpha((unsigned char)*text))
        fputc('X', out);
    for (; *text; text++)
        fputc(isalnum((unsigned char)*text) || *text == '_' ? *text : '.', out);
}

static void matrix(FILE *out, const struct snw_evidence *e, const double *values)
{
    for (size_t s = 0; s < e->n_strategies; s++) {
        fputs(s ? "," : "", out);
        name(out, e->strategies.text[s]);
    }
    for (size_t k = 0; k < e->sample.n_draws; k++)
        for (size_t s = 0; s < e->n_strategies; s++)
            fprintf(out, "%s%.10g", s ? "," : "\n", values[s * e->sample.n_draws + k]);
    fputc('\n', out);
}

static void costs(FILE *out, const void *what)
{
    const struct snw_evidence *e = what;
    matrix(out, e, e->sample.cost);
}

static void effects(FILE *out, const void *what)
{
    const struct snw_evidence *e = what;
    matrix(out, e, e->sample.effect);
}

static void parameters(FILE *out, const void *what)
{
    const struct snw_evidence *e = what;
    for (size_t i = 0; i < e->n_elements; i++) {
        fputs(i ? "," : "", out);
        name(out, e->element[i].key);
    }
    for (size_t k = 0; k < e->sample.n_draws; k++)
        for (size_t i = 0; i < e->n_elements; i++)
            fprintf(out, "%s%.10g", i ? "," : "\n", e->element[i].values[k]);
    fputc('\n', out);
}

/* Samples from 1 on; one group, for `grp`. */
static void hesim(FILE *out, const void *what)
{
    const struct snw_evidence *e = what;
    static const char *const groups[] = {"women", "men", "all"};
    fprintf(out, "sample,strategy,grp,cost,qalys\n");
    for (size_t s = 0; s < e->n_strategies; s++)
        for (size_t k = 0; k < e->sample.n_draws; k++) {
            size_t at = s * e->sample.n_draws + k;
            fprintf(out, "%zu,", k + 1);
            name(out, e->strategies.text[s]);
            fprintf(out, ",%s,%.10g,%.10g\n", groups[e->valuation.whom], e->sample.cost[at],
                    e->sample.effect[at]);
        }
}

snw_status snw_psa_write(struct snw_ctx *ctx, const char *directory, const struct snw_evidence *e)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_file_of(ctx, directory, "psa_costs.csv", costs, e));
    SNW_TRY(snw_file_of(ctx, directory, "psa_effects.csv", effects, e));
    SNW_TRY(snw_file_of(ctx, directory, "psa_parameters.csv", parameters, e));
    SNW_TRY(snw_file_of(ctx, directory, "psa_hesim.csv", hesim, e));
out:
    return status;
}
