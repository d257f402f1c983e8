/* Draws: what they depend on, how their scores correlate, and that each prior is met. */
#include "support/near.h"

#include <gsl/gsl_cdf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "params/draws.h"
#include "params/priors.h"
#include "random/philox.h"
#include "theory.h"

enum { N_DRAWS = 20000, ELEMENTS_MAX = 800 };

static const struct {
    const char *group;
    double r;
    enum snw_param_id id;
} members[] = {
#define SNW_TOGETHER(group, r, section, name) {#group, r, SNW_PARAM_##section##_##name},
#include "params/correlations.def"
#undef SNW_TOGETHER
};

static const size_t n_members = sizeof members / sizeof *members;

static struct snw_params base, drawn, again;
static const struct snw_draws all = {.seed = 2012};

static bool is_free(enum snw_param_id id, size_t index)
{
    return snw_param_prior(id, index)->kind != SNW_PRIOR_FIXED;
}

static void draw_zero_is_the_point_estimate(void **state)
{
    (void)state;
    snw_params_default(&base);
    base.falls_ascertainment[0] = 0.6;
    snw_params_draw(&drawn, &base, &all, 0);
    assert_memory_equal(&drawn, &base, sizeof base);
}

static void a_draw_depends_on_its_number_and_the_seed_alone(void **state)
{
    (void)state;
    const struct snw_draws other = {.seed = 2013};
    snw_params_default(&base);
    snw_params_draw(&drawn, &base, &all, 7);
    for (unsigned k = 1; k <= 9; k++)
        snw_params_draw(&again, &base, &all, k);
    snw_params_draw(&again, &base, &all, 7);
    assert_memory_equal(&again, &drawn, sizeof drawn);
    again = base;
    snw_params_draw(&again, &again, &all, 7); /* in place */
    assert_memory_equal(&again, &drawn, sizeof drawn);
    snw_params_draw(&again, &base, &all, 8);
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        if (is_free((enum snw_param_id)id, 0) && snw_param_table[id].defaults[0] != 0)
            assert_true(snw_params_at(&again, (enum snw_param_id)id)[0] !=
                        snw_params_at(&drawn, (enum snw_param_id)id)[0]);
    snw_params_draw(&again, &base, &other, 7);
    assert_true(again.bone_causal_share[0] != drawn.bone_causal_share[0]);
}

/* FNV-1a, written again here. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

static double factor_of(const char *name, uint32_t seed, uint32_t draw)
{
    uint64_t hash = hash_of(name);
    uint32_t counter[4] = {(uint32_t)hash, (uint32_t)(hash >> 32), draw, 62}, key[2] = {seed, 0},
             w[4];
    snw_philox(counter, key, w);
    double bits = (double)((uint64_t)w[0] << 20 | w[1] >> 12);
    return gsl_cdf_ugaussian_Pinv((bits + 0.5) / 4503599627370496.0);
}

/* Only the key of an element, the seed and the draw enter: not where its row stands in the table.
 */
static void a_score_is_addressed_by_the_names_of_its_factors(void **state)
{
    (void)state;
    for (uint32_t k = 1; k < 50; k++) {
        double alone = factor_of("strength.per_muscle.*.*.*.", 5, k);
        assert_near(snw_param_score(SNW_PARAM_strength_per_muscle, 0, 5, k), alone, 1e-13);
        double grip = sqrt(0.8) * factor_of("strength.grip_young.*.*.*.", 5, k) +
                      sqrt(0.2) * factor_of("strength.grip_young.male.*.*.", 5, k);
        assert_near(snw_param_score(SNW_PARAM_strength_grip_young, 1, 5, k), grip, 1e-13);
        double gait = sqrt(0.8) * factor_of("strength.gait_median.*.*.*.", 5, k) +
                      sqrt(0.2) * factor_of("strength.gait_median.*.*.female.", 5, k);
        assert_near(snw_param_score(SNW_PARAM_strength_gait_median_women, 3, 5, k), gait, 1e-13);
        double yearly = -sqrt(0.8) * factor_of("group.fall_variance.", 5, k) +
                        sqrt(0.2) * factor_of("falls.variance_yearly.*.*.*.", 5, k);
        assert_near(snw_param_score(SNW_PARAM_falls_variance_yearly, 0, 5, k), yearly, 1e-13);
    }
}

