/* Readouts at the ends of their range, and codes on both sides of every cut. */
#include "support/near.h"

#include <string.h>

#include "core/memory.h"
#include "processes/schedule.h"
#include "recorders/measures.h"
#include "support/starting.h"

static struct snw_model *model;
static struct snw_block *b;
static struct snw_readout *out;

static int make_room(void **state)
{
    (void)state;
    struct snw_params params;
    model = snw_alloc(sizeof *model);
    b = snw_alloc(sizeof *b);
    out = snw_alloc(sizeof *out);
    if (!model || !b || !out)
        return -1;
    snw_params_start(&params);
    snw_model_build(model, &params); /* SMI = rASM: the factor of the reference pass is not set */
    return 0;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(model);
    snw_free(b);
    snw_free(out);
    return 0;
}

/* One person of 60, 2 m tall, unremarkable. */
static void begin(enum snw_sex sex)
{
    memset(b, 0, sizeof *b);
    b->n = 1;
    b->sex = sex;
    b->age = 60;
    b->height_cm[0] = b->height_peak_cm[0] = 200;
    b->bmi_kg_m2[0] = 25;
    b->index_ln[0] = SNW_R(log(9));
    b->grip_ln[0] = SNW_R(log(60));
    b->gait_m_s[0] = SNW_R(1.2);
    b->fmp_age_yr[0] = 50;
}

static void see(void)
{
    const struct snw_kernels *kernels = snw_kernels_best();
    snw_recorder_kernels_named(kernels->isa)->state(out, b, &model->year[b->sex][40], NULL);
}

/* Values of the measure that are counted as held at an end of the range. */
static uint64_t held(enum snw_measure m)
{
    static struct snw_cell cells[SNW_N_MEASURES];
    static const struct snw_bins bins[SNW_N_MEASURES];
    memset(cells, 0, sizeof cells);
    snw_recorder_kernels_named(snw_kernels_best()->isa)
        ->accumulate(out, 1, bins, NULL, &(struct snw_sums){cells, NULL, NULL});
    return cells[m].clamped;
}

static double value_of(enum snw_measure m)
{
    return snw_measure_table[m].offset + snw_measure_table[m].scale * out->q[m][0];
}

static void a_readout_is_within_half_a_step(void **state)
{
    (void)state;
    begin(SNW_FEMALE);
    b->gait_m_s[0] = SNW_R(1.23456);
    see();
    assert_int_equal(out->q[SNW_M_gait_m_s][0], 12346); /* steps of .0001 */
    assert_near(value_of(SNW_M_height_m), 2, 1e-9);
    assert_near(value_of(SNW_M_asm_kg), 36, 0.0006); /* 9 kg/m2 x (2 m)^2 */
    assert_near(value_of(SNW_M_relative_asm_kg_m2), 9, 0.0002);
    assert_int_equal(out->faults, 0);
    for (size_t m = 0; m < SNW_N_STATES; m++)
        assert_int_equal(held((enum snw_measure)m), 0);
}

/* Gait in steps of .0001: 6.5534 is the last value, one more would say that it does not apply. */
static void what_is_out_of_range_is_held_and_counted(void **state)
{
    (void)state;
    static const struct {
        double gait;
        uint16_t q;
        uint32_t held;
    } cases[] = {{6.5534, 65534, 0},  {6.553444, 65534, 0}, {6.553456, 65534, 1},
                 {6.55349, 65534, 1}, {9, 65534, 1},        {0, 0, 0},
                 {-0.00004, 0, 0},    {-0.00006, 0, 1},     {-3, 0, 1},
                 {0.00004, 0, 0},     {0.00006, 1, 0}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        begin(SNW_MALE);
        b->gait_m_s[0] = SNW_R(cases[k].gait);
        see();
        assert_int_equal(out->q[SNW_M_gait_m_s][0], cases[k].q);
        assert_int_equal(held(SNW_M_gait_m_s), cases[k].held);
        assert_int_equal(held(SNW_M_bmi_kg_m2), 0);
    }
}

static void what_is_not_a_number_is_a_fault(void **state)
{
    (void)state;
    begin(SNW_MALE);
    b->gait_m_s[0] = SNW_R(NAN);
    see();
    assert_int_equal(out->q[SNW_M_gait_m_s][0], SNW_FILL);
    assert_int_equal(out->faults, 1);
    assert_int_equal(held(SNW_M_gait_m_s), 0);
}

static unsigned code_of(enum snw_measure m)
{
    see();
    return out->q[m][0];
}

