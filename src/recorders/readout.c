/* State of a block to 16-bit readouts. */
#include <string.h>

#include "core/vmath.h"
#include "processes/femur.h"
#include "recorders/measures.h"

/* A number round WHOLE has no room for a fraction: what is added to it is rounded to a whole
   number, which its last bits hold. */
#ifdef SNW_REAL_DOUBLE
#define WHOLE 0x1.8p52
#else
#define WHOLE 0x1.8p23
#endif

static const struct {
    snw_real inverse, shift; /* whole steps are the last bits of x inverse + shift */
    snw_real offset, scale;  /* x = offset + scale q */
} scales[SNW_N_MEASURES] = {
#define SNW_MEASURE(kind, name, unit, offset, scale, doc)                                          \
    {SNW_R(1.0 / (scale)), SNW_R(WHOLE - (offset) / (scale)), SNW_R(offset), SNW_R(scale)},
#include "recorders/measures.def"
#undef SNW_MEASURE
};

#define EACH for (size_t i = 0; i < n; i++)

/* How a loop packs: first as if all values were within the range, keeping the largest step, which
   tells whether they were: negative numbers and NaN give large ones, too. Else again, with care. */
enum care { FAST, CAREFUL };

/* x factor in 16 bits, held within the range; SNW_FILL for a NaN. */
static inline uint16_t pack(enum snw_measure m, snw_real x, snw_real factor, enum care care,
                            snw_real_bits *most)
{
    snw_real t = snw_fma(x, scales[m].inverse * factor, scales[m].shift);
    if (care == CAREFUL)
        t = snw_clip(SNW_R(WHOLE), SNW_R(WHOLE + 65534), t);
    snw_real_bits step = snw_bits_of(t) - snw_bits_of(SNW_R(WHOLE));
    *most = step > *most ? step : *most;
    return (uint16_t)(care == CAREFUL && t != t ? SNW_FILL : step);
}

/* After measures first .. last were packed with care: notes that values may be held at an end of
   the range, and counts NaN. */
static void note(struct snw_readout *restrict out, enum snw_measure first, enum snw_measure last)
{
    for (int m = (int)first; m <= (int)last; m++) {
        out->at_end[m] = 1;
        for (size_t i = 0; i < out->n; i++)
            out->faults += out->q[m][i] == SNW_FILL;
    }
}

/* Whether all lanes have the same in a field as their twins. */
static int same(const struct snw_block *b, const struct snw_twin *twin, const snw_real *field)
{
    if (!twin)
        return 0;
    size_t offset = (size_t)((const char *)field - (const char *)b);
    if (twin->same_body && offset >= SNW_BODY_SEEN && offset < SNW_BODY_SEEN_END)
        return 1;
    return memcmp(field, (const char *)twin->block + offset, b->n * sizeof *field) == 0;
}

/* Takes over the twins' readouts of measures first .. last. */
static void take(struct snw_readout *out, const struct snw_twin *twin, enum snw_measure first,
                 enum snw_measure last)
{
    for (int m = (int)first; m <= (int)last; m++) {
        out->row[m] = twin->readout->row[m];
        out->at_end[m] = twin->readout->at_end[m];
    }
}

/* Whether a measure was taken over. */
static int taken(const struct snw_readout *out, enum snw_measure m)
{
    return out->row[m] != out->q[m];
}

/* Packs one measure, factor times the value of lane i, unless the field it follows from is the
   twins'. */
#define PUT(m, field, value, factor)                                                               \
    do {                                                                                           \
        snw_real_bits most = 0;                                                                    \
        uint16_t *restrict q = out->q[m];                                                          \
        if (same(b, twin, field)) {                                                                \
            take(out, twin, m, m);                                                                 \
            break;                                                                                 \
        }                                                                                          \
        EACH q[i] = pack(m, value, factor, FAST, &most);                                           \
        if (most < SNW_FILL)                                                                       \
            break;                                                                                 \
        EACH q[i] = pack(m, value, factor, CAREFUL, &most);                                        \
        note(out, m, m);                                                                           \
    } while (0)

