/* Runs the pilot population in lock-step by age and freezes what the model takes from it. */
#include "engine/pilot.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/vmath.h"
#include "engine/pilot_state.h"

/* Relative standard error of the weighted mean sum(w x) / sum(w). */
static double relative_error(const struct snw_moments *x, double w, double ww)
{
    double mean = snw_column_sum(x->wx) / w;
    double spread = snw_column_sum(x->wwxx) - 2 * mean * snw_column_sum(x->wwx) + mean * mean * ww;
    return mean != 0 && spread > 0 ? snw_sqrt_f64(spread) / (w * (mean < 0 ? -mean : mean)) : 0;
}

struct pilot {
    struct snw_pilot_state *state;
    const struct snw_pilot_plan *plan;
    const struct snw_kernels *kernels;
    const struct snw_recorder_kernels *recorders;
    struct snw_pilot_result *out;
    /* what is smoothed at the end, by age: expectations, c */
    double fall_mean[SNW_N_AGES], per_fall_mean[SNW_N_SITE][SNW_N_AGES];
    double per_year_mean[SNW_N_SITE][SNW_N_AGES], death[SNW_N_AGES];
    double w, ww; /* of the current age */
};

/* Fractures per person-year that the risks at the birthday are normalised to. */
static double target(const struct pilot *p, int site, int age)
{
    double rate =
        snw_fracture_rate(p->plan->params, p->state->sex, site, age + 0.5, p->plan->life->year);
    int group = site < SNW_FOREARM ? site : 2; /* hip, vertebral, other */
    return p->plan->scale ? rate * p->plan->scale[group][age - SNW_AGE_FIRST] : rate;
}

static double target_per_fall(const struct pilot *p, int site, int age)
{
    return snw_fall_share(p->plan->params, site, age) * target(p, site, age);
}

static double target_per_year(const struct pilot *p, int site, int age)
{
    return (1 - snw_fall_share(p->plan->params, site, age)) * target(p, site, age);
}

/* State at the birthday; means and SDs of the five scores. */
static void look(struct pilot *p, int age)
{
    struct snw_pilot_state *s = p->state;
    int i_age = age - SNW_AGE_FIRST;
    struct snw_reference_year *r = &p->out->frozen.year[s->sex][i_age];
    struct snw_reference_year *e = &p->out->error.year[s->sex][i_age];
    struct snw_moments sums[SNW_N_SCORES], people;
    double *x = s->x[0];
    memset(sums, 0, sizeof sums);
    memset(&people, 0, sizeof people);
    for (size_t i = 0; i < SNW_BLOCK_MAX; i++)
        s->x[1][i] = 1;
    for (size_t k = 0; k < s->n_blocks; k++) {
        struct snw_block *b = &s->blocks[k];
        const double *w = s->weight + k * SNW_BLOCK_MAX;
        b->age = age;
        snw_run_phase(p->kernels, SNW_LOOK, b, &s->model->year[s->sex][i_age], s->luck);
        const snw_real *score[SNW_N_SCORES] = {b->grip_ln, b->gait_m_s, b->abmd_neck_ln,
                                               b->abmd_spine_ln, b->igfbp2_ln};
        s->sums->moments(w, s->x[1], b->n, &people);
        for (int z = 0; z < SNW_N_SCORES; z++) {
            s->sums->widen(score[z], NULL, b->n, x);
            s->sums->moments(w, x, b->n, &sums[z]);
        }
    }
    p->w = snw_column_sum(people.wx);
    p->ww = snw_column_sum(people.wwx);
    s->alive[i_age] = p->w;
    for (int z = 0; z < SNW_N_SCORES; z++) {
        r->mean[z] = snw_column_sum(sums[z].wx) / p->w;
        r->sd[z] = snw_sqrt_f64(snw_column_sum(sums[z].wxx) / p->w - r->mean[z] * r->mean[z]);
        double effective = p->w * p->w / p->ww;
        e->mean[z] = r->sd[z] / snw_sqrt_f64(effective);
        e->sd[z] = r->sd[z] / snw_sqrt_f64(2 * effective);
    }
}

