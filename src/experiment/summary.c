/* Writes means, SDs, rates and quantiles by scenario, sex and age. */
#include "experiment/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/scalar.h"
#include "core/vmath.h"
#include "store/dataset.h"

enum {
    N_CELLS = SNW_N_SEXES * SNW_N_AGES,
    N_QUANTILES = 5,
    N_LEVELS = SNW_LEVELS,
    PER_1000 = 1000
};

static const char group[] = "summary";

__extension__ typedef unsigned __int128 wide;

double snw_cell_mean(const struct snw_cell *cell, enum snw_measure measure)
{
    const struct snw_measure_info *info = &snw_measure_table[measure];
    if (cell->n == 0)
        return __builtin_nan("");
    return info->offset + info->cell_scale * ((double)cell->sum / (double)cell->n);
}

double snw_cell_sd(const struct snw_cell *cell, enum snw_measure measure)
{
    if (cell->n < 2)
        return __builtin_nan("");
    /* n sum(q^2) - sum(q)^2 in 128 bits: no cancellation */
    wide squares = ((wide)cell->sum_squares_high << 32) + cell->sum_squares;
    wide spread = (wide)cell->n * squares - (wide)cell->sum * cell->sum;
    double n = (double)cell->n;
    return snw_measure_table[measure].cell_scale * snw_sqrt_f64((double)spread / (n * (n - 1)));
}

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

const char *snw_unit_of(const struct snw_world *world, const char *unit, char text[SNW_UNIT_MAX])
{
    if (strncmp(unit, "USD", 3) != 0)
        return unit;
    snprintf(text, SNW_UNIT_MAX, "USD_%d%s", world->prices.year, unit + 3);
    return text;
}

snw_status snw_cost_attributes(struct snw_ctx *ctx, struct snw_file *file,
                               const struct snw_world *world, const char *object)
{
    snw_status status = SNW_OK;
    char word[32];
    const struct snw_setting_info *ledger = &snw_setting_table[SNW_SETTING_ledger];
    const struct snw_setting_info *index = &snw_setting_table[SNW_SETTING_price_index];
    snw_word_at(ledger->words, world->settings->ledger, word, sizeof word);
    SNW_TRY(snw_attribute_text(file, object, "ledger", word, ctx));
    snw_word_at(index->words, world->settings->price_index, word, sizeof word);
    SNW_TRY(snw_attribute_text(file, object, "price_index", word, ctx));
out:
    return status;
}

snw_status snw_summary_axes(struct snw_ctx *ctx, struct snw_file *file,
                            const struct snw_world *world, const char *in)
{
    snw_status status = SNW_OK;
    static const char *const sexes[] = {"female", "male"};
    const char **names = malloc(world->n_scenarios * sizeof *names);
    int32_t ages[SNW_N_AGES], draw = 0;
    if (!names)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for labels");
    for (size_t s = 0; s < world->n_scenarios; s++)
        names[s] = world->settings->scenarios.list[s].name;
    for (int i = 0; i < SNW_N_AGES; i++)
        ages[i] = SNW_AGE_FIRST + i;
    SNW_TRY(snw_group_create(file, in, ctx));
    struct snw_variable v = {.group = in,
                             .name = "scenario",
                             .type = SNW_TEXT,
                             .long_name = "Scenario; the first is the reference"};
    SNW_TRY(snw_coordinate_write(file, &v, world->n_scenarios, names, ctx));
    v = (struct snw_variable){.group = in,
                              .name = "draw",
                              .type = SNW_I32,
                              .units = "1",
                              .long_name = "Draw of the parameters; 0 is the point estimate"};
    SNW_TRY(snw_coordinate_write(file, &v, 1, &draw, ctx));
    v = (struct snw_variable){.group = in, .name = "sex", .type = SNW_TEXT, .long_name = "Sex"};
    SNW_TRY(snw_coordinate_write(file, &v, SNW_N_SEXES, sexes, ctx));
    v = (struct snw_variable){.group = in,
                              .name = "age",
                              .type = SNW_I32,
                              .units = "year",
                              .long_name = "Age in completed years"};
    SNW_TRY(snw_coordinate_write(file, &v, SNW_N_AGES, ages, ctx));
out:
    free(names);
    return status;
}

/* A variable (scenario, draw, sex, age) or with one more dimension. */
static snw_status write(struct snw_ctx *ctx, struct snw_file *file, const char *name,
                        const char *suffix, const char *units, const char *long_name,
                        const char *fifth, const double *values)
{
    char full[96], text[256];
    snprintf(full, sizeof full, "%s%s", name, suffix);
    snprintf(text, sizeof text, "%s", long_name);
    struct snw_variable v = {.group = group,
                             .name = full,
                             .type = SNW_F64,
                             .n_dims = fifth ? 5 : 4,
                             .dims = {"scenario", "draw", "sex", "age", fifth},
                             .units = units,
                             .long_name = text};
    return snw_variable_write(file, &v, values, ctx);
}