/* Packs measures first .. last, in a loop of their own. */
#define PUT_ALL(first, last, loop)                                                                 \
    do {                                                                                           \
        if (loop(out, b, c, FAST) < SNW_FILL)                                                      \
            break;                                                                                 \
        loop(out, b, c, CAREFUL);                                                                  \
        note(out, first, last);                                                                    \
    } while (0)

/* A loop is compiled once for each care. */
#define LOOP static inline __attribute__((always_inline)) snw_real_bits

static void body(struct snw_readout *restrict out, const struct snw_block *restrict b,
                 const struct snw_year_coef *restrict c, const struct snw_twin *twin)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real knee = c->knee_median_ln;
    PUT(SNW_M_grip_kg, b->grip_ln, snw_exp(b->grip_ln[i]), 1);
    PUT(SNW_M_knee_extensor_nm, b->strength_ln, snw_exp(knee + b->strength_ln[i]), 1);
    PUT(SNW_M_gait_m_s, b->gait_m_s, b->gait_m_s[i], 1);
    PUT(SNW_M_height_m, b->height_cm, b->height_cm[i], SNW_R(0.01));
    PUT(SNW_M_bmi_kg_m2, b->bmi_kg_m2, b->bmi_kg_m2[i], 1);
    PUT(SNW_M_activity_z, b->activity_z, b->activity_z[i], 1);
    PUT(SNW_M_igfbp2_ng_ml, b->igfbp2_ln, snw_exp(b->igfbp2_ln[i]), 1);
    PUT(SNW_M_igf1_ng_ml, b->igf1_ln, snw_exp(b->igf1_ln[i]), 1);
    PUT(SNW_M_bio_t_rel, b->bio_t_ln, snw_exp(b->bio_t_ln[i]), 1);
    PUT(SNW_M_bio_e2_rel, b->bio_e2_ln, snw_exp(b->bio_e2_ln[i]), 1);
}

LOOP pack_muscle(struct snw_readout *restrict out, const struct snw_block *restrict b,
                 const struct snw_year_coef *restrict c, enum care care)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real smi_intercept = c->smi_intercept, smi_slope = c->smi_slope;
    uint16_t *restrict asm_kg = out->q[SNW_M_asm_kg], *restrict smi = out->q[SNW_M_smi_bia_kg_m2];
    uint16_t *restrict rasm = out->q[SNW_M_relative_asm_kg_m2];
    snw_real_bits most = 0;
    EACH
    {
        snw_real peak = b->height_peak_cm[i] * SNW_R(0.01), height = b->height_cm[i] * SNW_R(0.01);
        snw_real mass = snw_exp(b->index_ln[i]) * peak * peak, index = mass / (height * height);
        asm_kg[i] = pack(SNW_M_asm_kg, mass, 1, care, &most);
        rasm[i] = pack(SNW_M_relative_asm_kg_m2, index, 1, care, &most);
        smi[i] = pack(SNW_M_smi_bia_kg_m2, smi_intercept + smi_slope * index, 1, care, &most);
    }
    return most;
}

static void muscle(struct snw_readout *restrict out, const struct snw_block *restrict b,
                   const struct snw_year_coef *restrict c, const struct snw_twin *twin)
{
    if (same(b, twin, b->index_ln) && same(b, twin, b->height_cm)) {
        take(out, twin, SNW_M_asm_kg, SNW_M_relative_asm_kg_m2);
        take(out, twin, SNW_M_smi_bia_kg_m2, SNW_M_smi_bia_kg_m2);
        return;
    }
    if (pack_muscle(out, b, c, FAST) < SNW_FILL)
        return;
    pack_muscle(out, b, c, CAREFUL);
    note(out, SNW_M_asm_kg, SNW_M_relative_asm_kg_m2);
    note(out, SNW_M_smi_bia_kg_m2, SNW_M_smi_bia_kg_m2);
}

