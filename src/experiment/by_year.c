/* Sums over sex and age groups by calendar year, each person weighted to the nation. */
#include "experiment/by_year.h"

#include <stdio.h>
#include <stdlib.h>

#include "experiment/summary.h"
#include "store/dataset.h"

static const char group[] = "summary_by_year";

enum { N_GROUPS = 8, N_SEX_LABELS = 3 };

static const struct {
    const char *label;
    int from, to;
} age_groups[N_GROUPS] = {{"20-44", 20, 44}, {"45-64", 45, 64}, {"65-74", 65, 74},
                          {"75-84", 75, 84}, {"85-97", 85, 97}, {"50-97", 50, 97},
                          {"65-97", 65, 97}, {"20-97", 20, 97}};

double snw_person_weight(const struct snw_world *world, const struct snw_totals *totals, int sex,
                         int age)
{
    size_t i = (size_t)(age - SNW_AGE_FIRST), cell = (size_t)sex * SNW_N_AGES + i;
    uint64_t met = totals->cells[cell * SNW_N_MEASURES + SNW_M_alive].n;
    return met ? world->count[sex][i] / (double)met : 0;
}

struct writer {
    struct snw_ctx *ctx;
    struct snw_file *file;
    const struct snw_world *world;
    const struct snw_totals *totals;
    double *sum, *people; /* (scenarios, years, sex labels, age groups) */
    size_t n_values;
};

/* Weighted sums of one outcome, and the weighted people it applies to. */
static void add_up(struct writer *w, enum snw_measure m)
{
    size_t years = w->world->population.years;
    const struct snw_measure_info *info = &snw_measure_table[m];
    for (size_t i = 0; i < w->n_values; i++)
        w->sum[i] = w->people[i] = 0;
    for (size_t v = 0; v < w->n_values; v++) {
        size_t g = v % N_GROUPS, label = v / N_GROUPS % N_SEX_LABELS;
        size_t year = v / N_GROUPS / N_SEX_LABELS % years;
        size_t s = v / N_GROUPS / N_SEX_LABELS / years;
        for (int sex = 0; sex < SNW_N_SEXES; sex++)
            for (int age = age_groups[g].from; age <= age_groups[g].to; age++) {
                int met = age - (int)year; /* the age at which these people were met */
                if ((label < 2 && (int)label != sex) || met < SNW_AGE_FIRST)
                    continue;
                size_t cell = (size_t)(sex * SNW_N_AGES + age - SNW_AGE_FIRST);
                const struct snw_cell *c =
                    &w->totals[s].by_year[year * SNW_TOTALS_CELLS + cell * SNW_N_MEASURES + m];
                double weight = snw_person_weight(w->world, &w->totals[s], sex, met);
                w->people[v] += weight * (double)c->n;
                w->sum[v] +=
                    weight * (info->offset * (double)c->n + info->cell_scale * (double)c->sum);
            }
    }
}

static snw_status put(struct writer *w, const char *name, const char *suffix, const char *units,
                      const char *doc, const double *values)
{
    char full[96];
    snprintf(full, sizeof full, "%s%s", name, suffix);
    struct snw_variable v = {.group = group,
                             .name = full,
                             .type = SNW_F64,
                             .n_dims = 5,
                             .dims = {"scenario", "draw", "year", "sex", "age_group"},
                             .units = units,
                             .long_name = doc};
    snw_status status = snw_variable_write(w->file, &v, values, w->ctx);
    return status == SNW_OK ? snw_money_attributes(w->ctx, w->file, w->world, &v, NULL) : status;
}

