/* Reads the measures of a sweep from exact sums, with their Monte Carlo variances. */
#include <string.h>

#include "core/vmath.h"
#include "experiment/paired.h"
#include "experiment/sweeping.h"
#include "numerics/discount.h"

/* Sums over the people of one sex who are alive at a birthday, of what is counted, x, and of what
   it is counted by, y: a year lived, a person; nothing for a total over life. */
struct year {
    double alive, x, xx, y, yy, xy;
};

static const struct snw_cell *cells_of(const struct snw_totals *t, int sex, int i)
{
    return &t->cells[(size_t)(sex * SNW_N_AGES + i) * SNW_N_MEASURES];
}

/* Sum and sum of squares of a measure. */
static void sums_of(const struct snw_cell *cells, enum snw_measure m, double *sum, double *squares)
{
    const struct snw_measure_info *info = &snw_measure_table[m];
    const struct snw_cell *c = &cells[m];
    double n = (double)c->n, q = (double)c->sum, o = info->offset, scale = info->cell_scale;
    double qq = (double)c->sum_squares + 0x1p32 * (double)c->sum_squares_high;
    *sum = o * n + scale * q;
    *squares = o * o * n + 2 * o * scale * q + scale * scale * qq;
}

static struct year year_of(const struct snw_totals *t, const struct snw_gauge *g, int sex, int i)
{
    const struct snw_cell *cells = cells_of(t, sex, i);
    struct year y = {.alive = (double)cells[SNW_M_alive].n};
    const struct snw_outcome *e = &g->outcome;
    enum snw_measure m = (enum snw_measure)((size_t)e->measure + g->k);
    if (g->kind != SNW_GAUGE_OUTCOME) {
        sums_of(cells, g->measure, &y.x, &y.xx);
        return y;
    }
    if (e->kind == SNW_OUTCOME_SHARE) {
        size_t code = (size_t)(sex * SNW_N_AGES + i) * SNW_N_CODES + e->measure - SNW_N_STATES;
        y.x = y.xx = y.xy = t->levels[code * SNW_LEVELS + g->k];
        y.y = y.yy = (double)cells[e->measure].n;
        return y;
    }
    sums_of(cells, m, &y.x, &y.xx);
    y.y = y.yy = (double)cells[m].n;
    y.xy = y.x;
    if (e->kind != SNW_OUTCOME_MEAN) { /* most live the whole year, whatever happens in it */
        double scale = e->kind == SNW_OUTCOME_RATE ? 1000 : 1;
        sums_of(cells, SNW_M_person_years, &y.y, &y.yy);
        y.x *= scale;
        y.xx *= scale * scale;
        y.xy = y.alive > 0 ? y.x * y.y / y.alive : 0;
    }
    return y;
}

/* Variance of the sum of w (x - ratio y) over the people of a sex from an age on. In a cohort they
   are the same people at all ages, elsewhere others at each. Their states are taken to last, so
   that two ages have all of their spread in common, on the safe side; what happens in a year is
   taken to say nothing of another but who lives. */
static double variance_of_sum(const struct snw_totals *t, const struct snw_gauge *g, int sex,
                              const double *weight, double ratio)
{
    int first = g->age_from - SNW_AGE_FIRST, last = g->age_to - SNW_AGE_FIRST;
    double n = (double)cells_of(t, sex, first)[SNW_M_alive].n, spread = 0, later = 0, apart = 0;
    double later_sd = 0;
    bool lasts = g->kind == SNW_GAUGE_OUTCOME && g->outcome.kind >= SNW_OUTCOME_MEAN;
    for (int i = last; i >= first; i--) {
        struct year y = year_of(t, g, sex, i);
        double w = weight ? weight[i] : 1, z = w * (y.x - ratio * y.y);
        double zz = w * w * (y.xx - 2 * ratio * y.xy + ratio * ratio * y.yy);
        if (!(y.alive > 0))
            continue;
        double within = zz - z * z / y.alive, sd = snw_sqrt_f64(within > 0 ? within / y.alive : 0);
        apart += within;
        /* who lives at a later birthday has lived this year: E[z z'] = (m / alive) m' */
        double m = z / n, alive = y.alive / n;
        spread += zz / n - m * m + 2 * m * later * (1 - alive) / alive;
        later += m;
        spread += lasts ? 2 * sd * later_sd : 0;
        later_sd += alive * sd;
    }
    return g->whole_lives ? n * spread : apart;
}

static bool is_in(int sex, int s)
{
    return sex == s || sex == SNW_N_SEXES;
}

/* The numbers of each sex are no luck: their variances add up. */
static double variance_of(const struct snw_totals *t, const struct snw_gauge *g, int sex,
                          const double *weight, double ratio)
{
    double sum = 0;
    for (int s = 0; s < SNW_N_SEXES; s++)
        sum += is_in(sex, s) ? variance_of_sum(t, g, s, weight, ratio) : 0;
    return sum;
}

