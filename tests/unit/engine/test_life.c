/* A block through its life: the same numbers however people are grouped, and books that balance. */
#include "support/near.h"

#include <string.h>

#include "support/world.h"

enum { PERSONS = 1500, FIRST = 77 };

static struct world *world;

static int make_world(void **state)
{
    (void)state;
    world = world_new(NULL, 2000);
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    world_free(world);
    return 0;
}

static void live(struct lives *l, const char *isa, size_t block)
{
    lives_init(l, world, isa, PERSONS);
    assert_int_equal(lives_run(l, SNW_FEMALE, FIRST, PERSONS, block), SNW_OK);
}

static void assert_same_lives(const struct lives *a, const struct lives *b)
{
    assert_memory_equal(a->totals.cells, b->totals.cells,
                        SNW_TOTALS_CELLS * sizeof *a->totals.cells);
    assert_memory_equal(a->totals.histograms, b->totals.histograms,
                        SNW_TOTALS_HISTOGRAMS * sizeof *a->totals.histograms);
    assert_memory_equal(a->totals.causes, b->totals.causes,
                        SNW_TOTALS_CAUSES * sizeof *a->totals.causes);
    assert_same_tracks(&a->tracks, &b->tracks);
    for (size_t row = 0; row < a->tracks.rows; row++)
        assert_memory_equal(&a->tracks.who[row], &b->tracks.who[row], sizeof a->tracks.who[row]);
    assert_int_equal(a->events.n, b->events.n);
}

static void lives_do_not_depend_on_the_length_of_a_block(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 17, 64, 1024};
    struct lives whole, parts;
    live(&whole, NULL, 512);
    for (size_t i = 0; i < 4; i++) {
        live(&parts, NULL, lengths[i]);
        assert_same_lives(&whole, &parts);
        lives_free(&parts);
    }
    lives_free(&whole);
}

static void lives_do_not_depend_on_the_instruction_set(void **state)
{
    (void)state;
    static const char *const isas[] = {"v3", "v4"};
    struct lives plain, vector;
    live(&plain, "plain", 512);
    for (size_t i = 0; i < 2; i++) {
        if (!snw_kernels_named(isas[i]))
            continue;
        live(&vector, isas[i], 512);
        assert_same_lives(&plain, &vector);
        lives_free(&vector);
    }
    lives_free(&plain);
}

static void a_person_alone_lives_as_in_a_crowd(void **state)
{
    (void)state;
    struct lives crowd, alone;
    live(&crowd, NULL, 512);
    for (size_t row = 3; row < PERSONS; row += 311) {
        lives_init(&alone, world, NULL, 1);
        assert_int_equal(lives_run(&alone, SNW_FEMALE, FIRST + (uint32_t)row, 1, 1), SNW_OK);
        for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++)
            for (enum snw_measure m = 0; m < SNW_N_MEASURES; m++)
                assert_int_equal(lives_q(&alone, 0, age, m), lives_q(&crowd, row, age, m));
        assert_memory_equal(alone.tracks.who, &crowd.tracks.who[row], sizeof *alone.tracks.who);
        lives_free(&alone);
    }
    lives_free(&crowd);
}

static int alive(const struct lives *l, size_t row, int age)
{
    return lives_q(l, row, age, SNW_M_alive) == 1;
}

/* In blocks sampled whole and in part, and in rows that nobody has. */
static void tracks_are_the_years_turned_into_lives(void **state)
{
    (void)state;
    static uint16_t lives[(PERSONS + 5) * SNW_N_AGES];
    for (int in_part = 0; in_part < 2; in_part++) {
        struct lives l;
        lives_init(&l, world, NULL, in_part ? PERSONS / 2 + 3 : PERSONS + 5);
        assert_int_equal(lives_run(&l, SNW_FEMALE, FIRST, PERSONS, 100), SNW_OK);
        for (int m = 0; m < SNW_N_MEASURES; m++) {
            snw_tracks_lives(&l.tracks, (size_t)m, lives);
            for (size_t row = 0; row < l.tracks.rows; row++)
                for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++)
                    assert_int_equal(lives[row * SNW_N_AGES + (size_t)(age - SNW_AGE_FIRST)],
                                     lives_q(&l, row, age, (enum snw_measure)m));
        }
        lives_free(&l);
    }
}

