/* The oracle's biology: what a person is born with, the start at 20, and the yearly step. */
#include "oracle/oracle_parts.h"

#include <math.h>

/* Comparators of IGFBP-2: a lasting part of .7 and a varying part of .714 of the total log SD. */
#define LASTING 0.7
#define VARYING 0.714
#define COMPARATOR_PHI 0.9

static double mix(double r, double z_first, double z_own)
{
    return r * z_first + sqrt(1 - r * r) * z_own;
}

double snw_oracle_stationary_r(double r, double phi1, double phi2)
{
    return r * sqrt((1 - phi1 * phi1) * (1 - phi2 * phi2)) / (1 - phi1 * phi2);
}

static double age_at_fmp(const struct snw_params *params, const struct snw_oracle_person *person,
                         bool smoker)
{
    if (person->sex == SNW_MALE)
        return (double)INFINITY;
    double kind = snw_oracle_uniform(person, SNW_ORACLE_BIRTH_YEAR, SNW_WORD_menopause_kind, 0);
    double fmp;
    if (kind < params->menopause_early_share[0])
        fmp =
            35 + 10 * snw_oracle_uniform(person, SNW_ORACLE_BIRTH_YEAR, SNW_WORD_menopause_age, 0);
    else
        fmp = params->menopause_fmp_mean[0] +
              params->menopause_fmp_sd[0] *
                  snw_oracle_normal(person, SNW_ORACLE_BIRTH_YEAR, SNW_WORD_menopause_natural);
    return fmp + params->menopause_smoker_shift[0] *
                     ((smoker ? 1 : 0) - params->menopause_smoker_share[0]);
}

static void born_with_traits(const struct snw_params *params,
                             const struct snw_oracle_person *person, struct snw_oracle_birth *birth)
{
    double z[SNW_N_TRAIT];
    for (int k = 0; k < SNW_N_TRAIT; k++)
        z[k] = snw_oracle_normal(person, SNW_ORACLE_BIRTH_YEAR,
                                 (enum snw_word)(SNW_WORD_trait_base_0 + k));
    z[SNW_TBN_RADIUS] =
        mix(params->bone_r_radius_trabecular[0], z[SNW_TRAB_RADIUS], z[SNW_TBN_RADIUS]);
    for (int k = 0; k < SNW_N_TRAIT; k++)
        birth->trait_base[k] = params->bone_sd_base[k] * z[k];
}

void snw_oracle_be_born(const struct snw_params *params, const struct snw_oracle_person *person,
                        struct snw_oracle_birth *birth)
{
    enum snw_sex sex = person->sex;
    const int born = SNW_ORACLE_BIRTH_YEAR;
    *birth = (struct snw_oracle_birth){0};
    birth->smoker = sex == SNW_FEMALE && snw_oracle_uniform(person, born, SNW_WORD_smoker, 0) <
                                             params->menopause_smoker_share[0];
    birth->fmp = age_at_fmp(params, person, birth->smoker);

    birth->height_peak_cm =
        params->size_height_peak[sex] +
        params->size_sd_height_peak[sex] * snw_oracle_normal(person, born, SNW_WORD_height_peak);
    double sd = params->size_sd_ln_height_loss[0];
    birth->height_loss =
        exp(-sd * sd / 2 + sd * snw_oracle_normal(person, born, SNW_WORD_height_loss));

    double z_muscle = snw_oracle_normal(person, born, SNW_WORD_muscle_base);
    double z_bmi = snw_oracle_normal(person, born, SNW_WORD_bmi_base);
    birth->muscle_base = params->muscle_sd_base[sex] * z_muscle;
    birth->bmi_base = params->size_sd_ln_bmi[sex] * sqrt(params->size_bmi_base_share[0]) *
                      mix(params->size_r_bmi_muscle_base[0], z_muscle, z_bmi);

    double z_slope = snw_oracle_normal(person, born, SNW_WORD_muscle_slope);
    birth->muscle_slope = params->muscle_sd_slope[sex] * z_slope;
    birth->bone_slope = mix(params->bone_r_slopes[0], z_slope,
                            snw_oracle_normal(person, born, SNW_WORD_bone_slope));
    birth->bone_base = snw_oracle_normal(person, born, SNW_WORD_bone_base);
    born_with_traits(params, person, birth);

    birth->strength_base =
        params->strength_sd_base[0] * snw_oracle_normal(person, born, SNW_WORD_strength_base);
    birth->igfbp2_base =
        params->igfbp2_sd_base[0] * snw_oracle_normal(person, born, SNW_WORD_igfbp2_base);
    birth->igf1_base = LASTING * params->comparators_igf1_sd[0] *
                       snw_oracle_normal(person, born, SNW_WORD_igf1_base);
    birth->bio_t_base = LASTING * params->comparators_bio_t_sd[0] *
                        snw_oracle_normal(person, born, SNW_WORD_bio_t_base);
    birth->bio_e2_base = LASTING * params->comparators_bio_e2_sd[0] *
                         snw_oracle_normal(person, born, SNW_WORD_bio_e2_base);
}

/* One step of a stationary AR(1): at the start `phi` is 0 and `x` whatever it is. */
static double ar(double x, double phi, double sd, double z)
{
    return phi * x + sd * sqrt(1 - phi * phi) * z;
}

