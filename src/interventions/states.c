/* What treatment does to muscle, strength and bone. Equations: treatment.md. */
#include "core/vmath.h"
#include "interventions/acting.h"

enum { N_SITES = 2, SINCE_STOP_YR = 4 };

/* Weights of traits in log areal density of the neck and of the spine. */
static const double weights[N_SITES][SNW_N_TRAIT] = {{[SNW_CTTH_NECK] = SNW_NECK_CORTEX,
                                                      [SNW_CT_VBMD] = SNW_NECK_CORTICAL_DENSITY,
                                                      [SNW_TRAB_NECK] = SNW_NECK_TRABECULAE},
                                                     {[SNW_CTTH_SPINE] = SNW_SPINE_CORTEX,
                                                      [SNW_CT_VBMD] = SNW_SPINE_CORTICAL_DENSITY,
                                                      [SNW_TRAB_SPINE] = SNW_SPINE_TRABECULAE}};

/* What each channel of density does to log traits, those of a channel together. Areal density is
   put on cortex and trabeculae by equal log parts, so that it changes by the whole. */
static const struct on_trait {
    enum snw_channel channel;
    enum snw_trait trait;
    double weight;
} on_traits[] = {
    {SNW_CHANNEL_abmd_femoral_neck_ratio, SNW_CTTH_NECK,
     1 / (SNW_NECK_CORTEX + SNW_NECK_TRABECULAE)},
    {SNW_CHANNEL_abmd_femoral_neck_ratio, SNW_TRAB_NECK,
     1 / (SNW_NECK_CORTEX + SNW_NECK_TRABECULAE)},
    {SNW_CHANNEL_abmd_lumbar_spine_ratio, SNW_CTTH_SPINE,
     1 / (SNW_SPINE_CORTEX + SNW_SPINE_TRABECULAE)},
    {SNW_CHANNEL_abmd_lumbar_spine_ratio, SNW_TRAB_SPINE,
     1 / (SNW_SPINE_CORTEX + SNW_SPINE_TRABECULAE)},
    {SNW_CHANNEL_ctth_femoral_neck_ratio, SNW_CTTH_NECK, 1},
    {SNW_CHANNEL_ctth_lumbar_spine_ratio, SNW_CTTH_SPINE, 1},
    {SNW_CHANNEL_ctth_radius_ratio, SNW_CTTH_RADIUS, 1},
    {SNW_CHANNEL_ctth_tibia_ratio, SNW_CTTH_TIBIA, 1},
    {SNW_CHANNEL_tb_vbmd_femoral_neck_ratio, SNW_TRAB_NECK, 1},
    {SNW_CHANNEL_tb_vbmd_lumbar_spine_ratio, SNW_TRAB_SPINE, 1},
    {SNW_CHANNEL_bvtv_radius_ratio, SNW_TRAB_RADIUS, 1},
    {SNW_CHANNEL_tb_vbmd_tibia_ratio, SNW_TRAB_TIBIA, 1},
    {SNW_CHANNEL_tbn_radius_ratio, SNW_TBN_RADIUS, 1},
    {SNW_CHANNEL_ct_vbmd_ratio, SNW_CT_VBMD, 1},
};

static double at_site(const double *weight, const double *trait)
{
    double sum = 0;
    for (int k = 0; k < SNW_N_TRAIT; k++)
        sum += weight[k] * trait[k];
    return sum;
}

static double lost(snw_real now, snw_real then)
{
    return now > then ? (double)now - (double)then : 0;
}

/* What is spared of the median loss of the year that is over. */
static void spare(const struct snw_treating *t, size_t k, const struct snw_block *b,
                  const struct snw_year_coef *c, const struct snw_year_coef *next)
{
    const double muscle = t->programme->value[k][SNW_CHANNEL_muscle_loss_spared];
    const double bone = t->programme->value[k][SNW_CHANNEL_bone_loss_spared];
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    snw_real(*row)[SNW_STRIDE] = t->treatment->row;
    double loss[SNW_N_TRAIT];
    if (muscle > 0)
        t->kernels->spare(row[SNW_ROW_MUSCLE_SPARED], start, stop, b->age,
                          muscle * lost(c->index_median_ln, next->index_median_ln), b->n);
    for (int trait = 0; trait < SNW_N_TRAIT && bone > 0; trait++) {
        loss[trait] = bone * lost(c->trait_median_ln[trait], next->trait_median_ln[trait]);
        t->kernels->spare(row[SNW_ROW_TRAIT_SPARED + trait], start, stop, b->age, loss[trait],
                          b->n);
    }
    if (!(bone > 0) || !t->programme->unseen[k])
        return;
    t->kernels->spare(row[SNW_ROW_NECK_UNSEEN], start, stop, b->age, at_site(weights[0], loss),
                      b->n);
    t->kernels->spare(row[SNW_ROW_SPINE_UNSEEN], start, stop, b->age, at_site(weights[1], loss),
                      b->n);
}

