/* A handful of people made by hand, and a row of targets about them. */
#ifndef SNW_TESTS_UNIT_CALIBRATION_PEOPLE_H
#define SNW_TESTS_UNIT_CALIBRATION_PEOPLE_H

#include "calibration/evaluate.h"

extern struct snw_panel panel;
extern struct snw_census census;

/* n women seen at every age from 20 to 97, with nothing measured. */
void people(size_t n);

void put(enum snw_measure m, size_t person, int age, double value);

/* The same value at every age. */
void put_all(enum snw_measure m, size_t person, double value);

/* Seen from `from` on, dead at an exact age: no values after it. */
void dies(size_t person, double age_yr);

/* Cells of the measure: the same mean, SD and n at every sex and age. */
void cell(enum snw_measure m, double mean, double sd, double n);

/* An event of the first person without one yet: add in order of persons and ages. */
void event(size_t person, double age_yr, enum snw_site site);

/* Reads `operator;measure;with;arguments;sex;from-to;selection;weighting;precision` (the last ones
   may be left out) and takes its value. */
struct snw_estimate take(const char *row);

/* The value alone; fails where it cannot be taken. */
double value_of(const char *row);

void forget_people(void);

#endif
