/* Published values beside simulated ones: fit.csv, and what shares are met. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibration/findings.h"
#include "core/vmath.h"
#include "numerics/quantiles.h"

static const double half_50 = 0.6744897501960817, half_95 = 1.959963984540054;
static const double full_weight = 1;

/* How a target stands to the fit. */
enum role { FITTED, HELD_OUT, SCORED, N_ROLES };
static const char *const roles[N_ROLES] = {"fitted", "held out", "scored"};

struct line {
    enum role role;
    double model, mc; /* at the posterior median, and the Monte Carlo error */
    double mean, sd;  /* over draws, of which the luck of a run is a part */
    double own, gap;  /* the published standard error, the discrepancy */
    struct snw_agreement score;
    bool in_50, in_95;
};

static bool in_stage(const struct snw_stages *s, size_t target)
{
    for (size_t k = 0; k < s->n; k++)
        for (size_t j = 0; j < s->list[k].n_targets; j++)
            if (s->list[k].target[j] == target)
                return true;
    return false;
}

static void take(const struct snw_calibration *c, const struct snw_findings *f, size_t j,
                 struct line *line)
{
    const struct snw_target *t = f->targets[j];
    const struct snw_stages *s = &c->stages;
    double sd, weight = s->weight[f->target[j]];
    size_t n = snw_moments_of(f->median + j, f->n_median, f->n_targets, &line->model, &sd);
    snw_moments_of(f->checked + j, f->n_check, f->n_targets, &line->mean, &line->sd);
    line->mc = sd / snw_sqrt_f64((double)n);
    line->own = snw_published_error(t);
    line->gap = snw_discrepancy(t);
    line->role = !in_stage(s, f->target[j]) || !(weight > 0) ? SCORED
                 : s->held_out[f->target[j]]                 ? HELD_OUT
                                                             : FITTED;
    const struct snw_estimate e = {.value = line->model, .error = line->mc};
    line->score = snw_agreement_of(t, &e);
    double wide = snw_sqrt_f64(line->sd * line->sd + line->own * line->own + line->gap * line->gap);
    double off = snw_off_target(line->mean, t->value, t->side);
    line->in_50 = fabs(off) <= half_50 * wide;
    line->in_95 = fabs(off) <= half_95 * wide;
}

static void print_number(FILE *out, double x)
{
    fprintf(out, isfinite(x) ? ",%.6g" : ",", x);
}

static void print(FILE *out, const struct snw_calibration *c, const struct snw_findings *f,
                  size_t j, const struct line *l)
{
    const struct snw_target *t = f->targets[j];
    fprintf(out, "%s,%s,%s,%s,%s,%s", t->text[SNW_T_id], t->text[SNW_T_group], t->text[SNW_T_stage],
            t->text[SNW_T_status], roles[l->role], t->text[SNW_T_conflict]);
    const double numbers[] = {c->stages.weight[f->target[j]],
                              t->value,
                              l->own,
                              l->gap,
                              l->model,
                              l->mc,
                              l->score.z,
                              l->mean,
                              l->sd,
                              c->emulated_noise[f->target[j]],
                              c->emulated_missed[f->target[j]]};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        print_number(out, numbers[k]);
    fprintf(out, ",%s,%s,%s,%s\n", l->score.inside ? "yes" : "no", l->score.within ? "yes" : "no",
            l->in_50 ? "yes" : "no", l->in_95 ? "yes" : "no");
}

static void say(FILE *out, const char *what, size_t in, size_t of)
{
    fprintf(out, "%-68s %4zu of %4zu (%.0f %%)\n", what, in, of,
            of ? 100 * (double)in / (double)of : 0);
}

/* Width of the model's own 95 % interval over that of the target, in the median fitted target. */
static double sharpness(const struct line *line, size_t n)
{
    double *ratio = malloc((n + 1) * sizeof *ratio), middle = (double)NAN;
    size_t known = 0;
    for (size_t j = 0; ratio && j < n; j++)
        if (line[j].role == FITTED && line[j].own > 0 && isfinite(line[j].sd))
            ratio[known++] = line[j].sd / line[j].own;
    if (known > 0) {
        snw_sort(ratio, known);
        middle = ratio[known / 2];
    }
    free(ratio);
    return middle;
}

static void sum_up(FILE *out, const struct snw_calibration *c, const struct snw_findings *f,
                   const struct line *line)
{
    size_t n[N_ROLES] = {0}, in_50[N_ROLES] = {0}, in_95[N_ROLES] = {0};
    size_t full = 0, two = 0, three = 0, change = 0, within = 0, inside = 0;
    for (size_t j = 0; j < f->n_targets; j++) {
        const struct snw_target *t = f->targets[j];
        const struct line *l = &line[j];
        if (!isfinite(l->model))
            continue;
        n[l->role]++;
        in_50[l->role] += l->in_50;
        in_95[l->role] += l->in_95;
        bool counts = c->stages.weight[f->target[j]] >= full_weight;
        full += counts;
        two += counts && fabs(l->score.z) < 2;
        three += counts && fabs(l->score.z) < 3;
        bool life =
            strcmp(t->text[SNW_T_group], "lifetime_change") == 0 && t->status == SNW_CHECKED;
        change += life;
        within += life && l->score.within;
        inside += life && l->score.inside;
    }
    fprintf(out, "\n");
    say(out, "full weight, |z| < 2 at the posterior median", two, full);
    say(out, "full weight, |z| < 3 at the posterior median", three, full);
    say(out, "checked figures of change over life, in their interval", within, change);
    say(out, "checked figures of change over life, |z| <= 1.96", inside, change);
    for (int r = 0; r < N_ROLES; r++) {
        char what[80];
        snprintf(what, sizeof what, "%s: published inside the predictive 50 %% interval", roles[r]);
        say(out, what, in_50[r], n[r]);
        snprintf(what, sizeof what, "%s: published inside the predictive 95 %% interval", roles[r]);
        say(out, what, in_95[r], n[r]);
    }
    fprintf(out, "%-68s %.2f\n", "width of the model's 95 % interval over the target's, median",
            sharpness(line, f->n_targets));
}

snw_status snw_fit_write(struct snw_calibration *c, const struct snw_findings *f, FILE *summary)
{
    FILE *out = snw_findings_open(c, "fit.csv");
    struct line *line = calloc(f->n_targets + 1, sizeof *line);
    if (!out || !line) {
        free(line);
        if (out)
            fclose(out);
        return out ? snw_fail(c->ctx, SNW_ERR_MEMORY, "no memory for a table") : SNW_ERR_IO;
    }
    fprintf(out,
            "id,group,stage,status,role,conflict,weight,value,standard_error,discrepancy,model,"
            "monte_carlo_error,z,draws_mean,draws_sd,run_noise,emulator_error,inside,within,"
            "in_50,in_95\n");
    for (size_t j = 0; j < f->n_targets; j++) {
        take(c, f, j, &line[j]);
        print(out, c, f, j, &line[j]);
    }
    sum_up(summary, c, f, line);
    fprintf(summary, "\nMissed by more than two (weight, z)\n");
    for (size_t j = 0; j < f->n_targets; j++)
        if (fabs(line[j].score.z) >= 2)
            fprintf(summary, "  %-14s %-9s %4.2f %7.2f  %.70s: %.4g, model %.4g\n",
                    f->targets[j]->text[SNW_T_id], roles[line[j].role],
                    c->stages.weight[f->target[j]], line[j].score.z,
                    f->targets[j]->text[SNW_T_what], f->targets[j]->value, line[j].model);
    free(line);
    return snw_stream_close(out, "fit.csv", c->ctx);
}
