/* Exact sums to means, shares and rates. */
#include "experiment/outcomes.h"

#include <stdlib.h>
#include <string.h>

#include "config/scalar.h"
#include "core/vmath.h"

enum { PER_1000 = 1000, OUTCOMES_MAX = 16 + 3 * SNW_N_MEASURES };

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

static const struct snw_cell *cell_of(const struct snw_totals *t, size_t cell, enum snw_measure m)
{
    return &t->cells[cell * SNW_N_MEASURES + m];
}

static double years_lived(const struct snw_totals *t, size_t cell)
{
    return (double)cell_of(t, cell, SNW_M_person_years)->sum *
           snw_measure_table[SNW_M_person_years].scale;
}

/* A YEAR or WIDE measure per person-year lived. */
static double per_year(const struct snw_totals *t, size_t cell, enum snw_measure m)
{
    const struct snw_cell *c = cell_of(t, cell, m);
    const struct snw_measure_info *info = &snw_measure_table[m];
    double years = years_lived(t, cell);
    double total = info->offset * (double)c->n + info->cell_scale * (double)c->sum;
    return years > 0 ? total / years : __builtin_nan("");
}

static double share(const struct snw_totals *t, size_t cell, enum snw_measure m, size_t level)
{
    const uint32_t *levels = t->levels + (cell * SNW_N_CODES + m - SNW_N_STATES) * SNW_LEVELS;
    double n = (double)cell_of(t, cell, m)->n;
    return n > 0 ? levels[level] / n : __builtin_nan("");
}

/* Cost of a person alive at the birthday, by part or by ledger. */
static double part_of_cost(const struct snw_outcome *e, const struct snw_totals *t, size_t cell,
                           size_t k)
{
    const uint64_t *cents = t->costs + cell * SNW_N_COST_PARTS;
    double n = (double)cell_of(t, cell, SNW_M_alive)->n;
    uint64_t sum = 0;
    for (size_t p = 0; p < SNW_N_COST_PARTS; p++)
        if (e->kind == SNW_OUTCOME_COST_PART
                ? p == k
                : snw_in_ledger((enum snw_ledger)k, (enum snw_cost_part)p))
            sum += cents[p];
    return n > 0 ? (double)sum / 100 / n : __builtin_nan("");
}

double snw_outcome_value(const struct snw_outcome *e, const struct snw_totals *t, size_t cell,
                         size_t k)
{
    enum snw_measure m = (enum snw_measure)((size_t)e->measure + k);
    switch (e->kind) {
    case SNW_OUTCOME_YEARS:
        return years_lived(t, cell);
    case SNW_OUTCOME_ALIVE:
        return (double)cell_of(t, cell, SNW_M_alive)->n;
    case SNW_OUTCOME_RATE:
        return PER_1000 * per_year(t, cell, m);
    case SNW_OUTCOME_PER_YEAR:
        return per_year(t, cell, m);
    case SNW_OUTCOME_SHARE:
        return share(t, cell, e->measure, k);
    case SNW_OUTCOME_COST_PART:
    case SNW_OUTCOME_COST_LEDGER:
        return part_of_cost(e, t, cell, k);
    case SNW_OUTCOME_MEAN:
        break;
    }
    return snw_cell_mean(cell_of(t, cell, m), m);
}

/* Of a total over people, dead ones included, who began together: sum x^2 - (sum x)^2 / all. */
static double variance_of_total(const struct snw_totals *t, size_t cell, enum snw_measure m,
                                bool cohort)
{
    const struct snw_cell *c = cell_of(t, cell, m);
    size_t start = cell / SNW_N_AGES * SNW_N_AGES;
    double scale = snw_measure_table[m].cell_scale;
    double all = (double)cell_of(t, cohort ? start : cell, SNW_M_alive)->n, sum = (double)c->sum;
    return all > 0 ? scale * scale * ((double)c->sum_squares - sum * sum / all) : 0;
}

