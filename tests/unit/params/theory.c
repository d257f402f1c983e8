/* Distribution functions and moments of each kind of prior. */
#include "theory.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct theory theory_of(const struct snw_prior *prior, double preset)
{
    double m = preset, n;
    switch (prior->kind) {
    case SNW_PRIOR_LOGNORMAL:
    case SNW_PRIOR_SCALE:
        return (struct theory){THEORY_LOGNORMAL, preset, prior->a};
    case SNW_PRIOR_SCALE_EACH:
        return (struct theory){THEORY_LOGNORMAL, preset, hypot(prior->a, prior->b)};
    case SNW_PRIOR_BETA:
        return (struct theory){THEORY_BETA, prior->a, prior->b};
    case SNW_PRIOR_BETA_MEAN: /* var = m (1 - m) / (n + 1) */
        n = m * (1 - m) / (prior->a * prior->a) - 1;
        return (struct theory){THEORY_BETA, m * n, (1 - m) * n};
    case SNW_PRIOR_GAMMA:
        return (struct theory){THEORY_GAMMA, prior->a, prior->b};
    case SNW_PRIOR_UNIFORM:
        return (struct theory){THEORY_UNIFORM, prior->a, prior->b};
    case SNW_PRIOR_NORMAL:
    case SNW_PRIOR_SHIFT:
    case SNW_PRIOR_FIXED:
        break;
    }
    return (struct theory){THEORY_NORMAL, preset, fabs(prior->a)};
}

static double p_or_q(const struct theory *t, double x, bool upper)
{
    double z;
    switch (t->kind) {
    case THEORY_BETA:
        x = fmin(fmax(x, 0), 1);
        return upper ? gsl_cdf_beta_Q(x, t->a, t->b) : gsl_cdf_beta_P(x, t->a, t->b);
    case THEORY_GAMMA:
        return upper ? gsl_cdf_gamma_Q(x, t->a, t->b) : gsl_cdf_gamma_P(x, t->a, t->b);
    case THEORY_UNIFORM:
        return upper ? gsl_cdf_flat_Q(x, t->a, t->b) : gsl_cdf_flat_P(x, t->a, t->b);
    case THEORY_LOGNORMAL: /* a negative median: the distribution of -x, turned round */
        z = x / t->a > 0 ? log(x / t->a) / t->b : -1e3;
        z = t->a < 0 ? -z : z;
        break;
    case THEORY_NORMAL:
    default:
        z = (x - t->a) / t->b;
    }
    return upper ? gsl_cdf_ugaussian_Q(z) : gsl_cdf_ugaussian_P(z);
}

double theory_p(const struct theory *t, double x)
{
    return p_or_q(t, x, false);
}

double theory_q(const struct theory *t, double x)
{
    return p_or_q(t, x, true);
}

double theory_mean(const struct theory *t)
{
    switch (t->kind) {
    case THEORY_LOGNORMAL:
        return t->a * exp(t->b * t->b / 2);
    case THEORY_BETA:
        return t->a / (t->a + t->b);
    case THEORY_GAMMA:
        return t->a * t->b;
    case THEORY_UNIFORM:
        return (t->a + t->b) / 2;
    case THEORY_NORMAL:
    default:
        return t->a;
    }
}

double theory_sd(const struct theory *t)
{
    double m = theory_mean(t);
    switch (t->kind) {
    case THEORY_LOGNORMAL:
        return fabs(m) * sqrt(exp(t->b * t->b) - 1);
    case THEORY_BETA:
        return sqrt(m * (1 - m) / (t->a + t->b + 1));
    case THEORY_GAMMA:
        return sqrt(t->a) * t->b;
    case THEORY_UNIFORM:
        return (t->b - t->a) / sqrt(12);
    case THEORY_NORMAL:
    default:
        return t->b;
    }
}

double theory_lost(const struct theory *t, double low, double high)
{
    return theory_p(t, low) + theory_q(t, high);
}
