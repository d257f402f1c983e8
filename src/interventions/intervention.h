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
enum { SNW_EVER_YR = 1000 };

/* A figure with the interval that its source gives it (95 %). */
struct snw_declared {
    double value, low, high;
    char *source;
};

/* An effect on one channel. At full effect it is the figure to the power 1 - share_elsewhere; it
   grows to that as 1 - 2^(-t / half_life_yr), at once for 0. */
struct snw_effect {
    int given;
    struct snw_declared figure;
    double half_life_yr;
    double trial_yr; /* over which the figure of a rate is the mean effect; 0: at full effect */
    enum snw_offset offset;
    double offset_yr;
    double rebound, rebound_yr; /* a ratio, for so long after stopping; 1, 0 for none */
    double share_elsewhere;     /* of the log effect, that other channels bring about */
};

/* Texts are owned: released with snw_intervention_free. */
struct snw_intervention {
    char *name, *title, *who;
    struct snw_expression eligible; /* who, parsed */
    int hypothetical;
    struct snw_declared uptake; /* chance that one who is offered it starts */
    double offer_every_yr;      /* to who declined; 0: never again */
    int restart;                /* who stopped is offered it again like who declined */
    double duration_yr;         /* at most so long on it; SNW_EVER_YR without end */
    double persistence_yr, persistence_shape; /* Weibull: still on it after t with
                                                 exp(-(t/yr)^shape); SNW_EVER_YR: all */
    char *persistence_source;
    double cost_usd_per_yr, cost_usd_at_start; /* in prices of price_year */
    int price_year;                            /* 0: costs nothing */
    char *cost_source;
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

/* @return whether it acts on the chance that a bone breaks. What a drug does to density is then not
   counted a second time: the risk of fracture sees density without it. */
int snw_intervention_has_fracture_ratio(const struct snw_intervention *intervention);

/* @return why the effects would count one thing twice, NULL where they don't; its channel in
 *where. */
const char *snw_intervention_counts_twice(const struct snw_intervention *intervention,
                                          enum snw_channel *where);

#endif
