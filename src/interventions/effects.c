/* Eligibility and the course of effects, all lanes at a time. Equations: treatment.md. */
#include "core/vmath.h"
#include "interventions/treatment.h"

#define ISA_TEXT2(x) #x
#define ISA_TEXT(x) ISA_TEXT2(x)
#define EACH for (size_t i = 0; i < snw_whole_vectors(n); i++)
#define LN2 0.69314718055994531

static const snw_real *error_row(const struct snw_treatment_room *room, unsigned word)
{
    return room->luck.value[word - 4 * SNW_SLOT_MEASURE_0];
}

static void fill(snw_real *restrict to, snw_real value, size_t n)
{
    EACH to[i] = value;
}

static void copy(snw_real *restrict to, const snw_real *restrict from, size_t n)
{
    EACH to[i] = from[i];
}

static void is_above(snw_real *restrict to, const snw_real *restrict x, snw_real bound, size_t n)
{
    EACH to[i] = x[i] > bound ? SNW_R(1) : SNW_R(0);
}

/* e^(x + cv z) */
static void from_log(snw_real *restrict to, const snw_real *restrict x, const snw_real *restrict z,
                     double cv, size_t n)
{
    const snw_real sd = SNW_R(cv);
    EACH to[i] = snw_exp(x[i] + sd * z[i]);
}

static void with_error(snw_real *restrict to, const snw_real *restrict x,
                       const snw_real *restrict z, double cv, size_t n)
{
    const snw_real sd = SNW_R(cv);
    EACH to[i] = x[i] * snw_exp(sd * z[i]);
}

struct scale {
    snw_real young, shift, mean, per;
};

static void t_score(snw_real *restrict to, const snw_real *restrict x, const snw_real *restrict z,
                    double cv, struct scale s, size_t n)
{
    const snw_real sd = SNW_R(cv);
    EACH to[i] = (s.young * snw_exp(x[i] + s.shift + sd * z[i]) - s.mean) * s.per;
}

static void mass_index(snw_real *restrict to, const snw_real *restrict x,
                       const snw_real *restrict z_height, const snw_real *restrict z_weight,
                       const struct snw_programme *p, size_t n)
{
    const snw_real height = SNW_R(p->height_cv), weight = SNW_R(p->cv[SNW_NAME_measured_bmi]);
    EACH to[i] = x[i] * snw_exp(weight * z_weight[i] - SNW_R(2) * height * z_height[i]);
}

/* Years since the last fracture; no number without one. */
static void since(snw_real *restrict to, const struct snw_block *restrict b, size_t n)
{
    const snw_real age = SNW_R(b->age), none = SNW_R(__builtin_nan(""));
    EACH
    {
        snw_real last = snw_max(snw_max(b->fracture_age_yr[0][i], b->fracture_age_yr[1][i]),
                                b->fracture_age_yr[2][i]);
        to[i] = last > SNW_R(0) ? age - last : none;
    }
}

/* Years since the final menstrual period; no number before it. */
static void since_fmp(snw_real *restrict to, const struct snw_block *restrict b, size_t n)
{
    const snw_real age = SNW_R(b->age), none = SNW_R(__builtin_nan(""));
    EACH to[i] = b->fmp_age_yr[i] <= age ? age - b->fmp_age_yr[i] : none;
}

