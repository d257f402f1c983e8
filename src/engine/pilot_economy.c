/* What a person-year of the reference population costs and is worth: reference.md, section on
   costs. */
#include <stdlib.h>
#include <string.h>

#include "core/vmath.h"
#include "economics/lane_year.h"
#include "engine/pilot_state.h"

enum { RAW, EVENT, FRAIL, N_MEANS, AT_65 = 65 - SNW_AGE_FIRST };

snw_status snw_pilot_keep_events(struct snw_pilot_state *s, size_t k)
{
    size_t from = k ? s->first_event[k] : 0, n = s->happenings->n;
    if (from + n > s->event_room) {
        size_t room = 2 * (from + n);
        struct snw_happening *more = realloc(s->event, room * sizeof *more);
        if (!more)
            return SNW_ERR_MEMORY;
        s->event = more;
        s->event_room = room;
    }
    if (n)
        memcpy(s->event + from, s->happenings->event, n * sizeof *s->event);
    s->first_event[k] = from;
    s->first_event[k + 1] = from + n;
    return SNW_OK;
}

/* Means over people, each weighted by v = w A: the chance to be alive at the birthday times the
   part of the year then expected to be lived. */
struct means {
    double v, vv, vx[N_MEANS], vvx[N_MEANS], vvxx[N_MEANS];
};

static void add(struct means *m, double v, double vv, const double x[N_MEANS])
{
    m->v += v;
    m->vv += vv;
    for (int q = 0; q < N_MEANS; q++) {
        m->vx[q] += v * x[q];
        m->vvx[q] += vv * x[q];
        m->vvxx[q] += vv * x[q] * x[q];
    }
}

/* Standard error of mean q, a ratio of sums. */
static double error_of(const struct means *m, int q)
{
    double mean = m->vx[q] / m->v;
    double spread = m->vvxx[q] - 2 * mean * m->vvx[q] + mean * mean * m->vv;
    return spread > 0 ? snw_sqrt_f64(spread) / m->v : 0;
}

/* Mean time lived of a stretch with hazard x in all, as a share of it. */
static double lived_share(double x)
{
    return x > 1e-6 ? (1 - snw_exp_f64(-x)) / x : 1 - 0.5 * x;
}

/* Time of the last fracture of a group up to t. */
static double latest(const struct snw_lane_year *y, int group, double t)
{
    double last = y->fracture[group];
    for (unsigned k = 0; k < y->n && y->cut[k].time <= t; k++)
        if (y->cut[k].kind == group)
            last = y->cut[k].time;
    return last;
}

/* Hazard of death relative to one without fractures (mortality.md). */
static double fracture_ratio(const struct snw_lane_year *y, const struct snw_year_coef *c, double t)
{
    double hip = t - latest(y, SNW_GROUP_HIP, t), spine = t - latest(y, SNW_GROUP_VERTEBRAL, t);
    double ratio = spine < 5 ? (double)c->vertebral_rr : 1;
    if (hip < 500)
        ratio *= (double)(hip < 0.5 ? c->hip_early : c->hip_late);
    return ratio;
}

/* Cuts where the hazard of death falls, half a year after each hip fracture; the five years of a
   vertebral fracture end with its cost. */
static void cut_hazard(struct snw_lane_year *y)
{
    double hip[SNW_LANE_CUTS];
    unsigned n = 0;
    for (unsigned k = 0; k < y->n; k++)
        if (y->cut[k].kind == SNW_GROUP_HIP)
            hip[n++] = y->cut[k].time;
    snw_lane_cut(y, y->fracture[SNW_GROUP_HIP] + 0.5, SNW_CUT_OTHER);
    for (unsigned k = 0; k < n; k++)
        snw_lane_cut(y, hip[k] + 0.5, SNW_CUT_OTHER);
}

/* One person in whom something changes. @param[in] hazard of death without fractures.
   @return the time expected to be lived; means over it in x. */
