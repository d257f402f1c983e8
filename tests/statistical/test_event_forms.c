/* Falls, fractures, frailty, residence and disability against values derived on paper: E1 .. E13 of
   README.md. The parameters are stated here, and so is the frozen reference: nobody dies. */
#include "support/near.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_expint.h>
#include <stdio.h>
#include <string.h>

#include "statistical/cohort.h"

#define LEVEL 1e-3 /* chance that one test of this file fails though all is right */
#define FALLS 0.8  /* lambda, a year */
#define NO_FALLS 1e-9

enum { N = 60000 };

static const double pi = 3.14159265358979323846;

static double logit(double p)
{
    return log(p / (1 - p));
}

/* Falls by proneness alone: lasting and yearly multipliers are both exponential with mean 1. */
static void falls_by_proneness(struct snw_params *p)
{
    p->falls_per_weakness[0] = p->falls_frail[0] = p->falls_nursing_home[0] = 0;
    p->falls_variance_lasting[0] = p->falls_variance_yearly[0] = 1;
    p->falls_phi[0] = 0.9;
    p->falls_ascertainment[0] = 0.7;
    p->falls_injury_rule[0] = 1;
    p->falls_injury_intercept[0] = logit(0.2);
    p->falls_injury_female[0] = p->falls_injury_per_decade[0] = 0;
    for (int i = 0; i < SNW_N_SEXES * SNW_N_AGE_GRADIENT; i++)
        p->fractures_rr_hip[i] = 1;
    p->fractures_rr_vertebral[0] = p->fractures_rr_other[0] = p->fractures_rr_trauma[0] = 1;
    p->fractures_prior_rr[0] = 1;
    p->fractures_mild_falls[0] = 0;
}

/* A frozen reference of `falls` a year, in which nothing breaks and nobody moves. */
static struct world *world_of(void (*change)(struct snw_params *p), double falls)
{
    struct world *w = world_immortal(change);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            struct snw_reference_year *r = &w->reference.frozen.year[sex][i];
            r->fall_rate = falls;
            memset(r->per_fall, 0, sizeof r->per_fall);
            memset(r->per_year, 0, sizeof r->per_year);
            r->enter_home = 0;
        }
    world_freeze(w);
    return w;
}

static void let_break(struct world *w, enum snw_site site, double per_fall, double per_year)
{
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            w->reference.frozen.year[sex][i].per_fall[site] = per_fall;
            w->reference.frozen.year[sex][i].per_year[site] = per_year;
        }
    world_freeze(w);
}

/* E 1/(1 + l G) for exponential G: (1/l) e^(1/l) E1(1/l). */
static double none(double l)
{
    return exp(1 / l) * gsl_sf_expint_E1(1 / l) / l;
}

/* E (l G/(1 + l G))^2 = 1 - 2 E 1/(1 + l G) + E 1/(1 + l G)^2, the last by parts (1 - none)/l. */
static double two_or_more(double l)
{
    return 1 - 2 * none(l) + (1 - none(l)) / l;
}

/* Share of persons in whom a count is below `least`. */
static void check_fewer(struct family *f, const float *count, double least, double share,
                        const char *what)
{
    check_share_below(f, count, N, least - 0.5, share, what);
}

/* E1. Given G, n is geometric with mean l G (negative binomial, shape 1): P(n >= k) =
   (l G/(1 + l G))^k. var n = l + l^2 (vE (1 + vG) + vG) = l + 3 l^2.
   E2. Thinned by .7 it is the same with .7 l: those reported; by .2, injuries. */
