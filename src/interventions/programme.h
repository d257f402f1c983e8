/* A scenario's interventions made ready: figures of a draw, prices of the run. */
#ifndef SNW_INTERVENTIONS_PROGRAMME_H
#define SNW_INTERVENTIONS_PROGRAMME_H

#include "interventions/intervention.h"
#include "people/block.h"

enum { SNW_PROGRAMME_MAX = 8, SNW_NOWHERE = -1 };

/* What a scenario does; plain data beside the declared interventions, which outlive it. */
struct snw_programme {
    size_t n; /* 0: nothing */
    const struct snw_intervention *list[SNW_PROGRAMME_MAX];
    unsigned luck[SNW_PROGRAMME_MAX];
    int next[SNW_PROGRAMME_MAX];          /* place of what follows on it, SNW_NOWHERE for nothing */
    int only_after[SNW_PROGRAMME_MAX];    /* taken after another alone, never offered */
    int referred_only[SNW_PROGRAMME_MAX]; /* offered to whom screening refers alone */
    /* as the run prices it, adverse events as expected of those on it */
    double usd_per_yr[SNW_PROGRAMME_MAX], usd_at_start[SNW_PROGRAMME_MAX];
    double qaly_lost_per_yr[SNW_PROGRAMME_MAX], qaly_lost_at_start[SNW_PROGRAMME_MAX];
    double deaths_per_yr[SNW_PROGRAMME_MAX], deaths_at_start[SNW_PROGRAMME_MAX];
    double uptake[SNW_PROGRAMME_MAX], restart[SNW_PROGRAMME_MAX], goes_on[SNW_PROGRAMME_MAX];
    double value[SNW_PROGRAMME_MAX][SNW_N_CHANNELS]; /* drawn; 0 where not given */
    double full[SNW_PROGRAMME_MAX][SNW_N_CHANNELS];  /* at full effect as it is added, the log of a
                                                        ratio */
    double rebound_ln[SNW_PROGRAMME_MAX][SNW_N_CHANNELS];
    /* the state that brings about the rest of an effect on a rate (share_elsewhere), SNW_NOWHERE
       where that is another rate */
    int elsewhere[SNW_PROGRAMME_MAX][SNW_N_CHANNELS];
    double cv[SNW_N_NAMES]; /* log SD of the instrument behind a measured name; of scales for BMI */
    double height_cv;       /* of the stadiometer, BMI's second instrument */
    int measures;           /* whether measurements are asked for */
    uint8_t n_asked[SNW_PROGRAMME_MAX], asked[SNW_PROGRAMME_MAX][SNW_N_NAMES]; /* names */
    int acts_on_body[SNW_PROGRAMME_MAX];
    int shields;                   /* whether anything spares menopausal loss */
    int unseen[SNW_PROGRAMME_MAX]; /* fractures don't see what it does to density */
};

/* Appends what follows on the interventions of a programme whose n and list are set.
   @param[in] all (n_all,) where it is found by its name. @return 0 where there are too many. */
int snw_programme_follow(struct snw_programme *programme, const struct snw_intervention *all,
                         size_t n_all);

/* Fills a programme whose n and list are set with the declared figures, in the prices of their
   sources. */
void snw_programme_init(struct snw_programme *programme, const struct snw_params *params);

/* Prices intervention k: each of its bills times a factor. @param[in] factor (SNW_BILLS,) */
void snw_programme_price(struct snw_programme *programme, size_t k, const double *factor);

/* Takes uptake and effects from their intervals: draw 0 is as declared, draw k depends on the seed,
   k and the names alone. */
void snw_programme_draw(struct snw_programme *programme, uint32_t seed, uint32_t draw);

/* @return whether intervention k is offered by its own condition. */
static inline int snw_programme_asks(const struct snw_programme *p, size_t k)
{
    return !p->only_after[k] && !p->referred_only[k];
}

/* @return whether a programme can offer anything at a birthday of people of one sex. */
int snw_programme_can_start(const struct snw_programme *programme, enum snw_sex sex, int age,
                            int year);

#endif