static double r_of(enum snw_param_id one, size_t i, enum snw_param_id other, size_t j)
{
    return snw_param_correlation((struct snw_param_element){one, i},
                                 (struct snw_param_element){other, j});
}

/* Sexes .8, ages .8, figures of one study .5; what differs in two ways by the product. */
static void scores_correlate_as_stated(void **state)
{
    (void)state;
    const enum snw_param_id women = SNW_PARAM_fractures_rate_women;
    const enum snw_param_id men = SNW_PARAM_fractures_rate_men;
    assert_near(r_of(SNW_PARAM_muscle_index_young, 0, SNW_PARAM_muscle_index_young, 1), 0.8, 1e-12);
    assert_near(r_of(SNW_PARAM_size_bmi_median_women, 0, SNW_PARAM_size_bmi_median_women, 6), 1,
                1e-12);
    assert_near(r_of(SNW_PARAM_size_bmi_median_women, 1, SNW_PARAM_size_bmi_median_men, 1), 0.8,
                1e-12);
    assert_near(r_of(SNW_PARAM_bone_per_muscle, 0, SNW_PARAM_bone_per_muscle, 10), 0.8, 1e-12);
    assert_near(r_of(SNW_PARAM_bone_per_muscle, 0, SNW_PARAM_bone_per_muscle, 4), 0.5, 1e-12);
    assert_near(r_of(SNW_PARAM_bone_per_muscle, 0, SNW_PARAM_bone_per_muscle, 14), 0.4, 1e-12);
    assert_near(r_of(SNW_PARAM_disability_ln_or, 0, SNW_PARAM_disability_ln_or, 1), 0.5, 1e-12);
    assert_near(r_of(SNW_PARAM_disability_ln_or, 0, SNW_PARAM_disability_ln_or, 2), 0.8, 1e-12);
    assert_near(r_of(women, 0, women, 11), 0.8, 1e-12); /* hip at 20 and 97 */
    assert_near(r_of(women, 0, women, 24), 0.5, 1e-12); /* hip, forearm */
    assert_near(r_of(women, 0, women, 35), 0.4, 1e-12); /* at another age */
    assert_near(r_of(women, 0, men, 35), 0.32, 1e-12);  /* in the other sex */
    assert_near(r_of(SNW_PARAM_bone_loss_women, 0, SNW_PARAM_bone_loss_women, 4), 1, 1e-12);
    assert_near(r_of(SNW_PARAM_bone_loss_women, 0, SNW_PARAM_bone_loss_women, 5), 0.5, 1e-12);
    assert_near(r_of(SNW_PARAM_bone_loss_women, 0, SNW_PARAM_bone_loss_men, 3), 0.8, 1e-12);
    /* LN(1, .10) in common and each: half the variance; LN(1, .25) and LN(1, .15): .0625 of .085 */
    assert_near(r_of(SNW_PARAM_falls_rate_men, 0, SNW_PARAM_falls_rate_men, 6), 0.5, 1e-12);
    assert_near(r_of(SNW_PARAM_falls_rate_men, 2, SNW_PARAM_falls_rate_women, 2), 0.8, 1e-12);
    assert_near(r_of(SNW_PARAM_bone_menopause_early, 0, SNW_PARAM_bone_menopause_early, 9),
                0.0625 / 0.085, 1e-12);
    /* groups: the sexes keep their .8, one curve its 1 */
    assert_near(r_of(SNW_PARAM_fractures_rr_hip, 0, SNW_PARAM_fractures_rr_hip, 3), 1, 1e-12);
    assert_near(r_of(SNW_PARAM_fractures_rr_hip, 0, SNW_PARAM_fractures_rr_hip, 4), 0.8, 1e-12);
    assert_near(r_of(SNW_PARAM_fractures_rr_hip, 6, SNW_PARAM_fractures_rr_other, 0), 0.5, 1e-12);
    assert_near(r_of(SNW_PARAM_igfbp2_sd_base, 0, SNW_PARAM_igfbp2_sd_change, 0), 1, 1e-12);
    assert_near(r_of(SNW_PARAM_falls_variance_lasting, 0, SNW_PARAM_falls_variance_yearly, 0), -0.8,
                1e-12);
    assert_near(r_of(SNW_PARAM_strength_per_muscle, 0, SNW_PARAM_falls_per_weakness, 0), 0, 0);
}

