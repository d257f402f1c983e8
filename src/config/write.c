/* Writes settings as YAML that reads back to the same: the resolved config and the reference. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "config/read.h"

enum { INDENT = 2, NUMBER_MAX = 40, TEXT_WIDTH = 96 };

struct writer {
    const struct snw_settings *settings;
    FILE *stream;
    bool explain; /* with comments */
};

/* The shortest decimal form that reads back to the same number. YAML 1.1 takes `1e-05` for text and
   `1.0e-05` for a number: we read both, others only the second. */
static void print_real(double x, char *text, size_t size)
{
    int digits = 6;
    do
        snprintf(text, size, "%.*g", digits, x);
    while (strtod(text, NULL) != x && ++digits <= 17);
    char *e = strchr(text, 'e');
    size_t n = strlen(text);
    if (!e || strchr(text, '.') || n + 3 > size)
        return;
    memmove(e + 2, e, strlen(e) + 1);
    memcpy(e, ".0", 2);
}

void snw_write_real(double x, FILE *stream)
{
    char text[NUMBER_MAX];
    print_real(x, text, sizeof text);
    fputs(text, stream);
}

/* Bytes of a character that must not stand in a text as it is, its number in `point`; else 0. */
static size_t special(const unsigned char *c, unsigned *point)
{
    *point = *c;
    if (*c < 0x20 || *c == 0x7f)
        return 1;
    if (*c == 0xc2 && c[1] < 0xa0) {
        *point = c[1];
        return 2;
    }
    if ((*c & 0xf0) != 0xe0)
        return 0;
    *point = (*c & 0x0fu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu);
    bool line_break = *point == 0x2028 || *point == 0x2029;
    return line_break || *point == 0xfeff || *point >= 0xfffe ? 3 : 0;
}

void snw_write_text(const char *text, FILE *stream)
{
    fputc('"', stream);
    const unsigned char *c = (const unsigned char *)text;
    while (*c) {
        unsigned point;
        size_t n = special(c, &point);
        if (n > 0)
            fprintf(stream, "\\u%04x", point);
        else if (*c == '"' || *c == '\\')
            fprintf(stream, "\\%c", *c);
        else
            fputc(*c, stream);
        c += n ? n : 1;
    }
    fputc('"', stream);
}

void snw_write_line(FILE *stream, int indent, const char *key, const char *text)
{
    fprintf(stream, "%*s%s: ", indent, "", key);
    snw_write_text(text, stream);
    fputc('\n', stream);
}

/* Words that YAML readers other than ours take for a switch or for nothing are put in quotes. */
void snw_write_name(const char *name, FILE *stream)
{
    static const char *const taken =
        "y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE|null|"
        "Null|NULL";
    if (snw_word_index(taken, name) >= 0)
        fprintf(stream, "\"%s\"", name);
    else
        fputs(name, stream);
}

static bool any(const bool *given, size_t n)
{
    for (size_t i = 0; given && i < n; i++)
        if (given[i])
            return true;
    return !given;
}

static void write_flow(const struct snw_axis_info *axis, const double *values, const bool *given,
                       FILE *stream)
{
    char number[NUMBER_MAX];
    const char *before = "{";
    for (size_t i = 0; i < axis->length; i++) {
        if (given && !given[i])
            continue;
        print_real(values[i], number, sizeof number);
        fprintf(stream, "%s%s: %s", before, axis->labels[i], number);
        before = ", ";
    }
    fputs("}\n", stream);
}

void snw_write_parameter(enum snw_param_id id, const double *values, const bool *given, int indent,
                         FILE *stream)
{
    const struct snw_param_info *info = &snw_param_table[id];
    const struct snw_axis_info *first = &snw_axis_table[info->axis];
    const struct snw_axis_info *second = &snw_axis_table[info->axis2];
    char number[NUMBER_MAX];
    if (info->length == 1) {
        print_real(values[0], number, sizeof number);
        fprintf(stream, " %s\n", number);
    } else if (first->length == 1 || second->length == 1) {
        fputc(' ', stream);
        write_flow(first->length == 1 ? second : first, values, given, stream);
    } else {
        fputc('\n', stream);
        for (size_t i = 0; i < first->length; i++) {
            const bool *row = given ? given + i * second->length : NULL;
            if (!any(row, second->length))
                continue;
            fprintf(stream, "%*s%s: ", indent, "", first->labels[i]);
            write_flow(second, values + i * second->length, row, stream);
        }
    }
}

/* A comment, broken between words. */
static void write_comment(int indent, const char *text, FILE *stream)
{
    while (*text) {
        size_t n = strlen(text), width = (size_t)(TEXT_WIDTH - indent);
        if (n > width) {
            n = width;
            while (n > 0 && text[n] != ' ')
                n--;
            n = n ? n : width;
        }
        fprintf(stream, "%*s# %.*s\n", indent, "", (int)n, text);
        text += n;
        text += *text == ' ';
    }
}

