/* Walks the few who fall, break a bone, die or may die this year. Equations: falls.md,
   fractures.md, mortality.md. */
#include "processes/happenings.h"

#include "core/vmath.h"

enum { WHAT_INJURY = 6, WHAT_HARMLESS = 7, LANE_MAX = SNW_FALLS_MAX + SNW_NON_FALL_MAX };

/* All that may happen to one person in one year. */
struct lane_year {
    unsigned n;
    snw_real time[LANE_MAX];
    uint8_t what[LANE_MAX];     /* a site, WHAT_INJURY or WHAT_HARMLESS */
    uint8_t fell[LANE_MAX];     /* 1 for a fall, 0 for a non-fall fracture */
    uint8_t reported[LANE_MAX]; /* of falls */
};

/* The smallest k with u < CDF(k) of a negative binomial with mean `rate` and variance
   rate + v rate^2, k at most SNW_FALLS_MAX. In double precision: a float sum of chances may stall
   below the largest u, and the count would run on to its bound. */
static unsigned count_falls(double rate, double v, double u)
{
    double r = 1 / v, odds = v * rate, q = odds / (1 + odds);
    double p = snw_exp_f64(-r * snw_log_f64(1 + odds)), cdf = p;
    unsigned k = 0;
    while (u >= cdf && k < SNW_FALLS_MAX) {
        p *= q * (k + r) / (k + 1);
        cdf += p;
        k++;
    }
    return k;
}

static unsigned count_poisson(double mean, double u)
{
    double p = snw_exp_f64(-mean), cdf = p;
    unsigned k = 0;
    while (u >= cdf && k < SNW_NON_FALL_MAX) {
        k++;
        p *= mean / k;
        cdf += p;
    }
    return k;
}

/* Chances by site that one fall of this lane breaks a bone, cumulated; at most .95 in all. */
static void break_chances(const struct snw_block *b, const struct snw_year_coef *c, size_t i,
                          snw_real cumulated[SNW_N_SITE])
{
    snw_real sum = 0;
    for (int s = 0; s < SNW_N_SITE; s++) {
        snw_real relative = s == SNW_HIP         ? b->break_hip[i]
                            : s == SNW_VERTEBRAL ? b->break_spine[i]
                                                 : b->break_other[i];
        sum += c->per_fall[s] * relative;
        cumulated[s] = sum;
    }
    if (sum > SNW_R(0.95))
        for (int s = 0; s < SNW_N_SITE; s++)
            cumulated[s] *= SNW_R(0.95) / sum;
}

static void draw_falls(const struct snw_block *b, const struct snw_year_coef *c, struct snw_key key,
                       size_t i, unsigned n, snw_real p_injury, struct lane_year *out)
{
    snw_real cumulated[SNW_N_SITE];
    break_chances(b, c, i, cumulated);
    for (unsigned j = 0; j < n; j++) {
        uint32_t words[4];
        snw_draw(key, b->person[i], b->replicate[i], (uint32_t)b->age, SNW_SLOT_FALL, j, words);
        snw_real u_site = snw_uniform(words[SNW_WORD_fall_site % 4]);
        unsigned what = 0;
        while (what < SNW_N_SITE && u_site >= cumulated[what])
            what++;
        if (what == SNW_N_SITE)
            what = snw_uniform(words[SNW_WORD_fall_injury % 4]) < p_injury ? WHAT_INJURY
                                                                           : WHAT_HARMLESS;
        snw_real p_report = what == WHAT_HARMLESS ? c->p_report_harmless : c->p_report_injury;
        out->time[out->n] = snw_uniform(words[SNW_WORD_fall_time % 4]);
        out->what[out->n] = (uint8_t)what;
        out->fell[out->n] = 1;
        out->reported[out->n] = snw_uniform(words[SNW_WORD_fall_report % 4]) < p_report;
        out->n++;
    }
}

