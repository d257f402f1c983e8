/* What `sinew decide` is asked, from its options and the settings of the result. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/decide.h"
#include "config/scalar.h"
#include "experiment/provenance.h"

static snw_status read_thresholds(struct snw_ctx *ctx, const char *option, const char *text,
                                  struct snw_request *r)
{
    size_t n = snw_read_reals(text, r->threshold, SNW_THRESHOLDS_MAX);
    const char *fault = snw_thresholds_fault(r->threshold, n);
    if (fault)
        return snw_fail(ctx, SNW_ERR_USAGE, "%s %s: %s", option, text, fault);
    r->question.threshold = r->threshold;
    r->question.n_thresholds = n;
    return SNW_OK;
}

static snw_status read_rates(struct snw_ctx *ctx, const char *text, struct snw_request *r)
{
    double rate[2];
    size_t n = snw_read_reals(text, rate, 2);
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
    if (text && (snw_read_real(text, value) != SNW_NUMBER_OK || *value <= 0))
        return snw_fail(ctx, SNW_ERR_USAGE, "%s %s: a number above 0 is wanted", option, text);
    return SNW_OK;
}

/* `[ln:]KEY:SD:N[,N..]` */
static snw_status read_trial(struct snw_ctx *ctx, const char *text, struct snw_request *r)
{
    struct snw_trial *trial = &r->trial;
    char numbers[64];
    const char *at = text;
    trial->ln = strncmp(text, "ln:", 3) == 0;
    at += trial->ln ? 3 : 0;
    size_t key = strcspn(at, ":"), sd = at[key] ? strcspn(at + key + 1, ":") : 0;
    const char *sizes = at[key] && at[key + 1 + sd] ? at + key + 2 + sd : "";
    snprintf(numbers, sizeof numbers, "%.*s", (int)sd, at[key] ? at + key + 1 : "");
    snprintf(trial->key, sizeof trial->key, "%.*s", (int)key, at);
    trial->n_sizes = snw_read_reals(sizes, trial->size, SNW_TRIAL_SIZES);
    bool good = key > 0 && trial->n_sizes > 0 &&
                snw_read_real(numbers, &trial->sd) == SNW_NUMBER_OK && trial->sd > 0;
    for (size_t i = 0; i < trial->n_sizes; i++) {
        good &= trial->size[i] >= 1;
        snprintf(trial->label[i], sizeof trial->label[i], "%s%s by %.0f people an arm",
                 trial->ln ? "ln " : "", trial->key, trial->size[i]);
    }
    if (!good)
        return snw_fail(
            ctx, SNW_ERR_USAGE,
            "--trial %s: a parameter, the SD of one person's outcome and people an arm "
            "are wanted, such as falls.frail:1.2:200,1000, with ln: before it where the "
            "logarithm is estimated",
            text);
    r->question.trial = trial;
    return SNW_OK;
}

static snw_status read_pair(struct snw_ctx *ctx, const char *text, struct snw_request *r)
{
    size_t first = strcspn(text, ","), second = text[first] ? strlen(text + first + 1) : 0;
    if (first == 0 || second == 0 || first >= sizeof r->pair.key[0] ||
        second >= sizeof r->pair.key[1] || strchr(text + first + 1, ',') ||
        (first == second && strncmp(text, text + first + 1, first) == 0))
        return snw_fail(ctx, SNW_ERR_USAGE,
                        "--two-way %s: two different parameters with a comma are wanted", text);
    snprintf(r->pair.key[0], sizeof r->pair.key[0], "%.*s", (int)first, text);
    snprintf(r->pair.key[1], sizeof r->pair.key[1], "%s", text + first + 1);
    return SNW_OK;
}

/* `W,M` or `W,M,AVERSION` */
static snw_status read_equity(struct snw_ctx *ctx, const char *text, struct snw_request *r)
{
    double x[3] = {0};
    size_t n = snw_read_reals(text, x, 3);
    if (n < 2 || x[0] < 0 || x[1] < 0 || x[0] + x[1] <= 0 || x[2] < 0 || x[2] > 100)
        return snw_fail(ctx, SNW_ERR_USAGE,
                        "--equity %s: weights of a QALY of women and of men are wanted, from 0 on "
                        "and not both 0, and perhaps Atkinson's aversion to inequality",
                        text);
    r->equity = (struct snw_equity){{x[0], x[1]}, x[2]};
    r->question.equity = &r->equity;
    return SNW_OK;
}

/* What the result's config says; a result of another version may have one that cannot be read: then
   the defaults. */
