/* What a study's instruments read, beside the lives that they read. */
#include "support/near.h"

#include <string.h>

#include "support/world.h"

enum { PERSONS = 3000, FIRST = 500, MET_AT = 62, BLOCK = 500 };

static struct world *world;

static int make_world(void **state)
{
    (void)state;
    world = world_new(NULL, 2000);
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    world_free(world);
    return 0;
}

/* People who are met at MET_AT and live on; measured where `params` is given. Row i is person i. */
static void meet(struct lives *l, enum snw_sex sex, const struct snw_params *params)
{
    lives_init(l, world, NULL, PERSONS);
    if (params)
        assert_int_equal(
            snw_visits_new(&l->work->visits, PERSONS, params, l->plan.recorders, l->plan.key),
            SNW_OK);
    for (size_t from = 0; from < PERSONS; from += BLOCK) {
        world_people(&l->work->block, BLOCK, sex, FIRST + (uint32_t)from);
        for (size_t i = 0; i < BLOCK; i++) {
            l->work->block.row[i] = (int32_t)(from + i);
            l->work->block.enter_age[i] = MET_AT;
        }
        assert_int_equal(snw_live(&l->ctx, &l->plan, l->work, &l->totals, &l->tracks, &l->events),
                         SNW_OK);
    }
}

static void leave(struct lives *l)
{
    snw_visits_free(&l->work->visits);
    lives_free(l);
}

static const struct snw_visits *visits_of(const struct lives *l)
{
    assert_true(l->work->visits->n > PERSONS / 2); /* some die before */
    return l->work->visits;
}

static double seen(const struct snw_visit *visit, enum snw_measure m)
{
    return measure_value(m, visit->q[m]);
}

static double truth(const struct lives *l, const struct snw_visit *visit, enum snw_measure m)
{
    return measure_value(m, lives_q(l, visit->person - FIRST, MET_AT, m));
}

static void measuring_changes_nothing_in_a_life(void **state)
{
    (void)state;
    struct lives plain, measured;
    meet(&plain, SNW_FEMALE, NULL);
    meet(&measured, SNW_FEMALE, &world->params);
    assert_same_tracks(&plain.tracks, &measured.tracks);
    assert_memory_equal(plain.totals.cells, measured.totals.cells,
                        SNW_TOTALS_CELLS * sizeof *plain.totals.cells);
    assert_memory_equal(plain.totals.causes, measured.totals.causes,
                        SNW_TOTALS_CAUSES * sizeof *plain.totals.causes);
    assert_int_equal(plain.events.n, measured.events.n);
    for (size_t i = 0; i < plain.events.n; i++) {
        assert_int_equal(plain.events.row[i].person, measured.events.row[i].person);
        assert_true(plain.events.row[i].age_yr == measured.events.row[i].age_yr);
    }
    leave(&plain);
    leave(&measured);
}

static void everybody_who_is_met_is_measured_once_and_then(void **state)
{
    (void)state;
    struct lives l;
    meet(&l, SNW_MALE, &world->params);
    const struct snw_visits *visits = visits_of(&l);
    assert_int_equal(visits->n, lives_cell(&l, SNW_MALE, MET_AT, SNW_M_alive)->n);
    static bool met[PERSONS];
    memset(met, 0, sizeof met);
    for (size_t i = 0; i < visits->n; i++) {
        assert_int_equal(visits->row[i].age, MET_AT);
        assert_false(met[visits->row[i].person - FIRST]);
        met[visits->row[i].person - FIRST] = true;
    }
    leave(&l);
}

/* SD of the log of what is read over what is true: the instrument's; of BMI the root of .01^2 for
   weight and (2 x .003)^2 for height, of rASM of .015^2 and (2 x .003)^2. Means within 5 standard
   errors, SDs within 5 of theirs: with 2 x 25 numbers a chance of 3e-5. */
