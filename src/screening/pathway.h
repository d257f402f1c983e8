/* A screening pathway as it is declared: who is invited when, which tests follow each other, and
   what a positive result leads to. */
#ifndef SNW_SCREENING_PATHWAY_H
#define SNW_SCREENING_PATHWAY_H

#include "interventions/intervention.h"
#include "params/params.h"

enum snw_test {
#define SNW_TEST(name, gives, since, doc) SNW_TEST_##name,
#include "screening/tests.def"
#undef SNW_TEST
    SNW_N_TESTS
};

enum { SNW_TEST_GIVES = 3 };

struct snw_test_info {
    const char *name, *doc;
    enum snw_name gives[SNW_TEST_GIVES]; /* SNW_N_NAMES where there are fewer */
    enum snw_name since;
};

extern const struct snw_test_info snw_test_table[SNW_N_TESTS];

enum {
    SNW_PATHWAY_STEPS = 6,
    SNW_PATHWAY_AGES = 8,     /* stretches of ages */
    SNW_PATHWAY_OCCASIONS = 8 /* of one test in one step */
};

/* Where a result leads to: a later step, an intervention, or nowhere. */
enum snw_route_kind { SNW_ROUTE_NOWHERE, SNW_ROUTE_STEP, SNW_ROUTE_INTERVENTION };
struct snw_route {
    enum snw_route_kind kind;
    size_t to;  /* the step, or the place among all interventions */
    char *name; /* as written, NULL where nowhere */
};

/* Texts are owned: released with snw_pathway_free. */
struct snw_pathway {
    char *name, *title, *who;
    struct snw_expression eligible; /* who, parsed */
    int hypothetical;
    size_t n_ages;
    struct snw_ages {
        int from, to, every_yr;     /* invited at from, from + every_yr, .. up to `to` */
    } ages[SNW_PATHWAY_AGES];       /* in rising order, apart */
    struct snw_declared attendance; /* chance that one who is invited comes */
    size_t n_steps;
    struct snw_screening_step {
        char *name;
        enum snw_test test;
        int occasions; /* results are averaged over so many, by their logarithm */
        char *positive_text;
        struct snw_expression positive;
        struct snw_declared cost; /* USD of price_year an occasion; no source: costs nothing */
        int price_year;
        struct snw_route then, otherwise; /* after a positive result, after another */
    } step[SNW_PATHWAY_STEPS];
};

/* A pathway without steps. */
void snw_pathway_init(struct snw_pathway *pathway);
void snw_pathway_free(struct snw_pathway *pathway);

/* @return whether people are invited at an age. */
int snw_pathway_is_due(const struct snw_pathway *pathway, int age);

/* @return a measured name that a condition asks for and no test of the pathway gives, else
   SNW_N_NAMES. Frailty is seen without a test. */
enum snw_name snw_pathway_unmeasured(const struct snw_pathway *pathway,
                                     const struct snw_expression *condition);

/* @return whether the condition of a step asks for something that its test gives. */
int snw_step_uses_its_test(const struct snw_screening_step *step);

/* @return the first step that no other leads to, n_steps where there is none. Step 0 is where a
   pathway begins; routes lead to later steps only. */
size_t snw_pathway_unreached(const struct snw_pathway *pathway);

#endif