static void members_of_a_group_correlate_by_its_r(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_members; i++) {
        size_t n = 0;
        assert_true(members[i].r != 0 && fabs(members[i].r) <= 1);
        assert_true(is_free(members[i].id, 0));
        for (size_t j = 0; j < n_members; j++) {
            if (j != i)
                assert_true(members[i].id != members[j].id);
            if (strcmp(members[i].group, members[j].group) != 0)
                continue;
            n++;
            assert_near(fabs(members[j].r), fabs(members[i].r), 0);
            double sign = (members[i].r < 0) == (members[j].r < 0) ? 1 : -1;
            if (j != i)
                assert_near(r_of(members[i].id, 0, members[j].id, 0), sign * fabs(members[i].r),
                            1e-12);
        }
        assert_true(n >= 2);
    }
}

static void rows_for_women_and_men_are_pairs(void **state)
{
    (void)state;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        char name[64];
        size_t n = strlen(info->name);
        bool women = n > 6 && strcmp(info->name + n - 6, "_women") == 0;
        bool men = n > 4 && strcmp(info->name + n - 4, "_men") == 0;
        if (!women && !men)
            continue;
        size_t stem = n - (women ? 6 : 4);
        snprintf(name, sizeof name, "%.*s%s", (int)stem, info->name, women ? "_men" : "_women");
        enum snw_param_id other = snw_param_find(info->section, name);
        assert_true(other != SNW_PARAM_COUNT);
        assert_int_equal(snw_param_table[other].n_priors, info->n_priors);
        for (size_t i = 0; i < info->n_priors; i++)
            assert_int_equal(snw_param_table[other].prior[i].kind, info->prior[i].kind);
        assert_near(r_of((enum snw_param_id)id, 0, other, 0), 0.8, 1e-12);
    }
}

static size_t list_elements(struct snw_param_element *list)
{
    size_t n = 0;
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        for (size_t i = 0; i < snw_param_table[id].length; i++)
            if (is_free((enum snw_param_id)id, i)) {
                assert_true(n < ELEMENTS_MAX);
                list[n++] = (struct snw_param_element){(enum snw_param_id)id, i};
            }
    return n;
}

/* Cholesky of all scores that are not the same score. The least eigenvalue of a product of
   exchangeable matrices is a product of 1 - share, here (1 - .8)^2 (1 - .5) = .02, and no pivot is
   below it. */
static void the_correlation_matrix_is_positive_definite(void **state)
{
    (void)state;
    static struct snw_param_element list[ELEMENTS_MAX];
    static double l[ELEMENTS_MAX][ELEMENTS_MAX];
    size_t n_all = list_elements(list), n = 0;
    for (size_t a = 0; a < n_all; a++) {
        bool same = false;
        list[n] = list[a];
        assert_near(snw_param_correlation(list[n], list[n]), 1, 1e-12);
        for (size_t j = 0; j < n && !same; j++) {
            double sum = snw_param_correlation(list[n], list[j]);
            same = sum > 1 - 1e-9;
            for (size_t k = 0; k < j; k++)
                sum -= l[n][k] * l[j][k];
            l[n][j] = sum / l[j][j];
        }
        if (same)
            continue;
        double pivot = 1;
        for (size_t k = 0; k < n; k++)
            pivot -= l[n][k] * l[n][k];
        assert_true(pivot > 0.02 - 1e-9);
        l[n][n] = sqrt(pivot);
        n++;
    }
    assert_true(n_all > 450 && n > 300 && n < n_all);
}

