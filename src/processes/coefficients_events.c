/* Parameters to numbers for kernels: falls, fractures, frailty, disability, residence, death. */
#include "processes/coefficients_events.h"

#include "core/vmath.h"
#include "numerics/curves.h"

static const double age_falls[] = {20, 45, 60, 70, 80, 90, 97};
static const double age_fracture[] = {20, 27, 42, 52, 57, 62, 67, 72, 77, 82, 90, 97};
static const double age_share[] = {20, 45, 52, 65};
static const double age_gradient[] = {50, 65, 80, 85};
static const double age_resident[] = {50, 60, 70, 80, 88, 95};
static const int age_lump[] = {20, 50, 65, 75, 85};

double snw_fall_target(const struct snw_params *p, int sex, double at)
{
    const double *rate = sex == SNW_FEMALE ? p->falls_rate_women : p->falls_rate_men;
    double ln_rate[SNW_N_AGE_FALLS];
    for (int i = 0; i < SNW_N_AGE_FALLS; i++)
        ln_rate[i] = snw_log_f64(rate[i]);
    return snw_exp_f64(snw_spline(age_falls, ln_rate, SNW_N_AGE_FALLS, at));
}

double snw_fracture_rate(const struct snw_params *p, int sex, int site, double at, int year)
{
    const double *table = sex == SNW_FEMALE ? p->fractures_rate_women : p->fractures_rate_men;
    double rate =
        snw_knots_log(age_fracture, table + site * SNW_N_AGE_FRACTURE, SNW_N_AGE_FRACTURE, at) *
        1e-5;
    if (site != SNW_HIP)
        return rate;
    double years = (year < 2012 ? year : 2012) - 2003;
    return rate * p->fractures_hip_definition[0] *
           snw_exp_f64(p->fractures_hip_trend[0] * p->fractures_hip_trend_on[0] * years);
}

double snw_fall_share(const struct snw_params *p, int site, int age)
{
    if (site == SNW_VERTEBRAL) /* by integer age */
        return age >= 85
                   ? p->fractures_fall_share_vertebral_85[0]
                   : snw_knots(age_share, p->fractures_fall_share_vertebral, SNW_N_AGE_SHARE, age);
    const double *share =
        site == SNW_HIP ? p->fractures_fall_share_hip : p->fractures_fall_share_other;
    return snw_knots(age_share, share, SNW_N_AGE_SHARE, age + 0.5);
}

double snw_resident_share(const struct snw_params *p, double at)
{
    return snw_knots(age_resident, p->residence_resident_share, SNW_N_AGE_RESIDENT, at);
}

static void build_falls(struct snw_year_coef *c, const struct snw_params *p, int s, int age)
{
    c->fall_per_weakness = SNW_R(p->falls_per_weakness[0]);
    c->fall_frail = SNW_R(p->falls_frail[0]);
    c->fall_home = SNW_R(p->falls_nursing_home[0]);
    c->fall_per_igfbp2 = SNW_R(p->falls_per_igfbp2[0]);
    c->fall_variance = SNW_R(p->falls_variance_yearly[0]);
    double phi = p->falls_phi[0];
    c->prone_phi = SNW_R(phi);
    c->prone_sd = SNW_R(snw_sqrt_f64(1 - phi * phi));
    c->injury_logit =
        SNW_R(p->falls_injury_intercept[0] + (s == SNW_FEMALE ? p->falls_injury_female[0] : 0) +
              p->falls_injury_per_decade[0] * (age + 0.5 - 75) / 10);
    double reported = p->falls_ascertainment[0], injurious = p->falls_injury_share[0] * reported;
    int thinned = p->falls_injury_rule[0] > 0.5;
    c->p_report_injury = SNW_R(thinned ? reported : 1);
    c->p_report_harmless = SNW_R(thinned ? reported : (reported - injurious) / (1 - injurious));
}

static void build_fractures(struct snw_year_coef *c, const struct snw_params *p, int s, int age)
{
    double ln_rr[SNW_N_AGE_GRADIENT], fix = p->fractures_gradient_correction[0];
    for (int i = 0; i < SNW_N_AGE_GRADIENT; i++)
        ln_rr[i] = snw_log_f64(p->fractures_rr_hip[s * SNW_N_AGE_GRADIENT + i]);
    double hip = fix * snw_knots(age_gradient, ln_rr, SNW_N_AGE_GRADIENT, age + 0.5);
    double spine = fix * snw_log_f64(p->fractures_rr_vertebral[0]);
    double trauma = snw_log_f64(p->fractures_rr_trauma[0]);
    c->grad_hip = SNW_R(hip);
    c->grad_spine = SNW_R(spine);
    c->grad_other = SNW_R(fix * snw_log_f64(p->fractures_rr_other[0]));
    c->trauma_hip = SNW_R(age >= 50 ? hip : trauma);
    c->trauma_spine = SNW_R(age >= 50 ? spine : trauma);
    c->trauma_other = SNW_R(trauma);
    c->mild_falls = SNW_R(p->fractures_mild_falls[0]);
    c->prior_ln = SNW_R(snw_log_f64(p->fractures_prior_rr[0]));
    c->prior_rate = SNW_R(1 / p->fractures_prior_decay[0]);
    c->prior_decay = SNW_R(snw_exp_f64(-1 / p->fractures_prior_decay[0]));
    c->by_load = SNW_R(p->fractures_module[0]);
    c->load_slope = SNW_R(p->fractures_per_load_ratio[0]);
    c->load_weakness = SNW_R(p->fractures_per_weakness[0]);
}

