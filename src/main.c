/* Starts the ranks, silences library handlers, hands over to the command. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "cli/command.h"
#include "core/build_info.h"
#include "store/file.h"

/* Denormals are numbers here: a library may have switched them off. */
static unsigned arithmetic(int set)
{
#if defined(__SSE__)
    if (set)
        _mm_setcsr(0x1f80);
    return _mm_getcsr() & 0xffc0u;
#else
    (void)set;
    return 0;
#endif
}

/* A command that ranks share. */
typedef snw_status shared_command(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                                  const struct snw_arguments *arguments);

static snw_status run(struct snw_ctx *ctx, int argc, char **argv, const struct snw_arguments *a,
                      shared_command *shared)
{
    struct snw_ranks ranks;
    if (a->ranks > 1 && snw_launcher_size() == 0 && a->n_words == 1)
        return snw_launch_ranks(ctx, a, argc, argv);
    snw_status status = snw_ranks_start(&ranks, ctx);
    unsigned before = arithmetic(1);
    if (status == SNW_OK && a->ranks > 0 && ranks.started && a->ranks != ranks.size)
        status = snw_fail(ctx, SNW_ERR_USAGE,
                          "--ranks %d, but the launcher started %d processes: leave --ranks out",
                          a->ranks, ranks.size);
    if (status == SNW_OK)
        status = shared(ctx, &ranks, a);
    if (arithmetic(0) != before)
        status = snw_fail(ctx, SNW_ERR_ENVIRONMENT,
                          "a library changed how numbers are rounded during the run");
    if (ranks.rank == 0 || status == SNW_ERR_MPI) /* rank 0 speaks for all */
        snw_ctx_print(ctx, stderr);
    ctx->n_errors = 0; /* said before the ranks part: mpirun drops the last words of who leaves */
    fflush(stdout);
    snw_ranks_stop(&ranks);
    return status;
}

static snw_status command(struct snw_ctx *ctx, int argc, char **argv, const struct snw_arguments *a)
{
    if (strcmp(a->command, "run") == 0)
        return run(ctx, argc, argv, a, snw_command_run);
    if (strcmp(a->command, "calibrate") == 0)
        return run(ctx, argc, argv, a, snw_command_calibrate);
    if (strcmp(a->command, "check") == 0)
        return snw_command_check(ctx, a);
    if (strcmp(a->command, "merge") == 0)
        return snw_command_merge(ctx, a);
    if (strcmp(a->command, "describe") == 0)
        return snw_command_describe(ctx, a);
    if (strcmp(a->command, "digest") == 0)
        return snw_command_digest(ctx, a);
    if (strcmp(a->command, "export") == 0)
        return snw_command_export(ctx, a);
    if (strcmp(a->command, "validate") == 0)
        return snw_command_validate(ctx, a);
    if (strcmp(a->command, "decide") == 0)
        return snw_command_decide(ctx, a);
    if (strcmp(a->command, "selfcheck") == 0)
        return snw_command_selfcheck(ctx, a);
    if (strcmp(a->command, "doctor") == 0)
        return snw_command_doctor(ctx, a);
    return snw_fail(ctx, SNW_ERR_USAGE, "there is no command `%s`; see `sinew --help`", a->command);
}

int main(int argc, char **argv)
{
    struct snw_ctx ctx;
    struct snw_arguments arguments;
    snw_status status = SNW_OK;
    snw_ctx_init(&ctx);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("sinew %s (%s)\n", snw_version(), snw_commit());
        return 0;
    }
    SNW_TRY(snw_arguments_read(&ctx, argc, argv, &arguments));
    if (arguments.help || !arguments.command) {
        snw_print_help(arguments.command, arguments.help ? stdout : stderr);
        return arguments.help ? 0 : 2;
    }
    SNW_TRY(snw_store_init(&ctx));
    status = command(&ctx, argc, argv, &arguments);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == SNW_OK)
        status = snw_fail(&ctx, SNW_ERR_IO, "the output could not be written: %s", strerror(errno));
out:
    snw_ctx_print(&ctx, stderr);
    return snw_status_exit_code(status);
}
