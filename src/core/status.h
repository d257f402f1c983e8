/* What a fallible function returns, and the one macro that passes it on. */
#ifndef SNW_CORE_STATUS_H
#define SNW_CORE_STATUS_H

enum snw_status_code {
#define SNW_STATUS(name, exit_code, message) SNW_##name,
#include "core/status.def"
#undef SNW_STATUS
    SNW_STATUS_COUNT
};

/* Must be checked by the caller. */
typedef enum snw_status_code snw_status;

#define SNW_MUST_CHECK __attribute__((warn_unused_result))
#define SNW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Calls, and leaves through the function's single `out:` label when the call failed.
   The function holds its result in a local `snw_status status`. */
#define SNW_TRY(call)                                                                              \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != SNW_OK)                                                                      \
            goto out;                                                                              \
    } while (0)

/* @return the name without prefix, the sentence, and the exit code of a status; static storage. */
const char *snw_status_name(snw_status status);
const char *snw_status_message(snw_status status);
int snw_status_exit_code(snw_status status);

#endif
