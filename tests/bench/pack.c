/* What packing and writing cost with nothing else to do: the lives of a result are compressed by
   the code that a run compresses them with, or as many bytes written one after the other.

     bench_pack RESULT           the trajectories of a result, chunk by chunk, as igzip packs them
     bench_pack RESULT FILE      as many bytes to FILE, 128 KiB at a time, then fsync; FILE is
   removed

   Prints raw bytes, bytes stored, seconds of this process (user and system) and by the clock. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/memory.h"
#include "store/compress.h"
#include "store/io.h"
#include "store/read.h"

enum { UNIT = 4096, PIECE = 1 << 17 };

/* Seconds and bytes of what is timed. */
struct spent {
    double raw, stored, cpu, clock;
};

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* Reads a field (scenario, person, age) as it is stored. @param[out] lives released with snw_free
 */
static snw_status read_lives(struct snw_ctx *ctx, struct snw_file *file, const char *path,
                             const struct snw_shape *shape, uint16_t **lives)
{
    snw_status status = SNW_OK;
    double *values = snw_alloc(shape->n_values * sizeof *values);
    *lives = snw_alloc(shape->n_values * sizeof **lives);
    if (!values || !*lives)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %s", path));
    SNW_TRY(snw_doubles_read(file, path, values, shape->n_values, ctx));
    for (size_t i = 0; i < shape->n_values; i++)
        (*lives)[i] = (uint16_t)values[i];
out:
    snw_free(values);
    return status;
}

/* Compresses a field, a unit's people at a time. */
static snw_status pack_field(struct snw_ctx *ctx, const struct snw_shape *shape,
                             const uint16_t *lives, struct spent *spent)
{
    snw_status status = SNW_OK;
    struct snw_compressor compressor = {0};
    size_t ages = shape->length[2], people = shape->length[0] * shape->length[1];
    size_t units = (shape->length[1] + UNIT - 1) / UNIT;
    size_t rows = (shape->length[1] + units - 1) / units;
    size_t chunk = rows * ages * sizeof *lives, stored;
    uint8_t *packed = malloc(snw_compress_bound(chunk));
    if (!packed)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to pack"));
    SNW_TRY(snw_compressor_init(&compressor, SNW_COMPRESS_FAST, chunk, sizeof *lives, ctx));
    double cpu = cpu_seconds(), from = snw_seconds();
    for (size_t first = 0; first < people; first += rows) {
        size_t n = people - first < rows ? people - first : rows;
        SNW_TRY(snw_compress(&compressor, lives + first * ages, n * ages * sizeof *lives, packed,
                             &stored, ctx));
        spent->stored += (double)stored;
    }
    spent->cpu += cpu_seconds() - cpu;
    spent->clock += snw_seconds() - from;
    spent->raw += (double)(people * ages * sizeof *lives);
out:
    snw_compressor_free(&compressor);
    free(packed);
    return status;
}

/* All fields of the trajectories; without `pack` their bytes are counted only. */
static snw_status walk(struct snw_ctx *ctx, const char *path, int pack, struct spent *spent)
{
    snw_status status;
    struct snw_file file = {.id = 0};
    struct snw_texts paths = {.n = 0};
    uint16_t *lives = NULL;
    SNW_TRY(snw_file_open(&file, path, ctx));
    SNW_TRY(snw_datasets_list(&file, "trajectories", NULL, &paths, ctx));
    for (size_t i = 0; i < paths.n; i++) {
        struct snw_shape shape;
        SNW_TRY(snw_shape_read(&file, paths.text[i], &shape, ctx));
        if (shape.type != SNW_U16 || shape.n_dims != 3)
            continue;
        if (!pack) {
            spent->raw += (double)(shape.n_values * sizeof *lives);
            continue;
        }
        SNW_TRY(read_lives(ctx, &file, paths.text[i], &shape, &lives));
        SNW_TRY(pack_field(ctx, &shape, lives, spent));
        snw_free(lives);
        lives = NULL;
    }
out:
    snw_free(lives);
    snw_texts_free(&paths);
    if (file.id > 0 && snw_file_close(&file, ctx) != SNW_OK && status == SNW_OK)
        status = SNW_ERR_IO;
    return status;
}

static snw_status write_plainly(struct snw_ctx *ctx, const char *path, struct spent *spent)
{
    snw_status status = SNW_OK;
    unsigned char *piece = snw_alloc(PIECE);
    double cpu = cpu_seconds(), from = snw_seconds();
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        SNW_TRY(snw_fail_io(ctx, path, "create", errno));
    if (!piece)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to write"));
    memset(piece, 0x5a, PIECE);
    for (double left = spent->raw; left > 0; left -= PIECE)
        SNW_TRY(snw_write_all(fd, piece, left < PIECE ? (size_t)left : PIECE, path, ctx));
    if (fsync(fd) != 0)
        SNW_TRY(snw_fail_io(ctx, path, "sync", errno));
    spent->cpu = cpu_seconds() - cpu;
    spent->clock = snw_seconds() - from;
    spent->stored = spent->raw;
out:
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    snw_free(piece);
    return status;
}

int main(int n_words, char **words)
{
    struct snw_ctx ctx;
    struct spent spent = {0};
    snw_status status;
    if (n_words < 2 || n_words > 3) {
        fprintf(stderr, "usage: bench_pack RESULT [FILE]\n");
        return 2;
    }
    snw_ctx_init(&ctx);
    status = walk(&ctx, words[1], n_words == 2, &spent);
    if (status == SNW_OK && n_words == 3)
        status = write_plainly(&ctx, words[2], &spent);
    for (size_t i = 0; i < ctx.n_errors; i++)
        fprintf(stderr, "bench_pack: %s\n", ctx.messages[i]);
    printf("%.0f %.0f %.4f %.4f\n", spent.raw, spent.stored, spent.cpu, spent.clock);
    return status == SNW_OK ? 0 : 1;
}
