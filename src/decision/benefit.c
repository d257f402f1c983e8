/* Net benefit, acceptability and the value of perfect information. */
#include "decision/benefit.h"

#include "core/vmath.h"
#include "numerics/discount.h"

static double net(const struct snw_psa *s, double threshold, size_t strategy, size_t draw)
{
    size_t at = strategy * s->n_draws + draw;
    return threshold * s->effect[at] - s->cost[at];
}

/* The first strategy of the highest net benefit in a draw. */
static size_t highest(const struct snw_psa *s, double threshold, size_t draw)
{
    size_t best = 0;
    for (size_t i = 1; i < s->n_strategies; i++)
        if (net(s, threshold, i, draw) > net(s, threshold, best, draw))
            best = i;
    return best;
}

static void means(const struct snw_psa *s, double threshold, struct snw_strategy_benefit *of)
{
    for (size_t i = 0; i < s->n_strategies; i++) {
        double cost = snw_mean_of(s->cost + i * s->n_draws, s->n_draws);
        double effect = snw_mean_of(s->effect + i * s->n_draws, s->n_draws);
        of[i] = (struct snw_strategy_benefit){.nmb = threshold * effect - cost,
                                              .nhb = threshold > 0 ? effect - cost / threshold
                                                                   : __builtin_nan("")};
    }
}

struct snw_benefit snw_benefit_at(const struct snw_psa *s, double threshold,
                                  struct snw_strategy_benefit *of)
{
    struct snw_benefit b = {.best = 0};
    double n = (double)s->n_draws, sum = 0, squares = 0;
    means(s, threshold, of);
    for (size_t i = 1; i < s->n_strategies; i++)
        if (of[i].nmb > of[b.best].nmb)
            b.best = i;
    for (size_t k = 0; k < s->n_draws; k++) {
        size_t best = highest(s, threshold, k);
        of[best].probability += 1 / n;
        for (size_t i = 0; i < s->n_strategies; i++)
            of[i].loss += (net(s, threshold, best, k) - net(s, threshold, i, k)) / n;
    }
    b.evpi = of[b.best].loss;
    for (size_t k = 0; k < s->n_draws; k++) {
        double loss = net(s, threshold, highest(s, threshold, k), k) - net(s, threshold, b.best, k);
        sum += loss - b.evpi;
        squares += (loss - b.evpi) * (loss - b.evpi);
    }
    b.evpi_se = snw_sqrt_f64((squares - sum * sum / n) / (n * (n - 1)));
    for (size_t i = 0; i < s->n_strategies; i++) {
        double other = -__builtin_inf();
        for (size_t j = 0; j < s->n_strategies; j++)
            other = j != i && of[j].nmb > other ? of[j].nmb : other;
        of[i].headroom = of[i].nmb - other;
    }
    return b;
}

double snw_population_value(double per_person, double persons, double years, double rate)
{
    return per_person * persons * snw_present_value(rate, 0, years);
}
