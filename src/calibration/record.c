/* The append-only table of evaluations. */
#define _GNU_SOURCE
#include "calibration/record.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NUMBER_WIDTH = 28 }; /* of a number and its comma, at most */

static snw_status no_memory(struct snw_ctx *ctx)
{
    return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for evaluations");
}

static snw_status make_room(struct snw_ctx *ctx, const struct snw_record_plan *plan,
                            struct snw_evaluations *e)
{
    e->n = plan->n;
    e->n_scores = plan->n_scores;
    e->n_targets = plan->n_targets;
    e->done = calloc(e->n + 1, sizeof *e->done);
    e->score = calloc(e->n * e->n_scores + 1, sizeof *e->score);
    e->value = calloc(e->n * e->n_targets + 1, sizeof *e->value);
    e->error = calloc(e->n * e->n_targets + 1, sizeof *e->error);
    return e->done && e->score && e->value && e->error ? SNW_OK : no_memory(ctx);
}

/* What the table begins with. Released with free(). */
static char *headline(const struct snw_record_plan *plan)
{
    size_t room = 256 + strlen(plan->identity), at = 0;
    for (size_t k = 0; k < plan->n_scores; k++)
        room += strlen(plan->score[k]) + 1;
    for (size_t j = 0; j < plan->n_targets; j++)
        room += 2 * (strlen(plan->target[j]) + 8);
    char *text = malloc(room);
    if (!text)
        return NULL;
    at = (size_t)snprintf(text, room,
                          "# Evaluations of a calibration: normal scores of the parameters, values "
                          "of the targets.\n# %s\nnumber",
                          plan->identity);
    for (size_t k = 0; k < plan->n_scores; k++)
        at += (size_t)snprintf(text + at, room - at, ",%s", plan->score[k]);
    for (size_t j = 0; j < plan->n_targets; j++)
        at += (size_t)snprintf(text + at, room - at, ",%s", plan->target[j]);
    for (size_t j = 0; j < plan->n_targets; j++)
        at += (size_t)snprintf(text + at, room - at, ",%s_error", plan->target[j]);
    snprintf(text + at, room - at, "\n");
    return text;
}

/* Reads n numbers, a comma before each; empty ones are NaN. @return what follows, NULL where they
   are none. */
static const char *read_numbers(const char *at, size_t n, double *out)
{
    for (size_t k = 0; k < n; k++) {
        char *end;
        if (*at != ',')
            return NULL;
        at++;
        out[k] = (double)NAN;
        if (*at == ',' || *at == '\n')
            continue;
        out[k] = strtod(at, &end);
        if (end == at)
            return NULL;
        at = end;
    }
    return at;
}

/* Takes the rows of a table's text after its headline. @return bytes of whole rows, or a number
   beyond the text where one is damaged. */
static size_t take_rows(struct snw_evaluations *e, const char *text, size_t from)
{
    size_t whole = from;
    for (const char *line = text + from, *end; (end = strchr(line, '\n')); line = end + 1) {
        char *after;
        unsigned long long number = strtoull(line, &after, 10);
        if (after == line || number >= e->n)
            return SIZE_MAX;
        const char *at = read_numbers(after, e->n_scores, e->score + number * e->n_scores);
        at = at ? read_numbers(at, e->n_targets, e->value + number * e->n_targets) : NULL;
        at = at ? read_numbers(at, e->n_targets, e->error + number * e->n_targets) : NULL;
        if (!at || at != end)
            return SIZE_MAX;
        e->done[number] = true;
        whole = (size_t)(end + 1 - text);
    }
    return whole;
}

