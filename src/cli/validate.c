/* sinew validate: a result beside published figures. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calibration/agreement.h"
#include "calibration/census.h"
#include "calibration/panel_read.h"
#include "cli/command.h"
#include "experiment/provenance.h"

static const char population[] = "tables/us_population.csv";

struct row {
    const struct snw_target *t;
    struct snw_estimate model;
    struct snw_agreement score;
    bool compared;
};

struct validation {
    struct snw_targets targets;
    struct snw_panel panel;
    struct snw_census census;
    struct snw_room room;
    struct row *row; /* (n,) */
    size_t n;
};

/* @return whether a row is asked for. */
static bool wanted(const struct snw_arguments *a, const struct snw_target *t)
{
    return (!a->group || strcmp(a->group, t->text[SNW_T_group]) == 0) &&
           (!a->stage || strcmp(a->stage, t->text[SNW_T_stage]) == 0) &&
           (!a->status || strcmp(a->status, t->text[SNW_T_status]) == 0);
}

static snw_status choose(struct snw_ctx *ctx, const struct snw_arguments *a, struct validation *v)
{
    v->row = calloc(v->targets.n + 1, sizeof *v->row);
    if (!v->row)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu rows", v->targets.n);
    for (size_t i = 0; i < v->targets.n; i++)
        if (wanted(a, &v->targets.list[i]))
            v->row[v->n++].t = &v->targets.list[i];
    if (v->n == 0)
        return snw_fail(ctx, SNW_ERR_USAGE, "no row of %s has%s%s%s%s%s%s", a->targets,
                        a->group ? " group " : "", a->group ? a->group : "",
                        a->stage ? " stage " : "", a->stage ? a->stage : "",
                        a->status ? " status " : "", a->status ? a->status : "");
    return SNW_OK;
}

/* The table of population beside the targets: in their folder's tables/, or in that of one above.
 */
static bool find_population(const char *targets, char *path, size_t size)
{
    static const char *const up[] = {"", "../", "../../"};
    const char *slash = strrchr(targets, '/');
    for (size_t k = 0; k < sizeof up / sizeof up[0]; k++) {
        snprintf(path, size, "%.*s/%s%s", slash ? (int)(slash - targets) : 1, slash ? targets : ".",
                 up[k], population);
        if (access(path, R_OK) == 0)
            return true;
    }
    return false;
}

/* Reads the people of every year that rows weigh ages by. */
static snw_status read_census(struct snw_ctx *ctx, const char *targets, struct validation *v)
{
    snw_status status = SNW_OK;
    char path[4096];
    if (!find_population(targets, path, sizeof path))
        return SNW_OK; /* such rows say what they lack */
    for (size_t i = 0; i < v->n; i++)
        SNW_TRY(snw_census_add(ctx, path, v->row[i].t, &v->census));
out:
    return status;
}

static snw_status evaluate(struct snw_ctx *ctx, const char *result, struct validation *v)
{
    snw_status status = SNW_OK;
    bool needed[SNW_N_MEASURES] = {false};
    for (size_t i = 0; i < v->n; i++)
        snw_target_measures(v->row[i].t, needed);
    SNW_TRY(snw_panel_read(ctx, result, needed, &v->panel));
    for (size_t i = 0; i < v->n; i++) {
        struct row *row = &v->row[i];
        SNW_TRY(snw_target_evaluate(ctx, &v->panel, &v->census, row->t, &v->room, &row->model));
        row->compared = !row->model.reason[0];
        if (row->compared)
            row->score = snw_agreement_of(row->t, &row->model);
    }
out:
    return status;
}

/* Who the figure is of: `women 65-97, residence=0`. */
static void whom(const struct snw_target *t, char *text, size_t size)
{
    static const char *const sexes[] = {"women", "men", "both"};
    char ages[24];
    snprintf(ages, sizeof ages, t->age_from == t->age_to ? "%d" : "%d-%d", t->age_from, t->age_to);
    snprintf(text, size, "%s %s%s%s", sexes[t->sex], ages, t->selection.n ? ", " : "",
             t->text[SNW_T_selection]);
}

