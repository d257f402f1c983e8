/* How a run is cut into parts, and whether ranks share a draw. */
#include "support/near.h"

#include "experiment/crew.h"

/* All parts of a run with so many units and draws hold each unit and draw once, in their order. */
static void cuts_evenly(uint64_t n_point, uint64_t n_draws, uint32_t of)
{
    uint64_t next_point = 0, next_draw = 1;
    for (uint32_t k = 1; k <= of; k++) {
        struct snw_share share = snw_share_of(n_point, n_draws, k, of);
        assert_int_equal(share.first_point, next_point);
        assert_int_equal(share.first_draw, next_draw);
        assert_in_range(share.n_point, n_point / of, n_point / of + 1);
        assert_in_range(share.n_draws, n_draws / of, n_draws / of + 1);
        next_point += share.n_point;
        next_draw += share.n_draws;
    }
    assert_int_equal(next_point, n_point);
    assert_int_equal(next_draw, n_draws + 1);
}

static void every_unit_and_draw_is_in_one_part(void **state)
{
    (void)state;
    cuts_evenly(7, 5, 3);
    cuts_evenly(1, 1000, 1000);
    cuts_evenly(2, 0, 5);
    cuts_evenly(63477, 1000, 977);
}

static void without_parts_a_run_is_whole(void **state)
{
    (void)state;
    struct snw_share all = snw_share_of(7, 5, 0, 0);
    assert_int_equal(all.first_point, 0);
    assert_int_equal(all.first_draw, 1);
    assert_int_equal(snw_share_units(&all), 12);
}

/* Times in units of a draw's people. On 64 ranks one draw takes 0.01 / 2 + 1 / 64 = 0.02 together
   and 1.01 apart, so that 64 draws take 1.3 or 1.01, and 65 take 1.34 or 2.02. A pass as long as
   the people's lives keeps 62 ranks waiting together: 0.52 a draw, 33 for 64, and 1.04 for two.
   Sums of few doubles are exact to 1e-12. */
static void ranks_share_draws_where_there_are_few(void **state)
{
    (void)state;
    static const struct {
        int ranks;
        uint64_t draws;
        double pilot, takes;
        bool together;
    } cases[] = {{64, 1, 0.01, 0.020625, true}, {64, 32, 0.01, 0.66, true},
                 {64, 64, 0.01, 1.01, false},   {64, 65, 0.01, 1.340625, true},
                 {64, 6400, 0.01, 101, false},  {64, 2, 1, 1.03125, true},
                 {64, 4, 1, 2, false},          {1, 1, 0.01, 1.01, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool together;
        double takes = snw_crew_draws(cases[i].ranks, cases[i].draws, cases[i].pilot, 1, &together);
        assert_near(takes, cases[i].takes, 1e-12);
        assert_int_equal(together, cases[i].together);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_and_draw_is_in_one_part),
        cmocka_unit_test(without_parts_a_run_is_whole),
        cmocka_unit_test(ranks_share_draws_where_there_are_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