static void draw_non_falls(const struct snw_block *b, const struct snw_year_coef *c,
                           struct snw_key key, size_t i, snw_real u, struct lane_year *out)
{
    snw_real cumulated[SNW_N_SITE], sum = 0;
    for (int s = 0; s < SNW_N_SITE; s++) {
        snw_real relative = s == SNW_HIP         ? b->trauma_hip[i]
                            : s == SNW_VERTEBRAL ? b->trauma_spine[i]
                                                 : b->trauma_other[i];
        sum += c->per_year[s] * relative;
        cumulated[s] = sum;
    }
    unsigned n = count_poisson((double)sum, (double)u);
    for (unsigned j = 0; j < n; j++) {
        uint32_t words[4];
        snw_draw(key, b->person[i], b->replicate[i], (uint32_t)b->age, SNW_SLOT_NON_FALL, j, words);
        snw_real at = snw_uniform(words[SNW_WORD_non_fall_site % 4]) * sum;
        uint8_t site = 0;
        while (site < SNW_N_SITE - 1 && at >= cumulated[site])
            site++;
        out->time[out->n] = snw_uniform(words[SNW_WORD_non_fall_time % 4]);
        out->what[out->n] = site;
        out->fell[out->n] = 0;
        out->reported[out->n] = 0;
        out->n++;
    }
}

/* The hazard ratio of hip and vertebral fractures at time t of the year: the latest counts. */
static snw_real fracture_ratio(const struct snw_block *b, const struct snw_year_coef *c, size_t i,
                               const struct lane_year *year, snw_real t)
{
    snw_real hip = b->hip_age_yr[i] - c->age, spine = b->vertebral_age_yr[i] - c->age;
    for (unsigned j = 0; j < year->n; j++) {
        if (year->time[j] > t)
            continue;
        if (year->what[j] == SNW_HIP)
            hip = snw_max(hip, year->time[j]);
        if (year->what[j] == SNW_VERTEBRAL)
            spine = snw_max(spine, year->time[j]);
    }
    snw_real ratio = SNW_R(1);
    if (hip > SNW_R(-500))
        ratio = t - hip < SNW_R(0.5) ? c->hip_early : c->hip_late;
    return spine > SNW_R(-500) && t - spine < SNW_R(5) ? ratio * c->vertebral_rr : ratio;
}

/* Puts t, where inside the year, into the rising list of times at which the hazard changes. */
static unsigned insert(snw_real *at, unsigned n, snw_real t)
{
    if (t <= SNW_R(0) || t >= SNW_R(1))
        return n;
    unsigned k = n;
    for (; k > 0 && at[k - 1] > t; k--)
        at[k] = at[k - 1];
    at[k] = t;
    return n + 1;
}

/* Integrates the hazard piece by piece. Sets death_exposure_yr (of the whole year) and lived_yr. */
static void live(struct snw_block *b, const struct snw_year_coef *c, size_t i, snw_real u,
                 int immortal, const struct lane_year *year)
{
    snw_real at[2 * LANE_MAX + 4], risk = b->death_risk[i], hazard = c->death_hazard;
    unsigned n = insert(at, 0, b->hip_age_yr[i] + SNW_R(0.5) - c->age);
    n = insert(at, n, b->vertebral_age_yr[i] + SNW_R(5) - c->age);
    for (unsigned j = 0; j < year->n; j++)
        if (year->what[j] == SNW_HIP || year->what[j] == SNW_VERTEBRAL) {
            n = insert(at, n, year->time[j]);
            n = insert(at, n, year->time[j] + SNW_R(0.5));
        }
    at[n] = SNW_R(1);
    snw_real threshold = -snw_log(SNW_R(1) - u), exposure = 0, from = 0, lived = SNW_R(1);
    for (unsigned k = 0; k <= n; k++) {
        snw_real rate = risk * fracture_ratio(b, c, i, year, SNW_R(0.5) * (from + at[k]));
        snw_real more = rate * (at[k] - from);
        if (lived == SNW_R(1) && hazard * (exposure + more) > threshold) {
            lived = from + (threshold - hazard * exposure) / (hazard * rate);
            lived = snw_clip(from, at[k], lived);
            lived = lived < SNW_R(1) ? lived : SNW_R(0.99999994); /* dead is less than a year */
        }
        exposure += more;
        from = at[k];
    }
    b->death_exposure_yr[i] = exposure;
    b->lived_yr[i] = immortal ? SNW_R(1) : lived;
}