static void freeze(struct pilot *p, int age)
{
    snw_model_freeze_year(p->state->model, p->plan->params, &p->out->frozen, p->plan->life,
                          p->state->sex, age);
}

/* Sums of what risks are relative to: the rate of falls, and of fractures by hip, spine and other
   sites those after a fall and those without one. */
struct risk_sums {
    struct snw_moments falls, after_fall[3], without[3];
};

static void sum_risks(struct pilot *p, int age, struct risk_sums *sums)
{
    struct snw_pilot_state *s = p->state;
    const struct snw_year_coef *c = &s->model->year[s->sex][age - SNW_AGE_FIRST];
    double *rate = s->x[0], *x = s->x[1];
    memset(sums, 0, sizeof *sums);
    for (size_t k = 0; k < s->n_blocks; k++) {
        struct snw_block *b = &s->blocks[k];
        const double *w = s->weight + k * SNW_BLOCK_MAX;
        const snw_real *breaks[3] = {b->break_hip, b->break_spine, b->break_other};
        const snw_real *trauma[3] = {b->trauma_hip, b->trauma_spine, b->trauma_other};
        snw_run_phase(p->kernels, SNW_SCORE, b, c, s->luck);
        /* the whole RISK phase: only what does not depend on luck is read here */
        snw_run_phase(p->kernels, SNW_RISK, b, c, s->luck);
        s->sums->exponential(b->log_fall_risk, b->n, rate);
        s->sums->moments(w, rate, b->n, &sums->falls);
        for (int g = 0; g < 3; g++) {
            s->sums->widen(breaks[g], rate, b->n, x);
            s->sums->moments(w, x, b->n, &sums->after_fall[g]);
            s->sums->widen(trauma[g], NULL, b->n, x);
            s->sums->moments(w, x, b->n, &sums->without[g]);
        }
    }
}

/* Fall rates, then fracture risks, on target. */
static void risks(struct pilot *p, int age)
{
    struct snw_pilot_state *s = p->state;
    int i_age = age - SNW_AGE_FIRST;
    struct snw_reference_year *r = &p->out->frozen.year[s->sex][i_age];
    struct snw_reference_year *e = &p->out->error.year[s->sex][i_age];
    struct risk_sums sums;
    sum_risks(p, age, &sums);
    p->fall_mean[i_age] = snw_column_sum(sums.falls.wx) / p->w;
    r->fall_rate = snw_fall_target(p->plan->params, s->sex, age + 0.5) / p->fall_mean[i_age];
    e->fall_rate = relative_error(&sums.falls, p->w, p->ww);
    for (int site = 0; site < SNW_N_SITE; site++) {
        int g = site == SNW_HIP ? 0 : site == SNW_VERTEBRAL ? 1 : 2;
        p->per_fall_mean[site][i_age] = snw_column_sum(sums.after_fall[g].wx) / p->w;
        p->per_year_mean[site][i_age] = snw_column_sum(sums.without[g].wx) / p->w;
        r->per_fall[site] =
            target_per_fall(p, site, age) / (r->fall_rate * p->per_fall_mean[site][i_age]);
        r->per_year[site] = target_per_year(p, site, age) / p->per_year_mean[site][i_age];
        e->per_fall[site] = relative_error(&sums.after_fall[g], p->w, p->ww);
        e->per_year[site] = relative_error(&sums.without[g], p->w, p->ww);
    }
    if (p->plan->params->fractures_module[0] > 0.5)
        r->per_fall[SNW_HIP] = 1; /* the load module gives the chance itself */
}