static void every_reading_carries_the_error_of_its_instrument(void **state)
{
    (void)state;
    static const struct {
        enum snw_measure m;
        double sd;
    } errors[] = {{SNW_M_height_m, 0.003},
                  {SNW_M_bmi_kg_m2, 0.01166},
                  {SNW_M_asm_kg, 0.015},
                  {SNW_M_relative_asm_kg_m2, 0.01616},
                  {SNW_M_grip_kg, 0.08},
                  {SNW_M_knee_extensor_nm, 0.08},
                  {SNW_M_gait_m_s, 0.06},
                  {SNW_M_abmd_femoral_neck_g_cm2, 0.015},
                  {SNW_M_abmd_lumbar_spine_g_cm2, 0.015},
                  {SNW_M_ctth_femoral_neck_mm, 0.02},
                  {SNW_M_tb_vbmd_femoral_neck_mg_cm3, 0.02},
                  {SNW_M_ctth_lumbar_spine_mm, 0.02},
                  {SNW_M_tb_vbmd_lumbar_spine_mg_cm3, 0.02},
                  {SNW_M_ctth_radius_mm, 0.03},
                  {SNW_M_ctth_tibia_mm, 0.03},
                  {SNW_M_tb_vbmd_tibia_mg_cm3, 0.03},
                  {SNW_M_ct_vbmd_mg_cm3, 0.03},
                  {SNW_M_bvtv_radius, 0.03},
                  {SNW_M_tbn_radius_per_mm, 0.03},
                  {SNW_M_igfbp2_ng_ml, 0.10},
                  {SNW_M_igf1_ng_ml, 0.10},
                  {SNW_M_bio_t_rel, 0.10},
                  {SNW_M_bio_e2_rel, 0.10}};
    struct lives l;
    meet(&l, SNW_FEMALE, &world->params);
    const struct snw_visits *visits = visits_of(&l);
    double n = (double)visits->n;
    for (size_t k = 0; k < sizeof errors / sizeof errors[0]; k++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < visits->n; i++) {
            double d = log(seen(&visits->row[i], errors[k].m)) -
                       log(truth(&l, &visits->row[i], errors[k].m));
            sum += d;
            squares += d * d;
        }
        double mean = sum / n, sd = sqrt(squares / n - mean * mean);
        assert_near(mean, 0, 5 * errors[k].sd / sqrt(n));
        assert_near(sd, errors[k].sd, 5 * errors[k].sd / sqrt(2 * n));
    }
    leave(&l);
}

static void the_compartments_of_one_scan_share_its_error(void **state)
{
    (void)state;
    struct lives l;
    meet(&l, SNW_MALE, &world->params);
    const struct snw_visits *visits = visits_of(&l);
    for (size_t i = 0; i < visits->n; i++) {
        const struct snw_visit *v = &visits->row[i];
        double cortex =
            seen(v, SNW_M_ctth_femoral_neck_mm) / truth(&l, v, SNW_M_ctth_femoral_neck_mm);
        double inside = seen(v, SNW_M_tb_vbmd_femoral_neck_mg_cm3) /
                        truth(&l, v, SNW_M_tb_vbmd_femoral_neck_mg_cm3);
        assert_near(cortex, inside, 1e-3); /* each of four is rounded by less than 2e-4 */
    }
    leave(&l);
}

/* T-score = (aBMD - .858) / .120 at the neck, TbTh = BV/TV / TbN, TbSp = (1 - BV/TV) / TbN,
   rASM = ASM / height^2; tolerances are those of the 16-bit scales. The codes: cuts of the model.
 */
