/* The measures of a sweep, found by their names. */
#include <stdlib.h>
#include <string.h>

#include "config/scalar.h"
#include "experiment/paired.h"
#include "experiment/sweeping.h"

static const char lifetime[] = "lifetime.", discounted[] = "discounted.", benefit[] = "nmb";

/* Of cohorts, and of people met in one year. */
static const char *const usual[2][8] = {
    {"falls_per_1000_py", "fracture_per_1000_py.hip", "cost_per_py", "qaly_per_py", NULL},
    {"lifetime.person_years", "lifetime.falls", "lifetime.fracture_hip",
     "lifetime.fracture_vertebral", "discounted.cost", "discounted.qaly", benefit, NULL}};

static snw_status not_found(struct snw_ctx *ctx, const char *text, const char *why,
                            const struct snw_nearest *nearest)
{
    const char *best = nearest ? snw_nearest_best(nearest) : NULL;
    return snw_fail(ctx, SNW_ERR_CONFIG, "sweep.measures: %.80s: %s%s%s", text, why,
                    best ? "; the nearest is " : "", best ? best : "");
}

/* What whole lives, person by person, know of a measure. Discounted sums there begin at 20. */
static int paired_of(const struct snw_gauge *g)
{
    for (size_t i = 0; i < SNW_LIFE_SUMS && g->age_from == SNW_AGE_FIRST; i++) {
        const struct snw_life_sum *sum = &snw_life_sums[i];
        if (sum->year == g->measure)
            return g->kind == SNW_GAUGE_LIFETIME ? (int)sum->whole : sum->discounted;
    }
    return -1;
}

/* `lifetime.falls`: a measure of the year. */
static snw_status find_total(struct snw_ctx *ctx, const struct snw_settings *settings,
                             const char *text, struct snw_gauge *g)
{
    struct snw_nearest nearest;
    const char *prefix = strncmp(text, lifetime, strlen(lifetime)) == 0 ? lifetime : discounted;
    bool whole = prefix == lifetime;
    char known[SNW_WORD_MAX];
    int m = SNW_M_falls;
    snw_nearest_init(&nearest, text);
    for (; m < SNW_N_MEASURES; m++) {
        snprintf(known, sizeof known, "%s%s", prefix, snw_measure_table[m].name);
        if (strcmp(known, text) == 0)
            break;
        snw_nearest_try(&nearest, known);
    }
    if (m == SNW_N_MEASURES)
        return not_found(ctx, text, "no measure of the year, which a life could add up", &nearest);
    const struct snw_measure_info *info = &snw_measure_table[m];
    g->kind = whole ? SNW_GAUGE_LIFETIME : SNW_GAUGE_DISCOUNTED;
    g->measure = (enum snw_measure)m;
    g->age_from = whole ? SNW_AGE_FIRST : (int)settings->sweep.from_age;
    g->paired = paired_of(g);
    snprintf(g->name, sizeof g->name, "%.*s_%s", (int)strlen(prefix) - 1, prefix, info->name);
    snprintf(g->units, sizeof g->units, "%s", info->unit);
    if (whole)
        snprintf(g->doc, sizeof g->doc, "%s, summed over life, per person at 20", info->doc);
    else
        snprintf(g->doc, sizeof g->doc,
                 "%s, from the birthday %d on and discounted to it at %g a year, per person",
                 info->doc, g->age_from, snw_discount_rate(settings, info->unit));
    return SNW_OK;
}

static void make_benefit(const struct snw_settings *settings, struct snw_gauge *g)
{
    g->kind = SNW_GAUGE_BENEFIT;
    g->age_from = (int)settings->sweep.from_age;
    snprintf(g->name, sizeof g->name, "%s", benefit);
    snprintf(g->units, sizeof g->units, "USD");
    snprintf(g->doc, sizeof g->doc,
             "Net monetary benefit per person: discounted QALYs at %g each, less discounted cost",
             settings->sweep.wtp_usd);
}

/* A label after a dot: of a site, or the number of a level. @return whether it is one. */
static bool take_label(struct snw_gauge *g, const char **rest)
{
    char label[24];
    if (!g->outcome.along)
        return true;
    for (g->k = 0; g->k < g->outcome.n; g->k++) {
        bool site = strcmp(g->outcome.along, "site") == 0;
        snprintf(label, sizeof label, "%zu", g->k);
        const char *one = site ? snw_axis_table[SNW_AXIS_SITE].labels[g->k] : label;
        size_t n = strlen(one);
        if (**rest == '.' && strncmp(*rest + 1, one, n) == 0 &&
            ((*rest)[n + 1] == '@' || !(*rest)[n + 1])) {
            *rest += n + 1;
            return true;
        }
    }
    return false;
}

/* `@70` or `@65-74` after the rest; nothing for all ages. */
static bool take_ages(struct snw_gauge *g, const char *rest)
{
    int n = 0;
    if (!*rest)
        return true;
    bool range = sscanf(rest, "@%2d-%2d%n", &g->age_from, &g->age_to, &n) == 2 && !rest[n];
    if (!range) {
        n = 0;
        if (sscanf(rest, "@%2d%n", &g->age_from, &n) != 1 || rest[n])
            return false;
        g->age_to = g->age_from;
    }
    return g->age_from >= SNW_AGE_FIRST && g->age_to <= SNW_AGE_LAST && g->age_from <= g->age_to;
}

