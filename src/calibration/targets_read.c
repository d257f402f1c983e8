/* Reads the table of targets, and says all that is wrong with it. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calibration/targets.h"
#include "config/csv.h"
#include "config/scalar.h"

static const char *const columns[SNW_N_COLUMNS] = {
#define SNW_COLUMN(name, doc) #name,
#include "calibration/columns.def"
#undef SNW_COLUMN
};

enum argument_kind { NUMBER, WORD, WORDS, CONDITIONS };

static const struct {
    const char *name;
    enum argument_kind kind;
    double low, high;
    const char *words;
} arguments[SNW_N_ARGUMENTS] = {
#define SNW_ARGUMENT(name, kind, low, high, words, doc) {#name, kind, low, high, words},
#include "calibration/arguments.def"
#undef SNW_ARGUMENT
};

struct reader {
    struct snw_ctx *ctx;
    const char *path;
    size_t line;
    size_t n_fields;             /* of the header, 0 before it */
    size_t place[SNW_N_COLUMNS]; /* of each column */
    struct snw_targets *targets;
    size_t room;
    bool stop; /* without columns or memory rows cannot be read */
    snw_status status;
};

SNW_PRINTF(3, 4)
static void fail(struct reader *r, int column, const char *fmt, ...)
{
    char text[SNW_MESSAGE_MAX];
    va_list list;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    r->status = snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %s%s%s", r->path, r->line,
                         column < 0 ? "" : columns[column], column < 0 ? "" : ": ", text);
}

static void fail_unknown(struct reader *r, int column, const char *what, const char *word,
                         const struct snw_nearest *nearest)
{
    const char *best = snw_nearest_best(nearest);
    fail(r, column, "unknown %s %.80s%s%s", what, word, best ? "; the nearest is " : "",
         best ? best : "");
}

/* Place of a word in a list `a|b|c`; reported and -1 where it is none of them. */
static int read_word(struct reader *r, int column, const char *what, const char *words,
                     const char *word)
{
    int index = snw_word_index(words, word);
    struct snw_nearest nearest;
    char one[SNW_WORD_MAX];
    if (index >= 0)
        return index;
    snw_nearest_init(&nearest, word);
    for (int k = 0; snw_word_at(words, k, one, sizeof one), one[0]; k++)
        snw_nearest_try(&nearest, one);
    if (snw_nearest_best(&nearest))
        fail_unknown(r, column, what, word, &nearest);
    else
        fail(r, column, "%s %.80s is none of %s", what, word, words);
    return -1;
}

static double read_number(struct reader *r, int column, const char *text, double low, double high)
{
    double x = 0;
    if (snw_read_real(text, &x) != SNW_NUMBER_OK)
        fail(r, column, "no number: %.60s", text);
    else if (x < low || x > high)
        fail(r, column, "%.60s is outside %g to %g", text, low, high);
    else
        return x;
    return (double)NAN;
}

/* NaN where the field is empty. */
static double read_optional(struct reader *r, const struct snw_target *t, int column, double low,
                            double high)
{
    return *t->text[column] ? read_number(r, column, t->text[column], low, high) : (double)NAN;
}

/* -1 where it is none, which is reported. */
static int read_whole(struct reader *r, const struct snw_target *t, int column, int low, int high)
{
    int64_t x = 0;
    if (snw_read_integer(t->text[column], &x) != SNW_NUMBER_OK || x < low || x > high) {
        fail(r, column, "%.60s is no whole number from %d to %d", t->text[column], low, high);
        return -1;
    }
    return (int)x;
}

static void read_quantity(struct reader *r, struct snw_target *t, int column,
                          struct snw_quantity *q)
{
    char problem[SNW_MESSAGE_MAX];
    if (*t->text[column] &&
        !snw_quantity_read(t->text[column], q, &t->n_scores, problem, sizeof problem))
        fail(r, column, "%s", problem);
}

static void read_conditions(struct reader *r, struct snw_target *t, int column, const char *text,
                            struct snw_conditions *c)
{
    char problem[SNW_MESSAGE_MAX];
    if (!snw_conditions_read(text, c, &t->n_scores, problem, sizeof problem))
        fail(r, column, "%s", problem);
}

/* Bits of words joined by +. */
static double read_words(struct reader *r, const char *name, const char *words, char *text)
{
    unsigned bits = 0;
    for (char *word = text; word;) {
        char *next = strchr(word, '+');
        if (next)
            *next++ = '\0';
        int bit = read_word(r, SNW_T_arguments, name, words, word);
        bits |= bit < 0 ? 0 : 1u << bit;
        word = next;
    }
    return bits;
}

