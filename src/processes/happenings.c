/* The few who fall, break a bone, die or may die this year. Equations: falls.md, fractures.md,
   mortality.md.

   One in four falls in a year, and most falls do no harm. So the falls of all are drawn side by
   side first; only lanes that break a bone, die or may die are then walked one by one. */
#include "processes/happenings.h"

#include "core/vmath.h"

enum {
    FIRST_STEPS = 4,
    WHAT_INJURY = 6,
    WHAT_HARMLESS = 7,
    LANE_MAX = SNW_FALLS_MAX + SNW_NON_FALL_MAX
};

/* All that may happen to one person in one year. */
struct lane_year {
    unsigned n;
    snw_real time[LANE_MAX];
    uint8_t what[LANE_MAX];     /* a site, WHAT_INJURY or WHAT_HARMLESS */
    uint8_t fell[LANE_MAX];     /* 1 for a fall, 0 for a non-fall fracture */
    uint8_t reported[LANE_MAX]; /* of falls */
};

/* Lanes with anything to look at. @return how many. */
static size_t mark(const struct snw_block *restrict b, uint16_t *restrict lane)
{
    uint16_t marked[SNW_STRIDE];
    size_t k = 0;
    for (size_t i = 0; i < snw_whole_vectors(b->n); i++) {
        snw_real least = snw_min(b->n_falls[i], b->fracture_yr[i] + SNW_R(1.5));
        marked[i] = snw_min(least, b->lived_yr[i]) < SNW_R(0);
    }
    for (size_t i = 0; i < b->n; i++) {
        lane[k] = (uint16_t)i;
        k += marked[i];
    }
    return k;
}

/* The smallest k with u < CDF(k) of a negative binomial with mean `rate` and variance
   rate + v rate^2, k at most SNW_FALLS_MAX. In double precision: a float sum of chances may stall
   below the largest u, and the count would run on to its bound. The first steps are taken by all
   lanes together, the rest by the few that fall more often. */
