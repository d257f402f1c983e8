/* State of a block to 16-bit readouts. */
#include "core/vmath.h"
#include "processes/femur.h"
#include "recorders/measures.h"

static const struct {
    snw_real offset, inverse;
} scales[SNW_N_MEASURES] = {
#define SNW_MEASURE(kind, name, unit, offset, scale, doc) {SNW_R(offset), SNW_R(1.0 / (scale))},
#include "recorders/measures.def"
#undef SNW_MEASURE
};

#define EACH for (size_t i = 0; i < n; i++)

/* NaN by its bits: comparisons may be optimised on the assumption that there is none. */
static inline int is_nan(snw_real x)
{
#ifdef SNW_REAL_DOUBLE
    return (snw_f64_to_bits(x) & 0x7fffffffffffffffu) > 0x7ff0000000000000u;
#else
    return (snw_f32_to_bits(x) & 0x7fffffffu) > 0x7f800000u;
#endif
}

/* out->work to 16 bits. */
static void put(struct snw_readout *restrict out, enum snw_measure m, size_t n)
{
    const snw_real offset = scales[m].offset, inverse = scales[m].inverse;
    const snw_real *restrict x = out->work;
    uint16_t *restrict q = out->q[m];
    uint32_t clamped = 0, faults = 0;
    EACH
    {
        snw_real t = (x[i] - offset) * inverse;
        snw_real held = t < SNW_R(0) ? SNW_R(0) : t;
        held = held > SNW_R(65534) ? SNW_R(65534) : held;
        int32_t bad = is_nan(t), out_of_range = t < SNW_R(-0.5) || t > SNW_R(65534.5);
        clamped += (uint32_t)out_of_range;
        faults += (uint32_t)bad;
        q[i] = (uint16_t)(bad ? SNW_FILL : (int32_t)((bad ? SNW_R(0) : held) + SNW_R(0.5)));
    }
    out->clamped[m] = clamped;
    out->faults += faults;
}

static void body(struct snw_readout *restrict out, const struct snw_block *restrict b,
                 const struct snw_year_coef *restrict c)
{
    const size_t n = b->n;
    snw_real *restrict x = out->work;
    EACH
    {
        snw_real peak = b->height_peak_cm[i] * SNW_R(0.01);
        x[i] = snw_exp(b->index_ln[i]) * peak * peak;
    }
    put(out, SNW_M_asm_kg, n);
    EACH
    {
        snw_real height = b->height_cm[i] * SNW_R(0.01);
        x[i] = x[i] / (height * height);
    }
    put(out, SNW_M_relative_asm_kg_m2, n);
    EACH x[i] = c->smi_intercept + c->smi_slope * x[i];
    put(out, SNW_M_smi_bia_kg_m2, n);
    EACH x[i] = snw_exp(b->grip_ln[i]);
    put(out, SNW_M_grip_kg, n);
    EACH x[i] = snw_exp(c->knee_median_ln + b->strength_ln[i]);
    put(out, SNW_M_knee_extensor_nm, n);
    EACH x[i] = b->gait_m_s[i];
    put(out, SNW_M_gait_m_s, n);
    EACH x[i] = b->height_cm[i] * SNW_R(0.01);
    put(out, SNW_M_height_m, n);
    EACH x[i] = b->bmi_kg_m2[i];
    put(out, SNW_M_bmi_kg_m2, n);
    EACH x[i] = b->activity_z[i];
    put(out, SNW_M_activity_z, n);
}

static void markers(struct snw_readout *restrict out, const struct snw_block *restrict b)
{
    const size_t n = b->n;
    snw_real *restrict x = out->work;
    EACH x[i] = snw_exp(b->igfbp2_ln[i]);
    put(out, SNW_M_igfbp2_ng_ml, n);
    EACH x[i] = snw_exp(b->igf1_ln[i]);
    put(out, SNW_M_igf1_ng_ml, n);
    EACH x[i] = snw_exp(b->bio_t_ln[i]);
    put(out, SNW_M_bio_t_rel, n);
    EACH x[i] = snw_exp(b->bio_e2_ln[i]);
    put(out, SNW_M_bio_e2_rel, n);
}

