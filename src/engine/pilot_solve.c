/* The equations that the reference pass solves. */
#include "core/vmath.h"
#include "engine/pilot_state.h"

/* Root of a rising function by bisection on [low, high], to 1e-12 of its width. */
struct problem {
    const struct snw_pilot_state *state;
    const struct snw_pilot_plan *plan;
    const struct moving *moving;
    double a;
};

static double bisect(double (*f)(const struct problem *, double), const struct problem *problem,
                     double low, double high)
{
    double width = high - low;
    while (high - low > 1e-12 * width) {
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            break;
        if (f(problem, middle) < 0)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

/* Sums over people in eight columns, added at the end: a fixed order that vectorises. */
static double column_sum(const double column[8])
{
    return ((column[0] + column[1]) + (column[2] + column[3])) +
           ((column[4] + column[5]) + (column[6] + column[7]));
}

/* Deaths, and their change with c, at factor c. */
static void deaths(const struct snw_pilot_state *s, double ch, double *dead, double *slope)
{
    double died[8] = {0}, change[8] = {0};
    for (size_t k = 0; k < s->n_blocks; k++) {
        const double *w = s->weight + k * SNW_BLOCK_MAX, *m = s->exposure + k * SNW_BLOCK_MAX;
        for (size_t i = 0; i < s->blocks[k].n; i++) {
            double survive = snw_exp_f64(-ch * m[i]);
            died[i % 8] += w[i] * (1 - survive);
            change[i % 8] += w[i] * m[i] * survive;
        }
    }
    *dead = column_sum(died);
    *slope = column_sum(change);
}

double snw_solve_death(const struct snw_pilot_state *s, double hazard, double q)
{
    double all[8] = {0}, exposed[8] = {0}, dead, slope;
    for (size_t k = 0; k < s->n_blocks; k++)
        for (size_t i = 0; i < s->blocks[k].n; i++) {
            all[i % 8] += s->weight[k * SNW_BLOCK_MAX + i];
            exposed[i % 8] += s->weight[k * SNW_BLOCK_MAX + i] * s->exposure[k * SNW_BLOCK_MAX + i];
        }
    double target = q * column_sum(all);
    /* 1 - exp(-x) <= x: the start is below the root, and Newton rises to it without overshoot as
       the deaths are concave in c */
    double ch = hazard * column_sum(all) / column_sum(exposed);
    for (int step = 0; step < 50; step++) {
        deaths(s, ch, &dead, &slope);
        double more = (target - dead) / slope;
        ch += more;
        if (more < 1e-12 * ch && more > -1e-12 * ch)
            break;
    }
    return ch / hazard;
}

/* People at the next birthday by what decides who lives in a nursing home. */
struct moving {
    const struct snw_year_coef *coef;
    double target, all, inside; /* inside: residents, and those expected after a hip fracture */
    double at_home[3][2];       /* the others by opening frailty and injurious fall */
};

static void count_movers(const struct snw_pilot_state *s, struct moving *m)
{
    for (size_t k = 0; k < s->n_blocks; k++) {
        const struct snw_block *b = &s->blocks[k];
        for (size_t i = 0; i < b->n; i++) {
            double w = s->weight[k * SNW_BLOCK_MAX + i];
            m->all += w;
            if (b->nursing_home[i] > 0)
                m->inside += w;
            else if (b->n_fractures[SNW_HIP][i] > 0)
                m->inside += w * (double)m->coef->home_after_hip;
            else
                m->at_home[(int)b->frailty_opening[i]][b->n_hurt_not_hip[i] > 0] += w;
        }
    }
}

/* Residents at the next birthday less the target, at hazard h0. */
static double residents(const struct problem *p, double h0)
{
    const struct moving *m = p->moving;
    const double frailty[3] = {1, (double)m->coef->home_prefrail, (double)m->coef->home_frail};
    const double injury[2] = {1, (double)m->coef->home_injury};
    double inside = m->inside;
    for (int f = 0; f < 3; f++)
        for (int h = 0; h < 2; h++)
            inside += m->at_home[f][h] * (1 - snw_exp_f64(-h0 * frailty[f] * injury[h]));
    return inside - m->target * m->all;
}

double snw_solve_home(const struct snw_pilot_state *state, const struct snw_year_coef *coef,
                      double target)
{
    struct moving moving = {.coef = coef, .target = target};
    const struct problem problem = {.moving = &moving};
    count_movers(state, &moving);
    if (target <= 0 || residents(&problem, 0) >= 0)
        return 0;
    return bisect(residents, &problem, 0, 2);
}

/* The rASM that bin i begins at: bins of .005 kg/m2. */
static double rasm_of(double bin)
{
    return bin * 0.005;
}

double snw_solve_smi(const struct snw_pilot_state *s, const struct snw_pilot_plan *plan)
{
    double bins[SNW_RASM_BINS] = {0}, all = 0, below = 0;
    for (size_t a = 0; a < SNW_AGES_60; a++)
        for (size_t i = 0; i < SNW_RASM_BINS; i++)
            for (size_t g = 0; g < 4; g++)
                bins[i] += s->rasm[a][i][g];
    for (size_t i = 0; i < SNW_RASM_BINS; i++)
        all += bins[i];
    double target = plan->params->disability_smi_low_share[s->sex] * all;
    for (size_t i = 0; i < SNW_RASM_BINS; i++) {
        if (below + bins[i] >= target && bins[i] > 0) {
            double quantile = rasm_of((double)i + (target - below) / bins[i]);
            return plan->params->disability_smi_cut_moderate[s->sex] / quantile;
        }
        below += bins[i];
    }
    return 1;
}

/* Disabled less the target share, at intercept d0; a holds the SMI factor. */
static double disabled(const struct problem *p, double d0)
{
    const struct snw_params *q = p->plan->params;
    int sex = p->state->sex, affine = q->disability_smi_map[0] > 0.5;
    double all = 0, sick = 0;
    for (size_t a = 0; a < SNW_AGES_60; a++)
        for (size_t i = 0; i < SNW_RASM_BINS; i++) {
            double rasm = rasm_of((double)i + 0.5);
            double smi = affine ? q->disability_smi_affine_intercept[sex] +
                                      q->disability_smi_affine_slope[sex] * rasm
                                : p->a * rasm;
            double logit = d0 + q->disability_per_year[0] * ((double)a + 60 - 75);
            if (smi <= q->disability_smi_cut_high[sex])
                logit += q->disability_ln_or[2 * sex + 1];
            else if (smi <= q->disability_smi_cut_moderate[sex])
                logit += q->disability_ln_or[2 * sex];
            for (size_t g = 0; g < 4; g++) {
                double w = p->state->rasm[a][i][g];
                if (w == 0)
                    continue;
                double x = logit + (g & 1 ? q->disability_hip_fracture[0] : 0) +
                           (g & 2 ? q->disability_frail[0] : 0);
                all += w;
                sick += w / (1 + snw_exp_f64(-x));
            }
        }
    return sick - q->disability_prevalence_60[sex] * all;
}

double snw_solve_disability(const struct snw_pilot_state *state, const struct snw_pilot_plan *plan,
                            double smi_factor)
{
    struct problem problem = {.state = state, .plan = plan, .a = smi_factor};
    return bisect(disabled, &problem, -20, 20);
}

/* Hip fractures after a fall at 65 and over less the target, at intercept f0. */
static double hips_by_load(const struct problem *p, double f0)
{
    double hips = 0;
    for (size_t a = 0; a < SNW_AGES_65; a++)
        for (size_t i = 0; i < SNW_LOAD_BINS; i++)
            if (p->state->load[a][i] > 0) {
                double x = ((double)i + 0.5) * 0.01 - 20;
                hips += p->state->load[a][i] / (1 + snw_exp_f64(-f0 - x));
            }
    return hips - p->a;
}

double snw_solve_load(const struct snw_pilot_state *s, const struct snw_pilot_plan *plan)
{
    struct problem problem = {.state = s, .plan = plan};
    for (int a = 65; a <= SNW_AGE_LAST; a++)
        problem.a += s->alive[a - SNW_AGE_FIRST] * snw_fall_share(plan->params, SNW_HIP, a) *
                     snw_fracture_rate(plan->params, s->sex, SNW_HIP, a + 0.5, plan->life->year);
    return bisect(hips_by_load, &problem, -30, 30);
}
