/* Writes group /paired: variables by scenario, draw and sex. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/labels.h"
#include "experiment/paired.h"
#include "store/dataset.h"

static const char group[] = "paired";

enum { N_SEX_LABELS = SNW_SEX_LABELS };

static const struct {
    const char *suffix, *what;
    bool of_people; /* a share, whatever the measure's unit */
} statistics[SNW_N_PAIRED_STATISTICS] = {
    [SNW_PAIRED_DIFFERENCE] = {"", ", per person, less the same person's in the reference", false},
    [SNW_PAIRED_MCSE] = {"_mcse", ", Monte Carlo standard error of the difference", false},
    [SNW_PAIRED_INDEPENDENT] = {"_independent_se",
                                ", standard error of the difference between independent runs",
                                false},
    [SNW_PAIRED_TOTAL] = {"_total", ", per person", false},
    [SNW_PAIRED_AVERTED] = {"_averted", ", averted per person", false},
    [SNW_PAIRED_CAUSED] = {"_caused", ", caused per person", false},
    [SNW_PAIRED_POSTPONED] = {"_postponed",
                              ", share of people with some in both worlds, the first later", true},
    [SNW_PAIRED_ADVANCED] = {"_advanced",
                             ", share of people with some in both worlds, the first earlier", true},
    [SNW_PAIRED_LESS] = {"_less", ", share of people with less", true},
    [SNW_PAIRED_MORE] = {"_more", ", share of people with more", true}};

struct writer {
    struct snw_ctx *ctx;
    struct snw_file *file;
    const struct snw_world *world;
    const struct snw_spread *spread;   /* NULL without draws */
    size_t n_draws, n;                 /* the point estimate among them; values of one draw */
    double *values;                    /* (scenarios, draws, sexes) */
    double *rows;                      /* (draws, scenarios, sexes) as they were put aside */
    double *one, *over[SNW_N_SPREADS]; /* (draws,); (scenarios, sexes) */
};

struct texts {
    char name[96], doc[256], unit[SNW_UNIT_MAX];
};

static struct snw_variable variable_of(const struct writer *w, enum snw_paired m,
                                       enum snw_paired_statistic k, struct texts *texts)
{
    const struct snw_paired_info *info = &snw_paired_table[m];
    snprintf(texts->name, sizeof texts->name, "%s%s", info->name, statistics[k].suffix);
    snprintf(texts->doc, sizeof texts->doc, "%s%s", info->doc, statistics[k].what);
    return (struct snw_variable){
        .group = group,
        .name = texts->name,
        .type = SNW_F64,
        .n_dims = 3,
        .dims = {"scenario", "draw", "sex"},
        .units = statistics[k].of_people ? "1" : snw_unit_of(w->world, info->unit, texts->unit),
        .long_name = texts->doc,
        .has_fill = true,
        .fill = __builtin_nan("")};
}

/* Means, SDs and quantiles over draws of the difference, from rows read. */
static snw_status put_over_draws(struct writer *w, const struct snw_variable *v, size_t place)
{
    struct snw_variable over = *v;
    over.n_dims = 2;
    over.dims[1] = "sex";
    snw_spread_columns(w->rows, w->n_draws - 1, w->n, w->one, w->over);
    snw_spread_mcvar(w->spread, place, w->n, w->over[SNW_SPREAD_MCVAR]);
    return snw_spreads_write(w->ctx, w->file, w->world, &over, NULL, w->over);
}

/* Puts what one draw has into the variable's order. @param[in] row (scenarios, sexes) */
static void lay(struct writer *w, size_t draw, const double *row)
{
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        memcpy(w->values + (s * w->n_draws + draw) * N_SEX_LABELS, row + s * N_SEX_LABELS,
               N_SEX_LABELS * sizeof *row);
}