static void explain_parameter(const struct writer *w, const struct snw_param_info *info, int indent)
{
    char low[NUMBER_MAX], high[NUMBER_MAX], line[1024];
    print_real(info->low, low, sizeof low);
    print_real(info->high, high, sizeof high);
    snprintf(line, sizeof line, "%s [%s] %s to %s. Source: %s", info->doc, info->unit, low, high,
             info->source);
    write_comment(indent, line, w->stream);
}

/* Parameters of which an element is given, (SNW_PARAM_ELEMENTS,); all of them for NULL. */
static void write_parameters(const struct writer *w, const struct snw_params *params,
                             const bool *given, int indent)
{
    size_t n = 0;
    const char *section = "";
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        const double *values = snw_params_at_const(params, (enum snw_param_id)id);
        const bool *marks = given ? given + info->offset : NULL;
        if (!any(marks, info->length))
            continue;
        if (given && n++ == 0)
            fprintf(w->stream, "%*sparameters:\n", indent - INDENT, "");
        if (strcmp(section, info->section) != 0)
            fprintf(w->stream, "%*s%s:\n", indent, "", info->section);
        section = info->section;
        if (w->explain)
            explain_parameter(w, info, indent + INDENT);
        fprintf(w->stream, "%*s%s:", indent + INDENT, "", info->name);
        snw_write_parameter((enum snw_param_id)id, values, marks, indent + 2 * INDENT, w->stream);
    }
}

static void write_named(const struct writer *w, const struct snw_scenario *scenario)
{
    const struct snw_intervention *list = w->settings->interventions.list;
    for (size_t k = 0; k < scenario->n_named; k++) {
        fputs(k ? ", " : "    interventions: [", w->stream);
        snw_write_name(list[scenario->intervention[k]].name, w->stream);
    }
    fputs(scenario->n_named ? "]\n" : "", w->stream);
    for (size_t k = 0; k < scenario->n_pathways; k++) {
        fputs(k ? ", " : "    screening: [", w->stream);
        snw_write_name(w->settings->screening.list[scenario->pathway[k]].name, w->stream);
    }
    fputs(scenario->n_pathways ? "]\n" : "", w->stream);
}

static void write_scenarios(const struct writer *w)
{
    const struct snw_scenarios *scenarios = &w->settings->scenarios;
    fputc('\n', w->stream);
    for (size_t i = 0; i < scenarios->n; i++) {
        fprintf(w->stream, "%*s- name: ", INDENT, "");
        snw_write_name(scenarios->list[i].name, w->stream);
        fputc('\n', w->stream);
        if (scenarios->list[i].begins)
            fprintf(w->stream, "%*sbegins: %d\n", 2 * INDENT, "", scenarios->list[i].begins);
        if (scenarios->list[i].trends.n) {
            fprintf(w->stream, "%*strends:", 2 * INDENT, "");
            snw_write_trends(&scenarios->list[i].trends, 3 * INDENT, w->stream);
        }
        write_named(w, &scenarios->list[i]);
        write_parameters(w, &scenarios->list[i].params, scenarios->list[i].given, 3 * INDENT);
    }
}

static void write_samples(const struct writer *w, const struct snw_samples *samples)
{
    fputs(samples->n ? "\n" : " []\n", w->stream);
    for (size_t i = 0; i < samples->n; i++) {
        const struct snw_sample *group = &samples->group[i];
        fprintf(w->stream, "%*s- {name: ", 2 * INDENT, "");
        snw_write_name(group->name, w->stream);
        fprintf(w->stream, ", sex: %s, age_from: %d, age_to: %d, n: %lld}\n",
                group->sex == SNW_FEMALE ? "female" : "male", group->age_from, group->age_to,
                (long long)group->n);
    }
}

static void write_names(const struct writer *w, const struct snw_names *names)
{
    if (names->all) {
        fputs(" all\n", w->stream);
        return;
    }
    fputs(" [", w->stream);
    for (size_t i = 0; i < names->n; i++) {
        fputs(i ? ", " : "", w->stream);
        snw_write_name(names->name[i], w->stream);
    }
    fputs("]\n", w->stream);
}

static void write_integer(const struct writer *w, const struct snw_setting_info *info,
                          int64_t value)
{
    char word[SNW_WORD_MAX];
    bool is_word = info->type == SNW_TYPE_INTEGER_OR_WORD && value < 0;
    if (!is_word) {
        fprintf(w->stream, " %lld\n", (long long)value);
        return;
    }
    snw_word_at(info->words, (int)(-1 - value), word, sizeof word);
    fprintf(w->stream, " %s\n", word);
}

