/* The store: compression, result file, tables, proofs. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* flock */
#include "unit/store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "store/checkpoint.h"
#include "store/read.h"
#include "store/table.h"
#include "unit/store_example.h"

/* ---- compression */

static void a_chunk_is_shuffled_by_bytes_and_padded_with_zeros(void **state)
{
    const uint16_t values[] = {0x0102, 0x0304};
    const uint8_t expected[] = {0x02, 0x04, 0, 0, 0x01, 0x03, 0, 0}; /* low bytes, high bytes */
    uint8_t compressed[256], raw[8];
    size_t n_bytes = 0;
    uLongf n_raw = sizeof raw;
    struct snw_compressor compressor;
    (void)state;
    assert_true(snw_compress_bound(8) <= sizeof compressed);
    assert_ok(snw_compressor_init(&compressor, SNW_COMPRESS_FAST, 8, 2, &ctx));
    assert_ok(snw_compress(&compressor, values, sizeof values, compressed, &n_bytes, &ctx));
    assert_int_equal(uncompress(raw, &n_raw, compressed, n_bytes), Z_OK);
    assert_int_equal(n_raw, 8);
    assert_memory_equal(raw, expected, 8);
    snw_compressor_free(&compressor);
}

static void no_compression_leaves_the_bytes_as_they_are(void **state)
{
    const uint16_t values[] = {0x0102, 0x0304};
    const uint8_t expected[] = {0x02, 0x01, 0x04, 0x03, 0, 0, 0, 0};
    uint8_t bytes[8];
    size_t n_bytes = 0;
    struct snw_compressor compressor;
    (void)state;
    assert_ok(snw_compressor_init(&compressor, SNW_COMPRESS_NONE, 8, 2, &ctx));
    assert_ok(snw_compress(&compressor, values, sizeof values, bytes, &n_bytes, &ctx));
    assert_int_equal(n_bytes, 8);
    assert_memory_equal(bytes, expected, 8);
    snw_compressor_free(&compressor);
}

/* Random bytes of each element size, at each level, within the bound. */
static void what_cannot_be_compressed_still_fits_and_comes_back(void **state)
{
    enum { N = 1 << 18 };
    static uint8_t values[N], raw[N];
    uint8_t *compressed = malloc(snw_compress_bound(N));
    uint32_t word = 12345;
    (void)state;
    assert_non_null(compressed);
    for (size_t i = 0; i < N; i++) {
        word = word * 1664525u + 1013904223u;
        values[i] = (uint8_t)(word >> 24);
    }
    for (int level = SNW_COMPRESS_FAST; level <= SNW_COMPRESS_SMALL; level++)
        for (size_t size = 1; size <= 8; size *= 2) {
            struct snw_compressor compressor;
            size_t n_bytes = 0;
            uLongf n_raw = N;
            assert_ok(snw_compressor_init(&compressor, (enum snw_compression)level, N, size, &ctx));
            assert_ok(snw_compress(&compressor, values, N, compressed, &n_bytes, &ctx));
            assert_true(n_bytes <= snw_compress_bound(N));
            assert_int_equal(uncompress(raw, &n_raw, compressed, n_bytes), Z_OK);
            for (size_t i = 0; i < N; i++)
                assert_int_equal(raw[i % size * (N / size) + i / size], values[i]);
            snw_compressor_free(&compressor);
        }
    free(compressed);
}

/* ---- the file's life */

static const struct example plain = {.level = SNW_COMPRESS_FAST, .chunk_rows = 64};

static void a_file_has_its_name_only_when_it_is_whole(void **state)
{
    struct snw_file file;
    (void)state;
    assert_ok(snw_file_create(&file, path, false, &ctx));
    assert_ok(snw_attribute_text(&file, "/", "title", "t", &ctx));
    assert_ok(snw_file_commit(&file, &ctx));
    assert_true(there_is(".partial") && !there_is(""));
    assert_ok(snw_file_finish(&file, &ctx));
    assert_true(there_is("") && !there_is(".partial") && !there_is(".partial.journal"));
}

