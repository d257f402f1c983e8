/* Takes the command line apart. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

enum option_kind { FLAG, TEXT, WHOLE, DURATION, PART, SET };

struct option {
    const char *name, *commands; /* commands that take it, `|` between and around */
    enum option_kind kind;
    size_t offset;
};

static const struct option options[] = {
    {"-o", "|run|check|validate|merge|calibrate|decide|selfcheck|", TEXT,
     offsetof(struct snw_arguments, directory)},
    {"--ranks", "|run|check|calibrate|", WHOLE, offsetof(struct snw_arguments, ranks)},
    {"--set", "|run|check|calibrate|selfcheck|", SET, 0},
    {"--part", "|run|", PART, offsetof(struct snw_arguments, part)},
    {"--resume", "|run|", FLAG, offsetof(struct snw_arguments, resume)},
    {"--force", "|run|merge|calibrate|", FLAG, offsetof(struct snw_arguments, force)},
    {"--max-walltime", "|run|calibrate|", DURATION, offsetof(struct snw_arguments, max_seconds)},
    {"--quiet", "|run|merge|calibrate|", FLAG, offsetof(struct snw_arguments, quiet)},
    {"--kernels", "|run|", TEXT, offsetof(struct snw_arguments, isa)},
    {"--format", "|describe|export|validate|decide|", TEXT, offsetof(struct snw_arguments, format)},
    {"--targets", "|validate|calibrate|", TEXT, offsetof(struct snw_arguments, targets)},
    {"--group", "|validate|", TEXT, offsetof(struct snw_arguments, group)},
    {"--stage", "|validate|", TEXT, offsetof(struct snw_arguments, stage)},
    {"--status", "|validate|", TEXT, offsetof(struct snw_arguments, status)},
    {"--stages", "|calibrate|", TEXT, offsetof(struct snw_arguments, stages)},
    {"--wtp", "|decide|", TEXT, offsetof(struct snw_arguments, wtp)},
    {"--discount", "|decide|", TEXT, offsetof(struct snw_arguments, discount)},
    {"--from", "|decide|", TEXT, offsetof(struct snw_arguments, from)},
    {"--sex", "|decide|", TEXT, offsetof(struct snw_arguments, sex)},
    {"--noise", "|decide|", TEXT, offsetof(struct snw_arguments, noise)},
    {"--population", "|decide|", TEXT, offsetof(struct snw_arguments, population)},
    {"--years", "|decide|", TEXT, offsetof(struct snw_arguments, years)},
    {"--strategies", "|decide|", TEXT, offsetof(struct snw_arguments, strategies)},
    {"--trial", "|decide|", TEXT, offsetof(struct snw_arguments, trial)},
    {"--trial-cost", "|decide|", TEXT, offsetof(struct snw_arguments, trial_cost)},
    {"--two-way", "|decide|", TEXT, offsetof(struct snw_arguments, two_way)},
    {"--equity", "|decide|", TEXT, offsetof(struct snw_arguments, equity)},
    {"--help", "|", FLAG, offsetof(struct snw_arguments, help)},
    {"-h", "|", FLAG, offsetof(struct snw_arguments, help)},
};

/* The option of a word, which may go on with `=VALUE`. */
static const struct option *find(const char *word)
{
    size_t n = strncmp(word, "--", 2) == 0 ? strcspn(word, "=") : strlen(word);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (strncmp(options[i].name, word, n) == 0 && options[i].name[n] == '\0')
            return &options[i];
    return NULL;
}

/* Seconds of `90`, `90s`, `15m`, `2h` or `1:30:00`; negative where it is none. */
static double duration(const char *text)
{
    char *end;
    if (text[strspn(text, "0123456789.:hms")]) /* strtod reads `inf` and `0x10` too */
        return -1;
    double value = strtod(text, &end);
    if (end == text || value < 0)
        return -1;
    while (*end == ':') {
        const char *from = end + 1;
        double part = strtod(from, &end);
        if (end == from || part < 0)
            return -1;
        value = 60 * value + part;
    }
    double scale = *end == 'h' ? 3600 : *end == 'm' ? 60 : 1;
    end += *end == 'h' || *end == 'm' || *end == 's';
    return *end == '\0' && value * scale > 0 ? value * scale : -1;
}

