/* Runs the pilot population in lock-step by age and freezes what the model takes from it. */
#include "engine/pilot.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/vmath.h"
#include "engine/pilot_state.h"

enum { RANGE_BLOCKS = 24 };

/* Column sums over people: w x, w x^2, and w^2 x, w^2 x^2 for the error of a ratio of sums. */
struct sums {
    double wx[8], wxx[8], wwx[8], wwxx[8];
};

static double total(const double column[8])
{
    return ((column[0] + column[1]) + (column[2] + column[3])) +
           ((column[4] + column[5]) + (column[6] + column[7]));
}

static inline void add(struct sums *s, size_t i, double w, double x)
{
    s->wx[i % 8] += w * x;
    s->wxx[i % 8] += w * x * x;
    s->wwx[i % 8] += w * w * x;
    s->wwxx[i % 8] += w * w * x * x;
}

/* Relative standard error of the weighted mean sum(w x) / sum(w). */
static double relative_error(const struct sums *x, double w, double ww)
{
    double mean = total(x->wx) / w;
    double spread = total(x->wwxx) - 2 * mean * total(x->wwx) + mean * mean * ww;
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
    struct sums sums[SNW_N_SCORES];
    double w_sum[8] = {0}, ww_sum[8] = {0};
    memset(sums, 0, sizeof sums);
    for (size_t k = 0; k < s->n_blocks; k++) {
        struct snw_block *b = &s->blocks[k];
        const double *w = s->weight + k * SNW_BLOCK_MAX;
        b->age = age;
        snw_run_phase(p->kernels, SNW_LOOK, b, &s->model->year[s->sex][i_age], s->luck);
        const snw_real *score[SNW_N_SCORES] = {b->grip_ln, b->gait_m_s, b->abmd_neck_ln,
                                               b->abmd_spine_ln, b->igfbp2_ln};
        for (size_t i = 0; i < b->n; i++) {
            w_sum[i % 8] += w[i];
            ww_sum[i % 8] += w[i] * w[i];
        }
        for (int z = 0; z < SNW_N_SCORES; z++)
            for (size_t i = 0; i < b->n; i++)
                add(&sums[z], i, w[i], (double)score[z][i]);
    }
    p->w = total(w_sum);
    p->ww = total(ww_sum);
    s->alive[i_age] = p->w;
    for (int z = 0; z < SNW_N_SCORES; z++) {
        r->mean[z] = total(sums[z].wx) / p->w;
        r->sd[z] = snw_sqrt_f64(total(sums[z].wxx) / p->w - r->mean[z] * r->mean[z]);
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

/* Fall rates, then fracture risks, on target. */
static void risks(struct pilot *p, int age)
{
    struct snw_pilot_state *s = p->state;
    int i_age = age - SNW_AGE_FIRST;
    const struct snw_year_coef *c = &s->model->year[s->sex][i_age];
    struct snw_reference_year *r = &p->out->frozen.year[s->sex][i_age];
    struct snw_reference_year *e = &p->out->error.year[s->sex][i_age];
    struct sums falls, hip[2], spine[2], other[2];
    memset(&falls, 0, sizeof falls);
    memset(hip, 0, sizeof hip);
    memset(spine, 0, sizeof spine);
    memset(other, 0, sizeof other);
    for (size_t k = 0; k < s->n_blocks; k++) {
        struct snw_block *b = &s->blocks[k];
        const double *w = s->weight + k * SNW_BLOCK_MAX;
        snw_run_phase(p->kernels, SNW_SCORE, b, c, s->luck);
        /* the whole RISK phase: only what does not depend on luck is read here */
        snw_run_phase(p->kernels, SNW_RISK, b, c, s->luck);
        for (size_t i = 0; i < b->n; i++) {
            double rate = snw_exp_f64((double)b->log_fall_risk[i]);
            add(&falls, i, w[i], rate);
            add(&hip[0], i, w[i], rate * (double)b->break_hip[i]);
            add(&spine[0], i, w[i], rate * (double)b->break_spine[i]);
            add(&other[0], i, w[i], rate * (double)b->break_other[i]);
            add(&hip[1], i, w[i], (double)b->trauma_hip[i]);
            add(&spine[1], i, w[i], (double)b->trauma_spine[i]);
            add(&other[1], i, w[i], (double)b->trauma_other[i]);
        }
    }
    p->fall_mean[i_age] = total(falls.wx) / p->w;
    r->fall_rate = snw_fall_target(p->plan->params, s->sex, age + 0.5) / p->fall_mean[i_age];
    e->fall_rate = relative_error(&falls, p->w, p->ww);
    for (int site = 0; site < SNW_N_SITE; site++) {
        const struct sums *x = site == SNW_HIP ? hip : site == SNW_VERTEBRAL ? spine : other;
        p->per_fall_mean[site][i_age] = total(x[0].wx) / p->w;
        p->per_year_mean[site][i_age] = total(x[1].wx) / p->w;
        r->per_fall[site] =
            target_per_fall(p, site, age) / (r->fall_rate * p->per_fall_mean[site][i_age]);
        r->per_year[site] = target_per_year(p, site, age) / p->per_year_mean[site][i_age];
        e->per_fall[site] = relative_error(&x[0], p->w, p->ww);
        e->per_year[site] = relative_error(&x[1], p->w, p->ww);
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
    for (size_t i = 0; i < b->n && age >= 60; i++) {
        double ratio = (double)b->height_peak_cm[i] / (double)b->height_cm[i];
        double rasm = snw_exp_f64((double)b->index_ln[i]) * ratio * ratio;
        size_t bin = (size_t)(rasm * 200);
        unsigned group = (b->hip_age_yr[i] > 0 ? 1u : 0u) | (b->frailty[i] > SNW_R(1.5) ? 2u : 0u);
        bin = bin < SNW_RASM_BINS ? bin : SNW_RASM_BINS - 1;
        s->rasm[age - 60][bin][group] += w[i] * people;
    }
    for (size_t i = 0; i < b->n && age >= 65; i++) {
        double height_m = (double)b->height_cm[i] * 0.01, bmi = (double)b->bmi_kg_m2[i];
        double tissue = (double)c->tissue_base + (double)c->tissue_slope * (bmi - 25);
        double bare =
            snw_sqrt_f64(2 * 9.81 * 0.51 * 71000 * 0.5 * height_m * bmi * height_m * height_m);
        tissue = tissue < 5 ? 5 : tissue > 100 ? 100 : tissue;
        double load = bare - 71 * tissue > 0.2 * bare ? bare - 71 * tissue : 0.2 * bare;
        double x = q->fractures_per_load_ratio[0] *
                       (snw_log_f64(load) - snw_log_f64((double)c->femur_n) -
                        (double)c->femur_exponent * (double)b->abmd_neck_ln[i]) -
                   q->fractures_per_weakness[0] * (double)b->strength_z[i];
        double bin = (x + 20) * 100;
        bin = bin < 0 ? 0 : bin > SNW_LOAD_BINS - 1 ? SNW_LOAD_BINS - 1 : bin;
        double rate = (double)c->fall_rate_ln + (double)b->log_fall_risk[i];
        s->load[age - 65][(size_t)bin] += w[i] * snw_exp_f64(rate);
    }
}

/* Bins over what lies between two 16-bit values, both included. */
static struct snw_bins bins_over(double low, double high)
{
    double from = low < 0 ? 0 : low, to = high > SNW_FILL - 1 ? SNW_FILL - 1 : high;
    double scale = 65536.0 * SNW_BINS / (to - from + 1);
    return (struct snw_bins){(uint16_t)from, (uint16_t)(scale > 65535 ? 65535 : scale)};
}

/* The range of each outcome at this age, from the first blocks and a bit more: bins of its
   histogram. */
static void ranges(struct pilot *p, int age)
{
    struct snw_pilot_state *s = p->state;
    const struct snw_year_coef *c = &s->model->year[s->sex][age - SNW_AGE_FIRST];
    uint16_t low[SNW_N_STATES], high[SNW_N_STATES] = {0};
    memset(low, 0xff, sizeof low);
    for (size_t k = 0; k < s->n_blocks && k < RANGE_BLOCKS; k++) {
        p->recorders->state(s->readout, &s->blocks[k], c, NULL);
        for (size_t m = 0; m < SNW_N_STATES; m++)
            for (size_t i = 0; i < s->blocks[k].n; i++) {
                uint16_t q = s->readout->q[m][i];
                low[m] = q < low[m] ? q : low[m];
                high[m] = q > high[m] && q != SNW_FILL ? q : high[m];
            }
    }
    for (size_t m = 0; m < SNW_N_STATES; m++) {
        double more = high[m] > low[m] ? (high[m] - low[m]) / 16.0 : 1;
        p->out->bins[s->sex][age - SNW_AGE_FIRST][m] = bins_over(low[m] - more, high[m] + more);
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
        size_t lane, from = k * SNW_BLOCK_MAX;
        keep_old(p, age, k);
        kernels->luck(s->luck, p->plan->key, b->n, b->person, b->replicate, (uint32_t)age,
                      SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
        snw_run_phase(kernels, SNW_RISK, b, c, s->luck);
        kernels->happen(b, c, s->luck, p->plan->key, 1, s->happenings);
        if (s->happenings->overflow)
            return snw_fail(ctx, SNW_ERR_RUN, "reference pass: too many events in one year at %d",
                            age);
        for (size_t i = 0; i < b->n; i++) {
            s->exposure[from + i] = (double)b->death_exposure_yr[i];
            s->u_residence[from + i] = SNW_YEAR_LUCK(s->luck, residence)[i];
        }
        if (snw_pilot_keep_events(s, k) != SNW_OK)
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the events of the reference pass");
        snw_run_process(kernels, "frailty_change", b, c, s->luck);
        snw_run_phase(kernels, SNW_ADVANCE, b, c, s->luck);
        const char *fault = snw_block_fault(b, &lane);
        if (fault)
            return snw_fail(ctx, SNW_ERR_MODEL, "reference pass: %s is not a number at age %d",
                            fault, age);
    }
    return SNW_OK;
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
    struct sums exposure;
    memset(&exposure, 0, sizeof exposure);
    r->death = snw_solve_death(s, hazard, q);
    snw_pilot_expect(s, p->plan, age, r->death * hazard, p->out);
    for (size_t k = 0; k < s->n_blocks; k++)
        for (size_t i = 0; i < s->blocks[k].n; i++) {
            size_t at = k * SNW_BLOCK_MAX + i;
            add(&exposure, i, s->weight[at], s->exposure[at]);
            s->weight[at] *= snw_exp_f64(-r->death * hazard * s->exposure[at]);
        }
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
    const struct snw_measure_info *from = &snw_measure_table[SNW_M_relative_asm_kg_m2];
    const struct snw_measure_info *to = &snw_measure_table[SNW_M_smi_bia_kg_m2];
    int sex = p->state->sex;
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
        freeze(p, age);
        const struct snw_year_coef *c = &p->state->model->year[sex][age - SNW_AGE_FIRST];
        struct snw_bins *bins = p->out->bins[sex][age - SNW_AGE_FIRST];
        struct snw_bins rasm = bins[SNW_M_relative_asm_kg_m2];
        double ratio = (double)c->smi_slope * from->scale / to->scale;
        double low = rasm.low * ratio + (double)c->smi_intercept / to->scale;
        bins[SNW_M_smi_bia_kg_m2] = bins_over(low, low + 65536.0 * SNW_BINS / rasm.scale * ratio);
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
        ranges(p, age);
        SNW_TRY(happen(p, ctx, age));
        settle(p, age);
    }
    struct snw_reference *frozen = &p->out->frozen;
    int sex = p->state->sex;
    frozen->smi_factor[sex] = snw_solve_smi(p->state, p->plan);
    frozen->disability[sex] = snw_solve_disability(p->state, p->plan, frozen->smi_factor[sex]);
    frozen->hip_by_load[sex] = snw_solve_load(p->state, p->plan);
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
    s->load = snw_alloc(SNW_AGES_65 * sizeof *s->load);
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
    struct snw_pilot_state state = {.sex = sex};
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
