/* Makes the tests: instruments by the kernels of treatment, with their own luck each occasion. */
#include <string.h>

#include "core/vmath.h"
#include "random/normal.h"
#include "random/slots.h"
#include "screening/screening.h"

/* SD of the logarithm by which people misjudge their strength and speed. assumption: answers are
   rougher than instruments, 6 to 8 %. */
#define ANSWER_SD 0.15

/* What errs in a test: words of one slot, one after the other. */
static const struct errors {
    unsigned first, n;
} errors[SNW_N_TESTS] = {
    [SNW_TEST_igfbp2] = {SNW_WORD_error_igfbp2, 1},
    [SNW_TEST_dxa] = {SNW_WORD_error_dxa_neck, 2},
    [SNW_TEST_grip] = {SNW_WORD_error_grip, 1},
    [SNW_TEST_gait] = {SNW_WORD_error_gait, 1},
    [SNW_TEST_sarc_f] = {SNW_WORD_answer_lifting, 4},
    [SNW_TEST_risk_score] = {SNW_WORD_error_height, 2},
};
enum { ERRORS_MAX = 4 };

/* A lane's errors in a year, their means over occasions 0, 1, ... @param[out] mean (ERRORS_MAX,) */
static void mean_errors(struct snw_key key, const struct snw_block *b, size_t i,
                        const struct snw_screening_step *step, snw_real *mean)
{
    const struct errors *e = &errors[step->test];
    for (unsigned w = 0; w < e->n; w++)
        mean[w] = 0;
    for (int k = 0; k < step->occasions; k++) {
        uint32_t drawn[4];
        snw_draw(key, b->person[i], b->replicate[i], (uint32_t)b->age, e->first / 4, (uint32_t)k,
                 drawn);
        for (unsigned w = 0; w < e->n; w++)
            mean[w] += snw_normal_quantile(drawn[e->first % 4 + w]);
    }
    for (unsigned w = 0; w < e->n; w++)
        mean[w] /= (snw_real)step->occasions;
}

/* Puts the errors of those tested where the instruments look for them. */
static void draw_errors(const struct snw_screens *s, const struct snw_block *b,
                        const struct snw_screening_step *step, const uint8_t *who)
{
    const struct errors *e = &errors[step->test];
    snw_real mean[ERRORS_MAX];
    if (step->test == SNW_TEST_sarc_f) /* no instrument: ask() */
        return;
    for (size_t i = 0; i < b->n; i++) {
        if (!who[i])
            continue;
        mean_errors(s->treating->key, b, i, step, mean);
        for (unsigned w = 0; w < e->n; w++)
            s->treating->room->luck.value[e->first + w - 4 * SNW_SLOT_MEASURE_0][i] = mean[w];
    }
}

/* SARC-F asks how hard it is to lift and carry, walk across a room, rise from a chair, climb
   stairs, and how often one fell: 0 to 2 points each. assumption: hard to some extent, and very,
   below so many times the cut-offs of grip, 16 and 27 kg, or so many m/s; chosen so that about a
   tenth of people in their seventies have four points or more. 1 to 3 falls give a point, more
   two. */
static const struct {
    double some, very;
} hard[4] = {{1.4, 0.9}, {0.8, 0.5}, {0.95, 0.6}, {1.05, 0.7}};

static double ask(const struct snw_screens *s, const struct snw_block *b, size_t i,
                  const struct snw_screening_step *step)
{
    snw_real error[ERRORS_MAX];
    double felt[4], grip = snw_exp_f64((double)b->grip_ln[i]) / (b->sex == SNW_FEMALE ? 16 : 27);
    double gait = (double)b->gait_m_s[i];
    double falls = (double)s->treating->treatment->row[SNW_ROW_FALLS][i];
    mean_errors(s->treating->key, b, i, step, error);
    for (int k = 0; k < 4; k++)
        felt[k] = (k == 0 ? grip : gait) * snw_exp_f64(ANSWER_SD * (double)error[k]);
    int sum = (falls >= 1) + (falls >= 4);
    for (unsigned k = 0; k < 4; k++)
        sum += (felt[k] < hard[k].some) + (felt[k] < hard[k].very);
    return sum;
}

static double score(const struct snw_screens *s, const struct snw_block *b, size_t i)
{
    const snw_real *t_score = snw_screened_value(s->screened, SNW_TEST_dxa, 0);
    const snw_real *bmi = snw_screened_value(s->screened, SNW_TEST_risk_score, 0);
    int fractured = 0;
    for (size_t g = 0; g < 3; g++)
        fractured |= b->fracture_age_yr[g][i] > SNW_R(0);
    const struct snw_risk_person person = {
        .female = b->sex == SNW_FEMALE,
        .fractured = fractured,
        .faller = s->treating->treatment->row[SNW_ROW_FALLS][i] >= SNW_R(1),
        .age = b->age,
        .bmi_kg_m2 = (double)bmi[i],
        .t_score = (double)t_score[i]};
    return snw_risk_of(s->screening->score, &person);
}

/* What instruments show. */
static void read_instruments(const struct snw_screens *s, const struct snw_block *b,
                             const struct snw_year_coef *c, enum snw_test test, const uint8_t *who)
{
    for (size_t k = 0; k < SNW_TEST_GIVES; k++) {
        enum snw_name name = snw_test_table[test].gives[k];
        if (name == SNW_N_NAMES || snw_name_is_screened(name))
            continue;
        s->treating->kernels->see(s->treating->room, s->treating->programme, b, c, name);
        snw_real *to = snw_screened_value(s->screened, test, k);
        for (size_t i = 0; i < b->n; i++)
            if (who[i])
                to[i] = s->treating->room->seen[name][i];
    }
}

/* What the screening module works out itself, from what instruments have shown by now. */
static void work_out(const struct snw_screens *s, const struct snw_block *b,
                     const struct snw_year_coef *c, const struct snw_screening_step *step, size_t i)
{
    const struct snw_screened *to = s->screened;
    double x;
    switch (step->test) {
    case SNW_TEST_igfbp2:
        x = snw_log_f64((double)snw_screened_value(to, SNW_TEST_igfbp2, 0)[i]);
        snw_screened_value(to, SNW_TEST_igfbp2, 1)[i] =
            SNW_R((x - (double)c->z_mean[SNW_Z_IGFBP2]) * (double)c->z_scale[SNW_Z_IGFBP2]);
        break;
    case SNW_TEST_sarc_f:
        snw_screened_value(to, SNW_TEST_sarc_f, 0)[i] = SNW_R(ask(s, b, i, step));
        break;
    case SNW_TEST_risk_score:
        snw_screened_value(to, SNW_TEST_risk_score, 1)[i] = SNW_R(score(s, b, i));
        break;
    case SNW_TEST_dxa:
    case SNW_TEST_grip:
    case SNW_TEST_gait:
    case SNW_N_TESTS:
        break;
    }
}

void snw_test_make(const struct snw_screens *s, const struct snw_block *b,
                   const struct snw_year_coef *c, const struct snw_screening_step *step,
                   const uint8_t *who)
{
    snw_real *last = s->screened->row[SNW_SCREENED_TESTS + step->test];
    draw_errors(s, b, step, who);
    read_instruments(s, b, c, step->test, who);
    for (size_t i = 0; i < b->n; i++) {
        if (!who[i])
            continue;
        last[i] = SNW_R(b->age);
        work_out(s, b, c, step, i);
    }
}
