/* Screening: from the settings to the plan of each scenario, and from counts to /screening. */
#include "experiment/screens.h"

#include <stdio.h>
#include <stdlib.h>

#include "experiment/labels.h"
#include "store/dataset.h"

static const char group[] = "screening";

enum {
    PLACES = SNW_SCREENING_MAX * SNW_PATHWAY_STEPS, /* of steps in a scenario */
    STEPS_MAX = SNW_PATHWAYS_MAX * SNW_PATHWAY_STEPS,
    VALUES = SNW_N_SEXES * (PLACES * SNW_N_COUNTS + SNW_N_SITE)
};

/* The course of a scenario's programme that an intervention is. */
static size_t course_of(const struct snw_scenario *scenario, const struct snw_route *route)
{
    size_t k = 0;
    while (k + 1 < scenario->n_interventions && scenario->intervention[k] != route->to)
        k++;
    return k;
}

static snw_status build_one(struct snw_ctx *ctx, const struct snw_world *world,
                            const struct snw_scenario *scenario, struct snw_screening *screening)
{
    snw_status status = SNW_OK;
    const struct snw_settings *settings = world->settings;
    screening->n = scenario->n_pathways;
    for (size_t p = 0; p < screening->n; p++)
        screening->list[p] = &settings->screening.list[scenario->pathway[p]];
    snw_screening_init(screening);
    for (size_t p = 0; p < screening->n; p++)
        for (size_t k = 0; k < screening->list[p]->n_steps; k++) {
            const struct snw_screening_step *step = &screening->list[p]->step[k];
            char unit[32];
            snprintf(unit, sizeof unit, "USD_%d", step->price_year);
            SNW_TRY(snw_price_factor(ctx, &world->price_index, screening->list[p]->name, unit,
                                     (int)settings->price_year, &screening->price[p][k]));
            screening->then[p][k] = course_of(scenario, &step->then);
            screening->otherwise[p][k] = course_of(scenario, &step->otherwise);
        }
out:
    return status;
}

snw_status snw_screens_build(struct snw_ctx *ctx, struct snw_world *world)
{
    snw_status status = SNW_OK;
    const struct snw_scenario *list = world->settings->scenarios.list;
    size_t n = 0;
    for (size_t s = 0; s < world->n_scenarios; s++)
        n += list[s].n_pathways;
    if (n == 0)
        return SNW_OK;
    world->screenings = calloc(world->n_scenarios, sizeof *world->screenings);
    if (!world->screenings)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for screening");
    for (size_t s = 0; s < world->n_scenarios; s++) {
        SNW_TRY(build_one(ctx, world, &list[s], &world->screenings[s]));
        for (size_t k = list[s].n_named; k < list[s].n_interventions; k++)
            world->programmes[s].referred_only[k] = 1;
    }
out:
    return status;
}

size_t snw_screens_values(const struct snw_world *world)
{
    return world->screenings ? world->n_scenarios * VALUES : 0;
}

/* Fractures of one sex and site over all ages and, of people who are followed, all years. */
static double fractures(const struct snw_totals *t, int sex, int site)
{
    const struct snw_cell *cells = t->years ? t->by_year : t->cells;
    uint64_t sum = 0;
    for (size_t year = 0; year < (t->years ? t->years : 1); year++)
        for (size_t a = 0; a < SNW_N_AGES; a++)
            sum += cells[year * SNW_TOTALS_CELLS + ((size_t)sex * SNW_N_AGES + a) * SNW_N_MEASURES +
                         SNW_M_fracture_hip + (size_t)site]
                       .sum;
    return (double)sum;
}

/* One scenario's values: by sex, counts (pathway, step, count), then fractures by site. */
static void reduce(const struct snw_totals *t, double *value)
{
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        for (size_t p = 0; p < SNW_SCREENING_MAX; p++)
            for (size_t k = 0; k < SNW_PATHWAY_STEPS; k++)
                for (size_t c = 0; c < SNW_N_COUNTS; c++)
                    *value++ = (double)t->screening->n[sex][p][k][c];
        for (int site = 0; site < SNW_N_SITE; site++)
            *value++ = fractures(t, sex, site);
    }
}

