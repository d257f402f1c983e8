/* One life after another in plain scalar C. Built twice: timed, and with its calls counted. */
#define HAVE_INLINE /* of GSL's generator */
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdbool.h>

#include "bench/scalar.h"

#ifdef SNW_COUNT_CALLS
#define COUNT(what) (w->calls.what += 1)
#define LIVE snw_scalar_live_counted
#else
#define COUNT(what) ((void)w)
#define LIVE snw_scalar_live
#endif

#define NORMAL() (COUNT(normal), gsl_ran_gaussian_ziggurat(w->rng, 1))
#define UNIFORM() (COUNT(uniform), gsl_rng_uniform(w->rng))
#define EXP(x) (COUNT(exp), exp(x))
#define LOG1P(x) (COUNT(log), log1p(x))
#define SQRT(x) (COUNT(sqrt), sqrt(x))

/* A code of a birthday, an outcome of a year, by the name in measures.def. */
#define CODE_OF(seen, name) ((seen)->code[SNW_M_##name - SNW_SCALAR_STATES])
#define COUNT_OF(year, name) ((year)->count[SNW_M_##name - SNW_M_falls])

/* What one person is and carries from year to year, in the program's units. */
struct person {
    double fmp, height_peak_cm, height_peak_m2, height_loss, bmi_base, muscle_base, muscle_slope;
    double bone_slope, strength_base, igfbp2_base, igf1_base, bio_t_base, bio_e2_base;
    double trait_base[SNW_N_TRAIT];
    double activity, bmi_change, muscle_change, muscle_felt, bone_change;
    double trait_change[SNW_N_TRAIT], strength_change, gait_change, igfbp2_change, igf1_change;
    double bio_t_change, bio_e2_change, fall_prone, disability, menopause_early, menopause_late;
    double n_vertebral, log_prior_risk, hip_age, vertebral_age;
    double muscle_treated, strength_treated, trait_treated[SNW_N_TRAIT], fall_rate_treated;
    double hormone_therapy;
    int frailty, resident, sex;
};

/* What is seen at a birthday and used in the year. */
struct seen {
    double height_m, bmi, muscle, strength, neck_ln, spine_ln;
    double strength_z, gait_z, neck_z, spine_z, igfbp2_z;
    double trait_ln[SNW_N_TRAIT];
    double x[SNW_SCALAR_STATES]; /* the measures */
    unsigned char code[SNW_SCALAR_CODES];
};

enum { HARMLESS = SNW_N_SITE, INJURY, EVENTS_MAX = SNW_FALLS_MAX + SNW_NON_FALL_MAX };

struct event {
    double time;
    int what; /* a site, HARMLESS or INJURY */
    bool fell, reported;
};

/* One year's events and what death makes of them. */
struct year {
    int n, hips, vertebrae;
    double lived;
    bool hurt_not_hip;
    double last_fracture; /* time in the year, -1 without */
    double count[SNW_SCALAR_COUNTS];
    struct event event[EVENTS_MAX];
};

static double clip(double low, double high, double x)
{
    return x < low ? low : x > high ? high : x;
}

/* A correlated pair's second member. */
static double mix(double r, double first, double own)
{
    return r * first + sqrt(1 - r * r) * own;
}

