/* An open population: who joins it, and how people are numbered. */
#define _POSIX_C_SOURCE 200809L
#include "support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "population/population.h"

static struct snw_ctx ctx;
static char people[] = "/tmp/test_open_people_XXXXXX", life[] = "/tmp/test_open_life_XXXXXX";
static char abroad[] = "/tmp/test_open_abroad_XXXXXX";

static int make_files(void **state)
{
    (void)state;
    int a = mkstemp(people), b = mkstemp(life), c = mkstemp(abroad);
    return a < 0 || b < 0 || c < 0 || close(a) || close(b) || close(c) ? -1 : 0;
}

static int drop_files(void **state)
{
    (void)state;
    return unlink(people) || unlink(life) || unlink(abroad);
}

/* Writes a table of 2019 for ages 0 to 98. */
static void save(const char *path, const char *column, double (*value)(int sex, int age))
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "year,sex,age,%s\n", column);
    for (int sex = 0; sex < 2; sex++)
        for (int age = 0; age <= 98; age++)
            fprintf(file, "2019,%s,%d,%.9g\n", sex ? "male" : "female", age, value(sex, age));
    assert_int_equal(fclose(file), 0);
}

static double people_of(int sex, int age)
{
    return sex ? 300 : age == 0 ? 100 : 1000 + age;
}

/* A tenth die at 0, half at 19. */
static double dying(int sex, int age)
{
    (void)sex;
    return age == 0 ? 0.1 : age == 19 ? 0.5 : 0;
}

static double coming(int sex, int age)
{
    return sex ? 0 : age == 0 ? 8 : age == 18 ? 4 : age == 20 ? 16 : age == 50 ? 32 : 0;
}

static struct snw_settings settings_of(void)
{
    return (struct snw_settings){.mode = SNW_MODE_OPEN,
                                 .year = 2019,
                                 .until = 2050,
                                 .life_table_year = 2019,
                                 .births = SNW_WORD_NONE,
                                 .population_table = {.found = people},
                                 .life_table = {.found = life}};
}

static void the_young_survive_to_20_and_births_follow_those_of_the_year(void **state)
{
    (void)state;
    struct snw_nation nation;
    struct snw_settings settings = settings_of();
    snw_ctx_init(&ctx);
    save(people, "count", people_of);
    save(life, "qx", dying);
    assert_int_equal(snw_nation_read(&ctx, &settings, &nation), SNW_OK);
    assert_near(nation.count[SNW_FEMALE][0], 1020, 0);
    assert_near(nation.turn_20[SNW_FEMALE][0], 0, 0);
    assert_near(nation.turn_20[SNW_FEMALE][1], 1019 * 0.5, 1e-9);
    assert_near(nation.turn_20[SNW_FEMALE][19], 1001 * 0.5, 1e-9);
    assert_near(nation.turn_20[SNW_FEMALE][20], 100 * 0.9 * 0.5, 1e-9);
    assert_near(nation.turn_20[SNW_FEMALE][21], 100 * 0.9 * 0.5, 1e-9);
    assert_near(nation.turn_20[SNW_MALE][77], 300 * 0.9 * 0.5, 1e-9);
    settings.births = 800; /* a quarter of them girls, as of those of age 0 */
    assert_int_equal(snw_nation_read(&ctx, &settings, &nation), SNW_OK);
    assert_near(nation.turn_20[SNW_FEMALE][20], 45, 1e-9);
    assert_near(nation.turn_20[SNW_FEMALE][21], 200 * 0.45, 1e-9);
}

static void who_comes_below_20_turns_20_later(void **state)
{
    (void)state;
    struct snw_nation nation;
    struct snw_settings settings = settings_of();
    settings.migration.found = abroad;
    snw_ctx_init(&ctx);
    save(people, "count", people_of);
    save(life, "qx", dying);
    save(abroad, "count", coming);
    assert_int_equal(snw_nation_read(&ctx, &settings, &nation), SNW_OK);
    /* at 20: 16; those of 18 two years after they came, half of 4; those of 0 twenty years after */
    assert_near(nation.turn_20[SNW_FEMALE][1], 1019 * 0.5 + 16, 1e-9);
    assert_near(nation.turn_20[SNW_FEMALE][2], 1018 * 0.5 + 16, 1e-9);
    assert_near(nation.turn_20[SNW_FEMALE][3], 1017 * 0.5 + 16 + 2, 1e-9);
    assert_near(nation.turn_20[SNW_FEMALE][20], 45 + 16 + 2, 1e-9);
    assert_near(nation.turn_20[SNW_FEMALE][21], 45 + 16 + 2 + 8 * 0.45, 1e-9);
    assert_near(nation.come[SNW_FEMALE][0], 0, 0);
    assert_near(nation.come[SNW_FEMALE][30], 32, 0);
}