void snw_screens_reduce(const struct snw_world *world, const struct snw_totals *totals,
                        double *values)
{
    for (size_t s = 0; world->screenings && s < world->n_scenarios; s++)
        reduce(&totals[s], values + s * VALUES);
}

/* A step of a pathway that some scenario names. */
struct line {
    const struct snw_pathway *pathway;
    size_t index, step; /* the pathway's place in the settings' list; the step's in it */
    char name[140];
};

struct writer {
    struct snw_ctx *ctx;
    struct snw_file *file;
    const struct snw_world *world;
    size_t n_draws, n_lines;
    struct line line[STEPS_MAX];
    double *raw;    /* (draws, scenarios, VALUES) */
    double *values; /* of a variable */
};

/* Where a line's pathway stands among those of a scenario, SNW_SCREENING_MAX where it does not. */
static size_t place_in(const struct writer *w, const struct line *line, size_t s)
{
    const struct snw_scenario *scenario = &w->world->settings->scenarios.list[s];
    for (size_t p = 0; p < scenario->n_pathways; p++)
        if (scenario->pathway[p] == line->index)
            return p;
    return SNW_SCREENING_MAX;
}

static void list_lines(struct writer *w)
{
    const struct snw_pathways *all = &w->world->settings->screening;
    for (size_t i = 0; i < all->n; i++) {
        const struct line pathway = {.pathway = &all->list[i], .index = i};
        int named = 0;
        for (size_t s = 0; s < w->world->n_scenarios; s++)
            named |= place_in(w, &pathway, s) < SNW_SCREENING_MAX;
        for (size_t k = 0; named && k < all->list[i].n_steps; k++) {
            struct line *line = &w->line[w->n_lines++];
            *line = pathway;
            line->step = k;
            snprintf(line->name, sizeof line->name, "%s/%s", all->list[i].name,
                     all->list[i].step[k].name);
        }
    }
}

static const double *raw_of(const struct writer *w, size_t s, size_t draw, int sex)
{
    return w->raw + (draw * w->world->n_scenarios + s) * VALUES +
           (size_t)sex * (VALUES / SNW_N_SEXES);
}

static snw_status put_count(struct writer *w, enum snw_screening_count what)
{
    static const struct {
        const char *name, *units, *doc;
        double scale;
    } names[SNW_N_COUNTS] = {
        {"invited", "1", "Invitations; to the first step of a pathway only", 1},
        {"tested", "1", "Tests made, each with all its occasions", 1},
        {"positive", "1", "Tests with a positive result", 1},
        {"people_tested", "1", "People tested at least once", 1},
        {"people_positive", "1", "People with a positive result at least once", 1},
        {"referred", "1", "Times that the result led to an offer of an intervention", 1},
        {"started", "1", "Interventions begun on such an offer", 1},
        {"cost", "USD", "Cost of the tests, not discounted", 0.01}};
    char unit[SNW_UNIT_MAX];
    const struct snw_variable v = {.group = group,
                                   .name = names[what].name,
                                   .type = SNW_F64,
                                   .n_dims = 4,
                                   .dims = {"scenario", "draw", "sex", "step"},
                                   .units = snw_unit_of(w->world, names[what].units, unit),
                                   .long_name = names[what].doc};
    double *to = w->values;
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t d = 0; d < w->n_draws; d++)
            for (int sex = 0; sex < SNW_N_SEXES; sex++)
                for (size_t k = 0; k < w->n_lines; k++) {
                    size_t p = place_in(w, &w->line[k], s);
                    size_t at = (p * SNW_PATHWAY_STEPS + w->line[k].step) * SNW_N_COUNTS + what;
                    *to++ =
                        p == SNW_SCREENING_MAX ? 0 : names[what].scale * raw_of(w, s, d, sex)[at];
                }
    snw_status status = snw_variable_write(w->file, &v, w->values, w->ctx);
    return status ? status : snw_money_attributes(w->ctx, w->file, w->world, &v, NULL);
}

static double fractures_of(const struct writer *w, size_t s, size_t draw, int sex, int site)
{
    return raw_of(w, s, draw, sex)[PLACES * SNW_N_COUNTS + site];
}

