/* Tests of the oracle's parts against values worked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oracle/test_world.h"
#include "support/starting.h"

#define assert_near(actual, expected, tolerance)                                                   \
    do {                                                                                           \
        double actual_ = (actual), expected_ = (expected);                                         \
        if (!(fabs(actual_ - expected_) <= (tolerance)))                                           \
            fail_msg("%s is %.12g, not %.12g", #actual, actual_, expected_);                       \
    } while (0)

/* A woman of 70 at the reference means, in a year of her own making. */
struct scene {
    struct snw_params params;
    struct snw_oracle_reference reference;
    struct snw_oracle_person person;
    struct snw_oracle_state state;
    struct snw_oracle_measures measures;
    struct snw_oracle_events events;
    struct snw_oracle_outcomes outcomes;
    struct snw_oracle_year_in in;
};

static struct scene *scene_set(int age)
{
    static struct scene s;
    memset(&s, 0, sizeof s);
    snw_params_start(&s.params);
    world_reference(&s.params, &s.reference);
    s.person = (struct snw_oracle_person){.sex = SNW_FEMALE, .id = 7, .key = {1, 0}};
    s.state = (struct snw_oracle_state){.last_fracture_age = (double)NAN,
                                        .last_hip_age = (double)NAN,
                                        .last_vertebral_age = (double)NAN,
                                        .last_nhnv_age = (double)NAN,
                                        .last_injury_age = (double)NAN};
    s.in = (struct snw_oracle_year_in){.params = &s.params,
                                       .reference = &s.reference,
                                       .at = &s.reference.age[SNW_FEMALE][age - 20],
                                       .person = &s.person,
                                       .state = &s.state,
                                       .measures = &s.measures,
                                       .age = age};
    return &s;
}

static void a_uniform_is_the_named_word_of_the_counter(void **state)
{
    (void)state;
    struct snw_oracle_person person = {.id = 11, .replicate = 3, .key = {42, 5}};
    const uint32_t counter[4] = {11, 3, 64, 32 + (2u << 16)}, key[2] = {42, 5};
    uint32_t words[4];
    snw_philox(counter, key, words);
    assert_near(snw_oracle_uniform(&person, 64, SNW_WORD_fall_injury, 2),
                (words[2] + 0.5) / 4294967296.0, 0);
}

static void height_at_70_has_lost_the_mean_loss_and_each_vertebra(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    struct snw_oracle_birth birth = {.height_peak_cm = 164.3, .height_loss = 1};
    assert_near(snw_oracle_height_cm(&params, SNW_FEMALE, &birth, 0, 30), 164.3, 1e-12);
    assert_near(snw_oracle_height_cm(&params, SNW_FEMALE, &birth, 0, 70), 159.3, 1e-12);
    birth.height_loss = 2;
    assert_near(snw_oracle_height_cm(&params, SNW_FEMALE, &birth, 3, 70), 151.6, 1e-12);
    /* half way to 70: 3 x 2^-2.29 */
    birth = (struct snw_oracle_birth){.height_peak_cm = 178.1, .height_loss = 1};
    assert_near(snw_oracle_height_cm(&params, SNW_MALE, &birth, 0, 50), 178.1 - 3 * 0.204476, 1e-5);
}

static void the_menopause_kernel_is_integrated_at_the_exact_age(void **state)
{
    (void)state;
    assert_near(snw_oracle_kernel_early(52.7, 20, 98), 3, 1e-12);
    assert_near(snw_oracle_kernel_late(52.7, 20, 98), 4, 1e-12);
    assert_near(snw_oracle_kernel_early(52.7, 51, 52), 0.3, 1e-12);     /* from 51.7 */
    assert_near(snw_oracle_kernel_early(52.7, 54, 55), 0.7, 1e-12);     /* to 54.7 */
    assert_near(snw_oracle_kernel_late(50.5, 52, 53), 0.484375, 1e-12); /* 1/2 - 1/64 */
    assert_near(snw_oracle_kernel_late(50, 59, 60), 0.0625, 1e-12);     /* the last 1/16 */
    assert_near(snw_oracle_kernel_early((double)INFINITY, 20, 98), 0, 0);
    assert_near(snw_oracle_kernel_late((double)INFINITY, 20, 98), 0, 0);
    assert_near(snw_oracle_transition_years(52.5, 50), 0, 0);
    assert_near(snw_oracle_transition_years(52.5, 53), 2.5, 1e-12);
    assert_near(snw_oracle_transition_years(52.5, 80), 4, 0);
}