double snw_outcome_variance(const struct snw_outcome *e, const struct snw_totals *t, size_t cell,
                            size_t k, bool cohort)
{
    enum snw_measure m = (enum snw_measure)((size_t)e->measure + k);
    const struct snw_cell *c = cell_of(t, cell, e->kind == SNW_OUTCOME_SHARE ? e->measure : m);
    double n = (double)c->n, years = years_lived(t, cell), p, of_sum;
    switch (e->kind) {
    case SNW_OUTCOME_YEARS:
        return variance_of_total(t, cell, SNW_M_person_years, cohort);
    case SNW_OUTCOME_ALIVE:
        return variance_of_total(t, cell, SNW_M_alive, cohort);
    case SNW_OUTCOME_RATE:
    case SNW_OUTCOME_PER_YEAR:
        of_sum = m == SNW_M_death ? (double)c->sum : n * snw_cell_sd(c, m) * snw_cell_sd(c, m);
        of_sum *= e->kind == SNW_OUTCOME_RATE ? PER_1000 * PER_1000 : 1;
        return years > 0 ? of_sum / (years * years) : __builtin_nan("");
    case SNW_OUTCOME_SHARE:
        p = share(t, cell, e->measure, k);
        return n > 1 ? p * (1 - p) / (n - 1) : __builtin_nan("");
    case SNW_OUTCOME_COST_PART: /* squares of parts are not kept */
    case SNW_OUTCOME_COST_LEDGER:
        return __builtin_nan("");
    case SNW_OUTCOME_MEAN:
        break;
    }
    return n > 1 ? snw_cell_sd(c, m) * snw_cell_sd(c, m) / n : __builtin_nan("");
}

static void add(struct snw_outcomes *all, struct snw_outcome e, const char *name,
                const char *suffix, const char *doc)
{
    struct snw_outcome *to = &all->list[all->n++];
    *to = e;
    to->n = e.n ? e.n : 1;
    to->first = all->n_values;
    snprintf(to->name, sizeof to->name, "%s%s", name, suffix);
    snprintf(to->doc, sizeof to->doc, "%s", doc);
    all->n_values += to->n;
}

static void add_rates(struct snw_outcomes *all)
{
    static const struct {
        enum snw_measure m;
        const char *name, *doc;
        size_t n;
    } rates[] = {{SNW_M_falls, "falls", "Falls", 1},
                 {SNW_M_falls_reported, "falls_reported", "Reported falls", 1},
                 {SNW_M_fall_injuries, "fall_injury", "Falls that injured without a fracture", 1},
                 {SNW_M_death, "death", "Deaths", 1},
                 {SNW_M_menopause, "menopause", "Final menstrual periods", 1},
                 {SNW_M_nursing_home_entry, "nursing_home", "Entries into a nursing home", 1},
                 {SNW_M_fracture_hip, "fracture", "Fractures", SNW_N_SITE}};
    char doc[128];
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        struct snw_outcome e = {.kind = SNW_OUTCOME_RATE,
                                .measure = rates[r].m,
                                .units = "year-1",
                                .along = rates[r].n > 1 ? "site" : NULL,
                                .n = rates[r].n};
        snprintf(doc, sizeof doc, "%s per 1,000 person-years", rates[r].doc);
        add(all, e, rates[r].name, "_per_1000_py", doc);
    }
}

static void add_measure(struct snw_outcomes *all, enum snw_measure m)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    char doc[192];
    add(all, (struct snw_outcome){.kind = SNW_OUTCOME_MEAN, .measure = m, .units = info->unit},
        info->name, "", info->doc);
    if (info->kind == SNW_M_CODE) {
        struct snw_outcome e = {.kind = SNW_OUTCOME_SHARE,
                                .measure = m,
                                .units = "1",
                                .along = "level",
                                .n = SNW_LEVELS};
        snprintf(doc, sizeof doc, "Share at each level; %s", info->doc);
        add(all, e, info->name, "_share", doc);
    }
    if (info->kind == SNW_M_WIDE) {
        const char *units = m == SNW_M_qaly ? "1" : "USD year-1";
        snprintf(doc, sizeof doc, "%s, per year lived", info->doc);
        add(all, (struct snw_outcome){.kind = SNW_OUTCOME_PER_YEAR, .measure = m, .units = units},
            info->name, "_per_py", doc);
    }
}