static void print_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

/* Numbers that are none or have no end stay empty. */
static void print_number(FILE *out, double x)
{
    if (isfinite(x))
        fprintf(out, "%.6g", x);
    fputc(',', out);
}

static void print_csv(FILE *out, const struct validation *v)
{
    static const int texts[] = {SNW_T_status, SNW_T_fitted, SNW_T_source, SNW_T_conflict};
    fprintf(out, "id,group,stage,what,whom,unit,value,standard_error,low,high,interval,model,"
                 "monte_carlo_error,from,z,inside,within,status,fitted,source,conflict,note,"
                 "reason\n");
    for (size_t i = 0; i < v->n; i++) {
        const struct row *row = &v->row[i];
        const struct snw_target *t = row->t;
        const struct snw_agreement score =
            row->compared ? row->score : snw_agreement_of(t, &row->model);
        char who[160];
        whom(t, who, sizeof who);
        fprintf(out, "%s,%s,%s,", t->text[SNW_T_id], t->text[SNW_T_group], t->text[SNW_T_stage]);
        print_quoted(out, t->text[SNW_T_what]);
        fputc(',', out);
        print_quoted(out, who);
        fprintf(out, ",%s,", t->text[SNW_T_unit]);
        print_number(out, t->value);
        print_number(out, score.error);
        print_number(out, score.low);
        print_number(out, score.high);
        fprintf(out, "%s,", score.interval ? "estimate" : "15 %");
        print_number(out, row->model.value);
        print_number(out, row->model.error);
        fprintf(out, "%s,", !row->compared ? "" : row->model.exact ? "cells" : "people");
        print_number(out, score.z);
        fprintf(out, "%s,%s,",
                !row->compared ? ""
                : score.inside ? "yes"
                               : "no",
                !row->compared ? ""
                : score.within ? "yes"
                               : "no");
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
            fprintf(out, "%s,", t->text[texts[k]]);
        print_quoted(out, t->text[SNW_T_note]);
        fputc(',', out);
        print_quoted(out, row->model.reason);
        fputc('\n', out);
    }
}

/* `-0.86 (-0.99, -0.73)`; a bound has one end. */
static void published(const struct row *row, char *text, size_t size)
{
    const struct snw_target *t = row->t;
    const struct snw_agreement *s = &row->score;
    char mark = s->interval ? ' ' : '*';
    if (t->side == SNW_AT_LEAST)
        snprintf(text, size, ">= %.4g (%.4g)%c", t->value, s->low, mark);
    else if (t->side == SNW_AT_MOST)
        snprintf(text, size, "<= %.4g (%.4g)%c", t->value, s->high, mark);
    else
        snprintf(text, size, "%.4g (%.4g, %.4g)%c", t->value, s->low, s->high, mark);
}

static void print_rows(FILE *out, const struct validation *v)
{
    fprintf(out, "%-16s %-50s %-34s %-12s %26s %9s %8s %6s  %-7s %s\n", "id", "what", "in whom",
            "unit", "published (interval)", "model", "MC error", "z", "z", "interval");
    for (size_t i = 0; i < v->n; i++) {
        const struct row *row = &v->row[i];
        char who[160], value[96];
        if (!row->compared)
            continue;
        whom(row->t, who, sizeof who);
        published(row, value, sizeof value);
        fprintf(out, "%-16.16s %-50.50s %-34.34s %-12.12s %26s %9.4g %8.2g %6.2f  %-7s %s\n",
                row->t->text[SNW_T_id], row->t->text[SNW_T_what], who, row->t->text[SNW_T_unit],
                value, row->model.value, row->model.error, row->score.z,
                row->score.inside ? "inside" : "outside", row->score.within ? "inside" : "outside");
    }
    fprintf(out, "* no interval of the estimate: 15 %% of the value on both sides\n");
}

