/* Totals a person and parameters, of each strategy and draw. */
#define _POSIX_C_SOURCE 200809L /* strdup */

#include "decision/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decision/shrink.h"
#include "decision/value.h"

static const double proportional = 1e-6; /* relative: less is rounding */

struct reader {
    struct snw_ctx *ctx;
    struct snw_file file;
    struct snw_evidence *evidence;
    size_t n_scenarios, *scenario; /* in the file; (n_strategies,) which of them */
    size_t n_draws, n_ages;        /* in the file, the point estimate among them */
    double *cost, *effect, *alive; /* (scenarios, draws, sexes, ages) */
    double weight[2][SNW_N_AGES];  /* of costs, of effects, from the first age on */
};

static snw_status no_memory(struct reader *r)
{
    return snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory to read %s", r->file.path);
}

/* Reads one of the three; shapes must agree. */
static snw_status read_cells(struct reader *r, const char *name, double **values)
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    char dataset[64];
    snprintf(dataset, sizeof dataset, "summary/%s", name);
    if (!snw_object_exists(&r->file, dataset))
        return snw_fail(r->ctx, SNW_ERR_USAGE,
                        "%s has no %s: it was left out of output.measures, and no decision can be "
                        "made without it",
                        r->file.path, name);
    SNW_TRY(snw_shape_read(&r->file, dataset, &shape, r->ctx));
    if (r->n_draws == 0 && shape.n_dims == 4) {
        r->n_draws = shape.length[1];
        r->n_ages = shape.length[3];
    }
    if (shape.n_dims != 4 || shape.length[0] != r->n_scenarios || shape.length[1] != r->n_draws ||
        shape.length[2] != 2 || shape.length[3] != r->n_ages || r->n_ages > SNW_N_AGES)
        return snw_fail(r->ctx, SNW_ERR_FORMAT, "%s: %s is not (scenario, draw, sex, age)",
                        r->file.path, dataset);
    *values = malloc((shape.n_values + 1) * sizeof **values);
    if (!*values)
        return no_memory(r);
    SNW_TRY(snw_doubles_read(&r->file, dataset, *values, shape.n_values, r->ctx));
out:
    return status;
}

static size_t cell(const struct reader *r, size_t strategy, size_t draw, int sex, int age)
{
    return ((r->scenario[strategy] * r->n_draws + draw) * 2 + (size_t)sex) * r->n_ages +
           (size_t)(age - SNW_AGE_FIRST);
}

/* Present value over all ages from the first on, divided by who lives at that. */
static void total_of(const struct reader *r, size_t strategy, size_t draw, double *cost,
                     double *effect, double *people)
{
    const struct snw_valuation *v = &r->evidence->valuation;
    size_t at = cell(r, strategy, draw, 0, SNW_AGE_FIRST);
    struct snw_flow flow = {.n_ages = r->n_ages,
                            .from = (size_t)(v->from_age - SNW_AGE_FIRST),
                            .weight = r->weight[0],
                            .people = r->alive + at,
                            .flow = r->cost + at,
                            .step = 1};
    *people = snw_flow_people(&flow, v->whom);
    *cost = snw_flow_total(&flow, v->whom);
    flow.weight = r->weight[1];
    flow.flow = r->effect + at;
    *effect = snw_flow_total(&flow, v->whom);
}

static snw_status make_sample(struct reader *r, size_t n_draws, struct snw_psa *sample)
{
    size_t n = r->evidence->n_strategies;
    *sample = (struct snw_psa){n, n_draws, calloc(n * n_draws, sizeof(double)),
                               calloc(n * n_draws, sizeof(double))};
    return sample->cost && sample->effect ? SNW_OK : no_memory(r);
}

static bool both_live(const struct reader *r)
{
    for (int sex = 0; sex < 2; sex++)
        for (size_t draw = 0; draw < r->n_draws; draw++)
            if (!(r->alive[cell(r, 0, draw, sex, r->evidence->valuation.from_age)] > 0))
                return false;
    return true;
}

