/* Handlers of the signals that ask for a safe end. */
#define _POSIX_C_SOURCE 200809L
#include "core/stop.h"

#include <stddef.h>

volatile sig_atomic_t snw_stop_signal;

static void on_signal(int number)
{
    snw_stop_signal = number;
}

void snw_stop_on_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit then is an error that is reported */
    signal(SIGPIPE, SIG_IGN);
}