static void an_existing_result_is_replaced_by_force_only(void **state)
{
    struct snw_file file;
    (void)state;
    assert_ok(example_write(path, &plain, &ctx));
    assert_int_equal(snw_file_create(&file, path, false, &ctx), SNW_ERR_EXISTS);
    assert_true(message_has("--force"));
    snw_ctx_init(&ctx);
    assert_ok(snw_file_create(&file, path, true, &ctx));
    assert_true(there_is("")); /* until the new one is whole */
    assert_ok(snw_file_close(&file, &ctx));
}

static void an_interrupted_run_is_not_overwritten(void **state)
{
    struct snw_file file;
    (void)state;
    assert_ok(snw_file_create(&file, path, false, &ctx));
    assert_ok(snw_file_close(&file, &ctx));
    assert_int_equal(snw_file_create(&file, path, false, &ctx), SNW_ERR_EXISTS);
    assert_true(message_has("before its first commit: --force starts anew"));
    assert_int_equal(snw_file_may_write(path, false, true, &ctx), SNW_ERR_EXISTS);
    assert_true(message_has("nothing to go on with: --force starts anew"));
    snw_ctx_init(&ctx);
    assert_ok(snw_checkpoint_write(&(struct snw_checkpoint){.next_unit = 1}, path, &ctx));
    assert_int_equal(snw_file_create(&file, path, false, &ctx), SNW_ERR_EXISTS);
    assert_true(message_has("--resume goes on with it, --force starts anew"));
    snw_ctx_init(&ctx);
    assert_ok(snw_file_may_write(path, false, true, &ctx));
}

static void there_is_nothing_to_go_on_with_in_an_empty_folder(void **state)
{
    (void)state;
    assert_int_equal(snw_file_may_write(path, false, true, &ctx), SNW_ERR_USAGE);
    assert_true(message_has("leave --resume out"));
}

/* The checkpoint of the run that is replaced would be taken for the new one's. */
static void a_new_file_has_no_old_checkpoint(void **state)
{
    struct snw_file file;
    (void)state;
    assert_ok(snw_checkpoint_write(&(struct snw_checkpoint){.next_unit = 1}, path, &ctx));
    assert_ok(snw_file_create(&file, path, true, &ctx));
    assert_false(there_is(".checkpoint"));
    assert_ok(snw_file_close(&file, &ctx));
}

/* A run that had opened the partial file when it was given its name must not write to it. */
static void a_file_that_was_renamed_is_not_locked_under_its_old_name(void **state)
{
    struct snw_file file, other;
    (void)state;
    assert_ok(snw_file_create(&file, path, false, &ctx));
    assert_ok(snw_attribute_text(&file, "/", "title", "t", &ctx));
    assert_ok(snw_file_finish(&file, &ctx));
    assert_int_equal(snw_file_append(&other, path, &ctx), SNW_ERR_IO);
    snw_ctx_init(&ctx);
    assert_ok(snw_file_create(&other, path, true, &ctx));
    assert_ok(snw_file_close(&other, &ctx));
    assert_ok(snw_file_open(&file, path, &ctx)); /* the finished one is whole */
    assert_true(snw_attribute_exists(&file, "/", "title"));
    assert_ok(snw_file_close(&file, &ctx));
}

