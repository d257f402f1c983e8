/* The parameter table: every row whole, every key found again, every bound held. */
#include "support/near.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "params/params.h"
#include "processes/coefficients.h"

static const size_t n_labels[] = {
#define SNW_AXIS(name, length, share, ...) sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),
#include "params/axes.def"
#undef SNW_AXIS
};

static struct snw_params params;
static struct snw_ctx ctx;

static void begin(void)
{
    snw_params_default(&params);
    snw_ctx_init(&ctx);
}

static void every_axis_has_as_many_labels_as_elements(void **state)
{
    (void)state;
    for (int a = 0; a < SNW_AXIS_COUNT; a++) {
        const struct snw_axis_info *axis = &snw_axis_table[a];
        assert_int_equal(n_labels[a], axis->length);
        for (size_t i = 0; i < axis->length; i++)
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(axis->labels[i], axis->labels[j]);
    }
}

static void knots_of_age_axes_rise(void **state)
{
    (void)state;
    for (int a = 0; a < SNW_AXIS_COUNT; a++) {
        const struct snw_axis_info *axis = &snw_axis_table[a];
        for (size_t i = 1; strncmp(axis->name, "AGE_", 4) == 0 && i < axis->length; i++)
            assert_true(atof(axis->labels[i]) > atof(axis->labels[i - 1]));
    }
}

static void every_default_lies_within_its_bounds(void **state)
{
    (void)state;
    begin();
    assert_int_equal(snw_params_check(&params, &ctx), SNW_OK);
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        assert_true(info->low < info->high);
        for (size_t i = 0; i < info->length; i++)
            assert_true(info->defaults[i] >= info->low && info->defaults[i] <= info->high);
    }
}

static void every_row_says_its_unit_source_and_sentence(void **state)
{
    (void)state;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        assert_true(strlen(info->unit) > 0 && strlen(info->source) > 0);
        size_t n = strlen(info->doc);
        assert_true(n > 10 && info->doc[n - 1] == '.' && !islower((unsigned char)info->doc[0]));
    }
}

static void every_key_is_found_and_is_the_only_one(void **state)
{
    (void)state;
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        assert_int_equal(snw_param_find(snw_param_table[id].section, snw_param_table[id].name), id);
    assert_int_equal(snw_param_find("muscle", "no_such_thing"), SNW_PARAM_COUNT);
    assert_int_equal(snw_param_find("nowhere", "phi"), SNW_PARAM_COUNT);
    assert_int_not_equal(snw_param_find("muscle", "phi"), snw_param_find("bone", "phi"));
}

static void elements_lie_where_the_struct_has_them(void **state)
{
    (void)state;
    begin();
    assert_ptr_equal(snw_params_at(&params, SNW_PARAM_muscle_phi), params.muscle_phi);
    assert_ptr_equal(snw_params_at_const(&params, SNW_PARAM_bone_loss_men), params.bone_loss_men);
    size_t sum = 0;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        assert_int_equal(snw_param_table[id].offset, sum);
        sum += snw_param_table[id].length;
    }
    assert_int_equal(sum * sizeof(double), sizeof params);
}

static void a_key_names_the_element_on_each_axis(void **state)
{
    (void)state;
    char text[128];
    snw_param_key(SNW_PARAM_bone_causal_share, 0, text, sizeof text);
    assert_string_equal(text, "bone.causal_share");
    snw_param_key(SNW_PARAM_muscle_phi, 1, text, sizeof text);
    assert_string_equal(text, "muscle.phi.male");
    snw_param_key(SNW_PARAM_bone_per_muscle, 3, text, sizeof text);
    assert_string_equal(text, "bone.per_muscle.female.ctth_tibia");
    snw_param_key(SNW_PARAM_fractures_rate_women, 12 + 11, text, sizeof text);
    assert_string_equal(text, "fractures.rate_women.vertebral.97");
    snw_param_key(SNW_PARAM_bone_sd_base, 9, text, sizeof text);
    assert_string_equal(text, "bone.sd_base.ct_vbmd");
}

static void a_key_is_cut_to_the_room_there_is(void **state)
{
    (void)state;
    char text[24];
    for (size_t size = 1; size < sizeof text; size++) {
        memset(text, 'x', sizeof text);
        snw_param_key(SNW_PARAM_bone_per_muscle, 3, text, size);
        assert_int_equal(strlen(text), size - 1);
        assert_int_equal(text[size], 'x');
        assert_memory_equal(text, "bone.per_muscle.female.ctth_tibia", size - 1);
    }
}

