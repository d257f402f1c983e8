/* A deed: everybody stronger by half an SD of the frozen reference. Fall rates change by exp(-.5
   bS) and by what frailty and residence make of the strength, and by nothing else. */
#include "support/near.h"

#include "core/memory.h"
#include "statistical/cohort.h"
#include "statistical/crowd.h"

#define LEVEL 1e-3 /* chance that one test of this file fails though all is right */
#define SHIFT 0.5  /* SD */
#define B_S 0.26   /* bS, falls per SD weaker */
#define B_FRAIL 0.5877866649
#define B_HOME 0.4700036292

enum { N = 20000, PILOTS = 4000, BATCHES = 20, PEOPLE = 2000 };

static const int ages[] = {20, 21, 40, 60, 75, 85, 95, 0};

static void state_parameters(struct snw_params *p)
{
    p->falls_per_weakness[0] = B_S;
    p->falls_frail[0] = B_FRAIL;
    p->falls_nursing_home[0] = B_HOME;
    p->falls_per_igfbp2[0] = 0;
    p->frailty_intercept_robust_prefrail[0] = -1.16;
    p->frailty_worse_per_year[0] = 0.057;
    p->frailty_per_weakness[0] = 0.32;
    p->frailty_female[0] = 0.10;
}

/* Falls see neither frailty nor residence, and death sees nothing of either or of what falls break.
 */
static void without_feedback(struct snw_params *p)
{
    state_parameters(p);
    p->falls_frail[0] = p->falls_nursing_home[0] = 0;
    p->mortality_per_weakness[0] = p->mortality_frail[0] = 0;
    p->mortality_hip_late_rr[0] = 1;
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        p->mortality_hip_early_rr[sex] = p->mortality_vertebral_smr[sex] = 1;
}

/* The same world with everybody stronger, against the same frozen reference. */
static struct world *stronger(const struct world *base)
{
    struct world *w = snw_alloc(sizeof *w);
    assert_non_null(w);
    *w = *base;
    w->params.strength_shift_sd[0] = SHIFT;
    snw_model_build(&w->model, &w->params);
    world_freeze(w);
    return w;
}

struct arms {
    struct world *world[2];
    struct cohort *cohort[2];
};

static struct arms arms_new(void (*change)(struct snw_params *p), enum snw_sex sex)
{
    struct arms a = {.world = {world_new(change, PILOTS)}};
    a.world[1] = stronger(a.world[0]);
    for (int k = 0; k < 2; k++)
        a.cohort[k] = cohort_new(a.world[k], sex, N, ages, BIRTHDAY);
    return a;
}

static void arms_free(struct arms a)
{
    for (int k = 0; k < 2; k++)
        cohort_free(a.cohort[k]);
    world_free(a.world[0]);
    world_free(a.world[1]);
}

static double at(const struct arms *a, int arm, int age, const char *field, size_t i)
{
    return (double)cohort_at(a->cohort[arm], age, field, 0)[i];
}

/* Rates are floats whose logarithm is good to 1e-6; the shift moves the score to 2e-6. */
static void each_fall_rate_changes_by_the_factor_and_by_frailty_and_home(void **state)
{
    (void)state;
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        struct arms a = arms_new(state_parameters, (enum snw_sex)sex);
        for (size_t k = 0; ages[k]; k++) {
            size_t same = 0;
            double furthest = 0;
            for (size_t i = 0; i < N; i++) {
                double moved =
                    at(&a, 1, ages[k], "strength_z", i) - at(&a, 0, ages[k], "strength_z", i);
                double frail = (at(&a, 1, ages[k], "frailty", i) > 1.5) -
                               (at(&a, 0, ages[k], "frailty", i) > 1.5);
                double home =
                    at(&a, 1, ages[k], "nursing_home", i) - at(&a, 0, ages[k], "nursing_home", i);
                double ratio =
                    at(&a, 1, ages[k], "fall_rate", i) / at(&a, 0, ages[k], "fall_rate", i);
                assert_near(moved, SHIFT, 1e-5);
                assert_near(ratio, exp(-SHIFT * B_S + B_FRAIL * frail + B_HOME * home), 1e-5);
                if (frail == 0 && home == 0) {
                    furthest = fmax(furthest, fabs(ratio / exp(-SHIFT * B_S) - 1));
                    same++;
                }
            }
            print_message(
                "%s of %d: %zu of %d as frail and housed as before, rates x %.6f to %.0e\n",
                sex == SNW_FEMALE ? "women" : "men", ages[k], same, N, exp(-SHIFT * B_S), furthest);
            assert_true(same > N / 2);
        }
        arms_free(a);
    }
}

static double sum(const struct arms *a, int arm, int age, const char *field)
{
    double total = 0;
    for (size_t i = 0; i < N; i++)
        total += at(a, arm, age, field, i);
    return total;
}

