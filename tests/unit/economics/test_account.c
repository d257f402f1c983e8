/* Cost and quality of life of a year, each rule by hand: a made-up price list in round numbers, one
   lane or a few, events at chosen times. */
#include "support/near.h"

#include <string.h>

#include "core/memory.h"
#include "economics/economics.h"
#include "processes/schedule.h"

enum { N = 16 };

static struct snw_block *b;
static struct snw_happenings *happenings;
static struct snw_accounts *books;
static int32_t (*parts)[SNW_STRIDE];
static struct snw_economy_year year;

static int make_room(void **state)
{
    (void)state;
    b = snw_alloc(sizeof *b);
    happenings = snw_alloc(sizeof *happenings);
    books = snw_alloc(sizeof *books);
    parts = snw_alloc(SNW_N_COST_PARTS * sizeof *parts);
    return b && happenings && books && parts ? 0 : -1;
}

static int drop_room(void **state)
{
    (void)state;
    snw_free(b);
    snw_free(happenings);
    snw_free(books);
    snw_free(parts);
    return 0;
}

/* The year of age that is lived next; nothing has happened in it yet. */
static void open_year(int age)
{
    b->age = age;
    year.age = age;
    happenings->n = 0;
}

/* N robust people of `age` at home to whom nothing ever happened. Hip 20,000 in the first year
   (10,000 below 65), vertebra 4,000 (3,000), elsewhere 2,000 (1,000); second years 30, 16 and 8 %.
 */
static void begin(int age)
{
    static const double first_year[3][2] = {{10000, 20000}, {3000, 4000}, {1000, 2000}};
    static const double second[3] = {0.30, 0.16, 0.08};
    static const double multiplier[3][2] = {{0.5, 0.8}, {0.6, 0.9}, {0.7, 0.95}};
    memset(b, 0, sizeof *b);
    memset(&year, 0, sizeof year);
    memcpy(year.first_year, first_year, sizeof first_year);
    memcpy(year.multiplier, multiplier, sizeof multiplier);
    for (int g = 0; g < SNW_N_GROUPS; g++) {
        year.share[g][0] = 1;
        year.share[g][1] = second[g];
        for (int k = 2; k < SNW_COST_YEARS; k++)
            year.share[g][k] = year.share[g][k - 1] / 2;
    }
    year.injury = 500;
    year.nursing_home = 90000;
    year.frail = 7000;
    year.disabled = 9000;
    year.background[SNW_LEDGER_EVENT] = 12000;
    year.background[SNW_LEDGER_FRAILTY] = 15000;
    year.norm = 0.8;
    year.utility_factor = 1;
    year.home_multiplier = 0.75;
    year.frail_change = -0.15;
    year.sarcopenic_change = -0.07;
    year.injury_change = -0.05;
    year.injury_years = 0.25;
    b->n = N;
    for (size_t i = 0; i < N; i++) {
        b->lived_yr[i] = 1;
        b->injury_age_yr[i] = -1000;
        for (int g = 0; g < SNW_N_GROUPS; g++)
            b->fracture_age_yr[g][i] = -1000;
    }
    open_year(age);
}

/* Events are added lane by lane. */
static void add(size_t lane, double time, int site)
{
    struct snw_happening *e = &happenings->event[happenings->n++];
    e->lane = (uint16_t)lane;
    e->time_yr = SNW_R(time);
    e->kind = site < 0 ? SNW_EVENT_FALL_INJURY : SNW_EVENT_FRACTURE;
    e->site = site < 0 ? 255 : (uint8_t)site;
}

static void break_bone(size_t lane, double time, enum snw_site site)
{
    add(lane, time, (int)site);
}

static void hurt(size_t lane, double time)
{
    add(lane, time, -1);
}

static void account(void)
{
    snw_economy_tabulate(&year);
    books->part_cents = parts;
    snw_economy_kernels_named(snw_kernels_best()->isa)->account(b, &year, happenings, N, books);
    assert_int_equal(books->faults, 0);
}

static double usd(enum snw_cost_part part, size_t lane)
{
    return parts[part][lane] / 100.0;
}

static double qaly(size_t lane)
{
    return books->qaly_millionths[lane] / 1e6;
}

/* Whole cents, or a float's last digits of a clock beyond 64: 8e-6 years of 20,000 USD. */
#define assert_usd(part, lane, expected) assert_near(usd(part, lane), expected, 0.16)
#define assert_qaly(lane, expected) assert_near(qaly(lane), expected, 5e-6)