static double expect_lane(struct snw_lane_year *y, const struct snw_year_coef *c,
                          const struct snw_economy_year *e, double hazard, double x[N_MEANS])
{
    double from = 0, alive = 1, lived = 0;
    x[RAW] = x[EVENT] = 0;
    for (unsigned k = 0; k <= y->n; k++) {
        double to = k < y->n ? y->cut[k].time : 1;
        double risk = hazard * fracture_ratio(y, c, 0.5 * (from + to)) * (to - from);
        double time = alive * (to - from) * lived_share(risk);
        lived += time;
        x[RAW] += time * snw_lane_raw(y, e);
        x[EVENT] += time * (y->rate[0] + y->rate[1] + y->rate[2] + y->home_rate);
        alive *= snw_exp_f64(-risk);
        if (k == y->n)
            break;
        x[EVENT] += y->cut[k].kind == SNW_CUT_INJURY ? alive * e->injury : 0;
        snw_lane_pass(y, e, y->cut[k]);
        from = to;
    }
    x[RAW] /= lived;
    x[EVENT] /= lived;
    x[FRAIL] = y->frail ? e->frail : 0;
    return lived;
}

/* Which of the states that last all year a lane is in, as the bits of snw_lane_year_steady; -1
   where something changes. */
static int steady_state(const struct snw_lane_year *y, snw_real sarcopenic)
{
    int state = (y->resident ? 8 : 0) | (y->frail ? 16 : 0) | (sarcopenic > SNW_R(0.5) ? 32 : 0);
    if (y->n > 0 || y->hurt_until > 0)
        return -1;
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        if (y->years[g] >= 0)
            return -1;
        state |= y->fracture[g] > -500 ? 1 << g : 0;
    }
    return state;
}

/* All people of a steady state at once. */
static void add_steady(struct means *m, const struct snw_economy_year *e, int state, double v,
                       double vv)
{
    struct snw_lane_year y;
    snw_lane_year_steady(state, e, &y);
    add(m, v, vv, (double[N_MEANS]){snw_lane_raw(&y, e), y.home_rate, y.frail ? e->frail : 0});
}

/* The sums of one age: means, the people of each steady state, and the fractures expected in the
   time that is expected to be lived. */
struct expectation {
    const struct snw_year_coef *coef;
    const struct snw_economy_year *economy;
    double hazard; /* of death, c H */
    struct means means;
    double v[SNW_STEADY_STATES], vv[SNW_STEADY_STATES];
    double fractures[SNW_N_GROUPS];
};

/* Fractures a year of each group that a lane's risks come to. */
static void add_fractures(struct expectation *x, const struct snw_block *b, size_t lane, double v)
{
    const snw_real *per_fall = x->coef->per_fall, *per_year = x->coef->per_year;
    double falls = v * (double)b->fall_rate[lane];
    double fall[SNW_N_GROUPS] = {(double)per_fall[SNW_HIP], (double)per_fall[SNW_VERTEBRAL], 0};
    double year[SNW_N_GROUPS] = {(double)per_year[SNW_HIP], (double)per_year[SNW_VERTEBRAL], 0};
    for (int site = SNW_FOREARM; site < SNW_N_SITE; site++) {
        fall[SNW_GROUP_NHNV] += (double)per_fall[site];
        year[SNW_GROUP_NHNV] += (double)per_year[site];
    }
    x->fractures[SNW_GROUP_HIP] += falls * fall[SNW_GROUP_HIP] * (double)b->break_hip[lane] +
                                   v * year[SNW_GROUP_HIP] * (double)b->trauma_hip[lane];
    x->fractures[SNW_GROUP_VERTEBRAL] +=
        falls * fall[SNW_GROUP_VERTEBRAL] * (double)b->break_spine[lane] +
        v * year[SNW_GROUP_VERTEBRAL] * (double)b->trauma_spine[lane];
    x->fractures[SNW_GROUP_NHNV] += falls * fall[SNW_GROUP_NHNV] * (double)b->break_other[lane] +
                                    v * year[SNW_GROUP_NHNV] * (double)b->trauma_other[lane];
}

