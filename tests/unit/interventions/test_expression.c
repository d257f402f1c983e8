/* Eligibility: what is understood, in which order it is taken, what is refused and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "interventions/expression.h"

/* The postfix program as text: `age 65 >= female and`. */
static const char *postfix(const char *text)
{
    static const char *const ops[] = {"", "", "<", "<=", ">", ">=", "=", "!=", "and", "or", "not"};
    static char shown[1000];
    struct snw_expression program;
    struct snw_expression_fault fault;
    size_t n = 0;
    if (!snw_expression_parse(text, &program, &fault)) {
        snprintf(shown, sizeof shown, "%zu: %s", fault.at, fault.text);
        assert_int_equal(program.n, 0);
        return shown;
    }
    for (size_t k = 0; k < program.n; k++) {
        const struct snw_step *s = &program.step[k];
        const char *gap = k ? " " : "";
        if (s->op == SNW_STEP_NUMBER)
            n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%g", gap, s->number);
        else
            n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%s", gap,
                                  s->op == SNW_STEP_NAME ? snw_name_table[s->name].text
                                                         : ops[s->op]);
    }
    return shown;
}

static void weaker_operators_come_last(void **state)
{
    (void)state;
    assert_string_equal(postfix("female"), "female");
    assert_string_equal(postfix("age >= 65"), "age 65 >=");
    assert_string_equal(postfix("female or male and age < 50"), "female male age 50 < and or");
    assert_string_equal(postfix("(female or male) and age < 50"), "female male or age 50 < and");
    assert_string_equal(postfix("not age = 50 and female"), "age 50 = not female and");
    assert_string_equal(postfix("not (female and not male)"), "female male not and not");
    assert_string_equal(postfix("female and age >= 65 and measured.t_score_femoral_neck <= -2.5 "
                                "and not on_treatment"),
                        "female age 65 >= and measured.t_score_femoral_neck -2.5 <= and "
                        "on_treatment not and");
    assert_string_equal(postfix("65<=age and age!=70"), "65 age <= age 70 != and");
}

static void what_is_wrong_is_said_where_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *text, *fault;
    } wrong[] = {
        {"", "0: a name or a number is expected"},
        {"age", "0: a number is neither true nor false: compare it with another"},
        {"female and age", "11: a number is neither true nor false: compare it with another"},
        {"age and female", "0: a number is neither true nor false: compare it with another"},
        {"female >= 1", "0: what is true or false can't be compared: only numbers can"},
        {"1 < male", "4: what is true or false can't be compared: only numbers can"},
        {"65 <= age < 80", "10: comparisons are not chained: join two by `and`"},
        {"female male", "7: `and`, `or` or the end is expected"},
        {"(female", "7: a bracket does not close"},
        {"female)", "6: `and`, `or` or the end is expected"},
        {"age >= ", "7: a name or a number is expected"},
        {"age >= 6.5.1",
         "7: no number: digits and at most one point are expected, up to 15 digits"},
        {"age >= 65y", "7: no number: digits and at most one point are expected, up to 15 digits"},
        {"age >= -", "7: no number: digits and at most one point are expected, up to 15 digits"},
        {"age ~ 65", "4: a sign that means nothing here"},
        {"not", "3: a name or a number is expected"},
        {"female & male", "7: a sign that means nothing here"},
        {"femal", "0: unknown name"},
        {"measured. grip_kg > 3", "0: unknown name"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++)
        assert_string_equal(postfix(wrong[k].text), wrong[k].fault);
}

/* 16 brackets are taken, 17 are not; so are 64 and 65 steps. */
static void texts_are_bounded(void **state)
{
    (void)state;
    char text[2000];
    snprintf(text, sizeof text, "%.16sfemale%.16s", "((((((((((((((((", "))))))))))))))))");
    assert_string_equal(postfix(text), "female");
    snprintf(text, sizeof text, "(%.16sfemale%.16s)", "((((((((((((((((", "))))))))))))))))");
    assert_non_null(strstr(postfix(text), "too deep"));
    strcpy(text, "male");
    for (int k = 0; k < 31; k++)
        strcat(text, " or male");
    assert_null(strstr(postfix(text), "too long"));
    strcat(text, " or male");
    assert_non_null(strstr(postfix(text), "too long"));
    memset(text, ' ', 1100);
    strcpy(text + 1100, "male");
    assert_non_null(strstr(postfix(text), "longer than 1000 bytes"));
}

