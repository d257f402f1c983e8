/* A million people against the life table and the target tables, with the errors of the run and of
   the reference pass that made their world. README.md says how the errors are found. */
#include "support/near.h"

#include <stdio.h>
#include <stdlib.h>

#include "statistical/crowd.h"
#include "statistical/family.h"
#include "statistical/walk.h"

#define LEVEL 1e-3 /* chance that one test of rates fails though all is right */

enum {
    PILOTS = 200000, /* of each sex, as are these: */
    BATCHES = 50,
    IN_A_MILLION = 10000,
    IN_A_HUNDRED_THOUSAND = 1000,
    IN_A_PAIR = 3000
};

static struct world *world;
static struct crowd *million;
static struct crowd_pair pair;

static int make_million(void **state)
{
    (void)state;
    world = world_new(NULL, PILOTS);
    million = crowd_new(world, BATCHES, IN_A_MILLION, 0);
    pair = crowd_pair_new(world, BATCHES, IN_A_PAIR, 9000000);
    return 0;
}

static int drop_million(void **state)
{
    (void)state;
    crowd_pair_free(pair);
    crowd_free(million);
    world_free(world);
    return 0;
}

static const char *sex_name(int sex)
{
    return sex == SNW_FEMALE ? "women" : "men";
}

/* -- survivors -- */

/* The bound that takes the errors of c at all ages as one: l times the sum of H SE(ln c). */
static double summed_error(int sex, int i, double l)
{
    double sum = 0;
    for (int k = 0; k < i; k++)
        sum += snw_hazard_of(world->life.q[sex][k]) * world->reference.error.year[sex][k].death;
    return l * sum;
}

/* SE of l(a) from the pilot. The pass chooses c so that the pilots' own mean chance W to be alive
   is l_LT(a) at every age. With these c the mean of W over all possible people differs from l_LT by
   minus the sampling error of the pilots' mean, so its SE is SD(W)/sqrt(pilots), the errors of c at
   all earlier ages and their correlation included: the same pilots make them all. The stored errors
   of means give the effective number (sum W)^2/sum W^2 = (SD/SE)^2 =: e, and so SD(W)^2/pilots =
   l^2 (1/e - 1/pilots). At 98, where none is stored, SD(W)^2 <= l (1 - l). */
static double pilot_error(int sex, int i, double l)
{
    if (i == SNW_N_AGES)
        return sqrt(l * (1 - l) / PILOTS);
    const struct snw_reference_year *r = &world->reference.frozen.year[sex][i];
    const struct snw_reference_year *e = &world->reference.error.year[sex][i];
    double inverse = pow(e->mean[SNW_Z_STRENGTH] / r->sd[SNW_Z_STRENGTH], 2);
    return l * sqrt(fmax(0, inverse - 1.0 / PILOTS));
}

struct verdict {
    int beyond_4_se, beyond_half_per_cent; /* ages, the latter up to 90 */
    double largest_z, largest_share;
    double e20_off; /* years */
};

static struct verdict judge(const struct crowd *crowd, int sex, int print)
{
    struct verdict v = {0};
    double table[SNW_N_AGES + 1], n = (double)(crowd->n_batches * crowd->people), lived = 0;
    snw_survivors(world->life.q[sex], table);
    for (int i = 0; i <= SNW_N_AGES; i++) {
        const struct crowd_year *y = &crowd->all[sex][i < SNW_N_AGES ? i : i - 1];
        double l = (i < SNW_N_AGES ? y->n : y->n - y->deaths) / n, apart = l - table[i];
        double run = sqrt(table[i] * (1 - table[i]) / n), pilot = pilot_error(sex, i, table[i]);
        double z = i ? apart / sqrt(run * run + pilot * pilot) : 0;
        lived += i < SNW_N_AGES ? y->lived : 0;
        v.beyond_4_se += fabs(z) > 4;
        v.largest_z = fmax(v.largest_z, fabs(z));
        if (SNW_AGE_FIRST + i <= 90) {
            v.beyond_half_per_cent += fabs(apart) > 0.005 * table[i];
            v.largest_share = fmax(v.largest_share, fabs(apart) / table[i]);
        }
        if (print && (i % 10 == 0 || i == SNW_N_AGES))
            print_message("%s alive at %d: %.5f, table %.5f, SE run %.5f pilot %.5f (at most "
                          "%.5f), z %+.2f, %+.3f %%\n",
                          sex_name(sex), SNW_AGE_FIRST + i, l, table[i], run, pilot,
                          summed_error(sex, i, table[i]), z, 100 * apart / table[i]);
    }
    v.e20_off = lived / n - snw_life_expectancy(world->life.q[sex]);
    if (print)
        print_message("%s: e20 to 98 %.3f, table %.3f, SE run %.3f pilot at most %.3f; largest z "
                      "%.2f; furthest up to 90 %.3f %%\n",
                      sex_name(sex), lived / n, lived / n - v.e20_off, 14.5 / sqrt(n),
                      14.5 / sqrt(PILOTS), v.largest_z, 100 * v.largest_share);
    return v;
}

