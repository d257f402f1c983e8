/* What a run needs to go on, beside its result file: `results.h5.checkpoint`.

   Replaced as a whole at each commit (written under another name, synced, renamed), after the
   result file's own commit: so it never knows more than the result file holds. */
#ifndef SNW_STORE_CHECKPOINT_H
#define SNW_STORE_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/context.h"

enum { SNW_SECTIONS_MAX = 64, SNW_SECTION_NAME = 32 };

/* Named bytes that only their writer understands. */
struct snw_section {
    char name[SNW_SECTION_NAME]; /* with its closing zero */
    const void *bytes;           /* (n_bytes,) on a 64-byte boundary when read */
    uint64_t n_bytes;
};

struct snw_checkpoint {
    uint64_t next_unit; /* units below it are done */
    uint64_t n_commits;
    size_t n_sections;
    struct snw_section sections[SNW_SECTIONS_MAX];
    void *memory; /* of a checkpoint that was read */
};

/* Adds a section of caller-owned bytes; asserts that there is room and the name short. */
void snw_checkpoint_add(struct snw_checkpoint *checkpoint, const char *name, const void *bytes,
                        size_t n_bytes);

/* @return the section of that name, NULL where there is none. */
const struct snw_section *snw_checkpoint_find(const struct snw_checkpoint *checkpoint,
                                              const char *name);

/* Replaces the checkpoint beside the result `path`.
   @return SNW_OK, or SNW_ERR_IO: the earlier checkpoint then still stands. */
snw_status snw_checkpoint_write(const struct snw_checkpoint *checkpoint, const char *path,
                                struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Reads the checkpoint beside the result `path` and verifies all of it. Released with
   snw_checkpoint_free.
   @return SNW_OK; SNW_ERR_IO (not there, not readable); SNW_ERR_FORMAT (not a checkpoint, of
   another version, cut short, damaged). */
snw_status snw_checkpoint_read(struct snw_checkpoint *checkpoint, const char *path,
                               struct snw_ctx *ctx) SNW_MUST_CHECK;

/* @return whether there is one beside the result `path`. */
bool snw_checkpoint_exists(const char *path);

void snw_checkpoint_free(struct snw_checkpoint *checkpoint);

/* Removes the checkpoint beside the result `path`, when that is whole; none is no error. */
snw_status snw_checkpoint_remove(const char *path, struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
