/* How far a model's value is from a published one. */
#ifndef SNW_CALIBRATION_AGREEMENT_H
#define SNW_CALIBRATION_AGREEMENT_H

#include "calibration/evaluate.h"

struct snw_agreement {
    double error;     /* standard error of the published value */
    double low, high; /* what the model's value must lie in, see within; open ends are infinite */
    bool interval;    /* an interval of the estimate; else 15 % of the value on both sides */
    bool within;      /* the model's value is inside low .. high */
    double z;         /* 0 on the right side of a bound */
    bool inside;      /* |z| <= 1.96 */
};

/* Standard error of a published value, by what is known of its spread:
   ci, assumed   (high - low) / 3.92
   se            as given
   sd            sd / sqrt(n); of a median 1.2533 times that (the normal's), of an SD or
   interquartile range value / sqrt(2 n) n             of a correlation (1 - r^2) / sqrt(n - 3), of
   its square 2 r times that, of a share sqrt(p (1 - p) / n) range         (high - low) / sqrt(12),
   as if anything in it were as likely none          a tenth of the value Twice that where the value
   is recalled and was not checked at its source. */
double snw_published_error(const struct snw_target *t);

/* What the model may miss a target by for being a model, as a standard deviation: 5 % of the value,
   0.02 for correlations and shares that are not scaled. */
double snw_discrepancy(const struct snw_target *t);
#define SNW_DISCREPANCY_ABSOLUTE 0.02

/* How far a value is off the published one; 0 on the right side of a bound. */
static inline double snw_off_target(double value, double published, enum snw_side side)
{
    double off = value - published;
    bool right = side == SNW_AT_LEAST ? off > 0 : side == SNW_AT_MOST && off < 0;
    return right ? 0 : off;
}

/* z = (model - value) / sqrt(error^2 + Monte Carlo error^2 + discrepancy^2). An interval of the
   estimate is one that the source gives (ci, se), that follows from its n (n), or that is assumed
   with the row. */
struct snw_agreement snw_agreement_of(const struct snw_target *t,
                                      const struct snw_estimate *estimate);

#endif
