/* What happens to a person of the scalar life in a year: falls, fractures, death, frailty, nursing
   homes. Part of scalar_life.c. */
#ifndef SNW_TESTS_BENCH_SCALAR_YEAR_H
#define SNW_TESTS_BENCH_SCALAR_YEAR_H

#include "bench/scalar_person.h"

static double ln_proneness(const struct snw_scalar_work *w, double x)
{
    double at = (clip(-6.6, 6.6, x) + 6.6) * (SNW_SCALAR_PRONE_STEPS / 13.2);
    int k = (int)at;
    return w->ln_proneness[k] + (at - k) * (w->ln_proneness[k + 1] - w->ln_proneness[k]);
}

static unsigned draw_poisson(struct snw_scalar_work *w, double mean)
{
    COUNT(poisson);
#ifdef SNW_COUNT_CALLS
    w->calls.rate += mean;
#endif
    return gsl_ran_poisson(w->rng, mean);
}

/* Which site, or SNW_N_SITE for none, given chances or weights and a uniform number. */
static int which_site(const double per[SNW_N_SITE], const double relative[3], double scale,
                      double u)
{
    double cumulated = 0;
    for (int site = 0; site < SNW_N_SITE; site++) {
        cumulated += scale * per[site] * relative[site < 2 ? site : 2];
        if (u < cumulated)
            return site;
    }
    return SNW_N_SITE;
}

static void fall(struct snw_scalar_work *w, const struct person *p, const struct snw_scalar_year *y,
                 const struct seen *s, struct year *year)
{
    const struct snw_year_coef *c = &y->c;
    double proneness = ln_proneness(w, p->fall_prone);
    double rate = EXP(c->fall_rate_ln + proneness - c->fall_per_weakness * s->strength_z +
                      (p->frailty == 2 ? c->fall_frail : 0) + c->fall_home * p->resident +
                      c->fall_per_igfbp2 * s->igfbp2_z + p->fall_rate_treated);
    COUNT(gamma);
    unsigned n = draw_poisson(w, rate * gsl_ran_gamma(w->rng, w->gamma_shape, w->gamma_scale));
    if (n == 0)
        return;
    n = n > SNW_FALLS_MAX ? SNW_FALLS_MAX : n;
    double base = p->log_prior_risk - c->mild_falls * proneness;
    const double relative[3] = {EXP(base - c->grad_hip * s->neck_z),
                                EXP(base - c->grad_spine * s->spine_z),
                                EXP(base - c->grad_other * s->neck_z)};
    double sum = c->per_fall[SNW_HIP] * relative[0] + c->per_fall[SNW_VERTEBRAL] * relative[1] +
                 y->other_per_fall * relative[2];
    double scale = sum > 0.95 ? 0.95 / sum : 1;
    for (unsigned j = 0; j < n; j++) {
        struct event *e = &year->event[year->n++];
        e->time = UNIFORM();
        double u = UNIFORM();
        e->what = u < sum ? which_site(c->per_fall, relative, scale, u) : HARMLESS;
        if (e->what == HARMLESS && UNIFORM() < y->p_injury)
            e->what = INJURY;
        e->fell = true;
        e->reported = UNIFORM() < (e->what == HARMLESS ? c->p_report_harmless : c->p_report_injury);
        year->hips += e->what == SNW_HIP;
        year->vertebrae += e->what == SNW_VERTEBRAL;
    }
}

