/* sinew decide: which strategy to choose, how sure, and what more knowledge is worth. */
#include "cli/decide.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/provenance.h"
#include "store/io.h"

struct conclusions {
    const struct snw_figures *figures;
    const struct snw_basis *basis;
};

static void write_csv(FILE *out, const void *what)
{
    const struct conclusions *c = what;
    snw_figures_csv(out, c->figures, c->basis);
}

static void write_json(FILE *out, const void *what)
{
    const struct conclusions *c = what;
    snw_figures_json(out, c->figures, c->basis);
}

snw_status snw_file_of(struct snw_ctx *ctx, const char *directory, const char *name,
                       void (*write)(FILE *, const void *), const void *what)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *out = fopen(path, "w");
    if (!out)
        return snw_fail_io(ctx, path, "write", errno);
    write(out, what);
    return snw_stream_close(out, path, ctx);
}

static snw_status give(struct snw_ctx *ctx, const struct snw_arguments *a,
                       const struct snw_figures *figures, const struct snw_basis *basis,
                       const struct snw_evidence *evidence)
{
    snw_status status = SNW_OK;
    const struct conclusions all = {figures, basis};
    const char *format = a->format ? a->format : "text";
    if (a->directory) {
        SNW_TRY(snw_folder_make(a->directory, ctx));
        SNW_TRY(snw_file_of(ctx, a->directory, "decision.csv", write_csv, &all));
        SNW_TRY(snw_file_of(ctx, a->directory, "decision.json", write_json, &all));
        if (evidence)
            SNW_TRY(snw_psa_write(ctx, a->directory, evidence));
    }
    if (strcmp(format, "csv") == 0)
        snw_figures_csv(stdout, figures, basis);
    else if (strcmp(format, "json") == 0)
        snw_figures_json(stdout, figures, basis);
    else
        snw_figures_text(stdout, figures, basis);
out:
    return status;
}

/* Of women and of men. */
static snw_status conclude_groups(struct snw_ctx *ctx, const char *path,
                                  const struct snw_request *r, struct snw_evidence *groups,
                                  struct snw_figures *figures)
{
    snw_status status = SNW_OK;
    for (int sex = 0; sex < SNW_GROUPS; sex++) {
        struct snw_valuation of_sex = r->valuation;
        of_sex.whom = (enum snw_whom)sex;
        SNW_TRY(snw_evidence_read(ctx, path, &of_sex, &groups[sex]));
    }
    SNW_TRY(snw_conclude_groups(ctx, groups, &r->question, figures));
out:
    return status;
}

static snw_status decide(struct snw_ctx *ctx, const struct snw_arguments *a, struct snw_request *r)
{
    snw_status status = SNW_OK;
    struct snw_evidence evidence = {.n_strategies = 0}, groups[SNW_GROUPS] = {{.n_strategies = 0}};
    struct snw_figures figures = {.n = 0};
    double *noise = NULL;
    SNW_TRY(snw_evidence_read(ctx, a->words[0], &r->valuation, &evidence));
    if (a->noise) {
        size_t d = 2 * (evidence.n_strategies - 1);
        noise = malloc(d * d * sizeof *noise);
        if (!noise)
            SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to read %s", a->noise));
        SNW_TRY(snw_result_require(ctx, a->noise));
        SNW_TRY(snw_evidence_noise(ctx, &evidence, a->noise, noise));
        r->question.noise = noise;
    }
    SNW_TRY(snw_conclude(ctx, &evidence, &r->question, &figures));
    if (r->valuation.whom == SNW_BOTH && evidence.both)
        SNW_TRY(conclude_groups(ctx, a->words[0], r, groups, &figures));
    const struct snw_basis basis = {&evidence.money, &r->valuation, evidence.sample.n_draws,
                                    snw_middle_threshold(&r->question)};
    SNW_TRY(give(ctx, a, &figures, &basis, &evidence));
out:
    snw_figures_free(&figures);
    snw_evidence_free(&evidence);
    for (int sex = 0; sex < SNW_GROUPS; sex++)
        snw_evidence_free(&groups[sex]);
    free(noise);
    return status;
}

snw_status snw_command_decide(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    struct snw_request request;
    struct snw_budget budget = {.n_years = 0};
    struct snw_figures figures = {.n = 0};
    SNW_TRY(snw_request_read(ctx, a, &request));
    SNW_TRY(snw_budget_read(ctx, a->words[0], &budget));
    if (budget.n_years == 0 || budget.strategies.n < 2) {
        SNW_TRY(decide(ctx, a, &request));
        goto out;
    }
    const struct snw_basis basis = {&budget.money, NULL, 0, NAN};
    snw_conclude_budget(&budget, &figures);
    if (figures.short_of_memory)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the figures"));
    SNW_TRY(give(ctx, a, &figures, &basis, NULL));
out:
    snw_figures_free(&figures);
    snw_budget_free(&budget);
    return status;
}
