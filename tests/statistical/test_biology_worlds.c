/* Biology in worlds that switch parts off, and readouts of whole lives, against values derived on
   paper: B14 .. B20 of README.md. */
#include "support/near.h"

#include "statistical/cohort.h"

#define LEVEL 1e-3 /* chance that one test of this file fails though all is right */

enum { N = 40000 };

static void fill(double *x, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}

static void weight_for_life(struct snw_params *p)
{
    p->size_bmi_base_share[0] = 1;
    fill(p->size_sd_ln_bmi, 2, 0.2);
    p->menopause_weight_shield[0] = 0.3;
}

static double clip(double low, double high, double x)
{
    return fmin(high, fmax(low, x));
}

/* B14. y years after FMP a woman has A1 = u clip(y + 1, 0, 3) and, with t = clip(y - 2, 0, 8),
   A2 = u (t - t^2/16): 3 u and 4 u from y = 10 on. u = max(1 - .3 z, 0) for her weight z. */
static void each_woman_has_the_menopausal_years_of_her_weight(void **state)
{
    (void)state;
    static const int ages[] = {47, 53, 58, 85, 0};
    struct world *w = world_immortal(weight_for_life);
    struct cohort *c = cohort_new(w, SNW_FEMALE, N, ages, BIRTHDAY);
    for (size_t a = 0; ages[a]; a++)
        for (size_t i = 0; i < N; i++) {
            double y = ages[a] - (double)cohort_at(c, ages[a], "fmp_age_yr", 0)[i];
            double z = (double)cohort_at(c, ages[a], "bmi_base", 0)[i] / 0.2;
            double u = fmax(0, 1 - 0.3 * z), t = clip(0, 8, y - 2);
            assert_near(cohort_at(c, ages[a], "menopause_early_yr", 0)[i], u * clip(0, 3, y + 1),
                        5e-5);
            assert_near(cohort_at(c, ages[a], "menopause_late_yr", 0)[i], u * (t - t * t / 16),
                        1e-4);
            if (ages[a] == 85)
                assert_near(cohort_at(c, 85, "menopause_late_yr", 0)[i], 4 * u, 1e-4);
        }
    cohort_free(c);
    world_free(w);
}

/* Muscle of a stationary innovation .02: var a_m = .0004/(1 - .8649) = .054^2. */
static void steady_muscle(struct snw_params *p)
{
    fill(p->muscle_sd_base, 2, 0.10);
    fill(p->muscle_sd_slope, 2, 0);
    fill(p->muscle_phi, 2, 0.93);
    fill(p->muscle_innovation_at_50, 2, 0.02);
    fill(p->muscle_innovation_growth, 2, 0);
    fill(p->muscle_activity_gain, 2, 0);
    p->muscle_felt_lag[0] = 0.3;
}

/* B15. m* smooths m with weights lag g^j, g = .7: of an AR(1) of variance V that leaves
   V lag/(2 - lag) (1 + g f)/(1 - g f), and cov(m*, a_m) = lag V f/(1 - g f). b_m passes whole. */