static void falls_are_counted_as_a_mixed_negative_binomial(void **state)
{
    (void)state;
    static const int ages[] = {44, 0};
    struct world *w = world_of(falls_by_proneness, FALLS);
    struct cohort *c = cohort_new(w, SNW_FEMALE, N, ages, YEAR_END);
    const float *falls = cohort_at(c, 44, "n_falls", 0), *told = cohort_at(c, 44, "n_reported", 0);
    const float *hurt = cohort_at(c, 44, "n_injuries", 0);
    struct family f;
    family_begin(&f, "E1 E2 falls", LEVEL);
    check_mean(&f, falls, N, FALLS, "falls");
    check_variance(&f, falls, N, FALLS + 3 * FALLS * FALLS, "falls");
    check_fewer(&f, falls, 1, none(FALLS), "no fall");
    check_fewer(&f, falls, 2, 1 - two_or_more(FALLS), "at most one fall");
    check_mean(&f, told, N, 0.7 * FALLS, "reported falls");
    check_fewer(&f, told, 1, none(0.7 * FALLS), "no reported fall");
    check_fewer(&f, told, 2, 1 - two_or_more(0.7 * FALLS), "at most one reported fall");
    check_mean(&f, hurt, N, 0.2 * FALLS, "injuries");
    check_fewer(&f, hurt, 1, none(0.2 * FALLS), "no injury");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

/* G = -ln Phi(-x) has the Hermite series sum c_k He_k(x)/sqrt(k!); for x, y normal with correlation
   r Mehler's formula gives cov(G(x), G(y)) = sum over k >= 1 of c_k^2 r^k. c_k by the trapezoidal
   rule, which is exact to rounding for smooth functions that vanish at the ends. */
static double proneness_covariance(double r)
{
    enum { TERMS = 40, STEPS = 4000 };
    double c[TERMS] = {0}, covariance = 0;
    for (int i = 0; i <= STEPS; i++) {
        double x = -10 + 20.0 * i / STEPS, h[TERMS];
        double weight = exp(-x * x / 2) / sqrt(2 * pi) * 20 / STEPS;
        double g = -log(gsl_cdf_ugaussian_Q(x));
        h[0] = 1;
        h[1] = x;
        for (int k = 2; k < TERMS; k++) /* normalised: He_k/sqrt(k!) */
            h[k] = (x * h[k - 1] - sqrt(k - 1) * h[k - 2]) / sqrt(k);
        for (int k = 0; k < TERMS; k++)
            c[k] += weight * g * h[k];
    }
    for (int k = 1; k < TERMS; k++)
        covariance += c[k] * c[k] * pow(r, k);
    return covariance;
}

/* E3: cov(n(a), n(b)) = l^2 cov(G(a), G(b)), whose latent normals correlate by .9^(b - a). */
static void falls_of_different_years_are_bound_by_lasting_proneness(void **state)
{
    (void)state;
    static const int ages[] = {50, 51, 60, 0};
    struct world *w = world_of(falls_by_proneness, FALLS);
    struct cohort *c = cohort_new(w, SNW_MALE, N, ages, YEAR_END);
    const float *first = cohort_at(c, 50, "n_falls", 0), *next = cohort_at(c, 51, "n_falls", 0);
    struct family f;
    family_begin(&f, "E3 falls of two years", LEVEL);
    assert_near(proneness_covariance(1), 1, 1e-3); /* var G */
    check_covariance(&f, first, next, N, FALLS * FALLS * proneness_covariance(0.9), "lag 1");
    check_covariance(&f, first, cohort_at(c, 60, "n_falls", 0), N,
                     FALLS * FALLS * proneness_covariance(pow(0.9, 10)), "lag 10");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

/* E4. A fall breaks the hip with chance .1: P(no broken hip) = E 1/(1 + .1 l G). Without a fall
   bones break as a Poisson count: P(none) = e^-.05. Only other falls injure: mean l .9 .2. */
static void bones_break_as_thinned_falls_and_as_poisson(void **state)
{
    (void)state;
    static const int ages[] = {60, 0};
    struct world *w = world_of(falls_by_proneness, FALLS);
    let_break(w, SNW_HIP, 0.1, 0);
    let_break(w, SNW_LEG, 0, 0.05);
    struct cohort *c = cohort_new(w, SNW_FEMALE, N, ages, YEAR_END);
    const float *hip = cohort_at(c, 60, "n_fractures", SNW_HIP);
    const float *leg = cohort_at(c, 60, "n_fractures", SNW_LEG);
    struct family f;
    family_begin(&f, "E4 fractures", LEVEL);
    check_mean(&f, hip, N, 0.1 * FALLS, "hip fractures");
    check_fewer(&f, hip, 1, none(0.1 * FALLS), "no hip fracture");
    check_mean(&f, leg, N, 0.05, "leg fractures");
    check_fewer(&f, leg, 1, exp(-0.05), "no leg fracture");
    check_fewer(&f, leg, 2, 1.05 * exp(-0.05), "at most one leg fracture");
    check_covariance(&f, hip, leg, N, 0, "hip and leg fractures");
    check_mean(&f, cohort_at(c, 60, "n_injuries", 0), N, 0.9 * 0.2 * FALLS, "injuries");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

static void mild_falls(struct snw_params *p)
{
    falls_by_proneness(p);
    p->fractures_mild_falls[0] = 0.5;
}

/* E5: with falls of habitual fallers milder by G^-.5 the mean is .05 l E sqrt(G) = .05 l
 * Gamma(1.5). */
static void habitual_fallers_break_less_a_fall(void **state)
{
    (void)state;
    static const int ages[] = {60, 0};
    struct world *w = world_of(mild_falls, FALLS);
    let_break(w, SNW_HUMERUS, 0.05, 0);
    struct cohort *c = cohort_new(w, SNW_MALE, N, ages, YEAR_END);
    struct family f;
    family_begin(&f, "E5 mild falls", LEVEL);
    check_mean(&f, cohort_at(c, 60, "n_fractures", SNW_HUMERUS), N, 0.05 * FALLS * tgamma(1.5),
               "fractures");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

static void gradients(struct snw_params *p)
{
    falls_by_proneness(p);
    p->falls_per_weakness[0] = 0.5;
    p->fractures_gradient_correction[0] = 1;
    for (int i = 0; i < SNW_N_SEXES * SNW_N_AGE_GRADIENT; i++)
        p->fractures_rr_hip[i] = 2;
    p->fractures_rr_trauma[0] = 1.5;
}

/* A check of a mean of exp(-a x - b y) times `scale`, x and y normal: exp(-mean + variance/2) of
   a x + b y. The sample's own moments are used, whose error is small beside that of the count. */
static void check_exponential(struct family *f, const struct cohort *c, const float *count,
                              const double loading[2], double scale, const char *what)
{
    const float *weak = cohort_at(c, 60, "strength_z", 0),
                *neck = cohort_at(c, 60, "abmd_neck_z", 0);
    struct sums s = {0};
    for (size_t i = 0; i < c->n; i++)
        sums_add(&s, loading[0] * (double)weak[i] + loading[1] * (double)neck[i], 0);
    check_mean(f, count, c->n, scale * exp(-sums_mean(&s) + sums_variance(&s) / 2), what);
}

/* E6: the mean of a log-normal. Men, in whom ln aBMD is normal at every age. */
static void gradients_raise_the_mean_as_a_log_normal(void **state)
{
    (void)state;
    static const int ages[] = {60, 0};
    struct world *w = world_of(gradients, 0.5);
    let_break(w, SNW_HIP, 0.05, 0);
    let_break(w, SNW_LEG, 0, 0.05);
    struct cohort *c = cohort_new(w, SNW_MALE, N, ages, YEAR_END);
    struct family f;
    family_begin(&f, "E6 gradients", LEVEL);
    check_exponential(&f, c, cohort_at(c, 60, "n_falls", 0), (double[]){0.5, 0}, 0.5, "falls");
    check_exponential(&f, c, cohort_at(c, 60, "n_fractures", SNW_HIP), (double[]){0.5, log(2)},
                      0.025, "hip fractures");
    check_exponential(&f, c, cohort_at(c, 60, "n_fractures", SNW_LEG), (double[]){0, log(1.5)},
                      0.05, "leg fractures without a fall");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

static void fresh_fractures(struct snw_params *p)
{
    falls_by_proneness(p);
    p->fractures_prior_rr[0] = 1.8;
    p->fractures_prior_decay[0] = 2.5;
}

/* E7. One fracture at time t, uniform in the year, leaves ln 1.8 e^(-(1.5 - t)/2.5) at the middle
   of the next: mean ln 1.8 x 2.5 e^(-1.5/2.5) (e^(1/2.5) - 1). The fractures of that year follow
   the mean of its exponential (Simpson's rule); those who broke nothing keep a risk of 1. */
static void a_fracture_leaves_a_risk_that_decays(void **state)
{
    (void)state;
    static const int ages[] = {20, 21, 0};
    struct world *w = world_of(fresh_fractures, NO_FALLS);
    let_break(w, SNW_OTHER, 0, 0.2);
    struct cohort *c = cohort_new(w, SNW_FEMALE, N, ages, YEAR_END);
    const float *now = cohort_at(c, 20, "n_fractures", SNW_OTHER);
    const float *next = cohort_at(c, 21, "n_fractures", SNW_OTHER);
    const float *risk = cohort_at(c, 21, "log_prior_risk", 0);
    struct sums left = {0}, again = {0}, others = {0};
    struct family f;
    double ratio = 0;
    for (int k = 0; k <= 100; k++)
        ratio += (k == 0 || k == 100 ? 1
                  : k % 2            ? 4
                                     : 2) /
                 300.0 * pow(1.8, exp(-(1.5 - k / 100.0) / 2.5));
    for (size_t i = 0; i < N; i++) {
        if (now[i] == 1)
            sums_add(&left, (double)risk[i], 0);
        if (now[i] == 1)
            sums_add(&again, (double)next[i], 0);
        if (now[i] == 0)
            sums_add(&others, (double)next[i], 0);
    }
    double mean = log(1.8) * 2.5 * exp(-1.5 / 2.5) * expm1(1 / 2.5);
    family_begin(&f, "E7 prior fracture", LEVEL);
    family_z(&f, (sums_mean(&left) - mean) / (sums_sd(&left) / sqrt(left.n)),
             "risk left: %.4f not %.4f", sums_mean(&left), mean);
    family_z(&f, (sums_mean(&again) - 0.2 * ratio) / (sums_sd(&again) / sqrt(again.n)),
             "fractures after one: %.4f not %.4f", sums_mean(&again), 0.2 * ratio);
    family_z(&f, (sums_mean(&others) - 0.2) / (sums_sd(&others) / sqrt(others.n)),
             "fractures after none: %.4f not .2", sums_mean(&others));
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

/* Chances of moving that depend on nothing: up .2 and .1, down .3 and .4. */
static void even_frailty(struct snw_params *p)
{
    falls_by_proneness(p);
    p->frailty_intercept_robust_prefrail[0] = logit(0.2);
    p->frailty_intercept_prefrail_frail[0] = logit(0.1);
    p->frailty_intercept_prefrail_robust[0] = logit(0.3);
    p->frailty_intercept_frail_prefrail[0] = logit(0.4);
    p->frailty_worse_per_year[0] = p->frailty_better_per_year[0] = 0;
    p->frailty_per_weakness[0] = p->frailty_female[0] = 0;
    p->frailty_hip_fracture[0] = log(2);
}

static void check_frailty(struct family *f, const struct cohort *c, int year, double robust,
                          double frail)
{
    const float *frailty = cohort_at(c, year, "frailty", 0);
    char what[48];
    snprintf(what, sizeof what, "robust at %d", year + 1);
    check_fewer(f, frailty, 1, robust, what);
    snprintf(what, sizeof what, "frail at %d", year + 1);
    check_fewer(f, frailty, 2, 1 - frail, what);
}

/* E8. All are robust at 20: .8 .2 0 at 21; robust .8 .8 + .2 .3, frail .2 .1 at 22. In the long run
   as many go up as down between neighbours: prefrail/robust = .2/.3, frail/prefrail = .1/.4, so 6,
   4 and 1 of 11. */
static void frailty_comes_to_its_stationary_shares(void **state)
{
    (void)state;
    static const int ages[] = {20, 21, 97, 0};
    struct world *w = world_of(even_frailty, NO_FALLS);
    struct cohort *c = cohort_new(w, SNW_FEMALE, N, ages, YEAR_END);
    struct family f;
    family_begin(&f, "E8 frailty", LEVEL);
    check_frailty(&f, c, 20, 0.8, 0);
    check_frailty(&f, c, 21, 0.7, 0.02);
    check_frailty(&f, c, 97, 6.0 / 11, 1.0 / 11);
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

static void hurried_frailty(struct snw_params *p)
{
    even_frailty(p);
    p->frailty_intercept_robust_prefrail[0] = 9.9; /* 1: held to .95 */
    p->frailty_intercept_prefrail_frail[0] = logit(0.8);
    p->frailty_intercept_prefrail_robust[0] = logit(0.6);
}

/* E9. Chances that add up to more than .95 are scaled to it: 1 to .95; .8 and .6 to .95 x 8/14 and
   .95 x 6/14, so that .05 stay. */
static void at_most_95_of_100_move(void **state)
{
    (void)state;
    static const int ages[] = {20, 21, 0};
    struct world *w = world_of(hurried_frailty, NO_FALLS);
    struct cohort *c = cohort_new(w, SNW_MALE, N, ages, YEAR_END);
    struct family f;
    family_begin(&f, "E9 frailty held", LEVEL);
    check_frailty(&f, c, 20, 0.05, 0);
    check_frailty(&f, c, 21, 0.95 * 0.95 * 6 / 14 + 0.05 * 0.05, 0.95 * 0.95 * 8 / 14);
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

static void moving_house(struct snw_params *p)
{
    even_frailty(p);
    p->residence_prefrail[0] = p->residence_frail[0] = 0;
    p->residence_injury[0] = log(3);
    for (int i = 0; i < SNW_N_AGE_LUMP; i++)
        p->residence_after_hip[i] = 0.3;
}

struct split {
    double n, moved;
};

/* E10: entry at a constant hazard .05, three times it after an injurious fall, .3 after a broken
   hip. E11: a broken hip doubles the odds of getting frailer, 1/4 to 1/2: 1/3 instead of .2. */
static void hips_and_injuries_bring_people_into_homes(void **state)
{
    (void)state;
    static const int ages[] = {20, 0};
    struct world *w = world_of(moving_house, FALLS);
    let_break(w, SNW_HIP, 0.1, 0.1);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++)
            w->reference.frozen.year[sex][i].enter_home = 0.05;
    world_freeze(w);
    struct cohort *c = cohort_new(w, SNW_FEMALE, N, ages, YEAR_END);
    const float *hip = cohort_at(c, 20, "n_fractures", SNW_HIP);
    const float *hurt = cohort_at(c, 20, "n_hurt_not_hip", 0);
    const float *moved = cohort_at(c, 20, "nursing_home", 0),
                *frail = cohort_at(c, 20, "frailty", 0);
    struct split home[3] = {{0, 0}}, worse[2] = {{0, 0}};
    for (size_t i = 0; i < N; i++) {
        int k = hip[i] > 0 ? 2 : hurt[i] > 0;
        home[k].n += 1;
        home[k].moved += (double)moved[i];
        worse[hip[i] > 0].n += 1;
        worse[hip[i] > 0].moved += (double)frail[i];
    }
    struct family f;
    family_begin(&f, "E10 E11 homes and hips", LEVEL);
    family_count(&f, home[0].moved, home[0].n, -expm1(-0.05), "moved unhurt");
    family_count(&f, home[1].moved, home[1].n, -expm1(-0.15), "moved after an injury");
    family_count(&f, home[2].moved, home[2].n, 0.3, "moved after a broken hip");
    family_count(&f, worse[0].moved, worse[0].n, 0.2, "prefrail without a broken hip");
    family_count(&f, worse[1].moved, worse[1].n, 1.0 / 3, "prefrail after a broken hip");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

/* E12: who moves in stays: 1 - e^(-.05 n) are residents after n years. */
static void residents_gather_at_a_constant_hazard(void **state)
{
    (void)state;
    static const int ages[] = {29, 49, 0};
    struct world *w = world_of(moving_house, NO_FALLS);
    for (int i = 0; i < SNW_N_AGES; i++)
        w->reference.frozen.year[SNW_MALE][i].enter_home = 0.05;
    world_freeze(w);
    struct cohort *c = cohort_new(w, SNW_MALE, N, ages, YEAR_END);
    struct family f;
    family_begin(&f, "E12 residents", LEVEL);
    check_fewer(&f, cohort_at(c, 29, "nursing_home", 0), 1, exp(-0.5), "at home at 30");
    check_fewer(&f, cohort_at(c, 49, "nursing_home", 0), 1, exp(-1.5), "at home at 50");
    family_end(&f);
    cohort_free(c);
    world_free(w);
}

static void plain_disability(struct snw_params *p)
{
    p->disability_per_year[0] = 0.05;
    memset(p->disability_ln_or, 0, sizeof p->disability_ln_or);
    p->disability_hip_fracture[0] = p->disability_frail[0] = 0;
    p->disability_phi[0] = 0.95;
}

/* E13. Disabled where Phi(x) < P, logit P = d0 + .05 (a - 75): a share P. With d0 = 0 and no slope
   the cut is x = 0 at every age: disabled at two birthdays k years apart with chance
   1/4 + asin(.95^k)/(2 pi) (Sheppard). */
static void the_disabled_are_the_share_of_their_logit_and_stay_so(void **state)
{
    (void)state;
    static const int ages[] = {55, 65, 75, 76, 0};
    struct world *w = world_immortal(plain_disability);
    w->reference.frozen.disability[SNW_FEMALE] = 0;
    w->reference.frozen.disability[SNW_MALE] = logit(0.2);
    world_freeze(w);
    struct cohort *men = cohort_new(w, SNW_MALE, N, ages, YEAR_END);
    w->params.disability_per_year[0] = 0;
    world_freeze(w);
    struct cohort *women = cohort_new(w, SNW_FEMALE, N, ages, YEAR_END);
    struct family f;
    family_begin(&f, "E13 disability", LEVEL);
    check_mean(&f, cohort_at(men, 75, "disabled", 0), N, 0.2, "disabled men at 75");
    check_mean(&f, cohort_at(men, 55, "disabled", 0), N, 1 / (1 + 4 * exp(1)),
               "disabled men at 55");
    const float *now = cohort_at(women, 75, "disabled", 0);
    check_mean(&f, now, N, 0.5, "disabled women at 75");
    check_covariance(&f, now, cohort_at(women, 76, "disabled", 0), N, asin(0.95) / (2 * pi),
                     "disability at 75 and 76");
    check_covariance(&f, now, cohort_at(women, 65, "disabled", 0), N,
                     asin(pow(0.95, 10)) / (2 * pi), "disability at 75 and 65");
    family_end(&f);
    cohort_free(men);
    cohort_free(women);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(falls_are_counted_as_a_mixed_negative_binomial),
        cmocka_unit_test(falls_of_different_years_are_bound_by_lasting_proneness),
        cmocka_unit_test(bones_break_as_thinned_falls_and_as_poisson),
        cmocka_unit_test(habitual_fallers_break_less_a_fall),
        cmocka_unit_test(gradients_raise_the_mean_as_a_log_normal),
        cmocka_unit_test(a_fracture_leaves_a_risk_that_decays),
        cmocka_unit_test(frailty_comes_to_its_stationary_shares),
        cmocka_unit_test(at_most_95_of_100_move),
        cmocka_unit_test(hips_and_injuries_bring_people_into_homes),
        cmocka_unit_test(residents_gather_at_a_constant_hazard),
        cmocka_unit_test(the_disabled_are_the_share_of_their_logit_and_stay_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
