/* The value of perfect information on some parameters, and one-way sensitivity. */
#include "support/near.h"

#include <stdlib.h>

#include "decision/value.h"
#include "normals.h"

enum { SIDE = 60, GRID = SIDE * SIDE };

static struct snw_ctx ctx;
static const double threshold[] = {50000, 100000};

/* Two strategies: effect .03 + .02 z1, cost 1000 + 400 z2; z1 and z2 on a grid of even quantiles,
   z3 a third parameter that is none of the model's. */
struct model {
    double c[2 * GRID], e[2 * GRID], z[3][GRID];
    struct snw_psa sample;
};

static struct model *linear_model(void)
{
    struct model *m = calloc(1, sizeof *m);
    double z[SIDE];
    uint64_t seed = 11;
    even_normals(z, SIDE);
    for (size_t k = 0; k < GRID; k++) {
        m->z[0][k] = z[k / SIDE];
        m->z[1][k] = z[k % SIDE];
        m->z[2][k] = random_normal(&seed);
        m->e[GRID + k] = 0.03 + 0.02 * m->z[0][k];
        m->c[GRID + k] = 1000 + 400 * m->z[1][k];
    }
    m->sample = (struct snw_psa){2, GRID, m->c, m->e};
    return m;
}

static void a_linear_model_has_the_exact_value(void **state)
{
    (void)state;
    struct model *m = linear_model();
    struct snw_evppi found[2];
    const double *one[] = {m->z[0]}, *two[] = {m->z[1]}, *both[] = {m->z[0], m->z[1]};
    /* net benefit given z1 is N(mean, threshold x .02); given z2 N(mean, 400); sixty quantiles
       stand for a normal within half a hundredth of its SD */
    assert_int_equal(
        snw_evppi_of(&ctx, &m->sample, &(struct snw_regressors){1, GRID, one}, 2, threshold, found),
        SNW_OK);
    assert_near(found[0].value, normal_evpi(500, 1000), 5);
    assert_near(found[1].value, normal_evpi(2000, 2000), 10);
    assert_int_equal(
        snw_evppi_of(&ctx, &m->sample, &(struct snw_regressors){1, GRID, two}, 2, threshold, found),
        SNW_OK);
    assert_near(found[0].value, normal_evpi(500, 400), 2);
    assert_near(found[1].value, normal_evpi(2000, 400), 2);
    assert_int_equal(snw_evppi_of(&ctx, &m->sample, &(struct snw_regressors){2, GRID, both}, 2,
                                  threshold, found),
                     SNW_OK);
    assert_near(found[0].value, normal_evpi(500, sqrt(1000 * 1000 + 400 * 400)), 5.5);
    free(m);
}

static void what_does_not_matter_is_worth_nothing(void **state)
{
    (void)state;
    struct model *m = linear_model();
    struct snw_evppi found[2];
    const double *third[] = {m->z[2]};
    assert_int_equal(snw_evppi_of(&ctx, &m->sample, &(struct snw_regressors){1, GRID, third}, 2,
                                  threshold, found),
                     SNW_OK);
    /* the SD of net benefit is 1,077; six columns of noise in 3,600 draws leave it at 44 unless
       they are taken out, at a distance of 500 from the decision's turn */
    assert_near(found[0].value, 0, 0.01);
    free(m);
}

/* Eight draws: y = 3 + 2 x + r, r at a right angle to both. By a line two coefficients are fitted:
   the residual variance is 8/(8 - 2), of which (2 - 1)/8 is in the fitted values. */