/* What is kept of the old for the solutions at the end. */
static void keep_old(struct pilot *p, int age, size_t k)
{
    struct snw_pilot_state *s = p->state;
    const struct snw_block *b = &s->blocks[k];
    const double *w = s->weight + k * SNW_BLOCK_MAX;
    const struct snw_params *q = p->plan->params;
    const struct snw_year_coef *c = &s->model->year[s->sex][age - SNW_AGE_FIRST];
    double people = p->plan->census[s->sex][age - SNW_AGE_FIRST] / p->w;
    if (age >= 60)
        s->sums->rasm(b, s->x[0]);
    for (size_t i = 0; i < b->n && age >= 60; i++) {
        size_t bin = (size_t)(s->x[0][i] * 200);
        unsigned group = (b->hip_age_yr[i] > 0 ? 1u : 0u) | (b->frailty[i] > SNW_R(1.5) ? 2u : 0u);
        bin = bin < SNW_RASM_BINS ? bin : SNW_RASM_BINS - 1;
        s->rasm[age - 60][bin][group] += w[i] * people;
    }
    if (age >= 65)
        s->sums->load(b, c, q->fractures_per_load_ratio[0], q->fractures_per_weakness[0], s->x[0],
                      s->x[1]);
    for (size_t i = 0; i < b->n && age >= 65; i++) {
        double bin = (s->x[0][i] + 20) * 100;
        bin = bin < 0 ? 0 : bin > SNW_LOAD_BINS - 1 ? SNW_LOAD_BINS - 1 : bin;
        s->load[(size_t)bin] += w[i] * s->x[1][i];
    }
}

/* The events of the year and the step to the next birthday; only residence waits for h0. */
static snw_status happen(struct pilot *p, struct snw_ctx *ctx, int age)
{
    struct snw_pilot_state *s = p->state;
    const struct snw_year_coef *c = &s->model->year[s->sex][age - SNW_AGE_FIRST];
    const struct snw_kernels *kernels = p->kernels;
    for (size_t k = 0; k < s->n_blocks; k++) {
        struct snw_block *b = &s->blocks[k];
        size_t from = k * SNW_BLOCK_MAX;
        keep_old(p, age, k);
        kernels->luck(s->luck, p->plan->key, b->n, b->person, b->replicate, (uint32_t)age,
                      SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
        snw_run_phase(kernels, SNW_RISK, b, c, s->luck);
        kernels->happen(b, c, s->luck, p->plan->key, 1, s->happenings);
        if (s->happenings->overflow)
            return snw_fail(ctx, SNW_ERR_RUN, "reference pass: too many events in one year at %d",
                            age);
        s->sums->widen(b->death_exposure_yr, NULL, b->n, s->exposure + from);
        memcpy(s->u_residence + from, SNW_YEAR_LUCK(s->luck, residence),
               b->n * sizeof *s->u_residence);
        if (snw_pilot_keep_events(s, k) != SNW_OK)
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the events of the reference pass");
        snw_run_process(kernels, "frailty_change", b, c, s->luck);
        snw_run_phase(kernels, SNW_ADVANCE, b, c, s->luck);
    }
    return SNW_OK;
}

/* Whatever is not a number in somebody is none in a mean that the year takes from all. */
static snw_status check(const struct pilot *p, struct snw_ctx *ctx, int age)
{
    const struct snw_pilot_state *s = p->state;
    const struct snw_reference_year *r = &p->out->frozen.year[s->sex][age - SNW_AGE_FIRST];
    const double *value = (const double *)(const void *)r;
    double sum = 0;
    size_t lane;
    for (size_t i = 0; i < sizeof *r / sizeof *value; i++)
        sum += value[i] - value[i];
    if (sum == 0)
        return SNW_OK;
    for (size_t k = 0; k < s->n_blocks; k++) {
        const char *fault = snw_block_fault(&s->blocks[k], &lane);
        if (fault)
            return snw_fail(ctx, SNW_ERR_MODEL, "reference pass: %s is not a number at age %d",
                            fault, age);
    }
    return snw_fail(ctx, SNW_ERR_MODEL, "reference pass: a mean is not a number at age %d", age);
}

/* Where a life table leaves nobody, means would be those of the one or two people who are likeliest
   to live, and rates relative to them without bound: the rest of the ages is then lived by all.
   The least share of the living is far below that of any table of people. */
static void renew(struct snw_pilot_state *s, size_t persons)
{
    const double least = 1e-6;
    double all = 0;
    for (size_t i = 0; i < persons; i++)
        all += s->weight[i];
    for (size_t i = 0; i < persons && all < least * (double)persons; i++)
        s->weight[i] = 1;
}

/* c and the weights of the next birthday, then h0 and who moves in. */
static void settle(struct pilot *p, int age)
{
    struct snw_pilot_state *s = p->state;
    int i_age = age - SNW_AGE_FIRST;
    struct snw_reference_year *r = &p->out->frozen.year[s->sex][i_age];
    struct snw_reference_year *e = &p->out->error.year[s->sex][i_age];
    const struct snw_year_coef *c = &s->model->year[s->sex][i_age];
    double q = p->plan->life->q[s->sex][i_age], hazard = snw_hazard_of(q);
    struct snw_moments exposure;
    memset(&exposure, 0, sizeof exposure);
    r->death = snw_solve_death(s, hazard, q);
    snw_pilot_expect(s, p->plan, age, r->death * hazard, p->out);
    for (size_t k = 0; k < s->n_blocks; k++) {
        double *w = s->weight + k * SNW_BLOCK_MAX, *x = s->exposure + k * SNW_BLOCK_MAX;
        s->sums->moments(w, x, s->blocks[k].n, &exposure);
        s->sums->survive(w, x, r->death * hazard, s->blocks[k].n);
    }
    renew(s, p->plan->persons);
    e->death = relative_error(&exposure, p->w, p->ww);
    r->enter_home = snw_solve_home(s, c, snw_resident_share(p->plan->params, age + 1));
    p->death[i_age] = r->death;
    freeze(p, age);
    for (size_t k = 0; k < s->n_blocks; k++) {
        struct snw_block *b = &s->blocks[k];
        memcpy(SNW_YEAR_LUCK(s->luck, residence), s->u_residence + k * SNW_BLOCK_MAX,
               b->n * sizeof *s->u_residence);
        snw_run_process(p->kernels, "residence_change", b, c, s->luck);
    }
}

/* The bioimpedance index has its scale only now: its bins follow those of rASM. */
static void scale_smi_bins(struct pilot *p)
{
    int sex = p->state->sex;
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
        int i = age - SNW_AGE_FIRST;
        freeze(p, age);
        snw_pilot_smi_bins(&p->state->model->year[sex][i], p->out->bins[sex][i]);
    }
}

