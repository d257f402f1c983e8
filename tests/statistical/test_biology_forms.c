/* Muscle, strength, bone, IGFBP-2 and menopause against values derived on paper: B1 .. B20 of
   README.md. The parameters are stated here, whatever the defaults become. */
#include "support/near.h"

#include <stdio.h>
#include <string.h>

#include "statistical/cohort.h"

#define LEVEL 1e-3 /* chance that one test of this file fails though all is right */

enum { N = 40000 };

static const double pi = 3.14159265358979323846;

/* Traits of women: kappa, own, shared, varying own, varying shared. */
static const double kappa[] = {.40, .38, .38, .42, .28, .28, .34, .10, .18, 0};
static const double own[] = {.120, .130, .130, .12, .12, .11, .17, .15, .09, .035};
static const double shared[] = {.105, .10, .10, .10, .12, .12, .10, .10, .04, .015};
static const double change[] = {.045, .045, .04, .04, .045, .045, .04, .04, .03, .012};
static const double shared_change[] = {.072, .066, .06, .06, .078, .078, .06, .06, .03, .018};

static void fill(double *x, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}

static void both(double *x, double value)
{
    fill(x, SNW_N_SEXES, value);
}

/* Round numbers; level medians, no ageing of bone. Symbols in comments are those of the
 * derivations. */
static void state_parameters(struct snw_params *p)
{
    both(p->muscle_sd_base, 0.10);           /* sb */
    both(p->muscle_sd_slope, 0.0015);        /* ss */
    both(p->muscle_phi, 0.93);               /* f */
    both(p->muscle_innovation_at_50, 0.012); /* s0 */
    both(p->muscle_innovation_growth, 0.035);
    both(p->muscle_activity_gain, 0);
    p->muscle_felt_lag[0] = 0.3;
    p->size_activity_phi[0] = 0.9;
    p->size_height_peak[SNW_FEMALE] = 164;
    p->size_sd_height_peak[SNW_FEMALE] = 6;
    both(p->size_height_loss, 5);
    both(p->size_height_loss_power, 2);
    p->size_sd_ln_height_loss[0] = 0.35;
    p->size_height_per_vertebral[0] = 0;
    fill(p->size_bmi_median_women, SNW_N_AGE_BMI, 27);
    both(p->size_sd_ln_bmi, 0.2); /* sW */
    p->size_bmi_base_share[0] = 0.6;
    p->size_bmi_phi[0] = 0.97; /* fW */
    p->size_r_bmi_muscle_base[0] = 0.6;
    p->size_r_bmi_muscle_change[0] = 0.3;
    p->strength_grip_young[SNW_FEMALE] = 30;
    p->strength_knee_young[SNW_FEMALE] = 130;
    both(p->strength_decline, 4e-4);
    both(p->strength_knee_decline_ratio, 2);
    p->strength_per_muscle[0] = 0.6;
    p->strength_per_activity[0] = 0.03;
    p->strength_sd_base[0] = 0.13;
    p->strength_phi[0] = 0.9;
    p->strength_sd_change[0] = 0.12;
    fill(p->strength_gait_median_women, SNW_N_AGE_GAIT, 1.25);
    p->strength_gait_per_strength[0] = 0.25;
    p->strength_gait_phi[0] = 0.955;
    p->strength_sd_gait[0] = 0.22;
    p->bone_causal_share[0] = 0.5;
    memcpy(p->bone_per_muscle, kappa, sizeof kappa);
    memcpy(p->bone_sd_base, own, sizeof own);
    memcpy(p->bone_shared_base, shared, sizeof shared);
    memcpy(p->bone_sd_change, change, sizeof change);
    memcpy(p->bone_shared_change, shared_change, sizeof shared_change);
    p->bone_menopause_early[SNW_TRAB_SPINE] = -3.4;
    p->bone_menopause_late[SNW_TRAB_SPINE] = -0.1;
    p->bone_menopause_early[SNW_CTTH_NECK] = -1.4;
    p->bone_menopause_late[SNW_CTTH_NECK] = -0.2;
    p->bone_phi[0] = 0.93;
    p->bone_r_muscle_change[0] = 0.3;
    p->bone_r_slopes[0] = 0.5;
    p->bone_r_radius_trabecular[0] = 0.6;
    fill(p->bone_loss_women, SNW_N_LOSS * SNW_N_AGE_BONE_WOMEN, -0.5);
    p->menopause_weight_shield[0] = 0.3;
    p->menopause_fmp_mean[0] = 52.7;
    p->menopause_fmp_sd[0] = 3.57;
    p->menopause_early_share[0] = 0.034;
    p->menopause_smoker_shift[0] = -1.3;
    p->menopause_smoker_share[0] = 0.17;
    p->igfbp2_young[0] = 200;
    both(p->igfbp2_per_age, 0.01);
    both(p->igfbp2_per_muscle, -0.9);
    both(p->igfbp2_per_bmi, -0.025);
    p->igfbp2_female[0] = 0;
    p->igfbp2_sd_base[0] = 0.377;
    p->igfbp2_sd_change[0] = 0.266;
    p->igfbp2_phi[0] = 0.9;
    p->igfbp2_muscle_feedback[0] = 0;
    p->comparators_igf1_sd[0] = 0.30;
    p->comparators_bio_t_sd[0] = 0.35;
    p->comparators_bio_e2_sd[0] = 0.45;
    p->falls_phi[0] = 0.97;
    p->disability_phi[0] = 0.95;
}