/* `2/8`: the second of eight parts. @return whether it is one. */
static bool read_part(const char *text, uint32_t part[2])
{
    int n = 0;
    if (text[strspn(text, "0123456789/")] || strlen(text) > 11 ||
        sscanf(text, "%" SCNu32 "/%" SCNu32 "%n", &part[0], &part[1], &n) != 2 || text[n])
        return false;
    return part[0] >= 1 && part[0] <= part[1] && part[1] <= SNW_WORDS_MAX;
}

static snw_status take(struct snw_ctx *ctx, const struct option *option, const char *value,
                       struct snw_arguments *out)
{
    char *at = (char *)out + option->offset;
    if (*value == '\0')
        return snw_fail(ctx, SNW_ERR_USAGE, "%s wants a value", option->name);
    if (option->kind == TEXT) {
        memcpy(at, &value, sizeof value);
    } else if (option->kind == WHOLE) {
        char *end;
        long n = strtol(value, &end, 10);
        if (end == value || *end || n < 1 || n > 1000000)
            return snw_fail(ctx, SNW_ERR_USAGE, "%s %s: a whole number from 1 on is wanted",
                            option->name, value);
        int whole = (int)n;
        memcpy(at, &whole, sizeof whole);
    } else if (option->kind == DURATION) {
        double seconds = duration(value);
        if (seconds <= 0)
            return snw_fail(ctx, SNW_ERR_USAGE,
                            "%s %s: a time such as 90s, 15m, 2h or 1:30:00 is "
                            "wanted",
                            option->name, value);
        memcpy(at, &seconds, sizeof seconds);
    } else if (option->kind == PART) {
        uint32_t part[2];
        if (!read_part(value, part))
            return snw_fail(ctx, SNW_ERR_USAGE,
                            "%s %s: a part such as 2/8 is wanted, the second of eight, of %d at "
                            "most",
                            option->name, value, SNW_WORDS_MAX);
        out->part = part[0];
        out->parts = part[1];
    } else {
        if (out->n_sets == SNW_SETS_MAX)
            return snw_fail(ctx, SNW_ERR_USAGE, "more than %d --set", SNW_SETS_MAX);
        out->sets[out->n_sets++] = value;
    }
    return SNW_OK;
}

static snw_status option(struct snw_ctx *ctx, int argc, char **argv, int *i,
                         struct snw_arguments *out)
{
    const struct option *option = find(argv[*i]);
    char command[64];
    snprintf(command, sizeof command, "|%s|", out->command ? out->command : "");
    if (!option || (option->commands[1] && !strstr(option->commands, command)))
        return snw_fail(ctx, SNW_ERR_USAGE,
                        "%s is no option of `sinew%s%s`; see `sinew%s%s --help`", argv[*i],
                        out->command ? " " : "", out->command ? out->command : "",
                        out->command ? " " : "", out->command ? out->command : "");
    const char *joined = strchr(argv[*i], '=');
    if (option->kind == FLAG) {
        if (joined)
            return snw_fail(ctx, SNW_ERR_USAGE, "%s takes no value", option->name);
        int yes = 1;
        memcpy((char *)out + option->offset, &yes, sizeof yes);
        return SNW_OK;
    }
    if (joined)
        return take(ctx, option, joined + 1, out);
    if (*i + 1 >= argc)
        return snw_fail(ctx, SNW_ERR_USAGE, "%s wants a value", option->name);
    return take(ctx, option, argv[++*i], out);
}

snw_status snw_arguments_read(struct snw_ctx *ctx, int argc, char **argv, struct snw_arguments *out)
{
    snw_status status = SNW_OK;
    size_t used = 0;
    *out = (struct snw_arguments){.ranks = 0};
    for (int i = 0; i < argc; i++) {
        int n = snprintf(out->line + used, sizeof out->line - used, "%s%s", i ? " " : "", argv[i]);
        used += n > 0 && used + (size_t)n < sizeof out->line ? (size_t)n : 0;
    }
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1])
            SNW_TRY(option(ctx, argc, argv, &i, out));
        else if (!out->command)
            out->command = argv[i];
        else if (out->n_words < SNW_WORDS_MAX)
            out->words[out->n_words++] = argv[i];
        else
            return snw_fail(ctx, SNW_ERR_USAGE, "too many words: %s", argv[i]);
    }
out:
    return status;
}
