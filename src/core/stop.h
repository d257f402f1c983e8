/* Signals that ask for a safe end. */
#ifndef SNW_CORE_STOP_H
#define SNW_CORE_STOP_H

#include <signal.h>

/* The signal that asked, 0 as long as none has. */
extern volatile sig_atomic_t snw_stop_signal;

/* From now on SIGTERM, SIGINT and SIGUSR1 (what mpirun hands on) ask and no longer end the program;
   limits of file sizes and closed pipes are errors of the write that met them. */
void snw_stop_on_signals(void);

#endif
