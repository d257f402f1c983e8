/* Invitation, tests, referral. Equations: screening.md. */
#include "screening/screening.h"

#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "params/draws.h"
#include "random/slots.h"

void snw_screening_init(struct snw_screening *s)
{
    for (size_t p = 0; p < s->n; p++)
        for (size_t k = 0; k < SNW_PATHWAY_STEPS; k++) {
            s->price[p][k] = 1;
            s->then[p][k] = s->otherwise[p][k] = 0;
        }
    snw_screening_draw(s, 0, 0);
}

/* How willing people are, and what a test costs, is one thing whatever the pathway: the figures are
   addressed by their own names. */
void snw_screening_draw(struct snw_screening *s, uint32_t seed, uint32_t draw)
{
    for (size_t p = 0; p < s->n; p++) {
        const struct snw_pathway *pathway = s->list[p];
        double z = draw ? snw_figure_score("screening", "attendance", seed, draw) : 0;
        s->attendance[p] = snw_declared_at(&pathway->attendance, z, 0, 0, 1);
        for (size_t k = 0; k < pathway->n_steps; k++) {
            const struct snw_screening_step *step = &pathway->step[k];
            const char *test = snw_test_table[step->test].name;
            z = draw && step->cost.source ? snw_figure_score("screening", test, seed, draw) : 0;
            s->cost_usd[p][k] =
                step->cost.value > 0 ? snw_declared_at(&step->cost, z, 1, 0, 1e6) : 0;
        }
    }
}

int snw_screening_is_due(const struct snw_screening *s, enum snw_sex sex, int age, int year)
{
    const struct snw_known known = {sex == SNW_FEMALE, age, age, year, year};
    int due = 0;
    for (size_t p = 0; p < s->n; p++)
        due |= snw_pathway_is_due(s->list[p], age) &&
               snw_expression_can_hold(&s->list[p]->eligible, &known);
    return due;
}

int snw_pathway_asks_score(const struct snw_pathway *pathway)
{
    int asks = 0;
    for (size_t k = 0; k < pathway->n_steps; k++)
        asks |= pathway->step[k].test == SNW_TEST_risk_score;
    return asks;
}

int snw_screened_init(struct snw_screened *s, size_t n)
{
    *s = (struct snw_screened){0};
    if (n == 0)
        return 1;
    s->n_rows = SNW_SCREENED_STEPS + 2 * n * SNW_PATHWAY_STEPS;
    s->row = snw_alloc(s->n_rows * sizeof *s->row);
    return s->row != NULL;
}

void snw_screened_free(struct snw_screened *s)
{
    snw_free(s->row);
    *s = (struct snw_screened){0};
}

void snw_screened_clear(struct snw_screened *s)
{
    const snw_real none = SNW_R(__builtin_nan(""));
    s->busy = 0;
    if (!s->n_rows)
        return;
    memset(s->row, 0, s->n_rows * sizeof *s->row);
    for (size_t r = SNW_SCREENED_VALUES; r < SNW_SCREENED_TESTED; r++)
        for (size_t i = 0; i < SNW_STRIDE; i++)
            s->row[r][i] = none;
}

/* What the last test gave under a name, or how long ago it was. */
static void show_test(const struct snw_screens *s, enum snw_test test, enum snw_name name,
                      const struct snw_block *b)
{
    snw_real *to = s->treating->room->seen[name];
    const snw_real *last = s->screened->row[SNW_SCREENED_TESTS + test];
    for (size_t k = 0; k < SNW_TEST_GIVES; k++)
        if (snw_test_table[test].gives[k] == name)
            memcpy(to, snw_screened_value(s->screened, test, k), b->n * sizeof *to);
    if (snw_test_table[test].since == name)
        for (size_t i = 0; i < b->n; i++)
            to[i] = SNW_R(b->age) - last[i];
}

/* Who is on a treatment as the birthday begins. */
static void show_treated(const struct snw_screens *s, const struct snw_block *b)
{
    snw_real *to = s->treating->room->seen[SNW_NAME_on_treatment];
    memset(to, 0, b->n * sizeof *to);
    for (size_t k = 0; k < s->treating->programme->n; k++)
        snw_treat_mark_on(s->treating, k, b, to);
}

