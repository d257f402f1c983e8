/* The judge judged: p-values of known statistics, and that a deviation is found and luck is not. */
#include "support/near.h"

#include <stdlib.h>

#include "random/philox.h"
#include "statistical/family.h"

static double uniform(uint32_t i)
{
    uint32_t words[4];
    snw_draw((struct snw_key){5, 0}, i, 0, 0, 0, 0, words);
    return (words[0] + 0.5) / 4294967296.0;
}

/* Tables: two-sided normal 1.96, t of 10 degrees 2.228, chi-square of 3 degrees 7.815: .05 each.
   Binomial of 10 at 1/2: no more than 1 with 11/1024, doubled. */
static void p_values_are_those_of_the_tables(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "tables", 1e-9);
    family_z(&f, -1.959964, "z");
    family_t(&f, 2.228139, 10, "t");
    family_chi_square(&f, 7.814728, 3, "chi-square");
    family_count(&f, 1, 10, 0.5, "binomial");
    family_count(&f, 5000 + 1.959964 * 50, 10000, 0.5, "large binomial");
    const double expected[] = {0.05, 0.05, 0.05, 22.0 / 1024, 0.05};
    for (size_t i = 0; i < 5; i++)
        assert_near(f.check[i].p, expected[i], 1e-6);
    family_end(&f);
}

/* 20,000 uniforms pass both tests, their powers 1.05 neither. */
static void goodness_of_fit_sees_a_bent_sample(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    double *u = malloc(MANY * sizeof *u);
    struct family f;
    assert_non_null(u);
    for (int bent = 0; bent < 2; bent++) {
        for (uint32_t i = 0; i < MANY; i++)
            u[i] = pow(uniform(i), bent ? 1.05 : 1);
        family_begin(&f, bent ? "bent" : "straight", 1e-3);
        family_uniform(&f, u, MANY, "u");
        assert_int_equal(family_rejected(&f), bent ? 2 : 0);
        free(f.check);
    }
    free(u);
}

/* 999 checks of pure luck pass; one of six standard errors more among them does not. */
static void one_deviation_among_a_thousand_is_found(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "a thousand", 1e-3);
    for (uint32_t i = 0; i < 999; i++)
        family_p(&f, uniform(i), "luck %u", i);
    assert_int_equal(family_rejected(&f), 0);
    family_z(&f, 6, "deviation");
    assert_int_equal(family_rejected(&f), 1);
    family_p(&f, (double)NAN, "not a number");
    assert_int_equal(family_rejected(&f), 2);
    free(f.check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_values_are_those_of_the_tables),
        cmocka_unit_test(goodness_of_fit_sees_a_bent_sample),
        cmocka_unit_test(one_deviation_among_a_thousand_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
