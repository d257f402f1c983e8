/* `--ranks N`: runs this program under mpirun, hands signals on, and says what became of it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "experiment/identity.h"

/* What tells this program and its ranks apart from a stranger's failure. */
enum { LAST_EXIT_CODE = 5, SIGNALLED = 128 };

/* The words after `mpirun`: quiet, as the ranks speak for themselves, and this command line without
   --ranks. Released with free. */
static char **command_line(char *self, char *number, int argc, char **argv)
{
    static char mpirun[] = "mpirun", quiet[] = "-q", many[] = "--oversubscribe", count[] = "-n";
    char *const head[] = {mpirun, quiet, many, count, number, self};
    char **words = calloc((size_t)argc + sizeof head / sizeof *head + 1, sizeof *words);
    size_t n = sizeof head / sizeof *head;
    if (!words)
        return NULL;
    memcpy(words, head, sizeof head);
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--ranks") == 0)
            i++;
        else if (strncmp(argv[i], "--ranks=", 8) != 0)
            words[n++] = argv[i];
    return words;
}

/* In a group of its own, so that ctrl-C reaches it through us only; it ends when we are killed. */
static void become_mpirun(char **words, const sigset_t *mask, pid_t parent, int report)
{
    int nothing = open("/dev/null", O_RDONLY);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO);
    /* as root and in containers too; what the user has set stays */
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 0);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 0);
    setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 0);
    sigprocmask(SIG_SETMASK, mask, NULL);
    if (getppid() == parent)
        execvp(words[0], words);
    int reason = errno;
    while (write(report, &reason, sizeof reason) < 0 && errno == EINTR)
        ;
    _exit(LAST_EXIT_CODE + 1);
}

/* Waits for mpirun. A first signal is handed on as one that it passes to all ranks, which stop
   safely; the second ends them. */
static int wait_for(pid_t mpirun, const sigset_t *signals, int *asked)
{
    int state = 0;
    *asked = 0;
    while (waitpid(mpirun, &state, WNOHANG) == 0) {
        int number = sigwaitinfo(signals, NULL);
        if (number > 0 && number != SIGCHLD)
            kill(mpirun, (*asked)++ ? SIGTERM : SIGUSR1);
    }
    return state;
}

static snw_status status_of(int exit_code)
{
    int status = 0;
    while (status < SNW_STATUS_COUNT && snw_status_exit_code((snw_status)status) != exit_code)
        status++;
    return (snw_status)status;
}

/* What the ranks could not say themselves. */
static snw_status conclude(struct snw_ctx *ctx, int state, int asked, const char *path)
{
    char safe[SNW_MESSAGE_MAX];
    int code = WIFEXITED(state) ? WEXITSTATUS(state) : SIGNALLED + WTERMSIG(state);
    if (code <= LAST_EXIT_CODE && !(asked && code == 1))
        return status_of(code);
    snw_status status = asked ? SNW_STOPPED : SNW_ERR_RUN;
    if (asked)
        (void)snw_fail(ctx, status, "stopped");
    else if (code > SIGNALLED)
        (void)snw_fail(ctx, status, "a rank was killed by signal %d (%s)%s", code - SIGNALLED,
                       strsignal(code - SIGNALLED),
                       code - SIGNALLED == SIGKILL ? ": by hand, or for want of memory" : "");
    else
        (void)snw_fail(ctx, status = SNW_ERR_MPI, "mpirun failed with exit code %d", code);
    snw_say_what_is_safe(path, safe, sizeof safe);
    if (safe[0])
        (void)snw_fail(ctx, status, "%s", safe);
    return status;
}

static snw_status check_number(struct snw_ctx *ctx, int ranks)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN), most = cores > 4 ? 4 * cores : 16;
    if (ranks <= most)
        return SNW_OK;
    return snw_fail(ctx, SNW_ERR_USAGE,
                    "--ranks %d: this machine has %ld cores, at most %ld ranks are started", ranks,
                    cores, most);
}

static snw_status start(struct snw_ctx *ctx, char **words, const sigset_t *signals, int *state,
                        int *asked)
{
    int report[2], reason = 0;
    sigset_t before;
    pid_t self = getpid(), mpirun;
    if (pipe2(report, O_CLOEXEC) != 0)
        return snw_fail(ctx, SNW_ERR_ENVIRONMENT, "no pipe: %s", strerror(errno));
    sigprocmask(SIG_BLOCK, signals, &before);
    mpirun = fork();
    if (mpirun == 0)
        become_mpirun(words, &before, self, report[1]);
    close(report[1]);
    ssize_t n = mpirun < 0 ? 0 : read(report[0], &reason, sizeof reason);
    close(report[0]);
    if (mpirun > 0)
        *state = wait_for(mpirun, signals, asked);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (mpirun > 0 && n <= 0)
        return SNW_OK;
    return snw_fail(ctx, SNW_ERR_ENVIRONMENT,
                    "mpirun could not be started: %s; install Open MPI (openmpi-bin), or leave "
                    "--ranks out",
                    strerror(mpirun < 0 ? errno : reason));
}

snw_status snw_launch_ranks(struct snw_ctx *ctx, const struct snw_arguments *arguments, int argc,
                            char **argv)
{
    snw_status status = SNW_OK;
    char number[16], self[4096], path[4096];
    char **words = NULL;
    int state = 0, asked = 0;
    sigset_t signals;
    SNW_TRY(check_number(ctx, arguments->ranks));
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        SNW_TRY(snw_fail(ctx, SNW_ERR_ENVIRONMENT, "the path of this program is not known: %s",
                         strerror(errno)));
    self[length] = '\0';
    snprintf(number, sizeof number, "%d", arguments->ranks);
    words = command_line(self, number, argc, argv);
    if (!words)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to start ranks"));
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR1);
    SNW_TRY(start(ctx, words, &signals, &state, &asked));
    snw_result_path(arguments, path, sizeof path);
    status = conclude(ctx, state, asked, path);
out:
    free(words);
    return status;
}
