/* Who starts and stops, and where the effects go. Equations: treatment.md. */
#include "interventions/treatment.h"

#include <string.h>

#include "core/memory.h"
#include "core/vmath.h"
#include "params/draws.h"

extern const struct snw_treatment_kernels snw_treatment_kernels_plain;
#if SNW_N_ISAS == 3
extern const struct snw_treatment_kernels snw_treatment_kernels_v3, snw_treatment_kernels_v4;
#endif

const struct snw_treatment_kernels *snw_treatment_kernels_named(const char *isa)
{
    static const struct snw_treatment_kernels *const all[] = {
#if SNW_N_ISAS == 3
        &snw_treatment_kernels_v4,
        &snw_treatment_kernels_v3,
#endif
        &snw_treatment_kernels_plain
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->isa, isa) == 0)
            return all[i];
    return NULL;
}

void snw_programme_init(struct snw_programme *programme, const struct snw_params *params)
{
    double *cv = programme->cv;
    memset(cv, 0, sizeof programme->cv);
    cv[SNW_NAME_measured_grip] = params->measurement_grip_cv[0];
    cv[SNW_NAME_measured_gait] = params->measurement_gait_cv[0];
    cv[SNW_NAME_measured_neck] = cv[SNW_NAME_measured_spine] = params->measurement_dxa_cv[0];
    cv[SNW_NAME_measured_igfbp2] = params->measurement_assay_cv[0];
    cv[SNW_NAME_measured_bmi] = params->measurement_weight_cv[0];
    programme->height_cv = params->measurement_height_cv[0];
    for (size_t k = 0; k < programme->n; k++) {
        programme->luck[k] = snw_intervention_luck(programme->list[k]->name);
        programme->price[k] = 1;
    }
    snw_programme_draw(programme, 0, 0);
}

static double score(const struct snw_intervention *t, const char *figure, uint32_t seed,
                    uint32_t draw)
{
    return draw ? snw_figure_score(t->name, figure, seed, draw) : 0;
}

void snw_programme_draw(struct snw_programme *p, uint32_t seed, uint32_t draw)
{
    for (size_t k = 0; k < p->n; k++) {
        const struct snw_intervention *t = p->list[k];
        p->uptake[k] = snw_declared_at(&t->uptake, score(t, "uptake", seed, draw), 0, 0, 1);
        for (int c = 0; c < SNW_N_CHANNELS; c++) {
            const struct snw_channel_info *info = &snw_channel_table[c];
            double z = t->effect[c].given ? score(t, info->name, seed, draw) : 0;
            p->value[k][c] =
                !t->effect[c].given
                    ? 0
                    : snw_declared_at(&t->effect[c].figure, z, info->ratio, info->low, info->high);
        }
    }
}

int snw_treatment_init(struct snw_treatment *t, size_t n)
{
    t->n_rows = SNW_ROW_COURSES + n * SNW_N_COURSE_ROWS;
    t->row = snw_alloc(t->n_rows * sizeof *t->row);
    return t->row != NULL;
}

void snw_treatment_free(struct snw_treatment *t)
{
    snw_free(t->row);
    *t = (struct snw_treatment){0};
}

void snw_treatment_clear(struct snw_treatment *t)
{
    memset(t->row, 0, t->n_rows * sizeof *t->row);
    for (size_t r = SNW_ROW_COURSES; r < t->n_rows; r++)
        if ((r - SNW_ROW_COURSES) % SNW_N_COURSE_ROWS != SNW_COURSE_OFFER)
            for (size_t i = 0; i < SNW_STRIDE; i++)
                t->row[r][i] = SNW_R(SNW_EVER_YR);
}

void snw_treatment_swap(struct snw_treatment *t, size_t a, size_t b)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        snw_real kept = t->row[r][a];
        t->row[r][a] = t->row[r][b];
        t->row[r][b] = kept;
    }
}

void snw_treatment_move(struct snw_treatment *t, size_t to, size_t from)
{
    for (size_t r = 0; r < t->n_rows; r++)
        t->row[r][to] = t->row[r][from];
}

int snw_programme_can_start(const struct snw_programme *p, enum snw_sex sex, int age, int year)
{
    const struct snw_known known = {sex == SNW_FEMALE, age, age, year, year};
    int can = 0;
    for (size_t k = 0; k < p->n; k++)
        can |= snw_expression_can_hold(&p->list[k]->eligible, &known);
    return can;
}