static void see_measured(struct snw_treatment_room *room, const struct snw_programme *p,
                         const struct snw_block *b, const struct snw_year_coef *c,
                         enum snw_name name)
{
    const size_t n = b->n;
    const struct scale neck = {c->abmd_neck, 0, c->t_mean_neck, c->t_scale_neck};
    const struct scale spine = {c->abmd_spine, c->spine_artefact, c->t_mean_spine,
                                c->t_scale_spine};
    snw_real *to = room->seen[name];
    const double cv = p->cv[name];
    if (name == SNW_NAME_measured_grip || name == SNW_NAME_true_grip)
        from_log(to, b->grip_ln, error_row(room, SNW_WORD_error_grip), cv, n);
    else if (name == SNW_NAME_measured_gait || name == SNW_NAME_true_gait)
        with_error(to, b->gait_m_s, error_row(room, SNW_WORD_error_gait), cv, n);
    else if (name == SNW_NAME_measured_neck || name == SNW_NAME_true_neck)
        t_score(to, b->abmd_neck_ln, error_row(room, SNW_WORD_error_dxa_neck), cv, neck, n);
    else if (name == SNW_NAME_measured_spine || name == SNW_NAME_true_spine)
        t_score(to, b->abmd_spine_ln, error_row(room, SNW_WORD_error_dxa_spine), cv, spine, n);
    else if (name == SNW_NAME_measured_bio_t || name == SNW_NAME_true_bio_t)
        from_log(to, b->bio_t_ln, error_row(room, SNW_WORD_error_bio_t), cv, n);
    else if (name == SNW_NAME_measured_bmi)
        mass_index(to, b->bmi_kg_m2, error_row(room, SNW_WORD_error_height),
                   error_row(room, SNW_WORD_error_weight), p, n);
    else
        from_log(to, b->igfbp2_ln, error_row(room, SNW_WORD_error_igfbp2), cv, n);
}

static void see(struct snw_treatment_room *room, const struct snw_programme *p,
                const struct snw_block *b, const struct snw_year_coef *c, enum snw_name name)
{
    const size_t n = b->n;
    snw_real *to = room->seen[name];
    if (snw_name_is_screened(name)) /* the caller's */
        return;
    switch (name) {
    case SNW_NAME_everyone:
        fill(to, 1, n);
        break;
    case SNW_NAME_age:
        fill(to, SNW_R(b->age), n);
        break;
    case SNW_NAME_year:
        fill(to, SNW_R(b->birth_year + b->age), n);
        break;
    case SNW_NAME_female:
    case SNW_NAME_male:
        fill(to, (b->sex == SNW_FEMALE) == (name == SNW_NAME_female) ? SNW_R(1) : SNW_R(0), n);
        break;
    case SNW_NAME_on_treatment:
        copy(to, b->on_treatment, n);
        break;
    case SNW_NAME_measured_frailty:
        copy(to, b->frailty, n);
        break;
    case SNW_NAME_history_hip:
        is_above(to, b->fracture_age_yr[0], 0, n);
        break;
    case SNW_NAME_history_spine:
        is_above(to, b->fracture_age_yr[1], 0, n);
        break;
    case SNW_NAME_history_any:
        since(room->level, b, n);
        is_above(to, room->level, -1, n);
        break;
    case SNW_NAME_history_since:
        since(to, b, n);
        break;
    case SNW_NAME_history_fmp:
        since_fmp(to, b, n);
        break;
    case SNW_NAME_history_home:
        copy(to, b->nursing_home, n);
        break;
    case SNW_NAME_true_sarcopenic:
        copy(to, b->sarcopenic, n);
        break;
    case SNW_NAME_true_disabled:
        copy(to, b->disabled, n);
        break;
    case SNW_NAME_history_falls: /* kept among the courses: the caller's */
    case SNW_N_NAMES:
        break;
    default:
        see_measured(room, p, b, c, name);
    }
}

#define COMPARE(step, sign)                                                                        \
    case step:                                                                                     \
        EACH a[i] = a[i] sign b[i] ? SNW_R(1) : SNW_R(0);                                          \
        break

/* A comparison with what is no number does not hold. */
static void combine(enum snw_step_kind op, snw_real *restrict a, const snw_real *restrict b,
                    size_t n)
{
    switch (op) {
        COMPARE(SNW_STEP_LESS, <);
        COMPARE(SNW_STEP_AT_MOST, <=);
        COMPARE(SNW_STEP_MORE, >);
        COMPARE(SNW_STEP_AT_LEAST, >=);
        COMPARE(SNW_STEP_EQUAL, ==);
    case SNW_STEP_UNEQUAL:
        EACH
        {
            snw_real less = a[i] < b[i] ? SNW_R(1) : SNW_R(0);
            a[i] = a[i] > b[i] ? SNW_R(1) : less;
        }
        break;
    case SNW_STEP_AND:
        EACH a[i] = a[i] * b[i];
        break;
    default:
        EACH a[i] = snw_max(a[i], b[i]);
    }
}

static void negate(snw_real *restrict a, size_t n)
{
    EACH a[i] = SNW_R(1) - a[i];
}

