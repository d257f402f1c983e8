/* Weighted sums over sex and age groups by calendar year. */
#include "experiment/national.h"

#include <stdio.h>

const struct snw_age_group snw_age_groups[SNW_AGE_GROUPS] = {
    {"20-44", 20, 44}, {"45-64", 45, 64}, {"65-74", 65, 74}, {"75-84", 75, 84},
    {"85-97", 85, 97}, {"50-97", 50, 97}, {"65-97", 65, 97}, {"20-97", 20, 97}};

/* Codes of which the people are counted. */
static const struct {
    const char *name, *doc;
    enum snw_measure measure;
    int level;
} counted[] = {
    {"frail_people", "Frail people", SNW_M_frailty, 2},
    {"sarcopenic_people", "People with confirmed sarcopenia, EWGSOP2", SNW_M_sarcopenia_ewgsop2, 2},
    {"osteoporotic_people", "People with osteoporosis, WHO", SNW_M_osteoporosis_who, 2},
    {"disabled_people", "Disabled people", SNW_M_disabled, 1},
    {"nursing_home_people", "Residents of a nursing home", SNW_M_residence, 1},
    {"treated_people", "People on treatment", SNW_M_on_treatment, 1}};
enum { N_COUNTED = sizeof counted / sizeof counted[0] };

static struct snw_national *add(struct snw_national *list, size_t *n, enum snw_national_kind kind,
                                enum snw_measure m)
{
    struct snw_national *q = &list[(*n)++];
    *q = (struct snw_national){.kind = kind,
                               .measure = m,
                               .n_measures = 1,
                               .drawn = kind != SNW_NATIONAL_MEAN,
                               .units = "1"};
    return q;
}

static void add_total(struct snw_national *list, size_t *n, enum snw_measure m, bool discounted)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    struct snw_national *q = add(list, n, SNW_NATIONAL_TOTAL, m);
    bool time = m == SNW_M_person_years;
    q->units = info->unit;
    q->discounted = discounted;
    snprintf(q->name, sizeof q->name, "%s%s%s", info->name, time ? "" : "_total",
             discounted ? "_discounted" : "");
    snprintf(q->doc, sizeof q->doc, "%s, nation%s", time ? "Time lived" : info->doc,
             discounted ? ", discounted to the decision year" : "");
}

size_t snw_national_list(struct snw_national *list)
{
    size_t n = 0;
    struct snw_national *q = add(list, &n, SNW_NATIONAL_PEOPLE, SNW_M_alive);
    snprintf(q->name, sizeof q->name, "people");
    snprintf(q->doc, sizeof q->doc, "People alive at the birthday in that year, nation");
    for (size_t k = 0; k < N_COUNTED; k++) {
        q = add(list, &n, SNW_NATIONAL_LEVEL, counted[k].measure);
        q->level = counted[k].level;
        snprintf(q->name, sizeof q->name, "%s", counted[k].name);
        snprintf(q->doc, sizeof q->doc, "%s at the birthday in that year, nation", counted[k].doc);
    }
    q = add(list, &n, SNW_NATIONAL_TOTAL, SNW_M_fracture_hip);
    q->n_measures = SNW_N_SITE;
    snprintf(q->name, sizeof q->name, "fractures_total");
    snprintf(q->doc, sizeof q->doc, "Fractures of any site, nation");
    for (int i = 0; i < SNW_N_MEASURES; i++) {
        enum snw_measure m = (enum snw_measure)i;
        const struct snw_measure_info *info = &snw_measure_table[m];
        if (m == SNW_M_alive)
            continue;
        if (info->kind == SNW_M_YEAR || info->kind == SNW_M_WIDE) {
            add_total(list, &n, m, false);
            if (info->kind == SNW_M_WIDE)
                add_total(list, &n, m, true);
            continue;
        }
        q = add(list, &n, SNW_NATIONAL_MEAN, m);
        q->units = info->unit;
        snprintf(q->name, sizeof q->name, "%s", info->name);
        snprintf(q->doc, sizeof q->doc, "%s", info->doc);
    }
    return n;
}

size_t snw_national_values(const struct snw_world *world)
{
    return world->population.years * SNW_SEX_LABELS * SNW_AGE_GROUPS;
}