static void without_feedback_the_rate_of_all_changes_by_the_factor_alone(void **state)
{
    (void)state;
    struct arms a = arms_new(without_feedback, SNW_FEMALE);
    for (size_t k = 0; ages[k]; k++) {
        double ratio = sum(&a, 1, ages[k], "fall_rate") / sum(&a, 0, ages[k], "fall_rate");
        assert_near(ratio, exp(-SHIFT * B_S), 1e-5);
    }
    arms_free(a);
}

/* Mean chance to become prefrail at 21 of those robust at 20, from their scores in this arm. */
static double prefrail_chance(const struct arms *a, int arm, int female)
{
    double total = 0;
    for (size_t i = 0; i < N; i++) {
        double w = -at(a, arm, 20, "strength_z", i) - at(a, arm, 20, "gait_z", i);
        total += 1 / (1 + exp(1.16 - 0.057 * (20.5 - 70) - 0.32 * w - 0.10 * female));
    }
    return total / N;
}

/* The feedback by itself: fewer become prefrail, as their logits say; and over a life the rate of
   all falls by more than the factor, by the mean of the frail and housed spared. */
static void strength_spares_frailty_and_frailty_spares_falls(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "frailty after a shift", LEVEL);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        struct arms a = arms_new(state_parameters, (enum snw_sex)sex);
        for (int arm = 0; arm < 2; arm++) {
            double p = prefrail_chance(&a, arm, sex == SNW_FEMALE);
            family_count(&f, sum(&a, arm, 21, "frailty"), N, p, "prefrail at 21, arm %d", arm);
        }
        for (size_t k = 3; ages[k]; k++) {
            double base = 0, direct = 0, frailty = 0, whole = 0;
            for (size_t i = 0; i < N; i++) {
                double rate = at(&a, 0, ages[k], "fall_rate", i);
                double frail = (at(&a, 1, ages[k], "frailty", i) > 1.5) -
                               (at(&a, 0, ages[k], "frailty", i) > 1.5);
                base += rate;
                direct += rate * exp(-SHIFT * B_S);
                frailty += rate * exp(-SHIFT * B_S + B_FRAIL * frail);
                whole += at(&a, 1, ages[k], "fall_rate", i);
            }
            print_message(
                "%s of %d: rate of all x %.4f = %.4f directly x %.4f by frailty x %.4f by "
                "residence\n",
                sex == SNW_FEMALE ? "women" : "men", ages[k], whole / base, direct / base,
                frailty / direct, whole / frailty);
            assert_true(whole < direct);
            assert_true(frailty < direct);
        }
        arms_free(a);
    }
    family_end(&f);
}

/* Falls of mortals through the engine, ages of a band, in one arm over the other; and the SE of
   that by the spread between batches of the same people in both arms. */
static void falls_of_mortals_change_by_the_factor(void **state)
{
    (void)state;
    struct world *base = world_new(without_feedback, PILOTS), *shifted = stronger(base);
    struct crowd *crowd[2] = {crowd_new(base, BATCHES, PEOPLE, 0),
                              crowd_new(shifted, BATCHES, PEOPLE, 0)};
    static const int bands[][2] = {{20, 40}, {40, 60}, {60, 75}, {75, 85}, {85, 98}};
    struct family f;
    family_begin(&f, "falls after a shift", LEVEL);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (size_t k = 0; k < sizeof bands / sizeof bands[0]; k++) {
            double whole[2] = {0, 0}, spread = 0, part[BATCHES][2] = {{0}};
            for (int arm = 0; arm < 2; arm++)
                for (size_t b = 0; b < BATCHES; b++)
                    for (int a = bands[k][0]; a < bands[k][1]; a++)
                        part[b][arm] +=
                            crowd[arm]->batch[b][sex][a - SNW_AGE_FIRST].events[CROWD_FALLS];
            for (size_t b = 0; b < BATCHES; b++)
                for (int arm = 0; arm < 2; arm++)
                    whole[arm] += part[b][arm];
            double ratio = whole[1] / whole[0];
            for (size_t b = 0; b < BATCHES; b++)
                spread += pow(part[b][1] - ratio * part[b][0], 2);
            double se = sqrt(spread * BATCHES / (BATCHES - 1)) / whole[0];
            print_message("%s of %d to %d: falls x %.4f, expected %.4f, SE %.4f\n",
                          sex == SNW_FEMALE ? "women" : "men", bands[k][0], bands[k][1] - 1, ratio,
                          exp(-SHIFT * B_S), se);
            family_t(&f, (ratio - exp(-SHIFT * B_S)) / se, BATCHES - 1, "from %d: %.4f",
                     bands[k][0], ratio);
        }
    family_end(&f);
    crowd_free(crowd[0]);
    crowd_free(crowd[1]);
    world_free(shifted);
    world_free(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fall_rate_changes_by_the_factor_and_by_frailty_and_home),
        cmocka_unit_test(without_feedback_the_rate_of_all_changes_by_the_factor_alone),
        cmocka_unit_test(strength_spares_frailty_and_frailty_spares_falls),
        cmocka_unit_test(falls_of_mortals_change_by_the_factor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
