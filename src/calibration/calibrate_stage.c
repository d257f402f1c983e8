/* One stage: design, emulator, first posterior, runs about it, emulator, posterior. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calibration/calibrate.h"
#include "core/vmath.h"
#include "numerics/distributions.h"

/* The design is wider than the prior, and the second runs than the first posterior, so that the
   emulator knows the surroundings too. */
static const double design_widens = 1.25, second_widens = 1.4;

enum { LUCK_OF_STAGE = 1000000 }; /* evaluations of a stage at most; draws of a run have less */

struct work {
    struct snw_calibration *c;
    struct snw_stage *stage;
    size_t k, n_scores;
    const struct snw_target **targets; /* (n_targets,) of the stage */
    struct snw_simulator simulator;
    /* of rank 0 */
    struct snw_evaluations record;
    struct snw_stage_prior prior;
    struct snw_datum *data;
    struct snw_emulator emulator;
    double *score;          /* (all, n_scores) scores of evaluations */
    double *own, *known;    /* the two parts of them, (all, ..) */
    double *drawn, *before; /* (n_draws, n) and (n_draws, known) */
    size_t design, held_out, second;
};

static size_t all_of(const struct work *w)
{
    return w->design + w->held_out + w->second;
}

static bool leads(const struct work *w)
{
    return w->c->ranks->rank == 0;
}

static snw_status begin(struct work *w)
{
    snw_status status = SNW_OK;
    struct snw_calibration *c = w->c;
    size_t n = w->stage->n_targets, all = all_of(w);
    w->targets = calloc(n + 1, sizeof *w->targets);
    w->data = malloc((n + 1) * sizeof *w->data);
    w->score = calloc(all * w->n_scores + 1, sizeof *w->score);
    w->own = calloc(all * w->stage->n + 1, sizeof *w->own);
    w->known = calloc(all * w->stage->first + 1, sizeof *w->known);
    w->drawn = calloc(c->n_draws * w->stage->n + 1, sizeof *w->drawn);
    w->before = calloc(c->n_draws * w->stage->first + 1, sizeof *w->before);
    double *weight = malloc((n + 1) * sizeof *weight);
    bool *held = malloc((n + 1) * sizeof *held);
    if (!w->targets || !w->data || !w->score || !w->own || !w->known || !w->drawn || !w->before ||
        !weight || !held)
        SNW_TRY(snw_fail(c->ctx, SNW_ERR_MEMORY, "no memory for stage %s", w->stage->name));
    for (size_t j = 0; j < n; j++) {
        w->targets[j] = &c->targets.list[w->stage->target[j]];
        weight[j] = c->stages.weight[w->stage->target[j]];
        held[j] = c->stages.held_out[w->stage->target[j]];
    }
    snw_data_of(w->targets, n, weight, held, w->data);
    for (size_t i = 0; i < c->n_draws; i++)
        memcpy(w->before + i * w->stage->first, c->draw + i * c->stages.n_parameters,
               w->stage->first * sizeof *w->before);
    SNW_TRY(snw_simulator_init(c->ctx, c->settings, (int64_t)w->stage->run[SNW_RUN_persons],
                               (int64_t)w->stage->run[SNW_RUN_reference], w->targets, n,
                               &w->simulator));
    if (!leads(w))
        goto out;
    SNW_TRY(snw_stage_prior_init(c->ctx, &c->space, w->stage, &w->prior));
    SNW_TRY(snw_calibrate_record(c, w->stage, w->targets, n, all, &w->record));
out:
    free(weight);
    free(held);
    return status;
}

static void work_free(struct work *w)
{
    snw_simulator_free(&w->simulator);
    snw_evaluations_close(&w->record);
    snw_stage_prior_free(&w->prior);
    snw_emulator_free(&w->emulator);
    free(w->targets);
    free(w->data);
    free(w->score);
    free(w->own);
    free(w->known);
    free(w->drawn);
    free(w->before);
}

/* Puts the scores of evaluation i together. */
static void place(struct work *w, size_t i, const double *known, const double *own)
{
    size_t n = w->stage->n, first = w->stage->first;
    memcpy(w->known + i * first, known, first * sizeof *known);
    memcpy(w->own + i * n, own, n * sizeof *own);
    memcpy(w->score + i * w->n_scores, known, first * sizeof *known);
    memcpy(w->score + i * w->n_scores + first, own, n * sizeof *own);
}

