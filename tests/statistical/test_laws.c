/* Every law that the kernels draw from, through the production path: keyed words of each year, the
   process that reads them, the walk over the few. Cells, moments and tails against GSL. */
#include "support/near.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "statistical/family.h"
#include "statistical/sums.h"
#include "statistical/walk.h"
#include "support/starting.h"

#define LEVEL 1e-3 /* chance that one test of this file fails though all is right */

enum { LANES = 1024, BLOCKS = 1000, N = LANES * BLOCKS, AGE = 60, CELLS = 22 };

static const struct snw_kernels *kernels;
static struct snw_block *b;
static struct snw_luck *luck;
static struct snw_happenings *out;
static struct snw_model *model; /* of the defaults, for its curves */
static struct snw_year_coef c;  /* all 0 but for what a test sets */

static const struct snw_key key = {2012, 0};

static int make_room(void **state)
{
    (void)state;
    static struct snw_params params;
    kernels = snw_kernels_best();
    b = snw_alloc(sizeof *b);
    luck = snw_alloc(sizeof *luck);
    out = snw_alloc(sizeof *out);
    model = snw_alloc(sizeof *model);
    if (!b || !luck || !out || !model)
        return -1;
    snw_params_start(&params);
    params.falls_variance_lasting[0] = 1.5;
    snw_model_build(model, &params);
    return 0;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(b);
    snw_free(luck);
    snw_free(out);
    snw_free(model);
    return 0;
}

/* Nobody falls, breaks or dies, and nothing is known, until the test says so. */
static void clear(void)
{
    memset(&c, 0, sizeof c);
    c.shapes = &model->shapes;
    c.age = AGE;
    c.fall_variance = 1;
    c.fall_rate_ln = -80;
    c.injury_logit = -50;
    c.hip_late = c.vertebral_rr = 1;
}

/* A block of people number `block` with the luck of the year. */
static void begin(uint32_t block)
{
    memset(b, 0, sizeof *b);
    world_people(b, LANES, SNW_MALE, block * LANES);
    b->age = AGE;
    for (size_t i = 0; i < LANES; i++)
        b->hip_age_yr[i] = b->vertebral_age_yr[i] = -1000;
    kernels->luck(luck, key, b->n, b->person, b->replicate, AGE, SNW_SLOT_YEAR_FIRST,
                  SNW_N_YEAR_SLOTS);
}

static void live(void)
{
    snw_run_phase(kernels, SNW_RISK, b, &c, luck);
    kernels->happen(b, &c, luck, key, 0, out);
    assert_int_equal(out->overflow, 0);
}

/* Cells 0 .. CELLS - 2 and the tail above them, those with few expected drawn together. */
static void check_cells(struct family *f, const double count[CELLS], const double p[CELLS],
                        const char *what)
{
    double chi_square = 0, expected = 0, seen = 0;
    int df = -1;
    for (int k = 0; k < CELLS; k++) {
        family_count(f, count[k], N, p[k], "%s, cell %d: %.0f not %.1f", what, k, count[k],
                     N * p[k]);
        expected += N * p[k];
        seen += count[k];
        if (expected < 10)
            continue;
        chi_square += (seen - expected) * (seen - expected) / expected;
        df++;
        expected = seen = 0;
    }
    family_chi_square(f, chi_square, df, "%s, all cells", what);
}