/* Years of early and late menopausal loss in the year that opens at y years after the final
   menstrual period, as in menopause.md. */
static snw_real early_years(snw_real y)
{
    return snw_clip(-1, 2, y + SNW_R(1)) - snw_clip(-1, 2, y);
}

static snw_real late_so_far(snw_real y)
{
    snw_real s = snw_clip(0, 8, y - SNW_R(2));
    return s - s * s * SNW_R(0.0625);
}

void snw_treat_shield(const struct snw_treating *t, const struct snw_block *b,
                      const struct snw_year_coef *c)
{
    snw_real *early = t->treatment->row[SNW_ROW_EARLY_SHIELDED];
    snw_real *late = t->treatment->row[SNW_ROW_LATE_SHIELDED];
    for (size_t i = 0; i < b->n; i++) {
        const snw_real y = c->age - b->fmp_age_yr[i];
        const snw_real bmi_z = (b->bmi_base[i] + b->bmi_change[i]) * c->bmi_z_scale;
        const snw_real shielded = snw_max(0, SNW_R(1) - c->weight_shield * bmi_z) *
                                  c->therapy_shield * b->hormone_therapy[i];
        early[i] = shielded * early_years(y);
        late[i] = shielded * (late_so_far(y + SNW_R(1)) - late_so_far(y));
    }
}

/* How much of what hormone therapy has spared is lost in the year: all by SINCE_STOP_YR after the
   stop, evenly. */
static snw_real part_paid(snw_real age, snw_real stop)
{
    const snw_real since = snw_max(0, age - stop), until = stop + SNW_R(SINCE_STOP_YR);
    const snw_real time = snw_min(age + SNW_R(1), until) - snw_max(age, stop);
    return time > SNW_R(0) ? snw_min(1, time / (SNW_R(SINCE_STOP_YR) - since)) : SNW_R(0);
}

/* The year's menopausal loss that was spared: what a therapy spares is owed, and paid after it;
   what fractures may not see of it is hidden. */
static void settle_menopause(const struct snw_treating *t, size_t k, struct snw_block *b,
                             const struct snw_year_coef *c)
{
    snw_real(*row)[SNW_STRIDE] = t->treatment->row;
    const int owes = t->programme->value[k][SNW_CHANNEL_hormone_therapy] > 0;
    const int shields = owes || t->programme->value[k][SNW_CHANNEL_menopausal_loss_spared] > 0;
    const snw_real *start = snw_course_row(t->treatment, k, SNW_COURSE_START);
    const snw_real *stop = snw_course_row(t->treatment, k, SNW_COURSE_STOP);
    double early[SNW_N_TRAIT], late[SNW_N_TRAIT];
    for (int trait = 0; trait < SNW_N_TRAIT; trait++) {
        early[trait] = -(double)c->trait_early[trait];
        late[trait] = -(double)c->trait_late[trait];
    }
    for (size_t i = 0; i < b->n && shields; i++) {
        const snw_real age = SNW_R(b->age);
        snw_real by_early = 0, by_late = 0;
        if (start[i] <= age && stop[i] > age) { /* the first of several takes it all */
            by_early = row[SNW_ROW_EARLY_SHIELDED][i];
            by_late = row[SNW_ROW_LATE_SHIELDED][i];
            row[SNW_ROW_EARLY_SHIELDED][i] = row[SNW_ROW_LATE_SHIELDED][i] = 0;
            row[SNW_ROW_EARLY_OWED][i] += owes ? by_early : 0;
            row[SNW_ROW_LATE_OWED][i] += owes ? by_late : 0;
        }
        if (owes && start[i] < SNW_R(SNW_EVER_YR)) {
            const snw_real part = part_paid(age, stop[i]);
            const snw_real paid = part * row[SNW_ROW_EARLY_OWED][i];
            const snw_real paid_late = part * row[SNW_ROW_LATE_OWED][i];
            row[SNW_ROW_EARLY_OWED][i] -= paid;
            row[SNW_ROW_LATE_OWED][i] -= paid_late;
            b->menopause_early_yr[i] += paid;
            b->menopause_late_yr[i] += paid_late;
            by_early -= paid;
            by_late -= paid_late;
        }
        if (!t->programme->unseen[k])
            continue;
        row[SNW_ROW_NECK_UNSEEN][i] += by_early * SNW_R(at_site(weights[0], early)) +
                                       by_late * SNW_R(at_site(weights[0], late));
        row[SNW_ROW_SPINE_UNSEEN][i] += by_early * SNW_R(at_site(weights[1], early)) +
                                        by_late * SNW_R(at_site(weights[1], late));
    }
}

