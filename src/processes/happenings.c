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
    size_t k = 0;
    for (size_t i = 0; i < b->n; i++) {
        lane[k] = (uint16_t)i;
        k += (b->n_falls[i] < SNW_R(0)) | (b->fracture_yr[i] < SNW_R(-1.5)) |
             !(b->lived_yr[i] > SNW_R(0));
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

/* Lays out the falls of marked lanes from `from` on, as far as there is room. @return the next
 * lane. */
static size_t lay_out(const struct snw_block *b, size_t from, size_t n, struct snw_happenings *out)
{
    struct snw_falls *f = &out->falls;
    size_t j = from;
    f->n = 0;
    for (; j < n && f->n + out->n_falls[j] <= SNW_FALLS_ROOM; j++) {
        size_t i = out->lane[j];
        for (uint32_t k = 0; k < out->n_falls[j]; k++, f->n++) {
            f->person[f->n] = b->person[i];
            f->replicate[f->n] = b->replicate[i];
            f->slot[f->n] = SNW_SLOT_FALL + (k << 16);
            f->chance[f->n] = b->break_any[i];
        }
    }
    return j;
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

/* The falls of one lane, n from `first` on, with what each broke. */
static void take_falls(const struct snw_block *b, const struct snw_year_coef *c, size_t i,
                       const struct snw_falls *f, size_t first, unsigned n, struct lane_year *out)
{
    snw_real cumulated[SNW_N_SITE];
    break_chances(b, c, i, cumulated);
    for (size_t k = first; k < first + n; k++) {
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

/* A lane that falls, breaks nothing and lives. */
static void pass(struct snw_block *b, size_t i, size_t first, unsigned n, uint32_t sum,
                 struct snw_happenings *out)
{
    snw_real injuries = (snw_real)(int32_t)(sum / INJURED & TEN_BITS);
    b->n_falls[i] = (snw_real)(int32_t)n;
    b->n_reported[i] = (snw_real)(int32_t)(sum & TEN_BITS);
    b->n_injuries[i] = b->n_hurt_not_hip[i] = injuries;
    for (size_t k = first; k < first + n && injuries > SNW_R(0); k++)
        if (out->falls.found[k] & INJURED)
            keep(out, i, fall_luck(&out->falls, k, SNW_WORD_fall_time), WHAT_INJURY);
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
        to = lay_out(block, from, n, out);
        SNW_KERNEL(snw_philox_fill_each)
        (key, f->n, SNW_FALLS_STRIDE, f->person, f->replicate, (uint32_t)block->age, f->slot,
         f->words);
        find_out(f, coef);
        for (size_t j = from, first = 0; j < to; first += out->n_falls[j++]) {
            size_t i = out->lane[j];
            uint32_t sum = 0;
            for (size_t k = first; k < first + out->n_falls[j]; k++)
                sum += f->found[k];
            if (sum < BROKEN && block->fracture_yr[i] > SNW_R(-1.5) &&
                block->lived_yr[i] > SNW_R(0)) {
                pass(block, i, first, out->n_falls[j], sum, out);
                continue;
            }
            struct lane_year year;
            year.n = 0;
            take_falls(block, coef, i, f, first, out->n_falls[j], &year);
            walk(block, coef, luck, key, immortal, i, &year, out);
        }
    }
}
