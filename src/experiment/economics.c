/* Totals a person of whole lives, from sums by age or from sums of whole lives. */
#include "experiment/economics.h"

#include <stdlib.h>
#include <string.h>

#include "decision/flow.h"
#include "experiment/accounting.h"
#include "experiment/paired.h"

enum { LABELS = SNW_SEX_LABELS };

const struct snw_lives_sum snw_lives_sums[SNW_LIVES_SUMS] = {
    {"cost", "Cost by the chosen ledger, interventions included", "USD", "cost", SNW_P_cost,
     SNW_P_cost_discounted, NULL, 1},
    {"qalys", "Quality-adjusted time lived", "year", "qaly", SNW_P_qalys, SNW_P_qalys_discounted,
     NULL, 1},
    {"life_years", "Time lived", "year", "person_years", SNW_P_life_years,
     SNW_P_life_years_discounted, NULL, 1},
    {"cost_interventions", "Cost of interventions, a part of cost", "USD", "cost_interventions",
     SNW_P_cost_interventions, SNW_P_cost_interventions_discounted, NULL, 1},
    {"cost_by_part", "Cost by part, of all ledgers", "USD", "cost_by_part", -1, -1, "part",
     SNW_N_COST_PARTS},
    {"cost_by_ledger", "Cost by ledger, views of the same lives: never added", "USD",
     "cost_by_ledger", -1, -1, "ledger", SNW_N_LEDGERS},
};

static bool is_cohort(const struct snw_world *world)
{
    return world->settings->mode == SNW_MODE_BIRTH_COHORT;
}

bool snw_economics_applies(const struct snw_world *world)
{
    bool followed = world->settings->mode == SNW_MODE_CROSS_SECTION &&
                    world->population.years > 1 && world->n_scenarios > 1;
    return !world->sweep && (is_cohort(world) || followed);
}

static const struct snw_outcome *outcome_of(const struct snw_world *world, const char *name)
{
    for (size_t i = 0; i < world->outcomes->n; i++)
        if (strcmp(world->outcomes->list[i].name, name) == 0)
            return &world->outcomes->list[i];
    return NULL;
}

bool snw_lives_known(const struct snw_world *world, const struct snw_lives_sum *sum)
{
    return is_cohort(world) ? outcome_of(world, sum->outcome) != NULL : sum->whole >= 0;
}

/* The values of an outcome in one draw. @param[out] cells  (scenarios, SNW_CELLS, e->n) */
static snw_status read_draw(struct snw_ctx *ctx, const struct snw_lives *lives,
                            const struct snw_outcome *e, size_t draw, double *cells)
{
    const struct snw_world *world = lives->world;
    if (draw > 0)
        return snw_spread_read(ctx, lives->spread, draw, draw + 1, snw_outcome_place(world, e, 0),
                               world->n_scenarios * SNW_CELLS * e->n, cells);
    for (size_t s = 0; s < world->n_scenarios; s++)
        for (size_t c = 0; c < SNW_CELLS; c++)
            for (size_t k = 0; k < e->n; k++)
                *cells++ = snw_outcome_value(e, &lives->totals[s], c, k);
    return SNW_OK;
}

/* A draw of a cohort, and how its years are worth. */
struct cohort {
    struct snw_lives *lives;
    const struct snw_outcome *e;
    double *people, *flow; /* (scenarios, SNW_CELLS) alive; (scenarios, SNW_CELLS, e->n) */
    double weight[2][SNW_N_AGES];
};

static void lay_draw(const struct cohort *c, size_t draw, double *const values[2])
{
    struct snw_lives *lives = c->lives;
    const size_t n = c->e->n,
                 from = (size_t)(snw_discount_age(lives->world->settings) - SNW_AGE_FIRST);
    struct snw_flow flow = {
        .n_ages = SNW_N_AGES, .from = from, .step = n, .of_all = c->e->kind == SNW_OUTCOME_YEARS};
    for (size_t s = 0; s < lives->world->n_scenarios; s++)
        for (size_t sex = 0; sex < LABELS; sex++) {
            flow.people = c->people;
            double first = snw_flow_people(&flow, (enum snw_whom)sex);
            flow.people = c->people + s * SNW_CELLS;
            if (snw_flow_people(&flow, (enum snw_whom)sex) != first)
                lives->unlike = s;
            for (size_t k = 0; k < n; k++)
                for (int d = 0; d < 2; d++) {
                    flow.flow = c->flow + s * SNW_CELLS * n + k;
                    flow.weight = c->weight[d];
                    values[d][((s * lives->n_draws + draw) * LABELS + sex) * n + k] =
                        snw_flow_total(&flow, (enum snw_whom)sex);
                }
        }
}

static snw_status of_cohort(struct snw_ctx *ctx, struct snw_lives *lives,
                            const struct snw_outcome *e, double *const values[2])
{
    snw_status status = SNW_OK;
    const struct snw_world *world = lives->world;
    const struct snw_outcome *alive = outcome_of(world, "alive_n");
    size_t n = world->n_scenarios * SNW_CELLS;
    struct cohort c = {.lives = lives,
                       .e = e,
                       .people = malloc(n * sizeof *c.people),
                       .flow = malloc(n * e->n * sizeof *c.flow)};
    if (!c.people || !c.flow)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for totals of lives"));
    snw_flow_weights(0, SNW_N_AGES, c.weight[0]);
    snw_flow_weights(snw_discount_rate(world->settings, e->units), SNW_N_AGES, c.weight[1]);
    for (size_t draw = 0; draw < lives->n_draws; draw++) {
        SNW_TRY(read_draw(ctx, lives, alive, draw, c.people));
        SNW_TRY(read_draw(ctx, lives, e, draw, c.flow));
        lay_draw(&c, draw, values);
    }
out:
    free(c.people);
    free(c.flow);
    return status;
}

/* What was kept of whole lives of people who are followed. */
static snw_status of_followed(struct snw_ctx *ctx, const struct snw_lives *lives,
                              enum snw_paired measure, double *values)
{
    snw_status status = SNW_OK;
    const struct snw_world *world = lives->world;
    size_t n = world->n_scenarios * LABELS,
           place = snw_row_of(world).paired + snw_paired_place(world, measure, SNW_PAIRED_TOTAL);
    double *row = malloc(n * sizeof *row);
    if (!row)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for totals of lives");
    for (size_t draw = 0; draw < lives->n_draws; draw++) {
        if (draw == 0)
            snw_paired_statistic(world, lives->totals, measure, SNW_PAIRED_TOTAL, row);
        else
            SNW_TRY(snw_spread_read(ctx, lives->spread, draw, draw + 1, place, n, row));
        for (size_t s = 0; s < world->n_scenarios; s++)
            memcpy(values + (s * lives->n_draws + draw) * LABELS, row + s * LABELS,
                   LABELS * sizeof *row);
    }
out:
    free(row);
    return status;
}

snw_status snw_lives_total(struct snw_ctx *ctx, struct snw_lives *lives,
                           const struct snw_lives_sum *sum, double *const values[2])
{
    snw_status status = SNW_OK;
    if (is_cohort(lives->world))
        return of_cohort(ctx, lives, outcome_of(lives->world, sum->outcome), values);
    SNW_TRY(of_followed(ctx, lives, (enum snw_paired)sum->whole, values[0]));
    SNW_TRY(of_followed(ctx, lives, (enum snw_paired)sum->discounted, values[1]));
out:
    return status;
}