static void read_argument(struct reader *r, struct snw_target *t, char *word)
{
    char *value = strchr(word, '=');
    struct snw_nearest nearest;
    int a = 0;
    if (!value || !value[1]) {
        fail(r, SNW_T_arguments, "name=value is wanted: %.60s", word);
        return;
    }
    *value++ = '\0';
    snw_nearest_init(&nearest, word);
    for (; a < SNW_N_ARGUMENTS && strcmp(arguments[a].name, word) != 0; a++)
        snw_nearest_try(&nearest, arguments[a].name);
    if (a == SNW_N_ARGUMENTS) {
        fail_unknown(r, SNW_T_arguments, "argument", word, &nearest);
        return;
    }
    if (t->given >> a & 1)
        fail(r, SNW_T_arguments, "%s is given twice", word);
    t->given |= 1u << a;
    if (arguments[a].kind == NUMBER)
        t->argument[a] =
            read_number(r, SNW_T_arguments, value, arguments[a].low, arguments[a].high);
    else if (arguments[a].kind == WORD)
        t->argument[a] = read_word(r, SNW_T_arguments, word, arguments[a].words, value);
    else if (arguments[a].kind == WORDS)
        t->argument[a] = read_words(r, word, arguments[a].words, value);
    else
        read_conditions(r, t, SNW_T_arguments, value, a == SNW_A_among ? &t->among : &t->against);
}

static void read_arguments(struct reader *r, struct snw_target *t)
{
    char text[1024];
    if (strlen(t->text[SNW_T_arguments]) >= sizeof text) {
        fail(r, SNW_T_arguments, "longer than %zu letters", sizeof text - 1);
        return;
    }
    snprintf(text, sizeof text, "%s", t->text[SNW_T_arguments]);
    t->argument[SNW_A_scale] = t->argument[SNW_A_per] = 1;
    for (char *at = text; *(at += strspn(at, " "));) {
        size_t n = strcspn(at, " ");
        char *next = at + n + (at[n] == ' ');
        at[n] = '\0';
        read_argument(r, t, at);
        at = next;
    }
}

/* What the operator needs and lacks, or does not take. */
static void check_needs(struct reader *r, const struct snw_target *t)
{
    const struct snw_operator_info *op = &snw_operator_table[t->op];
    unsigned takes = op->needs | op->allows;
    bool measure = *t->text[SNW_T_measure], with = *t->text[SNW_T_with];
    bool wants = op->needs & (SNW_TAKES_QUANTITY | SNW_TAKES_CONDITION);
    if (measure != wants)
        fail(r, SNW_T_measure, "%s %s", op->name, wants ? "needs one" : "takes none");
    if ((with && !(takes & SNW_TAKES_WITH)) || (!with && op->needs & SNW_TAKES_WITH))
        fail(r, SNW_T_with, "%s %s", op->name, with ? "takes none" : "needs one");
    for (int a = 0; a < SNW_N_ARGUMENTS; a++) {
        bool given = t->given >> a & 1;
        if ((given && !(takes >> a & 1)) || (!given && op->needs >> a & 1))
            fail(r, SNW_T_arguments, "%s %s %s", op->name, given ? "takes no" : "needs",
                 arguments[a].name);
    }
    bool among = snw_given(t, SNW_A_among), ratio = takes >> SNW_A_per & 1;
    if (ratio && among == with)
        fail(r, SNW_T_arguments, "%s needs either `with` or among", op->name);
    if (takes >> SNW_A_compare & 1 && among != snw_given(t, SNW_A_compare))
        fail(r, SNW_T_arguments, "among and compare go together");
    if (snw_given(t, SNW_A_against) && !among)
        fail(r, SNW_T_arguments, "against is given without among");
    if (t->op == SNW_OP_tracking ? t->argument[SNW_A_statistic] < SNW_R_OF
                                 : t->argument[SNW_A_statistic] >= SNW_R_OF)
        if (snw_given(t, SNW_A_statistic))
            fail(r, SNW_T_arguments, "%s has no such statistic", op->name);
}

static void read_operator(struct reader *r, struct snw_target *t)
{
    struct snw_nearest nearest;
    const char *word = t->text[SNW_T_operator];
    int op = 0;
    snw_nearest_init(&nearest, word);
    for (; op < SNW_N_OPERATORS && strcmp(snw_operator_table[op].name, word) != 0; op++)
        snw_nearest_try(&nearest, snw_operator_table[op].name);
    read_arguments(r, t);
    read_quantity(r, t, SNW_T_with, &t->with);
    read_conditions(r, t, SNW_T_selection, t->text[SNW_T_selection], &t->selection);
    if (op == SNW_N_OPERATORS) {
        fail_unknown(r, SNW_T_operator, "operator", word, &nearest);
        return;
    }
    t->op = (enum snw_operator)op;
    if (snw_operator_table[op].needs & SNW_TAKES_CONDITION)
        read_conditions(r, t, SNW_T_measure, t->text[SNW_T_measure], &t->is);
    else
        read_quantity(r, t, SNW_T_measure, &t->measure);
    check_needs(r, t);
}