/* The space-filling design, then runs from the prior itself; draws before take turns. */
static snw_status design(struct work *w)
{
    snw_status status = SNW_OK;
    struct snw_calibration *c = w->c;
    size_t n = w->stage->n, first = w->stage->first, points = w->design + w->held_out;
    uint32_t seed = (uint32_t)c->settings->seed + 7919u * (uint32_t)w->k;
    double e[SNW_STAGE_PARAMETERS_MAX], mean[SNW_STAGE_PARAMETERS_MAX],
        own[SNW_STAGE_PARAMETERS_MAX];
    double *u = malloc((points * n + 1) * sizeof *u);
    if (!u)
        return snw_fail(c->ctx, SNW_ERR_MEMORY, "no memory for a design");
    SNW_TRY(snw_sobol(c->ctx, n, seed, 0, points, u));
    for (size_t i = 0; i < points; i++) {
        const double *known = w->before + (i * 7 + i / c->n_draws) % c->n_draws * first;
        for (size_t k = 0; k < n; k++)
            e[k] = (i < w->design ? design_widens : 1) * snw_probit(u[i * n + k]);
        snw_stage_prior_mean(&w->prior, known, mean);
        snw_root_times(n, w->prior.root, e, own);
        for (size_t k = 0; k < n; k++)
            own[k] += mean[k];
        place(w, i, known, own);
    }
out:
    free(u);
    return status;
}

/* Evaluations about the posterior that stands in drawn. */
static void second_design(struct work *w)
{
    size_t n = w->stage->n, draws = w->c->n_draws;
    double mean[SNW_STAGE_PARAMETERS_MAX] = {0}, own[SNW_STAGE_PARAMETERS_MAX];
    for (size_t i = 0; i < draws; i++)
        for (size_t k = 0; k < n; k++)
            mean[k] += w->drawn[i * n + k] / (double)draws;
    for (size_t i = 0; i < w->second; i++) {
        size_t from = i * draws / w->second;
        for (size_t k = 0; k < n; k++)
            own[k] = mean[k] + second_widens * (w->drawn[from * n + k] - mean[k]);
        place(w, w->design + w->held_out + i, w->before + from * w->stage->first, own);
    }
}

static snw_status simulate(struct work *w, size_t first, size_t n)
{
    struct snw_calibration *c = w->c;
    const struct snw_wave wave = {.ranks = c->ranks,
                                  .space = &c->space,
                                  .simulator = &w->simulator,
                                  .targets = w->targets,
                                  .n_targets = w->stage->n_targets,
                                  .n_scores = w->n_scores,
                                  .luck = LUCK_OF_STAGE * (uint32_t)(w->k + 1),
                                  .name = w->stage->name,
                                  .quiet = c->options->quiet,
                                  .until = c->until,
                                  .person_years = &c->person_years};
    c->n_evaluations += n;
    return snw_wave_run(c->ctx, &wave, &w->record, first, n, w->score + first * w->n_scores);
}

static struct snw_runs runs_of(const struct work *w, size_t first, size_t n)
{
    return (struct snw_runs){.n = n,
                             .own = w->own + first * w->stage->n,
                             .known = w->known + first * w->stage->first,
                             .value = w->record.value + first * w->stage->n_targets};
}

/* Root mean square of the emulator's errors on runs, in units of the noise of one run. */
static double missed(const struct work *w, const struct snw_runs *runs)
{
    size_t t = w->stage->n_targets;
    double *mean = malloc((2 * t + 1) * sizeof *mean), squares = 0, n = 0;
    if (!mean)
        return (double)NAN;
    for (size_t i = 0; i < runs->n; i++) {
        snw_emulator_own(&w->emulator, runs->own + i * w->stage->n, mean);
        snw_emulator_known(&w->emulator, runs->known + i * w->stage->first, mean + t);
        for (size_t j = 0; j < t; j++) {
            double noise = w->emulator.noise[j];
            double z = (runs->value[i * t + j] - mean[j] - mean[t + j]) / noise;
            if (noise > 0 && isfinite(z)) {
                squares += z * z;
                n++;
            }
        }
    }
    free(mean);
    return snw_sqrt_f64(squares / n);
}

static struct snw_fit fit_of(const struct work *w)
{
    return (struct snw_fit){.emulator = &w->emulator,
                            .prior = &w->prior,
                            .data = w->data,
                            .n_draws = w->c->n_draws,
                            .known = w->before,
                            .seed = (uint32_t)w->c->settings->seed * 1000u + 10u * (uint32_t)w->k};
}

/* Emulator of runs from the first on, and the posterior by it. The runs held out lie between design
   and second runs: the fit skips them. */
static snw_status fit(struct work *w, size_t second, struct snw_fit_result *result)
{
    snw_status status = SNW_OK;
    size_t n = w->design + second, own = w->stage->n, known = w->stage->first;
    size_t t = w->stage->n_targets, behind = w->design + w->held_out;
    double *room = malloc((n * (own + known + t) + 1) * sizeof *room);
    if (!room)
        return snw_fail(w->c->ctx, SNW_ERR_MEMORY, "no memory for %zu runs", n);
    const struct {
        const double *from;
        size_t width;
    } parts[] = {{w->own, own}, {w->known, known}, {w->record.value, t}};
    double *at = room, *to[3];
    for (size_t k = 0; k < 3; k++) {
        size_t width = parts[k].width;
        to[k] = at;
        memcpy(at, parts[k].from, w->design * width * sizeof *at);
        memcpy(at + w->design * width, parts[k].from + behind * width, second * width * sizeof *at);
        at += n * width;
    }
    const struct snw_runs runs = {.n = n, .own = to[0], .known = to[1], .value = to[2]};
    snw_emulator_free(&w->emulator);
    SNW_TRY(snw_emulator_fit(w->c->ctx, own, known, t, &runs, &w->emulator));
    const struct snw_fit f = fit_of(w);
    *result = (struct snw_fit_result){.effective = 0};
    SNW_TRY(snw_fit_draw(w->c->ctx, &f, w->drawn, result));
out:
    free(room);
    return status;
}

