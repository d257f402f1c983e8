/* Cuts tables into lines and fields. */
#include "config/csv.h"

#include <stdlib.h>
#include <string.h>

#include "config/file.h"

/* Takes the quotes off a field in place; @return what follows it, NULL where they do not close. */
static char *unquote(char *field)
{
    char *out = field;
    for (char *at = field + 1; *at; at++) {
        if (*at == '"' && *++at != '"') {
            *out = '\0';
            return at;
        }
        *out++ = *at;
    }
    return NULL;
}

/* Cuts a line into fields in place. @return how many; 0 where it is not well formed. */
static size_t split(char *line, char *fields[SNW_CSV_FIELDS])
{
    char *at = line;
    for (size_t n = 0; n < SNW_CSV_FIELDS;) {
        fields[n++] = at;
        if (*at == '"')
            at = unquote(at);
        else
            at += strcspn(at, ",\"");
        if (!at || (*at && *at != ','))
            return 0;
        if (!*at)
            return n;
        *at++ = '\0';
    }
    return 0;
}

const char *snw_csv_fault(size_t n, size_t n_columns)
{
    if (n == 0)
        return "quotes do not close, or more than 1024 fields";
    if (n_columns == 0 || n == n_columns)
        return NULL;
    return n < n_columns ? "fewer fields than columns" : "more fields than columns";
}

snw_status snw_csv_read(struct snw_ctx *ctx, const char *path, snw_csv_line *take, void *user)
{
    char *text = NULL, *fields[SNW_CSV_FIELDS];
    size_t length = 0, number = 0;
    snw_status status = SNW_OK;
    SNW_TRY(snw_file_read(ctx, path, SNW_ERR_TABLE, &text, &length));
    if (memchr(text, '\0', length)) {
        status = snw_fail(ctx, SNW_ERR_TABLE, "%.160s: holds a NUL byte", path);
        goto out;
    }
    char *line = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
    for (bool more = true; *line && more;) {
        size_t n = strcspn(line, "\n");
        char *next = line + n + (line[n] == '\n');
        line[n] = '\0';
        if (n > 0 && line[n - 1] == '\r')
            line[n - 1] = '\0';
        number++;
        if (line[0] != '#' && line[0] != '\0')
            more = take(user, number, fields, split(line, fields));
        line = next;
    }
out:
    free(text);
    return status;
}
