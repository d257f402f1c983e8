/* Inside cli/: what writers of groups of a result as CSV share, and the writer of a sweep. */
#ifndef SNW_CLI_EXPORT_H
#define SNW_CLI_EXPORT_H

#include "store/file.h"
#include "store/read.h"

/* The last part of a dataset's path. */
const char *snw_export_name(const char *path);

/* Reads all numbers of a dataset, released with free; NULL, without an error, of one of texts.
   @return SNW_OK, SNW_ERR_MEMORY, or why it cannot be read. */
snw_status snw_export_read(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                           struct snw_shape *shape, double **values) SNW_MUST_CHECK;

/* Prints a number, nothing for NaN. */
void snw_export_number(double value);

/* A dataset's unit and, of money, what it is counted by, else an empty text. */
struct snw_export_unit {
    char unit[64], basis[192];
};
snw_status snw_export_unit_read(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                                struct snw_export_unit *unit) SNW_MUST_CHECK;

/* Prints both as the last columns of a row. */
void snw_export_end(const struct snw_export_unit *unit);

/* Prints a row for each value of each variable. */
snw_status snw_export_economics(struct snw_ctx *ctx, struct snw_file *file,
                                const char *group) SNW_MUST_CHECK;

/* Prints a row for each point, measure, scenario and sex, with where the factors stand. */
snw_status snw_export_sweep(struct snw_ctx *ctx, struct snw_file *file,
                            const char *group) SNW_MUST_CHECK;

/* Prints a row for each index of each factor: of the measure, and of what a scenario gains on the
   reference.
   @return also SNW_ERR_FORMAT where the design gives no indices. */
snw_status snw_export_sensitivity(struct snw_ctx *ctx, struct snw_file *file,
                                  const char *group) SNW_MUST_CHECK;

#endif
