/* The oracle's own reference pass: many immortals in step by age, weighted by their survival. */
#include <math.h>
#include <stdlib.h>

#include "oracle/oracle_parts.h"

enum { FIRST_OLD = 60 - SNW_ORACLE_FIRST_AGE, N_OLD = SNW_ORACLE_N_AGES - FIRST_OLD };

struct pilot {
    struct snw_oracle_person person;
    struct snw_oracle_birth birth;
    struct snw_oracle_state state;
    struct snw_oracle_measures measures;
    struct snw_oracle_outcomes outcomes;
    struct snw_oracle_state next;
    double weight;                             /* chance of being alive at this birthday */
    double mortality;                          /* m_i: the year's hazard over c H_LT */
    double old_weight[N_OLD], old_rasm[N_OLD]; /* at 60 and over */
    bool old_hip[N_OLD], old_frail[N_OLD];
};

struct walk {
    const struct snw_oracle_pass *pass;
    struct snw_oracle_reference *reference;
    struct snw_oracle_reference_age *at; /* the row being made */
    int age;
    struct pilot *pilot; /* (n_people,) */
};

static struct snw_oracle_year_in year_in(const struct walk *walk, const struct pilot *pilot)
{
    return (struct snw_oracle_year_in){.params = walk->pass->params,
                                       .reference = walk->reference,
                                       .at = walk->at,
                                       .person = &pilot->person,
                                       .state = &pilot->state,
                                       .measures = &pilot->measures,
                                       .age = walk->age};
}

static void measure_all(struct walk *walk)
{
    for (uint32_t i = 0; i < walk->pass->n_people; i++) {
        struct pilot *p = &walk->pilot[i];
        snw_oracle_measure(walk->pass->params, walk->reference, walk->pass->sex, &p->birth,
                           &p->state, walk->age, &p->measures);
    }
}

/* Weighted mean and SD of one measure, given by its place in the struct. */
static struct snw_oracle_moments moments(const struct walk *walk, size_t offset)
{
    double weights = 0, sum = 0, squares = 0;
    for (uint32_t i = 0; i < walk->pass->n_people; i++) {
        const struct pilot *p = &walk->pilot[i];
        weights += p->weight;
        sum += p->weight * *(const double *)((const char *)&p->measures + offset);
    }
    double mean = sum / weights;
    for (uint32_t i = 0; i < walk->pass->n_people; i++) {
        const struct pilot *p = &walk->pilot[i];
        double d = *(const double *)((const char *)&p->measures + offset) - mean;
        squares += p->weight * d * d;
    }
    return (struct snw_oracle_moments){mean, sqrt(squares / weights)};
}

/* Means and SDs, then the z of everybody. The reference world has no shift of strength. */
static void find_moments(struct walk *walk)
{
    const struct snw_oracle_moments unit = {0, 1};
    struct snw_oracle_reference_age *at = walk->at;
    at->ln_grip = at->gait = at->ln_neck = at->ln_spine = at->ln_igfbp2 = unit;
    measure_all(walk);
    struct snw_oracle_moments grip = moments(walk, offsetof(struct snw_oracle_measures, ln_grip));
    at->gait = moments(walk, offsetof(struct snw_oracle_measures, gait_m_s));
    at->ln_neck = moments(walk, offsetof(struct snw_oracle_measures, ln_neck_rel));
    at->ln_spine = moments(walk, offsetof(struct snw_oracle_measures, ln_spine_rel));
    at->ln_igfbp2 = moments(walk, offsetof(struct snw_oracle_measures, ln_igfbp2));
    at->ln_grip = grip;
    measure_all(walk);
}

/* lambda0, K and Kn from the means of what they multiply. */
static void find_rates(struct walk *walk)
{
    const struct snw_oracle_pass *pass = walk->pass;
    const double tiny = 1e-9; /* so that no cap is met */
    static struct snw_oracle_events events;
    double weights = 0, falls = 0, per_fall[SNW_N_SITE] = {0}, non_fall[SNW_N_SITE] = {0};
    walk->at->lambda0 = tiny;
    for (int s = 0; s < SNW_N_SITE; s++)
        walk->at->per_fall[s] = walk->at->non_fall[s] = tiny;
    for (uint32_t i = 0; i < pass->n_people; i++) {
        struct pilot *p = &walk->pilot[i];
        struct snw_oracle_year_in in = year_in(walk, p);
        snw_oracle_draw_events(&in, &events, &p->outcomes);
        double rate = p->outcomes.fall_rate / tiny;
        weights += p->weight;
        falls += p->weight * rate;
        for (int s = 0; s < SNW_N_SITE; s++) {
            per_fall[s] += p->weight * rate * p->outcomes.p_fracture[s] / tiny;
            non_fall[s] += p->weight * p->outcomes.h_fracture[s] / tiny;
        }
    }
    walk->at->lambda0 =
        snw_oracle_fall_target(pass->params, pass->sex, walk->age) * weights / falls;
    for (int s = 0; s < SNW_N_SITE; s++) {
        enum snw_site site = (enum snw_site)s;
        double rate = snw_oracle_fracture_target(pass->params, pass->sex, site, walk->age,
                                                 pass->calendar_year);
        double share = snw_oracle_fall_share(pass->params, site, walk->age);
        walk->at->per_fall[s] = share * rate * weights / (walk->at->lambda0 * per_fall[s]);
        walk->at->non_fall[s] = (1 - share) * rate * weights / non_fall[s];
    }
}

