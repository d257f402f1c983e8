/* Quantities and conditions: their words, and their values in a panel. */
#include "calibration/quantity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/scalar.h"
#include "core/vmath.h"
#include "random/normal.h"
#include "random/philox.h"

enum { NEVER = 1000 };

/* The stream of instrument errors: a key of its own, so that no simulated number is met again. */
static const struct snw_key error_key = {0x76616c69u, 0x64617465u};

static const struct {
    const char *name;
    uint8_t n, of[SNW_QUANTITY_SUM];
} names[] = {
    {"age", 1, {SNW_Q_age}},
    {"sex", 1, {SNW_Q_sex}},
    {"age_at_fmp", 1, {SNW_Q_age_at_fmp}},
    {"fracture_any",
     6,
     {SNW_M_fracture_hip, SNW_M_fracture_vertebral, SNW_M_fracture_forearm, SNW_M_fracture_humerus,
      SNW_M_fracture_leg, SNW_M_fracture_other}},
    {"fracture_major",
     4,
     {SNW_M_fracture_hip, SNW_M_fracture_vertebral, SNW_M_fracture_forearm,
      SNW_M_fracture_humerus}},
};

static bool refuse(char *problem, size_t size, const char *what, const char *word)
{
    snprintf(problem, size, "%s%.100s", what, word);
    return false;
}

/* Adds what a name stands for. */
static bool add_name(const char *word, struct snw_quantity *q, char *problem, size_t size)
{
    struct snw_nearest nearest;
    snw_nearest_init(&nearest, word);
    for (uint8_t m = 0; m < SNW_N_MEASURES; m++) {
        snw_nearest_try(&nearest, snw_measure_table[m].name);
        if (strcmp(word, snw_measure_table[m].name) == 0 && q->n < SNW_QUANTITY_SUM) {
            q->of[q->n++] = m;
            return true;
        }
    }
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        snw_nearest_try(&nearest, names[k].name);
        if (strcmp(word, names[k].name) == 0 && q->n + names[k].n <= SNW_QUANTITY_SUM) {
            memcpy(q->of + q->n, names[k].of, names[k].n);
            q->n += names[k].n;
            return true;
        }
    }
    const char *best = snw_nearest_best(&nearest);
    if (best && strcmp(best, word) == 0)
        return refuse(problem, size, "too long a sum: ", word);
    snprintf(problem, size, "unknown measure %.80s%s%s", word, best ? "; the nearest is " : "",
             best ? best : "");
    return false;
}

/* Takes a prefix off. @return what follows it, NULL where it is not in front. */
static const char *after(const char *text, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

/* Takes `past12.` off, the number in *number, `fallback` where there is none and that is allowed
   (not 0). @return what follows it, NULL where it is not in front. */
static const char *after_numbered(const char *text, const char *prefix, int fallback, int *number)
{
    const char *at = after(text, prefix);
    int n = 0;
    if (!at)
        return NULL;
    for (; *at >= '0' && *at <= '9' && n < NEVER; at++)
        n = 10 * n + *at - '0';
    *number = n ? n : fallback;
    return *number && *at == '.' ? at + 1 : NULL;
}

/* Takes the prefixes off. */
static const char *read_prefixes(const char *text, struct snw_quantity *q)
{
    const char *rest;
    if ((rest = after_numbered(text, "past", 0, &q->years)))
        q->when = SNW_PAST;
    else if ((rest = after_numbered(text, "earlier", SNW_AGE_FIRST, &q->years)))
        q->when = SNW_EARLIER;
    else if ((rest = after(text, "since.")))
        q->when = SNW_SINCE;
    text = rest ? rest : text;
    if ((rest = after(text, "z."))) {
        q->z = true;
        text = rest;
    }
    if ((rest = after(text, "ln."))) {
        q->ln = true;
        text = rest;
    }
    return text;
}

bool snw_quantity_read(const char *text, struct snw_quantity *q, int *n_scores, char *problem,
                       size_t size)
{
    *q = (struct snw_quantity){0};
    const char *at = read_prefixes(text, q);
    while (*at) {
        char word[SNW_WORD_MAX];
        size_t n = strcspn(at, "+");
        snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), at);
        if (!add_name(word, q, problem, size))
            return false;
        at += n;
        if (*at && !*++at)
            return refuse(problem, size, "a name is missing after +: ", text);
    }
    if (q->n == 0)
        return refuse(problem, size, "no measure is named: ", text);
    for (unsigned k = 0; q->when != SNW_NOW && k < q->n; k++)
        if (q->of[k] >= SNW_N_MEASURES)
            return refuse(problem, size, "only measures have a past: ", text);
    if (q->z) {
        if (*n_scores == SNW_SCORES_MAX)
            return refuse(problem, size, "too many SD scores in one row: ", text);
        q->score = (*n_scores)++;
    }
    return true;
}

static bool read_condition(const char *text, struct snw_condition *c, int *n_scores, char *problem,
                           size_t size)
{
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    char word[2 * SNW_WORD_MAX];
    size_t n = strcspn(text, "=!<>"), width = strspn(text + n, "=!<>");
    int sign = 0;
    while (sign < 6 && (strlen(signs[sign]) != width || strncmp(text + n, signs[sign], width) != 0))
        sign++;
    if (sign == 6)
        return refuse(problem, size, "no condition (one of = != < <= > >= is wanted): ", text);
    c->is = (enum snw_comparison)sign;
    snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), text);
    if (!snw_quantity_read(word, &c->of, n_scores, problem, size))
        return false;
    if (snw_read_real(text + n + width, &c->than) != SNW_NUMBER_OK)
        return refuse(problem, size, "no number in the condition: ", text);
    return true;
}