static void age_curves_are_integrated_exactly_from_25(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    /* women's muscle: .04 falls to 0 over 25-45 (+.4 %), then -.375, -2.25, -4.5, -7.5 % */
    assert_near(snw_oracle_muscle_curve(&params, SNW_FEMALE, 25), 0, 1e-15);
    assert_near(snw_oracle_muscle_curve(&params, SNW_FEMALE, 45), 0.004, 1e-12);
    assert_near(snw_oracle_muscle_curve(&params, SNW_FEMALE, 50), 0.00025, 1e-12);
    assert_near(snw_oracle_muscle_curve(&params, SNW_FEMALE, 80), -0.14225, 1e-12);
    assert_near(snw_oracle_muscle_curve(&params, SNW_FEMALE, 20), -0.00225, 1e-12);
    /* beyond the last knot the rate is constant: 10 years of -1.3 % */
    assert_near(snw_oracle_muscle_curve(&params, SNW_FEMALE, 107) -
                    snw_oracle_muscle_curve(&params, SNW_FEMALE, 97),
                -0.13, 1e-12);
    /* women's femoral-neck trabeculae 50-75: 25 x 1.075 % */
    assert_near(snw_oracle_age_loss(&params, SNW_FEMALE, SNW_TRAB_NECK, 50, 75), -0.26875, 1e-12);
    /* radius and tibia share a row; men's 50-75: 25 x .445 % */
    assert_near(snw_oracle_age_loss(&params, SNW_MALE, SNW_TRAB_RADIUS, 50, 75), -0.11125, 1e-12);
    assert_near(snw_oracle_age_loss(&params, SNW_MALE, SNW_TRAB_TIBIA, 50, 75), -0.11125, 1e-12);
    /* men's trabecular number grows by .08 % a year */
    assert_near(snw_oracle_age_loss(&params, SNW_MALE, SNW_TBN_RADIUS, 20, 50), 0.024, 1e-12);
    assert_near(snw_oracle_age_loss(&params, SNW_MALE, SNW_CT_VBMD, 20, 50), -0.03, 1e-12);
}

static void fall_counts_invert_the_negative_binomial(void **state)
{
    (void)state;
    /* dispersion 1 and mean 1: geometric, P(k) = 2^-(k+1) */
    assert_int_equal(snw_oracle_negative_binomial(1, 1, 0.499), 0);
    assert_int_equal(snw_oracle_negative_binomial(1, 1, 0.5), 1);
    assert_int_equal(snw_oracle_negative_binomial(1, 1, 0.749), 1);
    assert_int_equal(snw_oracle_negative_binomial(1, 1, 0.76), 2);
    /* the model's zero probability (1 + lambda vE)^(-1/vE): 1.69^(-1/1.15) at .6 a year */
    double zero = exp(-log(1.69) / 1.15);
    assert_int_equal(snw_oracle_negative_binomial(0.6, 1.15, zero - 1e-12), 0);
    assert_int_equal(snw_oracle_negative_binomial(0.6, 1.15, zero + 1e-12), 1);
    assert_int_equal(snw_oracle_negative_binomial(1e9, 1, 0.5), SNW_ORACLE_MAX_FALLS);
    assert_int_equal(snw_oracle_negative_binomial(0, 1.15, 0.9999999), 0);
}

static void counts_without_falls_invert_the_poisson(void **state)
{
    (void)state;
    /* mean ln 2: P = 1/2, .34657, .12011 */
    assert_int_equal(snw_oracle_poisson(log(2), 0.4999), 0);
    assert_int_equal(snw_oracle_poisson(log(2), 0.5001), 1);
    assert_int_equal(snw_oracle_poisson(log(2), 0.8465), 1);
    assert_int_equal(snw_oracle_poisson(log(2), 0.8466), 2);
    assert_int_equal(snw_oracle_poisson(1e6, 0.5), SNW_ORACLE_MAX_NON_FALL);
}

static void proneness_is_the_gamma_quantile_of_the_latent(void **state)
{
    (void)state;
    /* variance 1 is exponential: -ln(1 - Phi(x)); Phi(1) = .841344746 */
    assert_near(snw_oracle_proneness(1, 0), log(2), 1e-9);
    assert_near(snw_oracle_proneness(1, 1), -log(0.158655253931), 1e-8);
    assert_near(snw_oracle_proneness(1, -1), -log(0.841344746069), 1e-8);
    assert_true(snw_oracle_proneness(1.5, 6.3) > snw_oracle_proneness(1.5, 6.2));
}

