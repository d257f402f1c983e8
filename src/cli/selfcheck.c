/* sinew selfcheck: whether the same run gives the same result, however it is made. Each run is a
   process of its own, as its users start it. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "config/settings.h"
#include "store/digest.h"
#include "store/io.h"

enum { SETS_MORE = 16, WORDS_MOST = 2 * SNW_SETS_MAX + 64, EXIT_STOPPED = 5, EXIT_NO_START = 127 };

struct check {
    struct snw_ctx *ctx;
    const char *config;
    char self[4096], folder[4096], path[4200]; /* path: of the result that is being made */
    const char *sets[SNW_SETS_MAX + SETS_MORE];
    size_t n_sets;
    const char *more[2]; /* two more of one run; NULL without */
    char first[SNW_DIGEST_TEXT];
    size_t n_unlike;
};

/* Few people in many units, so that there is something to share and to interrupt. */
static const char *const small[] = {"population.persons=2000", "population.replicates=1",
                                    "reference.persons=1000",  "run.block_people=64",
                                    "run.unit_people=128",     "run.commit_seconds=0.05"};
static const char *const few_draws[] = {"uncertainty.draws=2",
                                        "uncertainty.reference_persons=1000"};

/* What scenarios hold beside the config's own. */
static const char without[] = "scenarios=[{name: reference}, {name: selfcheck}]";
static const char with[] =
    "scenarios=[{name: reference}, {name: selfcheck, interventions: [selfcheck]}]";
static const char nobody_takes[] =
    "interventions=[{name: selfcheck, title: Offered to all and taken by nobody, who: age >= 20, "
    "uptake: {value: 0, source: \"assumption: nobody wants it\"}, effects: {fall_rate_ratio: "
    "{value: 0.5, source: \"assumption: it would work\"}}}]";
static const char for_nobody[] =
    "interventions=[{name: selfcheck, title: For whom nobody is strong enough, who: "
    "measured.grip_kg > 250, uptake: {value: 1, source: \"assumption: all would\"}, effects: "
    "{death_ratio: {value: 0.5, source: \"assumption: it would work\"}}}]";

static int remove_one(const char *path, const struct stat *what, int kind, struct FTW *where)
{
    (void)what;
    (void)kind;
    (void)where;
    return remove(path);
}

/* The words of a run; they end with a NULL. */
static void command_line(const struct check *c, const char *const *options, const char **words)
{
    size_t n = 0;
    const char *head[] = {c->self, "run", c->config, "-o", c->folder, "--quiet"};
    memcpy(words, head, sizeof head);
    n += sizeof head / sizeof *head;
    for (size_t i = 0; i < c->n_sets; i++) {
        words[n++] = "--set";
        words[n++] = c->sets[i];
    }
    for (size_t i = 0; i < 2 && c->more[i]; i++) {
        words[n++] = "--set";
        words[n++] = c->more[i];
    }
    for (; *options; options++)
        words[n++] = *options;
    words[n] = NULL;
}

/* What it says goes to a file. */
static pid_t start(const struct check *c, const char *const *options)
{
    const char *words[WORDS_MOST];
    char log[4200];
    command_line(c, options, words);
    snprintf(log, sizeof log, "%s/log", c->folder);
    pid_t child = fork();
    if (child == 0) {
        int out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        setenv("SINEW_CACHE", "none", 1); /* each makes its own reference pass */
        execv(c->self, (void *)words);
        _exit(EXIT_NO_START);
    }
    return child;
}