static void a_year_without_events_costs_its_background(void **state)
{
    (void)state;
    begin(50);
    account();
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(books->cost_cents[i], 1200000);
        assert_int_equal(books->qaly_millionths[i], 800000);
        for (int p = 0; p < SNW_COST_BACKGROUND_EVENT; p++)
            assert_int_equal(parts[p][i], 0);
    }
}

/* A hip broken at 70.25: 9 months of the first year fall before the birthday, 3 after it, then 9
   months of the second. */
static void the_first_year_after_a_fracture_crosses_the_birthday(void **state)
{
    (void)state;
    begin(70);
    break_bone(3, 0.25, SNW_HIP);
    account();
    assert_usd(SNW_COST_HIP, 3, 15000);
    assert_qaly(3, 0.25 * 0.8 + 0.75 * 0.4);
    assert_int_equal(books->cost_cents[2], 1200000);
    open_year(71);
    account();
    assert_usd(SNW_COST_HIP, 3, 0.25 * 20000 + 0.75 * 6000);
    assert_qaly(3, 0.25 * 0.4 + 0.75 * 0.64);
}

/* 1 + .3 + .15 + .075 + .0375 of 20,000 in all, and nothing after five years. */
static void a_fracture_costs_for_five_years_halving_from_the_second(void **state)
{
    (void)state;
    static const double expected[] = {12000, 8000 + 3600, 2400 + 1800, 1200 + 900, 600 + 450, 300,
                                      0};
    double sum = 0;
    begin(70);
    break_bone(0, 0.4, SNW_HIP);
    for (int k = 0; k < 7; k++) {
        open_year(70 + k);
        if (k == 0)
            break_bone(0, 0.4, SNW_HIP);
        account();
        assert_usd(SNW_COST_HIP, 0, expected[k]);
        sum += usd(SNW_COST_HIP, 0);
    }
    assert_near(sum, 20000 * 1.5625, 0.5);
}

/* The same from the table of the other groups: 4,000 and 16 %, 2,000 and 8 %. */
static void each_group_has_its_own_costs(void **state)
{
    (void)state;
    begin(80);
    break_bone(0, 0.5, SNW_VERTEBRAL);
    break_bone(1, 0.5, SNW_FOREARM);
    break_bone(2, 0.5, SNW_HUMERUS);
    break_bone(3, 0.5, SNW_LEG);
    break_bone(4, 0.5, SNW_OTHER);
    account();
    assert_usd(SNW_COST_VERTEBRAL, 0, 2000);
    assert_qaly(0, 0.5 * 0.8 + 0.5 * 0.48);
    for (size_t i = 1; i < 5; i++) {
        assert_usd(SNW_COST_NHNV, i, 1000);
        assert_qaly(i, 0.5 * 0.8 + 0.5 * 0.56);
    }
    open_year(81);
    account();
    assert_usd(SNW_COST_VERTEBRAL, 0, 2000 + 0.5 * 640);
    assert_usd(SNW_COST_NHNV, 4, 1000 + 0.5 * 160);
    assert_qaly(4, 0.5 * 0.56 + 0.5 * 0.76);
}

/* At the birthday: 1, 1.5, 2, 3.5, 4.5, 5 years since a hip fracture at 20,000. */
static void past_fractures_cost_by_the_time_since(void **state)
{
    (void)state;
    static const double since[] = {1, 1.5, 2, 3.5, 4.5, 5, 12};
    static const double expected[] = {6000, 4500, 3000, 1125, 375, 0, 0};
    begin(90);
    for (size_t i = 0; i < 7; i++)
        b->fracture_age_yr[0][i] = SNW_R(90 - since[i]);
    account();
    for (size_t i = 0; i < 7; i++) {
        assert_usd(SNW_COST_HIP, i, expected[i]);
        assert_qaly(i, 0.64);
    }
}

/* A hip broken at 69, again at 70.5: the second year of the first ends there. */
static void a_new_fracture_of_the_group_restarts_its_clock(void **state)
{
    (void)state;
    begin(70);
    b->fracture_age_yr[0][0] = 69;
    break_bone(0, 0.5, SNW_HIP);
    account();
    assert_usd(SNW_COST_HIP, 0, 0.5 * 6000 + 0.5 * 20000);
    assert_qaly(0, 0.5 * 0.64 + 0.5 * 0.4);
    open_year(71);
    account();
    assert_usd(SNW_COST_HIP, 0, 0.5 * 20000 + 0.5 * 6000);
}

