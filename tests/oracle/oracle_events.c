/* The oracle's falls and fractures of a year, before death cuts them off. */
#include "oracle/oracle_parts.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

int snw_oracle_negative_binomial(double mean, double dispersion, double u)
{
    double shape = 1 / dispersion;
    double ratio = mean * dispersion / (1 + mean * dispersion);
    double p = pow(1 + mean * dispersion, -shape);
    double cumulated = p;
    int k = 0;
    while (u >= cumulated && k < SNW_ORACLE_MAX_FALLS) {
        p *= (k + shape) / (k + 1) * ratio;
        cumulated += p;
        k++;
    }
    return k;
}

int snw_oracle_poisson(double mean, double u)
{
    double p = exp(-mean);
    double cumulated = p;
    int k = 0;
    while (u >= cumulated && k < SNW_ORACLE_MAX_NON_FALL) {
        k++;
        p *= mean / k;
        cumulated += p;
    }
    return k;
}

double snw_oracle_proneness(double variance, double x)
{
    double shape = 1 / variance, scale = variance;
    /* the upper tail from above, where Phi(x) would round to 1 */
    if (x > 0)
        return gsl_cdf_gamma_Qinv(gsl_cdf_ugaussian_Q(x), shape, scale);
    return gsl_cdf_gamma_Pinv(gsl_cdf_ugaussian_P(x), shape, scale);
}

double snw_oracle_prior_fracture(const struct snw_params *params, double years)
{
    if (isnan(years))
        return 1;
    return exp(log(params->fractures_prior_rr[0]) * exp(-years / params->fractures_prior_decay[0]));
}

double snw_oracle_gradient(const struct snw_params *params, enum snw_sex sex, enum snw_site site,
                           int age)
{
    double ln_rr;
    if (site == SNW_HIP) {
        double ln_rr_at[SNW_N_AGE_GRADIENT];
        for (int i = 0; i < SNW_N_AGE_GRADIENT; i++)
            ln_rr_at[i] = log(params->fractures_rr_hip[(int)sex * SNW_N_AGE_GRADIENT + i]);
        struct snw_oracle_curve curve = snw_oracle_curve_make(SNW_AXIS_AGE_GRADIENT, ln_rr_at);
        ln_rr = snw_oracle_curve_at(&curve, age + 0.5);
    } else if (site == SNW_VERTEBRAL) {
        ln_rr = log(params->fractures_rr_vertebral[0]);
    } else {
        ln_rr = log(params->fractures_rr_other[0]);
    }
    return params->fractures_gradient_correction[0] * ln_rr;
}

double snw_oracle_trauma_gradient(const struct snw_params *params, enum snw_sex sex,
                                  enum snw_site site, int age)
{
    if (age >= 50 && (site == SNW_HIP || site == SNW_VERTEBRAL))
        return snw_oracle_gradient(params, sex, site, age);
    return log(params->fractures_rr_trauma[0]);
}

static double fall_rate(const struct snw_oracle_year_in *in, double proneness)
{
    const struct snw_params *params = in->params;
    double ln = -params->falls_per_weakness[0] * in->measures->z_grip +
                params->falls_per_igfbp2[0] * in->measures->z_igfbp2;
    if (in->state->frailty == SNW_ORACLE_FRAIL)
        ln += params->falls_frail[0];
    if (in->state->resident)
        ln += params->falls_nursing_home[0];
    return in->at->lambda0 * exp(ln) * proneness;
}

/* Chance of each site a fall, and hazard of each without one. */
static void fracture_chances(const struct snw_oracle_year_in *in, double proneness,
                             struct snw_oracle_outcomes *out)
{
    const struct snw_params *params = in->params;
    double prior = snw_oracle_prior_fracture(params, in->age + 0.5 - in->state->last_fracture_age);
    double mild = pow(proneness, -params->fractures_mild_falls[0]);
    double sum = 0;
    for (int s = 0; s < SNW_N_SITE; s++) {
        enum snw_site site = (enum snw_site)s;
        double z = site == SNW_VERTEBRAL ? in->measures->z_spine : in->measures->z_neck;
        double weak = exp(-snw_oracle_gradient(params, in->person->sex, site, in->age) * z);
        double weak_trauma =
            exp(-snw_oracle_trauma_gradient(params, in->person->sex, site, in->age) * z);
        out->p_fracture[s] = in->at->per_fall[s] * weak * prior * mild;
        out->h_fracture[s] = in->at->non_fall[s] * weak_trauma * prior;
        if (site == SNW_HIP && params->fractures_module[0] > 0.5) {
            double logit =
                in->reference->hip_intercept[in->person->sex] +
                params->fractures_per_load_ratio[0] * log(in->measures->load_to_strength) -
                params->fractures_per_weakness[0] * in->measures->z_grip;
            out->p_fracture[s] = 1 / (1 + exp(-logit));
        }
        sum += out->p_fracture[s];
    }
    for (int s = 0; s < SNW_N_SITE; s++)
        if (sum > 0.95)
            out->p_fracture[s] *= 0.95 / sum;
}