static int exit_of(int state)
{
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

/* Waits for a run to end. With kill_safe it is killed as soon as something of it is safe.
   @return its exit code, 128 and the signal where one ended it. */
static int wait_for(const struct check *c, pid_t child, bool kill_safe)
{
    const struct timespec a_while = {.tv_nsec = 1000000};
    char checkpoint[4300];
    int state = 0;
    snprintf(checkpoint, sizeof checkpoint, "%s.checkpoint", c->path);
    while (kill_safe && waitpid(child, &state, WNOHANG) == 0) {
        if (access(checkpoint, F_OK) == 0) {
            kill(child, SIGKILL);
            break;
        }
        nanosleep(&a_while, NULL);
    }
    pid_t ended;
    do
        ended = waitpid(child, &state, 0);
    while (ended < 0 && errno == EINTR);
    return exit_of(state);
}

/* Reports what a run that failed has said last. */
static snw_status failed(const struct check *c, const char *what, int code)
{
    char log[4200], line[400] = "", last[400] = "";
    snprintf(log, sizeof log, "%s/log", c->folder);
    FILE *file = fopen(log, "r");
    while (file && fgets(line, sizeof line, file))
        snprintf(last, sizeof last, "%.*s", (int)strcspn(line, "\n"), line);
    if (file)
        fclose(file);
    return snw_fail(c->ctx, SNW_ERR_RUN, "%s: the run ended with exit code %d: %.300s", what, code,
                    last);
}

static snw_status run(const struct check *c, const char *what, const char *const *options,
                      int wanted)
{
    pid_t child = start(c, options);
    int code = child < 0 ? EXIT_NO_START : wait_for(c, child, false);
    return code == wanted ? SNW_OK : failed(c, what, code);
}

/* Shows a digest and whether it is that of the first of its kind, which `first` makes it. */
static snw_status show(struct check *c, const char *what, bool first, bool outcomes)
{
    snw_status status = SNW_OK;
    struct snw_digest digest = {0, 0};
    char text[SNW_DIGEST_TEXT];
    SNW_TRY(outcomes ? snw_digest_outcomes(c->ctx, c->path, &digest)
                     : snw_digest_file(c->ctx, c->path, &digest));
    snw_digest_text(&digest, text);
    bool equal = strcmp(text, c->first) == 0;
    if (first)
        memcpy(c->first, text, sizeof text);
    c->n_unlike += !first && !equal;
    printf("%-42s %s%s\n", what, text, first ? "" : equal ? "  equal" : "  NOT EQUAL");
    fflush(stdout);
out:
    return status;
}

/* A whole run. */
static snw_status whole(struct check *c, const char *what, const char *const *options, bool first,
                        bool outcomes)
{
    snw_status status = run(c, what, options, 0);
    return status == SNW_OK ? show(c, what, first, outcomes) : status;
}

static snw_status ranks_and_instructions(struct check *c)
{
    static const char *const one[] = {"--force", NULL};
    static const char *const plain[] = {"--force", "--kernels", "plain", NULL};
    static const char *const two[] = {"--force", "--ranks", "2", NULL};
    static const char *const four[] = {"--force", "--ranks", "4", NULL};
    snw_status status = SNW_OK;
    SNW_TRY(whole(c, "1 rank", one, true, false));
    SNW_TRY(whole(c, "2 ranks", two, false, false));
    SNW_TRY(whole(c, "4 ranks", four, false, false));
    SNW_TRY(whole(c, "1 rank, plain instructions", plain, false, false));
out:
    return status;
}

static snw_status interruptions(struct check *c)
{
    static const char *const stop[] = {"--force", "--max-walltime", "0.001", NULL};
    static const char *const begin[] = {"--force", NULL}, *const go_on[] = {"--resume", NULL};
    snw_status status = SNW_OK;
    SNW_TRY(run(c, "stopped", stop, EXIT_STOPPED));
    SNW_TRY(whole(c, "stopped and gone on with", go_on, false, false));
    pid_t child = start(c, begin);
    int code = child < 0 ? EXIT_NO_START : wait_for(c, child, true);
    if (code != 0 && code != 128 + SIGKILL)
        SNW_TRY(failed(c, "killed", code));
    SNW_TRY(
        whole(c, code ? "killed and gone on with" : "too short to be killed", go_on, false, false));
out:
    return status;
}

static snw_status inactive(struct check *c)
{
    static const char *const anew[] = {"--force", NULL};
    snw_status status = SNW_OK;
    printf("\nAll results but the config:\n");
    c->more[0] = without;
    SNW_TRY(whole(c, "no intervention", anew, true, true));
    c->more[0] = nobody_takes;
    c->more[1] = with;
    SNW_TRY(whole(c, "an intervention that nobody takes", anew, false, true));
    c->more[0] = for_nobody;
    SNW_TRY(whole(c, "an intervention for which nobody qualifies", anew, false, true));
out:
    return status;
}

/* Where the baseline is: here, or beside the program's build. */
static const char *baseline(const struct check *c, char *text, size_t size)
{
    static const char here[] = "configs/baseline.yaml";
    const char *slash = strrchr(c->self, '/');
    if (access(here, R_OK) == 0)
        return here;
    snprintf(text, size, "%.*s/../../%s", (int)(slash - c->self), c->self, here);
    return text;
}

/* Reads the config, to say what is wrong with it once and how much of it is run. */
static snw_status read_config(struct check *c, const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    struct snw_settings settings;
    snw_settings_init(&settings);
    SNW_TRY(snw_config_load(c->ctx, c->config, a->sets, a->n_sets, &settings));
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        c->sets[c->n_sets++] = small[i];
    for (size_t i = 0; i < sizeof few_draws / sizeof *few_draws && settings.draws > 0; i++)
        c->sets[c->n_sets++] = few_draws[i];
    for (size_t i = 0; i < a->n_sets; i++)
        c->sets[c->n_sets++] = a->sets[i];
out:
    snw_settings_free(&settings);
    return status;
}

/* Makes the folder of the results. */
static snw_status make_folder(struct check *c, const char *wanted)
{
    const char *temporary = getenv("TMPDIR");
    if (wanted) {
        snprintf(c->folder, sizeof c->folder, "%s", wanted);
        return snw_folder_make(wanted, c->ctx);
    }
    snprintf(c->folder, sizeof c->folder, "%s/sinew-XXXXXX", temporary ? temporary : "/tmp");
    return mkdtemp(c->folder) ? SNW_OK : snw_fail_io(c->ctx, c->folder, "make the folder", errno);
}

snw_status snw_command_selfcheck(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    snw_status status = SNW_OK;
    struct check c = {.ctx = ctx};
    char text[4300];
    ssize_t length = readlink("/proc/self/exe", c.self, sizeof c.self - 1);
    if (a->n_words > 1)
        return snw_fail(ctx, SNW_ERR_USAGE, "sinew selfcheck wants one config, %zu were given",
                        a->n_words);
    if (length <= 0)
        return snw_fail(ctx, SNW_ERR_ENVIRONMENT, "the path of this program is not known: %s",
                        strerror(errno));
    c.config = a->n_words ? a->words[0] : baseline(&c, text, sizeof text);
    SNW_TRY(read_config(&c, a));
    SNW_TRY(make_folder(&c, a->directory));
    snprintf(c.path, sizeof c.path, "%s/results.h5", c.folder);
    printf("%s, in small\n", c.config);
    status = ranks_and_instructions(&c);
    if (status == SNW_OK)
        status = interruptions(&c);
    if (status == SNW_OK)
        status = inactive(&c);
    if (!a->directory && nftw(c.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        SNW_TRY(snw_fail_io(ctx, c.folder, "remove", errno));
    SNW_TRY(status);
    if (c.n_unlike)
        return snw_fail(ctx, SNW_ERR_RUN, "%zu of the results differ from what they should equal",
                        c.n_unlike);
    printf("\nall equal\n");
out:
    return status;
}