static void write_value(const struct writer *w, const struct snw_setting_info *info)
{
    const void *member = (const char *)w->settings + info->offset;
    char word[SNW_WORD_MAX];
    switch (info->type) {
    case SNW_TYPE_TEXT:
    case SNW_TYPE_PATH: /* the text is the first member of a path */
        fputc(' ', w->stream);
        snw_write_text(*(char *const *)member, w->stream);
        fputc('\n', w->stream);
        break;
    case SNW_TYPE_NAMES:
        write_names(w, member);
        break;
    case SNW_TYPE_INTEGER:
    case SNW_TYPE_INTEGER_OR_WORD:
        write_integer(w, info, *(const int64_t *)member);
        break;
    case SNW_TYPE_REAL:
        print_real(*(const double *)member, word, sizeof word);
        fprintf(w->stream, " %s\n", word);
        break;
    case SNW_TYPE_SWITCH:
        fputs(*(const bool *)member ? " true\n" : " false\n", w->stream);
        break;
    case SNW_TYPE_WORD:
        snw_word_at(info->words, *(const int *)member, word, sizeof word);
        fprintf(w->stream, " %s\n", word);
        break;
    case SNW_TYPE_SAMPLES:
        write_samples(w, member);
        break;
    case SNW_TYPE_TRENDS:
        snw_write_trends(member, 2 * INDENT, w->stream);
        break;
    case SNW_TYPE_PARAMETERS:
        fputc('\n', w->stream);
        write_parameters(w, member, NULL, INDENT);
        break;
    case SNW_TYPE_INTERVENTIONS:
        snw_write_interventions(&w->settings->interventions, w->stream);
        break;
    case SNW_TYPE_SCREENING:
        snw_write_screening(&w->settings->screening, w->stream);
        break;
    case SNW_TYPE_SCENARIOS:
        write_scenarios(w);
        break;
    case SNW_TYPE_SWEEP:
        snw_write_sweep(&w->settings->sweep, w->stream);
        break;
    }
}

static void explain_setting(const struct writer *w, const struct snw_setting_info *info, int indent)
{
    char low[NUMBER_MAX], high[NUMBER_MAX], line[1024];
    bool number = info->type == SNW_TYPE_INTEGER || info->type == SNW_TYPE_REAL ||
                  info->type == SNW_TYPE_INTEGER_OR_WORD;
    size_t n = (size_t)snprintf(line, sizeof line, "%s", info->doc);
    if (strcmp(info->unit, "1") != 0)
        n += (size_t)snprintf(line + n, sizeof line - n, " [%s]", info->unit);
    if (number && info->low < info->high) {
        print_real(info->low, low, sizeof low);
        snprintf(high, sizeof high, "%.10g", info->high);
        n += (size_t)snprintf(line + n, sizeof line - n, " %s to %s.", low, high);
    }
    if (info->words[0])
        snprintf(line + n, sizeof line - n, " Words: %s.", info->words);
    write_comment(indent, line, w->stream);
}

/* Headings of the sections that a key opens against the key before; @return its depth. */
static int write_sections(const struct writer *w, const char *key, const char *before)
{
    int depth = 0;
    bool open = true;
    for (const char *dot; (dot = strchr(key, '.')); key = dot + 1, depth++) {
        size_t n = (size_t)(dot - key) + 1;
        open = open && strncmp(key, before, n) == 0;
        if (!open)
            fprintf(w->stream, "%s%*s%.*s:\n", depth ? "" : "\n", INDENT * depth, "", (int)n - 1,
                    key);
        else
            before += n;
    }
    if (depth == 0 && strchr(before, '.'))
        fputc('\n', w->stream);
    return depth;
}

static void write_all(const struct writer *w)
{
    const char *before = "";
    for (int id = 0; id < SNW_SETTING_COUNT; id++) {
        const struct snw_setting_info *info = &snw_setting_table[id];
        if (info->type == SNW_TYPE_SWEEP && !w->explain && w->settings->sweep.n_factors == 0)
            continue; /* there is none, and a result is what it was before there were any */
        int depth = write_sections(w, info->key, before);
        const char *dot = strrchr(info->key, '.');
        if (w->explain)
            explain_setting(w, info, INDENT * depth);
        fprintf(w->stream, "%*s%s:", INDENT * depth, "", dot ? dot + 1 : info->key);
        write_value(w, info);
        before = info->key;
    }
}

void snw_settings_write(const struct snw_settings *settings, FILE *stream)
{
    write_all(&(struct writer){.settings = settings, .stream = stream});
}

snw_status snw_settings_text(struct snw_ctx *ctx, const struct snw_settings *settings, char **text)
{
    size_t size = 0;
    *text = NULL;
    FILE *stream = open_memstream(text, &size);
    if (!stream)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the resolved config");
    snw_settings_write(settings, stream);
    bool failed = ferror(stream) != 0;
    if (fclose(stream) == 0 && !failed)
        return SNW_OK;
    free(*text);
    *text = NULL;
    return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the resolved config");
}

snw_status snw_config_describe(struct snw_ctx *ctx, FILE *stream)
{
    struct snw_settings settings;
    snw_status status = snw_config_default(ctx, &settings);
    if (status == SNW_OK) {
        fputs("# Every setting of a config at its default, written by `sinew describe config`.\n",
              stream);
        write_all(&(struct writer){.settings = &settings, .stream = stream, .explain = true});
    }
    snw_settings_free(&settings);
    return status;
}