static void break_without_fall(struct snw_scalar_work *w, const struct person *p,
                               const struct snw_scalar_year *y, const struct seen *s,
                               struct year *year)
{
    const struct snw_year_coef *c = &y->c;
    const double relative[3] = {EXP(p->log_prior_risk - c->trauma_hip * s->neck_z),
                                EXP(p->log_prior_risk - c->trauma_spine * s->spine_z),
                                EXP(p->log_prior_risk - c->trauma_other * s->neck_z)};
    double hazard = c->per_year[SNW_HIP] * relative[0] + c->per_year[SNW_VERTEBRAL] * relative[1] +
                    y->other_per_year * relative[2];
    unsigned n = draw_poisson(w, hazard);
    n = n > SNW_NON_FALL_MAX ? SNW_NON_FALL_MAX : n;
    for (unsigned j = 0; j < n; j++) {
        struct event *e = &year->event[year->n++];
        e->time = UNIFORM();
        e->what = which_site(c->per_year, relative, 1, hazard * UNIFORM());
        e->what = e->what < SNW_N_SITE ? e->what : SNW_OTHER;
        e->fell = e->reported = false;
        year->hips += e->what == SNW_HIP;
        year->vertebrae += e->what == SNW_VERTEBRAL;
    }
}

/* Hazard ratio of hip and vertebral fractures at time t of the year: the latest counts. */
static double fracture_ratio(const struct person *p, const struct snw_year_coef *c,
                             const struct year *year, double t)
{
    double hip = p->hip_age - c->age, spine = p->vertebral_age - c->age;
    for (int j = 0; j < year->n && year->hips + year->vertebrae > 0; j++) {
        const struct event *e = &year->event[j];
        if (e->time <= t && e->what == SNW_HIP)
            hip = fmax(hip, e->time);
        if (e->time <= t && e->what == SNW_VERTEBRAL)
            spine = fmax(spine, e->time);
    }
    double ratio = hip < -500 ? 1 : t - hip < 0.5 ? c->hip_early : c->hip_late;
    return t - spine < 5 ? ratio * c->vertebral_rr : ratio;
}

static int insert(double *at, int n, double t)
{
    if (t <= 0 || t >= 1)
        return n;
    int k = n;
    for (; k > 0 && at[k - 1] > t; k--)
        at[k] = at[k - 1];
    at[k] = t;
    return n + 1;
}

/* Where the hazard is one all year, one comparison decides for nearly all: 1 - exp(-h) < h. */
static void live_or_die(struct snw_scalar_work *w, const struct person *p,
                        const struct snw_scalar_year *y, const struct seen *s, struct year *year)
{
    const struct snw_year_coef *c = &y->c;
    double since_hip = c->age - p->hip_age, since_spine = c->age - p->vertebral_age;
    double u = UNIFORM();
    double hazard = c->death_hazard *
                    EXP(c->death_per_igfbp2 * s->igfbp2_z - c->death_per_weakness * s->strength_z +
                        (p->frailty == 2 ? c->death_frail : 0));
    year->lived = 1;
    if (year->hips + year->vertebrae == 0 && since_hip >= 0.5 &&
        (since_spine <= 4 || since_spine >= 5)) {
        hazard *= fracture_ratio(p, c, year, 0);
        if (u < hazard) {
            double threshold = -LOG1P(-u);
            year->lived = threshold < hazard ? threshold / hazard : 1;
        }
        return;
    }
    double at[2 * EVENTS_MAX + 4], threshold = -LOG1P(-u), from = 0, exposure = 0;
    int n = insert(at, 0, 0.5 - since_hip);
    n = insert(at, n, 5 - since_spine);
    for (int j = 0; j < year->n; j++)
        if (year->event[j].what <= SNW_VERTEBRAL) {
            n = insert(at, n, year->event[j].time);
            n = insert(at, n, year->event[j].time + 0.5);
        }
    at[n] = 1;
    for (int k = 0; k <= n; k++) {
        double rate = hazard * fracture_ratio(p, c, year, 0.5 * (from + at[k]));
        double more = rate * (at[k] - from);
        if (exposure + more > threshold) {
            year->lived = from + (threshold - exposure) / rate;
            return;
        }
        exposure += more;
        from = at[k];
    }
}