/* Negative binomial: mean l, variance l + v l^2, shape 1/v. */
static void fall_counts_are_negative_binomial_to_the_last_cell(void **state)
{
    (void)state;
    static const double rates[][2] = {
        {0.05, 1.15}, {0.4, 1.15}, {1.2, 1.15}, {3.5, 1.15}, {2, 0.3}};
    struct family f;
    family_begin(&f, "fall counts", LEVEL);
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        double l = rates[r][0], v = rates[r][1], count[CELLS] = {0}, p[CELLS];
        struct sums s = {0};
        char what[48];
        clear();
        c.fall_rate_ln = SNW_R(log(l));
        c.fall_variance = SNW_R(v);
        for (uint32_t block = 0; block < BLOCKS; block++) {
            begin(block);
            /* median proneness has ln G of its own: rate l for everybody needs it taken off */
            snw_run_process(kernels, "falls_propensity", b, &c, luck);
            for (size_t i = 0; i < LANES; i++)
                b->fall_rate_treated[i] = -b->log_proneness[i];
            live();
            for (size_t i = 0; i < LANES; i++) {
                double n = (double)b->n_falls[i];
                count[(int)fmin(n, CELLS - 1)] += 1;
                sums_add(&s, n, 0);
            }
        }
        double q = 1 / (1 + v * l);
        for (unsigned k = 0; k < CELLS - 1; k++)
            p[k] = gsl_ran_negative_binomial_pdf(k, q, 1 / v);
        p[CELLS - 1] = gsl_cdf_negative_binomial_Q(CELLS - 2, q, 1 / v);
        snprintf(what, sizeof what, "rate %g, variance %g", l, v);
        check_cells(&f, count, p, what);
        double variance = l + v * l * l;
        family_z(&f, (sums_mean(&s) - l) / sqrt(variance / N), "%s: mean %.4f", what,
                 sums_mean(&s));
        print_message("%s: mean %.4f, variance %.4f not %.4f\n", what, sums_mean(&s),
                      sums_variance(&s), variance);
    }
    family_end(&f);
}

static void fractures_without_a_fall_are_poisson_to_the_last_cell(void **state)
{
    (void)state;
    static const double means[] = {0.003, 0.05, 0.7, 2};
    struct family f;
    family_begin(&f, "fractures without a fall", LEVEL);
    for (size_t r = 0; r < sizeof means / sizeof means[0]; r++) {
        double count[CELLS] = {0}, p[CELLS], at[64] = {0}, n = 0;
        char what[48];
        clear();
        c.per_year[SNW_LEG] = SNW_R(means[r]);
        for (uint32_t block = 0; block < BLOCKS; block++) {
            begin(block);
            live();
            for (size_t i = 0; i < LANES; i++)
                count[(int)b->n_fractures[SNW_LEG][i]] += 1;
            for (size_t k = 0; k < out->n; k++, n++)
                at[(int)(64 * (double)out->event[k].time_yr)] += 1;
        }
        for (unsigned k = 0; k < CELLS - 1; k++)
            p[k] = gsl_ran_poisson_pdf(k, means[r]);
        p[CELLS - 1] = gsl_cdf_poisson_Q(CELLS - 2, means[r]);
        snprintf(what, sizeof what, "mean %g", means[r]);
        check_cells(&f, count, p, what);
        double chi_square = 0;
        for (int k = 0; k < 64; k++)
            chi_square += pow(at[k] - n / 64, 2) / (n / 64);
        family_chi_square(&f, chi_square, 63, "%s: times uniform in the year", what);
    }
    family_end(&f);
}

/* -- continuous laws: counts in 200 cells of equal chance, moments, and what lies beyond 10^-k --
 */

enum { EQUAL = 200 };

struct law {
    double n, cell[EQUAL], below[8], above[8];
    struct sums value;
};

/* x with probability p below it and q above, the smaller of the two exact. */
static void law_add(struct law *law, double x, double p, double q)
{
    law->n += 1;
    sums_add(&law->value, x, x * x);
    law->cell[(int)fmin(EQUAL - 1, p * EQUAL)] += 1;
    for (int k = 1; k < 7; k++) {
        law->below[k] += p <= pow(10, -k);
        law->above[k] += q <= pow(10, -k);
    }
}

static void law_check(struct family *f, const struct law *law, const char *what)
{
    double chi_square = 0;
    for (int k = 0; k < EQUAL; k++)
        chi_square += pow(law->cell[k] - law->n / EQUAL, 2) / (law->n / EQUAL);
    family_chi_square(f, chi_square, EQUAL - 1, "%s in %d cells", what, EQUAL);
    for (int k = 1; k < 7; k++) {
        family_count(f, law->below[k], law->n, pow(10, -k), "%s below 1e-%d: %.0f", what, k,
                     law->below[k]);
        family_count(f, law->above[k], law->n, pow(10, -k), "%s above 1 - 1e-%d: %.0f", what, k,
                     law->above[k]);
    }
}