double snw_gauge_lifetime(const struct snw_totals *t, const struct snw_gauge *g, int sex,
                          const double *weight, double *variance)
{
    double n = 0, sum = 0;
    for (int s = 0; s < SNW_N_SEXES; s++) {
        int first = g->age_from - SNW_AGE_FIRST;
        n += is_in(sex, s) ? (double)cells_of(t, s, first)[SNW_M_alive].n : 0;
        for (int i = first; i < SNW_N_AGES && is_in(sex, s); i++)
            sum += weight[i] * year_of(t, g, s, i).x;
    }
    *variance = n > 0 ? variance_of(t, g, sex, weight, 0) / (n * n) : __builtin_nan("");
    return n > 0 ? sum / n : __builtin_nan("");
}

/* Sums over ages, and both sexes, in one cell. */
struct pool {
    struct snw_cell cells[SNW_N_MEASURES];
    uint32_t levels[SNW_N_CODES * SNW_LEVELS];
};

double snw_gauge_outcome(const struct snw_totals *t, const struct snw_gauge *g, int sex,
                         double *variance)
{
    struct pool pool;
    double by = 0;
    memset(&pool, 0, sizeof pool);
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int age = g->age_from; age <= g->age_to && is_in(sex, s); age++) {
            size_t cell = (size_t)(s * SNW_N_AGES + age - SNW_AGE_FIRST);
            snw_cells_add(pool.cells, &t->cells[cell * SNW_N_MEASURES], SNW_N_MEASURES);
            for (size_t i = 0; i < SNW_N_CODES * SNW_LEVELS; i++)
                pool.levels[i] += t->levels[cell * SNW_N_CODES * SNW_LEVELS + i];
            by += year_of(t, g, s, age - SNW_AGE_FIRST).y;
        }
    const struct snw_totals one = {.cells = pool.cells, .levels = pool.levels};
    double value = snw_outcome_value(&g->outcome, &one, 0, g->k);
    *variance = by > 0 ? variance_of(t, g, sex, NULL, value) / (by * by) : __builtin_nan("");
    return value;
}

/* A total over life, by the weights of its years. */
static double read_total(const struct snw_settings *settings, const struct snw_totals *t, int sex,
                         const struct snw_gauge *g, double *variance)
{
    double weight[SNW_N_AGES];
    double rate = snw_discount_rate(settings, snw_measure_table[g->measure].unit);
    for (int i = 0; i < SNW_N_AGES; i++) {
        int since = SNW_AGE_FIRST + i - g->age_from;
        weight[i] = g->kind == SNW_GAUGE_LIFETIME || since < 0
                        ? 1
                        : snw_present_value(rate, since, since + 1);
    }
    return snw_gauge_lifetime(t, g, sex, weight, variance);
}

static double read_gauge(const struct snw_settings *settings, const struct snw_totals *t, int sex,
                         const struct snw_gauge *g, double *variance)
{
    double of_cost, of_qaly, wtp = settings->sweep.wtp_usd;
    if (g->kind == SNW_GAUGE_OUTCOME)
        return snw_gauge_outcome(t, g, sex, variance);
    if (g->kind != SNW_GAUGE_BENEFIT)
        return read_total(settings, t, sex, g, variance);
    struct snw_gauge part = *g;
    part.measure = SNW_M_cost;
    double cost = read_total(settings, t, sex, &part, &of_cost);
    part.measure = SNW_M_qaly;
    double qaly = read_total(settings, t, sex, &part, &of_qaly);
    *variance = wtp * wtp * of_qaly + of_cost; /* as if the two were independent */
    return wtp * qaly - cost;
}

size_t snw_sweeping_values(const struct snw_world *world)
{
    return SNW_SWEEP_PARTS * world->sweep->n_measures * world->settings->scenarios.n *
           SNW_SWEEP_SEXES;
}

/* One value with its variances, `step` apart. Where lives are compared person by person, these tell
   of all that a person's years have in common. */
static void reduce_one(const struct snw_world *world, const struct snw_totals *totals,
                       const struct snw_totals *reference, int sex, const struct snw_gauge *g,
                       double *value, size_t step)
{
    const enum snw_paired m = (enum snw_paired)g->paired;
    value[0] = read_gauge(world->settings, totals, sex, g, &value[step]);
    value[2 * step] = __builtin_nan("");
    if (g->paired < 0 || world->n_scenarios < 2)
        return;
    value[step] = snw_paired_variance(totals, reference, (size_t)sex, m, SNW_PAIRED_TOTAL);
    if (totals != reference)
        value[2 * step] =
            snw_paired_variance(totals, reference, (size_t)sex, m, SNW_PAIRED_DIFFERENCE);
}

void snw_sweeping_reduce(const struct snw_world *world, const struct snw_totals *totals, size_t at,
                         double *values)
{
    size_t n = world->settings->scenarios.n;
    size_t step = snw_sweeping_values(world) / SNW_SWEEP_PARTS;
    for (size_t m = 0, i = 0; m < world->sweep->n_measures; m++)
        for (size_t s = 0; s < n; s++)
            for (int sex = 0; sex < SNW_SWEEP_SEXES; sex++, i++) {
                const struct snw_totals *own = &totals[s == 0 ? 0 : at * (n - 1) + s];
                const struct snw_gauge *g = &world->sweep->measure[m];
                reduce_one(world, own, totals, sex, g, &values[i], step);
            }
}
