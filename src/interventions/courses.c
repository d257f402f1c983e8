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

/* One lane's luck with intervention k at this birthday. */
struct chance {
    double uptake, persistence, goes_on;
};

static struct chance draw(const struct snw_treating *t, size_t k, const struct snw_block *b,
                          size_t i)
{
    uint32_t words[4];
    snw_draw(t->key, b->person[i], b->replicate[i], (uint32_t)b->age, SNW_SLOT_TREATMENT,
             t->programme->luck[k], words);
    return (struct chance){(double)snw_uniform(words[SNW_WORD_uptake % 4]),
                           (double)snw_uniform(words[SNW_WORD_persistence % 4]),
                           (double)snw_uniform(words[SNW_WORD_goes_on % 4])};
}

/* What one waits for is not taken before the next birthday; a delay of the menopause can't undo
   what of it has begun. */
static void start(const struct snw_treating *t, size_t k, struct snw_block *b, size_t i,
                  double persistence)
{
    const struct snw_intervention *declared = t->programme->list[k];
    const double later = t->programme->value[k][SNW_CHANNEL_menopause_later_yr];
    const snw_real age = SNW_R(b->age);
    const snw_real stop = SNW_R(b->age + snw_intervention_time(declared, persistence));
    snw_course_row(t->treatment, k, SNW_COURSE_START)[i] = age;
    snw_course_row(t->treatment, k, SNW_COURSE_STOP)[i] = stop;
    snw_course_row(t->treatment, k, SNW_COURSE_KEPT)[i] = stop;
    if (later > 0 && b->sex == SNW_FEMALE && b->fmp_age_yr[i] >= age + SNW_R(1))
        b->fmp_age_yr[i] += SNW_R(later);
}

/* An offer to one lane. */
static void offer(const struct snw_treating *t, size_t k, struct snw_block *b, size_t i)
{
    const struct snw_intervention *declared = t->programme->list[k];
    const struct chance u = draw(t, k, b, i);
    const double again = declared->offer_every_yr > 0 ? declared->offer_every_yr : SNW_EVER_YR;
    int broken = b->fracture_age_yr[0][i] > SNW_R(0) || b->fracture_age_yr[1][i] > SNW_R(0) ||
                 b->fracture_age_yr[2][i] > SNW_R(0);
    if (u.uptake < snw_intervention_uptake(declared, t->programme->uptake[k], b->sex == SNW_FEMALE,
                                           b->age, broken))
        start(t, k, b, i, u.persistence);
    snw_course_row(t->treatment, k, SNW_COURSE_OFFER)[i] = SNW_R(b->age + again);
}

/* Leaves in stack[0] for whom a condition of intervention k, or a part of it, holds. */
static const snw_real *judge(const struct snw_treating *t, size_t k,
                             const struct snw_expression *condition, const struct snw_block *b,
                             const struct snw_year_coef *c)
{
    for (size_t name = 0; name < t->programme->n_asked[k]; name++)
        t->kernels->see(t->room, t->programme, b, c, (enum snw_name)t->programme->asked[k][name]);
    memcpy(t->room->seen[SNW_NAME_history_falls], t->treatment->row[SNW_ROW_FALLS],
           sizeof t->room->seen[0]);
    t->kernels->judge(t->room, condition, b->n);
    return t->room->stack[0];
}

/* Whom screening refers, but for whom it is contraindicated. */
static void take_referred(const struct snw_treating *t, size_t k, const struct snw_block *b,
                          const struct snw_year_coef *c, uint8_t *wanted)
{
    const struct snw_expression *barred = &t->programme->list[k]->barred;
    const snw_real *is_barred = barred->n ? judge(t, k, barred, b, c) : NULL;
    for (size_t i = 0; i < b->n; i++)
        wanted[i] = t->referred[k][i] && !(is_barred && is_barred[i] > SNW_R(0.5));
}

