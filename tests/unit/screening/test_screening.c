/* Pathways at work on a block, in numbers worked by hand. */
#include "support/near.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "params/draws.h"
#include "processes/schedule.h"
#include "screening/screening.h"
#include "support/women.h"

enum { N = 1024, BLOCKS = 16, AGE = 70 };

static struct snw_params params;
static struct snw_treatment_room *room;
static struct snw_screening_room *screening_room;
static struct snw_treatment courses;
static struct snw_screened screened;
static struct snw_block *block;
static struct snw_model *model;
static struct snw_accounts *accounts;
static struct snw_screening_counts counts;
static struct snw_intervention declared;
static struct snw_programme programme;
static struct snw_pathway pathway;
static struct snw_screening screening;
static struct snw_risk_score score;
static struct snw_treating treating;
static struct snw_screens screens;

static int make_room(void **state)
{
    (void)state;
    room = snw_alloc(sizeof *room);
    screening_room = snw_alloc(sizeof *screening_room);
    block = snw_alloc(sizeof *block);
    model = snw_alloc(sizeof *model);
    accounts = snw_alloc(sizeof *accounts);
    snw_params_default(&params);
    snw_model_build(model, &params);
    snw_intervention_init(&declared);
    declared.name = "drug";
    programme.n = 1;
    programme.list[0] = &declared;
    programme.referred_only[0] = 1;
    snw_programme_init(&programme, &params);
    treating = (struct snw_treating){
        &programme, snw_treatment_kernels_named(snw_kernels_best()->isa), &courses, room, {97, 3},
        NULL};
    screening = (struct snw_screening){.n = 1, .list = {&pathway}, .score = &score};
    screens = (struct snw_screens){&screening, &treating, &screened, screening_room, &counts, NULL};
    return room && screening_room && block && model && accounts &&
                   snw_treatment_init(&courses, 1) && snw_screened_init(&screened, 1)
               ? 0
               : -1;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(room);
    snw_free(screening_room);
    snw_free(block);
    snw_free(model);
    snw_free(accounts);
    snw_treatment_free(&courses);
    snw_screened_free(&screened);
    return 0;
}

static void parse(const char *text, struct snw_expression *to)
{
    struct snw_expression_fault fault;
    if (!snw_expression_parse(text, to, &fault))
        fail_msg("%s: %s", text, fault.text);
}

/* Adds a step that leads to the drug when positive. */
static struct snw_screening_step *step(enum snw_test test, const char *positive)
{
    struct snw_screening_step *s = &pathway.step[pathway.n_steps++];
    s->test = test;
    s->then = (struct snw_route){.kind = SNW_ROUTE_INTERVENTION};
    parse(positive, &s->positive);
    return s;
}

/* Women of 70, 28 kg of grip, T-score about nought; everybody is invited and comes at 70 and 72. */
static void begin(void)
{
    lay_women(block, N, AGE);
    memset(room, 0, sizeof *room);
    memset(&counts, 0, sizeof counts);
    for (size_t i = 0; i < N; i++) {
        block->grip_ln[i] = SNW_R(log(28));
        block->gait_m_s[i] = SNW_R(1.2);
        block->bmi_kg_m2[i] = 27;
    }
    snw_treatment_clear(&courses);
    snw_screened_clear(&screened);
    snw_pathway_init(&pathway);
    pathway.name = "path";
    pathway.attendance.value = 1;
    pathway.n_ages = 1;
    pathway.ages[0] = (struct snw_ages){AGE, 74, 2};
    parse("female", &pathway.eligible);
    declared.uptake.value = 1;
    snw_programme_draw(&programme, 0, 0);
    screens.gone = NULL;
}

static void birthday(void)
{
    const struct snw_year_coef *c = &model->year[SNW_FEMALE][block->age - SNW_AGE_FIRST];
    snw_screening_init(&screening);
    snw_screen_birthday(&screens, block, c);
    snw_screen_show(&screens, block);
    treating.referred =
        screened.busy ? (const uint32_t(*)[SNW_STRIDE])screening_room->referred : NULL;
    (void)snw_treat_birthday(&treating, block, c);
    snw_screen_started(&screens, block);
}

static double counted(size_t k, enum snw_screening_count what)
{
    return (double)counts.n[SNW_FEMALE][0][k][what];
}

/* Standard normals, as many below each quantile as there should be. */
static double normal_of(size_t i, size_t n)
{
    double p = ((double)i + 0.5) / (double)n, low = -8, high = 8;
    for (int step_no = 0; step_no < 60; step_no++) {
        double middle = (low + high) / 2;
        *(0.5 * erfc(-middle / sqrt(2)) < p ? &low : &high) = middle;
    }
    return low;
}