/* One number, or two with a space between. */
static void read_precision(struct reader *r, struct snw_target *t)
{
    char text[64];
    snprintf(text, sizeof text, "%s", t->text[SNW_T_precision]);
    char *end = text + strcspn(text, " ");
    bool two = *end != '\0';
    *end = '\0';
    if (*text)
        t->measure.precision = read_number(r, SNW_T_precision, text, 0, 1);
    if (two)
        t->with.precision = read_number(r, SNW_T_precision, end + 1, 0, 1);
}

static void read_people(struct reader *r, struct snw_target *t)
{
    t->sex = read_word(r, SNW_T_sex, "sex", "female|male|both", t->text[SNW_T_sex]);
    t->age_from = read_whole(r, t, SNW_T_age_from, SNW_AGE_FIRST, SNW_AGE_LAST);
    t->age_to = read_whole(r, t, SNW_T_age_to, SNW_AGE_FIRST, SNW_AGE_LAST);
    if (t->age_to < t->age_from && t->age_to >= 0)
        fail(r, SNW_T_age_to, "%d is before age_from", t->age_to);
    const char *weighting = t->text[SNW_T_weighting];
    if (weighting[0] >= '0' && weighting[0] <= '9') {
        t->weighting = SNW_CENSUS;
        t->census = read_whole(r, t, SNW_T_weighting, 1900, 2100);
    } else {
        t->weighting =
            (enum snw_weighting)read_word(r, SNW_T_weighting, "weighting", "lived|even", weighting);
    }
    t->year = *t->text[SNW_T_year] ? read_whole(r, t, SNW_T_year, 1900, 2100) : 0;
    read_precision(r, t);
}

static void read_spread(struct reader *r, struct snw_target *t)
{
    t->value = read_number(r, SNW_T_value, t->text[SNW_T_value], -1e12, 1e12);
    t->low = read_optional(r, t, SNW_T_low, -1e12, 1e12);
    t->high = read_optional(r, t, SNW_T_high, -1e12, 1e12);
    t->sd = read_optional(r, t, SNW_T_sd, 0, 1e12);
    t->n = read_optional(r, t, SNW_T_n, 1, 1e12);
    t->standard_error = read_optional(r, t, SNW_T_standard_error, 0, 1e12);
    t->side = (enum snw_side)read_word(r, SNW_T_side, "side", "equal|at_least|at_most",
                                       t->text[SNW_T_side]);
    t->spread = (enum snw_target_spread)read_word(
        r, SNW_T_spread, "spread", "ci|se|sd|n|range|assumed|none", t->text[SNW_T_spread]);
    bool interval = t->spread == SNW_TARGET_SPREAD_CI || t->spread == SNW_TARGET_SPREAD_RANGE ||
                    t->spread == SNW_TARGET_SPREAD_ASSUMED;
    if (interval && (isnan(t->low) || isnan(t->high)))
        fail(r, SNW_T_spread, "%s needs low and high", t->text[SNW_T_spread]);
    else if (interval && !(t->low < t->high && t->low <= t->value && t->value <= t->high))
        fail(r, SNW_T_low, "low, value and high do not rise");
    if (t->spread == SNW_TARGET_SPREAD_SE && isnan(t->standard_error))
        fail(r, SNW_T_spread, "se needs standard_error");
    if (t->spread == SNW_TARGET_SPREAD_SD && (isnan(t->sd) || isnan(t->n)))
        fail(r, SNW_T_spread, "sd needs sd and n");
    if (t->spread == SNW_TARGET_SPREAD_N && (isnan(t->n) || !snw_operator_table[t->op].absolute))
        fail(r, SNW_T_spread, "n needs n, and an operator that gives correlations or shares");
}

static void read_names(struct reader *r, struct snw_target *t)
{
    static const int wanted[] = {SNW_T_id, SNW_T_group, SNW_T_stage};
    for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++)
        if (!snw_is_name(t->text[wanted[k]]))
            fail(r, wanted[k], "no name (a letter, then letters, digits, _ or -): %.60s",
                 t->text[wanted[k]]);
    if (!*t->text[SNW_T_what])
        fail(r, SNW_T_what, "is empty");
    if (!snw_is_name(t->text[SNW_T_source]))
        fail(r, SNW_T_source, "no key of a reference: %.60s", t->text[SNW_T_source]);
    t->status = (enum snw_target_status)read_word(
        r, SNW_T_status, "status", "checked|derived|recalled|assumption", t->text[SNW_T_status]);
    t->fitted = read_word(r, SNW_T_fitted, "fitted", "no|yes", t->text[SNW_T_fitted]) == 1;
    t->weight = read_number(r, SNW_T_weight, t->text[SNW_T_weight], 0, 100);
    if (t->op == SNW_OP_none && !*t->text[SNW_T_note])
        fail(r, SNW_T_note, "must say why the row has no operator");
    for (size_t i = 0; i + 1 < r->targets->n; i++)
        if (strcmp(r->targets->list[i].text[SNW_T_id], t->text[SNW_T_id]) == 0)
            fail(r, SNW_T_id, "%.60s stands in line %zu already", t->text[SNW_T_id],
                 r->targets->list[i].line);
}