static void be_born(struct snw_scalar_work *w, struct person *p, int sex)
{
    const struct snw_birth_coef *c = &w->birth[sex];
    *p = (struct person){.sex = sex, .fmp = 1000, .hip_age = -1000, .vertebral_age = -1000};
    if (sex == SNW_FEMALE) {
        bool early = UNIFORM() < c->early_share;
        p->fmp = early ? 35 + 10 * UNIFORM() : c->fmp_mean + c->fmp_sd * NORMAL();
        p->fmp += c->smoker_shift * ((UNIFORM() < c->smoker_share) - c->smoker_share);
    }
    p->height_peak_cm = c->height_mean + c->height_sd * NORMAL();
    p->height_peak_m2 = p->height_peak_cm * p->height_peak_cm * 1e-4;
    p->height_loss = EXP(c->height_loss_log_sd * (NORMAL() - 0.5 * c->height_loss_log_sd));
    double z_muscle = NORMAL(), z_slope = NORMAL(), bone = NORMAL();
    p->muscle_base = c->sd_muscle_base * z_muscle;
    p->bmi_base = c->sd_bmi_base * mix(c->r_bmi_muscle, z_muscle, NORMAL());
    p->muscle_slope = c->sd_muscle_slope * z_slope;
    p->bone_slope = mix(c->r_slopes, z_slope, NORMAL());
    p->strength_base = c->sd_strength * NORMAL();
    p->igfbp2_base = c->sd_igfbp2 * NORMAL();
    p->igf1_base = c->sd_igf1 * NORMAL();
    p->bio_t_base = c->sd_bio_t * NORMAL();
    p->bio_e2_base = c->sd_bio_e2 * NORMAL();
    double z[SNW_N_TRAIT];
    for (int k = 0; k < SNW_N_TRAIT; k++)
        z[k] = NORMAL();
    z[SNW_TBN_RADIUS] = mix(c->r_radius, z[SNW_TRAB_RADIUS], z[SNW_TBN_RADIUS]);
    for (int k = 0; k < SNW_N_TRAIT; k++) {
        p->trait_base[k] =
            c->sd_trait[k] * z[k] + c->shared_trait[k] * bone + c->muscle_trait[k] * p->muscle_base;
        p->trait_change[k] = c->start_trait[k] * NORMAL();
    }
    z_muscle = NORMAL();
    p->activity = NORMAL();
    p->muscle_change = c->start_muscle * z_muscle;
    p->muscle_felt = p->muscle_base + p->muscle_change;
    p->bmi_change = c->start_bmi * mix(c->start_r_bmi, z_muscle, NORMAL());
    p->bone_change = mix(c->start_r_bone, z_muscle, NORMAL());
    p->strength_change = c->start_strength * NORMAL();
    p->gait_change = c->start_gait * NORMAL();
    p->igfbp2_change = c->start_igfbp2 * NORMAL();
    p->igf1_change = c->start_igf1 * NORMAL();
    p->bio_t_change = c->start_bio_t * NORMAL();
    p->bio_e2_change = c->start_bio_e2 * NORMAL();
    p->fall_prone = NORMAL();
    p->disability = NORMAL();
}

static void see_body(struct snw_scalar_work *w, const struct person *p,
                     const struct snw_scalar_year *y, struct seen *s)
{
    const struct snw_year_coef *c = &y->c;
    double height_cm = p->height_peak_cm - p->height_loss * c->height_loss_cm -
                       c->height_per_vertebral * p->n_vertebral;
    s->height_m = 0.01 * height_cm;
    s->bmi = y->bmi_median * EXP(p->bmi_base + p->bmi_change);
    double m =
        p->muscle_base + p->muscle_slope * c->years_after_40 + p->muscle_change + p->muscle_treated;
    double asm_kg = y->index_median * p->height_peak_m2 *
                    EXP(c->menopause_muscle * clip(0, 4, c->age - p->fmp + 2) + m);
    double rasm = asm_kg / (s->height_m * s->height_m);
    double strength = c->strength_per_muscle * m + c->strength_per_activity * p->activity +
                      p->strength_base + p->strength_change + p->strength_treated +
                      c->strength_shift;
    double factor = EXP(strength);
    double gait = y->gait_median * EXP(c->gait_per_strength * strength + p->gait_change);
    double igfbp2_ln = c->igfbp2_median_ln + c->igfbp2_per_muscle * m +
                       c->igfbp2_per_bmi * (s->bmi - 27) + p->igfbp2_base + p->igfbp2_change;
    s->muscle = m;
    s->strength_z = (c->grip_median_ln + strength - c->z_mean[0]) * c->z_scale[0];
    s->gait_z = (gait - c->z_mean[1]) * c->z_scale[1];
    s->igfbp2_z = (igfbp2_ln - c->z_mean[4]) * c->z_scale[4];
    s->x[SNW_M_asm_kg] = asm_kg;
    s->x[SNW_M_relative_asm_kg_m2] = rasm;
    s->x[SNW_M_smi_bia_kg_m2] = c->smi_intercept + c->smi_slope * rasm;
    s->x[SNW_M_grip_kg] = y->grip_median * factor;
    s->x[SNW_M_knee_extensor_nm] = y->knee_median * factor;
    s->x[SNW_M_gait_m_s] = gait;
    s->x[SNW_M_height_m] = s->height_m;
    s->x[SNW_M_bmi_kg_m2] = s->bmi;
    s->x[SNW_M_activity_z] = p->activity;
    s->x[SNW_M_igfbp2_ng_ml] = EXP(igfbp2_ln);
    s->x[SNW_M_igf1_ng_ml] =
        y->igf1_median * EXP(c->igf1_per_muscle * m + p->igf1_base + p->igf1_change);
    s->x[SNW_M_bio_t_rel] =
        y->bio_t_median * EXP(c->bio_t_per_muscle * m + p->bio_t_base + p->bio_t_change);
    s->x[SNW_M_bio_e2_rel] =
        y->bio_e2_median * EXP(c->bio_e2_menopause * clip(0, 1, (c->age - p->fmp + 1) * (1.0 / 3)) +
                               c->bio_e2_per_muscle * m + p->bio_e2_base + p->bio_e2_change);
    s->x[SNW_M_years_since_fmp] = p->sex == SNW_FEMALE ? c->age - p->fmp : 0;
}