static void a_million_people_die_as_the_life_table_says(void **state)
{
    (void)state;
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        struct verdict v = judge(million, sex, 1);
        assert_int_equal(v.beyond_4_se, 0);
        assert_int_equal(v.beyond_half_per_cent, 0);
        assert_near(v.e20_off, 0, 0.05);
    }
}

/* Other people than those of the million. e20 has an SD of about 14.5 years. */
static void a_hundred_thousand_people_do_so_too(void **state)
{
    (void)state;
    struct crowd *crowd = crowd_new(world, BATCHES, IN_A_HUNDRED_THOUSAND, 5000000);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        struct verdict v = judge(crowd, sex, 1);
        assert_int_equal(v.beyond_4_se, 0);
        assert_near(v.e20_off, 0, fmax(0.1, 4 * 14.5 / sqrt(BATCHES * IN_A_HUNDRED_THOUSAND)));
    }
    crowd_free(crowd);
}

/* The check can fail: hazards 2 % too high are seen by each of its three parts. */
static void a_factor_that_is_2_per_cent_wrong_is_found(void **state)
{
    (void)state;
    struct snw_reference *frozen = &world->reference.frozen, kept = *frozen;
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++)
            frozen->year[sex][i].death *= 1.02;
    world_freeze(world);
    struct crowd *crowd = crowd_new(world, BATCHES, IN_A_MILLION, 0);
    *frozen = kept;
    world_freeze(world);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        struct verdict v = judge(crowd, sex, 0);
        print_message("c 2 %% too high, %s: %d ages beyond 4 SE (largest z %.1f), %d beyond .5 %%, "
                      "e20 %+.3f\n",
                      sex_name(sex), v.beyond_4_se, v.largest_z, v.beyond_half_per_cent, v.e20_off);
        assert_true(v.beyond_4_se > 10);
        assert_true(v.beyond_half_per_cent > 10);
        assert_true(fabs(v.e20_off) > 0.1);
    }
    crowd_free(crowd);
}

/* -- rates -- */

static const char *const kinds[] = {"hip", "vertebral", "forearm", "humerus",
                                    "leg", "other",     "falls"};

static double error_of(struct crowd_rate r)
{
    return sqrt(r.run * r.run + r.pilot * r.pilot);
}

/* Five years from `from` on; 95, 96 and 97 at the end. */
static void band(int from, int ages[2])
{
    ages[0] = from;
    ages[1] = from == 95 ? 98 : from + 5;
}

/* lambda0, K and Kn are set on those alive at a birthday: their events, were nobody to die in the
   year, meet the targets. */
static void falls_and_fractures_of_those_alive_at_a_birthday_meet_their_targets(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "rates without death in the year", LEVEL);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int kind = 0; kind < CROWD_KINDS; kind++)
            for (int from = 20, ages[2]; from < 98; from += 5) {
                band(from, ages);
                struct crowd_rate r = crowd_rate(pair.deathless, world, sex, kind, ages);
                family_t(&f, (r.ratio - 1) / error_of(r), BATCHES - 1, "%s %s from %d: %.3f",
                         sex_name(sex), kinds[kind], from, r.ratio);
            }
    family_end(&f);
}

/* Those at high risk die earlier in the year, of what they break too, and leave fewer events a year
   lived: by what the walk saw in the same people counted both ways. */
static void falls_and_fractures_of_a_million_meet_their_targets_less_those_who_die(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "rates", LEVEL);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int kind = 0; kind < CROWD_KINDS; kind++)
            for (int from = 20, ages[2]; from < 98; from += 5) {
                band(from, ages);
                struct crowd_rate r = crowd_rate(million, world, sex, kind, ages);
                struct crowd_left d = crowd_left(pair, world, sex, kind, ages);
                double t = (r.ratio - d.left) / sqrt(pow(error_of(r), 2) + d.se * d.se);
                print_message("%-5s %-9s %d-%d: %8.0f events, %.3f of target, expected %.3f; SE "
                              "run %.3f pilot %.3f expected %.3f; t %+.1f\n",
                              sex_name(sex), kinds[kind], from, ages[1] - 1, r.events, r.ratio,
                              d.left, r.run, r.pilot, d.se, t);
                family_t(&f, t, BATCHES - 1, "%s %s from %d: %.3f not %.3f", sex_name(sex),
                         kinds[kind], from, r.ratio, d.left);
            }
    family_end(&f);
}

