/* The summary of a result as a table that a person can read, and as CSV. */
#ifndef SNW_CLI_TABLE_H
#define SNW_CLI_TABLE_H

#include <stdio.h>

#include "core/context.h"

/* Prints a few outcomes at selected ages, women and men, of the reference scenario. */
snw_status snw_print_table(struct snw_ctx *ctx, const char *path, FILE *out) SNW_MUST_CHECK;

/* Says how many of a nation are too old to be simulated and, of an open population, for how many
   people each person stands. @param[in] weight  0: not alike for all */
void snw_print_nation(double above97, double weight, FILE *out);

#endif
