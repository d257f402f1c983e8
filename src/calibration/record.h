/* Every evaluation of a stage, kept: an append-only CSV table that a calibration goes on from.

   Comments name what the evaluations belong to; then a header and one row an evaluation: its
   number, scores of the parameters, values of the targets and their Monte Carlo errors. Rows are in
   the order in which they were made; nothing but their numbers depends on it. A row that a kill cut
   short is cut off when the table is opened again. Rank 0 has it alone. */
#ifndef SNW_CALIBRATION_RECORD_H
#define SNW_CALIBRATION_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/context.h"
#include "store/io.h"

struct snw_record_plan {
    const char *identity; /* of what is calibrated: a table of another one is refused */
    size_t n;             /* numbers of evaluations are 0 .. n - 1 */
    size_t n_scores, n_targets;
    const char *const *score, *const *target; /* their names */
};

struct snw_evaluations {
    char path[SNW_PATH_MAX];
    int fd; /* -1 where closed */
    size_t n, n_scores, n_targets;
    bool *done;            /* (n,) */
    double *score;         /* (n, n_scores) */
    double *value, *error; /* (n, n_targets) NaN where there is none */
};

/* Opens the table at path, or begins it. Released with snw_evaluations_close, also after a failure.
   @return SNW_OK, SNW_ERR_IO, SNW_ERR_MEMORY; SNW_ERR_EXISTS where it belongs to another
   calibration, SNW_ERR_FORMAT where it is damaged. */
snw_status snw_evaluations_open(struct snw_ctx *ctx, const char *path,
                                const struct snw_record_plan *plan,
                                struct snw_evaluations *evaluations) SNW_MUST_CHECK;
void snw_evaluations_close(struct snw_evaluations *evaluations);

/* Appends evaluation `number`. @param[in] values (2, n_targets) values, then errors */
snw_status snw_evaluations_add(struct snw_ctx *ctx, struct snw_evaluations *evaluations,
                               size_t number, const double *score,
                               const double *values) SNW_MUST_CHECK;

/* Brings all rows to disk. */
snw_status snw_evaluations_commit(struct snw_ctx *ctx,
                                  struct snw_evaluations *evaluations) SNW_MUST_CHECK;

#endif