static snw_status take_settings(struct snw_ctx *ctx, const char *path, struct snw_request *r)
{
    snw_status status = SNW_OK, closed;
    struct snw_ctx aside;
    struct snw_file file;
    struct snw_texts config = {0};
    struct snw_settings settings;
    snw_settings_init(&settings);
    snw_ctx_init(&aside);
    status = snw_file_open(&file, path, ctx);
    if (status != SNW_OK)
        return status;
    SNW_TRY(snw_texts_read(&file, "config", &config, ctx));
    if (config.n != 1 || snw_config_parse(&aside, path, config.text[0], strlen(config.text[0]),
                                          NULL, 0, &settings) != SNW_OK) {
        fprintf(stderr,
                "sinew: warning: %s: its config is of another version and cannot be read: rates, "
                "thresholds and ages are the defaults unless options say otherwise\n",
                path);
        SNW_TRY(snw_config_default(ctx, &settings));
    }
    r->valuation.cost_rate = settings.discount_costs;
    r->valuation.effect_rate = settings.discount_qalys;
    r->valuation.from_age = snw_discount_age(&settings);
    r->question.population = settings.decision_persons;
    r->question.years = settings.decision_years;
    status = read_thresholds(ctx, "economics.willingness_to_pay", settings.willingness_to_pay, r);
out:
    closed = snw_file_close(&file, ctx);
    snw_settings_free(&settings);
    snw_texts_free(&config);
    return status == SNW_OK ? closed : status;
}

static snw_status read_whom(struct snw_ctx *ctx, const struct snw_arguments *a,
                            struct snw_request *r)
{
    static const char *const sexes[] = {"female", "male", "both"};
    double from = r->valuation.from_age;
    snw_status status = read_positive(ctx, "--from", a->from, &from);
    if (status != SNW_OK)
        return status;
    if (from != floor(from) || from > 1000)
        return snw_fail(ctx, SNW_ERR_USAGE, "--from %s: an age in whole years is wanted", a->from);
    r->valuation.from_age = (int)from;
    r->valuation.strategies = a->strategies;
    for (int sex = 0; a->sex && sex < 3; sex++) {
        if (strcmp(a->sex, sexes[sex]) == 0) {
            r->valuation.whom = (enum snw_whom)sex;
            return SNW_OK;
        }
    }
    if (a->sex)
        return snw_fail(ctx, SNW_ERR_USAGE, "--sex %s: female, male or both is wanted", a->sex);
    return SNW_OK;
}

static snw_status read_research(struct snw_ctx *ctx, const struct snw_arguments *a,
                                struct snw_request *r)
{
    snw_status status = SNW_OK;
    double cost[2] = {0};
    SNW_TRY(read_positive(ctx, "--population", a->population, &r->question.population));
    SNW_TRY(read_positive(ctx, "--years", a->years, &r->question.years));
    if (a->trial)
        SNW_TRY(read_trial(ctx, a->trial, r));
    if (a->trial_cost &&
        (snw_read_reals(a->trial_cost, cost, 2) == 0 || cost[0] < 0 || cost[1] < 0 || !a->trial))
        SNW_TRY(snw_fail(ctx, SNW_ERR_USAGE,
                         "--trial-cost %s: money for the whole, or with a comma money for each "
                         "person too, is wanted, beside --trial",
                         a->trial_cost));
    r->trial.cost = cost[0];
    r->trial.cost_each = cost[1];
    if (a->two_way)
        SNW_TRY(read_pair(ctx, a->two_way, r));
    if (a->equity)
        SNW_TRY(read_equity(ctx, a->equity, r));
out:
    return status;
}

snw_status snw_request_read(struct snw_ctx *ctx, const struct snw_arguments *a,
                            struct snw_request *r)
{
    snw_status status = SNW_OK;
    *r = (struct snw_request){.valuation = {.whom = SNW_BOTH}};
    if (a->n_words != 1)
        return snw_fail(ctx, SNW_ERR_USAGE, "sinew decide wants one result");
    if (a->format && strcmp(a->format, "text") != 0 && strcmp(a->format, "csv") != 0 &&
        strcmp(a->format, "json") != 0)
        return snw_fail(ctx, SNW_ERR_USAGE, "--format %s: text, csv or json is wanted", a->format);
    SNW_TRY(snw_result_require(ctx, a->words[0]));
    SNW_TRY(take_settings(ctx, a->words[0], r));
    if (a->wtp)
        SNW_TRY(read_thresholds(ctx, "--wtp", a->wtp, r));
    if (a->discount)
        SNW_TRY(read_rates(ctx, a->discount, r));
    SNW_TRY(read_whom(ctx, a, r));
    SNW_TRY(read_research(ctx, a, r));
    r->question.pair = &r->pair;
out:
    return status;
}