static void gradients_follow_age_and_site(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    assert_near(snw_oracle_gradient(&params, SNW_FEMALE, SNW_HIP, 40), 0.97 * log(3.68), 1e-12);
    /* at 65.5, a thirtieth of the way from 65 to 80 in ln */
    assert_near(snw_oracle_gradient(&params, SNW_FEMALE, SNW_HIP, 65),
                0.97 * (29 * log(2.88) + log(2.28)) / 30, 1e-12);
    assert_near(snw_oracle_gradient(&params, SNW_FEMALE, SNW_HIP, 95), 0.97 * log(1.93), 1e-12);
    params.fractures_rr_hip[SNW_N_AGE_GRADIENT + 3] = 2.5; /* men at 85 */
    assert_near(snw_oracle_gradient(&params, SNW_MALE, SNW_HIP, 95), 0.97 * log(2.5), 1e-12);
    /* at 55.5, 5.5 of 15 years from 50 to 65 */
    assert_near(snw_oracle_gradient(&params, SNW_FEMALE, SNW_HIP, 55),
                0.97 * (9.5 * log(3.68) + 5.5 * log(2.88)) / 15, 1e-12);
    assert_near(snw_oracle_trauma_gradient(&params, SNW_FEMALE, SNW_HIP, 49), log(1.15), 1e-12);
    assert_near(snw_oracle_trauma_gradient(&params, SNW_FEMALE, SNW_HIP, 50),
                0.97 * (29 * log(3.68) + log(2.88)) / 30, 1e-12);
    assert_near(snw_oracle_trauma_gradient(&params, SNW_FEMALE, SNW_VERTEBRAL, 80), 0.97 * log(2.3),
                1e-12);
    assert_near(snw_oracle_trauma_gradient(&params, SNW_FEMALE, SNW_LEG, 80), log(1.15), 1e-12);
    assert_near(snw_oracle_prior_fracture(&params, (double)NAN), 1, 0);
    assert_near(snw_oracle_prior_fracture(&params, 0), 1.8, 1e-12);
    assert_near(snw_oracle_prior_fracture(&params, 2.5), exp(log(1.8) / exp(1)), 1e-12);
}

static void the_fall_rate_multiplies_its_causes(void **state)
{
    (void)state;
    struct scene *s = scene_set(70);
    s->measures.z_grip = -2;
    s->state.frailty = SNW_ORACLE_FRAIL;
    s->state.resident = true;
    snw_oracle_draw_events(&s->in, &s->events, &s->outcomes);
    double expected = s->in.at->lambda0 * exp(0.52) * 1.8 * 1.6 * s->outcomes.proneness;
    assert_near(s->outcomes.fall_rate, expected, 1e-9 * expected);
}

static void habitual_fallers_break_less_a_fall(void **state)
{
    (void)state;
    struct scene *s = scene_set(70);
    s->state.fall_prone = 1;
    s->measures.z_neck = -1;
    s->measures.z_spine = -2;
    s->state.last_fracture_age = 68;
    snw_oracle_draw_events(&s->in, &s->events, &s->outcomes);
    double prior = exp(log(1.8) / exp(1)); /* 2.5 years ago at 70.5 */
    double mild = 1 / sqrt(s->outcomes.proneness);
    double hip = s->in.at->per_fall[SNW_HIP] *
                 exp(0.97 * (9.5 * log(2.88) + 5.5 * log(2.28)) / 15) * prior * mild;
    double spine = s->in.at->per_fall[SNW_VERTEBRAL] * pow(2.3, 1.94) * prior * mild;
    double leg = s->in.at->non_fall[SNW_LEG] * 1.15 * prior;
    assert_near(s->outcomes.p_fracture[SNW_HIP], hip, 1e-9 * hip);
    assert_near(s->outcomes.p_fracture[SNW_VERTEBRAL], spine, 1e-9 * spine);
    assert_near(s->outcomes.h_fracture[SNW_LEG], leg, 1e-9 * leg);
}

static void fractures_a_fall_never_exceed_the_cap(void **state)
{
    (void)state;
    struct scene *s = scene_set(70);
    s->measures.z_neck = -20;
    snw_oracle_draw_events(&s->in, &s->events, &s->outcomes);
    double sum = 0;
    for (int i = 0; i < SNW_N_SITE; i++)
        sum += s->outcomes.p_fracture[i];
    assert_near(sum, 0.95, 1e-12);
}