static void a_fit_knows_its_noise(void **state)
{
    (void)state;
    const double x[] = {-1, -1, -1, -1, 1, 1, 1, 1}, r[] = {1, -1, 1, -1, 1, -1, 1, -1};
    const double *one[] = {x};
    double y[16], noise[4];
    struct snw_regression fit;
    for (size_t k = 0; k < 8; k++) {
        y[k] = 3 + 2 * x[k] + r[k];
        y[8 + k] = -10 * r[k];
    }
    assert_int_equal(snw_regression_init(&ctx, &(struct snw_regressors){1, 8, one}, 2, y, &fit),
                     SNW_OK);
    snw_regression_solve(&fit, -1);
    for (size_t k = 0; k < 8; k++) {
        assert_near(fit.fitted[k], 3 + 2 * x[k], 1e-12);
        assert_near(fit.fitted[8 + k], 0, 1e-12);
    }
    snw_regression_noise(&fit, 8, noise);
    assert_near(noise[0], 1.0 / 6, 1e-12);
    assert_near(noise[1], -10.0 / 6, 1e-12);
    assert_near(noise[3], 100.0 / 6, 1e-12);
    snw_regression_free(&fit);
}

static void columns_that_add_nothing_change_nothing(void **state)
{
    (void)state;
    enum { DRAWS = 200 };
    double x[DRAWS], y[DRAWS], once[DRAWS];
    const double *twice[] = {x, x};
    struct snw_regression fit;
    uint64_t seed = 2;
    for (size_t k = 0; k < DRAWS; k++) {
        x[k] = random_normal(&seed);
        y[k] = x[k] * x[k] + random_normal(&seed);
    }
    assert_int_equal(
        snw_regression_init(&ctx, &(struct snw_regressors){1, DRAWS, twice}, 1, y, &fit), SNW_OK);
    snw_regression_solve(&fit, 3);
    for (size_t k = 0; k < DRAWS; k++)
        once[k] = fit.fitted[k];
    snw_regression_free(&fit);
    assert_int_equal(
        snw_regression_init(&ctx, &(struct snw_regressors){2, DRAWS, twice}, 1, y, &fit), SNW_OK);
    snw_regression_solve(&fit, 3);
    for (size_t k = 0; k < DRAWS; k++)
        assert_near(fit.fitted[k], once[k], 1e-6);
    snw_regression_free(&fit);
}

static void a_curve_is_followed(void **state)
{
    (void)state;
    struct model *m = linear_model();
    struct snw_evppi found[2];
    const double *one[] = {m->z[0]};
    double exact = 0, mean = 0;
    for (size_t k = 0; k < GRID; k++) { /* effect rises with the square: no line sees it */
        m->e[GRID + k] = 0.02 * m->z[0][k] * m->z[0][k];
        double net = 50000 * m->e[GRID + k] - 1000;
        exact += fmax(net, 0) / GRID;
        mean += net / GRID;
    }
    assert_int_equal(
        snw_evppi_of(&ctx, &m->sample, &(struct snw_regressors){1, GRID, one}, 1, threshold, found),
        SNW_OK);
    assert_near(found[0].value, exact - fmax(mean, 0), 0.002 * exact);
    free(m);
}

/* What knowledge of z is worth: all of it, or an estimate with an error. */
typedef snw_status worth(const struct snw_psa *sample, const double *z, struct snw_evppi *found);

static snw_status to_know(const struct snw_psa *sample, const double *z, struct snw_evppi *found)
{
    return snw_evppi_of(&ctx, sample, &(struct snw_regressors){1, sample->n_draws, &z}, 1,
                        threshold, found);
}

static snw_status to_estimate(const struct snw_psa *sample, const double *z,
                              struct snw_evppi *found)
{
    return snw_evsi_of(&ctx, sample, &(struct snw_estimate){z, 1}, 1, threshold, found);
}

/* Sixty samples of 400 draws, net benefit N(200, 1000) by z: their mean is the exact value, their
   SD what the standard error says. The SD of sixty has an error of 9 %, the jackknife's own bias
   and the SD of its mean are smaller: within 30 %. */