/* `fracture_per_1000_py.hip@80-89`. */
static snw_status find_outcome(struct snw_ctx *ctx, const struct snw_outcomes *all,
                               const char *text, struct snw_gauge *g)
{
    char name[64];
    size_t n = strcspn(text, ".@");
    struct snw_nearest nearest;
    const char *rest = text + n;
    snprintf(name, sizeof name, "%.*s", (int)(n < 63 ? n : 63), text);
    snw_nearest_init(&nearest, name);
    size_t i = 0;
    for (; i < all->n && strcmp(all->list[i].name, name) != 0; i++)
        snw_nearest_try(&nearest, all->list[i].name);
    snw_nearest_try(&nearest, benefit);
    if (i == all->n)
        return not_found(ctx, text,
                         "/summary has no such variable, and it is no `lifetime.` or "
                         "`discounted.` measure",
                         &nearest);
    g->kind = SNW_GAUGE_OUTCOME;
    g->outcome = all->list[i];
    if (g->outcome.kind <= SNW_OUTCOME_ALIVE)
        return not_found(ctx, text, "depends on how many are simulated: take one per person", NULL);
    if (g->outcome.kind >= SNW_OUTCOME_COST_PART)
        return not_found(
            ctx, text, "the error of parts is not known: take cost, by the config's ledger", NULL);
    if (!take_label(g, &rest))
        return not_found(ctx, text,
                         g->outcome.along[0] == 's' ? "needs a site after a dot, `.hip`"
                                                    : "needs a level after a dot, `.1`",
                         NULL);
    if (!take_ages(g, rest))
        return not_found(ctx, text, "ages are `@70` or `@65-74`, within 20 to 97, the lower first",
                         NULL);
    n = (size_t)snprintf(g->name, sizeof g->name, "%.*s", (int)(rest - text), text);
    for (char *c = g->name; *c; c++)
        *c = *c == '.' ? '_' : *c;
    if (*rest && g->age_from == g->age_to)
        snprintf(g->name + n, sizeof g->name - n, "_at_%d", g->age_from);
    else if (*rest)
        snprintf(g->name + n, sizeof g->name - n, "_at_%d_to_%d", g->age_from, g->age_to);
    snprintf(g->units, sizeof g->units, "%s", g->outcome.units);
    snprintf(g->doc, sizeof g->doc, "%s, ages %d to %d", g->outcome.doc, g->age_from, g->age_to);
    return SNW_OK;
}

static snw_status find(struct snw_ctx *ctx, const struct snw_settings *settings,
                       const struct snw_outcomes *all, const char *text, struct snw_gauge *g)
{
    bool total = strncmp(text, lifetime, strlen(lifetime)) == 0 ||
                 strncmp(text, discounted, strlen(discounted)) == 0;
    bool is_benefit = strcmp(text, benefit) == 0;
    *g = (struct snw_gauge){.paired = -1,
                            .age_from = SNW_AGE_FIRST,
                            .age_to = SNW_AGE_LAST,
                            .whole_lives = settings->mode == SNW_MODE_BIRTH_COHORT};
    if ((total || is_benefit) && settings->mode != SNW_MODE_BIRTH_COHORT)
        return not_found(ctx, text,
                         "whole lives are those of a birth cohort: take a variable of /summary",
                         NULL);
    if (total)
        return find_total(ctx, settings, text, g);
    if (is_benefit)
        make_benefit(settings, g);
    return is_benefit ? SNW_OK : find_outcome(ctx, all, text, g);
}

static snw_status find_all(struct snw_ctx *ctx, const struct snw_settings *settings,
                           const struct snw_outcomes *all, struct snw_sweeping *s)
{
    snw_status status = SNW_OK;
    const struct snw_sweep *sweep = &settings->sweep;
    const char *const *names = usual[settings->mode == SNW_MODE_BIRTH_COHORT];
    size_t n = sweep->n_measures;
    for (size_t k = 0; n == 0 && names[k]; k++)
        s->n_measures = k + 1;
    s->n_measures = n ? n : s->n_measures;
    s->measure = calloc(s->n_measures, sizeof *s->measure);
    if (!s->measure)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the measures of a sweep");
    for (size_t k = 0; k < s->n_measures; k++) {
        const char *text = n ? sweep->measures[k] : names[k];
        snw_status one = find(ctx, settings, all, text, &s->measure[k]);
        for (size_t j = 0; j < k && one == SNW_OK; j++)
            if (strcmp(s->measure[j].name, s->measure[k].name) == 0)
                one = not_found(ctx, text, "is there twice", NULL);
        status = status == SNW_OK ? one : status;
    }
    return status;
}

snw_status snw_sweeping_new(struct snw_ctx *ctx, const struct snw_settings *settings,
                            const struct snw_outcomes *outcomes, struct snw_sweeping **sweeping)
{
    snw_status status = SNW_OK;
    *sweeping = NULL;
    if (settings->sweep.n_factors == 0)
        return SNW_OK;
    struct snw_sweeping *s = *sweeping = calloc(1, sizeof *s);
    if (!s)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a sweep");
    s->n_points = snw_sweep_points(&settings->sweep);
    s->together = snw_sweep_together(&settings->sweep);
    SNW_TRY(find_all(ctx, settings, outcomes, s));
    SNW_TRY(snw_design_new(ctx, &settings->sweep, (uint32_t)settings->seed, &s->u));
out:
    return status;
}

void snw_sweeping_free(struct snw_sweeping **sweeping)
{
    struct snw_sweeping *s = *sweeping;
    if (s) {
        free(s->u);
        free(s->measure);
    }
    free(s);
    *sweeping = NULL;
}
