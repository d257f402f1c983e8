/* What a study's instruments add to the truth. */
#include "engine/instruments.h"

#include <string.h>

#include "core/memory.h"
#include "core/vmath.h"
#include "random/normal.h"
#include "random/slots.h"

snw_status snw_visits_new(struct snw_visits **visits, size_t room, const struct snw_params *params,
                          const struct snw_recorder_kernels *recorders, struct snw_key key)
{
    struct snw_visits *v = *visits = snw_alloc(sizeof *v);
    if (!v)
        return SNW_ERR_MEMORY;
    v->params = params;
    v->recorders = recorders;
    v->key = key;
    v->n = 0;
    v->room = room;
    v->row = snw_alloc(room * sizeof *v->row);
    if (v->row)
        return SNW_OK;
    snw_visits_free(visits);
    return SNW_ERR_MEMORY;
}

void snw_visits_free(struct snw_visits **visits)
{
    if (*visits)
        snw_free((*visits)->row);
    snw_free(*visits);
    *visits = NULL;
}

/* Copies the lanes that are met this year to the front of visits->seen. */
static void receive(struct snw_visits *visits, struct snw_block *from, size_t n)
{
    struct snw_block *to = &visits->seen;
    size_t n_fields;
    const struct snw_field_info *fields = snw_field_table(&n_fields);
    to->n = 0;
    to->sex = from->sex;
    to->birth_year = from->birth_year;
    to->age = from->age;
    for (size_t i = 0; i < n; i++) {
        if (from->enter_age[i] != from->age)
            continue;
        for (size_t f = 0; f < n_fields; f++)
            for (size_t k = 0; k < fields[f].count; k++)
                snw_field_at(to, &fields[f], k)[to->n] = snw_field_at(from, &fields[f], k)[i];
        to->person[to->n] = from->person[i];
        to->replicate[to->n] = from->replicate[i];
        to->n++;
    }
}

static snw_real error_of(const uint32_t words[4], unsigned word, double cv)
{
    return SNW_R(cv) * snw_normal_quantile(words[word % 4]);
}

static void read_body(struct snw_block *b, size_t i, const struct snw_params *p,
                      const uint32_t size[4], const uint32_t function[4], const uint32_t lean[4])
{
    snw_real height = error_of(size, SNW_WORD_error_height, p->measurement_height_cv[0]);
    snw_real weight = error_of(size, SNW_WORD_error_weight, p->measurement_weight_cv[0]);
    b->height_cm[i] *= snw_exp(height);
    b->bmi_kg_m2[i] *= snw_exp(weight - SNW_R(2) * height);
    b->index_ln[i] += error_of(lean, SNW_WORD_error_asm, p->measurement_dxa_cv[0]);
    b->grip_ln[i] += error_of(function, SNW_WORD_error_grip, p->measurement_grip_cv[0]);
    b->gait_m_s[i] *= snw_exp(error_of(function, SNW_WORD_error_gait, p->measurement_gait_cv[0]));
    /* grip has its own log: from strength_ln the knee alone is read out */
    b->strength_ln[i] += error_of(lean, SNW_WORD_error_knee, p->measurement_knee_cv[0]);
}

static void read_blood(struct snw_block *b, size_t i, double cv, const uint32_t w[4])
{
    b->igfbp2_ln[i] += error_of(w, SNW_WORD_error_igfbp2, cv);
    b->igf1_ln[i] += error_of(w, SNW_WORD_error_igf1, cv);
    b->bio_t_ln[i] += error_of(w, SNW_WORD_error_bio_t, cv);
    b->bio_e2_ln[i] += error_of(w, SNW_WORD_error_bio_e2, cv);
}

/* QCT is one scan a site: its compartments share the error. */
static void read_bone(struct snw_block *b, size_t i, const struct snw_params *p, uint32_t (*w)[4])
{
    double dxa = p->measurement_dxa_cv[0], qct = p->measurement_qct_cv[0];
    double hr = p->measurement_hrpqct_cv[0];
    snw_real neck = error_of(w[1], SNW_WORD_error_qct_neck, qct);
    snw_real spine = error_of(w[1], SNW_WORD_error_qct_spine, qct);
    b->abmd_neck_ln[i] += error_of(w[0], SNW_WORD_error_dxa_neck, dxa);
    b->abmd_spine_ln[i] += error_of(w[0], SNW_WORD_error_dxa_spine, dxa);
    b->trait_ln[SNW_CTTH_NECK][i] += neck;
    b->trait_ln[SNW_TRAB_NECK][i] += neck;
    b->trait_ln[SNW_CTTH_SPINE][i] += spine;
    b->trait_ln[SNW_TRAB_SPINE][i] += spine;
    b->trait_ln[SNW_CTTH_RADIUS][i] += error_of(w[2], SNW_WORD_error_ctth_radius, hr);
    b->trait_ln[SNW_CTTH_TIBIA][i] += error_of(w[2], SNW_WORD_error_ctth_tibia, hr);
    b->trait_ln[SNW_TRAB_RADIUS][i] += error_of(w[2], SNW_WORD_error_bvtv, hr);
    b->trait_ln[SNW_TBN_RADIUS][i] += error_of(w[2], SNW_WORD_error_tbn, hr);
    b->trait_ln[SNW_TRAB_TIBIA][i] += error_of(w[4], SNW_WORD_error_tibia_trabecular, hr);
    b->trait_ln[SNW_CT_VBMD][i] += error_of(w[4], SNW_WORD_error_ct_vbmd, hr);
}

static void add_errors(struct snw_visits *visits)
{
    struct snw_block *b = &visits->seen;
    const struct snw_params *p = visits->params;
    for (size_t i = 0; i < b->n; i++) {
        uint32_t w[5][4];
        for (uint32_t s = 0; s < 5; s++)
            snw_draw(visits->key, b->person[i], b->replicate[i], (uint32_t)b->age,
                     SNW_SLOT_MEASURE_0 + s, 0, w[s]);
        read_body(b, i, p, w[4], w[0], w[1]);
        read_bone(b, i, p, w);
        read_blood(b, i, p->measurement_assay_cv[0], w[3]);
    }
}

snw_status snw_measure_visitors(struct snw_ctx *ctx, struct snw_visits *visits,
                                struct snw_block *block, size_t n, const struct snw_year_coef *coef)
{
    struct snw_block *b = &visits->seen;
    receive(visits, block, n);
    if (b->n == 0)
        return SNW_OK;
    if (b->n > visits->room - visits->n)
        return snw_fail(ctx, SNW_ERR_INTERNAL, "a unit has more visits than people");
    add_errors(visits);
    visits->recorders->state(&visits->readout, b, coef, NULL);
    if (visits->readout.faults)
        return snw_fail(ctx, SNW_ERR_MODEL, "a reading of person %u is not a number at age %d",
                        b->person[0], b->age);
    for (size_t i = 0; i < b->n; i++) {
        struct snw_visit *visit = &visits->row[visits->n++];
        visit->person = b->person[i];
        visit->replicate = b->replicate[i];
        visit->age = b->age;
        for (size_t m = 0; m < SNW_N_READ; m++)
            visit->q[m] = visits->readout.q[m][i];
    }
    return SNW_OK;
}
