#define _XOPEN_SOURCE 700
#include "store/guard.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/status.h"

static char words[4400];
static volatile sig_atomic_t n_words;
static char stack[65536]; /* a fault may be one of the stack */

static void fault(int number)
{
    (void)number;
    ssize_t written = write(STDERR_FILENO, words, (size_t)n_words);
    (void)written;
    _exit(snw_status_exit_code(SNW_ERR_FORMAT));
}

void snw_guard_reading(const char *path)
{
    const stack_t place = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_handler = fault, .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND)};
    n_words = snprintf(words, sizeof words,
                       "sinew: %.4000s: damaged: it made the HDF5 library crash; restore "
                       "the file or run again\n",
                       path);
    sigemptyset(&action.sa_mask);
    sigaltstack(&place, NULL);
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}