static void see_bone(struct snw_scalar_work *w, const struct person *p,
                     const struct snw_scalar_year *y, struct seen *s)
{
    static const int measure[SNW_N_TRAIT] = {SNW_M_ctth_femoral_neck_mm,
                                             SNW_M_ctth_lumbar_spine_mm,
                                             SNW_M_ctth_radius_mm,
                                             SNW_M_ctth_tibia_mm,
                                             SNW_M_tb_vbmd_femoral_neck_mg_cm3,
                                             SNW_M_tb_vbmd_lumbar_spine_mg_cm3,
                                             SNW_M_bvtv_radius,
                                             SNW_M_tb_vbmd_tibia_mg_cm3,
                                             SNW_M_tbn_radius_per_mm,
                                             SNW_M_ct_vbmd_mg_cm3};
    const struct snw_year_coef *c = &y->c;
    double slope = c->years_after_40 * p->bone_slope, *t = s->trait_ln, *x = s->x;
    for (int k = 0; k < SNW_N_TRAIT; k++)
        t[k] = c->trait_median_ln[k] + c->trait_early[k] * p->menopause_early +
               c->trait_late[k] * p->menopause_late + p->trait_base[k] + p->trait_change[k] +
               c->trait_shared[k] * p->bone_change + c->trait_slope[k] * slope +
               c->trait_muscle[k] * p->muscle_felt + p->trait_treated[k];
    for (int k = 0; k < SNW_N_TRAIT; k++)
        x[measure[k]] = c->trait_reference[k] * EXP(t[k]);
    x[SNW_M_tb_vbmd_tibia_mg_cm3] *= 1200;
    double volume = x[SNW_M_bvtv_radius], per_number = 1 / x[SNW_M_tbn_radius_per_mm];
    x[SNW_M_tbth_radius_mm] = volume * per_number;
    x[SNW_M_tbsp_radius_mm] = (volume < 1 ? 1 - volume : 0) * per_number;
    double neck = 0.60 * t[SNW_CTTH_NECK] + 0.30 * t[SNW_CT_VBMD] + 0.20 * t[SNW_TRAB_NECK];
    double spine = 0.35 * t[SNW_CTTH_SPINE] + 0.35 * t[SNW_TRAB_SPINE] + 0.15 * t[SNW_CT_VBMD];
    s->neck_z = (neck - c->z_mean[2]) * c->z_scale[2];
    s->spine_z = (spine - c->z_mean[3]) * c->z_scale[3];
    x[SNW_M_abmd_femoral_neck_g_cm2] = c->abmd_neck * EXP(neck);
    x[SNW_M_abmd_lumbar_spine_g_cm2] = y->abmd_spine_seen * EXP(spine);
    x[SNW_M_t_score_femoral_neck] =
        (x[SNW_M_abmd_femoral_neck_g_cm2] - c->t_mean_neck) * c->t_scale_neck;
    x[SNW_M_t_score_lumbar_spine] =
        (x[SNW_M_abmd_lumbar_spine_g_cm2] - c->t_mean_spine) * c->t_scale_spine;
    double tissue_mm = clip(5, 100, c->tissue_base + c->tissue_slope * (s->bmi - 25));
    double impact = SQRT(s->height_m * s->height_m * s->height_m * s->bmi);
    double bare = y->load_factor * impact;
    double load = fmax(bare - 71 * tissue_mm, 0.2 * bare);
    x[SNW_M_strength_femur_n] = c->femur_n * EXP(c->femur_exponent * neck);
    x[SNW_M_load_to_strength] = load / x[SNW_M_strength_femur_n];
    x[SNW_M_load_to_strength_ea] = load / (c->femur_n * EXP(c->stiffness_exponent * neck));
    x[SNW_M_load_to_strength_radius] =
        impact * y->radius_base *
        EXP(-0.5 * t[SNW_CTTH_RADIUS] - 0.3 * t[SNW_TRAB_RADIUS] - 0.6 * t[SNW_CT_VBMD]);
}

