/* Strict reader of the two tables of a population: probabilities of death, and people alive. */
#ifndef SNW_CONFIG_TABLE_H
#define SNW_CONFIG_TABLE_H

#include "core/context.h"

/* Single years of age 20..97: index is age - 20. Sex: 0 female, 1 male. */
enum { SNW_TABLE_FIRST = 20, SNW_TABLE_LAST = 97, SNW_TABLE_AGES = 78 };

/* Both files are CSV: lines that begin with `#` are comments; then a header that names the columns
   year, sex (female or male), age (whole years) and qx or count, in any order, others allowed; then
   one row a year, sex and age, ages rising within a year and sex. Every row's numbers are checked;
   holes, doubles and order for the year asked for.
   Reported with file and line: a missing column, a row of another length, a bad number or sex, q
   outside [0, 1], a negative count, an age twice or out of order, ages or years that are missing.
 */

/* Reads the probabilities of death within a year of age.
   @param[out] qx  [2][78]
   @return SNW_OK, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_life_table_read(struct snw_ctx *ctx, const char *path, int year,
                               double qx[2][SNW_TABLE_AGES]) SNW_MUST_CHECK;

/* Reads the people alive, and the sum of those of 98 and over, who must be in the table too (in
   single years, or the first of them as an open age).
   @param[out] count  [2][78]
   @param[out] above97  [2]
   @return SNW_OK, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_population_read(struct snw_ctx *ctx, const char *path, int year,
                               double count[2][SNW_TABLE_AGES], double above97[2]) SNW_MUST_CHECK;

/* Reads a column of such a table below 20, of the life table (`qx`) or of people (`count`).
   @param[in] high  largest value allowed
   @param[out] values  [2][20]
   @return SNW_OK, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_table_read_young(struct snw_ctx *ctx, const char *path, const char *column,
                                double high, int year,
                                double values[2][SNW_TABLE_FIRST]) SNW_MUST_CHECK;

#endif
