/* Who starts and stops. Equations: treatment.md. */
#include <string.h>

#include "core/memory.h"
#include "core/vmath.h"
#include "interventions/treatment.h"

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

void snw_treat_offer(const struct snw_treating *t, size_t k, const struct snw_block *b,
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
    for (size_t name = 0; name < t->programme->n_asked[k]; name++)
        t->kernels->see(t->room, t->programme, b, c, (enum snw_name)t->programme->asked[k][name]);
    memcpy(t->room->seen[SNW_NAME_history_falls], t->treatment->row[SNW_ROW_FALLS],
           sizeof t->room->seen[0]);
    t->kernels->judge(t->room, &declared->eligible, b->n);
    for (size_t i = 0; i < b->n; i++) {
        int never = start[i] >= ever, over = declared->restart && stop[i] <= age;
        if (t->room->stack[0][i] > SNW_R(0.5) && next[i] <= age && (never || over))
            offer(t, k, b, i);
    }
}
