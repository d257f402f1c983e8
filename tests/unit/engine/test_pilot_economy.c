/* The balance of the reference pass: other people, mortal ones, cost what the nation spends and
   feel as well as its norms, though the pilot's people never die. */
#include "support/near.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "engine/pilot_state.h"
#include "support/world.h"

enum { PILOTS = 30000, PEOPLE = 30000 };

static struct world *world;
static struct lives lives[SNW_N_SEXES];

static int make_world(void **state)
{
    (void)state;
    world = world_new(NULL, PILOTS);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        lives_init(&lives[sex], world, NULL, 0);
        if (lives_run(&lives[sex], (enum snw_sex)sex, 0, PEOPLE, 512) != SNW_OK)
            return -1;
    }
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        lives_free(&lives[sex]);
    world_free(world);
    return 0;
}

/* A WIDE measure summed, and its SD between people. */
struct found {
    double n, sum, sd;
};

static struct found found_of(enum snw_sex sex, int age, enum snw_measure m)
{
    const struct snw_cell *cell = lives_cell(&lives[sex], sex, age, m);
    const struct snw_measure_info *info = &snw_measure_table[m];
    struct found f = {.n = (double)cell->n};
    double mean = (double)cell->sum / f.n;
    double squares = (double)cell->sum_squares + 0x1p32 * (double)cell->sum_squares_high;
    f.sum = info->offset * f.n + info->cell_scale * (double)cell->sum;
    f.sd = info->cell_scale * sqrt(squares / f.n - mean * mean);
    return f;
}

static double years(enum snw_sex sex, int age)
{
    const struct snw_cell *cell = lives_cell(&lives[sex], sex, age, SNW_M_person_years);
    return snw_measure_table[SNW_M_person_years].scale * (double)cell->sum;
}

static const struct snw_economy_year *economy(enum snw_sex sex, int age)
{
    return &world->economy.year[sex][age - SNW_AGE_FIRST];
}

static const struct snw_economy_reference_year *error_of(enum snw_sex sex, int age)
{
    return &world->reference.economy_error.year[sex][age - SNW_AGE_FIRST];
}

/* Standard errors of run and pilot together, 156 of them: each within 4, and their squares,
   smoothing and neighbours sharing people aside, about 1 on average. */
static void people_cost_what_the_nation_spends(void **state)
{
    (void)state;
    double squares = 0;
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
            struct found cost = found_of((enum snw_sex)sex, age, SNW_M_cost);
            double per_year = cost.sum / years((enum snw_sex)sex, age);
            double run = cost.sd / sqrt(cost.n);
            double pilot = error_of((enum snw_sex)sex, age)->modelled[SNW_LEDGER_EVENT];
            double error = sqrt(run * run + pilot * pilot);
            double off = per_year - economy((enum snw_sex)sex, age)->health_care;
            if (fabs(off) > 4 * error)
                fail_msg("sex %d at %d: %.0f USD off, standard error %.0f", sex, age, off, error);
            squares += off / error * (off / error) / 156;
        }
    assert_true(squares > 0.4 && squares < 1.6);
}

static void people_feel_as_well_as_the_norms(void **state)
{
    (void)state;
    double squares = 0;
    int n = 0;
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
            const struct snw_economy_year *e = economy((enum snw_sex)sex, age);
            struct found qaly = found_of((enum snw_sex)sex, age, SNW_M_qaly);
            double per_year = qaly.sum / years((enum snw_sex)sex, age);
            /* of the mean per year lived: the spread of utility, not of time */
            double run = 0.15 / sqrt(qaly.n) * (age < 60 ? 0.4 : 1);
            double pilot = e->norm * error_of((enum snw_sex)sex, age)->utility_factor;
            double error = sqrt(run * run + pilot * pilot), off = per_year - e->norm;
            if (e->utility_factor * e->norm > 1)
                continue; /* held at 1: the mean falls short, and the result says so */
            if (fabs(off) > 4 * error)
                fail_msg("sex %d at %d: %.4f off, standard error %.4f", sex, age, off, error);
            squares += off / error * (off / error);
            n++;
        }
    assert_true(n > 140);
    assert_true(squares / n > 0.2 && squares / n < 1.6);
}

