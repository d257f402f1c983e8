/* What a trial is worth before it is made. */
#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"
#include "decision/benefit.h"
#include "decision/figures.h"
#include "decision/value.h"

static const struct snw_element *element_of(const struct snw_evidence *e, const char *key)
{
    for (size_t i = 0; i < e->n_elements; i++)
        if (strcmp(e->element[i].key, key) == 0)
            return &e->element[i];
    return NULL;
}

snw_status snw_element_find(struct snw_ctx *ctx, const struct snw_evidence *e, const char *key,
                            const struct snw_element **element)
{
    *element = element_of(e, key);
    if (*element)
        return SNW_OK;
    return snw_fail(ctx, SNW_ERR_USAGE,
                    "%s does not vary between the draws: a key of the table of single parameters "
                    "is wanted, as in --format csv, such as %s",
                    key, e->n_elements ? e->element[0].key : "falls.frail");
}

/* The parameter on the trial's scale. */
static snw_status scaled(struct snw_ctx *ctx, const struct snw_trial *trial,
                         const struct snw_element *element, size_t n, double *values)
{
    for (size_t k = 0; k < n; k++) {
        double x = element->values[k];
        if (trial->ln && !(x > 0))
            return snw_fail(ctx, SNW_ERR_USAGE,
                            "--trial ln:%s: %g in a draw has no logarithm; leave ln: out",
                            trial->key, x);
        values[k] = trial->ln ? snw_log_f64(x) : x;
    }
    return SNW_OK;
}

/* One size at one threshold: a person; all who face the decision; that less what it costs. */
static void tell(const struct snw_evidence *e, const struct snw_question *q, const double *most,
                 size_t size, const struct snw_evppi *evsi, struct snw_figures *figures)
{
    const struct snw_trial *trial = q->trial;
    double all = snw_population_value(1, q->population, q->years, e->valuation.cost_rate);
    double cost = trial->cost + trial->cost_each * 2 * trial->size[size];
    for (size_t t = 0; t < q->n_thresholds; t++) {
        struct snw_figure f = snw_figure_of("information_of_trial", "evsi", e->money.unit,
                                            snw_at_most(most, t, evsi[t].value));
        f.about = trial->label[size];
        f.threshold = q->threshold[t];
        f.se = evsi[t].se;
        snw_figure_add(figures, f);
        if (!(all > 0))
            continue;
        f.statistic = "evsi_population";
        f.value *= all;
        f.se *= all;
        snw_figure_add(figures, f);
        f.statistic = "net_benefit_of_trial";
        f.value -= cost;
        if (cost > 0)
            snw_figure_add(figures, f);
    }
}

snw_status snw_conclude_trial(struct snw_ctx *ctx, const struct snw_evidence *e,
                              const struct snw_question *q, const double *most,
                              struct snw_figures *figures)
{
    snw_status status = SNW_OK;
    const struct snw_trial *trial = q->trial;
    const struct snw_element *element;
    double *values = malloc(e->sample.n_draws * sizeof *values);
    struct snw_evppi *evsi = malloc(q->n_thresholds * sizeof *evsi);
    if (!values || !evsi)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the value of a trial"));
    SNW_TRY(snw_element_find(ctx, e, trial->key, &element));
    SNW_TRY(scaled(ctx, trial, element, e->sample.n_draws, values));
    for (size_t i = 0; i < trial->n_sizes; i++) {
        const struct snw_estimate estimate = {values, trial->sd * snw_sqrt_f64(2 / trial->size[i])};
        SNW_TRY(snw_evsi_of(ctx, &e->sample, &estimate, q->n_thresholds, q->threshold, evsi));
        tell(e, q, most, i, evsi, figures);
    }
out:
    free(values);
    free(evsi);
    return status;
}