static void offer_to_all(const struct snw_treating *t, size_t k, struct snw_block *b,
                         const struct snw_year_coef *c)
{
    const struct snw_intervention *declared = t->programme->list[k];
    const struct snw_known known = {b->sex == SNW_FEMALE, b->age, b->age, b->birth_year + b->age,
                                    b->birth_year + b->age};
    const snw_real *from = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *until = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    const snw_real *next = snw_course_row(t->treatment, k, SNW_COURSE_OFFER);
    const snw_real age = SNW_R(b->age), ever = SNW_R(SNW_EVER_YR);
    const int asks =
        snw_programme_asks(t->programme, k) && snw_expression_can_hold(&declared->eligible, &known);
    uint8_t wanted[SNW_STRIDE] = {0};
    if (!asks && !t->referred)
        return;
    if (t->referred)
        take_referred(t, k, b, c, wanted);
    const snw_real *eligible = asks ? judge(t, k, &declared->eligible, b, c) : NULL;
    for (size_t i = 0; i < b->n; i++) {
        int never = from[i] >= ever, over = declared->offered_again && until[i] <= age;
        int is = wanted[i] || (eligible && eligible[i] > SNW_R(0.5));
        if (is && next[i] <= age && (never || over))
            offer(t, k, b, i);
    }
}

/* Whether this is the birthday on which to see what comes after a course that ended at `until`. */
static int is_due(snw_real until, double after_yr, snw_real age)
{
    const snw_real due = until + SNW_R(after_yr);
    return due <= age && due > age - SNW_R(1);
}

/* Who stopped before the course was over may begin it anew. */
static void restart(const struct snw_treating *t, size_t k, struct snw_block *b)
{
    const struct snw_sequel *again = &t->programme->list[k]->restart;
    const snw_real *from = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *until = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    const snw_real whole = SNW_R(t->programme->list[k]->duration_yr);
    for (size_t i = 0; i < b->n; i++) {
        if (!is_due(until[i], again->after_yr, SNW_R(b->age)) || until[i] >= from[i] + whole ||
            b->on_treatment[i] > SNW_R(0.5))
            continue;
        const struct chance u = draw(t, k, b, i);
        if (u.goes_on < t->programme->restart[k])
            start(t, k, b, i, u.persistence);
    }
}

/* Effects that are kept while what follows is taken go with that: of the course before, and of
   those that it followed on. */
static void keep(const struct snw_treating *t, size_t before, size_t i, snw_real until)
{
    for (size_t n = 0; n < t->programme->n; n++) {
        snw_course_row(t->treatment, before, SNW_COURSE_KEPT)[i] = until;
        size_t k = 0;
        while (k < t->programme->n && t->programme->next[k] != (int)before)
            k++;
        if (k == t->programme->n ||
            snw_course_row(t->treatment, k, SNW_COURSE_START)[i] >= SNW_R(SNW_EVER_YR))
            break;
        before = k;
    }
}

/* Who has stopped may go on to the intervention that follows. */
static void go_on(const struct snw_treating *t, size_t k, struct snw_block *b)
{
    const size_t to = (size_t)t->programme->next[k];
    const snw_real *until = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    const snw_real *started = snw_course_row(t->treatment, to, SNW_COURSE_START);
    const snw_real *stopped = snw_course_row(t->treatment, to, SNW_COURSE_STOP);
    const snw_real age = SNW_R(b->age);
    for (size_t i = 0; i < b->n; i++) {
        if (!is_due(until[i], t->programme->list[k]->next.after_yr, age) ||
            (started[i] <= age && stopped[i] > age) ||
            draw(t, k, b, i).goes_on >= t->programme->goes_on[k])
            continue;
        start(t, to, b, i, draw(t, to, b, i).persistence);
        keep(t, k, i, stopped[i]);
    }
}

void snw_treat_offer(const struct snw_treating *t, size_t k, struct snw_block *b,
                     const struct snw_year_coef *c)
{
    offer_to_all(t, k, b, c);
    if (t->programme->list[k]->restart.given)
        restart(t, k, b);
    if (t->programme->next[k] != SNW_NOWHERE)
        go_on(t, k, b);
}