static snw_status take_totals(struct reader *r)
{
    snw_status status = SNW_OK;
    struct snw_evidence *e = r->evidence;
    size_t n = r->n_draws - 1;
    SNW_TRY(make_sample(r, 1, &e->point));
    SNW_TRY(make_sample(r, n, &e->sample));
    snw_flow_weights(e->valuation.cost_rate, r->n_ages, r->weight[0]);
    snw_flow_weights(e->valuation.effect_rate, r->n_ages, r->weight[1]);
    e->cohort =
        snw_flow_people(&(struct snw_flow){.n_ages = r->n_ages,
                                           .people = r->alive + cell(r, 0, 0, 0, SNW_AGE_FIRST)},
                        e->valuation.whom);
    e->both = both_live(r);
    for (size_t draw = 0; draw < r->n_draws; draw++) {
        double reference = 0;
        for (size_t s = 0; s < e->n_strategies; s++) {
            double cost, effect, people;
            total_of(r, s, draw, &cost, &effect, &people);
            if (people != people || cost != cost || effect != effect)
                return snw_fail(r->ctx, SNW_ERR_USAGE,
                                "%s keeps no draws of cost, qaly and alive_n, or nobody lives at "
                                "%d: name all three in output.per_draw and run again",
                                r->file.path, e->valuation.from_age);
            reference = s == 0 ? people : reference;
            if (people != reference)
                return snw_fail(r->ctx, SNW_ERR_USAGE,
                                "at %d %s has other people alive than %s (draw %zu: %.0f, %.0f): "
                                "they differ from earlier on; take --from %d",
                                e->valuation.from_age, e->strategies.text[s], e->strategies.text[0],
                                draw, people, reference, SNW_AGE_FIRST);
            struct snw_psa *to = draw ? &e->sample : &e->point;
            size_t at = draw ? s * n + draw - 1 : s;
            to->cost[at] = cost;
            to->effect[at] = effect;
            if (draw > 0 && s == 0)
                e->persons += people / (double)n;
        }
    }
out:
    return status;
}

/* @return whether an element differs between draws, and not in proportion to one kept before. */
static bool is_new(const struct snw_evidence *e, size_t first, const double *values, size_t length,
                   size_t i, size_t n)
{
    bool varies = false;
    for (size_t k = 1; k <= n; k++)
        varies |= values[k * length + i] != values[length + i];
    for (size_t j = first; varies && j < e->n_elements; j++) {
        const double *kept = e->element[j].values;
        bool same = kept[0] != 0;
        for (size_t k = 1; same && k < n; k++) {
            double one = values[(k + 1) * length + i] * kept[0],
                   other = kept[k] * values[length + i];
            same = one - other <= proportional * (one < 0 ? -one : one) &&
                   other - one <= proportional * (one < 0 ? -one : one);
        }
        varies = !same;
    }
    return varies;
}

/* Elements of one parameter that differ between draws. */
static snw_status take_parameter(struct reader *r, const char *dataset)
{
    snw_status status = SNW_OK;
    struct snw_evidence *e = r->evidence;
    struct snw_shape shape;
    double *values = NULL;
    char key[96];
    size_t n = r->n_draws - 1, first = e->n_elements;
    SNW_TRY(snw_shape_read(&r->file, dataset, &shape, r->ctx));
    if (shape.type == SNW_TEXT || shape.n_dims < 1 || shape.length[0] != r->n_draws ||
        !snw_attribute_exists(&r->file, dataset, "key"))
        return SNW_OK;
    SNW_TRY(snw_attribute_read_text(&r->file, dataset, "key", key, sizeof key, r->ctx));
    size_t length = shape.n_values / r->n_draws, section = strcspn(key, ".");
    values = malloc(shape.n_values * sizeof *values);
    if (!values)
        return no_memory(r);
    SNW_TRY(snw_doubles_read(&r->file, dataset, values, shape.n_values, r->ctx));
    struct snw_element *more = realloc(e->element, (e->n_elements + length) * sizeof *e->element);
    if (!more)
        SNW_TRY(no_memory(r));
    e->element = more;
    for (size_t i = 0; i < length; i++) {
        struct snw_element *to = &e->element[e->n_elements];
        if (!is_new(e, first, values, length, i, n))
            continue;
        *to = (struct snw_element){.values = malloc(n * sizeof *to->values)};
        if (!to->values)
            SNW_TRY(no_memory(r));
        e->n_elements++;
        snprintf(to->section, sizeof to->section, "%.*s", (int)section, key);
        to->id = key[section] ? snw_param_find(to->section, key + section + 1) : SNW_PARAM_COUNT;
        if (to->id < SNW_PARAM_COUNT && snw_param_table[to->id].length == length)
            snw_param_key(to->id, i, to->key, sizeof to->key);
        else
            snprintf(to->key, sizeof to->key, length > 1 ? "%.70s.%zu" : "%.95s", key, i);
        for (size_t k = 0; k < n; k++)
            to->values[k] = values[(k + 1) * length + i];
    }
out:
    free(values);
    return status;
}

