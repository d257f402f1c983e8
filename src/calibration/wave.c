/* Rounds of evaluations: each rank makes a few, rank 0 writes them down. */
#define _GNU_SOURCE
#include "calibration/wave.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/stop.h"

static const double round_seconds = 4; /* a kill loses at most so much of each rank */

/* Evaluations that are left, known to all ranks. */
struct todo {
    uint64_t n, first, at, each; /* each: of a rank in a round */
    uint64_t *number;            /* (n,) */
    double *score;               /* (n, n_scores) */
    double *done;                /* room of a rank: (each, 2 n_targets) */
    double begun, said;
};

static bool writes(const struct snw_wave *wave)
{
    return wave->ranks->rank == 0;
}

/* What the record lacks, on rank 0. */
static snw_status look(struct snw_ctx *ctx, const struct snw_wave *wave,
                       const struct snw_evaluations *record, size_t n, const double *score,
                       struct todo *todo)
{
    size_t width = wave->n_scores;
    for (size_t i = 0; i < n; i++) {
        size_t number = todo->first + i;
        if (!record->done[number]) {
            todo->number[todo->n] = number;
            memcpy(todo->score + todo->n++ * width, score + i * width, width * sizeof *score);
        } else if (memcmp(record->score + number * width, score + i * width,
                          width * sizeof *score) != 0) {
            return snw_fail(
                ctx, SNW_ERR_EXISTS,
                "%.200s: evaluation %zu was made at other parameters: the stages before "
                "have changed; take another folder, or --force to begin anew",
                record->path, number);
        }
    }
    return SNW_OK;
}

static snw_status agree_on_todo(struct snw_ctx *ctx, const struct snw_wave *wave,
                                const struct snw_evaluations *record, size_t n, const double *score,
                                struct todo *todo)
{
    snw_status status = SNW_OK;
    todo->number = malloc((n + 1) * sizeof *todo->number);
    todo->score = malloc((n * wave->n_scores + 1) * sizeof *todo->score);
    if (!todo->number || !todo->score)
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu evaluations", n);
    else if (writes(wave))
        status = look(ctx, wave, record, n, score, todo);
    SNW_TRY(snw_ranks_agree(wave->ranks, status, ctx));
    SNW_TRY(snw_ranks_share(wave->ranks, &todo->n, sizeof todo->n, 0));
    SNW_TRY(snw_ranks_share(wave->ranks, todo->number, todo->n * sizeof *todo->number, 0));
    SNW_TRY(snw_ranks_share(wave->ranks, todo->score,
                            todo->n * wave->n_scores * sizeof *todo->score, 0));
out:
    return status;
}

/* Places of a rank in this round. */
static uint64_t share_of(const struct todo *todo, int rank, uint64_t *from)
{
    uint64_t first = todo->at + (uint64_t)rank * todo->each;
    *from = first < todo->n ? first : todo->n;
    return todo->n - *from < todo->each ? todo->n - *from : todo->each;
}

static snw_status evaluate(struct snw_ctx *ctx, const struct snw_wave *wave, struct todo *todo)
{
    snw_status status = SNW_OK;
    uint64_t from, n = share_of(todo, wave->ranks->rank, &from);
    for (uint64_t k = 0; k < n; k++) {
        struct snw_params params;
        double *values = todo->done + k * 2 * wave->n_targets;
        snw_space_params(wave->space, wave->n_scores, todo->score + (from + k) * wave->n_scores,
                         &params);
        SNW_TRY(snw_simulate(ctx, wave->simulator, &params,
                             wave->luck + (uint32_t)todo->number[from + k], wave->targets,
                             wave->n_targets, values, values + wave->n_targets));
    }
out:
    return status;
}

static snw_status write_down(struct snw_ctx *ctx, const struct snw_wave *wave,
                             struct snw_evaluations *record, const struct todo *todo, int rank,
                             const double *values)
{
    snw_status status = SNW_OK;
    uint64_t from, n = share_of(todo, rank, &from);
    for (uint64_t k = 0; k < n; k++)
        SNW_TRY(snw_evaluations_add(ctx, record, todo->number[from + k],
                                    todo->score + (from + k) * wave->n_scores,
                                    values + k * 2 * wave->n_targets));
out:
    return status;
}

