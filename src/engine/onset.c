/* Carries a block over into a scenario that begins on the day its people are met. */
#include "engine/onset.h"

#include <string.h>

#include "core/vmath.h"

/* Medians that follow from yearly changes. */
#define FIELD(name) offsetof(struct snw_year_coef, name)
static const size_t shifted[] = {
    FIELD(height_loss_cm),  FIELD(index_median_ln),  FIELD(grip_median_ln),
    FIELD(knee_median_ln),  FIELD(igfbp2_median_ln), FIELD(igf1_median_ln),
    FIELD(bio_t_median_ln), FIELD(bio_e2_median_ln), FIELD(spine_artefact)};
#undef FIELD
enum { N_SHIFTED = sizeof shifted / sizeof shifted[0], AGE_OF_LEVELS = 25 };

static snw_real *at(struct snw_year_coef *coef, size_t offset)
{
    return (snw_real *)(void *)((char *)coef + offset);
}

static snw_real changed_by(const struct snw_model *model, int sex, int age, size_t offset)
{
    const char *now = (const char *)&model->year[sex][age - SNW_AGE_FIRST] + offset;
    const char *level = (const char *)&model->year[sex][AGE_OF_LEVELS - SNW_AGE_FIRST] + offset;
    return *(const snw_real *)(const void *)now - *(const snw_real *)(const void *)level;
}

void snw_onset_begin(struct snw_onset *onset, struct snw_block *b, const struct snw_model *before,
                     const struct snw_model *scenario)
{
    const struct snw_year_coef *c0 = &before->year[b->sex][b->age - SNW_AGE_FIRST];
    const struct snw_year_coef *c = &scenario->year[b->sex][b->age - SNW_AGE_FIRST];
    onset->age = c->age;
    onset->menopause_muscle = c0->menopause_muscle - c->menopause_muscle;
    for (size_t k = 0; k < N_SHIFTED; k++)
        *at(&onset->shift, shifted[k]) = changed_by(before, (int)b->sex, b->age, shifted[k]) -
                                         changed_by(scenario, (int)b->sex, b->age, shifted[k]);
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        snw_real median = c0->trait_median_ln[k] - c->trait_median_ln[k];
        snw_real early = c0->trait_early[k] - c->trait_early[k];
        snw_real late = c0->trait_late[k] - c->trait_late[k];
        snw_real slope = (c0->trait_slope[k] - c->trait_slope[k]) * c->years_after_40;
        for (size_t i = 0; i < b->n; i++)
            b->trait_base[k][i] += median + early * b->menopause_early_yr[i] +
                                   late * b->menopause_late_yr[i] + slope * b->bone_slope_z[i];
    }
}

struct snw_year_coef *snw_onset_year(struct snw_onset *onset, const struct snw_year_coef *scenario)
{
    onset->year = *scenario;
    for (size_t k = 0; k < N_SHIFTED; k++)
        *at(&onset->year, shifted[k]) += *at(&onset->shift, shifted[k]);
    return &onset->year;
}

void snw_onset_look(const struct snw_onset *onset, struct snw_block *b)
{
    const snw_real per_year = onset->menopause_muscle, from = onset->age + SNW_R(2);
    if (per_year == SNW_R(0))
        return;
    for (size_t i = 0; i < b->n; i++)
        b->index_ln[i] += per_year * snw_clip(0, 4, from - b->fmp_age_yr[i]);
}
