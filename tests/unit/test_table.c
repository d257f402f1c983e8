/* The two tables of a population: what stands in them, and every way in which they can be wrong. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/table.h"

static struct snw_ctx ctx;
static char path[] = "/tmp/test_table_XXXXXX";
static double value[2][SNW_TABLE_AGES], above[2];
static char table[40000];
static size_t n_table;

static int make_file(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int drop_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void add(const char *text)
{
    size_t n = strlen(text);
    assert_true(n_table + n < sizeof table);
    memcpy(table + n_table, text, n + 1);
    n_table += n;
}

static void begin(const char *header)
{
    n_table = 0;
    add(header);
}

/* Rows of one year and sex for the ages from..to; the value is age/1000. */
static void add_rows(int year, const char *sex, int from, int to)
{
    char row[80];
    for (int age = from; age <= to; age++) {
        snprintf(row, sizeof row, "%d,%s,%d,0.%03d\n", year, sex, age, age);
        add(row);
    }
}

static void save(void)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(table, 1, n_table, file), n_table);
    assert_int_equal(fclose(file), 0);
    snw_ctx_init(&ctx);
}

static void assert_life_table_refused(const char *message)
{
    char expected[400];
    save();
    assert_int_equal(snw_life_table_read(&ctx, path, 2017, value), SNW_ERR_TABLE);
    snprintf(expected, sizeof expected, "%s%s", path, message);
    assert_string_equal(ctx.messages[0], expected);
}

#define HEADER "year,sex,age,qx\n"

static void the_life_table_of_2017_is_read(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    assert_int_equal(snw_life_table_read(&ctx, "configs/tables/us_life_table.csv", 2017, value),
                     SNW_OK);
    /* as printed in the table */
    assert_true(value[0][0] == 0.000425);
    assert_true(value[1][77] == 0.303355);
}

static void the_population_of_2019_is_read(void **state)
{
    (void)state;
    double sum = 0;
    snw_ctx_init(&ctx);
    assert_int_equal(
        snw_population_read(&ctx, "configs/tables/us_population.csv", 2019, value, above), SNW_OK);
    for (int i = 0; i < 2 * SNW_TABLE_AGES; i++)
        sum += value[i / SNW_TABLE_AGES][i % SNW_TABLE_AGES];
    assert_true(sum == 246370511);
    assert_true(above[0] == 181985);
    assert_true(above[1] == 61611);
}

static void columns_are_found_by_name_and_quotes_are_read(void **state)
{
    (void)state;
    char row[80];
    begin("# a comment\r\n\"source\",qx,age,sex,year\r\n");
    for (int sex = 0; sex < 2; sex++)
        for (int age = 0; age <= 100; age++) {
            snprintf(row, sizeof row, "\"a, \"\"b\"\"\",%d.0e-3,%d,%s,2017\r\n", age, age,
                     sex ? "male" : "female");
            add(row);
        }
    save();
    assert_int_equal(snw_life_table_read(&ctx, path, 2017, value), SNW_OK);
    assert_true(value[1][30] == 0.050);
}

static void a_byte_order_mark_and_a_missing_last_newline_are_forgiven(void **state)
{
    (void)state;
    begin("\xef\xbb\xbf" HEADER);
    add_rows(2017, "male", 20, 97);
    add_rows(2017, "female", 20, 97);
    n_table--;
    save();
    assert_int_equal(snw_life_table_read(&ctx, path, 2017, value), SNW_OK);
    assert_true(value[0][77] == 0.097);
}

static void a_row_that_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *row, *message;
    } cases[] = {
        {"2017,female,20,0.1x", ":2: value is no number: 0.1x"},
        {"2017,female,20,", ":2: value is no number: "},
        {"2017,female,20,nan", ":2: value is no number: nan"},
        {"2017,female,20,1.5", ":2: probability outside 0 to 1: 1.5"},
        {"2017,female,20,-0.1", ":2: probability outside 0 to 1: -0.1"},
        {"2017,woman,20,0.1", ":2: sex is neither female nor male: woman"},
        {"2017,female,20.5,0.1", ":2: age is no age in years: 20.5"},
        {"2017,female,150,0.1", ":2: age is no age in years: 150"},
        {"year,female,20,0.1", ":2: year is no year: year"},
        {"2017,female,20", ":2: fewer fields than columns"},
        {"2017,female,20,0.1,x", ":2: more fields than columns"},
        {"2017,\"female,20,0.1", ":2: quotes do not close, or more than 1024 fields"},
        {"2017,fe\"male,20,0.1", ":2: quotes do not close, or more than 1024 fields"},
        {"2017,\"female\"x,20,0.1", ":2: quotes do not close, or more than 1024 fields"},
        {"2017,\"female\"\"\",20,0.1", ":2: sex is neither female nor male: female\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin(HEADER);
        add(cases[i].row);
        add("\n");
        assert_life_table_refused(cases[i].message);
    }
}