static void let(double grip_kg, double rasm, double gait_m_s)
{
    b->grip_ln[0] = SNW_R(log(grip_kg));
    b->index_ln[0] = SNW_R(log(rasm));
    b->gait_m_s[0] = SNW_R(gait_m_s);
}

/* Grip < 16/27 kg probable, and rASM < 5.5/7.0 confirmed, and gait <= .8 severe. */
static void ewgsop2_climbs_by_grip_muscle_and_gait(void **state)
{
    (void)state;
    static const double grip[] = {16, 27}, rasm[] = {5.5, 7.0};
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        begin((enum snw_sex)sex);
        let(grip[sex] + 0.01, rasm[sex] - 1, 0.5);
        assert_int_equal(code_of(SNW_M_sarcopenia_ewgsop2), 0);
        let(grip[sex] - 0.01, rasm[sex] + 0.002, 0.5);
        assert_int_equal(code_of(SNW_M_sarcopenia_ewgsop2), 1);
        let(grip[sex] - 0.01, rasm[sex] - 0.002, 0.8002);
        assert_int_equal(code_of(SNW_M_sarcopenia_ewgsop2), 2);
        let(grip[sex] - 0.01, rasm[sex] - 0.002, 0.8);
        assert_int_equal(code_of(SNW_M_sarcopenia_ewgsop2), 3);
    }
}

/* Grip < 16/26 kg and ASM/BMI < .512/.789: at BMI 25 ASM of 12.8/19.725 kg, 3.2/4.93125 kg/m2 at 2
 * m. */
static void fnih_asks_for_weakness_and_little_muscle_for_weight(void **state)
{
    (void)state;
    static const double grip[] = {16, 26}, rasm[] = {3.2, 4.93125};
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int weak = 0; weak < 2; weak++)
            for (int low = 0; low < 2; low++) {
                begin((enum snw_sex)sex);
                let(grip[sex] + (weak ? -0.01 : 0.01), rasm[sex] + (low ? -0.001 : 0.001), 1);
                assert_int_equal(code_of(SNW_M_sarcopenia_fnih), weak && low);
            }
}

/* Grip < 20/35.5 kg and gait < .8. */
static void sdoc_asks_for_weakness_and_slowness(void **state)
{
    (void)state;
    static const double grip[] = {20, 35.5};
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int weak = 0; weak < 2; weak++)
            for (int slow = 0; slow < 2; slow++) {
                begin((enum snw_sex)sex);
                let(grip[sex] + (weak ? -0.01 : 0.01), 9, 0.8 + (slow ? -0.0002 : 0));
                assert_int_equal(code_of(SNW_M_sarcopenia_sdoc), weak && slow);
            }
}

/* rASM < 5.45/7.26; SMI <= 6.75/10.75 moderate, <= 5.75/8.50 high risk, here equal to rASM. */
static void muscle_indices_are_cut_by_sex(void **state)
{
    (void)state;
    static const double old[] = {5.45, 7.26}, moderate[] = {6.75, 10.75}, high[] = {5.75, 8.50};
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        begin((enum snw_sex)sex);
        for (int low = 0; low < 2; low++) {
            double by = low ? -0.001 : 0.001;
            let(60, old[sex] + by, 1);
            assert_int_equal(code_of(SNW_M_sarcopenia_baumgartner), low);
            let(60, moderate[sex] + by, 1);
            assert_int_equal(code_of(SNW_M_smi_class), low);
            let(60, high[sex] + by, 1);
            assert_int_equal(code_of(SNW_M_smi_class), 1 + low);
        }
    }
}

/* At the cut itself, where it is a whole number of steps: <= for gait in EWGSOP2 and for the muscle
   index, < for all others. Stored values compare as a reader of the file compares them. */
static void a_value_at_the_cut_is_on_its_side(void **state)
{
    (void)state;
    static const double grip[][2] = {{16, 20}, {27, 35.5}},
                        smi[][2] = {{6.75, 5.75}, {10.75, 8.50}};
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        begin((enum snw_sex)sex);
        let(grip[sex][0], 3, 0.5);
        assert_int_equal(code_of(SNW_M_sarcopenia_ewgsop2), 0);
        let(10, 3, 0.8);
        assert_int_equal(code_of(SNW_M_sarcopenia_ewgsop2), 3);
        assert_int_equal(code_of(SNW_M_sarcopenia_sdoc), 0);
        let(grip[sex][1], 9, 0.5);
        assert_int_equal(code_of(SNW_M_sarcopenia_sdoc), 0);
        let(60, smi[sex][0], 1);
        assert_int_equal(code_of(SNW_M_smi_class), 1);
        let(60, smi[sex][1], 1);
        assert_int_equal(code_of(SNW_M_smi_class), 2);
    }
    let(60, 7.26, 1); /* men */
    assert_int_equal(code_of(SNW_M_sarcopenia_baumgartner), 0);
}

