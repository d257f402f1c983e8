/* Sixteen women, of whom each test changes what it needs. */
#include "rig.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "support/women.h"

struct snw_treatment_room *room;
struct snw_treatment courses;
struct snw_block *block;
struct snw_model *model;
struct snw_intervention declared, second;
struct snw_programme programme;
struct snw_treating treating;
struct snw_params params;
double price = 1;
const struct snw_treatment_kernels *kernels;

int make_room(void **state)
{
    (void)state;
    room = snw_alloc(sizeof *room);
    block = snw_alloc(sizeof *block);
    model = snw_alloc(sizeof *model);
    kernels = snw_treatment_kernels_named(snw_kernels_best()->isa);
    snw_params_default(&params);
    snw_model_build(model, &params);
    treating = (struct snw_treating){&programme, kernels, &courses, room, {97, 3}, NULL};
    return room && block && kernels && snw_treatment_init(&courses, 2) ? 0 : -1;
}

int drop_room(void **state)
{
    (void)state;
    snw_free(room);
    snw_free(block);
    snw_free(model);
    snw_treatment_free(&courses);
    return 0;
}

static void declare(struct snw_intervention *t, char *name)
{
    struct snw_expression_fault fault;
    snw_intervention_init(t);
    t->name = name;
    t->uptake.value = 1;
    assert_true(snw_expression_parse("everyone", &t->eligible, &fault));
}

void begin(int age)
{
    static char x[] = "x";
    lay_women(block, N, age);
    memset(room, 0, sizeof *room);
    memset(&programme, 0, sizeof programme);
    for (size_t i = 0; i < N; i++)
        block->fmp_age_yr[i] = 50;
    snw_treatment_clear(&courses);
    declare(&declared, x);
    programme.n = 1;
    programme.list[0] = &declared;
    snw_programme_init(&programme, &params);
}

void begin_two(int age)
{
    static char y[] = "y";
    begin(age);
    declare(&second, y);
    declared.next = (struct snw_sequel){.name = y, .chance.value = 1, .given = 1};
    assert_true(snw_programme_follow(&programme, &second, 1));
    assert_int_equal(programme.n, 2);
}

int birthday(const struct snw_year_coef *coef)
{
    snw_programme_init(&programme, &params);
    snw_programme_price(&programme, 0, (const double[SNW_BILLS]){price, price, 1, 1, 1, 1});
    return snw_treat_birthday(&treating, block, coef);
}

struct snw_year_coef *numbers(void)
{
    return &model->year[SNW_FEMALE][block->age - SNW_AGE_FIRST];
}

void live_a_year(void)
{
    (void)birthday(numbers());
    snw_treat_advance(&treating, block, numbers(), numbers() + 1);
    block->age++;
}

snw_real *row(enum snw_course_row which)
{
    return snw_course_row(&courses, 0, which);
}

void treat_from_to(double start, double stop)
{
    for (size_t i = 0; i < N; i++) {
        row(SNW_COURSE_START)[i] = SNW_R(start);
        row(SNW_COURSE_STOP)[i] = row(SNW_COURSE_KEPT)[i] = SNW_R(stop);
        row(SNW_COURSE_OFFER)[i] = SNW_EVER_YR;
    }
}

void act_on(enum snw_channel channel, double value)
{
    declared.effect[channel] = (struct snw_effect){.given = 1, .figure.value = value, .rebound = 1};
}
