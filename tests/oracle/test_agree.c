/* The block kernels in double against the oracle: the same people with the same luck, year by year.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "oracle/agree_compare.h"
#include "support/starting.h"

enum {
    N_PILOTS = 3000,
    N_PEOPLE = 800,   /* of each sex */
    MAY_DIFFER = 200, /* one life in so many, where the last digits put a draw across a threshold */
    CODES_DIFFER =
        1000,    /* one person-year in so many, beside a cut: codes compare rounded numbers */
    ARRAYS = 200 /* at least those of all fields */
};

static const struct snw_key pilot_key = {11, 0}, key = {12, 0};

/* Room for one sex at work. */
struct room {
    struct snw_block block;
    struct snw_luck luck, born;
    struct snw_happenings happenings;
    struct snw_readout readout;
    int32_t part_cents[SNW_N_COST_PARTS][SNW_STRIDE];
    struct agree_life life[N_PEOPLE];
};

struct tally {
    struct agree_margin margin;
    uint64_t person_years, code_differs[SNW_N_MEASURES];
    unsigned deaths;
};

static void identify(struct snw_block *b, enum snw_sex sex)
{
    b->n = N_PEOPLE;
    b->sex = sex;
    b->age = SNW_AGE_FIRST;
    for (uint32_t i = 0; i < N_PEOPLE; i++) {
        b->person[i] = i;
        b->replicate[i] = 3;
        b->row[i] = (int32_t)i;
        b->enter_age[i] = SNW_AGE_FIRST;
        b->exit_age[i] = SNW_AGE_LAST + 1;
    }
}

