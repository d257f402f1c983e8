/* Frailty and residence at the end of the year. Equations: frailty.md, residence.md. */
#include "processes/schedule.h"

void SNW_KERNEL(snw_frailty_change)(struct snw_block *restrict b,
                                    const struct snw_year_coef *restrict c,
                                    const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real up0 = c->up_robust, up1 = c->up_prefrail, down1 = c->down_prefrail;
    const snw_real down2 = c->down_frail, weak = c->frailty_weakness, hip = c->frailty_hip;
    const snw_real *restrict u = SNW_YEAR_LUCK(luck, frailty);
    for (size_t i = 0; i < n; i++) {
        snw_real state = b->frailty[i];
        snw_real shift = -weak * (b->strength_z[i] + b->gait_z[i]) +
                         (b->n_fractures[SNW_HIP][i] > SNW_R(0) ? hip : SNW_R(0));
        snw_real robust = state < SNW_R(0.5) ? SNW_R(1) : SNW_R(0);
        snw_real frail = state > SNW_R(1.5) ? SNW_R(1) : SNW_R(0);
        snw_real up = snw_logistic((robust > SNW_R(0) ? up0 : up1) + shift);
        snw_real down = snw_logistic((frail > SNW_R(0) ? down2 : down1) - shift);
        up = frail > SNW_R(0) ? SNW_R(0) : up;
        down = robust > SNW_R(0) ? SNW_R(0) : down;
        snw_real both = up + down;
        snw_real scale = both > SNW_R(0.95) ? SNW_R(0.95) / both : SNW_R(1);
        snw_real worse = u[i] < up * scale ? SNW_R(1) : SNW_R(0);
        snw_real better = u[i] >= SNW_R(1) - down * scale ? SNW_R(1) : SNW_R(0);
        b->frailty_opening[i] = state;
        b->frailty[i] = state + worse - better;
    }
}

void SNW_KERNEL(snw_residence_change)(struct snw_block *restrict b,
                                      const struct snw_year_coef *restrict c,
                                      const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real h0 = c->enter_home, prefrail = c->home_prefrail, frail = c->home_frail;
    const snw_real injury = c->home_injury, lump = c->home_after_hip;
    const snw_real *restrict u = SNW_YEAR_LUCK(luck, residence);
    for (size_t i = 0; i < n; i++) {
        snw_real opening = b->frailty_opening[i];
        snw_real hazard = h0 * (opening > SNW_R(1.5)   ? frail
                                : opening > SNW_R(0.5) ? prefrail
                                                       : SNW_R(1));
        hazard *= b->n_hurt_not_hip[i] > SNW_R(0) ? injury : SNW_R(1);
        snw_real p = b->n_fractures[SNW_HIP][i] > SNW_R(0) ? lump : SNW_R(1) - snw_exp(-hazard);
        snw_real enters = u[i] < p ? SNW_R(1) - b->nursing_home[i] : SNW_R(0);
        b->entered_home[i] = enters;
        b->nursing_home[i] += enters;
    }
}
