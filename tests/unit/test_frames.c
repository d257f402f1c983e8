/* Frames of a part: appended, gone on with, and believed only while they are whole. */
#define _POSIX_C_SOURCE 200809L
#include "unit/store_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/frames.h"

static void partial_name(char *name, size_t size)
{
    snprintf(name, size, "%s.partial", path);
}

/* Changes the byte at an address, or cuts the file there. */
static void damage(const char *name, off_t at, bool cut)
{
    unsigned char byte;
    int fd = open(name, O_RDWR);
    assert_true(fd >= 0);
    if (cut) {
        assert_int_equal(ftruncate(fd, at), 0);
    } else {
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    }
    close(fd);
}

/* A file of the frames "one" (kind 1), "" (kind 2), "three" (kind 3): magic 8, headers 32. */
static void make_file(void)
{
    struct snw_frames frames;
    assert_ok(snw_frames_create(&frames, path, true, &ctx));
    assert_ok(snw_frames_add(&frames, 1, "one", 3, &ctx));
    assert_ok(snw_frames_add(&frames, 2, "", 0, &ctx));
    assert_ok(snw_frames_add(&frames, 3, "three", 5, &ctx));
    assert_int_equal(frames.n_bytes, 8 + 3 * 32 + 3 + 5);
    assert_ok(snw_frames_finish(&frames, &ctx));
}

/* @return how many frames are read before an error, or all three. */
static int frames_read(bool skip, snw_status *status)
{
    struct snw_frames frames;
    struct snw_frame frame = {.bytes = NULL};
    bool found = true;
    int n = 0;
    *status = snw_frames_open(&frames, path, &ctx);
    while (*status == SNW_OK && found) {
        *status = snw_frames_next(&frames, skip, &frame, &found, &ctx);
        n += *status == SNW_OK && found;
    }
    snw_frame_free(&frame);
    snw_frames_close(&frames);
    return n;
}

static void frames_are_read_in_their_order(void **state)
{
    (void)state;
    struct snw_frames frames;
    struct snw_frame frame = {.bytes = NULL};
    const char *const texts[] = {"one", "", "three"};
    bool found;
    make_file();
    assert_false(there_is(".partial"));
    assert_ok(snw_frames_open(&frames, path, &ctx));
    for (uint32_t k = 0; k < 3; k++) {
        assert_ok(snw_frames_next(&frames, false, &frame, &found, &ctx));
        assert_true(found);
        assert_int_equal(frame.kind, k + 1);
        assert_int_equal(frame.n_bytes, strlen(texts[k]));
        if (frame.n_bytes)
            assert_memory_equal(frame.bytes, texts[k], frame.n_bytes);
    }
    assert_ok(snw_frames_next(&frames, false, &frame, &found, &ctx));
    assert_false(found);
    snw_frame_free(&frame);
    snw_frames_close(&frames);
}

static void a_change_of_any_byte_is_found(void **state)
{
    (void)state;
    snw_status status;
    for (off_t at = 0; at < 8 + 3 * 32 + 3 + 5; at++) {
        make_file();
        damage(path, at, false);
        assert_in_range(frames_read(false, &status), 0, 2);
        assert_int_equal(status, SNW_ERR_FORMAT);
    }
}

static void a_file_cut_within_a_frame_is_found(void **state)
{
    (void)state;
    snw_status status;
    const off_t ends[] = {8, 8 + 35, 8 + 35 + 32};
    for (off_t at = 0; at < 8 + 3 * 32 + 3 + 5; at++) {
        make_file();
        damage(path, at, true);
        int n = frames_read(true, &status), whole = -1;
        for (int k = 0; k < 3; k++)
            whole = at == ends[k] ? k : whole;
        assert_int_equal(status, whole < 0 ? SNW_ERR_FORMAT : SNW_OK);
        if (whole >= 0)
            assert_int_equal(n, whole);
    }
}

static void frames_after_the_last_commit_are_written_again(void **state)
{
    (void)state;
    struct snw_frames frames;
    snw_status status;
    assert_ok(snw_frames_create(&frames, path, true, &ctx));
    assert_ok(snw_frames_add(&frames, 1, "one", 3, &ctx));
    assert_ok(snw_frames_commit(&frames, &ctx));
    uint64_t safe = frames.n_bytes;
    assert_ok(snw_frames_add(&frames, 1, "lost", 4, &ctx));
    snw_frames_close(&frames);
    assert_ok(snw_frames_resume(&frames, path, safe, &ctx));
    assert_ok(snw_frames_add(&frames, 2, "two", 3, &ctx));
    assert_ok(snw_frames_finish(&frames, &ctx));
    assert_int_equal(frames_read(false, &status), 2);
    assert_ok(status);
}

static void damage_below_the_commit_is_found_on_going_on(void **state)
{
    (void)state;
    struct snw_frames frames;
    char name[4200];
    partial_name(name, sizeof name);
    for (int cut = 0; cut < 2; cut++) {
        assert_ok(snw_frames_create(&frames, path, true, &ctx));
        assert_ok(snw_frames_add(&frames, 1, "one", 3, &ctx));
        uint64_t safe = frames.n_bytes;
        snw_frames_close(&frames);
        damage(name, (off_t)safe - 1, cut);
        assert_int_equal(snw_frames_resume(&frames, path, safe, &ctx), SNW_ERR_FORMAT);
        snw_frames_close(&frames);
    }
}

static void of_two_that_write_the_second_is_refused(void **state)
{
    (void)state;
    struct snw_frames first, second;
    assert_ok(snw_frames_create(&first, path, true, &ctx));
    assert_int_equal(snw_frames_create(&second, path, true, &ctx), SNW_ERR_IO);
    snw_frames_close(&second);
    assert_int_equal(snw_frames_create(&second, path, false, &ctx), SNW_ERR_IO);
    snw_frames_close(&second);
    snw_frames_close(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(frames_are_read_in_their_order),
        IN_FOLDER(a_change_of_any_byte_is_found),
        IN_FOLDER(a_file_cut_within_a_frame_is_found),
        IN_FOLDER(frames_after_the_last_commit_are_written_again),
        IN_FOLDER(damage_below_the_commit_is_found_on_going_on),
        IN_FOLDER(of_two_that_write_the_second_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
