/* Sums over the pilot population. Every loop is plain and vectorises. */
#include "engine/pilot_sums.h"

#include "core/vmath.h"
#include "economics/economics.h"

#define ISA_TEXT2(x) #x
#define ISA_TEXT(x) ISA_TEXT2(x)

static inline void add_moments(struct snw_moments *s, size_t column, double w, double x)
{
    s->wx[column] += w * x;
    s->wxx[column] += w * x * x;
    s->wwx[column] += w * w * x;
    s->wwxx[column] += w * w * x * x;
}

static void moments(const double *restrict w, const double *restrict x, size_t n,
                    struct snw_moments *restrict sums)
{
    struct snw_moments s = *sums;
    size_t i = 0;
    for (; i + SNW_COLUMNS <= n; i += SNW_COLUMNS)
        for (size_t k = 0; k < SNW_COLUMNS; k++)
            add_moments(&s, k, w[i + k], x[i + k]);
    for (size_t k = 0; i + k < n; k++)
        add_moments(&s, k, w[i + k], x[i + k]);
    *sums = s;
}

static void widen(const snw_real *restrict x, const double *restrict times, size_t n,
                  double *restrict to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (double)x[i];
    for (size_t i = 0; times && i < n; i++)
        to[i] = times[i] * to[i];
}

static void exponential(const snw_real *restrict x, size_t n, double *restrict to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = snw_exp_f64((double)x[i]);
}

static void survive(double *restrict w, const double *restrict x, double rate, size_t n)
{
    for (size_t i = 0; i < n; i++)
        w[i] *= snw_exp_f64(-rate * x[i]);
}

static void deaths(const double *restrict w, const double *restrict x, double rate, size_t n,
                   double dead[restrict SNW_COLUMNS], double slope[restrict SNW_COLUMNS])
{
    double died[SNW_BLOCK_MAX], change[SNW_BLOCK_MAX];
    for (size_t i = 0; i < n; i++) {
        double alive = snw_exp_f64(-rate * x[i]);
        died[i] = w[i] * (1 - alive);
        change[i] = w[i] * x[i] * alive;
    }
    for (size_t i = 0; i < n; i += SNW_COLUMNS)
        for (size_t k = 0; k < SNW_COLUMNS && i + k < n; k++) {
            dead[k] += died[i + k];
            slope[k] += change[i + k];
        }
}

static void rasm(const struct snw_block *restrict b, double *restrict to)
{
    for (size_t i = 0; i < b->n; i++) {
        double ratio = (double)b->height_peak_cm[i] / (double)b->height_cm[i];
        to[i] = snw_exp_f64((double)b->index_ln[i]) * ratio * ratio;
    }
}

static void load(const struct snw_block *restrict b, const struct snw_year_coef *restrict c,
                 double per_ratio, double per_weakness, double *restrict predictor,
                 double *restrict rate)
{
    const double base = (double)c->tissue_base, slope = (double)c->tissue_slope;
    const double femur_ln = snw_log_f64((double)c->femur_n), exponent = (double)c->femur_exponent;
    const double fall_rate_ln = (double)c->fall_rate_ln;
    for (size_t i = 0; i < b->n; i++) {
        double height_m = (double)b->height_cm[i] * 0.01, bmi = (double)b->bmi_kg_m2[i];
        double tissue = base + slope * (bmi - 25);
        double bare =
            snw_sqrt_f64(2 * 9.81 * 0.51 * 71000 * 0.5 * height_m * bmi * height_m * height_m);
        tissue = tissue < 5 ? 5 : tissue;
        tissue = tissue > 100 ? 100 : tissue;
        double least = 0.2 * bare, force = bare - 71 * tissue;
        force = force > least ? force : least;
        predictor[i] =
            per_ratio * (snw_log_f64(force) - femur_ln - exponent * (double)b->abmd_neck_ln[i]) -
            per_weakness * (double)b->strength_z[i];
        rate[i] = snw_exp_f64(fall_rate_ln + (double)b->log_fall_risk[i]);
    }
}

static void steady(const struct snw_block *restrict b, const double *restrict w,
                   const double *restrict exposure, double hazard, double injury_years,
                   int32_t *restrict state, double *restrict v)
{
    const snw_real costs = SNW_R(b->age - SNW_COST_YEARS), never = SNW_R(b->age - 500);
    const double hurt = b->age - injury_years;
    int32_t recent[SNW_BLOCK_MAX];
    for (size_t i = 0; i < b->n; i++) {
        int32_t at = b->nursing_home[i] > SNW_R(0.5) ? 8 : 0, moves = 0;
        at |= b->frailty_opening[i] > SNW_R(1.5) ? 16 : 0;
        at |= b->sarcopenic[i] > SNW_R(0.5) ? 32 : 0;
        for (int g = 0; g < SNW_N_GROUPS; g++) {
            at |= b->fracture_age_yr[g][i] > never ? 1 << g : 0;
            moves |= b->fracture_age_yr[g][i] > costs ? 1 : 0;
        }
        state[i] = at;
        recent[i] = moves;
    }
    for (size_t i = 0; i < b->n; i++) {
        double x = hazard * exposure[i], small = 1 - 0.5 * x;
        double large = (1 - snw_exp_f64(-x)) / (x > 1e-6 ? x : 1);
        v[i] = w[i] * (x > 1e-6 ? large : small);
        int32_t moves = recent[i] | ((double)b->injury_age_yr[i] > hurt ? 1 : 0);
        state[i] = moves ? -1 : state[i];
    }
}

static void fractures(const struct snw_block *restrict b, const double *restrict v,
                      const double after_fall[restrict 3], const double without[restrict 3],
                      double sums[restrict 3][SNW_COLUMNS])
{
    const snw_real *const breaks[3] = {b->break_hip, b->break_spine, b->break_other};
    const snw_real *const trauma[3] = {b->trauma_hip, b->trauma_spine, b->trauma_other};
    double expected[SNW_BLOCK_MAX];
    for (int g = 0; g < 3; g++) {
        const snw_real *restrict fall = breaks[g], *restrict other = trauma[g];
        const double chance = after_fall[g], hazard = without[g];
        for (size_t i = 0; i < b->n; i++)
            expected[i] = v[i] * ((double)b->fall_rate[i] * chance * (double)fall[i] +
                                  hazard * (double)other[i]);
        for (size_t i = 0; i < b->n; i += SNW_COLUMNS)
            for (size_t k = 0; k < SNW_COLUMNS && i + k < b->n; k++)
                sums[g][k] += expected[i + k];
    }
}

const struct snw_pilot_kernels SNW_KERNEL(snw_pilot_kernels) = {
    &ISA_TEXT(SNW_ISA_SUFFIX)[1],
    moments,
    widen,
    exponential,
    survive,
    deaths,
    rasm,
    load,
    steady,
    fractures,
};