static int is_measured(int name)
{
    return strncmp(snw_name_table[name].text, "measured.", 9) == 0;
}

int snw_programme_measures(const struct snw_programme *p)
{
    int measures = 0;
    for (size_t k = 0; k < p->n; k++)
        for (int name = 0; name < SNW_N_NAMES; name++)
            measures |= is_measured(name) &&
                        snw_expression_uses(&p->list[k]->eligible, (enum snw_name)name);
    return measures;
}

/* How long one stays on it: Weibull, by the inverse of its distribution. */
static double time_on_it(const struct snw_intervention *t, double u)
{
    double yr = t->persistence_yr;
    if (yr < SNW_EVER_YR)
        yr *= snw_exp_f64(snw_log_f64(-snw_log_f64(u)) / t->persistence_shape);
    return yr < t->duration_yr ? yr : t->duration_yr;
}

/* An offer to one lane. */
static void offer(const struct snw_treating *t, size_t k, const struct snw_block *b, size_t i)
{
    const struct snw_intervention *declared = t->programme->list[k];
    uint32_t words[4];
    snw_draw(t->key, b->person[i], b->replicate[i], (uint32_t)b->age, SNW_SLOT_TREATMENT,
             t->programme->luck[k], words);
    double uptake = (double)snw_uniform(words[SNW_WORD_uptake % 4]);
    double stays = (double)snw_uniform(words[SNW_WORD_persistence % 4]);
    double again = declared->offer_every_yr > 0 ? declared->offer_every_yr : SNW_EVER_YR;
    if (uptake < t->programme->uptake[k]) {
        snw_course_row(t->treatment, k, SNW_COURSE_START)[i] = SNW_R(b->age);
        snw_course_row(t->treatment, k, SNW_COURSE_STOP)[i] =
            SNW_R(b->age + time_on_it(declared, stays));
    }
    snw_course_row(t->treatment, k, SNW_COURSE_OFFER)[i] = SNW_R(b->age + again);
}

/* Offers an intervention to those eligible who may be asked; those on it go on. */
static void offer_to_all(const struct snw_treating *t, size_t k, const struct snw_block *b,
                         const struct snw_year_coef *c)
{
    const struct snw_intervention *declared = t->programme->list[k];
    const struct snw_known known = {b->sex == SNW_FEMALE, b->age, b->age, b->birth_year + b->age,
                                    b->birth_year + b->age};
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    const snw_real *next = snw_course_row(t->treatment, k, SNW_COURSE_OFFER);
    const snw_real age = SNW_R(b->age), ever = SNW_R(SNW_EVER_YR);
    if (!snw_expression_can_hold(&declared->eligible, &known))
        return;
    for (int name = 0; name < SNW_N_NAMES; name++)
        if (snw_expression_uses(&declared->eligible, (enum snw_name)name))
            t->kernels->see(t->room, t->programme, b, c, (enum snw_name)name);
    memcpy(t->room->seen[SNW_NAME_history_falls], t->treatment->row[SNW_ROW_FALLS],
           sizeof t->room->seen[0]);
    t->kernels->judge(t->room, &declared->eligible, b->n);
    for (size_t i = 0; i < b->n; i++) {
        int never = start[i] >= ever, over = declared->restart && stop[i] <= age;
        if (t->room->stack[0][i] > SNW_R(0.5) && next[i] <= age && (never || over))
            offer(t, k, b, i);
    }
}

static void mark_on(const struct snw_treating *t, size_t k, snw_real age, size_t n, snw_real *to)
{
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    for (size_t i = 0; i < n; i++)
        to[i] = start[i] <= age && stop[i] > age ? SNW_R(1) : to[i];
}

/* Full effect as it is added: the log of a ratio, less what other channels bring about. */
static double full_effect(const struct snw_programme *p, size_t k, enum snw_channel channel)
{
    double x = p->value[k][channel], share = p->list[k]->effect[channel].share_elsewhere;
    return snw_channel_table[channel].ratio ? (1 - share) * snw_log_f64(x) : x;
}

/* Adds one effect, as it is at age `at`, to a field. */
static void act(const struct snw_treating *t, size_t k, enum snw_channel channel, double at,
                double weight, size_t n, snw_real *to)
{
    const struct snw_effect *effect = &t->programme->list[k]->effect[channel];
    if (!effect->given)
        return;
    double rebound = effect->rebound_yr > 0 ? snw_log_f64(effect->rebound) : 0;
    t->kernels->level(t->room, effect, snw_course_row(t->treatment, k, SNW_COURSE_START),
                      snw_course_row(t->treatment, k, SNW_COURSE_STOP), at, n);
    t->kernels->add(to, t->room, weight * full_effect(t->programme, k, channel), rebound, n);
}

