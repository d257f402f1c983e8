/* Writes the example file for the tests of other tools: write_example PATH, or, for kills and full
   disks: write_example PATH commit (a commit every 75 chunks, a line on stdout after each),
   check LAST (recovers the file; are all chunks up to LAST there?), resume (the rest), digest. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/digest.h"
#include "store/read.h"
#include "unit/store_example.h"

enum { CHUNKS_A_COMMIT = 75, FILLERS = 200 };
static const struct example small_chunks = {.level = SNW_COMPRESS_FAST, .chunk_rows = 1};

/* Chunk by chunk to the end. */
static snw_status write_chunks(struct snw_file *file, struct snw_ctx *ctx)
{
    snw_status status = SNW_OK;
    for (size_t k = 0; k < example_n_chunks(&small_chunks); k++) {
        SNW_TRY(example_chunk(file, &small_chunks, k, ctx));
        if (k % CHUNKS_A_COMMIT != CHUNKS_A_COMMIT - 1)
            continue;
        SNW_TRY(snw_file_commit(file, ctx));
        printf("%zu\n", k);
        fflush(stdout);
    }
    SNW_TRY(snw_file_finish(file, ctx));
out:
    return status;
}

/* Fillers push the index of the chunks out of the first block of metadata: rewriting it takes
   several writes. */
static snw_status write_by_commits(const char *path, struct snw_ctx *ctx)
{
    struct snw_file file;
    snw_status status, closed;
    SNW_TRY(snw_file_create(&file, path, true, ctx));
    SNW_TRY(example_trajectories(&file, &small_chunks, ctx));
    for (int i = 0; i < FILLERS; i++) {
        char name[32];
        snprintf(name, sizeof name, "text_%d", i);
        SNW_TRY(snw_text_write(&file, "fillers", name, name, ctx));
    }
    SNW_TRY(snw_file_commit(&file, ctx));
    printf("made\n");
    fflush(stdout);
    SNW_TRY(write_chunks(&file, ctx));
out:
    closed = snw_file_close(&file, ctx);
    return status != SNW_OK ? status : closed;
}

static snw_status check(const char *path, long last, struct snw_ctx *ctx)
{
    static double values[EXAMPLE_SCENARIOS][EXAMPLE_PERSONS][EXAMPLE_AGES];
    struct snw_file file;
    snw_status status;
    SNW_TRY(snw_file_append(&file, path, ctx));
    SNW_TRY(snw_doubles_read(&file, "trajectories/asm_kg", &values[0][0][0],
                             sizeof values / sizeof(double), ctx));
    for (long k = 0; k <= last; k++) {
        size_t s = (size_t)k / EXAMPLE_PERSONS, p = (size_t)k % EXAMPLE_PERSONS;
        for (size_t a = 0; a < EXAMPLE_AGES; a++)
            if (values[s][p][a] != (double)example_asm(s, p, a))
                SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "chunk %ld is lost", k));
    }
    SNW_TRY(snw_file_close(&file, ctx));
out:
    return status;
}

static snw_status resume(const char *path, struct snw_ctx *ctx)
{
    struct snw_file file;
    snw_status status = snw_file_append(&file, path, ctx);
    return status == SNW_OK ? write_chunks(&file, ctx) : status;
}

static snw_status print_digest(const char *path, struct snw_ctx *ctx)
{
    struct snw_digest digest = {0, 0};
    char text[SNW_DIGEST_TEXT];
    snw_status status = snw_digest_file(ctx, path, &digest);
    snw_digest_text(&digest, text);
    printf("%s\n", text);
    return status;
}

int main(int argc, char **argv)
{
    struct snw_ctx ctx;
    struct example whole = {.level = SNW_COMPRESS_FAST, .chunk_rows = 64};
    const char *mode = argc > 2 ? argv[2] : "";
    snw_status status;
    snw_ctx_init(&ctx);
    signal(SIGXFSZ, SIG_IGN);
    if (argc < 2)
        return 2;
    if (strcmp(mode, "commit") == 0)
        status = write_by_commits(argv[1], &ctx);
    else if (strcmp(mode, "check") == 0 && argc > 3)
        status = check(argv[1], strtol(argv[3], NULL, 10), &ctx);
    else if (strcmp(mode, "resume") == 0)
        status = resume(argv[1], &ctx);
    else if (strcmp(mode, "digest") == 0)
        status = print_digest(argv[1], &ctx);
    else
        status = example_write(argv[1], &whole, &ctx);
    snw_ctx_print(&ctx, stderr);
    return snw_status_exit_code(status);
}