LOOP pack_radius(struct snw_readout *restrict out, const struct snw_block *restrict b,
                 const struct snw_year_coef *restrict c, enum care care)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real *bvtv_ln = b->trait_ln[SNW_TRAB_RADIUS], *tbn_ln = b->trait_ln[SNW_TBN_RADIUS];
    const snw_real bvtv_young = c->trait_reference[SNW_TRAB_RADIUS];
    const snw_real tbn_young = c->trait_reference[SNW_TBN_RADIUS];
    uint16_t *restrict q_bvtv = out->q[SNW_M_bvtv_radius];
    uint16_t *restrict q_tbn = out->q[SNW_M_tbn_radius_per_mm];
    uint16_t *restrict q_tbth = out->q[SNW_M_tbth_radius_mm];
    uint16_t *restrict q_tbsp = out->q[SNW_M_tbsp_radius_mm];
    snw_real_bits most = 0;
    EACH
    {
        snw_real bvtv = bvtv_young * snw_exp(bvtv_ln[i]), tbn = tbn_young * snw_exp(tbn_ln[i]);
        snw_real rest = snw_max(0, SNW_R(1) - bvtv);
        q_bvtv[i] = pack(SNW_M_bvtv_radius, bvtv, 1, care, &most);
        q_tbn[i] = pack(SNW_M_tbn_radius_per_mm, tbn, 1, care, &most);
        q_tbth[i] = pack(SNW_M_tbth_radius_mm, bvtv / tbn, 1, care, &most);
        q_tbsp[i] = pack(SNW_M_tbsp_radius_mm, rest / tbn, 1, care, &most);
    }
    return most;
}

static void bone(struct snw_readout *restrict out, const struct snw_block *restrict b,
                 const struct snw_year_coef *restrict c, const struct snw_twin *twin)
{
    const size_t n = snw_whole_vectors(b->n);
    static const struct {
        enum snw_trait trait;
        enum snw_measure measure;
        snw_real factor;
    } plain[] = {{SNW_CTTH_NECK, SNW_M_ctth_femoral_neck_mm, 1},
                 {SNW_CTTH_SPINE, SNW_M_ctth_lumbar_spine_mm, 1},
                 {SNW_CTTH_RADIUS, SNW_M_ctth_radius_mm, 1},
                 {SNW_CTTH_TIBIA, SNW_M_ctth_tibia_mm, 1},
                 {SNW_TRAB_NECK, SNW_M_tb_vbmd_femoral_neck_mg_cm3, 1},
                 {SNW_TRAB_SPINE, SNW_M_tb_vbmd_lumbar_spine_mg_cm3, 1},
                 {SNW_TRAB_TIBIA, SNW_M_tb_vbmd_tibia_mg_cm3, 1200},
                 {SNW_CT_VBMD, SNW_M_ct_vbmd_mg_cm3, 1}};
    for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++) {
        const snw_real *restrict ln = b->trait_ln[plain[k].trait];
        const snw_real reference = c->trait_reference[plain[k].trait] * plain[k].factor;
        PUT(plain[k].measure, ln, snw_exp(ln[i]), reference);
    }
    if (same(b, twin, b->trait_ln[SNW_TRAB_RADIUS]) && same(b, twin, b->trait_ln[SNW_TBN_RADIUS]))
        take(out, twin, SNW_M_bvtv_radius, SNW_M_tbsp_radius_mm);
    else
        PUT_ALL(SNW_M_bvtv_radius, SNW_M_tbsp_radius_mm, pack_radius);
}

