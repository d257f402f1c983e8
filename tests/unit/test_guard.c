/* A crash while a file is read is told in words. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/guard.h"

/* @return the exit status of a child that reads `path` and gets a signal; what it says in text. */
static int crash(const char *path, int number, char *text, size_t size)
{
    int end[2], status;
    assert_int_equal(pipe(end), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(end[1], STDERR_FILENO);
        snw_guard_reading("another.h5");
        snw_guard_reading(path);
        raise(number);
        _exit(0);
    }
    close(end[1]);
    ssize_t n = read(end[0], text, size - 1);
    text[n > 0 ? n : 0] = '\0';
    close(end[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void a_fault_of_memory_names_the_file_that_is_read(void **state)
{
    static const int numbers[] = {SIGSEGV, SIGBUS};
    char text[200];
    (void)state;
    for (int i = 0; i < 2; i++) {
        int status = crash("a/results.h5", numbers[i], text, sizeof text);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 4);
        assert_string_equal(text, "sinew: a/results.h5: damaged: it made the HDF5 library crash; "
                                  "restore the file or run again\n");
    }
}

static void a_path_without_end_is_cut(void **state)
{
    char path[6000], text[6000];
    (void)state;
    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    int status = crash(path, SIGSEGV, text, sizeof text);
    assert_int_equal(WEXITSTATUS(status), 4);
    assert_non_null(strstr(text, "pp: damaged: "));
    assert_int_equal(text[strlen(text) - 1], '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_of_memory_names_the_file_that_is_read),
        cmocka_unit_test(a_path_without_end_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
