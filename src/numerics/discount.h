/* Discounting in continuous time. */
#ifndef SNW_NUMERICS_DISCOUNT_H
#define SNW_NUMERICS_DISCOUNT_H

/* Present value of a flow of 1 a year from year `from` to year `to`, counted from the day that
   values are discounted to: the integral of v(t) = (1 + r)^-t, t in years, at the annual effective
   rate r >= 0. */
double snw_present_value(double rate, double from, double to);

#endif
