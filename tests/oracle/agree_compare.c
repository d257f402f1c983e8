/* Holds one lane of a block against the same person's year in the oracle. */
#include "oracle/agree_compare.h"

#include <math.h>
#include <stdio.h>

#include "oracle/oracle_parts.h"

static void differ(struct agree_at *at, const char *what, double kernel, double oracle)
{
    struct agree_life *life = at->life;
    life->differs = true;
    life->age = at->block->age;
    life->kernel_value = kernel;
    life->oracle_value = oracle;
    snprintf(life->what, sizeof life->what, "%s", what);
}

void agree_near(struct agree_at *at, const char *what, double kernel, double oracle, double floor)
{
    if (at->life->differs)
        return;
    double apart = fabs(kernel - oracle) / fmax(fabs(oracle), floor);
    if (!(apart <= AGREE_TOLERANCE)) {
        differ(at, what, kernel, oracle);
        return;
    }
    if (apart > at->margin->largest) {
        at->margin->largest = apart;
        snprintf(at->margin->what, sizeof at->margin->what, "%s", what);
    }
}

void agree_same(struct agree_at *at, const char *what, double kernel, double oracle)
{
    if (!at->life->differs && !(kernel == oracle))
        differ(at, what, kernel, oracle);
}

static const struct snw_oracle_year *year_of(const struct agree_at *at)
{
    return &at->life->oracle.year[at->block->age - SNW_AGE_FIRST];
}

/* A field of one array, by its name, and the oracle's value. */
#define NEAR(field, oracle, floor)                                                                 \
    agree_near(at, #field, (double)at->block->field[at->lane], (oracle), (floor))
#define SAME(field, oracle) agree_same(at, #field, (double)at->block->field[at->lane], (oracle))

void agree_birth(struct agree_at *at)
{
    const struct snw_oracle_birth *birth = &at->life->oracle.birth;
    if (at->block->sex == SNW_FEMALE)
        NEAR(fmp_age_yr, birth->fmp, 1);
    NEAR(height_peak_cm, birth->height_peak_cm, 1);
    NEAR(height_loss_factor, birth->height_loss, 0.1);
    NEAR(bmi_base, birth->bmi_base, 0.1); /* floors: about the SD, for logs 0.1 */
    NEAR(muscle_base, birth->muscle_base, 0.1);
    NEAR(muscle_slope_per_yr, birth->muscle_slope, 0.0015);
    NEAR(bone_slope_z, birth->bone_slope, 1);
    NEAR(strength_base, birth->strength_base, 0.1);
    NEAR(igfbp2_base, birth->igfbp2_base, 0.1);
    NEAR(igf1_base, birth->igf1_base, 0.1);
    NEAR(bio_t_base, birth->bio_t_base, 0.1);
    NEAR(bio_e2_base, birth->bio_e2_base, 0.1);
}

/* The kernel's lasting part of a trait is the oracle's own, shared and muscle parts in one. */
static double trait_base(const struct agree_at *at, int k)
{
    const struct snw_params *p = &at->world->params;
    const struct snw_oracle_birth *birth = &at->life->oracle.birth;
    double kappa = p->bone_per_muscle[(int)at->block->sex * SNW_N_TRAIT + k];
    return birth->trait_base[k] + p->bone_shared_base[k] * birth->bone_base +
           (1 - p->bone_causal_share[0]) * kappa * birth->muscle_base +
           year_of(at)->state.trait_feedback[k];
}

static double age_or(double age, double without)
{
    return isnan(age) ? without : age;
}

static void lasting(struct agree_at *at)
{
    const struct snw_oracle_state *s = &year_of(at)->state;
    NEAR(activity_z, s->activity, 1);
    NEAR(bmi_change, s->bmi_change, 0.1);
    NEAR(muscle_change, s->muscle_change, 0.1);
    NEAR(muscle_felt, s->felt_muscle, 0.1);
    NEAR(bone_change_z, s->bone_shared, 1);
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        char name[24];
        snprintf(name, sizeof name, "trait_base[%d]", k);
        agree_near(at, name, (double)at->block->trait_base[k][at->lane], trait_base(at, k), 0.1);
        snprintf(name, sizeof name, "trait_change[%d]", k);
        agree_near(at, name, (double)at->block->trait_change[k][at->lane], s->trait_change[k],
                   0.03);
    }
    NEAR(strength_change, s->strength_change, 0.1);
    NEAR(gait_change, s->gait_change, 0.1);
    NEAR(igfbp2_change, s->igfbp2_change, 0.1);
    NEAR(igf1_change, s->igf1_change, 0.1);
    NEAR(bio_t_change, s->bio_t_change, 0.1);
    NEAR(bio_e2_change, s->bio_e2_change, 0.1);
    NEAR(fall_prone_z, s->fall_prone, 1);
    NEAR(disability_z, s->disability_latent, 1);
    NEAR(menopause_early_yr, s->menopause_early, 1);
    NEAR(menopause_late_yr, s->menopause_late, 1);
    SAME(n_vertebral, s->n_vertebral);
    double prior =
        snw_oracle_prior_fracture(&at->world->params, at->block->age + 0.5 - s->last_fracture_age);
    NEAR(log_prior_risk, log(prior), 0.1);
    NEAR(hip_age_yr, age_or(s->last_hip_age, -1000), 1);
    NEAR(vertebral_age_yr, age_or(s->last_vertebral_age, -1000), 1);
    NEAR(fracture_age_yr[0], age_or(s->last_hip_age, -1000), 1);
    NEAR(fracture_age_yr[1], age_or(s->last_vertebral_age, -1000), 1);
    NEAR(fracture_age_yr[2], age_or(s->last_nhnv_age, -1000), 1);
    NEAR(injury_age_yr, age_or(s->last_injury_age, -1000), 1);
    SAME(frailty, s->frailty);
    SAME(nursing_home, s->resident);
}

