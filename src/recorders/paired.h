/* The same person in two worlds: what each life comes to in a scenario, and exact sums over people
   of how it differs from the same person's in the reference. Formulas: experiment/paired.md. */
#ifndef SNW_RECORDERS_PAIRED_H
#define SNW_RECORDERS_PAIRED_H

#include "recorders/measures.h"

enum snw_paired {
#define SNW_PAIRED(kind, name, unit, scale, doc) SNW_P_##name,
#include "recorders/paired.def"
#undef SNW_PAIRED
    SNW_N_PAIRED
};

enum snw_paired_kind { SNW_P_EVENT, SNW_P_COUNT, SNW_P_AMOUNT };

/* EVENTs, which stand first. */
enum { SNW_N_DATED = SNW_P_deaths + 1 };

struct snw_paired_info {
    const char *name, *unit, *doc;
    enum snw_paired_kind kind;
    double scale;
};

extern const struct snw_paired_info snw_paired_table[SNW_N_PAIRED];

/* Events of a life so far: by site, then injuries, then death. */
enum { SNW_TALLY_INJURY = SNW_N_SITE, SNW_TALLY_DEATH, SNW_N_TALLIED };
struct snw_tally_events {
    double first_yr[SNW_N_TALLIED]; /* exact age at the first; read where there is one */
    uint16_t n[SNW_N_TALLIED];
};

/* What the lives of a block's lanes have come to so far in one scenario. */
struct snw_tally {
    uint16_t falls[SNW_STRIDE];  /* SNW_FALLS_MAX a year at most */
    int32_t treated[SNW_STRIDE]; /* 2e-5 years */
    /* now: worth on the day that is discounted to. A person's years come in order, so that sums are
       the same for any block. */
    int32_t qaly_millionths[SNW_STRIDE], qaly_now[SNW_STRIDE];
    int64_t cost_cents[SNW_STRIDE], treatment_cents[SNW_STRIDE];
    double cost_now[SNW_STRIDE], treatment_now[SNW_STRIDE];
    struct snw_tally_events events[SNW_STRIDE];
} __attribute__((aligned(64)));

/* What a year's QALYs are worth now, rounded once. */
static inline int32_t snw_tally_now(int32_t qaly_millionths, double worth)
{
    const int32_t above = 1 << 20; /* so that what is cut off is above zero */
    return (int32_t)(worth * (double)qaly_millionths + (above + 0.5)) - above;
}

/* Adds the year of as many of lanes 0 .. n-1 as are whole vectors, from its readout.
   @param[in] cost, effect  what the year's cost and quality are worth now */
void SNW_KERNEL(snw_tally_year)(struct snw_tally *restrict tally,
                                const struct snw_readout *restrict readout, size_t n, double cost,
                                double effect);

/* The part of the year [age, age + 1) on a course: time becomes the larger of the two.
   @param[in] start, stop  exact ages, (n,) */
void SNW_KERNEL(snw_tally_course)(snw_real *restrict time, const snw_real *restrict start,
                                  const snw_real *restrict stop, double age, size_t n);

/* The first n lanes begin a life; take over another's; move as in the block. */
void snw_tally_clear(struct snw_tally *tally, size_t n);
void snw_tally_copy(struct snw_tally *to, const struct snw_tally *from, size_t n);
void snw_tally_swap(struct snw_tally *tally, size_t a, size_t b);
void snw_tally_move(struct snw_tally *tally, size_t to, size_t from);
/* The same year of a single lane. */
void snw_tally_lane(struct snw_tally *tally, const struct snw_readout *readout, size_t lane,
                    double cost, double effect);
/* Something happened at an exact age: a site, SNW_TALLY_INJURY, SNW_TALLY_DEATH. */
static inline void snw_tally_event(struct snw_tally *tally, size_t lane, size_t what, double age_yr)
{
    struct snw_tally_events *e = &tally->events[lane];
    if (!e->n[what] || age_yr < e->first_yr[what])
        e->first_yr[what] = age_yr;
    e->n[what]++;
}

/* A whole life in whole numbers. */
struct snw_whole_life {
    int64_t value[SNW_N_PAIRED];
    double first_yr[SNW_N_DATED]; /* exact age at the first, where there is one */
};

/* When a life is over. */
struct snw_tally_end {
    double enter_yr, exit_yr;             /* exact ages; exit of those who are alive then */
    const double *effect, *effect_before; /* worth of each year since, and of all before it */
};
void snw_tally_close(const struct snw_tally *tally, size_t lane, const struct snw_tally_end *end,
                     struct snw_whole_life *life);

/* Exact sums over people of one measure. Of the reference: people, x what a life comes to. Of
   another scenario: d its own less the same person's x, and what changed. Signed sums are kept
   modulo 2^64; products, modulo 2^128, as sums of two parts of 32 bits and what is above: all are
   merged by adding. Where a scenario changes nothing its sums are 0. */
struct snw_paired_sum {
    uint64_t n, x, xx[3];
    uint64_t d, dd[3], dx[3];
    uint64_t less, more;     /* sums of -d where d < 0, of d where d > 0 */
    uint64_t n_less, n_more; /* people */
    uint64_t n_postponed,
        n_advanced; /* people with some in both worlds, the first later, earlier */
};

/* Adds a person: to the reference's sums, (SNW_N_PAIRED,); to another scenario's. */
void snw_paired_add_reference(struct snw_paired_sum *sums, const struct snw_whole_life *reference);
void snw_paired_add(struct snw_paired_sum *sums, const struct snw_whole_life *life,
                    const struct snw_whole_life *reference);

/* Adds n sums. */
void snw_paired_merge(struct snw_paired_sum *to, const struct snw_paired_sum *from, size_t n);

#endif