/* The frailty ledger from the same people: background and the frail share's cost. */
static void the_frailty_ledger_balances_too(void **state)
{
    (void)state;
    static const int ages[] = {50, 70, 80, 90};
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (size_t k = 0; k < 4; k++) {
            const struct snw_economy_year *e = economy((enum snw_sex)sex, ages[k]);
            size_t code = (SNW_M_frailty - SNW_N_STATES) * SNW_LEVELS;
            size_t cell = (size_t)sex * SNW_N_AGES + (size_t)(ages[k] - SNW_AGE_FIRST);
            const uint32_t *level =
                lives[sex].totals.levels + cell * SNW_N_CODES * SNW_LEVELS + code;
            double n = (double)lives_cell(&lives[sex], (enum snw_sex)sex, ages[k], SNW_M_alive)->n;
            double share = level[2] / n, modelled = share * e->frail;
            double error = e->frail * sqrt(share * (1 - share) / n * 2);
            assert_near(modelled + e->background[SNW_LEDGER_FRAILTY], e->health_care,
                        4 * error + 0.01 * modelled); /* the frail die sooner within the year */
        }
}

/* -- the expectation itself, against small steps of time -- */

enum { AGE = 80, LANES = 5, STEPS = 200000 };

/* Women of 80 and what is known of them: last fractures of hip, vertebra, elsewhere and last
   injury, in years from the birthday; states; then a hip fracture and an injury of the year. */
static const struct someone {
    double weight, risk, hip, vertebra, other, injury;
    int resident, frail, sarcopenic;
    double breaks_hip, is_hurt; /* time in the year, 9 for never */
} someone[LANES] = {{1.0, 1.0, -1000, -1000, -1000, -1000, 1, 0, 0, 9, 9},
                    {0.5, 2.0, -1000, -1000, -1000, -1000, 0, 1, 1, 0.3, 9},
                    {0.9, 0.5, -1000, -4.6, -1000, -0.1, 0, 0, 1, 9, 0.8},
                    {0.7, 1.5, -0.2, -1000, -2.5, -1000, 1, 1, 0, 0.9, 0.5},
                    {0.8, 1.2, -9, -9, -9, -9, 0, 0, 0, 9, 9}};

struct sums {
    double time, raw, usd, frail;
    double lane[LANES]; /* time lived of each */
};

/* What holds at one instant, straight from the rules: hip 20,000, then 30 %; elsewhere 2,000 and 8
   %, halved in the third year, again in the fourth; vertebra 4,000 x .02 in the fifth; home 90,000.
 */
static void add_instant(const struct someone *p, double t, double alive, struct sums *sum)
{
    double hip = t - (t >= p->breaks_hip ? p->breaks_hip : p->hip), usd = 0, m[4], worst = 2;
    double injury = t >= p->is_hurt ? p->is_hurt : p->injury;
    usd += hip < 1 ? 20000 : hip < 2 ? 6000 : 0;
    usd += t - p->vertebra >= 4 && t - p->vertebra < 5 ? 4000 * 0.02 : 0;
    usd += t - p->other >= 2 && t - p->other < 3 ? 2000 * 0.04 : 0;
    usd += t - p->other >= 3 && t - p->other < 4 ? 2000 * 0.02 : 0;
    usd += p->resident && hip >= 1 ? 90000 : 0;
    m[0] = hip < 1 ? 0.5 : hip < 500 ? 0.8 : 1;
    m[1] = t - p->vertebra < 500 ? 0.9 : 1;
    m[2] = t - p->other < 500 ? 0.95 : 1;
    m[3] = p->resident ? 0.75 : 1;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < i; j++)
            worst = fmin(worst, m[i] * m[j]);
    double raw = 0.8 * worst + fmin(p->frail ? -0.15 : 0, p->sarcopenic ? -0.07 : 0) -
                 (t - injury < 0.25 ? 0.05 : 0);
    sum->time += alive;
    sum->raw += alive * raw;
    sum->usd += alive * usd;
    sum->frail += alive * (p->frail ? 7000 : 0);
}

/* The hazard of death is .4 a year, times 6 for half a year after a hip fracture, then 1.1,
   times 1.2 for five years after a vertebral one. */
static struct sums in_small_steps(void)
{
    struct sums sum = {0};
    for (int k = 0; k < LANES; k++) {
        const struct someone *p = &someone[k];
        double alive = p->weight, before = sum.time;
        for (int step = 0; step < STEPS; step++) {
            double t = (step + 0.5) / STEPS;
            double hip = t - (t >= p->breaks_hip ? p->breaks_hip : p->hip);
            double ratio = (hip < 0.5 ? 6 : hip < 500 ? 1.1 : 1) * (t - p->vertebra < 5 ? 1.2 : 1);
            double dies = 0.4 * p->risk * ratio / STEPS;
            if (step == (int)(p->is_hurt * STEPS + 0.5))
                sum.usd += 500 * alive * STEPS;
            add_instant(p, t, alive * (1 - dies / 2), &sum);
            alive *= exp(-dies);
        }
        sum.lane[k] = sum.time - before;
    }
    return sum;
}