/* Forty elements, among them whole groups: sample correlations of 20,000 draws. SE (1 - r^2) /
   sqrt(n); 5 SE over 780 pairs, seeded: one in 2,000 runs would fail by chance. */
static void drawn_scores_correlate_as_they_should(void **state)
{
    (void)state;
    enum { N = 40 };
    static struct snw_param_element list[ELEMENTS_MAX];
    static double z[N][N_DRAWS];
    size_t n_all = list_elements(list), step = n_all / 24;
    for (size_t i = 0; i < N; i++)
        list[i] = i < 24 ? list[i * step] : (struct snw_param_element){members[i - 24].id, 0};
    for (size_t i = 0; i < N; i++)
        for (uint32_t k = 0; k < N_DRAWS; k++)
            z[i][k] = snw_param_score(list[i].id, list[i].index, 1, k + 1);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++) {
            double sum = 0, right = snw_param_correlation(list[i], list[j]);
            for (size_t k = 0; k < N_DRAWS; k++)
                sum += z[i][k] * z[j][k];
            /* with known means and SDs the variance of the mean product is 1 + r^2 */
            assert_near(sum / N_DRAWS, right, 5 * sqrt((1 + right * right) / N_DRAWS));
        }
}

/* The point below which a share p of a prior between its bounds lies. */
static double point_of(const struct theory *t, double low, double high, double p)
{
    double from = theory_p(t, low), kept = 1 - theory_lost(t, low, high), a = low, b = high;
    for (int i = 0; i < 80; i++) {
        double middle = 0.5 * (a + b);
        if ((theory_p(t, middle) - from) / kept < p)
            a = middle;
        else
            b = middle;
    }
    return a;
}

/* How far a sample is from its prior, in standard errors: mean, variance and shares below five
 * quantiles. */
static double distance(const double *x, size_t n, const struct theory *t, double low, double high)
{
    static const double points[] = {0.025, 0.25, 0.5, 0.75, 0.975};
    double root = sqrt((double)n), mean = 0, square = 0, fourth = 0, far = 0;
    for (int q = 0; q < 5; q++) {
        double at = point_of(t, low, high, points[q]), below = 0;
        for (size_t k = 0; k < n; k++)
            below += x[k] < at;
        far = fmax(far,
                   fabs(below / (double)n - points[q]) * root / sqrt(points[q] * (1 - points[q])));
    }
    if (theory_lost(t, low, high) > 1e-6) /* the moments are those of the whole distribution */
        return far;
    for (size_t k = 0; k < n; k++)
        mean += x[k] / (double)n;
    for (size_t k = 0; k < n; k++) {
        double d = x[k] - mean;
        square += d * d / (double)n;
        fourth += d * d * d * d / (double)n;
    }
    double se_of_variance = sqrt(fmax(fourth - square * square, 0)) / root;
    far = fmax(far, fabs(mean - theory_mean(t)) * root / theory_sd(t));
    return fmax(far, fabs(square - theory_sd(t) * theory_sd(t)) / se_of_variance);
}

/* One element of each different prior of each row. 7 checks of some 150 elements: 5 standard errors
   would be passed by chance in one run of a thousand. */
static void drawn_values_have_the_mean_sd_and_quantiles_of_their_priors(void **state)
{
    (void)state;
    static double x[N_DRAWS];
    size_t n = 0;
    for (int i = 0; i < SNW_PARAM_COUNT; i++) {
        enum snw_param_id id = (enum snw_param_id)i;
        const struct snw_param_info *info = &snw_param_table[id];
        const struct snw_prior *before = NULL;
        for (size_t e = 0; e < info->length; e++) {
            const struct snw_prior *p = snw_param_prior(id, e);
            double preset = info->defaults[e];
            struct theory t = theory_of(p, preset);
            if (p->kind == SNW_PRIOR_FIXED || preset == 0 ||
                (before && before->kind == p->kind && before->a == p->a && before->b == p->b))
                continue;
            for (uint32_t k = 0; k < N_DRAWS; k++)
                x[k] = snw_prior_value(p, preset, info->low, info->high, preset,
                                       snw_param_score(id, e, 3, k + 1));
            double far = distance(x, N_DRAWS, &t, info->low, info->high);
            if (far > 5)
                fail_msg("%s.%s[%zu]: %.1f standard errors from its prior", info->section,
                         info->name, e, far);
            before = p;
            n++;
        }
    }
    assert_true(n > 130);
}