static void classify(const struct person *p, const struct snw_scalar_year *y, struct seen *s)
{
    static const double grip_eu[] = {16, 27}, rasm_eu[] = {5.5, 7.0}, grip_us[] = {16, 26};
    static const double ratio_us[] = {0.512, 0.789}, grip_sdoc[] = {20, 35.5};
    static const double rasm_old[] = {5.45, 7.26};
    const double *x = s->x;
    double grip = x[SNW_M_grip_kg], rasm = x[SNW_M_relative_asm_kg_m2], gait = x[SNW_M_gait_m_s];
    bool weak = grip < grip_eu[p->sex], low = rasm < rasm_eu[p->sex], slow = gait <= 0.8;
    CODE_OF(s, sarcopenia_ewgsop2) = (unsigned char)(weak + (weak && low) + (weak && low && slow));
    CODE_OF(s, sarcopenia_fnih) =
        grip < grip_us[p->sex] && x[SNW_M_asm_kg] < ratio_us[p->sex] * s->bmi;
    CODE_OF(s, sarcopenia_sdoc) = grip < grip_sdoc[p->sex] && gait < 0.8;
    CODE_OF(s, sarcopenia_baumgartner) = rasm < rasm_old[p->sex];
    double smi = x[SNW_M_smi_bia_kg_m2];
    CODE_OF(s, smi_class) = (unsigned char)((smi <= y->c.smi_moderate) + (smi <= y->c.smi_high));
    double neck = x[SNW_M_t_score_femoral_neck];
    double lower = fmin(neck, x[SNW_M_t_score_lumbar_spine]);
    bool applies = p->sex == SNW_MALE ? y->c.age >= 50 : y->c.age >= p->fmp;
    CODE_OF(s, osteoporosis_who) =
        (unsigned char)(applies ? (lower < -1) + (lower <= -2.5) : SNW_SCALAR_LEVELS - 1);
    CODE_OF(s, osteoporosis_neck) =
        (unsigned char)(applies ? (neck < -1) + (neck <= -2.5) : SNW_SCALAR_LEVELS - 1);
    CODE_OF(s, frailty) = (unsigned char)p->frailty;
    double limit =
        (double)y->c.disabled_below[CODE_OF(s, smi_class)][p->hip_age > 0][p->frailty == 2];
    CODE_OF(s, disabled) = p->disability < limit;
    CODE_OF(s, residence) = (unsigned char)p->resident;
    CODE_OF(s, on_treatment) = p->hormone_therapy > 0;
    CODE_OF(s, alive) = 1;
}

static void record_state(struct snw_scalar_cell *cell, const struct snw_scalar_year *y,
                         const struct seen *s)
{
    int bin[SNW_SCALAR_STATES];
    for (int m = 0; m < SNW_SCALAR_STATES; m++) {
        double x = s->x[m], at = (x - y->bin_low[m]) * y->bin_per_unit[m];
        cell->sum[m] += x;
        cell->squares[m] += x * x;
        bin[m] = (int)(at < 0 ? 0 : at > SNW_BINS - 1 ? SNW_BINS - 1 : at);
    }
    for (int m = 0; m < SNW_SCALAR_STATES; m++)
        cell->histogram[m][bin[m]]++;
    for (int k = 0; k < SNW_SCALAR_CODES; k++)
        cell->level[k][s->code[k]]++;
    cell->n += 1;
}

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

/* Integral over y of 1 - (y - 2) / 8 from 2 to y, y held within 2 and 10. */
static double late_loss(double y)
{
    double t = clip(0, 8, y - 2);
    return t - t * t * 0.0625;
}