static void lay_out(struct snw_pilot_state *s, const struct someone *p, size_t lane)
{
    struct snw_block *b = s->blocks;
    const double clock[] = {p->hip, p->vertebra, p->other};
    for (int g = 0; g < SNW_N_GROUPS; g++)
        b->fracture_age_yr[g][lane] = SNW_R(clock[g] < -900 ? -1000 : AGE + clock[g]);
    b->injury_age_yr[lane] = SNW_R(p->injury < -900 ? -1000 : AGE + p->injury);
    b->nursing_home[lane] = SNW_R(p->resident);
    b->frailty_opening[lane] = SNW_R(p->frail ? 2 : 1);
    b->sarcopenic[lane] = SNW_R(p->sarcopenic);
    b->death_risk[lane] = SNW_R(p->risk);
    s->weight[lane] = p->weight;
    s->exposure[lane] = p->risk * (p->hip > -900 ? 1.1 : 1) * (p->vertebra > -5 ? 1.2 : 1);
    struct snw_happening *e = s->happenings->event;
    if (p->breaks_hip < 1)
        e[s->happenings->n++] = (struct snw_happening){SNW_R(p->breaks_hip), (uint16_t)lane,
                                                       SNW_EVENT_FRACTURE, SNW_HIP};
    if (p->is_hurt < 1)
        e[s->happenings->n++] =
            (struct snw_happening){SNW_R(p->is_hurt), (uint16_t)lane, SNW_EVENT_FALL_INJURY, 255};
}

static void set_prices(struct snw_economy_year *e)
{
    static const double first_year[3] = {20000, 4000, 2000}, second[3] = {0.3, 0.16, 0.08};
    static const double multiplier[3][2] = {{0.5, 0.8}, {0.6, 0.9}, {0.7, 0.95}};
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        e->first_year[g][1] = first_year[g];
        e->share[g][0] = 1;
        for (int k = 1; k < SNW_COST_YEARS; k++)
            e->share[g][k] = second[g] / (1 << (k - 1));
    }
    memcpy(e->multiplier, multiplier, sizeof multiplier);
    e->age = AGE;
    e->injury = 500;
    e->nursing_home = 90000;
    e->frail = 7000;
    e->norm = 0.8;
    e->home_multiplier = 0.75;
    e->frail_change = -0.15;
    e->sarcopenic_change = -0.07;
    e->injury_change = -0.05;
    e->injury_years = 0.25;
}

/* Steps of 5e-6 years: an edge of 90,000 USD is met within .5 USD. */
static void the_expectation_is_that_of_small_steps_of_time(void **state)
{
    (void)state;
    struct snw_economy *prices = snw_alloc(sizeof *prices);
    struct snw_pilot_result *result = snw_alloc(sizeof *result);
    struct snw_pilot_plan plan = {
        .economy = prices, .params = &world->params, .life = &world->life};
    struct snw_pilot_state s = {.n_blocks = 1, .sex = SNW_FEMALE};
    double weight[SNW_BLOCK_MAX], exposure[SNW_BLOCK_MAX];
    size_t first_event[2] = {0, 0}, i = AGE - SNW_AGE_FIRST;
    s.blocks = snw_alloc(sizeof *s.blocks);
    s.happenings = snw_alloc(sizeof *s.happenings);
    s.model = snw_alloc(sizeof *s.model);
    assert_true(prices && result && s.blocks && s.happenings && s.model);
    s.weight = weight;
    s.exposure = exposure;
    s.first_event = first_event;
    s.blocks->n = LANES;
    s.blocks->age = AGE;
    set_prices(&prices->year[SNW_FEMALE][i]);
    struct snw_year_coef *c = &s.model->year[SNW_FEMALE][i];
    c->hip_early = 6;
    c->hip_late = SNW_R(1.1);
    c->vertebral_rr = SNW_R(1.2);
    c->per_fall[SNW_HIP] = SNW_R(0.02);
    c->per_year[SNW_LEG] = SNW_R(0.003);
    for (size_t k = 0; k < LANES; k++) {
        lay_out(&s, &someone[k], k);
        s.blocks->fall_rate[k] = 2;
        s.blocks->break_hip[k] = k == 3 ? 5 : 1;
        s.blocks->trauma_other[k] = k == 1 ? 9 : 1;
    }
    assert_int_equal(snw_pilot_keep_events(&s, 0), SNW_OK);
    snw_pilot_expect(&s, &plan, AGE, 0.4, result);
    struct sums sum = in_small_steps();
    assert_near(s.mean_raw[i], sum.raw / sum.time, 1e-5);
    assert_near(s.modelled[SNW_LEDGER_EVENT][i], sum.usd / sum.time, 1);
    assert_near(s.modelled[SNW_LEDGER_FRAILTY][i], sum.frail / sum.time, 0.1);
    assert_near(s.blocks->fracture_age_yr[SNW_GROUP_HIP][1], AGE + 0.3, 1e-5);
    double hips = 0.04 * (1 + 4 * sum.lane[3] / sum.time), others = 0, table[SNW_N_SITE];
    for (int site = 0; site < SNW_N_SITE; site++) {
        table[site] = snw_fracture_rate(&world->params, SNW_FEMALE, site, AGE + 0.5, 2017);
        others += site > SNW_VERTEBRAL ? table[site] : 0;
    }
    const double *met = result->frozen.year[SNW_FEMALE][i].fractures_met;
    assert_near(met[SNW_GROUP_HIP], hips / table[SNW_HIP], 1e-4);
    assert_near(met[SNW_GROUP_VERTEBRAL], 0, 0);
    assert_near(met[SNW_GROUP_NHNV], 0.003 * (1 + 8 * sum.lane[1] / sum.time) / others, 1e-6);
    free(s.event);
    snw_free(s.model);
    snw_free(s.happenings);
    snw_free(s.blocks);
    snw_free(result);
    snw_free(prices);
}