/* The year with these rates; c so that the table's share dies. */
static void find_mortality(struct walk *walk)
{
    double h_table = -log1p(-walk->at->qx), low = 0, high = 100;
    for (int step = 0; step < 100; step++) {
        double c = (low + high) / 2, weights = 0, dying = 0;
        for (uint32_t i = 0; i < walk->pass->n_people; i++) {
            const struct pilot *p = &walk->pilot[i];
            weights += p->weight;
            dying += p->weight * -expm1(-c * h_table * p->mortality);
        }
        if (dying < walk->at->qx * weights)
            low = c;
        else
            high = c;
    }
    walk->at->mortality_factor = (low + high) / 2;
}

static void live_all(struct walk *walk)
{
    static struct snw_oracle_events events;
    walk->at->mortality_factor = 1;
    walk->at->residence_hazard = 0;
    for (uint32_t i = 0; i < walk->pass->n_people; i++) {
        struct pilot *p = &walk->pilot[i];
        struct snw_oracle_year_in in = year_in(walk, p);
        snw_oracle_live_year(&in, &events, &p->outcomes);
        p->mortality = p->outcomes.death_hazard / -log1p(-walk->at->qx);
        p->next = snw_oracle_next(&in, &p->birth, &events, &p->outcomes);
    }
    find_mortality(walk);
    for (uint32_t i = 0; i < walk->pass->n_people; i++) {
        struct pilot *p = &walk->pilot[i];
        p->weight *= exp(walk->at->mortality_factor * log1p(-walk->at->qx) * p->mortality);
    }
}

/* Relative hazard of entry, from the parameters and not from snw_oracle_enters: once more. */
static double entry_hazard(const struct snw_params *params, const struct pilot *p)
{
    double hazard = p->outcomes.falls_injurious > 0 ? exp(params->residence_injury[0]) : 1;
    if (p->state.frailty == SNW_ORACLE_PREFRAIL)
        hazard *= exp(params->residence_prefrail[0]);
    if (p->state.frailty == SNW_ORACLE_FRAIL)
        hazard *= exp(params->residence_frail[0]);
    return hazard;
}

static double lump(const struct snw_params *params, int age)
{
    int row = age < 50 ? 0 : age < 65 ? 1 : age < 75 ? 2 : age < 85 ? 3 : 4;
    return params->residence_after_hip[row];
}

/* Expected share of residents among the survivors at the next birthday, for a given h0. */
static double expected_residents(const struct walk *walk, double h0)
{
    double weights = 0, residents = 0;
    for (uint32_t i = 0; i < walk->pass->n_people; i++) {
        const struct pilot *p = &walk->pilot[i];
        double share = -expm1(-h0 * entry_hazard(walk->pass->params, p));
        if (p->outcomes.fractures[SNW_HIP] > 0)
            share = lump(walk->pass->params, walk->age);
        weights += p->weight;
        residents += p->weight * (p->state.resident ? 1 : share);
    }
    return residents / weights;
}

static void find_residence(struct walk *walk)
{
    double target = snw_oracle_resident_share(walk->pass->params, walk->age + 1);
    double low = 0, high = 10;
    if (expected_residents(walk, 0) >= target)
        high = 0;
    for (int step = 0; step < 100; step++) {
        double h0 = (low + high) / 2;
        if (expected_residents(walk, h0) < target)
            low = h0;
        else
            high = h0;
    }
    walk->at->residence_hazard = high;
}

static void remember_old(struct walk *walk)
{
    int row = walk->age - SNW_ORACLE_FIRST_AGE - FIRST_OLD;
    if (row < 0)
        return;
    for (uint32_t i = 0; i < walk->pass->n_people; i++) {
        struct pilot *p = &walk->pilot[i];
        p->old_weight[row] = p->weight;
        p->old_rasm[row] = p->measures.relative_asm_kg_m2;
        p->old_hip[row] = !isnan(p->state.last_hip_age);
        p->old_frail[row] = p->state.frailty == SNW_ORACLE_FRAIL;
    }
}

static double smi(const struct walk *walk, double factor, double rasm)
{
    const struct snw_params *params = walk->pass->params;
    enum snw_sex sex = walk->pass->sex;
    if (params->disability_smi_map[0] > 0.5)
        return params->disability_smi_affine_intercept[sex] +
               params->disability_smi_affine_slope[sex] * rasm;
    return factor * rasm;
}