/* Broken at 69.75 and again at 70.1, within the first year: no part of it is paid twice. */
static void a_first_year_is_never_paid_twice(void **state)
{
    (void)state;
    begin(70);
    b->fracture_age_yr[0][0] = SNW_R(69.75);
    break_bone(0, 0.1, SNW_HIP);
    account();
    assert_usd(SNW_COST_HIP, 0, 20000);
}

static void a_fracture_elsewhere_leaves_the_clock_alone(void **state)
{
    (void)state;
    begin(70);
    b->fracture_age_yr[0][0] = 69;
    break_bone(0, 0.5, SNW_VERTEBRAL);
    account();
    assert_usd(SNW_COST_HIP, 0, 6000);
    assert_usd(SNW_COST_VERTEBRAL, 0, 2000);
}

/* Broken at 64.5: 10,000 a year, also on the part of it after the 65th birthday and later. */
static void the_age_at_fracture_sets_the_price(void **state)
{
    (void)state;
    begin(64);
    break_bone(0, 0.5, SNW_HIP);
    account();
    assert_usd(SNW_COST_HIP, 0, 5000);
    open_year(65);
    break_bone(1, 0.5, SNW_HIP);
    account();
    assert_usd(SNW_COST_HIP, 0, 0.5 * 10000 + 0.5 * 3000);
    assert_usd(SNW_COST_HIP, 1, 10000);
    open_year(66);
    account();
    assert_usd(SNW_COST_HIP, 0, 0.5 * 3000 + 0.5 * 1500);
    assert_usd(SNW_COST_HIP, 1, 0.5 * 20000 + 0.5 * 6000);
    open_year(67);
    account();
    assert_usd(SNW_COST_HIP, 0, 0.5 * 1500 + 0.5 * 750);
    assert_usd(SNW_COST_HIP, 1, 0.5 * 6000 + 0.5 * 3000);
}

/* Broken at .25, dead at .75. */
static void the_dead_pay_for_the_time_they_lived(void **state)
{
    (void)state;
    begin(80);
    break_bone(0, 0.25, SNW_HIP);
    b->lived_yr[0] = b->lived_yr[1] = SNW_R(0.75);
    b->frailty[1] = 2;
    b->disabled[1] = b->nursing_home[1] = 1;
    account();
    assert_usd(SNW_COST_HIP, 0, 10000);
    assert_usd(SNW_COST_BACKGROUND_EVENT, 0, 9000);
    assert_int_equal(books->cost_cents[0], 1900000);
    assert_qaly(0, 0.25 * 0.8 + 0.5 * 0.4);
    assert_usd(SNW_COST_NURSING_HOME, 1, 67500);
    assert_usd(SNW_COST_FRAILTY, 1, 5250);
    assert_usd(SNW_COST_DISABILITY, 1, 6750);
    assert_usd(SNW_COST_BACKGROUND_FRAILTY, 1, 11250);
    assert_qaly(1, 0.75 * (0.6 - 0.15));
}

/* At 30,000 a year; the third is in a nursing home, the fourth dies at half the year, the fifth is
   not disabled, the sixth breaks a hip. */
static void informal_care_is_for_the_disabled_at_home(void **state)
{
    (void)state;
    begin(70);
    year.informal_care = 30000;
    for (size_t i = 0; i < 6; i++)
        b->disabled[i] = i != 4;
    b->nursing_home[2] = 1;
    b->lived_yr[3] = SNW_R(0.5);
    break_bone(5, 0.4, SNW_HIP);
    account();
    const double expected[] = {30000, 30000, 0, 15000, 0, 30000};
    for (size_t i = 0; i < 6; i++)
        assert_usd(SNW_COST_INFORMAL_CARE, i, expected[i]);
    assert_int_equal(books->cost_cents[0] - books->cost_cents[4], 3000000);
}

/* Hip broken at 69.75: its year of facility care ends at 70.75. */
static void a_nursing_home_costs_from_the_thirteenth_month_after_a_hip_fracture(void **state)
{
    (void)state;
    begin(70);
    for (size_t i = 0; i < 4; i++)
        b->nursing_home[i] = 1;
    b->fracture_age_yr[0][1] = SNW_R(69.75);
    b->fracture_age_yr[1][2] = SNW_R(69.75);
    break_bone(3, 0.4, SNW_HIP);
    account();
    assert_usd(SNW_COST_NURSING_HOME, 0, 90000);
    assert_usd(SNW_COST_NURSING_HOME, 1, 0.25 * 90000);
    assert_usd(SNW_COST_NURSING_HOME, 2, 90000);
    assert_usd(SNW_COST_NURSING_HOME, 3, 0.4 * 90000);
    assert_usd(SNW_COST_NURSING_HOME, 4, 0);
    assert_int_equal(books->cost_cents[0], 10200000);
}

