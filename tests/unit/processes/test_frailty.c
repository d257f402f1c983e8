/* Frailty and residence move where one uniform falls below or above thresholds worked by hand. */
#include "support/near.h"

#include <string.h>

#include "core/memory.h"
#include "processes/schedule.h"

static struct snw_block *b;
static struct snw_luck *luck;
static struct snw_year_coef coef;

static int make_room(void **state)
{
    (void)state;
    b = snw_alloc(sizeof *b);
    luck = snw_alloc(sizeof *luck);
    return b && luck ? 0 : -1;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(b);
    snw_free(luck);
    return 0;
}

static snw_real logit(double p)
{
    return SNW_R(log(p / (1 - p)));
}

/* One person of this frailty; up .2 and .1, down .3 and .4, nothing else at work. */
static void begin(int frailty)
{
    memset(b, 0, sizeof *b);
    memset(&coef, 0, sizeof coef);
    b->n = 1;
    b->frailty[0] = SNW_R(frailty);
    coef.up_robust = logit(0.2);
    coef.up_prefrail = logit(0.1);
    coef.down_prefrail = logit(0.3);
    coef.down_frail = logit(0.4);
}

static int next(double u)
{
    int opening = (int)b->frailty[0];
    SNW_YEAR_LUCK(luck, frailty)[0] = SNW_R(u);
    snw_run_process(snw_kernels_best(), "frailty_change", b, &coef, luck);
    int now = (int)b->frailty[0];
    assert_true(b->frailty_opening[0] == SNW_R(opening));
    b->frailty[0] = SNW_R(opening);
    return now;
}

/* Worse below p_worse, better from 1 - p_better on, the same between; 0 for never. */
static void assert_moves(double p_worse, double p_better)
{
    int opening = (int)b->frailty[0];
    if (p_worse > 0)
        assert_int_equal(next(p_worse - 1e-4), opening + 1);
    assert_int_equal(next(p_worse + 1e-4), opening);
    assert_int_equal(next(1 - p_better - 1e-4), opening);
    if (p_better > 0)
        assert_int_equal(next(1 - p_better + 1e-4), opening - 1);
}

static void one_uniform_moves_frailty_both_ways(void **state)
{
    (void)state;
    begin(0);
    assert_moves(0.2, 0);
    begin(1);
    assert_moves(0.1, 0.3);
    begin(2);
    assert_moves(0, 0.4);
}

/* .8 and .6 add up to 1.4: .95 x 8/14 and .95 x 6/14; 1 alone is held to .95; .6 and .3 are let be.
 */
static void chances_above_95_per_cent_are_scaled_to_it(void **state)
{
    (void)state;
    begin(1);
    coef.up_prefrail = logit(0.8);
    coef.down_prefrail = logit(0.6);
    assert_moves(0.95 * 8 / 14, 0.95 * 6 / 14);
    begin(1);
    coef.up_prefrail = logit(0.6);
    assert_moves(0.6, 0.3);
    begin(0);
    coef.up_robust = 20;
    assert_moves(0.95, 0);
    begin(2);
    coef.down_frail = 20;
    assert_moves(0, 0.95);
}

/* Weaker by 1 SD in strength and slower by .5 in gait at .4 a SD: odds times e^.6 up, e^-.6 down.
 */
static void the_weak_and_slow_get_worse(void **state)
{
    (void)state;
    begin(1);
    coef.frailty_weakness = SNW_R(0.4);
    b->strength_z[0] = -1;
    b->gait_z[0] = SNW_R(-0.5);
    double up = 1 / 9.0 * exp(0.6), down = 3 / 7.0 * exp(-0.6);
    assert_moves(up / (1 + up), down / (1 + down));
}

/* A broken hip doubles the odds of getting worse and halves those of getting better: .1 to 2/11, .3
   to 3/17. */
static void a_broken_hip_doubles_the_odds(void **state)
{
    (void)state;
    begin(1);
    coef.frailty_hip = SNW_R(log(2));
    b->n_fractures[SNW_HIP][0] = 1;
    assert_moves(2.0 / 11, 3.0 / 17);
    begin(1);
    coef.frailty_hip = SNW_R(log(2));
    b->n_fractures[SNW_VERTEBRAL][0] = 1;
    assert_moves(0.1, 0.3);
}

/* Hazard .1, times 2 for the prefrail, 5 for the frail at the birthday that opened the year, and 3
   after an injury; .25 after a broken hip whatever else. */
static void homes_take_in_by_frailty_injury_and_hip(void **state)
{
    (void)state;
    static const struct {
        int frailty, hurt, hip;
        double p;
    } cases[] = {{0, 0, 0, 0.1}, {1, 0, 0, 0.2}, {2, 0, 0, 0.5}, {0, 2, 0, 0.3},
                 {2, 1, 0, 1.5}, {0, 0, 1, 0},   {2, 1, 1, 0}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        for (int side = 0; side < 2; side++) {
            double p = cases[k].hip ? 0.25 : -expm1(-cases[k].p);
            begin(0);
            coef.enter_home = SNW_R(0.1);
            coef.home_prefrail = 2;
            coef.home_frail = 5;
            coef.home_injury = 3;
            coef.home_after_hip = SNW_R(0.25);
            b->frailty_opening[0] = SNW_R(cases[k].frailty);
            b->n_hurt_not_hip[0] = SNW_R(cases[k].hurt);
            b->n_fractures[SNW_HIP][0] = SNW_R(cases[k].hip);
            SNW_YEAR_LUCK(luck, residence)[0] = SNW_R(side ? p + 1e-4 : p - 1e-4);
            snw_run_process(snw_kernels_best(), "residence_change", b, &coef, luck);
            assert_true(b->entered_home[0] == SNW_R(!side) && b->nursing_home[0] == SNW_R(!side));
        }
}

static void who_lives_in_a_home_stays_and_does_not_enter_again(void **state)
{
    (void)state;
    begin(2);
    coef.enter_home = 5;
    b->nursing_home[0] = 1;
    snw_run_process(snw_kernels_best(), "residence_change", b, &coef, luck);
    assert_true(b->nursing_home[0] == 1 && b->entered_home[0] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_uniform_moves_frailty_both_ways),
        cmocka_unit_test(chances_above_95_per_cent_are_scaled_to_it),
        cmocka_unit_test(the_weak_and_slow_get_worse),
        cmocka_unit_test(a_broken_hip_doubles_the_odds),
        cmocka_unit_test(homes_take_in_by_frailty_injury_and_hip),
        cmocka_unit_test(who_lives_in_a_home_stays_and_does_not_enter_again),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
