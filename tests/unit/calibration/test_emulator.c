/* The emulator: quadratics come back exactly, noise is told from shape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "calibration/emulator.h"
#include "calibration/imis.h"
#include "numerics/distributions.h"

enum { N = 200, OWN = 2, KNOWN = 1, TARGETS = 3 };
static double own[N * OWN], known[N * KNOWN], value[N * TARGETS];
static const struct snw_runs runs = {N, own, known, value};
static struct snw_ctx ctx;

/* 1 + 2 a - 3 b + a b + 5 k; the same with noise of SD 1; 7 whatever happens. */
static int make_runs(void **state)
{
    (void)state;
    double u[N * 4];
    snw_ctx_init(&ctx);
    assert_int_equal(snw_sobol(&ctx, 4, 1, 0, N, u), SNW_OK);
    for (int i = 0; i < N; i++) {
        double a = snw_probit(u[4 * i]), b = snw_probit(u[4 * i + 1]), k = snw_probit(u[4 * i + 2]);
        own[2 * i] = a;
        own[2 * i + 1] = b;
        known[i] = k;
        value[3 * i] = 1 + 2 * a - 3 * b + a * b + 5 * k;
        value[3 * i + 1] = value[3 * i] + snw_probit(u[4 * i + 3]);
        value[3 * i + 2] = 7;
    }
    return 0;
}

static void a_quadratic_comes_back(void **state)
{
    (void)state;
    struct snw_emulator e;
    const double at[2] = {0.5, -1}, k = 2;
    double mean[TARGETS], added[TARGETS];
    assert_int_equal(snw_emulator_fit(&ctx, OWN, KNOWN, TARGETS, &runs, &e), SNW_OK);
    snw_emulator_own(&e, at, mean);
    snw_emulator_known(&e, &k, added);
    /* 1 + 1 + 3 - .5 + 10; shrinking squares and the known part by .1 of a run takes .0005 of them
     */
    assert_true(fabs(mean[0] + added[0] - 14.5) < 0.02);
    assert_true(fabs(added[0] - 10) < 0.02);
    assert_true(mean[2] + added[2] == 7 && e.noise[2] == 0);
    snw_emulator_free(&e);
}

static void noise_is_found_and_averages_out(void **state)
{
    (void)state;
    struct snw_emulator e;
    const double at[2] = {0, 0};
    double mean[TARGETS];
    assert_int_equal(snw_emulator_fit(&ctx, OWN, KNOWN, TARGETS, &runs, &e), SNW_OK);
    double h = snw_emulator_own(&e, at, mean);
    /* the SD of a run is known to 1/sqrt(2 x 193) = .05: three of them */
    assert_true(fabs(e.noise[1] - 1) < 0.15);
    assert_true(e.left_out[1] > e.noise[1] && e.left_out[1] < 1.3);
    /* at the centre the variance is that of seven coefficients over 200 runs, at least 1/200 */
    assert_true(h > 1.0 / N && h < 10.0 / N);
    assert_true(fabs(mean[1] - 1) < 4 * sqrt(h));
    assert_true(e.noise[0] < 0.02);
    snw_emulator_free(&e);
}

static void runs_without_a_value_are_left_out(void **state)
{
    (void)state;
    struct snw_emulator e;
    const double at[2] = {1, 0};
    double mean[TARGETS], kept[5];
    for (int i = 0; i < 5; i++) {
        kept[i] = value[3 * i];
        value[3 * i] = (double)NAN;
    }
    assert_int_equal(snw_emulator_fit(&ctx, OWN, KNOWN, TARGETS, &runs, &e), SNW_OK);
    snw_emulator_own(&e, at, mean);
    /* 1 + 2. Shrunk so strongly, the product and the known score, 5 k, are noise of SD 5.1 to this
       fit: 5.1 sqrt(2/195) = .52 at one SD from the centre, three of them */
    assert_true(isfinite(mean[0]) && fabs(mean[0] - 3) < 1.5);
    for (int i = 0; i < 5; i++)
        value[3 * i] = kept[i];
    snw_emulator_free(&e);
}

static void too_few_runs_are_refused(void **state)
{
    (void)state;
    struct snw_emulator e;
    const struct snw_runs few = {3, own, known, value};
    assert_int_equal(snw_emulator_fit(&ctx, OWN, KNOWN, TARGETS, &few, &e), SNW_ERR_RUN);
    snw_emulator_free(&e);
    snw_ctx_init(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quadratic_comes_back),
        cmocka_unit_test(noise_is_found_and_averages_out),
        cmocka_unit_test(runs_without_a_value_are_left_out),
        cmocka_unit_test(too_few_runs_are_refused),
    };
    return cmocka_run_group_tests(tests, make_runs, NULL);
}
