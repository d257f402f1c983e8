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

/* Adds the people of block k; those in steady states to v and vv of their state. */
static void expect_block(struct snw_pilot_state *s, size_t k, const struct snw_year_coef *c,
                         const struct snw_economy_year *e, double hazard, struct means *m,
                         double v[SNW_STEADY_STATES], double vv[SNW_STEADY_STATES])
{
    struct snw_block *b = &s->blocks[k];
    struct snw_lane_year y;
    size_t event = s->first_event[k], end = s->first_event[k + 1];
    for (size_t i = 0; i < b->n; i++) {
        double w = s->weight[k * SNW_BLOCK_MAX + i], x[N_MEANS];
        snw_lane_year_open(b, i, b->frailty_opening, e, &y);
        for (; event < end && s->event[event].lane == i; event++)
            snw_lane_year_add(&s->event[event], e, &y);
        int state = steady_state(&y, b->sarcopenic[i]);
        if (state < 0) {
            cut_hazard(&y);
            w *= expect_lane(&y, c, e, hazard * (double)b->death_risk[i], x);
            add(m, w, w * w, x);
            continue;
        }
        w *= lived_share(hazard * s->exposure[k * SNW_BLOCK_MAX + i]);
        v[state] += w;
        vv[state] += w * w;
    }
    snw_clocks_move(b, s->event + s->first_event[k], end - s->first_event[k]);
}

void snw_pilot_expect(struct snw_pilot_state *s, const struct snw_pilot_plan *plan, int age,
                      double hazard, struct snw_pilot_result *result)
{
    size_t i_age = (size_t)(age - SNW_AGE_FIRST);
    const struct snw_economy_year *e = &plan->economy->year[s->sex][i_age];
    const struct snw_year_coef *c = &s->model->year[s->sex][i_age];
    struct snw_economy_reference_year *error = &result->economy_error.year[s->sex][i_age];
    double v[SNW_STEADY_STATES] = {0}, vv[SNW_STEADY_STATES] = {0};
    struct means m = {0};
    for (size_t k = 0; k < s->n_blocks; k++)
        expect_block(s, k, c, e, hazard, &m, v, vv);
    for (int state = 0; state < SNW_STEADY_STATES; state++)
        add_steady(&m, e, state, v[state], vv[state]);
    s->mean_raw[i_age] = m.vx[RAW] / m.v;
    s->modelled[SNW_LEDGER_EVENT][i_age] = m.vx[EVENT] / m.v;
    s->modelled[SNW_LEDGER_FRAILTY][i_age] = m.vx[FRAIL] / m.v;
    error->utility_factor = error_of(&m, RAW) / s->mean_raw[i_age];
    error->modelled[SNW_LEDGER_EVENT] = error_of(&m, EVENT);
    error->modelled[SNW_LEDGER_FRAILTY] = error_of(&m, FRAIL);
    memcpy(error->background, error->modelled, sizeof error->background);
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
