/* What a coordinate does to a parameter and to an intervention. */
#include "support/near.h"

#include <string.h>

#include "sweep/sweep.h"

static struct snw_params base;

static struct snw_factor parameter(enum snw_param_id id, enum snw_factor_range range)
{
    const struct snw_param_info *info = &snw_param_table[id];
    snw_params_default(&base);
    return (struct snw_factor){.id = id, .first = info->offset, .n = info->length, .range = range};
}

static void a_coordinate_goes_straight_from_low_to_high(void **state)
{
    (void)state;
    struct snw_factor f = parameter(SNW_PARAM_falls_per_weakness, SNW_FACTOR_BETWEEN);
    f.low = 0.2;
    f.high = 0.6;
    assert_near(snw_factor_value(&f, 0, &base, NULL), 0.2, 0);
    assert_near(snw_factor_value(&f, 0.25, &base, NULL), 0.3, 1e-15);
    assert_near(snw_factor_value(&f, 1, &base, NULL), 0.6, 0);
}

static void a_list_is_cut_into_equal_parts(void **state)
{
    (void)state;
    double values[] = {7, 8, 9};
    struct snw_factor f = parameter(SNW_PARAM_falls_per_weakness, SNW_FACTOR_VALUES);
    f.values = values;
    f.n_values = 3;
    assert_near(snw_factor_value(&f, 0.33, &base, NULL), 7, 0);
    assert_near(snw_factor_value(&f, 0.34, &base, NULL), 8, 0);
    assert_near(snw_factor_value(&f, 1, &base, NULL), 9, 0);
}

static void a_relative_factor_moves_all_elements_by_one_ratio(void **state)
{
    (void)state;
    struct snw_factor f = parameter(SNW_PARAM_strength_gait_median_women, SNW_FACTOR_BETWEEN);
    f.relative = true;
    f.low = 0.5;
    f.high = 1.5;
    base.strength_gait_median_women[0] = 1;
    base.strength_gait_median_women[1] = 1.2;
    struct snw_params moved = base;
    snw_factor_move(&f, 0.75, &base, &moved);
    assert_near(moved.strength_gait_median_women[0], 1.25, 1e-15);
    assert_near(moved.strength_gait_median_women[1], 1.5, 1e-15);
    assert_memory_equal(moved.strength_gait_median_men, base.strength_gait_median_men,
                        sizeof base.strength_gait_median_men);
    assert_near(snw_factor_value(&f, 0.75, &base, NULL), 1.25, 0);
}

/* Normal, SD .07 about the default: at .975 1.96 SD above. A median times e^(.03 x 1.96) or so at
   all ages: the row moves as one. */
static void a_prior_gives_its_quantiles(void **state)
{
    (void)state;
    struct snw_factor f = parameter(SNW_PARAM_falls_per_weakness, SNW_FACTOR_PRIOR);
    double preset = base.falls_per_weakness[0];
    assert_near(snw_factor_value(&f, 0.975, &base, NULL), preset + 1.959964 * 0.07, 1e-6);
    assert_near(snw_factor_value(&f, 0.5, &base, NULL), preset, 1e-9);
    f = parameter(SNW_PARAM_strength_gait_median_women, SNW_FACTOR_PRIOR);
    struct snw_params moved = base;
    snw_factor_move(&f, 0.975, &base, &moved);
    double ratio = moved.strength_gait_median_women[0] / base.strength_gait_median_women[0];
    assert_near(ratio, 1.06, 0.003);
    for (size_t i = 1; i < f.n; i++)
        assert_near(moved.strength_gait_median_women[i] / base.strength_gait_median_women[i], ratio,
                    1e-12);
    assert_near(snw_factor_value(&f, 0.975, &base, NULL), 1.959964, 1e-6);
}

static void a_factor_without_a_coordinate_stays_where_the_config_has_it(void **state)
{
    (void)state;
    struct snw_factor f = parameter(SNW_PARAM_falls_per_weakness, SNW_FACTOR_BETWEEN);
    f.low = 1;
    f.high = 2;
    base.falls_per_weakness[0] = 0.4;
    struct snw_params moved = base;
    snw_factor_move(&f, NAN, &base, &moved);
    assert_memory_equal(&moved, &base, sizeof base);
    assert_near(snw_factor_value(&f, NAN, &base, NULL), 0.4, 0);
}

static void fields_of_interventions_move_in_copies(void **state)
{
    (void)state;
    struct snw_intervention declared, copy;
    snw_intervention_init(&declared);
    declared.uptake = (struct snw_declared){.value = 0.25, .low = 0.1, .high = 0.5};
    declared.effect[SNW_CHANNEL_fall_rate_ratio].given = 1;
    declared.effect[SNW_CHANNEL_fall_rate_ratio].figure =
        (struct snw_declared){.value = 0.8, .low = 0.64, .high = 1};
    copy = declared;
    struct snw_factor f = {.channel = -1,
                           .field = &snw_number_table[0],
                           .range = SNW_FACTOR_PRIOR,
                           .lowest = 0,
                           .highest = 1};
    snw_factor_treat(&f, 0.975, &declared, &copy);
    assert_near(copy.uptake.value, 0.5, 1e-5);
    assert_near(declared.uptake.value, 0.25, 0);
    f = (struct snw_factor){.channel = SNW_CHANNEL_fall_rate_ratio,
                            .field = &snw_effect_number_table[0],
                            .range = SNW_FACTOR_PRIOR,
                            .lowest = 0.1,
                            .highest = 5};
    snw_factor_treat(&f, 0.025, &declared, &copy); /* a ratio: by its logarithm */
    assert_near(copy.effect[SNW_CHANNEL_fall_rate_ratio].figure.value, 0.64, 1e-5);
    f.range = SNW_FACTOR_BETWEEN;
    f.relative = true;
    f.low = 0.5;
    f.high = 1;
    snw_factor_treat(&f, 0.5, &declared, &copy);
    assert_near(copy.effect[SNW_CHANNEL_fall_rate_ratio].figure.value, 0.6, 1e-15);
    assert_near(snw_factor_value(&f, NAN, &base, &declared), 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_coordinate_goes_straight_from_low_to_high),
        cmocka_unit_test(a_list_is_cut_into_equal_parts),
        cmocka_unit_test(a_relative_factor_moves_all_elements_by_one_ratio),
        cmocka_unit_test(a_prior_gives_its_quantiles),
        cmocka_unit_test(a_factor_without_a_coordinate_stays_where_the_config_has_it),
        cmocka_unit_test(fields_of_interventions_move_in_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
