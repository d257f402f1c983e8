/* Comparison of numbers with a tolerance, for all tests; includes what cmocka wants before it. */
#ifndef SNW_TESTS_SUPPORT_NEAR_H
#define SNW_TESTS_SUPPORT_NEAR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

/* Fails unless |actual - expected| <= tolerance; a NaN always fails. */
#define assert_near(actual, expected, tolerance)                                                   \
    do {                                                                                           \
        double actual_ = (double)(actual), expected_ = (double)(expected);                         \
        if (!(fabs(actual_ - expected_) <= (double)(tolerance)))                                   \
            fail_msg("%s is %.12g, not %.12g within %.3g", #actual, actual_, expected_,            \
                     (double)(tolerance));                                                         \
    } while (0)

#endif