static struct world *world;
static struct cohort *women;

static int make_women(void **state)
{
    (void)state;
    static const int ages[] = {20, 21, 30, 50, 70, 80, 97, 0};
    world = world_immortal(state_parameters);
    women = cohort_new(world, SNW_FEMALE, N, ages, BIRTHDAY);
    return 0;
}

static int drop_women(void **state)
{
    (void)state;
    cohort_free(women);
    world_free(world);
    return 0;
}

static const float *at(int age, const char *field)
{
    return cohort_at(women, age, field, 0);
}

/* var a_m(20) = sigma(20)^2 / (1 - f^2), sigma(a) = s0 exp(g (a - 50)). */
static double start_muscle_variance(void)
{
    double sigma = 0.012 * exp(0.035 * (20 - 50));
    return sigma * sigma / (1 - 0.93 * 0.93);
}

/* B3. One innovation of variance sigma(a + 1/2)^2 a year, which grows by r = e^(2 g):
   var(20 + n) = f^2n var(20) + sigma(20.5)^2 sum_j r^j f^(2 (n - 1 - j))
               = f^2n var(20) + sigma(20.5)^2 (r^n - f^2n) / (r - f^2). */
static double muscle_variance(int age)
{
    double n = age - 20, ff = 0.93 * 0.93, r = exp(2 * 0.035), sigma = 0.012 * exp(0.035 * -29.5);
    return pow(ff, n) * start_muscle_variance() +
           sigma * sigma * (pow(r, n) - pow(ff, n)) / (r - ff);
}

static const struct {
    const char *field;
    size_t count;
    double sd[10], phi; /* of each array; the first for all where the second is 0 */
} ar1[] = {
    {"activity_z", 1, {1}, 0.9},
    {"bmi_change", 1, {0.1264911064}, 0.97}, /* .2 sqrt(.4) */
    {"bone_change_z", 1, {1}, 0.93},
    {"trait_change", 10, {.045, .045, .04, .04, .045, .045, .04, .04, .03, .012}, 0.93},
    {"strength_change", 1, {0.12}, 0.9},
    {"gait_change", 1, {0.22}, 0.955},
    {"igfbp2_change", 1, {0.266}, 0.9},
    {"igf1_change", 1, {0.714 * 0.30}, 0.9},
    {"bio_t_change", 1, {0.714 * 0.35}, 0.9},
    {"bio_e2_change", 1, {0.714 * 0.45}, 0.9},
    {"fall_prone_z", 1, {1}, 0.97},
    {"disability_z", 1, {1}, 0.95},
};