static void what_is_derived_follows_from_what_was_read(void **state)
{
    (void)state;
    struct lives l;
    size_t n_changed = 0;
    meet(&l, SNW_FEMALE, &world->params);
    const struct snw_visits *visits = visits_of(&l);
    for (size_t i = 0; i < visits->n; i++) {
        const struct snw_visit *v = &visits->row[i];
        double grip = seen(v, SNW_M_grip_kg), rasm = seen(v, SNW_M_relative_asm_kg_m2);
        double gait = seen(v, SNW_M_gait_m_s), height = seen(v, SNW_M_height_m);
        double bvtv = seen(v, SNW_M_bvtv_radius), tbn = seen(v, SNW_M_tbn_radius_per_mm);
        double t = seen(v, SNW_M_t_score_femoral_neck),
               t_spine = seen(v, SNW_M_t_score_lumbar_spine);
        double lower = t < t_spine ? t : t_spine;
        assert_near(t, (seen(v, SNW_M_abmd_femoral_neck_g_cm2) - 0.858) / 0.120, 5e-4);
        assert_near(seen(v, SNW_M_tbth_radius_mm), bvtv / tbn, 1e-5);
        assert_near(seen(v, SNW_M_tbsp_radius_mm), (1 - bvtv) / tbn, 6e-5);
        assert_near(rasm, seen(v, SNW_M_asm_kg) / (height * height), 6e-4);
        int weak = grip < 16, low = rasm < 5.5, slow = gait <= 0.8;
        assert_int_equal(v->q[SNW_M_sarcopenia_ewgsop2], weak + (weak & low) + (weak & low & slow));
        assert_int_equal(v->q[SNW_M_sarcopenia_sdoc], grip < 20 && gait < 0.8);
        assert_int_equal(v->q[SNW_M_sarcopenia_baumgartner], rasm < 5.45);
        if (v->q[SNW_M_osteoporosis_who] != SNW_FILL)
            assert_int_equal(v->q[SNW_M_osteoporosis_who], (lower <= -1) + (lower <= -2.5));
        n_changed += v->q[SNW_M_sarcopenia_sdoc] !=
                     lives_q(&l, v->person - FIRST, MET_AT, SNW_M_sarcopenia_sdoc);
    }
    assert_true(n_changed > 10); /* error moves some across the cut: the truth has other codes */
    leave(&l);
}

static void what_no_instrument_reads_is_exact(void **state)
{
    (void)state;
    static const enum snw_measure exact[] = {SNW_M_activity_z, SNW_M_years_since_fmp,
                                             SNW_M_frailty,    SNW_M_disabled,
                                             SNW_M_residence,  SNW_M_on_treatment};
    struct lives l;
    meet(&l, SNW_FEMALE, &world->params);
    const struct snw_visits *visits = visits_of(&l);
    for (size_t i = 0; i < visits->n; i++)
        for (size_t k = 0; k < sizeof exact / sizeof exact[0]; k++)
            assert_int_equal(visits->row[i].q[exact[k]],
                             lives_q(&l, visits->row[i].person - FIRST, MET_AT, exact[k]));
    leave(&l);
}

static void perfect_instruments_read_the_truth(void **state)
{
    (void)state;
    struct snw_params perfect = world->params;
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        if (strcmp(snw_param_table[id].section, "measurement") == 0)
            snw_params_at(&perfect, (enum snw_param_id)id)[0] = 0;
    struct lives l;
    meet(&l, SNW_MALE, &perfect);
    const struct snw_visits *visits = visits_of(&l);
    for (size_t i = 0; i < visits->n; i++)
        for (int m = 0; m < SNW_N_READ; m++)
            assert_int_equal(visits->row[i].q[m], lives_q(&l, visits->row[i].person - FIRST, MET_AT,
                                                          (enum snw_measure)m));
    leave(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measuring_changes_nothing_in_a_life),
        cmocka_unit_test(everybody_who_is_met_is_measured_once_and_then),
        cmocka_unit_test(every_reading_carries_the_error_of_its_instrument),
        cmocka_unit_test(the_compartments_of_one_scan_share_its_error),
        cmocka_unit_test(what_is_derived_follows_from_what_was_read),
        cmocka_unit_test(what_no_instrument_reads_is_exact),
        cmocka_unit_test(perfect_instruments_read_the_truth),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
