/* The kernels of the reference pass: the same bits for every instruction set, and the numbers
 * meant. */
#include "support/near.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "engine/pilot_sums.h"
#include "processes/schedule.h"

enum { N_KINDS = 3 };
static const char *const isas[N_KINDS] = {"plain", "v3", "v4"};
static const size_t lengths[] = {1, 7, 8, 13, 500, 1024};

static double w[SNW_BLOCK_MAX], x[SNW_BLOCK_MAX];
static struct snw_block *block;
static struct snw_year_coef coef;

static int make_people(void **state)
{
    (void)state;
    block = snw_alloc(sizeof *block);
    if (!block)
        return -1;
    for (int i = 0; i < SNW_BLOCK_MAX; i++) {
        w[i] = 1 - 0.0007 * i;
        x[i] = 0.3 + 0.01 * (i % 37);
        block->height_peak_cm[i] = SNW_R(165);
        block->height_cm[i] = SNW_R(165 - i % 5);
        block->bmi_kg_m2[i] = SNW_R(20 + i % 20);
        block->index_ln[i] = SNW_R(1.8 + 0.001 * (i % 90));
        block->abmd_neck_ln[i] = SNW_R(-0.2 + 0.01 * (i % 40));
        block->strength_z[i] = SNW_R(-1 + 0.05 * (i % 40));
        block->log_fall_risk[i] = SNW_R(-0.5 + 0.02 * (i % 50));
        block->fall_rate[i] = SNW_R(0.1 * (i % 9));
        block->break_hip[i] = block->break_spine[i] = block->break_other[i] = SNW_R(1 + i % 3);
        block->trauma_hip[i] = block->trauma_spine[i] = block->trauma_other[i] = SNW_R(1);
        block->frailty_opening[i] = SNW_R(i % 3);
        block->nursing_home[i] = SNW_R(i % 11 == 0);
        block->sarcopenic[i] = SNW_R(i % 7 == 0);
        block->injury_age_yr[i] = SNW_R(i % 5 ? -1000 : 69.9);
        for (int g = 0; g < 3; g++)
            block->fracture_age_yr[g][i] = SNW_R(i % (5 + g) ? -1000 : 50 + i % 20);
    }
    block->age = 70;
    coef.tissue_base = 40;
    coef.tissue_slope = SNW_R(2.5);
    coef.femur_n = 4000;
    coef.femur_exponent = SNW_R(1.7);
    return 0;
}

static int drop_people(void **state)
{
    (void)state;
    snw_free(block);
    return 0;
}

/* All that the kernels write, for one length. */
struct found {
    struct snw_moments moments;
    double weights[SNW_BLOCK_MAX], dead[SNW_COLUMNS], slope[SNW_COLUMNS], rasm[SNW_BLOCK_MAX];
    double predictor[SNW_BLOCK_MAX], rate[SNW_BLOCK_MAX], v[SNW_BLOCK_MAX];
    double exponential[SNW_BLOCK_MAX], wide[SNW_BLOCK_MAX], fractures[3][SNW_COLUMNS];
    int32_t state[SNW_BLOCK_MAX];
};

static void run(const struct snw_pilot_kernels *k, size_t n, struct found *f)
{
    const double after_fall[3] = {0.01, 0.02, 0.05}, without[3] = {0.001, 0.002, 0.003};
    memset(f, 0, sizeof *f);
    memcpy(f->weights, w, sizeof w);
    block->n = n;
    k->moments(w, x, n, &f->moments);
    k->survive(f->weights, x, 0.2, n);
    k->deaths(w, x, 0.2, n, f->dead, f->slope);
    k->rasm(block, f->rasm);
    k->load(block, &coef, 2, 0.3, f->predictor, f->rate);
    k->steady(block, w, x, 0.05, 0.25, f->state, f->v);
    k->exponential(block->log_fall_risk, n, f->exponential);
    k->widen(block->break_hip, x, n, f->wide);
    k->fractures(block, f->v, after_fall, without, f->fractures);
}

static void all_instruction_sets_give_the_same_bits(void **state)
{
    (void)state;
    static struct found right, found;
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++)
        for (int i = 0; i < N_KINDS; i++) {
            const struct snw_pilot_kernels *k = snw_pilot_kernels_named(isas[i]);
            const struct snw_kernels *cpu = snw_kernels_named(isas[i]);
            if (!k || !cpu) /* not built, or not of this CPU */
                continue;
            run(k, lengths[l], i == 0 ? &right : &found);
            if (i > 0)
                assert_memory_equal(&found, &right, sizeof right);
        }
}

static void sums_are_those_of_one_after_another(void **state)
{
    (void)state;
    static struct found f;
    run(snw_pilot_kernels_named("plain"), 13, &f);
    double wx = 0, wxx = 0, wwx = 0, wwxx = 0, dead = 0, slope = 0, hips = 0, expected = 0;
    for (int i = 0; i < 13; i++) {
        wx += w[i] * x[i];
        wxx += w[i] * x[i] * x[i];
        wwx += w[i] * w[i] * x[i];
        wwxx += w[i] * w[i] * x[i] * x[i];
        dead += w[i] * (1 - exp(-0.2 * x[i]));
        slope += w[i] * x[i] * exp(-0.2 * x[i]);
        expected += f.v[i] * (0.1 * (i % 9) * 0.01 * (1 + i % 3) + 0.001);
        assert_near(f.weights[i], w[i] * exp(-0.2 * x[i]), 1e-15);
    }
    for (int c = 0; c < SNW_COLUMNS; c++)
        hips += f.fractures[0][c];
    assert_near(snw_column_sum(f.moments.wx), wx, 1e-13);
    assert_near(snw_column_sum(f.moments.wxx), wxx, 1e-13);
    assert_near(snw_column_sum(f.moments.wwx), wwx, 1e-13);
    assert_near(snw_column_sum(f.moments.wwxx), wwxx, 1e-13);
    assert_near(snw_column_sum(f.dead), dead, 1e-13);
    assert_near(snw_column_sum(f.slope), slope, 1e-13);
    assert_near(hips, expected, 1e-8); /* rates are floats */
}

/* Lane 0 lives in a home, broke all bones at 50 and was hurt lately; lane 1 is prefrail and sound;
   lane 5 is frail and was hurt; lane 14 broke another bone at 64, six years ago, and is weak. */
static void people_in_whom_nothing_changes_have_a_state(void **state)
{
    (void)state;
    static struct found f;
    run(snw_pilot_kernels_named("plain"), 1024, &f);
    assert_int_equal(f.state[0], -1);
    assert_int_equal(f.state[1], 0);
    assert_int_equal(f.state[5], -1);
    assert_int_equal(f.state[14], 16 + 32 + 4);
    assert_near(f.v[1], w[1] * (1 - exp(-0.05 * x[1])) / (0.05 * x[1]), 1e-13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_instruction_sets_give_the_same_bits),
        cmocka_unit_test(sums_are_those_of_one_after_another),
        cmocka_unit_test(people_in_whom_nothing_changes_have_a_state),
    };
    return cmocka_run_group_tests(tests, make_people, drop_people);
}
