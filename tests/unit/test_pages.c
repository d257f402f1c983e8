/* Hashes of a file's pages: those taken while it is written are those of what is in it. */
#define _POSIX_C_SOURCE 200809L
#include "unit/store_fixture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/io.h"
#include "store/pages.h"

enum { PAGE = 65536, END = 5 * PAGE + 1000 };

static unsigned char content[END];

/* A file and its hashes as they come with each write. */
static struct snw_pages pages;
static int fd;

static void begin(void)
{
    for (size_t i = 0; i < END; i++)
        content[i] = (unsigned char)(i * 2654435761u >> 13);
    pages = (struct snw_pages){.n = 0};
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
}

static void write_part(size_t from, size_t until)
{
    assert_int_equal(snw_pages_write(&pages, content + from, from, until - from), 0);
    assert_int_equal(snw_write_at(fd, content + from, until - from, from), 0);
}

static void assert_hashes_are_those_of_the_file(uint64_t end)
{
    uint64_t bad;
    assert_int_equal(snw_pages_update(&pages, fd, end), 0);
    assert_int_equal(snw_pages_verify(pages.hash, fd, end, &bad), 0);
    assert_int_equal(bad, end);
}

static void finish(void)
{
    snw_pages_free(&pages);
    close(fd);
}

static void whole_pages_are_hashed_as_they_are_written(void **state)
{
    (void)state;
    begin();
    write_part(0, 2 * PAGE);
    assert_false(pages.stale[0] || pages.stale[1]);
    assert_hashes_are_those_of_the_file(2 * PAGE);
    finish();
}

static void pieces_one_after_the_other_make_a_page(void **state)
{
    (void)state;
    static const size_t cuts[] = {0, 100, PAGE - 1, PAGE, PAGE + 7, 3 * PAGE + 5, 4 * PAGE, END};
    begin();
    for (size_t i = 1; i < sizeof cuts / sizeof cuts[0]; i++)
        write_part(cuts[i - 1], cuts[i]);
    for (size_t i = 0; i < 5; i++)
        assert_false(pages.stale[i]);
    assert_true(pages.stale[5]); /* not full yet */
    assert_hashes_are_those_of_the_file(END);
    finish();
}

static void a_page_goes_on_after_it_was_asked_for(void **state)
{
    (void)state;
    begin();
    write_part(0, 1000);
    assert_hashes_are_those_of_the_file(1000);
    write_part(1000, 2000);
    assert_true(pages.stale[0]);
    write_part(2000, PAGE);
    assert_false(pages.stale[0]);
    assert_hashes_are_those_of_the_file(PAGE);
    finish();
}

static void what_is_written_over_is_hashed_anew(void **state)
{
    (void)state;
    begin();
    write_part(0, PAGE);
    write_part(PAGE, PAGE + 500);
    content[20] ^= 1; /* in a page that is full, and in the one that is open */
    content[PAGE + 20] ^= 1;
    write_part(20, 21);
    write_part(PAGE + 20, PAGE + 21);
    write_part(PAGE + 500, 2 * PAGE);
    assert_hashes_are_those_of_the_file(2 * PAGE);
    write_part(0, PAGE); /* whole again */
    assert_false(pages.stale[0]);
    assert_hashes_are_those_of_the_file(2 * PAGE);
    finish();
}

static void a_gap_is_hashed_when_asked_for(void **state)
{
    (void)state;
    begin();
    memset(content + 300, 0, PAGE - 600); /* as a file has it where nothing was written */
    write_part(0, 300);
    write_part(PAGE - 300, PAGE);
    assert_true(pages.stale[0]);
    assert_hashes_are_those_of_the_file(PAGE);
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(whole_pages_are_hashed_as_they_are_written),
        IN_FOLDER(pieces_one_after_the_other_make_a_page),
        IN_FOLDER(a_page_goes_on_after_it_was_asked_for),
        IN_FOLDER(what_is_written_over_is_hashed_anew),
        IN_FOLDER(a_gap_is_hashed_when_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