/* One statistic of a measure. */
static snw_status put(struct writer *w, const struct snw_totals *totals, enum snw_paired m,
                      enum snw_paired_statistic k)
{
    snw_status status = SNW_OK;
    struct texts texts;
    const struct snw_variable v = variable_of(w, m, k, &texts);
    const size_t place = snw_row_of(w->world).paired + snw_paired_place(w->world, m, k);
    char object[128];
    for (size_t i = 0; i < w->n * w->n_draws; i++)
        w->values[i] = __builtin_nan("");
    snw_paired_statistic(w->world, totals, m, k, w->rows);
    lay(w, 0, w->rows);
    if (w->spread && snw_paired_in_row(m, k)) {
        SNW_TRY(snw_spread_read(w->ctx, w->spread, 1, w->n_draws, place, w->n, w->rows));
        for (size_t draw = 1; draw < w->n_draws; draw++)
            lay(w, draw, w->rows + (draw - 1) * w->n);
    }
    SNW_TRY(snw_variable_write(w->file, &v, w->values, w->ctx));
    snprintf(object, sizeof object, "%s/%s", group, v.name);
    SNW_TRY(snw_money_attributes(w->ctx, w->file, w->world, &v, NULL));
    if (strstr(v.name, "_discounted"))
        SNW_TRY(snw_attribute_double(
            w->file, object, "discount_rate",
            snw_discount_rate(w->world->settings, snw_paired_table[m].unit), w->ctx));
    if (w->spread && k == SNW_PAIRED_DIFFERENCE)
        SNW_TRY(put_over_draws(w, &v, place));
out:
    return status;
}

static snw_status write_axes(struct writer *w)
{
    snw_status status = SNW_OK;
    SNW_TRY(snw_group_create(w->file, group, w->ctx));
    SNW_TRY(snw_scenario_axis(w->ctx, w->file, w->world, group));
    SNW_TRY(snw_draw_axis(w->ctx, w->file, group, w->n_draws));
    SNW_TRY(snw_sex_axis(w->ctx, w->file, group));
    SNW_TRY(snw_attribute_text(w->file, group, "comment",
                               "Whole lives from the day people are met, each beside the same "
                               "person's in the reference; people count alike, without weights",
                               w->ctx));
out:
    return status;
}

static snw_status write_people(struct writer *w, const struct snw_totals *totals)
{
    double people[N_SEX_LABELS] = {0};
    const struct snw_variable v = {.group = group,
                                   .name = "people",
                                   .type = SNW_F64,
                                   .n_dims = 1,
                                   .dims = {"sex"},
                                   .units = "1",
                                   .long_name = "People compared"};
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        people[sex] = (double)totals[0].paired[sex * SNW_N_PAIRED].n;
        people[SNW_N_SEXES] += people[sex];
    }
    return snw_variable_write(w->file, &v, people, w->ctx);
}

static bool make_room(struct writer *w)
{
    bool there = true;
    w->values = malloc(w->n * w->n_draws * sizeof *w->values);
    w->rows = malloc(w->n * w->n_draws * sizeof *w->rows);
    w->one = malloc(w->n_draws * sizeof *w->one);
    for (int k = 0; k < SNW_N_SPREADS; k++) {
        w->over[k] = malloc(w->n * sizeof(double));
        there = there && w->over[k];
    }
    return there && w->values && w->rows && w->one;
}

snw_status snw_paired_write(struct snw_ctx *ctx, struct snw_file *file,
                            const struct snw_world *world, const struct snw_totals *totals,
                            const struct snw_spread *spread)
{
    snw_status status = SNW_OK;
    struct writer w = {.ctx = ctx,
                       .file = file,
                       .world = world,
                       .spread = spread,
                       .n_draws = 1 + (spread ? spread->rows.state.n : 0),
                       .n = world->n_scenarios * N_SEX_LABELS};
    if (!make_room(&w))
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for paired differences"));
    SNW_TRY(write_axes(&w));
    SNW_TRY(write_people(&w, totals));
    for (int m = 0; m < SNW_N_PAIRED; m++)
        for (int k = 0; k < SNW_N_PAIRED_STATISTICS; k++) {
            enum snw_paired measure = (enum snw_paired)m;
            enum snw_paired_statistic statistic = (enum snw_paired_statistic)k;
            if (snw_paired_applies(measure, statistic))
                SNW_TRY(put(&w, totals, measure, statistic));
        }
out:
    free(w.values);
    free(w.rows);
    free(w.one);
    for (int k = 0; k < SNW_N_SPREADS; k++)
        free(w.over[k]);
    return status;
}
