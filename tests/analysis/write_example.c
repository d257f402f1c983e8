/* Writes the example file for the tests of other tools: write_example PATH, or, one commit a chunk
   with a line on stdout after each, write_example PATH commit|resume. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/store_example.h"

static const struct example small_chunks = {.level = SNW_COMPRESS_FAST, .chunk_rows = 1};
enum { CHUNKS_A_COMMIT = 20 };

static snw_status commit_by_commit(const char *path, bool resume, struct snw_ctx *ctx)
{
    struct snw_file file;
    snw_status status;
    if (resume)
        SNW_TRY(snw_file_append(&file, path, ctx));
    else {
        SNW_TRY(snw_file_create(&file, path, true, ctx));
        SNW_TRY(example_trajectories(&file, &small_chunks, ctx));
        SNW_TRY(snw_file_commit(&file, ctx));
        printf("made\n");
        fflush(stdout);
    }
    for (size_t k = 0; k < example_n_chunks(&small_chunks); k++) {
        SNW_TRY(example_chunk(&file, &small_chunks, k, ctx));
        if (k % CHUNKS_A_COMMIT != CHUNKS_A_COMMIT - 1)
            continue;
        SNW_TRY(snw_file_commit(&file, ctx));
        printf("%zu\n", k);
        fflush(stdout);
    }
    SNW_TRY(snw_file_finish(&file, ctx));
out:
    return status;
}

int main(int argc, char **argv)
{
    struct snw_ctx ctx;
    struct example whole = {.level = SNW_COMPRESS_FAST, .chunk_rows = 64};
    snw_ctx_init(&ctx);
    signal(SIGXFSZ, SIG_IGN);
    if (argc < 2)
        return 2;
    snw_status status = argc == 2 ? example_write(argv[1], &whole, &ctx)
                                  : commit_by_commit(argv[1], strcmp(argv[2], "resume") == 0, &ctx);
    snw_ctx_print(&ctx, stderr);
    return snw_status_exit_code(status);
}
