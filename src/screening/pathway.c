/* The table of tests, and what can be said of a pathway by itself. */
#include "screening/pathway.h"

#include <stdlib.h>
#include <string.h>

#define GIVES(...)                                                                                 \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
const struct snw_test_info snw_test_table[SNW_N_TESTS] = {
#define SNW_TEST(name, gives, since, doc) {#name, doc, GIVES gives, since},
#include "screening/tests.def"
#undef SNW_TEST
};

void snw_pathway_init(struct snw_pathway *p)
{
    *p = (struct snw_pathway){.n_steps = 0};
    for (size_t k = 0; k < SNW_PATHWAY_STEPS; k++)
        p->step[k].occasions = 1;
}

void snw_pathway_free(struct snw_pathway *p)
{
    free(p->name);
    free(p->title);
    free(p->who);
    free(p->attendance.source);
    for (size_t k = 0; k < SNW_PATHWAY_STEPS; k++) {
        free(p->step[k].name);
        free(p->step[k].positive_text);
        free(p->step[k].cost.source);
        free(p->step[k].then.name);
        free(p->step[k].otherwise.name);
    }
    *p = (struct snw_pathway){.name = NULL};
}

int snw_pathway_is_due(const struct snw_pathway *p, int age)
{
    int due = 0;
    for (size_t k = 0; k < p->n_ages; k++)
        due |= age >= p->ages[k].from && age <= p->ages[k].to &&
               (age - p->ages[k].from) % p->ages[k].every_yr == 0;
    return due;
}

static int gives(enum snw_test test, enum snw_name name)
{
    int found = 0;
    for (size_t k = 0; k < SNW_TEST_GIVES; k++)
        found |= snw_test_table[test].gives[k] == name;
    return found;
}

enum snw_name snw_pathway_unmeasured(const struct snw_pathway *p,
                                     const struct snw_expression *condition)
{
    for (int id = 0; id < SNW_N_NAMES; id++) {
        enum snw_name name = (enum snw_name)id;
        int given = name == SNW_NAME_measured_frailty;
        if (strncmp(snw_name_table[id].text, "measured.", 9) != 0 ||
            !snw_expression_uses(condition, name))
            continue;
        for (size_t k = 0; k < p->n_steps; k++)
            given |= gives(p->step[k].test, name);
        if (!given)
            return name;
    }
    return SNW_N_NAMES;
}

int snw_step_uses_its_test(const struct snw_screening_step *step)
{
    int uses = 0;
    for (size_t k = 0; k < SNW_TEST_GIVES; k++) {
        enum snw_name name = snw_test_table[step->test].gives[k];
        uses |= name != SNW_N_NAMES && snw_expression_uses(&step->positive, name);
    }
    return uses;
}

size_t snw_pathway_unreached(const struct snw_pathway *p)
{
    int reached[SNW_PATHWAY_STEPS] = {1};
    size_t k = 0;
    for (size_t from = 0; from < p->n_steps; from++) {
        const struct snw_route *routes[] = {&p->step[from].then, &p->step[from].otherwise};
        for (size_t r = 0; r < 2; r++)
            if (reached[from] && routes[r]->kind == SNW_ROUTE_STEP)
                reached[routes[r]->to] = 1;
    }
    while (k < p->n_steps && reached[k])
        k++;
    return k;
}
