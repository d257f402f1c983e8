/* Joins the parts of a run into its result. */
#ifndef SNW_EXPERIMENT_MERGE_H
#define SNW_EXPERIMENT_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/context.h"

struct snw_merge_options {
    const char *command_line; /* for provenance */
    bool force;
};

/* Writes the result `path` from all parts of one run, (n_parts,) files in any order: the same, bit
   for bit, as that of the run in one piece. The reference pass is made once more. The parts stay.
   @return SNW_OK; SNW_ERR_CONFIG (parts of different runs, with what differs); SNW_ERR_USAGE (a
   part twice, parts missing); SNW_ERR_FORMAT (damaged, unfinished, no part); SNW_ERR_EXISTS;
   SNW_ERR_TABLE (a table is gone); SNW_ERR_IO; SNW_ERR_MEMORY. */
snw_status snw_merge(struct snw_ctx *ctx, size_t n_parts, const char *const *parts,
                     const char *path, const struct snw_merge_options *options) SNW_MUST_CHECK;

#endif