LOOP pack_density(struct snw_readout *restrict out, const struct snw_block *restrict b,
                  const struct snw_year_coef *restrict c, enum care care)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real neck_young = c->abmd_neck, spine_young = c->abmd_spine;
    const snw_real neck_mean = c->t_mean_neck, neck_scale = c->t_scale_neck;
    const snw_real spine_mean = c->t_mean_spine, spine_scale = c->t_scale_spine;
    const snw_real artefact = c->spine_artefact;
    uint16_t *restrict q_neck = out->q[SNW_M_abmd_femoral_neck_g_cm2];
    uint16_t *restrict q_neck_t = out->q[SNW_M_t_score_femoral_neck];
    uint16_t *restrict q_spine = out->q[SNW_M_abmd_lumbar_spine_g_cm2];
    uint16_t *restrict q_spine_t = out->q[SNW_M_t_score_lumbar_spine];
    snw_real_bits most = 0;
    EACH
    {
        snw_real neck = neck_young * snw_exp(b->abmd_neck_ln[i]);
        snw_real spine = spine_young * snw_exp(b->abmd_spine_ln[i] + artefact);
        q_neck[i] = pack(SNW_M_abmd_femoral_neck_g_cm2, neck, 1, care, &most);
        q_spine[i] = pack(SNW_M_abmd_lumbar_spine_g_cm2, spine, 1, care, &most);
        q_neck_t[i] = pack(SNW_M_t_score_femoral_neck, neck - neck_mean, neck_scale, care, &most);
        q_spine_t[i] =
            pack(SNW_M_t_score_lumbar_spine, spine - spine_mean, spine_scale, care, &most);
    }
    return most;
}

static void density(struct snw_readout *restrict out, const struct snw_block *restrict b,
                    const struct snw_year_coef *restrict c, const struct snw_twin *twin)
{
    if (same(b, twin, b->abmd_neck_ln) && same(b, twin, b->abmd_spine_ln))
        take(out, twin, SNW_M_abmd_femoral_neck_g_cm2, SNW_M_t_score_lumbar_spine);
    else
        PUT_ALL(SNW_M_abmd_femoral_neck_g_cm2, SNW_M_t_score_lumbar_spine, pack_density);
}

LOOP pack_strength(struct snw_readout *restrict out, const struct snw_block *restrict b,
                   const struct snw_year_coef *restrict c, enum care care)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real young_ln = snw_femur_strength_ln(c, 0), theta = c->femur_exponent;
    const snw_real theta_ea = c->stiffness_exponent, radius_ln = c->radius_base_ln;
    uint16_t *restrict q_femur = out->q[SNW_M_strength_femur_n];
    uint16_t *restrict q_load = out->q[SNW_M_load_to_strength];
    uint16_t *restrict q_load_ea = out->q[SNW_M_load_to_strength_ea];
    uint16_t *restrict q_radius = out->q[SNW_M_load_to_strength_radius];
    snw_real_bits most = 0;
    EACH
    {
        snw_real femur = snw_exp(young_ln + theta * b->abmd_neck_ln[i]);
        snw_real load = snw_fall_load_n(c, b->height_cm[i], b->bmi_kg_m2[i]);
        snw_real ea = snw_exp(-young_ln - theta_ea * b->abmd_neck_ln[i]);
        q_femur[i] = pack(SNW_M_strength_femur_n, femur, 1, care, &most);
        q_load[i] = pack(SNW_M_load_to_strength, load / femur, 1, care, &most);
        q_load_ea[i] = pack(SNW_M_load_to_strength_ea, load * ea, 1, care, &most);
    }
    EACH
    {
        snw_real height = b->height_cm[i] * SNW_R(0.01);
        snw_real strength_ln = SNW_R(0.5) * b->trait_ln[SNW_CTTH_RADIUS][i] +
                               SNW_R(0.3) * b->trait_ln[SNW_TRAB_RADIUS][i] +
                               SNW_R(0.6) * b->trait_ln[SNW_CT_VBMD][i] + radius_ln;
        snw_real load = snw_sqrt(height * height * height * b->bmi_kg_m2[i]);
        q_radius[i] =
            pack(SNW_M_load_to_strength_radius, load * snw_exp(-strength_ln), 1, care, &most);
    }
    return most;
}