static void assert_spread(worth *find, uint64_t seed, double exact)
{
    enum { SAMPLES = 60, DRAWS = 400 };
    double c[2 * DRAWS] = {0}, e[2 * DRAWS] = {0}, z[DRAWS], sum = 0, squares = 0, said = 0;
    const struct snw_psa sample = {2, DRAWS, c, e};
    for (size_t s = 0; s < SAMPLES; s++) {
        struct snw_evppi found;
        for (size_t k = 0; k < DRAWS; k++) {
            z[k] = random_normal(&seed);
            e[DRAWS + k] = 0.02 * z[k];
            c[DRAWS + k] = 200 + 600 * random_normal(&seed);
        }
        assert_int_equal(find(&sample, z, &found), SNW_OK);
        sum += found.value;
        squares += found.value * found.value;
        said += found.se / SAMPLES;
    }
    double mean = sum / SAMPLES, sd = sqrt((squares - SAMPLES * mean * mean) / (SAMPLES - 1));
    assert_near(mean, exact, 4 * sd / sqrt(SAMPLES));
    assert_near(said / sd, 1, 0.3);
}

static void the_standard_error_is_the_spread_between_samples(void **state)
{
    (void)state;
    assert_spread(to_know, 5, normal_evpi(200, 1000));
}

static void too_many_parameters_for_the_draws_have_no_value(void **state)
{
    (void)state;
    double c[80] = {0}, e[80] = {0}, z[12][40] = {{0}};
    const double *all[12];
    struct snw_evppi found;
    const struct snw_psa sample = {2, 40, c, e};
    for (size_t i = 0; i < 12; i++)
        all[i] = z[i];
    assert_int_equal(snw_basis_for(1, 70), SNW_BASIS_SPLINE); /* seven coefficients */
    assert_int_equal(snw_basis_for(1, 69), SNW_BASIS_LINE);
    assert_int_equal(snw_basis_for(9, 40), SNW_BASIS_LINE);
    assert_int_equal(snw_basis_for(10, 40), SNW_BASIS_NONE);
    assert_int_equal(
        snw_evppi_of(&ctx, &sample, &(struct snw_regressors){12, 40, all}, 1, threshold, &found),
        SNW_OK);
    assert_true(isnan(found.value) && isnan(found.se));
}

static void one_way_is_the_fit_at_both_ends_of_the_parameter(void **state)
{
    (void)state;
    struct model *m = linear_model();
    double low[2], high[2], z[SIDE];
    even_normals(z, SIDE);
    assert_int_equal(snw_one_way(&ctx, &m->sample, m->z[0], 50000, low, high), SNW_OK);
    /* quantiles .025 and .975 of 3,600 draws in 60 steps are the second and the last but one */
    assert_near(low[1], 500 + 1000 * z[1], 1e-6);
    assert_near(high[1], 500 + 1000 * z[SIDE - 2], 1e-6);
    assert_near(low[0], 0, 0);
    free(m);
}

/* Net benefit e^(1.5 z) is above nought in every draw: nothing can be gained. The straight line
   that forty draws allow is below nought at the lower end. */
static void no_parameter_is_worth_more_than_all_of_them(void **state)
{
    (void)state;
    enum { DRAWS = 40 };
    double c[2 * DRAWS] = {0}, e[2 * DRAWS] = {0}, z[DRAWS];
    const double *one[] = {z};
    const struct snw_psa sample = {2, DRAWS, c, e};
    struct snw_evppi known, tried;
    even_normals(z, DRAWS);
    for (size_t k = 0; k < DRAWS; k++)
        c[DRAWS + k] = -exp(1.5 * z[k]);
    assert_int_equal(snw_basis_for(1, DRAWS), SNW_BASIS_LINE);
    assert_int_equal(
        snw_evppi_of(&ctx, &sample, &(struct snw_regressors){1, DRAWS, one}, 1, threshold, &known),
        SNW_OK);
    assert_int_equal(
        snw_evsi_of(&ctx, &sample, &(struct snw_estimate){z, 0.1}, 1, threshold, &tried), SNW_OK);
    assert_near(known.value, 0, 0);
    assert_near(tried.value, 0, 0);
}

