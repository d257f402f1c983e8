/* The fit of the score, in numbers worked by hand. */
#include "support/near.h"

#include <stdlib.h>

#include "screening/risk_score.h"

enum { PEOPLE = 4000 };

static struct snw_risk_person people[PEOPLE];
static unsigned char event[PEOPLE];

/* Men of 65 with a BMI of 27: all terms but the constant are nought. */
static void begin(void)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        people[i] = (struct snw_risk_person){.age = 65, .bmi_kg_m2 = 27};
        event[i] = 0;
    }
}

/* A tenth of all: ln odds ln(1/9), by both forms. */
static void a_constant_is_the_log_odds_of_the_share(void **state)
{
    (void)state;
    struct snw_risk_score score;
    begin();
    for (size_t i = 0; i < PEOPLE; i += 10)
        event[i] = 1;
    assert_true(snw_risk_fit(&score, PEOPLE, people, event));
    for (int form = 0; form < SNW_N_RISK_FORMS; form++) {
        assert_near(score.coefficient[form][SNW_RISK_CONSTANT], log(1.0 / 9), 1e-4);
        assert_near(score.coefficient[form][SNW_RISK_FEMALE], 0, 1e-12);
    }
    assert_near(score.people, 4000, 0);
    assert_near(score.events, 400, 0);
    assert_near(snw_risk_of(&score, &people[0]), 0.1, 1e-5);
}

/* Half of 2,000 women against a fifth of 2,000 men: ln odds 0 and ln(1/4), so the ratio is ln 4. */
static void a_coefficient_is_a_log_odds_ratio(void **state)
{
    (void)state;
    struct snw_risk_score score;
    begin();
    for (size_t i = 0; i < PEOPLE; i++) {
        people[i].female = i % 2 == 0;
        event[i] = i % 2 == 0 ? i % 4 == 0 : i % 10 == 1;
    }
    assert_true(snw_risk_fit(&score, PEOPLE, people, event));
    assert_near(score.coefficient[0][SNW_RISK_CONSTANT], log(0.25), 1e-3);
    assert_near(score.coefficient[0][SNW_RISK_FEMALE], log(4), 1e-3);
}

/* By the form with bone density where the T-score is known, else by the other. */
static void the_form_is_that_of_what_is_known(void **state)
{
    (void)state;
    const struct snw_risk_score score = {
        .coefficient = {{[SNW_RISK_CONSTANT] = -1}, {[SNW_RISK_T_SCORE] = -0.5}}};
    struct snw_risk_person person = {.age = 70, .bmi_kg_m2 = 25, .t_score = NAN};
    assert_near(snw_risk_of(&score, &person), 1 / (1 + exp(1)), 1e-12);
    person.t_score = -2;
    assert_near(snw_risk_of(&score, &person), 1 / (1 + exp(-1)), 1e-12);
}

/* At 75: z = 1, and a BMI of 27 e. */
static void terms_are_what_they_say(void **state)
{
    (void)state;
    const struct snw_risk_person person = {
        .female = 1, .faller = 1, .age = 75, .bmi_kg_m2 = 27 * exp(1), .t_score = -3};
    static const double expected[SNW_N_RISK_TERMS] = {1, 1, 1, 1, 1, 1, 0, 1, -3};
    double term[SNW_N_RISK_TERMS];
    snw_risk_terms(&person, term);
    for (int k = 0; k < SNW_N_RISK_TERMS; k++)
        assert_near(term[k], expected[k], 1e-12);
}

/* Everybody with a fracture before breaks another bone: the likelihood alone has no end. */
static void the_penalty_holds_what_nothing_tells_of(void **state)
{
    (void)state;
    struct snw_risk_score score;
    begin();
    for (size_t i = 0; i < PEOPLE; i++)
        event[i] = (unsigned char)(people[i].fractured = i % 100 == 0);
    assert_true(snw_risk_fit(&score, PEOPLE, people, event));
    assert_true(score.coefficient[0][SNW_RISK_FRACTURE] > 5);
    assert_true(score.coefficient[0][SNW_RISK_FRACTURE] < 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_is_the_log_odds_of_the_share),
        cmocka_unit_test(a_coefficient_is_a_log_odds_ratio),
        cmocka_unit_test(the_form_is_that_of_what_is_known),
        cmocka_unit_test(terms_are_what_they_say),
        cmocka_unit_test(the_penalty_holds_what_nothing_tells_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