static void build_frailty(struct snw_year_coef *c, const struct snw_params *p, int s, int age)
{
    double x = age + 0.5 - 70, worse = p->frailty_worse_per_year[0] * x;
    double better = p->frailty_better_per_year[0] * x;
    double female = s == SNW_FEMALE ? p->frailty_female[0] : 0;
    c->up_robust = SNW_R(p->frailty_intercept_robust_prefrail[0] + worse + female);
    c->up_prefrail = SNW_R(p->frailty_intercept_prefrail_frail[0] + worse + female);
    c->down_prefrail = SNW_R(p->frailty_intercept_prefrail_robust[0] + better);
    c->down_frail = SNW_R(p->frailty_intercept_frail_prefrail[0] + better);
    c->frailty_weakness = SNW_R(p->frailty_per_weakness[0]);
    c->frailty_hip = SNW_R(p->frailty_hip_fracture[0]);
}

/* Disabled where Phi(x_D) < P, and P takes twelve values: so where x_D lies below one of twelve
   limits. */
static void disability_limits(struct snw_year_coef *c, const struct snw_params *p, double d0, int s,
                              int age)
{
    const double class[3] = {0, p->disability_ln_or[2 * s], p->disability_ln_or[2 * s + 1]};
    for (int k = 0; k < 3; k++)
        for (int hip = 0; hip < 2; hip++)
            for (int frail = 0; frail < 2; frail++) {
                double logit = d0 + p->disability_per_year[0] * (age - 75) + class[k] +
                               hip * p->disability_hip_fracture[0] + frail * p->disability_frail[0];
                double z = snw_probit(1 / (1 + snw_exp_f64(logit < 0 ? -logit : logit)));
                c->disabled_below[k][hip][frail] = SNW_R(logit < 0 ? z : -z);
            }
}

static void build_disability(struct snw_year_coef *c, const struct snw_params *p, int s, int age)
{
    double phi = p->disability_phi[0];
    c->disability_phi = SNW_R(phi);
    c->disability_sd = SNW_R(snw_sqrt_f64(1 - phi * phi));
    c->smi_moderate = SNW_R(p->disability_smi_cut_moderate[s]);
    c->smi_high = SNW_R(p->disability_smi_cut_high[s]);
    c->weak_grip_ln = SNW_R(snw_log_f64(s == SNW_FEMALE ? 16 : 27)); /* EWGSOP2 */
    c->low_rasm = SNW_R(s == SNW_FEMALE ? 5.5 : 7.0);
    int affine = p->disability_smi_map[0] > 0.5;
    c->smi_intercept = SNW_R(affine ? p->disability_smi_affine_intercept[s] : 0);
    c->smi_slope = SNW_R(affine ? p->disability_smi_affine_slope[s] : 1);
    c->home_prefrail = SNW_R(snw_exp_f64(p->residence_prefrail[0]));
    c->home_frail = SNW_R(snw_exp_f64(p->residence_frail[0]));
    c->home_injury = SNW_R(snw_exp_f64(p->residence_injury[0]));
    for (int i = 0; i < SNW_N_AGE_LUMP; i++)
        if (age >= age_lump[i])
            c->home_after_hip = SNW_R(p->residence_after_hip[i]);
}

static void build_mortality(struct snw_year_coef *c, const struct snw_params *p, int s)
{
    c->death_per_weakness = SNW_R(p->mortality_per_weakness[0]);
    c->death_frail = SNW_R(p->mortality_frail[0]);
    c->death_per_igfbp2 = SNW_R(p->mortality_per_igfbp2[0]);
    c->hip_early = SNW_R(p->mortality_hip_early_rr[s]);
    c->hip_late = SNW_R(p->mortality_hip_late_rr[0]);
    c->vertebral_rr =
        SNW_R(1 + (p->mortality_vertebral_smr[s] - 1) * p->mortality_vertebral_causal[0]);
}

void snw_build_events(struct snw_year_coef *c, const struct snw_params *p, int s, int age)
{
    build_falls(c, p, s, age);
    build_fractures(c, p, s, age);
    build_frailty(c, p, s, age);
    build_disability(c, p, s, age);
    build_mortality(c, p, s);
}

void snw_model_freeze_year(struct snw_model *model, const struct snw_params *p,
                           const struct snw_reference *reference, const struct snw_life_table *life,
                           int s, int age)
{
    int i = age - SNW_AGE_FIRST;
    struct snw_year_coef *c = &model->year[s][i];
    const struct snw_reference_year *r = &reference->year[s][i];
    for (int k = 0; k < SNW_N_SCORES; k++) {
        c->z_mean[k] = SNW_R(r->mean[k]);
        c->z_scale[k] = SNW_R(r->sd[k] > 0 ? 1 / r->sd[k] : 0);
    }
    c->strength_shift = SNW_R(p->strength_shift_sd[0] * r->sd[SNW_Z_STRENGTH]);
    c->fall_rate_ln = SNW_R(r->fall_rate > 0 ? snw_log_f64(r->fall_rate) : 0);
    for (int k = 0; k < SNW_N_SITE; k++) {
        c->per_fall[k] = SNW_R(r->per_fall[k]);
        c->per_year[k] = SNW_R(r->per_year[k]);
    }
    c->death_hazard = SNW_R(r->death * snw_hazard_of(life->q[s][i]));
    c->enter_home = SNW_R(r->enter_home);
    c->load_intercept = SNW_R(reference->hip_by_load[s]);
    disability_limits(c, p, reference->disability[s], s, age);
    if (p->disability_smi_map[0] < 0.5)
        c->smi_slope = SNW_R(reference->smi_factor[s]);
}
