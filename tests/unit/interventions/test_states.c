/* What treatment does to muscle, strength, bone and menopause, in numbers worked by hand. */
#include "rig.h"

/* Each compartment of each site by itself; a tenth of the neck's cortex is .6 of it in density, and
   cortical density counts at both sites. */
static void a_compartment_is_moved_alone(void **state)
{
    (void)state;
    static const struct {
        enum snw_channel channel;
        enum snw_trait trait;
        double neck, spine;
    } cases[] = {
        {SNW_CHANNEL_ctth_femoral_neck_ratio, SNW_CTTH_NECK, 0.60, 0},
        {SNW_CHANNEL_ctth_lumbar_spine_ratio, SNW_CTTH_SPINE, 0, 0.35},
        {SNW_CHANNEL_ctth_radius_ratio, SNW_CTTH_RADIUS, 0, 0},
        {SNW_CHANNEL_ctth_tibia_ratio, SNW_CTTH_TIBIA, 0, 0},
        {SNW_CHANNEL_tb_vbmd_femoral_neck_ratio, SNW_TRAB_NECK, 0.20, 0},
        {SNW_CHANNEL_tb_vbmd_lumbar_spine_ratio, SNW_TRAB_SPINE, 0, 0.35},
        {SNW_CHANNEL_bvtv_radius_ratio, SNW_TRAB_RADIUS, 0, 0},
        {SNW_CHANNEL_tb_vbmd_tibia_ratio, SNW_TRAB_TIBIA, 0, 0},
        {SNW_CHANNEL_tbn_radius_ratio, SNW_TBN_RADIUS, 0, 0},
        {SNW_CHANNEL_ct_vbmd_ratio, SNW_CT_VBMD, 0.30, 0.15},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        begin(START);
        act_on(cases[k].channel, 1.1);
        act_on(SNW_CHANNEL_hip_fracture_ratio, 0.6);
        live_a_year();
        for (int trait = 0; trait < SNW_N_TRAIT; trait++)
            assert_near(block->trait_treated[trait][3], trait == (int)cases[k].trait ? log(1.1) : 0,
                        1e-6);
        assert_near(block->neck_unseen_ln[3], cases[k].neck * log(1.1), 1e-6);
        assert_near(block->spine_unseen_ln[3], cases[k].spine * log(1.1), 1e-6);
    }
}

/* One SD more: .03 of log strength at once; .001 of log muscle in the first year, of which .9 is
   left a year later beside another .001. */
static void activity_moves_strength_at_once_and_muscle_slowly(void **state)
{
    (void)state;
    begin(START);
    act_on(SNW_CHANNEL_activity_change, 1);
    for (int year = 0; year < 2; year++) {
        numbers()[year].strength_per_activity = SNW_R(0.03);
        numbers()[year].muscle_per_activity = SNW_R(0.001);
        numbers()[year].muscle_phi = SNW_R(0.9);
    }
    declared.duration_yr = 2;
    row(SNW_COURSE_OFFER)[5] = SNW_EVER_YR; /* one who isn't asked */
    (void)birthday(numbers());
    treat_from_to(START - 1, START + 2);
    row(SNW_COURSE_START)[5] = row(SNW_COURSE_STOP)[5] = SNW_EVER_YR;
    live_a_year();
    assert_near(block->strength_treated[3], 0.03, 1e-7);
    assert_near(block->muscle_treated[3], 0.001, 1e-8);
    assert_near(block->muscle_treated[5], 0, 0);
    live_a_year();
    assert_near(block->muscle_treated[3], 0.0019, 1e-8);
}

/* Menopause at 50.5, two years later for who starts at 49; at 50 it has begun to act. */
static void menopause_can_be_put_off_before_it_begins(void **state)
{
    (void)state;
    for (int age = 49; age <= 50; age++) {
        begin(age);
        act_on(SNW_CHANNEL_menopause_later_yr, 2);
        for (size_t i = 0; i < N; i++)
            block->fmp_age_yr[i] = SNW_R(50.5);
        (void)birthday(numbers());
        assert_near(block->fmp_age_yr[3], age == 49 ? 52.5 : 50.5, 0);
        block->age++;
        (void)birthday(numbers());
        assert_near(block->fmp_age_yr[3], age == 49 ? 52.5 : 50.5, 0);
    }
}

/* Menopause at 50, therapy from 50 to 52 that spares .8 of the two early years and of none of the
   late; they are lost again, .4 a year over the four years after. Weight shields nothing here. */
static void what_hormone_therapy_spared_is_lost_after_it(void **state)
{
    (void)state;
    begin(50);
    act_on(SNW_CHANNEL_hormone_therapy, 1);
    declared.duration_yr = 2;
    for (int year = 0; year < 8; year++)
        numbers()[year].therapy_shield = SNW_R(0.8);
    static const double lost_again[] = {0, 0, 0.4, 0.8, 1.2, 1.6, 1.6};
    for (int year = 0; year < 7; year++) {
        live_a_year();
        assert_near(block->menopause_early_yr[3], lost_again[year], 1e-6);
        assert_near(block->menopause_late_yr[3], 0, 1e-6);
    }
    assert_near(courses.row[SNW_ROW_EARLY_OWED][3], 0, 1e-6);
}

/* A drug that spares all of it owes nothing: early loss R = -.02 a year on the neck's trabeculae,
   .2 of its density; with a ratio of fractures these don't see the .004 a year that are spared. */
static void what_a_drug_spares_stays_and_may_be_hidden(void **state)
{
    (void)state;
    begin(50);
    act_on(SNW_CHANNEL_menopausal_loss_spared, 1);
    act_on(SNW_CHANNEL_hip_fracture_ratio, 0.6);
    for (int year = 0; year < 2; year++) {
        for (int trait = 0; trait < SNW_N_TRAIT; trait++)
            numbers()[year].trait_early[trait] = SNW_R(trait == SNW_TRAB_NECK ? -0.02 : 0);
        numbers()[year].therapy_shield = SNW_R(0.8);
    }
    declared.duration_yr = 2;
    live_a_year();
    assert_near(block->hormone_therapy[3], 1.25, 1e-6); /* of .8: all */
    assert_near(block->neck_unseen_ln[3], 0.004, 1e-7);
    live_a_year();
    assert_near(block->neck_unseen_ln[3], 0.008, 1e-7);
    for (int year = 0; year < 3; year++)
        live_a_year();
    assert_near(block->menopause_early_yr[3], 0, 0);
    assert_near(block->neck_unseen_ln[3], 0.008, 1e-7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_compartment_is_moved_alone),
        cmocka_unit_test(activity_moves_strength_at_once_and_muscle_slowly),
        cmocka_unit_test(menopause_can_be_put_off_before_it_begins),
        cmocka_unit_test(what_hormone_therapy_spared_is_lost_after_it),
        cmocka_unit_test(what_a_drug_spares_stays_and_may_be_hidden),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
