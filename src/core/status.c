/* Names, sentences and exit codes of the statuses. */
#include "core/status.h"

static const struct {
    const char *name;
    const char *message;
    int exit_code;
} table[] = {
#define SNW_STATUS(name, exit_code, message) {#name, message, exit_code},
#include "core/status.def"
#undef SNW_STATUS
};

const char *snw_status_name(snw_status status)
{
    return status < SNW_STATUS_COUNT ? table[status].name : "UNKNOWN";
}

const char *snw_status_message(snw_status status)
{
    return status < SNW_STATUS_COUNT ? table[status].message : "unknown status";
}

int snw_status_exit_code(snw_status status)
{
    return status < SNW_STATUS_COUNT ? table[status].exit_code : 1;
}