static void a_hip_fracture_raises_the_hazard_for_half_a_year(void **state)
{
    (void)state;
    struct scene *s = scene_set(80);
    s->events.n_fractures = 1;
    s->events.fracture[0] = (struct snw_oracle_fracture){80.25, SNW_HIP, true};
    /* at 0.1 a year: .1 (.25 + .5 x 6.28 + .25 x 1.04) = .365 */
    struct snw_oracle_death death = snw_oracle_die(&s->in, &s->events, 0.1, 0.5);
    assert_near(death.hazard, 0.365, 1e-12);
    assert_true(isnan(death.age));
    /* .025 by 80.25, then .628 a year: .1 is reached .075/.628 later */
    death = snw_oracle_die(&s->in, &s->events, 0.1, 0.1);
    assert_near(death.age, 80.25 + 0.075 / 0.628, 1e-12);
    assert_near(death.rr_hip, 6.28, 0);
    /* the latest fracture sets the clock: early again from 80.5 to the end */
    s->events.fracture[s->events.n_fractures++] = (struct snw_oracle_fracture){80.5, SNW_HIP, true};
    death = snw_oracle_die(&s->in, &s->events, 0.1, 9);
    assert_near(death.hazard, 0.1 * (0.25 + 0.75 * 6.28), 1e-12);
}

static void a_vertebral_fracture_raises_the_hazard_for_five_years(void **state)
{
    (void)state;
    struct scene *s = scene_set(80);
    s->state.last_vertebral_age = 75.5;
    s->state.last_hip_age = 60;
    /* 1.205 for half the year; 1.04 all the year for the old hip */
    struct snw_oracle_death death = snw_oracle_die(&s->in, &s->events, 0.2, 9);
    assert_near(death.hazard, 0.2 * 1.04 * (0.5 * 1.205 + 0.5), 1e-12);
}

static void causes_share_the_hazard_in_proportion(void **state)
{
    (void)state;
    struct scene *s = scene_set(80);
    struct snw_oracle_death death = {.rr_hip = 6.28, .rr_vertebral = 1.205};
    s->state.frailty = SNW_ORACLE_FRAIL;
    s->measures.z_grip = -1;   /* excess .2 */
    s->measures.z_igfbp2 = -1; /* less than none: no part */
    /* 1, 5.28, .205, .8, .2 of 7.485 */
    assert_int_equal(snw_oracle_attribute(&s->in, &death, 0.99 / 7.485), SNW_ORACLE_BACKGROUND);
    assert_int_equal(snw_oracle_attribute(&s->in, &death, 1.01 / 7.485), SNW_ORACLE_BY_HIP);
    assert_int_equal(snw_oracle_attribute(&s->in, &death, 6.27 / 7.485), SNW_ORACLE_BY_HIP);
    assert_int_equal(snw_oracle_attribute(&s->in, &death, 6.29 / 7.485), SNW_ORACLE_BY_VERTEBRAL);
    assert_int_equal(snw_oracle_attribute(&s->in, &death, 6.49 / 7.485), SNW_ORACLE_BY_FRAILTY);
    assert_int_equal(snw_oracle_attribute(&s->in, &death, 7.29 / 7.485), SNW_ORACLE_BY_WEAKNESS);
    assert_int_equal(snw_oracle_attribute(&s->in, &death, 0.9999999), SNW_ORACLE_BY_WEAKNESS);
}

static void one_uniform_moves_frailty_both_ways(void **state)
{
    (void)state;
    struct scene *s = scene_set(70);
    SET(s->params.frailty_worse_per_year, 0);
    SET(s->params.frailty_better_per_year, 0);
    SET(s->params.frailty_female, 0);
    double up = 1 / (1 + exp(2.66)), down = 1 / (1 + exp(1.46));
    s->state.frailty = SNW_ORACLE_PREFRAIL;
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, up - 1e-9), SNW_ORACLE_FRAIL);
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, up + 1e-9), SNW_ORACLE_PREFRAIL);
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, 1 - down - 1e-9), SNW_ORACLE_PREFRAIL);
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, 1 - down + 1e-9), SNW_ORACLE_ROBUST);
    /* a hip fracture doubles the odds of worse: 2 e^-2.66 / (1 + 2 e^-2.66) */
    double odds = 2 * exp(-2.66);
    assert_int_equal(snw_oracle_frailty_next(&s->in, true, odds / (1 + odds) - 1e-9),
                     SNW_ORACLE_FRAIL);
    assert_int_equal(snw_oracle_frailty_next(&s->in, true, odds / (1 + odds) + 1e-9),
                     SNW_ORACLE_PREFRAIL);
    s->state.frailty = SNW_ORACLE_FRAIL;
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, 0), SNW_ORACLE_FRAIL);
    s->state.frailty = SNW_ORACLE_ROBUST;
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, 0.9999999), SNW_ORACLE_ROBUST);
}

