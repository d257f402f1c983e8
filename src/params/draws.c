/* Normal scores as sums of named factors, and the parameters at these scores. */
#include "params/draws.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/vmath.h"
#include "numerics/distributions.h"
#include "params/priors.h"
#include "random/philox.h"
#include "random/slots.h"

struct member {
    const char *group;
    double r;
    enum snw_param_id id;
};

static const struct member members[] = {
#define SNW_TOGETHER(group, r, section, name) {#group, r, SNW_PARAM_##section##_##name},
#include "params/correlations.def"
#undef SNW_TOGETHER
};

enum { N_MEMBERS = sizeof members / sizeof members[0], ASPECTS = 3, FACTORS_MAX = 9 };

struct factor {
    uint64_t hash; /* of its name */
    double weight;
};

/* What the elements of a row, or of the two rows of .._women and .._men, differ in. */
struct aspect {
    const char *label; /* of this element */
    double share;
};

static const struct member *member_of(enum snw_param_id id)
{
    for (int i = 0; i < N_MEMBERS; i++)
        if (members[i].id == id)
            return &members[i];
    return NULL;
}

/* FNV-1a of a word and the dot after it. */
static uint64_t hash_word(uint64_t hash, const char *word, size_t length)
{
    for (size_t i = 0; i <= length; i++)
        hash = (hash ^ (unsigned char)(i < length ? word[i] : '.')) * 0x100000001b3u;
    return hash;
}

static uint64_t hash_words(const char *first, const char *second, size_t second_length)
{
    return hash_word(hash_word(0xcbf29ce484222325u, first, strlen(first)), second, second_length);
}

static bool ends_with(const char *text, const char *end, size_t *stem)
{
    size_t n = strlen(text), m = strlen(end);
    bool yes = n > m && strcmp(text + n - m, end) == 0;
    if (yes)
        *stem = n - m;
    return yes;
}

/* The sex of a row called .._women or .._men, "" for others; the length of the name before it. */
static const char *sex_of_row(const char *name, size_t *stem)
{
    *stem = strlen(name);
    if (ends_with(name, "_women", stem))
        return "female";
    return ends_with(name, "_men", stem) ? "male" : "";
}

/* The correlation along the last axis that the kind of prior asks for. */
static double share_of_curve(const struct snw_prior *prior, double share)
{
    if (prior->kind == SNW_PRIOR_SCALE || prior->kind == SNW_PRIOR_SHIFT)
        return 1;
    if (prior->kind == SNW_PRIOR_SCALE_EACH)
        return prior->a * prior->a / (prior->a * prior->a + prior->b * prior->b);
    return share;
}

/* @return the length of the row's name without its sex. */
static size_t aspects_of(enum snw_param_id id, size_t index, struct aspect *out)
{
    const struct snw_param_info *info = &snw_param_table[id];
    const struct snw_axis_info *first = &snw_axis_table[info->axis];
    const struct snw_axis_info *second = &snw_axis_table[info->axis2];
    size_t stem;
    const char *sex = sex_of_row(info->name, &stem);
    out[0] = (struct aspect){first->labels[index / second->length], first->share};
    out[1] = (struct aspect){second->labels[index % second->length], second->share};
    out[2] = (struct aspect){sex, sex[0] ? snw_axis_table[SNW_AXIS_SEX].share : 1};
    struct aspect *curve = &out[second->length > 1];
    curve->share = share_of_curve(snw_param_prior(id, index), curve->share);
    return stem;
}

/* @return how many factors; (FACTORS_MAX,) is room for all. */
static size_t factors_of(enum snw_param_id id, size_t index, struct factor *out)
{
    const struct snw_param_info *info = &snw_param_table[id];
    const struct member *group = member_of(id);
    struct aspect aspect[ASPECTS];
    size_t stem = aspects_of(id, index, aspect), n = 0;
    double r = group ? group->r : 0, common = r < 0 ? -r : r;
    if (group) {
        double weight = snw_sqrt_f64(common);
        out[n++] = (struct factor){hash_words("group", group->group, strlen(group->group)),
                                   r < 0 ? -weight : weight};
    }
    for (unsigned own = 0; own < 1u << ASPECTS; own++) {
        double square = 1 - common;
        uint64_t hash = hash_words(info->section, info->name, stem);
        for (unsigned k = 0; k < ASPECTS; k++) {
            /* shares are of the whole score: what the group does not already hold of them */
            double share = aspect[k].share > common ? (aspect[k].share - common) / (1 - common) : 0;
            bool mine = own >> k & 1u;
            const char *label = mine ? aspect[k].label : "*";
            square *= mine ? 1 - share : share;
            hash = hash_word(hash, label, strlen(label));
        }
        if (square > 0)
            out[n++] = (struct factor){hash, snw_sqrt_f64(square)};
    }
    return n;
}

