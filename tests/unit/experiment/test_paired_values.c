/* Differences, standard errors and shares from round sums of whole lives. */
#include "support/near.h"

#include "experiment/paired.h"

/* Falls of five people: 1, 2, 3, 0, 4 in the reference; 1, 0, 3, 1, 4 in the scenario. d: 0, -2, 0,
   1, 0; x: sum 10, of squares 30; d: sum -1, of squares 5; d x: -4. */
static const struct snw_paired_sum reference = {.n = 5, .x = 10, .xx = {30}};
static const struct snw_paired_sum sum = {.d = UINT64_MAX,
                                          .dd = {5},
                                          .dx = {0xfffffffc, 0xffffffff, UINT64_MAX},
                                          .less = 2,
                                          .more = 1,
                                          .n_less = 1,
                                          .n_more = 1,
                                          .n_postponed = 2,
                                          .n_advanced = 1};

static double value(enum snw_paired_statistic statistic)
{
    return snw_paired_value(&sum, &reference, SNW_P_falls, statistic);
}

/* Var d = (5 - 1/5)/4 = 1.2; var x = (30 - 20)/4 = 2.5; in the scenario 9 falls, of squares 27: (27
   - 81/5)/4 = 2.7. */
static void differences_have_the_errors_of_their_pairs(void **state)
{
    (void)state;
    assert_near(value(SNW_PAIRED_DIFFERENCE), -0.2, 1e-15);
    assert_near(value(SNW_PAIRED_TOTAL), 1.8, 1e-15);
    assert_near(value(SNW_PAIRED_MCSE), sqrt(1.2 / 5), 1e-15);
    assert_near(value(SNW_PAIRED_INDEPENDENT), sqrt((2.5 + 2.7) / 5), 1e-15);
    assert_near(value(SNW_PAIRED_AVERTED), 0.4, 1e-15);
    assert_near(value(SNW_PAIRED_CAUSED), 0.2, 1e-15);
    assert_near(value(SNW_PAIRED_POSTPONED), 0.4, 1e-15);
    assert_near(value(SNW_PAIRED_ADVANCED), 0.2, 1e-15);
    assert_near(value(SNW_PAIRED_LESS), 0.2, 1e-15);
    assert_near(value(SNW_PAIRED_MORE), 0.2, 1e-15);
}

/* The same numbers in cents. */
static void values_are_in_their_own_unit(void **state)
{
    (void)state;
    assert_near(snw_paired_value(&sum, &reference, SNW_P_cost, SNW_PAIRED_DIFFERENCE), -0.002,
                1e-17);
    assert_near(snw_paired_value(&sum, &reference, SNW_P_cost, SNW_PAIRED_MCSE),
                0.01 * sqrt(1.2 / 5), 1e-17);
}

static void one_person_has_no_error_and_none_no_difference(void **state)
{
    (void)state;
    const struct snw_paired_sum one = {.n = 1, .x = 3, .xx = {9}}, none = {0};
    assert_near(snw_paired_value(&none, &one, SNW_P_falls, SNW_PAIRED_DIFFERENCE), 0, 0);
    assert_true(isnan(snw_paired_value(&none, &one, SNW_P_falls, SNW_PAIRED_MCSE)));
    assert_true(isnan(snw_paired_value(&none, &none, SNW_P_falls, SNW_PAIRED_DIFFERENCE)));
}

static void each_kind_of_measure_has_its_own_statistics(void **state)
{
    (void)state;
    static const struct {
        enum snw_paired measure;
        int n, in_row;
    } right[] = {{SNW_P_fractures, 8, 6}, {SNW_P_falls, 6, 4}, {SNW_P_cost, 6, 4}};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        int n = 0, in_row = 0;
        for (int k = 0; k < SNW_N_PAIRED_STATISTICS; k++) {
            n += snw_paired_applies(right[i].measure, (enum snw_paired_statistic)k);
            in_row += snw_paired_in_row(right[i].measure, (enum snw_paired_statistic)k);
        }
        assert_int_equal(n, right[i].n);
        assert_int_equal(in_row, right[i].in_row);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_have_the_errors_of_their_pairs),
        cmocka_unit_test(values_are_in_their_own_unit),
        cmocka_unit_test(one_person_has_no_error_and_none_no_difference),
        cmocka_unit_test(each_kind_of_measure_has_its_own_statistics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
