/* Writes what is told of a nation by calendar year. */
#include "experiment/by_year.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"
#include "experiment/draw.h"
#include "experiment/labels.h"
#include "experiment/national.h"
#include "store/dataset.h"

static const char group[] = "summary_by_year";

struct writer {
    struct snw_ctx *ctx;
    struct snw_file *file;
    const struct snw_world *world;
    const struct snw_totals *totals;
    const struct snw_spread *spread;   /* NULL without draws */
    size_t n_draws;                    /* without the point estimate */
    double *values, *errors;           /* (scenarios, snw_national_values) */
    double *rows;                      /* (draws, scenarios, snw_national_values) */
    double *one;                       /* (draws,) */
    double *over_draws[SNW_N_SPREADS]; /* the last one is not told */
    size_t n_values;
};

struct texts {
    char name[96], doc[256], unit[SNW_UNIT_MAX];
};

/* A variable of a quantity, without the dimension draw. */
static struct snw_variable variable_of(const struct writer *w, const struct snw_national *q,
                                       const char *suffix, const char *what, struct texts *texts)
{
    snprintf(texts->name, sizeof texts->name, "%s%s", q->name, suffix);
    snprintf(texts->doc, sizeof texts->doc, "%s%s", q->doc, what);
    return (struct snw_variable){.group = group,
                                 .name = texts->name,
                                 .type = SNW_F64,
                                 .n_dims = 4,
                                 .dims = {"scenario", "year", "sex", "age_group"},
                                 .units = snw_unit_of(w->world, q->units, texts->unit),
                                 .long_name = texts->doc};
}

/* Of the point estimate, which is draw 0. */
static snw_status put(struct writer *w, const struct snw_national *q, const char *suffix,
                      const char *what, const double *values)
{
    snw_status status = SNW_OK;
    static const char *const dims[] = {"scenario", "draw", "year", "sex", "age_group"};
    struct texts texts;
    struct snw_variable v = variable_of(w, q, suffix, what, &texts);
    v.n_dims = sizeof dims / sizeof dims[0];
    memcpy(v.dims, dims, sizeof dims);
    SNW_TRY(snw_variable_write(w->file, &v, values, w->ctx));
    SNW_TRY(snw_money_attributes(w->ctx, w->file, w->world, &v, NULL));
out:
    return status;
}

static snw_status axes(struct writer *w)
{
    snw_status status = SNW_OK;
    const struct snw_world *world = w->world;
    const char *labels[SNW_AGE_GROUPS];
    int32_t years[SNW_N_AGES];
    for (size_t i = 0; i < world->population.years; i++)
        years[i] = (int32_t)world->settings->year + (int32_t)i;
    for (size_t g = 0; g < SNW_AGE_GROUPS; g++)
        labels[g] = snw_age_groups[g].label;
    const struct {
        const char *name, *units, *doc;
        enum snw_dtype type;
        size_t n;
        const void *values;
    } all[] = {{"year", "year", "Calendar year", SNW_I32, world->population.years, years},
               {"age_group", NULL, "Ages in completed years, both included; the last three overlap",
                SNW_TEXT, SNW_AGE_GROUPS, labels}};
    SNW_TRY(snw_group_create(w->file, group, w->ctx));
    SNW_TRY(snw_scenario_axis(w->ctx, w->file, world, group));
    SNW_TRY(snw_draw_axis(w->ctx, w->file, group, 1));
    SNW_TRY(snw_sex_axis(w->ctx, w->file, group));
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct snw_variable v = {.group = group,
                                 .name = all[i].name,
                                 .type = all[i].type,
                                 .units = all[i].units,
                                 .long_name = all[i].doc};
        SNW_TRY(snw_coordinate_write(w->file, &v, all[i].n, all[i].values, w->ctx));
    }
out:
    return status;
}

/* Takes from all scenarios of each draw what the reference has, from itself last. */
static void take_reference(struct writer *w)
{
    size_t per_scenario = snw_national_values(w->world);
    for (size_t d = 0; d < w->n_draws; d++) {
        double *row = w->rows + d * w->n_values;
        for (size_t i = w->n_values; i-- > 0;)
            row[i] -= row[i % per_scenario];
    }
}

/* Statistics over draws of a quantity, or of what scenarios have added to the reference. */
static snw_status put_draws(struct writer *w, const struct snw_national *q, bool added)
{
    struct texts texts;
    const struct snw_variable v =
        variable_of(w, q, added ? "_added" : "", added ? ", added to the reference" : "", &texts);
    snw_spread_columns(w->rows, w->n_draws, w->n_values, w->one, w->over_draws);
    return snw_spreads_write(w->ctx, w->file, w->world, &v, NULL, w->over_draws);
}