static int can_hold(const char *text, int female, double from, double to)
{
    struct snw_expression program;
    struct snw_expression_fault fault;
    const struct snw_known known = {female, from, to, 2000, 2010};
    assert_true(snw_expression_parse(text, &program, &fault));
    return snw_expression_can_hold(&program, &known);
}

static void what_can_never_hold_is_known_beforehand(void **state)
{
    (void)state;
    assert_int_equal(can_hold("age >= 65", 1, 64, 64), 0);
    assert_int_equal(can_hold("age >= 65", 1, 65, 65), 1);
    assert_int_equal(can_hold("female and age > 65", 0, 66, 66), 0);
    assert_int_equal(can_hold("female and male", 1, 20, 97), 0);
    assert_int_equal(can_hold("female or age > 65", 0, 20, 65), 0);
    assert_int_equal(can_hold("not everyone", 1, 20, 97), 0);
    assert_int_equal(can_hold("not female", 1, 20, 97), 0);
    assert_int_equal(can_hold("year >= 2011", 1, 20, 97), 0);
    assert_int_equal(can_hold("year = 2010", 1, 20, 97), 1);
    assert_int_equal(can_hold("measured.t_score_femoral_neck < -20", 1, 20, 97), 0);
    assert_int_equal(can_hold("measured.t_score_femoral_neck < -2.5", 1, 20, 97), 1);
    /* what does not apply fails every comparison, so its contrary can hold */
    assert_int_equal(can_hold("not history.years_since_fracture < 100", 1, 20, 97), 1);
}

/* 61 steps and the three of `and not female` are the 64 there is room for. */
static void an_exception_narrows_a_condition(void **state)
{
    (void)state;
    struct snw_expression program, but;
    struct snw_expression_fault fault;
    const struct snw_known known = {1, 60, 60, 2000, 2000};
    char text[1000] = "male";
    assert_true(snw_expression_parse("female", &program, &fault));
    assert_true(snw_expression_parse("age < 65", &but, &fault));
    assert_true(snw_expression_except(&program, &but));
    assert_int_equal(program.n, 6);
    assert_int_equal(program.step[4].op, SNW_STEP_NOT);
    assert_int_equal(program.step[5].op, SNW_STEP_AND);
    /* the comparison may fail for what does not apply, so this is not known beforehand */
    assert_int_equal(snw_expression_can_hold(&program, &known), 1);
    assert_true(snw_expression_parse("everyone", &program, &fault));
    assert_true(snw_expression_parse("female", &but, &fault));
    assert_true(snw_expression_except(&program, &but));
    assert_int_equal(snw_expression_can_hold(&program, &known), 0);
    for (int k = 0; k < 30; k++)
        strcat(text, " or male");
    assert_true(snw_expression_parse(text, &program, &fault));
    assert_int_equal(program.n, 61);
    assert_true(snw_expression_except(&program, &but));
    assert_int_equal(program.n, 64);
    assert_false(snw_expression_except(&program, &but));
    assert_int_equal(program.n, 64);
}

static void a_hypothetical_is_what_asks_for_the_truth(void **state)
{
    (void)state;
    struct snw_expression program;
    struct snw_expression_fault fault;
    assert_true(snw_expression_parse("age > 50 and true.sarcopenic", &program, &fault));
    assert_int_equal(snw_expression_is_hypothetical(&program), 1);
    assert_int_equal(snw_expression_uses(&program, SNW_NAME_age), 1);
    assert_int_equal(snw_expression_uses(&program, SNW_NAME_year), 0);
    assert_true(snw_expression_parse("history.fracture", &program, &fault));
    assert_int_equal(snw_expression_is_hypothetical(&program), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weaker_operators_come_last),
        cmocka_unit_test(what_is_wrong_is_said_where_it_stands),
        cmocka_unit_test(texts_are_bounded),
        cmocka_unit_test(what_can_never_hold_is_known_beforehand),
        cmocka_unit_test(an_exception_narrows_a_condition),
        cmocka_unit_test(a_hypothetical_is_what_asks_for_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