static void be_born(const struct agree_world *w, struct room *room, enum snw_sex sex)
{
    struct snw_block *b = &room->block;
    identify(b, sex);
    for (uint32_t i = 0; i < N_PEOPLE; i++) {
        struct snw_oracle_person person = {.sex = sex, .id = i, .replicate = 3, .key = key};
        room->life[i].differs = false;
        snw_oracle_live(&w->params, w->reference, &person, &room->life[i].oracle);
    }
    w->kernels->luck(&room->born, key, b->n, b->person, b->replicate, 0, SNW_SLOT_BIRTH_FIRST,
                     SNW_N_BIRTH_SLOTS);
    w->kernels->luck(&room->luck, key, b->n, b->person, b->replicate, SNW_AGE_FIRST - 1,
                     SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
    w->kernels->birth(b, &w->model->birth[sex], &room->born, &room->luck);
}

static const struct snw_year_coef *coef_of(const struct agree_world *w, const struct room *room)
{
    return &w->model->year[room->block.sex][room->block.age - SNW_AGE_FIRST];
}

/* The birthday and the risks of the year it opens. */
static void risk_year(const struct agree_world *w, struct room *room)
{
    struct snw_block *b = &room->block;
    const struct snw_year_coef *c = coef_of(w, room);
    w->kernels->luck(&room->luck, key, b->n, b->person, b->replicate, (uint32_t)b->age,
                     SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
    snw_run_phase(w->kernels, SNW_LOOK, b, c, &room->luck);
    snw_run_phase(w->kernels, SNW_SCORE, b, c, &room->luck);
    snw_run_phase(w->kernels, SNW_RISK, b, c, &room->luck);
    w->recorders->state(&room->readout, b, c, NULL);
}

/* What happens in it. */
static void end_year(const struct agree_world *w, struct room *room)
{
    struct snw_block *b = &room->block;
    const struct snw_year_coef *c = coef_of(w, room);
    w->kernels->happen(b, c, &room->luck, key, 0, &room->happenings);
    room->readout.accounts.part_cents = room->part_cents;
    w->accounting->account(b, &w->economy->year[b->sex][b->age - SNW_AGE_FIRST], &room->happenings,
                           b->n, &room->readout.accounts);
    snw_run_phase(w->kernels, SNW_END, b, c, &room->luck);
    w->recorders->year(&room->readout, b, c, NULL);
}

/* One year as the engine lives it; lanes are compared before the dead leave. */
static void live_year(const struct agree_world *w, struct room *room, struct tally *tally)
{
    struct snw_block *b = &room->block;
    const struct snw_year_coef *c = coef_of(w, room);
    struct agree_at at = {.world = w,
                          .block = b,
                          .readout = &room->readout,
                          .margin = &tally->margin,
                          .code_differs = tally->code_differs};
    risk_year(w, room);
    for (at.lane = 0; at.lane < b->n; at.lane++) {
        at.life = &room->life[b->person[at.lane]];
        if (b->age == SNW_AGE_FIRST)
            agree_birth(&at);
        agree_birthday(&at);
    }
    end_year(w, room);
    for (at.lane = 0; at.lane < b->n; at.lane++) {
        at.life = &room->life[b->person[at.lane]];
        snw_real u = snw_draw_uniform(key, b->person[at.lane], b->replicate[at.lane],
                                      (uint32_t)b->age, SNW_WORD_cause);
        agree_year(&at, snw_attribute_death(b, c, at.lane, (double)u));
    }
    tally->person_years += b->n;
    snw_run_phase(w->kernels, SNW_ADVANCE, b, c, &room->luck);
    for (size_t i = b->n; i-- > 0;)
        if (b->lived_yr[i] < SNW_R(1)) {
            snw_block_move(b, i, --b->n);
            tally->deaths++;
        }
}

static unsigned report(const struct room *room)
{
    unsigned differ = 0;
    for (size_t i = 0; i < N_PEOPLE; i++) {
        const struct agree_life *life = &room->life[i];
        if (!life->differs)
            continue;
        if (++differ <= 20)
            print_message("%s %zu parts at %d by %s: kernel %.9g, oracle %.9g\n",
                          room->block.sex == SNW_FEMALE ? "woman" : "man", i, life->age, life->what,
                          life->kernel_value, life->oracle_value);
    }
    return differ;
}

static void hold_codes(const struct tally *tally)
{
    for (int m = 0; m < SNW_N_MEASURES; m++)
        if (tally->code_differs[m] * CODES_DIFFER > tally->person_years)
            fail_msg("%s differs in %llu of %llu person-years", snw_measure_table[m].name,
                     (unsigned long long)tally->code_differs[m],
                     (unsigned long long)tally->person_years);
}

/* Lives everybody's life twice in the world of these parameters. */
static void live_twice(const struct snw_params *params)
{
    struct snw_ctx ctx;
    struct agree_world world;
    struct tally tally = {.deaths = 0};
    struct room *room = snw_alloc(sizeof *room);
    unsigned differ = 0;
    assert_non_null(room);
    snw_ctx_init(&ctx);
    assert_int_equal(snw_params_check(params, &ctx), SNW_OK);
    agree_world_plan(&world, params);
    assert_int_equal(agree_world_build(&world, &ctx, N_PILOTS, 1, pilot_key), SNW_OK);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        be_born(&world, room, (enum snw_sex)sex);
        for (; room->block.age <= SNW_AGE_LAST; room->block.age++)
            live_year(&world, room, &tally);
        differ += report(room);
    }
    print_message("%u of %d lives part (kernels %s); the rest agree to %.1e (%s); "
                  "%llu person-years, %u deaths\n",
                  differ, SNW_N_SEXES * N_PEOPLE, world.kernels->isa, tally.margin.largest,
                  tally.margin.what, (unsigned long long)tally.person_years, tally.deaths);
    assert_true(differ * MAY_DIFFER <= SNW_N_SEXES * N_PEOPLE);
    hold_codes(&tally);
    assert_true(tally.deaths > SNW_N_SEXES * N_PEOPLE / 2);
    agree_world_free(&world);
    snw_free(room);
}

static void women_and_men_live_as_the_oracle_says(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    live_twice(&params);
}

/* Moves a field of one lane, makes the comparison of that moment, and puts it back. */
static int is_found(struct agree_at *at, snw_real *field, void (*compare)(struct agree_at *at))
{
    snw_real kept = field[at->lane];
    at->life->differs = false;
    field[at->lane] += SNW_R(2e-3) * (fabs(kept) > SNW_R(1) ? kept : SNW_R(1));
    compare(at);
    field[at->lane] = kept;
    return at->life->differs;
}

static void compare_birthday(struct agree_at *at)
{
    agree_birth(at);
    agree_birthday(at);
}

static void compare_year(struct agree_at *at)
{
    agree_year(at, SNW_CAUSE_BACKGROUND);
}

/* Notes of every array of every field whether the comparison sees it move. */
static void look_for_each(struct agree_at *at, struct snw_block *b,
                          void (*compare)(struct agree_at *at), char found[])
{
    size_t count, k = 0;
    const struct snw_field_info *fields = snw_field_table(&count);
    for (size_t f = 0; f < count; f++)
        for (size_t j = 0; j < fields[f].count; j++, k++) {
            assert_true(k < ARRAYS);
            found[k] |= (char)is_found(at, snw_field_at(b, &fields[f], j), compare);
        }
}

/* A woman of 71 who lives on: what interventions write is 0 in both worlds, all else is compared.
 */
static void a_difference_in_any_field_is_found(void **state)
{
    (void)state;
    enum { AGE = 71 };
    struct snw_ctx ctx;
    struct agree_world w;
    struct snw_params params;
    struct tally tally = {.deaths = 0};
    char found[ARRAYS] = {0};
    struct room *room = snw_alloc(sizeof *room);
    assert_non_null(room);
    snw_ctx_init(&ctx);
    snw_params_start(&params);
    agree_world_plan(&w, &params);
    assert_int_equal(agree_world_build(&w, &ctx, N_PILOTS, 1, pilot_key), SNW_OK);
    struct snw_block *b = &room->block;
    be_born(&w, room, SNW_FEMALE);
    while (b->age < AGE) {
        live_year(&w, room, &tally);
        b->age++;
    }
    struct agree_at at = {.world = &w, .block = b, .readout = &room->readout};
    at.margin = &tally.margin;
    at.code_differs = tally.code_differs;
    risk_year(&w, room);
    while (!room->life[b->person[at.lane]].oracle.year[AGE + 1 - SNW_AGE_FIRST].alive)
        at.lane++;
    at.life = &room->life[b->person[at.lane]];
    look_for_each(&at, b, compare_birthday, found);
    end_year(&w, room);
    look_for_each(&at, b, compare_year, found);
    size_t count, k = 0;
    const struct snw_field_info *fields = snw_field_table(&count);
    for (size_t f = 0; f < count; f++)
        for (size_t j = 0; j < fields[f].count; j++, k++)
            if (!found[k] && fields[f].kind != SNW_TREATED)
                fail_msg("%s[%zu] is not compared", fields[f].name, j);
    agree_world_free(&w);
    snw_free(room);
}

/* Equal values of two sexes or sites would hide that one is read for the other. */
static void they_do_so_where_every_parameter_is_another(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    agree_move_parameters(&params, 0.1, 1);
    params.falls_injury_rule[0] = 1;
    params.disability_smi_map[0] = 1;
    params.fractures_hip_trend_on[0] = 0;
    live_twice(&params);
}

static void they_do_so_where_load_breaks_hips(void **state)
{
    (void)state;
    struct snw_params params;
    snw_params_start(&params);
    agree_move_parameters(&params, 0.1, 2);
    params.fractures_module[0] = 1;
    live_twice(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(women_and_men_live_as_the_oracle_says),
        cmocka_unit_test(they_do_so_where_every_parameter_is_another),
        cmocka_unit_test(they_do_so_where_load_breaks_hips),
        cmocka_unit_test(a_difference_in_any_field_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