/* 30 women of 20 and 10 men of 70; 14 women turn 20 a year later, 16 in the next, with 12 men of 40
   who come each year. Four persons in the first year: one for ten people. */
static void lay_out(struct snw_population *p)
{
    static struct snw_nation nation;
    struct snw_settings settings = settings_of();
    settings.until = 2021;
    settings.persons = 4;
    settings.replicates = 1;
    settings.unit_people = 64;
    settings.trajectory_persons = SNW_WORD_NONE;
    settings.only_person = -1;
    settings.follow = SNW_WORD_NONE;
    nation.count[SNW_FEMALE][0] = 30;
    nation.count[SNW_MALE][50] = 10;
    nation.turn_20[SNW_FEMALE][1] = 14;
    nation.turn_20[SNW_FEMALE][2] = 16;
    nation.come[SNW_MALE][20] = 12;
    snw_ctx_init(&ctx);
    assert_int_equal(snw_population_init(&ctx, &settings, &nation, p), SNW_OK);
}

static void each_person_stands_for_the_same_number_of_people(void **state)
{
    (void)state;
    struct snw_population p;
    lay_out(&p);
    assert_near(p.weight, 10, 0);
    assert_int_equal(p.years, 3);
    /* up to each cell 30, 40 | 54, 66 | 82, 94 people: 3, 4 | 5, 7 | 8, 9 persons */
    assert_int_equal(p.persons, 9);
    static const struct {
        enum snw_sex sex;
        int32_t birth_year, age;
        uint64_t first, n;
    } expected[] = {{SNW_FEMALE, 1999, 20, 0, 3}, {SNW_MALE, 1949, 70, 3, 1},
                    {SNW_FEMALE, 2000, 20, 4, 1}, {SNW_MALE, 1980, 40, 5, 2},
                    {SNW_FEMALE, 2001, 20, 7, 1}, {SNW_MALE, 1981, 40, 8, 1}};
    assert_int_equal(p.n_cells, sizeof expected / sizeof expected[0]);
    for (size_t k = 0; k < p.n_cells; k++) {
        assert_int_equal(p.cells[k].sex, expected[k].sex);
        assert_int_equal(p.cells[k].birth_year, expected[k].birth_year);
        assert_int_equal(p.cells[k].age_from, expected[k].age);
        assert_int_equal(p.cells[k].first, expected[k].first);
        assert_int_equal(p.cells[k].n, expected[k].n);
    }
    snw_population_free(&p);
}

static void who_joins_is_known_by_sex_age_and_year(void **state)
{
    (void)state;
    struct snw_population p;
    lay_out(&p);
    assert_int_equal(snw_population_joins(&p, SNW_MALE, 40, 1), 2);
    assert_int_equal(snw_population_joins(&p, SNW_MALE, 40, 2), 1);
    assert_int_equal(snw_population_joins(&p, SNW_FEMALE, 20, 2), 1);
    assert_int_equal(snw_population_joins(&p, SNW_FEMALE, 40, 1), 0);
    p.replicates = 3;
    assert_int_equal(snw_population_joins(&p, SNW_MALE, 40, 1), 6);
    p.replicates = 1;
    p.only_person = 6; /* the second of the two men */
    assert_int_equal(snw_population_joins(&p, SNW_MALE, 40, 1), 1);
    assert_int_equal(snw_population_joins(&p, SNW_MALE, 40, 2), 0);
    snw_population_free(&p);
}

static void all_are_left_at_the_end_of_the_last_year(void **state)
{
    (void)state;
    struct snw_population p;
    struct snw_lane_of_unit lane[64];
    lay_out(&p);
    assert_int_equal(snw_population_unit(&p, 0, lane), 9);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(lane[i].birth_year + lane[i].exit_age, 2022);
    snw_population_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_young_survive_to_20_and_births_follow_those_of_the_year),
        cmocka_unit_test(who_comes_below_20_turns_20_later),
        cmocka_unit_test(each_person_stands_for_the_same_number_of_people),
        cmocka_unit_test(who_joins_is_known_by_sex_age_and_year),
        cmocka_unit_test(all_are_left_at_the_end_of_the_last_year),
    };
    return cmocka_run_group_tests(tests, make_files, drop_files);
}
