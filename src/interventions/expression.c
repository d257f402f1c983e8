/* The parser of eligibility, and what can be said of a program before it runs. */
#include "interventions/expression.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct snw_name_info snw_name_table[SNW_N_NAMES] = {
#define SNW_NAME(member, text, kind, low, high, doc) {text, doc, SNW_VALUE_##kind, low, high},
#include "interventions/names.def"
#undef SNW_NAME
};

enum { WORD_MAX = 64 };

enum token { END, NUMBER, NAME, OPEN, CLOSE, COMPARE, AND, OR, NOT };

struct parser {
    const char *text, *next; /* behind the token */
    struct snw_expression *program;
    struct snw_expression_fault *fault;
    enum token token;
    size_t at;             /* where the token begins */
    char word[WORD_MAX];   /* its text */
    double number;         /* of NUMBER */
    enum snw_step_kind op; /* of COMPARE */
    size_t depth, stacked; /* brackets and `not` that are open, values on the stack */
    int failed;
};

static void fail(struct parser *p, size_t at, const char *what)
{
    if (p->failed)
        return;
    p->failed = 1;
    p->fault->at = at;
    snprintf(p->fault->text, sizeof p->fault->text, "%s", what);
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t copy_word(struct parser *p, size_t n)
{
    size_t most = n < WORD_MAX - 1 ? n : WORD_MAX - 1;
    memcpy(p->word, p->next, most);
    p->word[most] = '\0';
    p->next += n;
    return n;
}

static void read_word(struct parser *p)
{
    size_t n = 1;
    while (is_letter(p->next[n]) || is_digit(p->next[n]) || p->next[n] == '.')
        n++;
    if (copy_word(p, n) >= WORD_MAX)
        fail(p, p->at, "a word of more than 63 letters");
    p->token = strcmp(p->word, "and") == 0   ? AND
               : strcmp(p->word, "or") == 0  ? OR
               : strcmp(p->word, "not") == 0 ? NOT
                                             : NAME;
}

/* Digits, at most one point among them, a minus in front. */
static void read_number(struct parser *p)
{
    size_t n = p->next[0] == '-' ? 1 : 0, points = 0, digits = 0;
    for (; is_digit(p->next[n]) || p->next[n] == '.'; n++) {
        points += p->next[n] == '.' ? 1 : 0;
        digits += is_digit(p->next[n]) ? 1 : 0;
    }
    if (points > 1 || digits == 0 || digits > 15 || is_letter(p->next[n]))
        fail(p, p->at, "no number: digits and at most one point are expected, up to 15 digits");
    copy_word(p, n);
    p->number = strtod(p->word, NULL);
    p->token = NUMBER;
}

static void read_sign(struct parser *p)
{
    static const struct {
        const char *text;
        enum token token;
        enum snw_step_kind op;
    } signs[] = {{"<=", COMPARE, SNW_STEP_AT_MOST}, {">=", COMPARE, SNW_STEP_AT_LEAST},
                 {"!=", COMPARE, SNW_STEP_UNEQUAL}, {"==", COMPARE, SNW_STEP_EQUAL},
                 {"<", COMPARE, SNW_STEP_LESS},     {">", COMPARE, SNW_STEP_MORE},
                 {"=", COMPARE, SNW_STEP_EQUAL},    {"(", OPEN, SNW_STEP_NUMBER},
                 {")", CLOSE, SNW_STEP_NUMBER}};
    for (size_t k = 0; k < sizeof signs / sizeof signs[0]; k++) {
        size_t n = strlen(signs[k].text);
        if (strncmp(p->next, signs[k].text, n) != 0)
            continue;
        copy_word(p, n);
        p->token = signs[k].token;
        p->op = signs[k].op;
        return;
    }
    fail(p, p->at, "a sign that means nothing here");
    p->token = END;
}

static void advance(struct parser *p)
{
    while (*p->next == ' ' || *p->next == '\n')
        p->next++;
    p->at = (size_t)(p->next - p->text);
    p->word[0] = '\0';
    p->token = END;
    if (p->failed || *p->next == '\0')
        return;
    if (is_letter(*p->next))
        read_word(p);
    else if (is_digit(*p->next) || *p->next == '-' || *p->next == '.')
        read_number(p);
    else
        read_sign(p);
}

static void emit(struct parser *p, struct snw_step step)
{
    if (p->program->n == SNW_EXPRESSION_STEPS) {
        fail(p, p->at, "too long: more than 64 numbers, names and operators");
        return;
    }
    p->stacked += step.op <= SNW_STEP_NAME;
    p->stacked -= step.op > SNW_STEP_NAME && step.op < SNW_STEP_NOT;
    if (p->stacked > SNW_EXPRESSION_DEPTH)
        fail(p, p->at, "too deep: more than 16 values wait for their operator");
    p->program->step[p->program->n++] = step;
}

static enum snw_value_kind either(struct parser *p);

static enum snw_value_kind name(struct parser *p)
{
    int id = 0;
    while (id < SNW_N_NAMES && strcmp(snw_name_table[id].text, p->word) != 0)
        id++;
    if (id == SNW_N_NAMES) {
        fail(p, p->at, "unknown name");
        memcpy(p->fault->unknown, p->word, WORD_MAX);
        return SNW_VALUE_NUMBER;
    }
    emit(p, (struct snw_step){.op = SNW_STEP_NAME, .name = (uint8_t)id});
    advance(p);
    return snw_name_table[id].kind;
}

static int deeper(struct parser *p)
{
    if (p->depth == SNW_EXPRESSION_DEPTH)
        fail(p, p->at, "too deep: more than 16 brackets and `not` within each other");
    return !p->failed && ++p->depth > 0;
}

static enum snw_value_kind operand(struct parser *p)
{
    enum snw_value_kind kind = SNW_VALUE_NUMBER;
    if (p->token == NAME)
        return name(p);
    if (p->token == NUMBER) {
        emit(p, (struct snw_step){.op = SNW_STEP_NUMBER, .number = p->number});
        advance(p);
    } else if (p->token == OPEN && deeper(p)) {
        advance(p);
        kind = either(p);
        if (p->token != CLOSE)
            fail(p, p->at, "a bracket does not close");
        p->depth--;
        advance(p);
    } else {
        fail(p, p->at, "a name or a number is expected");
    }
    return kind;
}

static enum snw_value_kind comparison(struct parser *p)
{
    size_t at = p->at;
    enum snw_value_kind left = operand(p);
    if (p->token != COMPARE || p->failed)
        return left;
    uint8_t op = (uint8_t)p->op;
    if (left != SNW_VALUE_NUMBER)
        fail(p, at, "what is true or false can't be compared: only numbers can");
    advance(p);
    at = p->at;
    if (operand(p) != SNW_VALUE_NUMBER)
        fail(p, at, "what is true or false can't be compared: only numbers can");
    emit(p, (struct snw_step){.op = op});
    if (p->token == COMPARE)
        fail(p, p->at, "comparisons are not chained: join two by `and`");
    return SNW_VALUE_TRUTH;
}

static void need_truth(struct parser *p, size_t at, enum snw_value_kind kind)
{
    if (kind != SNW_VALUE_TRUTH)
        fail(p, at, "a number is neither true nor false: compare it with another");
}

static enum snw_value_kind negation(struct parser *p)
{
    if (p->token != NOT)
        return comparison(p);
    if (!deeper(p))
        return SNW_VALUE_TRUTH;
    advance(p);
    size_t at = p->at;
    need_truth(p, at, negation(p));
    emit(p, (struct snw_step){.op = SNW_STEP_NOT});
    p->depth--;
    return SNW_VALUE_TRUTH;
}

/* One or more operands of `and`, or of `or`. */
static enum snw_value_kind joined(struct parser *p, enum token word, enum snw_step_kind op,
                                  enum snw_value_kind (*part)(struct parser *))
{
    size_t at = p->at;
    enum snw_value_kind kind = part(p);
    while (p->token == word && !p->failed) {
        need_truth(p, at, kind);
        advance(p);
        at = p->at;
        kind = part(p);
        need_truth(p, at, kind);
        emit(p, (struct snw_step){.op = (uint8_t)op});
    }
    return kind;
}

static enum snw_value_kind both(struct parser *p)
{
    return joined(p, AND, SNW_STEP_AND, negation);
}

static enum snw_value_kind either(struct parser *p)
{
    return joined(p, OR, SNW_STEP_OR, both);
}

int snw_expression_parse(const char *text, struct snw_expression *program,
                         struct snw_expression_fault *fault)
{
    struct parser p = {.text = text, .next = text, .program = program, .fault = fault};
    *fault = (struct snw_expression_fault){0};
    program->n = 0;
    if (strlen(text) > SNW_EXPRESSION_BYTES)
        fail(&p, 0, "longer than 1000 bytes");
    advance(&p);
    need_truth(&p, 0, either(&p));
    if (p.token != END)
        fail(&p, p.at, "`and`, `or` or the end is expected");
    if (p.failed)
        program->n = 0;
    return !p.failed;
}

/* The most values that wait on the stack. */
static size_t depth_of(const struct snw_expression *program)
{
    size_t n = 0, most = 0;
    for (size_t k = 0; k < program->n; k++) {
        n += program->step[k].op <= SNW_STEP_NAME;
        n -= program->step[k].op > SNW_STEP_NAME && program->step[k].op < SNW_STEP_NOT;
        most = n > most ? n : most;
    }
    return most;
}

int snw_expression_except(struct snw_expression *condition, const struct snw_expression *but)
{
    size_t n = condition->n;
    if (n + but->n + 2 > SNW_EXPRESSION_STEPS || depth_of(but) + 1 > SNW_EXPRESSION_DEPTH)
        return 0;
    memcpy(&condition->step[n], but->step, but->n * sizeof but->step[0]);
    n += but->n;
    condition->step[n++] = (struct snw_step){.op = SNW_STEP_NOT};
    condition->step[n++] = (struct snw_step){.op = SNW_STEP_AND};
    condition->n = n;
    return 1;
}

int snw_expression_uses(const struct snw_expression *program, enum snw_name which)
{
    int uses = 0;
    for (size_t k = 0; k < program->n; k++)
        uses |= program->step[k].op == SNW_STEP_NAME && program->step[k].name == which;
    return uses;
}

int snw_expression_is_hypothetical(const struct snw_expression *program)
{
    int is = 0;
    for (int id = 0; id < SNW_N_NAMES; id++)
        is |= strncmp(snw_name_table[id].text, "true.", 5) == 0 &&
              snw_expression_uses(program, (enum snw_name)id);
    return is;
}

/* All that a value can be: a number of an interval, or a truth value: low 1 where it can't be
   false, high 0 where it can't be true. */
struct range {
    double low, high;
};

static struct range range_of(enum snw_name id, const struct snw_known *known)
{
    switch (id) {
    case SNW_NAME_age:
        return (struct range){known->age_from, known->age_to};
    case SNW_NAME_year:
        return (struct range){known->year_from, known->year_to};
    case SNW_NAME_female:
        return (struct range){known->female, known->female};
    case SNW_NAME_male:
        return (struct range){!known->female, !known->female};
    default:
        return (struct range){snw_name_table[id].low, snw_name_table[id].high};
    }
}

/* A comparison may always fail: what it asks for may not apply. */
static struct range compare(enum snw_step_kind op, struct range a, struct range b)
{
    int can = 1;
    if (op == SNW_STEP_LESS)
        can = a.low < b.high;
    else if (op == SNW_STEP_AT_MOST)
        can = a.low <= b.high;
    else if (op == SNW_STEP_MORE)
        can = a.high > b.low;
    else if (op == SNW_STEP_AT_LEAST)
        can = a.high >= b.low;
    else if (op == SNW_STEP_EQUAL)
        can = a.low <= b.high && a.high >= b.low;
    else
        can = a.low < a.high || b.low < b.high || a.low != b.low;
    return (struct range){0, can};
}

int snw_expression_can_hold(const struct snw_expression *program, const struct snw_known *known)
{
    struct range stack[SNW_EXPRESSION_DEPTH + 1] = {{0, 0}};
    size_t n = 0;
    for (size_t k = 0; k < program->n; k++) {
        const struct snw_step *s = &program->step[k];
        if (s->op == SNW_STEP_NUMBER) {
            stack[n++] = (struct range){s->number, s->number};
        } else if (s->op == SNW_STEP_NAME) {
            stack[n++] = range_of((enum snw_name)s->name, known);
        } else if (s->op == SNW_STEP_NOT) {
            stack[n - 1] = (struct range){1 - stack[n - 1].high, 1 - stack[n - 1].low};
        } else {
            struct range b = stack[--n], a = stack[n - 1];
            int any = s->op == SNW_STEP_OR; /* the larger of two, else the smaller */
            if (s->op != SNW_STEP_AND && s->op != SNW_STEP_OR)
                stack[n - 1] = compare((enum snw_step_kind)s->op, a, b);
            else
                stack[n - 1] = (struct range){(a.low < b.low) == any ? b.low : a.low,
                                              (a.high < b.high) == any ? b.high : a.high};
        }
    }
    return n == 1 && stack[0].high > 0;
}