/* The check above sees a prior that is 5 % too wide or moved by a twentieth of its SD: 20,000 draws
   give the SD to half a per cent and the mean to .7 % of it. */
static void a_prior_that_was_changed_is_caught(void **state)
{
    (void)state;
    static double x[N_DRAWS];
    static const struct snw_prior right[] = {{SNW_PRIOR_NORMAL, 0.25, 0, NULL},
                                             {SNW_PRIOR_LOGNORMAL, 0.10, 0, NULL},
                                             {SNW_PRIOR_BETA, 14, 6, NULL},
                                             {SNW_PRIOR_GAMMA, 44.4, 1.5, NULL}};
    static const struct snw_prior wrong[] = {{SNW_PRIOR_NORMAL, 0.2625, 0, NULL},
                                             {SNW_PRIOR_LOGNORMAL, 0.105, 0, NULL},
                                             {SNW_PRIOR_BETA, 12.6, 5.4, NULL},
                                             {SNW_PRIOR_GAMMA, 44.4, 1.515, NULL}};
    static const double preset[] = {6.8, 0.105, 0.7, 66.6};
    for (int i = 0; i < 4; i++)
        for (int mutated = 0; mutated < 2; mutated++) {
            struct theory t = theory_of(&right[i], preset[i]);
            for (uint32_t k = 0; k < N_DRAWS; k++)
                x[k] =
                    snw_prior_value(mutated ? &wrong[i] : &right[i], preset[i], 0, 1000, preset[i],
                                    snw_param_score(SNW_PARAM_muscle_felt_lag, 0, 4, k + 1));
            if (mutated)
                assert_true(distance(x, N_DRAWS, &t, 0, 1000) > 5);
            else
                assert_true(distance(x, N_DRAWS, &t, 0, 1000) < 5);
        }
}

static void every_draw_lies_within_its_bounds_and_leaves_what_is_fixed(void **state)
{
    (void)state;
    struct snw_ctx ctx;
    snw_ctx_init(&ctx);
    snw_params_default(&base);
    for (uint32_t k = 1; k <= 2000; k++) {
        snw_params_draw(&drawn, &base, &all, k);
        assert_int_equal(snw_params_check(&drawn, &ctx), SNW_OK);
    }
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        for (size_t i = 0; i < snw_param_table[id].length; i++)
            if (!is_free((enum snw_param_id)id, i))
                assert_near(snw_params_at(&drawn, (enum snw_param_id)id)[i],
                            snw_param_table[id].defaults[i], 0);
}

/* Trabecular loss at the hip: one factor for the curve. Falls: not. */
static void a_scaled_curve_keeps_its_shape(void **state)
{
    (void)state;
    snw_params_default(&base);
    snw_params_draw(&drawn, &base, &all, 3);
    double factor = drawn.bone_loss_women[20] / base.bone_loss_women[20];
    assert_true(fabs(log(factor)) > 1e-3);
    for (int i = 21; i < 25; i++)
        assert_near(drawn.bone_loss_women[i], factor * base.bone_loss_women[i], 1e-12);
    double shift =
        drawn.bone_loss_men[28] - base.bone_loss_men[28]; /* TbN of men: all knots moved alike */
    for (int i = 29; i < 32; i++)
        assert_near(drawn.bone_loss_men[i], base.bone_loss_men[i] + shift, 1e-12);
    factor = drawn.falls_rate_men[0] / base.falls_rate_men[0];
    assert_true(fabs(drawn.falls_rate_men[1] / base.falls_rate_men[1] - factor) > 1e-3);
}