static void smooth(struct pilot *p)
{
    const struct snw_params *q = p->plan->params;
    struct snw_reference_year *year = p->out->frozen.year[p->state->sex];
    enum { AT_50 = 50 - SNW_AGE_FIRST };
    snw_smooth_ln(p->fall_mean, SNW_N_AGES, 0);
    snw_smooth_ln(p->death, SNW_N_AGES, 0);
    for (int site = 0; site < SNW_N_SITE; site++) {
        snw_smooth_ln(p->per_fall_mean[site], SNW_N_AGES, AT_50);
        snw_smooth_ln(p->per_year_mean[site], SNW_N_AGES, AT_50);
    }
    for (int i = 0; i < SNW_N_AGES; i++) {
        int age = SNW_AGE_FIRST + i;
        year[i].fall_rate = snw_fall_target(q, p->state->sex, age + 0.5) / p->fall_mean[i];
        year[i].death = p->death[i];
        for (int site = 0; site < SNW_N_SITE; site++) {
            if (site != SNW_HIP || q->fractures_module[0] < 0.5)
                year[i].per_fall[site] =
                    target_per_fall(p, site, age) / (year[i].fall_rate * p->per_fall_mean[site][i]);
            year[i].per_year[site] = target_per_year(p, site, age) / p->per_year_mean[site][i];
        }
    }
    if (p->plan->persons >= 100000)
        return;
    for (int z = 0; z < SNW_N_SCORES; z++) { /* means as exp, so that any sign is smoothed alike */
        double mean[SNW_N_AGES], sd[SNW_N_AGES];
        for (int i = 0; i < SNW_N_AGES; i++) {
            mean[i] = snw_exp_f64(year[i].mean[z]);
            sd[i] = year[i].sd[z];
        }
        snw_smooth_ln(mean, SNW_N_AGES, 0);
        snw_smooth_ln(sd, SNW_N_AGES, 0);
        for (int i = 0; i < SNW_N_AGES; i++) {
            year[i].mean[z] = snw_log_f64(mean[i]);
            year[i].sd[z] = sd[i];
        }
    }
}