static void felt_muscle_is_smoothed_muscle(void **state)
{
    (void)state;
    static const int ages[] = {20, 60, 0};
    struct world *w = world_immortal(steady_muscle);
    struct cohort *c = cohort_new(w, SNW_MALE, N, ages, BIRTHDAY);
    struct family f;
    double v = 0.0004 / (1 - 0.93 * 0.93), gf = 0.7 * 0.93;
    family_begin(&f, "B15 felt muscle", LEVEL);
    check_variance(&f, cohort_at(c, 60, "muscle_change", 0), N, v, "a_m at 60");
    check_variance(&f, cohort_at(c, 20, "muscle_felt", 0), N, 0.01 + v, "m* at 20");
    check_variance(&f, cohort_at(c, 60, "muscle_felt", 0), N,
                   0.01 + v * 0.3 / 1.7 * (1 + gf) / (1 - gf), "m* at 60");
    check_covariance(&f, cohort_at(c, 60, "muscle_felt", 0), cohort_at(c, 60, "muscle_ln", 0), N,
                     0.01 + 0.3 * v * 0.93 / (1 - gf), "m* and m at 60");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

static void active_muscle(struct snw_params *p)
{
    steady_muscle(p);
    fill(p->muscle_activity_gain, 2, 1);
    p->size_activity_phi[0] = 0.9;
}

/* B16. a_m(t+1) = f a_m + .01 p + innovation, p an AR(1) of variance 1 and phi .9:
   cov(a_m, p) = .01 x .9/(1 - .9 f), variance V + .01^2/(1 - f^2) (1 + .9 f)/(1 - .9 f). From 20,
   where there is no activity in a_m yet, all but f^77 = .4 % of it is there at 97. */
static void activity_adds_its_own_spread_to_muscle(void **state)
{
    (void)state;
    static const int ages[] = {97, 0};
    struct world *w = world_immortal(active_muscle);
    struct cohort *c = cohort_new(w, SNW_FEMALE, N, ages, BIRTHDAY);
    struct family f;
    double v = 0.0004 / (1 - 0.93 * 0.93), ff = 0.9 * 0.93;
    family_begin(&f, "B16 activity", LEVEL);
    check_variance(&f, cohort_at(c, 97, "muscle_change", 0), N,
                   v + 1e-4 / (1 - 0.93 * 0.93) * (1 + ff) / (1 - ff), "a_m");
    check_covariance(&f, cohort_at(c, 97, "muscle_change", 0), cohort_at(c, 97, "activity_z", 0), N,
                     0.01 * 0.9 / (1 - ff), "a_m and p");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

static void sloping_bone(struct snw_params *p)
{
    steady_muscle(p);
    fill(p->muscle_sd_slope, 2, 0.0015);
    fill(p->bone_per_muscle, 2 * SNW_N_TRAIT, 0);
    fill(p->bone_sd_base, SNW_N_TRAIT, 0.12);
    fill(p->bone_shared_base, SNW_N_TRAIT, 0.10);
    fill(p->bone_sd_change, SNW_N_TRAIT, 0.045);
    fill(p->bone_shared_change, SNW_N_TRAIT, 0.07);
    fill(p->bone_shared_slope, SNW_N_TRAIT, 0.002);
    fill(p->bone_loss_men, SNW_N_LOSS * SNW_N_AGE_BONE_MEN, -0.4);
    p->bone_r_slopes[0] = 0.5;
    p->bone_r_muscle_change[0] = 0;
}

/* B17. x = -.004 (a - 25) + b + .10 f_I + a_k + .07 f_A + .002 (a - 40) f_S: variance at 70
   .0144 + .01 + .002025 + .0049 + .06^2; of two traits the shared parts only;
   with muscle, by r(s_m, f_S) = .5: .5 x .045 x .06. */
static void slopes_part_bones_and_bind_them_to_muscle(void **state)
{
    (void)state;
    static const int ages[] = {40, 70, 0};
    struct world *w = world_immortal(sloping_bone);
    struct cohort *c = cohort_new(w, SNW_MALE, N, ages, BIRTHDAY);
    struct family f;
    const float *hip = cohort_at(c, 70, "trait_ln", SNW_CTTH_NECK);
    family_begin(&f, "B17 slopes", LEVEL);
    check_mean(&f, hip, N, -0.18, "C_FN at 70");
    check_variance(&f, hip, N, 0.031325 + 0.0036, "C_FN at 70");
    check_variance(&f, cohort_at(c, 40, "trait_ln", SNW_CTTH_NECK), N, 0.031325, "C_FN at 40");
    check_covariance(&f, hip, cohort_at(c, 70, "trait_ln", SNW_TRAB_SPINE), N,
                     0.01 + 0.0049 + 0.0036, "C_FN and T_LS at 70");
    check_covariance(&f, hip, cohort_at(c, 40, "trait_ln", SNW_CTTH_NECK), N,
                     0.0144 + 0.01 + pow(0.93, 30) * (0.002025 + 0.0049), "C_FN at 70 and 40");
    check_covariance(&f, hip, cohort_at(c, 70, "muscle_ln", 0), N, 0.5 * 0.045 * 0.06,
                     "C_FN and m at 70");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

/* Men whose density stays that of 20: no loss, no slope, and bone feels b_m only. */
static void steady_bone(struct snw_params *p)
{
    sloping_bone(p);
    fill(p->muscle_sd_slope, 2, 0);
    fill(p->bone_shared_slope, SNW_N_TRAIT, 0);
    fill(p->bone_loss_men, SNW_N_LOSS * SNW_N_AGE_BONE_MEN, 0);
    fill(p->bone_per_muscle, 2 * SNW_N_TRAIT, 0.4);
    p->bone_causal_share[0] = 0;
    p->strength_knee_young[SNW_MALE] = 200;
    fill(p->strength_decline, 2, 4e-4);
    fill(p->strength_knee_decline_ratio, 2, 2.5);
    p->strength_per_muscle[0] = 0.6;
    p->strength_per_activity[0] = 0;
    p->strength_sd_base[0] = 0.13;
    p->strength_sd_change[0] = 0.12;
    fill(p->muscle_index_young, 2, 8);
    fill(p->muscle_rate_men, SNW_N_AGE_MUSCLE_MEN, -0.5);
    fill(p->size_height_loss, 2, 0);
    p->size_height_per_vertebral[0] = 0;
    p->size_height_peak[SNW_MALE] = 178;
    p->size_sd_height_peak[SNW_MALE] = 7;
}

static double phi(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

static double mean_of(const struct lives *l, int age, enum snw_measure m)
{
    const struct snw_cell *cell = lives_cell(l, SNW_MALE, age, m);
    return measure_value(m, (double)cell->sum / (double)cell->n);
}

static double sd_of(const struct lives *l, int age, enum snw_measure m)
{
    const struct snw_cell *cell = lives_cell(l, SNW_MALE, age, m);
    double n = (double)cell->n, q = (double)cell->sum / n;
    return snw_measure_table[m].scale * sqrt((double)cell->sum_squares / n - q * q);
}

/* A log-normal of log SD s about `median`: mean and SD of its readouts. SE of an SD: its variance
   has kurtosis k = e^4v + 2 e^3v + 3 e^2v - 3, v = s^2, SE sd sqrt((k - 1)/4n). */
static void check_log_normal(struct family *f, const struct lives *l, enum snw_measure m,
                             double median, double s)
{
    double v = s * s, mean = median * exp(v / 2), sd = mean * sqrt(expm1(v));
    double kurtosis = exp(4 * v) + 2 * exp(3 * v) + 3 * exp(2 * v) - 3;
    family_z(f, (mean_of(l, 70, m) - mean) / (sd / sqrt(N)), "mean of %s: %.6g not %.6g",
             snw_measure_table[m].name, mean_of(l, 70, m), mean);
    family_z(f, (sd_of(l, 70, m) - sd) / (sd * sqrt((kurtosis - 1) / (4 * N))),
             "SD of %s: %.6g not %.6g", snw_measure_table[m].name, sd_of(l, 70, m), sd);
}

/* B18. Neck: sum of weights 1.1 on f_I, f_A and .4 b_m; own parts by the weights' squares .49:
   s^2 = 1.21 (.01 + .0049 + .16 x .01) + .49 (.0144 + .002025). Men's T is (.934 e^x - .858)/.120.
   B19. rASM = ASM/H^2 is log-normal about 8 e^(-.005 x 45) with the SD of m; ASM is it times H^2,
   H ~ N(1.78, .07) m: mean times 1.78^2 + .07^2.
   B20. Knee extension: 200 e^(-2.5 x .18), log SD sqrt(.36 var m + .13^2 + .12^2). */
static void readouts_of_a_steady_man_have_the_moments_of_his_parts(void **state)
{
    (void)state;
    struct world *w = world_immortal(steady_bone);
    struct lives l;
    struct family f;
    double muscle = 0.01 + 0.0004 / (1 - 0.93 * 0.93);
    double s2 = 1.21 * (0.01 + 0.0049 + 0.0016) + 0.49 * (0.0144 + 0.002025);
    lives_init(&l, w, NULL, 0);
    assert_int_equal(lives_run(&l, SNW_MALE, 0, N, 512), SNW_OK);
    family_begin(&f, "B18 B19 B20 readouts", LEVEL);
    const uint32_t *levels = l.totals.levels + (((size_t)SNW_MALE * SNW_N_AGES + 50) * SNW_N_CODES +
                                                SNW_M_osteoporosis_neck - SNW_N_STATES) *
                                                   SNW_LEVELS;
    double low = phi((log(0.858 - 0.12) - log(0.934)) / sqrt(s2));
    double lowest = phi((log(0.858 - 0.30) - log(0.934)) / sqrt(s2));
    family_count(&f, levels[0], N, 1 - low, "normal neck");
    family_count(&f, levels[1], N, low - lowest, "osteopenia %.4f not %.4f", levels[1] / (double)N,
                 low - lowest);
    family_count(&f, levels[2], N, lowest, "osteoporosis %.4f not %.4f", levels[2] / (double)N,
                 lowest);
    check_log_normal(&f, &l, SNW_M_abmd_femoral_neck_g_cm2, 0.934, sqrt(s2));
    check_log_normal(&f, &l, SNW_M_relative_asm_kg_m2, 8 * exp(-0.225), sqrt(muscle));
    double rasm = 8 * exp(-0.225 + muscle / 2), square = 1.78 * 1.78 + 0.07 * 0.07;
    double fourth = pow(1.78, 4) + 6 * pow(1.78 * 0.07, 2) + 3 * pow(0.07, 4);
    double asm_sd = rasm * sqrt(exp(muscle) * fourth - square * square);
    family_z(&f, (mean_of(&l, 70, SNW_M_asm_kg) - rasm * square) / (asm_sd / sqrt(N)),
             "mean of ASM: %.5g not %.5g", mean_of(&l, 70, SNW_M_asm_kg), rasm * square);
    check_log_normal(&f, &l, SNW_M_knee_extensor_nm, 200 * exp(-0.45),
                     sqrt(0.36 * muscle + 0.0169 + 0.0144));
    family_end(&f);
    lives_free(&l);
    world_free(w);
}

static void comparators(struct snw_params *p)
{
    steady_muscle(p);
    p->comparators_igf1_sd[0] = 0.30;
    p->comparators_igf1_per_muscle[0] = 0.3;
    fill(p->comparators_igf1_intercept, 2, 380);
    fill(p->comparators_igf1_slope, 2, -3);
    fill(p->comparators_bio_e2_slope, 2, -0.003);
    p->comparators_bio_e2_menopause[0] = -1.59;
    p->comparators_bio_e2_per_muscle[0] = 0;
    p->comparators_bio_e2_sd[0] = 0.45;
}

/* B21. Parts of .7 and .714 of the total make sqrt(.49 + .509796) of it; IGF-I falls to 85 only;
   at 30 no, at 80 all women are three years past FMP - 1. */
static void comparators_have_their_total_spread(void **state)
{
    (void)state;
    static const int ages[] = {25, 80, 97, 0};
    struct world *w = world_immortal(comparators);
    struct cohort *c = cohort_new(w, SNW_FEMALE, N, ages, BIRTHDAY);
    struct family f;
    double share = 0.49 + 0.714 * 0.714, muscle = 0.01 + 0.0004 / (1 - 0.93 * 0.93);
    family_begin(&f, "B21 comparators", LEVEL);
    check_variance(&f, cohort_at(c, 80, "igf1_ln", 0), N, 0.09 * share + 0.09 * muscle, "ln IGF-I");
    check_mean(&f, cohort_at(c, 80, "igf1_ln", 0), N, log(140), "ln IGF-I at 80");
    check_mean(&f, cohort_at(c, 97, "igf1_ln", 0), N, log(125), "ln IGF-I at 97");
    check_variance(&f, cohort_at(c, 80, "bio_e2_ln", 0), N, 0.2025 * share, "ln E2");
    check_mean(&f, cohort_at(c, 25, "bio_e2_ln", 0), N, 0, "ln E2 at 25");
    check_mean(&f, cohort_at(c, 80, "bio_e2_ln", 0), N, -0.165 - 1.59, "ln E2 at 80");
    check_r(&f, cohort_at(c, 25, "bio_e2_ln", 0), cohort_at(c, 80, "bio_e2_ln", 0), N,
            (0.49 + 0.509796 * pow(0.9, 55)) / share, "ln E2 at 25 and 80");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_woman_has_the_menopausal_years_of_her_weight),
        cmocka_unit_test(felt_muscle_is_smoothed_muscle),
        cmocka_unit_test(activity_adds_its_own_spread_to_muscle),
        cmocka_unit_test(slopes_part_bones_and_bind_them_to_muscle),
        cmocka_unit_test(readouts_of_a_steady_man_have_the_moments_of_his_parts),
        cmocka_unit_test(comparators_have_their_total_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