static void clear(snw_real *field, size_t n)
{
    memset(field, 0, snw_whole_vectors(n) * sizeof *field);
}

static int acts_on_body(const struct snw_intervention *declared)
{
    int acts = 0;
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        acts |= declared->effect[c].given && snw_channel_table[c].part == SNW_PART_BODY;
    return acts;
}

static int anybody_started(const struct snw_treating *t, size_t k, size_t n)
{
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    int started = 0;
    for (size_t i = 0; i < n; i++)
        started |= start[i] < SNW_R(SNW_EVER_YR);
    return started;
}

int snw_treat_birthday(const struct snw_treating *t, struct snw_block *b,
                       const struct snw_year_coef *coef)
{
    const double middle = b->age + 0.5;
    const snw_real age = SNW_R(b->age);
    const size_t n = b->n;
    int body = 0;
    snw_real *const rates[] = {b->fall_rate_treated, b->hip_treated,   b->spine_treated,
                               b->other_treated,     b->death_treated, b->hormone_therapy,
                               b->on_treatment};
    b->treated = 1;
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
        clear(rates[r], n);
    for (size_t k = 0; k < t->programme->n; k++)
        mark_on(t, k, age, n, b->on_treatment);
    for (size_t k = 0; k < t->programme->n; k++) {
        const struct snw_intervention *declared = t->programme->list[k];
        offer_to_all(t, k, b, coef);
        mark_on(t, k, age, n, b->on_treatment);
        if (t->programme->value[k][SNW_CHANNEL_hormone_therapy] > 0)
            mark_on(t, k, age, n, b->hormone_therapy);
        act(t, k, SNW_CHANNEL_fall_rate_ratio, middle, 1, n, b->fall_rate_treated);
        act(t, k, SNW_CHANNEL_hip_fracture_ratio, middle, 1, n, b->hip_treated);
        act(t, k, SNW_CHANNEL_vertebral_fracture_ratio, middle, 1, n, b->spine_treated);
        act(t, k, SNW_CHANNEL_other_fracture_ratio, middle, 1, n, b->other_treated);
        act(t, k, SNW_CHANNEL_death_ratio, middle, 1, n, b->death_treated);
        body |= acts_on_body(declared) && anybody_started(t, k, n);
    }
    return body;
}

/* Cortical and trabecular bone of a site by equal log parts, so that density changes by the
   whole. */
static const struct site {
    enum snw_channel channel;
    enum snw_trait trait[2];
    double weight;
} sites[] = {{SNW_CHANNEL_abmd_femoral_neck_ratio,
              {SNW_CTTH_NECK, SNW_TRAB_NECK},
              1 / (SNW_NECK_CORTEX + SNW_NECK_TRABECULAE)},
             {SNW_CHANNEL_abmd_lumbar_spine_ratio,
              {SNW_CTTH_SPINE, SNW_TRAB_SPINE},
              1 / (SNW_SPINE_CORTEX + SNW_SPINE_TRABECULAE)}};

static double lost(snw_real now, snw_real then)
{
    return now > then ? (double)now - (double)then : 0;
}

/* What is spared of the median loss of the year that is over. */
static void spare(const struct snw_treating *t, size_t k, const struct snw_block *b,
                  const struct snw_year_coef *c, const struct snw_year_coef *next)
{
    const double muscle = t->programme->value[k][SNW_CHANNEL_muscle_loss_spared];
    const double bone = t->programme->value[k][SNW_CHANNEL_bone_loss_spared];
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    snw_real(*row)[SNW_STRIDE] = t->treatment->row;
    double loss[SNW_N_TRAIT];
    if (muscle > 0)
        t->kernels->spare(row[SNW_ROW_MUSCLE_SPARED], start, stop, b->age,
                          muscle * lost(c->index_median_ln, next->index_median_ln), b->n);
    for (int trait = 0; trait < SNW_N_TRAIT && bone > 0; trait++) {
        loss[trait] = bone * lost(c->trait_median_ln[trait], next->trait_median_ln[trait]);
        t->kernels->spare(row[SNW_ROW_TRAIT_SPARED + trait], start, stop, b->age, loss[trait],
                          b->n);
    }
    if (!(bone > 0) || !snw_intervention_has_fracture_ratio(t->programme->list[k]))
        return;
    double neck = SNW_NECK_CORTEX * loss[SNW_CTTH_NECK] +
                  SNW_NECK_CORTICAL_DENSITY * loss[SNW_CT_VBMD] +
                  SNW_NECK_TRABECULAE * loss[SNW_TRAB_NECK];
    double spine = SNW_SPINE_CORTEX * loss[SNW_CTTH_SPINE] +
                   SNW_SPINE_TRABECULAE * loss[SNW_TRAB_SPINE] +
                   SNW_SPINE_CORTICAL_DENSITY * loss[SNW_CT_VBMD];
    t->kernels->spare(row[SNW_ROW_NECK_UNSEEN], start, stop, b->age, neck, b->n);
    t->kernels->spare(row[SNW_ROW_SPINE_UNSEEN], start, stop, b->age, spine, b->n);
}

