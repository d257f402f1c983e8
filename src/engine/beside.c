/* Scenarios beside the reference: room for them, and when they leave its path. */
#include <string.h>

#include "core/memory.h"
#include "engine/life_state.h"

struct snw_beside *snw_beside_new(size_t n)
{
    struct snw_beside *p = snw_alloc(sizeof *p);
    if (!p)
        return NULL;
    p->n = n;
    p->blocks = snw_alloc(n * sizeof *p->blocks);
    p->onsets = snw_alloc(n * sizeof *p->onsets);
    p->numbers = snw_alloc((n + 1) * sizeof *p->numbers);
    p->begun = snw_alloc(n);
    p->same_body = snw_alloc(n);
    p->gone = snw_alloc((n + 1) * sizeof *p->gone);
    p->tallies = snw_alloc((n + 1) * sizeof *p->tallies);
    snw_beside_discount(p, 0, 0);
    if (!p->blocks || !p->onsets || !p->numbers || !p->begun || !p->same_body || !p->gone ||
        !p->tallies)
        snw_beside_free(&p);
    return p;
}

void snw_beside_free(struct snw_beside **beside)
{
    struct snw_beside *p = *beside;
    if (p) {
        snw_free(p->blocks);
        snw_free(p->onsets);
        snw_free(p->numbers);
        snw_free(p->begun);
        snw_free(p->same_body);
        snw_free(p->gone);
        snw_free(p->tallies);
        snw_beside_treat_free(p);
    }
    snw_free(p);
    *beside = NULL;
}

/* Whether a year's numbers are the reference's; each points at its own shapes. */
static int same_year(const struct snw_life_plan *plan, size_t scenario, int sex, int age)
{
    const struct snw_year_coef *a = &plan->models[0].year[sex][age - SNW_AGE_FIRST];
    const struct snw_year_coef *b = &plan->models[scenario].year[sex][age - SNW_AGE_FIRST];
    return memcmp(a, b, offsetof(struct snw_year_coef, shapes)) == 0 &&
           memcmp(&plan->economies[0].year[sex][age - SNW_AGE_FIRST],
                  &plan->economies[scenario].year[sex][age - SNW_AGE_FIRST],
                  sizeof plan->economies[0].year[0][0]) == 0;
}

/* Whether those that the body's processes read are. */
static int same_body_at(const struct snw_life_plan *plan, size_t scenario, int sex, int age)
{
    return memcmp(&plan->models[0].year[sex][age - SNW_AGE_FIRST],
                  &plan->models[scenario].year[sex][age - SNW_AGE_FIRST], SNW_BODY_COEF_END) == 0;
}

/* Medians from the visit on are shifted by what they were before: all ages count. */
static int same_body_always(const struct snw_life_plan *plan, size_t scenario, int sex)
{
    int same = 1;
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST && same; age++)
        same = same_body_at(plan, scenario, sex, age);
    return same;
}

int snw_life_same_birth(const struct snw_life *l, size_t scenario)
{
    const struct snw_model *a = &l->plan->models[0], *b = &l->plan->models[scenario];
    enum snw_sex sex = l->work->block.sex;
    return memcmp(&a->birth[sex], &b->birth[sex], sizeof a->birth[sex]) == 0 &&
           memcmp(&a->shapes, &b->shapes, sizeof a->shapes) == 0;
}

static void begin(struct snw_life *l, size_t s, int visit)
{
    const struct snw_block *b = &l->work->block;
    struct snw_beside *p = l->work->beside;
    p->begun[s - 1] = 1;
    p->same_body[s - 1] = !visit || same_body_always(l->plan, s, (int)b->sex);
    p->blocks[s - 1] = *b;
    memcpy(p->gone[s], p->gone[0], sizeof p->gone[s]);
    snw_life_treat_begin(l, s);
    snw_life_pair_begin(l, s);
    if (visit)
        snw_onset_begin(&p->onsets[s - 1], &p->blocks[s - 1], &l->plan->models[0],
                        &l->plan->models[s]);
    if (snw_life_trends_begin(l, s))
        p->same_body[s - 1] = 0;
}

/* Whether a scenario that begins with the visit, or in a calendar year, does so on this birthday.
 */
static int begins_now(const struct snw_life *l, size_t s)
{
    const struct snw_block *b = &l->work->block;
    int32_t from = l->plan->begins ? l->plan->begins[s] - b->birth_year : b->enter_age[0];
    return l->plan->from_visit && b->age == (from > b->enter_age[0] ? from : b->enter_age[0]);
}

void snw_life_begin_scenarios(struct snw_life *l)
{
    const struct snw_block *b = &l->work->block;
    struct snw_beside *p = l->work->beside;
    for (size_t s = 1; p && s <= p->n; s++) {
        int visit = begins_now(l, s);
        int differs = !l->plan->from_visit && !same_year(l->plan, s, (int)b->sex, b->age);
        int starts = !l->plan->from_visit && !p->begun[s - 1] && snw_life_can_start(l, s);
        if (!p->begun[s - 1] && (visit || differs || starts))
            begin(l, s, visit);
        if (p->begun[s - 1] && p->same_body[s - 1] &&
            !same_body_at(l->plan, s, (int)b->sex, b->age)) {
            p->same_body[s - 1] = 0;
            snw_block_copy_body(&p->blocks[s - 1], b);
        }
    }
}
