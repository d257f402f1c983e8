/* A made-up country in which the program's kernels and the oracle live the same lives. */
#include "oracle/agree_world.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"

void agree_world_plan(struct agree_world *world, const struct snw_params *params)
{
    *world = (struct agree_world){.params = *params, .life.year = AGREE_CALENDAR_YEAR};
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            /* about the table of 2017: .8 and 1.3 per thousand at 30, 21 and 27 % at 95 */
            double hazard =
                sex == SNW_FEMALE ? 0.00035 * exp(0.0865 * i) : 0.00060 * exp(0.083 * i);
            world->life.q[sex][i] = -expm1(-hazard);
            world->census[sex][i] = 3e6 * exp(-0.0005 * i * i) / (sex == SNW_FEMALE ? 1 : 1.1);
        }
    world->kernels = snw_kernels_best();
    world->recorders = snw_recorder_kernels_named(world->kernels->isa);
    world->accounting = snw_economy_kernels_named(world->kernels->isa);
}

/* Prices that rise by 3 % a year, for both. */
static snw_status price(struct agree_world *world, struct snw_ctx *ctx, struct snw_prices *prices)
{
    struct snw_price_index index = {{0}};
    world->reference->prices.year = 2019;
    for (int i = 0; i < SNW_ORACLE_N_PRICES; i++) {
        world->reference->prices.index[i] = pow(1.03, i);
        index.value[SNW_ORACLE_PRICES_FROM + i - SNW_PRICE_FIRST] = 80 * pow(1.03, i);
    }
    return snw_prices_init(ctx, &index, NULL, 2019, prices);
}

snw_status agree_world_build(struct agree_world *world, struct snw_ctx *ctx, uint32_t persons,
                             int smoothing, struct snw_key key)
{
    snw_status status = SNW_OK;
    struct snw_params reference_arm = world->params;
    struct snw_prices prices;
    reference_arm.strength_shift_sd[0] = 0;
    struct snw_pilot_plan plan = {.params = &reference_arm,
                                  .life = &world->life,
                                  .census = (const double(*)[SNW_N_AGES])world->census,
                                  .persons = persons,
                                  .smoothing = smoothing,
                                  .key = key};
    world->pilot = snw_alloc(sizeof *world->pilot);
    world->model = snw_alloc(sizeof *world->model);
    world->reference = snw_alloc(sizeof *world->reference);
    world->economy = snw_alloc(sizeof *world->economy);
    if (!world->pilot || !world->model || !world->reference || !world->economy)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a world");
    SNW_TRY(price(world, ctx, &prices));
    snw_economy_build(world->economy, &world->params, &prices, SNW_LEDGER_EVENT, 0);
    plan.economy = world->economy;
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        SNW_TRY(snw_pilot(ctx, world->kernels, world->recorders, &plan, sex, world->pilot));
    snw_model_build(world->model, &world->params);
    snw_model_freeze(world->model, &world->params, &world->pilot->frozen, &world->life);
    snw_economy_freeze(world->economy, &world->pilot->economy);
    agree_reference(world->pilot, &world->life, world->reference);
out:
    return status;
}

void agree_world_free(struct agree_world *world)
{
    snw_free(world->pilot);
    snw_free(world->model);
    snw_free(world->reference);
    snw_free(world->economy);
    *world = (struct agree_world){0};
}

static struct snw_oracle_moments moments(const struct snw_reference_year *year,
                                         enum snw_score score)
{
    return (struct snw_oracle_moments){year->mean[score], year->sd[score]};
}

void agree_reference(const struct snw_pilot_result *pilot, const struct snw_life_table *life,
                     struct snw_oracle_reference *reference)
{
    const struct snw_reference *frozen = &pilot->frozen;
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        for (int i = 0; i < SNW_N_AGES; i++) {
            const struct snw_reference_year *from = &frozen->year[sex][i];
            struct snw_oracle_reference_age *at = &reference->age[sex][i];
            at->ln_grip = moments(from, SNW_Z_STRENGTH);
            at->gait = moments(from, SNW_Z_GAIT);
            at->ln_neck = moments(from, SNW_Z_NECK);
            at->ln_spine = moments(from, SNW_Z_SPINE);
            at->ln_igfbp2 = moments(from, SNW_Z_IGFBP2);
            at->lambda0 = from->fall_rate;
            memcpy(at->per_fall, from->per_fall, sizeof at->per_fall);
            memcpy(at->non_fall, from->per_year, sizeof at->non_fall);
            at->mortality_factor = from->death;
            at->qx = life->q[sex][i];
            at->residence_hazard = from->enter_home;
            const struct snw_economy_reference_year *money = &pilot->economy.year[sex][i];
            at->utility_factor = money->utility_factor;
            at->background_event = money->background[SNW_LEDGER_EVENT];
            at->background_frailty = money->background[SNW_LEDGER_FRAILTY];
        }
        reference->disability_intercept[sex] = frozen->disability[sex];
        reference->smi_factor[sex] = frozen->smi_factor[sex];
        reference->hip_intercept[sex] = frozen->hip_by_load[sex];
    }
}

static double outcome(enum snw_measure measure, const struct snw_oracle_outcomes *out)
{
    switch (measure) {
    case SNW_M_falls:
        return out->falls;
    case SNW_M_falls_reported:
        return out->falls_reported;
    case SNW_M_faller:
        return out->falls_reported >= 1;
    case SNW_M_recurrent_faller:
        return out->falls_reported >= 2;
    case SNW_M_fall_injuries:
        return out->injuries;
    case SNW_M_death:
        return out->died;
    case SNW_M_person_years:
        return out->person_years;
    default:
        return measure >= SNW_M_fracture_hip && measure <= SNW_M_fracture_other
                   ? out->fractures[measure - SNW_M_fracture_hip]
                   : (double)NAN;
    }
}