/* What all ranks have made to the record of rank 0. */
static snw_status gather(struct snw_ctx *ctx, const struct snw_wave *wave,
                         struct snw_evaluations *record, const struct todo *todo)
{
    snw_status status = SNW_OK, written = SNW_OK;
    const struct snw_ranks *ranks = wave->ranks;
    uint64_t from, mine = share_of(todo, ranks->rank, &from);
    void *bytes = NULL;
    size_t n = 0, room = 0;
    if (!writes(wave))
        return snw_ranks_send(ranks, todo->done, mine * 2 * wave->n_targets * sizeof(double));
    written = write_down(ctx, wave, record, todo, 0, todo->done);
    for (int r = 1; r < ranks->size; r++) { /* taken even after a failure: nobody waits for ever */
        SNW_TRY(snw_ranks_take(ranks, r, &bytes, &n, &room, ctx));
        if (written == SNW_OK)
            written = write_down(ctx, wave, record, todo, r, bytes);
    }
    if (written == SNW_OK)
        written = snw_evaluations_commit(ctx, record);
    status = written;
out:
    free(bytes);
    return status;
}

static void say_progress(const struct snw_wave *wave, struct todo *todo)
{
    double t = snw_seconds();
    bool last = todo->at >= todo->n;
    if (!writes(wave) || wave->quiet || (!last && t - todo->said < 10))
        return;
    todo->said = t;
    double rate = (double)(todo->at < todo->n ? todo->at : todo->n) / (t - todo->begun + 1e-9);
    fprintf(stderr, "%-12s %llu of %llu evaluations, %.2f a second, %.0f s left\n", wave->name,
            (unsigned long long)(last ? todo->n : todo->at), (unsigned long long)todo->n, rate,
            last ? 0 : (double)(todo->n - todo->at) / rate);
}

/* Person-years of the round, and whether a rank was told to stop. */
static snw_status count(const struct snw_wave *wave, const struct todo *todo, double years_before,
                        bool *stopping)
{
    snw_status status = SNW_OK;
    uint64_t from, n = share_of(todo, wave->ranks->rank, &from);
    double pilot = 2.0 * (double)wave->simulator->settings.draw_reference_persons * SNW_N_AGES;
    double lived = snw_simulator_years(wave->simulator) - years_before;
    uint64_t sums[2] = {(uint64_t)(lived + pilot * (double)n), snw_stop_signal != 0};
    SNW_TRY(snw_ranks_sum_u64(wave->ranks, sums, 2));
    if (writes(wave)) {
        *wave->person_years += (double)sums[0];
        *stopping = sums[1] > 0 || (wave->until > 0 && snw_seconds() > wave->until);
    }
    SNW_TRY(snw_ranks_share(wave->ranks, stopping, sizeof *stopping, 0));
out:
    return status;
}

static snw_status rounds(struct snw_ctx *ctx, const struct snw_wave *wave,
                         struct snw_evaluations *record, struct todo *todo)
{
    snw_status status = SNW_OK;
    bool stopping = false;
    todo->each = 1;
    todo->begun = snw_seconds();
    while (todo->at < todo->n) {
        double began = snw_seconds(), before = snw_simulator_years(wave->simulator);
        double *more = realloc(todo->done, todo->each * 2 * wave->n_targets * sizeof *more + 1);
        todo->done = more ? more : todo->done;
        status = more ? evaluate(ctx, wave, todo)
                      : snw_fail(ctx, SNW_ERR_MEMORY, "no memory for evaluations");
        SNW_TRY(snw_ranks_agree(wave->ranks, status, ctx));
        SNW_TRY(snw_ranks_agree(wave->ranks, gather(ctx, wave, record, todo), ctx));
        SNW_TRY(count(wave, todo, before, &stopping));
        todo->at += todo->each * (uint64_t)wave->ranks->size;
        double seconds = (snw_seconds() - began) / (double)todo->each;
        todo->each = seconds < round_seconds ? (uint64_t)(round_seconds / (seconds + 1e-6)) : 1;
        SNW_TRY(snw_ranks_share(wave->ranks, &todo->each, sizeof todo->each, 0));
        say_progress(wave, todo);
        if (stopping && todo->at < todo->n) {
            status = SNW_STOPPED;
            goto out;
        }
    }
out:
    return status;
}

snw_status snw_wave_run(struct snw_ctx *ctx, const struct snw_wave *wave,
                        struct snw_evaluations *record, size_t first, size_t n, const double *score)
{
    snw_status status = SNW_OK;
    struct todo todo = {.first = first, .said = snw_seconds()};
    SNW_TRY(agree_on_todo(ctx, wave, record, n, score, &todo));
    SNW_TRY(rounds(ctx, wave, record, &todo));
out:
    free(todo.number);
    free(todo.score);
    free(todo.done);
    return status;
}