static void seen(struct agree_at *at)
{
    const struct snw_params *p = &at->world->params;
    const struct snw_oracle_measures *m = &year_of(at)->measures;
    int sex = (int)at->block->sex;
    double peak_m = at->life->oracle.birth.height_peak_cm / 100;
    double after_40 = fmax(at->block->age - 40, 0);
    NEAR(height_cm, 100 * m->height_m, 1);
    NEAR(bmi_kg_m2, m->bmi_kg_m2, 1);
    NEAR(muscle_ln, m->muscle, 0.1);
    NEAR(index_ln, log(m->asm_kg / (peak_m * peak_m)), 0.1);
    NEAR(strength_ln,
         m->ln_grip - log(p->strength_grip_young[sex]) +
             p->strength_decline[sex] / 2 * after_40 * after_40,
         0.1);
    NEAR(grip_ln, m->ln_grip, 0.1);
    NEAR(gait_m_s, m->gait_m_s, 0.1);
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        char name[24];
        snprintf(name, sizeof name, "trait_ln[%d]", k);
        agree_near(at, name, (double)at->block->trait_ln[k][at->lane], m->ln_trait[k], 0.1);
    }
    NEAR(abmd_neck_ln, m->ln_neck_rel, 0.1);
    NEAR(abmd_spine_ln, m->ln_spine_rel, 0.1);
    NEAR(igfbp2_ln, m->ln_igfbp2, 0.1);
    NEAR(igf1_ln, log(m->igf1_ng_ml), 0.1);
    NEAR(bio_t_ln, log(m->bio_t_rel), 0.1);
    NEAR(bio_e2_ln, log(m->bio_e2_rel), 0.1);
    NEAR(strength_z, m->z_grip, 1);
    NEAR(gait_z, m->z_gait, 1);
    NEAR(abmd_neck_z, m->z_neck, 1);
    NEAR(abmd_spine_z, m->z_spine, 1);
    NEAR(igfbp2_z, m->z_igfbp2, 1);
    SAME(disabled, m->disabled);
    SAME(sarcopenic, m->sarcopenia_ewgsop2 >= 2);
}

/* Relative risks of the kernel times the reference's chance, held to .95 in all as falls.md says.
 */