/* n^2 over the sum of squares of how often each is there. */
static double effective_draws(const struct work *w)
{
    size_t n = w->stage->n, draws = w->c->n_draws, pairs = 0;
    for (size_t i = 0; i < draws; i++)
        for (size_t k = 0; k < draws; k++)
            pairs += memcmp(w->drawn + i * n, w->drawn + k * n, n * sizeof(double)) == 0;
    return (double)(draws * draws) / (double)pairs;
}

static snw_status test_ranks(struct work *w, struct snw_stage_report *report)
{
    snw_status status = SNW_OK;
    size_t n = w->stage->n;
    const struct snw_runs unseen = runs_of(w, w->design, w->held_out);
    const struct snw_fit f = fit_of(w);
    double *rank = malloc((w->held_out * n + 1) * sizeof *rank);
    report->lowest_p = (double)NAN;
    if (!rank)
        return snw_fail(w->c->ctx, SNW_ERR_MEMORY, "no memory for a test");
    if (w->held_out > 0)
        SNW_TRY(snw_fit_ranks(w->c->ctx, &f, &unseen, rank));
    for (size_t k = 0; k < n && w->held_out > 0; k++) {
        double p = snw_uniform_p(rank + k, w->held_out, n);
        w->c->rank_p[w->stage->first + k] = p;
        report->lowest_p = p < report->lowest_p || isnan(report->lowest_p) ? p : report->lowest_p;
    }
out:
    free(rank);
    return status;
}

/* What the stage leaves: its columns of the joint draws, and how well it was done. */
static void keep(struct work *w, const struct snw_fit_result *result,
                 struct snw_stage_report *report)
{
    struct snw_calibration *c = w->c;
    size_t n = w->stage->n, t = w->stage->n_targets;
    for (size_t i = 0; i < c->n_draws; i++)
        memcpy(c->draw + i * c->stages.n_parameters + w->stage->first, w->drawn + i * n,
               n * sizeof *w->drawn);
    for (size_t j = 0; j < t; j++) {
        size_t target = w->stage->target[j];
        c->emulated_noise[target] = w->emulator.noise[j];
        c->emulated_missed[target] = w->emulator.left_out[j];
        for (size_t k = 0; k < n; k++)
            c->effect[(w->stage->first + k) * c->targets.n + target] =
                w->emulator.coefficient[j * w->emulator.n_features + 1 + k];
    }
    const struct snw_runs unseen = runs_of(w, w->design, w->held_out);
    report->unseen = missed(w, &unseen);
    report->effective = result->effective;
    report->draws = effective_draws(w);
    if (!c->options->quiet)
        fprintf(stderr,
                "%-12s emulator's error in units of a run's noise: unseen %.2f, ahead %.2f; %zu "
                "points, effective for a draw %.0f; %.0f effective draws; lowest p of ranks %.3f\n",
                w->stage->name, report->unseen, report->ahead, result->n_points, report->effective,
                report->draws, report->lowest_p);
}

snw_status snw_calibrate_stage(struct snw_calibration *c, size_t k)
{
    snw_status status = SNW_OK;
    struct snw_stage *stage = &c->stages.list[k];
    struct snw_stage_report *report = &c->report[k];
    struct snw_fit_result result = {0};
    struct work w = {.c = c,
                     .stage = stage,
                     .k = k,
                     .n_scores = stage->first + stage->n,
                     .design = (size_t)stage->run[SNW_RUN_design],
                     .held_out = (size_t)stage->run[SNW_RUN_held_out],
                     .second = (size_t)stage->run[SNW_RUN_second],
                     .record = {.fd = -1}};
    status = begin(&w);
    if (status == SNW_OK && leads(&w))
        status = design(&w);
    SNW_TRY(snw_ranks_agree(c->ranks, status, c->ctx));
    SNW_TRY(simulate(&w, 0, w.design + w.held_out));
    if (leads(&w))
        status = fit(&w, 0, &result);
    SNW_TRY(snw_ranks_agree(c->ranks, status, c->ctx));
    if (leads(&w))
        second_design(&w);
    SNW_TRY(simulate(&w, w.design + w.held_out, w.second));
    if (leads(&w)) {
        const struct snw_runs ahead = runs_of(&w, w.design + w.held_out, w.second);
        report->ahead = missed(&w, &ahead);
        status = w.second > 0 ? fit(&w, w.second, &result) : SNW_OK;
        if (status == SNW_OK)
            status = test_ranks(&w, report);
        if (status == SNW_OK)
            keep(&w, &result, report);
    }
    SNW_TRY(snw_ranks_agree(c->ranks, status, c->ctx));
out:
    work_free(&w);
    return status;
}
