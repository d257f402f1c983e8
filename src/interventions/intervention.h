/* An intervention as it is declared: who is offered it, who takes it, what it does and costs. */
#ifndef SNW_INTERVENTIONS_INTERVENTION_H
#define SNW_INTERVENTIONS_INTERVENTION_H

#include "interventions/expression.h"

enum snw_channel {
#define SNW_CHANNEL(kind, name, unit, low, high, part, doc) SNW_CHANNEL_##name,
#include "interventions/channels.def"
#undef SNW_CHANNEL
    SNW_N_CHANNELS
};

enum snw_channel_kind { SNW_KIND_RATE, SNW_KIND_STATE, SNW_KIND_YEARLY };
enum snw_channel_part { SNW_PART_BODY, SNW_PART_REST, SNW_PART_MONEY };

struct snw_channel_info {
    const char *name, *unit, *doc;
    double low, high; /* plausible values at full effect */
    enum snw_channel_kind kind;
    enum snw_channel_part part;
    int ratio; /* 1: it acts by its logarithm */
};

extern const struct snw_channel_info snw_channel_table[SNW_N_CHANNELS];

/* How an effect goes after stopping, in the order of SNW_OFFSET_WORDS. */
enum snw_offset {
    SNW_OFFSET_AT_ONCE,
    SNW_OFFSET_NEVER,
    SNW_OFFSET_LINEAR,      /* over offset_yr */
    SNW_OFFSET_HALF_LIFE,   /* halves every offset_yr */
    SNW_OFFSET_TREATED_TIME /* linear over the time on treatment, at least offset_yr */
};
#define SNW_OFFSET_WORDS "at_once|never|linear|half_life|treated_time"

/* Beyond any life, years. */
enum { SNW_EVER_YR = 1000, SNW_KNOTS_MAX = 8, SNW_ADVERSE_MAX = 4 };

/* A figure with the interval that its source gives it (95 %). */
struct snw_declared {
    double value, low, high;
    char *source;
};

/* An effect on one channel. It grows to its full size as 1 - 2^(-t / half_life_yr), at once for 0.
 */
struct snw_effect {
    int given;
    struct snw_declared figure;
    double half_life_yr;
    double trial_yr; /* over which the figure of a rate is the mean effect; 0: at full effect */
    enum snw_offset offset;
    double offset_yr;
    int kept;                   /* does not go while the intervention that follows is taken */
    double rebound, rebound_yr; /* a ratio, for so long after stopping; 1, 0 for none */
    double share_elsewhere;     /* of the log effect, that other channels bring about */
};

/* How long those who start stay on it: Weibull, exp(-(t/scale_yr)^shape) still on it after t; or,
   with knots, from knot to knot at a constant hazard, the last of which goes on. */
struct snw_persistence {
    double scale_yr, shape; /* scale SNW_EVER_YR: all stay */
    size_t n_knots;
    double at_yr[SNW_KNOTS_MAX], still_on[SNW_KNOTS_MAX]; /* (n_knots,) rising; falling */
    char *source;
};

/* What it costs, in prices of price_year; 0: nothing. */
struct snw_bill {
    double usd_per_yr, usd_at_start;
    int price_year;
    char *source;
};

/* Harm by the treatment, as expected: events a year on treatment, and by each start. */
struct snw_adverse {
    char *name, *source;
    double per_yr, at_start;
    double qaly_lost, usd, p_death; /* by an event; a death by a start falls in the first year */
    int price_year;                 /* of usd; 0: costs nothing */
};

/* What happens to those who stop. */
struct snw_sequel {
    char *name;                 /* of the intervention that follows, NULL without */
    struct snw_declared chance; /* that it does; or that the same is begun anew */
    double after_yr;            /* since the stop, on the next birthday */
    int given;
};

/* Odds ratios of uptake, which itself is that of men of 70 without a fracture. */
struct snw_uptake_odds {
    double women, per_decade, after_fracture;
};

/* Texts are owned: released with snw_intervention_free. */
struct snw_intervention {
    char *name, *title, *who, *contraindicated;
    struct snw_expression eligible; /* who, but for whom it is contraindicated, parsed */
    struct snw_expression barred;   /* for whom it is contraindicated; without steps: nobody */
    int hypothetical;
    struct snw_declared uptake; /* chance that one who is offered it starts */
    struct snw_uptake_odds odds;
    double offer_every_yr; /* to who declined; 0: never again */
    int offered_again;     /* who stopped is offered it again like who declined */
    struct snw_sequel restart, next;
    double duration_yr; /* at most so long on it; SNW_EVER_YR without end */
    struct snw_persistence persistence;
    struct snw_bill cost, monitoring;
    size_t n_adverse;
    struct snw_adverse adverse[SNW_ADVERSE_MAX];
    struct snw_effect effect[SNW_N_CHANNELS];
};

/* A figure at normal score z: its median at 0, the ends of its interval at +-1.96, by the logarithm
   where it is a ratio; each side has its own spread. Held within low and high. */
double snw_declared_at(const struct snw_declared *figure, double z, int ratio, double low,
                       double high);

/* An intervention that does nothing. */
void snw_intervention_init(struct snw_intervention *intervention);
void snw_intervention_free(struct snw_intervention *intervention);

/* @return the number that keys its luck, 0 .. 65535, from its name: a person has the same luck with
   an intervention whatever else a scenario holds. */
unsigned snw_intervention_luck(const char *name);

/* @return years on it of one who starts, by the share u of those who start that stay longer. */
double snw_intervention_time(const struct snw_intervention *intervention, double u);

/* @return chance to start of one who is offered it, at an uptake before odds. */
double snw_intervention_uptake(const struct snw_intervention *intervention, double uptake,
                               int female, double age, int after_fracture);

/* Its costs one by one: those of the treatment, of monitoring, and as expected of adverse events.
   @return 1, or 0 where there is no such item or it costs nothing; usd_at_start, usd_per_yr and
   price_year are set, source isn't. */
enum { SNW_BILLS = 2 + SNW_ADVERSE_MAX };
int snw_intervention_bill(const struct snw_intervention *intervention, size_t item,
                          struct snw_bill *bill);

/* @return whether it acts on the chance that a bone breaks. What a drug does to density is then not
   counted a second time: the risk of fracture sees density without it. */
int snw_intervention_has_fracture_ratio(const struct snw_intervention *intervention);

/* @return why the effects would count one thing twice, NULL where they don't; its channel in
 *where. */
const char *snw_intervention_counts_twice(const struct snw_intervention *intervention,
                                          enum snw_channel *where);

#endif