/* ln of relative density at a T-score: neck (t .120 + .858)/young; spine (t .106 + 1.064)/young
   less the artefact of ten years after 50. */
static void let_t(double neck, double spine)
{
    static const double young_neck[] = {0.858, 0.934}, young_spine[] = {1.064, 1.057};
    static const double artefact[] = {0.003, 0.007};
    b->abmd_neck_ln[0] = SNW_R(log((neck * 0.120 + 0.858) / young_neck[b->sex]));
    b->abmd_spine_ln[0] =
        SNW_R(log((spine * 0.106 + 1.064) / young_spine[b->sex]) - 10 * artefact[b->sex]);
}

/* Osteopenia from -1, osteoporosis from -2.5, by the lower of neck and spine, and by the neck
 * alone. */
static void osteoporosis_goes_by_the_lower_score(void **state)
{
    (void)state;
    static const double t[] = {0, -0.998, -1.002, -2.498, -2.502};
    static const unsigned class[] = {0, 0, 1, 1, 2};
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        begin((enum snw_sex)sex);
        for (size_t j = 0; j < 5; j++)
            for (size_t k = 0; k < 5; k++) {
                let_t(t[j], t[k]);
                see();
                assert_near(value_of(SNW_M_t_score_femoral_neck), t[j], 3e-4);
                assert_near(value_of(SNW_M_t_score_lumbar_spine), t[k], 3e-4);
                assert_int_equal(out->q[SNW_M_osteoporosis_who][0],
                                 class[j] > class[k] ? class[j] : class[k]);
                assert_int_equal(out->q[SNW_M_osteoporosis_neck][0], class[j]);
            }
    }
}

/* -1 and -2.5 are whole numbers of the steps of the spine's score, .0004 from -10 on. */
static void a_spine_at_the_cut_is_below_it(void **state)
{
    (void)state;
    begin(SNW_FEMALE);
    let_t(0, -1);
    assert_int_equal(code_of(SNW_M_osteoporosis_who), 1);
    assert_int_equal(out->q[SNW_M_t_score_lumbar_spine][0], 22500);
    let_t(0, -2.5);
    assert_int_equal(code_of(SNW_M_osteoporosis_who), 2);
    assert_int_equal(out->q[SNW_M_t_score_lumbar_spine][0], 18750);
}

/* Women from their final menstrual period on, men from 50. */
static void osteoporosis_is_said_after_menopause_and_of_men_from_50(void **state)
{
    (void)state;
    begin(SNW_FEMALE);
    b->fmp_age_yr[0] = SNW_R(60.5);
    assert_int_equal(code_of(SNW_M_osteoporosis_who), SNW_FILL);
    assert_int_equal(code_of(SNW_M_osteoporosis_neck), SNW_FILL);
    assert_near(value_of(SNW_M_years_since_fmp), -0.5, 0.0011);
    b->fmp_age_yr[0] = SNW_R(59.5);
    assert_int_equal(code_of(SNW_M_osteoporosis_who), 0);
    begin(SNW_MALE);
    const struct snw_kernels *kernels = snw_kernels_best();
    for (int age = 49; age < 51; age++) {
        b->age = age;
        snw_recorder_kernels_named(kernels->isa)
            ->state(out, b, &model->year[SNW_MALE][age - 20], NULL);
        assert_int_equal(out->q[SNW_M_osteoporosis_who][0], age < 50 ? SNW_FILL : 0);
        assert_int_equal(out->q[SNW_M_years_since_fmp][0], SNW_FILL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_readout_is_within_half_a_step),
        cmocka_unit_test(what_is_out_of_range_is_held_and_counted),
        cmocka_unit_test(what_is_not_a_number_is_a_fault),
        cmocka_unit_test(ewgsop2_climbs_by_grip_muscle_and_gait),
        cmocka_unit_test(fnih_asks_for_weakness_and_little_muscle_for_weight),
        cmocka_unit_test(sdoc_asks_for_weakness_and_slowness),
        cmocka_unit_test(muscle_indices_are_cut_by_sex),
        cmocka_unit_test(a_value_at_the_cut_is_on_its_side),
        cmocka_unit_test(osteoporosis_goes_by_the_lower_score),
        cmocka_unit_test(a_spine_at_the_cut_is_below_it),
        cmocka_unit_test(osteoporosis_is_said_after_menopause_and_of_men_from_50),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