static void trait(struct snw_readout *restrict out, const struct snw_block *restrict b,
                  const struct snw_year_coef *restrict c, enum snw_trait k, snw_real factor,
                  enum snw_measure m)
{
    const size_t n = b->n;
    const snw_real reference = c->trait_reference[k] * factor;
    snw_real *restrict x = out->work;
    EACH x[i] = reference * snw_exp(b->trait_ln[k][i]);
    put(out, m, n);
}

static void bone(struct snw_readout *restrict out, const struct snw_block *restrict b,
                 const struct snw_year_coef *restrict c)
{
    const size_t n = b->n;
    snw_real *restrict x = out->work;
    trait(out, b, c, SNW_CTTH_NECK, 1, SNW_M_ctth_femoral_neck_mm);
    trait(out, b, c, SNW_CTTH_SPINE, 1, SNW_M_ctth_lumbar_spine_mm);
    trait(out, b, c, SNW_CTTH_RADIUS, 1, SNW_M_ctth_radius_mm);
    trait(out, b, c, SNW_CTTH_TIBIA, 1, SNW_M_ctth_tibia_mm);
    trait(out, b, c, SNW_TRAB_NECK, 1, SNW_M_tb_vbmd_femoral_neck_mg_cm3);
    trait(out, b, c, SNW_TRAB_SPINE, 1, SNW_M_tb_vbmd_lumbar_spine_mg_cm3);
    trait(out, b, c, SNW_TRAB_TIBIA, 1200, SNW_M_tb_vbmd_tibia_mg_cm3);
    trait(out, b, c, SNW_CT_VBMD, 1, SNW_M_ct_vbmd_mg_cm3);
    trait(out, b, c, SNW_TRAB_RADIUS, 1, SNW_M_bvtv_radius);
    trait(out, b, c, SNW_TBN_RADIUS, 1, SNW_M_tbn_radius_per_mm);
    const snw_real *bvtv = b->trait_ln[SNW_TRAB_RADIUS], *tbn = b->trait_ln[SNW_TBN_RADIUS];
    const snw_real volume = c->trait_reference[SNW_TRAB_RADIUS];
    const snw_real per_number = SNW_R(1) / c->trait_reference[SNW_TBN_RADIUS];
    EACH x[i] = volume * per_number * snw_exp(bvtv[i] - tbn[i]);
    put(out, SNW_M_tbth_radius_mm, n);
    EACH
    {
        snw_real space = SNW_R(1) - volume * snw_exp(bvtv[i]);
        x[i] = snw_max(0, space) * per_number * snw_exp(-tbn[i]);
    }
    put(out, SNW_M_tbsp_radius_mm, n);
}

