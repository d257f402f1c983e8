/* The reader of price indices: the table that comes with the program, and every refusal. */
#define _POSIX_C_SOURCE 200809L
#include "support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/price_table.h"

enum { FIRST = 1990, LAST = 2030, N = LAST - FIRST + 1 };

static char path[] = "/tmp/snw_prices_XXXXXX";
static struct snw_ctx ctx;
static double value[N];

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

static snw_status read_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    snw_ctx_init(&ctx);
    return snw_price_table_read(&ctx, path, "pce", FIRST, LAST, value);
}

static void the_indices_of_the_program_are_read(void **state)
{
    (void)state;
    static const char *const columns[] = {"pce", "cpi_medical"};
    static const double in_1999[] = {72.0, 250.56}, in_2019[] = {103.51, 498.4};
    snw_ctx_init(&ctx);
    for (int k = 0; k < 2; k++) {
        assert_int_equal(snw_price_table_read(&ctx, "configs/tables/price_index.csv", columns[k],
                                              FIRST, LAST, value),
                         SNW_OK);
        for (int year = FIRST; year <= LAST; year++)
            assert_int_equal(value[year - FIRST] > 0, year >= 1999 && year <= 2024);
        assert_near(value[1999 - FIRST], in_1999[k], 0);
        assert_near(value[2019 - FIRST], in_2019[k], 0);
    }
}

static void columns_and_years_come_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(read_text("# a comment\nnote,pce,year\n\"a, b\",110,2001\nc,1e2,2000\n"),
                     SNW_OK);
    assert_near(value[2000 - FIRST], 100, 0);
    assert_near(value[2001 - FIRST], 110, 0);
    assert_near(value[2002 - FIRST], 0, 0);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", ": is empty"},
        {"year,cpi\n2000,1\n", ":1: no column pce"},
        {"pce\n1\n", ":1: no column year"},
        {"year,pce\n2000,1\n2000,2\n", ":3: a second row for 2000"},
        {"year,pce\n1989,1\n", ":2: year is no year: 1989"},
        {"year,pce\n2000.5,1\n", ":2: year is no year: 2000.5"},
        {"year,pce\n2000,0\n", ":2: index is no number above 0: 0"},
        {"year,pce\n2000,-3\n", ":2: index is no number above 0: -3"},
        {"year,pce\n2000,1x\n", ":2: index is no number above 0: 1x"},
        {"year,pce\n2000,nan\n", ":2: index is no number above 0: nan"},
        {"year,pce\n2000\n", ":2: fewer fields than columns"},
        {"year,pce\n2000,1,2\n", ":2: more fields than columns"},
        {"year,pce\n\"2000,1\n", ":2: quotes do not close, or more than 64 fields"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(read_text(cases[i].text), SNW_ERR_TABLE);
        assert_int_equal(ctx.n_errors, 1);
        assert_string_equal(ctx.messages[0] + strlen(path), cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_indices_of_the_program_are_read),
        cmocka_unit_test(columns_and_years_come_in_any_order),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
    };
    return cmocka_run_group_tests(tests, make_file, drop_file);
}
