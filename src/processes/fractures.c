/* How likely a fall, or a year, breaks a bone. Equations: fractures.md. */
#include "processes/femur.h"
#include "processes/schedule.h"

/* Ratios of treatment, and the density that they hold taken back. */
static void fractures_treated(struct snw_block *restrict b, const struct snw_year_coef *restrict c)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real neck = c->z_scale[SNW_Z_NECK], spine = c->z_scale[SNW_Z_SPINE];
    const snw_real hip = c->grad_hip * neck, t_hip = c->trauma_hip * neck;
    const snw_real vertebral = c->grad_spine * spine, t_vertebral = c->trauma_spine * spine;
    const snw_real other = c->grad_other * neck, t_other = c->trauma_other * neck;
    for (size_t i = 0; i < n; i++) {
        snw_real at_neck = b->neck_unseen_ln[i], at_spine = b->spine_unseen_ln[i];
        b->break_hip[i] *= snw_exp(b->hip_treated[i] + hip * at_neck);
        b->break_spine[i] *= snw_exp(b->spine_treated[i] + vertebral * at_spine);
        b->break_other[i] *= snw_exp(b->other_treated[i] + other * at_neck);
    }
    for (size_t i = 0; i < n; i++) {
        snw_real at_neck = b->neck_unseen_ln[i], at_spine = b->spine_unseen_ln[i];
        b->trauma_hip[i] *= snw_exp(b->hip_treated[i] + t_hip * at_neck);
        b->trauma_spine[i] *= snw_exp(b->spine_treated[i] + t_vertebral * at_spine);
        b->trauma_other[i] *= snw_exp(b->other_treated[i] + t_other * at_neck);
    }
}

void SNW_KERNEL(snw_fractures_risk)(struct snw_block *restrict b,
                                    const struct snw_year_coef *restrict c,
                                    const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real hip = c->grad_hip, spine = c->grad_spine, other = c->grad_other;
    const snw_real mild = c->mild_falls;
    for (size_t i = 0; i < n; i++) {
        snw_real base = b->log_prior_risk[i] - mild * b->log_proneness[i];
        b->break_hip[i] = snw_exp(base - hip * b->abmd_neck_z[i]);
        b->break_spine[i] = snw_exp(base - spine * b->abmd_spine_z[i]);
        b->break_other[i] = snw_exp(base - other * b->abmd_neck_z[i]);
    }
    const snw_real t_hip = c->trauma_hip, t_spine = c->trauma_spine, t_other = c->trauma_other;
    for (size_t i = 0; i < n; i++) {
        snw_real base = b->log_prior_risk[i];
        b->trauma_hip[i] = snw_exp(base - t_hip * b->abmd_neck_z[i]);
        b->trauma_spine[i] = snw_exp(base - t_spine * b->abmd_spine_z[i]);
        b->trauma_other[i] = snw_exp(base - t_other * b->abmd_neck_z[i]);
    }
    if (b->treated)
        fractures_treated(b, c);
}

/* The factor-of-risk module: the chance that a fall breaks the hip follows load over strength. */
void SNW_KERNEL(snw_fractures_load)(struct snw_block *restrict b,
                                    const struct snw_year_coef *restrict c,
                                    const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real f0 = c->load_intercept, f1 = c->load_slope, f2 = c->load_weakness;
    if (c->by_load < SNW_R(0.5))
        return;
    for (size_t i = 0; i < n; i++) {
        snw_real load = snw_fall_load_n(c, b->height_cm[i], b->bmi_kg_m2[i]);
        snw_real neck = b->abmd_neck_ln[i] - b->neck_unseen_ln[i];
        snw_real ratio = snw_log(load) - snw_femur_strength_ln(c, neck);
        snw_real treated = snw_exp(b->hip_treated[i]);
        b->break_hip[i] = treated * snw_logistic(f0 + f1 * ratio - f2 * b->strength_z[i]);
    }
}

/* The chances of all sites are at most .95 together, as happenings.c cuts them. */
void SNW_KERNEL(snw_fractures_any)(struct snw_block *restrict b,
                                   const struct snw_year_coef *restrict c,
                                   const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real hip = c->per_fall[SNW_HIP], spine = c->per_fall[SNW_VERTEBRAL];
    const snw_real forearm = c->per_fall[SNW_FOREARM], humerus = c->per_fall[SNW_HUMERUS];
    const snw_real leg = c->per_fall[SNW_LEG], other = c->per_fall[SNW_OTHER];
    for (size_t i = 0; i < n; i++) {
        snw_real rest = b->break_other[i];
        snw_real sum = hip * b->break_hip[i] + spine * b->break_spine[i] + forearm * rest +
                       humerus * rest + leg * rest + other * rest;
        b->break_any[i] = snw_min(SNW_R(0.95), sum);
    }
}

/* fracture_yr: -1, or -2 where a non-fall fracture is to be drawn. */
void SNW_KERNEL(snw_fractures_trauma)(struct snw_block *restrict b,
                                      const struct snw_year_coef *restrict c,
                                      const struct snw_luck *restrict luck)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real *k = c->per_year;
    const snw_real hip = k[SNW_HIP], spine = k[SNW_VERTEBRAL];
    const snw_real other = k[SNW_FOREARM] + k[SNW_HUMERUS] + k[SNW_LEG] + k[SNW_OTHER];
    const snw_real *restrict u = SNW_YEAR_LUCK(luck, non_fall);
    for (size_t i = 0; i < n; i++) {
        snw_real hazard =
            hip * b->trauma_hip[i] + spine * b->trauma_spine[i] + other * b->trauma_other[i];
        b->fracture_yr[i] = snw_log(u[i]) < -hazard ? SNW_R(-1) : SNW_R(-2);
        b->n_injuries[i] = 0;
        b->n_hurt_not_hip[i] = 0;
    }
    for (int s = 0; s < SNW_N_SITE; s++)
        for (size_t i = 0; i < n; i++)
            b->n_fractures[s][i] = 0;
}

/* The risk that the last fracture leaves, at the middle of the next year. */
void SNW_KERNEL(snw_fractures_advance)(struct snw_block *restrict b,
                                       const struct snw_year_coef *restrict c,
                                       const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real fresh = c->prior_ln, rate = c->prior_rate, decay = c->prior_decay;
    for (size_t i = 0; i < n; i++) {
        snw_real at = b->fracture_yr[i];
        snw_real renewed = fresh * snw_exp((at - SNW_R(1.5)) * rate);
        snw_real fading = b->log_prior_risk[i] * decay;
        b->log_prior_risk[i] = at < SNW_R(0) ? fading : renewed;
    }
}
