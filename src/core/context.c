/* Collects the failures of a command. */
#include "core/context.h"

#include <stdarg.h>

void snw_ctx_init(struct snw_ctx *ctx)
{
    *ctx = (struct snw_ctx){.status = SNW_OK};
}

snw_status snw_fail(struct snw_ctx *ctx, snw_status status, const char *fmt, ...)
{
    if (ctx->n_errors < SNW_ERRORS_SHOWN) {
        va_list args;
        va_start(args, fmt);
        vsnprintf(ctx->messages[ctx->n_errors], SNW_MESSAGE_MAX, fmt, args);
        va_end(args);
    }
    if (ctx->n_errors == 0)
        ctx->status = status;
    ctx->n_errors++;
    return status;
}

void snw_ctx_print(const struct snw_ctx *ctx, FILE *stream)
{
    size_t shown = ctx->n_errors < SNW_ERRORS_SHOWN ? ctx->n_errors : SNW_ERRORS_SHOWN;
    for (size_t i = 0; i < shown; i++)
        fprintf(stream, "sinew: %s\n", ctx->messages[i]);
    if (ctx->n_errors > shown)
        fprintf(stream, "sinew: and %zu more\n", ctx->n_errors - shown);
}
