/* What a death is laid to: the parts of the hazard at its instant, cumulated over their sum. */
#include "support/near.h"

#include <string.h>

#include "core/memory.h"
#include "processes/happenings.h"

enum { AGE = 70 };

static struct snw_block *b;
static struct snw_year_coef coef;

static int make_room(void **state)
{
    (void)state;
    b = snw_alloc(sizeof *b);
    return b ? 0 : -1;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(b);
    return 0;
}

/* One woman of 70, average in all. */
static void begin(void)
{
    memset(b, 0, sizeof *b);
    memset(&coef, 0, sizeof coef);
    b->n = 1;
    b->age = AGE;
    coef.age = AGE;
    coef.hip_early = SNW_R(6.28);
    coef.hip_late = SNW_R(1.04);
    coef.vertebral_rr = SNW_R(1.205);
    b->hip_age_yr[0] = b->vertebral_age_yr[0] = -1000;
}

/* Hazard 1 background, hip 5.28, vertebral .205, frail .8, weakness exp(.18) - 1, IGFBP-2
   exp(.15) - 1: cumulated over their sum. */
static void a_death_is_laid_to_the_parts_of_its_hazard(void **state)
{
    (void)state;
    begin();
    coef.death_per_weakness = SNW_R(0.18);
    coef.death_frail = SNW_R(log(1.8));
    coef.death_per_igfbp2 = SNW_R(0.15);
    b->lived_yr[0] = SNW_R(0.3);
    b->hip_age_yr[0] = SNW_R(AGE + 0.1);
    b->vertebral_age_yr[0] = SNW_R(AGE - 4.5);
    b->strength_z[0] = -1;
    b->igfbp2_z[0] = 1;
    b->frailty_opening[0] = 2;
    const double part[] = {1, 5.28, 0.205, 0.8, exp(0.18) - 1, exp(0.15) - 1};
    double sum = 0, from = 0;
    for (int k = 0; k < SNW_N_CAUSES; k++)
        sum += part[k];
    for (int k = 0; k < SNW_N_CAUSES; k++) {
        assert_int_equal(snw_attribute_death(b, &coef, 0, (from + 1e-4) / sum), k);
        assert_int_equal(snw_attribute_death(b, &coef, 0, (from + part[k] - 1e-4) / sum), k);
        from += part[k];
    }
}

/* Background 1 and one excess e: laid to it from u = 1/(1 + e) on. */
static void assert_excess(enum snw_cause cause, double e)
{
    double from = 1 / (1 + e);
    assert_int_equal(snw_attribute_death(b, &coef, 0, from - 1e-4), SNW_CAUSE_BACKGROUND);
    if (e > 0)
        assert_int_equal(snw_attribute_death(b, &coef, 0, from + 1e-4), cause);
    else
        assert_int_equal(snw_attribute_death(b, &coef, 0, 1 - 1e-7), SNW_CAUSE_BACKGROUND);
}

/* Death at .3 of the year: a hip broken .49 years before counts 6.28 - 1, one of .51 years 1.04 -
   1; a vertebra of 4.99 years .205, one of 5.01 nothing. */
static void a_fracture_is_blamed_as_long_as_its_hazard_lasts(void **state)
{
    (void)state;
    begin();
    b->lived_yr[0] = SNW_R(0.3);
    b->hip_age_yr[0] = SNW_R(AGE + 0.3 - 0.49);
    assert_excess(SNW_CAUSE_HIP, 5.28);
    b->hip_age_yr[0] = SNW_R(AGE + 0.3 - 0.51);
    assert_excess(SNW_CAUSE_HIP, 0.04);
    b->hip_age_yr[0] = SNW_R(-1000);
    b->vertebral_age_yr[0] = SNW_R(AGE + 0.3 - 4.99);
    assert_excess(SNW_CAUSE_VERTEBRAL, 0.205);
    b->vertebral_age_yr[0] = SNW_R(AGE + 0.3 - 5.01);
    assert_excess(SNW_CAUSE_VERTEBRAL, 0);
}

static void strength_and_low_igfbp2_are_no_cause_of_death(void **state)
{
    (void)state;
    begin();
    coef.death_per_weakness = SNW_R(0.18);
    coef.death_per_igfbp2 = SNW_R(0.15);
    b->lived_yr[0] = SNW_R(0.3);
    b->strength_z[0] = 2;
    b->igfbp2_z[0] = -2;
    b->frailty[0] = 1; /* prefrail: nothing added */
    for (int k = 0; k < 100; k++)
        assert_int_equal(snw_attribute_death(b, &coef, 0, 0.01 * k), SNW_CAUSE_BACKGROUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_death_is_laid_to_the_parts_of_its_hazard),
        cmocka_unit_test(a_fracture_is_blamed_as_long_as_its_hazard_lasts),
        cmocka_unit_test(strength_and_low_igfbp2_are_no_cause_of_death),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
