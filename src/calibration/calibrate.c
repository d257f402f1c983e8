/* The course of a calibration: what is read, what is kept, stage after stage. */
#define _GNU_SOURCE
#include "calibration/calibrate.h"

#include <errno.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/build_info.h"
#include "core/clock.h"
#include "core/stop.h"
#include "params/priors.h"
#include "store/hash.h"

static snw_status make_directories(struct snw_calibration *c)
{
    snw_status status = SNW_OK;
    char path[SNW_PATH_MAX];
    SNW_TRY(snw_path_join(path, sizeof path, c->options->directory, "/evaluations", c->ctx));
    SNW_TRY(snw_folder_make(path, c->ctx));
out:
    return status;
}

/* What the evaluations of a stage depend on, but for scores, which the record holds: settings, how
   parameters follow from scores, how targets are taken, how many people there are. Values that are
   published, and weights, are not among it. Released with free(). */
static char *identity_text(struct snw_calibration *c, const struct snw_stage *stage,
                           const struct snw_target *const *targets, size_t n_targets)
{
    static const int defining[] = {SNW_T_id,        SNW_T_operator,  SNW_T_measure,  SNW_T_with,
                                   SNW_T_arguments, SNW_T_sex,       SNW_T_age_from, SNW_T_age_to,
                                   SNW_T_selection, SNW_T_weighting, SNW_T_precision};
    size_t size = 0, last = stage ? stage->first + stage->n : c->stages.n_parameters;
    const double *run = stage ? stage->run : c->stages.run;
    char *settings = NULL, *text = NULL;
    FILE *out = open_memstream(&text, &size);
    if (!out || snw_settings_text(c->ctx, c->settings, &settings) != SNW_OK) {
        if (out)
            fclose(out);
        free(text);
        return NULL;
    }
    fprintf(out, "%s\n%s\n%.0f %.0f\n", snw_version(), settings,
            run[stage ? SNW_RUN_persons : SNW_RUN_check_persons],
            run[stage ? SNW_RUN_reference : SNW_RUN_check_reference]);
    for (size_t p = 0; p < last; p++)
        for (size_t i = 0; i < c->stages.parameter[p].n; i++) {
            const struct snw_param_element *e = &c->stages.parameter[p].element[i];
            char key[128], words[96];
            snw_param_key(e->id, e->index, key, sizeof key);
            snw_prior_words(snw_param_prior(e->id, e->index), words, sizeof words);
            fprintf(out, "%zu %s %s\n", p, key, words);
        }
    for (size_t j = 0; j < n_targets; j++)
        for (size_t k = 0; k < sizeof defining / sizeof *defining; k++)
            fprintf(out, "%s\n", targets[j]->text[defining[k]]);
    bool failed = ferror(out) != 0;
    failed |= fclose(out) != 0;
    free(settings);
    if (failed) {
        free(text);
        text = NULL;
    }
    return text;
}

snw_status snw_calibrate_record(struct snw_calibration *c, const struct snw_stage *stage,
                                const struct snw_target *const *targets, size_t n_targets, size_t n,
                                struct snw_evaluations *record)
{
    snw_status status = SNW_OK;
    char path[SNW_PATH_MAX], hash[SNW_SHA256_TEXT];
    size_t n_scores = stage ? stage->first + stage->n : c->stages.n_parameters;
    const char **names = calloc(n_scores + n_targets + 1, sizeof *names);
    char *identity = identity_text(c, stage, targets, n_targets);
    *record = (struct snw_evaluations){.fd = -1};
    if (!names || !identity)
        SNW_TRY(snw_fail(c->ctx, SNW_ERR_MEMORY, "no memory for evaluations"));
    snw_sha256(identity, strlen(identity), hash);
    for (size_t p = 0; p < n_scores; p++)
        names[p] = c->stages.parameter[p].name;
    for (size_t j = 0; j < n_targets; j++)
        names[n_scores + j] = targets[j]->text[SNW_T_id];
    const struct snw_record_plan plan = {.identity = hash,
                                         .n = n,
                                         .n_scores = n_scores,
                                         .n_targets = n_targets,
                                         .score = names,
                                         .target = names + n_scores};
    int length = snprintf(path, sizeof path, "%s/evaluations/%s.csv", c->options->directory,
                          stage ? stage->name : "check");
    if (length < 0 || (size_t)length >= sizeof path)
        SNW_TRY(snw_fail(c->ctx, SNW_ERR_IO, "too long a path: %.100s", c->options->directory));
    if (c->options->force && unlink(path) != 0 && errno != ENOENT)
        SNW_TRY(snw_fail_io(c->ctx, path, "remove", errno));
    SNW_TRY(snw_evaluations_open(c->ctx, path, &plan, record));
out:
    free(names);
    free(identity);
    return status;
}

