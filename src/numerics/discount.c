/* Discounting in continuous time. */
#include "numerics/discount.h"

#include "core/vmath.h"

double snw_present_value(double rate, double from, double to)
{
    if (rate == 0)
        return to - from;
    double force = snw_log_f64(1 + rate); /* of interest: v(t) = exp(-force t) */
    return (snw_exp_f64(-force * from) - snw_exp_f64(-force * to)) / force;
}