/* Seven blocks of sampled people, then eight without any. */
static void who_is_not_sampled_leaves_no_trace_in_tracks(void **state)
{
    (void)state;
    static uint16_t all[PERSONS * SNW_N_AGES], some[700 * SNW_N_AGES];
    struct lives whole, part;
    lives_init(&whole, world, NULL, PERSONS);
    lives_init(&part, world, NULL, 700);
    assert_int_equal(lives_run(&whole, SNW_MALE, FIRST, PERSONS, 100), SNW_OK);
    assert_int_equal(lives_run(&part, SNW_MALE, FIRST, PERSONS, 100), SNW_OK);
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        snw_tracks_lives(&whole.tracks, m, all);
        snw_tracks_lives(&part.tracks, m, some);
        assert_memory_equal(all, some, sizeof some);
    }
    lives_free(&whole);
    lives_free(&part);
}

static void totals_are_the_sums_of_the_tracks(void **state)
{
    (void)state;
    struct lives l;
    live(&l, NULL, 512);
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++)
        for (enum snw_measure m = 0; m < SNW_N_MEASURES; m++) {
            uint64_t n = 0, sum = 0, squares = 0;
            for (size_t row = 0; row < PERSONS; row++) {
                uint64_t q = lives_q(&l, row, age, m);
                if (!alive(&l, row, age) || q == SNW_FILL)
                    continue;
                n++;
                sum += q;
                squares += q * q;
            }
            const struct snw_cell *cell = lives_cell(&l, SNW_FEMALE, age, m);
            assert_int_equal(cell->n, n);
            assert_int_equal(lives_cell(&l, SNW_MALE, age, m)->n, 0);
            if (snw_measure_table[m].kind == SNW_M_WIDE) { /* a track is rounded to 1000 units */
                assert_near((double)sum * 1000, (double)cell->sum, 500 * (double)n);
                continue;
            }
            assert_int_equal(cell->sum, sum);
            assert_int_equal(cell->sum_squares, squares);
            assert_int_equal(cell->sum_squares_high, 0);
        }
    lives_free(&l);
}

static void histograms_are_those_of_the_tracks(void **state)
{
    (void)state;
    struct lives l;
    live(&l, NULL, 512);
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age += 7)
        for (enum snw_measure m = 0; m < (enum snw_measure)SNW_N_STATES; m++) {
            uint32_t count[SNW_BINS] = {0};
            struct snw_bins bins = world->reference.bins[SNW_FEMALE][age - SNW_AGE_FIRST][m];
            assert_true(bins.scale > 0);
            for (size_t row = 0; row < PERSONS; row++) {
                int q = lives_q(&l, row, age, m);
                if (!alive(&l, row, age) || q == SNW_FILL)
                    continue;
                double bin = floor((q - bins.low) * bins.scale / 65536.0);
                count[(int)fmin(fmax(bin, 0), SNW_BINS - 1)]++;
            }
            const uint32_t *histogram =
                l.totals.histograms + ((size_t)(age - SNW_AGE_FIRST) * SNW_N_STATES + m) * SNW_BINS;
            assert_memory_equal(histogram, count, sizeof count);
        }
    lives_free(&l);
}

static void sums_and_levels_need_no_histograms(void **state)
{
    (void)state;
    struct lives with, without;
    live(&with, NULL, 512);
    lives_init(&without, world, NULL, 0);
    snw_totals_free(&without.totals);
    assert_int_equal(snw_totals_init(&without.totals, 0, 0), SNW_OK);
    assert_int_equal(lives_run(&without, SNW_FEMALE, FIRST, PERSONS, 512), SNW_OK);
    assert_null(without.totals.histograms);
    assert_memory_equal(with.totals.cells, without.totals.cells,
                        SNW_TOTALS_CELLS * sizeof *with.totals.cells);
    assert_memory_equal(with.totals.levels, without.totals.levels,
                        SNW_TOTALS_LEVELS * sizeof *with.totals.levels);
    snw_totals_clear(&without.totals);
    assert_int_equal(lives_cell(&without, SNW_FEMALE, 50, SNW_M_alive)->n, 0);
    lives_free(&with);
    lives_free(&without);
}

