/* Priors: the quantile of each kind between its bounds, and the priors of the table. */
#include "support/near.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdbool.h>
#include <string.h>

#include "params/priors.h"
#include "support/starting.h"
#include "theory.h"

/* Bounds that cut nothing. */
static double at(const struct snw_prior *prior, double preset, double base, double z)
{
    return snw_prior_value(prior, preset, -1e9, 1e9, base, z);
}

static struct snw_prior prior(enum snw_prior_kind kind, double a, double b)
{
    return (struct snw_prior){kind, a, b, NULL};
}

static void a_normal_and_a_lognormal_are_their_formula(void **state)
{
    (void)state;
    struct snw_prior normal = prior(SNW_PRIOR_NORMAL, 0.5, 0);
    struct snw_prior shift = prior(SNW_PRIOR_SHIFT, -0.5, 0);
    struct snw_prior lognormal = prior(SNW_PRIOR_LOGNORMAL, 0.5, 0);
    struct snw_prior both = prior(SNW_PRIOR_SCALE_EACH, 0.3, 0.4); /* .3^2 + .4^2 = .5^2 */
    for (double z = -6; z <= 6; z += 0.25) {
        assert_near(at(&normal, 2, 2, z), 2 + 0.5 * z, 1e-10);
        assert_near(at(&shift, 2, 2, z), 2 - 0.5 * z, 1e-10);
        assert_near(at(&lognormal, 2, 2, z), 2 * exp(0.5 * z), 1e-9);
        assert_near(at(&lognormal, -2, -2, z), -2 * exp(0.5 * z), 1e-9);
        assert_near(at(&both, 2, 2, z), 2 * exp(0.5 * z), 1e-9);
    }
    assert_near(at(&lognormal, 0, 0, 1), 0, 0);
}

static void a_beta_and_a_gamma_are_those_of_gsl(void **state)
{
    (void)state;
    struct snw_prior beta = prior(SNW_PRIOR_BETA, 54.4, 4.7);
    /* mean .9, sd .1: .09 / .01 - 1 = 8 observations, Beta(7.2, .8) */
    struct snw_prior by_mean = prior(SNW_PRIOR_BETA_MEAN, 0.1, 0);
    struct snw_prior gamma = prior(SNW_PRIOR_GAMMA, 4, 612.5);
    struct snw_prior flat = prior(SNW_PRIOR_UNIFORM, 0, 2);
    for (double z = -4; z <= 4; z += 0.25) {
        double p = gsl_cdf_ugaussian_P(z), x = at(&beta, 0.92, 0.92, z);
        double y = at(&by_mean, 0.9, 0.9, z);
        assert_near(gsl_cdf_beta_P(x, 54.4, 4.7), p, 1e-10 * gsl_ran_beta_pdf(x, 54.4, 4.7));
        assert_near(gsl_cdf_beta_P(y, 7.2, 0.8), p, 1e-10 * (1 + gsl_ran_beta_pdf(y, 7.2, 0.8)));
        assert_near(at(&gamma, 2450, 2450, z), gsl_cdf_gamma_Pinv(p, 4, 612.5), 1e-7);
        assert_near(at(&flat, 1, 1, z), 2 * p, 1e-12);
    }
    assert_near(at(&gamma, 2450, 2450, 5), gsl_cdf_gamma_Qinv(gsl_cdf_ugaussian_Q(5), 4, 612.5),
                1e-6);
}

