/* How often a person falls, and who falls this year. Equations: falls.md. */
#include "processes/schedule.h"
#include "processes/series.h"

void SNW_KERNEL(snw_falls_propensity)(struct snw_block *restrict b,
                                      const struct snw_year_coef *restrict c,
                                      const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real weakness = c->fall_per_weakness, frail = c->fall_frail, home = c->fall_home;
    const snw_real igfbp2 = c->fall_per_igfbp2;
    const snw_real *restrict series = c->shapes->ln_gamma_quantile;
    for (size_t i = 0; i < n; i++) {
        snw_real proneness = snw_series(series, b->fall_prone_z[i]);
        b->log_proneness[i] = proneness;
        b->log_fall_risk[i] = proneness - weakness * b->strength_z[i] +
                              (b->frailty[i] > SNW_R(1.5) ? frail : SNW_R(0)) +
                              home * b->nursing_home[i] + igfbp2 * b->igfbp2_z[i] +
                              b->fall_rate_treated[i];
    }
}

/* n_falls: 0, or -1 where the number is still to be drawn. With mean l and within-year variance v,
   P(0) = (1 + v l)^(-1/v): nobody falls where v ln u < -ln(1 + v l). */
void SNW_KERNEL(snw_falls_count)(struct snw_block *restrict b,
                                 const struct snw_year_coef *restrict c,
                                 const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real rate_ln = c->fall_rate_ln, v = c->fall_variance;
    const snw_real *restrict u = SNW_YEAR_LUCK(luck, falls);
    for (size_t i = 0; i < n; i++) {
        snw_real rate = snw_exp(rate_ln + b->log_fall_risk[i]);
        b->fall_rate[i] = rate;
        snw_real none = v * snw_log(u[i]) + snw_log(SNW_R(1) + v * rate);
        b->n_falls[i] = none < SNW_R(0) ? SNW_R(0) : SNW_R(-1);
        b->n_reported[i] = 0;
    }
}
