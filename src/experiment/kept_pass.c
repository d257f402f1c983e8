/* Keys of reference passes. */
#define _POSIX_C_SOURCE 200809L
#include "experiment/kept_pass.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/kept.h"

void snw_pass_key(const struct snw_world *world, const struct snw_pilot_plan *plan,
                  char key[SNW_SHA256_TEXT])
{
    char program[SNW_SHA256_TEXT], *bytes = NULL;
    size_t n_bytes = 0;
    struct snw_ctx aside;
    snw_ctx_init(&aside);
    key[0] = '\0';
    if (snw_sha256_file("/proc/self/exe", program, &aside) != SNW_OK)
        return;
    FILE *stream = open_memstream(&bytes, &n_bytes);
    if (!stream)
        return;
    fprintf(stream, "%s %s %u %d %d %d %u %u\n", program, world->kernels->isa, plan->persons,
            plan->smoothing, plan->no_bins, plan->second_pass, plan->key.seed, plan->key.luck);
    fwrite(plan->params, sizeof *plan->params, 1, stream);
    fwrite(plan->life, sizeof *plan->life, 1, stream);
    fwrite(world->census, sizeof world->census, 1, stream);
    fwrite(plan->economy, sizeof *plan->economy, 1, stream);
    bool failed = ferror(stream) != 0;
    failed = fclose(stream) != 0 || failed;
    if (!failed)
        snw_sha256(bytes, n_bytes, key);
    free(bytes);
}

bool snw_pass_find(struct snw_world *world, const char *key)
{
    return key[0] && snw_kept_read(key, world->pilot, sizeof *world->pilot);
}

void snw_pass_keep(const struct snw_world *world, const char *key)
{
    if (key[0])
        snw_kept_write(key, world->pilot, sizeof *world->pilot);
}