static void chances(struct agree_at *at)
{
    const struct snw_oracle_outcomes *out = &year_of(at)->outcomes;
    const struct snw_block *b = at->block;
    const struct snw_reference_year *r =
        &at->world->pilot->frozen.year[b->sex][b->age - SNW_AGE_FIRST];
    double fall[SNW_N_SITE], sum = 0;
    for (int s = 0; s < SNW_N_SITE; s++) {
        const snw_real *relative = s == SNW_HIP         ? b->break_hip
                                   : s == SNW_VERTEBRAL ? b->break_spine
                                                        : b->break_other;
        fall[s] = r->per_fall[s] * (double)relative[at->lane];
        sum += fall[s];
    }
    double any = 0;
    for (int s = 0; s < SNW_N_SITE; s++)
        any += out->p_fracture[s];
    agree_near(at, "break_any", (double)b->break_any[at->lane], any, 1e-6);
    for (int s = 0; s < SNW_N_SITE; s++) {
        char name[24];
        const snw_real *relative = s == SNW_HIP         ? b->trauma_hip
                                   : s == SNW_VERTEBRAL ? b->trauma_spine
                                                        : b->trauma_other;
        snprintf(name, sizeof name, "p_fracture[%d]", s);
        agree_near(at, name, fall[s] * (sum > 0.95 ? 0.95 / sum : 1), out->p_fracture[s], 1e-6);
        snprintf(name, sizeof name, "h_fracture[%d]", s);
        agree_near(at, name, r->per_year[s] * (double)relative[at->lane], out->h_fracture[s], 1e-8);
    }
}

static void risks(struct agree_at *at)
{
    const struct snw_oracle_year *year = year_of(at);
    const struct snw_oracle_outcomes *out = &year->outcomes;
    const struct snw_oracle_year_in in = {.params = &at->world->params,
                                          .reference = at->world->reference,
                                          .state = &year->state,
                                          .measures = &year->measures,
                                          .age = at->block->age};
    double lambda0 =
        at->world->reference->age[at->block->sex][at->block->age - SNW_AGE_FIRST].lambda0;
    NEAR(log_proneness, log(out->proneness), 1);
    NEAR(log_fall_risk, log(out->fall_rate / lambda0), 1);
    NEAR(fall_rate, out->fall_rate, 1e-4);
    NEAR(death_risk, exp(snw_oracle_log_mortality(&in)), 0.1);
    chances(at);
}

/* Codes are read from rounded numbers, so they may differ beside a cut: counted, not held. */
static void codes(struct agree_at *at)
{
    for (int m = SNW_M_sarcopenia_ewgsop2; m <= SNW_M_osteoporosis_neck; m++) {
        double oracle = agree_measure((enum snw_measure)m, year_of(at));
        uint16_t code = at->readout->q[m][at->lane];
        if (isnan(oracle) != (code == SNW_FILL))
            agree_same(at, snw_measure_table[m].name, code, oracle);
        else if (code != SNW_FILL && code != oracle)
            at->code_differs[m]++;
    }
    for (int m = SNW_M_frailty; m <= SNW_M_alive; m++)
        agree_same(at, snw_measure_table[m].name, at->readout->q[m][at->lane],
                   agree_measure((enum snw_measure)m, year_of(at)));
}

/* 16-bit readouts: within half a step, or at the end of their range. */
static void readouts(struct agree_at *at)
{
    for (int m = 0; m < SNW_N_STATES; m++) {
        const struct snw_measure_info *info = &snw_measure_table[m];
        double oracle = agree_measure((enum snw_measure)m, year_of(at));
        uint16_t q = at->readout->q[m][at->lane];
        if (isnan(oracle) || q == SNW_FILL) {
            agree_same(at, info->name, q == SNW_FILL, isnan(oracle));
            continue;
        }
        oracle = fmin(fmax(oracle, info->offset), info->offset + 65534 * info->scale);
        double apart = fabs(info->offset + q * info->scale - oracle);
        if (apart > 0.5 * info->scale + AGREE_TOLERANCE * fmax(fabs(oracle), 0.1))
            agree_same(at, info->name, info->offset + q * info->scale, oracle);
    }
}

void agree_birthday(struct agree_at *at)
{
    agree_same(at, "alive", 1, year_of(at)->alive);
    lasting(at);
    seen(at);
    risks(at);
    readouts(at);
    codes(at);
}

