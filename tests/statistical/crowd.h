/* Large crowds of both sexes, kept as sums by batch, sex and age, so that the spread between
   batches gives the error of whatever is made of the sums. */
#ifndef SNW_TESTS_STATISTICAL_CROWD_H
#define SNW_TESTS_STATISTICAL_CROWD_H

#include "support/world.h"

/* Kinds of event: fractures by site, then falls. */
enum { CROWD_FALLS = SNW_N_SITE, CROWD_KINDS };

struct crowd_year {
    double n, deaths, lived; /* at the birthday, in the year, years */
    double events[CROWD_KINDS], residents, disabled, low_smi;
};

struct crowd {
    size_t n_batches, people; /* people of each sex and batch */
    struct crowd_year (*batch)[SNW_N_SEXES][SNW_N_AGES];
    struct crowd_year all[SNW_N_SEXES][SNW_N_AGES];
};

/* Lives of `people` x n_batches people of each sex through the engine, ids from `first`; released
   with crowd_free. */
struct crowd *crowd_new(const struct world *world, size_t n_batches, size_t people, uint32_t first);
void crowd_free(struct crowd *crowd);

/* The same by a walk that counts each year of each person twice: as it is, and as if nobody died in
   a year that was begun (n counts for lived). Of events and years only. */
struct crowd_pair {
    struct crowd *mortal, *deathless;
} crowd_pair_new(struct world *world, size_t n_batches, size_t people, uint32_t first);
void crowd_pair_free(struct crowd_pair pair);

/* Events of one sex and kind at ages from .. to - 1 over the target at a + 1/2 times the years
 * lived. */
struct crowd_rate {
    double events, ratio;
    double run, pilot; /* SE of the ratio: spread between batches; of lambda0, K and Kn */
};
struct crowd_rate crowd_rate(const struct crowd *crowd, const struct world *world, int sex,
                             int kind, const int ages[2]);

/* The mortals' ratio over that of the deathless, and its SE: they are the same people. */
struct crowd_left {
    double left, se;
} crowd_left(struct crowd_pair pair, const struct world *world, int sex, int kind,
             const int ages[2]);

/* A share of those alive at birthdays: ages by weight, and its SE by the spread between batches. */
struct crowd_share {
    double share, se;
};
enum crowd_state { CROWD_RESIDENTS, CROWD_DISABLED, CROWD_LOW_SMI };
struct crowd_share crowd_share(const struct crowd *crowd, int sex, enum crowd_state state,
                               const double weight[SNW_N_AGES]);

#endif
