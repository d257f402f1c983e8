/* The equations that the reference pass solves. */
#include "core/vmath.h"
#include "engine/pilot_state.h"

/* Root of a rising function by bisection on [low, high], to 1e-12 of its width. */
struct problem {
    const struct snw_pilot_state *state;
    const struct snw_pilot_plan *plan;
    const struct moving *moving;
    const double *class; /* weights of people who are alike */
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

/* Deaths, and their change with c, at factor c. */
static void deaths(const struct snw_pilot_state *s, double ch, double *dead, double *slope)
{
    double died[SNW_COLUMNS] = {0}, change[SNW_COLUMNS] = {0};
    for (size_t k = 0; k < s->n_blocks; k++)
        s->sums->deaths(s->weight + k * SNW_BLOCK_MAX, s->exposure + k * SNW_BLOCK_MAX, ch,
                        s->blocks[k].n, died, change);
    *dead = snw_column_sum(died);
    *slope = snw_column_sum(change);
}

double snw_solve_death(const struct snw_pilot_state *s, double hazard, double q)
{
    double all[SNW_COLUMNS] = {0}, exposed[SNW_COLUMNS] = {0}, dead, slope;
    if (!(hazard > 0)) /* nobody dies, whatever the factor */
        return 1;
    for (size_t k = 0; k < s->n_blocks; k++)
        for (size_t i = 0; i < s->blocks[k].n; i++) {
            size_t at = k * SNW_BLOCK_MAX + i;
            all[i % SNW_COLUMNS] += s->weight[at];
            exposed[i % SNW_COLUMNS] += s->weight[at] * s->exposure[at];
        }
    double target = q * snw_column_sum(all);
    /* 1 - exp(-x) <= x: the start is below the root, and Newton rises to it without overshoot as
       the deaths are concave in c */
    double ch = hazard * snw_column_sum(all) / snw_column_sum(exposed);
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

/* People at 60 and over by age, risk class of their SMI, and hip fracture and frailty as in rasm.
 */
enum { SMI_CLASSES = 3 };

static void classify_smi(const struct snw_pilot_state *s, const struct snw_params *q,
                         double smi_factor, double class[SNW_AGES_60 * SMI_CLASSES * 4])
{
    int sex = s->sex, affine = q->disability_smi_map[0] > 0.5;
    for (size_t a = 0; a < SNW_AGES_60; a++)
        for (size_t i = 0; i < SNW_RASM_BINS; i++) {
            double rasm = rasm_of((double)i + 0.5);
            double smi = affine ? q->disability_smi_affine_intercept[sex] +
                                      q->disability_smi_affine_slope[sex] * rasm
                                : smi_factor * rasm;
            size_t at = smi <= q->disability_smi_cut_high[sex]       ? 2
                        : smi <= q->disability_smi_cut_moderate[sex] ? 1
                                                                     : 0;
            for (size_t g = 0; g < 4; g++)
                class[(a * SMI_CLASSES + at) * 4 + g] += s->rasm[a][i][g];
        }
}

/* Disabled less the target share, at intercept d0. */
static double disabled(const struct problem *p, double d0)
{
    const struct snw_params *q = p->plan->params;
    int sex = p->state->sex;
    const double *risk = q->disability_ln_or + 2 * sex;
    double all = 0, sick = 0;
    for (size_t a = 0; a < SNW_AGES_60; a++)
        for (size_t at = 0; at < SMI_CLASSES; at++)
            for (size_t g = 0; g < 4; g++) {
                double w = p->class[(a * SMI_CLASSES + at) * 4 + g];
                double x = d0 + q->disability_per_year[0] * ((double)a + 60 - 75) +
                           (at ? risk[at - 1] : 0) + (g & 1 ? q->disability_hip_fracture[0] : 0) +
                           (g & 2 ? q->disability_frail[0] : 0);
                all += w;
                sick += w / (1 + snw_exp_f64(-x));
            }
    return sick - q->disability_prevalence_60[sex] * all;
}

double snw_solve_disability(const struct snw_pilot_state *state, const struct snw_pilot_plan *plan,
                            double smi_factor)
{
    double class[SNW_AGES_60 * SMI_CLASSES * 4] = {0};
    struct problem problem = {.state = state, .plan = plan, .class = class};
    classify_smi(state, plan->params, smi_factor, class);
    return bisect(disabled, &problem, -20, 20);
}

/* Hip fractures after a fall at 65 and over less the target, at intercept f0. */
static double hips_by_load(const struct problem *p, double f0)
{
    double hips = 0;
    for (size_t i = 0; i < SNW_LOAD_BINS; i++)
        if (p->state->load[i] > 0) {
            double x = ((double)i + 0.5) * 0.01 - 20;
            hips += p->state->load[i] / (1 + snw_exp_f64(-f0 - x));
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
