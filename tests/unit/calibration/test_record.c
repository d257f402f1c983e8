/* The record of evaluations: nothing written is lost, nothing foreign is taken. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calibration/record.h"

static const char *const score[] = {"one", "other"}, *const target[] = {"T1", "T2", "T3"};
static char path[64];
static struct snw_ctx ctx;

static struct snw_record_plan plan_of(const char *identity)
{
    return (struct snw_record_plan){identity, 4, 2, 3, score, target};
}

static snw_status open_record(const char *identity, struct snw_evaluations *e)
{
    const struct snw_record_plan plan = plan_of(identity);
    snw_ctx_init(&ctx);
    return snw_evaluations_open(&ctx, path, &plan, e);
}

static int begin(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/snw_record_%ld.csv", (long)getpid());
    unlink(path);
    return 0;
}

static int end(void **state)
{
    (void)state;
    return unlink(path);
}

/* A third and a hundredth of pi have no short decimal form. */
static const double z[2] = {1.0 / 3, -0.0314159265358979312};
static const double values[6] = {1, 2, (double)NAN, 0.1, 0.2, (double)NAN};

static void write_two(void)
{
    struct snw_evaluations e;
    assert_int_equal(open_record("this one", &e), SNW_OK);
    assert_int_equal(snw_evaluations_add(&ctx, &e, 2, z, values), SNW_OK);
    assert_int_equal(snw_evaluations_add(&ctx, &e, 0, z, values), SNW_OK);
    assert_int_equal(snw_evaluations_commit(&ctx, &e), SNW_OK);
    snw_evaluations_close(&e);
}

static void what_was_written_is_there_to_the_bit(void **state)
{
    (void)state;
    struct snw_evaluations e;
    write_two();
    assert_int_equal(open_record("this one", &e), SNW_OK);
    assert_true(e.done[0] && !e.done[1] && e.done[2] && !e.done[3]);
    assert_memory_equal(e.score + 2 * 2, z, sizeof z);
    assert_true(e.value[2 * 3 + 1] == 2 && isnan(e.value[2 * 3 + 2]));
    assert_true(e.error[0] == 0.1 && isnan(e.error[2]));
    snw_evaluations_close(&e);
}

static void a_row_cut_short_is_made_again(void **state)
{
    (void)state;
    struct snw_evaluations e;
    write_two();
    FILE *file = fopen(path, "r+");
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    assert_int_equal(ftruncate(fileno(file), ftell(file) - 4), 0);
    fclose(file);
    assert_int_equal(open_record("this one", &e), SNW_OK);
    assert_true(e.done[2] && !e.done[0]);
    assert_int_equal(snw_evaluations_add(&ctx, &e, 0, z, values), SNW_OK);
    snw_evaluations_close(&e);
    assert_int_equal(open_record("this one", &e), SNW_OK);
    assert_true(e.done[2] && e.done[0]);
    snw_evaluations_close(&e);
}

static void a_headline_cut_short_is_written_again(void **state)
{
    (void)state;
    struct snw_evaluations e;
    write_two();
    assert_int_equal(truncate(path, 20), 0);
    assert_int_equal(open_record("this one", &e), SNW_OK);
    assert_false(e.done[0]);
    assert_int_equal(snw_evaluations_add(&ctx, &e, 1, z, values), SNW_OK);
    snw_evaluations_close(&e);
    assert_int_equal(open_record("this one", &e), SNW_OK);
    assert_true(e.done[1]);
    snw_evaluations_close(&e);
}

static void another_calibration_is_refused(void **state)
{
    (void)state;
    struct snw_evaluations e;
    write_two();
    assert_int_equal(open_record("that one", &e), SNW_ERR_EXISTS);
    assert_non_null(strstr(ctx.messages[0], "another calibration"));
    snw_evaluations_close(&e);
    assert_int_equal(open_record("this one", &e), SNW_OK); /* and left as it was */
    assert_true(e.done[2]);
    snw_evaluations_close(&e);
}

static void damage_is_found(void **state)
{
    (void)state;
    struct snw_evaluations e;
    write_two();
    FILE *file = fopen(path, "a");
    fputs("9,1,1,1,1,1,1,1,1\n", file); /* number 9 of 4 */
    fclose(file);
    assert_int_equal(open_record("this one", &e), SNW_ERR_FORMAT);
    snw_evaluations_close(&e);
    snw_ctx_init(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_there_to_the_bit, begin, end),
        cmocka_unit_test_setup_teardown(a_row_cut_short_is_made_again, begin, end),
        cmocka_unit_test_setup_teardown(a_headline_cut_short_is_written_again, begin, end),
        cmocka_unit_test_setup_teardown(another_calibration_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(damage_is_found, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