/* Before a trial net benefit is N(mean, SD 1000) by z1 at 50,000; after one whose estimate of z1
   has the error s it is expected to be N(mean, 1000/sqrt(1 + s^2)): s = 1 leaves .7071 of the SD.
   Sixty quantiles are a normal with its tails cut, which the exact value feels by half a hundredth
   of the SD, as above. */
static void a_trial_in_a_normal_model_has_the_exact_value(void **state)
{
    (void)state;
    struct model *m = linear_model();
    const double errors[] = {0.25, 0.5, 1, 2, 4};
    struct snw_evppi found[2];
    for (size_t i = 0; i < 5; i++) {
        double sd = 1 / sqrt(1 + errors[i] * errors[i]);
        assert_int_equal(snw_evsi_of(&ctx, &m->sample, &(struct snw_estimate){m->z[0], errors[i]},
                                     2, threshold, found),
                         SNW_OK);
        assert_near(found[0].value, normal_evpi(500, 1000 * sd), 5);
        assert_near(found[1].value, normal_evpi(2000, 2000 * sd), 10);
    }
    assert_near(normal_evpi(500, 1000 / sqrt(2)), 99.82, 0.01); /* 707.1 x .14117 */
    free(m);
}

static void a_trial_is_worth_more_the_larger_it_is_and_never_more_than_to_know(void **state)
{
    (void)state;
    struct model *m = linear_model();
    const double *one[] = {m->z[0]};
    struct snw_evppi all, found, last = {0, 0};
    assert_int_equal(
        snw_evppi_of(&ctx, &m->sample, &(struct snw_regressors){1, GRID, one}, 1, threshold, &all),
        SNW_OK);
    for (double error = 8; error > 0.003; error /= 2) {
        assert_int_equal(snw_evsi_of(&ctx, &m->sample, &(struct snw_estimate){m->z[0], error}, 1,
                                     threshold, &found),
                         SNW_OK);
        assert_true(found.value >= last.value && found.value <= all.value + 1e-9);
        last = found;
    }
    assert_near(last.value, all.value, 0.005 * all.value);
    assert_int_equal(
        snw_evsi_of(&ctx, &m->sample, &(struct snw_estimate){m->z[0], 1e-12}, 1, threshold, &found),
        SNW_OK);
    assert_near(found.value, all.value, 0.001 * all.value);
    assert_int_equal(
        snw_evsi_of(&ctx, &m->sample, &(struct snw_estimate){m->z[0], 1000}, 1, threshold, &found),
        SNW_OK);
    assert_near(found.value, 0, 0.01);
    free(m);
}

/* An estimate with the error 1 leaves the SD 707.1. */
static void the_standard_error_of_a_trial_is_the_spread_between_samples(void **state)
{
    (void)state;
    assert_spread(to_estimate, 6, normal_evpi(200, 1000 / sqrt(2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_linear_model_has_the_exact_value),
        cmocka_unit_test(what_does_not_matter_is_worth_nothing),
        cmocka_unit_test(a_fit_knows_its_noise),
        cmocka_unit_test(columns_that_add_nothing_change_nothing),
        cmocka_unit_test(a_curve_is_followed),
        cmocka_unit_test(the_standard_error_is_the_spread_between_samples),
        cmocka_unit_test(too_many_parameters_for_the_draws_have_no_value),
        cmocka_unit_test(no_parameter_is_worth_more_than_all_of_them),
        cmocka_unit_test(a_trial_in_a_normal_model_has_the_exact_value),
        cmocka_unit_test(a_trial_is_worth_more_the_larger_it_is_and_never_more_than_to_know),
        cmocka_unit_test(the_standard_error_of_a_trial_is_the_spread_between_samples),
        cmocka_unit_test(one_way_is_the_fit_at_both_ends_of_the_parameter),
    };
    snw_ctx_init(&ctx);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