/* Share found positive among those with true grip below 20 kg, and negative among the others. True
   log grip and the error of an occasion have SD .3. */
static void sensitivity_of_grip(int occasions, double *sensitivity, double *specificity)
{
    double found[2] = {0}, people[2] = {0};
    programme.cv[SNW_NAME_measured_grip] = 0.3;
    for (size_t b = 0; b < BLOCKS; b++) {
        begin();
        step(SNW_TEST_grip, "measured.grip_kg < 20")->occasions = occasions;
        for (uint32_t i = 0; i < N; i++) {
            block->person[i] = (uint32_t)(b * N) + i;
            block->grip_ln[i] = SNW_R(log(20) + 0.3 * normal_of(b * N + i, (size_t)BLOCKS * N));
        }
        birthday();
        for (size_t i = 0; i < N; i++) {
            int weak = (double)block->grip_ln[i] < log(20);
            people[weak]++;
            found[weak] += screened.row[SNW_SCREENED_POSITIVE][i] > SNW_R(0.5);
        }
    }
    *sensitivity = found[1] / people[1];
    *specificity = 1 - found[0] / people[0];
}

/* Truth and test correlate by rho = 1/sqrt(1 + 1/n) with n occasions; both are below their mean
   with 1/4 + asin(rho)/(2 pi), of which sensitivity is twice: .75 and .804. 8,192 people on each
   side: SE .0048 and .0044, four of them allowed. */
static void sensitivity_is_that_of_a_bivariate_normal(void **state)
{
    (void)state;
    const double kept = programme.cv[SNW_NAME_measured_grip];
    for (int occasions = 1; occasions <= 2; occasions++) {
        double sensitivity, specificity, rho = 1 / sqrt(1 + 1.0 / occasions);
        double expected = 0.5 + asin(rho) / acos(-1);
        sensitivity_of_grip(occasions, &sensitivity, &specificity);
        assert_near(sensitivity, expected, 4 * 0.0048);
        assert_near(specificity, expected, 4 * 0.0048);
    }
    programme.cv[SNW_NAME_measured_grip] = kept;
}

/* A walk first, then DXA for the slow half, of whom a quarter have thin bones; no errors. */
static void people_go_from_test_to_test(void **state)
{
    (void)state;
    static int32_t parts[SNW_N_COST_PARTS][SNW_STRIDE];
    struct snw_programme kept = programme;
    memset(programme.cv, 0, sizeof programme.cv);
    begin();
    struct snw_screening_step *walk = step(SNW_TEST_gait, "measured.gait_m_s < 1");
    walk->then = (struct snw_route){.kind = SNW_ROUTE_STEP, .to = 1};
    walk->cost = (struct snw_declared){.value = 2, .low = 2, .high = 2};
    struct snw_screening_step *dxa = step(SNW_TEST_dxa, "measured.t_score_femoral_neck <= -2.5");
    dxa->cost = (struct snw_declared){.value = 40, .low = 40, .high = 40};
    for (size_t i = 0; i < N; i++) {
        block->gait_m_s[i] = i % 2 ? SNW_R(0.9) : SNW_R(1.2);
        block->abmd_neck_ln[i] = i % 8 == 1 ? SNW_R(-0.6) : 0;
    }
    birthday();
    assert_near(counted(0, SNW_COUNT_INVITED), 1024, 0);
    assert_near(counted(0, SNW_COUNT_TESTED), 1024, 0);
    assert_near(counted(0, SNW_COUNT_POSITIVE), 512, 0);
    assert_near(counted(0, SNW_COUNT_REFERRED), 0, 0);
    assert_near(counted(1, SNW_COUNT_INVITED), 0, 0);
    assert_near(counted(1, SNW_COUNT_TESTED), 512, 0);
    assert_near(counted(1, SNW_COUNT_POSITIVE), 128, 0);
    assert_near(counted(1, SNW_COUNT_REFERRED), 128, 0);
    assert_near(counted(1, SNW_COUNT_STARTED), 128, 0);
    assert_near(counted(0, SNW_COUNT_CENTS), 1024 * 200, 0);
    assert_near(counted(1, SNW_COUNT_CENTS), 512 * 4000, 0);
    for (size_t i = 0; i < N; i++) {
        assert_true(block->on_treatment[i] == (i % 8 == 1 ? SNW_R(1) : SNW_R(0)));
        accounts->cost_cents[i] = 1000;
    }
    accounts->part_cents = parts;
    snw_screen_account(&screened, N, accounts);
    assert_int_equal(accounts->cost_cents[0], 1200);
    assert_int_equal(accounts->cost_cents[3], 5200);
    assert_int_equal(parts[SNW_COST_TESTS][0], 200);
    assert_int_equal(parts[SNW_COST_TESTS][3], 4200);
    assert_int_equal(parts[SNW_COST_INTERVENTIONS][3], 0);
    accounts->other_payers = 0.25;
    snw_screen_account(&screened, N, accounts);
    assert_int_equal(accounts->cost_cents[3], 5200 + 3150);
    assert_int_equal(parts[SNW_COST_TESTS][3], 4200 + 3150);
    programme = kept;
}