/* What a pathway sees under one name: the last measurements; all else as treatments see it. */
static void show(const struct snw_screens *s, const struct snw_block *b,
                 const struct snw_year_coef *c, enum snw_name name)
{
    const int measured = strncmp(snw_name_table[name].text, "measured.", 9) == 0;
    snw_real *to = s->treating->room->seen[name];
    if (name == SNW_NAME_on_treatment)
        show_treated(s, b);
    else if (name == SNW_NAME_history_falls)
        memcpy(to, s->treating->treatment->row[SNW_ROW_FALLS], b->n * sizeof *to);
    else if (name == SNW_NAME_screened_tested)
        memcpy(to, s->screened->row[SNW_SCREENED_TESTED], b->n * sizeof *to);
    else if (name == SNW_NAME_screened_positive)
        memcpy(to, s->screened->row[SNW_SCREENED_POSITIVE], b->n * sizeof *to);
    else if ((measured && name != SNW_NAME_measured_frailty) || snw_name_is_screened(name))
        for (int test = 0; test < SNW_N_TESTS; test++)
            show_test(s, (enum snw_test)test, name, b);
    else
        s->treating->kernels->see(s->treating->room, s->treating->programme, b, c, name);
}

/* Leaves in stack[0] for whom a condition holds. */
static const snw_real *judge(const struct snw_screens *s, const struct snw_block *b,
                             const struct snw_year_coef *c, const struct snw_expression *condition)
{
    for (int name = 0; name < SNW_N_NAMES; name++)
        if (snw_expression_uses(condition, (enum snw_name)name))
            show(s, b, c, (enum snw_name)name);
    s->treating->kernels->judge(s->treating->room, condition, b->n);
    return s->treating->room->stack[0];
}

static void count(const struct snw_screens *s, const struct snw_block *b, size_t p, size_t k,
                  enum snw_screening_count what, uint64_t by)
{
    s->counts->n[b->sex][p][k][what] += by;
}

/* Whether one comes when invited. By person and year alone: who comes to one programme would have
   come to another. */
static int comes(const struct snw_screens *s, const struct snw_block *b, size_t p, size_t i)
{
    snw_real u = snw_draw_uniform(s->treating->key, b->person[i], b->replicate[i], (uint32_t)b->age,
                                  SNW_WORD_attendance);
    return (double)u < s->screening->attendance[p];
}

static void invite(const struct snw_screens *s, size_t p, const struct snw_block *b,
                   const struct snw_year_coef *c)
{
    const struct snw_pathway *pathway = s->screening->list[p];
    const struct snw_known known = {b->sex == SNW_FEMALE, b->age, b->age, b->birth_year + b->age,
                                    b->birth_year + b->age};
    uint8_t(*in_step)[SNW_STRIDE] = s->room->in_step;
    memset(in_step, 0, sizeof s->room->in_step);
    if (!snw_pathway_is_due(pathway, b->age) ||
        !snw_expression_can_hold(&pathway->eligible, &known))
        return;
    const snw_real *eligible = judge(s, b, c, &pathway->eligible);
    for (size_t i = 0; i < b->n; i++) {
        if (!(eligible[i] > SNW_R(0.5)) || (s->gone && s->gone[i]))
            continue;
        count(s, b, p, 0, SNW_COUNT_INVITED, 1);
        in_step[0][i] = (uint8_t)comes(s, b, p, i);
    }
}

static void follow(const struct snw_screens *s, size_t p, size_t k, const struct snw_block *b,
                   size_t i, const struct snw_route *route, size_t course)
{
    if (route->kind == SNW_ROUTE_STEP) {
        s->room->in_step[route->to][i] = 1;
    } else if (route->kind == SNW_ROUTE_INTERVENTION) {
        s->room->referred[course][i] |= 1u << (p * SNW_PATHWAY_STEPS + k);
        s->screened->row[SNW_SCREENED_POSITIVE][i] = 1;
        count(s, b, p, k, SNW_COUNT_REFERRED, 1);
    }
}

static void test_all(const struct snw_screens *s, size_t p, size_t k, const struct snw_block *b,
                     const struct snw_year_coef *c)
{
    const struct snw_screening *plan = s->screening;
    const struct snw_screening_step *step = &plan->list[p]->step[k];
    const uint8_t *who = s->room->in_step[k];
    snw_real *tested = s->screened->row[SNW_SCREENED_STEPS + 2 * (p * SNW_PATHWAY_STEPS + k)];
    snw_real *positive = tested + SNW_STRIDE;
    double usd = plan->price[p][k] * plan->cost_usd[p][k] * step->occasions;
    uint64_t cents = (uint64_t)(100 * usd + 0.5);
    if (!memchr(who, 1, b->n))
        return;
    snw_test_make(s, b, c, step, who);
    const snw_real *found = judge(s, b, c, &step->positive);
    for (size_t i = 0; i < b->n; i++) {
        if (!who[i])
            continue;
        const int is = found[i] > SNW_R(0.5);
        count(s, b, p, k, SNW_COUNT_TESTED, 1);
        count(s, b, p, k, SNW_COUNT_POSITIVE, (uint64_t)is);
        count(s, b, p, k, SNW_COUNT_PEOPLE_TESTED, tested[i] < SNW_R(0.5));
        count(s, b, p, k, SNW_COUNT_PEOPLE_POSITIVE, is && positive[i] < SNW_R(0.5));
        count(s, b, p, k, SNW_COUNT_CENTS, cents);
        tested[i] = s->screened->row[SNW_SCREENED_TESTED][i] = 1;
        positive[i] = is ? SNW_R(1) : positive[i];
        s->screened->row[SNW_SCREENED_CENTS][i] += (snw_real)cents;
        if (is)
            follow(s, p, k, b, i, &step->then, plan->then[p][k]);
        else
            follow(s, p, k, b, i, &step->otherwise, plan->otherwise[p][k]);
    }
}