/* Activity adds to strength at once and to the varying part of muscle year by year, as in
   muscle.md. */
static void move_activity(const struct snw_acting *a, struct snw_block *b,
                          const struct snw_year_coef *c)
{
    snw_real *muscle = a->t->treatment->row[SNW_ROW_MUSCLE_BY_ACTIVITY];
    snw_act(a, SNW_CHANNEL_activity_change, b->age, (double)c->muscle_per_activity, muscle);
    snw_act(a, SNW_CHANNEL_activity_change, b->age + 1, (double)c->strength_per_activity,
            b->strength_treated);
}

static void move_traits(const struct snw_acting *a, double at, struct snw_block *b)
{
    const struct snw_programme *p = a->t->programme;
    snw_real *const hidden[N_SITES] = {b->neck_unseen_ln, b->spine_unseen_ln};
    for (size_t m = 0; m < sizeof on_traits / sizeof on_traits[0]; m++) {
        const struct on_trait *on = &on_traits[m];
        const double full = p->full[a->k][on->channel];
        if (!p->list[a->k]->effect[on->channel].given)
            continue;
        if (m == 0 || on->channel != on[-1].channel)
            snw_act_level(a, on->channel, at);
        snw_act_add(a, on->weight * full, 0, b->trait_treated[on->trait]);
        for (int s = 0; s < N_SITES && p->unseen[a->k]; s++)
            if (weights[s][on->trait] > 0)
                snw_act_add(a, on->weight * weights[s][on->trait] * full, 0, hidden[s]);
    }
}

void snw_treat_advance(const struct snw_treating *t, struct snw_block *b,
                       const struct snw_year_coef *c, const struct snw_year_coef *next)
{
    snw_real(*row)[SNW_STRIDE] = t->treatment->row;
    const size_t n = b->n, n_bytes = snw_whole_vectors(n) * sizeof(snw_real);
    const double at = b->age + 1;
    memcpy(row[SNW_ROW_FALLS], b->n_reported, n_bytes);
    for (size_t k = 0; k < t->programme->n && next; k++) {
        spare(t, k, b, c, next);
        if (t->programme->shields && b->sex == SNW_FEMALE)
            settle_menopause(t, k, b, c);
    }
    memcpy(b->neck_unseen_ln, row[SNW_ROW_NECK_UNSEEN], n_bytes);
    memcpy(b->spine_unseen_ln, row[SNW_ROW_SPINE_UNSEEN], n_bytes);
    snw_act_clear(b->strength_treated, n);
    for (size_t i = 0; i < n; i++)
        row[SNW_ROW_MUSCLE_BY_ACTIVITY][i] *= c->muscle_phi;
    for (size_t k = 0; k < t->programme->n; k++)
        move_activity(&(const struct snw_acting){t, k, n}, b, c);
    for (size_t i = 0; i < n; i++)
        b->muscle_treated[i] = row[SNW_ROW_MUSCLE_SPARED][i] + row[SNW_ROW_MUSCLE_BY_ACTIVITY][i];
    for (int trait = 0; trait < SNW_N_TRAIT; trait++)
        memcpy(b->trait_treated[trait], row[SNW_ROW_TRAIT_SPARED + trait], n_bytes);
    for (size_t k = 0; k < t->programme->n; k++) {
        const struct snw_acting acting = {t, k, n};
        snw_act(&acting, SNW_CHANNEL_muscle_ratio, at, 1, b->muscle_treated);
        snw_act(&acting, SNW_CHANNEL_strength_ratio, at, 1, b->strength_treated);
        move_traits(&acting, at, b);
    }
}