/* Money to a tenth of a dollar, quality-adjusted time to a hundred-thousandth of a year. */
static void accounts(struct agree_at *at)
{
    const struct snw_oracle_bill *bill = &year_of(at)->outcomes.bill;
    const struct snw_accounts *a = &at->readout->accounts;
    const double part[SNW_N_COST_PARTS] = {[SNW_COST_HIP] = bill->hip,
                                           [SNW_COST_VERTEBRAL] = bill->vertebral,
                                           [SNW_COST_NHNV] = bill->nhnv,
                                           [SNW_COST_INJURY] = bill->injury,
                                           [SNW_COST_NURSING_HOME] = bill->nursing_home,
                                           [SNW_COST_FRAILTY] = bill->frailty,
                                           [SNW_COST_DISABILITY] = bill->disability,
                                           [SNW_COST_BACKGROUND_EVENT] = bill->background_event,
                                           [SNW_COST_BACKGROUND_FRAILTY] =
                                               bill->background_frailty};
    double event = 0;
    for (int p = 0; p < SNW_N_COST_PARTS; p++) {
        char name[24];
        snprintf(name, sizeof name, "cost part %d", p);
        agree_near(at, name, a->part_cents[p][at->lane] * 0.01, part[p], 1000);
        if (p <= SNW_COST_NURSING_HOME || p == SNW_COST_BACKGROUND_EVENT)
            event += part[p];
    }
    agree_near(at, "cost", a->cost_cents[at->lane] * 0.01, event, 1000);
    agree_near(at, "qaly", a->qaly_millionths[at->lane] * 1e-6, bill->qaly, 0.1);
}

/* Time in the year of its last fracture, -1 without one. */
static double last_fracture_yr(const struct agree_at *at)
{
    const struct snw_oracle_life *life = &at->life->oracle;
    double last = -1;
    for (int i = 0; i < life->n_fractures && i < SNW_ORACLE_MAX_FRACTURES; i++) {
        double yr = life->fracture[i].age - at->block->age;
        if (yr >= 0 && yr < 1)
            last = yr;
    }
    return last;
}

void agree_year(struct agree_at *at, enum snw_cause cause)
{
    const struct snw_oracle_outcomes *out = &year_of(at)->outcomes;
    const struct snw_block *b = at->block;
    size_t i = at->lane;
    const struct snw_oracle_reference_age *r =
        &at->world->reference->age[b->sex][b->age - SNW_AGE_FIRST];
    double base = r->mortality_factor * -log1p(-r->qx);
    NEAR(death_exposure_yr, out->death_hazard / base, 0.1);
    agree_same(at, "died", b->lived_yr[i] < SNW_R(1), out->died);
    NEAR(lived_yr, out->person_years, 0.1);
    SAME(n_falls, out->falls);
    SAME(n_reported, out->falls_reported);
    SAME(n_injuries, out->injuries);
    for (int s = 0; s < SNW_N_SITE; s++) {
        char name[24];
        snprintf(name, sizeof name, "n_fractures[%d]", s);
        agree_same(at, name, (double)b->n_fractures[s][i], out->fractures[s]);
    }
    SAME(n_hurt_not_hip, out->falls_injurious - out->fractures_after_fall[SNW_HIP]);
    NEAR(fracture_yr, last_fracture_yr(at), 0.1);
    SAME(frailty_opening, year_of(at)->state.frailty);
    accounts(at);
    if (out->died)
        agree_same(at, "cause", cause, out->cause);
    for (int m = SNW_M_falls; m < SNW_M_person_years; m++)
        if (m != SNW_M_nursing_home_entry)
            agree_same(at, snw_measure_table[m].name, at->readout->q[m][i],
                       agree_measure((enum snw_measure)m, year_of(at)));
    if (!out->died && b->age < SNW_AGE_LAST) {
        double enters = year_of(at)[1].state.resident && !year_of(at)->state.resident;
        SAME(entered_home, enters);
        agree_same(at, "nursing_home_entry", at->readout->q[SNW_M_nursing_home_entry][i], enters);
    }
}
