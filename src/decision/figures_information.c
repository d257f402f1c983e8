/* Which parameters matter: value of information on each and on their sections, one-way analysis. */
#include <stdlib.h>
#include <string.h>

#include "decision/figures.h"
#include "decision/value.h"

/* One thing that could be known. */
struct subject {
    const char *name;
    bool section;
    enum snw_basis_kind kind;
    struct snw_evppi *evppi; /* (n_thresholds,) */
    double key;              /* larger ones stand first */
};

static int by_key(const void *a, const void *b)
{
    const struct subject *x = a, *y = b;
    double one = x->key == x->key ? x->key : -1, other = y->key == y->key ? y->key : -1;
    if (x->section != y->section)
        return x->section ? -1 : 1;
    if (one != other)
        return one > other ? -1 : 1;
    return strcmp(x->name, y->name);
}

static const char *form(enum snw_basis_kind kind)
{
    static const char *const names[] = {"by splines", "by straight lines",
                                        "too few draws for so many parameters together"};
    return names[kind];
}

/* Value of knowing n elements at once. */
static snw_status judge(struct snw_ctx *ctx, const struct snw_evidence *e,
                        const struct snw_question *q, const double *const *values, size_t n,
                        struct subject *subject)
{
    const struct snw_regressors on = {n, e->sample.n_draws, values};
    subject->kind = snw_basis_for(n, e->sample.n_draws);
    subject->evppi = malloc(q->n_thresholds * sizeof *subject->evppi);
    if (!subject->evppi)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the value of information");
    snw_status status =
        snw_evppi_of(ctx, &e->sample, &on, q->n_thresholds, q->threshold, subject->evppi);
    subject->key = subject->evppi[(q->n_thresholds - 1) / 2].value;
    return status;
}

static void tell(const struct snw_evidence *e, const struct snw_question *q, const double *most,
                 const struct subject *subject, struct snw_figures *figures)
{
    for (size_t t = 0; t < q->n_thresholds; t++) {
        struct snw_figure f =
            snw_figure_of(subject->section ? "information_on_section" : "information_on_parameter",
                          "evppi", e->money.unit, snw_at_most(most, t, subject->evppi[t].value));
        f.about = subject->name;
        f.threshold = q->threshold[t];
        f.se = subject->evppi[t].se;
        f.note = form(subject->kind);
        snw_figure_add(figures, f);
    }
}

/* The subjects: every element, and every section with more than one. */
static snw_status judge_all(struct snw_ctx *ctx, const struct snw_evidence *e,
                            const struct snw_question *q, struct subject *subjects, size_t *n)
{
    snw_status status = SNW_OK;
    const double **values = malloc((e->n_elements + 1) * sizeof *values);
    if (!values)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the value of information");
    for (size_t i = 0; i < e->n_elements; i++) {
        subjects[*n] = (struct subject){.name = e->element[i].key};
        values[0] = e->element[i].values;
        SNW_TRY(judge(ctx, e, q, values, 1, &subjects[(*n)++]));
    }
    for (size_t i = 0; i < e->n_elements; i++) {
        const char *section = e->element[i].section;
        size_t members = 0;
        bool first = true;
        for (size_t j = 0; j < e->n_elements; j++)
            if (strcmp(e->element[j].section, section) == 0) {
                first &= j >= i;
                values[members++] = e->element[j].values;
            }
        if (!first || members < 2)
            continue;
        subjects[*n] = (struct subject){.name = section, .section = true};
        SNW_TRY(judge(ctx, e, q, values, members, &subjects[(*n)++]));
    }
out:
    free(values);
    return status;
}

struct swing {
    size_t element, strategy;
    double low, high;
};

static int by_swing(const void *a, const void *b)
{
    const struct swing *x = a, *y = b;
    double one = x->high - x->low, other = y->high - y->low;
    one = one < 0 ? -one : one;
    other = other < 0 ? -other : other;
    if (x->strategy != y->strategy)
        return x->strategy < y->strategy ? -1 : 1;
    if (one != other)
        return one > other ? -1 : 1;
    return (x->element > y->element) - (x->element < y->element);
}

/* Tornado: incremental net benefit at both ends of each parameter, at the middle threshold. */
static snw_status one_way(struct snw_ctx *ctx, const struct snw_evidence *e,
                          const struct snw_question *q, struct snw_figures *figures)
{
    snw_status status = SNW_OK;
    size_t d = e->n_strategies - 1, n = e->n_elements * d;
    double *ends = malloc(2 * e->n_strategies * sizeof *ends);
    struct swing *swings = malloc((n + 1) * sizeof *swings);
    if (!ends || !swings)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the one-way analysis"));
    for (size_t i = 0; i < e->n_elements; i++) {
        SNW_TRY(snw_one_way(ctx, &e->sample, e->element[i].values, snw_middle_threshold(q), ends,
                            ends + e->n_strategies));
        for (size_t s = 1; s <= d; s++)
            swings[i * d + s - 1] = (struct swing){i, s, ends[s], ends[e->n_strategies + s]};
    }
    qsort(swings, n, sizeof *swings, by_swing);
    for (size_t i = 0; i < n; i++) {
        const struct swing *w = &swings[i];
        struct snw_figure f =
            snw_figure_of("one_way", "incremental_nmb", e->money.unit, __builtin_nan(""));
        f.strategy = e->strategies.text[w->strategy];
        f.versus = e->strategies.text[0];
        f.about = e->element[w->element].key;
        f.threshold = snw_middle_threshold(q);
        f.low = w->low;
        f.high = w->high;
        snw_figure_add(figures, f);
    }
out:
    free(ends);
    free(swings);
    return status;
}

snw_status snw_conclude_information(struct snw_ctx *ctx, const struct snw_evidence *e,
                                    const struct snw_question *q, const double *most,
                                    struct snw_figures *figures)
{
    snw_status status = SNW_OK;
    size_t n = 0;
    struct subject *subjects = calloc(2 * e->n_elements + 1, sizeof *subjects);
    if (!subjects)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the value of information");
    SNW_TRY(judge_all(ctx, e, q, subjects, &n));
    qsort(subjects, n, sizeof *subjects, by_key);
    for (size_t i = 0; i < n; i++)
        tell(e, q, most, &subjects[i], figures);
    SNW_TRY(one_way(ctx, e, q, figures));
out:
    for (size_t i = 0; i < n; i++)
        free(subjects[i].evppi);
    free(subjects);
    return status;
}

void snw_conclude_budget(const struct snw_budget *b, struct snw_figures *figures)
{
    static const char *const years[] = {"year 1", "year 2", "year 3", "year 4", "year 5"};
    for (size_t s = 0; s < b->strategies.n; s++)
        for (size_t y = 0; y < b->n_years; y++) {
            double cost = b->cost[s * b->n_years + y];
            struct snw_figure f = snw_figure_of("budget", "cost", b->money.unit, cost);
            f.strategy = b->strategies.text[s];
            f.about = years[y];
            f.note = b->closed ? "nation, undiscounted; nobody enters"
                               : "nation and who joins it, undiscounted";
            snw_figure_add(figures, f);
            f.statistic = "budget_impact";
            f.versus = b->strategies.text[0];
            f.value = cost - b->cost[y];
            if (s > 0)
                snw_figure_add(figures, f);
        }
}