/* F(x) = (Phi(x) + .1587) / (.9772 - .1587), and so on: the distribution is cut, not its values. */
static void bounds_cut_the_distribution(void **state)
{
    (void)state;
    static const struct {
        struct snw_prior prior;
        double preset, low, high;
    } cases[] = {
        {{SNW_PRIOR_NORMAL, 1, 0, NULL}, 0, -1, 2},
        {{SNW_PRIOR_SHIFT, -1, 0, NULL}, 0, -1, 2},
        {{SNW_PRIOR_LOGNORMAL, 0.5, 0, NULL}, 0.3, 0.01, 1},
        {{SNW_PRIOR_LOGNORMAL, 0.5, 0, NULL}, -0.3, -1, -0.2},
        {{SNW_PRIOR_BETA, 3, 3, NULL}, 0.5, 0.2, 0.9},
        {{SNW_PRIOR_BETA_MEAN, 0.1, 0, NULL}, 0.9, 0.5, 0.95},
        {{SNW_PRIOR_GAMMA, 4, 10, NULL}, 40, 20, 60},
        {{SNW_PRIOR_UNIFORM, 0, 2, NULL}, 1, 0.5, 1.8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct theory t = theory_of(&cases[i].prior, cases[i].preset);
        double from = theory_p(&t, cases[i].low), to = theory_p(&t, cases[i].high);
        bool falls = cases[i].preset < 0 || cases[i].prior.a < 0;
        for (double z = -4; z <= 4; z += 0.25) {
            double x = snw_prior_value(&cases[i].prior, cases[i].preset, cases[i].low,
                                       cases[i].high, cases[i].preset, z);
            double p = (theory_p(&t, x) - from) / (to - from);
            assert_near(p, gsl_cdf_ugaussian_P(falls ? -z : z), 1e-9);
            assert_true(x >= cases[i].low && x <= cases[i].high);
        }
    }
}

static void a_prior_moves_with_what_a_config_puts_in_place_of_the_default(void **state)
{
    (void)state;
    struct snw_prior normal = prior(SNW_PRIOR_NORMAL, 0.5, 0);
    struct snw_prior lognormal = prior(SNW_PRIOR_LOGNORMAL, 0.5, 0);
    struct snw_prior beta = prior(SNW_PRIOR_BETA, 14, 6), gamma = prior(SNW_PRIOR_GAMMA, 4, 25);
    struct snw_prior flat = prior(SNW_PRIOR_UNIFORM, 0, 2);
    for (double z = -3; z <= 3; z += 0.5) {
        assert_near(at(&normal, 2, 5, z), 3 + at(&normal, 2, 2, z), 1e-12);
        assert_near(at(&lognormal, 2, 6, z), 3 * at(&lognormal, 2, 2, z), 1e-12);
        assert_near(at(&gamma, 100, 300, z), 3 * at(&gamma, 100, 100, z), 1e-9);
        assert_near(at(&flat, 1, 1.5, z), 1.5 * at(&flat, 1, 1, z), 1e-12);
        double x = at(&beta, 0.7, 0.7, z), y = at(&beta, 0.7, 0.4, z);
        /* odds of .4 are 2/3, of .7 7/3: their ratio is 2/7 */
        assert_near(y / (1 - y), 2.0 / 7 * x / (1 - x), 1e-9);
    }
    assert_near(at(&beta, 0.7, 0, 1), 0, 0);
    assert_near(at(&beta, 0.7, 1, -1), 1, 0);
    assert_near(at(&gamma, 100, 0, 1), 0, 0);
}

static void what_is_fixed_stays(void **state)
{
    (void)state;
    struct snw_prior fixed = {SNW_PRIOR_FIXED, 0, 0, "a definition"};
    assert_near(at(&fixed, 2, 3, 1.7), 3, 0);
}

static void assert_drawable(const struct snw_param_info *info, const struct snw_prior *p, double m)
{
    assert_true((p->kind == SNW_PRIOR_FIXED) == (p->why != NULL));
    if (p->kind == SNW_PRIOR_FIXED) {
        assert_true(strlen(p->why) > 5);
        return;
    }
    assert_true(p->kind == SNW_PRIOR_SHIFT || p->kind == SNW_PRIOR_UNIFORM || p->a > 0);
    if (p->kind == SNW_PRIOR_BETA || p->kind == SNW_PRIOR_BETA_MEAN)
        assert_true(m > 0 && m < 1);
    if (p->kind == SNW_PRIOR_BETA_MEAN) /* a beta with this mean and SD exists */
        assert_true(p->a * p->a < m * (1 - m));
    if (p->kind == SNW_PRIOR_BETA || p->kind == SNW_PRIOR_SCALE_EACH)
        assert_true(p->b > 0);
    if (p->kind == SNW_PRIOR_GAMMA)
        assert_true(p->b > 0 && m > 0 && info->low >= 0);
    if (p->kind == SNW_PRIOR_UNIFORM)
        assert_true(p->a < m && m < p->b);
}

static void every_prior_can_be_drawn_from(void **state)
{
    (void)state;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        size_t n = info->n_priors;
        assert_true(n == 1 || n == info->length || n == snw_axis_table[info->axis].length ||
                    n == snw_axis_table[info->axis2].length);
        for (size_t i = 0; i < info->length; i++)
            assert_drawable(info, snw_param_prior((enum snw_param_id)id, i), info->defaults[i]);
    }
}

