/* The context of a command: where errors are collected and messages go. */
#ifndef SNW_CORE_CONTEXT_H
#define SNW_CORE_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/status.h"

enum { SNW_ERRORS_SHOWN = 20, SNW_MESSAGE_MAX = 512 };

/* Input files by the path they were asked for: one after the other as path, NUL, eight bytes of
   length, text, NUL. The bytes can be given to other processes. See config/file.h. */
struct snw_kept_files {
    bool on;              /* files read are kept, and read from here; else from disk each time */
    unsigned char *bytes; /* (n_bytes,) of (room,) */
    size_t n_bytes, room;
};

struct snw_ctx {
    snw_status status; /* the first failure, SNW_OK where none */
    size_t n_errors;   /* failures reported, shown or not */
    bool quiet;        /* no progress lines */
    struct snw_kept_files files;
    char messages[SNW_ERRORS_SHOWN][SNW_MESSAGE_MAX];
};

/* Empties the context. Nothing to free. */
void snw_ctx_init(struct snw_ctx *ctx);

/* Reports one failure: keeps the text (the first 20), remembers the first status.
   @return the status given, so that `return snw_fail(...)` reads well. */
snw_status snw_fail(struct snw_ctx *ctx, snw_status status, const char *fmt, ...) SNW_PRINTF(3, 4);

/* Prints all collected failures, one a line, each with the prefix `sinew: `. */
void snw_ctx_print(const struct snw_ctx *ctx, FILE *stream);

#endif