/* Shape 1/1.5: mean 1, variance 1.5; SE of the variance with the gamma's kurtosis 3 + 6 x 1.5. */
static void proneness_is_gamma_with_mean_1(void **state)
{
    (void)state;
    struct law g = {0};
    struct family f;
    clear();
    for (uint32_t block = 0; block < BLOCKS; block++) {
        begin(block);
        memcpy(b->fall_prone_z, SNW_YEAR_LUCK(luck, fall_prone), LANES * sizeof *b->fall_prone_z);
        snw_run_process(kernels, "falls_propensity", b, &c, luck);
        for (size_t i = 0; i < LANES; i++) {
            double x = exp((double)b->log_proneness[i]);
            law_add(&g, x, gsl_cdf_gamma_P(x, 1 / 1.5, 1.5), gsl_cdf_gamma_Q(x, 1 / 1.5, 1.5));
        }
    }
    family_begin(&f, "proneness", LEVEL);
    law_check(&f, &g, "G");
    family_z(&f, (sums_mean(&g.value) - 1) / sqrt(1.5 / N), "mean %.5f", sums_mean(&g.value));
    family_z(&f, (sums_variance(&g.value) - 1.5) / (1.5 * sqrt((3 + 6 * 1.5 - 1) / N)),
             "variance %.4f", sums_variance(&g.value));
    print_message("G: mean %.5f, variance %.5f; beyond 1e-5: %.0f below, %.0f above, of %.1f\n",
                  sums_mean(&g.value), sums_variance(&g.value), g.below[5], g.above[5], 1e-5 * N);
    family_end(&f);
}

/* ln h ~ N(-.35^2/2, .35): mean 1, variance e^.1225 - 1. */
static void height_loss_is_log_normal_with_mean_1(void **state)
{
    (void)state;
    static struct snw_luck born;
    struct law h = {0};
    struct family f;
    double v = 0.35 * 0.35, variance = expm1(v);
    double kurtosis = exp(4 * v) + 2 * exp(3 * v) + 3 * exp(2 * v) - 3;
    model->birth[SNW_MALE].height_loss_log_sd = SNW_R(0.35);
    for (uint32_t block = 0; block < BLOCKS; block++) {
        begin(block);
        kernels->luck(&born, key, b->n, b->person, b->replicate, 0, SNW_SLOT_BIRTH_FIRST,
                      SNW_N_BIRTH_SLOTS);
        kernels->birth(b, &model->birth[SNW_MALE], &born, luck);
        for (size_t i = 0; i < LANES; i++) {
            double x = (double)b->height_loss_factor[i];
            law_add(&h, x, gsl_cdf_lognormal_P(x, -v / 2, 0.35),
                    gsl_cdf_lognormal_Q(x, -v / 2, 0.35));
        }
    }
    family_begin(&f, "height loss", LEVEL);
    law_check(&f, &h, "factor");
    family_z(&f, (sums_mean(&h.value) - 1) / sqrt(variance / N), "mean %.5f", sums_mean(&h.value));
    family_z(&f, (sums_variance(&h.value) - variance) / (variance * sqrt((kurtosis - 1) / N)),
             "variance %.5f", sums_variance(&h.value));
    print_message("height loss: mean %.5f, variance %.5f not %.5f\n", sums_mean(&h.value),
                  sums_variance(&h.value), variance);
    family_end(&f);
}

/* Hazard h r(t), r 6 for the rest of the half year after a hip fracture at age 59.8, 1 later:
   cumulative 6 h t to t = .3, then 1.8 h + h (t - .3). */
static double cumulative(double h, double t, int after_hip)
{
    if (!after_hip)
        return h * t;
    return h * (6 * fmin(t, 0.3) + fmax(0, t - 0.3));
}

