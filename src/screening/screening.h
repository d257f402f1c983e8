/* A scenario's screening pathways at work on a block: who is invited, tested and referred on a
   birthday, what that costs, and how many they are. Equations: screening.md. */
#ifndef SNW_SCREENING_SCREENING_H
#define SNW_SCREENING_SCREENING_H

#include "interventions/treatment.h"
#include "screening/pathway.h"
#include "screening/risk_score.h"

enum { SNW_SCREENING_MAX = 4 };

/* What a scenario screens by; plain data beside the declared pathways, which outlive it. */
struct snw_screening {
    size_t n; /* 0: nothing */
    const struct snw_pathway *list[SNW_SCREENING_MAX];
    unsigned luck[SNW_SCREENING_MAX];
    /* the course of the scenario's programme that each route leads to, where it is one */
    size_t then[SNW_SCREENING_MAX][SNW_PATHWAY_STEPS];
    size_t otherwise[SNW_SCREENING_MAX][SNW_PATHWAY_STEPS];
    /* factor from the prices of the source to those of the run */
    double price[SNW_SCREENING_MAX][SNW_PATHWAY_STEPS];
    double attendance[SNW_SCREENING_MAX];
    double cost_usd[SNW_SCREENING_MAX]
                   [SNW_PATHWAY_STEPS]; /* of an occasion, prices of its source */
    const struct snw_risk_score *score; /* for those who ask for it */
};

/* Fills a screening whose n and list are set with the declared figures; prices become 1, routes
   lead to course 0. */
void snw_screening_init(struct snw_screening *screening);

/* Takes attendance and costs from their intervals: draw 0 is as declared, draw k depends on the
   seed, k and the names alone. */
void snw_screening_draw(struct snw_screening *screening, uint32_t seed, uint32_t draw);

/* @return whether anybody of one sex is invited at a birthday. */
int snw_screening_is_due(const struct snw_screening *screening, enum snw_sex sex, int age,
                         int year);

/* @return whether a pathway asks for the score. */
int snw_pathway_asks_score(const struct snw_pathway *pathway);

/* What is counted of a step. Of those that are not the first of their pathway nobody is INVITED. */
enum snw_screening_count {
    SNW_COUNT_INVITED,
    SNW_COUNT_TESTED,
    SNW_COUNT_POSITIVE,
    SNW_COUNT_PEOPLE_TESTED,   /* for the first time */
    SNW_COUNT_PEOPLE_POSITIVE, /* likewise */
    SNW_COUNT_REFERRED,        /* to an intervention */
    SNW_COUNT_STARTED,         /* it, on that birthday */
    SNW_COUNT_CENTS,           /* of tests */
    SNW_N_COUNTS
};

struct snw_screening_counts {
    uint64_t n[SNW_N_SEXES][SNW_SCREENING_MAX][SNW_PATHWAY_STEPS][SNW_N_COUNTS];
};

/* What is kept of each lane, rows of (SNW_STRIDE,) that move with the lanes of the block: the last
   measurements, no number without one; ages at the last tests, likewise; and flags. */
enum snw_screened_row {
    SNW_SCREENED_VALUES,
    SNW_SCREENED_TESTS = SNW_SCREENED_VALUES + SNW_N_TESTS * SNW_TEST_GIVES,
    SNW_SCREENED_TESTED = SNW_SCREENED_TESTS + SNW_N_TESTS, /* 1: ever */
    SNW_SCREENED_POSITIVE,                                  /* 1: referred on this birthday */
    SNW_SCREENED_CENTS,                                     /* whole cents, of this birthday */
    SNW_SCREENED_STEPS /* two rows a step: 1 for those tested, for those positive, ever */
};

struct snw_screened {
    size_t n_rows; /* 0: the scenario screens nobody */
    snw_real (*row)[SNW_STRIDE];
    int busy; /* somebody may have been invited on this birthday */
};

/* @return 1, or 0 where there is no memory. @param[in] n pathways.
   Released with snw_screened_free. */
int snw_screened_init(struct snw_screened *screened, size_t n);
void snw_screened_free(struct snw_screened *screened);

/* Nobody has been tested. */
void snw_screened_clear(struct snw_screened *screened);

/* Room to work in; one a rank. */
struct snw_screening_room {
    uint32_t referred[SNW_PROGRAMME_MAX][SNW_STRIDE]; /* a bit a step, of all pathways */
    uint8_t in_step[SNW_PATHWAY_STEPS][SNW_STRIDE];
};

/* All that the functions below work with. */
struct snw_screens {
    const struct snw_screening *screening;
    const struct snw_treating *treating; /* of the scenario; its room is worked in */
    struct snw_screened *screened;
    struct snw_screening_room *room;
    struct snw_screening_counts *counts; /* are added to */
    const uint8_t *gone;                 /* (n,) 1 for the dead, NULL where there are none */
};

/* Birthday, after the SCORE phase and before treatments are offered: who comes, is tested and
   referred (room->referred). */
void snw_screen_birthday(const struct snw_screens *s, const struct snw_block *block,
                         const struct snw_year_coef *coef);

/* Shows conditions of interventions what screening knows (room->seen of the treatments); to be
   called after snw_screen_birthday, also where a scenario screens nobody. */
void snw_screen_show(const struct snw_screens *s, const struct snw_block *block);

/* After treatments were offered: counts who starts. */
void snw_screen_started(const struct snw_screens *s, const struct snw_block *block);

/* Adds the cost of tests, but what other payers bear of it, to cost_cents of lanes 0 .. n-1, and
   to its part where parts are asked for. */
void snw_screen_account(const struct snw_screened *screened, size_t n,
                        struct snw_accounts *accounts);

/* Makes one test on some lanes: fills its rows. @param[in] who (n,) 1 for those tested */
void snw_test_make(const struct snw_screens *s, const struct snw_block *block,
                   const struct snw_year_coef *coef, const struct snw_screening_step *step,
                   const uint8_t *who);

/* The row of a test's k-th value. */
static inline snw_real *snw_screened_value(const struct snw_screened *s, enum snw_test test,
                                           size_t k)
{
    return s->row[SNW_SCREENED_VALUES + (size_t)test * SNW_TEST_GIVES + k];
}

#endif