void snw_treat_advance(const struct snw_treating *t, struct snw_block *b,
                       const struct snw_year_coef *c, const struct snw_year_coef *next)
{
    snw_real(*row)[SNW_STRIDE] = t->treatment->row;
    const size_t n = b->n, n_bytes = snw_whole_vectors(n) * sizeof(snw_real);
    const double at = b->age + 1;
    memcpy(row[SNW_ROW_FALLS], b->n_reported, n_bytes);
    for (size_t k = 0; k < t->programme->n && next; k++)
        spare(t, k, b, c, next);
    memcpy(b->muscle_treated, row[SNW_ROW_MUSCLE_SPARED], n_bytes);
    memcpy(b->neck_unseen_ln, row[SNW_ROW_NECK_UNSEEN], n_bytes);
    memcpy(b->spine_unseen_ln, row[SNW_ROW_SPINE_UNSEEN], n_bytes);
    clear(b->strength_treated, n);
    for (int trait = 0; trait < SNW_N_TRAIT; trait++)
        memcpy(b->trait_treated[trait], row[SNW_ROW_TRAIT_SPARED + trait], n_bytes);
    for (size_t k = 0; k < t->programme->n; k++) {
        int unseen = snw_intervention_has_fracture_ratio(t->programme->list[k]);
        act(t, k, SNW_CHANNEL_muscle_ratio, at, 1, n, b->muscle_treated);
        act(t, k, SNW_CHANNEL_strength_ratio, at, 1, n, b->strength_treated);
        for (size_t s = 0; s < sizeof sites / sizeof sites[0]; s++) {
            snw_real *hidden = s == 0 ? b->neck_unseen_ln : b->spine_unseen_ln;
            for (int half = 0; half < 2; half++)
                act(t, k, sites[s].channel, at, sites[s].weight, n,
                    b->trait_treated[sites[s].trait[half]]);
            if (unseen)
                act(t, k, sites[s].channel, at, 1, n, hidden);
        }
    }
}

static int64_t whole(double x)
{
    return (int64_t)(x < 0 ? x - 0.5 : x + 0.5);
}

static int32_t held(int32_t low, int32_t high, int64_t x)
{
    return x < low ? low : x > high ? high : (int32_t)x;
}

void snw_treat_account(const struct snw_treating *t, const struct snw_block *b, size_t n,
                       struct snw_accounts *accounts)
{
    for (size_t k = 0; k < t->programme->n; k++) {
        const struct snw_intervention *declared = t->programme->list[k];
        const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
        const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
        const double cents = 100 * (1 - accounts->other_payers);
        const double per_yr = cents * t->programme->price[k] * declared->cost_usd_per_yr;
        const double once = cents * t->programme->price[k] * declared->cost_usd_at_start;
        const double change = 1e6 * t->programme->value[k][SNW_CHANNEL_utility_change];
        for (size_t i = 0; i < n; i++) {
            double from = (double)start[i], until = (double)stop[i];
            double end = b->age + (double)b->lived_yr[i];
            double on = (until < end ? until : end) - (from > b->age ? from : b->age);
            if (!(on > 0))
                continue;
            accounts->cost_cents[i] =
                held(0, INT32_MAX,
                     accounts->cost_cents[i] + whole(per_yr * on + (from == b->age ? once : 0)));
            accounts->qaly_millionths[i] = held(SNW_QALY_LOW, SNW_QALY_HIGH,
                                                accounts->qaly_millionths[i] + whole(change * on));
        }
    }
}