static void an_error_says_key_value_bounds_and_unit(void **state)
{
    (void)state;
    begin();
    params.muscle_rate_women[4] = -7.5;
    assert_int_equal(snw_params_check(&params, &ctx), SNW_ERR_CONFIG);
    assert_int_equal(ctx.n_errors, 1);
    assert_string_equal(ctx.messages[0],
                        "muscle.rate_women.70 = -7.5 is not within -5 and 2 (% year-1)");
}

static void bounds_themselves_are_allowed(void **state)
{
    (void)state;
    begin();
    params.bone_causal_share[0] = 0;
    params.falls_ascertainment[0] = 1;
    assert_int_equal(snw_params_check(&params, &ctx), SNW_OK);
    assert_int_equal(ctx.n_errors, 0);
}

static void a_nan_is_out_of_every_bounds(void **state)
{
    (void)state;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        begin();
        snw_params_at(&params, (enum snw_param_id)id)[0] = (double)NAN;
        assert_int_equal(snw_params_check(&params, &ctx), SNW_ERR_CONFIG);
        assert_int_equal(ctx.n_errors, 1);
    }
}

static void all_errors_are_counted_and_the_first_twenty_kept(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 25; i++)
        params.bone_loss_women[i] = 9;
    assert_int_equal(snw_params_check(&params, &ctx), SNW_ERR_CONFIG);
    assert_int_equal(ctx.n_errors, 25);
    assert_non_null(strstr(ctx.messages[SNW_ERRORS_SHOWN - 1], "bone.loss_women"));
}

static double knot(enum snw_axis_id axis, size_t i)
{
    return atof(snw_axis_table[axis].labels[i]);
}

/* The labels of the age axes are what a user reads; the curves must have their knots there. */
static void falls_and_fractures_are_the_table_at_its_knots(void **state)
{
    (void)state;
    begin();
    for (size_t i = 0; i < SNW_N_AGE_FALLS; i++) {
        double at = knot(SNW_AXIS_AGE_FALLS, i);
        assert_near(snw_fall_target(&params, SNW_FEMALE, at), params.falls_rate_women[i], 1e-12);
        assert_near(snw_fall_target(&params, SNW_MALE, at), params.falls_rate_men[i], 1e-12);
    }
    for (int site = 0; site < SNW_N_SITE; site++)
        for (size_t i = 0; i < SNW_N_AGE_FRACTURE; i++) {
            double at = knot(SNW_AXIS_AGE_FRACTURE, i);
            double right = params.fractures_rate_men[site * SNW_N_AGE_FRACTURE + (int)i] * 1e-5;
            /* hip: first-listed .85, and nine years of -.015 from 2003 to 2012 */
            right *= site == SNW_HIP ? 0.85 * exp(-0.135) : 1;
            assert_near(snw_fracture_rate(&params, SNW_MALE, site, at, 2017), right, 1e-14);
        }
    for (size_t i = 0; i < SNW_N_AGE_RESIDENT; i++)
        assert_near(snw_resident_share(&params, knot(SNW_AXIS_AGE_RESIDENT, i)),
                    params.residence_resident_share[i], 1e-15);
}

static struct snw_model model;

static const struct snw_year_coef *at(int sex, int age)
{
    return &model.year[sex][age - SNW_AGE_FIRST];
}

static void curves_have_their_knots_where_the_labels_say(void **state)
{
    (void)state;
    begin();
    snw_model_build(&model, &params);
    for (size_t i = 0; i < SNW_N_AGE_BMI; i++) {
        int age = (int)knot(SNW_AXIS_AGE_BMI, i);
        assert_near(at(SNW_FEMALE, age)->bmi_median_ln, log(params.size_bmi_median_women[i]), 1e-6);
        assert_near(at(SNW_MALE, age)->bmi_median_ln, log(params.size_bmi_median_men[i]), 1e-6);
    }
    for (size_t i = 0; i < SNW_N_AGE_GAIT; i++) {
        int age = (int)knot(SNW_AXIS_AGE_GAIT, i);
        assert_near(at(SNW_FEMALE, age)->gait_median_ln, log(params.strength_gait_median_women[i]),
                    1e-7);
    }
    for (size_t i = 0; i < SNW_N_AGE_LUMP; i++) {
        int age = (int)knot(SNW_AXIS_AGE_LUMP, i);
        assert_near(at(SNW_MALE, age)->home_after_hip, params.residence_after_hip[i], 1e-8);
        if (i > 0)
            assert_near(at(SNW_MALE, age - 1)->home_after_hip, params.residence_after_hip[i - 1],
                        1e-8);
    }
}

/* A rate at one knot moves the median only between the knots beside it; the slope at the knot is
 * it. */
