/* Writes means, SDs, rates and quantiles by scenario, draw, sex and age. */
#include "experiment/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"
#include "experiment/labels.h"
#include "store/dataset.h"

enum { N_QUANTILES = 5, CHUNK_BYTES = 512 * 1024 };

static const char group[] = "summary";

/* The smallest q - low that falls into bin i. */
static double bin_edge(struct snw_bins bins, int i)
{
    return (double)(((int64_t)i * 65536 + bins.scale - 1) / bins.scale);
}

double snw_histogram_quantile(const uint32_t *histogram, struct snw_bins bins,
                              enum snw_measure measure, double p)
{
    const struct snw_measure_info *info = &snw_measure_table[measure];
    double all = 0, below = 0;
    for (int i = 0; i < SNW_BINS; i++)
        all += histogram[i];
    for (int i = 0; i < SNW_BINS && all > 0; i++) {
        if (histogram[i] > 0 && below + histogram[i] >= p * all) {
            double inside = (p * all - below) / histogram[i];
            double from = bin_edge(bins, i), to = bin_edge(bins, i + 1);
            /* a value q stands for q - 1/2 .. q + 1/2 */
            return info->offset + info->scale * (bins.low + from + inside * (to - from) - 0.5);
        }
        below += histogram[i];
    }
    return __builtin_nan("");
}

struct writer {
    struct snw_ctx *ctx;
    struct snw_file *file;
    const struct snw_world *world;
    const struct snw_totals *totals;
    const struct snw_spread *spread; /* NULL without draws */
    size_t n_draws;                  /* the point estimate among them */
    double *values;                  /* (scenarios, cells, sites or levels) */
    double *over_draws[SNW_N_SPREADS];
};

/* What a variable of /summary says of itself. */
struct label {
    const char *name, *suffix, *units, *doc, *what;
    const char *along; /* its last dimension, NULL for none */
    size_t n;          /* length of that, else 1 */
};

/* The ledger that a variable says: that of its own labels, else NULL for the run's. */
static const char *ledger_of(const struct label *label)
{
    int own =
        label->along && (strcmp(label->along, "part") == 0 || strcmp(label->along, "ledger") == 0);
    return own ? "as labelled" : NULL;
}

struct texts {
    char name[96], doc[256], unit[SNW_UNIT_MAX];
};

static struct snw_variable variable_of(const struct writer *w, const struct label *label,
                                       struct texts *texts)
{
    snprintf(texts->name, sizeof texts->name, "%s%s", label->name, label->suffix);
    snprintf(texts->doc, sizeof texts->doc, "%s%s", label->doc, label->what);
    return (struct snw_variable){.group = group,
                                 .name = texts->name,
                                 .type = SNW_F64,
                                 .n_dims = label->along ? 5 : 4,
                                 .dims = {"scenario", "draw", "sex", "age", label->along},
                                 .units = snw_unit_of(w->world, label->units, texts->unit),
                                 .long_name = texts->doc};
}

/* Writes the values of the point estimate; those of other draws are missing. */
static snw_status put(struct writer *w, const struct label *label)
{
    snw_status status = SNW_OK;
    struct texts texts;
    struct snw_variable v = variable_of(w, label, &texts);
    const size_t first[] = {0, 0, 0, 0, 0};
    const size_t count[] = {w->world->n_scenarios, 1, SNW_N_SEXES, SNW_N_AGES, label->n};
    if (!w->spread) {
        SNW_TRY(snw_variable_write(w->file, &v, w->values, w->ctx));
    } else {
        v.has_fill = true;
        v.fill = __builtin_nan("");
        SNW_TRY(snw_sparse_create(w->file, &v, count, w->ctx));
        SNW_TRY(snw_slab_write(w->file, &v, first, count, w->values, w->ctx));
    }
    SNW_TRY(snw_money_attributes(w->ctx, w->file, w->world, &v, ledger_of(label)));
out:
    return status;
}

