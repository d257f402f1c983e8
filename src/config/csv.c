/* Lines and fields of CSV. */
#include "config/csv.h"

#include <string.h>

void snw_csv_begin(struct snw_csv *csv, char *text)
{
    csv->rest = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
    csv->line = 0;
}

char *snw_csv_next(struct snw_csv *csv)
{
    while (*csv->rest) {
        char *line = csv->rest;
        size_t n = strcspn(line, "\n");
        csv->rest = line + n + (line[n] == '\n');
        line[n] = '\0';
        if (n > 0 && line[n - 1] == '\r')
            line[n - 1] = '\0';
        csv->line++;
        if (line[0] != '#' && line[0] != '\0')
            return line;
    }
    return NULL;
}

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

bool snw_csv_split(char *line, char *fields[SNW_CSV_FIELDS_MAX], size_t *n)
{
    char *at = line;
    for (*n = 0; *n < SNW_CSV_FIELDS_MAX;) {
        fields[(*n)++] = at;
        if (*at == '"')
            at = unquote(at);
        else
            at += strcspn(at, ",\"");
        if (!at || (*at && *at != ','))
            return false;
        if (!*at)
            return true;
        *at++ = '\0';
    }
    return false;
}