/* 52 random bits inside (0, 1), hence |z| < 8.3. */
static double factor_value(uint64_t hash, uint32_t seed, uint32_t draw)
{
    uint32_t words[4];
    snw_draw((struct snw_key){seed, 0}, (uint32_t)hash, (uint32_t)(hash >> 32), draw,
             SNW_SLOT_PARAMETER, 0, words);
    uint64_t bits = ((uint64_t)words[0] << 32 | words[1]) >> 12;
    double u = ((double)bits + 0.5) * 0x1p-52;
    return u <= 0.5 ? snw_probit(u) : -snw_probit(1 - u);
}

double snw_param_score(enum snw_param_id id, size_t index, uint32_t seed, uint32_t draw)
{
    struct factor factor[FACTORS_MAX];
    size_t n = factors_of(id, index, factor);
    double z = 0;
    for (size_t i = 0; i < n; i++)
        z += factor[i].weight * factor_value(factor[i].hash, seed, draw);
    return z;
}

double snw_figure_score(const char *intervention, const char *figure, uint32_t seed, uint32_t draw)
{
    uint64_t hash = hash_words("interventions", intervention, strlen(intervention));
    return factor_value(hash_word(hash, figure, strlen(figure)), seed, draw);
}

double snw_param_correlation(struct snw_param_element one, struct snw_param_element other)
{
    struct factor a[FACTORS_MAX], b[FACTORS_MAX];
    size_t n_a = factors_of(one.id, one.index, a), n_b = factors_of(other.id, other.index, b);
    double r = 0;
    for (size_t i = 0; i < n_a; i++)
        for (size_t j = 0; j < n_b; j++)
            r += a[i].hash == b[j].hash ? a[i].weight * b[j].weight : 0;
    return r;
}

void snw_draws_only(struct snw_draws *draws, size_t n, char *const *section)
{
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        draws->held[id] = true;
        for (size_t i = 0; i < n; i++)
            if (strcmp(snw_param_table[id].section, section[i]) == 0)
                draws->held[id] = false;
    }
}

static void draw_parameter(enum snw_param_id id, double *values, uint32_t seed, uint32_t draw)
{
    const struct snw_param_info *info = &snw_param_table[id];
    for (size_t i = 0; i < info->length; i++) {
        const struct snw_prior *prior = snw_param_prior(id, i);
        if (prior->kind != SNW_PRIOR_FIXED)
            values[i] = snw_prior_value(prior, info->defaults[i], info->low, info->high, values[i],
                                        snw_param_score(id, i, seed, draw));
    }
}

void snw_params_draw(struct snw_params *out, const struct snw_params *base,
                     const struct snw_draws *draws, uint32_t draw)
{
    const struct snw_posterior *known = draws->posterior;
    if (out != base)
        *out = *base;
    if (draw == 0)
        return;
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        if (!draws->held[id])
            draw_parameter((enum snw_param_id)id, snw_params_at(out, (enum snw_param_id)id),
                           draws->seed, draw);
    for (size_t c = 0; known && c < known->n_columns; c++)
        if (!draws->held[known->column[c].id])
            snw_params_at(out, known->column[c].id)[known->column[c].index] =
                known->value[(draw - 1) % known->n_rows * known->n_columns + c];
}

/* `age` for all age axes, the others by their name. */
static void axis_word(const char *name, char *text, size_t size)
{
    snprintf(text, size, "%s", strncmp(name, "AGE_", 4) == 0 ? "age" : name);
    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
}

void snw_param_together_words(enum snw_param_id id, char *text, size_t size)
{
    const struct snw_param_info *info = &snw_param_table[id];
    const struct member *group = member_of(id);
    struct aspect aspect[ASPECTS];
    const char *names[ASPECTS] = {snw_axis_table[info->axis].name, snw_axis_table[info->axis2].name,
                                  "SEX"};
    size_t n = 0;
    text[0] = '\0';
    if (info->prior->kind == SNW_PRIOR_FIXED)
        return;
    aspects_of(id, 0, aspect);
    for (int k = 0; k < ASPECTS; k++) {
        char word[32];
        axis_word(names[k], word, sizeof word);
        if (aspect[k].share < 1 && n < size)
            n += (size_t)snprintf(text + n, size - n, "%s%s %.3g", n ? ", " : "", word,
                                  aspect[k].share);
    }
    for (int i = 0; group && i < N_MEMBERS; i++) {
        const struct member *other = &members[i];
        bool against = (other->r < 0) != (group->r < 0);
        if (strcmp(other->group, group->group) == 0 && other != group && n < size)
            n += (size_t)snprintf(text + n, size - n, "%s%s.%s %s%g", n ? ", " : "",
                                  snw_param_table[other->id].section,
                                  snw_param_table[other->id].name, against ? "-" : "",
                                  other->r < 0 ? -other->r : other->r);
    }
}
