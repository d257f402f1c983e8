/* The quantile of each kind of prior between bounds, on our own distribution functions. */
#include "params/priors.h"

#include <stdbool.h>
#include <stdio.h>

#include "core/vmath.h"
#include "numerics/distributions.h"

/* Where a prior is asked for its value. */
struct place {
    double preset, low, high, base, z;
};

enum { FAR = 40 }; /* beyond it the normal distribution has nothing left */

/* The quantile at Phi(z) of a standard normal cut to [from, to], by the tail on z's side: neither
   loses digits. */
static double cut_normal(double z, double from, double to)
{
    from = from < -FAR ? -FAR : from;
    to = to > FAR ? FAR : to;
    if (z <= 0) {
        double below = snw_normal_cdf(from);
        return snw_probit(below + snw_normal_cdf(z) * (snw_normal_cdf(to) - below));
    }
    double above = snw_normal_cdf(-to);
    return -snw_probit(above + snw_normal_cdf(-z) * (snw_normal_cdf(-from) - above));
}

static double normal_value(const struct place *at, double sd)
{
    double size = sd < 0 ? -sd : sd, z = sd < 0 ? -at->z : at->z;
    return at->base +
           size * cut_normal(z, (at->low - at->base) / size, (at->high - at->base) / size);
}

static double lognormal_value(const struct place *at, double s)
{
    if (at->base == 0)
        return 0;
    /* bounds of the factor; a negative base turns them round */
    double from = (at->base > 0 ? at->low : at->high) / at->base;
    double to = (at->base > 0 ? at->high : at->low) / at->base;
    double lowest = from > 0 ? snw_log_f64(from) / s : -FAR;
    return at->base * snw_exp_f64(s * cut_normal(at->z, lowest, snw_log_f64(to) / s));
}

/* The probability whose odds are k times those of x. */
static double with_odds(double x, double k)
{
    return k * x / (1 - x + k * x);
}

static double beta_value(const struct place *at, double a, double b)
{
    if (!(at->base > 0 && at->base < 1))
        return at->base;
    double k = at->base / (1 - at->base) * ((1 - at->preset) / at->preset);
    double from = at->low > 0 ? with_odds(at->low, 1 / k) : 0;
    double to = at->high < 1 ? with_odds(at->high, 1 / k) : 1;
    double below = snw_incomplete_beta(from, a, b, 0), above = snw_incomplete_beta(to, a, b, 1);
    double kept = 1 - below - above;
    double x = at->z <= 0 ? snw_beta_quantile(below + snw_normal_cdf(at->z) * kept, a, b)
                          : 1 - snw_beta_quantile(above + snw_normal_cdf(-at->z) * kept, b, a);
    return with_odds(x, k);
}

static double beta_mean_value(const struct place *at, double sd)
{
    double m = at->preset, n = m * (1 - m) / (sd * sd) - 1;
    return beta_value(at, m * n, (1 - m) * n);
}

static double gamma_value(const struct place *at, double shape, double scale)
{
    double unit = scale * at->base / at->preset;
    if (!(unit > 0))
        return at->base;
    double below = snw_incomplete_gamma(shape, at->low / unit, 0);
    double above = snw_incomplete_gamma(shape, at->high / unit, 1);
    double kept = 1 - below - above;
    return unit * (at->z <= 0
                       ? snw_gamma_quantile(below + snw_normal_cdf(at->z) * kept, shape, 0)
                       : snw_gamma_quantile(above + snw_normal_cdf(-at->z) * kept, shape, 1));
}

static double uniform_value(const struct place *at, double from, double to)
{
    double k = at->base / at->preset;
    if (!(k > 0))
        return at->base;
    from = k * from > at->low ? k * from : at->low;
    to = k * to < at->high ? k * to : at->high;
    return from + snw_normal_cdf(at->z) * (to - from);
}