static void the_dead_keep_their_last_state_and_nothing_more_happens_to_them(void **state)
{
    (void)state;
    struct lives l;
    live(&l, NULL, 512);
    size_t deaths = 0;
    for (size_t row = 0; row < PERSONS; row++) {
        double death = l.tracks.who[row].death_age_yr;
        if (isnan(death)) {
            assert_true(alive(&l, row, SNW_AGE_LAST));
            assert_int_equal(l.tracks.who[row].cause, 255);
            continue;
        }
        int last = (int)death;
        deaths++;
        assert_int_equal(lives_q(&l, row, last, SNW_M_death), 1);
        assert_true(alive(&l, row, last));
        assert_true(l.tracks.who[row].cause < SNW_N_CAUSES);
        assert_near(measure_value(SNW_M_person_years, lives_q(&l, row, last, SNW_M_person_years)),
                    death - last, 1.01e-5);
        for (int age = last + 1; age <= SNW_AGE_LAST; age++)
            for (enum snw_measure m = 0; m < SNW_N_MEASURES; m++) {
                int gone = m == SNW_M_alive || snw_measure_table[m].kind >= SNW_M_YEAR;
                if (gone)
                    assert_near(measure_value(m, lives_q(&l, row, age, m)), 0, 1e-9);
                else
                    assert_int_equal(lives_q(&l, row, age, m), lives_q(&l, row, last, m));
            }
    }
    assert_true(deaths > PERSONS / 2);
    lives_free(&l);
}

static void deaths_add_up_in_measures_and_causes(void **state)
{
    (void)state;
    struct lives l;
    live(&l, NULL, 512);
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
        uint64_t causes = 0, deaths = lives_cell(&l, SNW_FEMALE, age, SNW_M_death)->sum;
        for (size_t k = 0; k < SNW_N_CAUSES; k++)
            causes += l.totals.causes[(size_t)(age - SNW_AGE_FIRST) * SNW_N_CAUSES + k];
        assert_int_equal(causes, deaths);
        uint64_t here = lives_cell(&l, SNW_FEMALE, age, SNW_M_alive)->n;
        if (age < SNW_AGE_LAST)
            assert_int_equal(lives_cell(&l, SNW_FEMALE, age + 1, SNW_M_alive)->n, here - deaths);
    }
    lives_free(&l);
}

static uint64_t sum_of(const struct lives *l, enum snw_measure m)
{
    uint64_t sum = 0;
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++)
        sum += lives_cell(l, SNW_FEMALE, age, m)->sum;
    return sum;
}

static void every_event_is_in_the_list_once(void **state)
{
    (void)state;
    struct lives l;
    live(&l, NULL, 512);
    size_t kinds[SNW_N_EVENT_KINDS] = {0}, sites[SNW_N_SITE] = {0};
    for (size_t i = 0; i < l.events.n; i++) {
        const struct snw_event_row *e = &l.events.row[i];
        kinds[e->kind]++;
        if (e->kind == SNW_EVENT_FRACTURE)
            sites[e->site]++;
        size_t row = (size_t)e->person - FIRST;
        double death = l.tracks.who[row].death_age_yr;
        assert_true(e->age_yr >= SNW_AGE_FIRST && e->age_yr <= SNW_AGE_LAST + 1);
        assert_true(isnan(death) || e->age_yr <= death);
    }
    assert_int_equal(kinds[SNW_EVENT_FALL_INJURY], sum_of(&l, SNW_M_fall_injuries));
    assert_int_equal(kinds[SNW_EVENT_DEATH], sum_of(&l, SNW_M_death));
    assert_int_equal(kinds[SNW_EVENT_NURSING_HOME], sum_of(&l, SNW_M_nursing_home_entry));
    assert_int_equal(kinds[SNW_EVENT_MENOPAUSE], sum_of(&l, SNW_M_menopause));
    for (int s = 0; s < SNW_N_SITE; s++)
        assert_int_equal(sites[s], sum_of(&l, (enum snw_measure)(SNW_M_fracture_hip + s)));
    lives_free(&l);
}

