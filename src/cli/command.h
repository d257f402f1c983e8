/* The subcommands of sinew. Each returns an exit code; failures are printed by the caller. */
#ifndef SNW_CLI_COMMAND_H
#define SNW_CLI_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "core/context.h"
#include "parallel/ranks.h"

/* Words: as many as a merge may have parts. */
enum { SNW_SETS_MAX = 256, SNW_WORDS_MAX = 10000 };

/* A command line, taken apart. All strings are argv's. */
struct snw_arguments {
    const char *command;
    const char *words[SNW_WORDS_MAX]; /* what is not an option */
    size_t n_words;
    const char *directory, *format, *isa, *targets, *group, *stage, *status, *stages;
    const char *wtp, *discount, *from, *sex, *noise, *population, *years; /* of decide */
    const char *strategies, *trial, *trial_cost, *two_way, *equity;       /* of it too */
    const char *sets[SNW_SETS_MAX];
    size_t n_sets;
    int ranks;
    uint32_t part, parts; /* --part K/N; 0 without */
    double max_seconds;
    int force, resume, quiet, help;
    char line[1024]; /* the whole, for provenance */
};

/* @return SNW_OK or SNW_ERR_USAGE with the reason. */
snw_status snw_arguments_read(struct snw_ctx *ctx, int argc, char **argv,
                              struct snw_arguments *out) SNW_MUST_CHECK;

snw_status snw_command_run(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                           const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_check(struct snw_ctx *ctx,
                             const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_merge(struct snw_ctx *ctx,
                             const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_describe(struct snw_ctx *ctx,
                                const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_digest(struct snw_ctx *ctx,
                              const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_export(struct snw_ctx *ctx,
                              const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_validate(struct snw_ctx *ctx,
                                const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_calibrate(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                                 const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_decide(struct snw_ctx *ctx,
                              const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_selfcheck(struct snw_ctx *ctx,
                                 const struct snw_arguments *arguments) SNW_MUST_CHECK;
snw_status snw_command_doctor(struct snw_ctx *ctx,
                              const struct snw_arguments *arguments) SNW_MUST_CHECK;

/* Runs this very command line on arguments->ranks ranks under mpirun. A signal (TERM, INT, USR1)
   stops them safely, a second one at once.
   @return the ranks' own status, which they have reported; or a status reported in ctx. */
snw_status snw_launch_ranks(struct snw_ctx *ctx, const struct snw_arguments *arguments, int argc,
                            char **argv) SNW_MUST_CHECK;

/* The folder of a run (`-o`, else output/<config name>), and the path in it of the result or part.
 */
void snw_result_directory(const struct snw_arguments *arguments, char *text, size_t size);
void snw_result_path(const struct snw_arguments *arguments, char *text, size_t size);

/* The page of a command, the overview without one. */
void snw_print_help(const char *command, FILE *out);

#endif
