/* What is looked at in a person: the words, and what they mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "people.h"

static int drop(void **state)
{
    (void)state;
    forget_people();
    return 0;
}

static double at(const char *text, size_t person, int age)
{
    struct snw_quantity q;
    struct snw_scores scores[SNW_SCORES_MAX];
    int n = 0;
    char problem[256] = "";
    struct snw_ctx ctx;
    snw_ctx_init(&ctx);
    if (!snw_quantity_read(text, &q, &n, problem, sizeof problem))
        fail_msg("%s: %s", text, problem);
    assert_int_equal(snw_panel_complete(&ctx, &panel), SNW_OK);
    if (q.z)
        snw_scores_fill(&panel, &q, &scores[q.score]);
    return snw_quantity_at(&panel, &q, scores, person, age);
}

static void assert_refused(const char *text, const char *message)
{
    struct snw_conditions c;
    int n = 0;
    char problem[256] = "";
    assert_false(snw_conditions_read(text, &c, &n, problem, sizeof problem));
    assert_string_equal(problem, message);
}

/* Falls at 70, 71 and 73; a hip at 72. */
static void one_life(void)
{
    people(1);
    put_all(SNW_M_falls, 0, 0);
    put_all(SNW_M_fracture_hip, 0, 0);
    put_all(SNW_M_fracture_leg, 0, 0);
    put(SNW_M_falls, 0, 70, 2);
    put(SNW_M_falls, 0, 71, 1);
    put(SNW_M_falls, 0, 73, 4);
    put(SNW_M_fracture_hip, 0, 72, 1);
}

static void the_past_does_not_hold_this_year(void **state)
{
    (void)state;
    one_life();
    assert_true(at("falls", 0, 73) == 4);
    assert_true(at("past1.falls", 0, 73) == 0);
    assert_true(at("past3.falls", 0, 73) == 3);
    assert_true(at("past12.falls", 0, 73) == 3);
    assert_true(at("earlier.falls", 0, 74) == 7);
    assert_true(at("earlier71.falls", 0, 74) == 5);
    assert_true(at("earlier71.falls", 0, 71) == 0);
    assert_true(isnan(at("past3.falls", 0, 22))); /* before 20 nobody was seen */
}

static void time_since_is_one_for_the_year_just_past(void **state)
{
    (void)state;
    one_life();
    assert_true(at("since.fracture_hip+fracture_leg", 0, 73) == 1);
    assert_true(at("since.fracture_hip", 0, 82) == 10);
    assert_true(at("since.fracture_hip", 0, 72) == 1000);
}

static void the_earlier_life_of_people_met_late_is_not_known(void **state)
{
    (void)state;
    one_life();
    panel.from[0] = 71;
    assert_true(isnan(at("earlier.falls", 0, 74)));
    assert_true(isnan(at("since.falls", 0, 74)));
    assert_true(at("earlier71.falls", 0, 74) == 5);
    assert_true(at("past3.falls", 0, 74) == 5);
}

static void names_beside_the_measures_are_known(void **state)
{
    (void)state;
    one_life();
    panel.fmp_age_yr[0] = 51.5;
    for (int m = SNW_M_fracture_hip; m <= SNW_M_fracture_other; m++)
        put((enum snw_measure)m, 0, 80, m - SNW_M_fracture_hip + 1);
    assert_true(at("age", 0, 80) == 80);
    assert_true(at("sex", 0, 80) == 0);
    assert_true(at("age_at_fmp", 0, 80) == 51.5);
    assert_true(at("fracture_any", 0, 80) == 21);   /* 1 + 2 + .. + 6 */
    assert_true(at("fracture_major", 0, 80) == 10); /* hip to humerus */
}

static void scores_and_logarithms_combine(void **state)
{
    (void)state;
    people(2);
    put(SNW_M_igfbp2_ng_ml, 0, 50, 100);
    put(SNW_M_igfbp2_ng_ml, 1, 50, 400);
    assert_true(fabs(at("ln.igfbp2_ng_ml", 0, 50) - log(100)) < 1e-6);
    assert_true(fabs(at("z.ln.igfbp2_ng_ml", 1, 50) - 1) < 1e-6); /* SD of the people, not n - 1 */
    assert_true(isnan(at("z.igfbp2_ng_ml", 1, 60)));
}

static void a_condition_that_is_not_known_is_neither(void **state)
{
    (void)state;
    struct snw_conditions c;
    int n = 0;
    char problem[256];
    one_life();
    assert_true(snw_conditions_read("falls>=1&past3.falls<5", &c, &n, problem, sizeof problem));
    assert_int_equal(snw_conditions_hold(&panel, &c, NULL, 0, 73), 1);
    assert_int_equal(snw_conditions_hold(&panel, &c, NULL, 0, 72), 0);
    put(SNW_M_falls, 0, 21, 1);
    assert_int_equal(snw_conditions_hold(&panel, &c, NULL, 0, 21), -1);
    assert_int_equal(snw_conditions_hold(&panel, &c, NULL, 0, 20), 0); /* one that fails suffices */
    assert_true(snw_conditions_read("past3.falls<5&falls>=1", &c, &n, problem, sizeof problem));
    assert_int_equal(snw_conditions_hold(&panel, &c, NULL, 0, 20), 0);
}

static void words_that_are_wrong_are_named(void **state)
{
    (void)state;
    assert_refused("grip>5", "unknown measure grip");
    assert_refused("grip_kgs>5", "unknown measure grip_kgs; the nearest is grip_kg");
    assert_refused("last.falls>5", "unknown measure last.falls");
    assert_refused("past.falls>5", "unknown measure past.falls");
    assert_refused("falls", "no condition (one of = != < <= > >= is wanted): falls");
    assert_refused("falls=>1", "no condition (one of = != < <= > >= is wanted): falls=>1");
    assert_refused("falls>=", "no number in the condition: falls>=");
    assert_refused("falls>=1x", "no number in the condition: falls>=1x");
    assert_refused("falls>=1&", "a condition is missing after &");
    assert_refused(">=1", "no measure is named: ");
    assert_refused("falls+>=1", "a name is missing after +: falls+");
    assert_refused("fracture_any+fracture_any>1", "too long a sum: fracture_any");
    assert_refused("past2.age>1", "only measures have a past: past2.age");
    assert_refused("age>1&age>1&age>1&age>1&age>1", "more than four conditions: age>1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_past_does_not_hold_this_year, drop),
        cmocka_unit_test_teardown(time_since_is_one_for_the_year_just_past, drop),
        cmocka_unit_test_teardown(the_earlier_life_of_people_met_late_is_not_known, drop),
        cmocka_unit_test_teardown(names_beside_the_measures_are_known, drop),
        cmocka_unit_test_teardown(scores_and_logarithms_combine, drop),
        cmocka_unit_test_teardown(a_condition_that_is_not_known_is_neither, drop),
        cmocka_unit_test(words_that_are_wrong_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