static void a_list_is_read_by_element_or_by_the_labels_of_an_axis(void **state)
{
    (void)state;
    /* by trait: the seventh is the radius' trabecular bone, for women and men */
    assert_near(snw_param_prior(SNW_PARAM_bone_per_muscle, 6)->a, 0.10, 0);
    assert_near(snw_param_prior(SNW_PARAM_bone_per_muscle, 16)->a, 0.10, 0);
    assert_near(snw_param_prior(SNW_PARAM_bone_per_muscle, 19)->a, 0.03, 0);
    /* by curve: five knots of each; the eighth is TbN */
    assert_near(snw_param_prior(SNW_PARAM_bone_loss_women, 4)->a, 0.35, 0);
    assert_near(snw_param_prior(SNW_PARAM_bone_loss_women, 5)->a, 0.4, 0);
    assert_int_equal(snw_param_prior(SNW_PARAM_bone_loss_women, 35)->kind, SNW_PRIOR_SHIFT);
    /* by sex */
    assert_near(snw_param_prior(SNW_PARAM_fractures_rr_hip, 3)->a, 0.1125, 0);
    assert_near(snw_param_prior(SNW_PARAM_fractures_rr_hip, 4)->a, 0.1909, 0);
    /* by element */
    assert_near(snw_param_prior(SNW_PARAM_disability_ln_or, 2)->a, 0.3278, 0);
    /* by age: 62 is the last below 65, at every site */
    assert_near(snw_param_prior(SNW_PARAM_fractures_rate_men, 12 + 5)->a, 0.35, 0);
    assert_near(snw_param_prior(SNW_PARAM_fractures_rate_men, 12 + 6)->a, 0.10, 0);
    /* one for all */
    assert_near(snw_param_prior(SNW_PARAM_muscle_index_young, 1)->a, 0.25, 0);
}

/* Both sides of F(x) are within 1e-9 of what the score says, for every element that varies. */
static void every_element_follows_its_prior(void **state)
{
    (void)state;
    size_t n = 0;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        for (size_t i = 0; i < info->length; i++) {
            const struct snw_prior *p = snw_param_prior((enum snw_param_id)id, i);
            double preset = info->defaults[i];
            struct theory t = theory_of(p, preset);
            bool scaled = t.kind == THEORY_LOGNORMAL;
            if (p->kind == SNW_PRIOR_FIXED || (scaled && preset == 0))
                continue;
            bool falls = p->a < 0 || (scaled && preset < 0);
            double from = theory_p(&t, info->low),
                   kept = 1 - theory_lost(&t, info->low, info->high);
            for (double z = -3.5; z <= 3.5; z += 0.7) {
                double x = snw_prior_value(p, preset, info->low, info->high, preset, z);
                assert_near((theory_p(&t, x) - from) / kept, gsl_cdf_ugaussian_P(falls ? -z : z),
                            1e-9);
            }
            n++;
        }
    }
    assert_true(n > 450);
}

static void no_value_leaves_its_bounds_or_turns_back(void **state)
{
    (void)state;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        for (size_t i = 0; i < info->length; i++) {
            const struct snw_prior *p = snw_param_prior((enum snw_param_id)id, i);
            double before = (double)NAN, way = 0;
            for (double z = -8; z <= 8; z += 0.5) {
                double x = snw_prior_value(p, info->defaults[i], info->low, info->high,
                                           info->defaults[i], z);
                assert_true(x >= info->low && x <= info->high);
                if (z > -7 && z < 7 && p->kind != SNW_PRIOR_FIXED && info->defaults[i] != 0) {
                    assert_true(isnan(before) || (x - before) * way >= 0);
                    way = isnan(before) ? 0 : x - before;
                    before = x;
                }
            }
        }
    }
}