static snw_status run_ages(struct pilot *p, struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
        look(p, age);
        freeze(p, age);
        risks(p, age);
        freeze(p, age);
        if (!p->plan->no_bins)
            snw_pilot_ranges(p->state, p->recorders, age,
                             p->out->bins[p->state->sex][age - SNW_AGE_FIRST]);
        SNW_TRY(happen(p, ctx, age));
        settle(p, age);
        SNW_TRY(check(p, ctx, age));
    }
    struct snw_reference *frozen = &p->out->frozen;
    int sex = p->state->sex;
    frozen->smi_factor[sex] = snw_solve_smi(p->state, p->plan);
    frozen->disability[sex] = snw_solve_disability(p->state, p->plan, frozen->smi_factor[sex]);
    frozen->hip_by_load[sex] = snw_solve_load(p->state, p->plan);
    if (!p->plan->no_bins)
        scale_smi_bins(p);
    snw_pilot_balance(p->state, p->plan, p->out);
    if (p->plan->smoothing)
        smooth(p);
out:
    return status;
}

static snw_status people(struct pilot *p, struct snw_ctx *ctx)
{
    struct snw_pilot_state *s = p->state;
    size_t persons = p->plan->persons;
    s->n_blocks = (persons + SNW_BLOCK_MAX - 1) / SNW_BLOCK_MAX;
    size_t lanes = s->n_blocks * SNW_BLOCK_MAX;
    s->blocks = snw_alloc(s->n_blocks * sizeof *s->blocks);
    s->weight = snw_alloc(lanes * sizeof *s->weight);
    s->exposure = snw_alloc(lanes * sizeof *s->exposure);
    s->u_residence = snw_alloc(lanes * sizeof *s->u_residence);
    s->luck = snw_alloc(2 * sizeof *s->luck);
    s->happenings = snw_alloc(sizeof *s->happenings);
    s->first_event = snw_alloc((s->n_blocks + 1) * sizeof *s->first_event);
    s->readout = snw_alloc(sizeof *s->readout);
    s->model = snw_alloc(sizeof *s->model);
    s->rasm = snw_alloc(SNW_AGES_60 * sizeof *s->rasm);
    s->load = snw_alloc(SNW_LOAD_BINS * sizeof *s->load);
    if (!s->blocks || !s->weight || !s->exposure || !s->u_residence || !s->luck || !s->happenings ||
        !s->first_event || !s->readout || !s->model || !s->rasm || !s->load)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for a reference population of %zu",
                        persons);
    snw_model_build(s->model, p->plan->params);
    for (size_t k = 0; k < s->n_blocks; k++) {
        struct snw_block *b = &s->blocks[k];
        b->n = persons - k * SNW_BLOCK_MAX < SNW_BLOCK_MAX ? persons - k * SNW_BLOCK_MAX
                                                           : SNW_BLOCK_MAX;
        b->sex = (enum snw_sex)s->sex;
        for (size_t i = 0; i < b->n; i++) {
            uint32_t id = (uint32_t)(2 * (k * SNW_BLOCK_MAX + i)) + (uint32_t)s->sex;
            b->person[i] = id | 0x80000000u;
            s->weight[k * SNW_BLOCK_MAX + i] = 1;
        }
        p->kernels->luck(&s->luck[0], p->plan->key, b->n, b->person, b->replicate, 0,
                         SNW_SLOT_BIRTH_FIRST, SNW_N_BIRTH_SLOTS);
        p->kernels->luck(&s->luck[1], p->plan->key, b->n, b->person, b->replicate,
                         SNW_AGE_FIRST - 1, SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
        p->kernels->birth(b, &s->model->birth[s->sex], &s->luck[0], &s->luck[1]);
    }
    return SNW_OK;
}