/* B1: an AR(1) that starts in its stationary law keeps its variance. */
static void every_autoregression_has_its_stationary_variance_at_every_age(void **state)
{
    (void)state;
    static const int ages[] = {20, 21, 50, 97};
    struct family f;
    family_begin(&f, "B1 stationary variances", LEVEL);
    for (size_t k = 0; k < sizeof ar1 / sizeof ar1[0]; k++)
        for (size_t j = 0; j < ar1[k].count; j++)
            for (size_t a = 0; a < 4; a++) {
                char what[48];
                double sd = ar1[k].sd[j];
                snprintf(what, sizeof what, "%s[%zu] at %d", ar1[k].field, j, ages[a]);
                check_variance(&f, cohort_at(women, ages[a], ar1[k].field, j), N, sd * sd, what);
                check_mean(&f, cohort_at(women, ages[a], ar1[k].field, j), N, 0, what);
            }
    family_end(&f);
}

/* B2: r(lag k) = phi^k. */
static void autocorrelation_falls_as_a_power(void **state)
{
    (void)state;
    static const int lags[][2] = {{20, 21}, {20, 30}, {70, 80}, {20, 50}};
    struct family f;
    family_begin(&f, "B2 autocorrelations", LEVEL);
    for (size_t k = 0; k < sizeof ar1 / sizeof ar1[0]; k++)
        for (size_t j = 0; j < ar1[k].count; j++)
            for (size_t l = 0; l < 4; l++) {
                char what[48];
                int from = lags[l][0], to = lags[l][1];
                snprintf(what, sizeof what, "%s[%zu] at %d and %d", ar1[k].field, j, from, to);
                check_r(&f, cohort_at(women, from, ar1[k].field, j),
                        cohort_at(women, to, ar1[k].field, j), N, pow(ar1[k].phi, to - from), what);
            }
    family_end(&f);
}

static void the_spread_of_muscle_grows_as_its_innovations(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "B3 spread of muscle", LEVEL);
    check_variance(&f, at(20, "muscle_change"), N, start_muscle_variance(), "a_m at 20");
    check_variance(&f, at(21, "muscle_change"), N, muscle_variance(21), "a_m at 21");
    check_variance(&f, at(50, "muscle_change"), N, muscle_variance(50), "a_m at 50");
    check_variance(&f, at(97, "muscle_change"), N, muscle_variance(97), "a_m at 97");
    /* m = b_m + s_m (a - 40) + a_m */
    check_variance(&f, at(30, "muscle_ln"), N, 0.01 + muscle_variance(30), "m at 30");
    check_variance(&f, at(70, "muscle_ln"), N, 0.01 + pow(0.0015 * 30, 2) + muscle_variance(70),
                   "m at 70");
    check_covariance(&f, at(50, "muscle_ln"), at(70, "muscle_ln"), N,
                     0.01 + 0.0015 * 0.0015 * 10 * 30 + pow(0.93, 20) * muscle_variance(50),
                     "m at 50 and 70");
    family_end(&f);
}

/* B4. Two AR(1) whose innovations correlate by r: cov = r s1 s2 / (1 - f1 f2), so in the stationary
   state corr = r sqrt((1 - f1^2)(1 - f2^2)) / (1 - f1 f2). With innovations that grow by e^g a
   year: cov(20 + n) = (f fW)^n cov(20) + .3 sd_w sigma(20.5) (e^gn - (f fW)^n)/(e^g - f fW). */