static snw_status put_averted(struct writer *w)
{
    const struct snw_variable v = {
        .group = group,
        .name = "fractures_averted",
        .type = SNW_F64,
        .n_dims = 4,
        .dims = {"scenario", "draw", "sex", "site"},
        .units = "1",
        .long_name = "Fractures of the reference less those of the scenario, all ages; who lives "
                     "longer has more time to break a bone"};
    double *to = w->values;
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t d = 0; d < w->n_draws; d++)
            for (int sex = 0; sex < SNW_N_SEXES; sex++)
                for (int site = 0; site < SNW_N_SITE; site++)
                    *to++ = fractures_of(w, 0, d, sex, site) - fractures_of(w, s, d, sex, site);
    return snw_variable_write(w->file, &v, w->values, w->ctx);
}

/* People, or courses begun, of the pathways' first or all steps over fractures averted. */
static double needed(const struct writer *w, size_t s, size_t d, int treat, int site)
{
    double people = 0, averted = 0;
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        const double *raw = raw_of(w, s, d, sex);
        for (size_t k = 0; k < PLACES; k++) {
            const double *counts = raw + k * SNW_N_COUNTS;
            if (treat)
                people += counts[SNW_COUNT_STARTED];
            else if (k % SNW_PATHWAY_STEPS == 0)
                people += counts[SNW_COUNT_PEOPLE_TESTED];
        }
        for (int each = 0; each < SNW_N_SITE; each++)
            if (each == site || site == SNW_N_SITE)
                averted += fractures_of(w, 0, d, sex, each) - fractures_of(w, s, d, sex, each);
    }
    return people > 0 ? people / averted : __builtin_nan("");
}

static snw_status put_needed(struct writer *w, int treat)
{
    const struct snw_variable v = {
        .group = group,
        .name = treat ? "number_needed_to_treat" : "number_needed_to_screen",
        .type = SNW_F64,
        .n_dims = 3,
        .dims = {"scenario", "draw", "fracture"},
        .units = "1",
        .long_name = treat ? "Courses begun for each fracture averted; below 0: there are more"
                           : "People tested by the first step for each fracture averted; below 0: "
                             "there are more",
        .has_fill = true,
        .fill = __builtin_nan("")};
    double *to = w->values;
    for (size_t s = 0; s < w->world->n_scenarios; s++)
        for (size_t d = 0; d < w->n_draws; d++)
            for (int site = 0; site <= SNW_N_SITE; site++)
                *to++ = needed(w, s, d, treat, site);
    return snw_variable_write(w->file, &v, w->values, w->ctx);
}

/* The pathways by name, and which ask for what nobody can know. */
static snw_status put_names(struct writer *w)
{
    char text[8192] = "";
    size_t n = 0;
    for (size_t k = 0; k < w->n_lines && n < sizeof text; k++) {
        const struct snw_pathway *pathway = w->line[k].pathway;
        if (w->line[k].step == 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s", n ? ", " : "", pathway->name,
                                  pathway->hypothetical ? " (hypothetical)" : "");
    }
    return snw_attribute_text(w->file, "/screening", "pathways", text, w->ctx);
}

static snw_status put_labels(struct writer *w)
{
    snw_status status = SNW_OK;
    const char *steps[STEPS_MAX], *sites[SNW_N_SITE + 1];
    for (size_t k = 0; k < w->n_lines; k++)
        steps[k] = w->line[k].name;
    for (int site = 0; site < SNW_N_SITE; site++)
        sites[site] = snw_axis_table[SNW_AXIS_SITE].labels[site];
    sites[SNW_N_SITE] = "any";
    const struct {
        const char *name, *doc;
        size_t n;
        const char *const *labels;
    } axes[] = {{"sex", "Sex", SNW_N_SEXES, snw_axis_table[SNW_AXIS_SEX].labels},
                {"step", "Pathway and step", w->n_lines, steps},
                {"site", "Fracture site", SNW_N_SITE, sites},
                {"fracture", "Fracture site, or any", SNW_N_SITE + 1, sites}};
    SNW_TRY(snw_group_create(w->file, group, w->ctx));
    SNW_TRY(put_names(w));
    SNW_TRY(snw_scenario_axis(w->ctx, w->file, w->world, group));
    SNW_TRY(snw_draw_axis(w->ctx, w->file, group, w->n_draws));
    for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++) {
        struct snw_variable v = {
            .group = group, .name = axes[i].name, .type = SNW_TEXT, .long_name = axes[i].doc};
        SNW_TRY(snw_coordinate_write(w->file, &v, axes[i].n, axes[i].labels, w->ctx));
    }
