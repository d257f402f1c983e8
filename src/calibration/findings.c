/* The posterior and what is known of its parameters, as files. */
#include "calibration/findings.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/build_info.h"
#include "core/clock.h"
#include "core/vmath.h"
#include "numerics/quantiles.h"

static const double close_pair = 0.6, strong_effect = 0.25, informed = 0.8;

FILE *snw_findings_open(struct snw_calibration *c, const char *name)
{
    char path[SNW_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", c->options->directory, name);
    FILE *out = fopen(path, "w");
    if (!out)
        (void)snw_fail_io(c->ctx, path, "write", errno);
    return out;
}

size_t snw_moments_of(const double *values, size_t n, size_t stride, double *mean, double *sd)
{
    size_t known = 0;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i * stride])) {
            sum += values[i * stride];
            known++;
        }
    *mean = sum / (double)known;
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i * stride]))
            squares += (values[i * stride] - *mean) * (values[i * stride] - *mean);
    *sd = known > 1 ? snw_sqrt_f64(squares / (double)(known - 1)) : (double)NAN;
    return known;
}

snw_status snw_posterior_write(struct snw_calibration *c)
{
    const struct snw_stages *s = &c->stages;
    FILE *out = snw_findings_open(c, "posterior.csv");
    if (!out)
        return SNW_ERR_IO;
    fprintf(
        out,
        "# Joint posterior of the calibrated parameters: %zu draws, one a row, of equal weight.\n"
        "# Made by `sinew calibrate` (sinew %s, seed %lld); see src/calibration/calibration.md.\n",
        c->n_draws, snw_version(), (long long)c->settings->seed);
    const char *comma = "";
    for (size_t p = 0; p < s->n_parameters; p++)
        for (size_t i = 0; i < s->parameter[p].n; i++) {
            char key[128];
            snw_param_key(s->parameter[p].element[i].id, s->parameter[p].element[i].index, key,
                          sizeof key);
            fprintf(out, "%s%s", comma, key);
            comma = ",";
        }
    for (size_t d = 0; d < c->n_draws; d++) {
        comma = "\n";
        for (size_t p = 0; p < s->n_parameters; p++)
            for (size_t i = 0; i < s->parameter[p].n; i++) {
                double z = c->draw[d * s->n_parameters + p];
                fprintf(out, "%s%.6g", comma, snw_space_value(&c->space, p, i, z));
                comma = ",";
            }
    }
    fprintf(out, "\n");
    return snw_stream_close(out, "posterior.csv", c->ctx);
}

void snw_sorted_scores(const struct snw_calibration *c, size_t p, double *z)
{
    for (size_t d = 0; d < c->n_draws; d++)
        z[d] = c->draw[d * c->stages.n_parameters + p];
    snw_sort(z, c->n_draws);
}

/* Prior against posterior, of the first element of each parameter. */
static snw_status write_parameters(struct snw_calibration *c, FILE *summary)
{
    static const double level[] = {0.025, 0.5, 0.975}, score[] = {-1.959964, 0, 1.959964};
    const struct snw_stages *s = &c->stages;
    FILE *out = snw_findings_open(c, "parameters.csv");
    double *z = malloc(c->n_draws * sizeof *z);
    if (!out || !z) {
        free(z);
        if (out)
            fclose(out);
        return out ? snw_fail(c->ctx, SNW_ERR_MEMORY, "no memory for a table") : SNW_ERR_IO;
    }
    fprintf(out, "stage,parameter,elements,prior_p025,prior_p50,prior_p975,posterior_p025,"
                 "posterior_p50,posterior_p975,score_mean,score_sd,informed,p_of_ranks\n");
    fprintf(summary, "\nParameters that hardly any target informs (SD of the score above %.2f)\n",
            informed);
    for (size_t k = 0; k < s->n; k++)
        for (size_t p = s->list[k].first; p < s->list[k].first + s->list[k].n; p++) {
            double mean, sd;
            snw_sorted_scores(c, p, z);
            snw_moments_of(z, c->n_draws, 1, &mean, &sd);
            fprintf(out, "%s,%s,%zu", s->list[k].name, s->parameter[p].name, s->parameter[p].n);
            for (int q = 0; q < 3; q++)
                fprintf(out, ",%.6g", snw_space_value(&c->space, p, 0, score[q]));
            for (int q = 0; q < 3; q++)
                fprintf(
                    out, ",%.6g",
                    snw_space_value(&c->space, p, 0, snw_sorted_quantile(z, c->n_draws, level[q])));
            fprintf(out, ",%.3f,%.3f,%s,%.4f\n", mean, sd, sd < informed ? "yes" : "no",
                    c->rank_p[p]);
            if (sd >= informed)
                fprintf(summary, "  %s: score %.2f, SD %.2f\n", s->parameter[p].name, mean, sd);
        }
    free(z);
    return snw_stream_close(out, "parameters.csv", c->ctx);
}