/* Who is not positive takes the other route. */
static void a_negative_result_may_lead_on(void **state)
{
    (void)state;
    begin();
    struct snw_screening_step *walk = step(SNW_TEST_gait, "measured.gait_m_s < 0.1");
    walk->otherwise = (struct snw_route){.kind = SNW_ROUTE_STEP, .to = 1};
    step(SNW_TEST_grip, "measured.grip_kg > 1");
    birthday();
    assert_near(counted(0, SNW_COUNT_POSITIVE), 0, 0);
    assert_near(counted(1, SNW_COUNT_TESTED), 1024, 0);
    assert_near(counted(1, SNW_COUNT_REFERRED), 1024, 0);
}

/* At 70, 72 and 74, but not at 71; people are counted once, tests each time. */
static void people_are_invited_when_they_are_due(void **state)
{
    (void)state;
    begin();
    step(SNW_TEST_grip, "measured.grip_kg > 1");
    for (block->age = AGE - 1; block->age <= 75; block->age++)
        birthday();
    assert_near(counted(0, SNW_COUNT_TESTED), 3 * 1024, 0);
    assert_near(counted(0, SNW_COUNT_PEOPLE_TESTED), 1024, 0);
    assert_near(counted(0, SNW_COUNT_PEOPLE_POSITIVE), 1024, 0);
    assert_near(counted(0, SNW_COUNT_STARTED), 1024, 0);
}

/* Of 1,024 with a chance of .6: SD 15.7, four of them allowed; always the same people. */
static void those_come_whose_luck_it_is(void **state)
{
    (void)state;
    snw_real first[N];
    for (int time = 0; time < 2; time++) {
        begin();
        pathway.attendance.value = 0.6;
        step(SNW_TEST_grip, "measured.grip_kg > 1");
        birthday();
        assert_near(counted(0, SNW_COUNT_TESTED), 614, 63);
        if (time)
            assert_memory_equal(first, screened.row[SNW_SCREENED_TESTED], sizeof first);
        memcpy(first, screened.row[SNW_SCREENED_TESTED], sizeof first);
    }
}

static void the_dead_are_not_invited(void **state)
{
    (void)state;
    uint8_t gone[SNW_STRIDE] = {0};
    begin();
    for (size_t i = 0; i < 24; i++)
        gone[i] = 1;
    screens.gone = gone;
    step(SNW_TEST_grip, "measured.grip_kg > 1");
    birthday();
    assert_near(counted(0, SNW_COUNT_INVITED), 1000, 0);
    assert_near(counted(0, SNW_COUNT_STARTED), 1000, 0);
}

/* The grip of two years ago is still that of the day it was measured. */
static void the_last_measurement_is_kept_with_its_age(void **state)
{
    (void)state;
    begin();
    struct snw_screening_step *s =
        step(SNW_TEST_grip, "measured.grip_kg > 1 and history.years_since_grip < 1");
    parse("female and not history.years_since_grip < 3", &pathway.eligible);
    birthday();
    snw_real then = snw_screened_value(&screened, SNW_TEST_grip, 0)[5];
    assert_near(then, 28, 12);
    block->grip_ln[5] = SNW_R(log(10));
    block->age = 72; /* due again, but measured two years ago */
    birthday();
    assert_near(counted(0, SNW_COUNT_TESTED), 1024, 0);
    assert_true(snw_screened_value(&screened, SNW_TEST_grip, 0)[5] == then);
    block->age = 74;
    birthday();
    assert_near(counted(0, SNW_COUNT_TESTED), 2048, 0);
    assert_near(snw_screened_value(&screened, SNW_TEST_grip, 0)[5], 10, 4);
    assert_int_equal(s->occasions, 1);
}