/* Strength of the femur, and the load of a fall over strength at femur and radius. */
static void strength(struct snw_readout *restrict out, const struct snw_block *restrict b,
                     const struct snw_year_coef *restrict c, const struct snw_twin *twin)
{
    if (same(b, twin, b->abmd_neck_ln) && same(b, twin, b->height_cm) &&
        same(b, twin, b->bmi_kg_m2) && same(b, twin, b->trait_ln[SNW_CTTH_RADIUS]) &&
        same(b, twin, b->trait_ln[SNW_TRAB_RADIUS]) && same(b, twin, b->trait_ln[SNW_CT_VBMD]))
        take(out, twin, SNW_M_strength_femur_n, SNW_M_load_to_strength_radius);
    else
        PUT_ALL(SNW_M_strength_femur_n, SNW_M_load_to_strength_radius, pack_strength);
}

/* Codes compare the stored readouts, so that a reader who applies the cut to them agrees: in steps,
   as .8 is no sum of float steps of .0001. */
static inline snw_real steps(enum snw_measure m, snw_real cut)
{
    return (cut - scales[m].offset) * scales[m].inverse;
}

static inline snw_real stored(const struct snw_readout *out, enum snw_measure m, size_t i)
{
    return (snw_real)out->row[m][i];
}

static void sarcopenia(struct snw_readout *restrict out, const struct snw_block *restrict b,
                       const struct snw_year_coef *restrict c, const struct snw_twin *twin)
{
    const size_t n = snw_whole_vectors(b->n);
    const int women = b->sex == SNW_FEMALE;
    const snw_real grip_eu = steps(SNW_M_grip_kg, women ? 16 : 27);
    const snw_real grip_us = steps(SNW_M_grip_kg, women ? 16 : 26);
    const snw_real grip_sdoc = steps(SNW_M_grip_kg, women ? 20 : SNW_R(35.5));
    const snw_real rasm_eu = steps(SNW_M_relative_asm_kg_m2, women ? SNW_R(5.5) : SNW_R(7.0));
    const snw_real rasm_old = steps(SNW_M_relative_asm_kg_m2, women ? SNW_R(5.45) : SNW_R(7.26));
    const snw_real cut_gait = steps(SNW_M_gait_m_s, SNW_R(0.8));
    const snw_real moderate = steps(SNW_M_smi_bia_kg_m2, c->smi_moderate);
    const snw_real high = steps(SNW_M_smi_bia_kg_m2, c->smi_high);
    /* ASM over BMI, both from 0 on */
    const snw_real ratio_us = (women ? SNW_R(0.512) : SNW_R(0.789)) * scales[SNW_M_asm_kg].inverse *
                              scales[SNW_M_bmi_kg_m2].scale;
    if (taken(out, SNW_M_grip_kg) && taken(out, SNW_M_gait_m_s) && taken(out, SNW_M_bmi_kg_m2) &&
        taken(out, SNW_M_relative_asm_kg_m2)) {
        take(out, twin, SNW_M_sarcopenia_ewgsop2, SNW_M_smi_class);
        return;
    }
    EACH
    {
        snw_real grip = stored(out, SNW_M_grip_kg, i), gait = stored(out, SNW_M_gait_m_s, i);
        snw_real rasm = stored(out, SNW_M_relative_asm_kg_m2, i);
        snw_real ratio = stored(out, SNW_M_asm_kg, i) / stored(out, SNW_M_bmi_kg_m2, i);
        snw_real smi = stored(out, SNW_M_smi_bia_kg_m2, i);
        unsigned weak = grip < grip_eu, low = rasm < rasm_eu, slow = gait <= cut_gait;
        out->q[SNW_M_sarcopenia_ewgsop2][i] = (uint16_t)(weak + (weak & low) + (weak & low & slow));
        out->q[SNW_M_sarcopenia_fnih][i] = (uint16_t)((grip < grip_us) & (ratio < ratio_us));
        out->q[SNW_M_sarcopenia_sdoc][i] = (uint16_t)((grip < grip_sdoc) & (gait < cut_gait));
        out->q[SNW_M_sarcopenia_baumgartner][i] = (uint16_t)(rasm < rasm_old);
        out->q[SNW_M_smi_class][i] = (uint16_t)((smi <= moderate) + (smi <= high));
    }
}

/* The value of a readout. */
static inline snw_real value(const struct snw_readout *out, enum snw_measure m, size_t i)
{
    return scales[m].offset + stored(out, m, i) * scales[m].scale;
}