/* A quantity: the point estimate, its Monte Carlo error, and what the draws come to. */
static snw_status put_quantity(struct writer *w, const struct snw_national *q, size_t place)
{
    snw_status status = SNW_OK;
    for (size_t s = 0; s < w->world->n_scenarios; s++) {
        size_t at = s * snw_national_values(w->world);
        snw_national_add_up(w->world, &w->totals[s], q, w->values + at, w->errors + at);
    }
    SNW_TRY(put(w, q, "", "", w->values));
    for (size_t i = 0; i < w->n_values; i++)
        w->errors[i] = snw_sqrt_f64(w->errors[i]);
    if (q->kind == SNW_NATIONAL_TOTAL || q->kind == SNW_NATIONAL_LEVEL)
        SNW_TRY(put(w, q, "_mcse", ", Monte Carlo standard error", w->errors));
    if (!w->spread || !q->drawn)
        return SNW_OK;
    SNW_TRY(snw_spread_read(w->ctx, w->spread, 1, w->n_draws + 1, place, w->n_values, w->rows));
    SNW_TRY(put_draws(w, q, false));
    if (w->world->n_scenarios < 2)
        return SNW_OK;
    take_reference(w);
    SNW_TRY(put_draws(w, q, true));
out:
    return status;
}

static snw_status quantities(struct writer *w)
{
    snw_status status = SNW_OK;
    struct snw_national *list = malloc(SNW_NATIONAL_MAX * sizeof *list);
    size_t place = snw_row_of(w->world).nation;
    if (!list)
        return snw_fail(w->ctx, SNW_ERR_MEMORY, "no memory for summaries by year");
    size_t n = snw_national_list(list);
    for (size_t k = 0; k < n; k++) {
        SNW_TRY(put_quantity(w, &list[k], place));
        place += list[k].drawn ? w->n_values : 0;
    }
out:
    free(list);
    return status;
}

static snw_status write_weights(struct writer *w)
{
    double weight[SNW_N_SEXES * SNW_N_AGES];
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int a = 0; a < SNW_N_AGES; a++)
            weight[s * SNW_N_AGES + a] =
                snw_person_weight(w->world, &w->totals[0], s, SNW_AGE_FIRST + a);
    struct snw_variable v = {.group = "summary",
                             .name = "weight",
                             .type = SNW_F64,
                             .n_dims = 2,
                             .dims = {"sex", "age"},
                             .units = "1",
                             .long_name = "People of the nation for each person met"};
    return snw_variable_write(w->file, &v, weight, w->ctx);
}

static snw_status write_notes(struct writer *w)
{
    snw_status status = SNW_OK;
    const struct snw_world *world = w->world;
    const char *whose = world->population.mode == SNW_MODE_OPEN
                            ? "The adults of the first year and those who join them later, each "
                              "person simulated standing for the same number of people"
                            : "The people of the first year, weighted to the census of each sex "
                              "and age, and those of them who are left later; nobody enters";
    const double *above = world->nation.above97;
    SNW_TRY(snw_attribute_text(w->file, "/summary_by_year", "comment", whose, w->ctx));
    SNW_TRY(snw_attribute_double(w->file, "/summary_by_year", "people_above_97",
                                 above[0] + above[1], w->ctx));
    if (world->population.weight > 0)
        SNW_TRY(snw_attribute_double(w->file, "/summary_by_year", "weight",
                                     world->population.weight, w->ctx));
    SNW_TRY(snw_attribute_double(w->file, "/summary_by_year", "closed",
                                 world->population.mode != SNW_MODE_OPEN, w->ctx));
    SNW_TRY(snw_attribute_double(w->file, "/summary_by_year", "decision_year",
                                 snw_decision_year(world->settings), w->ctx));
    SNW_TRY(snw_attribute_double(w->file, "/summary_by_year", "discount_costs",
                                 world->settings->discount_costs, w->ctx));
    SNW_TRY(snw_attribute_double(w->file, "/summary_by_year", "discount_qalys",
                                 world->settings->discount_qalys, w->ctx));
out:
    return status;
}

static snw_status make_room(struct writer *w)
{
    const size_t bytes = w->n_values * sizeof(double);
    bool good = true;
    w->values = malloc(bytes);
    w->errors = malloc(bytes);
    if (w->spread) {
        w->n_draws = w->spread->rows.state.n;
        w->rows = malloc((w->n_draws + 1) * bytes);
        w->one = malloc((w->n_draws + 1) * sizeof *w->one);
        good = w->rows && w->one;
        for (int k = 0; k < SNW_SPREAD_MCVAR; k++) {
            w->over_draws[k] = malloc(bytes);
            good = good && w->over_draws[k];
        }
    }
    return good && w->values && w->errors
               ? SNW_OK
               : snw_fail(w->ctx, SNW_ERR_MEMORY, "no memory for summaries by year");
}

snw_status snw_by_year_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_totals *totals,
                             const struct snw_spread *draws)
{
    snw_status status = SNW_OK;
    struct writer w = {.ctx = ctx, .file = file, .world = world, .totals = totals, .spread = draws};
    w.n_values = world->n_scenarios * snw_national_values(world);
    SNW_TRY(make_room(&w));
    SNW_TRY(axes(&w));
    SNW_TRY(quantities(&w));
    SNW_TRY(write_weights(&w));
    SNW_TRY(write_notes(&w));
out:
    free(w.values);
    free(w.errors);
    free(w.rows);
    free(w.one);
    for (int k = 0; k < SNW_SPREAD_MCVAR; k++)
        free(w.over_draws[k]);
    return status;
}