static void read_header(struct reader *r, char *const *fields, size_t n)
{
    size_t times[SNW_N_COLUMNS] = {0};
    for (size_t i = 0; i < n; i++) {
        struct snw_nearest nearest;
        int c = 0;
        snw_nearest_init(&nearest, fields[i]);
        for (; c < SNW_N_COLUMNS && strcmp(columns[c], fields[i]) != 0; c++)
            snw_nearest_try(&nearest, columns[c]);
        if (c == SNW_N_COLUMNS) {
            fail_unknown(r, -1, "column", fields[i], &nearest);
            continue;
        }
        if (times[c]++)
            fail(r, -1, "column twice: %s", columns[c]);
        r->place[c] = i;
    }
    for (int c = 0; c < SNW_N_COLUMNS; c++)
        if (!times[c])
            fail(r, -1, "no column %s", columns[c]);
    r->n_fields = n;
    r->stop = r->status != SNW_OK;
}

static bool no_memory(struct reader *r)
{
    r->status = snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory for the rows of %.160s", r->path);
    r->stop = true;
    return false;
}

/* Adds a row with copies of its fields. */
static bool add_row(struct reader *r, char *const *fields)
{
    struct snw_targets *all = r->targets;
    size_t bytes = 0;
    if (all->n == r->room) {
        size_t room = r->room ? 2 * r->room : 256;
        struct snw_target *more = realloc(all->list, room * sizeof *more);
        if (!more)
            return no_memory(r);
        all->list = more;
        r->room = room;
    }
    for (int c = 0; c < SNW_N_COLUMNS; c++)
        bytes += strlen(fields[r->place[c]]) + 1;
    char *at = malloc(bytes);
    if (!at)
        return no_memory(r);
    struct snw_target *t = &all->list[all->n++];
    *t = (struct snw_target){.line = r->line, .memory = at};
    for (int c = 0; c < SNW_N_COLUMNS; c++) {
        t->text[c] = strcpy(at, fields[r->place[c]]);
        at += strlen(at) + 1;
    }
    return true;
}

static void read_row(struct reader *r, char *const *fields, size_t n)
{
    if (n != r->n_fields) {
        fail(r, -1, "%zu fields, the header has %zu", n, r->n_fields);
        return;
    }
    if (!add_row(r, fields))
        return;
    struct snw_target *t = &r->targets->list[r->targets->n - 1];
    read_operator(r, t);
    read_people(r, t);
    read_spread(r, t);
    read_names(r, t);
}

static bool read_line(void *user, size_t line, char *const *fields, size_t n)
{
    struct reader *r = user;
    r->line = line;
    if (n == 0)
        fail(r, -1, "quotes do not close, or more than %d fields", SNW_CSV_FIELDS);
    else if (r->n_fields)
        read_row(r, fields, n);
    else
        read_header(r, fields, n);
    return !r->stop;
}

static void check_conflicts(struct reader *r)
{
    const struct snw_targets *all = r->targets;
    for (size_t i = 0; i < all->n; i++) {
        const char *id = all->list[i].text[SNW_T_conflict];
        struct snw_nearest nearest;
        bool found = !*id;
        snw_nearest_init(&nearest, id);
        for (size_t k = 0; k < all->n && !found; k++) {
            found = k != i && strcmp(all->list[k].text[SNW_T_id], id) == 0;
            snw_nearest_try(&nearest, all->list[k].text[SNW_T_id]);
        }
        r->line = all->list[i].line;
        if (!found)
            fail_unknown(r, SNW_T_conflict, "row", id, &nearest);
    }
}

snw_status snw_targets_read(struct snw_ctx *ctx, const char *path, struct snw_targets *targets)
{
    struct reader r = {.ctx = ctx, .path = path, .targets = targets, .status = SNW_OK};
    snw_status status = SNW_OK;
    *targets = (struct snw_targets){0};
    SNW_TRY(snw_csv_read(ctx, path, read_line, &r));
    if (r.n_fields == 0 && r.status == SNW_OK)
        r.status = snw_fail(ctx, SNW_ERR_TABLE, "%.160s: is empty", path);
    if (r.status == SNW_OK)
        check_conflicts(&r);
    status = r.status;
out:
    return status;
}