/* The same error as a programme without a pathway meets on that day: one instrument, one day. */
static void a_test_shows_what_its_instrument_shows(void **state)
{
    (void)state;
    begin();
    step(SNW_TEST_grip, "measured.grip_kg > 1");
    birthday();
    snw_kernels_best()->luck(&room->luck, treating.key, N, block->person, block->replicate, AGE,
                             SNW_SLOT_MEASURE_0, 5);
    treating.kernels->see(room, &programme, block, &model->year[SNW_FEMALE][AGE - SNW_AGE_FIRST],
                          SNW_NAME_measured_grip);
    assert_memory_equal(room->seen[SNW_NAME_measured_grip],
                        snw_screened_value(&screened, SNW_TEST_grip, 0), N * sizeof(snw_real));
}

/* At 28 kg and 1.2 m/s a point by misjudging with .15 in log: lifting Phi(ln(1.4 x 16/28)/.15) =
   .068, rising Phi(ln(.95/1.2)/.15) = .060, stairs Phi(ln(1.05/1.2)/.15) = .187, walking .003, in
   all .318 a person; SE .023 of 512, four of them allowed. At 8 kg, .25 m/s and five falls all ten:
   the nearest limit is 3.9 SD away. */
static void the_questionnaire_gives_points(void **state)
{
    (void)state;
    double strong = 0, weak = 0;
    begin();
    step(SNW_TEST_sarc_f, "measured.sarc_f >= 4");
    for (size_t i = 0; i < N; i += 2) {
        block->grip_ln[i] = SNW_R(log(8));
        block->gait_m_s[i] = SNW_R(0.25);
        courses.row[SNW_ROW_FALLS][i] = 5;
    }
    birthday();
    const snw_real *points = snw_screened_value(&screened, SNW_TEST_sarc_f, 0);
    for (size_t i = 0; i < N; i++)
        *(i % 2 ? &strong : &weak) += (double)points[i] / 512;
    assert_near(strong, 0.318, 4 * 0.023);
    assert_near(weak, 10, 0.01);
    assert_near(counted(0, SNW_COUNT_POSITIVE), 512, 2);
}

/* A reference of mean ln 200 and SD .5: 200 e is two SD above it, 200 at it; no error. */
static void igfbp2_is_scored_by_sex_and_age(void **state)
{
    (void)state;
    struct snw_programme kept = programme;
    struct snw_year_coef *c = &model->year[SNW_FEMALE][AGE - SNW_AGE_FIRST];
    memset(programme.cv, 0, sizeof programme.cv);
    begin();
    step(SNW_TEST_igfbp2, "measured.igfbp2_z > 1");
    c->z_mean[SNW_Z_IGFBP2] = SNW_R(log(200));
    c->z_scale[SNW_Z_IGFBP2] = 2;
    for (size_t i = 0; i < N; i++)
        block->igfbp2_ln[i] = SNW_R(log(200) + (double)(i % 2));
    birthday();
    assert_near(snw_screened_value(&screened, SNW_TEST_igfbp2, 1)[0], 0, 1e-5);
    assert_near(snw_screened_value(&screened, SNW_TEST_igfbp2, 1)[1], 2, 1e-5);
    assert_near(counted(0, SNW_COUNT_POSITIVE), 512, 0);
    programme = kept;
}

/* ln odds of -2, of -1 with a fracture. */
static void the_score_is_that_of_its_terms(void **state)
{
    (void)state;
    begin();
    score = (struct snw_risk_score){.coefficient = {{-2, 0, 0, 0, 0, 0, 1, 0, 0}}};
    step(SNW_TEST_risk_score, "measured.fracture_risk > 0.2");
    block->fracture_age_yr[2][7] = 60;
    birthday();
    const snw_real *risk = snw_screened_value(&screened, SNW_TEST_risk_score, 1);
    assert_near(risk[0], 1 / (1 + exp(2)), 1e-6);
    assert_near(risk[7], 1 / (1 + exp(1)), 1e-6);
    assert_near(counted(0, SNW_COUNT_POSITIVE), 1, 0);
}

/* What screening knows, in the condition of an intervention of its own. */
static void conditions_of_interventions_see_it(void **state)
{
    (void)state;
    begin();
    programme.referred_only[0] = 0;
    parse("screened.positive and measured.sarc_f >= 0", &declared.eligible);
    snw_programme_init(&programme, &params);
    pathway.attendance.value = 0.5;
    step(SNW_TEST_sarc_f, "measured.sarc_f >= 0");
    birthday();
    assert_true(counted(0, SNW_COUNT_TESTED) > 400);
    assert_near(counted(0, SNW_COUNT_STARTED), counted(0, SNW_COUNT_TESTED), 0);
    screened.n_rows = 0; /* a scenario that screens nobody */
    snw_screen_show(&screens, block);
    assert_true(room->seen[SNW_NAME_screened_positive][0] == SNW_R(0));
    assert_true(isnan((double)room->seen[SNW_NAME_measured_sarc_f][0]));
    screened.n_rows = SNW_SCREENED_STEPS + 2 * SNW_PATHWAY_STEPS;
    programme.referred_only[0] = 1;
}

