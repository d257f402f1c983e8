/* The store: hashes, checkpoints, digests. */
#define _POSIX_C_SOURCE 200809L
#include "unit/store_fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "store/checkpoint.h"
#include "store/digest.h"
#include "store/hash.h"
#include "unit/store_example.h"

static const struct example plain = {.level = SNW_COMPRESS_FAST, .chunk_rows = 64};

/* ---- hashes */

static void sha256_is_that_of_the_standard(void **state)
{
    /* FIPS 180-4, the example "abc". */
    static const char expected[] =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    char text[SNW_SHA256_TEXT];
    (void)state;
    snw_sha256("abc", 3, text);
    assert_string_equal(text, expected);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("abc", file);
    fclose(file);
    assert_ok(snw_sha256_file(path, text, &ctx));
    assert_string_equal(text, expected);
    assert_int_equal(snw_sha256_file("/no/such/table.csv", text, &ctx), SNW_ERR_IO);
    assert_true(message_has("/no/such/table.csv: cannot read: No such file"));
}

/* ---- checkpoints */

static void write_checkpoint(uint64_t next_unit)
{
    static const uint64_t sums[3] = {1, 2, 3};
    struct snw_checkpoint checkpoint = {.next_unit = next_unit, .n_commits = 5};
    snw_checkpoint_add(&checkpoint, "sums", sums, sizeof sums);
    snw_checkpoint_add(&checkpoint, "empty", NULL, 0);
    snw_checkpoint_add(&checkpoint, "note", "abc", 3);
    assert_ok(snw_checkpoint_write(&checkpoint, path, &ctx));
}

static void a_checkpoint_comes_back_whole(void **state)
{
    struct snw_checkpoint checkpoint;
    (void)state;
    write_checkpoint(41);
    write_checkpoint(42);
    assert_false(there_is(".checkpoint.tmp"));
    assert_ok(snw_checkpoint_read(&checkpoint, path, &ctx));
    assert_int_equal(checkpoint.next_unit, 42);
    assert_int_equal(checkpoint.n_commits, 5);
    const struct snw_section *sums = snw_checkpoint_find(&checkpoint, "sums");
    assert_non_null(sums);
    assert_int_equal(sums->n_bytes, 24);
    assert_int_equal((uintptr_t)sums->bytes % 64, 0);
    assert_int_equal(((const uint64_t *)sums->bytes)[2], 3);
    assert_int_equal(snw_checkpoint_find(&checkpoint, "empty")->n_bytes, 0);
    assert_memory_equal(snw_checkpoint_find(&checkpoint, "note")->bytes, "abc", 3);
    assert_null(snw_checkpoint_find(&checkpoint, "other"));
    snw_checkpoint_free(&checkpoint);
    assert_ok(snw_checkpoint_remove(path, &ctx));
    assert_ok(snw_checkpoint_remove(path, &ctx));
    assert_int_equal(snw_checkpoint_read(&checkpoint, path, &ctx), SNW_ERR_IO);
}

/* Every length shorter than the whole, and one wrong bit in every byte. */
static void a_damaged_checkpoint_is_never_believed(void **state)
{
    struct snw_checkpoint checkpoint;
    char name[256];
    unsigned char bytes[1024];
    (void)state;
    write_checkpoint(1);
    snprintf(name, sizeof name, "%s.checkpoint", path);
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_in_range(n, 200, 1000);
    for (size_t i = 0; i < 2 * n; i++) {
        bool cut = i >= n;
        file = fopen(name, "wb");
        assert_non_null(file);
        bytes[i % n] ^= cut ? 0 : 0x10;
        fwrite(bytes, 1, cut ? i - n : n, file);
        bytes[i % n] ^= cut ? 0 : 0x10;
        fclose(file);
        snw_ctx_init(&ctx);
        assert_int_equal(snw_checkpoint_read(&checkpoint, path, &ctx), SNW_ERR_FORMAT);
    }
    assert_true(message_has("cut short"));
}

static void a_checkpoint_that_cannot_be_written_leaves_the_earlier_one(void **state)
{
    struct snw_checkpoint checkpoint = {.next_unit = 2};
    static const unsigned char much[100000];
    struct rlimit before, small;
    (void)state;
    write_checkpoint(1);
    snw_checkpoint_add(&checkpoint, "much", much, sizeof much);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){.rlim_cur = 10000, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    snw_status status = snw_checkpoint_write(&checkpoint, path, &ctx);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(status, SNW_ERR_IO);
    assert_false(there_is(".checkpoint.tmp"));
    snw_ctx_init(&ctx);
    assert_ok(snw_checkpoint_read(&checkpoint, path, &ctx));
    assert_int_equal(checkpoint.next_unit, 1);
    snw_checkpoint_free(&checkpoint);
}

/* ---- digests */

static void the_order_of_rows_does_not_matter_and_sums_carry(void **state)
{
    struct snw_digest forward = {0, 0}, backward = {0, 0}, sum = {UINT64_MAX, 1};
    const struct snw_digest one = {1, 2};
    char text[SNW_DIGEST_TEXT];
    (void)state;
    snw_digest_row(&forward, "a", 1);
    snw_digest_row(&forward, "b", 1);
    snw_digest_row(&backward, "b", 1);
    snw_digest_row(&backward, "a", 1);
    assert_memory_equal(&forward, &backward, sizeof forward);
    snw_digest_merge(&sum, &one);
    snw_digest_text(&sum, text);
    assert_string_equal(text, "00000000000000040000000000000000");
}

static void equal_numbers_have_equal_bits(void **state)
{
    double zero = snw_digest_value(-0.0), none = snw_digest_value(-(double)__builtin_nanf("5"));
    double plain_zero = 0.0, plain_none = (double)__builtin_nanf("");
    (void)state;
    assert_memory_equal(&zero, &plain_zero, sizeof zero);
    assert_memory_equal(&none, &plain_none, sizeof none);
}

static void digest_of(const struct example *example, char text[SNW_DIGEST_TEXT])
{
    struct snw_digest digest = {0, 0};
    assert_ok(example_write(path, example, &ctx));
    assert_ok(snw_digest_file(&ctx, path, &digest));
    snw_digest_text(&digest, text);
}

static void a_digest_sees_results_and_nothing_else(void **state)
{
    const struct example other = {.level = SNW_COMPRESS_NONE, .chunk_rows = 7, .reversed = true};
    struct example changed = plain;
    char text[SNW_DIGEST_TEXT], text_other[SNW_DIGEST_TEXT], text_changed[SNW_DIGEST_TEXT];
    (void)state;
    changed.changed_value = 1;
    digest_of(&plain, text);
    digest_of(&other, text_other); /* chunks, compression, order of events, host */
    digest_of(&changed, text_changed);
    assert_string_equal(text, text_other);
    assert_string_not_equal(text, text_changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(sha256_is_that_of_the_standard),
        IN_FOLDER(a_checkpoint_comes_back_whole),
        IN_FOLDER(a_damaged_checkpoint_is_never_believed),
        IN_FOLDER(a_checkpoint_that_cannot_be_written_leaves_the_earlier_one),
        IN_FOLDER(the_order_of_rows_does_not_matter_and_sums_carry),
        IN_FOLDER(equal_numbers_have_equal_bits),
        IN_FOLDER(a_digest_sees_results_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