static void count_falls(const struct snw_block *restrict b, const struct snw_year_coef *restrict c,
                        const struct snw_luck *restrict luck, size_t n,
                        struct snw_happenings *restrict out)
{
    const double v = (double)c->fall_variance, r = 1 / v;
    double *restrict odds = out->odds, *restrict u = out->u;
    double *restrict p = out->p, *restrict cdf = out->cdf;
    uint16_t *restrict count = out->n_falls;
    for (size_t j = 0; j < n; j++) {
        size_t i = out->lane[j];
        odds[j] = v * (double)b->fall_rate[i];
        u[j] = b->n_falls[i] < SNW_R(0) ? (double)SNW_YEAR_LUCK(luck, falls)[i] : -1;
    }
    for (size_t j = 0; j < snw_whole_vectors(n); j++) {
        double q = odds[j] / (1 + odds[j]), chance = snw_exp_f64(-r * snw_log_f64(1 + odds[j]));
        double sum = chance;
        int32_t k = 0;
#pragma GCC unroll 4
        for (int step = 0; step < FIRST_STEPS; step++) {
            k += u[j] >= sum;
            chance *= q * ((step + r) / (step + 1));
            sum += chance;
        }
        count[j] = (uint16_t)k;
        odds[j] = q;
        p[j] = chance;
        cdf[j] = sum;
    }
    for (size_t j = 0; j < n; j++) {
        unsigned k = count[j];
        if (k < FIRST_STEPS)
            continue;
        for (; u[j] >= cdf[j] && k < SNW_FALLS_MAX; k++) {
            p[j] *= odds[j] * ((k + r) / (k + 1));
            cdf[j] += p[j];
        }
        count[j] = (uint16_t)k;
        out->n_capped += k == SNW_FALLS_MAX;
    }
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

/* @return the lane up to which there is room for the falls of those from `from` on. */
static size_t room_for(const struct snw_happenings *out, size_t from, size_t n)
{
    size_t j = from, falls = 0;
    while (j < n && falls + out->n_falls[j] <= SNW_FALLS_ROOM)
        falls += out->n_falls[j++];
    return j;
}

/* Lays out the falls of the lanes looked at, from `from` to `to` - 1. */
static void lay_out(const struct snw_block *restrict b, size_t from, size_t to,
                    struct snw_happenings *restrict out)
{
    struct snw_falls *restrict f = &out->falls;
    size_t begin = 0, end = 0;
    for (size_t j = from; j < to; j++) {
        f->owner[end] = (uint16_t)j;
        out->first_fall[j] = (uint16_t)end;
        out->found[j] = 0;
        end += out->n_falls[j] > 0;
    }
    for (uint32_t rank = 1; begin < end; rank++) {
        size_t free = end;
        for (size_t k = begin; k < end; k++) {
            f->slot[k] = SNW_SLOT_FALL + ((rank - 1) << 16);
            f->next[k] = (uint16_t)free;
            f->owner[free] = f->owner[k];
            free += out->n_falls[f->owner[k]] > rank;
        }
        begin = end;
        end = free;
    }
    f->n = end;
    for (size_t k = 0; k < f->n; k++) {
        size_t i = out->lane[f->owner[k]];
        f->person[k] = b->person[i];
        f->replicate[k] = b->replicate[i];
        f->chance[k] = b->break_any[i];
    }
}

/* What a lane's falls come to, added up: reports, injuries and fractures in ten bits each. */
enum { REPORTED = 1, INJURED = 1 << 10, BROKEN = 1 << 20, TEN_BITS = 1023 };

static inline snw_real fall_luck(const struct snw_falls *f, size_t k, unsigned word)
{
    return snw_uniform(f->words[(word % 4) * SNW_FALLS_STRIDE + k]);
}

static void find_out(struct snw_falls *restrict f, const struct snw_year_coef *restrict c)
{
    const snw_real p_injury = snw_logistic(c->injury_logit);
    const snw_real p_harmless = c->p_report_harmless, p_hurt = c->p_report_injury;
    for (size_t k = 0; k < snw_whole_vectors(f->n); k++) {
        uint32_t broken = fall_luck(f, k, SNW_WORD_fall_site) >= f->chance[k] ? 0 : BROKEN;
        uint32_t injured = fall_luck(f, k, SNW_WORD_fall_injury) < p_injury ? INJURED : 0;
        injured = broken ? 0 : injured;
        snw_real p_report = (broken | injured) ? p_hurt : p_harmless;
        uint32_t reported = fall_luck(f, k, SNW_WORD_fall_report) < p_report ? REPORTED : 0;
        f->found[k] = broken | injured | reported;
    }
}

/* Counts the falls of the lanes looked at, as if all broke nothing and lived. @return how many of
   them are to be looked at closer: who are hurt, break a bone without a fall, or may die. */
static size_t count_all(struct snw_block *restrict b, size_t from, size_t to,
                        struct snw_happenings *restrict out)
{
    const struct snw_falls *f = &out->falls;
    size_t n = 0;
    for (size_t k = 0; k < f->n; k++)
        out->found[f->owner[k]] += f->found[k];
    for (size_t j = from; j < to; j++) {
        size_t i = out->lane[j];
        uint32_t found = out->found[j];
        b->n_falls[i] = (snw_real)(int32_t)out->n_falls[j];
        b->n_reported[i] = (snw_real)(int32_t)(found & TEN_BITS);
        b->n_injuries[i] = b->n_hurt_not_hip[i] = (snw_real)(int32_t)(found / INJURED & TEN_BITS);
        out->closer[n] = (uint16_t)j;
        n += (found >= INJURED) | (b->fracture_yr[i] < SNW_R(-1.5)) | (b->lived_yr[i] < SNW_R(0));
    }
    return n;
}

/* The falls of one lane, with what each broke. */
static void take_falls(const struct snw_block *b, const struct snw_year_coef *c, size_t j,
                       const struct snw_happenings *in, struct lane_year *out)
{
    const struct snw_falls *f = &in->falls;
    snw_real cumulated[SNW_N_SITE];
    break_chances(b, c, in->lane[j], cumulated);
    size_t k = in->first_fall[j];
    for (; out->n < in->n_falls[j]; out->n++, k = f->next[k]) {
        unsigned what = f->found[k] & INJURED ? WHAT_INJURY : WHAT_HARMLESS;
        if (f->found[k] & BROKEN) {
            what = SNW_HIP;
            while (what < SNW_OTHER && fall_luck(f, k, SNW_WORD_fall_site) >= cumulated[what])
                what++;
        }
        out->time[out->n] = fall_luck(f, k, SNW_WORD_fall_time);
        out->what[out->n] = (uint8_t)what;
        out->fell[out->n] = 1;
        out->reported[out->n] = f->found[k] & REPORTED;
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

/* A lane that breaks a bone, dies or may die. */
static void walk(struct snw_block *b, const struct snw_year_coef *c, const struct snw_luck *luck,
                 struct snw_key key, int immortal, size_t i, struct lane_year *year,
                 struct snw_happenings *out)
{
    if (b->fracture_yr[i] < SNW_R(-1.5))
        draw_non_falls(b, c, key, i, SNW_YEAR_LUCK(luck, non_fall)[i], year);
    if (b->lived_yr[i] < SNW_R(0) || changes_hazard(year))
        live(b, c, i, SNW_YEAR_LUCK(luck, death)[i], immortal, year);
    settle(b, c, i, year, out);
}

/* A lane that is hurt, breaks nothing and lives. */
static void keep_injuries(size_t j, struct snw_happenings *out)
{
    const struct snw_falls *f = &out->falls;
    size_t k = out->first_fall[j];
    for (unsigned n = 0; n < out->n_falls[j]; n++, k = f->next[k])
        if (f->found[k] & INJURED)
            keep(out, out->lane[j], fall_luck(f, k, SNW_WORD_fall_time), WHAT_INJURY);
}

void SNW_KERNEL(snw_happen)(struct snw_block *block, const struct snw_year_coef *coef,
                            const struct snw_luck *luck, struct snw_key key, int immortal,
                            struct snw_happenings *out)
{
    struct snw_falls *f = &out->falls;
    out->n = out->n_capped = 0;
    out->overflow = 0;
    size_t n = mark(block, out->lane);
    count_falls(block, coef, luck, n, out);
    for (size_t from = 0, to; from < n; from = to) {
        to = room_for(out, from, n);
        lay_out(block, from, to, out);
        SNW_KERNEL(snw_philox_fill_each)
        (key, f->n, SNW_FALLS_STRIDE, f->person, f->replicate, (uint32_t)block->age, f->slot,
         f->words);
        find_out(f, coef);
        size_t n_closer = count_all(block, from, to, out);
        for (size_t k = 0; k < n_closer; k++) {
            size_t j = out->closer[k], i = out->lane[j];
            if (out->found[j] < BROKEN && block->fracture_yr[i] > SNW_R(-1.5) &&
                block->lived_yr[i] > SNW_R(0)) {
                keep_injuries(j, out);
                continue;
            }
            struct lane_year year;
            year.n = 0;
            take_falls(block, coef, j, out, &year);
            walk(block, coef, luck, key, immortal, i, &year, out);
        }
    }
}