static void advance(struct snw_scalar_work *w, struct person *p, const struct snw_scalar_year *y,
                    const struct seen *s, double last_fracture)
{
    const struct snw_year_coef *c = &y->c;
    double from = c->age - p->fmp, to = from + 1;
    if (to > -1 && from < 10) {
        double bare =
            fmax(0, 1 - c->weight_shield * c->bmi_z_scale * (p->bmi_base + p->bmi_change)) *
            (1 - c->therapy_shield * p->hormone_therapy);
        p->menopause_early += bare * (clip(-1, 2, to) - clip(-1, 2, from));
        p->menopause_late += bare * (late_loss(to) - late_loss(from));
    }
    double z = NORMAL();
    p->muscle_felt += c->felt_lag * (s->muscle - p->muscle_felt);
    p->muscle_change =
        c->muscle_phi * p->muscle_change + c->muscle_sd * z + c->muscle_per_activity * p->activity;
    p->log_prior_risk = last_fracture < 0
                            ? p->log_prior_risk * c->prior_decay
                            : c->prior_ln * EXP((last_fracture - 1.5) * c->prior_rate);
    p->bone_change =
        c->bone_phi * p->bone_change + c->bone_sd * (c->bone_r * z + y->bone_own * NORMAL());
    for (int k = 0; k < SNW_N_TRAIT; k++)
        p->trait_change[k] = c->bone_phi * p->trait_change[k] + c->trait_sd[k] * NORMAL();
    for (int k = 0; k < SNW_N_TRAIT && c->igfbp2_feedback != 0; k++)
        p->trait_base[k] += c->trait_feedback[k] * s->igfbp2_z;
    p->bmi_change = c->bmi_phi * p->bmi_change + c->bmi_sd * (c->bmi_r * z + y->bmi_own * NORMAL());
    p->strength_change = c->strength_phi * p->strength_change + c->strength_sd * NORMAL();
    p->gait_change = c->gait_phi * p->gait_change + c->gait_sd * NORMAL();
    p->igfbp2_change = c->igfbp2_phi * p->igfbp2_change + c->igfbp2_sd * NORMAL();
    p->igf1_change = c->marker_phi * p->igf1_change + c->igf1_sd * NORMAL();
    p->bio_t_change = c->marker_phi * p->bio_t_change + c->bio_t_sd * NORMAL();
    p->bio_e2_change = c->marker_phi * p->bio_e2_change + c->bio_e2_sd * NORMAL();
    p->fall_prone = c->prone_phi * p->fall_prone + c->prone_sd * NORMAL();
    p->disability = c->disability_phi * p->disability + c->disability_sd * NORMAL();
    p->activity = c->activity_phi * p->activity + c->activity_sd * NORMAL();
}

/* Adds the outcomes of a year; most have none but the time lived. */
static void record_year(struct snw_scalar_cell *cell, const struct year *year, bool anything)
{
    enum { YEARS = SNW_M_person_years - SNW_M_falls };
    cell->count[YEARS] += year->lived;
    cell->count_squares[YEARS] += year->lived * year->lived;
    for (int k = 0; k < YEARS && anything; k++) {
        cell->count[k] += year->count[k];
        cell->count_squares[k] += year->count[k] * year->count[k];
    }
}

static void live(struct snw_scalar_work *w, int sex)
{
    struct person p;
    struct seen s;
    struct year year;
    be_born(w, &p, sex);
    for (int i = 0; i < SNW_N_AGES; i++) {
        const struct snw_scalar_year *y = &w->year[sex][i];
        const struct snw_year_coef *c = &y->c;
        struct snw_scalar_cell *cell = &w->cell[sex][i];
        w->person_years++;
        see_body(w, &p, y, &s);
        see_bone(w, &p, y, &s);
        classify(&p, y, &s);
        record_state(cell, y, &s);
        year.n = year.hips = year.vertebrae = 0;
        year.hurt_not_hip = false;
        year.last_fracture = -1;
        for (int k = 0; k < SNW_SCALAR_COUNTS; k++)
            year.count[k] = 0;
        fall(w, &p, y, &s, &year);
        break_without_fall(w, &p, y, &s, &year);
        live_or_die(w, &p, y, &s, &year);
        if (year.n > 0)
            settle(&p, c, &year);
        bool dies = year.lived<1, hip = COUNT_OF(&year, fracture_hip)> 0;
        COUNT_OF(&year, death) = dies;
        COUNT_OF(&year, menopause) = p.fmp >= c->age && p.fmp < c->age + year.lived;
        if (dies) {
            cell->cause[attribute(w, &p, c, &s, c->age + year.lived)]++;
            record_year(cell, &year, true);
            return;
        }
        int opening = p.frailty;
        change_frailty(w, &p, c, &s, hip);
        if (c->enter_home > 0 || hip)
            if (enters_home(w, c, &year, opening, hip) && !p.resident)
                COUNT_OF(&year, nursing_home_entry) = p.resident = 1;
        record_year(cell, &year,
                    year.n > 0 ||
                        COUNT_OF(&year, nursing_home_entry) + COUNT_OF(&year, menopause) > 0);
        advance(w, &p, y, &s, year.last_fracture);
    }
}

void LIVE(struct snw_scalar_work *w, uint32_t persons)
{
    for (uint32_t i = 0; i < (persons + 1) / 2; i++)
        live(w, SNW_FEMALE);
    for (uint32_t i = 0; i < persons / 2; i++)
        live(w, SNW_MALE);
}