static void a_column_that_is_missing_or_there_twice_is_named(void **state)
{
    (void)state;
    begin("year,sex,age,q\n2017,female,20,0.1\n");
    assert_life_table_refused(":1: no column qx");
    assert_int_equal(ctx.n_errors, 1);
    begin("year,sex,age,qx,age\n");
    assert_life_table_refused(":1: column twice: age");
    begin("# nothing\n");
    assert_life_table_refused(": is empty");
}

static void a_year_that_is_missing_lists_those_there(void **state)
{
    (void)state;
    begin(HEADER "2019,male,3,0.1\n2010,male,3,0.1\n2010,male,4,0.1\n");
    assert_life_table_refused(": no year 2017; it has 2010, 2019");
    begin(HEADER);
    assert_life_table_refused(": no year 2017; it has no rows");
}

static void holes_doubles_and_disorder_are_named(void **state)
{
    (void)state;
    begin(HEADER);
    add_rows(2017, "female", 20, 30);
    add_rows(2017, "female", 32, 97);
    add_rows(2017, "male", 22, 90);
    assert_life_table_refused(": year 2017, female: no row for age 31");
    assert_int_equal(ctx.n_errors, 3);
    assert_non_null(strstr(ctx.messages[1], "male: no row for ages 20 to 21"));
    assert_non_null(strstr(ctx.messages[2], "male: no row for ages 91 to 97"));
    begin(HEADER);
    add_rows(2017, "female", 20, 97);
    add_rows(2017, "female", 97, 97);
    assert_life_table_refused(":80: a second row for female of 97");
    begin(HEADER);
    add_rows(2017, "female", 21, 97);
    add_rows(2017, "female", 20, 20);
    add_rows(2017, "male", 20, 97);
    assert_life_table_refused(":79: ages out of order: female of 20");
}

static void a_population_must_say_who_is_above_97(void **state)
{
    (void)state;
    begin("year,sex,age,count\n");
    add_rows(2017, "female", 20, 97);
    add_rows(2017, "male", 20, 98);
    save();
    assert_int_equal(snw_population_read(&ctx, path, 2017, value, above), SNW_ERR_TABLE);
    assert_non_null(strstr(ctx.messages[0], "female: no row for age 98"));
    begin("year,sex,age,count\n2017,male,20,-5\n");
    save();
    assert_int_equal(snw_population_read(&ctx, path, 2017, value, above), SNW_ERR_TABLE);
    assert_non_null(strstr(ctx.messages[0], ":2: value below 0 or too large: -5"));
}

static void a_file_that_is_missing_or_not_text_is_named(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    assert_int_equal(snw_life_table_read(&ctx, "/tmp/none.csv", 2017, value), SNW_ERR_TABLE);
    assert_string_equal(ctx.messages[0],
                        "/tmp/none.csv: cannot be opened: No such file or directory");
    begin(HEADER "x");
    table[3] = '\0';
    assert_life_table_refused(": holds a NUL byte");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_life_table_of_2017_is_read),
        cmocka_unit_test(the_population_of_2019_is_read),
        cmocka_unit_test(columns_are_found_by_name_and_quotes_are_read),
        cmocka_unit_test(a_byte_order_mark_and_a_missing_last_newline_are_forgiven),
        cmocka_unit_test(a_row_that_is_wrong_is_named),
        cmocka_unit_test(a_column_that_is_missing_or_there_twice_is_named),
        cmocka_unit_test(a_year_that_is_missing_lists_those_there),
        cmocka_unit_test(holes_doubles_and_disorder_are_named),
        cmocka_unit_test(a_population_must_say_who_is_above_97),
        cmocka_unit_test(a_file_that_is_missing_or_not_text_is_named),
    };
    return cmocka_run_group_tests(tests, make_file, drop_file);
}