static void frailty_moves_are_capped_at_95_per_cent(void **state)
{
    (void)state;
    struct scene *s = scene_set(70);
    SET(s->params.frailty_intercept_prefrail_frail, 50);
    SET(s->params.frailty_intercept_prefrail_robust, 50);
    s->state.frailty = SNW_ORACLE_PREFRAIL;
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, 0.4749), SNW_ORACLE_FRAIL);
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, 0.4751), SNW_ORACLE_PREFRAIL);
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, 0.5249), SNW_ORACLE_PREFRAIL);
    assert_int_equal(snw_oracle_frailty_next(&s->in, false, 0.5251), SNW_ORACLE_ROBUST);
}

static void nursing_homes_take_in_after_a_hip_fracture_by_age(void **state)
{
    (void)state;
    struct scene *s = scene_set(84);
    assert_true(snw_oracle_enters(&s->in, true, true, 0.1199));
    assert_false(snw_oracle_enters(&s->in, true, true, 0.1201));
    s = scene_set(85);
    assert_true(snw_oracle_enters(&s->in, true, true, 0.1999));
    s = scene_set(49);
    assert_false(snw_oracle_enters(&s->in, true, true, 0.0101));
    /* otherwise by hazard: frail with an injury 5.58 x 3.1 times h0 */
    s = scene_set(80);
    s->state.frailty = SNW_ORACLE_FRAIL;
    double p = 1 - exp(-s->in.at->residence_hazard * 5.58 * 3.1);
    assert_true(snw_oracle_enters(&s->in, false, true, p - 1e-7));
    assert_false(snw_oracle_enters(&s->in, false, true, p + 1e-7));
}

static void targets_follow_their_knots(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    /* half way between the knots 57 and 62 in ln would be 59.5: 59 + 1/2 */
    assert_near(snw_oracle_fracture_target(&params, SNW_FEMALE, SNW_FOREARM, 59, 2017),
                sqrt(330 * 400) / 1e5, 1e-12);
    assert_near(snw_oracle_fracture_target(&params, SNW_FEMALE, SNW_HIP, 97, 2017),
                0.042 * 0.85 * exp(-0.135), 1e-12);
    assert_near(snw_oracle_fall_share(&params, SNW_VERTEBRAL, 84), 0.45, 1e-12);
    assert_near(snw_oracle_fall_share(&params, SNW_VERTEBRAL, 85), 0.24, 1e-12);
    /* 48.5: half way from .45 at 45 to .85 at 52 */
    assert_near(snw_oracle_fall_share(&params, SNW_HIP, 48), 0.65, 1e-12);
    assert_near(snw_oracle_resident_share(&params, 75), 0.0205, 1e-12);
    double falls = snw_oracle_fall_target(&params, SNW_MALE, 79);
    assert_true(falls > 0.95 && falls < 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uniform_is_the_named_word_of_the_counter),
        cmocka_unit_test(height_at_70_has_lost_the_mean_loss_and_each_vertebra),
        cmocka_unit_test(the_menopause_kernel_is_integrated_at_the_exact_age),
        cmocka_unit_test(age_curves_are_integrated_exactly_from_25),
        cmocka_unit_test(fall_counts_invert_the_negative_binomial),
        cmocka_unit_test(counts_without_falls_invert_the_poisson),
        cmocka_unit_test(proneness_is_the_gamma_quantile_of_the_latent),
        cmocka_unit_test(gradients_follow_age_and_site),
        cmocka_unit_test(the_fall_rate_multiplies_its_causes),
        cmocka_unit_test(habitual_fallers_break_less_a_fall),
        cmocka_unit_test(fractures_a_fall_never_exceed_the_cap),
        cmocka_unit_test(a_hip_fracture_raises_the_hazard_for_half_a_year),
        cmocka_unit_test(a_vertebral_fracture_raises_the_hazard_for_five_years),
        cmocka_unit_test(causes_share_the_hazard_in_proportion),
        cmocka_unit_test(one_uniform_moves_frailty_both_ways),
        cmocka_unit_test(frailty_moves_are_capped_at_95_per_cent),
        cmocka_unit_test(nursing_homes_take_in_after_a_hip_fracture_by_age),
        cmocka_unit_test(targets_follow_their_knots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