/* .8, .9, .95 of past fractures, .75 of the home: the two smallest of them. */
static void the_two_worst_multipliers_count(void **state)
{
    (void)state;
    begin(85);
    for (size_t i = 0; i < 8; i++)
        for (int g = 0; g < SNW_N_GROUPS; g++)
            b->fracture_age_yr[g][i] = i >> g & 1 ? 60 : -1000;
    for (size_t i = 8; i < 16; i++) {
        for (int g = 0; g < SNW_N_GROUPS; g++)
            b->fracture_age_yr[g][i] = i >> g & 1 ? 60 : -1000;
        b->nursing_home[i] = 1;
    }
    account();
    static const double expected[] = {1,    0.8,  0.9,   0.72, 0.95,   0.76, 0.855, 0.72,
                                      0.75, 0.60, 0.675, 0.60, 0.7125, 0.60, 0.675, 0.60};
    for (size_t i = 0; i < 16; i++)
        assert_qaly(i, 0.8 * expected[i]);
}

/* Three fresh fractures: .5 x .6; then hip and vertebra a year old, elsewhere fresh: .7 x .8. */
static void fresh_fractures_weigh_more_than_old_ones(void **state)
{
    (void)state;
    begin(85);
    for (int g = 0; g < SNW_N_GROUPS; g++)
        b->fracture_age_yr[g][0] = SNW_R(84.5);
    b->fracture_age_yr[0][1] = b->fracture_age_yr[1][1] = 80;
    b->fracture_age_yr[2][1] = SNW_R(84.5);
    account();
    assert_qaly(0, 0.5 * 0.8 * 0.30 + 0.5 * 0.8 * 0.72);
    assert_qaly(1, 0.5 * 0.8 * 0.56 + 0.5 * 0.8 * 0.72);
}

static void the_worse_of_frailty_and_sarcopenia_counts(void **state)
{
    (void)state;
    begin(85);
    b->frailty[0] = 1;
    b->frailty[1] = b->frailty[3] = 2;
    b->sarcopenic[2] = b->sarcopenic[3] = 1;
    account();
    assert_qaly(0, 0.80);
    assert_qaly(1, 0.65);
    assert_qaly(2, 0.73);
    assert_qaly(3, 0.65);
    year.sarcopenic_change = -0.2;
    account();
    assert_qaly(3, 0.60);
}

/* Hurt at .9: .05 less for .1 of this year and .15 of the next; paid at once. */
static void an_injury_is_felt_for_three_months_across_the_birthday(void **state)
{
    (void)state;
    begin(70);
    hurt(0, 0.9);
    account();
    assert_usd(SNW_COST_INJURY, 0, 500);
    assert_qaly(0, 0.8 - 0.1 * 0.05);
    assert_int_equal(books->cost_cents[0], 1250000);
    open_year(71);
    account();
    assert_usd(SNW_COST_INJURY, 0, 0);
    assert_qaly(0, 0.8 - 0.15 * 0.05);
    open_year(72);
    account();
    assert_qaly(0, 0.8);
}

/* At .2 and .3: hurt from .2 to .55. At .3 and .2 of lane 1, out of order. At .1 after one of 69.9.
 */
static void injuries_that_overlap_are_felt_once_and_paid_each(void **state)
{
    (void)state;
    begin(70);
    b->injury_age_yr[2] = SNW_R(69.9);
    hurt(0, 0.2);
    hurt(0, 0.3);
    hurt(1, 0.3);
    hurt(1, 0.2);
    hurt(2, 0.1);
    account();
    for (size_t i = 0; i < 2; i++) {
        assert_usd(SNW_COST_INJURY, i, 1000);
        assert_qaly(i, 0.8 - 0.35 * 0.05);
    }
    assert_usd(SNW_COST_INJURY, 2, 500);
    assert_qaly(2, 0.8 - 0.35 * 0.05);
}