static void muscle_and_bone_lose_at_the_knots_what_the_table_says(void **state)
{
    (void)state;
    begin();
    for (size_t k = 0; k < SNW_N_AGE_MUSCLE_WOMEN; k++)
        params.muscle_rate_women[k] = 0;
    for (size_t k = 0; k < SNW_N_AGE_BONE_MEN; k++)
        params.bone_loss_men[k] = 0;
    params.muscle_rate_women[4] = -1; /* at 70: a triangle from 60 to 80, area 10 */
    params.bone_loss_men[2] = -1;     /* at 75: a triangle from 50 to 90, area 20 */
    snw_model_build(&model, &params);
    double young = log(params.muscle_index_young[SNW_FEMALE]);
    assert_near(at(SNW_FEMALE, 60)->index_median_ln, young, 1e-6);
    assert_near(at(SNW_FEMALE, 70)->index_median_ln, young - 0.05, 1e-6);
    assert_near(at(SNW_FEMALE, 80)->index_median_ln, young - 0.10, 1e-6);
    assert_near(at(SNW_FEMALE, 97)->index_median_ln, young - 0.10, 1e-6);
    assert_near(at(SNW_MALE, 50)->trait_median_ln[SNW_CTTH_NECK], 0, 1e-7);
    assert_near(at(SNW_MALE, 75)->trait_median_ln[SNW_CTTH_NECK], -0.125, 1e-7);
    assert_near(at(SNW_MALE, 90)->trait_median_ln[SNW_CTTH_NECK], -0.20, 1e-7);
}

/* Worked from the tables of the model: log-linear, linear and step by integer age. */
static void shares_after_a_fall_are_those_of_the_tables(void **state)
{
    (void)state;
    begin();
    assert_near(snw_fall_share(&params, SNW_HIP, 30), 0.45, 1e-15);
    assert_near(snw_fall_share(&params, SNW_HIP, 48), 0.45 + 0.40 * 3.5 / 7, 1e-15);
    assert_near(snw_fall_share(&params, SNW_HIP, 80), 0.92, 1e-15);
    assert_near(snw_fall_share(&params, SNW_VERTEBRAL, 84), 0.45, 1e-15);
    assert_near(snw_fall_share(&params, SNW_VERTEBRAL, 85), 0.24, 1e-15);
    assert_near(snw_fall_share(&params, SNW_LEG, 32), 0.475, 1e-15);
    /* hip, women, half way in age from 77 to 82: the geometric mean of 869 and 1678 */
    assert_near(snw_fracture_rate(&params, SNW_FEMALE, SNW_HIP, 79.5, 2003),
                sqrt(869e-5 * 1678e-5) * 0.85, 1e-14);
}

/* Women 4 at every age, men 2: the logarithms are in ratio 2. */
static void the_hip_gradient_is_that_of_the_sex(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < SNW_N_AGE_GRADIENT; i++) {
        params.fractures_rr_hip[i] = 4;
        params.fractures_rr_hip[SNW_N_AGE_GRADIENT + i] = 2;
    }
    params.fractures_gradient_correction[0] = 1;
    snw_model_build(&model, &params);
    assert_near(at(SNW_FEMALE, 70)->grad_hip, log(4), 1e-7);
    assert_near(at(SNW_MALE, 70)->grad_hip, log(2), 1e-7);
    assert_near(at(SNW_MALE, 70)->trauma_hip, log(2), 1e-7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_axis_has_as_many_labels_as_elements),
        cmocka_unit_test(knots_of_age_axes_rise),
        cmocka_unit_test(every_default_lies_within_its_bounds),
        cmocka_unit_test(every_row_says_its_unit_source_and_sentence),
        cmocka_unit_test(every_key_is_found_and_is_the_only_one),
        cmocka_unit_test(elements_lie_where_the_struct_has_them),
        cmocka_unit_test(a_key_names_the_element_on_each_axis),
        cmocka_unit_test(a_key_is_cut_to_the_room_there_is),
        cmocka_unit_test(an_error_says_key_value_bounds_and_unit),
        cmocka_unit_test(bounds_themselves_are_allowed),
        cmocka_unit_test(a_nan_is_out_of_every_bounds),
        cmocka_unit_test(all_errors_are_counted_and_the_first_twenty_kept),
        cmocka_unit_test(falls_and_fractures_are_the_table_at_its_knots),
        cmocka_unit_test(curves_have_their_knots_where_the_labels_say),
        cmocka_unit_test(muscle_and_bone_lose_at_the_knots_what_the_table_says),
        cmocka_unit_test(the_hip_gradient_is_that_of_the_sex),
        cmocka_unit_test(shares_after_a_fall_are_those_of_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