/* About which a prior was stated. */
static double start_of(enum snw_param_id id, size_t index)
{
    struct snw_params params;
    snw_params_start(&params);
    return snw_params_at_const(&params, id)[index];
}

/* The mean of the prior of rho_MB is below the fitted value, that of early menopause below 3.4 %:
   both as the model has them. */
static void a_beta_prior_has_its_mean_at_the_value_before_calibration(void **state)
{
    (void)state;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        for (size_t i = 0; i < info->length; i++) {
            const struct snw_prior *p = snw_param_prior((enum snw_param_id)id, i);
            struct theory t = theory_of(p, start_of((enum snw_param_id)id, i));
            if (p->kind != SNW_PRIOR_BETA && p->kind != SNW_PRIOR_GAMMA)
                continue;
            if (id == SNW_PARAM_bone_r_muscle_change)
                assert_near(theory_mean(&t), 0.25, 1e-12);
            else if (id == SNW_PARAM_menopause_early_share)
                assert_near(theory_mean(&t), 0.03, 1e-12);
            else
                assert_near(theory_mean(&t), start_of((enum snw_param_id)id, i),
                            0.01 * start_of((enum snw_param_id)id, i));
        }
    }
}

/* Everything else keeps its prior to a millionth. The bounds that cut are where a parameter would
   change its meaning: a rate at which muscle is felt above 1 a year, a relative risk below 1, a
   wrong sign. */
static void only_these_lose_to_their_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        double lost;
    } cut[] = {{"muscle.felt_lag", 8.0e-3}, /* Q(ln(1 / .3) / .5) = Q(2.408) */
               {"strength.per_muscle", 3.2e-5},
               {"bone.menopause_early.trabecular_lumbar_spine", 1.1e-4},
               {"bone.stiffness_exponent.male", 1.6e-4},
               {"bone.soft_tissue_base.female", 1.2e-4},
               {"fractures.rr_hip.male.80", 7.9e-6},
               {"fractures.rr_hip.male.85", 2.9e-4},
               {"fractures.rr_trauma", 2.6e-3},
               {"fractures.mild_falls", 4.3e-4},
               {"fractures.prior_rr", 4.5e-5},
               {"utility.frail", 8.8e-5},       /* Q(.15 / .04) */
               {"utility.sarcopenic", 9.82e-3}, /* Q(.07 / .03) */
               {"utility.injury", 6.21e-3}};    /* Q(2.5) */
    const size_t n_cut = sizeof cut / sizeof *cut;
    size_t n = 0;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        for (size_t i = 0; i < info->length; i++) {
            const struct snw_prior *p = snw_param_prior((enum snw_param_id)id, i);
            double start = start_of((enum snw_param_id)id, i);
            struct theory t = theory_of(p, start);
            if (p->kind == SNW_PRIOR_FIXED || (t.kind == THEORY_LOGNORMAL && start == 0))
                continue;
            double lost = theory_lost(&t, info->low, info->high);
            if (lost < 1e-6)
                continue;
            char key[128];
            snw_param_key((enum snw_param_id)id, i, key, sizeof key);
            assert_true(n < n_cut);
            assert_string_equal(key, cut[n].key);
            assert_near(lost, cut[n].lost, 0.05 * cut[n].lost);
            n++;
        }
    }
    assert_int_equal(n, n_cut);
}

/* Where a source gives a ratio with its 95 % interval, the 2.5 and 97.5 % points of the prior span
   it: their ratio is that of the interval's ends, to the rounding of two digits. */