/* Both ways of reckoning: alone, and beside a fracture that costs and hurts nothing. */
static void an_injury_beside_a_fracture_counts_the_same(void **state)
{
    (void)state;
    begin(70);
    year.multiplier[2][0] = year.multiplier[2][1] = 1;
    hurt(0, 0.6);
    hurt(1, 0.6);
    break_bone(1, 0.7, SNW_OTHER);
    account();
    assert_int_equal(books->qaly_millionths[0], books->qaly_millionths[1]);
    assert_int_equal(parts[SNW_COST_INJURY][0], parts[SNW_COST_INJURY][1]);
}

/* n .8 = 1.04 is held at 1; hurt it is 1.3 x .75 = .975. */
static void utility_is_held_at_one(void **state)
{
    (void)state;
    begin(97);
    year.utility_factor = 1.3;
    hurt(1, 0.5);
    account();
    assert_qaly(0, 1);
    assert_qaly(1, 1 - 0.25 * 0.025);
}

/* .02 - .15 = -.13. */
static void utility_is_held_at_a_tenth_below_nothing(void **state)
{
    (void)state;
    begin(97);
    year.norm = 0.02;
    b->frailty[0] = b->frailty[1] = 2;
    b->lived_yr[1] = SNW_R(0.5);
    account();
    assert_qaly(0, -0.1);
    assert_qaly(1, -0.05);
}

/* Half a cent and more is a cent; a ledger is the sum of its rounded parts. */
static void ledgers_add_up_to_the_cent(void **state)
{
    (void)state;
    for (int ledger = 0; ledger < SNW_N_LEDGERS; ledger++) {
        begin(70);
        year.ledger = (enum snw_ledger)ledger;
        year.nursing_home = 90000.126;
        year.background[SNW_LEDGER_EVENT] = 12000.336;
        year.background[SNW_LEDGER_FRAILTY] = 15000.127;
        year.frail = 7000.338;
        year.informal_care = 30000.377;
        for (size_t i = 0; i < N; i++) {
            b->nursing_home[i] = SNW_R(i & 1 ? 1 : 0);
            b->frailty[i] = SNW_R(i & 2 ? 2 : 1);
            b->disabled[i] = SNW_R(i & 4 ? 1 : 0);
            b->fracture_age_yr[i % 3][i] = SNW_R(69.013) - SNW_R(0.3) * (snw_real)i;
            b->lived_yr[i] = SNW_R(i % 5 ? 1 : 0.377);
            if (i & 8)
                hurt(i, 0.21);
            if (i & 1)
                break_bone(i, 0.119, (enum snw_site)(i % 6));
        }
        account();
        for (size_t i = 0; i < N; i++) {
            int64_t sum = 0;
            for (int p = 0; p < SNW_N_COST_PARTS; p++)
                if (snw_in_ledger((enum snw_ledger)ledger, (enum snw_cost_part)p))
                    sum += parts[p][i];
            assert_int_equal(books->cost_cents[i], sum);
        }
    }
    for (int p = 0; p < SNW_N_COST_PARTS; p++) {
        int homes = 0;
        for (int ledger = 0; ledger < SNW_N_LEDGERS; ledger++)
            homes += snw_in_ledger((enum snw_ledger)ledger, (enum snw_cost_part)p);
        assert_int_equal(homes, p >= SNW_COST_INFORMAL_CARE ? SNW_N_LEDGERS : 1);
    }
}

static void without_parts_the_cost_is_the_same(void **state)
{
    (void)state;
    int32_t with[N];
    begin(70);
    b->nursing_home[2] = 1;
    b->fracture_age_yr[1][3] = SNW_R(68.7);
    hurt(5, 0.5);
    break_bone(7, 0.3, SNW_HIP);
    b->lived_yr[9] = SNW_R(0.1);
    account();
    memcpy(with, books->cost_cents, sizeof with);
    b->fracture_age_yr[0][7] = b->injury_age_yr[5] = -1000; /* the clocks as before */
    books->part_cents = NULL;
    snw_economy_kernels_named(snw_kernels_best()->isa)->account(b, &year, happenings, N, books);
    assert_memory_equal(with, books->cost_cents, sizeof with);
}