static void only_the_sections_named_vary(void **state)
{
    (void)state;
    struct snw_draws some = all;
    char falls[] = "falls", mortality[] = "mortality";
    char *sections[] = {falls, mortality};
    snw_draws_only(&some, 2, sections);
    snw_params_default(&base);
    snw_params_draw(&drawn, &base, &all, 4);
    snw_params_draw(&again, &base, &some, 4);
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        bool varies =
            strcmp(info->section, "falls") == 0 || strcmp(info->section, "mortality") == 0;
        const struct snw_params *right = varies ? &drawn : &base;
        assert_memory_equal(snw_params_at(&again, (enum snw_param_id)id),
                            snw_params_at_const(right, (enum snw_param_id)id),
                            info->length * sizeof(double));
    }
}

/* Three rows of (psi, rho_MB): draws 1 to 3 take them whole, draw 4 begins again. */
static void a_posterior_takes_the_place_of_the_priors_row_by_row(void **state)
{
    (void)state;
    const struct snw_param_element column[] = {{SNW_PARAM_bone_causal_share, 0},
                                               {SNW_PARAM_muscle_phi, 1}};
    const double value[] = {0.1, 0.91, 0.2, 0.92, 0.3, 0.93};
    const struct snw_posterior posterior = {3, 2, column, value};
    struct snw_draws with = all;
    with.posterior = &posterior;
    snw_params_default(&base);
    for (uint32_t k = 1; k <= 4; k++) {
        size_t row = (k - 1) % 3;
        snw_params_draw(&again, &base, &with, k);
        snw_params_draw(&drawn, &base, &all, k);
        drawn.bone_causal_share[0] = value[2 * row];
        drawn.muscle_phi[1] = value[2 * row + 1];
        assert_memory_equal(&again, &drawn, sizeof drawn);
    }
    snw_params_draw(&again, &base, &with, 0);
    assert_memory_equal(&again, &base, sizeof base);
    with.held[SNW_PARAM_bone_causal_share] = true;
    snw_params_draw(&again, &base, &with, 1);
    assert_near(again.bone_causal_share[0], base.bone_causal_share[0], 0);
    assert_near(again.muscle_phi[1], 0.91, 0);
}

static void what_moves_together_is_put_in_words(void **state)
{
    (void)state;
    char text[512];
    snw_param_together_words(SNW_PARAM_bone_per_muscle, text, sizeof text);
    assert_string_equal(text, "sex 0.8, trait 0.5");
    snw_param_together_words(SNW_PARAM_fractures_rate_men, text, sizeof text);
    assert_string_equal(text, "site 0.5, age 0.8, sex 0.8");
    snw_param_together_words(SNW_PARAM_falls_variance_yearly, text, sizeof text);
    assert_string_equal(text, "falls.variance_lasting -0.8");
    snw_param_together_words(SNW_PARAM_fractures_rr_hip, text, sizeof text);
    assert_string_equal(text, "sex 0.8, fractures.rr_other 0.5");
    snw_param_together_words(SNW_PARAM_strength_per_muscle, text, sizeof text);
    assert_string_equal(text, "");
    snw_param_together_words(SNW_PARAM_bone_t_sd_neck, text, sizeof text); /* fixed */
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draw_zero_is_the_point_estimate),
        cmocka_unit_test(a_draw_depends_on_its_number_and_the_seed_alone),
        cmocka_unit_test(a_score_is_addressed_by_the_names_of_its_factors),
        cmocka_unit_test(scores_correlate_as_stated),
        cmocka_unit_test(members_of_a_group_correlate_by_its_r),
        cmocka_unit_test(rows_for_women_and_men_are_pairs),
        cmocka_unit_test(the_correlation_matrix_is_positive_definite),
        cmocka_unit_test(drawn_scores_correlate_as_they_should),
        cmocka_unit_test(drawn_values_have_the_mean_sd_and_quantiles_of_their_priors),
        cmocka_unit_test(a_prior_that_was_changed_is_caught),
        cmocka_unit_test(every_draw_lies_within_its_bounds_and_leaves_what_is_fixed),
        cmocka_unit_test(a_scaled_curve_keeps_its_shape),
        cmocka_unit_test(only_the_sections_named_vary),
        cmocka_unit_test(a_posterior_takes_the_place_of_the_priors_row_by_row),
        cmocka_unit_test(what_moves_together_is_put_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
