/* One target, one panel: weights, SD scores, the family of the operator, the jackknife. */
#include "calibration/evaluate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "calibration/evaluation.h"
#include "core/vmath.h"

void snw_room_free(struct snw_room *room)
{
    free(room->bytes);
    *room = (struct snw_room){0};
}

void *snw_room_need(struct snw_room *room, size_t bytes)
{
    if (bytes > room->size) {
        size_t size = bytes < 2 * room->size ? 2 * room->size : bytes;
        void *more = realloc(room->bytes, size);
        if (!more)
            return NULL;
        room->bytes = more;
        room->size = size;
    }
    return room->bytes;
}

double snw_jackknife_error(const struct snw_jackknife *j)
{
    double n = 0, mean = 0, squares = 0;
    for (int g = 0; g < SNW_PANEL_GROUPS; g++)
        if (j->met[g]) {
            n++;
            mean += j->without[g];
        }
    mean /= n;
    for (int g = 0; g < SNW_PANEL_GROUPS; g++)
        if (j->met[g])
            squares += (j->without[g] - mean) * (j->without[g] - mean);
    return n > 1 ? snw_sqrt_f64(squares * (n - 1) / n) : (double)NAN;
}

bool snw_selected(const struct snw_evaluation *e, size_t person, int age)
{
    const struct snw_target *t = e->t;
    return (t->sex == SNW_BOTH_SEXES || t->sex == e->panel->sex[person]) &&
           (t->selection.n == 0 ||
            snw_conditions_hold(e->panel, &t->selection, e->scores, person, age) == 1);
}

double snw_weight(const struct snw_evaluation *e, size_t person, int age)
{
    double own = e->panel->weight ? e->panel->weight[person] : 1;
    return own * e->weight[e->panel->sex[person]][age - SNW_AGE_FIRST];
}

unsigned snw_groups_of(const struct snw_evaluation *e, size_t person, int age)
{
    const struct snw_target *t = e->t;
    if (t->among.n == 0)
        return 1;
    int among = snw_conditions_hold(e->panel, &t->among, e->scores, person, age);
    int against = t->against.n ? snw_conditions_hold(e->panel, &t->against, e->scores, person, age)
                               : among == 0;
    return (among == 1 ? 1u : 0u) | (against == 1 ? 2u : 0u);
}

/* Place of a year among the censuses, -1 where it is not there. */
static int find_census(const struct snw_census *census, int year)
{
    for (size_t k = 0; census && k < census->n; k++)
        if (census->year[k] == year)
            return (int)k;
    return -1;
}

/* Weights of one person so that ages weigh as the row says. */
static bool set_weights(struct snw_evaluation *e, const struct snw_census *census)
{
    const double *n = e->panel->cells.n[SNW_M_alive];
    const enum snw_weighting weighting = e->t->weighting;
    int k = weighting == SNW_CENSUS ? find_census(census, e->t->census) : 0;
    if (k < 0)
        return false;
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int a = 0; a < SNW_N_AGES; a++) {
            double people = e->panel->alive[s][a], of_cell = n ? n[s * SNW_N_AGES + a] : 0;
            double want = weighting == SNW_CENSUS ? census->count[k][s][a] : 1;
            bool lived = weighting == SNW_LIVED;
            e->weight[s][a] = lived ? 1 : people > 0 ? want / people : 0;
            e->cell_weight[s][a] = lived ? 1 : of_cell > 0 ? want / of_cell : 0;
        }
    return true;
}

static void fill_score(const struct snw_quantity *q, void *to)
{
    struct snw_evaluation *e = to;
    if (q->z)
        snw_scores_fill(e->panel, q, &e->scores[q->score]);
}