/* Chance of disability, or with `low` whether the index is in one of the low classes. */
static double old_person(const struct walk *walk, const struct pilot *p, int row, bool low)
{
    const struct snw_params *params = walk->pass->params;
    enum snw_sex sex = walk->pass->sex;
    double index = smi(walk, walk->reference->smi_factor[sex], p->old_rasm[row]);
    bool high_risk = index <= params->disability_smi_cut_high[sex];
    bool at_risk = index <= params->disability_smi_cut_moderate[sex];
    if (low)
        return at_risk;
    double logit = walk->reference->disability_intercept[sex] +
                   params->disability_per_year[0] * (60 + row - 75);
    if (at_risk)
        logit += params->disability_ln_or[2 * (int)sex + (high_risk ? 1 : 0)];
    logit += p->old_hip[row] ? params->disability_hip_fracture[0] : 0;
    logit += p->old_frail[row] ? params->disability_frail[0] : 0;
    return 1 / (1 + exp(-logit));
}

/* Mean over the old, each age by its people in the census. */
static double old_mean(const struct walk *walk, bool low)
{
    double people = 0, sum = 0;
    for (int row = 0; row < N_OLD; row++) {
        double weights = 0, value = 0;
        for (uint32_t i = 0; i < walk->pass->n_people; i++) {
            const struct pilot *p = &walk->pilot[i];
            weights += p->old_weight[row];
            value += p->old_weight[row] * old_person(walk, p, row, low);
        }
        people += walk->pass->census[FIRST_OLD + row];
        sum += walk->pass->census[FIRST_OLD + row] * value / weights;
    }
    return sum / people;
}

/* k_s, which lowers the share of low classes as it grows, then d0. */
static void find_constants(struct walk *walk)
{
    enum snw_sex sex = walk->pass->sex;
    double *factor = &walk->reference->smi_factor[sex];
    double *intercept = &walk->reference->disability_intercept[sex];
    double low = 0.2, high = 5;
    for (int step = 0; step < 45; step++) {
        *factor = (low + high) / 2;
        if (old_mean(walk, true) > walk->pass->params->disability_smi_low_share[sex])
            low = *factor;
        else
            high = *factor;
    }
    low = -20;
    high = 20;
    for (int step = 0; step < 45; step++) {
        *intercept = (low + high) / 2;
        if (old_mean(walk, false) < walk->pass->params->disability_prevalence_60[sex])
            low = *intercept;
        else
            high = *intercept;
    }
}

static void walk_year(struct walk *walk)
{
    find_moments(walk);
    remember_old(walk);
    find_rates(walk);
    live_all(walk);
    find_residence(walk);
    for (uint32_t i = 0; i < walk->pass->n_people; i++) {
        struct pilot *p = &walk->pilot[i];
        struct snw_oracle_year_in in = year_in(walk, p);
        p->next.resident =
            p->state.resident ||
            snw_oracle_enters(&in, p->outcomes.fractures[SNW_HIP] > 0,
                              p->outcomes.falls_injurious > 0,
                              snw_oracle_uniform(&p->person, walk->age, SNW_WORD_residence, 0));
        p->state = p->next;
    }
}

snw_status snw_oracle_reference_pass(const struct snw_oracle_pass *pass, struct snw_ctx *ctx,
                                     struct snw_oracle_reference *reference)
{
    struct snw_params params = *pass->params;
    params.strength_shift_sd[0] = 0; /* the reference arm: no deed */
    struct snw_oracle_pass plain = *pass;
    plain.params = &params;
    struct walk walk = {.pass = &plain, .reference = reference};
    reference->smi_factor[pass->sex] = 1; /* until found: disability feeds back on nothing */
    reference->disability_intercept[pass->sex] = 0;
    walk.pilot = calloc(pass->n_people, sizeof *walk.pilot);
    if (walk.pilot == NULL)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %u people of a reference pass",
                        (unsigned)pass->n_people);
    for (uint32_t i = 0; i < pass->n_people; i++) {
        struct pilot *p = &walk.pilot[i];
        p->person = (struct snw_oracle_person){.sex = pass->sex,
                                               .id = pass->first_id + i * pass->id_step,
                                               .key = pass->key,
                                               .immortal = true};
        p->weight = 1;
        snw_oracle_be_born(&params, &p->person, &p->birth);
        snw_oracle_start(&params, &p->person, &p->birth, &p->state);
    }
    for (int i = 0; i < SNW_ORACLE_N_AGES; i++) {
        walk.age = SNW_ORACLE_FIRST_AGE + i;
        walk.at = &reference->age[pass->sex][i];
        walk.at->qx = pass->qx[i];
        walk_year(&walk);
    }
    find_constants(&walk);
    free(walk.pilot);
    return SNW_OK;
}