static snw_status run_pilot(struct snw_ctx *ctx, const struct snw_kernels *kernels,
                            const struct snw_recorder_kernels *recorders,
                            const struct snw_pilot_plan *plan, int sex,
                            struct snw_pilot_result *result)
{
    snw_status status = SNW_OK;
    struct snw_pilot_state state = {.sex = sex, .sums = snw_pilot_kernels_named(kernels->isa)};
    struct pilot *p = snw_alloc(sizeof *p);
    if (!p)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the reference pass");
    p->state = &state;
    p->plan = plan;
    p->kernels = kernels;
    p->recorders = recorders;
    p->out = result;
    memset(result->frozen.year[sex], 0, sizeof result->frozen.year[sex]);
    memset(result->error.year[sex], 0, sizeof result->error.year[sex]);
    memset(result->bins[sex], 0, sizeof result->bins[sex]);
    memset(result->economy.year[sex], 0, sizeof result->economy.year[sex]);
    memset(result->economy_error.year[sex], 0, sizeof result->economy_error.year[sex]);
    SNW_TRY(people(p, ctx));
    SNW_TRY(run_ages(p, ctx));
out:
    snw_free(state.load);
    snw_free(state.rasm);
    snw_free(state.model);
    snw_free(state.readout);
    snw_free(state.first_event);
    free(state.event);
    snw_free(state.happenings);
    snw_free(state.luck);
    snw_free(state.u_residence);
    snw_free(state.exposure);
    snw_free(state.weight);
    snw_free(state.blocks);
    snw_free(p);
    return status;
}

extern const struct snw_pilot_kernels snw_pilot_kernels_v3, snw_pilot_kernels_v4;

const struct snw_pilot_kernels *snw_pilot_kernels_named(const char *isa)
{
    static const struct snw_pilot_kernels *const all[] = {
#if SNW_N_ISAS == 3
        &snw_pilot_kernels_v4,
        &snw_pilot_kernels_v3,
#endif
        &snw_pilot_kernels_plain
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->isa, isa) == 0)
            return all[i];
    return NULL;
}

/* Target over what was met, one factor for each five years of age. */
static void scale_to_met(const struct snw_reference_year year[SNW_N_AGES],
                         double scale[3][SNW_N_AGES])
{
    enum { BAND = 5 };
    for (int g = 0; g < 3; g++)
        for (int from = 0; from < SNW_N_AGES; from += BAND) {
            int to = from + BAND < SNW_N_AGES ? from + BAND : SNW_N_AGES;
            double met = 0;
            for (int i = from; i < to; i++)
                met += year[i].fractures_met[g] / (to - from);
            for (int i = from; i < to; i++)
                scale[g][i] = 1 / met;
        }
}

snw_status snw_pilot(struct snw_ctx *ctx, const struct snw_kernels *kernels,
                     const struct snw_recorder_kernels *recorders,
                     const struct snw_pilot_plan *plan, int sex, struct snw_pilot_result *result)
{
    snw_status status = SNW_OK;
    result->frozen.hip_by_load[sex] = 0;
    if (plan->params->fractures_module[0] > 0.5) {
        /* f0 of the factor-of-risk module from a pass with the gradient module, then from one that
           lives with this f0: other people break their hips and die of it */
        struct snw_params params = *plan->params;
        struct snw_pilot_plan gradient = *plan;
        params.fractures_module[0] = 0;
        gradient.params = &params;
        gradient.no_bins = 1;
        SNW_TRY(run_pilot(ctx, kernels, recorders, &gradient, sex, result));
        SNW_TRY(run_pilot(ctx, kernels, recorders, plan, sex, result));
    }
    SNW_TRY(run_pilot(ctx, kernels, recorders, plan, sex, result));
    if (plan->second_pass) {
        struct snw_pilot_plan again = *plan;
        double scale[3][SNW_N_AGES];
        scale_to_met(result->frozen.year[sex], scale);
        again.scale = (const double(*)[SNW_N_AGES])scale;
        SNW_TRY(run_pilot(ctx, kernels, recorders, &again, sex, result));
    }
out:
    return status;
}
