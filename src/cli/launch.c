/* `--ranks N`: starts this program again under mpirun. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

snw_status snw_launch_ranks(struct snw_ctx *ctx, int ranks, int argc, char **argv)
{
    char number[16], self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return snw_fail(ctx, SNW_ERR_ENVIRONMENT, "the path of this program is not known: %s",
                        strerror(errno));
    self[length] = '\0';
    char **words = calloc((size_t)argc + 8, sizeof *words);
    if (!words)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory to start ranks");
    int n = 0;
    snprintf(number, sizeof number, "%d", ranks);
    static char mpirun[] = "mpirun", count[] = "-n", oversubscribe[] = "--oversubscribe";
    words[n++] = mpirun;
    words[n++] = oversubscribe;
    words[n++] = count;
    words[n++] = number;
    words[n++] = self;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--ranks") == 0)
            i++;
        else
            words[n++] = argv[i];
    /* as root and in containers too; what the user has set stays */
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 0);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 0);
    setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 0);
    execvp(mpirun, words);
    int reason = errno;
    free(words);
    return snw_fail(ctx, SNW_ERR_ENVIRONMENT,
                    "mpirun could not be started: %s; install Open MPI "
                    "(openmpi-bin), or leave --ranks out",
                    strerror(reason));
}
