/* Eligibility: a small typed language of conditions, parsed to a bounded postfix program.

     female and age >= 65 and measured.t_score_femoral_neck <= -2.5 and not on_treatment

   `or` binds weaker than `and`, `and` weaker than `not`, `not` weaker than a comparison of two
   numbers (< <= > >= = == !=); round brackets group. Names are those of names.def. */
#ifndef SNW_INTERVENTIONS_EXPRESSION_H
#define SNW_INTERVENTIONS_EXPRESSION_H

#include <stddef.h>
#include <stdint.h>

enum snw_name {
#define SNW_NAME(member, text, kind, low, high, doc) SNW_NAME_##member,
#include "interventions/names.def"
#undef SNW_NAME
    SNW_N_NAMES
};

enum snw_value_kind { SNW_VALUE_NUMBER, SNW_VALUE_TRUTH };

struct snw_name_info {
    const char *text, *doc;
    enum snw_value_kind kind;
    double low, high;
};

extern const struct snw_name_info snw_name_table[SNW_N_NAMES];

/* @return whether screening alone knows what a name asks for. */
static inline int snw_name_is_screened(enum snw_name name)
{
    return name >= SNW_NAME_measured_sarc_f && name <= SNW_NAME_screened_positive;
}

enum {
    SNW_EXPRESSION_BYTES = 1000, /* of its text */
    SNW_EXPRESSION_STEPS = 64,
    SNW_EXPRESSION_DEPTH = 16 /* of brackets and `not`, and of the stack */
};

enum snw_step_kind {
    SNW_STEP_NUMBER, /* pushes */
    SNW_STEP_NAME,
    SNW_STEP_LESS, /* takes two, pushes one */
    SNW_STEP_AT_MOST,
    SNW_STEP_MORE,
    SNW_STEP_AT_LEAST,
    SNW_STEP_EQUAL,
    SNW_STEP_UNEQUAL,
    SNW_STEP_AND,
    SNW_STEP_OR,
    SNW_STEP_NOT /* takes one, pushes one */
};

/* A program leaves one truth value, and never holds more than SNW_EXPRESSION_DEPTH values. */
struct snw_expression {
    size_t n;
    struct snw_step {
        uint8_t op;   /* enum snw_step_kind */
        uint8_t name; /* enum snw_name */
        double number;
    } step[SNW_EXPRESSION_STEPS];
};

/* What was wrong, and where. */
struct snw_expression_fault {
    size_t at;        /* bytes from the start of the text */
    char text[160];   /* what was wrong */
    char unknown[64]; /* the word, where it is an unknown name; else empty */
};

/* @return 1 where the text was understood, 0 with the fault where not; then the program is empty.
 */
int snw_expression_parse(const char *text, struct snw_expression *program,
                         struct snw_expression_fault *fault);

/* Narrows a condition to `condition and not (but)`.
   @return 1, or 0 where that is longer or deeper than a program can be; then it is as before. */
int snw_expression_except(struct snw_expression *condition, const struct snw_expression *but);

/* @return whether a name is asked for. */
int snw_expression_uses(const struct snw_expression *program, enum snw_name name);

/* @return 1 if it asks for what nobody can know. */
int snw_expression_is_hypothetical(const struct snw_expression *program);

/* What is known of a person beforehand. */
struct snw_known {
    int female;
    double age_from, age_to, year_from, year_to;
};

/* @return 0 where the condition can't hold for anybody of whom this is known, else 1. */
int snw_expression_can_hold(const struct snw_expression *program, const struct snw_known *known);

#endif