/* Goes on with a table that is there. @param[in] size of the file, not 0 */
static snw_status go_on(struct snw_ctx *ctx, struct snw_evaluations *e, const char *head,
                        size_t size)
{
    snw_status status = SNW_OK;
    size_t length = strlen(head), done = 0, whole;
    char *text = malloc(size + 1);
    if (!text)
        return no_memory(ctx);
    int error = snw_read_at(e->fd, text, size, 0, &done);
    text[done] = '\0';
    if (error) {
        status = snw_fail_io(ctx, e->path, "read", error);
        goto out;
    }
    if (done < length && strncmp(text, head, done) == 0) { /* cut short in its first lines */
        whole = 0;
    } else if (strncmp(text, head, length) != 0) {
        status =
            snw_fail(ctx, SNW_ERR_EXISTS,
                     "%.200s holds evaluations of another calibration: take another folder, or "
                     "--force to begin anew",
                     e->path);
        goto out;
    } else {
        whole = take_rows(e, text, length);
    }
    if (whole == SIZE_MAX)
        status = snw_fail(ctx, SNW_ERR_FORMAT, "%.200s is damaged: a row is none", e->path);
    else if (ftruncate(e->fd, (off_t)whole) != 0 || lseek(e->fd, 0, SEEK_END) < 0)
        status = snw_fail_io(ctx, e->path, "write", errno);
    else if (whole == 0)
        status = snw_write_all(e->fd, head, length, e->path, ctx);
out:
    free(text);
    return status;
}

snw_status snw_evaluations_open(struct snw_ctx *ctx, const char *path,
                                const struct snw_record_plan *plan, struct snw_evaluations *e)
{
    snw_status status = SNW_OK;
    struct stat about;
    char *head = headline(plan);
    *e = (struct snw_evaluations){.fd = -1};
    if (!head)
        return no_memory(ctx);
    SNW_TRY(snw_path_join(e->path, sizeof e->path, path, "", ctx));
    SNW_TRY(make_room(ctx, plan, e));
    e->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (e->fd < 0 || fstat(e->fd, &about) != 0) {
        status = snw_fail_io(ctx, path, "open", errno);
        goto out;
    }
    status = about.st_size > 0 ? go_on(ctx, e, head, (size_t)about.st_size)
                               : snw_write_all(e->fd, head, strlen(head), path, ctx);
out:
    free(head);
    return status;
}

void snw_evaluations_close(struct snw_evaluations *e)
{
    if (e->fd >= 0)
        close(e->fd);
    free(e->done);
    free(e->score);
    free(e->value);
    free(e->error);
    *e = (struct snw_evaluations){.fd = -1};
}

/* 17 digits give back the same number. */
static size_t print(char *text, double x)
{
    return (size_t)(isfinite(x) ? snprintf(text, NUMBER_WIDTH, ",%.17g", x)
                                : snprintf(text, NUMBER_WIDTH, ","));
}

snw_status snw_evaluations_add(struct snw_ctx *ctx, struct snw_evaluations *e, size_t number,
                               const double *score, const double *values)
{
    snw_status status = SNW_OK;
    size_t n = e->n_targets, at;
    char *line = malloc(NUMBER_WIDTH * (e->n_scores + 2 * n + 2));
    if (!line)
        return no_memory(ctx);
    at = (size_t)snprintf(line, NUMBER_WIDTH, "%zu", number);
    for (size_t k = 0; k < e->n_scores; k++)
        at += print(line + at, score[k]);
    for (size_t j = 0; j < 2 * n; j++)
        at += print(line + at, values[j]);
    line[at++] = '\n';
    SNW_TRY(snw_write_all(e->fd, line, at, e->path, ctx));
    memcpy(e->score + number * e->n_scores, score, e->n_scores * sizeof *score);
    memcpy(e->value + number * n, values, n * sizeof *values);
    memcpy(e->error + number * n, values + n, n * sizeof *values);
    e->done[number] = true;
out:
    free(line);
    return status;
}

snw_status snw_evaluations_commit(struct snw_ctx *ctx, struct snw_evaluations *e)
{
    return fsync(e->fd) == 0 ? SNW_OK : snw_fail_io(ctx, e->path, "write", errno);
}
