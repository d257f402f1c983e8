/* Rows beside a result while it is made, and datasets that are written in parts. */
#define _POSIX_C_SOURCE 200809L
#include "unit/store_fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/aside.h"
#include "store/dataset.h"
#include "store/read.h"

enum { WIDTH = 5, N_ROWS = 4 };

static void make_row(double k, double row[WIDTH])
{
    for (int i = 0; i < WIDTH; i++)
        row[i] = 10 * k + i;
}

static void append(struct snw_aside *rows, int n)
{
    double row[WIDTH];
    for (int k = 0; k < n; k++) {
        make_row((double)rows->state.n, row);
        assert_ok(snw_aside_append(rows, row, &ctx));
    }
}

static void name_of(char *name, size_t size)
{
    snprintf(name, size, "%s.aside", path);
}

static void rows_are_read_back_in_part(void **state)
{
    (void)state;
    struct snw_aside rows;
    double part[2];
    assert_ok(snw_aside_create(&rows, path, WIDTH * sizeof(double), &ctx));
    append(&rows, N_ROWS);
    assert_ok(snw_aside_commit(&rows, &ctx));
    assert_ok(snw_aside_read(&rows, 2, 3 * sizeof(double), sizeof part, part, &ctx));
    assert_true(part[0] == 23 && part[1] == 24);
    assert_int_equal(snw_aside_read(&rows, N_ROWS, 0, sizeof part, part, &ctx), SNW_ERR_FORMAT);
    snw_aside_close(&rows);
    assert_ok(snw_aside_remove(path, &ctx));
    assert_false(there_is(".aside"));
    assert_ok(snw_aside_remove(path, &ctx));
}

static void rows_after_the_last_commit_are_written_again(void **state)
{
    (void)state;
    struct snw_aside rows, whole;
    double row[WIDTH], expected[WIDTH];
    assert_ok(snw_aside_create(&rows, path, sizeof row, &ctx));
    append(&rows, 2);
    struct snw_aside_state committed = rows.state;
    memset(row, 0, sizeof row);
    assert_ok(snw_aside_append(&rows, row, &ctx)); /* lost by a kill */
    snw_aside_close(&rows);
    assert_ok(snw_aside_resume(&rows, path, &committed, &ctx));
    assert_int_equal(rows.state.n, 2);
    append(&rows, N_ROWS - 2);
    assert_ok(snw_aside_read(&rows, 2, 0, sizeof row, row, &ctx));
    make_row(2, expected);
    assert_memory_equal(row, expected, sizeof row);
    struct snw_aside_state resumed = rows.state;
    snw_aside_close(&rows);
    assert_ok(snw_aside_create(&whole, path, sizeof row, &ctx));
    append(&whole, N_ROWS);
    assert_memory_equal(&whole.state, &resumed, sizeof resumed);
    snw_aside_close(&whole);
}

static void damaged_rows_are_found(void **state)
{
    (void)state;
    struct snw_aside rows;
    char name[160];
    double row[WIDTH];
    name_of(name, sizeof name);
    assert_ok(snw_aside_create(&rows, path, sizeof row, &ctx));
    append(&rows, N_ROWS);
    struct snw_aside_state committed = rows.state;
    snw_aside_close(&rows);

    FILE *file = fopen(name, "r+b");
    assert_non_null(file);
    fseek(file, 77, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, 77, SEEK_SET);
    fputc(byte ^ 1, file);
    fclose(file);
    assert_int_equal(snw_aside_resume(&rows, path, &committed, &ctx), SNW_ERR_FORMAT);
    assert_true(message_has("is damaged"));

    assert_int_equal(truncate(name, (off_t)(3 * sizeof row)), 0);
    assert_int_equal(snw_aside_resume(&rows, path, &committed, &ctx), SNW_ERR_FORMAT);
    assert_true(message_has("is cut short"));

    assert_ok(snw_aside_remove(path, &ctx));
    assert_int_equal(snw_aside_resume(&rows, path, &committed, &ctx), SNW_ERR_IO);
}

static void exchanged_rows_are_found(void **state)
{
    (void)state;
    struct snw_aside rows;
    double row[WIDTH];
    assert_ok(snw_aside_create(&rows, path, sizeof row, &ctx));
    append(&rows, 2);
    struct snw_aside_state committed = rows.state;
    rows.state.n = 0;
    make_row(1, row);
    assert_ok(snw_aside_append(&rows, row, &ctx));
    make_row(0, row);
    assert_ok(snw_aside_append(&rows, row, &ctx));
    snw_aside_close(&rows);
    assert_int_equal(snw_aside_resume(&rows, path, &committed, &ctx), SNW_ERR_FORMAT);
}