static void judge(struct snw_treatment_room *room, const struct snw_expression *program, size_t n)
{
    size_t top = 0;
    for (size_t k = 0; k < program->n; k++) {
        const struct snw_step *s = &program->step[k];
        if (s->op == SNW_STEP_NUMBER)
            fill(room->stack[top++], SNW_R(s->number), n);
        else if (s->op == SNW_STEP_NAME)
            copy(room->stack[top++], room->seen[s->name], n);
        else if (s->op == SNW_STEP_NOT)
            negate(room->stack[top - 1], n);
        else {
            top--;
            combine((enum snw_step_kind)s->op, room->stack[top - 1], room->stack[top], n);
        }
    }
}

/* What is left of it, e years after the last day. */
static void fade(snw_real *restrict level, const struct snw_effect *restrict effect,
                 const snw_real *restrict start, const snw_real *restrict stop, snw_real t,
                 size_t n)
{
    const snw_real per_yr = effect->offset_yr > 0 ? SNW_R(1 / effect->offset_yr) : SNW_R(0);
    const snw_real rate = SNW_R(-LN2) * per_yr, least = SNW_R(effect->offset_yr);
    if (effect->offset == SNW_OFFSET_AT_ONCE) {
        EACH level[i] = t > stop[i] ? SNW_R(0) : level[i];
    } else if (effect->offset == SNW_OFFSET_LINEAR) {
        EACH level[i] *= snw_max(0, SNW_R(1) - per_yr * snw_max(0, t - stop[i]));
    } else if (effect->offset == SNW_OFFSET_HALF_LIFE) {
        EACH level[i] *= snw_exp(rate * snw_max(0, t - stop[i]));
    } else if (effect->offset == SNW_OFFSET_TREATED_TIME) {
        EACH
        {
            snw_real over = snw_max(least, stop[i] - start[i]);
            level[i] *= snw_max(0, SNW_R(1) - snw_max(0, t - stop[i]) / over);
        }
    }
}

static void level(struct snw_treatment_room *room, const struct snw_effect *effect,
                  const snw_real *start, const snw_real *stop, double at, size_t n)
{
    /* at once is within a minute, the exponential being held where it is nothing */
    const snw_real t = SNW_R(at);
    const snw_real rate =
        SNW_R(effect->half_life_yr > 0 ? -LN2 / effect->half_life_yr : -LN2 * 500000);
    const snw_real most = SNW_R(effect->rebound_yr);
    snw_real *restrict to = room->level, *restrict after = room->after;
    const snw_real *restrict from = start, *restrict until = stop;
    EACH
    {
        snw_real on = snw_max(0, snw_min(t, until[i]) - from[i]);
        to[i] = SNW_R(1) - snw_exp(snw_max(-80, rate * on));
    }
    fade(room->level, effect, start, stop, t, n);
    if (effect->rebound_yr > 0)
        EACH
        {
            snw_real since_stop = t - until[i];
            snw_real fresh = since_stop < most ? SNW_R(1) : SNW_R(0);
            after[i] = since_stop > SNW_R(0) ? fresh : SNW_R(0);
        }
}

static void add(snw_real *to, const struct snw_treatment_room *room, double full, double rebound,
                size_t n)
{
    const snw_real by = SNW_R(full), again = SNW_R(rebound);
    const snw_real *restrict part = room->level, *restrict after = room->after;
    snw_real *restrict sum = to;
    if (rebound == 0)
        EACH sum[i] += by * part[i];
    else
        EACH sum[i] += by * part[i] + again * after[i];
}

static void spare(snw_real *to, const snw_real *start, const snw_real *stop, double age,
                  double loss, size_t n)
{
    const snw_real from = SNW_R(age), until = SNW_R(age + 1), by = SNW_R(loss);
    const snw_real *restrict begin = start, *restrict end = stop;
    snw_real *restrict sum = to;
    EACH
    {
        snw_real on = snw_min(until, end[i]) - snw_max(from, begin[i]);
        sum[i] += by * snw_max(0, on);
    }
}

const struct snw_treatment_kernels SNW_KERNEL(snw_treatment_kernels) = {
    &ISA_TEXT(SNW_ISA_SUFFIX)[1], see, judge, level, add, spare,
};
