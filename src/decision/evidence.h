/* What a decision rests on, read from a result file. */
#ifndef SNW_DECISION_EVIDENCE_H
#define SNW_DECISION_EVIDENCE_H

#include <stdbool.h>

#include "core/context.h"
#include "decision/flow.h"
#include "decision/psa.h"
#include "params/params.h"
#include "store/read.h"

/* How totals are taken. */
struct snw_valuation {
    double cost_rate, effect_rate; /* annual effective, from 0 to 1 */
    int from_age;                  /* totals begin, and are discounted to, this birthday */
    enum snw_whom whom;
    const char *strategies; /* scenarios between commas, the first is the reference; NULL: all */
};

/* An uncertain parameter's element in all draws. Of elements of one parameter that move in
   proportion the first stands for all. */
struct snw_element {
    char key[96];         /* falls.rate_women.65 */
    enum snw_param_id id; /* SNW_PARAM_COUNT where this program knows it no more */
    char section[32];
    double *values; /* (n_draws,) */
};

/* Which money, by which book, from whose purse: beside every figure of it. */
struct snw_money {
    char unit[48], per_qaly[56];      /* USD_2019, USD_2019/QALY */
    char ledger[32], price_index[32]; /* words of the config */
    char perspective[48];
};

/* Undiscounted cost of the nation in the year in which the first scenario begins and the next
   calendar years: of the point estimate. */
struct snw_budget {
    struct snw_money money;
    struct snw_texts strategies;
    bool closed;    /* of the people of the first year; nobody enters */
    size_t n_years; /* 0 where the result has none */
    double *cost;   /* (strategies, n_years) money */
};

struct snw_evidence {
    struct snw_valuation valuation;
    struct snw_money money;
    struct snw_texts strategies; /* the first is the reference */
    size_t n_strategies;
    double cohort;               /* a draw's people at 20, of those whom totals are of */
    double persons;              /* how many of them live when totals begin, mean over draws */
    bool both;                   /* women and men live then, in all draws */
    struct snw_psa point;        /* one draw: the point estimate */
    struct snw_psa sample;       /* the draws without it */
    struct snw_element *element; /* (n_elements,) that vary between draws */
    size_t n_elements;
};

/* Reads totals a person (flow.h), from cost, quality of life and people alive of each age.
   Released with snw_evidence_free.
   @return SNW_OK; SNW_ERR_USAGE with the reason where the result does not bear a decision: one
   scenario, one that is not there, no draws, draws of cost or qaly not kept, no birth cohort,
   people who differ already at the age that totals begin at; SNW_ERR_FORMAT; SNW_ERR_MEMORY. */
snw_status snw_evidence_read(struct snw_ctx *ctx, const char *path,
                             const struct snw_valuation *valuation,
                             struct snw_evidence *evidence) SNW_MUST_CHECK;
void snw_evidence_free(struct snw_evidence *evidence);

/* Noise of incremental costs and effects (snw_increments) in a draw: their covariance over the
   draws of a run in which luck alone differs.
   @param[out] covariance  (2 (n_strategies - 1))^2
   @return SNW_ERR_USAGE where the two are not of one kind: other strategies, ledger, prices, people
   or valuation, or parameters that vary. */
snw_status snw_evidence_noise(struct snw_ctx *ctx, const struct snw_evidence *evidence,
                              const char *path, double *covariance) SNW_MUST_CHECK;

/* Reads five calendar years of a cross-section that was followed or of an open population.
   Released with snw_budget_free. */
snw_status snw_budget_read(struct snw_ctx *ctx, const char *path,
                           struct snw_budget *budget) SNW_MUST_CHECK;
void snw_budget_free(struct snw_budget *budget);

/* Reads what a variable in money says of it. */
snw_status snw_money_read(struct snw_ctx *ctx, struct snw_file *file, const char *dataset,
                          struct snw_money *money) SNW_MUST_CHECK;

#endif