/* Adds the people of block k; those in steady states to v and vv of their state. */
static void expect_block(struct snw_pilot_state *s, size_t k, struct expectation *x)
{
    struct snw_block *b = &s->blocks[k];
    struct snw_lane_year y;
    size_t event = s->first_event[k], end = s->first_event[k + 1];
    for (size_t i = 0; i < b->n; i++) {
        double v = s->weight[k * SNW_BLOCK_MAX + i], mean[N_MEANS];
        snw_lane_year_open(b, i, b->frailty_opening, x->economy, &y);
        for (; event < end && s->event[event].lane == i; event++)
            snw_lane_year_add(&s->event[event], x->economy, &y);
        int state = steady_state(&y, b->sarcopenic[i]);
        if (state < 0) {
            cut_hazard(&y);
            v *= expect_lane(&y, x->coef, x->economy, x->hazard * (double)b->death_risk[i], mean);
            add(&x->means, v, v * v, mean);
        } else {
            v *= lived_share(x->hazard * s->exposure[k * SNW_BLOCK_MAX + i]);
            x->v[state] += v;
            x->vv[state] += v * v;
        }
        add_fractures(x, b, i, v);
    }
    snw_clocks_move(b, s->event + s->first_event[k], end - s->first_event[k]);
}

/* Fractures of each group per year lived, over those of the tables. */
static void compare_fractures(const struct snw_pilot_plan *plan, int sex, int age,
                              const struct expectation *x, double met[SNW_N_GROUPS])
{
    double target[SNW_N_GROUPS] = {0};
    for (int site = 0; site < SNW_N_SITE; site++)
        target[snw_group_of(site)] +=
            snw_fracture_rate(plan->params, sex, site, age + 0.5, plan->life->year);
    for (int g = 0; g < SNW_N_GROUPS; g++)
        met[g] = x->fractures[g] / x->means.v / target[g];
}

void snw_pilot_expect(struct snw_pilot_state *s, const struct snw_pilot_plan *plan, int age,
                      double hazard, struct snw_pilot_result *result)
{
    size_t i_age = (size_t)(age - SNW_AGE_FIRST);
    struct expectation x = {.coef = &s->model->year[s->sex][i_age],
                            .economy = &plan->economy->year[s->sex][i_age],
                            .hazard = hazard};
    struct snw_economy_reference_year *error = &result->economy_error.year[s->sex][i_age];
    const struct means *m = &x.means;
    for (size_t k = 0; k < s->n_blocks; k++)
        expect_block(s, k, &x);
    for (int state = 0; state < SNW_STEADY_STATES; state++)
        add_steady(&x.means, x.economy, state, x.v[state], x.vv[state]);
    s->mean_raw[i_age] = m->vx[RAW] / m->v;
    s->modelled[SNW_LEDGER_EVENT][i_age] = m->vx[EVENT] / m->v;
    s->modelled[SNW_LEDGER_FRAILTY][i_age] = m->vx[FRAIL] / m->v;
    error->utility_factor = error_of(m, RAW) / s->mean_raw[i_age];
    error->modelled[SNW_LEDGER_EVENT] = error_of(m, EVENT);
    error->modelled[SNW_LEDGER_FRAILTY] = error_of(m, FRAIL);
    memcpy(error->background, error->modelled, sizeof error->background);
    compare_fractures(plan, s->sex, age, &x, result->frozen.year[s->sex][i_age].fractures_met);
}

void snw_pilot_balance(struct snw_pilot_state *s, const struct snw_pilot_plan *plan,
                       struct snw_pilot_result *result)
{
    /* nobody has broken a bone before 20: the first years, in which that builds up, are no curve to
       be smoothed; costs by age at fracture step at 65 */
    enum { FROM = SNW_COST_YEARS, N = SNW_N_AGES - FROM };
    const struct snw_economy_year *year = plan->economy->year[s->sex];
    double left[SNW_N_AGES]; /* of the norm by conditions: 1/n */
    for (int i = 0; i < SNW_N_AGES; i++)
        left[i] = s->mean_raw[i] / year[i].norm;
    if (plan->smoothing) {
        snw_smooth_ln(left + FROM, N, 0);
        snw_smooth_ln(s->modelled[SNW_LEDGER_EVENT] + FROM, N, AT_65 - FROM);
        snw_smooth_ln(s->modelled[SNW_LEDGER_FRAILTY] + FROM, N, AT_65 - FROM);
    }
    for (int i = 0; i < SNW_N_AGES; i++) {
        struct snw_economy_reference_year *r = &result->economy.year[s->sex][i];
        for (int l = 0; l < SNW_N_LEDGERS; l++)
            r->modelled[l] = s->modelled[l][i];
        snw_economy_balance(&year[i], left[i] * year[i].norm, r);
    }
}
