/* Survival, person-time and the factor c against values derived on paper: S1 .. S7 of README.md. */
#include "support/near.h"

#include <gsl/gsl_sf_expint.h>
#include <string.h>

#include "statistical/family.h"
#include "statistical/sums.h"
#include "statistical/walk.h"

#define LEVEL 1e-3 /* chance that one test of this file fails though all is right */

enum { N = 60000 };

/* Death by the table alone. */
static void bare(struct snw_params *p)
{
    p->mortality_per_weakness[0] = p->mortality_frail[0] = p->mortality_per_igfbp2[0] = 0;
    p->mortality_hip_late_rr[0] = 1;
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        p->mortality_hip_early_rr[sex] = p->mortality_vertebral_smr[sex] = 1;
    p->falls_per_weakness[0] = p->falls_frail[0] = p->falls_nursing_home[0] = 0;
}

/* What a walk saw in each year of age. */
struct years {
    double n[SNW_N_AGES], deaths[SNW_N_AGES], lived[SNW_N_AGES], falls[SNW_N_AGES];
    struct sums until[SNW_N_AGES]; /* time of death in the year */
    struct sums weak;              /* strength at the birthday WATCHED */
};
enum { WATCHED = 30 };

static void see(const struct snw_block *b, const struct snw_luck *luck, void *to)
{
    (void)luck;
    struct years *y = to;
    int a = b->age - SNW_AGE_FIRST;
    for (size_t i = 0; i < b->n; i++) {
        double lived = (double)b->lived_yr[i];
        y->n[a] += 1;
        y->lived[a] += lived;
        y->falls[a] += (double)b->n_falls[i];
        if (lived < 1) {
            y->deaths[a] += 1;
            sums_add(&y->until[a], lived, 0);
        }
        if (b->age == WATCHED)
            sums_add(&y->weak, (double)b->strength_z[i], 0);
    }
}

/* A walk of mortals through their first years under these chances of death, c = 1. */
static struct years live(struct world *w, enum snw_sex sex, const double q[SNW_N_AGES], int n_years)
{
    struct years y = {0};
    for (int i = 0; i < SNW_N_AGES; i++)
        w->reference.frozen.year[sex][i].death = 1;
    memcpy(w->life.q[sex], q, sizeof w->life.q[sex]);
    world_freeze(w);
    walk(&(struct walk){.model = &w->model,
                        .sex = sex,
                        .n = N,
                        .last_age = SNW_AGE_FIRST + n_years - 1,
                        .key = {1959, 0},
                        .year = see,
                        .to = &y});
    return y;
}

/* S1. Where nothing changes the hazard, all have m = 1 and sum w (1 - e^-cH) = q sum w at c = 1. */
static void without_risk_factors_the_factor_is_1(void **state)
{
    (void)state;
    struct world *w = world_new(bare, 1000);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++)
            assert_near(w->reference.frozen.year[sex][i].death, 1, 1e-9);
    world_free(w);
}

/* S2. l(20 + n) = .98^n; a year lived from a birthday gives q/h years, h = -ln .98; the time of
   death in it has the mean 1/h - 1/(e^h - 1); e20 to 98 is (1 - .98^78)/h, its variance from E T^2
   = 2 int t e^-ht. */
static void a_constant_hazard_leaves_powers_and_an_exponential(void **state)
{
    (void)state;
    double q[SNW_N_AGES], h = -log(0.98), whole = 78, years = 0;
    for (int i = 0; i < SNW_N_AGES; i++)
        q[i] = 0.02;
    struct world *w = world_new(bare, 1000);
    struct years y = live(w, SNW_FEMALE, q, SNW_N_AGES);
    struct family f;
    struct sums until = {0};
    family_begin(&f, "S2 constant hazard", LEVEL);
    for (int i = 1; i < SNW_N_AGES; i++)
        family_count(&f, y.n[i], N, pow(0.98, i), "alive at %d: %.4f", i + SNW_AGE_FIRST,
                     y.n[i] / N);
    for (int i = 0; i < SNW_N_AGES; i++) {
        family_count(&f, y.deaths[i], y.n[i], 0.02, "dead at %d", i + SNW_AGE_FIRST);
        years += y.lived[i];
        until.n += y.until[i].n;
        until.x += y.until[i].x;
        until.xx += y.until[i].xx;
    }
    double mean = (1 - pow(0.98, 78)) / h;
    double square = 2 * (1 / h - exp(-h * whole) * (whole + 1 / h)) / h; /* 2 int t e^-ht */
    family_z(&f, (years / N - mean) / sqrt((square - mean * mean) / N), "e20: %.3f not %.3f",
             years / N, mean);
    family_z(&f, (sums_mean(&until) - (1 / h - 1 / expm1(h))) / (sums_sd(&until) / sqrt(until.n)),
             "time of death in the year: %.5f not %.5f", sums_mean(&until), 1 / h - 1 / expm1(h));
    family_end(&f);
    world_free(w);
}

/* S3. Hazard A e^(b (a - 20)): H(n) = (A/b)(e^bn - 1), l = e^-H, and with s = A/b
   e20 to 98 = (1/b) e^s (E1(s) - E1(s e^78b)). With a hazard that is constant within years H is
   straight between birthdays and lies above the convex one, by h b/12 in the mean of a year: fewer
   years lived, b/12 for each death. */
