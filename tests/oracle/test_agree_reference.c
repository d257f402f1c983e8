/* The program's reference pass in double against the oracle's, of the same pilots with the same
   luck: every number that is frozen, at every age; and the targets that both must meet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "core/memory.h"
#include "oracle/agree_world.h"
#include "support/starting.h"

enum { N_PILOTS = 1500 };

static const struct snw_key key = {41, 0};

/* The largest differences seen, over their tolerances. */
struct margin {
    double largest;
    char what[64];
    unsigned beyond;
};

static void near(struct margin *m, const char *what, int sex, int age, const double pair[2],
                 double tolerance)
{
    double apart = fabs(pair[0] - pair[1]) / tolerance;
    if (!(apart <= 1) && m->beyond++ < 20)
        print_message("%s of %s at %d: program %.9g, oracle %.9g\n", what,
                      sex == SNW_FEMALE ? "women" : "men", age, pair[0], pair[1]);
    if (!(apart <= m->largest)) {
        m->largest = apart;
        snprintf(m->what, sizeof m->what, "%s at %d", what, age);
    }
}

/* To 1e-4 of the value, or of `floor` where that is larger. */
#define NEAR(what, program, oracle, floor)                                                         \
    near(m, what, sex, age, (double[]){program, oracle}, 1e-4 * fmax(fabs(oracle), floor))

static void compare_age(struct margin *m, const struct snw_reference_year *p,
                        const struct snw_oracle_reference_age *o, int sex, int age)
{
    const struct snw_oracle_moments moments[] = {o->ln_grip, o->gait, o->ln_neck, o->ln_spine,
                                                 o->ln_igfbp2};
    static const char *const scores[] = {"ln grip", "gait", "ln neck", "ln spine", "ln IGFBP-2"};
    for (int z = 0; z < SNW_N_SCORES; z++) {
        NEAR(scores[z], p->mean[z], moments[z].mean, 0.1);
        NEAR(scores[z], p->sd[z], moments[z].sd, 0.1);
    }
    NEAR("lambda0", p->fall_rate, o->lambda0, 0);
    for (int s = 0; s < SNW_N_SITE; s++) {
        NEAR("K", p->per_fall[s], o->per_fall[s], 0);
        NEAR("Kn", p->per_year[s], o->non_fall[s], 0);
    }
    NEAR("c", p->death, o->mortality_factor, 0);
    NEAR("h0", p->enter_home, o->residence_hazard, 1e-4);
}

/* k and d0 come from bins of .005 kg/m2: k within half a bin of 6 kg/m2, .0004 of it; d0 by the
   people between two classes in such a bin, .2 % of them. */
static void compare_constants(struct margin *m, const struct agree_world *w,
                              const struct snw_oracle_reference *o, int sex)
{
    const struct snw_reference *p = &w->pilot->frozen;
    if (w->params.disability_smi_map[0] < 0.5) /* else unused */
        near(m, "k", sex, 60, (double[]){p->smi_factor[sex], o->smi_factor[sex]}, 1e-3);
    near(m, "d0", sex, 60, (double[]){p->disability[sex], o->disability_intercept[sex]}, 0.01);
}

/* Both passes in one world. @return what the oracle's found, released by the caller. */
static struct snw_oracle_reference *pass(struct agree_world *w, const struct snw_params *params)
{
    struct snw_ctx ctx;
    struct snw_oracle_reference *reference = snw_alloc(sizeof *reference);
    static struct snw_oracle_pass plan;
    assert_non_null(reference);
    snw_ctx_init(&ctx);
    agree_world_plan(w, params);
    assert_int_equal(agree_world_build(w, &ctx, N_PILOTS, 0, key), SNW_OK);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        plan = (struct snw_oracle_pass){.params = params,
                                        .sex = (enum snw_sex)sex,
                                        .key = key,
                                        .first_id = 0x80000000u + (uint32_t)sex,
                                        .id_step = SNW_N_SEXES,
                                        .n_people = N_PILOTS,
                                        .calendar_year = AGREE_CALENDAR_YEAR};
        for (int i = 0; i < SNW_N_AGES; i++) {
            plan.qx[i] = w->life.q[sex][i];
            plan.census[i] = w->census[sex][i];
        }
        assert_int_equal(snw_oracle_reference_pass(&plan, &ctx, reference), SNW_OK);
    }
    return reference;
}

static void compare_passes(const struct snw_params *params)
{
    struct agree_world w;
    struct margin margin = {0}, *m = &margin;
    struct snw_oracle_reference *reference = pass(&w, params);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        for (int i = 0; i < SNW_N_AGES; i++)
            compare_age(m, &w.pilot->frozen.year[sex][i], &reference->age[sex][i], sex,
                        SNW_AGE_FIRST + i);
        compare_constants(m, &w, reference, sex);
    }
    print_message("largest difference %.3f of its tolerance (%s)\n", m->largest, m->what);
    snw_free(reference);
    agree_world_free(&w);
    assert_int_equal(m->beyond, 0);
}

static void the_reference_pass_is_that_of_the_oracle(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    compare_passes(&params);
}

static void it_is_so_where_every_parameter_is_another(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    agree_move_parameters(&params, 0.1, 3);
    params.strength_shift_sd[0] = 0;
    params.disability_smi_map[0] = 1;
    params.fractures_hip_trend_on[0] = 0;
    compare_passes(&params);
}

/* Each at every age, where the trend of hips is on and where it is off. */
static void targets_are_those_of_the_oracle(void **state)
{
    (void)state;
    struct snw_params p;
    snw_params_start(&p);
    agree_move_parameters(&p, 0.1, 4);
    for (int on = 0; on < 2; on++)
        for (int sex = 0; sex < SNW_N_SEXES; sex++)
            for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
                struct margin margin = {0}, *m = &margin;
                p.fractures_hip_trend_on[0] = on;
                NEAR("falls", snw_fall_target(&p, sex, age + 0.5),
                     snw_oracle_fall_target(&p, (enum snw_sex)sex, age), 0);
                NEAR("residents", snw_resident_share(&p, age), snw_oracle_resident_share(&p, age),
                     1e-3);
                for (int s = 0; s < SNW_N_SITE; s++) {
                    enum snw_site site = (enum snw_site)s;
                    NEAR("share", snw_fall_share(&p, s, age), snw_oracle_fall_share(&p, site, age),
                         0);
                    for (int year = 2000; year < 2025; year += 12)
                        NEAR("fractures", snw_fracture_rate(&p, sex, s, age + 0.5, year),
                             snw_oracle_fracture_target(&p, (enum snw_sex)sex, site, age, year), 0);
                }
                assert_int_equal(m->beyond, 0);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_pass_is_that_of_the_oracle),
        cmocka_unit_test(it_is_so_where_every_parameter_is_another),
        cmocka_unit_test(targets_are_those_of_the_oracle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
