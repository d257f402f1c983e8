/* A block of sixteen women and a programme of one intervention or two, for the tests beside. */
#ifndef SNW_TESTS_INTERVENTIONS_RIG_H
#define SNW_TESTS_INTERVENTIONS_RIG_H

#include "support/near.h"

#include "interventions/treatment.h"
#include "processes/schedule.h"

enum { N = 16, START = 70 };

extern struct snw_treatment_room *room;
extern struct snw_treatment courses;
extern struct snw_block *block;
extern struct snw_model *model;
extern struct snw_intervention declared, second; /* "x"; "y", where begin_two */
extern struct snw_programme programme;
extern struct snw_treating treating;
extern struct snw_params params;
extern double price; /* factor on the cost of x */
extern const struct snw_treatment_kernels *kernels;

/* Set-up and tear-down of a group. */
int make_room(void **state);
int drop_room(void **state);

/* Women of an age, nobody treated; lane i has person id i. Everybody is offered x and starts. */
void begin(int age);

/* The same, with y after x. */
void begin_two(int age);

/* A birthday with what is declared by now. */
int birthday(const struct snw_year_coef *coef);

/* The numbers of women of the block's age. */
struct snw_year_coef *numbers(void);

/* Birthday and the year after it. */
void live_a_year(void);

snw_real *row(enum snw_course_row which);
void treat_from_to(double start, double stop);

/* An effect on a channel of x, at once and for as long as it is taken. */
void act_on(enum snw_channel channel, double value);

#endif
