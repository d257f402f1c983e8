/* Dominance, extended dominance, ratios and quadrants. */
#include "support/near.h"

#include "decision/incremental.h"

/* HIV screening at 1 % prevalence, Paltiel et al. 2006, Ann Intern Med 145:797, table 4: costs and
   quality-adjusted months; ratios as dampack's manual works them out from it. */
static void a_published_table_has_its_known_answer(void **state)
{
    (void)state;
    enum { STATUS_QUO, ONCE, FIVE_YEARS, THREE_YEARS, ANNUAL, N };
    const double cost[N] = {26000, 27000, 28020, 28440, 29440};
    double effect[N] = {277.25, 277.57, 277.78, 277.83, 277.76};
    struct snw_option o[N];
    for (size_t i = 0; i < N; i++)
        effect[i] /= 12;
    snw_incremental(N, cost, effect, o);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(o[i].strategy, i);
    assert_true(isnan(o[0].icer));
    assert_near(o[1].icer, 37500, 1e-6);
    assert_near(o[2].icer, 58285.714, 1e-3);
    assert_near(o[3].icer, 100800, 1e-6);
    assert_int_equal(o[3].versus, FIVE_YEARS);
    assert_near(o[3].cost, 420, 1e-9);
    assert_near(o[3].effect, 0.05 / 12, 1e-9);
    assert_int_equal(o[4].standing, SNW_DOMINATED);
    assert_true(isnan(o[4].icer));
}

/*   strategy   cost   effect
     a             0      0
     b          1000      1      1,000 a unit
     c          3000      1.5    4,000 from b, above the 667 from c to d: extendedly dominated
     d          4000      3      1,500 from b
     e          5000      2.5    dominated by d
     f         10000      4      6,000 from d */
static void mixtures_dominate_too(void **state)
{
    (void)state;
    enum { D, A, E, C, F, B, N }; /* in no order */
    const double cost[N] = {4000, 0, 5000, 3000, 10000, 1000};
    const double effect[N] = {3, 0, 2.5, 1.5, 4, 1};
    const size_t order[N] = {A, B, C, D, E, F};
    struct snw_option o[N];
    snw_incremental(N, cost, effect, o);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(o[i].strategy, order[i]);
    assert_near(o[1].icer, 1000, 1e-9);
    assert_int_equal(o[2].standing, SNW_EXTENDEDLY_DOMINATED);
    assert_near(o[3].icer, 1500, 1e-9);
    assert_int_equal(o[3].versus, B);
    assert_int_equal(o[4].standing, SNW_DOMINATED);
    assert_near(o[5].icer, 6000, 1e-9);
    assert_int_equal(o[5].versus, D);
}

/* One that leaves makes another one's ratio fall: 0,0; 10,1; 18,2.5 is above the way from 10,1 to
   20,4; then 10,1 itself is above the way from 0,0 to 20,4. */
static void dominance_is_sought_until_none_is_left(void **state)
{
    (void)state;
    const double cost[] = {0, 10, 18, 20}, effect[] = {0, 1, 2.5, 4};
    struct snw_option o[4];
    snw_incremental(4, cost, effect, o);
    assert_int_equal(o[1].standing, SNW_EXTENDEDLY_DOMINATED);
    assert_int_equal(o[2].standing, SNW_EXTENDEDLY_DOMINATED);
    assert_near(o[3].icer, 5, 1e-12);
    assert_int_equal(o[3].versus, 0);
}

static void equals_leave_the_earlier_and_the_dearer_goes(void **state)
{
    (void)state;
    const double cost[] = {5, 5, 7, 5}, effect[] = {1, 1, 1, 0.5};
    struct snw_option o[4];
    snw_incremental(4, cost, effect, o);
    assert_int_equal(o[0].strategy, 0);
    assert_int_equal(o[0].standing, SNW_EFFICIENT);
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(o[i].standing, SNW_DOMINATED);
}

static void three_on_a_line_all_stay(void **state)
{
    (void)state;
    const double cost[] = {0, 10, 20}, effect[] = {0, 1, 2};
    struct snw_option o[3];
    snw_incremental(3, cost, effect, o);
    assert_int_equal(o[1].standing, SNW_EFFICIENT);
    assert_near(o[1].icer, 10, 0);
    assert_near(o[2].icer, 10, 0);
}

static void the_reference_may_be_dominated(void **state)
{
    (void)state;
    const double cost[] = {10, 5}, effect[] = {1, 2};
    struct snw_option o[2];
    snw_incremental(2, cost, effect, o);
    assert_int_equal(o[0].strategy, 1);
    assert_int_equal(o[1].standing, SNW_DOMINATED);
}

static void quadrants_have_their_names(void **state)
{
    (void)state;
    assert_int_equal(snw_quadrant_of(1, 1), SNW_NORTH_EAST);
    assert_int_equal(snw_quadrant_of(-1, 1), SNW_SOUTH_EAST);
    assert_int_equal(snw_quadrant_of(-1, -1), SNW_SOUTH_WEST);
    assert_int_equal(snw_quadrant_of(1, -1), SNW_NORTH_WEST);
    assert_int_equal(snw_quadrant_of(0, 1), SNW_ON_AXIS);
    assert_string_equal(snw_quadrant_name(SNW_SOUTH_WEST), "south-west: cheaper, less effective");
}

static void a_ratio_is_told_where_it_has_a_meaning(void **state)
{
    (void)state;
    assert_near(snw_icer(100, 2), 50, 1e-12);
    assert_near(snw_icer(-100, -2), 50, 1e-12);
    assert_true(isnan(snw_icer(-100, 2)) && isnan(snw_icer(100, -2)));
    assert_true(isnan(snw_icer(0, 2)) && isnan(snw_icer(100, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_published_table_has_its_known_answer),
        cmocka_unit_test(mixtures_dominate_too),
        cmocka_unit_test(dominance_is_sought_until_none_is_left),
        cmocka_unit_test(equals_leave_the_earlier_and_the_dearer_goes),
        cmocka_unit_test(three_on_a_line_all_stay),
        cmocka_unit_test(the_reference_may_be_dominated),
        cmocka_unit_test(quadrants_have_their_names),
        cmocka_unit_test(a_ratio_is_told_where_it_has_a_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