/* Writes the values of an outcome in all draws: those of the point estimate, then the rows. */
static snw_status put_all_draws(struct writer *w, const struct label *label,
                                const struct snw_outcome *e)
{
    snw_status status = SNW_OK;
    struct texts texts;
    struct snw_variable v = variable_of(w, label, &texts);
    size_t n = SNW_CELLS * e->n, together = CHUNK_BYTES / (n * sizeof(double));
    together = together < w->n_draws ? together : w->n_draws;
    size_t first[] = {0, 0, 0, 0, 0}, count[] = {1, together, SNW_N_SEXES, SNW_N_AGES, e->n};
    double *values = malloc(together * n * sizeof *values);
    if (!values)
        return snw_fail(w->ctx, SNW_ERR_MEMORY, "no memory to write %s", e->name);
    v.has_fill = true;
    v.fill = __builtin_nan("");
    SNW_TRY(snw_sparse_create(w->file, &v, count, w->ctx));
    SNW_TRY(snw_money_attributes(w->ctx, w->file, w->world, &v, ledger_of(label)));
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t from = 0; from < w->n_draws; from += together) {
            size_t to = from + together < w->n_draws ? from + together : w->n_draws;
            size_t point = from == 0; /* it stands before the rows */
            if (point)
                memcpy(values, w->values + s * n, n * sizeof *values);
            SNW_TRY(snw_spread_read(w->ctx, w->spread, from + point, to,
                                    snw_outcome_place(w->world, e, s), n, values + point * n));
            first[0] = s;
            first[1] = from;
            count[1] = to - from;
            SNW_TRY(snw_slab_write(w->file, &v, first, count, values, w->ctx));
        }
out:
    free(values);
    return status;
}

/* Statistics over draws, without the dimension draw. */
static snw_status put_spreads(struct writer *w, const struct label *label,
                              const struct snw_outcome *e)
{
    struct texts texts;
    struct snw_variable v = variable_of(w, label, &texts);
    double *values[SNW_N_SPREADS];
    v.n_dims--;
    v.dims[1] = "sex";
    v.dims[2] = "age";
    v.dims[3] = label->along;
    for (int k = 0; k < SNW_N_SPREADS; k++)
        values[k] = w->over_draws[k] + snw_outcome_place(w->world, e, 0);
    return snw_spreads_write(w->ctx, w->file, w->world, &v, ledger_of(label), values);
}

static snw_status put_outcome(struct writer *w, const struct snw_outcome *e)
{
    snw_status status = SNW_OK;
    struct label label = {e->name, "", e->units, e->doc, "", e->along, e->n};
    double *value = w->values;
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t c = 0; c < SNW_CELLS; c++)
            for (size_t k = 0; k < e->n; k++)
                *value++ = snw_outcome_value(e, &w->totals[s], c, k);
    if (!w->spread || !e->per_draw)
        SNW_TRY(put(w, &label));
    else
        SNW_TRY(put_all_draws(w, &label, e));
    if (w->spread)
        SNW_TRY(put_spreads(w, &label, e));
out:
    return status;
}

static const struct snw_cell *cell_at(const struct writer *w, size_t scenario, size_t cell,
                                      enum snw_measure m)
{
    return &w->totals[scenario].cells[cell * SNW_N_MEASURES + m];
}

static snw_status put_statistic(struct writer *w, enum snw_measure m, const char *suffix,
                                double (*f)(const struct snw_cell *, enum snw_measure),
                                const char *what)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    struct label label = {info->name, suffix, info->unit, info->doc, what, NULL, 1};
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t c = 0; c < SNW_CELLS; c++)
            w->values[s * SNW_CELLS + c] = f(cell_at(w, s, c, m), m);
    if (strcmp(suffix, "_n") == 0)
        label.units = "1";
    return put(w, &label);
}

static double count_of(const struct snw_cell *cell, enum snw_measure m)
{
    (void)m;
    return (double)cell->n;
}

static double error_of(const struct snw_cell *cell, enum snw_measure m)
{
    return cell->n ? snw_cell_sd(cell, m) / snw_sqrt_f64((double)cell->n) : __builtin_nan("");
}

static snw_status put_quantiles(struct writer *w, enum snw_measure m)
{
    static const struct {
        const char *suffix, *what;
        double p;
    } quantiles[N_QUANTILES] = {{"_p05", ", 5th percentile", 0.05},
                                {"_p25", ", 25th percentile", 0.25},
                                {"_p50", ", median", 0.50},
                                {"_p75", ", 75th percentile", 0.75},
                                {"_p95", ", 95th percentile", 0.95}};
    snw_status status = SNW_OK;
    const struct snw_measure_info *info = &snw_measure_table[m];
    for (int k = 0; k < N_QUANTILES; k++) {
        struct label label = {
            info->name, quantiles[k].suffix, info->unit, info->doc, quantiles[k].what, NULL, 1};
        for (size_t s = 0; s < w->world->n_scenarios; s++)
            for (size_t c = 0; c < SNW_CELLS; c++) {
                const uint32_t *h = w->totals[s].histograms + (c * SNW_N_STATES + m) * SNW_BINS;
                struct snw_bins bins = w->world->pilot->bins[c / SNW_N_AGES][c % SNW_N_AGES][m];
                w->values[s * SNW_CELLS + c] = snw_histogram_quantile(h, bins, m, quantiles[k].p);
            }
        SNW_TRY(put(w, &label));
    }
out:
    return status;
}