static void ratios_spread_as_their_published_intervals(void **state)
{
    (void)state;
    static const struct {
        enum snw_param_id id;
        size_t index;
        bool is_log; /* the parameter is the logarithm of the ratio */
        double low, high;
    } published[] = {
        {SNW_PARAM_fractures_rr_hip, 1, false, 2.31, 3.59},       /* Johnell 2005, women */
        {SNW_PARAM_fractures_rr_hip, 5, false, 2.02, 4.27},       /* men */
        {SNW_PARAM_fractures_rr_other, 0, false, 1.28, 1.48},     /* any osteoporotic */
        {SNW_PARAM_fractures_rr_vertebral, 0, false, 1.9, 2.8},   /* Marshall 1996 */
        {SNW_PARAM_mortality_hip_early_rr, 0, false, 4.82, 8.19}, /* Tosteson 2007 */
        {SNW_PARAM_mortality_hip_late_rr, 0, false, 0.88, 1.23},
        {SNW_PARAM_mortality_vertebral_smr, 0, false, 1.52, 2.17}, /* Bliuc 2009 */
        {SNW_PARAM_mortality_vertebral_smr, 1, false, 1.66, 2.72},
        {SNW_PARAM_disability_ln_or, 0, true, 0.97, 2.04}, /* Janssen 2004 */
        {SNW_PARAM_disability_ln_or, 1, true, 1.91, 5.73},
        {SNW_PARAM_disability_ln_or, 2, true, 1.92, 6.94},
        {SNW_PARAM_disability_ln_or, 3, true, 2.28, 9.74},
        {SNW_PARAM_residence_prefrail, 0, true, 1.43, 2.33}, /* Kojima 2018 */
        {SNW_PARAM_residence_frail, 0, true, 2.94, 10.60},
    };
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        const struct snw_param_info *info = &snw_param_table[published[i].id];
        double preset = info->defaults[published[i].index], end[2];
        for (int side = 0; side < 2; side++) {
            end[side] = snw_prior_value(snw_param_prior(published[i].id, published[i].index),
                                        preset, info->low, info->high, preset, side ? 1.96 : -1.96);
            end[side] = published[i].is_log ? end[side] : log(end[side]);
        }
        double right = log(published[i].high / published[i].low);
        assert_near(end[1] - end[0], right, 0.01 * right);
    }
}

static void a_prior_is_put_in_words(void **state)
{
    (void)state;
    char text[512];
    snw_param_prior_words(SNW_PARAM_muscle_index_young, text, sizeof text);
    assert_string_equal(text, "normal, sd 0.25");
    snw_param_prior_words(SNW_PARAM_fractures_rate_men, text, sizeof text);
    assert_string_equal(text, "20 to 62: lognormal, log-sd 0.35; 67 to 97: lognormal, log-sd 0.1");
    snw_param_prior_words(SNW_PARAM_fractures_rr_hip, text, sizeof text);
    assert_string_equal(text, "female: curve x lognormal, log-sd 0.1125; "
                              "male: curve x lognormal, log-sd 0.1909");
    snw_param_prior_words(SNW_PARAM_disability_ln_or, text, sizeof text);
    assert_non_null(strstr(text, "male moderate: normal, sd 0.3278"));
    snw_param_prior_words(SNW_PARAM_bone_loss_men, text, sizeof text);
    assert_non_null(strstr(text, "tbn_radius: curve - normal, sd 0.03"));
    snw_param_prior_words(SNW_PARAM_bone_t_sd_neck, text, sizeof text);
    assert_string_equal(text, "fixed: a definition");
    char shortened[24];
    snw_param_prior_words(SNW_PARAM_fractures_rate_men, shortened, sizeof shortened);
    assert_string_equal(shortened, "20 to 62: lognormal, lo");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_normal_and_a_lognormal_are_their_formula),
        cmocka_unit_test(a_beta_and_a_gamma_are_those_of_gsl),
        cmocka_unit_test(bounds_cut_the_distribution),
        cmocka_unit_test(a_prior_moves_with_what_a_config_puts_in_place_of_the_default),
        cmocka_unit_test(what_is_fixed_stays),
        cmocka_unit_test(every_prior_can_be_drawn_from),
        cmocka_unit_test(a_list_is_read_by_element_or_by_the_labels_of_an_axis),
        cmocka_unit_test(every_element_follows_its_prior),
        cmocka_unit_test(no_value_leaves_its_bounds_or_turns_back),
        cmocka_unit_test(a_beta_prior_has_its_mean_at_the_value_before_calibration),
        cmocka_unit_test(only_these_lose_to_their_bounds),
        cmocka_unit_test(ratios_spread_as_their_published_intervals),
        cmocka_unit_test(a_prior_is_put_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
