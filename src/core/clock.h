/* Seconds on a clock that only goes forward, to measure how long something takes. */
#ifndef SNW_CORE_CLOCK_H
#define SNW_CORE_CLOCK_H

/* @return seconds since some fixed moment. */
double snw_seconds(void);

#endif