/* All AR states that take one word each and nothing else; `start` draws them from their law. */
static void step_plain_states(const struct snw_params *params,
                              const struct snw_oracle_person *person, int year, bool start,
                              struct snw_oracle_state *s)
{
#define STEP(field, phi, sd, word)                                                                 \
    s->field = ar(s->field, start ? 0 : (phi), (sd), snw_oracle_normal(person, year, word))
    STEP(activity, params->size_activity_phi[0], 1, SNW_WORD_activity);
    for (int k = 0; k < SNW_N_TRAIT; k++)
        STEP(trait_change[k], params->bone_phi[0], params->bone_sd_change[k],
             (enum snw_word)(SNW_WORD_trait_0 + k));
    STEP(strength_change, params->strength_phi[0], params->strength_sd_change[0],
         SNW_WORD_strength);
    STEP(gait_change, params->strength_gait_phi[0], params->strength_sd_gait[0], SNW_WORD_gait);
    STEP(igfbp2_change, params->igfbp2_phi[0], params->igfbp2_sd_change[0], SNW_WORD_igfbp2);
    STEP(igf1_change, COMPARATOR_PHI, VARYING * params->comparators_igf1_sd[0], SNW_WORD_igf1);
    STEP(bio_t_change, COMPARATOR_PHI, VARYING * params->comparators_bio_t_sd[0], SNW_WORD_bio_t);
    STEP(bio_e2_change, COMPARATOR_PHI, VARYING * params->comparators_bio_e2_sd[0],
         SNW_WORD_bio_e2);
    STEP(fall_prone, params->falls_phi[0], 1, SNW_WORD_fall_prone);
    STEP(disability_latent, params->disability_phi[0], 1, SNW_WORD_disability);
#undef STEP
}

static double sigma_muscle(const struct snw_params *params, enum snw_sex sex, double age)
{
    return params->muscle_innovation_at_50[sex] *
           exp(params->muscle_innovation_growth[sex] * (age - 50));
}

void snw_oracle_start(const struct snw_params *params, const struct snw_oracle_person *person,
                      const struct snw_oracle_birth *birth, struct snw_oracle_state *state)
{
    enum snw_sex sex = person->sex;
    const int year = SNW_ORACLE_START_YEAR;
    *state = (struct snw_oracle_state){.frailty = SNW_ORACLE_ROBUST,
                                       .last_fracture_age = (double)NAN,
                                       .last_hip_age = (double)NAN,
                                       .last_vertebral_age = (double)NAN,
                                       .last_nhnv_age = (double)NAN,
                                       .last_injury_age = (double)NAN};
    step_plain_states(params, person, year, true, state);

    double phi_m = params->muscle_phi[sex];
    double z_m = snw_oracle_normal(person, year, SNW_WORD_muscle);
    state->muscle_change = sigma_muscle(params, sex, 20) / sqrt(1 - phi_m * phi_m) * z_m;
    double r_bmi = snw_oracle_stationary_r(params->size_r_bmi_muscle_change[0],
                                           params->size_bmi_phi[0], phi_m);
    state->bmi_change = params->size_sd_ln_bmi[sex] * sqrt(1 - params->size_bmi_base_share[0]) *
                        mix(r_bmi, z_m, snw_oracle_normal(person, year, SNW_WORD_bmi));
    double r_bone =
        snw_oracle_stationary_r(params->bone_r_muscle_change[0], params->bone_phi[0], phi_m);
    state->bone_shared = mix(r_bone, z_m, snw_oracle_normal(person, year, SNW_WORD_bone_shared));
    state->felt_muscle = birth->muscle_base + state->muscle_change; /* m*(20) = m(20) */
}

void snw_oracle_step(const struct snw_params *params, const struct snw_oracle_person *person,
                     const struct snw_oracle_birth *birth,
                     const struct snw_oracle_measures *measures, int age,
                     struct snw_oracle_state *state)
{
    enum snw_sex sex = person->sex;
    double z_m = snw_oracle_normal(person, age, SNW_WORD_muscle);
    double z_bmi =
        mix(params->size_r_bmi_muscle_change[0], z_m, snw_oracle_normal(person, age, SNW_WORD_bmi));
    double z_bone = mix(params->bone_r_muscle_change[0], z_m,
                        snw_oracle_normal(person, age, SNW_WORD_bone_shared));

    /* both need the state of the opening birthday: m(a) and p(a) */
    state->felt_muscle += params->muscle_felt_lag[0] * (measures->muscle - state->felt_muscle);
    state->muscle_change = params->muscle_phi[sex] * state->muscle_change +
                           sigma_muscle(params, sex, age + 0.5) * z_m +
                           params->muscle_activity_gain[sex] / 100 * state->activity;
    state->bmi_change =
        ar(state->bmi_change, params->size_bmi_phi[0],
           params->size_sd_ln_bmi[sex] * sqrt(1 - params->size_bmi_base_share[0]), z_bmi);
    state->bone_shared = ar(state->bone_shared, params->bone_phi[0], 1, z_bone);

    double shield = fmax(0, 1 - params->menopause_weight_shield[0] * measures->bmi_z);
    state->menopause_early += shield * snw_oracle_kernel_early(birth->fmp, age, age + 1);
    state->menopause_late += shield * snw_oracle_kernel_late(birth->fmp, age, age + 1);
    for (int k = 0; k < SNW_N_TRAIT; k++)
        state->trait_feedback[k] +=
            params->igfbp2_muscle_feedback[0] * measures->z_igfbp2 *
            snw_oracle_age_loss(params, sex, (enum snw_trait)k, age, age + 1);

    step_plain_states(params, person, age, false, state);
}
