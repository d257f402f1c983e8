/* Tests of the oracle's reference pass: other people, mortal ones, meet its targets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oracle/test_world.h"
#include "support/starting.h"

#define assert_near(actual, expected, tolerance)                                                   \
    do {                                                                                           \
        double actual_ = (actual), expected_ = (expected);                                         \
        if (!(fabs(actual_ - expected_) <= (tolerance)))                                           \
            fail_msg("%s is %.12g, not %.12g", #actual, actual_, expected_);                       \
    } while (0)

enum { N_PILOTS = 3000, N_PEOPLE = 6000 };

struct world {
    struct snw_params params;
    struct snw_oracle_reference reference;
};

/* One pass for all tests of this file. */
static int make_world(void **state)
{
    static struct world w;
    static struct snw_oracle_pass pass;
    struct snw_ctx ctx;
    snw_ctx_init(&ctx);
    snw_params_start(&w.params);
    pass = (struct snw_oracle_pass){.params = &w.params,
                                    .sex = SNW_FEMALE,
                                    .key = {1, 0},
                                    .first_id = 0x80000000u,
                                    .id_step = 1,
                                    .n_people = N_PILOTS,
                                    .calendar_year = 2017};
    for (int i = 0; i < SNW_ORACLE_N_AGES; i++) {
        pass.qx[i] = fmin(0.5, 0.0004 * exp(0.085 * i));
        pass.census[i] = 100 - i;
    }
    *state = &w;
    return snw_oracle_reference_pass(&pass, &ctx, &w.reference) == SNW_OK ? 0 : -1;
}

static void other_people_meet_the_targets(void **state)
{
    struct world *w = *state;
    static struct snw_oracle_life life;
    double falls = 0, falls_expected = 0, broken = 0, broken_expected = 0, died = 0, dying = 0;
    double residents = 0, residents_expected = 0;
    for (uint32_t id = 0; id < N_PEOPLE; id++) {
        struct snw_oracle_person person = {.sex = SNW_FEMALE, .id = id, .key = {2, 0}};
        snw_oracle_live(&w->params, &w->reference, &person, &life);
        for (int i = 0; i < SNW_ORACLE_N_AGES && life.year[i].alive; i++) {
            const struct snw_oracle_outcomes *out = &life.year[i].outcomes;
            falls += out->falls;
            falls_expected +=
                snw_oracle_fall_target(&w->params, SNW_FEMALE, 20 + i) * out->person_years;
            for (int s = 0; s < SNW_N_SITE; s++) {
                broken += out->fractures[s];
                broken_expected += snw_oracle_fracture_target(&w->params, SNW_FEMALE,
                                                              (enum snw_site)s, 20 + i, 2017) *
                                   out->person_years;
            }
            died += out->died;
            dying += w->reference.age[SNW_FEMALE][i].qx;
            residents += life.year[i].state.resident;
            residents_expected += snw_oracle_resident_share(&w->params, 20 + i);
        }
    }
    /* SEs of pilots and people together: falls 2.5 % (lasting proneness), fractures 1.7 %,
       deaths 1.3 %, residents 6 %; about 3 of them */
    assert_near(falls / falls_expected, 1, 0.075);
    assert_near(broken / broken_expected, 1, 0.05);
    assert_near(died / dying, 1, 0.04);
    assert_near(residents / residents_expected, 1, 0.18);
}

static void scores_have_mean_0_and_sd_1(void **state)
{
    struct world *w = *state;
    static struct snw_oracle_life life;
    double sum[5] = {0}, squares[5] = {0};
    const int row = 30; /* at 50, where nearly all are alive */
    for (uint32_t id = 0; id < N_PEOPLE; id++) {
        struct snw_oracle_person person = {
            .sex = SNW_FEMALE, .id = id, .key = {2, 0}, .immortal = true};
        snw_oracle_live(&w->params, &w->reference, &person, &life);
        const struct snw_oracle_measures *at = &life.year[row].measures;
        const double z[5] = {at->z_grip, at->z_gait, at->z_neck, at->z_spine, at->z_igfbp2};
        for (int k = 0; k < 5; k++) {
            sum[k] += z[k];
            squares[k] += z[k] * z[k];
        }
    }
    /* SE of a difference of means 1/sqrt(2000), of an SD 1/sqrt(4000); 4 of them */
    for (int k = 0; k < 5; k++) {
        assert_near(sum[k] / N_PEOPLE, 0, 0.09);
        assert_near(sqrt(squares[k] / N_PEOPLE), 1, 0.064);
    }
}

static void the_constants_of_disability_are_found(void **state)
{
    struct world *w = *state;
    /* the model's start from normal tails is 1.080; the weights here are others */
    assert_near(w->reference.smi_factor[SNW_FEMALE], 1.080, 0.03);
    assert_true(w->reference.disability_intercept[SNW_FEMALE] > -4);
    assert_true(w->reference.disability_intercept[SNW_FEMALE] < -1.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_people_meet_the_targets),
        cmocka_unit_test(scores_have_mean_0_and_sd_1),
        cmocka_unit_test(the_constants_of_disability_are_found),
    };
    return cmocka_run_group_tests(tests, make_world, NULL);
}