static void innovations_correlate_as_asked(void **state)
{
    (void)state;
    struct family f;
    double r = 0.3 * sqrt((1 - 0.93 * 0.93) * (1 - 0.97 * 0.97)) / (1 - 0.93 * 0.97);
    double ff = 0.93 * 0.97, n = 50, step = 0.2 * sqrt(0.4) * sqrt(1 - 0.97 * 0.97);
    double start = r * 0.2 * sqrt(0.4 * start_muscle_variance());
    family_begin(&f, "B4 correlated innovations", LEVEL);
    check_r(&f, at(20, "muscle_change"), at(20, "bmi_change"), N, r, "a_m and a_W at 20");
    check_r(&f, at(20, "muscle_change"), at(20, "bone_change_z"), N, 0.3, "a_m and f_A at 20");
    check_covariance(&f, at(70, "muscle_change"), at(70, "bmi_change"), N,
                     pow(ff, n) * start + 0.3 * step * 0.012 * exp(0.035 * -29.5) *
                                              (exp(0.035 * n) - pow(ff, n)) / (exp(0.035) - ff),
                     "a_m and a_W at 70");
    check_r(&f, at(50, "bmi_change"), at(50, "bone_change_z"), N,
            0.09 * sqrt((1 - 0.93 * 0.93) * (1 - 0.97 * 0.97)) / (1 - 0.93 * 0.97),
            "a_W and f_A, both by muscle's word");
    check_r(&f, at(50, "strength_change"), at(50, "gait_change"), N, 0, "a_S and a_v");
    check_r(&f, at(50, "igfbp2_change"), at(50, "muscle_change"), N, 0, "a_B and a_m");
    check_r(&f, at(50, "trait_change"), at(50, "bone_change_z"), N, 0, "a_CFN and f_A");
    family_end(&f);
}

/* B5: mixing z = r z1 + sqrt(1 - r^2) z2. BV/TV (6) and TbN (8) of the radius share the mixed own
   parts (.17 and .09), f_I (.10 and .04) and b_m (kappa .34 and .18, halved by psi). */
static void lasting_parts_correlate_as_asked(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "B5 lasting parts", LEVEL);
    check_r(&f, at(20, "bmi_base"), at(20, "muscle_base"), N, 0.6, "b_W and b_m");
    check_r(&f, at(20, "muscle_slope_per_yr"), at(20, "bone_slope_z"), N, 0.5, "s_m and f_S");
    check_r(&f, at(20, "muscle_slope_per_yr"), at(20, "muscle_base"), N, 0, "s_m and b_m");
    check_variance(&f, at(20, "bmi_base"), N, 0.04 * 0.6, "b_W");
    check_variance(&f, at(20, "bone_slope_z"), N, 1, "f_S");
    check_covariance(
        &f, cohort_at(women, 20, "trait_base", 6), cohort_at(women, 20, "trait_base", 8), N,
        0.6 * 0.17 * 0.09 + 0.10 * 0.04 + 0.25 * 0.34 * 0.18 * 0.01, "bases of BV/TV and TbN");
    check_variance(&f, cohort_at(women, 20, "trait_base", 8), N,
                   0.09 * 0.09 + 0.04 * 0.04 + pow(0.5 * 0.18 * 0.10, 2), "base of TbN");
    family_end(&f);
}

static double strength_variance(double muscle)
{
    return 0.36 * muscle + 0.03 * 0.03 + 0.13 * 0.13 + 0.12 * 0.12;
}

/* B6: ln grip = ln 30 - D + .6 m + .03 p + q + a_S, D(a) = .0002 (a - 40)^2: .18 at 70; its total
   SD at 20 is sqrt(.36 (.01 + var a_m(20)) + .0009 + .0169 + .0144) = .189, at 70 .20. B7: gait is
   log-normal about 1.25 m/s, mean 1.25 exp(s^2/2), s^2 = .25^2 var + .22^2. */
