/* The joint posterior simulated again, for all targets. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibration/findings.h"
#include "numerics/quantiles.h"

struct check {
    struct snw_calibration *c;
    const struct snw_target **targets;
    size_t *target, *draw;
    size_t n_targets, n_check, n_median;
    struct snw_simulator simulator;
    struct snw_evaluations record;
    double *score, *centre;
};

static void check_free(struct check *k)
{
    snw_simulator_free(&k->simulator);
    snw_evaluations_close(&k->record);
    free(k->targets);
    free(k->target);
    free(k->draw);
    free(k->score);
    free(k->centre);
}

/* Medians of the scores: those of every element too, which rise or fall with their score. */
static snw_status find_centre(struct check *k)
{
    const struct snw_calibration *c = k->c;
    size_t n = c->n_draws;
    double *z = malloc(n * sizeof *z);
    if (!z)
        return snw_fail(c->ctx, SNW_ERR_MEMORY, "no memory for medians");
    for (size_t p = 0; p < c->stages.n_parameters; p++) {
        snw_sorted_scores(c, p, z);
        k->centre[p] = (z[(n - 1) / 2] + z[n / 2]) / 2;
    }
    free(z);
    return SNW_OK;
}

static snw_status begin(struct check *k)
{
    snw_status status = SNW_OK;
    struct snw_calibration *c = k->c;
    size_t n = c->stages.n_parameters, all = k->n_check + k->n_median;
    k->targets = calloc(c->targets.n + 1, sizeof *k->targets);
    k->target = calloc(c->targets.n + 1, sizeof *k->target);
    k->draw = calloc(k->n_check + 1, sizeof *k->draw);
    k->score = calloc(all * n + 1, sizeof *k->score);
    k->centre = calloc(n + 1, sizeof *k->centre);
    if (!k->targets || !k->target || !k->draw || !k->score || !k->centre)
        return snw_fail(c->ctx, SNW_ERR_MEMORY, "no memory for the last runs");
    for (size_t j = 0; j < c->targets.n; j++)
        if (c->targets.list[j].op != SNW_OP_none) {
            k->target[k->n_targets] = j;
            k->targets[k->n_targets++] = &c->targets.list[j];
        }
    SNW_TRY(snw_simulator_init(c->ctx, c->settings, (int64_t)c->stages.run[SNW_RUN_check_persons],
                               (int64_t)c->stages.run[SNW_RUN_check_reference], k->targets,
                               k->n_targets, &k->simulator));
    if (c->ranks->rank != 0)
        goto out;
    SNW_TRY(snw_calibrate_record(c, NULL, k->targets, k->n_targets, all, &k->record));
    SNW_TRY(find_centre(k));
    for (size_t i = 0; i < k->n_check; i++) {
        k->draw[i] = i * c->n_draws / k->n_check;
        memcpy(k->score + i * n, c->draw + k->draw[i] * n, n * sizeof *k->score);
    }
    for (size_t i = k->n_check; i < all; i++)
        memcpy(k->score + i * n, k->centre, n * sizeof *k->score);
    SNW_TRY(snw_posterior_write(c));
out:
    return status;
}

snw_status snw_calibrate_finish(struct snw_calibration *c)
{
    snw_status status = SNW_OK;
    struct check k = {.c = c,
                      .n_check = (size_t)c->stages.run[SNW_RUN_check],
                      .n_median = (size_t)c->stages.run[SNW_RUN_median_runs],
                      .record = {.fd = -1}};
    SNW_TRY(snw_ranks_agree(c->ranks, begin(&k), c->ctx));
    const struct snw_wave wave = {.ranks = c->ranks,
                                  .space = &c->space,
                                  .simulator = &k.simulator,
                                  .targets = k.targets,
                                  .n_targets = k.n_targets,
                                  .n_scores = c->stages.n_parameters,
                                  .luck = 900000000u,
                                  .name = "check",
                                  .quiet = c->options->quiet,
                                  .until = c->until,
                                  .person_years = &c->person_years};
    c->n_evaluations += k.n_check + k.n_median;
    SNW_TRY(snw_wave_run(c->ctx, &wave, &k.record, 0, k.n_check + k.n_median, k.score));
    if (c->ranks->rank == 0) {
        const struct snw_findings found = {.targets = k.targets,
                                           .target = k.target,
                                           .n_targets = k.n_targets,
                                           .n_check = k.n_check,
                                           .n_median = k.n_median,
                                           .checked = k.record.value,
                                           .median = k.record.value + k.n_check * k.n_targets,
                                           .draw = k.draw,
                                           .centre = k.centre};
        status = snw_findings_write(c, &found);
    }
    SNW_TRY(snw_ranks_agree(c->ranks, status, c->ctx));
out:
    check_free(&k);
    return status;
}