void snw_screen_birthday(const struct snw_screens *s, const struct snw_block *b,
                         const struct snw_year_coef *c)
{
    struct snw_screened *state = s->screened;
    const int was_busy = state->busy;
    if (!state->n_rows)
        return;
    state->busy = snw_screening_is_due(s->screening, b->sex, b->age, b->birth_year + b->age);
    if (was_busy || state->busy) {
        memset(state->row[SNW_SCREENED_POSITIVE], 0, sizeof *state->row);
        memset(state->row[SNW_SCREENED_CENTS], 0, sizeof *state->row);
    }
    if (!state->busy)
        return;
    memset(s->room->referred, 0, sizeof s->room->referred);
    for (size_t p = 0; p < s->screening->n; p++) {
        invite(s, p, b, c);
        for (size_t k = 0; k < s->screening->list[p]->n_steps; k++)
            test_all(s, p, k, b, c);
    }
}

void snw_screen_show(const struct snw_screens *s, const struct snw_block *b)
{
    const struct snw_programme *programme = s->treating->programme;
    uint8_t asked[SNW_N_NAMES] = {0};
    for (size_t k = 0; k < programme->n; k++)
        for (size_t j = 0; j < programme->n_asked[k]; j++)
            asked[programme->asked[k][j]] = 1;
    for (int id = SNW_NAME_measured_sarc_f; id <= SNW_NAME_screened_positive; id++) {
        enum snw_name name = (enum snw_name)id;
        const int number = snw_name_table[name].kind == SNW_VALUE_NUMBER;
        snw_real *to = s->treating->room->seen[name];
        if (asked[id] && s->screened->n_rows)
            show(s, b, NULL, name);
        else if (asked[id])
            for (size_t i = 0; i < b->n; i++)
                to[i] = number ? SNW_R(__builtin_nan("")) : SNW_R(0);
    }
}

void snw_screen_started(const struct snw_screens *s, const struct snw_block *b)
{
    if (!s->screened->busy)
        return;
    for (size_t course = 0; course < s->treating->programme->n; course++) {
        const snw_real *start = snw_course_row(s->treating->treatment, course, SNW_COURSE_START);
        const snw_real *next = snw_course_row(s->treating->treatment, course, SNW_COURSE_OFFER);
        const double every_yr = s->treating->programme->list[course]->offer_every_yr;
        const snw_real asked_now = SNW_R(b->age + (every_yr > 0 ? every_yr : SNW_EVER_YR));
        for (size_t i = 0; i < b->n; i++) {
            /* not who begins anew by itself on the day of a referral that was no offer */
            int starts = start[i] == SNW_R(b->age) && next[i] == asked_now;
            uint32_t from = starts ? s->room->referred[course][i] : 0;
            for (size_t bit = 0; from >> bit; bit++)
                if (from >> bit & 1u)
                    count(s, b, bit / SNW_PATHWAY_STEPS, bit % SNW_PATHWAY_STEPS, SNW_COUNT_STARTED,
                          1);
        }
    }
}

void snw_screen_account(const struct snw_screened *s, size_t n, struct snw_accounts *accounts)
{
    const double share = 1 - accounts->other_payers;
    if (!s->busy)
        return;
    for (size_t i = 0; i < n; i++) {
        const int32_t before = accounts->cost_cents[i];
        int64_t cents = before + (int64_t)(share * (double)s->row[SNW_SCREENED_CENTS][i] + 0.5);
        accounts->cost_cents[i] = cents < INT32_MAX ? (int32_t)cents : INT32_MAX;
        if (accounts->part_cents)
            accounts->part_cents[SNW_COST_TESTS][i] += accounts->cost_cents[i] - before;
    }
}
