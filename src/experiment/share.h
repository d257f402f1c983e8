/* The units of one part of a run: each part has its share of the people and its share of the draws.
 */
#ifndef SNW_EXPERIMENT_SHARE_H
#define SNW_EXPERIMENT_SHARE_H

#include <stdint.h>

/* A part `number` of `of`, from 1 on; 0 of 0 is the whole run. Units are numbered within the share:
   those of the point estimate first, then the draws. */
struct snw_share {
    uint32_t number, of;
    uint64_t first_point, n_point; /* units of the point estimate */
    uint64_t first_draw, n_draws;  /* draws, numbered from 1 on */
};

/* Cuts point units and draws evenly. Parts may be empty where there are more of them than units. */
static inline struct snw_share snw_share_of(uint64_t n_point, uint64_t n_draws, uint32_t number,
                                            uint32_t of)
{
    struct snw_share share = {
        .number = number, .of = of, .n_point = n_point, .first_draw = 1, .n_draws = n_draws};
    if (of == 0)
        return share;
    share.first_point = n_point * (number - 1) / of;
    share.n_point = n_point * number / of - share.first_point;
    share.first_draw = 1 + n_draws * (number - 1) / of;
    share.n_draws = 1 + n_draws * number / of - share.first_draw;
    return share;
}

static inline uint64_t snw_share_units(const struct snw_share *share)
{
    return share->n_point + share->n_draws;
}

#endif