static enum snw_cause attribute(struct snw_scalar_work *w, const struct person *p,
                                const struct snw_year_coef *c, const struct seen *s, double age)
{
    double since_hip = age - p->hip_age;
    double part[SNW_N_CAUSES] = {
        [SNW_CAUSE_BACKGROUND] = 1,
        [SNW_CAUSE_HIP] = since_hip > 500 ? 0 : (since_hip < 0.5 ? c->hip_early : c->hip_late) - 1,
        [SNW_CAUSE_VERTEBRAL] = age - p->vertebral_age < 5 ? c->vertebral_rr - 1 : 0,
        [SNW_CAUSE_FRAILTY] = p->frailty == 2 ? EXP(c->death_frail) - 1 : 0,
        [SNW_CAUSE_WEAKNESS] = EXP(-c->death_per_weakness * s->strength_z) - 1,
        [SNW_CAUSE_IGFBP2] = EXP(c->death_per_igfbp2 * s->igfbp2_z) - 1,
    };
    double sum = 0;
    for (int k = 0; k < SNW_N_CAUSES; k++)
        sum += fmax(part[k], 0);
    double at = sum * UNIFORM();
    for (int k = 0; k < SNW_N_CAUSES - 1; k++) {
        at -= fmax(part[k], 0);
        if (at < 0)
            return (enum snw_cause)k;
    }
    return SNW_CAUSE_IGFBP2;
}

/* Counts what came before death, and leaves its marks on the person. */
static void settle(struct person *p, const struct snw_year_coef *c, struct year *year)
{
    for (int j = 0; j < year->n; j++) {
        const struct event *e = &year->event[j];
        if (e->time >= year->lived)
            continue;
        COUNT_OF(year, falls) += e->fell;
        COUNT_OF(year, falls_reported) += e->reported;
        COUNT_OF(year, fall_injuries) += e->what == INJURY;
        year->hurt_not_hip |= e->fell && e->what != SNW_HIP && e->what != HARMLESS;
        if (e->what >= SNW_N_SITE)
            continue;
        (&COUNT_OF(year, fracture_hip))[e->what] += 1;
        year->last_fracture = fmax(year->last_fracture, e->time);
        if (e->what == SNW_HIP)
            p->hip_age = fmax(p->hip_age, c->age + e->time);
        if (e->what == SNW_VERTEBRAL) {
            p->vertebral_age = fmax(p->vertebral_age, c->age + e->time);
            p->n_vertebral += 1;
        }
    }
    COUNT_OF(year, faller) = COUNT_OF(year, falls_reported) > 0;
    COUNT_OF(year, recurrent_faller) = COUNT_OF(year, falls_reported) > 1;
}

static void change_frailty(struct snw_scalar_work *w, struct person *p,
                           const struct snw_year_coef *c, const struct seen *s, bool hip)
{
    double shift = (hip ? c->frailty_hip : 0) - c->frailty_weakness * (s->strength_z + s->gait_z);
    double u = UNIFORM(), up = 0, down = 0;
    if (p->frailty < 2)
        up = 1 / (1 + EXP(-(p->frailty ? c->up_prefrail : c->up_robust) - shift));
    if (p->frailty > 0)
        down = 1 / (1 + EXP(-(p->frailty == 2 ? c->down_frail : c->down_prefrail) + shift));
    if (up + down > 0.95 && p->frailty == 1) {
        double scale = 0.95 / (up + down);
        up *= scale;
        down *= scale;
    }
    if (u < up)
        p->frailty++;
    else if (u >= 1 - down)
        p->frailty--;
}

static bool enters_home(struct snw_scalar_work *w, const struct snw_year_coef *c,
                        const struct year *year, int opening, bool hip)
{
    double u = UNIFORM();
    if (hip)
        return u < c->home_after_hip;
    double hazard = c->enter_home * (opening == 2 ? c->home_frail : opening ? c->home_prefrail : 1);
    if (year->hurt_not_hip)
        hazard *= c->home_injury;
    return u < hazard && u < 1 - EXP(-hazard);
}

#endif
