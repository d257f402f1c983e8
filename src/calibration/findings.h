/* What a calibration found, written down: the posterior, and how good it is. Rank 0. */
#ifndef SNW_CALIBRATION_FINDINGS_H
#define SNW_CALIBRATION_FINDINGS_H

#include "calibration/calibrate.h"

/* Simulated values of all targets that can be taken. */
struct snw_findings {
    const struct snw_target *const *targets; /* (n_targets,) */
    const size_t *target;                    /* (n_targets,) places in the table */
    size_t n_targets, n_check, n_median;
    const double *checked; /* (n_check, n_targets) at draws of the posterior */
    const double *median;  /* (n_median, n_targets) at the posterior median */
    const size_t *draw;    /* (n_check,) which draws */
    const double *centre;  /* (parameters,) posterior medians of the scores */
};

/* posterior.csv: the sample that `uncertainty.posterior` takes. */
snw_status snw_posterior_write(struct snw_calibration *c) SNW_MUST_CHECK;

/* parameters.csv, pairs.csv, effects.csv, fit.csv, median.yaml, best.yaml, summary.txt. */
snw_status snw_findings_write(struct snw_calibration *c,
                              const struct snw_findings *findings) SNW_MUST_CHECK;

/* Mean and SD (n - 1) of the values (n,), `stride` apart, that are numbers; NaN where those are too
   few. @return how many are. */
size_t snw_moments_of(const double *values, size_t n, size_t stride, double *mean, double *sd);

/* The scores of parameter p over draws, in ascending order. @param[out] z (n_draws,) */
void snw_sorted_scores(const struct snw_calibration *c, size_t p, double *z);

/* Opens a file of the calibration's folder for writing; closed with snw_stream_close.
   @return NULL after a reported failure. */
FILE *snw_findings_open(struct snw_calibration *c, const char *name);

/* fit.csv and the shares of summary.txt. */
snw_status snw_fit_write(struct snw_calibration *c, const struct snw_findings *findings,
                         FILE *summary) SNW_MUST_CHECK;

#endif