/* Pairs whose scores correlate so closely that data cannot tell them apart. */
static snw_status write_pairs(struct snw_calibration *c)
{
    size_t n = c->stages.n_parameters;
    FILE *out = snw_findings_open(c, "pairs.csv");
    if (!out)
        return SNW_ERR_IO;
    fprintf(out, "one,other,correlation,prior_correlation\n");
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < p; q++) {
            double mean[2], sd[2], sum = 0;
            snw_moments_of(c->draw + p, c->n_draws, n, &mean[0], &sd[0]);
            snw_moments_of(c->draw + q, c->n_draws, n, &mean[1], &sd[1]);
            for (size_t d = 0; d < c->n_draws; d++)
                sum += (c->draw[d * n + p] - mean[0]) * (c->draw[d * n + q] - mean[1]);
            double r = sum / ((double)(c->n_draws - 1) * sd[0] * sd[1]);
            double before = c->space.correlation[p * n + q];
            if (fabs(r) >= close_pair)
                fprintf(out, "%s,%s,%.3f,%.3f\n", c->stages.parameter[q].name,
                        c->stages.parameter[p].name, r, before);
        }
    return snw_stream_close(out, "pairs.csv", c->ctx);
}

/* What one prior SD of a parameter does to a target of its stage. */
static snw_status write_effects(struct snw_calibration *c)
{
    FILE *out = snw_findings_open(c, "effects.csv");
    if (!out)
        return SNW_ERR_IO;
    fprintf(out, "parameter,target,change,in_standard_errors\n");
    for (size_t p = 0; p < c->stages.n_parameters; p++)
        for (size_t j = 0; j < c->targets.n; j++) {
            double change = c->effect[p * c->targets.n + j];
            const struct snw_target *t = &c->targets.list[j];
            double error = snw_published_error(t), gap = snw_discrepancy(t);
            double s = snw_sqrt_f64(error * error + gap * gap);
            if (fabs(change) >= strong_effect * s && s > 0)
                fprintf(out, "%s,%s,%.4g,%.2f\n", c->stages.parameter[p].name, t->text[SNW_T_id],
                        change, change / s);
        }
    return snw_stream_close(out, "effects.csv", c->ctx);
}

/* The config with the parameters at scores z. */
static snw_status write_config(struct snw_calibration *c, const char *name, const double *z)
{
    struct snw_settings settings = *c->settings; /* what it points at stays the other's */
    FILE *out = snw_findings_open(c, name);
    if (!out)
        return SNW_ERR_IO;
    snw_space_params(&c->space, c->stages.n_parameters, z, &settings.params);
    snw_settings_write(&settings, out);
    return snw_stream_close(out, name, c->ctx);
}

static void write_stages(const struct snw_calibration *c, FILE *summary)
{
    fprintf(summary, "%zu draws, %zu parameters, %llu evaluations\n", c->n_draws,
            c->stages.n_parameters, (unsigned long long)c->n_evaluations);
    fprintf(summary, "this time %.3g person-years in %.0f s on %d ranks\n\n", c->person_years,
            snw_seconds() - c->began, c->ranks->size);
    fprintf(summary, "%-14s %10s %8s %10s %14s %14s %14s %10s\n", "stage", "parameters", "targets",
            "draws", "points a draw", "unseen error", "ahead error", "lowest p");
    for (size_t k = 0; k < c->stages.n; k++) {
        const struct snw_stage *s = &c->stages.list[k];
        const struct snw_stage_report *r = &c->report[k];
        fprintf(summary, "%-14s %10zu %8zu %10.0f %14.0f %14.2f %14.2f %10.3f\n", s->name, s->n,
                s->n_targets, r->draws, r->effective, r->unseen, r->ahead, r->lowest_p);
    }
    fprintf(summary,
            "draws: their effective number; points a draw: effective points that each draw is "
            "taken from.\nErrors of the emulator are in units of the Monte Carlo noise of one "
            "run. The lowest p is that of chi-square\ntests, one a parameter, of the truth's "
            "rank among draws from simulated data.\n");
}

/* The checked draw that comes closest to what was fitted. */
static size_t closest(const struct snw_calibration *c, const struct snw_findings *f)
{
    size_t best = 0;
    double least = (double)INFINITY;
    for (size_t i = 0; i < f->n_check; i++) {
        double sum = 0;
        for (size_t j = 0; j < f->n_targets; j++) {
            const struct snw_estimate e = {.value = f->checked[i * f->n_targets + j],
                                           .error = (double)NAN};
            double z = snw_agreement_of(f->targets[j], &e).z;
            double weight = c->stages.held_out[f->target[j]] ? 0 : c->stages.weight[f->target[j]];
            sum += isfinite(z) ? weight * z * z : 0;
        }
        if (sum < least) {
            least = sum;
            best = f->draw[i];
        }
    }
    return best;
}

snw_status snw_findings_write(struct snw_calibration *c, const struct snw_findings *f)
{
    snw_status status = SNW_OK;
    FILE *summary = snw_findings_open(c, "summary.txt");
    if (!summary)
        return SNW_ERR_IO;
    write_stages(c, summary);
    SNW_TRY(snw_fit_write(c, f, summary));
    SNW_TRY(write_parameters(c, summary));
    SNW_TRY(write_pairs(c));
    SNW_TRY(write_effects(c));
    SNW_TRY(write_config(c, "median.yaml", f->centre));
    SNW_TRY(write_config(c, "best.yaml", c->draw + closest(c, f) * c->stages.n_parameters));
out:
    status = status == SNW_OK ? snw_stream_close(summary, "summary.txt", c->ctx)
                              : (fclose(summary), status);
    return status;
}
