/* The reader of posteriors: samples, and every refusal. */
#define _POSIX_C_SOURCE 200809L
#include "support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/posterior_table.h"

static char path[] = "/tmp/snw_posterior_XXXXXX";
static struct snw_ctx ctx;
static struct snw_posterior_table table;

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
    return snw_posterior_table_read(&ctx, path, &table);
}

static void rows_take_the_place_of_priors(void **state)
{
    (void)state;
    struct snw_params base, out;
    struct snw_draws draws = {.seed = 1, .posterior = &table.posterior};
    assert_int_equal(read_text("# of a calibration\nfalls.frail,strength.grip_young.male\n"
                               "0.25,50\n\n0.5,52\n"),
                     SNW_OK);
    assert_int_equal(table.posterior.n_rows, 2);
    assert_int_equal(table.posterior.n_columns, 2);
    snw_params_default(&base);
    for (uint32_t k = 1; k <= 3; k++) {
        snw_params_draw(&out, &base, &draws, k);
        assert_near(out.falls_frail[0], k == 2 ? 0.5 : 0.25, 0);
        assert_near(out.strength_grip_young[1], k == 2 ? 52 : 50, 0);
        assert_true(out.strength_grip_young[0] != base.strength_grip_young[0]);
    }
    snw_posterior_table_free(&table);
}

static void all_elements_can_be_named(void **state)
{
    (void)state;
    struct snw_params base, out;
    struct snw_draws draws = {.seed = 1, .posterior = &table.posterior};
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    snw_params_default(&base);
    for (int row = 0; row < 2; row++)
        for (int id = 0; id < SNW_PARAM_COUNT; id++)
            for (size_t i = 0; i < snw_param_table[id].length; i++) {
                char key[128];
                snw_param_key((enum snw_param_id)id, i, key, sizeof key);
                if (row == 0)
                    fprintf(file, "%s%s", id + (int)i ? "," : "", key);
                else
                    fprintf(file, "%s%.17g", id + (int)i ? "," : "\n",
                            snw_params_at(&base, (enum snw_param_id)id)[i]);
            }
    fclose(file);
    snw_ctx_init(&ctx);
    assert_int_equal(snw_posterior_table_read(&ctx, path, &table), SNW_OK);
    assert_int_equal(table.posterior.n_columns, SNW_PARAM_ELEMENTS);
    snw_params_draw(&out, &base, &draws, 7);
    assert_memory_equal(&out, &base, sizeof out);
    snw_posterior_table_free(&table);
}

static void wrong_tables_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", ": holds no row"},
        {"falls.frail\n", ": holds no row"},
        {"falls.frial\n1\n",
         ":1: falls.frial is no element of a parameter; the nearest is falls.frail"},
        {"strength.grip_young\n50\n", ":1: strength.grip_young is no element of a parameter"},
        {"falls.frail,falls.frail\n1,1\n", ":1: column twice: falls.frail"},
        {"falls.frail\n1,1\n", ":2: more fields than columns"},
        {"falls.frail,falls.phi\n1\n", ":2: fewer fields than columns"},
        {"falls.frail\nx\n", ":2: falls.frail = x is no number"},
        {"falls.frail\n1\nnan\n", ":3: falls.frail = nan is no number"},
        {"falls.frail\n1\n99\n", ":3: falls.frail = 99 is not within "},
        {"falls.frail\n\"1\n", ":2: quotes do not close, or more than 1024 fields"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(read_text(cases[i].text), SNW_ERR_TABLE);
        assert_true(ctx.n_errors >= 1);
        if (!strstr(ctx.messages[0], cases[i].message))
            fail_msg("%s: %s", cases[i].text, ctx.messages[0]);
        snw_posterior_table_free(&table);
    }
}

static void every_bad_row_is_named(void **state)
{
    (void)state;
    assert_int_equal(read_text("falls.frail\n1\nx\n1\ny\n"), SNW_ERR_TABLE);
    assert_int_equal(ctx.n_errors, 2);
    snw_posterior_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_take_the_place_of_priors),
        cmocka_unit_test(all_elements_can_be_named),
        cmocka_unit_test(wrong_tables_are_refused),
        cmocka_unit_test(every_bad_row_is_named),
    };
    return cmocka_run_group_tests(tests, make_file, drop_file);
}