static void print_share(FILE *out, const char *name, size_t in, size_t of)
{
    fprintf(out, "  %s %zu of %zu (%.0f %%)", name, in, of, of ? 100 * (double)in / (double)of : 0);
}

/* Shares inside, of all rows and of each stage. */
static void print_shares(FILE *out, const struct validation *v)
{
    const char *stage = NULL;
    for (size_t from = 0; from <= v->n; from++) {
        size_t n = 0, inside = 0, within = 0;
        bool seen = from == v->n;
        stage = from < v->n ? v->row[from].t->text[SNW_T_stage] : NULL;
        for (size_t i = 0; i < from && stage && !seen; i++)
            seen = strcmp(v->row[i].t->text[SNW_T_stage], stage) == 0;
        if (seen && stage)
            continue;
        for (size_t i = 0; i < v->n; i++) {
            const struct row *row = &v->row[i];
            if (!row->compared || (stage && strcmp(row->t->text[SNW_T_stage], stage) != 0))
                continue;
            n++;
            inside += row->score.inside;
            within += row->score.within;
        }
        fprintf(out, "%-12s", stage ? stage : "all");
        print_share(out, "|z| <= 1.96:", inside, n);
        print_share(out, "in the interval:", within, n);
        fprintf(out, "\n");
    }
}

static void print_text(FILE *out, const struct validation *v)
{
    print_rows(out, v);
    fprintf(out, "\n");
    print_shares(out, v);
    fprintf(out, "\nOutside the interval\n");
    for (size_t i = 0; i < v->n; i++)
        if (v->row[i].compared && !v->row[i].score.within)
            fprintf(out, "%-16s %s\n", v->row[i].t->text[SNW_T_id], v->row[i].t->text[SNW_T_note]);
    fprintf(out, "\nNot compared\n");
    for (size_t i = 0; i < v->n; i++)
        if (!v->row[i].compared)
            fprintf(out, "%-16s %s: %s\n", v->row[i].t->text[SNW_T_id],
                    v->row[i].t->text[SNW_T_what], v->row[i].model.reason);
}

static snw_status print(struct snw_ctx *ctx, const struct snw_arguments *a,
                        const struct validation *v)
{
    bool csv = a->format && strcmp(a->format, "csv") == 0;
    FILE *out = a->directory ? fopen(a->directory, "w") : stdout;
    if (!out)
        return snw_fail(ctx, SNW_ERR_IO, "%s: %s", a->directory, strerror(errno));
    (csv ? print_csv : print_text)(out, v);
    int failed = fflush(out) != 0 || ferror(out);
    if (a->directory)
        failed |= fclose(out) != 0;
    return failed ? snw_fail(ctx, SNW_ERR_IO, "%s: cannot be written",
                             a->directory ? a->directory : "standard output")
                  : SNW_OK;
}

snw_status snw_command_validate(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    struct validation v = {.n = 0};
    if (a->n_words != 1 || !a->targets)
        return snw_fail(ctx, SNW_ERR_USAGE, "sinew validate wants a result and --targets CSV");
    if (a->format && strcmp(a->format, "csv") != 0 && strcmp(a->format, "text") != 0)
        return snw_fail(ctx, SNW_ERR_USAGE, "--format %s: text or csv is wanted", a->format);
    SNW_TRY(snw_targets_read(ctx, a->targets, &v.targets));
    SNW_TRY(choose(ctx, a, &v));
    SNW_TRY(read_census(ctx, a->targets, &v));
    SNW_TRY(snw_result_require(ctx, a->words[0]));
    SNW_TRY(evaluate(ctx, a->words[0], &v));
    SNW_TRY(print(ctx, a, &v));
out:
    snw_targets_free(&v.targets);
    snw_panel_free(&v.panel);
    snw_room_free(&v.room);
    free(v.row);
    return status;
}
