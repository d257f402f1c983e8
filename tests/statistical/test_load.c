/* The factor-of-risk module: load over strength breaks hips, as many at 65 and over as the table
 * says. */
#include "support/near.h"

#include "statistical/crowd.h"
#include "statistical/family.h"

#define LEVEL 1e-3 /* chance that it fails though all is right */

enum { PILOTS = 80000, BATCHES = 50, PEOPLE = 2400 };

static void by_load(struct snw_params *p)
{
    p->fractures_module[0] = 1;
}

/* f0 is solved for hip fractures after a fall of all ages from 65 on, the table's people as
   weights; at single ages the module predicts. The pilots' error is that of as many people of the
   run. */
static void hips_broken_by_load_from_65_on_meet_the_target(void **state)
{
    (void)state;
    struct world *w = world_new(by_load, PILOTS);
    struct crowd_pair pair = crowd_pair_new(w, BATCHES, PEOPLE, 0);
    struct family f;
    family_begin(&f, "hips by load", LEVEL);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        struct crowd_rate r = crowd_rate(pair.deathless, w, sex, SNW_HIP, (int[]){65, 98});
        double error = r.run * sqrt(1 + (double)(BATCHES * PEOPLE) / PILOTS);
        print_message(
            "%s, hip fractures at 65 and over: %.0f, %.3f of target, SE with pilots %.3f\n",
            sex == SNW_FEMALE ? "women" : "men", r.events, r.ratio, error);
        family_t(&f, (r.ratio - 1) / error, BATCHES - 1, "sex %d: %.3f", sex, r.ratio);
    }
    family_end(&f);
    crowd_pair_free(pair);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hips_broken_by_load_from_65_on_meet_the_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