/* Deaths per person-year by sex and age: of the cells where they are there, else of the people. */
static void set_hazard(struct snw_evaluation *e)
{
    const struct snw_panel *p = e->panel;
    double deaths[SNW_N_SEXES][SNW_N_AGES] = {{0}}, years[SNW_N_SEXES][SNW_N_AGES] = {{0}};
    const struct snw_cells *c = &p->cells;
    if (c->mean[SNW_M_death] && c->n[SNW_M_death] && c->person_years) {
        for (int i = 0; i < SNW_N_SEXES * SNW_N_AGES; i++)
            e->hazard_per_yr[i / SNW_N_AGES][i % SNW_N_AGES] =
                c->person_years[i] > 0
                    ? c->mean[SNW_M_death][i] * c->n[SNW_M_death][i] / c->person_years[i]
                    : 0;
        return;
    }
    for (size_t i = 0; i < p->n; i++)
        for (int age = p->from[i]; age <= p->to[i]; age++) {
            double death = p->death_age_yr[i];
            bool dies = death < age + 1; /* not where it is NaN */
            deaths[p->sex[i]][age - SNW_AGE_FIRST] += dies;
            years[p->sex[i]][age - SNW_AGE_FIRST] += dies ? death - age : 1;
        }
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int a = 0; a < SNW_N_AGES; a++)
            e->hazard_per_yr[s][a] = years[s][a] > 0 ? deaths[s][a] / years[s][a] : 0;
}

/* Why the people do not suffice for a target; empty where they do. */
static void explain(const struct snw_panel *p, const struct snw_target *t, char *reason,
                    size_t size)
{
    bool needed[SNW_N_MEASURES] = {false};
    reason[0] = '\0';
    snw_target_measures(t, needed);
    if (p->n == 0) {
        snprintf(reason, size, "needs trajectories, with alive among their fields");
        return;
    }
    for (int m = 0; m < SNW_N_MEASURES; m++)
        if (needed[m] && !p->value[m]) {
            snprintf(reason, size, "needs trajectories of %s", snw_measure_table[m].name);
            return;
        }
    if (snw_operator_table[t->op].needs >> SNW_A_site & 1 && !p->event_first)
        snprintf(reason, size, "needs events, for exact times of fractures and deaths");
}

static void evaluate_people(struct snw_evaluation *e, struct snw_jackknife *j)
{
    const struct snw_operator_info *op = &snw_operator_table[e->t->op];
    snw_each_quantity(e->t, fill_score, e);
    if (op->needs >> SNW_A_site & 1)
        set_hazard(e);
    static void (*const families[])(struct snw_evaluation *,
                                    struct snw_jackknife *) = {snw_levels, snw_moments, snw_ratios};
    families[op->family](e, j);
}

snw_status snw_target_evaluate(struct snw_ctx *ctx, const struct snw_panel *panel,
                               const struct snw_census *census, const struct snw_target *t,
                               struct snw_room *room, struct snw_estimate *out)
{
    struct snw_evaluation e = {.ctx = ctx, .panel = panel, .t = t, .room = room, .status = SNW_OK};
    *out = (struct snw_estimate){.value = (double)NAN, .error = (double)NAN};
    if (t->op == SNW_OP_none) {
        snprintf(out->reason, sizeof out->reason, "%s", t->text[SNW_T_note]);
        return SNW_OK;
    }
    if (!set_weights(&e, census)) {
        snprintf(out->reason, sizeof out->reason, "needs the people of %d in a table of population",
                 t->census);
        return SNW_OK;
    }
    double bound, exact = snw_levels_of_cells(&e, &bound);
    explain(panel, t, out->reason, sizeof out->reason);
    if (!out->reason[0]) {
        struct snw_jackknife j = {.all = (double)NAN};
        evaluate_people(&e, &j);
        out->value = j.all;
        out->error = snw_jackknife_error(&j);
        if (e.status != SNW_OK)
            return e.status;
        if (isnan(j.all))
            snprintf(out->reason, sizeof out->reason, "too few people or events in the result");
    }
    if (!isnan(exact)) {
        out->error = isnan(out->error) ? bound : out->error * snw_sqrt_f64(snw_levels_drawn(&e));
        out->value = exact;
        out->exact = true;
        out->reason[0] = '\0';
    }
    out->value *= t->argument[SNW_A_scale];
    out->error *= fabs(t->argument[SNW_A_scale]);
    return SNW_OK;
}