static bool is_named(const struct snw_names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->name[i], name) == 0)
            return true;
    return names->all;
}

/* Everything that could be asked for. */
static struct snw_outcomes *all_outcomes(bool cost_parts)
{
    struct snw_outcomes *all = calloc(1, sizeof *all + OUTCOMES_MAX * sizeof *all->list);
    if (!all)
        return NULL;
    add(all, (struct snw_outcome){.kind = SNW_OUTCOME_YEARS, .units = "year"}, "person_years", "",
        "Time lived, all people");
    add(all, (struct snw_outcome){.kind = SNW_OUTCOME_ALIVE, .units = "1"}, "alive_n", "",
        "People alive at the birthday");
    add_rates(all);
    for (int m = 0; m < SNW_N_MEASURES; m++)
        if (m != SNW_M_alive && m != SNW_M_person_years)
            add_measure(all, (enum snw_measure)m);
    if (!cost_parts)
        return all;
    add(all,
        (struct snw_outcome){.kind = SNW_OUTCOME_COST_PART,
                             .measure = SNW_M_cost,
                             .units = "USD",
                             .along = "part",
                             .n = SNW_N_COST_PARTS},
        "cost", "_by_part", "Cost of the year by part, of all ledgers");
    add(all,
        (struct snw_outcome){.kind = SNW_OUTCOME_COST_LEDGER,
                             .measure = SNW_M_cost,
                             .units = "USD",
                             .along = "ledger",
                             .n = SNW_N_LEDGERS},
        "cost", "_by_ledger", "Cost of the year by ledger, views of the same lives: never added");
    return all;
}

static snw_status check_names(struct snw_ctx *ctx, const struct snw_names *names,
                              const struct snw_outcomes *all)
{
    snw_status status = SNW_OK;
    for (size_t i = 0; i < names->n; i++) {
        struct snw_nearest nearest;
        size_t k = 0;
        snw_nearest_init(&nearest, names->name[i]);
        for (; k < all->n && strcmp(all->list[k].name, names->name[i]) != 0; k++)
            snw_nearest_try(&nearest, all->list[k].name);
        const char *best = k == all->n ? snw_nearest_best(&nearest) : NULL;
        if (k == all->n)
            status = snw_fail(ctx, SNW_ERR_CONFIG,
                              "output.per_draw: /summary has no %s%s%s; names are those of "
                              "`sinew describe measures`, also with _share, _per_py and "
                              "_per_1000_py",
                              names->name[i], best ? "; the nearest is " : "", best ? best : "");
    }
    return status;
}

/* @return whether output.measures leaves an outcome in; counts and rates are always there. */
static bool asked_for(const struct snw_settings *settings, const struct snw_outcome *e)
{
    return e->kind < SNW_OUTCOME_PER_YEAR ||
           is_named(&settings->measures, snw_measure_table[e->measure].name);
}

snw_status snw_outcomes_new(struct snw_ctx *ctx, const struct snw_settings *settings,
                            struct snw_outcomes **outcomes)
{
    struct snw_outcomes *all = all_outcomes(settings->cost_parts);
    size_t n = 0;
    *outcomes = all;
    if (!all)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the list of outcomes");
    snw_status status = check_names(ctx, &settings->per_draw, all);
    all->n_values = 0;
    for (size_t k = 0; k < all->n; k++) {
        struct snw_outcome e = all->list[k];
        if (!asked_for(settings, &e))
            continue;
        e.per_draw = is_named(&settings->per_draw, e.name);
        e.first = all->n_values;
        all->n_values += e.n;
        all->list[n++] = e;
    }
    all->n = n;
    return status;
}