static void grip_and_gait_have_the_spread_of_their_parts(void **state)
{
    (void)state;
    struct family f;
    double young = strength_variance(0.01 + start_muscle_variance());
    double old = strength_variance(0.01 + pow(0.045, 2) + muscle_variance(70));
    double s2 = 0.0625 * old + 0.0484;
    family_begin(&f, "B6 B7 strength and gait", LEVEL);
    assert_near(sqrt(young), 0.19, 0.002);
    check_variance(&f, at(20, "grip_ln"), N, young, "ln grip at 20");
    check_variance(&f, at(70, "grip_ln"), N, old, "ln grip at 70");
    check_mean(&f, at(20, "grip_ln"), N, log(30), "ln grip at 20");
    check_mean(&f, at(70, "grip_ln"), N, log(30) - 0.18, "ln grip at 70");
    check_mean(&f, at(70, "gait_m_s"), N, 1.25 * exp(s2 / 2), "gait at 70");
    check_variance(&f, at(70, "gait_m_s"), N, 1.5625 * exp(s2) * expm1(s2), "gait at 70");
    /* P(grip < 16 kg) of a log-normal */
    check_share_below(&f, at(70, "grip_ln"), N, log(16),
                      0.5 * erfc(-(log(16) - log(30) + 0.18) / sqrt(2 * old)), "weak at 70");
    family_end(&f);
}

/* B8. BMI = 27 e^X, X ~ N(0, s2 = .04): E = 27 e^(s2/2), var = 27^2 e^s2 (e^s2 - 1), and by Stein's
   lemma cov(BMI, m) = E cov(X, m). So var ln B = .9^2 var m + .025^2 var BMI + 2 .9 .025 cov(BMI,
   m)
   + .377^2 + .266^2, about .49^2. */
static void igfbp2_has_the_spread_of_its_parts(void **state)
{
    (void)state;
    struct family f;
    double start = start_muscle_variance(), mean = 27 * exp(0.02), muscle = 0.01 + start;
    double r = 0.3 * sqrt((1 - 0.93 * 0.93) * (1 - 0.97 * 0.97)) / (1 - 0.93 * 0.97);
    double x_and_m = 0.6 * 0.2 * sqrt(0.6) * 0.10 + r * 0.2 * sqrt(0.4 * start);
    double bmi = 27 * 27 * exp(0.04) * expm1(0.04);
    double varies = 0.81 * muscle + 0.025 * 0.025 * bmi + 2 * 0.9 * 0.025 * mean * x_and_m;
    double total = varies + 0.377 * 0.377 + 0.266 * 0.266;
    family_begin(&f, "B8 IGFBP-2 and BMI", LEVEL);
    assert_near(sqrt(total), 0.5, 0.02);
    check_mean(&f, at(20, "bmi_kg_m2"), N, mean, "BMI");
    check_variance(&f, at(20, "bmi_kg_m2"), N, bmi, "BMI");
    check_covariance(&f, at(20, "bmi_kg_m2"), at(20, "muscle_ln"), N, mean * x_and_m, "BMI and m");
    check_variance(&f, at(20, "igfbp2_ln"), N, total, "ln IGFBP-2");
    check_mean(&f, at(20, "igfbp2_ln"), N, log(200) - 0.05 - 0.025 * (mean - 27), "ln IGFBP-2");
    check_r(&f, at(20, "igfbp2_ln"), at(20, "muscle_ln"), N,
            (-0.9 * muscle - 0.025 * mean * x_and_m) / sqrt(total * muscle), "ln IGFBP-2 and m");
    check_mean(&f, at(80, "igfbp2_ln"), N, log(200) + 0.55 - 0.025 * (mean - 27),
               "ln IGFBP-2 at 80");
    family_end(&f);
}

/* The part of a covariance that two traits of loadings A and kappas k share through muscle at 20,
   where felt muscle is muscle and f_A correlates by .3 with a_m (sd sa):
   cov(psi k m + (1 - psi) k b_m + A f_A, the same) with psi = 1/2. */
static double through_muscle(double k1, double a1, double k2, double a2)
{
    double v = start_muscle_variance(), sa = sqrt(v), base = 0.01;
    double both_ways = k1 * k2 * (0.25 * v + base); /* psi (m) + (1 - psi) b_m = b_m + psi a_m */
    return both_ways + 0.5 * 0.3 * sa * (k1 * a2 + k2 * a1);
}

/* B9: at 20 rASM is its median times e^m, and x_k = b + L f_I + a + A f_A + k (b_m + a_m/2), so
   cov(m, x) = k (var b_m + var a_m / 2) + .3 A sd a_m. */