static double code(enum snw_measure measure, const struct snw_oracle_year *year)
{
    const struct snw_oracle_measures *m = &year->measures;
    switch (measure) {
    case SNW_M_sarcopenia_ewgsop2:
        return m->sarcopenia_ewgsop2;
    case SNW_M_sarcopenia_fnih:
        return m->sarcopenia_fnih;
    case SNW_M_sarcopenia_sdoc:
        return m->sarcopenia_sdoc;
    case SNW_M_sarcopenia_baumgartner:
        return m->sarcopenia_baumgartner;
    case SNW_M_smi_class:
        return m->smi_class;
    case SNW_M_osteoporosis_who:
        return m->who < 0 ? (double)NAN : m->who;
    case SNW_M_osteoporosis_neck:
        return m->who_neck < 0 ? (double)NAN : m->who_neck;
    case SNW_M_frailty:
        return year->state.frailty;
    case SNW_M_disabled:
        return m->disabled;
    case SNW_M_residence:
        return year->state.resident;
    case SNW_M_on_treatment:
        return 0;
    case SNW_M_alive:
        return year->alive;
    case SNW_M_menopause:
        return m->years_since_fmp <= 0 && m->years_since_fmp + year->outcomes.person_years > 0;
    default:
        return outcome(measure, &year->outcomes);
    }
}

static double bone(enum snw_measure measure, const struct snw_oracle_measures *m)
{
    static const enum snw_trait trait[] = {
        [SNW_M_ctth_femoral_neck_mm] = SNW_CTTH_NECK,
        [SNW_M_ctth_lumbar_spine_mm] = SNW_CTTH_SPINE,
        [SNW_M_ctth_radius_mm] = SNW_CTTH_RADIUS,
        [SNW_M_ctth_tibia_mm] = SNW_CTTH_TIBIA,
        [SNW_M_tb_vbmd_femoral_neck_mg_cm3] = SNW_TRAB_NECK,
        [SNW_M_tb_vbmd_lumbar_spine_mg_cm3] = SNW_TRAB_SPINE,
        [SNW_M_bvtv_radius] = SNW_TRAB_RADIUS,
        [SNW_M_tbn_radius_per_mm] = SNW_TBN_RADIUS,
        [SNW_M_ct_vbmd_mg_cm3] = SNW_CT_VBMD,
    };
    switch (measure) {
    case SNW_M_tb_vbmd_tibia_mg_cm3:
        return m->tb_vbmd_tibia_mg_cm3;
    case SNW_M_tbth_radius_mm:
        return m->tbth_radius_mm;
    case SNW_M_tbsp_radius_mm:
        return m->tbsp_radius_mm;
    case SNW_M_abmd_femoral_neck_g_cm2:
        return m->abmd_neck_g_cm2;
    case SNW_M_t_score_femoral_neck:
        return m->t_score_neck;
    case SNW_M_abmd_lumbar_spine_g_cm2:
        return m->dxa_spine_g_cm2;
    case SNW_M_t_score_lumbar_spine:
        return m->t_score_spine;
    case SNW_M_strength_femur_n:
        return m->strength_femur_n;
    case SNW_M_load_to_strength:
        return m->load_to_strength;
    case SNW_M_load_to_strength_ea:
        return m->load_to_stiffness;
    case SNW_M_load_to_strength_radius:
        return m->radius_ratio;
    default:
        return m->trait[trait[measure]];
    }
}

double agree_measure(enum snw_measure measure, const struct snw_oracle_year *year)
{
    const struct snw_oracle_measures *m = &year->measures;
    switch (measure) {
    case SNW_M_asm_kg:
        return m->asm_kg;
    case SNW_M_relative_asm_kg_m2:
        return m->relative_asm_kg_m2;
    case SNW_M_grip_kg:
        return m->grip_kg;
    case SNW_M_knee_extensor_nm:
        return m->knee_extensor_nm;
    case SNW_M_gait_m_s:
        return m->gait_m_s;
    case SNW_M_height_m:
        return m->height_m;
    case SNW_M_bmi_kg_m2:
        return m->bmi_kg_m2;
    case SNW_M_activity_z:
        return year->state.activity;
    case SNW_M_igfbp2_ng_ml:
        return m->igfbp2_ng_ml;
    case SNW_M_igf1_ng_ml:
        return m->igf1_ng_ml;
    case SNW_M_bio_t_rel:
        return m->bio_t_rel;
    case SNW_M_bio_e2_rel:
        return m->bio_e2_rel;
    case SNW_M_smi_bia_kg_m2:
        return m->smi_bia_kg_m2;
    case SNW_M_years_since_fmp:
        return m->years_since_fmp;
    default:
        return measure > SNW_M_years_since_fmp ? code(measure, year) : bone(measure, m);
    }
}

static bool is_switch(const struct snw_param_info *info)
{
    static const char *const switches[] = {"injury_rule", "hip_trend_on", "module", "smi_map"};
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (strcmp(info->name, switches[i]) == 0)
            return true;
    return false;
}

void agree_move_parameters(struct snw_params *params, double share, uint32_t seed)
{
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        double *value = snw_params_at(params, (enum snw_param_id)id);
        for (size_t i = 0; i < info->length && !is_switch(info); i++) {
            uint32_t words[4];
            snw_draw((struct snw_key){seed, 0}, (uint32_t)id, (uint32_t)i, 0, 0, 0, words);
            double u = (words[0] + 0.5) / 4294967296.0 * 2 - 1;
            double by = value[i] != 0 ? fabs(value[i]) : 0.1 * (info->high - info->low);
            value[i] = fmin(fmax(value[i] + share * u * by, info->low), info->high);
        }
    }
}
