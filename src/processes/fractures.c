/* How likely a fall, or a year, breaks a bone. Equations: fractures.md. */
#include "processes/femur.h"
#include "processes/schedule.h"

void SNW_KERNEL(snw_fractures_risk)(struct snw_block *restrict b,
                                    const struct snw_year_coef *restrict c,
                                    const struct snw_luck *restrict luck)
{
    (void)luck;
    const size_t n = snw_whole_vectors(b->n);
    const snw_real hip = c->grad_hip, spine = c->grad_spine, other = c->grad_other;
    const snw_real mild = c->mild_falls;
    const snw_real neck_scale = c->z_scale[SNW_Z_NECK], spine_scale = c->z_scale[SNW_Z_SPINE];
    for (size_t i = 0; i < n; i++) {
        snw_real base = b->log_prior_risk[i] - mild * b->log_proneness[i];
        snw_real neck_z = b->abmd_neck_z[i] - neck_scale * b->neck_unseen_ln[i];
        snw_real spine_z = b->abmd_spine_z[i] - spine_scale * b->spine_unseen_ln[i];
        b->break_hip[i] = snw_exp(base - hip * neck_z + b->hip_treated[i]);
        b->break_spine[i] = snw_exp(base - spine * spine_z + b->spine_treated[i]);
        b->break_other[i] = snw_exp(base - other * neck_z + b->other_treated[i]);
    }
    const snw_real t_hip = c->trauma_hip, t_spine = c->trauma_spine, t_other = c->trauma_other;
    for (size_t i = 0; i < n; i++) {
        snw_real base = b->log_prior_risk[i];
        snw_real neck_z = b->abmd_neck_z[i] - neck_scale * b->neck_unseen_ln[i];
        snw_real spine_z = b->abmd_spine_z[i] - spine_scale * b->spine_unseen_ln[i];
        b->trauma_hip[i] = snw_exp(base - t_hip * neck_z + b->hip_treated[i]);
        b->trauma_spine[i] = snw_exp(base - t_spine * spine_z + b->spine_treated[i]);
        b->trauma_other[i] = snw_exp(base - t_other * neck_z + b->other_treated[i]);
    }
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