static int changes_hazard(const struct lane_year *year)
{
    for (unsigned j = 0; j < year->n; j++)
        if (year->what[j] == SNW_HIP || year->what[j] == SNW_VERTEBRAL)
            return 1;
    return 0;
}

static void keep(struct snw_happenings *out, size_t lane, snw_real time, unsigned what)
{
    if (out->n == SNW_HAPPENINGS_MAX) {
        out->overflow = 1;
        return;
    }
    struct snw_happening *e = &out->event[out->n++];
    e->time_yr = time;
    e->lane = (uint16_t)lane;
    e->kind = what == WHAT_INJURY ? SNW_EVENT_FALL_INJURY : SNW_EVENT_FRACTURE;
    e->site = what == WHAT_INJURY ? 255 : (uint8_t)what;
}

/* Counts what came before death, and leaves its marks on the person. */
static void settle(struct snw_block *b, const struct snw_year_coef *c, size_t i,
                   const struct lane_year *year, struct snw_happenings *out)
{
    unsigned falls = 0, reported = 0, injuries = 0, hurt = 0;
    snw_real last = SNW_R(-1), lived = b->lived_yr[i];
    for (unsigned j = 0; j < year->n; j++) {
        snw_real t = year->time[j];
        unsigned what = year->what[j];
        if (t >= lived)
            continue;
        falls += year->fell[j];
        reported += year->fell[j] && year->reported[j];
        injuries += what == WHAT_INJURY;
        hurt += year->fell[j] && what != SNW_HIP && what != WHAT_HARMLESS;
        if (what != WHAT_HARMLESS)
            keep(out, i, t, what);
        if (what >= SNW_N_SITE)
            continue;
        b->n_fractures[what][i] += SNW_R(1);
        last = snw_max(last, t);
        if (what == SNW_HIP)
            b->hip_age_yr[i] = snw_max(b->hip_age_yr[i], c->age + t);
        if (what == SNW_VERTEBRAL) {
            b->vertebral_age_yr[i] = snw_max(b->vertebral_age_yr[i], c->age + t);
            b->n_vertebral[i] += SNW_R(1);
        }
    }
    b->n_falls[i] = (snw_real)falls;
    b->n_reported[i] = (snw_real)reported;
    b->n_injuries[i] = (snw_real)injuries;
    b->n_hurt_not_hip[i] = (snw_real)hurt;
    b->fracture_yr[i] = last;
}

void SNW_KERNEL(snw_happen)(struct snw_block *block, const struct snw_year_coef *coef,
                            const struct snw_luck *luck, struct snw_key key, int immortal,
                            struct snw_happenings *out)
{
    out->n = out->n_capped = 0;
    out->overflow = 0;
    const snw_real p_injury = snw_logistic(coef->injury_logit);
    for (size_t i = 0; i < block->n; i++) {
        int falls = block->n_falls[i] < SNW_R(0), breaks = block->fracture_yr[i] < SNW_R(-1.5);
        if (!falls && !breaks && block->lived_yr[i] > SNW_R(0))
            continue;
        struct lane_year year;
        year.n = 0;
        if (falls) {
            unsigned n = count_falls((double)block->fall_rate[i], (double)coef->fall_variance,
                                     (double)SNW_YEAR_LUCK(luck, falls)[i]);
            out->n_capped += n == SNW_FALLS_MAX;
            draw_falls(block, coef, key, i, n, p_injury, &year);
        }
        if (breaks)
            draw_non_falls(block, coef, key, i, SNW_YEAR_LUCK(luck, non_fall)[i], &year);
        if (block->lived_yr[i] < SNW_R(0) || changes_hazard(&year))
            live(block, coef, i, SNW_YEAR_LUCK(luck, death)[i], immortal, &year);
        settle(block, coef, i, &year, out);
    }
}