static void a_file_that_another_run_writes_is_left_alone(void **state)
{
    struct snw_file file, other;
    (void)state;
    assert_ok(snw_file_create(&file, path, false, &ctx));
    char partial[256];
    snprintf(partial, sizeof partial, "%s.partial", path);
    assert_ok(snw_file_close(&file, &ctx));
    int fd = open(partial, O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    assert_int_equal(snw_file_append(&other, path, &ctx), SNW_ERR_IO);
    assert_true(message_has("another run is writing"));
    assert_int_equal(snw_file_create(&other, path, true, &ctx), SNW_ERR_IO);
    assert_true(message_has("another run is writing"));
    close(fd);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct snw_file file;
    (void)state;
    assert_int_equal(snw_file_create(&file, "/no/such/results.h5", false, &ctx), SNW_ERR_IO);
    assert_true(message_has("/no/such/results.h5.partial: cannot create: No such file"));
    assert_int_equal(snw_file_open(&file, "/no/such/results.h5", &ctx), SNW_ERR_IO);
    assert_int_equal(snw_file_append(&file, "/no/such/results.h5", &ctx), SNW_ERR_IO);
}

static void a_file_of_something_else_is_no_result(void **state)
{
    struct snw_file file;
    FILE *text = fopen(path, "w");
    (void)state;
    assert_non_null(text);
    fputs("age,grip_kg\n", text);
    fclose(text);
    assert_int_equal(snw_file_open(&file, path, &ctx), SNW_ERR_FORMAT);
    assert_true(message_has("not a result file"));
}

static void what_was_written_is_read_back(void **state)
{
    static double grip[EXAMPLE_SCENARIOS][EXAMPLE_DRAWS][EXAMPLE_SEXES][EXAMPLE_AGES];
    static double asm_kg[EXAMPLE_SCENARIOS][EXAMPLE_PERSONS][EXAMPLE_AGES];
    struct snw_file file;
    struct snw_shape shape;
    struct snw_texts texts;
    char units[8];
    double scale = 0;
    (void)state;
    assert_ok(example_write(path, &plain, &ctx));
    assert_ok(snw_file_open(&file, path, &ctx));
    assert_ok(snw_shape_read(&file, "trajectories/asm_kg", &shape, &ctx));
    assert_int_equal(shape.type, SNW_U16);
    assert_int_equal(shape.n_dims, 3);
    assert_int_equal(shape.length[1], EXAMPLE_PERSONS);
    assert_ok(snw_doubles_read(&file, "summary/grip_kg", &grip[0][0][0][0],
                               sizeof grip / sizeof(double), &ctx));
    assert_true(grip[1][0][1][4] == 60.0); /* 50 - 0.25 x 4 + 10 + 1 */
    assert_ok(snw_doubles_read(&file, "trajectories/asm_kg", &asm_kg[0][0][0],
                               sizeof asm_kg / sizeof(double), &ctx));
    assert_true(asm_kg[1][299][77] == 20000.0 + 100 + 7 * 299 - 50 * 77);
    assert_ok(snw_texts_read(&file, "summary/sex", &texts, &ctx));
    assert_int_equal(texts.n, 2);
    assert_string_equal(texts.text[1], "male");
    snw_texts_free(&texts);
    assert_ok(
        snw_attribute_read_text(&file, "summary/grip_kg", "units", units, sizeof units, &ctx));
    assert_string_equal(units, "kg");
    assert_ok(
        snw_attribute_read_double(&file, "trajectories/asm_kg", "scale_factor", &scale, &ctx));
    assert_true(scale == 0.001);
    assert_false(snw_object_exists(&file, "nowhere/grip_kg"));
    assert_int_equal(snw_shape_read(&file, "nowhere/grip_kg", &shape, &ctx), SNW_ERR_FORMAT);
    snw_ctx_init(&ctx);
    assert_ok(snw_file_close(&file, &ctx));
}

static void dimensions_have_their_names(void **state)
{
    struct snw_file file;
    struct snw_texts names;
    (void)state;
    assert_ok(example_write(path, &plain, &ctx));
    assert_ok(snw_file_open(&file, path, &ctx));
    assert_ok(snw_dimensions_read(&file, "summary/grip_kg", &names, &ctx));
    assert_int_equal(names.n, 4);
    assert_string_equal(names.text[0], "scenario");
    assert_string_equal(names.text[3], "age");
    snw_texts_free(&names);
    assert_int_equal(snw_dimensions_read(&file, "summary/sex", &names, &ctx), SNW_ERR_FORMAT);
    snw_texts_free(&names);
    snw_ctx_init(&ctx);
    assert_ok(snw_file_close(&file, &ctx));
}

static void chunks_never_written_read_as_fill(void **state)
{
    static double asm_kg[EXAMPLE_SCENARIOS][EXAMPLE_PERSONS][EXAMPLE_AGES];
    struct snw_file file;
    (void)state;
    assert_ok(snw_file_create(&file, path, false, &ctx));
    assert_ok(example_trajectories(&file, &plain, &ctx));
    assert_ok(example_chunk(&file, &plain, 1, &ctx));
    assert_ok(snw_doubles_read(&file, "trajectories/asm_kg", &asm_kg[0][0][0],
                               sizeof asm_kg / sizeof(double), &ctx));
    assert_true(asm_kg[0][63][0] == 65535.0);
    assert_true(asm_kg[0][64][0] == 20000.0 + 7 * 64);
    assert_ok(snw_file_close(&file, &ctx));
}

/* The limit of a file's length stands for a disk that stays full. */
static void a_full_disk_leaves_the_last_commit(void **state)
{
    static double asm_kg[EXAMPLE_SCENARIOS][EXAMPLE_PERSONS][EXAMPLE_AGES];
    const struct example raw = {.level = SNW_COMPRESS_NONE, .chunk_rows = 50};
    struct snw_file file;
    struct rlimit before, small;
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    assert_ok(snw_file_create(&file, path, false, &ctx));
    assert_ok(example_trajectories(&file, &raw, &ctx));
    assert_ok(example_chunk(&file, &raw, 0, &ctx));
    assert_ok(snw_file_commit(&file, &ctx));
    small = (struct rlimit){.rlim_cur = 100000, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    snw_status status = SNW_OK;
    for (size_t k = 1; k < example_n_chunks(&raw) && status == SNW_OK; k++)
        status = example_chunk(&file, &raw, k, &ctx);
    assert_int_equal(status, SNW_ERR_IO);
    assert_true(message_has("results.h5.partial: cannot write: File too large"));
    assert_int_equal(snw_file_commit(&file, &ctx), SNW_ERR_IO);
    snw_ctx_init(&ctx);
    assert_ok(snw_file_close(&file, &ctx));
    setrlimit(RLIMIT_FSIZE, &before);
    assert_ok(snw_file_append(&file, path, &ctx));
    assert_ok(snw_doubles_read(&file, "trajectories/asm_kg", &asm_kg[0][0][0],
                               sizeof asm_kg / sizeof(double), &ctx));
    assert_true(asm_kg[0][49][77] == 20000.0 + 7 * 49 - 50 * 77);
    for (size_t k = 1; k < example_n_chunks(&raw); k++)
        assert_ok(example_chunk(&file, &raw, k, &ctx));
    assert_ok(snw_file_finish(&file, &ctx));
}

/* ---- tables */

static const struct snw_variable table_columns[] = {
    {.group = "events", .name = "person", .type = SNW_I32, .n_dims = 1, .dims = {"event"}},
    {.group = "events", .name = "age_yr", .type = SNW_F64, .n_dims = 1, .dims = {"event"}},
    {.group = "events", .name = "kind", .type = SNW_U8, .n_dims = 1, .dims = {"event"}},
};

/* Rows first .. first + n - 1: person is the row, age half of it, kind its last two bits. */
static void append_rows(struct snw_table *table, size_t first, size_t n)
{
    int32_t *person = malloc(n * sizeof *person);
    double *age = malloc(n * sizeof *age);
    uint8_t *kind = malloc(n);
    assert_true(person && age && kind);
    for (size_t i = 0; i < n; i++) {
        person[i] = (int32_t)(first + i);
        age[i] = 0.5 * (double)(first + i);
        kind[i] = (uint8_t)((first + i) & 3);
    }
    assert_ok(snw_table_append(table, n, (const void *const[]){person, age, kind}, &ctx));
    free(person);
    free(age);
    free(kind);
}

static void assert_rows(size_t n)
{
    struct snw_file file;
    double *values = malloc(n * sizeof *values);
    assert_non_null(values);
    assert_ok(snw_file_open(&file, path, &ctx));
    assert_ok(snw_doubles_read(&file, "events/age_yr", values, n, &ctx));
    for (size_t i = 0; i < n; i++)
        assert_true(values[i] == 0.5 * (double)i);
    assert_ok(snw_doubles_read(&file, "events/kind", values, n, &ctx));
    for (size_t i = 0; i < n; i++)
        assert_true(values[i] == (double)(i & 3));
    assert_ok(snw_file_close(&file, &ctx));
    free(values);
}

static void a_table_keeps_its_rows_over_chunks(void **state)
{
    struct snw_file file;
    struct snw_table table;
    (void)state;
    assert_ok(snw_file_create(&file, path, false, &ctx));
    assert_ok(snw_table_create(&table, &file, table_columns, 3, SNW_COMPRESS_FAST, &ctx));
    append_rows(&table, 0, 10);
    append_rows(&table, 10, 150000);
    append_rows(&table, 150010, 0);
    assert_ok(snw_table_finish(&table, &ctx));
    snw_table_free(&table);
    assert_ok(snw_file_finish(&file, &ctx));
    assert_rows(150010);
}

/* What came after the checkpoint is cut off and made again. */
static void a_table_goes_on_from_its_checkpoint(void **state)
{
    struct snw_file file;
    struct snw_table table;
    (void)state;
    assert_ok(snw_file_create(&file, path, false, &ctx));
    assert_ok(snw_table_create(&table, &file, table_columns, 3, SNW_COMPRESS_FAST, &ctx));
    append_rows(&table, 0, 70000);
    size_t n_bytes = snw_table_state_bytes(&table);
    assert_int_equal(n_bytes, 16 + (70000 - 65536) * (4 + 8 + 1));
    void *saved = malloc(n_bytes);
    snw_table_save(&table, saved);
    assert_ok(snw_file_commit(&file, &ctx));
    append_rows(&table, 500000, 100000); /* lost with the kill */
    snw_table_free(&table);
    assert_ok(snw_file_close(&file, &ctx));

    assert_ok(snw_file_append(&file, path, &ctx));
    assert_ok(snw_table_resume(&table, &file, table_columns, 3, SNW_COMPRESS_FAST, &ctx));
    assert_ok(snw_table_restore(&table, saved, n_bytes, &ctx));
    append_rows(&table, 70000, 80000);
    assert_ok(snw_table_finish(&table, &ctx));
    snw_table_free(&table);
    assert_ok(snw_file_finish(&file, &ctx));
    assert_rows(150000);
    free(saved);
}

/* ---- proofs of what was committed */

/* Makes a file with two commits, chunk by chunk, and keeps the proof of the first or the second. */
static void *commit_twice(bool first, size_t *n_proof)
{
    const struct example raw = {.level = SNW_COMPRESS_NONE, .chunk_rows = 50};
    struct snw_file file;
    const void *proof;
    void *kept = NULL;
    assert_ok(snw_file_create(&file, path, true, &ctx));
    assert_ok(example_trajectories(&file, &raw, &ctx));
    for (size_t k = 0; k < 2; k++) {
        assert_ok(example_chunk(&file, &raw, k, &ctx));
        assert_ok(snw_file_commit(&file, &ctx));
        if (k == (first ? 0 : 1)) {
            assert_ok(snw_file_proof(&file, &proof, n_proof, &ctx));
            kept = malloc(*n_proof);
            memcpy(kept, proof, *n_proof);
        }
    }
    assert_ok(example_chunk(&file, &raw, 2, &ctx)); /* never committed */
    assert_ok(snw_file_close(&file, &ctx));
    return kept;
}

static void change_byte(long at)
{
    char name[256];
    snprintf(name, sizeof name, "%s.partial", path);
    FILE *file = fopen(name, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    int value = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    fputc(value ^ 1, file);
    fclose(file);
}

/* It would mend what is in it, and stretch the file to its length again. */
static void empty_journal(void)
{
    char name[256];
    snprintf(name, sizeof name, "%s.partial.journal", path);
    assert_int_equal(truncate(name, 10), 0);
}

static void a_wrong_bit_in_what_was_committed_is_found(void **state)
{
    size_t n;
    (void)state;
    void *proof = commit_twice(false, &n);
    uint64_t end;
    memcpy(&end, (const char *)proof + 16, sizeof end);
    assert_ok(snw_file_verify(path, proof, n, &ctx));
    empty_journal();
    for (long at = 0; at < (long)end; at += 997) {
        change_byte(at);
        assert_int_equal(snw_file_verify(path, proof, n, &ctx), SNW_ERR_FORMAT);
        assert_true(message_has("damaged, behind byte "));
        change_byte(at);
        snw_ctx_init(&ctx);
    }
    change_byte((long)end); /* behind it nothing was promised */
    assert_ok(snw_file_verify(path, proof, n, &ctx));
    assert_int_equal(snw_file_verify(path, proof, n - 8, &ctx), SNW_ERR_FORMAT);
    assert_true(message_has("the proof is damaged"));
    free(proof);
}

static void a_file_cut_short_is_found(void **state)
{
    char name[256];
    size_t n;
    (void)state;
    void *proof = commit_twice(false, &n);
    snprintf(name, sizeof name, "%s.partial", path);
    assert_int_equal(truncate(name, 70000), 0);
    empty_journal();
    assert_int_equal(snw_file_verify(path, proof, n, &ctx), SNW_ERR_FORMAT);
    assert_true(message_has("cut short, it has 70000 bytes"));
    free(proof);
}

/* The file's commit comes before the checkpoint that holds its proof: a kill may fall between. */
static void a_later_commit_than_the_proofs_passes(void **state)
{
    size_t n;
    (void)state;
    void *proof = commit_twice(true, &n);
    assert_ok(snw_file_verify(path, proof, n, &ctx));
    free(proof);
}

static void a_table_and_a_checkpoint_of_different_runs_are_told_apart(void **state)
{
    struct snw_file file;
    struct snw_table table;
    const uint64_t ahead[2] = {65536, 0}, damaged[2] = {0, 65536};
    (void)state;
    assert_ok(snw_file_create(&file, path, false, &ctx));
    assert_ok(snw_table_create(&table, &file, table_columns, 3, SNW_COMPRESS_FAST, &ctx));
    assert_int_equal(snw_table_restore(&table, damaged, sizeof damaged, &ctx), SNW_ERR_FORMAT);
    assert_int_equal(snw_table_restore(&table, ahead, sizeof ahead, &ctx), SNW_ERR_FORMAT);
    assert_true(message_has("do not belong together"));
    snw_ctx_init(&ctx);
    snw_table_free(&table);
    assert_ok(snw_file_close(&file, &ctx));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_chunk_is_shuffled_by_bytes_and_padded_with_zeros),
        IN_FOLDER(no_compression_leaves_the_bytes_as_they_are),
        IN_FOLDER(what_cannot_be_compressed_still_fits_and_comes_back),
        IN_FOLDER(a_file_has_its_name_only_when_it_is_whole),
        IN_FOLDER(an_existing_result_is_replaced_by_force_only),
        IN_FOLDER(an_interrupted_run_is_not_overwritten),
        IN_FOLDER(there_is_nothing_to_go_on_with_in_an_empty_folder),
        IN_FOLDER(a_new_file_has_no_old_checkpoint),
        IN_FOLDER(a_file_that_was_renamed_is_not_locked_under_its_old_name),
        IN_FOLDER(a_file_that_another_run_writes_is_left_alone),
        IN_FOLDER(a_folder_that_is_not_there_is_named),
        IN_FOLDER(a_file_of_something_else_is_no_result),
        IN_FOLDER(what_was_written_is_read_back),
        IN_FOLDER(dimensions_have_their_names),
        IN_FOLDER(chunks_never_written_read_as_fill),
        IN_FOLDER(a_full_disk_leaves_the_last_commit),
        IN_FOLDER(a_table_keeps_its_rows_over_chunks),
        IN_FOLDER(a_table_goes_on_from_its_checkpoint),
        IN_FOLDER(a_wrong_bit_in_what_was_committed_is_found),
        IN_FOLDER(a_file_cut_short_is_found),
        IN_FOLDER(a_later_commit_than_the_proofs_passes),
        IN_FOLDER(a_table_and_a_checkpoint_of_different_runs_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