/* Only the first 4 lanes are accounted, but all live on. */
static void clocks_move_also_in_lanes_that_are_not_accounted(void **state)
{
    (void)state;
    begin(70);
    hurt(2, 0.5);
    break_bone(3, 0.25, SNW_VERTEBRAL);
    break_bone(9, 0.5, SNW_LEG);
    break_bone(9, 0.25, SNW_LEG);
    hurt(9, 0.75);
    snw_economy_tabulate(&year);
    books->part_cents = NULL;
    snw_economy_kernels_named(snw_kernels_best()->isa)->account(b, &year, happenings, 4, books);
    assert_near(b->injury_age_yr[2], 70.5, 0);
    assert_near(b->fracture_age_yr[1][3], 70.25, 0);
    assert_near(b->fracture_age_yr[2][9], 70.5, 0);
    assert_near(b->injury_age_yr[9], 70.75, 0);
    assert_near(b->fracture_age_yr[0][9], -1000, 0);
}

static void a_clock_that_is_not_a_number_is_found(void **state)
{
    (void)state;
    begin(70);
    b->fracture_age_yr[1][4] = SNW_R(NAN);
    snw_economy_tabulate(&year);
    books->part_cents = NULL;
    snw_economy_kernels_named(snw_kernels_best()->isa)->account(b, &year, happenings, N, books);
    assert_int_equal(books->faults, 1);
}

static void all_instruction_sets_give_the_same_books(void **state)
{
    (void)state;
    static const char *const isas[] = {"plain", "v3", "v4"};
    static struct snw_accounts first;
    for (int k = 0; k < 3; k++) {
        const struct snw_economy_kernels *kernels = snw_economy_kernels_named(isas[k]);
        if (!kernels || !snw_kernels_named(isas[k]))
            continue;
        begin(77);
        for (size_t i = 0; i < N; i++) {
            b->nursing_home[i] = SNW_R(i & 1 ? 1 : 0);
            b->frailty[i] = SNW_R(i % 3);
            for (int g = 0; g < SNW_N_GROUPS; g++)
                b->fracture_age_yr[g][i] =
                    SNW_R(76.9) - SNW_R(0.37) * (snw_real)(i * (size_t)(g + 1));
            if (i % 4 == 1)
                hurt(i, 0.033 * (double)i);
            if (i % 4 == 2)
                break_bone(i, 0.041 * (double)i, (enum snw_site)(i % 6));
        }
        snw_economy_tabulate(&year);
        memset(books, 0, sizeof *books);
        kernels->account(b, &year, happenings, N, books);
        if (k == 0)
            memcpy(&first, books, sizeof first);
        assert_memory_equal(first.cost_cents, books->cost_cents, N * sizeof(int32_t));
        assert_memory_equal(first.qaly_millionths, books->qaly_millionths, N * sizeof(int32_t));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_without_events_costs_its_background),
        cmocka_unit_test(the_first_year_after_a_fracture_crosses_the_birthday),
        cmocka_unit_test(a_fracture_costs_for_five_years_halving_from_the_second),
        cmocka_unit_test(each_group_has_its_own_costs),
        cmocka_unit_test(past_fractures_cost_by_the_time_since),
        cmocka_unit_test(a_new_fracture_of_the_group_restarts_its_clock),
        cmocka_unit_test(a_first_year_is_never_paid_twice),
        cmocka_unit_test(a_fracture_elsewhere_leaves_the_clock_alone),
        cmocka_unit_test(the_age_at_fracture_sets_the_price),
        cmocka_unit_test(the_dead_pay_for_the_time_they_lived),
        cmocka_unit_test(informal_care_is_for_the_disabled_at_home),
        cmocka_unit_test(a_nursing_home_costs_from_the_thirteenth_month_after_a_hip_fracture),
        cmocka_unit_test(the_two_worst_multipliers_count),
        cmocka_unit_test(fresh_fractures_weigh_more_than_old_ones),
        cmocka_unit_test(the_worse_of_frailty_and_sarcopenia_counts),
        cmocka_unit_test(an_injury_is_felt_for_three_months_across_the_birthday),
        cmocka_unit_test(injuries_that_overlap_are_felt_once_and_paid_each),
        cmocka_unit_test(an_injury_beside_a_fracture_counts_the_same),
        cmocka_unit_test(utility_is_held_at_one),
        cmocka_unit_test(utility_is_held_at_a_tenth_below_nothing),
        cmocka_unit_test(ledgers_add_up_to_the_cent),
        cmocka_unit_test(without_parts_the_cost_is_the_same),
        cmocka_unit_test(clocks_move_also_in_lanes_that_are_not_accounted),
        cmocka_unit_test(a_clock_that_is_not_a_number_is_found),
        cmocka_unit_test(all_instruction_sets_give_the_same_books),
    };
    return cmocka_run_group_tests(tests, make_room, drop_room);
}