static void events_of_all_are_the_same_without_tracks(void **state)
{
    (void)state;
    struct lives tracked, all;
    live(&tracked, NULL, 512);
    lives_init(&all, world, NULL, 0);
    all.plan.all_events = 1;
    assert_int_equal(lives_run(&all, SNW_FEMALE, FIRST, PERSONS, 512), SNW_OK);
    assert_int_equal(tracked.events.n, all.events.n);
    for (size_t i = 0; i < all.events.n; i++) {
        const struct snw_event_row *a = &tracked.events.row[i], *b = &all.events.row[i];
        assert_true(a->age_yr == b->age_yr && a->person == b->person && a->kind == b->kind &&
                    a->site == b->site);
    }
    lives_free(&tracked);
    lives_free(&all);
}

/* The world's ledger is that of events; sums of the measure cost are in cents too. */
static void parts_of_the_cost_add_up_to_the_ledger(void **state)
{
    (void)state;
    struct lives l, without;
    live(&l, NULL, 512);
    lives_init(&without, world, NULL, 0);
    without.plan.cost_parts = 0;
    assert_int_equal(lives_run(&without, SNW_FEMALE, FIRST, PERSONS, 512), SNW_OK);
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
        size_t at = (size_t)(age - SNW_AGE_FIRST) * SNW_N_COST_PARTS;
        uint64_t event = 0;
        for (size_t p = 0; p < SNW_N_COST_PARTS; p++) {
            event +=
                snw_in_ledger(SNW_LEDGER_EVENT, (enum snw_cost_part)p) ? l.totals.costs[at + p] : 0;
            assert_int_equal(without.totals.costs[at + p], 0);
        }
        assert_int_equal(event, lives_cell(&l, SNW_FEMALE, age, SNW_M_cost)->sum);
    }
    assert_true(
        l.totals.costs[(SNW_AGE_LAST - SNW_AGE_FIRST) * SNW_N_COST_PARTS + SNW_COST_FRAILTY] > 0);
    lives_free(&l);
    lives_free(&without);
}

/* Three people: recorded from 60, taken out at 70, and both. Lanes change places on the way. */
static void people_are_counted_from_entry_to_exit_only(void **state)
{
    (void)state;
    struct lives l, whole;
    lives_init(&l, world, NULL, 200);
    lives_init(&whole, world, NULL, 200);
    assert_int_equal(lives_run(&whole, SNW_MALE, FIRST, 200, 200), SNW_OK);
    struct snw_block *b = &l.work->block;
    world_people(b, 200, SNW_MALE, FIRST);
    for (int32_t i = 0; i < 200; i++) {
        b->row[i] = i;
        b->enter_age[i] = 20 + 10 * (i % 5);
        b->exit_age[i] = i % 2 ? 70 : 98;
    }
    assert_int_equal(snw_live(&l.ctx, &l.plan, l.work, &l.totals, &l.tracks, &l.events), SNW_OK);
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++) {
        uint64_t n = 0;
        for (int i = 0; i < 200; i++) {
            int here = alive(&whole, (size_t)i, age) && age >= 20 + 10 * (i % 5) &&
                       age < (i % 2 ? 70 : 98);
            double death = whole.tracks.who[i].death_age_yr;
            if (death < 20 + 10 * (i % 5))
                continue; /* died before entry: no row */
            n += (uint64_t)here;
            if (here)
                assert_int_equal(lives_q(&l, (size_t)i, age, SNW_M_grip_kg),
                                 lives_q(&whole, (size_t)i, age, SNW_M_grip_kg));
        }
        assert_int_equal(lives_cell(&l, SNW_MALE, age, SNW_M_alive)->n, n);
    }
    lives_free(&l);
    lives_free(&whole);
}

