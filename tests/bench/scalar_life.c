/* One life after another in plain scalar C. Built twice: timed, and with its calls counted. */
#include "bench/scalar_money.h"
#include "bench/scalar_year.h"

static void record_state(struct snw_scalar_cell *cell, const struct snw_scalar_year *y,
                         const struct seen *s, int sex)
{
    int bin[SNW_SCALAR_STATES];
    int n = sex == SNW_FEMALE ? SNW_SCALAR_STATES : SNW_M_years_since_fmp; /* the last state */
    for (int m = 0; m < n; m++) {
        double x = s->x[m], at = (x - y->bin_low[m]) * y->bin_per_unit[m];
        cell->sum[m] += x;
        cell->squares[m] += x * x;
        bin[m] = (int)(at < 0 ? 0 : at > SNW_BINS - 1 ? SNW_BINS - 1 : at);
    }
    for (int m = 0; m < n; m++)
        cell->histogram[m][bin[m]]++;
    for (int k = 0; k < SNW_SCALAR_CODES; k++)
        cell->level[k][s->code[k]]++;
    cell->n += 1;
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

/* Adds the outcomes of a year; most have none but the time lived, its cost and its quality. */
static void record_year(struct snw_scalar_cell *cell, struct year *year, bool anything)
{
    enum { YEARS = SNW_M_person_years - SNW_M_falls };
    year->count[YEARS] = year->lived;
    for (int k = anything ? 0 : YEARS; k < SNW_SCALAR_COUNTS; k++) {
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
        record_state(cell, y, &s, sex);
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
        account(&p, y, &s, &year);
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