static void density(struct snw_readout *restrict out, const struct snw_block *restrict b,
                    const struct snw_year_coef *restrict c)
{
    const size_t n = b->n;
    snw_real *restrict x = out->work;
    EACH x[i] = c->abmd_neck * snw_exp(b->abmd_neck_ln[i]);
    put(out, SNW_M_abmd_femoral_neck_g_cm2, n);
    EACH x[i] = (x[i] - c->t_mean_neck) * c->t_scale_neck;
    put(out, SNW_M_t_score_femoral_neck, n);
    EACH x[i] = c->abmd_spine * snw_exp(b->abmd_spine_ln[i] + c->spine_artefact);
    put(out, SNW_M_abmd_lumbar_spine_g_cm2, n);
    EACH x[i] = (x[i] - c->t_mean_spine) * c->t_scale_spine;
    put(out, SNW_M_t_score_lumbar_spine, n);
    const snw_real femur_ln = snw_femur_strength_ln(c, 0), theta = c->femur_exponent;
    EACH x[i] = snw_exp(femur_ln + theta * b->abmd_neck_ln[i]);
    put(out, SNW_M_strength_femur_n, n);
    EACH x[i] = snw_fall_load_n(c, b->height_cm[i], b->bmi_kg_m2[i]) *
                snw_exp(-femur_ln - theta * b->abmd_neck_ln[i]);
    put(out, SNW_M_load_to_strength, n);
    EACH x[i] = snw_fall_load_n(c, b->height_cm[i], b->bmi_kg_m2[i]) *
                snw_exp(-femur_ln - c->stiffness_exponent * b->abmd_neck_ln[i]);
    put(out, SNW_M_load_to_strength_ea, n);
    EACH
    {
        snw_real height = b->height_cm[i] * SNW_R(0.01);
        snw_real strength_ln = SNW_R(0.5) * b->trait_ln[SNW_CTTH_RADIUS][i] +
                               SNW_R(0.3) * b->trait_ln[SNW_TRAB_RADIUS][i] +
                               SNW_R(0.6) * b->trait_ln[SNW_CT_VBMD][i] + c->radius_base_ln;
        x[i] = snw_sqrt(height * height * height * b->bmi_kg_m2[i]) * snw_exp(-strength_ln);
    }
    put(out, SNW_M_load_to_strength_radius, n);
}

/* Codes compare the stored readouts, so that a reader who applies the cut to them agrees. */
static inline snw_real value(const struct snw_readout *out, enum snw_measure m, size_t i)
{
    return scales[m].offset + (snw_real)out->q[m][i] / scales[m].inverse;
}

static void sarcopenia(struct snw_readout *restrict out, const struct snw_block *restrict b,
                       const struct snw_year_coef *restrict c)
{
    const size_t n = b->n;
    const int women = b->sex == SNW_FEMALE;
    const snw_real grip_eu = women ? 16 : 27, rasm_eu = women ? SNW_R(5.5) : SNW_R(7.0);
    const snw_real grip_us = women ? 16 : 26, ratio_us = women ? SNW_R(0.512) : SNW_R(0.789);
    const snw_real grip_sdoc = women ? 20 : SNW_R(35.5);
    const snw_real rasm_old = women ? SNW_R(5.45) : SNW_R(7.26);
    EACH
    {
        snw_real grip = value(out, SNW_M_grip_kg, i), gait = value(out, SNW_M_gait_m_s, i);
        snw_real rasm = value(out, SNW_M_relative_asm_kg_m2, i);
        snw_real ratio = value(out, SNW_M_asm_kg, i) / value(out, SNW_M_bmi_kg_m2, i);
        snw_real smi = value(out, SNW_M_smi_bia_kg_m2, i);
        unsigned weak = grip < grip_eu, low = rasm < rasm_eu, slow = gait <= SNW_R(0.8);
        out->q[SNW_M_sarcopenia_ewgsop2][i] = (uint16_t)(weak + (weak & low) + (weak & low & slow));
        out->q[SNW_M_sarcopenia_fnih][i] = (uint16_t)((grip < grip_us) & (ratio < ratio_us));
        out->q[SNW_M_sarcopenia_sdoc][i] = (uint16_t)((grip < grip_sdoc) & (gait < SNW_R(0.8)));
        out->q[SNW_M_sarcopenia_baumgartner][i] = (uint16_t)(rasm < rasm_old);
        out->q[SNW_M_smi_class][i] = (uint16_t)((smi <= c->smi_moderate) + (smi <= c->smi_high));
    }
}