static void who_dies_before_entry_is_lost_not_counted(void **state)
{
    (void)state;
    struct lives l;
    lives_init(&l, world, NULL, 0);
    world_people(&l.work->block, 300, SNW_MALE, FIRST);
    for (int i = 0; i < 300; i++)
        l.work->block.enter_age[i] = 80;
    assert_int_equal(snw_live(&l.ctx, &l.plan, l.work, &l.totals, &l.tracks, &l.events), SNW_OK);
    size_t met = lives_cell(&l, SNW_MALE, 80, SNW_M_alive)->n;
    assert_true(met > 100 && l.work->n_lost > 100);
    assert_int_equal(met + l.work->n_lost, 300);
    assert_int_equal(lives_cell(&l, SNW_MALE, 79, SNW_M_alive)->n, 0);
    for (size_t i = 0; i < l.work->n_lost; i++)
        assert_int_equal(l.work->lost[i].enter_age, 80);
    lives_free(&l);
}

static void a_run_ends_at_a_value_that_is_not_a_number(void **state)
{
    (void)state;
    static struct world broken;
    struct lives l;
    memcpy(&broken.reference, &world->reference, sizeof broken.reference);
    broken.economy = world->economy;
    broken.params = world->params;
    world_model(world, &broken.params, &broken.model);
    broken.model.year[SNW_FEMALE][31 - SNW_AGE_FIRST].grip_median_ln = NAN;
    lives_init(&l, &broken, NULL, 0);
    assert_int_equal(lives_run(&l, SNW_FEMALE, 1, 10, 10), SNW_ERR_MODEL);
    assert_non_null(strstr(l.ctx.messages[0], "grip_ln is not a number at age 31"));
    lives_free(&l);
}

/* Everybody robust at 20, prefrail at 21, frail at 22, and half of them die in each of these years:
   before 22 nobody was frail when the hazard was at work, so no death is laid to frailty. */
static void a_death_is_laid_to_the_frailty_of_the_birthday_before_it(void **state)
{
    (void)state;
    static struct world grim;
    struct lives l;
    memcpy(&grim.reference, &world->reference, sizeof grim.reference);
    grim.economy = world->economy;
    world_model(world, &world->params, &grim.model);
    for (int age = 20; age < 23; age++) {
        struct snw_year_coef *c = &grim.model.year[SNW_FEMALE][age - SNW_AGE_FIRST];
        c->death_hazard = SNW_R(0.7);
        c->death_per_weakness = c->death_per_igfbp2 = c->frailty_weakness = 0;
        c->up_robust = c->up_prefrail = 50;
        c->down_prefrail = -50;
    }
    lives_init(&l, &grim, NULL, 0);
    assert_int_equal(lives_run(&l, SNW_FEMALE, 1, 1000, 1000), SNW_OK);
    const uint64_t *causes = l.totals.causes;
    assert_int_equal(causes[SNW_CAUSE_FRAILTY], 0);
    assert_int_equal(causes[SNW_N_CAUSES + SNW_CAUSE_FRAILTY], 0);
    /* at 22 a share of .8/1.8 of about 170 */
    assert_true(causes[2 * SNW_N_CAUSES + SNW_CAUSE_FRAILTY] > 40);
    lives_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lives_do_not_depend_on_the_length_of_a_block),
        cmocka_unit_test(lives_do_not_depend_on_the_instruction_set),
        cmocka_unit_test(a_person_alone_lives_as_in_a_crowd),
        cmocka_unit_test(tracks_are_the_years_turned_into_lives),
        cmocka_unit_test(who_is_not_sampled_leaves_no_trace_in_tracks),
        cmocka_unit_test(totals_are_the_sums_of_the_tracks),
        cmocka_unit_test(histograms_are_those_of_the_tracks),
        cmocka_unit_test(sums_and_levels_need_no_histograms),
        cmocka_unit_test(the_dead_keep_their_last_state_and_nothing_more_happens_to_them),
        cmocka_unit_test(deaths_add_up_in_measures_and_causes),
        cmocka_unit_test(every_event_is_in_the_list_once),
        cmocka_unit_test(events_of_all_are_the_same_without_tracks),
        cmocka_unit_test(people_are_counted_from_entry_to_exit_only),
        cmocka_unit_test(parts_of_the_cost_add_up_to_the_ledger),
        cmocka_unit_test(who_dies_before_entry_is_lost_not_counted),
        cmocka_unit_test(a_run_ends_at_a_value_that_is_not_a_number),
        cmocka_unit_test(a_death_is_laid_to_the_frailty_of_the_birthday_before_it),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