/* ---- datasets written in parts */

enum { SCENARIOS = 2, DRAWS = 300, AGES = 78 };

static const struct snw_variable variable = {.group = "summary",
                                             .name = "grip_kg",
                                             .type = SNW_F64,
                                             .n_dims = 3,
                                             .dims = {"scenario", "draw", "age"},
                                             .units = "kg",
                                             .has_fill = true,
                                             .fill = NAN};

/* Draw 0 alone where `whole` is false; NaN for all others where it is true.
   @return the bytes of the file. */
static long write_draws(const char *name, const size_t chunk[3], bool whole, double change)
{
    struct snw_file file;
    struct stat info;
    static double values[SCENARIOS * DRAWS * AGES];
    size_t first[3] = {0, 0, 0}, count[3] = {SCENARIOS, 1, AGES};
    assert_ok(snw_file_create(&file, name, true, &ctx));
    assert_ok(snw_group_create(&file, "summary", &ctx));
    assert_ok(snw_dimension_create(&file, "summary", "scenario", SCENARIOS, &ctx));
    assert_ok(snw_dimension_create(&file, "summary", "draw", DRAWS, &ctx));
    assert_ok(snw_dimension_create(&file, "summary", "age", AGES, &ctx));
    assert_ok(snw_sparse_create(&file, &variable, chunk, &ctx));
    for (size_t i = 0; i < SCENARIOS * DRAWS * AGES; i++)
        values[i] = NAN;
    if (whole) {
        count[1] = DRAWS;
        assert_ok(snw_slab_write(&file, &variable, first, count, values, &ctx));
        count[1] = 1;
    }
    for (size_t i = 0; i < SCENARIOS * AGES; i++)
        values[i] = (double)i + (i == 100 ? change : 0);
    assert_ok(snw_slab_write(&file, &variable, first, count, values, &ctx));
    assert_ok(snw_file_finish(&file, &ctx));
    assert_int_equal(stat(name, &info), 0);
    return (long)info.st_size;
}

static struct snw_digest digest_of(const char *name)
{
    struct snw_digest digest = {0, 0};
    assert_ok(snw_digest_file(&ctx, name, &digest));
    return digest;
}

static void what_is_not_written_reads_as_missing_and_takes_no_room(void **state)
{
    (void)state;
    static double back[SCENARIOS * DRAWS * AGES];
    const size_t chunk[3] = {SCENARIOS, 1, AGES};
    struct snw_file file;
    long sparse = write_draws(path, chunk, false, 0);
    assert_true(sparse < 100000); /* all values are 374,400 bytes, a file begins with 65,536 */
    assert_ok(snw_file_open(&file, path, &ctx));
    assert_ok(snw_doubles_read(&file, "summary/grip_kg", back, SCENARIOS * DRAWS * AGES, &ctx));
    assert_ok(snw_file_close(&file, &ctx));
    for (size_t i = 0; i < SCENARIOS * DRAWS * AGES; i++) {
        size_t scenario = i / DRAWS / AGES, draw = i / AGES % DRAWS, age = i % AGES;
        if (draw > 0)
            assert_true(isnan(back[i]));
        else
            assert_true(back[i] == (double)(scenario * AGES + age));
    }
}

static void the_digest_sees_values_and_not_chunks(void **state)
{
    (void)state;
    const size_t one[3] = {SCENARIOS, 1, AGES}, odd[3] = {1, 7, AGES}, cut[3] = {1, 100, 13};
    write_draws(path, one, false, 0);
    struct snw_digest right = digest_of(path), other;
    write_draws(path, odd, false, 0);
    other = digest_of(path);
    assert_memory_equal(&other, &right, sizeof right);
    write_draws(path, cut, true, 0);
    other = digest_of(path);
    assert_memory_equal(&other, &right, sizeof right);
    write_draws(path, one, false, 1e-9);
    other = digest_of(path);
    assert_memory_not_equal(&other, &right, sizeof right);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(rows_are_read_back_in_part),
        IN_FOLDER(rows_after_the_last_commit_are_written_again),
        IN_FOLDER(damaged_rows_are_found),
        IN_FOLDER(exchanged_rows_are_found),
        IN_FOLDER(what_is_not_written_reads_as_missing_and_takes_no_room),
        IN_FOLDER(the_digest_sees_values_and_not_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