static void a_gompertz_hazard_gives_its_life_expectancy(void **state)
{
    (void)state;
    double q[SNW_N_AGES], a = 0.0005, b = 0.09, s = a / b, years = 0, squares = 0;
    for (int i = 0; i < SNW_N_AGES; i++)
        q[i] = -expm1(-s * (exp(b * (i + 1)) - exp(b * i)));
    double closed = exp(s) / b * (gsl_sf_expint_E1(s) - gsl_sf_expint_E1(s * exp(78 * b)));
    double dead = 1 - exp(-s * expm1(78 * b)), stepped = closed - dead * b / 12;
    assert_near(snw_life_expectancy(q), stepped, 2e-4);
    struct world *w = world_new(bare, 1000);
    struct years y = live(w, SNW_MALE, q, SNW_N_AGES);
    struct family f;
    family_begin(&f, "S3 Gompertz", LEVEL);
    for (int i = 0; i < SNW_N_AGES; i++) {
        years += y.lived[i];
        squares += y.until[i].xx + 2 * i * y.until[i].x + y.until[i].n * i * i;
        family_count(&f, y.n[i], N, exp(-s * expm1(b * i)), "alive at %d", i + SNW_AGE_FIRST);
    }
    squares += (y.n[SNW_N_AGES - 1] - y.deaths[SNW_N_AGES - 1]) * 78 * 78;
    double sd = sqrt(squares / N - years / N * years / N);
    family_z(&f, (years / N - stepped) / (sd / sqrt(N)), "e20: %.3f not %.3f", years / N, stepped);
    family_end(&f);
    world_free(w);
}

/* S4. Where half die in a year (h = ln 2) q/h = .7213 years are lived in it, and falls come at
   their rate for as long: lambda q/h a person who began it. */
static void falls_end_with_life(void **state)
{
    (void)state;
    double q[SNW_N_AGES] = {0};
    q[0] = 0.5;
    struct world *w = world_new(bare, 1000);
    w->reference.frozen.year[SNW_FEMALE][0].fall_rate = 1.5;
    struct years y = live(w, SNW_FEMALE, q, 1);
    struct family f;
    double share = 0.5 / log(2), until = 1 / log(2) - 1;
    family_begin(&f, "S4 a year in which half die", LEVEL);
    family_count(&f, y.deaths[0], N, 0.5, "deaths");
    family_z(&f, (sums_mean(&y.until[0]) - until) / (sums_sd(&y.until[0]) / sqrt(y.until[0].n)),
             "time of death: %.4f not %.4f", sums_mean(&y.until[0]), until);
    /* variance of a lifetime count: mean + about (vE (1 + vG) + vG) mean^2 = 4.4 mean^2 */
    double mean = 1.5 * share, variance = mean + 4.4 * mean * mean;
    family_z(&f, (y.falls[0] / N - mean) / sqrt(variance / N), "falls: %.4f not %.4f",
             y.falls[0] / N, mean);
    family_end(&f);
    world_free(w);
}

static void weak_die(struct snw_params *p)
{
    bare(p);
    p->mortality_per_weakness[0] = 0.5;
}

/* E exp(-h e^(-.5 z)), z normal, by the trapezoidal rule. */
static double survival(double h, double mean, double sd)
{
    double sum = 0;
    for (int i = 0; i <= 2000; i++) {
        double x = -10 + 0.01 * i;
        sum += 0.01 * exp(-x * x / 2) / sqrt(2 * 3.14159265358979323846) *
               exp(-h * exp(-0.5 * (mean + sd * x)));
    }
    return sum;
}

/* S5. Death at 30 only, q = .4 for z = 0; the survivors are the strong. */
static void the_weak_die_first(void **state)
{
    (void)state;
    double q[SNW_N_AGES] = {0};
    q[WATCHED - SNW_AGE_FIRST] = 0.4;
    struct world *w = world_new(weak_die, 1000);
    struct years y = live(w, SNW_MALE, q, WATCHED + 2 - SNW_AGE_FIRST);
    struct family f;
    double alive = survival(-log(0.6), sums_mean(&y.weak), sums_sd(&y.weak));
    family_begin(&f, "S5 mixed hazards", LEVEL);
    family_count(&f, y.n[WATCHED + 1 - SNW_AGE_FIRST], N, alive, "alive at 31: %.4f not %.4f",
                 y.n[WATCHED + 1 - SNW_AGE_FIRST] / N, alive);
    family_end(&f);
    world_free(w);
}

/* S6. Few die at 20, so c E e^(-.5 z) = 1 and, z being N(0, 1) there, c = e^(-.125). Its stored
   error is that of a mean of log-normals, sqrt((e^.25 - 1)/n). Smoothed over seven ages, c errs no
   more than one age alone. */
static void the_factor_balances_log_normal_risks(void **state)
{
    (void)state;
    enum { PILOTS = 20000 };
    struct world *w = world_new(weak_die, PILOTS);
    double se = sqrt(expm1(0.25) / PILOTS);
    struct family f;
    family_begin(&f, "S6 factor c", LEVEL);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        double c = w->reference.frozen.year[sex][0].death;
        assert_near(w->reference.error.year[sex][0].death / se, 1, 0.1);
        family_z(&f, (c / exp(-0.125) - 1) / se, "c at 20: %.4f not %.4f", c, exp(-0.125));
    }
    family_end(&f);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_risk_factors_the_factor_is_1),
        cmocka_unit_test(a_constant_hazard_leaves_powers_and_an_exponential),
        cmocka_unit_test(a_gompertz_hazard_gives_its_life_expectancy),
        cmocka_unit_test(falls_end_with_life),
        cmocka_unit_test(the_weak_die_first),
        cmocka_unit_test(the_factor_balances_log_normal_risks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