static void codes(struct snw_readout *restrict out, const struct snw_block *restrict b,
                  const struct snw_year_coef *restrict c, const struct snw_twin *twin)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real age = c->age;
    const int women = b->sex == SNW_FEMALE, men_50 = !women && age >= SNW_R(50);
    PUT(SNW_M_years_since_fmp, b->fmp_age_yr, women ? age - b->fmp_age_yr[i] : SNW_R(0), 1);
    EACH
    {
        snw_real neck = value(out, SNW_M_t_score_femoral_neck, i);
        snw_real spine = value(out, SNW_M_t_score_lumbar_spine, i);
        snw_real lower = neck < spine ? neck : spine;
        int applies = men_50 | (women & (b->fmp_age_yr[i] <= age));
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
        out->q[SNW_M_on_treatment][i] = (uint16_t)(int32_t)b->on_treatment[i];
        out->q[SNW_M_alive][i] = 1;
    }
}

/* Takes over from the twins those of measures first .. last that came out the same. */
static void compare(struct snw_readout *out, const struct snw_twin *twin, enum snw_measure first,
                    enum snw_measure last)
{
    for (int m = (int)first; twin && m <= (int)last; m++)
        if (memcmp(out->q[m], twin->readout->row[m], out->n * sizeof *out->q[m]) == 0)
            take(out, twin, (enum snw_measure)m, (enum snw_measure)m);
}

/* Whether states are read out on the same scales. */
static int same_scales(const struct snw_year_coef *a, const struct snw_year_coef *b)
{
    const size_t first = offsetof(struct snw_year_coef, trait_reference);
    const size_t end = offsetof(struct snw_year_coef, shapes);
    return memcmp((const char *)a + first, (const char *)b + first, end - first) == 0 &&
           a->knee_median_ln == b->knee_median_ln && a->smi_intercept == b->smi_intercept &&
           a->smi_slope == b->smi_slope && a->smi_moderate == b->smi_moderate &&
           a->smi_high == b->smi_high;
}

void SNW_KERNEL(snw_readout_state)(struct snw_readout *restrict out,
                                   const struct snw_block *restrict b,
                                   const struct snw_year_coef *restrict c,
                                   const struct snw_twin *twin)
{
    out->n = b->n;
    out->faults = 0;
    for (int m = 0; m < SNW_N_MEASURES; m++) {
        out->row[m] = out->q[m];
        out->at_end[m] = 0;
    }
    if (twin && !same_scales(c, twin->coef))
        twin = NULL;
    body(out, b, c, twin);
    muscle(out, b, c, twin);
    bone(out, b, c, twin);
    density(out, b, c, twin);
    strength(out, b, c, twin);
    sarcopenia(out, b, c, twin);
    codes(out, b, c, twin);
    compare(out, twin, SNW_M_asm_kg, SNW_M_asm_kg);
    compare(out, twin, SNW_M_strength_femur_n, SNW_M_strength_femur_n);
    compare(out, twin, SNW_M_sarcopenia_ewgsop2, SNW_M_alive);
}

static void count(struct snw_readout *restrict out, enum snw_measure m, size_t n,
                  const snw_real *restrict from)
{
    uint16_t *restrict q = out->q[m];
    EACH q[i] = (uint16_t)(int32_t)from[i];
}

void SNW_KERNEL(snw_readout_year)(struct snw_readout *restrict out,
                                  const struct snw_block *restrict b,
                                  const struct snw_year_coef *restrict c,
                                  const struct snw_twin *twin)
{
    const size_t n = snw_whole_vectors(b->n);
    const snw_real age = c->age, women = b->sex == SNW_FEMALE ? SNW_R(1) : SNW_R(0);
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
    }
    PUT(SNW_M_person_years, b->lived_yr, b->lived_yr[i], 1);
    compare(out, twin, SNW_M_falls, SNW_M_menopause);
    SNW_KERNEL(snw_readout_accounts)(out, b->n);
}