static void times_of_death_are_piecewise_exponential(void **state)
{
    (void)state;
    static const double hazards[] = {0.002, 0.1, 0.5};
    struct family f;
    family_begin(&f, "times of death", LEVEL);
    for (size_t r = 0; r < 3; r++)
        for (int after_hip = 0; after_hip < 2; after_hip++) {
            double h = hazards[r], dead = -expm1(-cumulative(h, 1, after_hip)), deaths = 0;
            double *u = malloc(N * sizeof *u);
            char what[64];
            assert_non_null(u);
            clear();
            c.death_hazard = SNW_R(h);
            c.hip_early = 6;
            for (uint32_t block = 0; block < BLOCKS; block++) {
                begin(block);
                for (size_t i = 0; i < LANES && after_hip; i++)
                    b->hip_age_yr[i] = SNW_R(AGE - 0.2);
                live();
                for (size_t i = 0; i < LANES; i++)
                    if (b->lived_yr[i] < SNW_R(1))
                        u[(size_t)deaths++] =
                            -expm1(-cumulative(h, (double)b->lived_yr[i], after_hip)) / dead;
            }
            snprintf(what, sizeof what, "hazard %g%s", h, after_hip ? ", a hip broken before" : "");
            family_count(&f, deaths, N, dead, "%s: deaths %.0f not %.0f", what, deaths, N * dead);
            family_uniform(&f, u, (size_t)deaths, what);
            free(u);
        }
    family_end(&f);
}

/* One fall in everybody: times, sites with chances .1 .2 .15 .05 .25 .1 and none .15, of these .2
   injured; .7 of the injured and .4 of the others reported. */
static void a_fall_takes_each_turn_with_its_chance(void **state)
{
    (void)state;
    static const double site[] = {0.1, 0.2, 0.15, 0.05, 0.25, 0.1};
    double broken[SNW_N_SITE] = {0}, hurt = 0, hurt_told = 0, harmless = 0, harmless_told = 0;
    double at[64] = {0}, events = 0, chi_square = 0;
    struct family f;
    clear();
    c.fall_variance = SNW_R(0.01); /* P(0) = 0, and rate .. one fall for u below P(0) + P(1) only */
    c.injury_logit = SNW_R(log(0.2 / 0.8));
    c.p_report_injury = SNW_R(0.7);
    c.p_report_harmless = SNW_R(0.4);
    for (int s = 0; s < SNW_N_SITE; s++)
        c.per_fall[s] = SNW_R(site[s]);
    for (uint32_t block = 0; block < BLOCKS; block++) {
        begin(block);
        snw_run_phase(kernels, SNW_RISK, b, &c, luck);
        for (size_t i = 0; i < LANES; i++) {
            b->fall_rate[i] = 1;
            b->n_falls[i] = -1;
            SNW_YEAR_LUCK(luck, falls)[i] = SNW_R(0.5); /* the second of the cells .37 .37 .18 */
        }
        kernels->happen(b, &c, luck, key, 0, out);
        for (size_t i = 0; i < LANES; i++) {
            double fractures = 0, injured = (double)b->n_injuries[i];
            assert_true(b->n_falls[i] == 1);
            for (int s = 0; s < SNW_N_SITE; s++) {
                broken[s] += (double)b->n_fractures[s][i];
                fractures += (double)b->n_fractures[s][i];
            }
            hurt += injured + fractures;
            hurt_told += (injured + fractures) * (double)b->n_reported[i];
            harmless += 1 - injured - fractures;
            harmless_told += (1 - injured - fractures) * (double)b->n_reported[i];
        }
        for (size_t k = 0; k < out->n; k++, events++)
            at[(int)(64 * (double)out->event[k].time_yr)] += 1;
    }
    family_begin(&f, "turns of a fall", LEVEL);
    for (int s = 0; s < SNW_N_SITE; s++)
        family_count(&f, broken[s], N, site[s], "site %d", s);
    family_count(&f, harmless, N, 0.15 * 0.8, "harmless");
    family_count(&f, hurt_told, hurt, 0.7, "reported with injury");
    family_count(&f, harmless_told, harmless, 0.4, "reported without");
    for (int k = 0; k < 64; k++)
        chi_square += pow(at[k] - events / 64, 2) / (events / 64);
    family_chi_square(&f, chi_square, 63, "times");
    family_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fall_counts_are_negative_binomial_to_the_last_cell),
        cmocka_unit_test(fractures_without_a_fall_are_poisson_to_the_last_cell),
        cmocka_unit_test(proneness_is_gamma_with_mean_1),
        cmocka_unit_test(height_loss_is_log_normal_with_mean_1),
        cmocka_unit_test(times_of_death_are_piecewise_exponential),
        cmocka_unit_test(a_fall_takes_each_turn_with_its_chance),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