static void rasm_correlates_with_each_trait_by_kappa_and_loadings(void **state)
{
    (void)state;
    struct family f;
    double v = start_muscle_variance();
    family_begin(&f, "B9 muscle and bone at 20", LEVEL);
    for (size_t k = 0; k < SNW_N_TRAIT; k++) {
        char what[32];
        double variance = own[k] * own[k] + shared[k] * shared[k] + change[k] * change[k] +
                          shared_change[k] * shared_change[k] +
                          through_muscle(kappa[k], shared_change[k], kappa[k], shared_change[k]);
        double covariance = kappa[k] * (0.01 + 0.5 * v) + 0.3 * shared_change[k] * sqrt(v);
        const float *x = cohort_at(women, 20, "trait_ln", k);
        snprintf(what, sizeof what, "trait %zu", k);
        check_variance(&f, x, N, variance, what);
        snprintf(what, sizeof what, "rASM and trait %zu", k);
        check_r(&f, at(20, "index_ln"), x, N, covariance / sqrt(variance * (0.01 + v)), what);
    }
    family_end(&f);
}

/* B10. ln aBMD = .60 C + .30 D + .20 T at the neck: its loadings are the same sums of the traits'
   loadings, its own parts add in squares. Age alone: .5 % a year of log trait over 5 years before
   25 gives + .025 (.6 + .3 + .2). A T-score of -1 is aBMD .738 of a normal .858, a share
   Phi((ln(.738/.858) - mean)/sd) of a log-normal. */
static void density_and_t_scores_follow_from_the_traits(void **state)
{
    (void)state;
    static const double weight[] = {.60, 0, 0, 0, .20, 0, 0, 0, 0, .30};
    struct family f;
    double k = 0, l = 0, a = 0, variance = 0, mean = 0.025 * 1.1;
    for (size_t i = 0; i < SNW_N_TRAIT; i++) {
        k += weight[i] * kappa[i];
        l += weight[i] * shared[i];
        a += weight[i] * shared_change[i];
        variance += pow(weight[i] * own[i], 2) + pow(weight[i] * change[i], 2);
    }
    variance += l * l + a * a + through_muscle(k, a, k, a);
    double below = (log(1 - 0.12 / 0.858) - mean) / sqrt(2 * variance);
    double far_below = (log(1 - 2.5 * 0.12 / 0.858) - mean) / sqrt(2 * variance);
    family_begin(&f, "B10 density at 20", LEVEL);
    check_mean(&f, at(20, "abmd_neck_ln"), N, mean, "ln aBMD");
    check_variance(&f, at(20, "abmd_neck_ln"), N, variance, "ln aBMD");
    check_share_below(&f, at(20, "abmd_neck_ln"), N, log(1 - 0.12 / 0.858), 0.5 * erfc(-below),
                      "T-scores to -1");
    check_share_below(&f, at(20, "abmd_neck_ln"), N, log(1 - 2.5 * 0.12 / 0.858),
                      0.5 * erfc(-far_below), "T-scores to -2.5");
    family_end(&f);
}

/* B11. With weight z, u = max(1 - .3 z, 0); E u = Phi(1/.3) + .3 phi(1/.3) = 1.00001. Everybody is
   past FMP + 10 at 80: E A1 = 3 E u, E A2 = (8 - 8^2/16) E u = 4 E u, also where weight varies over
   the years, as menopause does not depend on it. A trait then stands at R 3 + Q 4 % and 55 years of
   -.5 %. */