double snw_person_weight(const struct snw_world *world, const struct snw_totals *totals, int sex,
                         int age)
{
    size_t i = (size_t)(age - SNW_AGE_FIRST), cell = (size_t)sex * SNW_N_AGES + i;
    if (world->population.mode == SNW_MODE_OPEN)
        return world->population.weight;
    uint64_t met = totals->cells[cell * SNW_N_MEASURES + SNW_M_alive].n;
    return met ? world->nation.count[sex][i] / (double)met : 0;
}

int snw_decision_year(const struct snw_settings *settings)
{
    int first = 0, year = (int)settings->year;
    for (size_t s = 1; s < settings->scenarios.n; s++) {
        int begins = settings->scenarios.list[s].begins;
        begins = begins ? begins : year;
        first = first == 0 || begins < first ? begins : first;
    }
    return first ? first : year;
}

double snw_national_discount(const struct snw_settings *settings, double rate, size_t year)
{
    int later = (int)settings->year + (int)year - snw_decision_year(settings);
    double factor = 1, step = 1 + rate;
    for (int k = later; k > 0; k--)
        factor /= step;
    for (int k = later; k < 0; k++)
        factor *= step;
    return factor;
}

/* What one sex and age of a year comes to. */
struct part {
    double people, sum, variance;
};

static struct part part_of(const struct snw_world *world, const struct snw_totals *t,
                           const struct snw_national *q, size_t year, size_t cell)
{
    const struct snw_measure_info *info = &snw_measure_table[q->measure]; /* sites are alike */
    const struct snw_cell *c =
        &t->by_year[year * SNW_TOTALS_CELLS + cell * SNW_N_MEASURES + q->measure];
    bool open = world->population.mode == SNW_MODE_OPEN;
    int age = SNW_AGE_FIRST + (int)(cell % SNW_N_AGES), met = open ? age : age - (int)year;
    if (met < SNW_AGE_FIRST || c->n == 0)
        return (struct part){0, 0, 0};
    double n = (double)c->n;
    double w = snw_person_weight(world, t, (int)(cell / SNW_N_AGES), met);
    struct part part = {.people = w * n, .sum = w * n};
    if (q->kind == SNW_NATIONAL_LEVEL) {
        const uint32_t *levels = t->levels + year * SNW_TOTALS_LEVELS +
                                 (cell * SNW_N_CODES + q->measure - SNW_N_STATES) * SNW_LEVELS;
        double there = 0;
        for (int k = q->level; k < SNW_LEVELS; k++)
            there += levels[k];
        part.sum = w * there;
        part.variance = w * w * there * (1 - there / n);
    } else if (q->kind != SNW_NATIONAL_PEOPLE) {
        part.sum = 0;
        for (int k = 0; k < q->n_measures; k++) {
            double sd = n > 1 ? snw_cell_sd(&c[k], q->measure) : 0;
            part.sum += w * (info->offset * n + info->cell_scale * (double)c[k].sum);
            part.variance += w * w * n * sd * sd;
        }
    }
    return part;
}

void snw_national_add_up(const struct snw_world *world, const struct snw_totals *totals,
                         const struct snw_national *q, double *value, double *variance)
{
    double rate = snw_discount_rate(world->settings, q->units);
    for (size_t year = 0; year < world->population.years; year++) {
        struct part sum[SNW_SEX_LABELS][SNW_AGE_GROUPS] = {{{0, 0, 0}}};
        for (size_t cell = 0; cell < SNW_CELLS; cell++) {
            struct part part = part_of(world, totals, q, year, cell);
            int age = SNW_AGE_FIRST + (int)(cell % SNW_N_AGES);
            for (size_t g = 0; g < SNW_AGE_GROUPS; g++)
                for (size_t label = cell / SNW_N_AGES; label < SNW_SEX_LABELS;
                     label += SNW_SEX_LABELS - 1 - cell / SNW_N_AGES)
                    if (age >= snw_age_groups[g].from && age <= snw_age_groups[g].to) {
                        sum[label][g].people += part.people;
                        sum[label][g].sum += part.sum;
                        sum[label][g].variance += part.variance;
                    }
        }
        double factor = q->discounted ? snw_national_discount(world->settings, rate, year) : 1;
        for (size_t i = 0; i < SNW_SEX_LABELS * SNW_AGE_GROUPS; i++) {
            const struct part *p = &sum[0][0] + i;
            double none = __builtin_nan("");
            bool mean = q->kind == SNW_NATIONAL_MEAN;
            *value++ = !mean ? factor * p->sum : p->people > 0 ? p->sum / p->people : none;
            if (variance)
                *variance++ = mean ? none : factor * factor * p->variance;
        }
    }
}