bool snw_conditions_read(const char *text, struct snw_conditions *c, int *n_scores, char *problem,
                         size_t size)
{
    *c = (struct snw_conditions){0};
    while (*text) {
        char word[2 * SNW_WORD_MAX];
        size_t n = strcspn(text, "&");
        if (c->n == SNW_CONDITIONS_MAX)
            return refuse(problem, size, "more than four conditions: ", text);
        snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), text);
        if (!read_condition(word, &c->all[c->n++], n_scores, problem, size))
            return false;
        text += n;
        if (*text && !*++text)
            return refuse(problem, size, "a condition is missing after &", "");
    }
    return true;
}

/* What the instrument adds to the log of a state, the same at every look. */
static double error_at(const struct snw_panel *p, int measure, size_t person, int age)
{
    uint32_t words[4];
    snw_draw(error_key, p->person[person], 0, (uint32_t)age, (uint32_t)measure, 0, words);
    return (double)snw_normal_quantile(words[0]);
}

static double sum_at(const struct snw_panel *p, const struct snw_quantity *q, size_t person,
                     int age)
{
    double sum = 0;
    for (unsigned k = 0; k < q->n; k++) {
        int m = q->of[k];
        double x = m == SNW_Q_age          ? age
                   : m == SNW_Q_sex        ? p->sex[person]
                   : m == SNW_Q_age_at_fmp ? p->fmp_age_yr[person]
                                           : snw_panel_value(p, m, person, age);
        if (q->precision > 0 && m < SNW_N_MEASURES)
            x *= snw_exp_f64(q->precision * error_at(p, m, person, age));
        sum += x;
    }
    return sum;
}

static double before(const struct snw_panel *p, const struct snw_quantity *q, size_t person,
                     int age)
{
    int first = q->when == SNW_PAST      ? age - q->years
                : q->when == SNW_EARLIER ? q->years
                                         : SNW_AGE_FIRST;
    double sum = 0;
    if (p->from[person] > first)
        return (double)NAN;
    if (q->when == SNW_SINCE) {
        for (int a = age - 1; a >= first; a--)
            if (sum_at(p, q, person, a) > 0)
                return age - a;
        return NEVER;
    }
    for (int a = first; a < age; a++)
        sum += sum_at(p, q, person, a);
    return sum;
}

double snw_quantity_at(const struct snw_panel *p, const struct snw_quantity *q,
                       const struct snw_scores *scores, size_t person, int age)
{
    double x = q->when == SNW_NOW ? sum_at(p, q, person, age) : before(p, q, person, age);
    if (q->ln)
        x = x > 0 ? snw_log_f64(x) : (double)NAN;
    if (q->z) {
        const struct snw_scores *table = &scores[q->score];
        int sex = p->sex[person], a = age - SNW_AGE_FIRST;
        x = (x - table->mean[sex][a]) / table->sd[sex][a];
    }
    return x;
}

bool snw_compares(double x, enum snw_comparison is, double than)
{
    switch (is) {
    case SNW_EQUAL:
        return x == than;
    case SNW_NOT_EQUAL:
        return x != than;
    case SNW_BELOW:
        return x < than;
    case SNW_UP_TO:
        return x <= than;
    case SNW_ABOVE:
        return x > than;
    default:
        return x >= than;
    }
}

int snw_conditions_hold(const struct snw_panel *p, const struct snw_conditions *c,
                        const struct snw_scores *scores, size_t person, int age)
{
    int hold = 1;
    for (size_t k = 0; k < c->n; k++) {
        double x = snw_quantity_at(p, &c->all[k].of, scores, person, age);
        if (isnan(x))
            hold = -1;
        else if (!snw_compares(x, c->all[k].is, c->all[k].than))
            return 0;
    }
    return hold;
}

int snw_conditions_hold_in_cell(const struct snw_conditions *c, int sex, int age)
{
    for (size_t k = 0; k < c->n; k++)
        if (!snw_compares(c->all[k].of.of[0] == SNW_Q_sex ? sex : age, c->all[k].is,
                          c->all[k].than))
            return 0;
    return 1;
}

bool snw_conditions_of_cell(const struct snw_conditions *c)
{
    for (size_t k = 0; k < c->n; k++) {
        const struct snw_quantity *q = &c->all[k].of;
        bool plain = q->n == 1 && q->when == SNW_NOW && !q->z && !q->ln;
        if (!plain || (q->of[0] != SNW_Q_sex && q->of[0] != SNW_Q_age))
            return false;
    }
    return true;
}

void snw_scores_fill(const struct snw_panel *p, const struct snw_quantity *q,
                     struct snw_scores *table)
{
    struct snw_quantity raw = *q;
    double n[SNW_N_SEXES][SNW_N_AGES] = {{0}};
    raw.z = false;
    *table = (struct snw_scores){0};
    for (int pass = 0; pass < 2; pass++) { /* means, then SDs about them */
        for (size_t i = 0; i < p->n; i++)
            for (int age = p->from[i]; age <= p->to[i]; age++) {
                int s = p->sex[i], a = age - SNW_AGE_FIRST;
                double x = snw_quantity_at(p, &raw, NULL, i, age), w = p->weight ? p->weight[i] : 1;
                if (isnan(x))
                    continue;
                double d = x - table->mean[s][a];
                if (pass == 0) {
                    n[s][a] += w;
                    table->mean[s][a] += w * d / n[s][a];
                } else {
                    table->sd[s][a] += w * d * d;
                }
            }
    }
    for (int i = 0; i < SNW_N_SEXES * SNW_N_AGES; i++) {
        double *sd = &table->sd[i / SNW_N_AGES][i % SNW_N_AGES];
        *sd = snw_sqrt_f64(*sd / n[i / SNW_N_AGES][i % SNW_N_AGES]); /* NaN without people */
    }
}