static snw_status axes(struct writer *w)
{
    snw_status status = SNW_OK;
    static const char *const sexes[N_SEX_LABELS] = {"female", "male", "all"};
    const struct snw_world *world = w->world;
    const char *labels[N_GROUPS];
    int32_t years[SNW_N_AGES], draw = 0;
    const char **names = malloc(world->n_scenarios * sizeof *names);
    if (!names)
        return snw_fail(w->ctx, SNW_ERR_MEMORY, "no memory for labels");
    for (size_t s = 0; s < world->n_scenarios; s++)
        names[s] = world->settings->scenarios.list[s].name;
    for (size_t i = 0; i < world->population.years; i++)
        years[i] = (int32_t)world->settings->year + (int32_t)i;
    for (size_t g = 0; g < N_GROUPS; g++)
        labels[g] = age_groups[g].label;
    const struct {
        const char *name, *units, *doc;
        enum snw_dtype type;
        size_t n;
        const void *values;
    } all[] = {{"scenario", NULL, "Scenario; the first is the reference", SNW_TEXT,
                world->n_scenarios, names},
               {"draw", "1", "Draw of the parameters; 0 is the point estimate", SNW_I32, 1, &draw},
               {"year", "year", "Calendar year", SNW_I32, world->population.years, years},
               {"sex", NULL, "Sex", SNW_TEXT, N_SEX_LABELS, sexes},
               {"age_group", NULL, "Ages in completed years, both included; the last three overlap",
                SNW_TEXT, N_GROUPS, labels}};
    SNW_TRY(snw_group_create(w->file, group, w->ctx));
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct snw_variable v = {.group = group,
                                 .name = all[i].name,
                                 .type = all[i].type,
                                 .units = all[i].units,
                                 .long_name = all[i].doc};
        SNW_TRY(snw_coordinate_write(w->file, &v, all[i].n, all[i].values, w->ctx));
    }
out:
    free(names);
    return status;
}

/* Means of states, totals of what happens, both of the nation's people. */
static snw_status measures(struct writer *w)
{
    snw_status status = SNW_OK;
    char doc[256], unit[SNW_UNIT_MAX];
    add_up(w, SNW_M_alive);
    SNW_TRY(
        put(w, "people", "", "1", "People alive at the birthday in that year, nation", w->people));
    add_up(w, SNW_M_person_years);
    SNW_TRY(put(w, "person_years", "", "year", "Time lived, nation", w->sum));
    for (int i = 0; i < SNW_N_MEASURES; i++) {
        enum snw_measure m = (enum snw_measure)i;
        const struct snw_measure_info *info = &snw_measure_table[m];
        if (m == SNW_M_alive || m == SNW_M_person_years)
            continue;
        add_up(w, m);
        if (info->kind == SNW_M_YEAR || info->kind == SNW_M_WIDE) {
            snprintf(doc, sizeof doc, "%s, nation", info->doc);
            SNW_TRY(
                put(w, info->name, "_total", snw_unit_of(w->world, info->unit, unit), doc, w->sum));
            continue;
        }
        for (size_t v = 0; v < w->n_values; v++)
            w->sum[v] = w->people[v] > 0 ? w->sum[v] / w->people[v] : __builtin_nan("");
        SNW_TRY(put(w, info->name, "", info->unit, info->doc, w->sum));
    }
out:
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

snw_status snw_by_year_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_totals *totals)
{
    snw_status status = SNW_OK;
    struct writer w = {.ctx = ctx, .file = file, .world = world, .totals = totals};
    w.n_values = world->n_scenarios * world->population.years * N_SEX_LABELS * N_GROUPS;
    w.sum = malloc(w.n_values * sizeof *w.sum);
    w.people = malloc(w.n_values * sizeof *w.people);
    if (!w.sum || !w.people) {
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for summaries by year");
        goto out;
    }
    SNW_TRY(axes(&w));
    SNW_TRY(measures(&w));
    SNW_TRY(write_weights(&w));
    SNW_TRY(
        snw_attribute_text(file, "/summary_by_year", "comment",
                           "The people of the first year, weighted to the census of each sex and "
                           "age, and those of them who are left later; nobody enters",
                           ctx));
    SNW_TRY(snw_attribute_double(file, "/summary_by_year", "people_above_97",
                                 world->above97[0] + world->above97[1], ctx));
out:
    free(w.sum);
    free(w.people);
    return status;
}