static snw_status take_parameters(struct reader *r)
{
    snw_status status = SNW_OK;
    struct snw_texts paths = {0};
    SNW_TRY(snw_datasets_list(&r->file, "parameters", NULL, &paths, r->ctx));
    for (size_t i = 0; i < paths.n; i++)
        SNW_TRY(take_parameter(r, paths.text[i]));
out:
    snw_texts_free(&paths);
    return status;
}

snw_status snw_money_read(struct snw_ctx *ctx, struct snw_file *file, const char *dataset,
                          struct snw_money *money)
{
    snw_status status = SNW_OK;
    const struct {
        const char *name;
        char *text;
        size_t size;
    } all[] = {{"units", money->unit, sizeof money->unit},
               {"ledger", money->ledger, sizeof money->ledger},
               {"price_index", money->price_index, sizeof money->price_index}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        SNW_TRY(snw_attribute_read_text(file, dataset, all[i].name, all[i].text, all[i].size, ctx));
    snprintf(money->per_qaly, sizeof money->per_qaly, "%s/QALY", money->unit);
    snprintf(money->perspective, sizeof money->perspective, "%s",
             strcmp(money->ledger, "disability") == 0 ? "cost of illness" : "health-care sector");
    if (snw_attribute_exists(file, dataset, "perspective"))
        SNW_TRY(snw_attribute_read_text(file, dataset, "perspective", money->perspective,
                                        sizeof money->perspective, ctx));
out:
    return status;
}

static snw_status check(struct reader *r)
{
    const struct snw_evidence *e = r->evidence;
    const char *path = r->file.path;
    int last = SNW_AGE_FIRST + (int)r->n_ages - 1;
    if (snw_object_exists(&r->file, "summary_by_year") || snw_object_exists(&r->file, "study"))
        return snw_fail(r->ctx, SNW_ERR_USAGE,
                        "%s: ages are of different people, not of one life; costs and QALYs over "
                        "a life want population.mode: birth_cohort",
                        path);
    if (e->n_strategies < 2)
        return snw_fail(r->ctx, SNW_ERR_USAGE,
                        "%s has one strategy only, %s: there is nothing to decide; name others "
                        "under scenarios",
                        path, e->strategies.n ? e->strategies.text[0] : "");
    if (e->valuation.from_age < SNW_AGE_FIRST || e->valuation.from_age > last)
        return snw_fail(r->ctx, SNW_ERR_USAGE, "--from %d: an age from %d to %d is wanted",
                        e->valuation.from_age, SNW_AGE_FIRST, last);
    if (r->n_draws < 1 + SNW_LEAST_DRAWS)
        return snw_fail(r->ctx, SNW_ERR_USAGE,
                        "%s has %zu draws of the uncertain parameters, at least %d are wanted: run "
                        "with --set uncertainty.draws=1000",
                        path, r->n_draws ? r->n_draws - 1 : 0, SNW_LEAST_DRAWS);
    return SNW_OK;
}

/* Appends a strategy. */
static snw_status take_strategy(struct reader *r, const struct snw_texts *all, size_t at)
{
    struct snw_evidence *e = r->evidence;
    for (size_t s = 0; s < e->n_strategies; s++)
        if (r->scenario[s] == at)
            return snw_fail(r->ctx, SNW_ERR_USAGE, "--strategies %s: %s is there twice",
                            e->valuation.strategies, all->text[at]);
    r->scenario[e->n_strategies] = at;
    e->strategies.text[e->n_strategies] = strdup(all->text[at]);
    if (!e->strategies.text[e->n_strategies])
        return no_memory(r);
    e->strategies.n = ++e->n_strategies;
    return SNW_OK;
}

/* Finds which scenarios are compared, in the order asked for. */
static snw_status choose(struct reader *r)
{
    snw_status status = SNW_OK;
    const char *list = r->evidence->valuation.strategies;
    struct snw_texts all = {0};
    SNW_TRY(snw_texts_read(&r->file, "summary/scenario", &all, r->ctx));
    r->n_scenarios = all.n;
    r->scenario = calloc(all.n + 1, sizeof *r->scenario);
    r->evidence->strategies.text = calloc(all.n + 1, sizeof(char *));
    if (!r->scenario || !r->evidence->strategies.text)
        SNW_TRY(no_memory(r));
    for (size_t s = 0; !list && s < all.n; s++)
        SNW_TRY(take_strategy(r, &all, s));
    while (list && *list) {
        size_t n = strcspn(list, ","), s = 0;
        while (s < all.n && (strlen(all.text[s]) != n || strncmp(all.text[s], list, n) != 0))
            s++;
        if (s == all.n)
            SNW_TRY(snw_fail(r->ctx, SNW_ERR_USAGE, "--strategies: %s has no scenario %.*s",
                             r->file.path, (int)n, list));
        SNW_TRY(take_strategy(r, &all, s));
        list += n + (list[n] == ',');
    }
out:
    snw_texts_free(&all);
    return status;
}

snw_status snw_evidence_read(struct snw_ctx *ctx, const char *path,
                             const struct snw_valuation *valuation, struct snw_evidence *evidence)
{
    snw_status status = SNW_OK, closed;
    struct reader r = {.ctx = ctx, .evidence = evidence};
    *evidence = (struct snw_evidence){.valuation = *valuation};
    status = snw_file_open(&r.file, path, ctx);
    if (status != SNW_OK)
        return status;
    SNW_TRY(choose(&r));
    SNW_TRY(read_cells(&r, "cost", &r.cost));
    SNW_TRY(snw_money_read(ctx, &r.file, "summary/cost", &evidence->money));
    SNW_TRY(check(&r));
    SNW_TRY(read_cells(&r, "qaly", &r.effect));
    SNW_TRY(read_cells(&r, "alive_n", &r.alive));
    SNW_TRY(take_totals(&r));
    SNW_TRY(take_parameters(&r));
out:
    closed = snw_file_close(&r.file, ctx);
    free(r.cost);
    free(r.effect);
    free(r.alive);
    free(r.scenario);
    return status == SNW_OK ? closed : status;
}

void snw_evidence_free(struct snw_evidence *e)
{
    for (size_t i = 0; i < e->n_elements; i++)
        free(e->element[i].values);
    free(e->element);
    free(e->point.cost);
    free(e->point.effect);
    free(e->sample.cost);
    free(e->sample.effect);
    snw_texts_free(&e->strategies);
    *e = (struct snw_evidence){.n_strategies = 0};
}

static bool same_strategies(const struct snw_evidence *a, const struct snw_evidence *b)
{
    bool same = a->n_strategies == b->n_strategies;
    for (size_t s = 0; same && s < a->n_strategies; s++)
        same = strcmp(a->strategies.text[s], b->strategies.text[s]) == 0;
    return same;
}

/* Says what keeps the noise of one result from being that of another. */
static snw_status of_one_kind(struct snw_ctx *ctx, const struct snw_evidence *e,
                              const struct snw_evidence *noise, const char *path)
{
    snw_status status = SNW_OK;
    const struct snw_money *a = &e->money, *b = &noise->money;
    if (strcmp(a->perspective, b->perspective) != 0 && strcmp(a->ledger, b->ledger) == 0)
        status = snw_fail(ctx, SNW_ERR_USAGE,
                          "%s is from the %s perspective, the result from that of %s", path,
                          b->perspective, a->perspective);
    if (strcmp(a->ledger, b->ledger) != 0)
        status = snw_fail(ctx, SNW_ERR_USAGE,
                          "%s is by the %s ledger, the result by the %s ledger: ledgers are views "
                          "of the same money and are never mixed",
                          path, b->ledger, a->ledger);
    if (strcmp(a->unit, b->unit) != 0 || strcmp(a->price_index, b->price_index) != 0)
        status = snw_fail(ctx, SNW_ERR_USAGE, "%s is in %s by %s, the result in %s by %s", path,
                          b->unit, b->price_index, a->unit, a->price_index);
    if (!same_strategies(e, noise))
        status = snw_fail(ctx, SNW_ERR_USAGE, "%s has other strategies than the result", path);
    if (e->cohort != noise->cohort)
        status = snw_fail(ctx, SNW_ERR_USAGE, "%s has %.0f people in a draw, the result %.0f", path,
                          noise->cohort, e->cohort);
    if (noise->n_elements > 0)
        status = snw_fail(ctx, SNW_ERR_USAGE,
                          "%s is not of luck alone, %s varies: run the same config with --set "
                          "uncertainty.sections=[]",
                          path, noise->element[0].key);
    return status;
}

snw_status snw_evidence_noise(struct snw_ctx *ctx, const struct snw_evidence *evidence,
                              const char *path, double *covariance)
{
    snw_status status = SNW_OK;
    struct snw_evidence noise = {.n_strategies = 0};
    double *increments = NULL;
    SNW_TRY(snw_evidence_read(ctx, path, &evidence->valuation, &noise));
    SNW_TRY(of_one_kind(ctx, evidence, &noise, path));
    increments = snw_increments(&noise.sample);
    if (!increments)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to read %s", path));
    snw_covariance(2 * (noise.n_strategies - 1), noise.sample.n_draws, increments, covariance);
out:
    free(increments);
    snw_evidence_free(&noise);
    return status;
}