static snw_status put_causes(struct writer *w)
{
    const struct label label = {
        "death",
        "_attributed_n",
        "1",
        "Deaths by the part of the hazard they are attributed to; not certified causes",
        "",
        "cause",
        SNW_N_CAUSES};
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t i = 0; i < SNW_CELLS * SNW_N_CAUSES; i++)
            w->values[s * SNW_CELLS * SNW_N_CAUSES + i] = (double)w->totals[s].causes[i];
    return put(w, &label);
}

static snw_status write_labels(struct writer *w)
{
    snw_status status = SNW_OK;
    static const char *const causes[] = {"background", "hip_fracture", "vertebral_fracture",
                                         "frailty",    "weakness",     "igfbp2"};
    int32_t levels[SNW_LEVELS] = {0, 1, 2, 3};
    struct snw_variable v = {
        .group = group, .name = "site", .type = SNW_TEXT, .long_name = "Fracture site"};
    SNW_TRY(snw_coordinate_write(w->file, &v, SNW_N_SITE, snw_axis_table[SNW_AXIS_SITE].labels,
                                 w->ctx));
    v.name = "cause";
    v.long_name = "Part of the hazard of death";
    SNW_TRY(snw_coordinate_write(w->file, &v, SNW_N_CAUSES, causes, w->ctx));
    v = (struct snw_variable){.group = group,
                              .name = "level",
                              .type = SNW_I32,
                              .units = "1",
                              .long_name = "Level of a code"};
    SNW_TRY(snw_coordinate_write(w->file, &v, SNW_LEVELS, levels, w->ctx));
    if (w->world->settings->cost_parts)
        SNW_TRY(snw_cost_axes(w->ctx, w->file, group));
out:
    return status;
}

/* The outcomes of the point run and over draws, and beside each mean how people differ. */
static snw_status write_all(struct writer *w)
{
    snw_status status = SNW_OK;
    const struct snw_outcomes *all = w->world->outcomes;
    SNW_TRY(put_causes(w));
    for (size_t i = 0; i < all->n; i++) {
        const struct snw_outcome *e = &all->list[i];
        SNW_TRY(put_outcome(w, e));
        if (e->kind == SNW_OUTCOME_COST_PART)
            SNW_TRY(snw_part_ledgers(w->ctx, w->file, "summary/cost_by_part"));
        if (e->kind != SNW_OUTCOME_MEAN)
            continue;
        SNW_TRY(put_statistic(w, e->measure, "_sd", snw_cell_sd, ", SD between people"));
        SNW_TRY(put_statistic(w, e->measure, "_n", count_of, ", people"));
        SNW_TRY(put_statistic(w, e->measure, "_mcse", error_of, ", Monte Carlo standard error"));
        if (e->measure < (enum snw_measure)SNW_N_STATES)
            SNW_TRY(put_quantiles(w, e->measure));
    }
out:
    return status;
}

static snw_status sum_up_draws(struct writer *w)
{
    snw_status status = SNW_OK;
    const size_t n = snw_row_of(w->world).nation; /* it ends the outcomes */
    for (int k = 0; k < SNW_N_SPREADS; k++) {
        w->over_draws[k] = malloc(n * sizeof(double));
        if (!w->over_draws[k])
            SNW_TRY(snw_fail(w->ctx, SNW_ERR_MEMORY, "no memory for statistics over draws"));
    }
    SNW_TRY(snw_spread_statistics(w->ctx, w->spread, 0, n, w->over_draws));
out:
    return status;
}

snw_status snw_summary_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_totals *totals,
                             const struct snw_spread *spread)
{
    snw_status status = SNW_OK;
    struct writer w = {.ctx = ctx,
                       .file = file,
                       .world = world,
                       .totals = totals,
                       .spread = spread,
                       .n_draws = 1 + (spread ? spread->rows.state.n : 0)};
    size_t most = SNW_N_COST_PARTS > (int)SNW_N_SITE ? (size_t)SNW_N_COST_PARTS : SNW_N_SITE;
    w.values = malloc(world->n_scenarios * SNW_CELLS * most * sizeof *w.values);
    if (!w.values)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for summaries");
    if (spread)
        SNW_TRY(sum_up_draws(&w));
    SNW_TRY(snw_summary_axes(ctx, file, world, group, w.n_draws));
    SNW_TRY(write_labels(&w));
    SNW_TRY(write_all(&w));
out:
    for (int k = 0; k < SNW_N_SPREADS; k++)
        free(w.over_draws[k]);
    free(w.values);
    return status;
}
