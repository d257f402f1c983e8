/* What the scalar life looks up: all that depends on sex and age alone. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/scalar.h"
#include "numerics/distributions.h"

static void medians(struct snw_scalar_year *y)
{
    const struct snw_year_coef *c = &y->c;
    y->bmi_median = exp(c->bmi_median_ln);
    y->index_median = exp(c->index_median_ln);
    y->grip_median = exp(c->grip_median_ln);
    y->knee_median = exp(c->knee_median_ln);
    y->gait_median = exp(c->gait_median_ln);
    y->igf1_median = exp(c->igf1_median_ln);
    y->bio_t_median = exp(c->bio_t_median_ln);
    y->bio_e2_median = exp(c->bio_e2_median_ln);
    y->abmd_spine_seen = c->abmd_spine * exp(c->spine_artefact);
    y->radius_base = exp(-c->radius_base_ln);
    y->load_factor = sqrt(2 * 9.81 * 0.51 * 71000 * 0.5);
    y->bone_own = sqrt(1 - c->bone_r * c->bone_r);
    y->bmi_own = sqrt(1 - c->bmi_r * c->bmi_r);
    y->p_injury = 1 / (1 + exp(-c->injury_logit));
    for (int s = SNW_FOREARM; s <= SNW_OTHER; s++) {
        y->other_per_fall += c->per_fall[s];
        y->other_per_year += c->per_year[s];
    }
}

static void bins(struct snw_scalar_year *y, const struct snw_bins *bins)
{
    for (int m = 0; m < SNW_SCALAR_STATES; m++) {
        const struct snw_measure_info *info = &snw_measure_table[m];
        y->bin_low[m] = info->offset + info->scale * (bins[m].low - 0.5);
        y->bin_per_unit[m] = bins[m].scale / (65536 * info->scale);
    }
}

static void economy(struct snw_scalar_economy *to, const struct snw_economy_year *from)
{
    memcpy(to->first_year, from->first_year, sizeof to->first_year);
    memcpy(to->multiplier, from->multiplier, sizeof to->multiplier);
    for (int g = 0; g < SNW_N_GROUPS; g++)
        memcpy(to->share[g], from->share[g], sizeof from->share[g]);
    to->background = from->background[SNW_LEDGER_EVENT];
    to->injury = from->injury;
    to->nursing_home = from->nursing_home;
    to->norm = from->norm;
    to->factor = from->utility_factor;
    to->home_multiplier = from->home_multiplier;
    to->frail_change = from->frail_change;
    to->sarcopenic_change = from->sarcopenic_change;
    to->injury_change = from->injury_change;
    to->injury_years = from->injury_years;
    for (int state = 0; state < SNW_STEADY_STATES; state++) {
        double m[SNW_N_GROUPS];
        for (int g = 0; g < SNW_N_GROUPS; g++)
            m[g] = state >> g & 1 ? from->multiplier[g][1] : 1;
        to->steady[state] =
            snw_scalar_utility(to, m, state >> 3 & 1, state >> 4 & 1, state >> 5 & 1, 0);
    }
}

struct snw_scalar_work *snw_scalar_new(const struct snw_world *world)
{
    struct snw_scalar_work *work = calloc(1, sizeof *work);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    if (!work || !rng) {
        free(work);
        if (rng)
            gsl_rng_free(rng);
        return NULL;
    }
    work->rng = rng;
    memcpy(work->birth, world->model.birth, sizeof work->birth);
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            work->year[s][i].c = world->model.year[s][i];
            medians(&work->year[s][i]);
            economy(&work->year[s][i].e, &world->economy.year[s][i]);
            bins(&work->year[s][i], world->pilot.bins[s][i]);
        }
    for (int k = 0; k <= SNW_SCALAR_PRONE_STEPS + 1; k++)
        work->ln_proneness[k] = snw_ln_gamma_quantile(13.2 * k / SNW_SCALAR_PRONE_STEPS - 6.6,
                                                      world->params.falls_variance_lasting[0]);
    work->gamma_scale = world->params.falls_variance_yearly[0];
    work->gamma_shape = 1 / work->gamma_scale;
    return work;
}

void snw_scalar_free(struct snw_scalar_work *work)
{
    if (work)
        gsl_rng_free(work->rng);
    free(work);
}

void snw_scalar_clear(struct snw_scalar_work *work)
{
    memset(work->cell, 0, sizeof work->cell);
    work->person_years = 0;
    work->calls = (struct snw_scalar_calls){0};
}