static void codes(struct snw_readout *restrict out, const struct snw_block *restrict b,
                  const struct snw_year_coef *restrict c)
{
    const size_t n = b->n;
    const snw_real age = c->age;
    const int women = b->sex == SNW_FEMALE, men_50 = !women && age >= SNW_R(50);
    snw_real *restrict x = out->work;
    EACH x[i] = women ? age - b->fmp_age_yr[i] : SNW_R(0);
    put(out, SNW_M_years_since_fmp, n);
    EACH
    {
        snw_real neck = value(out, SNW_M_t_score_femoral_neck, i);
        snw_real spine = value(out, SNW_M_t_score_lumbar_spine, i);
        snw_real lower = neck < spine ? neck : spine;
        int applies = men_50 | (women & (x[i] >= SNW_R(0)));
        int both = (lower <= SNW_R(-1)) + (lower <= SNW_R(-2.5));
        int alone = (neck <= SNW_R(-1)) + (neck <= SNW_R(-2.5));
        out->q[SNW_M_osteoporosis_who][i] = (uint16_t)(applies ? both : SNW_FILL);
        out->q[SNW_M_osteoporosis_neck][i] = (uint16_t)(applies ? alone : SNW_FILL);
    }
    if (!women)
        EACH out->q[SNW_M_years_since_fmp][i] = SNW_FILL;
    EACH
    {
        out->q[SNW_M_frailty][i] = (uint16_t)(int32_t)b->frailty[i];
        out->q[SNW_M_disabled][i] = (uint16_t)(int32_t)b->disabled[i];
        out->q[SNW_M_residence][i] = (uint16_t)(int32_t)b->nursing_home[i];
        out->q[SNW_M_on_treatment][i] = (uint16_t)(int32_t)b->hormone_therapy[i];
        out->q[SNW_M_alive][i] = 1;
    }
}

void SNW_KERNEL(snw_readout_state)(struct snw_readout *restrict out,
                                   const struct snw_block *restrict b,
                                   const struct snw_year_coef *restrict c)
{
    out->faults = 0;
    for (int m = 0; m < SNW_N_MEASURES; m++)
        out->clamped[m] = 0;
    body(out, b, c);
    markers(out, b);
    bone(out, b, c);
    density(out, b, c);
    sarcopenia(out, b, c);
    codes(out, b, c);
}

static void count(struct snw_readout *restrict out, enum snw_measure m, size_t n,
                  const snw_real *restrict from)
{
    uint16_t *restrict q = out->q[m];
    EACH q[i] = (uint16_t)(int32_t)from[i];
}

void SNW_KERNEL(snw_readout_year)(struct snw_readout *restrict out,
                                  const struct snw_block *restrict b,
                                  const struct snw_year_coef *restrict c)
{
    const size_t n = b->n;
    const snw_real age = c->age, women = b->sex == SNW_FEMALE ? SNW_R(1) : SNW_R(0);
    snw_real *restrict x = out->work;
    count(out, SNW_M_falls, n, b->n_falls);
    count(out, SNW_M_falls_reported, n, b->n_reported);
    count(out, SNW_M_fall_injuries, n, b->n_injuries);
    for (int s = 0; s < SNW_N_SITE; s++)
        count(out, (enum snw_measure)(SNW_M_fracture_hip + s), n, b->n_fractures[s]);
    EACH
    {
        snw_real lived = b->lived_yr[i], fmp = b->fmp_age_yr[i] - age;
        int dies = lived < SNW_R(1);
        out->q[SNW_M_faller][i] = (uint16_t)(b->n_reported[i] > SNW_R(0.5));
        out->q[SNW_M_recurrent_faller][i] = (uint16_t)(b->n_reported[i] > SNW_R(1.5));
        out->q[SNW_M_death][i] = (uint16_t)dies;
        out->q[SNW_M_nursing_home_entry][i] = (uint16_t)(dies ? 0 : (int32_t)b->entered_home[i]);
        out->q[SNW_M_menopause][i] =
            (uint16_t)((women > SNW_R(0)) & (fmp >= SNW_R(0)) & (fmp < lived));
        x[i] = lived;
    }
    put(out, SNW_M_person_years, n);
    SNW_KERNEL(snw_readout_accounts)(out, n);
}