static bool injured(const struct snw_oracle_year_in *in, double u)
{
    const struct snw_params *params = in->params;
    double logit = params->falls_injury_intercept[0] +
                   (in->person->sex == SNW_FEMALE ? params->falls_injury_female[0] : 0) +
                   params->falls_injury_per_decade[0] * (in->age + 0.5 - 75) / 10;
    return u < 1 / (1 + exp(-logit));
}

static bool reported(const struct snw_params *params, bool injurious, double u)
{
    double ascertainment = params->falls_ascertainment[0];
    if (params->falls_injury_rule[0] > 0.5)
        return u < ascertainment;
    double remembered = params->falls_injury_share[0] * ascertainment;
    return injurious || u < (ascertainment - remembered) / (1 - remembered);
}

static struct snw_oracle_fall draw_fall(const struct snw_oracle_year_in *in, int index,
                                        const double p_fracture[SNW_N_SITE])
{
    struct snw_oracle_fall fall = {.site = -1};
    fall.age = in->age + snw_oracle_uniform(in->person, in->age, SNW_WORD_fall_time, index);
    double u_site = snw_oracle_uniform(in->person, in->age, SNW_WORD_fall_site, index);
    double cumulated = 0;
    for (int s = 0; s < SNW_N_SITE && fall.site < 0; s++) {
        cumulated += p_fracture[s];
        if (u_site < cumulated)
            fall.site = s;
    }
    fall.injury = fall.site < 0 &&
                  injured(in, snw_oracle_uniform(in->person, in->age, SNW_WORD_fall_injury, index));
    fall.reported = reported(in->params, fall.injury || fall.site >= 0,
                             snw_oracle_uniform(in->person, in->age, SNW_WORD_fall_report, index));
    return fall;
}

static struct snw_oracle_fracture draw_non_fall(const struct snw_oracle_year_in *in, int index,
                                                const double hazard[SNW_N_SITE], double total)
{
    struct snw_oracle_fracture fracture = {.site = SNW_OTHER};
    fracture.age = in->age + snw_oracle_uniform(in->person, in->age, SNW_WORD_non_fall_time, index);
    double u = snw_oracle_uniform(in->person, in->age, SNW_WORD_non_fall_site, index) * total;
    double cumulated = 0;
    for (int s = 0; s < SNW_N_SITE; s++) {
        cumulated += hazard[s];
        if (u < cumulated) {
            fracture.site = (enum snw_site)s;
            break;
        }
    }
    return fracture;
}

static int by_age(const void *left, const void *right)
{
    double a = ((const struct snw_oracle_fracture *)left)->age;
    double b = ((const struct snw_oracle_fracture *)right)->age;
    return (a > b) - (a < b);
}

void snw_oracle_draw_events(const struct snw_oracle_year_in *in, struct snw_oracle_events *events,
                            struct snw_oracle_outcomes *outcomes)
{
    outcomes->proneness =
        snw_oracle_proneness(in->params->falls_variance_lasting[0], in->state->fall_prone);
    outcomes->fall_rate = fall_rate(in, outcomes->proneness);
    fracture_chances(in, outcomes->proneness, outcomes);

    events->n_fractures = 0;
    events->n_falls =
        snw_oracle_negative_binomial(outcomes->fall_rate, in->params->falls_variance_yearly[0],
                                     snw_oracle_uniform(in->person, in->age, SNW_WORD_falls, 0));
    for (int j = 0; j < events->n_falls; j++) {
        struct snw_oracle_fall fall = draw_fall(in, j, outcomes->p_fracture);
        events->fall[j] = fall;
        if (fall.site >= 0)
            events->fracture[events->n_fractures++] =
                (struct snw_oracle_fracture){fall.age, (enum snw_site)fall.site, true};
    }

    double total = 0;
    for (int s = 0; s < SNW_N_SITE; s++)
        total += outcomes->h_fracture[s];
    int n =
        snw_oracle_poisson(total, snw_oracle_uniform(in->person, in->age, SNW_WORD_non_fall, 0));
    for (int j = 0; j < n; j++)
        events->fracture[events->n_fractures++] = draw_non_fall(in, j, outcomes->h_fracture, total);
    qsort(events->fracture, (size_t)events->n_fractures, sizeof events->fracture[0], by_age);
}