static void menopausal_loss_adds_up_to_3_and_4_years(void **state)
{
    (void)state;
    struct family f;
    double c = 1 / 0.3, u = 0.5 * erfc(-c / sqrt(2)) + 0.3 * exp(-c * c / 2) / sqrt(2 * pi);
    family_begin(&f, "B11 menopausal years", LEVEL);
    check_mean(&f, at(80, "menopause_early_yr"), N, 3 * u, "A1 at 80");
    check_mean(&f, at(80, "menopause_late_yr"), N, 4 * u, "A2 at 80");
    check_mean(&f, cohort_at(women, 80, "trait_ln", SNW_TRAB_SPINE), N,
               -0.275 - 0.034 * 3 * u - 0.001 * 4 * u, "T_LS at 80");
    check_mean(&f, cohort_at(women, 80, "trait_ln", SNW_CTTH_NECK), N,
               -0.275 - 0.014 * 3 * u - 0.002 * 4 * u, "C_FN at 80");
    family_end(&f);
}

/* B12: loss c ((a - 30)/40)^2 x a factor of mean 1 and log SD .35: 5 cm at 70, 7.8125 at 80;
   variance 6^2 + loss^2 (e^.1225 - 1). */
static void height_is_lost_as_the_square_of_age(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "B12 height", LEVEL);
    check_mean(&f, at(20, "height_cm"), N, 164, "height at 20");
    check_mean(&f, at(70, "height_cm"), N, 159, "height at 70");
    check_mean(&f, at(80, "height_cm"), N, 164 - 7.8125, "height at 80");
    check_variance(&f, at(80, "height_cm"), N, 36 + 7.8125 * 7.8125 * expm1(0.1225),
                   "height at 80");
    family_end(&f);
}

static double phi(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

/* B13: F = .966 N(52.7, 3.57) + .034 U(35, 45), shifted by -1.3 (I - .17), I Bernoulli(.17):
   mean .966 x 52.7 + .034 x 40; variance .966 (3.57^2 + 52.7^2) + .034 (100/12 + 40^2) - mean^2
   + 1.3^2 x .17 x .83. */
static void menopause_has_the_age_of_its_mixture(void **state)
{
    (void)state;
    struct family f;
    double mean = 0.966 * 52.7 + 0.034 * 40, share[2] = {0, 0};
    double variance = 0.966 * (3.57 * 3.57 + 52.7 * 52.7) + 0.034 * (100.0 / 12 + 1600) -
                      mean * mean + 1.69 * 0.17 * 0.83;
    for (int smokes = 0; smokes < 2; smokes++)
        for (int k = 0; k < 2; k++) {
            double shift = -1.3 * (smokes - 0.17), cut = (k ? 45 : 40) - shift;
            double early = fmin(1, (cut - 35) / 10), natural = phi((cut - 52.7) / 3.57);
            share[k] += (smokes ? 0.17 : 0.83) * (0.034 * early + 0.966 * natural);
        }
    family_begin(&f, "B13 age at menopause", LEVEL);
    check_mean(&f, at(20, "fmp_age_yr"), N, mean, "FMP");
    check_variance(&f, at(20, "fmp_age_yr"), N, variance, "FMP");
    check_share_below(&f, at(20, "fmp_age_yr"), N, 40, share[0], "FMP to 40");
    check_share_below(&f, at(20, "fmp_age_yr"), N, 45, share[1], "FMP to 45");
    family_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_autoregression_has_its_stationary_variance_at_every_age),
        cmocka_unit_test(autocorrelation_falls_as_a_power),
        cmocka_unit_test(the_spread_of_muscle_grows_as_its_innovations),
        cmocka_unit_test(innovations_correlate_as_asked),
        cmocka_unit_test(lasting_parts_correlate_as_asked),
        cmocka_unit_test(grip_and_gait_have_the_spread_of_their_parts),
        cmocka_unit_test(igfbp2_has_the_spread_of_its_parts),
        cmocka_unit_test(rasm_correlates_with_each_trait_by_kappa_and_loadings),
        cmocka_unit_test(density_and_t_scores_follow_from_the_traits),
        cmocka_unit_test(menopausal_loss_adds_up_to_3_and_4_years),
        cmocka_unit_test(height_is_lost_as_the_square_of_age),
        cmocka_unit_test(menopause_has_the_age_of_its_mixture),
    };
    return cmocka_run_group_tests(tests, make_women, drop_women);
}
