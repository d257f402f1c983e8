/* sinew decide: which strategy to choose, how sure, and what more knowledge is worth. */
#include "cli/decide.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "experiment/provenance.h"
#include "store/io.h"

enum { THRESHOLDS_MAX = 20 };

struct request {
    struct snw_valuation valuation;
    struct snw_question question;
    double threshold[THRESHOLDS_MAX];
};

/* Reads numbers between commas. @return how many; 0 where one is none or there are too many. */
static size_t numbers(const char *text, double *values, size_t most)
{
    size_t n = 0;
    while (n < most) {
        char *end;
        if (strchr("+-.0123456789", *text) == NULL || *text == '\0')
            return 0;
        values[n] = strtod(text, &end);
        if (end == text || !isfinite(values[n]))
            return 0;
        n++;
        if (*end == '\0')
            return n;
        if (*end != ',')
            return 0;
        text = end + 1;
    }
    return 0;
}

static snw_status read_thresholds(struct snw_ctx *ctx, const char *text, struct request *r)
{
    size_t n = numbers(text, r->threshold, THRESHOLDS_MAX);
    if (n == 0)
        return snw_fail(ctx, SNW_ERR_USAGE,
                        "--wtp %s: money a QALY is wanted, such as 50000,100000,150000; %d at most",
                        text, THRESHOLDS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (r->threshold[i] < 0 || (n == 1 && r->threshold[i] == 0))
            return snw_fail(ctx, SNW_ERR_USAGE, "--wtp %s: a threshold is negative or nought",
                            text);
        if (i > 0 && r->threshold[i] <= r->threshold[i - 1])
            return snw_fail(ctx, SNW_ERR_USAGE,
                            "--wtp %s: thresholds are out of order, %g follows %g: ascending ones "
                            "are wanted",
                            text, r->threshold[i], r->threshold[i - 1]);
    }
    r->question.threshold = r->threshold;
    r->question.n_thresholds = n;
    return SNW_OK;
}

static snw_status read_rates(struct snw_ctx *ctx, const char *text, struct request *r)
{
    double rate[2];
    size_t n = numbers(text, rate, 2);
    if (n == 1)
        rate[1] = rate[0];
    if (n == 0 || rate[0] < 0 || rate[0] > 1 || rate[1] < 0 || rate[1] > 1)
        return snw_fail(
            ctx, SNW_ERR_USAGE,
            "--discount %s: an annual rate from 0 to 1 is wanted, 0.03 for 3 %%, or two "
            "with a comma, of costs and of QALYs",
            text);
    r->valuation.cost_rate = rate[0];
    r->valuation.effect_rate = rate[1];
    return SNW_OK;
}

/* A number of an option that has one, above 0. */
static snw_status read_positive(struct snw_ctx *ctx, const char *option, const char *text,
                                double *value)
{
    if (text && (numbers(text, value, 1) != 1 || *value <= 0))
        return snw_fail(ctx, SNW_ERR_USAGE, "%s %s: a number above 0 is wanted", option, text);
    return SNW_OK;
}

static snw_status read_request(struct snw_ctx *ctx, const struct snw_arguments *a,
                               struct request *r)
{
    snw_status status = SNW_OK;
    static const char *const sexes[] = {"female", "male", "both"};
    double from = 20;
    *r = (struct request){.question.years = 10};
    if (a->n_words != 1)
        return snw_fail(ctx, SNW_ERR_USAGE, "sinew decide wants one result");
    if (a->format && strcmp(a->format, "text") != 0 && strcmp(a->format, "csv") != 0 &&
        strcmp(a->format, "json") != 0)
        return snw_fail(ctx, SNW_ERR_USAGE, "--format %s: text, csv or json is wanted", a->format);
    SNW_TRY(read_thresholds(ctx, a->wtp ? a->wtp : "50000,100000,150000", r));
    SNW_TRY(read_rates(ctx, a->discount ? a->discount : "0.03", r));
    SNW_TRY(read_positive(ctx, "--from", a->from, &from));
    SNW_TRY(read_positive(ctx, "--population", a->population, &r->question.population));
    SNW_TRY(read_positive(ctx, "--years", a->years, &r->question.years));
    if (from != floor(from) || from > 1000)
        return snw_fail(ctx, SNW_ERR_USAGE, "--from %s: an age in whole years is wanted", a->from);
    r->valuation.from_age = (int)from;
    r->valuation.whom = SNW_BOTH;
    for (int sex = 0; a->sex && sex < 3; sex++) {
        if (strcmp(a->sex, sexes[sex]) == 0) {
            r->valuation.whom = (enum snw_whom)sex;
            return SNW_OK;
        }
    }
    if (a->sex)
        return snw_fail(ctx, SNW_ERR_USAGE, "--sex %s: female, male or both is wanted", a->sex);
out:
    return status;
}

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

static snw_status decide(struct snw_ctx *ctx, const struct snw_arguments *a, struct request *r)
{
    snw_status status = SNW_OK;
    struct snw_evidence evidence = {.n_strategies = 0};
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
    const struct snw_basis basis = {&evidence.money, &r->valuation, evidence.sample.n_draws,
                                    snw_middle_threshold(&r->question)};
    SNW_TRY(give(ctx, a, &figures, &basis, &evidence));
out:
    snw_figures_free(&figures);
    snw_evidence_free(&evidence);
    free(noise);
    return status;
}

snw_status snw_command_decide(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    struct request request;
    struct snw_budget budget = {.n_years = 0};
    struct snw_figures figures = {.n = 0};
    SNW_TRY(read_request(ctx, a, &request));
    SNW_TRY(snw_result_require(ctx, a->words[0]));
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
