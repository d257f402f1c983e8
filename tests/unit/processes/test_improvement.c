/* Mortality that improves in calendar time. */
#include "support/near.h"

#include "core/memory.h"
#include "processes/coefficients.h"

static struct snw_model *model[2];

static int make_models(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_default(&params);
    const double slow[SNW_N_AGE_IMPROVEMENT] = {0, 1, 2, -10}, fast[] = {5, 5, 5, 50};
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < SNW_N_AGE_IMPROVEMENT; i++)
            params.mortality_improvement[i] = k ? fast[i] : slow[i];
        model[k] = snw_alloc(sizeof *model[k]);
        if (!model[k])
            return -1;
        snw_model_build(model[k], &params);
    }
    return 0;
}

static int drop_models(void **state)
{
    (void)state;
    snw_free(model[0]);
    snw_free(model[1]);
    return 0;
}

static void each_age_has_the_rate_of_its_group(void **state)
{
    (void)state;
    /* per cent a year from 20, 50, 65 and 85 on: 0, 1, 2, -10 */
    static const struct {
        int age;
        double factor;
    } after_two[] = {{20, 1},      {49, 1},      {50, 0.9801}, {64, 0.9801},
                     {65, 0.9604}, {84, 0.9604}, {85, 1.21},   {97, 1.21}};
    for (size_t k = 0; k < sizeof after_two / sizeof after_two[0]; k++)
        assert_near(snw_mortality_improved(model[0], 0, model[0], 2, after_two[k].age),
                    after_two[k].factor, 1e-12);
}

static void nothing_changes_in_or_before_the_first_year(void **state)
{
    (void)state;
    assert_near(snw_mortality_improved(model[0], 0, model[0], 0, 70), 1, 0);
    assert_near(snw_mortality_improved(model[0], -7, model[1], 0, 70), 1, 0);
}

static void a_scenario_goes_on_from_where_the_reference_was(void **state)
{
    (void)state;
    /* three years of 2 %, then one of 5 %; at 85 three of -10 % and one that halves */
    assert_near(snw_mortality_improved(model[0], 3, model[1], 1, 70), 0.98 * 0.98 * 0.98 * 0.95,
                1e-12);
    assert_near(snw_mortality_improved(model[0], 3, model[1], 1, 85), 1.331 * 0.5, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_age_has_the_rate_of_its_group),
        cmocka_unit_test(nothing_changes_in_or_before_the_first_year),
        cmocka_unit_test(a_scenario_goes_on_from_where_the_reference_was),
    };
    return cmocka_run_group_tests(tests, make_models, drop_models);
}
