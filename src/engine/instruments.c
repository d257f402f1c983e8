/* What a study's instruments add to the truth. */
#include "core/vmath.h"
#include "engine/life.h"
#include "random/normal.h"

static snw_real error_of(const uint32_t words[4], unsigned word, double cv)
{
    return SNW_R(cv) * snw_normal_quantile(words[word % 4]);
}

void snw_measure_with_error(struct snw_block *b, size_t n, const struct snw_params *p,
                            struct snw_key key)
{
    const double dxa = p->measurement_dxa_cv[0], qct = p->measurement_qct_cv[0];
    const double hr = p->measurement_hrpqct_cv[0], assay = p->measurement_assay_cv[0];
    for (size_t i = 0; i < n; i++) {
        uint32_t w[4][4];
        for (uint32_t s = 0; s < 4; s++)
            snw_draw(key, b->person[i], b->replicate[i], (uint32_t)b->age, SNW_SLOT_MEASURE_0 + s,
                     0, w[s]);
        b->grip_ln[i] += error_of(w[0], SNW_WORD_error_grip, p->measurement_grip_cv[0]);
        b->gait_m_s[i] *= snw_exp(error_of(w[0], SNW_WORD_error_gait, p->measurement_gait_cv[0]));
        b->abmd_neck_ln[i] += error_of(w[0], SNW_WORD_error_dxa_neck, dxa);
        b->abmd_spine_ln[i] += error_of(w[0], SNW_WORD_error_dxa_spine, dxa);
        b->index_ln[i] += error_of(w[1], SNW_WORD_error_asm, dxa);
        b->strength_ln[i] += error_of(w[1], SNW_WORD_error_knee, p->measurement_knee_cv[0]);
        /* one scan a site: its compartments share the error */
        snw_real neck = error_of(w[1], SNW_WORD_error_qct_neck, qct);
        snw_real spine = error_of(w[1], SNW_WORD_error_qct_spine, qct);
        b->trait_ln[SNW_CTTH_NECK][i] += neck;
        b->trait_ln[SNW_TRAB_NECK][i] += neck;
        b->trait_ln[SNW_CTTH_SPINE][i] += spine;
        b->trait_ln[SNW_TRAB_SPINE][i] += spine;
        b->trait_ln[SNW_CTTH_RADIUS][i] += error_of(w[2], SNW_WORD_error_ctth_radius, hr);
        b->trait_ln[SNW_CTTH_TIBIA][i] += error_of(w[2], SNW_WORD_error_ctth_tibia, hr);
        b->trait_ln[SNW_TRAB_RADIUS][i] += error_of(w[2], SNW_WORD_error_bvtv, hr);
        b->trait_ln[SNW_TBN_RADIUS][i] += error_of(w[2], SNW_WORD_error_tbn, hr);
        b->igfbp2_ln[i] += error_of(w[3], SNW_WORD_error_igfbp2, assay);
        b->igf1_ln[i] += error_of(w[3], SNW_WORD_error_igf1, assay);
        b->bio_t_ln[i] += error_of(w[3], SNW_WORD_error_bio_t, assay);
        b->bio_e2_ln[i] += error_of(w[3], SNW_WORD_error_bio_e2, assay);
    }
}