struct writer {
    struct snw_ctx *ctx;
    struct snw_file *file;
    const struct snw_world *world;
    const struct snw_totals *totals;
    double *values; /* (scenarios, cells, sites or levels) */
};

static const struct snw_cell *cell_at(const struct writer *w, size_t scenario, size_t cell,
                                      enum snw_measure m)
{
    return &w->totals[scenario].cells[cell * SNW_N_MEASURES + m];
}

static snw_status write_statistic(struct writer *w, enum snw_measure m, const char *suffix,
                                  double (*f)(const struct snw_cell *, enum snw_measure),
                                  const char *what)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    char text[256], unit[SNW_UNIT_MAX];
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t c = 0; c < N_CELLS; c++)
            w->values[s * N_CELLS + c] = f(cell_at(w, s, c, m), m);
    snprintf(text, sizeof text, "%s%s", info->doc, what);
    const char *units = strcmp(suffix, "_n") == 0 ? "1" : snw_unit_of(w->world, info->unit, unit);
    return write(w->ctx, w->file, info->name, suffix, units, text, NULL, w->values);
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

static snw_status write_quantiles(struct writer *w, enum snw_measure m)
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
        char text[256];
        for (size_t s = 0; s < w->world->n_scenarios; s++)
            for (size_t c = 0; c < N_CELLS; c++) {
                const uint32_t *h = w->totals[s].histograms + (c * SNW_N_STATES + m) * SNW_BINS;
                struct snw_bins bins = w->world->pilot->bins[c / SNW_N_AGES][c % SNW_N_AGES][m];
                w->values[s * N_CELLS + c] = snw_histogram_quantile(h, bins, m, quantiles[k].p);
            }
        snprintf(text, sizeof text, "%s%s", info->doc, quantiles[k].what);
        SNW_TRY(write(w->ctx, w->file, info->name, quantiles[k].suffix, info->unit, text, NULL,
                      w->values));
    }
out:
    return status;
}

static snw_status write_shares(struct writer *w, enum snw_measure m)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    char text[256];
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t c = 0; c < N_CELLS; c++) {
            const uint32_t *h =
                w->totals[s].levels + (c * SNW_N_CODES + m - SNW_N_STATES) * SNW_LEVELS;
            double n = (double)cell_at(w, s, c, m)->n;
            for (size_t l = 0; l < N_LEVELS; l++)
                w->values[(s * N_CELLS + c) * N_LEVELS + l] = n > 0 ? h[l] / n : __builtin_nan("");
        }
    snprintf(text, sizeof text, "Share at each level; %s", info->doc);
    return write(w->ctx, w->file, info->name, "_share", "1", text, "level", w->values);
}

/* A YEAR or WIDE measure per person-year lived. */
static double per_year(const struct writer *w, size_t s, size_t c, enum snw_measure m)
{
    const struct snw_cell *time = cell_at(w, s, c, SNW_M_person_years), *cell = cell_at(w, s, c, m);
    const struct snw_measure_info *info = &snw_measure_table[m];
    double years = (double)time->sum * snw_measure_table[SNW_M_person_years].scale;
    double total = info->offset * (double)cell->n + info->cell_scale * (double)cell->sum;
    return years > 0 ? total / years : __builtin_nan("");
}

/* Events per 1,000 person-years. */
static double rate(const struct writer *w, size_t s, size_t c, enum snw_measure m)
{
    return PER_1000 * per_year(w, s, c, m);
}

static snw_status write_rates(struct writer *w)
{
    static const struct {
        enum snw_measure m;
        const char *name, *doc;
    } rates[] = {{SNW_M_falls, "falls", "Falls"},
                 {SNW_M_falls_reported, "falls_reported", "Reported falls"},
                 {SNW_M_fall_injuries, "fall_injury", "Falls that injured without a fracture"},
                 {SNW_M_death, "death", "Deaths"},
                 {SNW_M_menopause, "menopause", "Final menstrual periods"},
                 {SNW_M_nursing_home_entry, "nursing_home", "Entries into a nursing home"}};
    snw_status status = SNW_OK;
    size_t n_scenarios = w->world->n_scenarios;
    char text[128];
    for (size_t k = 0; k < sizeof rates / sizeof rates[0]; k++) {
        for (size_t s = 0; s < n_scenarios; s++)
            for (size_t c = 0; c < N_CELLS; c++)
                w->values[s * N_CELLS + c] = rate(w, s, c, rates[k].m);
        snprintf(text, sizeof text, "%s per 1,000 person-years", rates[k].doc);
        SNW_TRY(
            write(w->ctx, w->file, rates[k].name, "_per_1000_py", "year-1", text, NULL, w->values));
    }
    for (size_t s = 0; s < n_scenarios; s++)
        for (size_t c = 0; c < N_CELLS; c++)
            for (size_t site = 0; site < SNW_N_SITE; site++)
                w->values[(s * N_CELLS + c) * SNW_N_SITE + site] =
                    rate(w, s, c, (enum snw_measure)(SNW_M_fracture_hip + (int)site));
    SNW_TRY(write(w->ctx, w->file, "fracture", "_per_1000_py", "year-1",
                  "Fractures per 1,000 person-years", "site", w->values));
    for (size_t s = 0; s < n_scenarios; s++)
        for (size_t c = 0; c < N_CELLS; c++)
            for (size_t k = 0; k < SNW_N_CAUSES; k++)
                w->values[(s * N_CELLS + c) * SNW_N_CAUSES + k] =
                    (double)w->totals[s].causes[c * SNW_N_CAUSES + k];
    SNW_TRY(write(w->ctx, w->file, "death", "_attributed_n", "1",
                  "Deaths by the part of the hazard they are attributed to; not certified causes",
                  "cause", w->values));
out:
    return status;
}