/* The known miss: at 85 and over hip fractures come out 3 to 5 % below their target, falls up to 6
   % below from 90 on; nothing else is as far off where a thousand events are. */
static void hip_fractures_of_the_oldest_are_3_to_5_per_cent_low(void **state)
{
    (void)state;
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        struct crowd_rate r = crowd_rate(million, world, sex, SNW_HIP, (int[]){85, 98});
        print_message("%s, hip at 85 and over: %.4f of target, SE %.4f\n", sex_name(sex), r.ratio,
                      error_of(r));
        assert_true(r.ratio > 0.95 - 4 * error_of(r) && r.ratio < 0.97 + 4 * error_of(r));
    }
}

/* -- shares that the reference pass solves for -- */

/* The pilots' share errs like that of as many people of the run. */
static double error_with_pilots(struct crowd_share s)
{
    return s.se * sqrt(1 + (double)(BATCHES * IN_A_MILLION) / PILOTS);
}

/* Prints a share beside its target. @return how many standard errors it lies above. */
static double compare_share(int sex, enum crowd_state state, const double weight[SNW_N_AGES],
                            double target, const char *what)
{
    struct crowd_share s = crowd_share(million, sex, state, weight);
    double t = (s.share - target) / error_with_pilots(s);
    print_message("%-5s %s: %.5f, target %.5f, SE with pilots %.5f, t %+.1f\n", sex_name(sex), what,
                  s.share, target, error_with_pilots(s), t);
    return t;
}

/* Five ages together for each sex, then for both: what is missed alike by women and men adds up. */
static void residents_are_the_share_of_the_census(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "residents", LEVEL);
    for (int from = 51; from < 96; from += 5) {
        char what[32];
        double weight[SNW_N_AGES] = {0}, target = 0, t[SNW_N_SEXES];
        for (int age = from; age < from + 5; age++) {
            weight[age - SNW_AGE_FIRST] = 1;
            target += snw_resident_share(&world->params, age) / 5;
        }
        snprintf(what, sizeof what, "residents from %d", from);
        for (int sex = 0; sex < SNW_N_SEXES; sex++) {
            t[sex] = compare_share(sex, CROWD_RESIDENTS, weight, target, what);
            family_t(&f, t[sex], BATCHES - 1, "%s %s: t %+.1f", sex_name(sex), what, t[sex]);
        }
        family_z(&f, (t[0] + t[1]) / sqrt(2), "%s", what);
    }
    family_end(&f);
}

static void low_muscle_and_disability_from_60_on_are_those_of_2000(void **state)
{
    (void)state;
    struct family f;
    family_begin(&f, "60 and over", LEVEL);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        double weight[SNW_N_AGES] = {0};
        for (int i = 60 - SNW_AGE_FIRST; i < SNW_N_AGES; i++)
            weight[i] = world->census[sex][i];
        double low = compare_share(sex, CROWD_LOW_SMI, weight,
                                   world->params.disability_smi_low_share[sex], "low index");
        double sick = compare_share(sex, CROWD_DISABLED, weight,
                                    world->params.disability_prevalence_60[sex], "disabled");
        family_t(&f, low, BATCHES - 1, "low index of %s: t %+.1f", sex_name(sex), low);
        family_t(&f, sick, BATCHES - 1, "disabled %s: t %+.1f", sex_name(sex), sick);
    }
    family_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_people_die_as_the_life_table_says),
        cmocka_unit_test(a_hundred_thousand_people_do_so_too),
        cmocka_unit_test(a_factor_that_is_2_per_cent_wrong_is_found),
        cmocka_unit_test(falls_and_fractures_of_those_alive_at_a_birthday_meet_their_targets),
        cmocka_unit_test(falls_and_fractures_of_a_million_meet_their_targets_less_those_who_die),
        cmocka_unit_test(hip_fractures_of_the_oldest_are_3_to_5_per_cent_low),
        cmocka_unit_test(residents_are_the_share_of_the_census),
        cmocka_unit_test(low_muscle_and_disability_from_60_on_are_those_of_2000),
    };
    return cmocka_run_group_tests(tests, make_million, drop_million);
}