static double uncut_value(const struct snw_prior *p, const struct place *at)
{
    switch (p->kind) {
    case SNW_PRIOR_NORMAL:
    case SNW_PRIOR_SHIFT:
        return normal_value(at, p->a);
    case SNW_PRIOR_LOGNORMAL:
    case SNW_PRIOR_SCALE:
        return lognormal_value(at, p->a);
    case SNW_PRIOR_SCALE_EACH: /* the score already holds both parts */
        return lognormal_value(at, snw_sqrt_f64(p->a * p->a + p->b * p->b));
    case SNW_PRIOR_BETA:
        return beta_value(at, p->a, p->b);
    case SNW_PRIOR_BETA_MEAN:
        return beta_mean_value(at, p->a);
    case SNW_PRIOR_GAMMA:
        return gamma_value(at, p->a, p->b);
    case SNW_PRIOR_UNIFORM:
        return uniform_value(at, p->a, p->b);
    case SNW_PRIOR_FIXED:
        break;
    }
    return at->base;
}

double snw_prior_value(const struct snw_prior *prior, double preset, double low, double high,
                       double base, double z)
{
    struct place at = {preset, low, high, base, z};
    double x = uncut_value(prior, &at);
    /* the distribution was cut already: this takes away a last bit of rounding */
    x = x < low ? low : x;
    return x > high ? high : x;
}

void snw_prior_words(const struct snw_prior *p, char *text, size_t size)
{
    switch (p->kind) {
    case SNW_PRIOR_FIXED:
        snprintf(text, size, "fixed: %s", p->why);
        break;
    case SNW_PRIOR_NORMAL:
        snprintf(text, size, "normal, sd %g", p->a);
        break;
    case SNW_PRIOR_LOGNORMAL:
        snprintf(text, size, "lognormal, log-sd %g", p->a);
        break;
    case SNW_PRIOR_SHIFT:
        snprintf(text, size, "curve %c normal, sd %g", p->a < 0 ? '-' : '+',
                 p->a < 0 ? -p->a : p->a);
        break;
    case SNW_PRIOR_SCALE:
        snprintf(text, size, "curve x lognormal, log-sd %g", p->a);
        break;
    case SNW_PRIOR_SCALE_EACH:
        snprintf(text, size, "curve x lognormal, log-sd %g, each x lognormal, log-sd %g", p->a,
                 p->b);
        break;
    case SNW_PRIOR_BETA:
        snprintf(text, size, "beta(%g, %g)", p->a, p->b);
        break;
    case SNW_PRIOR_BETA_MEAN:
        snprintf(text, size, "beta, mean the default, sd %g", p->a);
        break;
    case SNW_PRIOR_GAMMA:
        snprintf(text, size, "gamma(shape %g, scale %g)", p->a, p->b);
        break;
    case SNW_PRIOR_UNIFORM:
        snprintf(text, size, "uniform from %g to %g", p->a, p->b);
        break;
    }
}

/* The label of prior i of a list: of an element, or of the axis that the list follows. */
static void list_label(enum snw_param_id id, size_t i, char *text, size_t size)
{
    const struct snw_param_info *info = &snw_param_table[id];
    const struct snw_axis_info *first = &snw_axis_table[info->axis];
    const struct snw_axis_info *second = &snw_axis_table[info->axis2];
    if (info->n_priors == first->length)
        snprintf(text, size, "%s", first->labels[i]);
    else if (info->n_priors == second->length)
        snprintf(text, size, "%s", second->labels[i]);
    else
        snprintf(text, size, "%s %s", first->labels[i / second->length],
                 second->labels[i % second->length]);
}

static bool is_same(const struct snw_prior *one, const struct snw_prior *other)
{
    return one->kind == other->kind && one->a == other->a && one->b == other->b &&
           one->why == other->why;
}

void snw_param_prior_words(enum snw_param_id id, char *text, size_t size)
{
    const struct snw_param_info *info = &snw_param_table[id];
    if (info->n_priors == 1) {
        snw_prior_words(info->prior, text, size);
        return;
    }
    size_t n = 0, next;
    for (size_t i = 0; i < info->n_priors && n < size; i = next) {
        char from[64], to[64], words[96];
        for (next = i + 1; next < info->n_priors; next++)
            if (!is_same(&info->prior[i], &info->prior[next]))
                break;
        list_label(id, i, from, sizeof from);
        list_label(id, next - 1, to, sizeof to);
        snw_prior_words(&info->prior[i], words, sizeof words);
        n += (size_t)snprintf(text + n, size - n, "%s%s%s%s: %s", i ? "; " : "", from,
                              next > i + 1 ? " to " : "", next > i + 1 ? to : "", words);
    }
}