out:
    return status;
}

/* The score that was used, where one was. */
static snw_status put_score(struct writer *w)
{
    static const char *const forms[SNW_N_RISK_FORMS] = {"without_bmd", "with_bmd"};
    const struct snw_risk_score *score = &w->world->score;
    snw_status status = SNW_OK;
    struct snw_variable v = {.group = group,
                             .name = "risk_form",
                             .type = SNW_TEXT,
                             .long_name = "The score without bone density, and with it"};
    if (!(score->people > 0))
        return SNW_OK;
    SNW_TRY(snw_coordinate_write(w->file, &v, SNW_N_RISK_FORMS, forms, w->ctx));
    v.name = "risk_term";
    v.long_name = "Term of the score; src/screening/screening.md says what they are";
    SNW_TRY(snw_coordinate_write(w->file, &v, SNW_N_RISK_TERMS, snw_risk_term_names, w->ctx));
    v = (struct snw_variable){.group = group,
                              .name = "risk_coefficient",
                              .type = SNW_F64,
                              .n_dims = 2,
                              .dims = {"risk_form", "risk_term"},
                              .units = "1",
                              .long_name = "Coefficients of the logit of the risk of a major "
                                           "osteoporotic fracture within ten years"};
    SNW_TRY(snw_variable_write(w->file, &v, score->coefficient, w->ctx));
    SNW_TRY(snw_attribute_double(w->file, "/screening/risk_coefficient", "people", score->people,
                                 w->ctx));
    SNW_TRY(snw_attribute_double(w->file, "/screening/risk_coefficient", "events", score->events,
                                 w->ctx));
out:
    return status;
}

/* Values of the point estimate, then of the draws. */
static snw_status gather(struct writer *w, const struct snw_totals *totals,
                         const struct snw_spread *spread)
{
    snw_status status = SNW_OK;
    size_t n = snw_screens_values(w->world), widest = w->n_lines;
    widest = widest > SNW_N_SITE + 1 ? widest : SNW_N_SITE + 1;
    w->n_draws = 1 + (spread ? spread->rows.state.n : 0);
    w->raw = malloc(w->n_draws * n * sizeof *w->raw);
    w->values = malloc(w->world->n_scenarios * w->n_draws * SNW_N_SEXES * widest * sizeof(double));
    if (!w->raw || !w->values)
        return snw_fail(w->ctx, SNW_ERR_MEMORY, "no memory for /screening");
    snw_screens_reduce(w->world, totals, w->raw);
    if (spread)
        SNW_TRY(snw_spread_read(w->ctx, spread, 1, w->n_draws, snw_row_of(w->world).screens, n,
                                w->raw + n));
out:
    return status;
}

snw_status snw_screens_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_totals *totals,
                             const struct snw_spread *spread)
{
    snw_status status = SNW_OK;
    struct writer *w;
    if (!world->screenings)
        return SNW_OK;
    w = calloc(1, sizeof *w);
    if (!w)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for /screening");
    w->ctx = ctx;
    w->file = file;
    w->world = world;
    list_lines(w);
    SNW_TRY(gather(w, totals, spread));
    SNW_TRY(put_labels(w));
    for (int c = 0; c < SNW_N_COUNTS; c++)
        SNW_TRY(put_count(w, (enum snw_screening_count)c));
    SNW_TRY(put_averted(w));
    SNW_TRY(put_needed(w, 0));
    SNW_TRY(put_needed(w, 1));
    SNW_TRY(put_score(w));
out:
    free(w->raw);
    free(w->values);
    free(w);
    return status;
}