/* Those at risk live less of a year: at 90 the first pass falls short by 2.5 % at the hip. */
static void a_second_pass_meets_the_tables(void **state)
{
    (void)state;
    struct snw_ctx ctx;
    struct snw_economy *prices = snw_alloc(sizeof *prices);
    struct snw_pilot_result *result = snw_alloc(sizeof *result);
    assert_true(prices && result);
    snw_ctx_init(&ctx);
    snw_economy_build(prices, &world->params, &world->prices, SNW_LEDGER_EVENT, 0);
    struct snw_pilot_plan plan = {.params = &world->params,
                                  .life = &world->life,
                                  .economy = prices,
                                  .census = (const double(*)[SNW_N_AGES])world->census,
                                  .persons = 10000,
                                  .smoothing = 1,
                                  .second_pass = 1,
                                  .key = {2012, 0}};
    const struct snw_kernels *kernels = snw_kernels_best();
    assert_int_equal(snw_pilot(&ctx, kernels, snw_recorder_kernels_named(kernels->isa), &plan,
                               SNW_FEMALE, result),
                     SNW_OK);
    /* a factor holds for five years: their mean meets the tables */
    for (int g = 0; g < SNW_N_GROUPS; g++)
        for (int from = 0; from + 5 <= SNW_N_AGES; from += 5) {
            double once = 0, twice = 0;
            for (int i = from; i < from + 5; i++) {
                once += world->reference.frozen.year[SNW_FEMALE][i].fractures_met[g] / 5;
                twice += result->frozen.year[SNW_FEMALE][i].fractures_met[g] / 5;
            }
            assert_near(twice, 1, 0.0005);
            assert_true(once < (from < 70 ? 1.0001 : g == SNW_GROUP_HIP ? 0.98 : 0.99));
        }
    snw_free(result);
    snw_free(prices);
}

static void free_of_cost(struct snw_params *params)
{
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        if (strcmp(snw_param_table[id].section, "economics") == 0 &&
            strncmp(snw_param_table[id].name, "health_care", 11) != 0)
            for (size_t i = 0; i < snw_param_table[id].length; i++)
                snw_params_at(params, (enum snw_param_id)id)[i] = 0;
    params->utility_hip_first_year[0] = params->utility_hip_later[0] = 1;
    params->utility_vertebral_first_year[0] = params->utility_vertebral_later[0] = 1;
    params->utility_nhnv_first_year[0] = params->utility_nhnv_later[0] = 1;
    params->utility_nursing_home[0] = 1;
    params->utility_frail[0] = params->utility_sarcopenic[0] = params->utility_injury[0] = 0;
}

static void where_nothing_costs_or_hurts_the_nation_is_all_background(void **state)
{
    (void)state;
    struct world *free_world = world_new(free_of_cost, 1000);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            const struct snw_economy_year *e = &free_world->economy.year[sex][i];
            assert_near(e->background[SNW_LEDGER_EVENT], e->health_care, 1e-9);
            assert_near(e->background[SNW_LEDGER_FRAILTY], e->health_care, 1e-9);
            assert_near(e->utility_factor, 1, 1e-9);
        }
    world_free(free_world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_cost_what_the_nation_spends),
        cmocka_unit_test(people_feel_as_well_as_the_norms),
        cmocka_unit_test(the_frailty_ledger_balances_too),
        cmocka_unit_test(the_expectation_is_that_of_small_steps_of_time),
        cmocka_unit_test(a_second_pass_meets_the_tables),
        cmocka_unit_test(where_nothing_costs_or_hurts_the_nation_is_all_background),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