static snw_status write_per_year(struct writer *w, enum snw_measure m)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    char text[256], unit[SNW_UNIT_MAX];
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t c = 0; c < N_CELLS; c++)
            w->values[s * N_CELLS + c] = per_year(w, s, c, m);
    snprintf(text, sizeof text, "%s, per year lived", info->doc);
    const char *units = m == SNW_M_cost ? snw_unit_of(w->world, "USD year-1", unit) : "1";
    return write(w->ctx, w->file, info->name, "_per_py", units, text, NULL, w->values);
}

static snw_status write_person_years(struct writer *w)
{
    snw_status status = SNW_OK;
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t c = 0; c < N_CELLS; c++)
            w->values[s * N_CELLS + c] = (double)cell_at(w, s, c, SNW_M_person_years)->sum *
                                         snw_measure_table[SNW_M_person_years].scale;
    SNW_TRY(write(w->ctx, w->file, "person_years", "", "year", "Time lived, all people", NULL,
                  w->values));
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t c = 0; c < N_CELLS; c++)
            w->values[s * N_CELLS + c] = (double)cell_at(w, s, c, SNW_M_alive)->n;
    SNW_TRY(write(w->ctx, w->file, "alive_n", "", "1", "People alive at the birthday", NULL,
                  w->values));
out:
    return status;
}

static snw_status write_labels(struct writer *w)
{
    snw_status status = SNW_OK;
    static const char *const causes[] = {"background", "hip_fracture", "vertebral_fracture",
                                         "frailty",    "weakness",     "igfbp2"};
    int32_t levels[N_LEVELS] = {0, 1, 2, 3};
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
    SNW_TRY(snw_coordinate_write(w->file, &v, N_LEVELS, levels, w->ctx));
out:
    return status;
}

/* @return whether the config asks for this outcome. */
static bool wanted(const struct snw_names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->name[i], name) == 0)
            return true;
    return names->all;
}

snw_status snw_summary_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_totals *totals)
{
    snw_status status = SNW_OK;
    struct writer w = {ctx, file, world, totals, NULL};
    w.values = malloc(world->n_scenarios * N_CELLS * SNW_N_SITE * sizeof *w.values);
    if (!w.values)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for summaries");
    SNW_TRY(snw_summary_axes(ctx, file, world, group));
    SNW_TRY(write_labels(&w));
    SNW_TRY(write_person_years(&w));
    SNW_TRY(write_rates(&w));
    for (int i = 0; i < SNW_N_MEASURES; i++) {
        enum snw_measure m = (enum snw_measure)i;
        if (m == SNW_M_alive || m == SNW_M_person_years ||
            !wanted(&world->settings->measures, snw_measure_table[m].name))
            continue;
        SNW_TRY(write_statistic(&w, m, "", snw_cell_mean, ""));
        SNW_TRY(write_statistic(&w, m, "_sd", snw_cell_sd, ", SD between people"));
        SNW_TRY(write_statistic(&w, m, "_n", count_of, ", people"));
        SNW_TRY(write_statistic(&w, m, "_mcse", error_of, ", Monte Carlo standard error"));
        if (i < SNW_N_STATES)
            SNW_TRY(write_quantiles(&w, m));
        if (snw_measure_table[m].kind == SNW_M_CODE)
            SNW_TRY(write_shares(&w, m));
        if (snw_measure_table[m].kind == SNW_M_WIDE)
            SNW_TRY(write_per_year(&w, m));
        if (m == SNW_M_cost) {
            SNW_TRY(snw_cost_attributes(ctx, file, world, "summary/cost"));
            SNW_TRY(snw_cost_attributes(ctx, file, world, "summary/cost_per_py"));
        }
    }
out:
    free(w.values);
    return status;
}
