/* Fuzzer of eligibility expressions: no text may crash the parser, and what it accepts keeps to its
   bounds. scripts/fuzz builds and runs it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interventions/expression.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* Every step finds its operands, of the kind that it takes, and one truth value is left. */
static void check_program(const struct snw_expression *program)
{
    enum snw_value_kind kind[SNW_EXPRESSION_DEPTH + 1];
    size_t n = 0;
    require(program->n > 0 && program->n <= SNW_EXPRESSION_STEPS, "length");
    for (size_t k = 0; k < program->n; k++) {
        const struct snw_step *s = &program->step[k];
        if (s->op == SNW_STEP_NUMBER || s->op == SNW_STEP_NAME) {
            require(n < SNW_EXPRESSION_DEPTH && s->name < SNW_N_NAMES, "depth or name");
            kind[n++] = s->op == SNW_STEP_NUMBER ? SNW_VALUE_NUMBER : snw_name_table[s->name].kind;
            continue;
        }
        enum snw_value_kind takes = s->op < SNW_STEP_AND ? SNW_VALUE_NUMBER : SNW_VALUE_TRUTH;
        require(n > 0 && kind[n - 1] == takes, "operand");
        if (s->op != SNW_STEP_NOT)
            require(--n > 0 && kind[n - 1] == takes, "other operand");
        kind[n - 1] = SNW_VALUE_TRUTH;
    }
    require(n == 1 && kind[0] == SNW_VALUE_TRUTH, "what is left");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct snw_expression program;
    struct snw_expression_fault fault;
    const struct snw_known known = {1, 20, 97, 1900, 2100};
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (snw_expression_parse(text, &program, &fault)) {
        check_program(&program);
        int holds = snw_expression_can_hold(&program, &known);
        require(holds == 0 || holds == 1, "can hold");
    } else {
        require(program.n == 0 && fault.text[0] && fault.at <= strlen(text), "a fault has a place");
    }
    free(text);
    return 0;
}