/* Stopped after a year at 71, begun anew at 72, when the test refers them again: no new offer. */
static void who_begins_anew_is_not_counted_as_offered(void **state)
{
    (void)state;
    struct snw_intervention kept = declared;
    begin();
    declared.persistence.n_knots = 2;
    declared.persistence.at_yr[0] = 0.999;
    declared.persistence.still_on[0] = 0.999999;
    declared.persistence.at_yr[1] = 1;
    declared.persistence.still_on[1] = 0.000001;
    declared.restart = (struct snw_sequel){.chance = {.value = 1}, .after_yr = 1, .given = 1};
    snw_programme_init(&programme, &params);
    step(SNW_TEST_grip, "measured.grip_kg > 1");
    for (; block->age <= 72; block->age++)
        birthday();
    block->age = 72;
    double anew = 0;
    for (size_t i = 0; i < N; i++)
        anew += snw_course_row(&courses, 0, SNW_COURSE_START)[i] == SNW_R(72);
    assert_near(anew, 1024, 0);
    assert_near(counted(0, SNW_COUNT_REFERRED), 2 * 1024, 0);
    assert_near(counted(0, SNW_COUNT_STARTED), 1024, 0);
    declared = kept;
    snw_programme_init(&programme, &params);
}

/* Offered to all whom the test refers, but those with a hip broken. */
static void who_must_not_have_it_is_not_offered_it(void **state)
{
    (void)state;
    begin();
    parse("history.hip_fracture", &declared.barred);
    declared.eligible = declared.barred;
    snw_programme_init(&programme, &params);
    step(SNW_TEST_grip, "measured.grip_kg > 1");
    for (size_t i = 0; i < 24; i++)
        block->fracture_age_yr[0][i] = 60;
    birthday();
    assert_near(counted(0, SNW_COUNT_REFERRED), 1024, 0);
    assert_near(counted(0, SNW_COUNT_STARTED), 1000, 0);
    declared.barred.n = declared.eligible.n = 0;
    snw_programme_init(&programme, &params);
}

/* Medians of draws are the declared values; the same test costs the same in every pathway. */
static void draws_vary_costs_and_attendance(void **state)
{
    (void)state;
    enum { DRAWS = 999 };
    int above[2] = {0};
    begin();
    pathway.attendance = (struct snw_declared){.value = 0.5, .low = 0.2, .high = 0.9};
    for (int k = 0; k < 2; k++)
        step(SNW_TEST_dxa, "measured.t_score_femoral_neck < 0")->cost =
            (struct snw_declared){.value = 40, .low = 20, .high = 90, .source = "x"};
    snw_screening_init(&screening);
    assert_true(screening.attendance[0] == 0.5 && screening.cost_usd[0][0] == 40);
    for (uint32_t d = 1; d <= DRAWS; d++) {
        snw_screening_draw(&screening, 3, d);
        assert_true(screening.cost_usd[0][0] == screening.cost_usd[0][1]);
        above[0] += screening.attendance[0] > 0.5;
        above[1] += screening.cost_usd[0][0] > 40;
    }
    for (int k = 0; k < 2; k++) /* SD 15.8, four of them */
        assert_near(above[k], DRAWS / 2.0, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sensitivity_is_that_of_a_bivariate_normal),
        cmocka_unit_test(people_go_from_test_to_test),
        cmocka_unit_test(a_negative_result_may_lead_on),
        cmocka_unit_test(people_are_invited_when_they_are_due),
        cmocka_unit_test(those_come_whose_luck_it_is),
        cmocka_unit_test(the_dead_are_not_invited),
        cmocka_unit_test(the_last_measurement_is_kept_with_its_age),
        cmocka_unit_test(a_test_shows_what_its_instrument_shows),
        cmocka_unit_test(the_questionnaire_gives_points),
        cmocka_unit_test(igfbp2_is_scored_by_sex_and_age),
        cmocka_unit_test(the_score_is_that_of_its_terms),
        cmocka_unit_test(conditions_of_interventions_see_it),
        cmocka_unit_test(who_begins_anew_is_not_counted_as_offered),
        cmocka_unit_test(who_must_not_have_it_is_not_offered_it),
        cmocka_unit_test(draws_vary_costs_and_attendance),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