static snw_status make_room(struct snw_calibration *c)
{
    size_t n = c->stages.n_parameters, t = c->targets.n;
    c->draw = calloc(c->n_draws * n + 1, sizeof *c->draw);
    c->report = calloc(c->stages.n, sizeof *c->report);
    c->emulated_noise = malloc((t + 1) * sizeof *c->emulated_noise);
    c->emulated_missed = malloc((t + 1) * sizeof *c->emulated_missed);
    c->rank_p = malloc((n + 1) * sizeof *c->rank_p);
    c->effect = malloc((n * t + 1) * sizeof *c->effect);
    if (!c->draw || !c->report || !c->emulated_noise || !c->emulated_missed || !c->rank_p ||
        !c->effect)
        return snw_fail(c->ctx, SNW_ERR_MEMORY, "no memory for %zu draws", c->n_draws);
    for (size_t j = 0; j < t; j++)
        c->emulated_noise[j] = c->emulated_missed[j] = (double)NAN;
    for (size_t p = 0; p < n; p++)
        c->rank_p[p] = (double)NAN;
    for (size_t k = 0; k < n * t; k++)
        c->effect[k] = (double)NAN;
    return SNW_OK;
}

static snw_status begin(struct snw_calibration *c)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_targets_read(c->ctx, c->options->targets, &c->targets));
    SNW_TRY(snw_stages_read(c->ctx, c->options->stages, &c->targets, &c->stages));
    SNW_TRY(snw_space_init(c->ctx, &c->stages, &c->settings->params, &c->space));
    c->n_draws = (size_t)c->stages.run[SNW_RUN_draws];
    SNW_TRY(make_room(c));
    if (c->ranks->rank == 0)
        SNW_TRY(make_directories(c));
out:
    return status;
}

static void calibration_free(struct snw_calibration *c)
{
    free(c->draw);
    free(c->report);
    free(c->emulated_noise);
    free(c->emulated_missed);
    free(c->rank_p);
    free(c->effect);
    snw_space_free(&c->space);
    snw_stages_free(&c->stages);
    snw_targets_free(&c->targets);
}

snw_status snw_calibrate(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                         const struct snw_settings *settings,
                         const struct snw_calibrate_options *options)
{
    snw_status status = SNW_OK;
    struct snw_calibration c = {.ctx = ctx,
                                .ranks = ranks,
                                .settings = settings,
                                .options = options,
                                .began = snw_seconds()};
    gsl_set_error_handler_off(); /* its own ends the program */
    snw_stop_on_signals();
    c.until = options->max_seconds > 0 ? c.began + options->max_seconds : 0;
    SNW_TRY(snw_ranks_agree(ranks, begin(&c), ctx));
    for (size_t k = 0; k < c.stages.n; k++)
        SNW_TRY(snw_calibrate_stage(&c, k));
    SNW_TRY(snw_calibrate_finish(&c));
out:
    if (status == SNW_STOPPED && ranks->rank == 0)
        (void)snw_fail(
            ctx, status,
            "stopped: every evaluation so far is in %.200s/evaluations; the same command "
            "goes on from there",
            options->directory);
    calibration_free(&c);
    return status;
}
